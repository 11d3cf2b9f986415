//! What a committee is given, what it did with it, and what is said of figures for it.

use super::rig::{Rig, cell, define, definition, give, known, record};
use crate::command::{Command, ScorecardDefinition};
use crate::decide::Rejection;
use crate::event::{CommitteeAct, Event, FORMAT};
use crate::ids::{AreaId, CohortId, ScorecardId, ViewId};
use crate::scorecard::{Layout, LayoutRow, Remit, Section};
use crate::time::Date;
use crate::view::{FORM, ViewDraft, Warning, Warnings};
use crate::{AsOf, Instruction, MeasureId, Meeting, Position, Status};

const DAY: Date = Date::constant(2018, 11, 29);

fn card(code: &str, measures: &[&str], remit: Remit) -> Instruction {
    let row = |measure: &&str| LayoutRow {
        measure: MeasureId::new(measure).unwrap(),
        cohort: CohortId::all(),
        rated: true,
        owner: None,
    };
    let section = Section { title: "All".to_owned(), rows: measures.iter().map(row).collect() };
    give(Command::DefineScorecard(ScorecardDefinition {
        scorecard: ScorecardId::new(code).unwrap(),
        title: format!("The {code}"),
        committee: String::new(),
        layout: Layout { sections: vec![section] },
        remit,
    }))
}

/// A log of the newest format, with two measures and a scorecard.
fn rig() -> Rig {
    let mut rig = Rig::new();
    rig.put_in(vec![give(Command::RaiseFormat(FORMAT))]);
    rig.put_in(vec![give(define(definition("kpi-2"))), card("card", &["kpi", "kpi-2"], Remit::default())]);
    rig.put_in(vec![give(record("kpi", "2018-01", "1"))]);
    rig
}

fn id(code: &str) -> ViewId {
    ViewId::new(code).unwrap()
}

fn draft(rig: &Rig, code: &str) -> ViewDraft {
    ViewDraft {
        view: id(code),
        scorecard: ScorecardId::new("card").unwrap(),
        period: "2018-01".parse().unwrap(),
        area: AreaId::new("K").unwrap(),
        meeting: Meeting { committee: "Cabinet".to_owned(), on: DAY },
        as_of: AsOf::position(rig.head()),
        form: FORM.to_owned(),
        text: "view/1\n".to_owned(),
        over: Warnings::default(),
    }
}

fn publish(draft: ViewDraft) -> Instruction {
    give(Command::PublishView(draft))
}

#[test]
fn a_view_is_stored_whole_and_stands_for_ever() {
    let mut rig = rig();
    let mut given = draft(&rig, "v");
    given.text = "view/1\n".repeat(1_000);
    let text = given.text.clone();
    let (submission, decision) = rig.put_in(vec![publish(given)]);
    assert_eq!(decision.tallies["view"].new, 1);
    let stored = rig.book.view(&id("v"), rig.head()).unwrap();
    assert_eq!(rig.book.text(&stored.value.value.content).unwrap(), text);
    assert!(stored.value.value.content.digest().is_some(), "also a short one is stored by its digest");
    assert!(matches!(rig.rejects(give(Command::RollBackSubmission(submission))), Rejection::CannotRollBack { .. }));
    assert!(rig.book.view(&id("v"), Position::new(3)).is_none(), "it was not there before");
}

#[test]
fn a_view_is_given_once_and_the_same_again_is_no_other() {
    let mut rig = rig();
    let given = draft(&rig, "v");
    rig.put_in(vec![publish(given.clone())]);
    let again = rig.decide(vec![publish(given.clone())]);
    assert_eq!((again.drafts.len(), again.rejected.len(), again.tallies["view"].unchanged), (0, 0, 1));
    let other = rig.rejects(publish(ViewDraft { text: "view/1\nother\tx\n".to_owned(), ..given }));
    assert_eq!(other.to_string(), "view v is published already");
    assert!(other.remedy().contains("scorebook view show v"), "{}", other.remedy());
}

#[test]
fn a_view_is_published_alone_at_the_end_of_a_commit_of_what_is_there() {
    let mut rig = rig();
    let given = draft(&rig, "v");
    let beside = rig.decide(vec![publish(given.clone()), give(record("kpi", "2018-02", "2"))]);
    assert!(matches!(beside.rejected[0].rejection, Rejection::NotAlone { .. }), "{beside:?}");
    let refused = |draft: ViewDraft| rig.rejects(publish(draft)).to_string();
    let at = |position| ViewDraft { as_of: AsOf::position(position), ..given.clone() };
    let (head, later) = (rig.head(), rig.head().next());
    let inside = Position::new(head.get() - 1);
    assert_eq!(refused(at(later)), format!("at_position {later} is not the end of a commit in the log"));
    assert_eq!(refused(at(inside)), format!("at_position {inside} is not the end of a commit in the log"));
    let nowhere = ViewDraft { area: AreaId::new("X").unwrap(), ..given.clone() };
    assert_eq!(refused(nowhere), "area X is not defined");
    let nothing = ViewDraft { scorecard: ScorecardId::new("other").unwrap(), ..given.clone() };
    assert_eq!(refused(nothing), "scorecard other is not defined, or not yet for the period");
    let nobody = Meeting { committee: " ".to_owned(), on: DAY };
    assert_eq!(refused(ViewDraft { meeting: nobody, ..given.clone() }), "committee is empty");
    let backfilled = known(5, Command::PublishView(given.clone()));
    assert_eq!(rig.rejects(backfilled).field(), "known_at");
    let mut old = Rig::new();
    old.put_in(vec![card("card", &["kpi"], Remit::default())]);
    let needs = old.rejects(publish(ViewDraft { as_of: AsOf::position(old.head()), ..given }));
    assert_eq!(needs.remedy(), "raise it once every node is upgraded: `scorebook log raise-format 3`");
    rig.put_in(vec![publish(draft(&rig, "v"))]);
}

#[test]
fn warnings_are_published_over_for_a_reason_and_kept() {
    let mut rig = rig();
    let warning =
        Warning { code: "old".to_owned(), subject: "kpi".to_owned(), words: "It is\told,\nand more.".to_owned() };
    let given = ViewDraft { over: Warnings(vec![warning]), ..draft(&rig, "v") };
    let mut silent = publish(given.clone());
    silent.why.reason.clear();
    assert!(matches!(rig.rejects(silent), Rejection::NoReason { .. }));
    rig.put_in(vec![publish(given)]);
    let stored = rig.book.view(&id("v"), rig.head()).unwrap();
    assert_eq!(stored.value.why.reason, "because");
    let over = Warnings::parse(&rig.book.text(&stored.value.value.over).unwrap()).unwrap();
    assert_eq!(over.0[0].words, "It is old, and more.", "a line a warning");
    assert!(Warnings::parse("no tabs").is_err());
}

#[test]
fn what_a_committee_did_stands_beside_the_view_and_is_said_once() {
    let mut rig = rig();
    rig.put_in(vec![publish(draft(&rig, "v"))]);
    let act = |act, text: &str| give(Command::RecordCommitteeAct { view: id("v"), act, text: text.to_owned() });
    let (noted, _) = rig.put_in(vec![act(CommitteeAct::Noted, ""), act(CommitteeAct::Resolved, "To ask again.")]);
    let again = rig.decide(vec![act(CommitteeAct::Noted, "")]);
    assert_eq!((again.drafts.len(), again.tallies["committee act"].unchanged), (0, 1));
    assert_eq!(rig.rejects(act(CommitteeAct::Commented, "")).to_string(), "text is empty");
    let unknown = Command::RecordCommitteeAct { view: id("w"), act: CommitteeAct::Noted, text: String::new() };
    assert_eq!(rig.rejects(give(unknown)).to_string(), "view w is not published");
    let acts = |rig: &Rig| rig.book.committee_acts(&id("v"), AsOf::position(rig.head())).len();
    assert_eq!(acts(&rig), 2);
    rig.put_in(vec![give(Command::RollBackSubmission(noted))]);
    assert_eq!(acts(&rig), 0, "what was wrongly minuted is taken back");
}

#[test]
fn a_late_figure_is_told_beside_the_view() {
    let mut rig = rig();
    rig.put_in(vec![publish(draft(&rig, "v"))]);
    let told = Some((super::rig::stated("65.5"), Status::Provisional));
    let late = |told, text: &str| {
        let (view, cell) = (id("v"), cell("kpi", "2018-02"));
        give(Command::TellLateFigure { view, cell, told, text: text.to_owned() })
    };
    assert_eq!(rig.rejects(late(None, "")).to_string(), "text is empty");
    let counted = crate::Figure::Counted {
        numerator: crate::Decimal::whole(1),
        denominator: crate::Decimal::whole(0),
        stated: None,
    };
    assert_eq!(rig.rejects(late(Some((counted, Status::Final)), "")).field(), "denominator");
    let (_, decision) = rig.put_in(vec![late(told, "")]);
    assert!(matches!(decision.drafts[0].other(), Some(Event::LateFigureTold(_))));
    assert_eq!(decision.changes[0].after, "65.5%, provisional");
    assert_eq!(rig.decide(vec![late(told, "")]).drafts.len(), 0);
    assert_eq!(rig.book.late_figures(&id("v"), AsOf::position(rig.head())).len(), 1);
}

#[test]
fn an_action_is_bound_to_the_figure_that_it_was_agreed_about() {
    let mut rig = rig();
    let agree = |owner: &str, due| {
        let (cell, text) = (cell("kpi", "2018-01"), "Do it.".to_owned());
        give(Command::AgreeAction { cell, text, owner: owner.to_owned(), due })
    };
    assert_eq!(rig.rejects(agree(" ", DAY)).to_string(), "owner is empty");
    rig.put_in(vec![agree("Standards", DAY)]);
    assert_eq!(rig.decide(vec![agree("Standards", DAY)]).drafts.len(), 0);
    let moved = rig.decide(vec![agree("Standards", Date::constant(2019, 1, 1))]);
    assert_eq!(moved.changes[0].before, "Standards, by 2018-11-29");
    let about = |rig: &Rig| {
        let as_of = AsOf::position(rig.head());
        rig.book.actions(&cell("kpi", "2018-01"), as_of).last().and_then(|action| action.value.value.about)
    };
    let first = about(&rig);
    assert!(first.is_some());
    rig.put_in(vec![give(record("kpi", "2018-01", "2"))]);
    rig.put_in(vec![agree("Standards", DAY)]);
    assert!(about(&rig) > first, "the same words about another figure are another action");
}

#[test]
fn the_layout_that_holds_is_the_one_from_the_latest_day_before_the_periods_end() {
    let mut rig = rig();
    let from = |day: Date| Remit { from: Some(day), ..Remit::default() };
    rig.put_in(vec![
        card("card", &["kpi"], from(Date::constant(2018, 4, 1))),
        card("card", &["kpi-2"], from(Date::constant(2019, 4, 1))),
    ]);
    rig.put_in(vec![card("card", &["kpi-2", "kpi"], from(Date::constant(2018, 4, 1)))]);
    let rows = |rig: &Rig, day| {
        let found = rig.book.scorecard_for(&ScorecardId::new("card").unwrap(), day, AsOf::position(rig.head()));
        found.map(|state| state.value.value.layout.rows().map(|row| row.measure.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(rows(&rig, Date::constant(2018, 3, 31)).unwrap(), ["kpi", "kpi-2"]);
    assert_eq!(rows(&rig, Date::constant(2018, 4, 1)).unwrap(), ["kpi-2", "kpi"], "the last word of one day");
    assert_eq!(rows(&rig, Date::constant(2020, 1, 1)).unwrap(), ["kpi-2"]);
    assert_eq!(rig.book.scorecard_layouts(&ScorecardId::new("card").unwrap(), AsOf::position(rig.head())).len(), 3);
    let again = rig.decide(vec![card("card", &["kpi-2"], from(Date::constant(2019, 4, 1)))]);
    assert_eq!(again.drafts.len(), 0, "compared with the layout from the same day");
}

#[test]
fn a_part_has_rows_of_the_whole_and_a_service_stands_behind_another_scorecard() {
    let mut rig = rig();
    let whole = ScorecardId::new("card").unwrap();
    let part = |code: &str| Remit { subset_of: Some(ScorecardId::new(code).unwrap()), ..Remit::default() };
    let behind = |code: &str| Remit { behind: Some(ScorecardId::new(code).unwrap()), ..Remit::default() };
    assert_eq!(rig.rejects(card("qpr", &["kpi"], part("qpr"))).to_string(), "subset_of is the scorecard itself");
    assert_eq!(rig.rejects(card("qpr", &["kpi"], behind("qpr"))).to_string(), "behind is the scorecard itself");
    let unknown = Rejection::UnknownScorecard { scorecard: ScorecardId::new("none").unwrap() };
    assert_eq!(rig.rejects(card("qpr", &["kpi"], behind("none"))), unknown);
    let foreign = rig.rejects(card("qpr", &["activity"], part("card")));
    assert!(matches!(&foreign, Rejection::NotInWhole { whole: of, .. } if *of == whole), "{foreign}");
    let later = Remit { from: Some(Date::constant(2019, 1, 1)), ..Remit::default() };
    rig.put_in(vec![card("card", &["kpi-2"], later)]);
    assert!(
        matches!(rig.rejects(card("qpr", &["kpi"], part("card"))), Rejection::NotInWhole { .. }),
        "also the whole of a later day has to have it"
    );
    rig.put_in(vec![card("qpr", &["kpi-2"], part("card")), card("service", &["kpi"], behind("card"))]);
}

#[test]
fn a_scorecard_that_another_names_is_not_rolled_back_before_it() {
    let mut rig = rig();
    let (first, _) = rig.put_in(vec![card("county", &["kpi"], Remit::default())]);
    let behind = Remit { behind: Some(ScorecardId::new("county").unwrap()), ..Remit::default() };
    let (second, _) = rig.put_in(vec![card("service", &["kpi"], behind)]);
    let orphan = rig.rejects(give(Command::RollBackSubmission(first)));
    assert_eq!(orphan.to_string(), "scorecard service uses scorecard county, which would not be defined");
    rig.put_in(vec![give(Command::RollBackSubmission(second))]);
    rig.put_in(vec![give(Command::RollBackSubmission(first))]);
}
