//! Cells under their columns' names, and the columns that several tables share.

use wire::v1;

use crate::show::{event, words};

/// A row that names its columns, so that a value cannot slip under another's name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells(Vec<(&'static str, String)>);

impl Cells {
    pub(crate) fn header(&self) -> Vec<&'static str> {
        self.0.iter().map(|(name, _)| *name).collect()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, value)| value.as_str())
    }

    /// A code, a date, a period, an instant, a digest, or a word of the program.
    pub(crate) fn code(&mut self, name: &'static str, value: &str) {
        self.0.push((name, value.to_owned()));
    }

    /// A number in decimal text; empty when there is none.
    pub(crate) fn number(&mut self, name: &'static str, value: &str) {
        self.0.push((name, value.to_owned()));
    }

    pub(crate) fn flag(&mut self, name: &'static str, value: bool) {
        self.code(name, if value { "yes" } else { "no" });
    }

    /// What somebody typed.
    pub(crate) fn free(&mut self, name: &'static str, text: &str) {
        // An apostrophe of the text's own, so that whoever takes ours away again leaves that one.
        let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']);
        self.0.push((name, if risky { format!("'{text}") } else { text.to_owned() }));
    }
}

/// Everything that belongs to a cell.
pub(crate) fn row(cells: &mut Cells, row: &v1::Row) {
    let definition = row.definition.clone().unwrap_or_default();
    let cell = row.cell.clone().unwrap_or_default();
    cells.code("measure", &cell.measure);
    cells.free("title", &definition.title);
    cells.code("kind", words::kind(definition.kind()));
    cells.code("polarity", words::polarity(definition.polarity()));
    cells.free("unit", definition.unit.as_ref().map_or("", |unit| &unit.label));
    cells.code("area", &cell.area);
    cells.code("cohort", &cell.cohort);
    cells.free("cohort_name", &row.cohort_name);
    cells.code("period", &cell.period);
    cells.code("period_words", &row.period_words);
    result(cells, row.result.as_ref(), row.definition.as_ref());
    target(cells, row.target.as_ref());
    cells.code("rating", &row.rating_word);
    cells.code("not_rated_code", &row.not_rated_code);
    cells.code("not_rated_reason", &row.not_rated_reason);
    cells.free("explanation", &row.explanation);
    cells.code("rule", &row.rule);
    let stated = row.result.as_ref().and_then(|result| result.entry.as_ref()).map(v1::ResultEntry::stated_colour);
    cells.code("stated_rating", stated.map_or("", words::colour));
    cells.code("contradiction", row.contradiction.as_ref().map_or("", |contradiction| &contradiction.words));
    direction(cells, row.direction.as_ref());
    beside(cells, row);
}

fn result(cells: &mut Cells, answer: Option<&v1::ResultAnswer>, definition: Option<&v1::Definition>) {
    let entry = answer.and_then(|answer| answer.entry.clone()).unwrap_or_default();
    let (mut value, mut part, mut whole, mut printed) = Default::default();
    let mut missing = if answer.is_none() { "no result" } else { "" };
    match entry.figure.as_ref().and_then(|figure| figure.figure.as_ref()) {
        Some(v1::figure::Figure::Stated(stated)) => {
            value = words::decimal(stated.value.as_ref());
            whole = words::decimal(stated.denominator.as_ref());
        }
        Some(v1::figure::Figure::Counted(counted)) => {
            part = words::decimal(counted.numerator.as_ref());
            whole = words::decimal(counted.denominator.as_ref());
            printed = words::decimal(counted.stated.as_ref());
        }
        Some(v1::figure::Figure::Missing(code)) => {
            missing = event::missing(v1::Missing::try_from(*code).unwrap_or_default());
        }
        None => {}
    }
    cells.code("result_display", if missing.is_empty() { answer.map_or("", |answer| &answer.display) } else { "" });
    let shown = answer.filter(|_| missing.is_empty()).map_or("", |answer| &answer.display);
    cells.number("value_shown", words::bare(shown, definition).trim_end_matches('%').replace(',', "").as_str());
    cells.number("value", &value);
    cells.number("numerator", &part);
    cells.number("denominator", &whole);
    cells.number("printed_value", &printed);
    cells.code("missing_reason", missing);
    cells.code("status", words::status(entry.status()));
}

fn target(cells: &mut Cells, target: Option<&v1::TargetAnswer>) {
    let empty = v1::TargetAnswer::default();
    let answer = target.unwrap_or(&empty);
    cells.code("target_display", &answer.display);
    cells.code("minimum_display", &answer.minimum_display);
    terms(cells, answer.terms.as_ref());
    cells.code("target_owner", answer.key.as_ref().map_or("", |key| words::owner(key.owner())));
    cells.code("target_area", answer.key.as_ref().map_or("", |key| &key.area));
    cells.free("target_decision", &answer.decision);
    cells.flag("target_set_after_result", answer.set_after_result);
}

/// A target and its minimum standard, exactly: the comparison's name with one value, or two for a range.
pub(crate) fn terms(cells: &mut Cells, terms: Option<&v1::Terms>) {
    let target = terms.and_then(|terms| terms.target.as_ref()).and_then(|target| target.target.as_ref());
    let minimum = terms.and_then(|terms| terms.minimum.as_ref()).and_then(|minimum| minimum.minimum.as_ref());
    let (comparison, low, high) = match target {
        Some(v1::target::Target::AtLeast(value)) => ("at-least", Some(value), None),
        Some(v1::target::Target::MoreThan(value)) => ("more-than", Some(value), None),
        Some(v1::target::Target::AtMost(value)) => ("at-most", Some(value), None),
        Some(v1::target::Target::LessThan(value)) => ("less-than", Some(value), None),
        Some(v1::target::Target::Within(range)) => ("within", range.low.as_ref(), range.high.as_ref()),
        None => ("", None, None),
    };
    cells.code("comparison", comparison);
    cells.number("target", &words::decimal(low));
    cells.number("target_high", &words::decimal(high));
    let (low, high) = match minimum {
        Some(v1::minimum::Minimum::Value(value)) => (Some(value), None),
        Some(v1::minimum::Minimum::Within(range)) => (range.low.as_ref(), range.high.as_ref()),
        None => (None, None),
    };
    cells.number("minimum", &words::decimal(low));
    cells.number("minimum_high", &words::decimal(high));
}

fn direction(cells: &mut Cells, direction: Option<&v1::DirectionAnswer>) {
    let empty = v1::DirectionAnswer::default();
    let answer = direction.unwrap_or(&empty);
    let previous = answer.previous.clone().unwrap_or_default();
    cells.code("direction", &answer.words);
    cells.code("direction_method", &answer.method);
    cells.code("previous_display", &previous.display);
    let period = previous.period.and_then(|period| period.stated);
    cells.code(
        "previous_period",
        match &period {
            Some(v1::stated_period::Stated::Period(code)) => code,
            Some(v1::stated_period::Stated::Words(_)) | None => "",
        },
    );
    cells.free("previous_period_words", &previous.period_words);
    cells.flag("previous_as_stated", previous.as_stated);
}

/// What stands beside the figure, several things to a cell.
fn beside(cells: &mut Cells, row: &v1::Row) {
    let benchmark = |benchmark: &v1::BenchmarkAnswer| {
        let otherwise = match benchmark.stated_otherwise.as_str() {
            "" => String::new(),
            other => format!(", {other} stated beside the result"),
        };
        let verdict = match benchmark.verdict_words.as_str() {
            "" => String::new(),
            words => format!(", {words} this"),
        };
        let averaged = benchmark.neighbours.as_ref().map_or_else(String::new, |it| format!(", {}", it.words));
        format!("{}: {} ({}{otherwise}{verdict}{averaged})", benchmark.name, benchmark.display, benchmark.period_words)
    };
    let comment = |commentary: &v1::CommentaryAnswer| {
        let stale = if commentary.stale { "[figure changed since this was written] " } else { "" };
        format!("{stale}{}", commentary.text.trim_end())
    };
    let forecast = |forecast: &v1::Forecast| format!("{} for {}", forecast.display, forecast.period);
    cells.free("benchmarks", &row.benchmarks.iter().map(benchmark).collect::<Vec<_>>().join("; "));
    cells.code("marks", &row.marks.iter().map(|mark| mark.words.as_str()).collect::<Vec<_>>().join("; "));
    cells.free("forecasts", &row.forecasts.iter().map(forecast).collect::<Vec<_>>().join("; "));
    let action = |action: &v1::ActionAnswer| {
        let stale = if action.stale { "[figure changed since this was agreed] " } else { "" };
        format!("{stale}{} ({}, by {})", action.text.trim_end(), action.owner, action.due)
    };
    cells.free("commentary", &row.commentary.iter().map(comment).collect::<Vec<_>>().join("\n"));
    cells.free("actions", &row.actions.iter().map(action).collect::<Vec<_>>().join("\n"));
    provenance(cells, row.result.as_ref().and_then(|result| result.provenance.as_ref()));
}

/// Who put it in, when, why, from which line.
pub(crate) fn provenance(cells: &mut Cells, provenance: Option<&v1::Provenance>) {
    let empty = v1::Provenance::default();
    let from = provenance.unwrap_or(&empty);
    let position = if from.position == 0 { String::new() } else { from.position.to_string() };
    cells.number("position", &position);
    cells.code("known_at", &words::instant_code(from.known_at.as_ref()));
    cells.code("recorded_at", &words::instant_code(from.recorded_at.as_ref()));
    actor(cells, from.actor.as_ref());
    cells.code("submission", &from.submission_id);
    origin(cells, from.origin.as_ref());
    cells.code("cause", &from.cause_words);
    cells.free("reason", &from.reason);
}

/// Who, and whether that was proved.
pub(crate) fn actor(cells: &mut Cells, actor: Option<&v1::Actor>) {
    cells.code("actor", actor.map_or("", |actor| &actor.id));
    cells.code(
        "actor_proof",
        match actor {
            Some(actor) if actor.authenticated => "authenticated",
            Some(_) => "asserted",
            None => "",
        },
    );
}

/// From which line.
pub(crate) fn origin(cells: &mut Cells, origin: Option<&v1::Origin>) {
    cells.free("file", origin.map_or("", |origin| &origin.file_name));
    cells.number("line", &origin.map_or_else(String::new, |origin| origin.line.to_string()));
}

/// The bounds that the answer rests on, on every row: a row that is copied elsewhere still says them.
pub(crate) fn basis(cells: &mut Cells, basis: Option<&v1::Basis>) {
    cells.code("as_known_at", &words::instant_code(basis.and_then(|basis| basis.known_at.as_ref())));
    cells.number("at_position", &basis.map_or_else(String::new, |basis| basis.position.to_string()));
    cells.code("chain", basis.map_or("", |basis| &basis.chain));
}
