//! What the target was on a day, in sentences.

use domain::measure::Definition;
use domain::period::day_words;

use super::Question;
use crate::answer::{Judged, TargetChangeAnswer, TargetHistory, owner_words};

/// Each a sentence; at least one.
pub(super) fn of(
    question: &Question,
    definition: &Definition,
    area: &str,
    (target, set_for, history): (Option<&TargetChangeAnswer>, &str, &TargetHistory),
) -> Vec<String> {
    let on = day_words(question.on);
    let title = &definition.title;
    let judging = match question.period {
        Some(period) => format!("for {period}"),
        None => "for periods that end on that day".to_owned(),
    };
    let n_changes = history.changes.len();
    let changes = if n_changes == 1 { "1 change was".to_owned() } else { format!("{n_changes} changes were") };
    let known = format!("Of the targets that could judge it, {changes} known by the end of {on}.");
    let Some(target) = target else {
        return vec![format!("As known on {on}, no target {judging} stood for {title} in {area}."), known];
    };
    let minimum = match &target.minimum_display {
        Some(minimum) => format!("the minimum standard was {minimum}"),
        None => "no minimum standard was known".to_owned(),
    };
    let mut sentences = vec![format!(
        "As known on {on}, the target {judging} for {title} in {area} was {}, and {minimum}.",
        target.display
    )];
    let stands: Vec<String> = target.stands.iter().map(ToString::to_string).collect();
    sentences.push(format!(
        "It is the {} set for {} ({}); it was then the target {}.",
        owner_words(target.key.owner),
        set_for,
        target.span,
        stands.join(", and ")
    ));
    sentences
        .extend(target.later_words().map(|words| format!("It was {words}: after that day, and so not counted here.")));
    sentences.extend(set(target));
    sentences.extend(target.judged.as_ref().map(judged));
    sentences.push(known);
    sentences
}

/// Who set it, when, why, and by whose authority.
fn set(target: &TargetChangeAnswer) -> Vec<String> {
    let provenance = &target.provenance;
    let proof = if provenance.authenticated { "authenticated" } else { "asserted: nobody checked who that was" };
    let when = provenance
        .backdated()
        .unwrap_or_else(|| format!("recorded on {}, when it was known", day_words(provenance.recorded_on)));
    let mut sentences = vec![
        format!("{} set it ({proof}); it was {when}.", provenance.actor),
        // As they are recorded: nothing is added to what somebody wrote.
        format!("By whose authority: {}", target.decision),
    ];
    if !provenance.reason.is_empty() {
        sentences.push(format!("Reason: {}", provenance.reason));
    }
    match target.n_results_known_before {
        0 => {}
        1 => sentences.push("It was recorded after 1 result that it judges was known.".to_owned()),
        n => sentences.push(format!("It was recorded after {n} results that it judges were known.")),
    }
    sentences
}

fn judged(judged: &Judged) -> String {
    format!("{}.", capital(&judged.words()))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
