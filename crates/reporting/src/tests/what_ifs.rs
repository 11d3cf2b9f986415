//! What a scorecard would be, beside what it is.

use domain::event::{Average, NeighboursAdopted, RuleAdopted, TargetChanged};
use domain::ids::NeighboursId;
use domain::target::TargetKey;
use domain::{AsOf, Command, Instruction, Owner, RuleId, Span};
use ratings::{Rating, Verdict};

use super::rig::{
    NOW, Rig, area, as_known, cell, cell_of, entry, give, key, lay_out, local_target, period, question, record,
    record_entry, row, terms,
};
use crate::answer::Scorecard;
use crate::scorecard::scorecard;
use crate::what_if::{Supposing, Suppositions, WhatIf, Yardsticks, what_if};

fn suppose(rig: &Rig, suppositions: &Suppositions) -> WhatIf {
    let supposing = Supposing { book: &rig.book, as_of: NOW, files: &[] };
    what_if((&rig.book, NOW), &supposing, &question("2018-01"), suppositions).unwrap()
}

fn word(card: &Scorecard, code: &str) -> &'static str {
    let mut rows = card.sections.iter().flat_map(|section| &section.rows);
    rows.find(|row| row.cell.series.measure.as_str() == code).unwrap().rating.word()
}

const fn of(as_of: AsOf) -> Yardsticks {
    Yardsticks { as_of: Some(as_of), period: None }
}

/// 91% in January 2018, against 90% (80%) at first, and 95% (92%) from March on.
fn raised() -> Rig {
    let mut rig = Rig::new();
    rig.on("2018-01-01").put_in(vec![local_target("one", 90, Some(80)), local_target("two", 50, None)]);
    rig.on("2018-02-01").put_in(vec![record("one", "2018-01", "91"), record("two", "2018-01", "60")]);
    rig.on("2018-03-01").put_in(vec![local_target("one", 95, Some(92))]);
    rig
}

#[test]
fn what_is_supposed_as_it_is_changes_nothing() {
    let rig = raised();
    let same = Suppositions { targets: of(NOW), standards: of(NOW), rules: Some(NOW), neighbours: Some(NOW) };
    let answer = suppose(&rig, &same);
    assert_eq!(answer.supposed, answer.reported);
    assert_eq!(answer.rated_otherwise, []);
    assert!(!same.none() && Suppositions::default().none());
}

#[test]
fn targets_and_minimum_standards_of_another_time_are_taken_together_or_apart() {
    let rig = raised();
    let then = of(as_known("2018-02-15"));
    let rated = |targets, standards| {
        let answer = suppose(&rig, &Suppositions { targets, standards, ..Suppositions::default() });
        assert_eq!(word(&answer.reported, "one"), "Red");
        assert_eq!(word(&answer.supposed, "two"), "Green");
        word(&answer.supposed, "one")
    };
    let as_it_is = Yardsticks::default();
    assert_eq!(rated(then, as_it_is), "Green", "91 against 90 (80)");
    assert_eq!(rated(as_it_is, then), "Amber", "91 against 95 (80)");
    assert_eq!(rated(then, of(NOW)), "Green", "91 against 90 (92)");
    assert_eq!(rated(of(NOW), as_it_is), "Red");
}

#[test]
fn what_is_rated_otherwise_is_told_with_both_ratings() {
    let rig = raised();
    let targets = of(as_known("2018-02-15"));
    let answer = suppose(&rig, &Suppositions { targets, ..Suppositions::default() });
    let [otherwise] = answer.rated_otherwise.as_slice() else { panic!("one row: {:?}", answer.rated_otherwise) };
    assert_eq!(otherwise.sentence(), "The one would be Green, and as it stands is Red.");
    assert_eq!(
        answer.words,
        "Not what was reported: as it would be under the targets and minimum standards as known on 15 February 2018, \
         12:00:00 UTC. Nothing of it is stored."
    );
    let earlier = of(AsOf::position(domain::Position::new(7)));
    let answer = suppose(&rig, &Suppositions { standards: earlier, targets: of(NOW), ..Suppositions::default() });
    assert_eq!(
        answer.words,
        "Not what was reported: as it would be under the targets with everything known, and the minimum standards with \
         the log up to position 7. Nothing of it is stored."
    );
    assert_eq!(answer.supposed.basis.as_of, answer.reported.basis.as_of);
}

#[test]
fn next_years_targets_judge_this_years_figures() {
    let mut rig = raised();
    let over = |year: &str, value| {
        let span = Span::of_periods(period(year), Some(period(year))).unwrap();
        let (key, decision) = (key("one", "K", Owner::Local), "minute 8".to_owned());
        give(Command::ChangeTarget(TargetChanged { key, span, terms: terms(value, Some(85)), decision }))
    };
    rig.put_in(vec![over("FY2018", 93), over("FY2019", 91)]);
    let next = |year| {
        let targets = Yardsticks { as_of: None, period: Some(period(year)) };
        suppose(&rig, &Suppositions { targets, ..Suppositions::default() })
    };
    assert_eq!((word(&next("FY2018").supposed, "one"), word(&next("FY2019").supposed, "one")), ("Amber", "Green"));
    assert_eq!(
        next("FY2019").words,
        "Not what was reported: as it would be under the targets and minimum standards that stand for 2019/20. Nothing \
         of it is stored."
    );
    let standards = Yardsticks { as_of: None, period: Some(period("FY2018")) };
    let answer = suppose(&rig, &Suppositions { standards, ..Suppositions::default() });
    assert_eq!(word(&answer.supposed, "one"), "Amber", "91 against 95 (85)");
}

#[test]
fn the_rules_of_another_time_rate() {
    let mut rig = raised();
    let rule = RuleId::new("other.9").unwrap();
    let from = "2016-01-01".parse().unwrap();
    rig.on("2018-06-01").put_in(vec![give(Command::AdoptRatingRule(RuleAdopted { rule, measure: None, from }))]);
    let answer = suppose(&rig, &Suppositions { rules: Some(as_known("2018-05-01")), ..Suppositions::default() });
    assert_eq!((word(&answer.reported, "two"), word(&answer.supposed, "two")), ("not rated", "Green"));
    assert_eq!(
        answer.rated_otherwise[1].sentence(),
        "The two would be Green, and as it stands is not rated (unknown rating rule)."
    );
}

#[test]
fn the_neighbours_of_another_time_stand_beside_the_figure() {
    let mut rig = raised();
    let list = |member: &str| {
        give(Command::AdoptNeighbours(NeighboursAdopted {
            list: NeighboursId::new("near").unwrap(),
            area: area("K"),
            from: "2016-01-01".parse().unwrap(),
            members: vec![area(member)],
            average: Average::Mean,
            at_least: 1,
        }))
    };
    rig.put_in(vec![
        record_entry(cell_of("one", "D", "2018-01"), entry("40")),
        record_entry(cell_of("one", "E", "2018-01"), entry("50")),
    ]);
    rig.on("2018-06-01").put_in(vec![list("D")]);
    rig.on("2018-07-01").put_in(vec![list("E")]);
    let beside = |card: &Scorecard| card.sections[0].rows[0].benchmarks[0].display.clone();
    let answer = suppose(&rig, &Suppositions { neighbours: Some(as_known("2018-06-15")), ..Suppositions::default() });
    assert_eq!((beside(&answer.reported), beside(&answer.supposed)), ("50.0%".to_owned(), "40.0%".to_owned()));
    assert_eq!(answer.rated_otherwise, [], "no rating rests on neighbours");
    assert_eq!(answer.compared_otherwise, [], "better than both");
    rig.on("2018-08-01").put_in(vec![record_entry(cell_of("one", "D", "2018-01"), entry("99.5"))]);
    let answer = suppose(&rig, &Suppositions { neighbours: Some(as_known("2018-06-15")), ..Suppositions::default() });
    let verdicts: Vec<_> = answer.compared_otherwise.iter().map(|it| (it.stands, it.supposed)).collect();
    assert_eq!(verdicts, [(Some(Verdict::Better), Some(Verdict::Worse))]);
    let said = answer.compared_otherwise[0].sentence();
    assert!(said.starts_with("The one would be worse than ") && said.contains("as it stands is better than"), "{said}");
}

/// With a long text about a figure, which is stored apart.
fn commented() -> Rig {
    let mut rig = raised();
    let text = "because ".repeat(400).trim().to_owned();
    rig.put_in(vec![give(Command::WriteCommentary { cell: cell("one", "2018-01"), text })]);
    rig
}

#[test]
fn an_excerpt_shows_the_same_scorecard() {
    let rig = commented();
    let excerpt = rig.supposed(Vec::new());
    let shown = scorecard(&excerpt, &question("2018-01"), NOW).unwrap();
    assert_eq!(shown.sections[0].rows[0].commentary[0].text.len(), 400 * 8 - 1);
    assert_eq!(shown, rig.card("2018-01", NOW));
}

fn with(rig: &Rig, instructions: Vec<Instruction>) -> WhatIf {
    let supposed = rig.supposed(instructions);
    let files = ["targets.csv".to_owned()];
    let supposing = Supposing { book: &supposed, as_of: NOW, files: &files };
    let as_of = AsOf::position(rig.book.head());
    what_if((&supposed, as_of), &supposing, &question("2018-01"), &Suppositions::default()).unwrap()
}

#[test]
fn what_files_would_record_is_supposed_and_the_basis_is_that_of_what_is() {
    let rig = commented();
    let key: TargetKey = key("two", "K", Owner::Local);
    let span = Span::of_periods(period("2018-01"), None).unwrap();
    let set = TargetChanged { key, span, terms: terms(70, Some(65)), decision: "none".to_owned() };
    let answer = with(&rig, vec![give(Command::ChangeTarget(set))]);
    assert_eq!((word(&answer.reported, "two"), word(&answer.supposed, "two")), ("Green", "Red"));
    assert_eq!(answer.supposed.basis.as_of, AsOf::position(rig.book.head()));
    assert!(answer.words.contains("under what targets.csv would record."), "{}", answer.words);
}

#[test]
fn rows_that_would_come_and_go_are_told_too() {
    let rig = raised();
    let answer = with(&rig, vec![lay_out(vec![row("two"), row("two")])]);
    let told: Vec<String> =
        answer.rated_otherwise.iter().map(super::super::what_if::RatedOtherwise::sentence).collect();
    assert_eq!(told, ["The two would be there, Green.", "The one would not be there, and as it stands is Red."]);
    assert!(answer.rated_otherwise[1].supposed.is_none());
    assert_eq!(answer.rated_otherwise[1].reported.as_ref().unwrap().rating, Rating::Rated(domain::result::Colour::Red));
}
