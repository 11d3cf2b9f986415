//! What is put in, and what is answered.

use std::collections::BTreeMap;

use domain::event::Source;
use domain::ids::Origin;
use domain::limits::{NAME_BYTES_MAX, SUBMISSION_FILES_MAX};
use domain::preview::{Change, Tally};
use domain::result::Why;
use domain::{ActorId, Digest, Position, SubmissionId, Timestamp};
use prost::Message as _;
use reporting::release::Review;

use crate::bounds::{Known, decode_known};
use crate::command::{self, decode_why, decode_with};
use crate::limits::{CHUNK_BYTES_MAX, FILE_NAME_BYTES_MAX, INSTRUCTIONS_MAX};
use crate::review::encode_review;
use crate::v1::{self, submit_stream_request::Part};
use crate::value::{code, digest, encode_origin, encode_timestamp, enums, id_if_any, place, text, text_required};
use crate::violation::{Decoded, FieldViolation, bounded, list, optional};

/// What a request asks to put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The sender's identifier, if it has one.
    pub id: Option<SubmissionId>,
    /// Who says that they put it in.
    pub actor: ActorId,
    /// When the rows of files were known. Instructions that do not say otherwise have it already.
    pub known: Known,
    /// Why, for the rows of files. Instructions that do not say otherwise have it already.
    pub why: Why,
    /// What to do, in order; empty when there are files.
    pub instructions: Vec<command::Asked>,
    /// Files to read; empty when there are instructions.
    pub files: Vec<File>,
    /// Show what it would change, and record nothing.
    pub preview_only: bool,
    /// Record refused rows as set aside.
    pub set_aside_refused: bool,
    /// How many withdrawals of snapshots are accepted.
    pub accept_withdrawals: Option<u64>,
    /// The preview that is being accepted.
    pub expected: Option<Token>,
}

/// A file that is put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, without folders.
    pub name: String,
    /// Its bytes, whole.
    pub bytes: Vec<u8>,
    /// Whether its results are a whole table.
    pub snapshot: bool,
    /// The name of the layout that it is read by; empty when it is in Scorebook's own columns.
    pub layout: String,
    /// Which rows are taken, as `column=value`; may be empty.
    pub select: String,
}

/// What a preview read, and what it would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The position at which it was decided.
    pub position: Position,
    /// SHA-256 of what it read and would change.
    pub digest: Digest,
}

/// How many bytes a request has as it is sent. Cost: a pass over it.
pub fn n_bytes(request: &v1::SubmitRequest) -> usize {
    request.encoded_len()
}

/// The bytes whose digest says whether two requests are the same: everything but the identifier and how the request is
/// to be judged (preview, set aside, withdrawals accepted, expected). Costs a copy of the request.
pub fn content(request: &v1::SubmitRequest) -> Vec<u8> {
    let content = v1::SubmitRequest {
        submission_id: String::new(),
        preview_only: false,
        set_aside_refused: false,
        accept_withdrawals: None,
        expected: None,
        ..request.clone()
    };
    content.encode_to_vec()
}

/// A request to put something in.
///
/// # Errors
/// The first field that cannot be read; both instructions and files, or neither; more than their bounds allow.
pub fn decode(request: v1::SubmitRequest) -> Result<Asked, FieldViolation> {
    let known = decode_known(request.known_at, &request.known_on)?;
    let why = decode_why(request.reason, request.cause)?;
    let remedy = "give instructions or files";
    match (request.instructions.is_empty(), request.files.is_empty()) {
        (true, true) => return Err(FieldViolation::absent("instructions", remedy)),
        (false, false) => {
            return Err(FieldViolation::new("files", "", "are given beside instructions", "put them in separately"));
        }
        (true, false) | (false, true) => {}
    }
    let instruction = |message| decode_with(message, known, &why);
    Ok(Asked {
        id: id_if_any("submission_id", &request.submission_id)?,
        actor: code("actor", &request.actor)?,
        instructions: list("instructions", request.instructions, INSTRUCTIONS_MAX, instruction)?,
        files: list("files", request.files, SUBMISSION_FILES_MAX, decode_file)?,
        preview_only: request.preview_only,
        set_aside_refused: request.set_aside_refused,
        accept_withdrawals: request.accept_withdrawals,
        expected: optional("expected", request.expected, decode_token)?,
        known,
        why,
    })
}

pub(crate) fn decode_file(file: v1::File) -> Decoded<File> {
    let layout = text("layout", file.layout, FILE_NAME_BYTES_MAX)?;
    let select = text("select", file.select, NAME_BYTES_MAX)?;
    Ok(File { name: file_name(file.name)?, bytes: file.content, layout, select, snapshot: file.snapshot })
}

fn file_name(given: String) -> Decoded<String> {
    if given.contains(['/', '\\']) {
        return Err(FieldViolation::new("name", given, "has a folder in it", "give the name alone"));
    }
    text_required("name", given, FILE_NAME_BYTES_MAX)
}

fn decode_token(token: v1::PreviewToken) -> Decoded<Token> {
    let v1::PreviewToken { position, digest: of } = token;
    Ok(Token { position: Position::new(position), digest: digest("digest", &of)? })
}

/// Puts a streamed request together: first the header, then each file's bytes in order.
#[derive(Debug)]
pub struct Assembly {
    request: v1::SubmitRequest,
    file: usize,
    n_bytes: usize,
    n_bytes_max: usize,
}

impl Assembly {
    /// Begins with the first message of a stream. All files together may have `n_bytes_max` bytes.
    ///
    /// # Errors
    /// The first message is not a header, or its files have content or are too many.
    pub fn begin(first: v1::SubmitStreamRequest, n_bytes_max: usize) -> Result<Self, FieldViolation> {
        let Some(Part::Header(request)) = first.part else {
            return Err(FieldViolation::absent("header", "send the header before the first chunk"));
        };
        bounded("header.files", request.files.len(), SUBMISSION_FILES_MAX)?;
        if let Some(full) = request.files.iter().position(|file| !file.content.is_empty()) {
            let field = format!("header.files[{full}].content");
            return Err(FieldViolation::new(&field, "", "is not empty", "send the bytes in chunks"));
        }
        Ok(Self { request, file: 0, n_bytes: 0, n_bytes_max })
    }

    /// Adds the next message of the stream.
    ///
    /// # Errors
    /// A second header; a chunk of no file, of an earlier file, or over 1 MiB; more bytes than are allowed in all.
    pub fn add(&mut self, next: v1::SubmitStreamRequest) -> Result<(), FieldViolation> {
        let chunk = match next.part {
            Some(Part::Chunk(chunk)) => chunk,
            Some(Part::Header(_)) => {
                return Err(FieldViolation::new("header", "", "is sent twice", "begin another stream"));
            }
            None => return Err(FieldViolation::absent("chunk", "send the bytes of a file")),
        };
        let length = chunk.content.len();
        if length > CHUNK_BYTES_MAX {
            let problem = format!("has {length} bytes; at most {CHUNK_BYTES_MAX} are allowed");
            return Err(FieldViolation::new("chunk.content", "", problem, "send smaller chunks"));
        }
        let number = usize::try_from(chunk.file).ok().filter(|number| *number >= self.file);
        let file = number.and_then(|number| self.request.files.get_mut(number));
        let (Some(number), Some(file)) = (number, file) else {
            let problem = "is not the file of the chunk before, nor a later one of the header";
            return Err(FieldViolation::new("chunk.file", chunk.file, problem, "send the files in their order"));
        };
        self.n_bytes = self.n_bytes.saturating_add(length);
        if self.n_bytes > self.n_bytes_max {
            let problem = format!("makes more than {} bytes in all", self.n_bytes_max);
            return Err(FieldViolation::new("chunk.content", "", problem, "split the files between submissions"));
        }
        file.content.extend_from_slice(&chunk.content);
        self.file = number;
        Ok(())
    }

    /// The request, whole, as it would have been sent in one message.
    pub fn finish(self) -> v1::SubmitRequest {
        self.request
    }
}

/// A preview, part by part; its owner is the engine, which this crate does not know.
#[derive(Debug, Clone, Copy)]
pub struct Preview<'a> {
    /// To accept exactly this.
    pub token: Token,
    /// Its files as they would be recorded.
    pub sources: &'a [Source],
    /// What one should know of how the files were read.
    pub notes: &'a [String],
    /// How much of what would change, by noun.
    pub tallies: &'a BTreeMap<&'static str, Tally>,
    /// The first changes.
    pub changes: &'a [Change],
    /// How many changes there are.
    pub n_changes: u64,
    /// The first refusals.
    pub refusals: &'a [ingest::Refusal],
    /// How many refusals there are.
    pub n_refusals: u64,
    /// How many rows are set aside.
    pub n_set_aside: u64,
    /// How many results are withdrawn because a snapshot does not have them.
    pub n_absent: u64,
    /// What it would do to figures and verdicts.
    pub review: Option<&'a Review>,
    /// Whether it is too large for that.
    pub too_large_to_review: bool,
}

/// What a submission would change.
pub fn encode_preview(preview: &Preview<'_>) -> v1::Preview {
    let file_name = |file: u16| preview.sources.get(usize::from(file)).map_or("", |source| source.name.as_str());
    let n_listed = crate::value::count_long(preview.changes.len());
    v1::Preview {
        token: Some(v1::PreviewToken {
            position: preview.token.position.get(),
            digest: preview.token.digest.to_string(),
        }),
        tallies: preview.tallies.iter().map(|(noun, tally)| encode_tally(noun, tally)).collect(),
        changes: preview.changes.iter().map(|change| encode_change(change, &file_name)).collect(),
        n_changes_not_listed: preview.n_changes.saturating_sub(n_listed),
        refusals: preview.refusals.iter().map(|refusal| encode_refusal(refusal, &file_name)).collect(),
        n_refusals: preview.n_refusals,
        n_set_aside: preview.n_set_aside,
        sources: preview.sources.iter().map(crate::event::encode_source).collect(),
        notes: preview.notes.to_vec(),
        n_absent: preview.n_absent,
        review: preview.review.map(encode_review),
        too_large_to_review: preview.too_large_to_review,
    }
}

fn encode_tally(noun: &str, tally: &Tally) -> v1::Tally {
    v1::Tally {
        noun: noun.to_owned(),
        n_new: tally.new,
        n_revised: tally.revised,
        n_withdrawn: tally.withdrawn,
        n_unchanged: tally.unchanged,
    }
}

fn encode_change<'a>(change: &Change, file_name: &impl Fn(u16) -> &'a str) -> v1::Change {
    let origin = |origin: Origin| encode_origin(origin, file_name(origin.file));
    v1::Change {
        kind: enums::change_kind::encode(change.kind).into(),
        subject: change.subject.clone(),
        before: change.before.clone(),
        after: change.after.clone(),
        origin: change.origin.map(origin),
    }
}

fn encode_refusal<'a>(refusal: &ingest::Refusal, file_name: &impl Fn(u16) -> &'a str) -> v1::Refusal {
    let (file, line) = place(file_name(refusal.file), refusal.line);
    v1::Refusal {
        file,
        line,
        field: refusal.field.clone(),
        value: refusal.value.clone(),
        problem: refusal.problem.clone(),
        remedy: refusal.remedy.clone(),
    }
}

/// Where a submission is recorded, part by part.
#[derive(Debug, Clone, Copy)]
pub struct Receipt {
    /// The submission's identifier.
    pub submission: SubmissionId,
    /// Its first record.
    pub first: Position,
    /// Its last record.
    pub last: Position,
    /// When it was taken in.
    pub recorded_at: Timestamp,
    /// The chain at its last record.
    pub chain: Digest,
    /// True when an earlier request recorded it.
    pub already: bool,
}

/// Where a submission is recorded.
pub fn encode_receipt(receipt: &Receipt) -> v1::Receipt {
    v1::Receipt {
        submission_id: receipt.submission.to_string(),
        first_position: receipt.first.get(),
        last_position: receipt.last.get(),
        recorded_at: Some(encode_timestamp(receipt.recorded_at)),
        chain: receipt.chain.to_string(),
        already: receipt.already,
    }
}
