//! Answers as they leave: exact beside shown.

use std::num::NonZeroU32;

use domain::event::{AreaLevel, Average, Comparator, Event, LogOpened};
use domain::ids::{Digest, LogId, Origin, SubmissionId};
use domain::measure::{Content, Definition};
use domain::result::{Cause, Colour, Doubt, Missing, StatedPeriod};
use domain::scorecard::Remit;
use domain::time::AsOf;
use domain::{Book, CohortId, Date, Period, Position};
use prost::Message as _;
use ratings::{Contradiction, Direction, Moved, NotRated, Rating, Verdict};
use reporting::answer::{
    ActionAnswer, AreaAnswer, Basis, BenchmarkAnswer, CauseKind, CommentaryAnswer, ComparedSide, Comparison, Counts,
    Difference, DifferenceKind, DirectionAnswer, Directory, DirectoryEntry, LeftOut, Mark, MeasureHistory, NamedCause,
    NeighboursAnswer, NotAveraged, PreviousAnswer, Provenance, ResultAnswer, RevisionAnswer, Row, Scorecard, Section,
    TargetAnswer, TargetChangeAnswer, TargetHistory, Undone, Withdrawal,
};
use reporting::directory::ScorecardEntry;

use super::given::{self, at, code, decimal, position};
use crate::answer::{
    Holdings, encode_area, encode_comparison, encode_directory, encode_explanation, encode_measure_history, encode_row,
    encode_scorecard, encode_scorecard_entry, encode_status, encode_submission, encode_target_history,
};
use crate::bounds::Place;
use crate::v1;
use crate::value::encode_timestamp;

pub(super) const PLACE: Place = Place { log: LogId([7; 16]), chain: Digest([1; 32]) };

pub(super) fn basis() -> Basis {
    Basis { as_of: AsOf { known_at: None, position: position(42) }, n_backfilled: 0 }
}

fn provenance() -> Provenance {
    Provenance {
        position: position(9),
        known_at: at("2018-10-15T00:00:00Z"),
        recorded_at: at("2018-10-15T00:00:00Z"),
        known_on: given::date("2018-10-15"),
        recorded_on: given::date("2018-10-15"),
        actor: code("jo"),
        authenticated: true,
        submission: SubmissionId([8; 16]),
        origin: Some(("results.csv".to_owned(), Origin { file: 0, line: NonZeroU32::new(7).unwrap() })),
        reason: "monthly return".to_owned(),
        cause: Some(Cause::ScheduledRevision),
    }
}

fn target() -> TargetAnswer {
    TargetAnswer {
        key: given::key(),
        area_name: "Kent".to_owned(),
        span: given::span(),
        terms: given::terms(),
        display: "90% or more".to_owned(),
        minimum_display: Some("80% or more".to_owned()),
        decision: "minute 12".to_owned(),
        set_after_result: false,
        provenance: provenance(),
    }
}

pub(super) fn row() -> Row {
    Row {
        cell: given::cell(),
        definition: given::definition(),
        defined_later: false,
        cohort_name: "All".to_owned(),
        result: Some(ResultAnswer { entry: given::entry(), display: "43.4%".to_owned(), provenance: provenance() }),
        target: Some(target()),
        rating: Rating::Rated(Colour::Red),
        rule: code("kent.1"),
        explanation: "Red: 43.4% is worse than the minimum standard.".to_owned(),
        contradiction: Some(Contradiction { computed: Colour::Red, stated: Colour::Amber }),
        direction: DirectionAnswer {
            direction: Direction::Improved,
            method: code("previous-reported.1"),
            previous: Some(PreviousAnswer {
                display: "42.0%".to_owned(),
                period: StatedPeriod::Period(Period::parse("2018-08").unwrap()),
                as_stated: true,
            }),
        },
        benchmarks: vec![BenchmarkAnswer {
            comparator: Comparator::Area(code("E92000001")),
            name: "England".to_owned(),
            display: "not yet supplied".to_owned(),
            missing: Some(Missing::NotSupplied),
            period: StatedPeriod::NotStated,
            source: "DfE".to_owned(),
            stated_otherwise: None,
            verdict: Some(Verdict::Worse),
            neighbours: None,
        }],
        commentary: vec![CommentaryAnswer { text: "Demand rose.".to_owned(), stale: true, provenance: provenance() }],
        actions: vec![ActionAnswer {
            text: "Visit schools.".to_owned(),
            owner: "Standards".to_owned(),
            due: "2019-03-31".parse().unwrap(),
            stale: false,
            provenance: provenance(),
        }],
        forecasts: vec![(Period::parse("FY2018").unwrap(), "60.0%".to_owned())],
        marks: vec![Mark::Provisional, Mark::TargetOfArea(code("E10000016"))],
    }
}

pub(super) fn neighbours() -> NeighboursAnswer {
    NeighboursAnswer {
        list: code("near"),
        from: "2018-04-01".parse().unwrap(),
        average: Average::Median,
        at_least: 2,
        n_members: 3,
        n_counted: 2,
        left_out: vec![LeftOut {
            area: code("E10000008"),
            name: "Devon".to_owned(),
            reason: "not available".to_owned(),
        }],
        not_averaged: None,
        provenance: provenance(),
    }
}

pub(super) fn not_rated(why: NotRated) -> Row {
    Row {
        target: None,
        rating: Rating::NotRated(why),
        contradiction: None,
        direction: DirectionAnswer {
            direction: Direction::None(ratings::NoDirection::UnknownMethod),
            method: code("future.9"),
            previous: None,
        },
        marks: Vec::new(),
        ..row()
    }
}

#[test]
fn a_row_has_its_rating_as_a_word_and_as_an_enum() {
    let encoded = encode_row(&row());
    assert_eq!((encoded.rating(), encoded.rating_word.as_str()), (v1::Rating::Red, "Red"));
    assert_eq!((encoded.not_rated_code.as_str(), encoded.not_rated_reason.as_str()), ("", ""));
    let encoded = encode_row(&not_rated(NotRated::NoMinimumStandard));
    assert_eq!((encoded.rating(), encoded.rating_word.as_str()), (v1::Rating::NotRated, "not rated"));
    assert_eq!(encoded.not_rated_code, "no-minimum-standard");
    assert_eq!(encoded.not_rated_reason, "no minimum standard");
    assert_eq!(encoded.target, None);
}

#[test]
fn a_direction_names_its_method_even_an_unknown_one() {
    let known = encode_row(&row()).direction.unwrap();
    assert_eq!(known.method_words, "compared with the previously reported figure");
    assert_eq!(known.previous.unwrap().period_words, "August 2018");
    let unknown = encode_row(&not_rated(NotRated::NoTarget)).direction.unwrap();
    assert_eq!((unknown.method.as_str(), unknown.method_words.as_str()), ("future.9", "future.9"));
    assert_eq!(unknown.words, "unknown direction method");
}

#[test]
fn a_contradiction_and_a_direction_in_full() {
    let encoded = encode_row(&row());
    insta::assert_debug_snapshot!((encoded.contradiction, encoded.direction), @r#"
    (
        Some(
            Contradiction {
                computed: Red,
                stated: Amber,
                words: "the source printed Amber, but the rule gives Red",
            },
        ),
        Some(
            DirectionAnswer {
                direction: Improved,
                words: "improved",
                method: "previous-reported.1",
                method_words: "compared with the previously reported figure",
                previous: Some(
                    PreviousAnswer {
                        display: "42.0%",
                        period: Some(
                            StatedPeriod {
                                stated: Some(
                                    Period(
                                        "2018-08",
                                    ),
                                ),
                            },
                        ),
                        period_words: "August 2018",
                        as_stated: true,
                    },
                ),
            },
        ),
    )
    "#);
}

#[test]
fn a_benchmark_and_a_forecast_in_full() {
    let encoded = encode_row(&row());
    insta::assert_debug_snapshot!((encoded.benchmarks, encoded.forecasts), @r#"
    (
        [
            BenchmarkAnswer {
                comparator: Some(
                    Comparator {
                        comparator: Some(
                            Area(
                                "E92000001",
                            ),
                        ),
                    },
                ),
                name: "England",
                display: "not yet supplied",
                missing: NotSupplied,
                period: None,
                period_words: "period not stated",
                source: "DfE",
                stated_otherwise: "",
                verdict: Worse,
                verdict_words: "worse than",
                neighbours: None,
            },
        ],
        [
            Forecast {
                period: "FY2018",
                period_words: "2018/19",
                display: "60.0%",
            },
        ],
    )
    "#);
}

#[test]
fn an_average_of_neighbours_says_how_it_came_about() {
    let mut row = row();
    row.benchmarks[0].neighbours = Some(neighbours());
    let encoded = encode_row(&row).benchmarks.remove(0).neighbours.unwrap();
    assert_eq!(
        (encoded.list.as_str(), encoded.from.as_str(), encoded.average()),
        ("near", "2018-04-01", v1::Average::Median)
    );
    assert_eq!((encoded.at_least, encoded.n_members, encoded.n_counted), (2, 3, 2));
    let left_out = v1::LeftOutNeighbour {
        area: "E10000008".to_owned(),
        name: "Devon".to_owned(),
        reason: "not available".to_owned(),
    };
    assert_eq!((encoded.left_out, encoded.not_averaged.as_str()), (vec![left_out], ""));
    assert_eq!(encoded.words, "median of 2 of the 3 neighbours on near, without Devon (not available)");
    assert_eq!(encoded.provenance.unwrap().submission_id, row.result.unwrap().provenance.submission.to_string());
    row.benchmarks[0].neighbours = Some(NeighboursAnswer {
        not_averaged: Some(NotAveraged::TooFew { n_counted: 2, at_least: 3 }),
        ..neighbours()
    });
    row.result = None;
    let encoded = encode_row(&row).benchmarks.remove(0).neighbours.unwrap();
    assert_eq!(encoded.not_averaged, "not averaged: 2 have a figure, and it takes 3");
}

#[test]
fn a_row_says_which_cell_rule_and_words() {
    let encoded = encode_row(&row());
    assert_eq!(encoded.cell, Some(crate::value::encode_cell(&given::cell())));
    assert_eq!(encoded.definition, Some(crate::value::definition::encode(&given::definition())));
    assert_eq!((encoded.period_words.as_str(), encoded.cohort_name.as_str()), ("September 2018", "All"));
    assert_eq!((encoded.rule.as_str(), encoded.defined_later), ("kent.1", false));
    assert_eq!(encoded.explanation, row().explanation);
    let [commentary] = encoded.commentary.as_slice() else { panic!("one commentary") };
    assert_eq!((commentary.text.as_str(), commentary.stale), ("Demand rose.", true));
    let [provisional, of_area] = encoded.marks.as_slice() else { panic!("two marks") };
    assert_eq!((provisional.kind(), provisional.words.as_str()), (v1::MarkKind::Provisional, "provisional"));
    assert_eq!((of_area.area.as_str(), of_area.words.as_str()), ("E10000016", "judged by the target of Kent"));
}

#[test]
fn a_result_and_a_target_lead_back_to_their_line() {
    let encoded = encode_row(&row());
    let (result, target) = (encoded.result.unwrap(), encoded.target.unwrap());
    assert_eq!(result.entry, Some(crate::value::figure::encode_entry(&given::entry())));
    assert_eq!((result.display.as_str(), target.display.as_str()), ("43.4%", "90% or more"));
    assert_eq!((target.minimum_display.as_str(), target.owner_words.as_str()), ("80% or more", "local target"));
    assert_eq!(result.provenance, target.provenance);
    let provenance = result.provenance.unwrap();
    let origin = provenance.origin.clone().unwrap();
    assert_eq!((origin.file_name.as_str(), origin.file, origin.line), ("results.csv", 0, 7));
    assert_eq!((provenance.position, provenance.reason.as_str()), (9, "monthly return"));
    assert_eq!(
        (provenance.cause(), provenance.cause_words.as_str()),
        (v1::Cause::ScheduledRevision, "scheduled revision")
    );
    assert_eq!(provenance.actor, Some(v1::Actor { id: "jo".to_owned(), authenticated: true }));
}

#[test]
fn an_explanation_is_sentences() {
    let row = Row { marks: vec![Mark::Old(1), Mark::Old(3), Mark::TargetOfArea(code("E10000016"))], ..row() };
    insta::assert_debug_snapshot!(encode_explanation(&row, &basis(), PLACE).sentences, @r#"
    [
        "Red: 43.4% is worse than the minimum standard.",
        "The source printed Amber, but the rule gives Red.",
        "Direction of travel: improved, compared with the previously reported figure (42.0%, August 2018, as the source stated it).",
        "Note: 1 month older than the scorecard.",
        "Note: 3 months older than the scorecard.",
        "Note: judged by the target of Kent.",
    ]
    "#);
    let sentences = encode_explanation(&not_rated(NotRated::NoTarget), &basis(), PLACE).sentences;
    assert_eq!(sentences.last().unwrap(), "Direction of travel: unknown direction method.");
}

#[test]
fn every_mark_is_said_with_its_numbers() {
    let marks = vec![
        Mark::Doubt(Doubt::Unattainable { value: decimal("74.0"), denominator: decimal("364") }),
        Mark::Doubt(Doubt::Disagrees { stated: decimal("43.0"), rounded: decimal("43.4") }),
        Mark::Provisional,
        Mark::Estimated,
        Mark::CarriedForward,
        Mark::Old(3),
        Mark::TargetOfArea(code("E92000001")),
        Mark::TargetSetAfterResult,
        Mark::DefinedLater,
        Mark::OutsideExpectedRange,
        Mark::TargetBackdated {
            recorded_at: at("2019-03-12T10:00:00Z"),
            known_at: at("2018-04-01T10:00:00Z"),
            recorded_on: given::date("2019-03-12"),
            known_on: given::date("2018-04-01"),
        },
    ];
    let encoded = encode_row(&Row { marks, target: None, ..row() }).marks;
    let kinds: Vec<i32> = encoded.iter().map(|mark| mark.kind).collect();
    assert_eq!(kinds, (1..=11).collect::<Vec<_>>());
    let words: Vec<&str> = encoded.iter().map(|mark| mark.words.as_str()).collect();
    insta::assert_debug_snapshot!(words, @r#"
    [
        "no whole number out of 364 gives the printed 74.0",
        "the source printed 43.0, but its own counts give 43.4",
        "provisional",
        "estimated",
        "an earlier year's figure, carried forward",
        "3 months older than the scorecard",
        "judged by the target of E92000001",
        "the target was set after the result was known",
        "the measure was defined only later",
        "outside its expected range",
        "the target was recorded on 12 March 2019, said to be known on 1 April 2018",
    ]
    "#);
    assert_eq!(encoded[10].recorded_at, Some(encode_timestamp(at("2019-03-12T10:00:00Z"))));
    assert_eq!(encoded[10].known_at, Some(encode_timestamp(at("2018-04-01T10:00:00Z"))));
    assert_eq!(encoded[0].denominator, Some(v1::Decimal { coefficient: 364, scale: 0 }));
    assert_eq!(encoded[1].rounded, Some(v1::Decimal { coefficient: 434, scale: 1 }));
    assert_eq!((encoded[5].n_months, encoded[6].area.as_str()), (3, "E92000001"));
}

pub(super) fn card(rows: Vec<Row>, counts: Counts) -> Scorecard {
    Scorecard {
        scorecard: code("cype"),
        title: "CYPE".to_owned(),
        committee: "CYPE Cabinet Committee".to_owned(),
        remit: Remit { director: "Director".to_owned(), ..Remit::default() },
        period: Period::parse("2018-09").unwrap(),
        area: code("E10000016"),
        area_name: "Kent".to_owned(),
        basis: basis(),
        sections: vec![Section { title: "Monthly".to_owned(), rows }],
        counts,
        cohort_impacts: Vec::new(),
    }
}

#[test]
fn counts_reconcile() {
    let not_rated = vec![(NotRated::NoTarget, 2), (NotRated::NoResult, 3)];
    let scorecard = card(vec![row()], Counts { green: 1, amber: 4, red: 7, not_rated });
    let encoded = encode_scorecard(&scorecard, PLACE);
    assert_eq!(encoded.period_words, "September 2018");
    assert_eq!(encoded.remit.map(|remit| remit.director), Some("Director".to_owned()));
    assert_eq!(encoded.sections[0].rows, [encode_row(&row())]);
    let counts = encoded.counts.unwrap();
    assert_eq!((counts.n_not_rated, counts.total), (5, 17));
    let codes: Vec<_> = counts.not_rated.iter().map(|it| (it.code.as_str(), it.n_rows)).collect();
    assert_eq!(codes, [("no-target", 2), ("no-result", 3)]);
}

#[test]
fn a_withdrawn_target_has_no_terms() {
    let change = |terms| TargetChangeAnswer {
        key: given::key(),
        span: given::span(),
        terms,
        display: "withdrawn".to_owned(),
        minimum_display: None,
        decision: "minute 12".to_owned(),
        rolled_back: false,
        rolled_back_later: None,
        standing: true,
        stands: vec![given::span()],
        n_results_known_before: 2,
        judged: None,
        provenance: provenance(),
    };
    let history = TargetHistory {
        definition: given::definition(),
        cohort: None,
        changes: vec![change(Some(given::terms())), change(None)],
        basis: basis(),
    };
    let encoded = encode_target_history(history, PLACE);
    assert!(encoded.changes[0].terms.is_some());
    assert_eq!(encoded.changes[1].terms, None);
    assert_eq!(encoded.changes[1].span_words, "from 1 April 2018 to 31 March 2019");
    assert_eq!(encoded.changes[1].minimum_display, "");
    assert_eq!((encoded.keys.len(), encoded.keys[0].owner_words.as_str()), (1, "local target"));
    let submission = &encoded.submissions[0];
    assert_eq!((encoded.submissions.len(), submission.file_name.as_str()), (1, "results.csv"));
    assert_eq!(submission.actor.as_ref().unwrap().id, "jo");
    assert_eq!(submission.submission_id, "08080808-0808-0808-0808-080808080808");
    let from = encoded.changes[1].provenance.as_ref().unwrap();
    assert_eq!((from.reason.as_str(), from.origin.as_ref().unwrap().line), ("monthly return", 7));
    assert_eq!(encoded.changes[0].judged, None, "what was not asked for is absent");
}

#[test]
fn a_comparison_has_two_sides_and_causes() {
    let cause = NamedCause {
        kind: CauseKind::Target,
        words: "the target changed".to_owned(),
        alone: "Red".to_owned(),
        without: "Amber".to_owned(),
        moved: Some(Moved { by: "-2.5".parse().unwrap(), rounded: true }),
    };
    let difference = Difference {
        measure: Some(code("ehcp-20-weeks")),
        title: "EHCPs".to_owned(),
        cohort: Some(CohortId::all()),
        kind: DifferenceKind::Rating,
        of: String::new(),
        of_name: String::new(),
        before: "Amber".to_owned(),
        after: "Red".to_owned(),
        sentence: "EHCPs went from Amber to Red.".to_owned(),
        causes: vec![NamedCause { moved: None, ..cause.clone() }, cause],
        provenance: None,
        undone: Some(Undone {
            of: Position::new(7),
            rolled_back: true,
            position: Position::new(9),
            known_on: Date::constant(2018, 4, 1),
            actor: code("officer"),
            reason: "the wrong return".to_owned(),
        }),
    };
    let whole = Difference { measure: None, cohort: None, ..difference.clone() };
    let side = |period: &str| ComparedSide {
        view: Some(code("cype-2018-09")),
        scorecard: code("cype"),
        title: "The card".to_owned(),
        period: Period::parse(period).unwrap(),
        area: code("E10000016"),
        area_name: "Kent".to_owned(),
        basis: basis(),
        departures: vec![format!("For {period} it departs.")],
    };
    let (before, after) = (side("2018-09"), side("2018-10"));
    let comparison = Comparison { before, after, differences: vec![difference, whole], n_differences: 7 };
    let elsewhere = Place { chain: Digest([2; 32]), ..PLACE };
    let encoded = encode_comparison(&comparison, PLACE, elsewhere);
    let (before, after) = (encoded.before.unwrap(), encoded.after.unwrap());
    assert_eq!((before.period_words.as_str(), after.period.as_str()), ("September 2018", "2018-10"));
    assert_eq!(before.view, "cype-2018-09");
    assert_eq!(
        (before.departures, after.departures),
        (vec!["For 2018-09 it departs.".to_owned()], vec!["For 2018-10 it departs.".to_owned()])
    );
    assert_eq!(before.basis.unwrap().chain, "01".repeat(32));
    assert_eq!(after.basis.unwrap().chain, "02".repeat(32));
    assert_eq!(encoded.n_differences, 7);
    let [row, whole] = encoded.differences.as_slice() else { panic!("{:?}", encoded.differences) };
    assert_eq!((row.kind(), row.cohort.as_str()), (v1::DifferenceKind::Rating, "all"));
    assert_eq!((whole.measure.as_str(), whole.cohort.as_str()), ("", ""));
    assert_eq!(row.provenance, None);
    let undone = row.undone.clone().unwrap();
    assert_eq!((undone.of_position, undone.position, undone.rolled_back), (7, 9, true));
    assert_eq!([undone.known_on, undone.actor, undone.reason], ["2018-04-01", "officer", "the wrong return"]);
    let [unmoved, moved] = row.causes.as_slice() else { panic!("{:?}", row.causes) };
    assert_eq!((unmoved.moved, unmoved.moved_rounded), (None, false));
    assert_eq!((moved.kind(), moved.alone.as_str(), moved.moved_rounded), (v1::CauseKind::Target, "Red", true));
    assert_eq!(moved.moved, Some(v1::Decimal { coefficient: -25, scale: 1 }));
}

#[test]
fn a_history_keeps_rows_revisions_and_the_end_of_the_measure() {
    let entry = given::entry();
    let revision = |entry, standing: bool| RevisionAnswer {
        period: Period::parse("2018-09").unwrap(),
        entry,
        display: "43.4%".to_owned(),
        rolled_back: !standing,
        standing,
        provenance: provenance(),
    };
    let withdrawal =
        Withdrawal { from: given::date("2019-04-01"), successor: None, comparable: false, provenance: provenance() };
    let history = MeasureHistory {
        definition: given::definition(),
        definition_text: "Plans issued.".to_owned(),
        withdrawn: Some(withdrawal),
        area: (code("E10000016"), "Kent".to_owned()),
        cohort: code("all"),
        rows: vec![row()],
        revisions: vec![revision(Some(entry), true), revision(None, false)],
        basis: basis(),
    };
    let encoded = encode_measure_history(&history, PLACE);
    assert_eq!(encoded.rows, [encode_row(&row())]);
    assert_eq!((encoded.area.as_str(), encoded.area_name.as_str()), ("E10000016", "Kent"));
    let withdrawn = encoded.withdrawn.unwrap();
    assert_eq!((withdrawn.from.as_str(), withdrawn.successor.as_str()), ("2019-04-01", ""));
    let [first, second] = encoded.revisions.as_slice() else { panic!("two revisions") };
    assert_eq!((first.entry.is_some(), first.standing, first.rolled_back), (true, true, false));
    assert_eq!((second.entry.is_some(), second.standing, second.rolled_back), (false, false, true));
    assert_eq!(first.period_words, "September 2018");
}

#[test]
fn directories_leave_empty_what_there_is_not() {
    let entry = |periods| DirectoryEntry {
        definition: given::definition(),
        definition_text: "Plans issued.".to_owned(),
        withdrawn: None,
        provenance: provenance(),
        periods,
    };
    let (first, last) = (Period::parse("2018-08").unwrap(), Period::parse("2018-09").unwrap());
    let directory = Directory { measures: vec![entry(Some((first, last))), entry(None)], basis: basis() };
    let encoded = encode_directory(&directory, PLACE);
    let periods = |i: usize| (encoded.measures[i].first_period.as_str(), encoded.measures[i].last_period.as_str());
    assert_eq!((periods(0), periods(1)), (("2018-08", "2018-09"), ("", "")));
    assert_eq!(encoded.measures[1].withdrawn, None);

    let country =
        AreaAnswer { area: code("E92000001"), name: "England".to_owned(), level: AreaLevel::Country, parent: None };
    let encoded = encode_area(&country);
    assert_eq!((encoded.level(), encoded.parent.as_str()), (v1::AreaLevel::Country, ""));

    let scorecard = ScorecardEntry {
        scorecard: code("cype"),
        title: "CYPE".to_owned(),
        committee: String::new(),
        remit: Remit::default(),
        n_rows: 29,
    };
    assert_eq!(encode_scorecard_entry(&scorecard).n_rows, 29);
}

#[test]
fn a_submission_and_the_log_say_what_was_taken_in() {
    let opened = LogOpened {
        log: LogId([7; 16]),
        authority: code("E10000016"),
        time_zone: "Europe/London".to_owned(),
        format: 1,
    };
    let mut book = Book::default();
    book.apply(&super::events::recorded_at(1, Event::LogOpened(opened.clone()))).unwrap();
    let received = &book.submissions()[0];
    let encoded = encode_submission(received, true);
    assert_eq!((encoded.first_position, encoded.last_position), (1, 1));
    assert_eq!((encoded.rolled_back, encoded.fixed, encoded.n_facts), (true, true, 0));
    assert_eq!(encoded.submission_id, "08080808-0808-0808-0808-080808080808");

    let holdings = Holdings {
        position: position(1),
        format: 2,
        newest_format: 3,
        chain: Digest([1; 32]),
        recorded_at: book.recorded_at(),
        n_measures: 2,
        n_cells: 3,
        n_submissions: 1,
        read_only: "read-only: somewhere".to_owned(),
        warnings: vec!["the disk is full".to_owned()],
    };
    let status = encode_status(&opened, &holdings, "0.1.0");
    assert_eq!((status.position, status.n_measures, status.n_cells, status.n_submissions), (1, 2, 3, 1));
    assert_eq!((status.time_zone.as_str(), status.server_version.as_str()), ("Europe/London", "0.1.0"));
    assert_eq!(status.recorded_at, encoded.recorded_at);
    assert_eq!(status.read_only, "read-only: somewhere");
    assert_eq!(status.warnings, ["the disk is full"]);
    assert_eq!((status.format, status.newest_format), (2, 3));
}

#[test]
fn a_scorecard_of_as_many_rows_as_may_be_fits_in_a_message() {
    let text = Content::Inline("x".repeat(domain::limits::INLINE_BYTES_MAX));
    let definition = Definition { definition: text, ..given::definition() };
    let rows = vec![Row { definition, ..row() }; domain::limits::SCORECARD_ROWS_MAX];
    let n_bytes: usize = rows.iter().map(|row| encode_row(row).encoded_len()).sum();
    assert!(n_bytes < crate::limits::MESSAGE_BYTES_MAX, "{n_bytes}");
}
