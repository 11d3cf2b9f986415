//! Comparators' figures, and words about figures.

use domain::event::{BenchmarkRecorded, Comparator};
use domain::result::StatedPeriod;
use domain::{Command, Instruction, Missing};

use super::rig::{NOW, Rig, area, as_known, cell, cell_of, entry, give, period, record, record_entry};
use crate::answer::BenchmarkAnswer;

fn beside(comparator: Comparator, figure: Result<&str, Missing>, stated: StatedPeriod) -> Instruction {
    let figure = figure.map(|text| text.parse().unwrap());
    let (cell, source) = (cell("one", "2018-01"), "a release".to_owned());
    give(Command::RecordBenchmark(BenchmarkRecorded { cell, comparator, figure, period: stated, source }))
}

fn of(code: &str) -> StatedPeriod {
    StatedPeriod::Period(period(code))
}

fn england() -> Comparator {
    Comparator::Area(area("E"))
}

fn benchmarks(rig: &Rig) -> Vec<BenchmarkAnswer> {
    rig.row("one", "2018-01", NOW).benchmarks
}

#[test]
fn a_stated_benchmark_has_its_own_period_and_a_missing_one_its_reason() {
    let mut rig = Rig::new();
    rig.put_in(vec![
        record("one", "2018-01", "95"),
        beside(england(), Ok("61.25"), of("FY2016")),
        beside(Comparator::Neighbours, Err(Missing::KnownNotToExist), StatedPeriod::NotStated),
        beside(Comparator::Group("South East".to_owned()), Ok("60"), StatedPeriod::Words("last summer".to_owned())),
    ]);
    let shown: Vec<_> =
        benchmarks(&rig).into_iter().map(|it| (it.name, it.display, it.period, it.stated_otherwise)).collect();
    assert_eq!(
        shown,
        [
            ("Area E".to_owned(), "61.3%".to_owned(), of("FY2016"), None),
            ("statistical neighbours".to_owned(), "known not to exist".to_owned(), StatedPeriod::NotStated, None),
            ("South East".to_owned(), "60.0%".to_owned(), StatedPeriod::Words("last summer".to_owned()), None),
        ]
    );
    assert_eq!(benchmarks(&rig)[1].missing, Some(Missing::KnownNotToExist));
}

#[test]
fn a_comparators_own_result_goes_before_what_is_stated_beside_ours_and_a_disagreement_is_flagged() {
    let mut rig = Rig::new();
    rig.put_in(vec![record("one", "2018-01", "95"), beside(england(), Ok("61.3"), of("FY2016"))]);
    let own = |figure: &str| record_entry(cell_of("one", "E", "FY2016"), entry(figure));
    rig.put_in(vec![own("6127/100")]);
    assert_eq!(benchmarks(&rig)[0].display, "6,127.0%", "its own figure is shown, however unlikely");
    assert_eq!(benchmarks(&rig)[0].stated_otherwise.as_deref(), Some("61.3%"));
    rig.put_in(vec![own("61.27")]);
    assert_eq!((benchmarks(&rig)[0].display.as_str(), &benchmarks(&rig)[0].stated_otherwise), ("61.3%", &None));
    rig.put_in(vec![own("61.24")]);
    let it = benchmarks(&rig).remove(0);
    assert_eq!((it.display.as_str(), it.stated_otherwise.as_deref()), ("61.2%", Some("61.3%")));
    rig.put_in(vec![give(Command::WithdrawResult(cell_of("one", "E", "FY2016")))]);
    let it = benchmarks(&rig).remove(0);
    assert_eq!((it.display.as_str(), it.stated_otherwise), ("61.3%", None), "without its own, what was stated");
}

#[test]
fn a_comparators_result_of_another_period_is_another_figure() {
    let mut rig = Rig::new();
    rig.put_in(vec![record("one", "2018-01", "95"), beside(england(), Ok("61.3"), of("FY2016"))]);
    rig.put_in(vec![record_entry(cell_of("one", "E", "FY2017"), entry("70"))]);
    assert_eq!(benchmarks(&rig)[0].display, "61.3%");
}

#[test]
fn what_is_stated_as_missing_while_a_result_stands_is_a_disagreement() {
    let mut rig = Rig::new();
    rig.put_in(vec![record("one", "2018-01", "95"), beside(england(), Err(Missing::Unavailable), of("FY2016"))]);
    rig.put_in(vec![record_entry(cell_of("one", "E", "FY2016"), entry("70"))]);
    let it = benchmarks(&rig).remove(0);
    assert_eq!(
        (it.display.as_str(), it.missing, it.stated_otherwise.as_deref()),
        ("70.0%", None, Some("not available"))
    );
}

#[test]
fn commentary_is_stale_once_its_figure_has_changed() {
    let mut rig = Rig::new();
    let write = |text: &str| give(Command::WriteCommentary { cell: cell("one", "2018-01"), text: text.to_owned() });
    rig.on("2018-01-31").put_in(vec![write("No figure yet.")]);
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "95"), write("Better.")]);
    rig.on("2018-03-01").put_in(vec![record("one", "2018-02", "95")]);
    let shown = |rig: &Rig, as_of| {
        let row = rig.row("one", "2018-01", as_of);
        row.commentary.into_iter().map(|it| (it.text, it.stale)).collect::<Vec<_>>()
    };
    let told = |text: &str, stale| (text.to_owned(), stale);
    assert_eq!(shown(&rig, as_known("2018-01-31")), [told("No figure yet.", false)]);
    assert_eq!(shown(&rig, NOW), [told("No figure yet.", true), told("Better.", false)]);
    rig.on("2018-04-01").put_in(vec![record("one", "2018-01", "96")]);
    assert_eq!(shown(&rig, NOW), [told("No figure yet.", true), told("Better.", true)]);
    assert_eq!(shown(&rig, as_known("2018-03-15")), [told("No figure yet.", true), told("Better.", false)]);
}
