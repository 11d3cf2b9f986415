//! Comparing: two sides as people write them, a request, and the answer shown.

use anyhow::{Context as _, anyhow, bail};
use domain::ViewId;
use prost::Message as _;
use tonic::Code;
use wire::v1;

use crate::arguments::Compare;
use crate::ask::Page;
use crate::failure::failed;
use crate::place::Access;
use crate::show::{self, Format};
use crate::when;

pub(crate) async fn compare(access: &Access, asked: Compare, page: &mut Page<'_>) -> anyhow::Result<()> {
    let request = request(asked)?;
    let named = [&request.before, &request.after].into_iter().flatten().any(|side| !side.view.is_empty());
    let response = access.compare_scorecards(request).await.map_err(|status| {
        let a_time_perhaps = named && status.code() == Code::NotFound;
        let error = failed(status);
        if a_time_perhaps { anyhow!("{error}\n{SIDE}") } else { error }
    })?;
    let comparison = response.comparison.context("the server gave no comparison")?;
    match page.format {
        Format::Json => show::json(page.out, "scorebook.v1.Comparison", &comparison.encode_to_vec()),
        Format::Csv => show::csv::comparison(page.out, &comparison),
        Format::Text => show::comparison(page.out, &page.style, &comparison),
    }
    .context("the answer cannot be written")
}

/// # Errors
/// A time or a period that cannot be read; more or fewer sides than there can be.
fn request(asked: Compare) -> anyhow::Result<v1::CompareScorecardsRequest> {
    let (scorecard, sides) = match (&asked.period, asked.sides.as_slice()) {
        (Some(_), [scorecard, sides @ ..]) => (scorecard.as_str(), sides),
        (_, sides) => ("", sides),
    };
    let (before, after) = match sides {
        [before] => (before.as_str(), NOW),
        [before, after] => (before.as_str(), after.as_str()),
        _ => bail!("{HELP}"),
    };
    let mut before = side(before, asked.period.is_some())?;
    let mut after = side(after, asked.period.is_some())?;
    if asked.period.is_none() && before.view.is_empty() && after.view.is_empty() {
        bail!("{HELP}");
    }
    let period = |period: Option<&str>| period.map_or_else(|| Ok(String::new()), when::period);
    before.period = period(asked.period.as_deref())?;
    scorecard.clone_into(&mut before.scorecard);
    before.area = asked.area.unwrap_or_default();
    // What it leaves empty is as on the other side.
    after.period = period(asked.after_period.as_deref())?;
    after.scorecard = asked.after_scorecard.unwrap_or_default();
    after.area = asked.after_area.unwrap_or_default();
    Ok(v1::CompareScorecardsRequest { before: Some(before), after: Some(after) })
}

const NOW: &str = "now";

const HELP: &str = "compare two views, a view and a time, or, with --period 2018-09, a scorecard as of two times: \
                    `scorebook compare cype 2018-11-29 now --period 2018-09`";

/// Said where there is no such view: what was meant may have been a time.
const SIDE: &str = "A side is a view's code or a time: now, 2018-11-29, 2018-11-29T10:00:00Z, or @120 for a position.";

/// A time; without a period also the name of a view, which no time looks like.
fn side(text: &str, times_only: bool) -> anyhow::Result<v1::ComparedScorecard> {
    match when::side(text) {
        Ok(as_of) => Ok(v1::ComparedScorecard { as_of, ..v1::ComparedScorecard::default() }),
        Err(error) if times_only || text.parse::<ViewId>().is_err() => Err(error),
        Err(_) => Ok(v1::ComparedScorecard { view: text.to_owned(), ..v1::ComparedScorecard::default() }),
    }
}
