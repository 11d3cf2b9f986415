//! Records as a county's month gives them: results of hundreds of measures in a dozen areas.

use std::num::NonZeroU32;

use domain::event::{Attribution, ResultRecorded};
use domain::result::{ResultEntry, Why};
use domain::{
    Actor, ActorId, AreaId, Cell, CohortId, Decimal, Event, EventId, Figure, MeasureId, Origin, Period, Position,
    Recorded, Series, Status, SubmissionId, Timestamp,
};
use journal::record;

/// 1 April 2015.
const BEGUN_MICROS: i64 = 1_427_846_400_000_000;

/// The next commits of a log that is being made.
pub(crate) struct Generator {
    next: u64,
    n_commits: i64,
    measures: Vec<MeasureId>,
    areas: Vec<AreaId>,
    periods: Vec<Period>,
    actor: Actor,
}

impl Generator {
    pub(crate) fn new() -> Self {
        let areas = std::iter::once("E10000016".to_owned()).chain((105..117).map(|n| format!("E07000{n}")));
        let months = (2015..2025).flat_map(|year| (1..=12).map(move |month| (year, month)));
        Self {
            next: 1,
            n_commits: 0,
            measures: (0..400).map(|n| MeasureId::new(&format!("CYPE-{n:04}")).expect("a code")).collect(),
            areas: areas.map(|code| AreaId::new(&code).expect("a code")).collect(),
            periods: months.map(|(year, month)| Period::month(year, month).expect("a month")).collect(),
            actor: Actor { id: ActorId::new("mi.officer").expect("a code"), authenticated: true },
        }
    }

    /// The next commit, of so many records.
    pub(crate) fn commit(&mut self, n_records: u64) -> Vec<Recorded> {
        self.n_commits += 1;
        let recorded_at = Timestamp::from_micros(BEGUN_MICROS + self.n_commits * 1_000_000).expect("an instant");
        let submission = SubmissionId(u128::try_from(self.n_commits).expect("few commits").to_be_bytes());
        let records = (1..=n_records).map(|ordinal| {
            let number = self.next;
            self.next += 1;
            Recorded {
                position: Position::new(number),
                recorded_at,
                known_at: recorded_at,
                event_id: EventId(u128::from(mixed(number)).to_le_bytes()),
                last_of_commit: ordinal == n_records,
                attribution: Attribution {
                    actor: self.actor.clone(),
                    submission,
                    origin: Some(Origin { file: 0, line: NonZeroU32::MIN.saturating_add(line(ordinal)) }),
                    why: Why::default(),
                },
                event: Event::ResultRecorded(self.result(number)),
            }
        });
        records.collect()
    }

    fn result(&self, number: u64) -> ResultRecorded {
        let drawn = mixed(number);
        let series = Series {
            measure: pick(&self.measures, number / 13).clone(),
            area: pick(&self.areas, number).clone(),
            cohort: CohortId::all(),
        };
        let value = i64::try_from(drawn % 1_000).expect("a small number");
        let denominator = i64::try_from(100 + drawn % 4_000).expect("a small number");
        let stated = Decimal::new(value, 1).expect("a value");
        let figure = match drawn % 20 {
            0..3 => Figure::Stated { value: stated, denominator: None },
            _ => Figure::Counted {
                numerator: Decimal::new(value * denominator / 1_000, 0).expect("a numerator"),
                denominator: Decimal::new(denominator, 0).expect("a denominator"),
                stated: Some(stated),
            },
        };
        let entry = ResultEntry {
            figure,
            status: Status::Final,
            stated_colour: None,
            stated_previous: None,
            source_text: stated.to_string(),
        };
        ResultRecorded { cell: Cell { series, period: *pick(&self.periods, number / 5_200) }, entry }
    }
}

fn line(ordinal: u64) -> u32 {
    u32::try_from(ordinal).expect("a short file")
}

fn pick<T>(from: &[T], number: u64) -> &T {
    let n = u64::try_from(from.len()).expect("a short list");
    &from[usize::try_from(number % n).expect("within the list")]
}

/// Scatters a number (`SplitMix64`), the same everywhere.
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A commit's records as they are stored, with a salt as good as any for what is timed.
pub(crate) fn encoded(commit: &[Recorded]) -> Vec<Vec<u8>> {
    commit.iter().map(|recorded| record::encode(recorded, salt(recorded)).expect("a record")).collect()
}

fn salt(recorded: &Recorded) -> [u8; record::SALT_BYTES] {
    u128::from(mixed(recorded.position.get() ^ u64::MAX)).to_le_bytes()
}
