//! One row of a scorecard or a history: its cells and the notes below them.

use std::collections::BTreeMap;

use wire::v1;

use super::text::{Ink, JOIN, Text, joined};
use super::words;

/// The symbols that were used, with their meaning, in the order in which they are explained.
#[derive(Debug, Default)]
pub(crate) struct Symbols(BTreeMap<(u8, String), &'static str>);

impl Symbols {
    /// Notes one; the number is its place in the key.
    fn used(&mut self, place: u8, symbol: impl Into<String>, meaning: &'static str) {
        self.0.insert((place, symbol.into()), meaning);
    }

    /// Each symbol with its meaning.
    pub(crate) fn lines(&self) -> Text {
        let mut text = Text::default();
        for (i, ((_, symbol), meaning)) in self.0.iter().enumerate() {
            let symbol = if i == 0 { joined(symbol) } else { format!("\n{}", joined(symbol)) };
            text = text.then(Ink::Strong, symbol).then(Ink::Plain, format!(": {meaning}"));
        }
        text
    }
}

/// The measure's title in bold, then who is counted, the unit where the figures leave it out, and the row's own period
/// where it is not `period`, the one that was asked for.
pub(crate) fn title(row: &v1::Row, period: &str) -> Text {
    let cell = row.cell.clone().unwrap_or_default();
    let title = row.definition.as_ref().map_or(cell.measure.as_str(), |definition| definition.title.as_str());
    let mut text = Text::inked(Ink::Strong, if title.is_empty() { cell.measure.as_str() } else { title });
    let unit = row.definition.as_ref().map_or("", words::unit_apart);
    if !unit.is_empty() {
        text = text.then(Ink::Plain, format!(" ({unit})"));
    }
    let cohort = words::cohort(&cell.cohort, &row.cohort_name);
    if !cohort.is_empty() {
        text = text.then(Ink::Plain, format!(" · {cohort}"));
    }
    if cell.period != period {
        let own = if row.period_words.is_empty() { &cell.period } else { &row.period_words };
        text = text.then(Ink::Plain, " · ").then_joined(Ink::Notice, &format!("for {own}"));
    }
    text
}

/// The rating as a shape and a word.
pub(crate) fn rating(row: &v1::Row, symbols: &mut Symbols) -> Text {
    let (place, word, meaning) = match row.rating() {
        v1::Rating::Green => (0, "Green", "target achieved or exceeded"),
        v1::Rating::Amber => (1, "Amber", "target missed, minimum standard achieved"),
        v1::Rating::Red => (2, "Red", "minimum standard missed"),
        v1::Rating::NotRated => (3, "Not rated", "no colour, for the reason given"),
        v1::Rating::Unspecified => (4, row.rating_word.as_str(), "a rating that this program is too old to know"),
    };
    let (ink, shape) = shape(row.rating());
    symbols.used(place, format!("{shape} {word}"), meaning);
    Text::inked(ink, joined(&format!("{shape} {word}")))
}

/// A rating's shape, and the ink that repeats it.
pub(crate) const fn shape(rating: v1::Rating) -> (Ink, char) {
    match rating {
        v1::Rating::Green => (Ink::Green, '●'),
        v1::Rating::Amber => (Ink::Amber, '▲'),
        v1::Rating::Red => (Ink::Red, '■'),
        v1::Rating::NotRated => (Ink::Plain, '○'),
        v1::Rating::Unspecified => (Ink::Plain, '?'),
    }
}

/// The figure, and below it the counts that it is made of.
pub(crate) fn result(row: &v1::Row, symbols: &mut Symbols) -> Text {
    let Some(result) = &row.result else { return Text::plain("none") };
    let figure =
        result.entry.as_ref().and_then(|entry| entry.figure.as_ref()).and_then(|figure| figure.figure.as_ref());
    match figure {
        Some(v1::figure::Figure::Missing(code)) => {
            let missing = v1::Missing::try_from(*code).unwrap_or_default();
            Text::plain(missing_symbol(missing, symbols))
        }
        Some(v1::figure::Figure::Counted(counted)) => {
            let counts = format!(
                "{} of {}",
                words::number(counted.numerator.as_ref()),
                words::number(counted.denominator.as_ref())
            );
            let shown = words::bare(&result.display, row.definition.as_ref());
            Text::inked(Ink::Strong, joined(&shown)).then(Ink::Plain, "\n").then_joined(Ink::Plain, &counts)
        }
        Some(v1::figure::Figure::Stated(_)) | None => {
            Text::inked(Ink::Strong, joined(&words::bare(&result.display, row.definition.as_ref())))
        }
    }
}

/// The symbols of England's official statistics in brackets; words where there is no symbol.
fn missing_symbol(missing: v1::Missing, symbols: &mut Symbols) -> &'static str {
    let (symbol, meaning) = match missing {
        v1::Missing::Confidential => ("[c]", "suppressed, because it could tell about a person"),
        v1::Missing::NotApplicable => ("[z]", "not applicable"),
        v1::Missing::Unavailable => ("[x]", "not available"),
        v1::Missing::Low => ("[low]", "rounds to 0 but is not 0"),
        v1::Missing::Unreliable => ("[u]", "too unreliable to give"),
        v1::Missing::NotSupplied => return "not yet supplied",
        v1::Missing::KnownNotToExist => return "no such figure exists",
        v1::Missing::Unspecified => return "missing",
    };
    symbols.used(20, symbol, meaning);
    symbol
}

/// What must be reached, and whose it is where it is not the council's own; for activity its expected range.
pub(crate) fn target(row: &v1::Row) -> Text {
    if let Some(target) = &row.target {
        let text = Text::plain(words::bare(&target.display, row.definition.as_ref()));
        let owner = target.key.as_ref().map_or(v1::Owner::Unspecified, v1::TargetKey::owner);
        return if owner == v1::Owner::Local {
            text
        } else {
            text.then(Ink::Plain, format!("\n{}", target.owner_words))
        };
    }
    match row.definition.as_ref().and_then(|definition| definition.expected.as_ref()) {
        Some(expected) => Text::plain(format!("expected {}", words::range(expected))),
        None => Text::plain("none set"),
    }
}

/// The least that is acceptable.
pub(crate) fn minimum(row: &v1::Row) -> Text {
    match &row.target {
        None => Text::default(),
        Some(target) if target.minimum_display.is_empty() => Text::plain("not known"),
        Some(target) => Text::plain(words::bare(&target.minimum_display, row.definition.as_ref())),
    }
}

/// Arrow and word, and below them the earlier figure with its period.
pub(crate) fn direction(row: &v1::Row, symbols: &mut Symbols) -> Text {
    let Some(answer) = &row.direction else { return Text::default() };
    let (place, arrow, meaning) = match answer.direction() {
        v1::Direction::Improved => (10, "↑ improved", "performance got better, whichever way the number went"),
        v1::Direction::Worsened => (11, "↓ worsened", "performance got worse, whichever way the number went"),
        v1::Direction::NoChange => (12, "→ no change", "performance is neither better nor worse"),
        v1::Direction::NoClearTrend => (13, "~ no clear trend", "too many figures to call it either way"),
        v1::Direction::UnjudgedUp => (14, "+ up", "the number is greater, and neither way is better"),
        v1::Direction::UnjudgedDown => (15, "- down", "the number is less, and neither way is better"),
        v1::Direction::UnjudgedSame => (16, "= the same", "the number is equal, and neither way is better"),
        v1::Direction::NoneNoResult
        | v1::Direction::NoneNoPrevious
        | v1::Direction::NoneUnknownMethod
        | v1::Direction::Unspecified => return Text::inked(Ink::Faint, answer.words.as_str()),
    };
    symbols.used(place, arrow, meaning);
    let text = Text::inked(Ink::Plain, joined(arrow));
    let Some(previous) = &answer.previous else { return text };
    let figure = joined(&words::bare(&previous.display, row.definition.as_ref()));
    let mut parts = vec![format!("from{JOIN}{figure}")];
    parts.extend(when(previous.period.as_ref(), &previous.period_words).map(|when| joined(&when)));
    if previous.as_stated {
        symbols.used(17, "as stated", "the earlier figure is the source's own, because no earlier result stands");
        parts.push(joined("as stated"));
    }
    if when(previous.period.as_ref(), &previous.period_words).is_none() {
        parts.push(joined("without a period"));
    }
    text.then(Ink::Plain, format!("\n{}", parts.join(", ")))
}

/// What an answer says in a period's place when nobody said which.
const NOT_STATED: &str = "period not stated";

/// A stated period in words; a source's words that name no period are quoted. `None` when nobody said.
fn when(period: Option<&v1::StatedPeriod>, in_words: &str) -> Option<String> {
    match period.and_then(|period| period.stated.as_ref()) {
        Some(v1::stated_period::Stated::Words(words)) => Some(format!("“{words}”")),
        Some(v1::stated_period::Stated::Period(_)) | None => {
            (!in_words.is_empty() && in_words != NOT_STATED).then(|| in_words.to_owned())
        }
    }
}

/// The comparators' figures, each with its own period.
pub(crate) fn benchmarks(row: &v1::Row, between: &str) -> Text {
    let one = |benchmark: &v1::BenchmarkAnswer| {
        let when = when(benchmark.period.as_ref(), &benchmark.period_words).unwrap_or_else(|| NOT_STATED.to_owned());
        let figure = match benchmark.missing() {
            v1::Missing::Unspecified => {
                let figure = words::bare(&benchmark.display, row.definition.as_ref());
                match (benchmark.verdict_words.as_str(), &benchmark.neighbours) {
                    (_, Some(neighbours)) if benchmark.display == neighbours.not_averaged => {
                        format!("{} ({when}): {}", benchmark.name, neighbours.words)
                    }
                    ("", _) => format!("{} {figure} ({when})", benchmark.name),
                    (verdict, _) => format!("{verdict} {} {figure} ({when})", benchmark.name),
                }
            }
            v1::Missing::KnownNotToExist => format!("{}: no such figure exists", benchmark.name),
            v1::Missing::Confidential
            | v1::Missing::NotApplicable
            | v1::Missing::Unavailable
            | v1::Missing::Low
            | v1::Missing::Unreliable
            | v1::Missing::NotSupplied => format!("{}: {} ({when})", benchmark.name, benchmark.display),
        };
        let otherwise = match benchmark.stated_otherwise.as_str() {
            "" => String::new(),
            other => format!(" but {} was stated beside the result", words::bare(other, row.definition.as_ref())),
        };
        let averaged = match &benchmark.neighbours {
            Some(neighbours) if benchmark.display != neighbours.not_averaged => format!("; {}", neighbours.words),
            Some(_) | None => String::new(),
        };
        format!("{}{otherwise}{averaged}", joined(&figure))
    };
    Text::plain(row.benchmarks.iter().map(one).collect::<Vec<_>>().join(between))
}

/// What is said below a row: why it is Red or not rated, what to be careful about, and what was written about it.
pub(crate) fn notes(row: &v1::Row, with_benchmarks: bool) -> Vec<(&'static str, Text)> {
    let mut notes = vec![("Why", why(row))];
    if with_benchmarks {
        notes.push(("Benchmarks", benchmarks(row, " · ")));
    }
    if let Some(contradiction) = &row.contradiction {
        notes.push(("Source", Text::inked(Ink::Notice, words::sentence(&contradiction.words))));
    } else if let Some(colour) = stated_colour(row) {
        notes.push(("Source", Text::plain(format!("The source printed {colour}."))));
    }
    let marks: Vec<&str> = row.marks.iter().map(|mark| mark.words.as_str()).collect();
    notes.push(("Note", Text::inked(Ink::Notice, words::sentence(&marks.join("; ")))));
    for forecast in &row.forecasts {
        let figure = joined(&words::bare(&forecast.display, row.definition.as_ref()));
        let text = format!("{figure} expected for {}; not measured, and never rated", joined(&forecast.period_words));
        notes.push(("Forecast", Text::plain(text)));
    }
    notes.extend(row.commentary.iter().map(|commentary| ("Comment", comment(commentary))));
    notes.extend(row.actions.iter().map(|it| ("Action", action(it))));
    notes
}

/// Said where a reader asks: for a Red, and for no rating. The figures say it for the others.
fn why(row: &v1::Row) -> Text {
    match row.rating() {
        v1::Rating::NotRated if row.explanation.is_empty() => {
            Text::plain(format!("Not rated: {}.", row.not_rated_reason))
        }
        v1::Rating::Red | v1::Rating::NotRated => Text::plain(row.explanation.as_str()),
        v1::Rating::Green | v1::Rating::Amber | v1::Rating::Unspecified => Text::default(),
    }
}

/// The colour that the source printed for a row that has none of its own.
fn stated_colour(row: &v1::Row) -> Option<&'static str> {
    let stated = row.result.as_ref()?.entry.as_ref()?.stated_colour();
    (row.rating() == v1::Rating::NotRated && stated != v1::Colour::Unspecified).then(|| words::colour(stated))
}

fn action(action: &v1::ActionAnswer) -> Text {
    let stale = if action.stale { "[Figure changed since this was agreed] " } else { "" };
    let text = Text::inked(Ink::Notice, stale).then(Ink::Plain, action.text.trim_end());
    let due = words::day(&action.due);
    text.then(Ink::Faint, format!(" —{JOIN}{}, by {}", joined(&action.owner), joined(&due)))
}

fn comment(commentary: &v1::CommentaryAnswer) -> Text {
    let mut text = Text::default();
    if commentary.stale {
        text = text.then(Ink::Notice, "[Figure changed since this was written] ");
    }
    text = text.then(Ink::Plain, commentary.text.trim_end());
    match &commentary.provenance {
        None => text,
        Some(provenance) => {
            let by = words::actor(provenance.actor.as_ref());
            let when = words::instant(provenance.known_at.as_ref());
            let when = when.split_once(',').map_or(when.as_str(), |(day, _)| day);
            text.then(Ink::Faint, format!(" —{JOIN}{}, {}", joined(&by), joined(when)))
        }
    }
}
