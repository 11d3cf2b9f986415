//! A scorecard as the text of form `view/1`.

use domain::event::Comparator;
use domain::measure::{Content, Definition, MeasureKind};
use domain::result::{Figure, ResultEntry, StatedPeriod};
use domain::scorecard::Remit;
use domain::target::{Minimum, Target};
use domain::{Decimal, Meeting, ScorecardId};
use ratings::Rating;

use super::FORM;
use super::outline::escaped;
use crate::answer::{
    ActionAnswer, BenchmarkAnswer, CommentaryAnswer, DirectionAnswer, Provenance, ResultAnswer, Row, Scorecard,
    Section, TargetAnswer, owner_words,
};
use crate::cohorts::CohortImpact;
use crate::words;

/// What a committee is given at a meeting: everything that the scorecard says, in its order. `content` gives the words of
/// a definition, which may be stored apart from it; where they are not there, the text has their SHA-256.
///
/// Cost: the length of the text, some 3 KiB a row.
pub fn write(card: &Scorecard, meeting: &Meeting, content: impl Fn(&Content) -> Option<String>) -> String {
    let mut pen = Pen { text: format!("{FORM}\n"), depth: 0, content: &content };
    pen.line("scorecard", card.scorecard.as_str());
    pen.line("title", &card.title);
    pen.some("committee", &card.committee);
    pen.remit(&card.remit);
    pen.line("meeting", &meeting.on.to_string());
    pen.inside(|pen| pen.line("committee", &meeting.committee));
    pen.line("period", &card.period.code());
    pen.inside(|pen| pen.line("words", &card.period.to_string()));
    pen.line("area", card.area.as_str());
    pen.inside(|pen| pen.line("name", &card.area_name));
    if let Some(known_at) = card.basis.as_of.known_at {
        pen.line("known-at", &known_at.to_string());
    }
    pen.line("position", &card.basis.as_of.position.to_string());
    pen.line("backfilled", &card.basis.n_backfilled.to_string());
    pen.line("counts", &words::counts(&card.counts));
    for section in &card.sections {
        pen.section(section);
    }
    for impact in &card.cohort_impacts {
        pen.cohort_impact(impact, card);
    }
    pen.text
}

/// Writes lines, indented by how deep they are.
struct Pen<'a> {
    text: String,
    depth: usize,
    content: &'a dyn Fn(&Content) -> Option<String>,
}

impl Pen<'_> {
    fn line(&mut self, name: &str, value: &str) {
        self.text.extend(std::iter::repeat_n('\t', self.depth));
        self.text.push_str(name);
        self.text.push('\t');
        self.text.push_str(&escaped(value));
        self.text.push('\n');
    }

    /// A line where there is something to say.
    fn some(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.line(name, value);
        }
    }

    fn yes(&mut self, name: &str, yes: bool) {
        if yes {
            self.line(name, "yes");
        }
    }

    /// Lines that belong to the one before.
    fn inside(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth = self.depth.saturating_add(1);
        write(self);
        self.depth = self.depth.saturating_sub(1);
    }

    fn remit(&mut self, remit: &Remit) {
        let code = |code: &Option<ScorecardId>| code.as_ref().map_or_else(String::new, ToString::to_string);
        self.some("laid-out-from", &remit.from.map_or_else(String::new, |from| from.to_string()));
        self.some("owner", &remit.owner);
        self.some("director", &remit.director);
        self.some("behind", &code(&remit.behind));
        self.some("subset-of", &code(&remit.subset_of));
    }

    fn section(&mut self, section: &Section) {
        self.line("section", &section.title);
        self.inside(|pen| {
            for row in &section.rows {
                pen.row(row);
            }
        });
    }

    /// What each cohort does to a measure that is shown for several: first the one that the others are held against.
    fn cohort_impact(&mut self, impact: &CohortImpact, card: &Scorecard) {
        self.line("cohort-impact", impact.measure.as_str());
        self.inside(|pen| {
            pen.line("title", &impact.title);
            for figure in &impact.figures {
                let (section, row) = figure.row;
                let Some(row) = card.sections.get(section).and_then(|section| section.rows.get(row)) else { continue };
                pen.line("cohort", row.cell.series.cohort.as_str());
                pen.inside(|pen| {
                    pen.some("difference", figure.difference.as_deref().unwrap_or_default());
                    pen.some("verdict", figure.verdict.map_or("", ratings::Verdict::words));
                    pen.line("sentence", &figure.sentence);
                });
            }
        });
    }

    fn row(&mut self, row: &Row) {
        let series = &row.cell.series;
        let every = series.cohort == domain::CohortId::all();
        let name = if every { series.measure.to_string() } else { format!("{} {}", series.measure, series.cohort) };
        self.line("row", &name);
        self.inside(|pen| {
            pen.line("title", &row.definition.title);
            pen.line("period", &row.cell.period.code());
            pen.inside(|pen| pen.line("words", &row.cell.period.to_string()));
            pen.line("cohort", series.cohort.as_str());
            pen.inside(|pen| pen.line("name", &row.cohort_name));
            pen.definition(&row.definition, row.defined_later);
            match &row.result {
                Some(result) => pen.result(result),
                None => pen.line("result", "none"),
            }
            if let Some(target) = &row.target {
                pen.target(target, row);
            }
            pen.rating(row);
            pen.direction(&row.direction);
            row.benchmarks.iter().for_each(|benchmark| pen.benchmark(benchmark));
            row.commentary.iter().for_each(|commentary| pen.commentary(commentary));
            row.actions.iter().for_each(|action| pen.action(action));
            for (period, display) in &row.forecasts {
                pen.line("forecast", &period.code());
                pen.inside(|pen| pen.line("figure", display));
            }
            let target_area = row.target.as_ref().map_or("", |target| target.area_name.as_str());
            for mark in &row.marks {
                pen.line("mark", &words::mark(mark, target_area));
                pen.inside(|pen| pen.line("code", words::mark_code(mark)));
            }
        });
    }

    fn definition(&mut self, definition: &Definition, later: bool) {
        match ((self.content)(&definition.definition), definition.definition.digest()) {
            (Some(text), _) => self.some("definition", text.trim_end()),
            (None, digest) => self.some("definition-sha256", &digest.map_or_else(String::new, |it| it.to_string())),
        }
        self.yes("defined-later", later);
        self.some("unit", &definition.unit.label);
        self.line("multiplier", &definition.unit.multiplier.to_string());
        self.line("decimal-places", &definition.decimal_places.to_string());
        self.line("kind", words::kind(definition.kind));
        if let MeasureKind::Activity { expected: Some((low, high)) } = definition.kind {
            self.inside(|pen| pen.line("expected", &format!("{low} to {high}")));
        }
        self.line("polarity", words::polarity(definition.polarity));
        self.line("frequency", words::frequency(definition.frequency));
        self.line("basis", &words::basis(definition.basis));
        self.some("data-source", &definition.data_source);
        self.some("owner", &definition.owner);
    }

    fn result(&mut self, result: &ResultAnswer) {
        self.line("result", &result.display);
        self.inside(|pen| {
            pen.figure(&result.entry);
            pen.line("status", words::status(result.entry.status));
            pen.some("stated-colour", result.entry.stated_colour.map_or("", ratings::words::colour));
            if let Some(previous) = &result.entry.stated_previous {
                pen.line("stated-previous", &previous.value.to_string());
                pen.inside(|pen| pen.when(&previous.period));
            }
            pen.some("source-text", &result.entry.source_text);
            pen.record(&result.provenance);
        });
    }

    fn figure(&mut self, entry: &ResultEntry) {
        match entry.figure {
            Figure::Stated { value, denominator } => {
                self.line("value", &value.to_string());
                self.some("denominator", &denominator.map_or_else(String::new, |number| number.to_string()));
            }
            Figure::Counted { numerator, denominator, stated } => {
                self.line("numerator", &numerator.to_string());
                self.line("denominator", &denominator.to_string());
                self.some("stated", &stated.map_or_else(String::new, |number| number.to_string()));
            }
            Figure::Missing(missing) => self.line("missing", missing.words()),
        }
    }

    fn target(&mut self, target: &TargetAnswer, row: &Row) {
        self.line("target", &target.display);
        self.inside(|pen| {
            pen.terms(target);
            pen.line("owner", owner_words(target.key.owner));
            if target.key.area != row.cell.series.area {
                pen.line("area", target.key.area.as_str());
                pen.inside(|pen| pen.line("name", &target.area_name));
            }
            pen.line("span", &target.span.to_string());
            pen.line("decision", &target.decision);
            pen.yes("set-after-result", target.set_after_result);
            pen.record(&target.provenance);
        });
    }

    /// The target and its minimum standard, exactly: one value, or two for a range.
    fn terms(&mut self, target: &TargetAnswer) {
        let (comparison, value) = match target.terms.target {
            Target::AtLeast(value) => ("at-least", Ok(value)),
            Target::MoreThan(value) => ("more-than", Ok(value)),
            Target::AtMost(value) => ("at-most", Ok(value)),
            Target::LessThan(value) => ("less-than", Ok(value)),
            Target::Within { low, high } => ("within", Err((low, high))),
        };
        self.line("comparison", comparison);
        self.exact(value);
        self.line("minimum-standard", target.minimum_display.as_deref().unwrap_or("not known"));
        match target.terms.minimum {
            Minimum::Unknown => {}
            Minimum::Value(value) => self.inside(|pen| pen.exact(Ok(value))),
            Minimum::Within { low, high } => self.inside(|pen| pen.exact(Err((low, high)))),
        }
    }

    fn exact(&mut self, value: Result<Decimal, (Decimal, Decimal)>) {
        match value {
            Ok(value) => self.line("value", &value.to_string()),
            Err((low, high)) => {
                self.line("low", &low.to_string());
                self.line("high", &high.to_string());
            }
        }
    }

    fn rating(&mut self, row: &Row) {
        self.line("rating", row.rating.word());
        self.inside(|pen| {
            if let Rating::NotRated(why) = row.rating {
                pen.line("reason", why.reason());
                pen.line("code", why.code());
            }
            pen.line("rule", row.rule.as_str());
            pen.some("explanation", &row.explanation);
            let contradiction = row.contradiction.map_or_else(String::new, |contradiction| contradiction.to_string());
            pen.some("contradiction", &contradiction);
        });
    }

    fn direction(&mut self, answer: &DirectionAnswer) {
        self.line("direction", answer.direction.words());
        self.inside(|pen| {
            pen.line("code", answer.direction.code());
            pen.line("method", answer.method.as_str());
            pen.inside(|pen| pen.line("words", &words::method(answer)));
            if let Some(previous) = &answer.previous {
                pen.line("previous", &previous.display);
                pen.inside(|pen| {
                    pen.when(&previous.period);
                    pen.yes("as-stated", previous.as_stated);
                });
            }
        });
    }

    fn benchmark(&mut self, benchmark: &BenchmarkAnswer) {
        let code = match &benchmark.comparator {
            Comparator::Area(area) => area.to_string(),
            Comparator::Neighbours => "neighbours".to_owned(),
            Comparator::Group(name) => name.clone(),
        };
        self.line("benchmark", &code);
        self.inside(|pen| {
            pen.line("name", &benchmark.name);
            pen.line("figure", &benchmark.display);
            pen.some("missing", benchmark.missing.map_or("", ratings::words::missing));
            pen.when(&benchmark.period);
            pen.some("source", &benchmark.source);
            pen.some("stated-otherwise", benchmark.stated_otherwise.as_deref().unwrap_or_default());
            pen.some("verdict", benchmark.verdict.map_or("", ratings::Verdict::words));
            if let Some(neighbours) = &benchmark.neighbours {
                pen.line("averaged", &neighbours.words());
                pen.inside(|pen| {
                    pen.line("list", neighbours.list.as_str());
                    pen.line("from", &neighbours.from.to_string());
                    pen.record(&neighbours.provenance);
                });
            }
        });
    }

    fn commentary(&mut self, commentary: &CommentaryAnswer) {
        self.line("commentary", commentary.text.trim_end());
        self.inside(|pen| {
            pen.yes("stale", commentary.stale);
            pen.record(&commentary.provenance);
        });
    }

    fn action(&mut self, action: &ActionAnswer) {
        self.line("action", action.text.trim_end());
        self.inside(|pen| {
            pen.line("owner", &action.owner);
            pen.line("due", &action.due.to_string());
            pen.yes("stale", action.stale);
            pen.record(&action.provenance);
        });
    }

    fn when(&mut self, period: &StatedPeriod) {
        match period {
            StatedPeriod::Period(period) => {
                self.line("period", &period.code());
                self.inside(|pen| pen.line("words", &period.to_string()));
            }
            StatedPeriod::Words(words) => self.line("period-as-stated", words),
            StatedPeriod::NotStated => self.line("period-as-stated", "not stated"),
        }
    }

    /// Where something is recorded.
    fn record(&mut self, provenance: &Provenance) {
        self.line("record", &provenance.position.to_string());
        self.inside(|pen| {
            pen.line("known-at", &provenance.known_at.to_string());
            pen.line("recorded-at", &provenance.recorded_at.to_string());
            pen.line("by", provenance.actor.as_str());
            pen.yes("authenticated", provenance.authenticated);
            if let Some((file, origin)) = &provenance.origin {
                pen.line("file", file);
                let (sheet, row) = domain::ids::sheet_and_row(origin.line.get());
                pen.some("sheet", &sheet.map_or_else(String::new, |sheet| sheet.to_string()));
                pen.line("line", &row.to_string());
            }
            pen.some("reason", &provenance.reason);
            pen.some("cause", provenance.cause.map_or("", words::cause));
        });
    }
}
