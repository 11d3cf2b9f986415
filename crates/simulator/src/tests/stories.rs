//! What the axes of time mean, each as a story short enough to be checked by hand, and each against the definition at
//! every pair of bounds that its log has.

use domain::decide::Rejection;
use domain::event::{BenchmarkRecorded, Comparator, MeasureWithdrawn, ResultRecorded, TargetChanged, TargetWithdrawn};
use domain::preview::{Decision, Draft, Drafted};
use domain::result::{ResultEntry, StatedPeriod, Why};
use domain::target::TargetKey;
use domain::{
    AreaId, AsOf, Cell, CohortId, Command, Decimal, Event, Figure, Instruction, MeasureId, Minimum, Owner, Period,
    Position, RuleId, Series, Span, Status, SubmissionId, Target, Terms, Timestamp,
};

use super::properties::assert_scorecard_is_naive;
use crate::world::{BEGIN_MICROS, World, instant, instruction, submission};

/// A council that records one day at a time.
pub(super) struct Story {
    pub(super) world: World,
    today: i64,
}

/// Noon of a day, counted from the day on which the log was opened.
pub(super) fn noon(day: i64) -> Timestamp {
    instant(BEGIN_MICROS + (2 * day + 1) * 43_200_000_000)
}

pub(super) fn measure() -> MeasureId {
    MeasureId::new("m-high").unwrap()
}

pub(super) fn cell(period: &str) -> Cell {
    let (area, cohort) = (AreaId::new("K").unwrap(), CohortId::all());
    Cell { series: Series { measure: measure(), area, cohort }, period: period.parse().unwrap() }
}

pub(super) fn entry(value: &str) -> ResultEntry {
    ResultEntry {
        figure: Figure::Stated { value: value.parse().unwrap(), denominator: None },
        status: Status::NotStated,
        stated_colour: None,
        stated_previous: None,
        source_text: String::new(),
    }
}

pub(super) fn record(period: &str, value: &str) -> Instruction {
    instruction(Command::RecordResult(ResultRecorded { cell: cell(period), entry: entry(value) }))
}

pub(super) fn known(day: i64, instruction: Instruction) -> Instruction {
    Instruction { known_at: Some(noon(day)), ..instruction }
}

fn key() -> TargetKey {
    let Series { measure, area, cohort } = cell("2018-01").series;
    TargetKey { measure, area, cohort, owner: Owner::Local }
}

fn span(first: &str, last: Option<&str>) -> Span {
    Span::of_periods(first.parse().unwrap(), last.map(|last| last.parse().unwrap())).unwrap()
}

pub(super) fn target(first: &str, last: Option<&str>, value: i64) -> Instruction {
    let terms = Terms { target: Target::AtLeast(Decimal::whole(value)), minimum: Minimum::Unknown };
    let decision = "minute 1".to_owned();
    instruction(Command::ChangeTarget(TargetChanged { key: key(), span: span(first, last), terms, decision }))
}

impl Story {
    /// Day 0: the log is opened and everything is defined.
    pub(super) fn begin() -> Self {
        let mut world = World::open(0);
        let definitions = world.draw_definitions();
        world.put_in(definitions).unwrap();
        Self { world, today: 0 }
    }

    /// Puts in a submission on the next day; gives its identifier.
    #[track_caller]
    pub(super) fn next_day(&mut self, instructions: Vec<Instruction>) -> SubmissionId {
        self.today += 1;
        self.world.wait_until(noon(self.today).micros());
        let n_refused = self.world.n_refused;
        let (submission, _) = self.world.put_in(instructions).expect("there is something in it");
        assert_eq!(self.world.n_refused, n_refused, "nothing in it is refused");
        submission.id
    }

    /// The head.
    pub(super) fn head(&self) -> Position {
        self.world.book.head()
    }

    /// What a cell shows as of some bounds; `None` for nothing.
    #[track_caller]
    pub(super) fn shows(&self, period: &str, known_on: Option<i64>, position: Position) -> Option<String> {
        let (book, cell) = (&self.world.book, cell(period));
        let known_at = known_on.map(noon);
        let as_of = AsOf { known_at, position: book.settle(position) };
        let shown = book.result(&cell, as_of).map(|it| it.entry().unwrap());
        let view = self.world.naive.view(known_at, position);
        assert_eq!(shown.as_ref(), view.result(&cell).map(|(_, entry)| entry), "the book is the definition");
        shown.map(|entry| match entry.figure {
            Figure::Stated { value, .. } => value.to_string(),
            figure => format!("{figure:?}"),
        })
    }

    /// The value of the target for a month as of some bounds.
    #[track_caller]
    fn target(&self, period: &str, known_on: Option<i64>, position: Position) -> Option<String> {
        let book = &self.world.book;
        let last_day = period.parse::<Period>().unwrap().last_day();
        let as_of = AsOf { known_at: known_on.map(noon), position: book.settle(position) };
        let terms = book.target(&key(), last_day, as_of).map(|it| it.value.value.terms.unwrap());
        let view = self.world.naive.view(known_on.map(noon), position);
        assert_eq!(terms, view.target(&key(), last_day).map(|(_, terms)| terms));
        terms.map(|terms| terms.target.to_string())
    }

    /// Checks scorecards against the definition at every pair of bounds that could differ.
    #[track_caller]
    fn ends(self) {
        let area = AreaId::new("K").unwrap();
        let known = self.world.records().iter().flat_map(|it| {
            let micros = it.known_at.micros();
            [instant(micros - 1), instant(micros)]
        });
        let known: std::collections::BTreeSet<_> = known.map(Some).chain([None]).collect();
        for position in 0..=self.head().get() {
            for known_at in &known {
                for period in ["2018-01", "2018-03"] {
                    let bounds = (*known_at, Position::new(position));
                    let asked = (&area, period.parse().unwrap());
                    assert_scorecard_is_naive(&self.world.book, &self.world.naive, asked, bounds, "the story's end");
                }
            }
        }
    }
}

const HEAD: Position = Position::MAX;

#[expect(clippy::unnecessary_wraps, reason = "it is compared with what is shown, which may be nothing")]
fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

#[test]
fn a_revision_replaces_from_when_it_is_known_and_only_from_there() {
    let mut story = Story::begin();
    story.next_day(vec![record("2018-01", "43.4")]); // Day 1.
    let first = story.head();
    story.next_day(vec![record("2018-01", "44.0")]); // Day 2.
    assert_eq!(story.shows("2018-01", Some(0), HEAD), None);
    assert_eq!(story.shows("2018-01", Some(1), HEAD), text("43.4"));
    assert_eq!(story.shows("2018-01", Some(2), HEAD), text("44.0"));
    assert_eq!(story.shows("2018-01", None, HEAD), text("44.0"));
    assert_eq!(story.shows("2018-01", None, first), text("43.4"), "at the first head nothing has changed");
    assert_eq!(story.shows("2018-01", Some(2), first), text("43.4"));
    story.ends();
}

#[test]
fn a_rollback_takes_a_submission_out_from_when_it_is_known_and_what_was_before_stands_again() {
    let mut story = Story::begin();
    story.next_day(vec![record("2018-01", "1")]); // Day 1.
    let wrong = story.next_day(vec![record("2018-01", "2"), record("2018-02", "3")]); // Day 2.
    let before = story.head();
    story.next_day(vec![instruction(Command::RollBackSubmission(wrong))]); // Day 3.
    assert_eq!(story.shows("2018-01", None, HEAD), text("1"), "what was before stands again");
    assert_eq!(story.shows("2018-02", None, HEAD), None);
    assert_eq!(story.shows("2018-01", None, before), text("2"), "bounds without the rollback still count it");
    assert_eq!(story.shows("2018-01", Some(2), HEAD), text("2"), "nobody knew of the rollback on day 2");
    assert_eq!(story.shows("2018-01", Some(3), HEAD), text("1"));
    story.ends();
}

#[test]
fn a_reinstatement_lets_a_submission_count_again_and_the_last_of_both_holds() {
    let mut story = Story::begin();
    let first = story.next_day(vec![record("2018-01", "1")]); // Day 1.
    story.next_day(vec![instruction(Command::RollBackSubmission(first))]); // Day 2.
    let without = story.head();
    story.next_day(vec![instruction(Command::ReinstateSubmission(first))]); // Day 3.
    assert_eq!(story.shows("2018-01", None, without), None);
    assert_eq!(story.shows("2018-01", None, HEAD), text("1"));
    let days: Vec<_> = (0..4).map(|day| story.shows("2018-01", Some(day), HEAD)).collect();
    assert_eq!(days, [None, text("1"), None, text("1")]);
    story.next_day(vec![instruction(Command::RollBackSubmission(first))]); // Day 4.
    assert_eq!(story.shows("2018-01", None, HEAD), None, "it can be rolled back once more");
    story.ends();
}

#[test]
fn of_rollback_and_reinstatement_the_last_to_be_known_holds_and_not_the_last_to_be_taken_in() {
    let mut story = Story::begin();
    let first = story.next_day(vec![record("2018-01", "1")]); // Day 1.
    story.next_day(vec![instruction(Command::RollBackSubmission(first))]); // Day 2.
    story.next_day(vec![record("2018-02", "2")]); // Day 3.
    story.next_day(vec![instruction(Command::ReinstateSubmission(first))]); // Day 4.
    story.world.wait_until(noon(5).micros()); // Day 5: rolled back again, said to be known on day 3.
    let early = vec![known(3, instruction(Command::RollBackSubmission(first)))];
    let early = submission(99, early);
    let refused = story.world.book.decide(&early, story.world.now(), engine::sha256);
    assert!(matches!(refused.rejected[0].rejection, Rejection::KnownTooEarly { .. }), "it would change nothing now");
    let event = Event::SubmissionRolledBack(first);
    let draft = Draft { event, known_at: Some(noon(3)), why: Why::default(), origin: None };
    story.world.append(&early, &Decision { drafts: vec![Drafted::Other(Box::new(draft))], ..Decision::default() });
    assert_eq!(story.shows("2018-01", Some(3), HEAD), None);
    assert_eq!(story.shows("2018-01", Some(4), HEAD), text("1"), "the reinstatement was known after it");
    assert_eq!(story.shows("2018-01", None, HEAD), text("1"));
    story.ends();
}

#[test]
fn the_rollback_of_a_revision_does_not_bring_back_what_was_withdrawn_after_it() {
    let mut story = Story::begin();
    story.next_day(vec![record("2018-01", "1")]); // Day 1.
    let second = story.next_day(vec![record("2018-01", "2")]); // Day 2.
    story.next_day(vec![instruction(Command::WithdrawResult(cell("2018-01")))]); // Day 3.
    story.next_day(vec![instruction(Command::RollBackSubmission(second))]); // Day 4.
    assert_eq!(story.shows("2018-01", None, HEAD), None, "the withdrawal is the newest word that counts");
    story.ends();
}

#[test]
fn a_withdrawal_empties_the_cell_and_nothing_older_shows_through() {
    let mut story = Story::begin();
    story.next_day(vec![record("2018-01", "1")]); // Day 1.
    story.next_day(vec![record("2018-01", "2")]); // Day 2.
    let withdrawal = story.next_day(vec![instruction(Command::WithdrawResult(cell("2018-01")))]); // Day 3.
    assert_eq!(story.shows("2018-01", None, HEAD), None);
    assert_eq!(story.shows("2018-01", Some(2), HEAD), text("2"));
    story.next_day(vec![instruction(Command::RollBackSubmission(withdrawal))]); // Day 4.
    assert_eq!(story.shows("2018-01", None, HEAD), text("2"), "a withdrawal is taken back like anything else");
    assert_eq!(story.shows("2018-01", Some(3), HEAD), None);
    story.ends();
}

#[test]
fn a_backfill_is_known_earlier_and_changes_no_answer_at_an_earlier_position() {
    let mut story = Story::begin();
    story.next_day(vec![record("2018-01", "1")]); // Day 1.
    story.next_day(vec![record("2018-01", "3")]); // Day 2.
    let seen = story.head();
    story.next_day(vec![known(1, record("2018-01", "2"))]); // Day 3, known on day 1.
    assert_eq!(story.shows("2018-01", Some(1), seen), text("1"), "what a committee saw stays");
    assert_eq!(story.shows("2018-01", Some(1), HEAD), text("2"), "of two known at once the later position wins");
    assert_eq!(story.shows("2018-01", Some(2), HEAD), text("3"));
    assert_eq!(story.shows("2018-01", None, HEAD), text("3"), "a backfill does not outlast what was known later");
    story.ends();
}

#[test]
fn a_backfill_before_everything_is_known_before_everything() {
    let mut story = Story::begin();
    story.next_day(vec![known(-400, record("2018-01", "1"))]); // Day 1.
    assert_eq!(story.shows("2018-01", Some(-401), HEAD), None);
    assert_eq!(story.shows("2018-01", Some(-400), HEAD), text("1"));
    story.ends();
}

#[test]
fn a_bound_inside_a_commit_is_lowered_to_the_end_of_the_commit_before_it() {
    let mut story = Story::begin();
    story.next_day(vec![record("2018-01", "1")]); // Day 1.
    let end = story.head();
    story.next_day(vec![record("2018-01", "2"), record("2018-02", "3"), record("2018-03", "4")]); // Day 2.
    for inside in end.get()..story.head().get() {
        let inside = Position::new(inside);
        assert_eq!(story.world.book.settle(inside), end);
        assert_eq!(story.shows("2018-01", None, inside), text("1"), "a commit is seen whole or not at all");
        assert_eq!(story.shows("2018-02", None, inside), None);
    }
    assert_eq!(story.shows("2018-02", None, story.head()), text("3"));
    assert_eq!(story.world.book.settle(Position::MAX), story.head());
    assert_eq!(story.world.book.settle(Position::new(2)), Position::START, "inside the first commit there is nothing");
    story.ends();
}

#[test]
fn a_target_over_part_of_another_replaces_that_part_and_its_withdrawal_empties_it() {
    let mut story = Story::begin();
    story.next_day(vec![target("2018-01", None, 90)]); // Day 1.
    story.next_day(vec![target("2018-02", Some("2018-03"), 95)]); // Day 2.
    let all = |story: &Story, known_on| {
        ["2018-01", "2018-02", "2018-03", "2018-04"].map(|month| story.target(month, known_on, HEAD))
    };
    assert_eq!(all(&story, None), [text("90 or more"), text("95 or more"), text("95 or more"), text("90 or more")]);
    let (key, span) = (key(), span("2018-03", Some("2018-03")));
    let withdrawn = TargetWithdrawn { key, span, decision: "minute 3".to_owned() };
    story.next_day(vec![instruction(Command::WithdrawTarget(withdrawn))]); // Day 3.
    assert_eq!(all(&story, None), [text("90 or more"), text("95 or more"), None, text("90 or more")]);
    assert_eq!(all(&story, Some(1)), [(); 4].map(|()| text("90 or more")));
    story.ends();
}

#[test]
fn a_backfilled_adoption_does_not_reach_back_before_the_day_from_which_it_holds() {
    let mut story = Story::begin();
    let rule = domain::event::RuleAdopted {
        rule: RuleId::new("kent.2").unwrap(),
        measure: None,
        from: domain::Date::constant(2018, 2, 1),
    };
    story.next_day(vec![known(-30, instruction(Command::AdoptRatingRule(rule)))]); // Day 1.
    let rule = |period: &str, known_on: Option<i64>| {
        let as_of = AsOf { known_at: known_on.map(noon), position: story.head() };
        let day = period.parse::<Period>().unwrap().last_day();
        story.world.book.rating_rule(Some(&measure()), day, as_of).map(|it| it.rule.to_string())
    };
    for known_on in [Some(-31), Some(-30), Some(0), None] {
        assert_eq!(rule("2018-01", known_on), text("kent.1"), "an old period keeps its rule, known on {known_on:?}");
    }
    assert_eq!(rule("2018-02", None), text("kent.2"));
    assert_eq!(rule("2018-02", Some(-30)), text("kent.2"));
    story.ends();
}

#[test]
fn what_is_known_before_its_measure_was_defined_shows_the_earliest_definition() {
    let mut story = Story::begin();
    story.next_day(vec![known(-100, record("2018-01", "1"))]); // Day 1.
    let as_of = AsOf { known_at: Some(noon(-50)), position: story.head() };
    let (_, later) = story.world.book.definition(&measure(), as_of).unwrap();
    assert!(later, "it was defined only later");
    let (_, later) = story.world.book.definition(&measure(), AsOf::position(story.head())).unwrap();
    assert!(!later);
    assert_eq!(story.shows("2018-01", Some(-50), HEAD), text("1"));
    story.ends();
}

#[test]
fn a_withdrawn_measure_is_still_there_in_views_from_before() {
    let mut story = Story::begin();
    story.next_day(vec![record("2018-01", "1")]); // Day 1.
    let from = domain::Date::constant(2018, 1, 1);
    let end = MeasureWithdrawn { measure: measure(), from, successor: None, comparable: false };
    story.next_day(vec![instruction(Command::WithdrawMeasure(end))]); // Day 2.
    let withdrawn = |known_on: Option<i64>| {
        let as_of = AsOf { known_at: known_on.map(noon), position: story.head() };
        story.world.book.withdrawal(&measure(), as_of).is_some()
    };
    assert!(!withdrawn(Some(1)));
    assert!(withdrawn(Some(2)) && withdrawn(None));
    assert_eq!(story.shows("2018-01", None, HEAD), text("1"), "its results stay");
    story.ends();
}

#[test]
fn commentary_in_one_submission_with_its_figure_is_about_that_figure() {
    let mut story = Story::begin();
    let commentary =
        |text: &str| instruction(Command::WriteCommentary { cell: cell("2018-01"), text: text.to_owned() });
    story.next_day(vec![record("2018-01", "1"), commentary("Better.")]); // Day 1.
    let stale = |story: &Story| {
        let as_of = AsOf::position(story.head());
        let (row, _) = reporting::history::explain(&story.world.book, &cell("2018-01"), as_of).unwrap();
        row.commentary.iter().map(|it| (it.text.clone(), it.stale)).collect::<Vec<_>>()
    };
    assert_eq!(stale(&story), [("Better.".to_owned(), false)]);
    story.next_day(vec![record("2018-01", "2")]); // Day 2.
    assert_eq!(stale(&story), [("Better.".to_owned(), true)], "the figure has changed since");
    story.next_day(vec![commentary("Better.")]); // Day 3.
    assert_eq!(
        stale(&story),
        [("Better.".to_owned(), true), ("Better.".to_owned(), false)],
        "the same words about the new figure are new"
    );
    story.ends();
}

#[test]
fn a_benchmark_beside_a_figure_keeps_its_own_period() {
    let mut story = Story::begin();
    let benchmark = BenchmarkRecorded {
        cell: cell("2018-01"),
        comparator: Comparator::Area(AreaId::new("E").unwrap()),
        figure: Ok(Decimal::whole(60)),
        period: StatedPeriod::Period("FY2016".parse().unwrap()),
        source: String::new(),
    };
    let beside = instruction(Command::RecordBenchmark(benchmark));
    let id = story.next_day(vec![record("2018-01", "1"), beside]); // Day 1.
    let shown = |story: &Story, position| {
        let (row, _) =
            reporting::history::explain(&story.world.book, &cell("2018-01"), AsOf::position(position)).unwrap();
        row.benchmarks.iter().map(|it| it.period.clone()).collect::<Vec<_>>()
    };
    let before = story.head();
    assert_eq!(shown(&story, before), [StatedPeriod::Period("FY2016".parse().unwrap())]);
    story.next_day(vec![instruction(Command::RollBackSubmission(id))]); // Day 2.
    assert_eq!(shown(&story, story.head()), []);
    assert_eq!(shown(&story, before).len(), 1);
    story.ends();
}
