//! What a submission would do to figures and verdicts, worked out by hand.

use domain::event::{AreaDefined, AreaLevel};
use domain::measure::{Definition, Polarity};
use domain::result::{Missing, ResultEntry};
use domain::{Cell, Command, Figure, Instruction};
use ratings::Rating;

use super::rig::{Rig, area, cell_of, define, definition, entry, give, key, local_target, record_entry, target, terms};
use crate::release::{CountryComparison, Counts, Flip, Move, Outside, Review, Side};

/// England with a region of six authorities, of which `K` is the council's own, and a region of two.
fn england() -> Rig {
    let mut rig = Rig::new();
    let place = |code: &str, level, parent: Option<&str>| {
        let (area, parent, name) = (area(code), parent.map(area), format!("Area {code}"));
        give(Command::DefineArea(AreaDefined { area, name, level, parent }))
    };
    let mut places = vec![
        place("E", AreaLevel::Country, None),
        place("R", AreaLevel::Region, Some("E")),
        place("S", AreaLevel::Region, Some("E")),
    ];
    places.extend(["A", "B", "C", "F", "G", "K"].map(|code| place(code, AreaLevel::Authority, Some("R"))));
    places.extend(["X", "Y"].map(|code| place(code, AreaLevel::Authority, Some("S"))));
    let low = Definition { polarity: Polarity::Lower, ..definition("low") };
    places.push(define(low));
    rig.put_in(places);
    rig
}

fn give_to(code: &str, area_code: &str, period: &str, figure: &str) -> Instruction {
    record_entry(cell_of(code, area_code, period), entry(figure))
}

/// The same measure and month for several areas.
fn figures(code: &str, period: &str, figures: &[(&str, &str)]) -> Vec<Instruction> {
    figures.iter().map(|(area_code, figure)| give_to(code, area_code, period, figure)).collect()
}

fn missing(code: &str, area_code: &str, period: &str) -> Instruction {
    let figure = Figure::Missing(Missing::Confidential);
    record_entry(cell_of(code, area_code, period), ResultEntry { figure, ..entry("0") })
}

fn withdraw(code: &str, area_code: &str, period: &str) -> Instruction {
    give(Command::WithdrawResult(cell_of(code, area_code, period)))
}

fn name(cell: &Cell) -> String {
    format!("{} {} {}", cell.series.measure, cell.series.area, cell.period.code())
}

fn moves(moves: &[Move]) -> Vec<String> {
    moves.iter().map(|it| format!("{}: {} to {}, {}", name(&it.what.cell), it.before, it.after, it.change)).collect()
}

fn outside(found: &[Outside]) -> Vec<String> {
    let said = |it: &Outside| {
        let Outside { value, least, greatest, n_others, region_name, .. } = it;
        format!("{}: {value}; {n_others} of {region_name}: {least} to {greatest}", name(&it.what.cell))
    };
    found.iter().map(said).collect()
}

fn comparisons(flips: &[Flip<CountryComparison>]) -> Vec<String> {
    let side = |it: &Side<CountryComparison>| format!("{:?} {}/{}", it.verdict, it.figure, it.against);
    flips.iter().map(|it| format!("{}: {} to {}", name(&it.what.cell), side(&it.before), side(&it.after))).collect()
}

fn ratings(flips: &[Flip<Rating>]) -> Vec<String> {
    let side = |it: &Side<Rating>| format!("{} {} by {}", it.verdict.word(), it.figure, it.against);
    flips.iter().map(|it| format!("{}: {} to {}", name(&it.what.cell), side(&it.before), side(&it.after))).collect()
}

fn all_of_one_kind(review: &Review) -> [u64; 5] {
    let Counts { new, revised, withdrawn, number_to_missing, missing_to_number } = review.counts;
    [new, revised, withdrawn, number_to_missing, missing_to_number]
}

#[test]
fn each_cell_that_changes_is_counted_once() {
    let mut rig = england();
    rig.put_in(vec![
        give_to("one", "A", "2018-01", "1"),
        give_to("one", "A", "2018-02", "2"),
        give_to("one", "A", "2018-03", "3"),
        missing("one", "A", "2018-04"),
        give_to("one", "A", "2018-05", "5"),
        give_to("one", "B", "2018-05", "5"),
    ]);
    let review = rig.review(
        None,
        vec![
            give_to("one", "A", "2018-01", "1"),
            give_to("one", "A", "2018-02", "2.5"),
            missing("one", "A", "2018-03"),
            give_to("one", "A", "2018-04", "4"),
            withdraw("one", "A", "2018-05"),
            withdraw("one", "B", "2018-05"),
            give_to("one", "A", "2018-06", "6"),
        ],
    );
    assert_eq!(all_of_one_kind(&review), [1, 1, 2, 1, 1]);
    assert_eq!(review.emptied, [("2018-05".parse().unwrap(), 2)]);
    assert_eq!((review.known_at, review.moves.n), (None, 1));
}

#[test]
fn the_largest_moves_are_those_of_the_greatest_part_of_the_former_value() {
    let mut rig = england();
    let before = [("A", "100"), ("B", "10"), ("C", "8"), ("F", "0"), ("G", "-4"), ("X", "1/3"), ("Y", "5")];
    rig.put_in(figures("one", "2018-01", &before));
    let after = [("A", "112.5"), ("B", "5"), ("C", "12"), ("F", "7"), ("G", "4"), ("X", "1/2"), ("Y", "5.0")];
    let review = rig.review(None, figures("one", "2018-01", &after));
    assert_eq!(
        moves(&review.moves.first),
        [
            "one G 2018-01: -4.0% to 4.0%, up 200%",
            "one F 2018-01: 0.0% to 7.0%, up from 0.0%",
            "one B 2018-01: 10.0% to 5.0%, down 50%",
            "one C 2018-01: 8.0% to 12.0%, up 50%",
            "one X 2018-01: 33.3% to 50.0%, up 50%",
            "one A 2018-01: 100.0% to 112.5%, up 12.5%",
        ]
    );
    assert_eq!((review.moves.n, review.tenfold.n), (6, 0));
}

#[test]
fn about_ten_times_is_nine_times_or_a_ninth_and_never_of_nothing() {
    let mut rig = england();
    let before = [("A", "1"), ("B", "1"), ("C", "90"), ("F", "90"), ("G", "0"), ("X", "5"), ("Y", "-333")];
    rig.put_in(figures("one", "2018-01", &before));
    let after = [("A", "9"), ("B", "8.999"), ("C", "10"), ("F", "10.01"), ("G", "5"), ("X", "0"), ("Y", "-3071")];
    let review = rig.review(None, figures("one", "2018-01", &after));
    assert_eq!(
        moves(&review.tenfold.first),
        [
            "one Y 2018-01: -333.0% to -3,071.0%, 9.2 times",
            "one A 2018-01: 1.0% to 9.0%, 9 times",
            "one C 2018-01: 90.0% to 10.0%, 1/9",
        ]
    );
}

#[test]
fn figures_too_long_to_be_divided_are_compared_all_the_same() {
    let mut rig = england();
    let (long, longer) = ("4.599999999999999999", "45.99999999999999999");
    rig.put_in(figures("one", "2018-01", &[("A", long), ("B", "9223372036854775807")]));
    let after = [("A", longer), ("B", "0.000000000000000001")];
    let review = rig.review(None, figures("one", "2018-01", &after));
    assert_eq!(moves(&review.tenfold.first).len(), 2);
    assert_eq!(moves(&review.tenfold.first)[1], "one A 2018-01: 4.6% to 46.0%, 10 times");
}

#[test]
fn a_value_is_held_against_the_others_of_its_region_and_a_region_against_its_parts() {
    let mut rig = england();
    let inside = [("A", "10"), ("B", "12"), ("C", "14"), ("F", "16"), ("K", "13"), ("R", "13"), ("X", "1"), ("Y", "2")];
    rig.put_in(figures("one", "2018-01", &inside));
    let review = rig.review(None, figures("one", "2018-01", &[("K", "17"), ("B", "16"), ("R", "30"), ("X", "99")]));
    assert_eq!(
        outside(&review.outside.first),
        ["one R 2018-01: 30.0%; 5 of Area R: 10.0% to 17.0%", "one K 2018-01: 17.0%; 4 of Area R: 10.0% to 16.0%",],
        "B is the equal of another, and two areas give no range; the farthest out comes first"
    );
}

#[test]
fn what_was_outside_before_is_not_told_again() {
    let mut rig = england();
    let inside = [("A", "10"), ("B", "12"), ("C", "14"), ("F", "16"), ("K", "17"), ("G", "13")];
    rig.put_in(figures("one", "2018-01", &inside));
    let told = |instructions| outside(&rig.review(None, instructions).outside.first);
    assert_eq!(told(figures("one", "2018-01", &[("K", "18")])), [""; 0], "in the cell itself");
    let next = [("A", "10"), ("B", "12"), ("C", "14"), ("F", "16"), ("K", "18"), ("G", "9")];
    let wanted = "one G 2018-02: 9.0%; 5 of Area R: 10.0% to 18.0%";
    assert_eq!(told(figures("one", "2018-02", &next)), [wanted], "or in the latest earlier one");
}

#[test]
fn a_rating_flips_with_its_figure_or_with_its_target() {
    let mut rig = england();
    rig.put_in(vec![local_target("one", 60, Some(50))]);
    rig.put_in(figures("one", "2018-01", &[("K", "60")]));
    rig.put_in(figures("one", "2018-02", &[("K", "55")]));
    let review = rig.review(None, figures("one", "2018-01", &[("K", "49.9")]));
    let red = "one K 2018-01: Green 60.0% by 60% or more to Red 49.9% by 60% or more";
    assert_eq!(ratings(&review.ratings.first), [red]);
    let stricter = target(key("one", "K", domain::Owner::Local), "2016-01-01", terms(70, Some(56)));
    let review = rig.review(None, vec![stricter]);
    assert_eq!(
        ratings(&review.ratings.first),
        [
            "one K 2018-01: Green 60.0% by 60% or more to Amber 60.0% by 70% or more",
            "one K 2018-02: Amber 55.0% by 60% or more to Red 55.0% by 70% or more",
        ]
    );
    assert_eq!(all_of_one_kind(&review), [0; 5]);
    let lost = rig.review(None, vec![withdraw("one", "K", "2018-01"), missing("one", "K", "2018-02")]);
    assert_eq!((lost.ratings.n, lost.n_ratings_lost), (0, 2));
}

/// England's rate for 2016 was revised from 333 to 3071, and every council in it became better than England.
#[test]
fn the_countrys_figure_alone_flips_the_verdict_of_areas_that_are_not_touched() {
    let mut rig = england();
    rig.put_in(figures("low", "CY2016", &[("E", "333"), ("K", "338"), ("A", "333"), ("B", "332")]));
    rig.put_in(figures("one", "CY2016", &[("K", "338")]));
    let review = rig.review(None, figures("low", "CY2016", &[("E", "3071")]));
    assert_eq!(
        comparisons(&review.comparisons.first),
        [
            "low K CY2016: Worse 338.0%/333.0% to Better 338.0%/3,071.0%",
            "low A CY2016: Level 333.0%/333.0% to Better 333.0%/3,071.0%",
        ],
        "the council's own comes first"
    );
    assert_eq!(moves(&review.tenfold.first), ["low E CY2016: 333.0% to 3,071.0%, 9.2 times"]);
    let gone = rig.review(None, vec![withdraw("low", "E", "CY2016")]);
    assert_eq!((gone.comparisons.n, gone.n_comparisons_lost), (0, 3));
}

#[test]
fn better_and_worse_go_by_the_polarity_and_are_judged_unrounded() {
    let mut rig = england();
    rig.put_in(figures("one", "2018-01", &[("E", "50"), ("K", "50")]));
    let review = rig.review(None, figures("one", "2018-01", &[("K", "50.004")]));
    let wanted = "one K 2018-01: Level 50.0%/50.0% to Better 50.004%/50.000%";
    assert_eq!(comparisons(&review.comparisons.first), [wanted], "shown with as many places as tell them apart");
    let turned = Definition { polarity: Polarity::Lower, ..definition("one") };
    rig.put_in(figures("one", "2018-01", &[("K", "51")]));
    let review = rig.review(None, vec![define(turned)]);
    let wanted = "one K 2018-01: Better 51.0%/50.0% to Worse 51.0%/50.0%";
    assert_eq!(comparisons(&review.comparisons.first), [wanted], "a definition turns it about");
}

#[test]
fn taking_a_release_back_flips_what_it_flipped() {
    let mut rig = england();
    rig.put_in(vec![local_target("one", 60, None)]);
    rig.put_in(figures("one", "2018-01", &[("E", "50"), ("K", "40")]));
    let id = rig.put_in(figures("one", "2018-01", &[("E", "50"), ("K", "70")]));
    let review = rig.review(None, vec![give(Command::RollBackSubmission(id))]);
    assert_eq!(all_of_one_kind(&review), [0, 1, 0, 0, 0]);
    assert_eq!(moves(&review.moves.first), ["one K 2018-01: 70.0% to 40.0%, down 42.9%"]);
    let back = "one K 2018-01: Better 70.0%/50.0% to Worse 40.0%/50.0%";
    assert_eq!(comparisons(&review.comparisons.first), [back]);
    assert_eq!((review.ratings.n, review.n_ratings_lost), (0, 1), "there is no minimum standard to be Red by");
    rig.put_in(vec![give(Command::RollBackSubmission(id))]);
    let review = rig.review(None, vec![give(Command::ReinstateSubmission(id))]);
    assert_eq!(moves(&review.moves.first), ["one K 2018-01: 40.0% to 70.0%, up 75%"]);
}

#[test]
fn a_backfill_is_compared_with_what_stood_then() {
    let mut rig = england();
    let known = |day: &str, figure: &str| super::rig::known(day, give_to("one", "K", "2018-01", figure));
    rig.on("2019-01-01").put_in(vec![known("2018-02-01", "10")]);
    rig.put_in(vec![known("2018-06-01", "30")]);
    let late = || vec![give_to("one", "K", "2018-01", "20")];
    let then = rig.review(Some("2018-04-01"), late());
    assert_eq!(moves(&then.moves.first), ["one K 2018-01: 10.0% to 20.0%, up 100%"]);
    assert_eq!(then.known_at, Some(super::rig::noon("2018-04-01")));
    let now = rig.review(None, late());
    assert_eq!(moves(&now.moves.first), ["one K 2018-01: 30.0% to 20.0%, down 33.3%"]);
}

#[test]
fn of_many_the_first_twenty_are_listed_and_all_counted() {
    let mut rig = england();
    let months: Vec<String> = (1..=25).map(|n| format!("{}-{:02}", 2016 + n / 12, n % 12 + 1)).collect();
    let of = |figure: &str| months.iter().map(|month| give_to("one", "K", month, figure)).collect();
    rig.put_in(of("1"));
    let review = rig.review(None, of("10"));
    assert_eq!((review.moves.n, review.moves.first.len(), review.tenfold.n), (25, 20, 25));
}

/// What every cell says, read one by one from a whole book.
fn verdicts(rig: &Rig, cells: &[Cell]) -> Vec<(Option<String>, Option<std::cmp::Ordering>)> {
    let value = |cell: &Cell| {
        let found = rig.book.result(cell, super::rig::NOW)?;
        found.figure()?.0.exact(1).ok()?
    };
    let verdict = |cell: &Cell| {
        let country = Cell { series: domain::Series { area: area("E"), ..cell.series.clone() }, ..cell.clone() };
        let own = value(cell).filter(|_| cell.series.area != area("E"));
        let figure = rig.book.result(cell, super::rig::NOW).map(|it| format!("{:?}", it.entry()));
        (figure, own.zip(value(&country)).map(|(own, country)| own.compare(country)))
    };
    cells.iter().map(verdict).collect()
}

#[test]
fn every_change_and_flip_is_found_that_a_look_at_every_cell_finds() {
    let mut state: u64 = 7;
    let mut draw = move |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let places = ["E", "K", "A", "X"];
    let months = ["2018-01", "2018-02"];
    let cells: Vec<Cell> = places.iter().flat_map(|place| months.map(|month| cell_of("one", place, month))).collect();
    for round in 0..60 {
        let mut rig = england();
        let mut some = |n: u64| -> Vec<Instruction> {
            let wanted: Vec<&Cell> = cells.iter().filter(|_| draw(3) > 0).collect();
            wanted.into_iter().map(|cell| record_entry(cell.clone(), entry(&draw(n).to_string()))).collect()
        };
        let (first, second) = (some(3), some(3));
        rig.put_in(first);
        let review = rig.review(None, second.clone());
        let before = verdicts(&rig, &cells);
        rig.put_in(second);
        let after = verdicts(&rig, &cells);
        let both = || before.iter().zip(&after);
        let n = |found: usize| u64::try_from(found).unwrap();
        let flips = both().filter(|((_, was), (_, is))| was.is_some() && is.is_some() && was != is).count();
        let new = both().filter(|((was, _), (is, _))| was.is_none() && is.is_some()).count();
        let revised = both().filter(|((was, _), (is, _))| was.is_some() && was != is).count();
        assert_eq!(review.comparisons.n, n(flips), "round {round}");
        assert_eq!(all_of_one_kind(&review), [n(new), n(revised), 0, 0, 0], "round {round}");
        assert_eq!(review.moves.n, n(revised), "round {round}");
    }
}

#[test]
fn a_value_that_moves_by_less_than_is_shown_is_told_apart() {
    let mut rig = england();
    rig.put_in(vec![give_to("one", "K", "2018-01", "2.69"), give_to("one", "X", "2018-01", "0")]);
    let review = rig.review(None, vec![give_to("one", "K", "2018-01", "2.71"), give_to("one", "X", "2018-01", "0.01")]);
    let told = ["one X 2018-01: 0.00% to 0.01%, up from 0.00%", "one K 2018-01: 2.69% to 2.71%, up 0.7%"];
    assert_eq!(moves(&review.moves.first), told);
}
