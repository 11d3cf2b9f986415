//! What a snapshot leaves out of its scope, and small books to look at.

use std::collections::BTreeSet;

use super::rig::{
    Rig, area, at, cell, define, define_area, define_cohort, definition, entry, give, known, record, stated,
};
use crate::book::StoredResult;
use crate::event::ResultRecorded;
use crate::snapshot::LeftOut;
use crate::{Cell, CohortId, Command, Instruction, Period, Series, Timestamp};

fn cell_of(measure: &str, area_code: &str, cohort: &str, period: &str) -> Cell {
    let cohort = CohortId::new(cohort).unwrap();
    let series = Series { measure: super::rig::measure(measure), area: area(area_code), cohort };
    Cell { series, period: Period::parse(period).unwrap() }
}

fn result(cell: Cell, value: &str) -> Command {
    Command::RecordResult(ResultRecorded { cell, entry: entry(stated(value)) })
}

/// Two measures, two areas and two cohorts, with a result of each for two months; `E` has none of `other`.
fn table() -> (Rig, Vec<Cell>) {
    let mut rig = Rig::new();
    rig.put_in(vec![give(define(definition("other"))), give(define_cohort("some")), give(define_area("D", Some("K")))]);
    let mut cells = Vec::new();
    for (measure, areas) in [("kpi", &["E", "K"][..]), ("other", &["K"])] {
        for (area, cohort, period) in areas
            .iter()
            .flat_map(|area| ["all", "some"].map(|cohort| (area, cohort)))
            .flat_map(|(area, cohort)| ["2018-01", "2018-02"].map(|period| (area, cohort, period)))
        {
            cells.push(cell_of(measure, area, cohort, period));
        }
    }
    rig.put_in(cells.iter().map(|cell| known(5, result(cell.clone(), "7"))).collect());
    (rig, cells)
}

fn absent(rig: &Rig, given: &[Cell], known_at: Option<Timestamp>) -> Vec<String> {
    let named: Vec<&Cell> = given.iter().collect();
    let left_out = rig.book.left_out(&named, &named.iter().copied().collect(), known_at);
    let name = |cell: &Cell| {
        let Series { measure, area, cohort } = &cell.series;
        format!("{measure} {area} {cohort} {}", cell.period.code())
    };
    left_out.values().flat_map(|it| &it.absent).map(name).collect()
}

#[test]
fn a_whole_table_leaves_nothing_out() {
    let (rig, cells) = table();
    assert_eq!(absent(&rig, &cells, None), [""; 0]);
    assert_eq!(absent(&rig, &[], None), [""; 0], "nothing is in the scope of an empty table");
}

#[test]
fn the_scope_is_every_measure_area_and_cohort_that_is_named_and_nothing_else() {
    let (rig, cells) = table();
    let one = |n: usize| std::slice::from_ref(&cells[n]);
    assert_eq!(absent(&rig, one(0), None), ["kpi E all 2018-02"]);
    let crossed = [cell_of("kpi", "E", "all", "2018-01"), cell_of("other", "K", "all", "2018-01")];
    let wanted = ["kpi E all 2018-02", "kpi K all 2018-01", "kpi K all 2018-02", "other K all 2018-02"];
    assert_eq!(absent(&rig, &crossed, None), wanted, "a series that is in no row, of what is named elsewhere");
    assert_eq!(absent(&rig, &[cell_of("kpi", "D", "all", "2018-01")], None), [""; 0], "another area");
}

#[test]
fn only_what_stood_at_the_instant_is_left_out() {
    let (mut rig, cells) = table();
    rig.put_in(vec![known(9, record("kpi", "2018-03", "7"))]);
    let given = [cell("kpi", "2018-01")];
    assert_eq!(absent(&rig, &given, Some(at(4))), [""; 0]);
    assert_eq!(absent(&rig, &given, Some(at(5))), ["kpi K all 2018-02"]);
    assert_eq!(absent(&rig, &given, Some(at(9))), ["kpi K all 2018-02", "kpi K all 2018-03"]);
    rig.put_in(vec![give(Command::WithdrawResult(cells[5].clone()))]);
    assert_eq!(absent(&rig, &given, None), ["kpi K all 2018-03"], "what is withdrawn already");
}

/// What is rolled back by now stood at its instant all the same: the snapshot of then withdrew it.
#[test]
fn what_was_rolled_back_since_is_left_out_too_and_can_be_withdrawn() {
    let mut rig = Rig::new();
    let (id, _) = rig.put_in(vec![known(5, record("kpi", "2018-01", "7")), known(5, record("kpi", "2018-02", "8"))]);
    rig.put_in(vec![known(20, Command::RollBackSubmission(id))]);
    let given = [cell("kpi", "2018-01")];
    assert_eq!(absent(&rig, &given, Some(at(10))), ["kpi K all 2018-02"]);
    assert_eq!(absent(&rig, &given, Some(at(20))), [""; 0]);
    let withdraw = |micros| known(micros, Command::WithdrawResult(cell("kpi", "2018-02")));
    let decision = rig.decide(vec![withdraw(10)]);
    assert_eq!((decision.rejected.len(), decision.drafts.len()), (0, 1));
    let later: Vec<Instruction> = vec![withdraw(20)];
    assert_eq!(rig.decide(later).rejected.len(), 1, "by then nothing stands");
}

#[test]
fn more_than_half_is_most() {
    let most = |n_standing, n_absent: usize| {
        let months = ["2018-01", "2018-02", "2018-03"];
        let absent = months.iter().take(n_absent).map(|period| cell("kpi", period)).collect();
        LeftOut { n_standing, absent }.most()
    };
    assert_eq!([most(0, 0), most(4, 2), most(6, 3), most(1, 0)], [false; 4]);
    assert_eq!([most(1, 1), most(3, 2), most(5, 3), most(3, 3)], [true; 4]);
}

#[test]
fn an_excerpt_answers_for_its_measures_as_the_book_does_and_supposes_apart_from_it() {
    let (rig, cells) = table();
    let kpi = BTreeSet::from([super::rig::measure("kpi")]);
    assert_eq!(rig.book.n_cells_of(&kpi), 8);
    let mut excerpt = rig.book.excerpt(&kpi);
    assert_eq!((excerpt.n_cells(), excerpt.head(), excerpt.settle(rig.head())), (8, rig.head(), rig.head()));
    let (before, now) = (crate::AsOf::position(rig.head()), crate::AsOf::position(crate::Position::MAX));
    for cell in cells.iter().take(8) {
        let kept = |book: &crate::Book| book.result(cell, before).map(StoredResult::revision);
        assert_eq!(kept(&excerpt), kept(&rig.book));
    }
    let submission = rig.submission(vec![give(result(cells[0].clone(), "8"))]);
    let decision = rig.book.decide(&submission, at(rig.now_micros), super::rig::digest);
    excerpt.suppose(&submission, submission.drafts(&decision.drafts), at(rig.now_micros)).unwrap();
    let value = |book: &crate::Book, as_of| book.result(&cells[0], as_of).and_then(StoredResult::entry);
    assert_eq!(value(&excerpt, now), Some(entry(stated("8"))));
    assert_eq!(value(&excerpt, before), Some(entry(stated("7"))));
    assert_eq!(value(&rig.book, now), Some(entry(stated("7"))));
}
