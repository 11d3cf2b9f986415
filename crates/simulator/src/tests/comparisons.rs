//! Comparisons of random scorecards: the causes that are named, against the definition, and both ways round.

use std::collections::{BTreeMap, BTreeSet};

use domain::command::{Expect, ScorecardDefinition};
use domain::event::{
    Average, BenchmarkRecorded, Comparator, MeasureWithdrawn, NeighboursAdopted, ResultRecorded, RuleAdopted,
    TargetChanged,
};
use domain::ids::NeighboursId;
use domain::measure::{MeasureKind, Polarity};
use domain::result::{ResultEntry, StatedPeriod};
use domain::scorecard::{LayoutRow, Remit, Section};
use domain::target::TargetKey;
use domain::{
    AreaId, AsOf, Cell, CohortId, Command, Date, Decimal, Figure, Layout, MeasureId, Minimum, Missing, Owner, Period,
    RuleId, ScorecardId, Series, Span, Status, Target, Terms,
};
use ratings::{NotRated, Rating, Subject};
use reporting::answer::{CauseKind, Comparison, Difference, DifferenceKind};
use reporting::comparison::{Side, compare};
use reporting::scorecard::{Question, scorecard};

use super::properties::seeds;
use crate::naive::View;
use crate::naive::row::Row;
use crate::world::draw::{AREAS, COHORTS, MEASURES, SCORECARD};
use crate::world::{World, instruction};

const PERIOD: &str = "2018-01";

fn area(code: &str) -> AreaId {
    AreaId::new(code).unwrap()
}

fn measure(world: &mut World) -> MeasureId {
    MeasureId::new(world.rng.pick(&["m-high", "m-low", "m-range"])).unwrap()
}

fn cell(world: &mut World, area: AreaId) -> Cell {
    let cohort = CohortId::new(world.rng.pick(&COHORTS)).unwrap();
    Cell { series: Series { measure: measure(world), area, cohort }, period: PERIOD.parse().unwrap() }
}

fn number(world: &mut World) -> Decimal {
    let tens = i64::try_from(world.rng.below(10)).unwrap();
    Decimal::new(tens * 100 + 5 * i64::from(world.rng.chance(30)), 1).unwrap()
}

fn entry(world: &mut World) -> ResultEntry {
    let figure = match world.rng.below(8) {
        0 => Figure::Missing(Missing::NotSupplied),
        1..4 => Figure::Stated { value: number(world), denominator: None },
        _ => Figure::Counted { numerator: number(world), denominator: Decimal::whole(97), stated: None },
    };
    let status = world.rng.pick(&[Status::Provisional, Status::Final, Status::Forecast, Status::NotStated]);
    ResultEntry { figure, status, stated_colour: None, stated_previous: None, source_text: String::new() }
}

fn target(world: &mut World) -> Command {
    let Series { measure, area, cohort } = cell(world, area("K")).series;
    let (a, b) = (number(world), number(world));
    let (low, high) = if a.compare(b).is_gt() { (b, a) } else { (a, b) };
    let (target, minimum) = match measure.as_str() {
        "m-low" => (Target::AtMost(low), Minimum::Value(high)),
        "m-range" => {
            let minimum = Minimum::Within { low: Decimal::whole(0), high: Decimal::whole(95) };
            (Target::Within { low, high }, minimum)
        }
        _ => (Target::AtLeast(high), Minimum::Value(low)),
    };
    let minimum = if world.rng.chance(20) { Minimum::Unknown } else { minimum };
    let key = TargetKey { measure, area, cohort, owner: world.rng.pick(&[Owner::Local, Owner::National]) };
    let span = Span { from: Date::constant(2017, 1, 1), to: None };
    Command::ChangeTarget(TargetChanged {
        key,
        span,
        terms: Terms { target, minimum },
        decision: "minute 3".to_owned(),
    })
}

/// Two or three sections, which may have new headings, and their rows in any order.
fn scorecard_definition(world: &mut World) -> Command {
    let headings = if world.rng.chance(30) { ["Monthly", "Each term"] } else { ["Monthly", "Termly"] };
    let mut sections: Vec<Section> =
        headings.iter().map(|title| Section { title: (*title).to_owned(), rows: Vec::new() }).collect();
    let mut measures = MEASURES.to_vec();
    while !measures.is_empty() {
        let at = usize::try_from(world.rng.below(2)).unwrap().min(measures.len() - 1);
        let measure = MeasureId::new(measures.remove(at)).unwrap();
        let cohort = CohortId::new(world.rng.pick(&COHORTS)).unwrap();
        let (rated, owner) = (world.rng.chance(85), world.rng.pick(&[None, Some(Owner::Local), Some(Owner::National)]));
        let section = usize::try_from(world.rng.below(5)).unwrap() / 3;
        sections[section].rows.push(LayoutRow { measure, cohort, rated, owner });
    }
    sections.retain(|section| !section.rows.is_empty());
    if world.rng.chance(30) {
        sections.reverse();
    }
    let (title, committee) = (world.rng.pick(&["The card", "The new card"]).to_owned(), String::new());
    let layout = Layout { sections };
    let owner = world.rng.pick(&["", "Integrated Services"]).to_owned();
    let remit = Remit { owner, ..Remit::default() };
    Command::DefineScorecard(ScorecardDefinition { scorecard: card(), title, committee, layout, remit })
}

fn benchmark(world: &mut World) -> Command {
    let cell = cell(world, area("K"));
    let comparators = [Comparator::Area(area("E")), Comparator::Group("peers".to_owned())];
    Command::RecordBenchmark(BenchmarkRecorded {
        period: StatedPeriod::Period(cell.period),
        cell,
        comparator: world.rng.pick(&comparators),
        figure: if world.rng.chance(85) { Ok(number(world)) } else { Err(Missing::Unavailable) },
        source: String::new(),
    })
}

fn neighbours(world: &mut World) -> Command {
    let members: Vec<AreaId> = ["E", "D1", "D2"].into_iter().filter(|_| world.rng.chance(60)).map(area).collect();
    Command::AdoptNeighbours(NeighboursAdopted {
        list: NeighboursId::new(world.rng.pick(&["near", "far"])).unwrap(),
        area: area("K"),
        from: Date::constant(2017, 1, 1),
        members,
        average: world.rng.pick(&[Average::Mean, Average::Median]),
        at_least: 1,
    })
}

/// What a comparison of few rows is likely to tell of.
fn about_few_rows(world: &mut World) -> Command {
    match world.rng.below(40) {
        0..14 => {
            let area = area(world.rng.pick(&AREAS));
            Command::RecordResult(ResultRecorded { cell: cell(world, area), entry: entry(world) })
        }
        14..22 => target(world),
        22..26 => scorecard_definition(world),
        26..29 => benchmark(world),
        29..33 => neighbours(world),
        33 => Command::WriteCommentary { cell: cell(world, area("K")), text: "Good.".to_owned() },
        34 => {
            let (measure, from) = (measure(world), Date::constant(2018, 1, 1));
            let successor = Some(MeasureId::new("m-year").unwrap());
            Command::WithdrawMeasure(MeasureWithdrawn { measure, from, successor, comparable: world.rng.chance(50) })
        }
        35 => {
            let rule = RuleId::new(world.rng.pick(&["kent.1", "kent.2"])).unwrap();
            let measure = Some(measure(world));
            Command::AdoptRatingRule(RuleAdopted { rule, measure, from: Date::constant(2017, 1, 1) })
        }
        36 => {
            let defined = world.draw_definitions();
            world.rng.pick(&defined).command
        }
        _ => redefinition(world),
    }
}

/// A measure that may be turned round, or not be rated any more.
fn redefinition(world: &mut World) -> Command {
    let measure = measure(world);
    let defined = world.draw_definitions().into_iter().find_map(|it| match it.command {
        Command::DefineMeasure { definition, .. } if definition.measure == measure => Some(definition),
        _ => None,
    });
    let mut definition = defined.expect("each is defined");
    definition.polarity = world.rng.pick(&[definition.polarity, Polarity::Higher, Polarity::Lower]);
    definition.unit.multiplier = world.rng.pick(&[100, 100, 1_000]);
    if world.rng.chance(25) {
        definition.kind = MeasureKind::Activity { expected: None };
    }
    Command::DefineMeasure { definition, expect: Expect::Either }
}

fn card() -> ScorecardId {
    ScorecardId::new(SCORECARD).unwrap()
}

fn draw_side(world: &mut World) -> Side {
    let known_at = if world.rng.chance(60) { None } else { world.draw_known_at() };
    let as_of = AsOf { known_at, position: world.draw_position() };
    let usual = |world: &mut World| world.rng.chance(90);
    let period = if usual(world) { PERIOD.parse().unwrap() } else { world.draw_period() };
    let area = if usual(world) { area("K") } else { world.draw_area() };
    Side { view: None, question: Question { scorecard: card(), period, area }, as_of }
}

/// Comparisons of random worlds that have an answer, each with its world.
fn compared(mut each: impl FnMut(&World, &Side, &Side, &Comparison)) {
    for seed in seeds() {
        let mut world = World::grown(seed, 5);
        for _ in 0..25 {
            let n_instructions = 1 + world.rng.below(4);
            let commands: Vec<_> = (0..n_instructions).map(|_| about_few_rows(&mut world)).collect();
            world.put_in(commands.into_iter().map(instruction).collect());
        }
        for _ in 0..8 {
            let (before, after) = (draw_side(&mut world), draw_side(&mut world));
            match compare(&world.book, &before, &after) {
                Ok(comparison) => each(&world, &before, &after, &comparison),
                Err(error) => {
                    let alone = |side: &Side| scorecard(&world.book, &side.question, side.as_of).err();
                    assert_eq!(alone(&before).or_else(|| alone(&after)), Some(error), "seed {seed}");
                }
            }
        }
    }
}

#[test]
fn comparing_a_side_with_itself_gives_no_differences() {
    let mut n_compared = 0;
    compared(|world, before, _, _| {
        let comparison = compare(&world.book, before, before).unwrap();
        assert_eq!((comparison.differences, comparison.n_differences), (vec![], 0), "seed {}, {before:?}", world.seed);
        n_compared += 1;
    });
    assert!(n_compared > 250, "{n_compared}");
}

type Told<'a> = (Option<&'a MeasureId>, DifferenceKind, &'a str, &'a str, &'a str, Vec<(CauseKind, &'a str, &'a str)>);

/// All that must be the same when the sides change places, with what changes places changed back.
fn mirrored<'a>(comparison: &'a Comparison, back: bool) -> Vec<Told<'a>> {
    let kind = |kind| match kind {
        DifferenceKind::Added if back => DifferenceKind::Removed,
        DifferenceKind::Removed if back => DifferenceKind::Added,
        kind => kind,
    };
    let turned = |first, second| if back { (second, first) } else { (first, second) };
    let told = |it: &'a Difference| {
        let (before, after) = turned(it.before.as_str(), it.after.as_str());
        let causes = it.causes.iter().map(|cause| {
            let (alone, without) = turned(cause.alone.as_str(), cause.without.as_str());
            (cause.kind, alone, without)
        });
        (it.measure.as_ref(), kind(it.kind), it.of.as_str(), before, after, causes.collect())
    };
    let mut found: Vec<_> = comparison.differences.iter().map(told).collect();
    found.sort();
    found
}

#[test]
fn comparing_the_other_way_round_gives_the_same_differences_and_causes() {
    let mut n_of_kinds: BTreeMap<DifferenceKind, usize> = BTreeMap::new();
    compared(|world, before, after, comparison| {
        let back = compare(&world.book, after, before).unwrap();
        let told = format!("seed {}, {before:?}, {after:?}", world.seed);
        assert_eq!(mirrored(comparison, false), mirrored(&back, true), "{told}");
        for it in &comparison.differences {
            assert_ne!(it.before, it.after, "{told}: {it:?}");
            assert!(it.sentence.ends_with('.') && !it.sentence.ends_with(".."), "{told}: {it:?}");
            *n_of_kinds.entry(it.kind).or_default() += 1;
        }
    });
    let many = |kind| n_of_kinds.get(&kind).is_some_and(|n| *n > 5);
    for kind in [
        DifferenceKind::Scorecard,
        DifferenceKind::Section,
        DifferenceKind::Name,
        DifferenceKind::Neighbours,
        DifferenceKind::Added,
        DifferenceKind::Removed,
        DifferenceKind::Withdrawn,
        DifferenceKind::Moved,
        DifferenceKind::Cohort,
        DifferenceKind::Layout,
        DifferenceKind::Definition,
        DifferenceKind::Result,
        DifferenceKind::Status,
        DifferenceKind::Target,
        DifferenceKind::Minimum,
        DifferenceKind::Benchmark,
        DifferenceKind::Rule,
        DifferenceKind::Method,
        DifferenceKind::Rating,
        DifferenceKind::Verdict,
        DifferenceKind::Direction,
        DifferenceKind::Commentary,
    ] {
        assert!(many(kind), "{kind:?} hardly comes about: {n_of_kinds:?}");
    }
}

/// What stood for a row on one side by the naive model, under the layouts of both.
struct Stood<'a> {
    view: View<'a>,
    question: &'a Question,
    /// The first side's row of the layout, and the second's.
    layouts: [&'a LayoutRow; 2],
    own: usize,
}

impl Stood<'_> {
    fn row(&self, cohort: usize, owner: usize) -> Row {
        let [cohort, owner] = [self.layouts[cohort], self.layouts[owner]];
        let asked = LayoutRow { owner: owner.owner, ..cohort.clone() };
        self.view.row(&asked, &self.question.area, self.question.period).expect("it is defined")
    }

    fn own(&self) -> Row {
        self.row(self.own, self.own)
    }

    fn withdrawn(&self, period: Period) -> bool {
        let end = self.view.withdrawal(&self.layouts[self.own].measure);
        end.is_some_and(|end| end.from <= period.last_day())
    }
}

/// What the row is rated with these inputs of the second side and all others of the first.
fn rating(sides: &[Stood<'_>; 2], second: &BTreeSet<CauseKind>) -> Rating {
    let which = |kind| usize::from(second.contains(&kind));
    let side = |kind| &sides[which(kind)];
    let (cohort, owner) = (which(CauseKind::Cohort), which(CauseKind::Layout));
    let terms = |kind| side(kind).row(cohort, owner).target.map(|(_, _, terms)| terms);
    let definition = side(CauseKind::Definition).own().definition.0;
    let entry = side(CauseKind::Data).row(cohort, owner).result.map(|(_, entry)| entry);
    let withdrawn = side(CauseKind::Withdrawal);
    let subject = Subject {
        definition: &definition,
        entry: entry.as_ref(),
        terms: terms(CauseKind::Target).map(|target| Terms {
            minimum: terms(CauseKind::Minimum).map_or(target.minimum, |terms| terms.minimum),
            ..target
        }),
        withdrawn: withdrawn.withdrawn(withdrawn.own().cell.period),
        shown_only: !sides[which(CauseKind::Layout)].layouts[which(CauseKind::Layout)].rated,
    };
    match side(CauseKind::Rule).own().rating.1 {
        Some(rule) => ratings::rate(&rule, &subject),
        None => Rating::NotRated(NotRated::UnknownRule),
    }
}

fn words(rating: Rating) -> String {
    match rating {
        Rating::Rated(_) => rating.word().to_owned(),
        Rating::NotRated(reason) => format!("not rated ({})", reason.reason()),
    }
}

const ALL: [CauseKind; 8] = [
    CauseKind::Data,
    CauseKind::Target,
    CauseKind::Minimum,
    CauseKind::Rule,
    CauseKind::Definition,
    CauseKind::Cohort,
    CauseKind::Layout,
    CauseKind::Withdrawal,
];

fn check_causes(sides: &[Stood<'_>; 2], difference: &Difference, told: &str) {
    let named: BTreeSet<_> = difference.causes.iter().map(|cause| cause.kind).collect();
    let all: BTreeSet<_> = ALL.into_iter().collect();
    let (was, is) = (rating(sides, &BTreeSet::new()), rating(sides, &all));
    assert_eq!((words(was), words(is)), (difference.before.clone(), difference.after.clone()), "{told}");
    // Undoing each named cause in turn gives back the old rating, and no fewer of them do, either way.
    let (mut undone, mut done) = (all.clone(), BTreeSet::new());
    for kind in &named {
        undone.remove(kind);
        done.insert(*kind);
    }
    assert_eq!((rating(sides, &undone), rating(sides, &done)), (was, is), "{told}");
    for cause in &difference.causes {
        let (mut fewer_undone, mut fewer_done) = (undone.clone(), done.clone());
        fewer_undone.insert(cause.kind);
        fewer_done.remove(&cause.kind);
        assert_ne!((rating(sides, &fewer_undone), rating(sides, &fewer_done)), (was, is), "{told}: {cause:?}");
        let (alone, mut without) = (BTreeSet::from([cause.kind]), all.clone());
        without.remove(&cause.kind);
        let expected = (words(rating(sides, &alone)), words(rating(sides, &without)));
        assert_eq!((cause.alone.clone(), cause.without.clone()), expected, "{told}: {cause:?}");
    }
}

#[test]
fn causes_add_up() {
    let mut n_of_causes: BTreeMap<CauseKind, usize> = BTreeMap::new();
    let (mut n_checked, mut n_several) = (0, 0);
    compared(|world, before, after, comparison| {
        let view = |side: &Side| world.naive.view(side.as_of.known_at, side.as_of.position);
        let layout = |side: &Side| {
            view(side).scorecard(&card(), side.question.period.last_day()).map(|(_, layout)| layout).unwrap()
        };
        let layouts = [layout(before), layout(after)];
        for difference in comparison.differences.iter().filter(|it| it.kind == DifferenceKind::Rating) {
            let told = format!("seed {}, {before:?}, {after:?}, {difference:?}", world.seed);
            assert!(!difference.causes.is_empty(), "{told}");
            let measure = difference.measure.as_ref().unwrap();
            let rows = |at: usize| layouts[at].rows().filter(|row| row.measure == *measure).collect::<Vec<_>>();
            // Of a measure with several rows one would have to know which is which.
            let (first, second) = (rows(0), rows(1));
            let ([was], [is]) = (first.as_slice(), second.as_slice()) else { continue };
            let stood = |side, own| Stood { view: view(side), question: &side.question, layouts: [*was, *is], own };
            check_causes(&[stood(before, 0), stood(after, 1)], difference, &told);
            n_checked += 1;
            n_several += usize::from(difference.causes.len() > 1);
            for cause in &difference.causes {
                *n_of_causes.entry(cause.kind).or_default() += 1;
            }
        }
    });
    assert!(n_checked > 100 && n_several > 25, "{n_checked} {n_several}");
    for kind in ALL {
        assert!(n_of_causes.get(&kind).is_some_and(|n| *n > 0), "{kind:?} hardly comes about: {n_of_causes:?}");
    }
}

#[test]
fn a_changed_verdict_has_causes_and_what_one_alone_does_is_all_of_it() {
    let mut n_of_causes: BTreeMap<CauseKind, usize> = BTreeMap::new();
    compared(|world, before, after, comparison| {
        for it in comparison.differences.iter().filter(|it| it.kind == DifferenceKind::Verdict) {
            let told = format!("seed {}, {before:?}, {after:?}, {it:?}", world.seed);
            assert!(!it.causes.is_empty(), "{told}");
            if let [one] = it.causes.as_slice() {
                assert_eq!((&one.alone, &one.without), (&it.after, &it.before), "{told}");
            }
            for cause in &it.causes {
                *n_of_causes.entry(cause.kind).or_default() += 1;
            }
        }
    });
    for kind in [CauseKind::Data, CauseKind::Comparator, CauseKind::Neighbours, CauseKind::Definition] {
        assert!(n_of_causes.get(&kind).is_some_and(|n| *n > 0), "{kind:?} hardly comes about: {n_of_causes:?}");
    }
}
