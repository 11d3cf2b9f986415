//! A published view's text as a scorecard, for whoever shows it: the words are the committee's, and none is made anew.

mod exact;

use domain::number::Decimal;
use domain::{Position, Timestamp};
use reporting::answer::owner_words;
use reporting::view::{Line, Outline};

use crate::v1::{self, comparator, content, figure, stated_period};
use crate::value::{count, encode_decimal, encode_timestamp, enums};

/// The scorecard that a text of form `view/1` says. What the text does not say is left out; a word that this program does
/// not know leaves its enum unspecified, and stands in the words beside it.
pub fn scorecard(outline: &Outline) -> v1::Scorecard {
    let under = |name: &str, inner: &str| outline.all(name).next().map_or("", |line| line.value(inner)).to_owned();
    let sections: Vec<v1::Section> = outline.all("section").map(|line| section(line, outline)).collect();
    v1::Scorecard {
        scorecard: outline.value("scorecard").to_owned(),
        title: outline.value("title").to_owned(),
        committee: outline.value("committee").to_owned(),
        period: outline.value("period").to_owned(),
        period_words: under("period", "words"),
        area: outline.value("area").to_owned(),
        area_name: under("area", "name"),
        basis: Some(v1::Basis {
            known_at: instant(outline.value("known-at")),
            position: position(outline.value("position")),
            n_backfilled: outline.value("backfilled").parse().unwrap_or_default(),
            ..v1::Basis::default()
        }),
        counts: Some(counts(&sections, outline.value("counts"))),
        cohort_impacts: exact::cohort_impacts(outline, &sections),
        sections,
        remit: remit(outline),
        supposed: String::new(),
    }
}

fn remit(outline: &Outline) -> Option<v1::Remit> {
    let remit = v1::Remit {
        from: outline.value("laid-out-from").to_owned(),
        owner: outline.value("owner").to_owned(),
        director: outline.value("director").to_owned(),
        behind: outline.value("behind").to_owned(),
        subset_of: outline.value("subset-of").to_owned(),
    };
    (remit != v1::Remit::default()).then_some(remit)
}

fn section(line: &Line, card: &Outline) -> v1::Section {
    v1::Section { title: line.value.clone(), rows: line.all("row").map(|line| row(line, card)).collect() }
}

/// Counted from the rows, as the text's own line of counts is for people.
fn counts(sections: &[v1::Section], words: &str) -> v1::Counts {
    let mut counts = v1::Counts::default();
    for row in sections.iter().flat_map(|section| &section.rows) {
        let n = match row.rating() {
            v1::Rating::Green => &mut counts.green,
            v1::Rating::Amber => &mut counts.amber,
            v1::Rating::Red => &mut counts.red,
            v1::Rating::NotRated | v1::Rating::Unspecified => {
                match counts.not_rated.iter_mut().find(|other| other.code == row.not_rated_code) {
                    Some(same) => same.n_rows = same.n_rows.saturating_add(1),
                    None => counts.not_rated.push(v1::NotRatedCount {
                        code: row.not_rated_code.clone(),
                        reason: row.not_rated_reason.clone(),
                        n_rows: 1,
                    }),
                }
                &mut counts.n_not_rated
            }
        };
        *n = n.saturating_add(1);
    }
    // As the text's own line of counts has them.
    counts.not_rated.sort_by_key(|it| words.find(&format!("{} {}", it.n_rows, it.reason)).unwrap_or(usize::MAX));
    counts.total = count(sections.iter().map(|section| section.rows.len()).sum());
    counts
}

fn row(line: &Line, card: &Outline) -> v1::Row {
    let rating = line.one("rating");
    let of_rating = |name: &str| rating.map_or("", |rating| rating.value(name)).to_owned();
    let under = |name: &str, inner: &str| line.one(name).map_or("", |line| line.value(inner)).to_owned();
    let measure = line.value.split(' ').next().unwrap_or_default();
    let cell = v1::Cell {
        measure: measure.to_owned(),
        area: card.value("area").to_owned(),
        cohort: line.value("cohort").to_owned(),
        period: line.value("period").to_owned(),
    };
    v1::Row {
        target: line.one("target").map(|target_line| target(target_line, &cell, card)),
        cell: Some(cell),
        period_words: under("period", "words"),
        definition: Some(definition(line, measure)),
        defined_later: line.value("defined-later") == "yes",
        cohort_name: under("cohort", "name"),
        result: line.one("result").filter(|result| !result.inner.is_empty()).map(result),
        rating: rating_of(line.value("rating")).into(),
        rating_word: line.value("rating").to_owned(),
        not_rated_code: of_rating("code"),
        not_rated_reason: of_rating("reason"),
        rule: of_rating("rule"),
        explanation: of_rating("explanation"),
        contradiction: rating
            .and_then(|rating| rating.one("contradiction"))
            .map(|line| v1::Contradiction { words: line.value.clone(), ..v1::Contradiction::default() }),
        direction: line.one("direction").map(direction),
        benchmarks: line.all("benchmark").map(benchmark).collect(),
        commentary: line.all("commentary").map(commentary).collect(),
        actions: line.all("action").map(action).collect(),
        forecasts: line.all("forecast").map(forecast).collect(),
        marks: line.all("mark").map(mark).collect(),
    }
}

fn definition(line: &Line, measure: &str) -> v1::Definition {
    let kind = line.one("kind");
    let expected = kind.and_then(|kind| kind.one("expected")).and_then(|range| range.value.split_once(" to "));
    let text = line.value("definition");
    let definition = v1::Definition {
        measure: measure.to_owned(),
        title: line.value("title").to_owned(),
        kind: match kind.map(|kind| kind.value.as_str()) {
            Some("activity") => v1::MeasureKind::Activity,
            Some(_) => v1::MeasureKind::Indicator,
            None => v1::MeasureKind::Unspecified,
        }
        .into(),
        expected: expected
            .and_then(|(low, high)| Some(v1::DecimalRange { low: number(low), high: Some(number(high)?) })),
        definition: (!text.is_empty()).then(|| v1::Content { content: Some(content::Content::Text(text.to_owned())) }),
        data_source: line.value("data-source").to_owned(),
        owner: line.value("owner").to_owned(),
        ..v1::Definition::default()
    };
    exact::terms_of(definition, line)
}

fn result(line: &Line) -> v1::ResultAnswer {
    let missing = enums::missing::ALL.iter().find(|missing| missing.words() == line.value("missing"));
    let figure = match (missing, line.one("numerator")) {
        (Some(missing), _) => Some(figure::Figure::Missing(enums::missing::encode(*missing).into())),
        (None, Some(_)) => Some(figure::Figure::Counted(v1::CountedFigure {
            numerator: number(line.value("numerator")),
            denominator: number(line.value("denominator")),
            stated: number(line.value("stated")),
        })),
        (None, None) => number(line.value("value")).map(|value| {
            figure::Figure::Stated(v1::StatedFigure {
                value: Some(value),
                denominator: number(line.value("denominator")),
            })
        }),
    };
    let status = enums::status::ALL.iter().find(|it| reporting::words::status(**it) == line.value("status"));
    let colour = enums::colour::ALL.iter().find(|it| ratings::words::colour(**it) == line.value("stated-colour"));
    v1::ResultAnswer {
        entry: Some(v1::ResultEntry {
            figure: Some(v1::Figure { figure }),
            status: status.map_or(v1::Status::Unspecified, |it| enums::status::encode(*it)).into(),
            stated_colour: colour.map_or(v1::Colour::Unspecified, |it| enums::colour::encode(*it)).into(),
            stated_previous: line
                .one("stated-previous")
                .map(|previous| v1::StatedPrevious { value: number(&previous.value), period: stated_period(previous) }),
            source_text: line.value("source-text").to_owned(),
        }),
        display: line.value.clone(),
        provenance: record(line),
    }
}

fn target(line: &Line, cell: &v1::Cell, card: &Outline) -> v1::TargetAnswer {
    let area = line.one("area");
    let owner = enums::owner::ALL.iter().find(|owner| owner_words(**owner) == line.value("owner"));
    let minimum = line.value("minimum-standard");
    let own_name = || card.all("area").next().map_or("", |line| line.value("name"));
    v1::TargetAnswer {
        key: Some(v1::TargetKey {
            measure: cell.measure.clone(),
            area: area.map_or(&cell.area, |area| &area.value).clone(),
            cohort: cell.cohort.clone(),
            owner: owner.map_or(v1::Owner::Unspecified, |owner| enums::owner::encode(*owner)).into(),
        }),
        owner_words: line.value("owner").to_owned(),
        area_name: area.map_or_else(own_name, |area| area.value("name")).to_owned(),
        display: line.value.clone(),
        minimum_display: if minimum == "not known" { String::new() } else { minimum.to_owned() },
        decision: line.value("decision").to_owned(),
        set_after_result: line.value("set-after-result") == "yes",
        provenance: record(line),
        terms: exact::terms(line),
        ..v1::TargetAnswer::default()
    }
}

fn direction(line: &Line) -> v1::DirectionAnswer {
    use v1::Direction as D;
    let code = match line.value("code") {
        "improved" => D::Improved,
        "worsened" => D::Worsened,
        "no-change" => D::NoChange,
        "no-clear-trend" => D::NoClearTrend,
        "unjudged-up" => D::UnjudgedUp,
        "unjudged-down" => D::UnjudgedDown,
        "unjudged-same" => D::UnjudgedSame,
        "no-result" => D::NoneNoResult,
        "no-previous" => D::NoneNoPrevious,
        "unknown-method" => D::NoneUnknownMethod,
        _ => D::Unspecified,
    };
    let method = line.one("method");
    v1::DirectionAnswer {
        direction: code.into(),
        words: line.value.clone(),
        method: method.map_or_else(String::new, |method| method.value.clone()),
        method_words: method.map_or("", |method| method.value("words")).to_owned(),
        previous: line.one("previous").map(|previous| v1::PreviousAnswer {
            display: previous.value.clone(),
            period: stated_period(previous),
            period_words: period_words(previous),
            as_stated: previous.value("as-stated") == "yes",
        }),
    }
}

fn benchmark(line: &Line) -> v1::BenchmarkAnswer {
    let missing = enums::missing::ALL.iter().find(|it| ratings::words::missing(**it) == line.value("missing"));
    let verdict = enums::verdict::ALL.iter().find(|it| it.words() == line.value("verdict"));
    let comparator = match line.value.as_str() {
        "neighbours" => comparator::Comparator::Neighbours(()),
        code => comparator::Comparator::Area(code.to_owned()),
    };
    v1::BenchmarkAnswer {
        comparator: Some(v1::Comparator { comparator: Some(comparator) }),
        name: line.value("name").to_owned(),
        display: line.value("figure").to_owned(),
        missing: missing.map_or(v1::Missing::Unspecified, |it| enums::missing::encode(*it)).into(),
        period: stated_period(line),
        period_words: period_words(line),
        source: line.value("source").to_owned(),
        stated_otherwise: line.value("stated-otherwise").to_owned(),
        verdict: verdict.map_or(v1::Verdict::Unspecified, |it| enums::verdict::encode(*it)).into(),
        verdict_words: line.value("verdict").to_owned(),
        neighbours: line.one("averaged").map(|averaged| v1::NeighboursAnswer {
            list: averaged.value("list").to_owned(),
            from: averaged.value("from").to_owned(),
            words: averaged.value.clone(),
            provenance: record(averaged),
            ..v1::NeighboursAnswer::default()
        }),
    }
}

fn commentary(line: &Line) -> v1::CommentaryAnswer {
    let stale = line.value("stale") == "yes";
    v1::CommentaryAnswer { text: line.value.clone(), stale, provenance: record(line) }
}

fn action(line: &Line) -> v1::ActionAnswer {
    v1::ActionAnswer {
        text: line.value.clone(),
        owner: line.value("owner").to_owned(),
        due: line.value("due").to_owned(),
        stale: line.value("stale") == "yes",
        provenance: record(line),
    }
}

fn forecast(line: &Line) -> v1::Forecast {
    let words = domain::Period::parse(&line.value).map_or_else(|_| line.value.clone(), |period| period.to_string());
    v1::Forecast { period: line.value.clone(), period_words: words, display: line.value("figure").to_owned() }
}

/// Its kind and its words; the numbers are in the words.
fn mark(line: &Line) -> v1::Mark {
    use v1::MarkKind as M;
    let kind = match line.value("code") {
        "unattainable" => M::Unattainable,
        "disagrees" => M::Disagrees,
        "provisional" => M::Provisional,
        "estimated" => M::Estimated,
        "carried-forward" => M::CarriedForward,
        "old" => M::Old,
        "target-of-area" => M::TargetOfArea,
        "target-set-after-result" => M::TargetSetAfterResult,
        "target-backdated" => M::TargetBackdated,
        "defined-later" => M::DefinedLater,
        "outside-expected-range" => M::OutsideExpectedRange,
        _ => M::Unspecified,
    };
    v1::Mark { kind: kind.into(), words: line.value.clone(), ..v1::Mark::default() }
}

fn stated_period(line: &Line) -> Option<v1::StatedPeriod> {
    let stated = match (line.value("period"), line.value("period-as-stated")) {
        ("", "" | NOT_STATED) => return None,
        ("", words) => stated_period::Stated::Words(words.to_owned()),
        (period, _) => stated_period::Stated::Period(period.to_owned()),
    };
    Some(v1::StatedPeriod { stated: Some(stated) })
}

fn period_words(line: &Line) -> String {
    match (line.one("period"), line.value("period-as-stated")) {
        (Some(period), _) => period.value("words").to_owned(),
        (None, "" | NOT_STATED) => reporting::words::stated_period(&domain::result::StatedPeriod::NotStated),
        (None, words) => words.to_owned(),
    }
}

/// What stands in a period's place where nobody said which.
const NOT_STATED: &str = "not stated";

fn record(line: &Line) -> Option<v1::Provenance> {
    let record = line.one("record")?;
    let file = record.value("file");
    let sheet = record.value("sheet");
    let file_name = if sheet.is_empty() { file.to_owned() } else { format!("{file} sheet {sheet}") };
    let origin = (!file.is_empty()).then(|| v1::Origin {
        line: record.value("line").parse().unwrap_or_default(),
        file_name,
        ..v1::Origin::default()
    });
    Some(v1::Provenance {
        position: position(&record.value),
        known_at: instant(record.value("known-at")),
        recorded_at: instant(record.value("recorded-at")),
        actor: Some(v1::Actor {
            id: record.value("by").to_owned(),
            authenticated: record.value("authenticated") == "yes",
        }),
        origin,
        reason: record.value("reason").to_owned(),
        cause_words: record.value("cause").to_owned(),
        ..v1::Provenance::default()
    })
}

fn rating_of(word: &str) -> v1::Rating {
    match word {
        "Green" => v1::Rating::Green,
        "Amber" => v1::Rating::Amber,
        "Red" => v1::Rating::Red,
        "not rated" => v1::Rating::NotRated,
        _ => v1::Rating::Unspecified,
    }
}

fn number(text: &str) -> Option<v1::Decimal> {
    Decimal::parse(text).ok().map(encode_decimal)
}

fn instant(text: &str) -> Option<prost_types::Timestamp> {
    text.parse::<Timestamp>().ok().map(encode_timestamp)
}

fn position(text: &str) -> u64 {
    text.parse().map_or(Position::START.get(), |number: u64| number)
}
