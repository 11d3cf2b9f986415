//! Values that change, the largest changes first.
//!
//! Everything is compared exactly. A figure whose fractions do not fit in 127 bits is first rounded to six places.

use domain::{Cell, Decimal, Exact};

use super::names::Names;
use super::{Changed, Move, Review, Standing, listed, told_apart};

/// From this factor on a value is about ten times as large.
const ABOUT_TEN: Decimal = Decimal::whole(9);

/// A value before and after.
struct Moved<'a> {
    cell: &'a Cell,
    sides: (&'a Standing, &'a Standing),
    /// By how much of the former value.
    relative: Exact,
    /// Up, or down.
    up: bool,
    /// How many times as large, without signs; `None` when one of both is 0.
    times: Option<Exact>,
}

/// Finds them.
pub(super) fn look(review: &mut Review, changed: &[Changed<'_>], names: &Names<'_, '_>) {
    let mut moved: Vec<Moved<'_>> = changed.iter().filter_map(moved).collect();
    moved.sort_by(|a, b| b.relative.compare(a.relative).then_with(|| a.cell.cmp(b.cell)));
    review.moves = listed(&moved, |it| show(it, names, percent));
    let mut tenfold: Vec<(Exact, &Moved<'_>)> = moved.iter().filter_map(|it| Some((factor(it)?, it))).collect();
    tenfold.retain(|(factor, _)| factor.compare(ABOUT_TEN.exact()).is_ge());
    tenfold.sort_by(|(a, x), (b, y)| b.compare(*a).then_with(|| x.cell.cmp(y.cell)));
    review.tenfold = listed(&tenfold, |(factor, it)| show(it, names, |it, _| times(it, *factor)));
}

fn moved<'a>(changed: &'a Changed<'_>) -> Option<Moved<'a>> {
    let (before, after) = (changed.before.as_ref()?, changed.after.as_ref()?);
    let (was, is) = (before.value?, after.value?);
    let order = is.compare(was);
    if order.is_eq() {
        return None;
    }
    let nothing = Decimal::whole(0).exact();
    let all = Decimal::whole(1).exact();
    let relative = if was.compare(nothing).is_eq() { all } else { relative(is, was).unwrap_or(all) };
    let times = is.times(was).or_else(|| rounded(is)?.times(rounded(was)?));
    let times = times.filter(|times| times.compare(nothing).is_gt());
    Some(Moved { cell: changed.cell, sides: (before, after), relative, up: order.is_gt(), times })
}

fn relative(is: Exact, was: Exact) -> Option<Exact> {
    let exactly = |is: Exact, was: Exact| is.distance(was)?.times(was);
    exactly(is, was).or_else(|| exactly(rounded(is)?, rounded(was)?))
}

fn rounded(value: Exact) -> Option<Exact> {
    Some(value.round(6)?.exact())
}

/// How many times as large the larger is as the smaller.
fn factor(moved: &Moved<'_>) -> Option<Exact> {
    let times = moved.times?;
    let one = Decimal::whole(1).exact();
    if times.compare(one).is_ge() { Some(times) } else { one.times(times) }
}

/// With the change in words, which may say again what stood.
fn show(moved: &Moved<'_>, names: &Names<'_, '_>, change: impl Fn(&Moved<'_>, &str) -> String) -> Move {
    let (was, is) = moved.sides;
    let alike = was.display == is.display;
    let values = was.value.zip(is.value).filter(|_| alike);
    let apart = values.and_then(|(was, is)| Some(told_apart(names.definition(moved.cell)?, was, is)));
    let (before, after) = apart.unwrap_or_else(|| (was.display.clone(), is.display.clone()));
    Move { what: names.of(moved.cell), change: change(moved, &before), before, after }
}

fn direction(moved: &Moved<'_>) -> &'static str {
    if moved.up { "up" } else { "down" }
}

fn percent(moved: &Moved<'_>, before: &str) -> String {
    let hundredth = Decimal::new(1, 2).map(Decimal::exact);
    let percent = hundredth.ok().and_then(|hundredth| moved.relative.times(hundredth)?.round(1));
    let from_nothing = moved.sides.0.value.is_some_and(|was| was.compare(Decimal::whole(0).exact()).is_eq());
    match percent {
        Some(percent) if !from_nothing => format!("{} {}%", direction(moved), short(percent)),
        _ => format!("{} from {before}", direction(moved)),
    }
}

fn times(moved: &Moved<'_>, factor: Exact) -> String {
    let Some(rounded) = factor.round(1) else { return direction(moved).to_owned() };
    let grew = moved.times.is_some_and(|times| times.compare(Decimal::whole(1).exact()).is_ge());
    if grew { format!("{} times", short(rounded)) } else { format!("1/{}", short(rounded)) }
}

/// Without a zero after the point.
fn short(number: Decimal) -> String {
    let grouped = domain::measure::grouped(number);
    grouped.strip_suffix(".0").map_or(grouped.clone(), str::to_owned)
}
