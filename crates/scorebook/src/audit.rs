//! What an auditor asks: the targets of a measure or a scorecard, the evidence for a day, and what would be.

use anyhow::Context as _;
use prost::Message as _;
use wire::answer::targets;
use wire::v1;

use crate::arguments::{Evidence, ScorecardPage, TargetHistory, WhatIf};
use crate::ask::{PAGE_SIZE, Page};
use crate::failure::failed;
use crate::place::Access;
use crate::show::{self, Format};
use crate::submit::read_files;
use crate::when;

/// How many results of a target are listed to people who do not ask for all.
const JUDGED_SHOWN: usize = 12;

const UNWRITTEN: &str = "the answer cannot be written";

pub(crate) async fn target_history(access: &Access, asked: TargetHistory, page: &mut Page<'_>) -> anyhow::Result<()> {
    let as_of = as_of_day(&asked)?;
    let on = asked.on.as_deref().map(when::day).transpose()?;
    let shown = if asked.judged { usize::MAX } else { JUDGED_SHOWN };
    if let Some(scorecard) = asked.scorecard {
        let request = v1::GetScorecardTargetsRequest {
            scorecard,
            area: asked.area.unwrap_or_default(),
            as_of,
            judged: true,
            standing_only: asked.on.is_some(),
        };
        let mut response = access.get_scorecard_targets(request).await.map_err(failed)?;
        response.targets = response.targets.into_iter().map(filled_in).collect::<anyhow::Result<_>>()?;
        return match page.format {
            Format::Json => show::json(page.out, "scorebook.v1.GetScorecardTargetsResponse", &response.encode_to_vec()),
            Format::Csv => show::csv::target_histories(page.out, &response.targets),
            Format::Text => show::target_histories(page.out, &page.style, &response, shown),
        }
        .context(UNWRITTEN);
    }
    let mut request = v1::GetTargetHistoryRequest {
        measure: asked.measure.unwrap_or_default(),
        area: asked.area.unwrap_or_default(),
        cohort: asked.cohort.unwrap_or_default(),
        as_of,
        page_size: PAGE_SIZE,
        page_token: String::new(),
        judged: true,
        standing_only: asked.on.is_some(),
        as_recorded: false,
    };
    let mut whole: Option<v1::TargetHistory> = None;
    loop {
        let response = access.get_target_history(request.clone()).await.map_err(failed)?;
        let next = filled_in(response.history.context("the server gave no history")?)?;
        match &mut whole {
            None => whole = Some(next),
            Some(whole) => whole.changes.extend(next.changes),
        }
        if response.next_page_token.is_empty() {
            break;
        }
        request.page_token = response.next_page_token;
    }
    let history = whole.unwrap_or_default();
    match page.format {
        Format::Json => show::json(page.out, "scorebook.v1.TargetHistory", &history.encode_to_vec()),
        Format::Csv => show::csv::target_history(page.out, &history),
        Format::Text => show::target_history(page.out, &page.style, &history, (shown, on.as_deref())),
    }
    .context(UNWRITTEN)
}

/// What is shown, and what programs are given, has each change in full; a page's places are its own.
fn filled_in(history: v1::TargetHistory) -> anyhow::Result<v1::TargetHistory> {
    targets::filled_in(history).context("the server's answer cannot be read")
}

/// The bounds that the flags say, as known at the end of the day where one is asked about.
fn as_of_day(asked: &TargetHistory) -> anyhow::Result<Option<v1::AsOf>> {
    let as_of = when::as_of(&asked.as_of)?.unwrap_or_default();
    let Some(day) = &asked.on else { return Ok(Some(as_of)) };
    Ok(Some(v1::AsOf { known_on: when::day(day)?, ..as_of }))
}

pub(crate) async fn evidence(access: &Access, asked: Evidence, page: &mut Page<'_>) -> anyhow::Result<()> {
    let request = v1::GetEvidenceRequest {
        measure: asked.measure,
        area: asked.area.unwrap_or_default(),
        cohort: asked.cohort,
        on: when::day(&asked.on)?,
        period: asked.period.as_deref().map_or_else(|| Ok(String::new()), when::period)?,
        as_of: when::as_of(&asked.as_of)?,
    };
    let response = access.get_evidence(request).await.map_err(failed)?;
    let mut evidence = response.evidence.context("the server gave no evidence")?;
    evidence.history = evidence.history.map(filled_in).transpose()?;
    match page.format {
        Format::Csv => show::csv::evidence(page.out, &evidence),
        Format::Json => show::json(page.out, "scorebook.v1.Evidence", &evidence.encode_to_vec()),
        Format::Text => show::evidence(page.out, &page.style, &evidence),
    }
    .context(UNWRITTEN)
}

pub(crate) async fn what_if(access: &Access, asked: WhatIf, page: &mut Page<'_>) -> anyhow::Result<()> {
    if asked.page == ScorecardPage::Directory {
        anyhow::bail!("definitions are not supposed; ask for them with: scorebook scorecard CODE --page directory");
    }
    let bounds = |text: &Option<String>| -> anyhow::Result<Option<v1::AsOf>> {
        text.as_deref().map(|text| Ok(when::side(text)?.unwrap_or_default())).transpose()
    };
    let period = |text: &Option<String>| text.as_deref().map_or_else(|| Ok(String::new()), when::period);
    let request = v1::WhatIfRequest {
        scorecard: asked.scorecard,
        period: when::period(&asked.period)?,
        area: asked.area.unwrap_or_default(),
        as_of: when::as_of(&asked.as_of)?,
        targets_of: bounds(&asked.targets_of)?,
        targets_for: period(&asked.targets_for)?,
        standards_of: bounds(&asked.standards_of)?,
        standards_for: period(&asked.standards_for)?,
        rules_of: bounds(&asked.rules_of)?,
        neighbours_of: bounds(&asked.neighbours_of)?,
        files: read_files(&asked.files)?,
    };
    let answer = access.what_if(request).await.map_err(failed)?;
    match page.format {
        Format::Json => show::json(page.out, "scorebook.v1.WhatIfResponse", &answer.encode_to_vec()),
        Format::Csv => show::csv::what_if(page.out, &answer),
        Format::Text => {
            let card = answer.scorecard.clone().unwrap_or_default();
            show::what_if(page.out, &page.style, &answer).and_then(|()| match asked.page {
                ScorecardPage::Card => show::scorecard(page.out, &page.style, &card),
                ScorecardPage::Exceptions => show::exceptions(page.out, &page.style, &card),
                ScorecardPage::Cohorts => show::cohorts(page.out, &page.style, &card),
                ScorecardPage::Sources => show::sources(page.out, &page.style, &card),
                // Definitions cannot be supposed, so that the scorecard's own directory is that of what would be.
                ScorecardPage::Directory => Ok(()),
            })
        }
    }
    .context(UNWRITTEN)
}
