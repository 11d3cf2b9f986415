//! What stands of one series for some periods, in columns, to be judged by its digits.

use super::Packed;
use super::packed::Tags;
use crate::result::Status;

/// What stands for some periods of one series, and, after the last, for none.
#[derive(Debug, Clone)]
pub struct Standings {
    numbers: Vec<i64>,
    tags: Vec<Tags>,
}

/// What stands for a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    number: i64,
    tags: Tags,
}

impl Standings {
    /// Room for what stands for `n_periods`: nothing yet.
    pub fn new(n_periods: usize) -> Self {
        let n = n_periods.saturating_add(1);
        Self { numbers: vec![0; n], tags: vec![Tags::NONE; n] }
    }

    /// What stands for a period, by its place.
    #[inline]
    pub fn at(&self, place: usize) -> Standing {
        match (self.numbers.get(place), self.tags.get(place)) {
            (Some(number), Some(tags)) => Standing { number: *number, tags: *tags },
            (None, _) | (_, None) => Standing { number: 0, tags: Tags::NONE },
        }
    }

    /// How many digits the first stated value has after the point; `None` when there is none.
    #[inline]
    pub fn scale(&self) -> Option<u8> {
        self.tags.iter().find_map(|tags| tags.stated_scale())
    }

    /// The values of the first periods, as long as each is a plain stated value that has `scale` digits after the point and
    /// is no forecast, when nothing stands for the others; `None` when something else does.
    #[inline]
    pub fn measured(&self, scale: u8) -> Option<Measured<'_>> {
        let n = self.tags.iter().take_while(|tags| tags.unlike_measured(scale) == 0).count();
        let (measured, others) = self.tags.split_at_checked(n)?;
        let digits = self.numbers.get(..n)?;
        others.iter().all(|tags| tags.is_none()).then_some(Measured { digits, tags: measured })
    }

    /// Nothing stands for any.
    pub(crate) fn clear(&mut self) {
        self.places().for_each(|place| place.put(None));
    }

    pub(super) fn places(&mut self) -> impl Iterator<Item = Place<'_>> {
        self.numbers.iter_mut().zip(&mut self.tags).map(|(number, tags)| Place { number, tags })
    }
}

/// The measured values of some periods that follow one another, all of one scale.
#[derive(Debug, Clone, Copy)]
pub struct Measured<'a> {
    digits: &'a [i64],
    tags: &'a [Tags],
}

impl<'a> Measured<'a> {
    /// How many they are.
    #[inline]
    pub const fn len(self) -> usize {
        self.digits.len()
    }

    /// True when there is none.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.digits.is_empty()
    }

    /// Some of them, but for the first: the digits of each after the digits of the one before, and its status.
    #[inline]
    pub fn pairs(self, from: usize, n: usize) -> impl Iterator<Item = (i64, i64, Status)> + use<'a> {
        let (next, end) = (from.saturating_add(1), from.saturating_add(n));
        let before = self.digits.get(from..end).unwrap_or_default();
        let now = self.digits.get(next..end.saturating_add(1)).unwrap_or_default();
        let tags = self.tags.get(next..end.saturating_add(1)).unwrap_or_default();
        before.iter().zip(now).zip(tags).map(|((before, now), tags)| (*before, *now, tags.status()))
    }

    /// How many were said to be known before they were taken in.
    #[inline]
    pub fn n_backfilled(self) -> u32 {
        self.tags.iter().fold(0, |n, tags| n.wrapping_add(u32::from(tags.backfill())))
    }
}

/// Where what stands for a period goes.
pub(super) struct Place<'a> {
    number: &'a mut i64,
    tags: &'a mut Tags,
}

impl Place<'_> {
    #[inline]
    pub(super) fn put(self, last: Option<&Packed>) {
        (*self.number, *self.tags) = last.map_or((0, Tags::NONE), Packed::number_and_tags);
    }
}

impl Standing {
    /// True when nothing stands.
    #[inline]
    pub const fn is_none(self) -> bool {
        self.tags.is_none()
    }

    /// The digits of a plain stated value that has `scale` of them after the point and is no forecast: what most figures
    /// are; `None` for any other.
    #[inline]
    pub fn digits(self, scale: u8) -> Option<i64> {
        if self.tags.unlike_measured(scale) == 0 { Some(self.number) } else { None }
    }

    /// How settled it is.
    #[inline]
    pub fn status(self) -> Status {
        self.tags.status()
    }

    /// True when something stands that was said to be known before it was taken in: a withdrawal leaves nothing.
    #[inline]
    pub const fn backfill(self) -> bool {
        self.tags.backfill() && !self.tags.is_none()
    }
}
