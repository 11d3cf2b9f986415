//! By what causes a rating or a verdict became another: one cause at a time, and several at once.

use domain::event::{Average, BenchmarkRecorded, Comparator, MeasureWithdrawn, NeighboursAdopted, RuleAdopted};
use domain::ids::NeighboursId;
use domain::measure::{Definition, Polarity};
use domain::result::StatedPeriod;
use domain::scorecard::{LayoutRow, Section};
use domain::target::TargetKey;
use domain::view::{Meeting, ViewDraft, Warnings};
use domain::{
    AsOf, CohortId, Command, Date, Instruction, Layout, Owner, Position, RuleId, ScorecardId, Status, Target, Terms,
    ViewId,
};

use super::rig::{
    NOW, Rig, area, as_known, because, cell, cell_of, define, definition, entry, give, key, known, lay_out,
    local_target, measure, question, record, record_entry, row, target, terms,
};
use crate::answer::{CauseKind, Comparison, Difference, DifferenceKind};
use crate::comparison::{Asked, Side, compare, sides};
use crate::scorecard::Question;

/// A figure of 78 against a target of 80 with a minimum standard of 70, as of 1 February 2018: Amber.
fn amber() -> Rig {
    let mut rig = Rig::new();
    rig.on("2018-01-15").put_in(vec![local_target("one", 80, Some(70))]);
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "78"), record("two", "2018-01", "50")]);
    rig
}

const BEFORE: &str = "2018-02-15";

fn of_kind(comparison: &Comparison, kind: DifferenceKind) -> Vec<&Difference> {
    comparison.differences.iter().filter(|it| it.kind == kind).collect()
}

/// What one difference of a kind says is caused by what, what each alone would do and by how much it moves.
#[track_caller]
fn caused(comparison: &Comparison, kind: DifferenceKind) -> Vec<(CauseKind, String, Option<String>)> {
    let found = of_kind(comparison, kind);
    let [difference] = found.as_slice() else { panic!("{found:?} {:?}", comparison.differences) };
    let told = |it: &crate::answer::NamedCause| (it.kind, it.alone.clone(), it.moved.map(|moved| moved.by.to_string()));
    difference.causes.iter().map(told).collect()
}

/// Puts in what changes the rating of the first measure, and says what is named as the cause.
#[track_caller]
fn check(given: Vec<Instruction>, expected: &[(CauseKind, &str, Option<&str>)]) {
    let mut rig = amber();
    rig.on("2018-03-01").put_in(given);
    let found = caused(&rig.compare("2018-01", as_known(BEFORE), NOW), DifferenceKind::Rating);
    let found: Vec<_> = found.iter().map(|(kind, alone, moved)| (*kind, alone.as_str(), moved.as_deref())).collect();
    assert_eq!(found, expected);
}

fn new_target(value: i64, minimum: Option<i64>) -> Instruction {
    because("the plan", None, local_target("one", value, minimum))
}

fn some() -> CohortId {
    CohortId::new("some").unwrap()
}

#[test]
fn the_data() {
    check(vec![record("one", "2018-01", "81.25")], &[(CauseKind::Data, "Green", Some("3.25"))]);
    let mut forecast = entry("78");
    forecast.status = Status::Forecast;
    let forecast = record_entry(cell("one", "2018-01"), forecast);
    check(vec![forecast], &[(CauseKind::Data, "not rated (a forecast)", None)]);
}

#[test]
fn the_target_and_the_minimum_standard_each_by_itself() {
    check(vec![new_target(75, Some(70))], &[(CauseKind::Target, "Green", Some("5"))]);
    check(vec![new_target(80, Some(79))], &[(CauseKind::Minimum, "Red", Some("-9"))]);
}

#[test]
fn the_rule_and_the_definition() {
    let rule = RuleAdopted {
        rule: RuleId::new("kent.1").unwrap(),
        measure: Some(measure("one")),
        from: Date::constant(2018, 1, 1),
    };
    let mut rig = amber();
    let unknown = RuleAdopted { rule: RuleId::new("other.9").unwrap(), ..rule };
    rig.on("2018-03-01").put_in(vec![give(Command::AdoptRatingRule(unknown))]);
    let told = rig.compare("2018-01", as_known(BEFORE), NOW);
    assert_eq!(
        caused(&told, DifferenceKind::Rating),
        [(CauseKind::Rule, "not rated (unknown rating rule)".to_owned(), None)]
    );
    let turned = Definition { polarity: Polarity::Lower, ..definition("one") };
    let unfit = "not rated (target does not suit the measure)";
    check(vec![define(turned)], &[(CauseKind::Definition, unfit, None)]);
}

#[test]
fn the_cohort_is_one_row_that_changed_and_brings_its_figure_and_target() {
    let mut rig = amber();
    let mut of_some = cell("one", "2018-01");
    of_some.series.cohort = some();
    let key_of_some = TargetKey { cohort: some(), ..key("one", "K", Owner::Local) };
    rig.put_in(vec![record_entry(of_some, entry("82")), target(key_of_some, "2016-01-01", terms(80, Some(70)))]);
    rig.on("2018-03-01").put_in(vec![lay_out(vec![LayoutRow { cohort: some(), ..row("one") }, row("two")])]);
    let told = rig.compare("2018-01", as_known(BEFORE), NOW);
    assert_eq!(caused(&told, DifferenceKind::Rating), [(CauseKind::Cohort, "Green".to_owned(), Some("4".to_owned()))]);
    assert!(of_kind(&told, DifferenceKind::Added).is_empty() && of_kind(&told, DifferenceKind::Removed).is_empty());
    assert_eq!(
        of_kind(&told, DifferenceKind::Cohort)[0].sentence,
        "The one is now shown and rated for Cohort some (some) instead of Cohort all (all); its figure is 82.0%, its target \
         is 80% or more. Known on 1 March 2018, by officer. Reason: because."
    );
    let result = "The one shows 82.0% for Cohort some; for Cohort all it was 78.0%.";
    assert!(of_kind(&told, DifferenceKind::Result)[0].sentence.starts_with(result), "{told:#?}");
    let target = of_kind(&told, DifferenceKind::Target);
    assert!(target.iter().all(|it| !it.sentence.contains("raised")), "{target:#?}");
}

#[test]
fn where_both_cohorts_stay_and_another_is_rated_each_row_says_so() {
    let shown = |cohort: CohortId, rated| LayoutRow { cohort, rated, ..row("one") };
    let mut rig = amber();
    rig.put_in(vec![lay_out(vec![shown(CohortId::all(), true), shown(some(), false)])]);
    rig.on("2018-03-01").put_in(vec![lay_out(vec![shown(some(), true), shown(CohortId::all(), false)])]);
    let told = rig.compare("2018-01", as_known(BEFORE), NOW);
    let layouts: Vec<_> = of_kind(&told, DifferenceKind::Layout).iter().map(|it| it.sentence.as_str()).collect();
    assert_eq!(
        layouts,
        [
            "The one for Cohort some is now rated on the scorecard; it was shown for information. Known on 1 March 2018, by officer. Reason: because.",
            "The one for Cohort all is no longer rated, but shown for information, on the scorecard; it was rated. Known on 1 March 2018, by officer. Reason: because.",
        ]
    );
    assert!(of_kind(&told, DifferenceKind::Cohort).is_empty() && of_kind(&told, DifferenceKind::Result).is_empty());
}

#[test]
fn the_layout_by_being_shown_only_and_by_whose_target_rates() {
    let only = LayoutRow { rated: false, ..row("one") };
    check(vec![lay_out(vec![only, row("two")])], &[(CauseKind::Layout, "not rated (shown for information)", None)]);
    let national = target(key("one", "K", Owner::National), "2016-01-01", terms(75, None));
    let by_national = LayoutRow { owner: Some(Owner::National), ..row("one") };
    check(
        vec![national, lay_out(vec![by_national, row("two")])],
        &[(CauseKind::Target, "Amber", None), (CauseKind::Layout, "not rated (no target)", None)],
    );
    let mut rig = amber();
    rig.put_in(vec![target(key("one", "K", Owner::National), "2016-01-01", terms(75, None))]);
    rig.on("2018-03-01")
        .put_in(vec![lay_out(vec![LayoutRow { owner: Some(Owner::National), ..row("one") }, row("two")])]);
    let told = rig.compare("2018-01", as_known(BEFORE), NOW);
    assert_eq!(caused(&told, DifferenceKind::Rating), [(CauseKind::Layout, "Green".to_owned(), Some("5".to_owned()))]);
    assert!(of_kind(&told, DifferenceKind::Rating)[0].sentence.contains("because another owner's target rates it, 5 "));
}

fn withdrawal(successor: Option<&str>) -> Instruction {
    give(Command::WithdrawMeasure(MeasureWithdrawn {
        measure: measure("one"),
        from: Date::constant(2018, 1, 1),
        successor: successor.map(measure),
        comparable: true,
    }))
}

#[test]
fn the_withdrawal_with_its_reason_and_successor() {
    check(
        vec![because("no longer collected", None, withdrawal(None))],
        &[(CauseKind::Withdrawal, "not rated (measure withdrawn)", None)],
    );
    let mut rig = amber();
    rig.on("2018-03-01").put_in(vec![because("no longer collected", None, withdrawal(Some("two")))]);
    let told = rig.compare("2018-01", as_known(BEFORE), NOW);
    assert_eq!(
        of_kind(&told, DifferenceKind::Withdrawn)[0].sentence,
        "The one is withdrawn from 1 January 2018; The two is reported instead, and continues it. Known on 1 March 2018. \
         Reason: no longer collected."
    );
    rig.on("2018-04-01").put_in(vec![lay_out(vec![row("two")])]);
    let told = rig.compare("2018-01", as_known(BEFORE), NOW);
    let kinds: Vec<_> = told.differences.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [DifferenceKind::Removed, DifferenceKind::Withdrawn], "gone from the scorecard, and why");
}

#[test]
fn of_several_at_once_each_says_what_it_alone_would_have_done() {
    check(
        vec![record("one", "2018-01", "79"), new_target(79, Some(75))],
        &[(CauseKind::Data, "Amber", Some("1")), (CauseKind::Target, "Amber", Some("1"))],
    );
    // Either would do by itself, so that giving one back would not give the old rating.
    check(
        vec![record("one", "2018-01", "83"), new_target(75, Some(70))],
        &[(CauseKind::Data, "Green", Some("5")), (CauseKind::Target, "Green", Some("5"))],
    );
    let mut rig = amber();
    rig.on("2018-03-01").put_in(vec![record("one", "2018-01", "79"), new_target(79, Some(70))]);
    let told = rig.compare("2018-01", as_known(BEFORE), NOW);
    assert_eq!(
        of_kind(&told, DifferenceKind::Rating)[0].sentence,
        "The one went from Amber to Green because the result changed, and the target changed. The result alone: still \
         Amber, 1 percentage point better against the target. The target alone: still Amber, 1 percentage point better \
         against the target."
    );
}

#[test]
fn what_changed_without_any_effect_is_not_a_cause() {
    let renamed = Definition { title: "A name".to_owned(), decimal_places: 3, ..definition("one") };
    check(
        vec![record("one", "2018-01", "81"), define(renamed), new_target(79, Some(60))],
        &[(CauseKind::Data, "Green", Some("3"))],
    );
}

fn beside(comparator: Comparator, figure: &str) -> Instruction {
    give(Command::RecordBenchmark(BenchmarkRecorded {
        cell: cell("one", "2018-01"),
        comparator,
        figure: Ok(figure.parse().unwrap()),
        period: StatedPeriod::Period("2018-01".parse().unwrap()),
        source: String::new(),
    }))
}

#[test]
fn a_verdict_changes_by_the_data_or_by_the_comparators_figure() {
    let mut rig = amber();
    rig.put_in(vec![beside(Comparator::Group("peers".to_owned()), "77")]);
    rig.on("2018-03-01").put_in(vec![record("one", "2018-01", "76")]);
    let told = rig.compare("2018-01", as_known(BEFORE), NOW);
    assert_eq!(caused(&told, DifferenceKind::Verdict), [(CauseKind::Data, "worse than".to_owned(), None)]);
    rig.on("2018-04-01").put_in(vec![beside(Comparator::Group("peers".to_owned()), "75")]);
    let told = rig.compare("2018-01", as_known("2018-03-15"), NOW);
    assert_eq!(caused(&told, DifferenceKind::Verdict), [(CauseKind::Comparator, "better than".to_owned(), None)]);
    assert_eq!(
        of_kind(&told, DifferenceKind::Verdict)[0].sentence,
        "The one was worse than peers and is now better than peers because the figure of peers changed."
    );
}

fn list(members: &[&str], average: Average) -> Instruction {
    give(Command::AdoptNeighbours(NeighboursAdopted {
        list: NeighboursId::new("near").unwrap(),
        area: area("K"),
        from: Date::constant(2016, 1, 1),
        members: members.iter().map(|code| area(code)).collect(),
        average,
        at_least: 1,
    }))
}

#[test]
fn a_verdict_against_neighbours_changes_by_their_figures_the_list_or_how_it_is_averaged() {
    let begun = || {
        let mut rig = amber();
        rig.put_in(vec![super::rig::define_area("D3", None), list(&["E", "D", "D3"], Average::Mean)]);
        let of = |code, figure| record_entry(cell_of("one", code, "2018-01"), entry(figure));
        rig.put_in(vec![of("E", "70"), of("D", "77"), of("D3", "90")]);
        rig
    };
    let verdict = |mut rig: Rig, instruction: Instruction| {
        rig.on("2018-03-01").put_in(vec![because("new", None, instruction)]);
        let told = rig.compare("2018-01", as_known(BEFORE), NOW);
        let kinds: Vec<_> = told.differences.iter().map(|it| it.kind).collect();
        (caused(&told, DifferenceKind::Verdict), kinds.contains(&DifferenceKind::Neighbours))
    };
    let better = |kind| (vec![(kind, "better than".to_owned(), None)], kind == CauseKind::Neighbours);
    assert_eq!(verdict(begun(), list(&["E", "D", "D3"], Average::Median)), better(CauseKind::Neighbours));
    assert_eq!(verdict(begun(), list(&["E", "D"], Average::Mean)), better(CauseKind::Neighbours));
    let lower = record_entry(cell_of("one", "D3", "2018-01"), entry("80"));
    assert_eq!(verdict(begun(), lower), better(CauseKind::Comparator));
}

#[test]
fn lowered_and_raised_say_what_they_mean_where_less_is_better() {
    let mut rig = Rig::new();
    let most = |value| Terms { target: Target::LessThan(domain::Decimal::whole(value)), ..terms(0, None) };
    let set = |value| target(key("one", "K", Owner::Local), "2016-01-01", most(value));
    rig.put_in(vec![define(Definition { polarity: Polarity::Lower, ..definition("one") }), set(22)]);
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "21")]);
    rig.on("2018-03-01").put_in(vec![set(20)]);
    let told = rig.compare("2018-01", as_known(BEFORE), NOW);
    assert_eq!(
        of_kind(&told, DifferenceKind::Target)[0].sentence,
        "The target for The one was lowered from 22% to 20% (tightened), decided 1 March 2018, minute 7, after the January \
         2018 result was known. Reason: because."
    );
}

#[test]
fn sections_and_rows_that_moved_are_told_once_each() {
    let sections = |rows: &[(&str, &[&str])]| {
        let section = |(title, rows): &(&str, &[&str])| Section {
            title: (*title).to_owned(),
            rows: rows.iter().map(|code| row(code)).collect(),
        };
        let Command::DefineScorecard(card) = lay_out(Vec::new()).command else { unreachable!() };
        let layout = Layout { sections: rows.iter().map(section).collect() };
        give(Command::DefineScorecard(domain::command::ScorecardDefinition { layout, ..card }))
    };
    let mut rig = Rig::new();
    rig.put_in(["three", "four", "five"].map(|code| define(definition(code))).to_vec());
    rig.put_in(vec![sections(&[("Monthly", &["one", "two", "three", "four"]), ("Yearly", &["five"])])]);
    let changes = |given: Instruction| {
        let mut rig = Rig::new();
        rig.put_in(["three", "four", "five"].map(|code| define(definition(code))).to_vec());
        rig.put_in(vec![sections(&[("Monthly", &["one", "two", "three", "four"]), ("Yearly", &["five"])])]);
        rig.on("2018-03-01").put_in(vec![given]);
        let told = rig.compare("2018-01", as_known(BEFORE), NOW);
        told.differences.into_iter().map(|it| it.sentence).collect::<Vec<_>>()
    };
    assert_eq!(
        changes(sections(&[("Monthly", &["four", "one", "two", "three"]), ("Each year", &["five"])])),
        [
            "The section “Yearly” is now called “Each year”. Known on 1 March 2018, by officer. Reason: because.",
            "The four moved from row 4 of “Monthly”, below The three to row 1 of “Monthly”, at the top. Known on 1 March 2018, by officer. Reason: because.",
        ]
    );
    assert_eq!(
        changes(sections(&[("Yearly", &["five"]), ("Monthly", &["one", "two", "three", "four"])])),
        [
            "The section “Yearly” is now section 1 of 2; it was section 2 of 2. Known on 1 March 2018, by officer. Reason: because."
        ]
    );
    assert_eq!(
        changes(sections(&[("Monthly", &["one", "two", "four"]), ("Yearly", &["three", "five"])])),
        [
            "The three moved from row 3 of “Monthly”, below The two to row 1 of “Yearly”, at the top. Known on 1 March 2018, by officer. Reason: because."
        ]
    );
}

#[test]
fn a_commentary_about_a_figure_that_changed_has_become_stale() {
    let mut rig = amber();
    rig.put_in(vec![give(Command::WriteCommentary { cell: cell("one", "2018-01"), text: "Good.".to_owned() })]);
    rig.on("2018-03-01").put_in(vec![record("one", "2018-01", "79")]);
    let told = rig.compare("2018-01", as_known(BEFORE), NOW);
    assert_eq!(
        of_kind(&told, DifferenceKind::Commentary)[0].sentence,
        "The commentary on The one, known on 1 February 2018, is stale: it is about a figure that has changed since."
    );
}

#[test]
fn two_periods_and_two_scorecards_are_compared_row_by_row() {
    let mut rig = amber();
    rig.on("2018-03-01").put_in(vec![record("one", "2018-02", "81")]);
    let Command::DefineScorecard(card) = lay_out(vec![row("one")]).command else { unreachable!() };
    let other = ScorecardId::new("other").unwrap();
    let card = domain::command::ScorecardDefinition { scorecard: other.clone(), title: "Another".to_owned(), ..card };
    rig.put_in(vec![give(Command::DefineScorecard(card))]);
    let asked = Asked { view: None, scorecard: None, period: None, area: None, as_of: NOW };
    let first = Asked {
        scorecard: Some(question("2018-01").scorecard),
        period: Some(question("2018-01").period),
        ..asked.clone()
    };
    let second = Asked { scorecard: Some(other), period: Some(question("2018-02").period), ..asked.clone() };
    let both = |first: &Asked, second: &Asked| sides(&rig.book, (first, second), &area("K"), rig.book.head());
    let (before, after) = both(&first, &second).unwrap();
    assert_eq!(before, Side { view: None, question: question("2018-01"), as_of: NOW });
    let told = compare(&rig.book, &before, &after).unwrap();
    let told: Vec<_> = told.differences.iter().map(|it| it.sentence.as_str()).collect();
    assert_eq!(told[0], "Two scorecards are compared: “The card” and “Another”.");
    assert!(told.contains(
        &"The one is Green for February 2018, and Amber for January 2018 because it is for another period, 3 percentage \
          points better against the target."
    ), "{told:#?}");
    assert!(told.last().unwrap().starts_with("The two is no longer on the scorecard"), "{told:#?}");
    let (before, after) = both(&asked, &first).unwrap();
    assert_eq!(before, after, "what a side leaves out is as on the other side");
    assert_eq!(
        both(&asked, &asked).unwrap_err().to_string(),
        "scorecard that neither side names is not defined as of then"
    );
}

#[test]
fn a_backfill_is_told_with_both_days() {
    let mut rig = amber();
    let fixed = AsOf { position: rig.book.head(), ..NOW };
    rig.on("2018-05-01").put_in(vec![known("2018-02-10", record("one", "2018-01", "81"))]);
    let told = rig.compare("2018-01", fixed, NOW);
    assert_eq!(
        of_kind(&told, DifferenceKind::Result)[0].sentence,
        "The result of The one for January 2018 changed from 78.0% to 81.0%. Recorded on 1 May 2018, said to be known on 10 \
         February 2018. Reason: because."
    );
}

#[test]
fn a_view_is_a_side_by_itself_and_what_came_later_is_what_differs_from_it() {
    let mut rig = amber();
    let id: ViewId = "card-2018-01".parse().unwrap();
    let publish = |rig: &mut Rig, id: &ViewId| {
        let as_of = AsOf { position: rig.book.head(), ..NOW };
        let meeting = Meeting { committee: "Cabinet".to_owned(), on: Date::constant(2018, 2, 20) };
        let Question { scorecard, period, area } = question("2018-01");
        let (form, text, over) = (domain::view::FORM.to_owned(), "what was given".to_owned(), Warnings::default());
        let draft = ViewDraft { view: id.clone(), scorecard, period, area, meeting, as_of, form, text, over };
        rig.on("2018-02-20").put_in(vec![give(Command::PublishView(draft))]);
    };
    publish(&mut rig, &id);
    let asked =
        |view: Option<&ViewId>| Asked { view: view.cloned(), scorecard: None, period: None, area: None, as_of: NOW };
    let compared = |rig: &Rig, before: Option<&ViewId>, after: Option<&ViewId>| {
        let sides = sides(&rig.book, (&asked(before), &asked(after)), &area("K"), rig.book.head());
        let (before, after) = sides.unwrap();
        compare(&rig.book, &before, &after).unwrap()
    };
    let told = compared(&rig, Some(&id), None);
    assert_eq!((told.n_differences, &told.before.view, &told.after.view), (0, &Some(id.clone()), &None));
    assert!(
        told.before.departures[0].starts_with("Nothing can be rebuilt beside what the committee saw: "),
        "{told:#?}"
    );
    assert_eq!(told.after.departures, [""; 0]);
    rig.on("2018-03-01").put_in(vec![known("2018-02-10", record("one", "2018-01", "81"))]);
    let told = compared(&rig, Some(&id), None);
    assert_eq!(caused(&told, DifferenceKind::Rating)[0].0, CauseKind::Data, "also of a backfill");
    let later: ViewId = "card-2018-01-again".parse().unwrap();
    publish(&mut rig, &later);
    let told = compared(&rig, Some(&id), Some(&later));
    assert_eq!(caused(&told, DifferenceKind::Rating)[0].0, CauseKind::Data);
    assert_eq!(compared(&rig, Some(&later), None).n_differences, 0);
    let nobody: ViewId = "nobody".parse().unwrap();
    let refused = sides(&rig.book, (&asked(Some(&nobody)), &asked(None)), &area("K"), rig.book.head()).unwrap_err();
    assert_eq!(refused.to_string(), "view nobody is not published; `scorebook view list` prints the codes");
    let before = Position::new(3);
    assert!(sides(&rig.book, (&asked(Some(&id)), &asked(None)), &area("K"), before).is_err(), "not published by then");
}
