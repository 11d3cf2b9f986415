//! The examples that the project ships with are read without a refusal, and agree with what was printed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use domain::command::ScorecardDefinition;
use domain::event::{BenchmarkRecorded, ResultRecorded, TargetChanged};
use domain::measure::{Definition, MeasureKind};
use domain::result::{Colour, StatedPeriod};
use domain::{
    Actor, ActorId, Book, Command, Decimal, Digest, Exact, Figure, Instruction, Minimum, Missing, Owner, Status,
    Submission, SubmissionId,
};

use crate::{Defaults, ORDER, kind_of_file, parse};

/// All that the folder's files ask for, in the order in which they are read.
fn folder(name: &str) -> Vec<Command> {
    instructions(name).into_iter().map(|instruction| instruction.command).collect()
}

fn instructions(name: &str) -> Vec<Instruction> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "csv"))
        .collect();
    let kind = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        kind_of_file(&name, &std::fs::read(path).unwrap()).unwrap_or_else(|| panic!("{name} is of no kind"))
    };
    files.sort_by_key(kind);
    files.iter().flat_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Vec<Instruction> {
    let name = path.file_name().unwrap().to_string_lossy();
    let parsed = parse(&name, 0, &std::fs::read(path).unwrap(), &Defaults::default());
    assert_eq!(parsed.refusals, [], "{name}");
    assert!(!parsed.unreadable);
    let stem = name.trim_end_matches(".csv");
    assert_eq!(parsed.layout, format!("scorebook-{stem}.1"), "the file is named for its kind");
    for instruction in &parsed.instructions {
        assert_eq!(instruction.known_at, None, "the importer says when the example was known");
    }
    parsed.instructions
}

fn results(commands: &[Command]) -> Vec<&ResultRecorded> {
    commands
        .iter()
        .filter_map(|command| if let Command::RecordResult(found) = command { Some(found) } else { None })
        .collect()
}

fn targets(commands: &[Command]) -> Vec<&TargetChanged> {
    commands
        .iter()
        .filter_map(|command| if let Command::ChangeTarget(found) = command { Some(found) } else { None })
        .collect()
}

fn benchmarks(commands: &[Command]) -> Vec<&BenchmarkRecorded> {
    commands
        .iter()
        .filter_map(|command| if let Command::RecordBenchmark(found) = command { Some(found) } else { None })
        .collect()
}

fn cards(commands: &[Command]) -> Vec<&ScorecardDefinition> {
    commands
        .iter()
        .filter_map(|command| if let Command::DefineScorecard(found) = command { Some(found) } else { None })
        .collect()
}

fn measures(commands: &[Command]) -> BTreeMap<&str, &Definition> {
    commands
        .iter()
        .filter_map(|command| match command {
            Command::DefineMeasure { definition, .. } => Some((definition.measure.as_str(), definition)),
            _ => None,
        })
        .collect()
}

fn number(text: &str) -> Exact {
    Decimal::parse(text).unwrap().exact()
}

const REPORT: &str = "kent-2018/as-reported";

#[test]
fn the_report_of_november_2018_is_there_whole() {
    let report = folder(REPORT);
    let results = results(&report);
    // 28 results, a forecast, and three figures of context.
    assert_eq!(results.len(), 32);
    let count = |status| results.iter().filter(|result| result.entry.status == status).count();
    assert_eq!((count(Status::Forecast), count(Status::NotStated)), (1, 31));
    let measures = measures(&report);
    let activity = |code: &str| matches!(measures[code].kind, MeasureKind::Activity { .. });
    assert_eq!(results.iter().filter(|result| activity(result.cell.series.measure.as_str())).count(), 3);
    assert_eq!((measures.len(), targets(&report).len(), benchmarks(&report).len()), (30, 21, 16));
    let without_result: Vec<_> =
        measures.keys().filter(|code| !results.iter().any(|r| r.cell.series.measure.as_str() == **code)).collect();
    assert_eq!(without_result, Vec::<&&str>::new());
}

#[test]
fn the_printed_colours_are_there() {
    let report = folder(REPORT);
    let results = results(&report);
    let count = |colour| results.iter().filter(|result| result.entry.stated_colour == Some(colour)).count();
    assert_eq!((count(Colour::Green), count(Colour::Amber), count(Colour::Red)), (9, 13, 4));
    let targets = targets(&report);
    let mut without: Vec<_> = results
        .iter()
        .filter(|result| result.entry.stated_colour.is_some())
        .filter(|result| !targets.iter().any(|target| target.key.measure == result.cell.series.measure))
        .map(|result| result.cell.series.measure.as_str())
        .collect();
    without.sort_unstable();
    let printed_without_target = [
        "eyfs-good-level-of-development",
        "ks2-expected-rwm",
        "pupils-good-or-outstanding-schools",
        "re-referrals-within-12-months",
        "schools-good-or-outstanding",
        "schools-outstanding",
    ];
    assert_eq!(without, printed_without_target);
}

/// What the printed colours say about minimum standards, which the report does not print: measure, cohort, and whether
/// the minimum standard must be at most (`<=`), at least (`>=`), under or over the value.
const CONSTRAINTS: [(&str, &str, &str, &str); 12] = [
    ("early-years-settings-good-or-outstanding", "all", "<=", "96.3"),
    ("neet-three-month-average", "all", ">=", "2.6"),
    ("kcc-foster-care-or-relatives", "excluding-uasc", "<=", "84.3"),
    ("care-leavers-eet", "all", "<=", "64.7"),
    ("case-file-audits-good-or-above", "all", "<=", "74.0"),
    ("permanent-qualified-social-workers", "all", "<=", "84.9"),
    ("caseload-children-in-care-teams", "all", ">=", "15.4"),
    ("caseload-childrens-social-work-teams", "all", ">=", "21.5"),
    ("two-year-olds-take-up", "all", ">", "65.6"),
    ("ehcp-20-weeks", "all", ">", "43.4"),
    ("permanent-exclusions-primary-aged", "all", "<", "22"),
    ("early-help-outcomes-achieved", "all", ">", "72.0"),
];

#[test]
fn illustrative_minimum_standards_agree_with_the_printed_colours() {
    let report = folder(REPORT);
    let targets = targets(&report);
    for (measure, cohort, relation, value) in CONSTRAINTS {
        let target = targets
            .iter()
            .find(|target| target.key.measure.as_str() == measure && target.key.cohort.as_str() == cohort)
            .unwrap_or_else(|| panic!("{measure} has no target"));
        let Minimum::Value(minimum) = target.terms.minimum else { panic!("{measure} has no minimum standard") };
        let order = minimum.exact().compare(number(value));
        let holds = match relation {
            "<=" => order.is_le(),
            ">=" => order.is_ge(),
            "<" => order.is_lt(),
            _ => order.is_gt(),
        };
        assert!(holds, "{measure}: {minimum} is not {relation} {value}");
    }
}

#[test]
fn a_target_fits_its_measure_and_judges_its_result() {
    let report = folder(REPORT);
    let (measures, results) = (measures(&report), results(&report));
    for target in targets(&report) {
        let measure = target.key.measure.as_str();
        target.terms.check(measures[measure].polarity).unwrap_or_else(|error| panic!("{measure}: {error}"));
        assert!(target.decision.contains("Cabinet Committee, paragraph 3."), "{measure}");
        assert_ne!(target.terms.minimum, Minimum::Unknown, "{measure}");
        let judged = results.iter().filter(|result| {
            let series = &result.cell.series;
            series.measure == target.key.measure
                && series.cohort == target.key.cohort
                && result.entry.status != Status::Forecast
                && target.span.holds(result.cell.period)
        });
        assert_eq!(judged.count(), 1, "{measure}");
    }
    // A printed Green has reached its target, a printed Amber or Red has not.
    for result in &results {
        let multiplier = measures[result.cell.series.measure.as_str()].unit.multiplier;
        let value = result.entry.figure.exact(multiplier).unwrap().unwrap();
        let series = &result.cell.series;
        let found = targets(&report)
            .into_iter()
            .find(|target| target.key.measure == series.measure && target.key.cohort == series.cohort);
        if let (Some(target), Some(colour)) = (found, result.entry.stated_colour) {
            assert_eq!(target.terms.target.reached(value), colour == Colour::Green, "{}", series.measure);
        }
    }
}

#[test]
fn every_illustrative_minimum_standard_says_so() {
    for folder in ["as-reported", "target-change"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/kent-2018").join(folder);
        let bytes = std::fs::read(path.join("targets.csv")).unwrap();
        let parsed = parse("targets.csv", 0, &bytes, &Defaults::default());
        for instruction in &parsed.instructions {
            let reason = &instruction.why.reason;
            assert!(reason.contains("minimum standard illustrative: the report prints none"), "{reason}");
        }
        assert_eq!(parsed.n_refused, 0);
    }
}

#[test]
fn the_traps_of_the_report_are_kept_apart() {
    let report = folder(REPORT);
    let results = results(&report);
    let find = |measure: &str, cohort: &str| {
        let mut found = results
            .iter()
            .filter(|r| r.cell.series.measure.as_str() == measure && r.cell.series.cohort.as_str() == cohort)
            .filter(|r| r.entry.status != Status::Forecast);
        let only = found.next().unwrap_or_else(|| panic!("{measure} has no result"));
        assert!(found.next().is_none(), "{measure} has two results");
        *only
    };
    // No whole number of 364 audits is 74.0%; the counts of three others give what is printed beside them.
    assert!(find("case-file-audits-good-or-above", "all").entry.figure.doubt(100).is_some());
    for measure in ["youth-reoffending", "ehcp-20-weeks", "ehcp-20-weeks-month"] {
        let figure = find(measure, "all").entry.figure;
        assert!(matches!(figure, Figure::Counted { stated: Some(_), .. }), "{measure}");
        assert_eq!(figure.doubt(100), None, "{measure}");
    }
    assert!(matches!(find("schools-good-or-outstanding", "all").entry.figure, Figure::Counted { stated: None, .. }));
    let posts = find("permanent-qualified-social-workers", "all").entry.stated_previous.clone().unwrap();
    assert_eq!(posts.period, StatedPeriod::Words("July 20188".to_owned()));
    assert_eq!(find("neet-three-month-average", "all").cell.period.code(), "2018-02");
    assert_eq!(find("early-help-outcomes-achieved", "early-help-notification").entry.stated_colour, None);
    let none = benchmarks(&report).into_iter().filter(|b| b.figure == Err(Missing::KnownNotToExist)).count();
    assert_eq!(none, 2);
    let owners: Vec<Owner> = targets(&report).iter().map(|t| t.key.owner).filter(|o| *o != Owner::Local).collect();
    assert_eq!(owners, [Owner::National, Owner::Service]);
}

#[test]
fn the_scorecard_shows_every_measure_once_and_rates_the_printed_ones() {
    let report = folder(REPORT);
    let cards = cards(&report);
    assert_eq!(cards.len(), 1);
    let layout = &cards[0].layout;
    let titles: Vec<&str> = layout.sections.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(titles, ["Monthly and quarterly indicators", "Annual indicators", "Activity and context"]);
    let rows: BTreeSet<_> = layout.rows().map(|row| (row.measure.as_str(), row.cohort.as_str())).collect();
    assert_eq!((rows.len(), layout.rows().count()), (31, 31));
    for result in results(&report).iter().filter(|result| result.entry.status != Status::Forecast) {
        let series = &result.cell.series;
        let row = layout.rows().find(|row| row.measure == series.measure && row.cohort == series.cohort).unwrap();
        assert_eq!(row.rated, result.entry.stated_colour.is_some(), "{}", series.measure);
    }
}

#[test]
fn the_later_folders_revise_what_the_report_said() {
    let last = folder("kent-2018/final-key-stage-2");
    let report = folder(REPORT);
    let printed = results(&report);
    for result in results(&last) {
        assert!(printed.iter().any(|before| before.cell == result.cell && before.entry != result.entry));
        assert_eq!(result.entry.status, Status::Final);
    }
    assert_eq!((results(&last).len(), benchmarks(&last).len()), (1, 2));
    let change = folder("kent-2018/target-change");
    let [changed] = targets(&change)[..] else { panic!("one target changes") };
    let report = targets(&report).into_iter().find(|target| target.key == changed.key && target.span == changed.span);
    assert_ne!(report.map(|target| target.terms), Some(changed.terms));
    assert!(changed.decision.contains("no such decision was taken"));
}

#[test]
fn the_measures_of_2017_are_others() {
    let (before, after) = (folder("kent-2017"), folder(REPORT));
    let (before_codes, after) = (measures(&before), measures(&after));
    assert_eq!(before_codes.len(), 2);
    assert!(before_codes.keys().all(|code| !after.contains_key(code)));
    let [result] = results(&before)[..] else { panic!("one result") };
    assert_eq!(
        (result.entry.figure, result.entry.stated_colour),
        (Figure::Missing(Missing::NotSupplied), Some(Colour::Red))
    );
    assert!(matches!(before.last(), Some(Command::WithdrawMeasure(withdrawn)) if withdrawn.successor.is_none()));
    assert!(ORDER.is_sorted());
}

#[test]
fn an_empty_book_takes_each_report_whole() {
    for name in [REPORT, "kent-2017"] {
        let mut instructions = instructions(name);
        for instruction in &mut instructions {
            instruction.known_at = Some(crate::tests::instant("2018-11-29T10:00:00Z"));
        }
        let n_instructions = instructions.len();
        let submission = Submission {
            id: SubmissionId([1; 16]),
            digest: Digest([2; 32]),
            actor: Actor { id: ActorId::new("officer").unwrap(), authenticated: false },
            files: Vec::new(),
            instructions,
        };
        let now = crate::tests::instant("2026-01-01T00:00:00Z");
        let decision = Book::default().decide(&submission, now, |_| Digest([0; 32]));
        assert_eq!(decision.rejected, [], "{name}");
        assert_eq!(decision.drafts.len(), n_instructions + n_stored(&decision.drafts), "{name}");
    }
}

/// Drafts that store the parts of a long text, such as a scorecard's layout.
fn n_stored(drafts: &[domain::preview::Drafted]) -> usize {
    drafts.iter().filter(|draft| matches!(draft.other(), Some(domain::Event::ContentStored(_)))).count()
}
