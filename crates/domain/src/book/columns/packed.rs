//! A revision of a result in 24 bytes, and what of a figure does not fit there.

use super::Stamp;
use crate::book::saved::{Reader, put_number, put_optional, put_text};
use crate::number::Decimal;
use crate::period::PeriodKey;
use crate::result::{Colour, Figure, Missing, ResultEntry, StatedPeriod, StatedPrevious, Status};

/// A revision: when it was known, where it is in the log, and its figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Packed {
    /// Microseconds since 1970-01-01T00:00:00Z.
    known_at: i64,
    /// A value's digits as a whole number; of a numerator and denominator, their place among the ratios; of a missing
    /// figure, the reason's code.
    number: i64,
    position: u32,
    tags: Tags,
}

/// From the lowest bit: what `number` is (2), a value's scale (5), the status (3), the printed colour (2), whether there is
/// an [`Extra`] (1), whether it was said to be known before it was taken in (1), and whether its status is a forecast (1), so
/// that a look at a few bits tells a measured value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tags(u32);

const WITHDRAWN: u32 = 0;
const STATED: u32 = 1;
const COUNTED: u32 = 2;
const MISSING: u32 = 3;

/// What tells a measured value of a scale: the kind, the scale, and whether it is a forecast.
const MEASURED: u32 = 0b100_0000_0111_1111;

const COLOURS: [Option<Colour>; 4] = [None, Some(Colour::Green), Some(Colour::Amber), Some(Colour::Red)];
impl Tags {
    /// Of nothing.
    pub(super) const NONE: Self = Self(WITHDRAWN);

    /// Of no revision: of some periods, there is nothing for one.
    pub(super) const MISSED: Self = Self(1 << 31);

    /// Every bit.
    pub(super) const ALL: Self = Self(u32::MAX);

    #[inline]
    fn new(kind: u32, scale: u8, entry: &ResultEntry) -> Self {
        let status = u32::from(entry.status.number());
        let colour = if entry.stated_colour.is_some() { place(&COLOURS, &entry.stated_colour) } else { 0 };
        let extra = u32::from(Extra::is_needed(entry));
        let forecast = u32::from(entry.status == Status::Forecast);
        Self(kind | (u32::from(scale) << 2) | (status << 7) | (colour << 10) | (extra << 12) | (forecast << 14))
    }

    /// What is 0 for a measured value of a scale, and for nothing else.
    #[inline]
    pub(super) fn unlike_measured(self, scale: u8) -> u32 {
        (self.0 ^ (STATED | (u32::from(scale) << 2))) & MEASURED
    }

    /// The scale of a plain stated value that is no forecast.
    #[inline]
    pub(super) fn plain_scale(self) -> Option<u8> {
        self.stated_scale().filter(|scale| self.unlike_measured(*scale) == 0)
    }

    /// What both have.
    #[inline]
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What one of both has.
    #[inline]
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline]
    pub(super) const fn has_missed(self) -> bool {
        self.0 & Self::MISSED.0 != 0
    }

    #[inline]
    pub(super) const fn is_none(self) -> bool {
        self.kind() == WITHDRAWN
    }

    /// The scale of a stated value.
    #[inline]
    pub(super) fn stated_scale(self) -> Option<u8> {
        if self.kind() == STATED { Some(self.scale()) } else { None }
    }

    #[inline]
    const fn kind(self) -> u32 {
        self.0 & 0b11
    }

    #[inline]
    fn scale(self) -> u8 {
        u8::try_from((self.0 >> 2) & 0b1_1111).unwrap_or(0)
    }

    #[inline]
    pub(super) fn status(self) -> Status {
        pick(&Status::ALL, self.status_number()).unwrap_or(Status::NotStated)
    }

    /// The place of the status in [`Status::ALL`].
    #[inline]
    pub(super) const fn status_number(self) -> u32 {
        (self.0 >> 7) & 0b111
    }

    fn colour(self) -> Option<Colour> {
        pick(&COLOURS, (self.0 >> 10) & 0b11).flatten()
    }

    const fn extra(self) -> bool {
        (self.0 >> 12) & 1 == 1
    }

    const fn of_backfill(backfill: bool) -> Self {
        Self(if backfill { 1 << 13 } else { 0 })
    }

    #[inline]
    pub(super) const fn backfill(self) -> bool {
        (self.0 >> 13) & 1 == 1
    }
}

fn place<T: PartialEq>(all: &[T], wanted: &T) -> u32 {
    all.iter().position(|it| it == wanted).and_then(|at| u32::try_from(at).ok()).unwrap_or(0)
}

#[inline]
fn pick<T: Copy>(all: &[T], at: u32) -> Option<T> {
    all.get(usize::try_from(at).ok()?).copied()
}

impl Packed {
    /// A revision of a figure; of a numerator and denominator with the ratio to be kept at `next_ratio`.
    #[inline]
    pub(in crate::book) fn new(entry: &ResultEntry, next_ratio: usize, stamp: Stamp) -> (Self, Option<Ratio>) {
        let (kind, number, scale, ratio) = match entry.figure {
            Figure::Stated { value, .. } => (STATED, value.coefficient(), value.scale(), None),
            Figure::Counted { numerator, denominator, stated } => {
                let at = i64::try_from(next_ratio).unwrap_or(i64::MAX);
                (COUNTED, at, 0, Some(Ratio { numerator, denominator, stated }))
            }
            Figure::Missing(missing) => (MISSING, i64::from(missing.number()), 0, None),
        };
        (Self::stamped(number, Tags::new(kind, scale, entry), stamp), ratio)
    }

    pub(super) fn withdrawal(stamp: Stamp) -> Self {
        Self::stamped(0, Tags(WITHDRAWN), stamp)
    }

    #[inline]
    fn stamped(number: i64, tags: Tags, stamp: Stamp) -> Self {
        let tags = Tags(tags.0 | Tags::of_backfill(stamp.backfill).0);
        Self { known_at: stamp.known_at.micros(), number, position: stamp.position(), tags }
    }

    /// Of when it was known and where it is in the log, and of its number and its tags.
    pub(super) const fn of_parts((known_at, position): (i64, u32), (number, tags): (i64, Tags)) -> Self {
        Self { known_at, number, position, tags }
    }

    pub(super) fn to_bytes(self) -> [u8; PACKED_BYTES] {
        let mut bytes = [0; PACKED_BYTES];
        let fields = self.known_at.to_le_bytes().into_iter().chain(self.number.to_le_bytes());
        let fields = fields.chain(self.position.to_le_bytes()).chain(self.tags.0.to_le_bytes());
        bytes.iter_mut().zip(fields).for_each(|(to, from)| *to = from);
        bytes
    }

    /// From bytes that were a revision's before.
    pub(super) fn of_bytes(bytes: &[u8; PACKED_BYTES]) -> Self {
        let [known_at, number, last] = split(bytes).map(u64::from_le_bytes);
        let low = |n: u64| u32::try_from(n & u64::from(u32::MAX)).unwrap_or(0);
        Self {
            known_at: known_at.cast_signed(),
            number: number.cast_signed(),
            position: low(last),
            tags: Tags(low(last >> 32)),
        }
    }

    #[inline]
    pub(crate) const fn order(&self) -> (i64, u32) {
        (self.known_at, self.position)
    }

    /// What sorts revisions as their periods and orders do.
    #[inline]
    pub(super) fn sort_key(&self, period: PeriodKey) -> u128 {
        // Its sign turned, an instant before 1970 is less than one after.
        let known_at = self.known_at.cast_unsigned() ^ (1 << 63);
        (u128::from(period.bits()) << 96) | (u128::from(known_at) << 32) | u128::from(self.position)
    }

    #[inline]
    pub(crate) const fn known_at(&self) -> i64 {
        self.known_at
    }

    #[inline]
    pub(crate) const fn position(&self) -> u32 {
        self.position
    }

    /// True when it was said to be known before it was taken in.
    #[inline]
    pub(crate) const fn backfill(&self) -> bool {
        self.tags.backfill()
    }

    #[inline]
    pub(crate) const fn is_withdrawal(&self) -> bool {
        self.tags.kind() == WITHDRAWN
    }

    /// Of a numerator and denominator, their place among the ratios.
    pub(in crate::book) fn ratio(&self) -> Option<usize> {
        if self.tags.kind() == COUNTED { usize::try_from(self.number).ok() } else { None }
    }

    /// The same, with its ratio kept elsewhere.
    pub(in crate::book) fn with_ratio(self, at: usize) -> Self {
        Self { number: i64::try_from(at).unwrap_or(i64::MAX), ..self }
    }

    /// The number and the tags: what a figure is judged by.
    #[inline]
    pub(super) const fn number_and_tags(&self) -> (i64, Tags) {
        (self.number, self.tags)
    }

    #[inline]
    pub(in crate::book) const fn has_extra(&self) -> bool {
        self.tags.extra()
    }

    pub(super) fn stated_colour(&self) -> Option<Colour> {
        self.tags.colour()
    }

    pub(super) fn figure(
        &self,
        ratio: impl FnOnce(usize) -> Option<Ratio>,
        denominator: impl FnOnce() -> Option<Decimal>,
    ) -> Option<(Figure, Status)> {
        let figure = match self.tags.kind() {
            STATED => {
                let value = Decimal::new(self.number, self.tags.scale()).ok()?;
                let denominator = if self.has_extra() { denominator() } else { None };
                Figure::Stated { value, denominator }
            }
            COUNTED => {
                let Ratio { numerator, denominator, stated } = ratio(usize::try_from(self.number).ok()?)?;
                Figure::Counted { numerator, denominator, stated }
            }
            MISSING => Figure::Missing(pick(&Missing::ALL, u32::try_from(self.number).ok()?)?),
            _ => return None,
        };
        Some((figure, self.tags.status()))
    }
}

/// The length of a revision in bytes: `known_at`, the number, the position, the tags, little endian.
pub(super) const PACKED_BYTES: usize = 24;

/// Eight bytes at a time.
fn split(bytes: &[u8; PACKED_BYTES]) -> [[u8; 8]; 3] {
    let mut words = [[0; 8]; 3];
    let (chunks, _) = bytes.as_chunks::<8>();
    words.iter_mut().zip(chunks).for_each(|(to, from)| *to = *from);
    words
}

/// A numerator and denominator, and what was printed beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::book) struct Ratio {
    numerator: Decimal,
    denominator: Decimal,
    stated: Option<Decimal>,
}

impl Ratio {
    pub(super) fn save(&self, bytes: &mut Vec<u8>) {
        put_number(bytes, self.numerator);
        put_number(bytes, self.denominator);
        put_optional(bytes, self.stated);
    }

    pub(super) fn restore(reader: &mut Reader<'_>) -> Option<Self> {
        let (numerator, denominator) = (reader.number()?, reader.number()?);
        Some(Self { numerator, denominator, stated: reader.optional().ok()? })
    }
}

/// What few figures come with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::book) struct Extra {
    /// How many a stated value is a share of.
    pub(super) denominator: Option<Decimal>,
    pub(super) previous: Option<StatedPrevious>,
    pub(super) source_text: String,
}

impl Extra {
    #[inline]
    fn is_needed(entry: &ResultEntry) -> bool {
        let shared = matches!(entry.figure, Figure::Stated { denominator: Some(_), .. });
        shared || entry.stated_previous.is_some() || !entry.source_text.is_empty()
    }

    pub(in crate::book) fn of(entry: &ResultEntry) -> Option<Self> {
        let denominator = match entry.figure {
            Figure::Stated { denominator, .. } => denominator,
            Figure::Counted { .. } | Figure::Missing(_) => None,
        };
        Self::is_needed(entry).then(|| Self {
            denominator,
            previous: entry.stated_previous.clone(),
            source_text: entry.source_text.clone(),
        })
    }

    pub(super) fn save(&self, bytes: &mut Vec<u8>) {
        put_optional(bytes, self.denominator);
        put_optional(bytes, self.previous.as_ref().map(|previous| previous.value));
        match self.previous.as_ref().map(|previous| &previous.period) {
            None => {}
            Some(StatedPeriod::NotStated) => bytes.push(0),
            Some(StatedPeriod::Period(period)) => {
                bytes.push(1);
                bytes.extend_from_slice(&PeriodKey::of(*period).bits().to_le_bytes());
            }
            Some(StatedPeriod::Words(words)) => {
                bytes.push(2);
                put_text(bytes, words);
            }
        }
        put_text(bytes, &self.source_text);
    }

    pub(super) fn restore(reader: &mut Reader<'_>) -> Option<Self> {
        let denominator = reader.optional().ok()?;
        let previous = match reader.optional().ok()? {
            None => None,
            Some(value) => Some(StatedPrevious { value, period: stated_period(reader)? }),
        };
        Some(Self { denominator, previous, source_text: reader.text()?.to_owned() })
    }
}

fn stated_period(reader: &mut Reader<'_>) -> Option<StatedPeriod> {
    match reader.u8()? {
        0 => Some(StatedPeriod::NotStated),
        1 => PeriodKey::from_bits(reader.u32()?)?.period().map(StatedPeriod::Period),
        2 => Some(StatedPeriod::Words(reader.text()?.to_owned())),
        _ => None,
    }
}
