//! What an auditor asks: targets of a scorecard, evidence, and what a scorecard would be.

use std::sync::Arc;

use domain::Series;
use engine::FileRead;
use reporting::target_history::{Extent, OfScorecard};
use reporting::what_if::{Suppositions, WhatIf, Yardsticks};
use reporting::{evidence, scorecard};
use tonic::Status;
use wire::bounds::Bounds;
use wire::v1;

use crate::service::Service;
use crate::status::{from_engine, from_panic};
use crate::submit;

pub(crate) async fn scorecard_targets(
    service: &Service,
    asked: wire::evidence::OfScorecard,
) -> Result<v1::GetScorecardTargetsResponse, Status> {
    let as_of = service.settle(asked.bounds).await?;
    let question = OfScorecard { scorecard: asked.scorecard, area: service.area(asked.area) };
    let extent = Extent { judged: asked.judged, standing_only: asked.standing_only };
    let (histories, basis) = service.engine.scorecard_targets(&question, extent, as_of).map_err(from_engine)?;
    let place = service.place(basis.as_of.position)?;
    Ok(wire::evidence::encode_of_scorecard(histories, &basis, place))
}

pub(crate) async fn evidence(
    service: &Service,
    asked: wire::evidence::Asked,
) -> Result<v1::GetEvidenceResponse, Status> {
    let as_of = service.settle(asked.bounds).await?;
    let series = Series { measure: asked.measure, area: service.area(asked.area), cohort: asked.cohort };
    let question = evidence::Question { series, on: asked.on, period: asked.period };
    // It reads files from the log, which may take its time.
    let engine = service.engine.clone();
    let work = move || engine.evidence(&question, as_of);
    let pack = tokio::task::spawn_blocking(work).await.map_err(from_panic)?.map_err(from_engine)?;
    let place = service.place(pack.evidence.basis.as_of.position)?;
    let records: Vec<_> = pack.records.iter().map(told).collect();
    let undoings: Vec<_> = pack.undoings.iter().map(told).collect();
    let files: Vec<_> = pack.files.iter().map(source_file).collect();
    let told = wire::evidence::Records { records: &records, undoings: &undoings, files: &files };
    let evidence = wire::evidence::encode((asked.on, asked.period), &pack.evidence, told, place);
    Ok(v1::GetEvidenceResponse { evidence: Some(evidence) })
}

fn told(told: &engine::Told) -> wire::evidence::Told<'_> {
    let engine::Told { of, chain, record, source, line_text } = told;
    wire::evidence::Told { of, chain: *chain, record, source: source.as_ref(), line_text }
}

fn source_file(file: &engine::SourceFile) -> wire::evidence::SourceFile<'_> {
    let words = match file.read {
        FileRead::Agrees => "read from the log: its bytes have the SHA-256 that was recorded",
        FileRead::Differs => "its bytes in the log do NOT have the SHA-256 that was recorded",
        FileRead::NotStored => "too large to be kept in the log: compare the SHA-256 of the file itself",
        FileRead::TooMuch => "kept in the log and not read for this answer, which reads at most 16 MiB of files",
    };
    let agrees = file.read == FileRead::Agrees;
    wire::evidence::SourceFile { submission: file.submission, source: &file.source, words, agrees }
}

pub(crate) async fn what_if(service: &Service, asked: wire::what_if::Asked) -> Result<v1::WhatIfResponse, Status> {
    let as_of = service.settle(asked.bounds).await?;
    let suppositions = Suppositions {
        targets: yardsticks(service, asked.targets_of, asked.targets_for).await?,
        standards: yardsticks(service, asked.standards_of, asked.standards_for).await?,
        rules: settled(service, asked.rules_of).await?,
        neighbours: settled(service, asked.neighbours_of).await?,
    };
    let question =
        scorecard::Question { scorecard: asked.scorecard, period: asked.period, area: service.area(asked.area) };
    let n_bytes = asked.files.iter().map(|file| file.bytes.len()).sum();
    let _held = submit::hold(service, n_bytes)?;
    let files: Vec<_> = asked.files.into_iter().map(submit::file).collect();
    let engine = service.engine.clone();
    let prepare = move || if files.is_empty() { Ok(None) } else { engine.suppose(files, as_of).map(Some) };
    let files = tokio::task::spawn_blocking(prepare).await.map_err(from_panic)?.map_err(from_engine)?;
    let files = Arc::new(files);
    let mut heads = service.engine.heads();
    let answer: WhatIf = loop {
        let (engine, files, question) = (service.engine.clone(), Arc::clone(&files), question.clone());
        let work = move || engine.what_if(&question, as_of, &suppositions, files.as_ref().as_ref());
        if let Some(answer) = tokio::task::spawn_blocking(work).await.map_err(from_panic)?.map_err(from_engine)? {
            break answer;
        }
        heads.changed().await.map_err(|_gone| from_engine(engine::Error::Stopped))?;
    };
    let place = service.place(answer.supposed.basis.as_of.position)?;
    Ok(wire::what_if::encode(&answer, place))
}

async fn yardsticks(
    service: &Service,
    bounds: Option<Bounds>,
    period: Option<domain::Period>,
) -> Result<Yardsticks, Status> {
    Ok(Yardsticks { as_of: settled(service, bounds).await?, period })
}

async fn settled(service: &Service, bounds: Option<Bounds>) -> Result<Option<domain::AsOf>, Status> {
    match bounds {
        Some(bounds) => service.settle(bounds).await.map(Some),
        None => Ok(None),
    }
}
