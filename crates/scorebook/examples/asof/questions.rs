//! The peers' query sets, and the SHA-256 of the text of every expected answer.

use std::fs;
use std::path::Path;

use domain::{AreaId, CohortId, MeasureId, Period, Timestamp};
use reporting::grid::Question;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The months of a scorecard.
const N_MONTHS: usize = 13;

/// Q1, Q2 and Q4: the results of some measures in some areas, each rated, with its direction.
pub(crate) struct Card {
    /// Measures, areas and periods.
    pub(crate) question: Question,
    /// As known then.
    pub(crate) known_at: Timestamp,
    /// Of Q4, as known then instead.
    pub(crate) known_later: Timestamp,
}

impl Card {
    pub(crate) fn n_cells(&self) -> usize {
        self.question.measures.len() * self.question.areas.len() * self.question.periods.len()
    }

    /// Measure, area and period of each cell, in the order of an answer.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&MeasureId, &AreaId, Period)> {
        let Question { measures, areas, periods, .. } = &self.question;
        measures.iter().flat_map(move |measure| {
            areas.iter().flat_map(move |area| periods.iter().map(move |period| (measure, area, *period)))
        })
    }
}

/// Q3: every change of a measure's targets.
pub(crate) struct Audit {
    pub(crate) measure: MeasureId,
    pub(crate) area: AreaId,
}

/// Questions with what their answers' texts hash to.
pub(crate) struct Set<Q> {
    pub(crate) questions: Vec<Q>,
    pub(crate) expected: Vec<String>,
}

/// Q5: every cell as known at the end.
#[derive(Deserialize)]
pub(crate) struct Everything {
    pub(crate) cells: usize,
    pub(crate) known_at: String,
    pub(crate) sha256: String,
}

pub(crate) struct Questions {
    pub(crate) cards: Set<Card>,
    pub(crate) full_cards: Set<Card>,
    pub(crate) audits: Set<Audit>,
    pub(crate) differences: Set<Card>,
    pub(crate) everything: Everything,
}

#[derive(Deserialize)]
struct WrittenCard {
    measures: Vec<String>,
    areas: Vec<String>,
    period: String,
    #[serde(alias = "known_at_1")]
    known_at: String,
    #[serde(default)]
    known_at_2: Option<String>,
}

#[derive(Deserialize)]
struct WrittenAudit {
    measure: String,
    area: String,
}

#[derive(Deserialize)]
struct Expected {
    sha256: String,
}

impl Questions {
    pub(crate) fn read(folder: &Path) -> Self {
        Self {
            cards: set(folder, "q1", card),
            full_cards: set(folder, "q2", card),
            audits: set(folder, "q3", audit),
            differences: set(folder, "q4", card),
            everything: read(folder, "q5_expected.json"),
        }
    }
}

fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> T {
    let bytes = fs::read(folder.join(name)).expect("a query set");
    serde_json::from_slice(&bytes).expect("a query set as the peers write it")
}

fn set<W: DeserializeOwned, Q>(folder: &Path, name: &str, question: fn(&W) -> Q) -> Set<Q> {
    let written: Vec<W> = read(folder, &format!("{name}.json"));
    let expected: Vec<Expected> = read(folder, &format!("{name}_expected.json"));
    assert_eq!(written.len(), expected.len(), "every question has an answer");
    Set {
        questions: written.iter().map(question).collect(),
        expected: expected.into_iter().map(|expected| expected.sha256).collect(),
    }
}

fn card(written: &WrittenCard) -> Card {
    let mut measures: Vec<MeasureId> = written.measures.iter().map(|code| measure(code)).collect();
    measures.sort_unstable();
    let mut areas: Vec<AreaId> = written.areas.iter().map(|code| area(code)).collect();
    areas.sort_unstable();
    let last = Period::parse(&written.period).expect("a month");
    let mut periods: Vec<Period> =
        std::iter::successors(Some(last), |period| period.previous()).take(N_MONTHS).collect();
    periods.reverse();
    let known_at = instant(&written.known_at);
    let known_later = written.known_at_2.as_deref().map_or(known_at, instant);
    let question = Question { measures, areas, cohort: CohortId::all(), periods };
    Card { question, known_at, known_later }
}

fn audit(written: &WrittenAudit) -> Audit {
    Audit { measure: measure(&written.measure), area: area(&written.area) }
}

pub(crate) fn measure(code: &str) -> MeasureId {
    MeasureId::new(code).expect("a code")
}

pub(crate) fn area(code: &str) -> AreaId {
    AreaId::new(code).expect("a code")
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}
