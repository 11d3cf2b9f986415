//! What stands of one series for some periods, to be judged by its digits.

use super::Packed;
use super::packed::Tags;

/// What stands for a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    number: i64,
    tags: Tags,
}

impl Standing {
    /// Nothing stands.
    pub const NONE: Self = Self { number: 0, tags: Tags::NONE };

    /// A revision that is the last to count.
    #[inline]
    pub(super) const fn of(last: &Packed) -> Self {
        let (number, tags) = last.number_and_tags();
        Self::new(number, tags)
    }

    #[inline]
    pub(super) const fn new(number: i64, tags: Tags) -> Self {
        Self { number, tags }
    }

    /// The digits of a stated value; 0 where nothing stands.
    #[inline]
    pub const fn number(self) -> i64 {
        self.number
    }

    /// True when nothing stands.
    #[inline]
    pub const fn is_none(self) -> bool {
        self.tags.is_none()
    }

    /// How many digits a stated value has after the point; `None` for anything else.
    #[inline]
    pub fn scale(self) -> Option<u8> {
        self.tags.stated_scale()
    }

    /// True for nothing, and for a plain stated value that has `scale` digits after the point and is no forecast, which most
    /// figures are.
    #[inline]
    pub fn is_plain(self, scale: u8) -> bool {
        self.is_none() || self.tags.unlike_measured(scale) == 0
    }

    /// The place of its status in [`Status::ALL`](crate::result::Status::ALL).
    #[inline]
    pub const fn status_number(self) -> u32 {
        self.tags.status_number()
    }

    /// True when something stands that was said to be known before it was taken in: a withdrawal leaves nothing.
    #[inline]
    pub const fn backfill(self) -> bool {
        self.tags.backfill() && !self.tags.is_none()
    }
}

/// What is so of all that stands for some periods of one series.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    every: Tags,
    /// With [`Tags::MISSED`] where nothing stands for one of the periods.
    some: Tags,
}

impl Seen {
    /// Of no periods.
    pub const NOTHING: Self = Self { every: Tags::ALL, some: Tags::NONE };

    /// Nothing stands for any of some periods.
    #[cold]
    pub(crate) fn nothing_for(places: &mut [Standing]) -> Self {
        places.fill(Standing::NONE);
        Self { some: if places.is_empty() { Tags::NONE } else { Tags::MISSED }, ..Self::NOTHING }
    }

    /// Notes what stands for another of the periods.
    #[inline]
    pub const fn see(&mut self, standing: Standing) {
        if standing.is_none() {
            return self.miss();
        }
        self.every = self.every.and(standing.tags);
        self.some = self.some.or(standing.tags);
    }

    #[inline]
    pub(super) const fn miss(&mut self) {
        self.some = self.some.or(Tags::MISSED);
    }
}

/// What stands for some periods of one series, and, after the last, for none.
#[derive(Debug, Clone, Copy)]
pub struct Standings<'s> {
    all: &'s [Standing],
    seen: Seen,
}

impl<'s> Standings<'s> {
    /// Of what was [found](super::super::FigureWindow::standing), with [`Standing::NONE`] after it.
    #[inline]
    pub const fn new(all: &'s [Standing], seen: Seen) -> Self {
        Self { all, seen }
    }

    /// What stands for a period, by its place.
    #[inline]
    pub fn at(self, place: usize) -> Standing {
        self.all.get(place).copied().unwrap_or(Standing::NONE)
    }

    /// What stands for every period, in their order, and then for none.
    #[inline]
    pub const fn all(self) -> &'s [Standing] {
        self.all
    }

    /// How many digits the first stated value has after the point; `None` when there is none.
    #[inline]
    pub fn scale(self) -> Option<u8> {
        self.all.iter().find_map(|standing| standing.scale())
    }

    /// When all that stands is plain stated values, no forecasts, that have equally many digits after the point: how many.
    #[inline]
    pub fn plain_scale(self) -> Option<u8> {
        let Seen { every, some } = self.seen;
        every.stated_scale().filter(|scale| every.unlike_measured(*scale) | some.unlike_measured(*scale) == 0)
    }

    /// True when something stands for every period.
    #[inline]
    pub const fn are_there(self) -> bool {
        !self.seen.some.has_missed()
    }

    /// How many of those that stand were said to be known before they were taken in; the first counts when something stands
    /// for the second, which it is compared with.
    #[inline]
    pub fn n_backfilled(self) -> usize {
        let Seen { every, some } = self.seen;
        let all = every.backfill() && self.are_there();
        if all || !some.backfill() {
            return if all { self.all.len().saturating_sub(1) } else { 0 };
        }
        self.count_backfilled()
    }

    #[inline(never)]
    fn count_backfilled(self) -> usize {
        let [first, next @ ..] = self.all else { return 0 };
        let compared = next.first().is_some_and(|next| !next.is_none()) && first.backfill();
        usize::from(compared).saturating_add(next.iter().filter(|standing| standing.backfill()).count())
    }
}
