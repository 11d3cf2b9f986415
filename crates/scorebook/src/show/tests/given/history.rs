//! Answers through time, and the directory.

use wire::v1;

use super::{at, basis, card, decimal, definition, ehcp, provenance};
use crate::show::words;

/// A comparison of November 2018 with now.
pub(crate) fn comparison() -> v1::Comparison {
    let after =
        v1::Basis { known_at: None, position: 196, chain: "aa01bb02cc03dd04".repeat(4), ..v1::Basis::default() };
    let stage_2 = "Pupils at Key Stage 2 achieving the expected standard in reading, writing and mathematics";
    let leavers = "Care Leavers in education, employment or training";
    let difference = |measure: &str, title: &str, kind: v1::DifferenceKind, shown: [&str; 3]| v1::Difference {
        measure: measure.into(),
        title: title.into(),
        cohort: "all".into(),
        of: String::new(),
        of_name: String::new(),
        causes: Vec::new(),
        kind: kind.into(),
        before: shown[0].into(),
        after: shown[1].into(),
        sentence: shown[2].into(),
        provenance: provenance(191, 2182),
        undone: None,
    };
    let side = |basis| v1::ComparedSide {
        view: String::new(),
        scorecard: "cype".into(),
        title: "Children, Young People and Education".into(),
        period: "2018-09".into(),
        period_words: "September 2018".into(),
        area: "E10000016".into(),
        area_name: "Kent".into(),
        basis,
        departures: Vec::new(),
    };
    let causes = vec![cause(v1::CauseKind::Data, "Amber", 5), cause(v1::CauseKind::Target, "Amber", 10)];
    v1::Comparison {
        before: Some(side(basis())),
        after: Some(side(Some(after))),
        n_differences: 3,
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
            v1::Difference {
                causes,
                ..difference(
                    "care-leavers-eet",
                    leavers,
                    v1::DifferenceKind::Rating,
                    ["Amber", "Green", "Care Leavers in education, employment or training is now Green, not Amber."],
                )
            },
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

fn cause(kind: v1::CauseKind, alone: &str, coefficient: i64) -> v1::NamedCause {
    v1::NamedCause {
        kind: kind.into(),
        words: "the target changed".into(),
        alone: alone.into(),
        without: "Amber".into(),
        moved: Some(v1::Decimal { coefficient, scale: 1 }),
        moved_rounded: false,
    }
}

/// A history of two targets, the first replaced.
pub(crate) fn target_history() -> v1::TargetHistory {
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
    first.backdated_words = "recorded on 29 November 2018, said to be known on 1 April 2018".into();
    let judged = |period: &str, rating: v1::Rating, judges: bool| v1::JudgedPeriod {
        period: period.into(),
        period_words: words::period(period),
        display: "64.7%".into(),
        rating: rating.into(),
        rating_word: if rating == v1::Rating::Amber { "Amber".into() } else { "Green".into() },
        judges,
        set_after_result: !judges,
        ..v1::JudgedPeriod::default()
    };
    first.judged = Some(v1::Judged {
        n_judged: 2,
        n_met: 0,
        n_minimum_met: 2,
        words: "of 2 results in its span, 0 met it, and 2 met the minimum standard".into(),
        periods: vec![judged("2018-08", v1::Rating::Amber, false), judged("2018-09", v1::Rating::Amber, false)],
    });
    let mut second = change("64.0", "60.0", 190, 4);
    second.n_results_known_before = 1;
    let span = v1::Span { from: "2018-09-01".into(), to: "2019-04-01".into() };
    let in_words = "from 1 September 2018 to 31 March 2019".to_owned();
    second.stands = vec![v1::StandingSpan { span: Some(span), words: in_words }];
    second.judged = Some(v1::Judged {
        n_judged: 1,
        n_met: 1,
        n_minimum_met: 1,
        words: "of 1 result in its span, 1 met it, and 1 met the minimum standard".into(),
        periods: vec![judged("2018-09", v1::Rating::Green, true)],
    });
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
        ..v1::TargetHistory::default()
    }
}

/// A history of one measure in two periods, one of them revised, and a third whose result was withdrawn.
pub(crate) fn measure_history() -> v1::MeasureHistory {
    let mut earlier = ehcp();
    earlier.cell.as_mut().expect("given").period = "2018-07".into();
    earlier.period_words = "July 2018".into();
    let revision = |period: &str, display: &str, position: u64, standing: bool| v1::RevisionAnswer {
        period: period.into(),
        period_words: words::period(period),
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

/// The measures of the card, one of them withdrawn.
pub(crate) fn directory() -> v1::Directory {
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

/// Why a cell is Red.
pub(crate) fn explanation() -> v1::ExplainRatingResponse {
    let row = ehcp();
    let sentences = vec![
        "The result for September 2018 is 759 of 1,747, which is 43.4%.".into(),
        "The target is 95% or more and the minimum standard 75% or more; higher is better.".into(),
        row.explanation.clone(),
    ];
    v1::ExplainRatingResponse { row: Some(row), sentences, basis: basis() }
}
