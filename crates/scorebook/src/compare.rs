//! Comparing: two sides as people write them, a request, and the answer shown.

use anyhow::Context as _;
use prost::Message as _;
use wire::v1;

use crate::arguments::Compare;
use crate::ask::Page;
use crate::failure::failed;
use crate::place::Access;
use crate::show::{self, Format};
use crate::when;

pub(crate) async fn compare(access: &Access, asked: Compare, page: &mut Page<'_>) -> anyhow::Result<()> {
    let response = access.compare_scorecards(request(asked)?).await.map_err(failed)?;
    let comparison = response.comparison.context("the server gave no comparison")?;
    match page.format {
        Format::Json => show::json(page.out, "scorebook.v1.Comparison", &comparison.encode_to_vec()),
        Format::Csv => show::csv::comparison(page.out, &comparison),
        Format::Text => show::comparison(page.out, &page.style, &comparison),
    }
    .context("the answer cannot be written")
}

/// # Errors
/// A time or a period that cannot be read.
fn request(asked: Compare) -> anyhow::Result<v1::CompareScorecardsRequest> {
    let before = v1::ComparedScorecard {
        scorecard: asked.scorecard,
        period: when::period(&asked.period)?,
        area: asked.area.unwrap_or_default(),
        as_of: when::side(&asked.before)?,
    };
    // What it leaves empty is as on the other side.
    let after = v1::ComparedScorecard {
        scorecard: asked.after_scorecard.unwrap_or_default(),
        period: asked.after_period.as_deref().map_or_else(|| Ok(String::new()), when::period)?,
        area: asked.after_area.unwrap_or_default(),
        as_of: when::side(&asked.after)?,
    };
    Ok(v1::CompareScorecardsRequest { before: Some(before), after: Some(after) })
}
