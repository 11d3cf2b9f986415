//! What a submission would do to figures and verdicts.

use std::io;

use wire::v1;

use super::text::{Ink, Page, Text};
use super::words;

/// How many moves of each kind are shown unless it is said.
const MOVES: usize = 5;
/// How many verdicts of each kind are shown unless it is said.
const VERDICTS: usize = 5;

/// True when something in it is to be looked at, besides how much is new.
pub(super) fn notable(review: &v1::Review) -> bool {
    let n = [
        review.n_moves,
        review.n_withdrawn,
        review.n_number_to_missing,
        review.n_missing_to_number,
        review.n_outside_region,
        review.n_rating_flips,
        review.n_ratings_lost,
        review.n_comparison_flips,
    ];
    n.iter().any(|n| *n > 0)
}

/// Shows a review, `listed` of each kind.
pub(super) fn write(page: &mut Page<'_>, preview: &v1::Preview, listed: Option<usize>) -> io::Result<()> {
    let Some(review) = &preview.review else { return Ok(()) };
    if !notable(review) {
        return Ok(());
    }
    let when = review
        .known_at
        .as_ref()
        .map_or_else(String::new, |at| format!(", as known {} (a backfill, marked as such)", words::instant(Some(at))));
    page.heading(&format!("What it does to figures and verdicts{when}"))?;
    counts(page, preview, review)?;
    let of = |usual: usize| listed.unwrap_or(usual);
    list(page, "Moved by about ten times or more", (&review.tenfold, review.n_tenfold), of(MOVES), moved)?;
    // Where both would say the same, once is enough.
    if review.n_moves > review.n_tenfold {
        list(page, "Largest moves", (&review.moves, review.n_moves), of(MOVES), moved)?;
    }
    let title = "Newly outside the range of the region";
    list(page, title, (&review.outside_region, review.n_outside_region), of(MOVES), outside)?;
    list(page, "Ratings that change", (&review.rating_flips, review.n_rating_flips), of(VERDICTS), rating_flip)?;
    let title = "Better or worse than the country: verdicts that change";
    list(page, title, (&review.comparison_flips, review.n_comparison_flips), of(VERDICTS), comparison_flip)?;
    lost(page, review)
}

fn counts(page: &mut Page<'_>, preview: &v1::Preview, review: &v1::Review) -> io::Result<()> {
    let kinds = [
        (review.n_new, "new"),
        (review.n_revised, "revised"),
        (review.n_number_to_missing, "number to missing"),
        (review.n_missing_to_number, "missing to number"),
        (review.n_withdrawn, "withdrawn"),
    ];
    let said = kinds.iter().filter(|(n, _)| *n > 0).map(|(n, kind)| format!("{} {kind}", words::thousands(*n)));
    let said: Vec<String> = said.collect();
    let said = if said.is_empty() { "none change".to_owned() } else { said.join(", ") };
    page.text(0, &Text::plain(format!("Results: {said}.")))?;
    if preview.n_absent > 0 {
        let absent = words::count(preview.n_absent, "is", "are");
        let text = format!("Of those withdrawn, {absent} absent from the release.");
        page.text(0, &Text::inked(Ink::Strong, text))?;
    }
    if review.withdrawn_periods.is_empty() {
        return Ok(());
    }
    let by_period = |it: &v1::PeriodCount| format!("{}: {}", words::period(&it.period), words::thousands(it.n));
    let told: u64 = review.withdrawn_periods.iter().map(|it| it.n).fold(0, u64::saturating_add);
    let mut periods: Vec<String> = review.withdrawn_periods.iter().map(by_period).collect();
    let more = review.n_withdrawn.saturating_sub(told);
    if more > 0 {
        periods.push(format!("later periods: {}", words::thousands(more)));
    }
    page.text(0, &Text::plain(format!("Withdrawn by period: {}.", periods.join("; "))))
}

/// A title with how many there are, and the first of them.
fn list<T>(
    page: &mut Page<'_>,
    title: &str,
    (all, n): (&[T], u64),
    listed: usize,
    said: impl Fn(&T) -> Text,
) -> io::Result<()> {
    if n == 0 {
        return Ok(());
    }
    let shown = all.get(..listed).unwrap_or(all);
    let n_shown = u64::try_from(shown.len()).unwrap_or(u64::MAX);
    let of = if n > n_shown {
        format!("{title}: the first {} of {}", words::thousands(n_shown), words::thousands(n))
    } else {
        format!("{title}: {}", words::thousands(n))
    };
    page.text(0, &Text::inked(Ink::Strong, of))?;
    for item in shown {
        page.labelled(2, "•", 4, &said(item))?;
    }
    Ok(())
}

/// “First-time entrants, Kent, 2016: ”.
fn cell(what: Option<&v1::NamedCell>) -> Text {
    let Some(v1::NamedCell { cell: Some(cell), title, area_name, cohort_name }) = what else { return Text::default() };
    let cohort = match words::cohort(&cell.cohort, cohort_name) {
        "" => String::new(),
        cohort => format!(", {cohort}"),
    };
    Text::plain(format!("{title}, {area_name}{cohort}, {}: ", words::period(&cell.period)))
}

fn moved(it: &v1::Move) -> Text {
    cell(it.what.as_ref())
        .then(Ink::Plain, format!("{} → ", it.before))
        .then(Ink::Strong, it.after.as_str())
        .then(Ink::Plain, format!(" ({})", it.change))
}

fn outside(it: &v1::OutsideRegion) -> Text {
    let whole = it.what.as_ref().is_some_and(|what| what.area_name == it.region_name);
    let others =
        words::count(it.n_others, if whole { "part" } else { "other" }, if whole { "parts" } else { "others" });
    cell(it.what.as_ref())
        .then(Ink::Strong, it.value.as_str())
        .then(Ink::Plain, format!("; the {others} of {}: {} to {}", it.region_name, it.least, it.greatest))
}

fn rating_flip(it: &v1::RatingFlip) -> Text {
    let side = |side: &v1::RatingSide| format!("{} ({}; target {})", colour(side.rating()), side.figure, side.target);
    sides(it.what.as_ref(), it.before.as_ref().map(side), it.after.as_ref().map(side))
}

fn comparison_flip(it: &v1::ComparisonFlip) -> Text {
    let side = |side: &v1::ComparisonSide| {
        let word = match side.comparison() {
            v1::CountryComparison::Better => "better",
            v1::CountryComparison::Level => "level",
            v1::CountryComparison::Worse => "worse",
            v1::CountryComparison::Unspecified => "not compared",
        };
        format!("{word} ({} against {})", side.figure, side.country)
    };
    sides(it.what.as_ref(), it.before.as_ref().map(side), it.after.as_ref().map(side))
}

fn sides(what: Option<&v1::NamedCell>, before: Option<String>, after: Option<String>) -> Text {
    cell(what)
        .then(Ink::Plain, format!("{} → ", before.unwrap_or_default()))
        .then(Ink::Strong, after.unwrap_or_default())
}

const fn colour(rating: v1::Rating) -> &'static str {
    match rating {
        v1::Rating::Green => "Green",
        v1::Rating::Amber => "Amber",
        v1::Rating::Red => "Red",
        v1::Rating::NotRated | v1::Rating::Unspecified => "not rated",
    }
}

fn lost(page: &mut Page<'_>, review: &v1::Review) -> io::Result<()> {
    let said = |n: u64, one: &str, many: &str| (n > 0).then(|| words::count(n, one, many));
    let lost: Vec<String> = [
        said(review.n_ratings_lost, "rating", "ratings"),
        said(review.n_comparisons_lost, "comparison with the country", "comparisons with the country"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if lost.is_empty() {
        return Ok(());
    }
    page.text(0, &Text::plain(format!("No longer made, for want of a figure: {}.", lost.join(", "))))
}
