//! What a cell of a grid takes, that its outcome is read back, and lines of months that follow one another.

use std::collections::BTreeSet;

use domain::command::Command;
use domain::measure::{Definition, Polarity};
use domain::result::{Colour, Missing, ResultEntry};
use domain::{AsOf, CohortId, Figure, Owner, Period, Position, Status, Terms, Timestamp};
use proptest::prelude::*;
use ratings::{Direction, Movement, NoDirection, NotRated, Rating};

use super::rig::{
    Rig, area, as_known, cell, cell_of, define, define_area, definition, direction_method, entry, give, key, known,
    measure, noon, record_entry, target, terms,
};
use crate::grid::{FigureKind, Grid, GridCell, GridDifferences, Outcome, Question, differences, grid};
use crate::history;

#[test]
fn a_cell_of_a_grid_is_small() {
    assert_eq!(size_of::<GridCell>(), 16);
}

fn kinds() -> Vec<FigureKind> {
    let missing = Missing::ALL.map(FigureKind::Missing);
    [FigureKind::None, FigureKind::Stated, FigureKind::Counted].into_iter().chain(missing).collect()
}

fn ratings() -> Vec<Rating> {
    let reasons = [
        NotRated::UnknownRule,
        NotRated::ShownOnly,
        NotRated::WithdrawnMeasure,
        NotRated::ActivityMeasure,
        NotRated::NoPolarity,
        NotRated::NoResult,
        NotRated::Forecast,
        NotRated::NoTarget,
        NotRated::UnfitTarget,
        NotRated::NotDivisible,
        NotRated::NoMinimumStandard,
    ];
    let reasons = reasons.into_iter().chain(Missing::ALL.map(NotRated::Missing));
    [Colour::Green, Colour::Amber, Colour::Red]
        .map(Rating::Rated)
        .into_iter()
        .chain(reasons.map(Rating::NotRated))
        .collect()
}

fn directions() -> Vec<Direction> {
    let unjudged = [Movement::Up, Movement::Down, Movement::Same].map(Direction::Unjudged);
    let none = [NoDirection::NoResult, NoDirection::NoPrevious, NoDirection::UnknownMethod].map(Direction::None);
    let judged = [Direction::Improved, Direction::Worsened, Direction::NoChange, Direction::NoClearTrend];
    judged.into_iter().chain(unjudged).chain(none).collect()
}

#[test]
fn an_outcome_is_read_back() {
    let mut numbers = BTreeSet::new();
    for kind in kinds() {
        for (at, rating) in ratings().into_iter().enumerate() {
            for direction in directions() {
                for status in Status::ALL {
                    let scale = u8::try_from(at % 19).unwrap();
                    let outcome = Outcome::new(kind, scale, status, rating, direction);
                    let none = kind == FigureKind::None;
                    let (scale, status) = if none { (0, Status::NotStated) } else { (scale, status) };
                    let found =
                        (outcome.kind(), outcome.scale(), outcome.status(), outcome.rating(), outcome.direction());
                    assert_eq!(found, (kind, scale, status, rating, direction));
                    numbers.insert(outcome.number());
                }
            }
        }
    }
    let (n_kinds, n_ratings, n_directions) = (kinds().len(), ratings().len(), directions().len());
    // Where nothing stands, the status is one of them all.
    assert_eq!(numbers.len(), ((n_kinds - 1) * Status::ALL.len() + 1) * n_ratings * n_directions);
}

#[test]
fn numbers_of_statuses_and_reasons_are_their_places() {
    assert_eq!(Status::ALL.map(|status| Status::ALL[usize::from(status.number())]), Status::ALL);
    assert_eq!(Missing::ALL.map(|missing| Missing::ALL[usize::from(missing.number())]), Missing::ALL);
}

/// What may be recorded of a month.
#[derive(Debug, Clone)]
enum Word {
    /// Digits and how many of them stand after the point.
    Value(i64, u8),
    Forecast(i64),
    Missing,
    Counts(u8),
    Withdrawn,
}

/// A word about a month, on a day, told on that day or later.
#[derive(Debug, Clone)]
struct Said {
    area: &'static str,
    month: usize,
    day: usize,
    word: Word,
    later: bool,
}

const DAYS: [&str; 4] = ["2018-02-01", "2018-05-01", "2018-09-01", "2018-12-01"];
const N_MONTHS: usize = 12;
const AREAS: [&str; 2] = ["D", "K"];

/// A month by its number after May 2017.
fn month(number: usize) -> Period {
    let months = 4 + number;
    Period::month(2017 + i16::try_from(months / 12).unwrap(), i8::try_from(months % 12 + 1).unwrap()).unwrap()
}

/// Of a month, mostly a value of one digit after the point.
fn said() -> impl Strategy<Value = Vec<Said>> {
    let odd = prop_oneof![
        (300_i64..600, 2_u8..4).prop_map(|(digits, scale)| Word::Value(digits, scale)),
        (30_i64..60).prop_map(Word::Forecast),
        Just(Word::Missing),
        (1_u8..9).prop_map(Word::Counts),
        Just(Word::Withdrawn),
    ];
    let word = prop_oneof![15 => (30_i64..60).prop_map(|digits| Word::Value(digits, 1)), 1 => odd];
    let areas = prop_oneof![3 => Just(AREAS[0]), 1 => Just(AREAS[1])];
    let said = (areas, 1..=N_MONTHS, 0..DAYS.len(), word, any::<bool>());
    let said = said.prop_map(|(area, month, day, word, later)| Said { area, month, day, word, later });
    // Of the second area, values of two digits after the point.
    let of = |area, later| {
        move |month| {
            let word = if area == AREAS[0] { Word::Value(40, 1) } else { Word::Value(440, 2) };
            Said { area, month, day: 0, word, later }
        }
    };
    let first = move |later| (1..=N_MONTHS).flat_map(move |month| AREAS.map(|area| of(area, later)(month)));
    // The last months are known late or never.
    (any::<bool>(), 3..=N_MONTHS, prop::collection::vec(said, 0..40)).prop_map(move |(later, n, mut words)| {
        words.sort_by_key(|said| said.day);
        first(later).take(n * 2).chain(words).collect()
    })
}

impl Said {
    fn put_in(&self, rig: &mut Rig) {
        let Self { area, month: number, day, word, later } = self;
        let cell = cell_of("x", area, &month(*number).code());
        let give = |instruction| if *later { known(DAYS[*day], instruction) } else { instruction };
        let stated = |digits: i64, scale: u8, status| {
            let value = domain::Decimal::new(digits, scale).unwrap();
            let figure = Figure::Stated { value, denominator: None };
            record_entry(cell.clone(), ResultEntry { figure, status, ..entry("1") })
        };
        let status = if number % 2 == 0 { Status::Final } else { Status::Provisional };
        let instruction = match word {
            Word::Value(digits, scale) => stated(*digits, *scale, status),
            Word::Forecast(tenths) => stated(*tenths, 1, Status::Forecast),
            Word::Missing => record_entry(cell, ResultEntry { figure: Figure::Missing(Missing::Low), ..entry("1") }),
            Word::Counts(n) => record_entry(cell, entry(&format!("{n}/100"))),
            Word::Withdrawn => {
                rig.put_in(vec![give(stated(44, 1, status))]);
                super::rig::give(Command::WithdrawResult(cell))
            }
        };
        rig.put_in(vec![give(instruction)]);
    }
}

/// Every backfill that the cells and those before them show.
fn n_backfilled(rig: &Rig, question: &Question, as_of: AsOf) -> usize {
    let book = &rig.book;
    let defined = book.definition(&question.measures[0], as_of).unwrap().0;
    let mut positions: BTreeSet<Position> = defined.backfill().then_some(defined.position).into_iter().collect();
    let places = question.areas.iter().flat_map(|area| question.periods.iter().enumerate().map(move |it| (area, it)));
    for (area, (at, period)) in places {
        let explain =
            |period: Period| history::explain(book, &cell_of("x", area.as_str(), &period.code()), as_of).unwrap().0;
        let row = explain(*period);
        let before = period.previous().filter(|_| at == 0 && row.result.is_some()).map(explain);
        let compared = before.and_then(|row| row.result).filter(|_| row.direction.previous.is_some());
        let shown = row.result.into_iter().chain(compared).map(|result| result.provenance);
        let shown = shown.chain(row.target.map(|target| target.provenance));
        positions.extend(shown.filter(|it| it.known_at < it.recorded_at).map(|it| it.position));
    }
    positions.len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]
    #[test]
    fn months_in_a_row_are_what_their_rows_say(
        words in said(),
        n_targets in 0..4_usize,
        by_period in prop::bool::weighted(0.8),
        change in 0..6_usize,
    ) {
        let mut rig = Rig::new();
        if by_period {
            rig.put_in(vec![direction_method("previous-period.1", "1900-01-01")]);
        }
        rig.put_in(vec![define(definition("x"))]);
        for at in 0..n_targets {
            let from = month(at * 3 + 1).first_day().to_string();
            let percent = i64::try_from(4 + at % 2).unwrap();
            let set = target(key("x", "K", Owner::Local), &from, terms(percent, Some(percent - 1)));
            rig.on(DAYS[0]).put_in(vec![known(DAYS[0], set)]);
        }
        for said in &words {
            said.put_in(rig.on(DAYS[said.day]));
        }
        // On a day between two of the times.
        rig.on("2018-12-15").put_in(vec![match change {
            0 => define(Definition { polarity: Polarity::Lower, ..definition("x") }),
            1 => target(key("x", "K", Owner::Local), &month(1).first_day().to_string(), terms(4, Some(3))),
            2 => target(key("x", "D", Owner::Local), &month(4).first_day().to_string(), terms(5, Some(4))),
            3 => define_area("D", None),
            4 => direction_method("previous-reported.1", "2016-09-01"),
            _ => direction_method("previous-period.1", "2016-09-01"),
        }]);
        let head = rig.book.head();
        let mut told_before = Vec::new();
        let middle = rig.book.settle(Position::new(head.get() - head.get() / 5));
        // From before the first month to after the last, and some between them.
        let parts = [(0, N_MONTHS + 3), (2, N_MONTHS), (4, 7)];
        let times = ["2018-03-01", "2018-10-01", "2018-12-31"].map(|day| as_known(day).known_at);
        for ((from, to), known_at, position) in
            parts.into_iter().flat_map(|part| times.map(|time| (part, time))).flat_map(|(p, t)| [(p, t, middle), (p, t, head)])
        {
            let as_of = AsOf { known_at, position };
            let periods = (from..to).map(month).collect();
            let question =
                Question { measures: vec![measure("x")], areas: AREAS.map(area).into(), cohort: CohortId::all(), periods };
            let found = grid(&rig.book, &question, as_of).unwrap();
            let places = AREAS.into_iter().flat_map(|area| question.periods.iter().map(move |period| (area, period.code())));
            for ((area, period), found_cell) in places.zip(&found.cells) {
                let (row, _) = history::explain(&rig.book, &cell_of("x", area, &period), as_of).unwrap();
                let shown = row.result.as_ref().map(|result| (result.entry.figure, result.entry.status));
                let told = format!("{area}, {period} as of {as_of:?}, {from} to {to}");
                prop_assert_eq!(found.figure(found_cell).map(|it| (it, found_cell.status())), shown, "{}", told);
                prop_assert_eq!(found.target(found_cell), row.target.map(|it| it.terms), "{}", told);
                let judged = (found_cell.rating(), found_cell.direction());
                prop_assert_eq!(judged, (row.rating, row.direction.direction), "{}", told);
            }
            told_before.push((question.clone(), as_of, found.clone()));
            if by_period && change != 4 {
                let counted = usize::try_from(found.basis.n_backfilled).unwrap();
                prop_assert_eq!(counted, n_backfilled(&rig, &question, as_of), "as of {:?}, {} to {}", as_of, from, to);
            }
        }
        for (question, before, was) in &told_before {
            for (_, after, is) in told_before.iter().filter(|(other, ..)| other == question) {
                let found = differences(&rig.book, question, *before, *after).unwrap();
                prop_assert_eq!(told_differences(&found), expected_differences(was, is), "{:?} and {:?}", before, after);
            }
        }
    }
}

type Told = (Option<Figure>, Option<Terms>, Status, Rating, Direction);

fn told(cell: &GridCell, figure: Option<Figure>, target: Option<Terms>) -> Told {
    (figure, target, cell.status(), cell.rating(), cell.direction())
}

fn told_differences(found: &GridDifferences) -> Vec<(usize, Told, Told)> {
    let told = |cell: &GridCell| told(cell, found.figure(cell), found.target(cell));
    found.cells.iter().map(|differing| (differing.at, told(&differing.was), told(&differing.is))).collect()
}

fn expected_differences(was: &Grid, is: &Grid) -> Vec<(usize, Told, Told)> {
    let told = |grid: &Grid, cell: &GridCell| told(cell, grid.figure(cell), grid.target(cell));
    let both = was.cells.iter().zip(&is.cells).map(|(before, after)| (told(was, before), told(is, after)));
    both.enumerate().filter(|(_, (before, after))| before != after).map(|(at, (was, is))| (at, was, is)).collect()
}

#[test]
fn what_two_measures_rest_on_together_is_counted_once() {
    let mut rig = Rig::new();
    let set = target(key("x", "K", Owner::Local), "2017-04-01", terms(4, Some(3)));
    rig.on("2018-05-01").put_in(vec![known("2018-01-01", define(definition("x"))), known("2018-01-01", set)]);
    let ask = |measures: &[&str]| {
        let measures = measures.iter().copied().map(measure).collect();
        let periods = vec![month(1)];
        let question = Question { measures, areas: vec![area("K")], cohort: CohortId::all(), periods };
        grid(&rig.book, &question, AsOf::position(rig.book.head())).unwrap().basis.n_backfilled
    };
    assert_eq!((ask(&["x"]), ask(&["x", "x"])), (2, 2));
}

#[test]
fn an_area_whose_figures_begin_later_has_none_of_those_before_it() {
    let mut rig = Rig::new();
    rig.put_in(vec![define(definition("x")), direction_method("previous-period.1", "1900-01-01")]);
    for at in 0..6 {
        let code = month(at).code();
        rig.put_in(vec![record_entry(cell_of("x", "K", &code), entry("4.0"))]);
        if at >= 4 {
            rig.put_in(vec![record_entry(cell_of("x", "D", &code), entry("4.5"))]);
        }
    }
    let periods = (1..6).map(month).collect();
    let areas = ["K", "D", "K", "D"].map(area).into();
    let question = Question { measures: vec![measure("x")], areas, cohort: CohortId::all(), periods };
    let found = grid(&rig.book, &question, AsOf::position(rig.book.head())).unwrap();
    let there: Vec<bool> = found.cells.iter().map(|cell| found.figure(cell).is_some()).collect();
    let (all, late) = ([true; 5], [false, false, false, true, true]);
    assert_eq!(there, [all, late, all, late].concat());
}

#[test]
fn a_period_of_another_kind_is_not_the_one_that_is_asked_for() {
    let mut rig = Rig::new();
    rig.put_in(vec![define(definition("x")), direction_method("previous-period.1", "1900-01-01")]);
    let quarters = ["FY2016-Q4", "FY2017-Q1", "FY2017-Q2"];
    for (quarter, figure) in quarters.into_iter().zip(["4.0", "4.1", "4.0"]) {
        rig.put_in(vec![record_entry(cell("x", quarter), entry(figure))]);
    }
    let ask = |codes: &[&str]| {
        let periods = codes.iter().map(|code| code.parse().unwrap()).collect();
        let question =
            Question { measures: vec![measure("x")], areas: vec![area("K")], cohort: CohortId::all(), periods };
        let found = grid(&rig.book, &question, AsOf::position(rig.book.head())).unwrap();
        found.cells.iter().map(|cell| (found.figure(cell).is_some(), cell.direction())).collect::<Vec<_>>()
    };
    let none = |reason| Direction::None(reason);
    assert_eq!(ask(&["2017-04", "2017-05", "2017-06"]), [(false, none(NoDirection::NoResult)); 3]);
    assert_eq!(ask(&quarters[1..]), [(true, Direction::Improved), (true, Direction::Worsened)]);
    assert_eq!(
        ask(&["FY2016-Q3", "FY2016-Q4", "FY2017-Q1"]),
        [(false, none(NoDirection::NoResult)), (true, none(NoDirection::NoPrevious)), (true, Direction::Improved)]
    );
}

#[test]
fn a_figure_before_those_asked_for_makes_a_difference_where_it_is_compared_with() {
    let mut rig = Rig::new();
    rig.put_in(vec![define(definition("x")), direction_method("previous-reported.1", "1900-01-01")]);
    let mut say = |day, at, figure| {
        rig.on(day).put_in(vec![record_entry(cell_of("x", "K", &month(at).code()), entry(figure))]);
    };
    say("2018-05-01", 1, "4.0");
    say("2018-05-01", 4, "4.5");
    say("2018-09-01", 1, "5.0");
    let question = Question {
        measures: vec![measure("x")],
        areas: vec![area("K")],
        cohort: CohortId::all(),
        periods: vec![month(4)],
    };
    let [before, after] = ["2018-06-01", "2018-10-01"].map(|day| AsOf { position: rig.book.head(), ..as_known(day) });
    let found = differences(&rig.book, &question, before, after);
    let directions = found.unwrap().cells.into_iter().map(|cell| (cell.was.direction(), cell.is.direction()));
    assert_eq!(directions.collect::<Vec<_>>(), [(Direction::Improved, Direction::Worsened)]);
}

#[test]
fn of_figures_that_are_all_alike_those_beyond_a_position_are_not_there() {
    let mut rig = Rig::new();
    rig.put_in(vec![define(definition("x")), direction_method("previous-period.1", "1900-01-01")]);
    let mut say = |at: usize, figure: &str| {
        rig.put_in(vec![record_entry(cell_of("x", "K", &month(at).code()), entry(figure))]);
        rig.book.head()
    };
    for at in 0..4 {
        say(at, "4.0");
    }
    let revised = say(2, "5.0");
    let longer = say(4, "6.0");
    let periods = (1..5).map(month).collect();
    let question = Question { measures: vec![measure("x")], areas: vec![area("K")], cohort: CohortId::all(), periods };
    let figures = |position: Position| {
        let found = grid(&rig.book, &question, AsOf::position(position)).unwrap();
        found.cells.iter().map(|cell| found.figure(cell).map(|_| cell.number)).collect::<Vec<_>>()
    };
    let first = rig.book.settle(Position::new(revised.get() - 1));
    assert_eq!(figures(first), [Some(40), Some(40), Some(40), None]);
    assert_eq!(figures(revised), [Some(40), Some(50), Some(40), None]);
    assert_eq!(figures(longer), [Some(40), Some(50), Some(40), Some(60)]);
}

/// Puts in one and the same figure for four months, as known at noon on 1 May 2018, and asks for the last three.
fn alike(rig: &mut Rig) -> Question {
    rig.put_in(vec![define(definition("x")), direction_method("previous-period.1", "1900-01-01")]);
    let said = |at: usize| known("2018-05-01", record_entry(cell_of("x", "K", &month(at).code()), entry("4.0")));
    rig.on("2019-01-01").put_in((0..4).map(said).collect());
    let periods = (1..4).map(month).collect();
    Question { measures: vec![measure("x")], areas: vec![area("K")], cohort: CohortId::all(), periods }
}

fn figures(rig: &Rig, question: &Question, as_of: AsOf) -> Vec<Option<i64>> {
    let found = grid(&rig.book, question, as_of).unwrap();
    found.cells.iter().map(|cell| found.figure(cell).map(|_| cell.number)).collect()
}

#[test]
fn figures_that_are_all_alike_count_from_the_very_instant_at_which_they_were_known() {
    let mut rig = Rig::new();
    let question = alike(&mut rig);
    let as_known_at = |known_at| AsOf { known_at: Some(known_at), position: rig.book.head() };
    let then = noon("2018-05-01");
    assert_eq!(figures(&rig, &question, as_known_at(then)), [Some(40); 3]);
    let before = Timestamp::from_micros(then.micros() - 1).unwrap();
    assert_eq!(figures(&rig, &question, as_known_at(before)), [None; 3]);
}

#[test]
fn of_figures_that_are_all_alike_those_rolled_back_do_not_stand() {
    let mut rig = Rig::new();
    let question = alike(&mut rig);
    // Taken in like the others, as known earlier.
    let wrong = rig.put_in(vec![known("2018-06-01", record_entry(cell_of("x", "K", &month(2).code()), entry("5.0")))]);
    let revised = rig.book.head();
    rig.put_in(vec![give(Command::RollBackSubmission(wrong))]);
    assert_eq!(figures(&rig, &question, AsOf::position(revised)), [Some(40), Some(50), Some(40)]);
    assert_eq!(figures(&rig, &question, AsOf::position(rig.book.head())), [Some(40); 3]);
}

#[test]
fn a_target_judges_from_a_period_s_last_day_on() {
    let mut rig = Rig::new();
    let question = alike(&mut rig);
    let last_day = month(2).last_day().to_string();
    rig.put_in(vec![target(key("x", "K", Owner::Local), &last_day, terms(3, None))]);
    let asked = |n| Question { periods: question.periods.iter().copied().take(n).collect(), ..question.clone() };
    let targets = |question| {
        let found = grid(&rig.book, &question, AsOf::position(rig.book.head())).unwrap();
        found.cells.iter().map(|cell| cell.target).collect::<Vec<_>>()
    };
    assert_eq!(targets(asked(2)), [0, 1]);
    assert_eq!(targets(asked(3)), [0, 1, 1]);
}

#[test]
fn an_answer_keeps_the_definitions_that_it_was_made_with() {
    let mut rig = Rig::new();
    let question = alike(&mut rig);
    let ask = |rig: &Rig| grid(&rig.book, &question, AsOf::position(rig.book.head())).unwrap();
    let titles = |grid: &Grid| grid.definitions.iter().map(|(it, _)| it.title.clone()).collect::<Vec<_>>();
    let mut found = ask(&rig);
    rig.put_in(vec![define(Definition { title: "The new x".to_owned(), ..definition("x") })]);
    assert_eq!(titles(&found), ["The x"]);
    let later = ask(&rig);
    assert_eq!(titles(&later), ["The new x"]);
    found.append(later, false);
    assert_eq!(titles(&found), ["The x", "The new x"]);
}
