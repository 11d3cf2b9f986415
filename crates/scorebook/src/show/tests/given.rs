//! Answers written out by hand.

use prost_types::Timestamp;
use wire::v1;

/// Seconds since 1970 of 29 November 2018, 10:00 UTC.
const MEETING: i64 = 1_543_485_600;

pub(super) fn at(days: i64) -> Option<Timestamp> {
    Some(Timestamp { seconds: MEETING + days * 86_400, nanos: 0 })
}

pub(super) fn decimal(text: &str) -> Option<v1::Decimal> {
    let scale = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let coefficient = text.replace('.', "").parse().unwrap_or_default();
    Some(v1::Decimal { coefficient, scale: u32::try_from(scale).expect("small") })
}

pub(super) fn provenance(position: u64, days: i64) -> Option<v1::Provenance> {
    Some(v1::Provenance {
        position,
        known_at: at(days),
        recorded_at: at(days),
        actor: Some(v1::Actor { id: "mi-team".into(), authenticated: false }),
        submission_id: "5f0c1c1e-0f3f-5d0a-9c55-0a3f5a2b1c01".into(),
        origin: Some(v1::Origin { file: 0, line: 7, file_name: "results.csv".into() }),
        reason: "as printed in the report of 29 November 2018".into(),
        cause: 0,
        cause_words: String::new(),
    })
}

pub(super) fn basis() -> Option<v1::Basis> {
    Some(v1::Basis {
        known_at: at(0),
        position: 182,
        chain: "3f9a1c2e77ab54d0".repeat(4),
        n_backfilled: 163,
        log_id: "0d5c3c1e-0f3f-4d0a-9c55-0a3f5a2b1c01".into(),
    })
}

/// A measure: code, title, unit, decimal places.
pub(super) fn definition(measure: &str, title: &str, unit: &str) -> Option<v1::Definition> {
    Some(v1::Definition {
        measure: measure.into(),
        title: title.into(),
        kind: v1::MeasureKind::Indicator.into(),
        unit: Some(v1::Unit { label: unit.into(), multiplier: 100 }),
        decimal_places: 1,
        polarity: v1::Polarity::Higher.into(),
        frequency: v1::Frequency::Monthly.into(),
        basis: v1::BasisKind::RollingMonths.into(),
        basis_months: 12,
        year_type: v1::YearType::Financial.into(),
        ..v1::Definition::default()
    })
}

/// A rated row of September 2018; `shown` is result, target and minimum standard.
pub(super) fn row(measure: &str, title: &str, unit: &str, rating: v1::Rating, shown: [&str; 3]) -> v1::Row {
    let [result, target, minimum] = shown;
    let digits: String = result.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let figure = v1::figure::Figure::Stated(v1::StatedFigure { value: decimal(&digits), denominator: None });
    v1::Row {
        cell: Some(v1::Cell {
            measure: measure.into(),
            area: "E10000016".into(),
            cohort: "all".into(),
            period: "2018-09".into(),
        }),
        period_words: "September 2018".into(),
        definition: definition(measure, title, unit),
        cohort_name: "Everybody counted".into(),
        result: Some(v1::ResultAnswer {
            entry: Some(v1::ResultEntry {
                figure: Some(v1::Figure { figure: Some(figure) }),
                status: v1::Status::NotStated.into(),
                ..v1::ResultEntry::default()
            }),
            display: result.into(),
            provenance: provenance(61, 0),
        }),
        target: (!target.is_empty()).then(|| v1::TargetAnswer {
            key: Some(v1::TargetKey { owner: v1::Owner::Local.into(), area: "E10000016".into(), ..Default::default() }),
            owner_words: "local target".into(),
            area_name: "Kent".into(),
            display: target.into(),
            minimum_display: minimum.into(),
            decision: "Cabinet Committee, 29 November 2018".into(),
            provenance: provenance(31, 0),
            ..v1::TargetAnswer::default()
        }),
        rating: rating.into(),
        rating_word: match rating {
            v1::Rating::Green => "Green",
            v1::Rating::Amber => "Amber",
            v1::Rating::Red => "Red",
            v1::Rating::NotRated | v1::Rating::Unspecified => "not rated",
        }
        .into(),
        rule: "kent.1".into(),
        direction: Some(v1::DirectionAnswer {
            direction: v1::Direction::NoneNoPrevious.into(),
            words: "no earlier figure".into(),
            method: "previous-reported.1".into(),
            method_words: "compared with the previously reported figure".into(),
            previous: None,
        }),
        ..v1::Row::default()
    }
}

pub(super) fn moved(row: &mut v1::Row, direction: v1::Direction, words: &str, from: &str, period: &str) {
    let answer = row.direction.as_mut().expect("given");
    answer.direction = direction.into();
    answer.words = words.into();
    answer.previous =
        Some(v1::PreviousAnswer { display: from.into(), period: None, period_words: period.into(), as_stated: true });
}

pub(super) fn benchmark(name: &str, display: &str, period: &str) -> v1::BenchmarkAnswer {
    v1::BenchmarkAnswer {
        comparator: Some(v1::Comparator { comparator: Some(v1::comparator::Comparator::Group(name.into())) }),
        name: name.into(),
        display: display.into(),
        period_words: period.into(),
        ..v1::BenchmarkAnswer::default()
    }
}

pub(super) fn missing(row: &mut v1::Row, missing: v1::Missing, display: &str) {
    let result = row.result.as_mut().expect("given");
    let figure = v1::figure::Figure::Missing(missing.into());
    result.entry.as_mut().expect("given").figure = Some(v1::Figure { figure: Some(figure) });
    result.display = display.into();
}

fn monthly() -> Vec<v1::Row> {
    use v1::{Direction, Rating};
    let mut exclusions = row(
        "permanent-exclusions-secondary",
        "Permanent exclusions from Secondary schools",
        "pupils",
        Rating::Green,
        ["29 pupils", "35 pupils or less", "40 pupils or less"],
    );
    moved(&mut exclusions, Direction::Worsened, "worsened", "27 pupils", "July");
    let mut reoffending = row(
        "youth-reoffending",
        "Rate of proven re-offending by children and young people",
        "per 100 offenders",
        Rating::Green,
        ["33.3 per 100 offenders", "36 per 100 offenders or less", "40 per 100 offenders or less"],
    );
    counted(&mut reoffending, "204", "613");
    let mut plans = row(
        "repeat-child-protection-plans",
        "Children becoming subject to a child protection plan for a second or subsequent time",
        "%",
        Rating::Green,
        ["20.4%", "17.5% to 22.5%", "15.0% to 25.0%"],
    );
    plans.benchmarks =
        vec![benchmark("England", "20.2%", "2017/18"), benchmark("Statistical neighbours", "21.5%", "2017/18")];
    let mut foster = row(
        "kcc-foster-care-or-relatives",
        "Children in Care placed in KCC Foster Care or with Relatives and Friends",
        "%",
        Rating::Amber,
        ["84.3%", "85.0% or more", "80.0% or more"],
    );
    foster.cell.as_mut().expect("given").cohort = "excluding-uasc".into();
    foster.cohort_name = "Excluding unaccompanied asylum seeking children".into();
    foster.commentary = vec![v1::CommentaryAnswer {
        text: "Since April 2018 one team finds all fostering placements.".into(),
        stale: true,
        provenance: provenance(140, 0),
    }];
    let mut audits = row(
        "case-file-audits-good-or-above",
        "On-line case file audits rated good or above",
        "%",
        Rating::Amber,
        ["74.0%", "75.0% or more", "70.0% or more"],
    );
    moved(&mut audits, Direction::Worsened, "worsened", "77.9%", "July 2018");
    audits.marks = vec![v1::Mark {
        kind: v1::MarkKind::Unattainable.into(),
        words: "no whole number out of 364 gives the printed 74.0".into(),
        ..v1::Mark::default()
    }];
    let mut caseload = row(
        "caseload-children-in-care-teams",
        "Average caseload of Social Workers in the Children in Care Teams",
        "children/young people per social worker",
        Rating::Amber,
        [
            "15.4 children/young people per social worker",
            "15 children/young people per social worker or less",
            "17 children/young people per social worker or less",
        ],
    );
    moved(&mut caseload, Direction::Improved, "improved", "16.4 children/young people per social worker", "July 2018");
    vec![exclusions, reoffending, plans, foster, audits, caseload, take_up(), ehcp(), ehcp_month(), notified()]
}

pub(super) fn counted(row: &mut v1::Row, numerator: &str, denominator: &str) {
    let figure = v1::figure::Figure::Counted(v1::CountedFigure {
        numerator: decimal(numerator),
        denominator: decimal(denominator),
        stated: None,
    });
    let entry = row.result.as_mut().and_then(|result| result.entry.as_mut()).expect("given");
    entry.figure = Some(v1::Figure { figure: Some(figure) });
}

fn take_up() -> v1::Row {
    let mut row = row(
        "two-year-olds-take-up",
        "Take-up for two year olds (free early education)",
        "%",
        v1::Rating::Red,
        ["65.6%", "80% or more", "70% or more"],
    );
    row.explanation = "65.6% is worse than the minimum standard of 70% or more, so it is Red.".into();
    row.forecasts =
        vec![v1::Forecast { period: "2018-12".into(), period_words: "December 2018".into(), display: "70.0%".into() }];
    moved(&mut row, v1::Direction::Improved, "improved", "62.2%", "July");
    row
}

pub(super) fn ehcp() -> v1::Row {
    let mut row = row(
        "ehcp-20-weeks",
        "Education, Health and Care Plans issued within the statutory 20 weeks",
        "%",
        v1::Rating::Red,
        ["43.4%", "95% or more", "75% or more"],
    );
    counted(&mut row, "759", "1747");
    row.explanation = "43.4% (759 of 1,747) is worse than the minimum standard of 75% or more, so it is Red.".into();
    row.commentary = vec![v1::CommentaryAnswer {
        text: "The number of plans grew by 30% within 12 months.".into(),
        stale: false,
        provenance: provenance(141, 0),
    }];
    row
}

fn ehcp_month() -> v1::Row {
    let mut row = row(
        "ehcp-20-weeks-month",
        "Education, Health and Care Plans issued within the statutory 20 weeks, in the month",
        "%",
        v1::Rating::NotRated,
        ["52.1%", "", ""],
    );
    counted(&mut row, "101", "194");
    row.not_rated_code = "shown-only".into();
    row.not_rated_reason = "shown for information".into();
    row.explanation = "52.1% (101 of 194) is shown for information only, so it is not rated.".into();
    row
}

fn notified() -> v1::Row {
    let mut row = row(
        "early-help-outcomes-achieved",
        "Early Help unit cases closed with outcomes achieved",
        "%",
        v1::Rating::Green,
        ["85.0%", "80% or more", "70% or more"],
    );
    row.cell.as_mut().expect("given").cohort = "early-help-notification".into();
    row.cohort_name = "Initiated via an Early Help Notification".into();
    let target = row.target.as_mut().expect("given");
    target.key.as_mut().expect("given").owner = v1::Owner::Service.into();
    target.owner_words = "service standard".into();
    row.contradiction = Some(v1::Contradiction {
        computed: v1::Colour::Green.into(),
        stated: v1::Colour::Amber.into(),
        words: "the source printed Amber, but the rule gives Green".into(),
    });
    row
}

fn annual() -> Vec<v1::Row> {
    let mut stage_2 = row(
        "ks2-expected-rwm",
        "Pupils at Key Stage 2 achieving the expected standard in reading, writing and mathematics",
        "%",
        v1::Rating::NotRated,
        ["66%", "", ""],
    );
    stage_2.cell.as_mut().expect("given").period = "AY2017".into();
    stage_2.period_words = "academic year 2017/18".into();
    stage_2.not_rated_code = "no-target".into();
    stage_2.not_rated_reason = "no target".into();
    stage_2.explanation = "66% is not rated, because it has no target.".into();
    let entry = stage_2.result.as_mut().and_then(|result| result.entry.as_mut()).expect("given");
    entry.stated_colour = v1::Colour::Green.into();
    entry.status = v1::Status::Provisional.into();
    let mut none = benchmark("South East", "known not to exist", "");
    none.missing = v1::Missing::KnownNotToExist.into();
    stage_2.benchmarks = vec![
        benchmark("England", "64%", "academic year 2017/18"),
        benchmark("Warwickshire", "67%", "period not stated"),
        none,
    ];
    stage_2.marks = vec![v1::Mark { kind: 3, words: "provisional".into(), ..v1::Mark::default() }];
    let mut hidden = row(
        "neet-small",
        "Young people not in education, in small groups",
        "%",
        v1::Rating::NotRated,
        ["", "2.5% or less", "3.0% or less"],
    );
    missing(&mut hidden, v1::Missing::Confidential, "suppressed, because it could tell about a person");
    hidden.not_rated_code = "missing-confidential".into();
    hidden.not_rated_reason = "suppressed, because it could tell about a person".into();
    hidden.explanation = "The result is suppressed, because it could tell about a person, so it is not rated.".into();
    vec![stage_2, hidden]
}

/// A card with something of everything.
pub(super) fn card() -> v1::Scorecard {
    v1::Scorecard {
        scorecard: "cype".into(),
        title: "Children, Young People and Education Directorate Scorecard".into(),
        committee: "Children's, Young People and Education Cabinet Committee".into(),
        period: "2018-09".into(),
        period_words: "September 2018".into(),
        area: "E10000016".into(),
        area_name: "Kent".into(),
        basis: basis(),
        sections: vec![
            v1::Section { title: "Monthly and quarterly indicators".into(), rows: monthly() },
            v1::Section { title: "Annual indicators".into(), rows: annual() },
        ],
        counts: Some(v1::Counts {
            green: 4,
            amber: 3,
            red: 2,
            n_not_rated: 3,
            total: 12,
            not_rated: vec![
                v1::NotRatedCount { code: "shown-only".into(), reason: "shown for information".into(), n_rows: 1 },
                v1::NotRatedCount { code: "no-target".into(), reason: "no target".into(), n_rows: 1 },
                v1::NotRatedCount {
                    code: "missing-confidential".into(),
                    reason: "suppressed, because it could tell about a person".into(),
                    n_rows: 1,
                },
            ],
        }),
    }
}

/// A comparison of November 2018 with now.
pub(super) fn comparison() -> v1::Comparison {
    let after =
        v1::Basis { known_at: None, position: 196, chain: "aa01bb02cc03dd04".repeat(4), ..v1::Basis::default() };
    let stage_2 = "Pupils at Key Stage 2 achieving the expected standard in reading, writing and mathematics";
    let leavers = "Care Leavers in education, employment or training";
    let difference = |measure: &str, title: &str, kind: v1::DifferenceKind, shown: [&str; 3]| v1::Difference {
        measure: measure.into(),
        title: title.into(),
        kind: kind.into(),
        before: shown[0].into(),
        after: shown[1].into(),
        sentence: shown[2].into(),
        provenance: provenance(191, 2182),
    };
    v1::Comparison {
        before: basis(),
        after: Some(after),
        differences: vec![
            difference(
                "care-leavers-eet",
                leavers,
                v1::DifferenceKind::Target,
                [
                    "65.0% or more (minimum standard 60.0% or more)",
                    "64.0% or more (minimum standard 60.0% or more)",
                    "The target for Care Leavers in education, employment or training changed from 65.0% or more (minimum \
                 standard 60.0% or more) to 64.0% or more (minimum standard 60.0% or more); decision: illustrative: no \
                 such decision was taken; it was set after the result was known.",
                ],
            ),
            difference(
                "care-leavers-eet",
                leavers,
                v1::DifferenceKind::Rating,
                ["Amber", "Green", "Care Leavers in education, employment or training is now Green, not Amber."],
            ),
            difference(
                "ks2-expected-rwm",
                stage_2,
                v1::DifferenceKind::Result,
                [
                    "66%",
                    "67%",
                    "The result for academic year 2017/18 changed from 66% to 67%; scheduled revision, known on 19 \
                 November 2024: final figures.",
                ],
            ),
        ],
    }
}

/// A history of two targets, the first replaced.
pub(super) fn target_history() -> v1::TargetHistory {
    let change = |target: &str, minimum: &str, position: u64, days: i64| v1::TargetChangeAnswer {
        key: Some(v1::TargetKey {
            measure: "care-leavers-eet".into(),
            area: "E10000016".into(),
            cohort: "all".into(),
            owner: v1::Owner::Local.into(),
        }),
        owner_words: "local target".into(),
        span: Some(v1::Span { from: "2018-04-01".into(), to: "2019-04-01".into() }),
        span_words: "from 1 April 2018 to 31 March 2019".into(),
        terms: Some(v1::Terms {
            target: Some(v1::Target { target: decimal(target).map(v1::target::Target::AtLeast) }),
            minimum: Some(v1::Minimum { minimum: decimal(minimum).map(v1::minimum::Minimum::Value) }),
        }),
        display: format!("{target}% or more"),
        minimum_display: format!("{minimum}% or more"),
        decision: "report of 29 November 2018, paragraph 3.19".into(),
        standing: true,
        provenance: provenance(position, days),
        ..v1::TargetChangeAnswer::default()
    };
    let mut first = change("65.0", "60.0", 41, 0);
    first.standing = false;
    let mut second = change("64.0", "60.0", 190, 4);
    second.n_results_known_before = 1;
    let from = second.provenance.as_mut().expect("given");
    from.actor = Some(v1::Actor { id: "head-of-service".into(), authenticated: true });
    from.recorded_at = at(9);
    from.reason = "the cohort grew".into();
    from.cause_words = "change of method".into();
    let title = "Care Leavers in education, employment or training";
    v1::TargetHistory {
        definition: definition("care-leavers-eet", title, "%"),
        changes: vec![first, second],
        basis: basis(),
    }
}

/// A history of one measure in two periods, one of them revised, and a third whose result was withdrawn.
pub(super) fn measure_history() -> v1::MeasureHistory {
    let mut earlier = ehcp();
    earlier.cell.as_mut().expect("given").period = "2018-07".into();
    earlier.period_words = "July 2018".into();
    let revision = |period: &str, display: &str, position: u64, standing: bool| v1::RevisionAnswer {
        period: period.into(),
        period_words: super::words::period(period),
        display: display.into(),
        standing,
        provenance: provenance(position, 0),
        ..v1::RevisionAnswer::default()
    };
    let mut withdrawn = revision("2018-06", "withdrawn", 95, false);
    withdrawn.rolled_back = true;
    v1::MeasureHistory {
        definition: ehcp().definition,
        definition_text: "Of the plans issued; whether exceptions are counted is not said.\n".into(),
        withdrawn: None,
        area: "E10000016".into(),
        area_name: "Kent".into(),
        cohort: "all".into(),
        rows: vec![earlier, ehcp()],
        revisions: vec![
            revision("2018-06", "40.1%", 60, false),
            withdrawn,
            revision("2018-07", "41.0%", 61, false),
            revision("2018-07", "43.4%", 90, true),
            revision("2018-09", "43.4%", 91, true),
        ],
        basis: basis(),
    }
}

/// A preview of a file with a change of each kind and a refusal.
pub(super) fn preview() -> v1::Preview {
    let change = |kind: v1::ChangeKind, before: &str, after: &str| v1::Change {
        kind: kind.into(),
        subject: "result ehcp-20-weeks, Kent, September 2018".into(),
        before: before.into(),
        after: after.into(),
        origin: Some(v1::Origin { file: 0, line: 7, file_name: "results.csv".into() }),
    };
    v1::Preview {
        token: None,
        tallies: vec![
            v1::Tally { noun: "measure".into(), n_new: 0, n_revised: 1, n_withdrawn: 0, n_unchanged: 29 },
            v1::Tally { noun: "result".into(), n_new: 1204, n_revised: 2, n_withdrawn: 1, n_unchanged: 0 },
        ],
        changes: vec![
            change(v1::ChangeKind::New, "", "43.4%"),
            change(v1::ChangeKind::Revised, "43.4%", "44.0%"),
            change(v1::ChangeKind::Withdrawn, "44.0%", ""),
        ],
        n_changes_not_listed: 1205,
        refusals: vec![
            v1::Refusal {
                file: "results.csv".into(),
                line: 7,
                field: "period".into(),
                value: "July 20188".into(),
                problem: "is not a period".into(),
                remedy: "write it as 2018-07 or July 2018".into(),
            },
            v1::Refusal {
                field: "instructions[3].record_result.cell.measure".into(),
                value: "ehcp".into(),
                problem: "is not a measure that is defined".into(),
                remedy: "define it first, or write ehcp-20-weeks".into(),
                ..v1::Refusal::default()
            },
        ],
        n_refusals: 2,
        n_set_aside: 0,
        sources: vec![v1::Source {
            name: "results.csv".into(),
            sha256: "3f9a1c2e77ab54d0".repeat(4),
            size: 8451,
            layout: "scorebook-results.1".into(),
            stored: true,
        }],
    }
}

/// Records of the log: a result, a backfilled target, and one that this program cannot read.
pub(super) fn records() -> Vec<v1::Envelope> {
    use v1::envelope::Event;
    let record = |position: u64, event: Option<Event>| v1::Envelope {
        position,
        recorded_at: at(0),
        known_at: at(0),
        event_id: "5f0c1c1e-0f3f-5d0a-9c55-0a3f5a2b1c02".into(),
        actor: Some(v1::Actor { id: "mi-team".into(), authenticated: false }),
        submission_id: "5f0c1c1e-0f3f-5d0a-9c55-0a3f5a2b1c01".into(),
        reason: "as printed".into(),
        event,
        ..v1::Envelope::default()
    };
    let row = ehcp();
    let result = Event::ResultRecorded(v1::ResultRecorded { cell: row.cell, entry: row.result.expect("given").entry });
    let history = target_history();
    let change = history.changes.into_iter().last().expect("two");
    let target = Event::TargetChanged(v1::TargetChanged {
        key: change.key,
        span: change.span,
        terms: change.terms,
        decision: change.decision,
    });
    let mut backfilled = record(1042, Some(target));
    backfilled.backfill = true;
    backfilled.known_at = at(-30);
    backfilled.last_of_commit = true;
    let received =
        Event::SubmissionReceived(v1::SubmissionReceived { digest: String::new(), sources: preview().sources });
    vec![record(9, Some(received)), record(10, Some(result)), backfilled, record(1043, None)]
}

/// The measures of the card, one of them withdrawn.
pub(super) fn directory() -> v1::Directory {
    let entry = |row: v1::Row| v1::DirectoryEntry {
        definition: row.definition,
        definition_text: "Definition not printed in the report.".into(),
        withdrawn: None,
        provenance: provenance(20, 0),
        first_period: "2018-07".into(),
        last_period: "2018-09".into(),
    };
    let mut measures: Vec<v1::DirectoryEntry> = card().sections.into_iter().flat_map(|s| s.rows).map(entry).collect();
    measures[0].withdrawn = Some(v1::Withdrawal {
        from: "2019-04-01".into(),
        successor: "permanent-exclusions".into(),
        comparable: false,
        provenance: provenance(44, 0),
    });
    v1::Directory { measures, basis: basis() }
}

/// What was put in: a file, and the rollback of it.
pub(super) fn submissions() -> v1::ListSubmissionsResponse {
    let submission = v1::SubmissionAnswer {
        submission_id: "5f0c1c1e-0f3f-5d0a-9c55-0a3f5a2b1c01".into(),
        digest: "3f9a1c2e77ab54d0".repeat(4),
        actor: Some(v1::Actor { id: "mi-team".into(), authenticated: false }),
        sources: preview().sources,
        first_position: 9,
        last_position: 1042,
        recorded_at: at(0),
        n_facts: 1033,
        rolled_back: true,
        fixed: false,
    };
    let mut fixed = submission.clone();
    (fixed.sources, fixed.rolled_back, fixed.fixed) = (Vec::new(), false, true);
    v1::ListSubmissionsResponse { submissions: vec![submission, fixed], next_after_position: 0, head_position: 1043 }
}

/// Why a cell is Red.
pub(super) fn explanation() -> v1::ExplainRatingResponse {
    let row = ehcp();
    let sentences = vec![
        "The result for September 2018 is 759 of 1,747, which is 43.4%.".into(),
        "The target is 95% or more and the minimum standard 75% or more; higher is better.".into(),
        row.explanation.clone(),
    ];
    v1::ExplainRatingResponse { row: Some(row), sentences, basis: basis() }
}
