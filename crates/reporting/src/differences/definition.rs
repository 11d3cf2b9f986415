//! What a measure is called, and what it is.

use domain::measure::{Basis, Content, Definition, Frequency, MeasureKind, Polarity};
use domain::period::YearType;

use super::undone::recorded;
use super::{Found, Pair, difference};
use crate::answer::{Difference, DifferenceKind, Provenance, Undone};

pub(super) fn name(pair: &Pair<'_, '_>) -> Option<Difference> {
    let Pair { was, is, .. } = pair;
    let (before, after) = (was.definition.title.clone(), is.definition.title.clone());
    if before == after {
        return None;
    }
    let (end, made_by, undone) = ending(pair);
    let sentence = format!("{before} is now called {after}{end}");
    let (of, made_by) = (is.cell.series.measure.to_string(), made_by.as_ref());
    Some(difference(
        is,
        DifferenceKind::Name,
        Found { of, before, after, made_by, undone, ..Found::default() },
        sentence,
    ))
}

/// By which record it is so, to end the sentence with.
fn ending(pair: &Pair<'_, '_>) -> (String, Option<Provenance>, Option<Undone>) {
    let (was, is) = pair.definitions();
    let recorded = is.as_ref().map_or_else(String::new, recorded);
    let undone = pair.undone(was.as_ref(), is.as_ref());
    let end = undone.as_ref().map_or_else(|| format!(".{recorded}"), Undone::words);
    (end, is, undone)
}

pub(super) fn definition(pair: &Pair<'_, '_>) -> Option<Difference> {
    let Pair { was, is, .. } = pair;
    let (mut earlier, mut later) = (parts(&was.definition), parts(&is.definition));
    if was.definition.definition != is.definition.definition {
        let (was, is) = texts(&was.definition.definition, &is.definition.definition);
        for (parts, words) in [(&mut earlier, was), (&mut later, is)] {
            parts.iter_mut().filter(|(part, _)| *part == WORDS).for_each(|(_, told)| told.clone_from(&words));
        }
    }
    let parts = earlier.into_iter().zip(later);
    let changed: Vec<_> = parts.filter(|(was, is)| was != is).collect();
    let mut same = was.definition.clone();
    same.title.clone_from(&is.definition.title);
    if same == is.definition {
        return None;
    }
    let of = |side: Vec<String>| side.join("; ");
    let before = of(changed.iter().map(|((part, was), _)| format!("{part}: {was}")).collect());
    let after = of(changed.iter().map(|(_, (part, is))| format!("{part}: {is}")).collect());
    let told = changed.iter().map(|((part, was), (_, is))| format!("{part} from {was} to {is}"));
    let told = told.collect::<Vec<_>>().join("; ");
    let (end, made_by, undone) = ending(pair);
    let sentence = format!("The definition of {} was revised: {told}{end}", is.definition.title);
    let made_by = made_by.as_ref();
    Some(difference(
        is,
        DifferenceKind::Definition,
        Found { before, after, made_by, undone, ..Found::default() },
        sentence,
    ))
}

/// Everything but the title, by name.
fn parts(definition: &Definition) -> [(&'static str, String); 10] {
    let expected = match definition.kind {
        MeasureKind::Indicator => "key performance indicator".to_owned(),
        MeasureKind::Activity { expected: None } => "activity".to_owned(),
        MeasureKind::Activity { expected: Some((low, high)) } => {
            format!("activity, expected to be {}", ratings::words::range(definition, low, high))
        }
    };
    [
        ("what it is", expected),
        ("what is better", polarity(definition.polarity).to_owned()),
        ("unit", unit(definition)),
        ("decimal places", definition.decimal_places.to_string()),
        ("frequency", frequency(definition.frequency).to_owned()),
        ("basis", basis(definition.basis)),
        ("years", years(definition.year_type).to_owned()),
        (WORDS, text(&definition.definition)),
        ("data source", or_none(&definition.data_source)),
        ("owner", or_none(&definition.owner)),
    ]
}

fn unit(definition: &Definition) -> String {
    let unit = &definition.unit;
    let label = or_none(&unit.label);
    match (unit.label.as_str(), unit.multiplier) {
        ("%", 100) | (_, 1) => label,
        (_, multiplier) => format!("{label}, a ratio times {multiplier}"),
    }
}

fn or_none(text: &str) -> String {
    if text.is_empty() { "none".to_owned() } else { text.to_owned() }
}

/// What the words of a definition are called among its parts.
const WORDS: &str = "words";

/// Two texts that are not the same, as far as it takes to see that they are not: from a little before where they part.
fn texts(was: &Content, is: &Content) -> (String, String) {
    let shown = (text(was), text(is));
    let (Content::Inline(was), Content::Inline(is)) = (was, is) else { return shown };
    if shown.0 != shown.1 && !(long(was) && long(is)) {
        return shown;
    }
    let n_same = was.chars().zip(is.chars()).take_while(|(was, is)| was == is).count();
    let from = n_same.saturating_sub(CHARACTERS_BEFORE);
    let part = |text: &str| {
        let (before, after) =
            (if from > 0 { "…" } else { "" }, text.chars().count() > from.saturating_add(CHARACTERS_MAX));
        let part: String = text.chars().skip(from).take(CHARACTERS_MAX).collect();
        format!("“{before}{part}{}” ({} bytes)", if after { "…" } else { "" }, text.len())
    };
    (part(was), part(is))
}

fn long(text: &str) -> bool {
    text.chars().count() > CHARACTERS_MAX
}

/// The characters that are repeated from before where two texts part.
const CHARACTERS_BEFORE: usize = 40;

/// The most characters of a definition's words that a difference repeats.
const CHARACTERS_MAX: usize = 200;

fn text(content: &Content) -> String {
    match content {
        Content::Inline(text) if text.chars().count() <= CHARACTERS_MAX => {
            format!("“{}”", text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        Content::Inline(text) => {
            let begin: String = text.chars().take(CHARACTERS_MAX).collect();
            let begin = begin.split_whitespace().collect::<Vec<_>>().join(" ");
            format!("“{begin}…” ({} bytes)", text.len())
        }
        Content::Stored { digest, size } => {
            let digest: String = digest.to_string().chars().take(12).collect();
            format!("a text of {size} bytes, SHA-256 {digest}…")
        }
    }
}

const fn polarity(polarity: Polarity) -> &'static str {
    match polarity {
        Polarity::Higher => "more",
        Polarity::Lower => "less",
        Polarity::Range => "staying inside a range",
        Polarity::None => "neither more nor less",
    }
}

const fn frequency(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Monthly => "monthly",
        Frequency::Quarterly => "quarterly",
        Frequency::Termly => "termly",
        Frequency::Annual => "annual",
    }
}

fn basis(basis: Basis) -> String {
    match basis {
        Basis::Snapshot => "snapshot".to_owned(),
        Basis::YearToDate => "year to date".to_owned(),
        Basis::RollingMonths(n) => format!("rolling {n} months"),
        Basis::SinglePeriod => "single period".to_owned(),
        Basis::MeanOfMonths(n) => format!("mean of {n} months"),
        Basis::NotStated => "not stated".to_owned(),
    }
}

const fn years(year_type: YearType) -> &'static str {
    match year_type {
        YearType::Financial => "financial",
        YearType::Academic => "academic",
        YearType::Calendar => "calendar",
    }
}
