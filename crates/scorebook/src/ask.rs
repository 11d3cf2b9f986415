//! Asking: a request, an answer, and the answer shown.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anyhow::Context as _;
use prost::Message;
use wire::v1;

use crate::arguments::{self, Listing, Log, Measure, Scorecard, ScorecardPage, SeriesFields};
use crate::failure::failed;
use crate::place::Access;
use crate::show::{self, Format, Style};
use crate::when;

/// How an answer is shown.
pub(crate) struct Page<'a> {
    pub(crate) out: &'a mut dyn Write,
    pub(crate) style: Style,
    pub(crate) format: Format,
}

/// Writes an answer in the format asked for.
macro_rules! answer {
    ($page:ident, $name:literal, $message:expr, $show:ident) => {
        match $page.format {
            Format::Json => show::json($page.out, concat!("scorebook.v1.", $name), &$message.encode_to_vec()),
            Format::Csv => show::csv::$show($page.out, $message),
            Format::Text => show::$show($page.out, &$page.style, $message),
        }
        .context(UNWRITTEN)
    };
}

/// Said when the terminal or the file takes nothing more.
const UNWRITTEN: &str = "the answer cannot be written";

/// What has sentences rather than rows has no form for a spreadsheet.
pub(crate) fn no_csv() -> anyhow::Error {
    anyhow::anyhow!("this answer has no CSV form; ask for --format text or --format json")
}

/// How many records are shown to people who do not say.
const LOG_LINES: usize = 100;

/// How many items a page of a listing asks for.
pub(crate) const PAGE_SIZE: u32 = 1_000;

pub(crate) async fn scorecard(access: &Access, asked: Scorecard, page: &mut Page<'_>) -> anyhow::Result<()> {
    let as_of = when::as_of(&asked.as_of)?;
    let Some(scorecard) = asked.code else {
        return scorecards(access, as_of, page).await;
    };
    let period = asked.period.context("say of which period: --period 2018-09")?;
    let period = when::period(&period)?;
    let area = asked.area.unwrap_or_default();
    let request = v1::GetScorecardRequest { scorecard, period, area, as_of };
    let response = access.get_scorecard(request).await.map_err(failed)?;
    let card = response.scorecard.context("the server gave no scorecard")?;
    match asked.page {
        ScorecardPage::Directory => {
            let directory = definitions(access, &card).await?;
            answer!(page, "Directory", &directory, directory)
        }
        ScorecardPage::Card => answer!(page, "Scorecard", &card, scorecard),
        _ if page.format != Format::Text => answer!(page, "Scorecard", &card, scorecard),
        ScorecardPage::Exceptions => show::exceptions(page.out, &page.style, &card).context(UNWRITTEN),
        ScorecardPage::Cohorts => show::cohorts(page.out, &page.style, &card).context(UNWRITTEN),
        ScorecardPage::Sources => show::sources(page.out, &page.style, &card).context(UNWRITTEN),
    }
}

async fn scorecards(access: &Access, as_of: Option<v1::AsOf>, page: &mut Page<'_>) -> anyhow::Result<()> {
    let mut request = v1::ListScorecardsRequest { as_of, page_size: PAGE_SIZE, page_token: String::new() };
    let mut response = access.list_scorecards(request.clone()).await.map_err(failed)?;
    while !response.next_page_token.is_empty() {
        request.page_token = std::mem::take(&mut response.next_page_token);
        let next = access.list_scorecards(request.clone()).await.map_err(failed)?;
        response.scorecards.extend(next.scorecards);
        response.next_page_token = next.next_page_token;
    }
    answer!(page, "ListScorecardsResponse", &response, scorecards)
}

pub(crate) async fn measure(access: &Access, asked: Measure, page: &mut Page<'_>) -> anyhow::Result<()> {
    let SeriesFields { area, cohort } = asked.series;
    let mut request = v1::GetMeasureHistoryRequest {
        measure: asked.code.context("say which measure; `scorebook measure list` prints the codes")?,
        area: area.unwrap_or_default(),
        cohort,
        from_period: asked.from.as_deref().map_or_else(|| Ok(String::new()), when::period)?,
        to_period: asked.to.as_deref().map_or_else(|| Ok(String::new()), when::period)?,
        as_of: when::as_of(&asked.as_of)?,
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let mut whole: Option<v1::MeasureHistory> = None;
    loop {
        let response = access.get_measure_history(request.clone()).await.map_err(failed)?;
        let next = response.history.context("the server gave no history")?;
        match &mut whole {
            None => whole = Some(next),
            Some(whole) => {
                whole.rows.extend(next.rows);
                whole.revisions.extend(next.revisions);
            }
        }
        if response.next_page_token.is_empty() {
            break;
        }
        request.page_token = response.next_page_token;
    }
    let history = whole.unwrap_or_default();
    answer!(page, "MeasureHistory", &history, measure_history)
}

pub(crate) async fn measures(
    access: &Access,
    text: String,
    as_of: &arguments::AsOf,
    page: &mut Page<'_>,
) -> anyhow::Result<()> {
    let directory = every_measure(access, text, when::as_of(as_of)?).await?;
    answer!(page, "Directory", &directory, directory)
}

async fn every_measure(access: &Access, query: String, as_of: Option<v1::AsOf>) -> anyhow::Result<v1::Directory> {
    let mut request = v1::ListMeasuresRequest { query, as_of, page_size: PAGE_SIZE, page_token: String::new() };
    let mut whole: Option<v1::Directory> = None;
    loop {
        let response = access.list_measures(request.clone()).await.map_err(failed)?;
        let next = response.directory.context("the server gave no directory")?;
        match &mut whole {
            None => whole = Some(next),
            Some(whole) => whole.measures.extend(next.measures),
        }
        if response.next_page_token.is_empty() {
            return Ok(whole.unwrap_or_default());
        }
        request.page_token = response.next_page_token;
    }
}

/// The definitions of a scorecard's measures, as they were at its own bounds and in its own order.
async fn definitions(access: &Access, card: &v1::Scorecard) -> anyhow::Result<v1::Directory> {
    let basis = card.basis.clone().unwrap_or_default();
    let as_of = v1::AsOf { known_at: basis.known_at, at_position: basis.position, ..v1::AsOf::default() };
    let whole = every_measure(access, String::new(), Some(as_of)).await?;
    let code = |entry: &v1::DirectoryEntry| entry.definition.as_ref().map(|it| it.measure.clone()).unwrap_or_default();
    let mut entries: BTreeMap<String, v1::DirectoryEntry> =
        whole.measures.into_iter().map(|entry| (code(&entry), entry)).collect();
    let rows = card.sections.iter().flat_map(|section| &section.rows);
    let measures = rows.filter_map(|row| entries.remove(&row.cell.as_ref()?.measure));
    Ok(v1::Directory { measures: measures.collect(), basis: whole.basis })
}

pub(crate) async fn explain(
    access: &Access,
    cell: v1::Cell,
    as_of: &arguments::AsOf,
    page: &mut Page<'_>,
) -> anyhow::Result<()> {
    let request = v1::ExplainRatingRequest { cell: Some(cell), as_of: when::as_of(as_of)? };
    let response = access.explain_rating(request).await.map_err(failed)?;
    match page.format {
        Format::Csv => return Err(no_csv()),
        Format::Json => show::json(page.out, "scorebook.v1.ExplainRatingResponse", &response.encode_to_vec()),
        Format::Text => show::explanation(page.out, &page.style, &response),
    }
    .context("the answer cannot be written")
}

pub(crate) async fn areas(access: &Access, asked: Listing, page: &mut Page<'_>) -> anyhow::Result<()> {
    let as_of = when::as_of(&asked.as_of)?;
    let mut request = v1::ListAreasRequest { as_of, page_size: PAGE_SIZE, page_token: String::new() };
    let mut response = access.list_areas(request.clone()).await.map_err(failed)?;
    while !response.next_page_token.is_empty() {
        request.page_token = std::mem::take(&mut response.next_page_token);
        let next = access.list_areas(request.clone()).await.map_err(failed)?;
        response.areas.extend(next.areas);
        response.next_page_token = next.next_page_token;
    }
    answer!(page, "ListAreasResponse", &response, areas)
}

pub(crate) async fn submissions(access: &Access, after: u64, limit: u32, page: &mut Page<'_>) -> anyhow::Result<()> {
    let request =
        v1::ListSubmissionsRequest { after_position: after, page_size: limit, ..v1::ListSubmissionsRequest::default() };
    let response = access.list_submissions(request).await.map_err(failed)?;
    answer!(page, "ListSubmissionsResponse", &response, submissions)
}

pub(crate) async fn log(access: &Access, asked: Log, page: &mut Page<'_>) -> anyhow::Result<()> {
    let mut request = v1::ReadLogRequest {
        after_position: asked.after,
        page_size: 0,
        measure: asked.measure.unwrap_or_default(),
        event_types: asked.types,
        submission_id: asked.submission.unwrap_or_default(),
        at_least_position: 0,
    };
    let all = if page.format == Format::Text { LOG_LINES } else { usize::MAX };
    let limit = asked.limit.unwrap_or(all);
    let mut whole = v1::ReadLogResponse::default();
    loop {
        let left = limit.saturating_sub(whole.envelopes.len());
        request.page_size = u32::try_from(left).unwrap_or(PAGE_SIZE).min(PAGE_SIZE);
        if request.page_size == 0 {
            break;
        }
        let next = access.read_log(request.clone()).await.map_err(failed)?;
        let reached_head = next.next_after_position >= next.head_position;
        request.after_position = next.next_after_position;
        whole.next_after_position = next.next_after_position;
        whole.head_position = next.head_position;
        whole.envelopes.extend(next.envelopes);
        if reached_head {
            break;
        }
    }
    let detail = if asked.verbose { show::Detail::Whole } else { show::Detail::Line };
    match page.format {
        Format::Json => show::json(page.out, "scorebook.v1.ReadLogResponse", &whole.encode_to_vec()),
        Format::Csv => show::csv::log(page.out, &whole.envelopes),
        Format::Text => show::log(page.out, &page.style, &whole.envelopes, detail).and_then(|()| more(page, &whole)),
    }
    .context("the answer cannot be written")
}

/// Says where to go on, so that nobody takes a part of the log for all of it.
fn more(page: &mut Page<'_>, shown: &v1::ReadLogResponse) -> io::Result<()> {
    let (next, head) = (shown.next_after_position, shown.head_position);
    if next >= head {
        return Ok(());
    }
    writeln!(page.out, "\nUp to position {next} of {head}. The next: the same again with --after {next}")
}

pub(crate) async fn cluster(access: &Access, page: &mut Page<'_>) -> anyhow::Result<()> {
    let cluster = access.get_cluster(v1::GetClusterRequest::default()).await.map_err(failed)?;
    answer!(page, "GetClusterResponse", &cluster, cluster)
}

pub(crate) async fn status(access: &Access, page: &mut Page<'_>) -> anyhow::Result<()> {
    let status = access.get_status(v1::GetStatusRequest::default()).await.map_err(failed)?;
    match page.format {
        Format::Csv => return Err(no_csv()),
        Format::Json => show::json(page.out, "scorebook.v1.GetStatusResponse", &status.encode_to_vec()),
        Format::Text => show::status(page.out, &page.style, &status),
    }
    .context("the answer cannot be written")
}
