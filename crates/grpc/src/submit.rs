//! Submitting: decoded whole, prepared where it may take its time, then recorded by the one writer.

use std::sync::Arc;

use domain::{Actor, Instruction};
use engine::submission::{File, Preview, Receipt, Request, Token};
use engine::{Prepared, settings, sha256};
use tokio::sync::OwnedSemaphorePermit;
use tonic::{Status, Streaming};
use wire::bounds::Known;
use wire::submit::{Asked, Assembly};
use wire::{command, v1};

use crate::service::{ROOM_MEBIBYTES, Service};
use crate::status::{from_engine, from_field, from_panic};

/// A request up to so many bytes is prepared where it came in: some microseconds, less than another thread takes to begin.
const PREPARED_HERE_BYTES_MAX: usize = 4 * 1024;

pub(crate) async fn submit(service: &Service, request: v1::SubmitRequest) -> Result<v1::SubmitResponse, Status> {
    let n_bytes: usize = request.files.iter().map(|file| file.content.len()).sum();
    let _held = hold(service, n_bytes)?;
    let preview_only = request.preview_only;
    let prepared = if wire::submit::n_bytes(&request) <= PREPARED_HERE_BYTES_MAX {
        prepare(service, request)?
    } else {
        let preparing = service.clone();
        let work = move || prepare(&preparing, request);
        tokio::task::spawn_blocking(work).await.map_err(from_panic)??
    };
    if preview_only {
        let preview = preview(service, prepared).await?;
        return Ok(v1::SubmitResponse { preview: Some(encode_preview(&preview)), receipt: None });
    }
    let (preview, receipt) = service.engine.record(prepared).await.map_err(from_engine)?;
    let receipt = Some(encode_receipt(&receipt));
    Ok(v1::SubmitResponse { preview: preview.as_ref().map(encode_preview), receipt })
}

pub(crate) async fn submit_stream(
    service: &Service,
    mut stream: Streaming<v1::SubmitStreamRequest>,
) -> Result<v1::SubmitStreamResponse, Status> {
    let Some(first) = stream.message().await? else {
        return Err(Status::invalid_argument("the stream is empty; send a header first"));
    };
    let mut assembly = Assembly::begin(first, settings::SUBMISSION_BYTES_MAX).map_err(from_field)?;
    let mut held = Vec::new();
    while let Some(next) = stream.message().await? {
        held.push(hold(service, wire::limits::CHUNK_BYTES_MAX)?);
        assembly.add(next).map_err(from_field)?;
    }
    drop(held);
    let v1::SubmitResponse { preview, receipt } = submit(service, assembly.finish()).await?;
    Ok(v1::SubmitStreamResponse { preview, receipt })
}

/// Keeps room in memory for what is being put in, or asks its sender to come again.
pub(crate) fn hold(service: &Service, n_bytes: usize) -> Result<OwnedSemaphorePermit, Status> {
    let n_mebibytes = u32::try_from(n_bytes.div_ceil(1024 * 1024)).unwrap_or(u32::MAX);
    let room = Arc::clone(&service.room);
    room.try_acquire_many_owned(n_mebibytes)
        .map_err(|_full| from_engine(engine::Error::Busy { what: "mebibytes of files", limit: ROOM_MEBIBYTES }))
}

/// What a request would change, judged on a book that is durable.
async fn preview(service: &Service, prepared: Prepared) -> Result<Preview, Status> {
    let prepared = Arc::new(prepared);
    let mut heads = service.engine.heads();
    loop {
        let (engine, judged) = (service.engine.clone(), Arc::clone(&prepared));
        let work = move || engine.preview(&judged);
        if let Some(preview) = tokio::task::spawn_blocking(work).await.map_err(from_panic)?.map_err(from_engine)? {
            return Ok(preview);
        }
        heads.changed().await.map_err(|_gone| from_engine(engine::Error::Stopped))?;
    }
}

/// Reads the files.
fn prepare(service: &Service, request: v1::SubmitRequest) -> Result<Prepared, Status> {
    let digest = sha256(&wire::submit::content(&request));
    let asked = wire::submit::decode(request).map_err(from_field)?;
    let Asked { id, actor, known, why, instructions, files, set_aside_refused, accept_withdrawals, expected, .. } =
        asked;
    let known_at = match known {
        Known::Now => None,
        Known::At(at) => Some(at),
        Known::EndOf(day) => Some(service.engine.end_of_day(day).map_err(from_engine)?),
    };
    let instruction = |asked: command::Asked| -> Result<Instruction, Status> {
        let day = asked.known_on.map(|day| service.engine.end_of_day(day)).transpose().map_err(from_engine)?;
        Ok(Instruction { known_at: asked.instruction.known_at.or(day), ..asked.instruction })
    };
    let request = Request {
        id,
        digest,
        // Nobody is checked yet: the server listens on this machine alone.
        actor: Actor { id: actor, authenticated: false },
        known_at,
        why,
        files: files.into_iter().map(file).collect(),
        instructions: instructions.into_iter().map(instruction).collect::<Result<_, _>>()?,
        set_aside: set_aside_refused,
        accept_withdrawals,
        expected: expected.map(|token| Token { position: token.position, digest: token.digest }),
    };
    service.engine.prepare(request).map_err(from_engine)
}

pub(crate) fn file(file: wire::submit::File) -> File {
    let wire::submit::File { name, bytes, snapshot, layout, select } = file;
    File { name, bytes, snapshot, layout, select }
}

pub(crate) fn encode_preview(preview: &Preview) -> v1::Preview {
    wire::submit::encode_preview(&wire::submit::Preview {
        token: wire::submit::Token { position: preview.token.position, digest: preview.token.digest },
        sources: &preview.sources,
        tallies: &preview.tallies,
        changes: &preview.changes,
        n_changes: preview.n_changes,
        refusals: &preview.refusals,
        n_refusals: preview.n_refusals,
        notes: &preview.notes,
        n_set_aside: preview.n_set_aside,
        n_absent: preview.n_absent,
        review: preview.review.as_ref(),
        too_large_to_review: preview.too_large_to_review,
    })
}

pub(crate) fn encode_receipt(receipt: &Receipt) -> v1::Receipt {
    wire::submit::encode_receipt(&wire::submit::Receipt {
        submission: receipt.submission,
        first: receipt.first,
        last: receipt.last,
        recorded_at: receipt.recorded_at,
        chain: receipt.chain,
        already: receipt.already,
    })
}
