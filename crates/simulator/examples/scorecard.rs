//! Times one scorecard of 50 measures as of random times, in process, against folding the log anew for each question.
//!
//! Prints one line a row: its title, the peer, the goal, our rounds and the peer's, in nanoseconds, parted by tabs.
//! `cargo xtask bench scorecard` runs it and shows the table.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::arithmetic_side_effects,
    reason = "a benchmark prints, reads the clock, and counts small numbers"
)]

use std::fmt::Write as _;
use std::time::Instant;

use domain::command::Submission;
use domain::time::AsOf;
use domain::{Actor, ActorId, AreaId, Book, Digest, Period, Position, Recorded, ScorecardId, SubmissionId, Timestamp};
use engine::sha256;
use ingest::{Defaults, parse};
use reporting::scorecard::{Question, scorecard};
use simulator::rng::Rng;
use simulator::world;

const N_MEASURES: usize = 50;
const N_AREAS: usize = 13;
const N_MONTHS: usize = 24;
const N_REVISIONS: usize = 2;
const N_ROUNDS: usize = 7;
/// Scorecards in one of our rounds; one takes microseconds.
const N_QUESTIONS: usize = 200;

fn main() {
    let records = county();
    let mut book = Book::default();
    fold(&mut book, &records);
    let mut rng = Rng::new(7);
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for round in 0..=N_ROUNDS {
        let questions: Vec<(Question, AsOf)> = (0..N_QUESTIONS).map(|_| question(&mut rng, book.head())).collect();
        let begin = Instant::now();
        let n_rows: usize = questions.iter().map(|(question, as_of)| n_rows(&book, question, *as_of)).sum();
        let took = begin.elapsed().as_nanos() / u128::try_from(N_QUESTIONS).expect("few questions");
        assert_eq!(n_rows, N_QUESTIONS * N_MEASURES, "every question has every row");
        let (question, as_of) = questions.first().expect("there are questions");
        let begin = Instant::now();
        let mut anew = Book::default();
        fold(&mut anew, &records);
        assert_eq!(self::n_rows(&anew, question, *as_of), N_MEASURES, "the peer answers too");
        let peers = begin.elapsed().as_nanos();
        // The first round fills the caches.
        if round > 0 {
            ours.push(took.to_string());
            peer.push(peers.to_string());
        }
    }
    let title = format!("a scorecard of {N_MEASURES} measures as of a random time, {} records", records.len());
    println!("{title}\tfolding the log for each question\t20\t{}\t{}", ours.join(","), peer.join(","));
}

fn n_rows(book: &Book, question: &Question, as_of: AsOf) -> usize {
    let card = scorecard(book, question, as_of).expect("the scorecard is defined");
    card.sections.iter().map(|section| section.rows.len()).sum()
}

fn question(rng: &mut Rng, head: Position) -> (Question, AsOf) {
    let month = i8::try_from(rng.below(12)).expect("few months") + 1;
    let question = Question {
        scorecard: ScorecardId::new("card").expect("a code"),
        period: Period::month(2018, month).expect("a month"),
        area: AreaId::new(&area(usize::try_from(rng.below(13)).expect("few areas"))).expect("a code"),
    };
    let known_at = (rng.below(4) > 0).then(|| at(1 + rng.below(20_000)));
    (question, AsOf { known_at, position: head })
}

fn at(micros: u64) -> Timestamp {
    world::instant(world::BEGIN_MICROS + i64::try_from(micros).expect("few microseconds"))
}

fn fold(book: &mut Book, records: &[Recorded]) {
    for record in records {
        book.apply(record).expect("records follow one another");
    }
}

fn area(number: usize) -> String {
    format!("E{:08}", 7_000_000 + number)
}

/// A county's log: definitions and targets first, then each month's figures, then their revisions.
fn county() -> Vec<Recorded> {
    let mut book = Book::default();
    let mut records = Vec::new();
    let mut number = 0;
    for (name, text) in files() {
        number += 1;
        let known_at = Some(if number > 6 { at(1 + number * 100) } else { at(0) });
        let parsed = parse(name, 0, text.as_bytes(), &Defaults { known_at, why: why(), ..Defaults::default() });
        assert!(parsed.refusals.is_empty(), "{:?}", parsed.refusals.first());
        let submission = Submission {
            id: SubmissionId(engine::identifier(sha256(&number.to_le_bytes()))),
            digest: Digest([0; 32]),
            actor: Actor { id: ActorId::new("bench").expect("a code"), authenticated: false },
            files: Vec::new(),
            instructions: parsed.instructions,
        };
        let now = at(1_000_000 + number);
        let decision = book.decide(&submission, now, sha256);
        assert!(decision.rejected.is_empty(), "{:?}", decision.rejected.first());
        let commit = world::commit(&submission, &decision, book.head(), now);
        fold(&mut book, &commit);
        records.extend(commit);
    }
    records
}

fn why() -> domain::result::Why {
    domain::result::Why { reason: "benchmark".to_owned(), cause: None }
}

fn files() -> Vec<(&'static str, String)> {
    let mut files = vec![
        ("areas.csv", {
            let mut text = "area,name,level,parent\n".to_owned();
            for number in 0..N_AREAS {
                let (level, parent) = if number == 0 { ("authority", String::new()) } else { ("district", area(0)) };
                line(&mut text, &format!("{},Area {number},{level},{parent}", area(number)));
            }
            text
        }),
        ("cohorts.csv", "cohort,name\nall,Everybody\n".to_owned()),
        ("measures.csv", measures()),
        ("scorecards.csv", {
            let mut text = "scorecard,title,section,measure\n".to_owned();
            (0..N_MEASURES).for_each(|m| line(&mut text, &format!("card,Card,All,m-{m}")));
            text
        }),
        (
            "rules.csv",
            "kind,rule,from\nrating,kent.1,1900-01-01\ndirection,previous-reported.1,1900-01-01\n".to_owned(),
        ),
        ("targets.csv", {
            let mut text = "measure,area,from,comparison,target,minimum,decision\n".to_owned();
            (0..N_MEASURES).for_each(|m| line(&mut text, &format!("m-{m},{},2017-01,at-least,80,60,d", area(0))));
            text
        }),
    ];
    for revision in 0..N_REVISIONS {
        for month in 0..N_MONTHS {
            files.push(("results.csv", results(month, revision)));
        }
    }
    files
}

fn measures() -> String {
    let mut text = "measure,title,kind,unit,decimal_places,polarity,frequency,basis,definition\n".to_owned();
    for m in 0..N_MEASURES {
        line(&mut text, &format!("m-{m},Measure {m},indicator,%,1,higher,monthly,single-period,what it is"));
    }
    text
}

fn results(month: usize, revision: usize) -> String {
    let mut text = "measure,area,period,numerator,denominator\n".to_owned();
    for m in 0..N_MEASURES {
        for a in 0..N_AREAS {
            let numerator = (m * 31 + a * 17 + month * 7 + revision * 5) % 200;
            let (year, month) = (2017 + month / 12, month % 12 + 1);
            line(&mut text, &format!("m-{m},{},{year}-{month:02},{numerator},200", area(a)));
        }
    }
    text
}

fn line(text: &mut String, words: &str) {
    writeln!(text, "{words}").expect("a string takes everything");
}
