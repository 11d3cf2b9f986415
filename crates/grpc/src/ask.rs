//! Questions: bounds settled, the engine asked, the answer encoded, a page cut.

use std::sync::Arc;

use domain::time::AsOf;
use domain::{Cell, Recorded, Series};
use engine::settings::GRID_SLICE_CELLS;
use reporting::target_history::Extent;
use reporting::{PeriodRange, comparison, scorecard, target_history};
use tonic::Status;
use wire::page::Page;
use wire::{answer, query, v1};

use crate::service::Service;
use crate::status::{from_engine, from_panic};

pub(crate) async fn scorecard(service: &Service, asked: query::Scorecard) -> Result<v1::GetScorecardResponse, Status> {
    let as_of = service.settle(asked.bounds).await?;
    let question =
        scorecard::Question { scorecard: asked.scorecard, period: asked.period, area: service.area(asked.area) };
    let scorecard = service.engine.scorecard(&question, as_of).map_err(from_engine)?;
    let place = service.place(scorecard.basis.as_of.position)?;
    Ok(v1::GetScorecardResponse { scorecard: Some(answer::encode_scorecard(&scorecard, place)) })
}

pub(crate) async fn comparison(
    service: &Service,
    asked: query::Comparison,
) -> Result<v1::CompareScorecardsResponse, Status> {
    let before = side(service, asked.before).await?;
    let after = side(service, asked.after).await?;
    let comparison = service.engine.compare(&before, &after).map_err(from_engine)?;
    let before = service.place(comparison.before.basis.as_of.position)?;
    let after = service.place(comparison.after.basis.as_of.position)?;
    Ok(v1::CompareScorecardsResponse { comparison: Some(answer::encode_comparison(&comparison, before, after)) })
}

async fn side(service: &Service, asked: query::ComparedSide) -> Result<comparison::Asked, Status> {
    let as_of = service.settle(asked.bounds).await?;
    let query::ComparedSide { view, scorecard, period, area, .. } = asked;
    Ok(comparison::Asked { view, scorecard, period, area, as_of })
}

pub(crate) async fn grid(service: &Service, asked: wire::grid::Asked) -> Result<v1::GetGridResponse, Status> {
    let as_of = service.settle(asked.bounds).await?;
    let mut question = asked.question;
    if question.areas.is_empty() {
        question.areas.push(service.area(None));
    }
    if question.n_cells() <= GRID_SLICE_CELLS {
        return grid_response(service, &question, as_of);
    }
    // It takes its time, and would keep the others waiting whom this thread answers.
    let busy = |_closed| Status::unavailable("the server is stopping");
    let place = Arc::clone(&service.large_grids).acquire_owned().await.map_err(busy)?;
    let service = service.clone();
    let answering = tokio::task::spawn_blocking(move || {
        let _until_it_is_answered = place;
        grid_response(&service, &question, as_of)
    });
    answering.await.map_err(from_panic)?
}

fn grid_response(
    service: &Service,
    question: &reporting::grid::Question,
    as_of: AsOf,
) -> Result<v1::GetGridResponse, Status> {
    let grid = service.engine.grid(question, as_of).map_err(from_engine)?;
    let place = service.place(grid.basis.as_of.position)?;
    Ok(v1::GetGridResponse { grid: Some(wire::grid::encode(&grid, question, place)) })
}

pub(crate) async fn measure_history(
    service: &Service,
    asked: query::MeasureHistory,
) -> Result<v1::GetMeasureHistoryResponse, Status> {
    let as_of = service.settle_page(asked.bounds, &asked.page).await?;
    let series = Series { measure: asked.measure, area: service.area(asked.area), cohort: asked.cohort };
    let range =
        PeriodRange { from: asked.from.map(domain::Period::last_day), to: asked.to.map(domain::Period::last_day) };
    // The page is cut first: a history may be long, and each of its rows costs.
    let periods = service.engine.periods(&series, range, as_of);
    let n_periods = periods.len();
    let periods = asked.page.of(periods);
    let range = match (periods.first(), periods.last()) {
        (Some(first), Some(last)) => PeriodRange { from: Some(first.last_day()), to: Some(last.last_day()) },
        _ => range,
    };
    let mut history = service.engine.history(&series, range, as_of).map_err(from_engine)?;
    let basis_as_of = history.basis.as_of;
    let next_page_token = asked.page.next_token(basis_as_of, n_periods);
    history.rows.retain(|row| periods.contains(&row.cell.period));
    history.revisions.retain(|revision| periods.contains(&revision.period));
    let place = service.place(basis_as_of.position)?;
    let history = Some(answer::encode_measure_history(&history, place));
    Ok(v1::GetMeasureHistoryResponse { history, next_page_token })
}

pub(crate) async fn target_history(
    service: &Service,
    asked: query::TargetHistory,
) -> Result<v1::GetTargetHistoryResponse, Status> {
    let as_of = service.settle_page(asked.bounds, &asked.page).await?;
    let question =
        target_history::Question { measure: asked.measure, area: asked.area, cohort: asked.cohort, period: None };
    if asked.as_recorded {
        return recorded_targets(service, &question, &asked.page, as_of);
    }
    let extent = Extent { judged: asked.judged, standing_only: asked.standing_only };
    let mut history = service.engine.target_history(&question, extent, as_of).map_err(from_engine)?;
    let next_page_token = asked.page.next_token(history.basis.as_of, history.changes.len());
    history.changes = asked.page.of(history.changes);
    let place = service.place(history.basis.as_of.position)?;
    let history = Some(answer::encode_target_history(history, place));
    Ok(v1::GetTargetHistoryResponse { history, next_page_token })
}

fn recorded_targets(
    service: &Service,
    question: &target_history::Question,
    page: &Page,
    as_of: AsOf,
) -> Result<v1::GetTargetHistoryResponse, Status> {
    let mut targets = service.engine.recorded_targets(question, as_of).map_err(from_engine)?;
    let next_page_token = page.next_token(targets.basis.as_of, targets.changes.len());
    targets.changes = page.of(targets.changes);
    let place = service.place(targets.basis.as_of.position)?;
    let history = Some(answer::encode_recorded_targets(targets, place));
    Ok(v1::GetTargetHistoryResponse { history, next_page_token })
}

pub(crate) async fn measures(service: &Service, asked: query::Measures) -> Result<v1::ListMeasuresResponse, Status> {
    let as_of = service.settle_page(asked.bounds, &asked.page).await?;
    let mut directory = service.engine.measures(as_of);
    let text = asked.text.to_lowercase();
    directory.measures.retain(|entry| {
        let definition = &entry.definition;
        let fields = [definition.measure.as_str(), &definition.title, &definition.owner];
        fields.into_iter().any(|field| field.to_lowercase().contains(&text))
    });
    let next_page_token = asked.page.next_token(directory.basis.as_of, directory.measures.len());
    directory.measures = asked.page.of(directory.measures);
    let place = service.place(directory.basis.as_of.position)?;
    let directory = Some(answer::encode_directory(&directory, place));
    Ok(v1::ListMeasuresResponse { directory, next_page_token })
}

pub(crate) async fn scorecards(service: &Service, asked: query::Listing) -> Result<v1::ListScorecardsResponse, Status> {
    let as_of = service.settle_page(asked.bounds, &asked.page).await?;
    let (entries, basis) = service.engine.scorecards(as_of);
    let next_page_token = asked.page.next_token(basis.as_of, entries.len());
    let place = service.place(basis.as_of.position)?;
    Ok(v1::ListScorecardsResponse {
        scorecards: asked.page.of(entries).iter().map(answer::encode_scorecard_entry).collect(),
        basis: Some(wire::bounds::encode_basis(&basis, place)),
        next_page_token,
    })
}

pub(crate) async fn areas(service: &Service, asked: query::Listing) -> Result<v1::ListAreasResponse, Status> {
    let as_of = service.settle_page(asked.bounds, &asked.page).await?;
    let (areas, basis) = service.engine.areas(as_of);
    let next_page_token = asked.page.next_token(basis.as_of, areas.len());
    let place = service.place(basis.as_of.position)?;
    Ok(v1::ListAreasResponse {
        areas: asked.page.of(areas).iter().map(answer::encode_area).collect(),
        basis: Some(wire::bounds::encode_basis(&basis, place)),
        next_page_token,
    })
}

pub(crate) async fn explanation(
    service: &Service,
    asked: query::Explanation,
) -> Result<v1::ExplainRatingResponse, Status> {
    let as_of = service.settle(asked.bounds).await?;
    let series = Series { measure: asked.measure, area: service.area(asked.area), cohort: asked.cohort };
    let cell = Cell { series, period: asked.period };
    let (row, basis) = service.engine.explain(&cell, as_of).map_err(from_engine)?;
    let place = service.place(basis.as_of.position)?;
    Ok(answer::encode_explanation(&row, &basis, place))
}

/// How many records one request may look at for its filter, so that a rare one cannot hold the server.
const RECORDS_LOOKED_AT_MAX: usize = 100_000;

pub(crate) async fn log(service: &Service, asked: query::Log) -> Result<v1::ReadLogResponse, Status> {
    service.wait(asked.at_least_position).await?;
    let head = service.engine.head().position;
    let mut envelopes = Vec::new();
    let mut after = asked.after;
    let mut n_looked_at: usize = 0;
    while envelopes.len() < asked.limit && n_looked_at < RECORDS_LOOKED_AT_MAX {
        let page = service
            .engine
            .read(after, engine::settings::PAGE_RECORDS.min(asked.limit.max(256)))
            .map_err(from_engine)?;
        if page.is_empty() {
            break;
        }
        n_looked_at = n_looked_at.saturating_add(page.len());
        for record in page {
            if envelopes.len() == asked.limit {
                break;
            }
            after = record.position;
            if wanted(&asked, &record) {
                envelopes.push(wire::event::encode(&record));
            }
        }
    }
    Ok(v1::ReadLogResponse { envelopes, next_after_position: after.get(), head_position: head.get() })
}

fn wanted(asked: &query::Log, record: &Recorded) -> bool {
    asked.submission.is_none_or(|id| record.attribution.submission == id)
        && (asked.event_names.is_empty() || asked.event_names.contains(&record.event.name()))
        && asked.measure.as_ref().is_none_or(|measure| engine::feed::measure(&record.event) == Some(measure))
}

pub(crate) async fn submissions(
    service: &Service,
    asked: query::Submissions,
) -> Result<v1::ListSubmissionsResponse, Status> {
    service.wait(asked.at_least_position).await?;
    let head = service.engine.head().position;
    let received = service.engine.submissions(asked.after, asked.limit);
    let full = received.len() == asked.limit;
    let last = received.last().map_or(0, |(received, _)| received.first.get());
    Ok(v1::ListSubmissionsResponse {
        submissions: received.iter().map(|(it, rolled_back)| answer::encode_submission(it, *rolled_back)).collect(),
        next_after_position: if full { last } else { 0 },
        head_position: head.get(),
    })
}
