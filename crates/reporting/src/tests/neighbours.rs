//! The neighbours' own results as one figure: by which list, by which rule, as of when, and who is left out.
//!
//! Figures: Department for Education, Characteristics of children in need 2022 to 2023, table C1, reporting year 2018
//! (referrals, re-referrals within 12 months); the lists: the department's models of April 2021 and 2025, and the one that
//! gives the figures which Kent County Council printed in November 2018.

use domain::event::{Average, BenchmarkRecorded, Comparator, NeighboursAdopted};
use domain::ids::NeighboursId;
use domain::measure::{Definition, Frequency, Polarity};
use domain::result::StatedPeriod;
use domain::{AsOf, Command, Figure, Instruction, Missing, Status};
use ratings::Verdict;

use super::rig::{
    NOW, Rig, area, as_known, because, cell_of, define, define_area, definition, entry, give, known, lay_out, period,
    record_entry, row,
};
use crate::answer::{BenchmarkAnswer, CauseKind, NotAveraged};

const YEAR: &str = "FY2017";

/// Area, referrals, re-referrals.
const COUNTS: [(&str, i64, i64); 17] = [
    ("K", 19373, 4472),
    ("Bedford", 1561, 191),
    ("Bexley", 3270, 719),
    ("Devon", 5341, 1002),
    ("East-Sussex", 4367, 772),
    ("Essex", 9127, 1519),
    ("Lancashire", 11398, 2250),
    ("Norfolk", 8480, 1700),
    ("Northamptonshire", 11216, 3382),
    ("Nottinghamshire", 9801, 2237),
    ("Somerset", 5165, 1104),
    ("Staffordshire", 8891, 1739),
    ("Suffolk", 6202, 1442),
    ("Swindon", 3627, 877),
    ("Warwickshire", 11071, 4273),
    ("West-Sussex", 9995, 2679),
    ("Worcestershire", 4461, 1081),
];

const IN_2018: [&str; 10] = [
    "Essex",
    "East-Sussex",
    "Swindon",
    "Worcestershire",
    "Lancashire",
    "Northamptonshire",
    "Nottinghamshire",
    "Warwickshire",
    "West-Sussex",
    "Staffordshire",
];
const OF_2021: [&str; 10] = [
    "Essex",
    "East-Sussex",
    "Swindon",
    "Worcestershire",
    "Lancashire",
    "Northamptonshire",
    "Nottinghamshire",
    "Warwickshire",
    "Suffolk",
    "Staffordshire",
];
const OF_2025: [&str; 10] = [
    "Essex",
    "East-Sussex",
    "Devon",
    "Bexley",
    "Suffolk",
    "Norfolk",
    "Nottinghamshire",
    "West-Sussex",
    "Bedford",
    "Somerset",
];

fn listed(code: &str, from: &str, members: &[&str], average: Average) -> NeighboursAdopted {
    NeighboursAdopted {
        list: NeighboursId::new(code).unwrap(),
        area: area("K"),
        from: from.parse().unwrap(),
        members: members.iter().map(|code| area(code)).collect(),
        average,
        at_least: 1,
    }
}

fn adopt(list: NeighboursAdopted) -> Instruction {
    give(Command::AdoptNeighbours(list))
}

/// The year's figures, and no list yet.
fn england() -> Rig {
    let mut rig = Rig::new();
    let rereferrals =
        Definition { polarity: Polarity::Lower, frequency: Frequency::Annual, ..definition("rereferrals") };
    rig.put_in(vec![define(rereferrals), lay_out(vec![row("rereferrals")])]);
    rig.put_in(COUNTS.iter().filter(|(code, ..)| *code != "K").map(|(code, ..)| define_area(code, None)).collect());
    rig.put_in(COUNTS.iter().map(|(code, n, again)| figure(code, &format!("{again}/{n}"))).collect());
    rig
}

fn figure(code: &str, figure: &str) -> Instruction {
    because("published", None, record_entry(cell_of("rereferrals", code, YEAR), entry(figure)))
}

fn missing(code: &str) -> Instruction {
    let mut entry = entry("1");
    entry.figure = Figure::Missing(Missing::Unavailable);
    because("published", None, record_entry(cell_of("rereferrals", code, YEAR), entry))
}

fn stated(figure: &str, stated: &str) -> Instruction {
    give(Command::RecordBenchmark(BenchmarkRecorded {
        cell: cell_of("rereferrals", "K", YEAR),
        comparator: Comparator::Neighbours,
        figure: Ok(figure.parse().unwrap()),
        period: StatedPeriod::Period(period(stated)),
        source: "a committee's report".to_owned(),
    }))
}

fn benchmarks(rig: &Rig, as_of: AsOf) -> Vec<BenchmarkAnswer> {
    rig.row("rereferrals", YEAR, as_of).benchmarks
}

fn the_one(rig: &Rig, as_of: AsOf) -> BenchmarkAnswer {
    let mut all = benchmarks(rig, as_of);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn words(benchmark: &BenchmarkAnswer) -> String {
    benchmark.neighbours.as_ref().map(crate::answer::NeighboursAnswer::words).unwrap_or_default()
}

#[test]
fn the_three_averages_of_one_list_differ() {
    let mut rig = england();
    assert_eq!(benchmarks(&rig, NOW), [], "no list, no average");
    for (average, shown, said) in [
        (Average::Pooled, "24.8%", "pooled over 10 of the 10 neighbours on kent-2018"),
        (Average::Mean, "24.0%", "mean of 10 of the 10 neighbours on kent-2018"),
        (Average::Median, "23.5%", "median of 10 of the 10 neighbours on kent-2018"),
    ] {
        rig.put_in(vec![adopt(listed("kent-2018", "2013-04-01", &IN_2018, average))]);
        let it = the_one(&rig, NOW);
        assert_eq!((it.display.as_str(), words(&it).as_str()), (shown, said));
        assert_eq!((it.name.as_str(), it.verdict), ("statistical neighbours", Some(Verdict::Better)));
        assert_eq!(it.period, StatedPeriod::Period(period(YEAR)));
    }
}

#[test]
fn the_list_is_the_one_that_was_known_then() {
    let mut rig = england();
    let from = "2013-04-01";
    rig.on("2021-04-30").put_in(vec![adopt(listed("dfe-2021", from, &OF_2021, Average::Pooled))]);
    rig.on("2025-05-28").put_in(vec![adopt(listed("dfe-2025", from, &OF_2025, Average::Pooled))]);
    assert_eq!(benchmarks(&rig, as_known("2021-04-29")), []);
    let (before, after) = (the_one(&rig, as_known("2025-05-27")), the_one(&rig, as_known("2025-05-29")));
    assert_eq!(
        (before.display.as_str(), words(&before).as_str()),
        ("24.4%", "pooled over 10 of the 10 neighbours on dfe-2021")
    );
    assert_eq!(
        (after.display.as_str(), words(&after).as_str()),
        ("21.1%", "pooled over 10 of the 10 neighbours on dfe-2025")
    );
    assert_eq!((before.verdict, after.verdict), (Some(Verdict::Better), Some(Verdict::Worse)), "no figure changed");
    let told = rig.compare(YEAR, as_known("2025-05-27"), as_known("2025-05-29"));
    let [list, benchmark, verdict] = told.differences.as_slice() else { panic!("{told:?}") };
    assert!(list.sentence.starts_with(
        "The neighbours of Area K are now those on dfe-2025 instead of dfe-2021; new: Area Devon, Area Bexley, Area \
         Norfolk, Area West-Sussex, Area Bedford, Area Somerset; no longer there: Area Swindon"
    ), "{}", list.sentence);
    assert_eq!(
        benchmark.sentence,
        "The benchmark of The rereferrals, statistical neighbours, changed from 24.4% to 21.1% for 2017/18; it is now \
         pooled over 10 of the 10 neighbours on dfe-2025."
    );
    assert!(list.provenance.is_some() && benchmark.provenance.is_some());
    assert_eq!(
        verdict.sentence,
        "The rereferrals was better than statistical neighbours and is now worse than statistical neighbours \
         because the list of neighbours, or how they are averaged, changed."
    );
    let [cause] = verdict.causes.as_slice() else { panic!("{verdict:?}") };
    assert_eq!(cause.kind, CauseKind::Neighbours);
}

#[test]
fn a_list_that_holds_from_a_later_day_leaves_earlier_periods_theirs() {
    let mut rig = england();
    rig.put_in(vec![adopt(listed("dfe-2021", "2013-04-01", &OF_2021, Average::Pooled))]);
    rig.put_in(vec![adopt(listed("dfe-2025", "2018-04-01", &OF_2025, Average::Pooled))]);
    assert_eq!(the_one(&rig, NOW).display, "24.4%", "the period ends on 31 March 2018");
    rig.put_in(vec![adopt(listed("dfe-2025", "2018-03-31", &OF_2025, Average::Pooled))]);
    assert_eq!(the_one(&rig, NOW).display, "21.1%");
    // The one that was adopted last does not matter, but of one day.
    rig.put_in(vec![adopt(listed("kent-2018", "2018-03-30", &IN_2018, Average::Pooled))]);
    assert_eq!(the_one(&rig, NOW).display, "21.1%");
}

#[test]
fn of_one_day_the_list_that_was_known_last_holds_until_it_is_rolled_back() {
    let mut rig = england();
    let from = "2013-04-01";
    rig.on("2021-05-01").put_in(vec![adopt(listed("a", from, &OF_2021, Average::Pooled))]);
    let later = rig.on("2021-06-01").put_in(vec![adopt(listed("b", from, &OF_2025, Average::Pooled))]);
    rig.on("2021-07-01").put_in(vec![known("2021-05-15", adopt(listed("c", from, &IN_2018, Average::Pooled)))]);
    assert_eq!(the_one(&rig, NOW).neighbours.unwrap().list.as_str(), "b");
    rig.put_in(vec![give(Command::RollBackSubmission(later))]);
    assert_eq!(the_one(&rig, NOW).neighbours.unwrap().list.as_str(), "c", "and what is between them is known earlier");
}

#[test]
fn a_list_may_be_another_areas_later() {
    let mut rig = england();
    rig.put_in(vec![adopt(listed("near", "2013-04-01", &OF_2021, Average::Pooled))]);
    let elsewhere =
        NeighboursAdopted { area: area("Norfolk"), ..listed("near", "2013-04-01", &OF_2021, Average::Pooled) };
    rig.put_in(vec![adopt(elsewhere)]);
    assert_eq!(benchmarks(&rig, NOW), []);
}

#[test]
fn who_has_no_figure_is_left_out_and_named_unless_the_list_says_otherwise() {
    let mut rig = england();
    let few = ["Essex", "East-Sussex", "Devon"];
    let list = listed("near", "2013-04-01", &few, Average::Mean);
    let mut forecast = entry("90");
    forecast.status = Status::Forecast;
    rig.put_in(vec![adopt(list.clone()), missing("East-Sussex")]);
    rig.put_in(vec![because("x", None, record_entry(cell_of("rereferrals", "Devon", YEAR), forecast))]);
    let it = the_one(&rig, NOW);
    assert_eq!(it.display, "16.6%");
    let said =
        "mean of 1 of the 3 neighbours on near, without Area East-Sussex (not available), Area Devon (a forecast)";
    assert_eq!(words(&it), said);
    rig.put_in(vec![give(Command::WithdrawResult(cell_of("rereferrals", "Devon", YEAR)))]);
    assert_eq!(the_one(&rig, NOW).neighbours.unwrap().left_out[1].reason, "no result");

    rig.put_in(vec![adopt(NeighboursAdopted { at_least: 2, ..list.clone() })]);
    let it = the_one(&rig, NOW);
    assert_eq!((it.display.as_str(), it.verdict), ("not averaged: 1 have a figure, and it takes 2", None));
    rig.put_in(vec![figure("Devon", "1002/5341")]);
    assert_eq!(the_one(&rig, NOW).display, "17.7%");
    rig.put_in(vec![adopt(NeighboursAdopted { at_least: 3, ..list })]);
    let why_not = the_one(&rig, NOW).neighbours.unwrap().not_averaged;
    assert_eq!(why_not, Some(NotAveraged::TooFew { n_counted: 2, at_least: 3 }));
}

#[test]
fn what_was_not_counted_cannot_be_pooled() {
    let mut rig = england();
    rig.put_in(vec![
        adopt(listed("near", "2013-04-01", &["Essex", "Devon"], Average::Pooled)),
        figure("Devon", "18.8"),
    ]);
    let it = the_one(&rig, NOW);
    assert_eq!(it.display, "cannot be pooled: Area Devon has no numerator and denominator");
    assert_eq!((it.verdict, it.missing), (None, None));
    rig.put_in(vec![adopt(listed("near", "2013-04-01", &["Essex", "Devon"], Average::Mean))]);
    assert_eq!(the_one(&rig, NOW).display, "17.7%");
}

#[test]
fn a_stated_average_that_differs_is_flagged_and_one_of_another_period_stands_beside() {
    let mut rig = england();
    rig.put_in(vec![adopt(listed("kent-2018", "2013-04-01", &IN_2018, Average::Pooled)), stated("24.8", YEAR)]);
    let it = the_one(&rig, NOW);
    assert_eq!(
        (it.display.as_str(), &it.stated_otherwise, it.source.as_str()),
        ("24.8%", &None, "a committee's report")
    );
    rig.put_in(vec![adopt(listed("kent-2018", "2013-04-01", &IN_2018, Average::Mean))]);
    let it = the_one(&rig, NOW);
    assert_eq!((it.display.as_str(), it.stated_otherwise.as_deref()), ("24.0%", Some("24.8%")));
    rig.put_in(vec![stated("23.9", "FY2016")]);
    let both: Vec<_> = benchmarks(&rig, NOW).into_iter().map(|it| (it.display, it.period, it.verdict)).collect();
    let of = |code| StatedPeriod::Period(period(code));
    let expected = [("23.9%".to_owned(), of("FY2016"), None), ("24.0%".to_owned(), of(YEAR), Some(Verdict::Better))];
    assert_eq!(both, expected, "figures of two periods are not held against one another");
}

#[test]
fn a_stated_figure_is_held_against_ours_as_rounded_to_its_places() {
    let mut rig = england();
    for (figure, verdict) in
        [("23.1", Verdict::Level), ("23.08", Verdict::Level), ("23.0", Verdict::Worse), ("23.2", Verdict::Better)]
    {
        rig.put_in(vec![stated(figure, YEAR)]);
        assert_eq!(the_one(&rig, NOW).verdict, Some(verdict), "{figure} beside 4,472 of 19,373");
    }
}
