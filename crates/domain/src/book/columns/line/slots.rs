//! What stands for neighbouring periods of a line, read in one pass.

use std::hint::black_box;
use std::ops::RangeInclusive;

use super::super::packed::Tags;
use super::super::{Seen, Standing};
use super::{Hot, Line, Packed, Within, last_within, place};
use crate::period::{PeriodKey, PeriodKeys, Row};

/// How many hot parts lie in one line of a processor's memory.
const HOT_IN_A_LINE: usize = 4;

/// Some neighbouring periods of a line, looked up ahead of being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slots<'a> {
    line: &'a Line,
    near: &'a [Hot],
    /// Where they are in the line.
    first: u32,
    /// Of how many wanted periods, the first ones, there are none, where each is of the period at its place behind those, and the
    /// line has no other.
    n_before: Option<u32>,
}

/// Plain stated values of one scale and one status, no forecasts, that stand for neighbouring periods.
#[derive(Debug, Clone, Copy)]
pub struct Plain<'a> {
    near: &'a [Hot],
    tags: Tags,
}

impl<'a> Plain<'a> {
    /// How many digits they have after the point; always there.
    #[inline]
    pub fn scale(self) -> Option<u8> {
        self.tags.plain_scale()
    }

    /// Those from a place to another, both included.
    #[inline]
    pub fn part(self, places: RangeInclusive<usize>) -> Option<Self> {
        Some(Self { near: self.near.get(places)?, tags: self.tags })
    }

    /// The digits of each.
    #[inline]
    pub fn numbers(self) -> impl Iterator<Item = i64> + use<'a> {
        self.near.iter().map(|hot| hot.number)
    }

    /// The place of their status in [`Status::ALL`](crate::result::Status::ALL).
    #[inline]
    pub const fn status_number(self) -> u32 {
        self.tags.status_number()
    }

    /// How many of those after the first, or of it and them, were said to be known before they were taken in.
    #[inline]
    pub const fn n_backfilled(self) -> usize {
        if self.tags.backfill() { self.near.len() } else { 0 }
    }

    /// Writes each to its place.
    pub fn write(self, found: &mut [Standing]) -> Seen {
        let mut seen = Seen::NOTHING;
        for (hot, place) in self.near.iter().zip(found) {
            *place = Standing::new(hot.number, self.tags);
        }
        seen.see(Standing::new(0, self.tags));
        seen
    }
}

/// A period whose latest revision does not count: what stands for it is among those before it, far from there.
#[derive(Debug, Clone, Copy)]
pub struct Late<'a> {
    /// The period's place.
    pub place: usize,
    line: &'a Line,
    /// Of its slot in the line.
    at: usize,
}

/// What was said for a period before its latest revision.
#[derive(Debug, Clone, Copy)]
pub struct Older<'a>(&'a [Packed]);

impl<'a> Late<'a> {
    /// The revisions before its latest.
    #[inline]
    pub fn older(self) -> Older<'a> {
        Older(self.line.older(self.at))
    }
}

impl Older<'_> {
    /// Looks at the last of many, so that they are near when they are read: one does not wait for the other.
    #[inline]
    pub fn look(all: &[Self]) {
        black_box(all.iter().filter_map(|older| older.0.last()).fold(0, |seen, last| seen ^ last.position()));
    }

    /// What stands.
    #[inline]
    pub(crate) fn standing(self, within: &Within<'_>) -> Standing {
        last_within(self.0, within).map_or(Standing::NONE, |packed| Standing::of(&packed))
    }
}

impl<'a> Slots<'a> {
    /// The line that they are of.
    pub(crate) const fn line(&self) -> &'a Line {
        self.line
    }

    /// Looks at all of them, and gives something that they hold.
    #[inline]
    pub(crate) fn look(&self) -> i64 {
        self.near.iter().step_by(HOT_IN_A_LINE).chain(self.near.last()).fold(0, |seen, hot| seen ^ hot.known_at)
    }

    /// The figures as they lie, where the latest revision of each of `n` periods stands and all have the same tags.
    #[inline]
    pub(crate) fn plain(&self, n: usize, within: &Within<'_>) -> Option<Plain<'a>> {
        let tags = self.line.alike().filter(|tags| tags.plain_scale().is_some())?;
        let there = self.n_before == Some(0) && self.near.len() == n && within.rollbacks.is_none();
        let known = |hot: &Hot| hot.known_at <= within.known_at;
        let stand = there && self.line.last_position <= within.position && self.near.iter().all(known);
        if stand { Some(Plain { near: self.near, tags }) } else { None }
    }

    /// What stands for each of some periods, ascending, which were looked up; `found` has as many places. Those in `late` are
    /// to be [seen](Seen::see) besides.
    #[inline]
    pub(crate) fn standing(
        &self,
        periods: &[PeriodKey],
        within: &Within<'_>,
        found: &mut [Standing],
        late: impl FnMut(Late<'a>),
    ) -> Seen {
        match self.n_before.filter(|_| within.rollbacks.is_none()) {
            Some(n_before) => self.standing_in_place(n_before, within, found, late),
            None => self.standing_anywhere(periods, within, found),
        }
    }

    /// Where each slot is of the period at its place.
    #[inline]
    fn standing_in_place(
        &self,
        n_before: u32,
        within: &Within<'_>,
        found: &mut [Standing],
        mut late: impl FnMut(Late<'a>),
    ) -> Seen {
        let mut seen = Seen::NOTHING;
        let Some((before, found)) = found.split_at_mut_checked(place(n_before)) else { return seen };
        if !before.is_empty() {
            before.fill(Standing::NONE);
            seen.miss();
        }
        let late = |nth: usize| late(self.late(nth, n_before));
        match self.line.alike() {
            Some(tags) if self.line.last_position <= within.position => {
                self.standing_alike(tags, within, found, late);
                // That none of them may stand does no harm: what is seen besides only keeps a short way shut.
                seen.see(Standing::new(0, tags));
            }
            _ => self.standing_each(within, (found, &mut seen), late),
        }
        // The line ends before the periods do.
        if let Some(others @ [_, ..]) = found.get_mut(self.near.len()..) {
            others.fill(Standing::NONE);
            seen.miss();
        }
        seen
    }

    /// Where all latest revisions have the same tags, and are in the log.
    #[inline]
    fn standing_alike(&self, tags: Tags, within: &Within<'_>, found: &mut [Standing], late: impl FnMut(usize)) {
        for (hot, place) in self.near.iter().zip(found) {
            *place = Standing::new(hot.number, tags);
        }
        let all = self.near.iter().zip(0_usize..);
        all.filter(|(hot, _)| hot.known_at > within.known_at).map(|(_, nth)| nth).for_each(late);
    }

    #[inline(never)]
    fn standing_each(
        &self,
        within: &Within<'_>,
        (found, seen): (&mut [Standing], &mut Seen),
        mut late: impl FnMut(usize),
    ) {
        let rest = self.line.rest.get(place(self.first)..).unwrap_or_default();
        for (((hot, rest), place), nth) in self.near.iter().zip(rest).zip(found).zip(0_usize..) {
            *place = Standing::new(hot.number, rest.tags);
            if hot.known_at > within.known_at || rest.position > within.position {
                late(nth);
            } else {
                seen.see(*place);
            }
        }
    }

    /// One of the slots, of which the latest revision does not count.
    #[inline]
    fn late(&self, nth: usize, n_before: u32) -> Late<'a> {
        Late { place: place(n_before).saturating_add(nth), line: self.line, at: place(self.first).saturating_add(nth) }
    }

    #[inline(never)]
    fn standing_anywhere(&self, periods: &[PeriodKey], within: &Within<'_>, found: &mut [Standing]) -> Seen {
        let rest = self.line.rest.get(place(self.first)..).unwrap_or_default();
        let mut near = rest.iter().take(self.near.len()).zip(place(self.first)..).peekable();
        let mut seen = Seen::NOTHING;
        for (wanted, place) in periods.iter().zip(found) {
            while near.next_if(|(slot, _)| slot.period < *wanted).is_some() {}
            let slot = near.next_if(|(slot, _)| slot.period == *wanted);
            let last = slot.and_then(|(_, at)| self.line.revisions(at).last_within(within));
            *place = last.map_or(Standing::NONE, |packed| Standing::of(&packed));
            seen.see(*place);
        }
        seen
    }
}

impl Line {
    /// The slots of some periods, or all slots from the first of them to the last.
    #[inline]
    pub(crate) fn slots(&self, periods: PeriodKeys<'_>) -> Slots<'_> {
        let in_a_row = periods.row().filter(|_| self.in_a_row);
        let (near, first, n_before) =
            in_a_row.and_then(|row| self.slots_in_a_row(row)).unwrap_or_else(|| self.slots_anywhere(periods.all()));
        Slots { line: self, near, first, n_before }
    }

    /// Where all follow one another, the slots of periods that do, as far as there are any, the place of the first, and how many
    /// of the periods are before it; `None` when they are of another kind, or all of them before the line or well after it.
    #[inline]
    fn slots_in_a_row(&self, row: Row) -> Option<(&[Hot], u32, Option<u32>)> {
        let (first, n_before) = match row.n_after(self.ends.0) {
            Some(first) => (first, 0),
            None => (0, row.n_before(self.ends.0).filter(|n_before| place(*n_before) < row.n)?),
        };
        let later = self.hot.get(place(first)..)?;
        Some((later.get(..row.n.saturating_sub(place(n_before))).unwrap_or(later), first, Some(n_before)))
    }

    /// All slots of some periods and those between them, the place of the first, and 0 when each is of the period at its place.
    #[inline(never)]
    fn slots_anywhere(&self, wanted: &[PeriodKey]) -> (&[Hot], u32, Option<u32>) {
        let (Some(from), Some(to)) = (wanted.first(), wanted.last()) else { return (&[], 0, None) };
        let first = self.slot_from(*from);
        let later = self.rest.get(first..).unwrap_or_default();
        let near = later.get(..later.partition_point(|slot| slot.period <= *to)).unwrap_or_default();
        let placed = near.len() == wanted.len() && near.iter().zip(wanted).all(|(slot, key)| slot.period == *key);
        let hot = self.hot.get(first..first.saturating_add(near.len())).unwrap_or_default();
        (hot, u32::try_from(first).unwrap_or(u32::MAX), placed.then_some(0))
    }
}
