//! Which target judges, and what a measure's targets were.

use std::num::NonZeroU32;

use domain::event::{TargetChanged, TargetWithdrawn};
use domain::result::Colour;
use domain::scorecard::LayoutRow;
use domain::target::TargetKey;
use domain::{AsOf, CohortId, Command, Date, Instruction, Origin, Owner, Span};
use ratings::{NotRated, Rating};

use super::rig::{
    NOW, Rig, area, as_known, cell_of, entry, give, key, known, lay_out, local_target, measure, noon, period, record,
    record_entry, row, target, terms,
};
use crate::answer::{Mark, Row};
use crate::history::explain;
use crate::target_history::{Extent, OfScorecard, Question, of_scorecard, recorded_targets, target_history};

/// Whose target judges a district's figure, and of which area.
fn judged_by(rig: &Rig) -> Option<(String, Owner)> {
    let (row, _) = explain(&rig.book, &cell_of("one", "D", "2018-01"), NOW).unwrap();
    row.target.map(|target| (target.key.area.to_string(), target.key.owner))
}

fn at(area: &str, owner: Owner) -> Instruction {
    target(key("one", area, owner), "2016-01-01", terms(90, None))
}

#[test]
fn the_areas_own_target_judges_then_the_nearest_containing_ones_each_by_the_order_of_owners() {
    let mut rig = Rig::new();
    rig.put_in(vec![record_entry(cell_of("one", "D", "2018-01"), entry("95"))]);
    assert_eq!(judged_by(&rig), None);
    // From the weakest claim to the strongest.
    for (area, owner) in [
        ("E", Owner::National),
        ("E", Owner::Local),
        ("K", Owner::National),
        ("K", Owner::Service),
        ("K", Owner::Local),
        ("D", Owner::National),
        ("D", Owner::Service),
        ("D", Owner::Local),
    ] {
        rig.put_in(vec![at(area, owner)]);
        assert_eq!(judged_by(&rig), Some((area.to_owned(), owner)));
        let (row, _) = explain(&rig.book, &cell_of("one", "D", "2018-01"), NOW).unwrap();
        let expected: &[Mark] = if area == "D" {
            &[Mark::TargetSetAfterResult]
        } else {
            &[Mark::TargetOfArea(super::rig::area(area)), Mark::TargetSetAfterResult]
        };
        assert_eq!(row.marks, expected);
    }
}

#[test]
fn another_cohorts_target_never_judges() {
    let mut rig = Rig::new();
    let some = TargetKey { cohort: CohortId::new("some").unwrap(), ..key("one", "K", Owner::Local) };
    rig.put_in(vec![record("one", "2018-01", "95"), target(some, "2016-01-01", terms(90, None))]);
    assert_eq!(rig.row("one", "2018-01", NOW).rating, Rating::NotRated(NotRated::NoTarget));
}

#[test]
fn a_row_may_say_whose_target_rates() {
    let mut rig = Rig::new();
    let by = |owner| LayoutRow { owner: Some(owner), ..row("one") };
    rig.put_in(vec![
        lay_out(vec![row("one"), by(Owner::National), by(Owner::Service)]),
        record("one", "2018-01", "92"),
        at("K", Owner::Local),
        target(key("one", "E", Owner::National), "2016-01-01", terms(93, Some(80))),
    ]);
    let card = rig.card("2018-01", NOW);
    let ratings: Vec<Rating> = card.sections[0].rows.iter().map(|row| row.rating).collect();
    let (green, amber) = (Rating::Rated(Colour::Green), Rating::Rated(Colour::Amber));
    assert_eq!(ratings, [green, amber, Rating::NotRated(NotRated::NoTarget)]);
}

/// When the target is put in, and when it is said to have been known; the same of the result. Whether it is flagged.
fn late(target: (&str, Option<&str>), result: (&str, Option<&str>)) -> Option<Mark> {
    let mut rig = Rig::new();
    let said = |day: Option<&str>, it: Instruction| day.map_or(it.clone(), |day| known(day, it));
    let mut put_in = vec![
        (target.0, said(target.1, local_target("one", 90, None))),
        (result.0, said(result.1, record("one", "2018-01", "95"))),
    ];
    put_in.sort_by_key(|(day, _)| day.to_string());
    for (day, it) in put_in {
        rig.on(day).put_in(vec![it]);
    }
    let row = rig.row("one", "2018-01", NOW);
    let target = row.target.unwrap();
    assert_eq!(target.late(), row.marks.first().cloned());
    assert_eq!(target.set_after_result, !row.marks.is_empty());
    row.marks.first().cloned()
}

#[test]
fn a_target_is_flagged_when_it_was_recorded_after_the_result_was_known() {
    let backdated = |known_at: &str| {
        let (recorded_on, known_on) = (Date::constant(2018, 3, 1), known_at.parse().unwrap());
        Some(Mark::TargetBackdated { recorded_at: noon("2018-03-01"), known_at: noon(known_at), recorded_on, known_on })
    };
    let (first, second) = ("2018-02-01", "2018-03-01");
    assert_eq!(late((first, None), (second, None)), None);
    assert_eq!(late((second, None), (first, None)), Some(Mark::TargetSetAfterResult));
    assert_eq!(late((first, Some("2017-01-01")), (second, None)), None, "it was here before the figure was known");
    let it = late((second, Some("2017-01-01")), (first, None));
    assert_eq!(it, backdated("2017-01-01"), "it is said to be older, but the figure was known before it was recorded");
    let it = late((second, Some("2017-01-01")), ("2018-04-01", Some("2018-02-15")));
    assert_eq!(it, backdated("2017-01-01"), "whenever the figure was itself taken in");
    assert_eq!(late((second, Some("2018-02-15")), (first, None)), backdated("2018-02-15"));
}

#[test]
fn a_target_is_flagged_for_each_period_by_itself() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "95")]);
    rig.on("2018-03-01").put_in(vec![local_target("one", 90, None)]);
    rig.on("2018-04-01").put_in(vec![record("one", "2018-02", "95")]);
    let flagged = |period| rig.row("one", period, NOW).target.unwrap().set_after_result;
    assert_eq!(["2018-01", "2018-02"].map(flagged), [true, false]);
}

#[test]
fn a_revised_figure_is_as_old_as_its_first_one() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "95")]);
    rig.on("2018-03-01").put_in(vec![local_target("one", 90, None)]);
    rig.on("2018-04-01").put_in(vec![record("one", "2018-01", "96")]);
    assert!(rig.row("one", "2018-01", NOW).target.unwrap().set_after_result);
}

fn span(first: &str, last: &str) -> Span {
    Span::of_periods(period(first), Some(period(last))).unwrap()
}

fn over(span: Span, value: i64) -> Instruction {
    let (key, decision) = (key("one", "K", Owner::Local), "minute 8".to_owned());
    give(Command::ChangeTarget(TargetChanged { key, span, terms: terms(value, None), decision }))
}

fn all(period_code: Option<&str>) -> Question {
    Question { measure: measure("one"), area: None, cohort: None, period: period_code.map(period) }
}

/// Each change as its display, whether it stands, and whether it is rolled back.
fn changes(rig: &Rig, question: &Question, as_of: AsOf) -> Vec<(String, bool, bool)> {
    let history = target_history(&rig.book, question, Extent::default(), as_of).unwrap();
    history.changes.into_iter().map(|change| (change.display, change.standing, change.rolled_back)).collect()
}

fn told(display: &str, standing: bool, rolled_back: bool) -> (String, bool, bool) {
    (display.to_owned(), standing, rolled_back)
}

#[test]
fn a_target_history_tells_every_change_and_what_of_it_still_stands() {
    let mut rig = Rig::new();
    rig.put_in(vec![over(span("2018-01", "2018-06"), 90)]);
    rig.put_in(vec![over(span("2018-01", "2018-02"), 91)]);
    let last = rig.put_in(vec![over(span("2018-04", "2018-06"), 92)]);
    let expected =
        [told("90% or more", true, false), told("91% or more", true, false), told("92% or more", true, false)];
    assert_eq!(changes(&rig, &all(None), NOW), expected, "the first still judges March");
    assert_eq!(changes(&rig, &all(Some("2018-03")), NOW), [told("90% or more", true, false)]);
    let whole = rig.put_in(vec![over(span("2018-03", "2018-03"), 93)]);
    assert!(!changes(&rig, &all(None), NOW)[0].1, "nothing of the first stands");
    rig.put_in(vec![give(Command::RollBackSubmission(whole))]);
    rig.put_in(vec![give(Command::RollBackSubmission(last))]);
    assert_eq!(
        changes(&rig, &all(None), NOW),
        [
            told("90% or more", true, false),
            told("91% or more", true, false),
            told("92% or more", false, true),
            told("93% or more", false, true),
        ]
    );
    let (key, decision) = (key("one", "K", Owner::Local), "minute 9".to_owned());
    let withdrawn = TargetWithdrawn { key, span: span("2018-01", "2018-06"), decision };
    rig.put_in(vec![give(Command::WithdrawTarget(withdrawn))]);
    let now = changes(&rig, &all(None), NOW);
    assert_eq!(now.iter().map(|(_, standing, _)| *standing).collect::<Vec<_>>(), [false; 5]);
    assert_eq!(now[4].0, "withdrawn");
}

#[test]
fn of_a_submission_of_several_files_each_change_names_its_own() {
    let mut rig = Rig::new();
    let of_file = |(period, file): (&str, Option<u16>)| {
        let origin = file.map(|file| Origin { file, line: NonZeroU32::MIN });
        Instruction { origin, ..over(span(period, period), 90) }
    };
    let from = [("2018-01", Some(0)), ("2018-02", Some(1)), ("2018-03", None), ("2018-04", Some(0))];
    rig.put_in_with(&["county.csv", "districts.csv"], from.map(of_file).to_vec());
    let recorded = recorded_targets(&rig.book, &all(None), NOW).unwrap();
    let named = recorded.changes.iter().map(|it| recorded.came_with[it.came_with].file_name.as_str());
    assert_eq!(named.collect::<Vec<_>>(), ["county.csv", "districts.csv", "", "county.csv"]);
    assert_eq!(recorded.came_with.len(), 3, "each once");
}

#[test]
fn a_target_history_counts_the_results_that_were_known_before_a_change() {
    let mut rig = Rig::new();
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "95")]);
    rig.on("2018-03-01").put_in(vec![over(span("2018-01", "2018-06"), 90)]);
    rig.on("2018-04-01").put_in(vec![record("one", "2018-02", "95"), record("one", "2018-07", "95")]);
    let history = target_history(&rig.book, &all(None), Extent::default(), NOW).unwrap();
    assert_eq!(history.changes[0].n_results_known_before, 1);
    assert_eq!(history.changes[0].decision, "minute 8");
    assert_eq!(history.changes[0].provenance.reason, "because");
    let elsewhere = Question { area: Some(area("E")), ..all(None) };
    assert_eq!(changes(&rig, &elsewhere, NOW), []);
}

#[test]
fn a_result_that_was_known_only_after_the_bounds_is_not_counted() {
    let mut rig = Rig::new();
    rig.on("2018-03-01").put_in(vec![record("one", "2018-01", "95")]);
    rig.on("2018-04-01").put_in(vec![known("2018-02-10", over(span("2018-01", "2018-06"), 90))]);
    let counted = |as_of| {
        let history = target_history(&rig.book, &all(None), Extent::default(), as_of).unwrap();
        history.changes[0].n_results_known_before
    };
    assert_eq!((counted(as_known("2018-02-15")), counted(NOW)), (0, 1));
}

#[test]
fn what_stands_is_said_of_its_own_change_where_an_earlier_one_is_rolled_back() {
    let mut rig = Rig::new();
    let first = rig.put_in(vec![over(span("2018-01", "2018-06"), 90)]);
    rig.put_in(vec![over(span("2018-02", "2018-03"), 91)]);
    rig.put_in(vec![give(Command::RollBackSubmission(first))]);
    rig.put_in(vec![over(span("2018-05", "2018-05"), 92)]);
    let history = target_history(&rig.book, &all(None), Extent::default(), NOW).unwrap();
    let stands: Vec<_> = history.changes.into_iter().map(|change| change.stands).collect();
    assert_eq!(stands, [vec![], vec![span("2018-02", "2018-03")], vec![span("2018-05", "2018-05")]]);
}

#[test]
fn a_target_stands_for_the_days_that_no_later_change_took_from_it() {
    let mut rig = Rig::new();
    rig.put_in(vec![over(span("2018-01", "2018-06"), 90)]);
    rig.put_in(vec![over(span("2018-03", "2018-03"), 91)]);
    let only = Extent { standing_only: true, ..Extent::default() };
    let stands = |question: &Question, extent| {
        let history = target_history(&rig.book, question, extent, NOW).unwrap();
        history.changes.into_iter().map(|change| (change.display, change.stands)).collect::<Vec<_>>()
    };
    let parts = vec![span("2018-01", "2018-02"), span("2018-04", "2018-06")];
    let expected = [("90% or more".to_owned(), parts), ("91% or more".to_owned(), vec![span("2018-03", "2018-03")])];
    assert_eq!(stands(&all(None), only), expected);
    rig.put_in(vec![over(span("2018-01", "2018-07"), 92)]);
    let stands = |extent| {
        let history = target_history(&rig.book, &all(None), extent, NOW).unwrap();
        history.changes.into_iter().map(|change| (change.display, change.stands)).collect::<Vec<_>>()
    };
    assert_eq!(stands(only), [("92% or more".to_owned(), vec![span("2018-01", "2018-07")])]);
    assert_eq!(stands(Extent::default()).len(), 3, "the others are told, and stand no more");
}

#[test]
fn a_change_tells_what_it_judged_and_what_it_would_have() {
    let mut rig = Rig::new();
    let set = |value| {
        let (key, decision) = (key("one", "K", Owner::Local), "minute 8".to_owned());
        let span = span("2018-01", "2018-04");
        give(Command::ChangeTarget(TargetChanged { key, span, terms: terms(value, Some(80)), decision }))
    };
    rig.on("2018-01-01").put_in(vec![set(95)]);
    rig.on("2018-06-01").put_in(vec![
        record("one", "2018-01", "95"),
        record("one", "2018-02", "92"),
        record("one", "2018-03", "79"),
        record("one", "2018-05", "99"),
    ]);
    rig.on("2018-07-01").put_in(vec![set(92)]);
    let extent = Extent { judged: true, ..Extent::default() };
    let history = target_history(&rig.book, &all(None), extent, NOW).unwrap();
    let told = |change: &crate::answer::TargetChangeAnswer| {
        let judged = change.judged.clone().unwrap();
        let periods = judged
            .periods
            .iter()
            .map(|it| (it.period.code(), it.display.clone(), it.rating.word(), it.judges, it.set_after_result));
        (judged.n_judged, judged.n_met, judged.n_minimum_met, periods.collect::<Vec<_>>())
    };
    let row = |period: &str, display: &str, word, now| (period.to_owned(), display.to_owned(), word, now, now);
    let first = vec![
        row("2018-01", "95.0%", "Green", false),
        row("2018-02", "92.0%", "Amber", false),
        row("2018-03", "79.0%", "Red", false),
    ];
    assert_eq!(told(&history.changes[0]), (3, 1, 2, first));
    let second = vec![
        row("2018-01", "95.0%", "Green", true),
        row("2018-02", "92.0%", "Green", true),
        row("2018-03", "79.0%", "Red", true),
    ];
    assert_eq!(told(&history.changes[1]), (3, 2, 2, second));
    assert_eq!(
        history.changes[1].judged.as_ref().unwrap().words(),
        "of 3 results in its span, 2 met it, and 2 met the minimum standard"
    );
}

#[test]
fn a_missed_target_without_a_minimum_standard_was_judged_and_not_met() {
    let mut rig = Rig::new();
    rig.put_in(vec![over(span("2018-01", "2018-01"), 90), record("one", "2018-01", "89")]);
    let extent = Extent { judged: true, ..Extent::default() };
    let judged = target_history(&rig.book, &all(None), extent, NOW).unwrap().changes[0].judged.clone().unwrap();
    assert_eq!((judged.n_judged, judged.n_met, judged.n_minimum_met), (1, 0, 0));
}

#[test]
fn a_scorecards_targets_are_those_of_its_rows_and_of_the_areas_around_it() {
    let mut rig = Rig::new();
    rig.put_in(vec![
        local_target("one", 90, None),
        target(key("one", "E", Owner::National), "2016-01-01", terms(93, None)),
        target(key("one", "D", Owner::Local), "2016-01-01", terms(80, None)),
        local_target("two", 50, None),
    ]);
    let question = OfScorecard { scorecard: super::rig::question("2018-01").scorecard, area: area("K") };
    let (histories, _) = of_scorecard(&rig.book, &question, Extent::default(), NOW).unwrap();
    let displays = |it: &crate::answer::TargetHistory| it.changes.iter().map(|c| c.display.clone()).collect::<Vec<_>>();
    assert_eq!(
        histories.iter().map(displays).collect::<Vec<_>>(),
        [vec!["90% or more", "93% or more"], vec!["50% or more"]]
    );
}

#[test]
fn an_amber_is_between_the_target_and_the_minimum_standard_and_equality_is_met() {
    let mut rig = Rig::new();
    rig.put_in(vec![local_target("one", 90, Some(80))]);
    let mut rated = |figure: &str| -> Row {
        rig.put_in(vec![record("one", "2018-01", figure)]);
        rig.row("one", "2018-01", NOW)
    };
    for (figure, colour) in [
        ("90", Colour::Green),
        ("8999/100", Colour::Green),
        ("89.9999", Colour::Amber),
        ("80", Colour::Amber),
        ("79.9999", Colour::Red),
    ] {
        assert_eq!(rated(figure).rating, Rating::Rated(colour), "{figure}");
    }
}
