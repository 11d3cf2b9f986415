//! Kent against England by each measure's polarity, as known at each release: what only a revision turned over.

use std::collections::{BTreeMap, BTreeSet};

use crate::lait::Lait;
use crate::scorebook::Scorebook;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Better,
    Level,
    Worse,
}

/// A measure and a period's code, with both figures and what they say.
type Verdicts = BTreeMap<(String, String), (String, String, Verdict)>;

/// Prints every verdict that a release turned over although both figures were there before it and after it.
pub(crate) fn report(scorebook: &Scorebook, lait: &Lait) -> anyhow::Result<()> {
    let mut before = Verdicts::new();
    let mut flips = Vec::new();
    let labels: BTreeMap<&String, BTreeSet<String>> =
        lait.measures.keys().map(|measure| (measure, lait.labels(measure))).collect();
    let mut n_judged = 0;
    scorebook.look(|looking| {
        for (release, seen_at) in (1..).zip(&lait.seen_at) {
            let mut now = Verdicts::new();
            for (measure, labels) in &labels {
                for label in labels {
                    let kent = lait.cell(measure, label, "Kent")?;
                    let figures =
                        (looking.standing(&kent, *seen_at)?, looking.standing(&lait.cell(measure, label, "England")?, *seen_at)?);
                    if let (Some(Ok(ours)), Some(Ok(theirs))) = figures {
                        let verdict = verdict(&ours, &theirs, lait.measures[*measure].higher);
                        now.insert(((*measure).clone(), kent.period.code()), (ours, theirs, verdict));
                    }
                }
            }
            n_judged += now.len();
            for (key, (ours, theirs, verdict)) in &now {
                if let Some((our, their, was)) = before.get(key).filter(|(_, _, was)| was != verdict) {
                    flips.push(format!(
                        "release {release}, {} {}: {was:?} ({our} against {their}) became {verdict:?} ({ours} against {theirs})",
                        key.0, key.1
                    ));
                }
            }
            before = now;
        }
        Ok(())
    })?;
    println!(
        "  verdicts of Kent against England that flipped only because of a revision: {} (of {n_judged} that stood at a release)",
        flips.len()
    );
    for flip in &flips {
        println!("    {flip}");
    }
    anyhow::ensure!(!flips.is_empty(), "no revision turned a verdict over, although some did");
    Ok(())
}

/// By exact decimals: their difference in units of the last place of the longer one.
fn verdict(ours: &str, theirs: &str, higher: bool) -> Verdict {
    let ordering = match (domain::Decimal::parse(ours), domain::Decimal::parse(theirs)) {
        (Ok(ours), Ok(theirs)) => ours.compare(theirs),
        _ => std::cmp::Ordering::Equal,
    };
    match (ordering, higher) {
        (std::cmp::Ordering::Equal, _) => Verdict::Level,
        (std::cmp::Ordering::Greater, true) | (std::cmp::Ordering::Less, false) => Verdict::Better,
        (std::cmp::Ordering::Greater, false) | (std::cmp::Ordering::Less, true) => Verdict::Worse,
    }
}
