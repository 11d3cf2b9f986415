//! From a request to a submission that can be judged: files are read, identifiers given, bounds checked.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::NonZeroU32;

use domain::command::SubmittedFile;
use domain::decide::Rejection;
use domain::event::{RowSetAside, Source};
use domain::limits::{
    COMMIT_RECORDS_MAX, CONTENT_BYTES_MAX, REASON_BYTES_MAX, REFUSALS_LISTED_MAX, SUBMISSION_FILES_MAX,
};
use domain::preview::{Decision, Draft, Rejected};
use domain::result::Why;
use domain::{Book, Command, Digest, Instruction, Origin, Submission, SubmissionId, Timestamp};
use ingest::{Defaults, Parsed, Refusal};

use crate::error::Error;
use crate::formats::Formats;
use crate::settings::{FILE_NAME_BYTES_MAX, SHARED_GROUP_FILE_BYTES, SHARED_GROUP_INSTRUCTIONS, SUBMISSION_BYTES_MAX};
use crate::submission::{File, Preview, Request, Token};
use crate::{identifier, sha256};

/// A request whose files are read; see [`crate::Engine::prepare`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    pub(crate) submission: Submission,
    refusals: Vec<Refusal>,
    n_refusals: u64,
    set_aside: bool,
    pub(crate) expected: Option<Token>,
}

/// A prepared submission judged against a book.
pub(crate) struct Judged<'a> {
    /// The prepared one, or a copy in which rejected rows are set aside.
    pub(crate) submission: Cow<'a, Submission>,
    /// What would be recorded.
    pub(crate) drafts: Vec<Draft>,
    pub(crate) preview: Preview,
}

impl Judged<'_> {
    /// True when nothing stands in the way of recording it.
    pub(crate) fn acceptable(&self) -> bool {
        self.preview.n_refusals == 0
    }
}

/// Reads the files and gives the submission its identifier.
///
/// # Errors
/// [`Error::Request`] when the request is over a bound.
pub(crate) fn prepare(request: Request) -> Result<Prepared, Error> {
    check(&request)?;
    let defaults = Defaults { known_at: request.known_at, why: request.why };
    let mut parsed: Vec<(u16, File, Parsed)> = (0..)
        .zip(request.files)
        .map(|(number, file)| {
            let parsed = ingest::parse(&file.name, number, &file.bytes, &defaults);
            (number, file, parsed)
        })
        .collect();
    let mut refusals: Vec<Refusal> = parsed.iter().flat_map(|(_, _, it)| it.refusals.clone()).collect();
    refusals.truncate(REFUSALS_LISTED_MAX);
    let n_refusals = parsed.iter().map(|(_, _, it)| it.n_refused).sum::<usize>();
    let empty = parsed.iter().filter(|(_, _, it)| it.n_rows == 0 && !it.unreadable);
    let empty: Vec<Refusal> = empty.map(|(number, _, _)| no_rows(*number)).collect();
    let n_refusals = n_refusals.saturating_add(empty.len());
    refusals.extend(empty);
    let unreadable = parsed.iter().any(|(_, _, it)| it.unreadable);
    let instructions = in_order(&mut parsed, request.instructions, &defaults);
    let files = parsed.into_iter().map(|(_, file, it)| submitted(file, it.layout)).collect();
    let id = request.id.unwrap_or_else(|| SubmissionId(identifier(request.digest)));
    let submission = Submission { id, digest: request.digest, actor: request.actor, files, instructions };
    let mut prepared = Prepared {
        submission,
        refusals,
        n_refusals: u64::try_from(n_refusals).unwrap_or(u64::MAX),
        set_aside: request.set_aside && !unreadable,
        expected: request.expected,
    };
    prepared.set_refusals_aside();
    Ok(prepared)
}

fn check(request: &Request) -> Result<(), Error> {
    let refuse = |field, problem: String| Err(Error::Request { field, problem });
    if request.files.len() > SUBMISSION_FILES_MAX {
        return refuse("files", format!("at most {SUBMISSION_FILES_MAX} files are taken at once; split them"));
    }
    if request.why.reason.len() > REASON_BYTES_MAX {
        return refuse("reason", format!("at most {REASON_BYTES_MAX} bytes; shorten it"));
    }
    let n_bytes: usize = request.files.iter().map(|file| file.bytes.len()).sum();
    if n_bytes > SUBMISSION_BYTES_MAX {
        return refuse(
            "files",
            format!("{n_bytes} bytes; at most {SUBMISSION_BYTES_MAX} are taken at once; split them"),
        );
    }
    for file in &request.files {
        let plain = !file.name.is_empty() && !file.name.contains(['/', '\\']) && !file.name.contains(char::is_control);
        if !plain || file.name.len() > FILE_NAME_BYTES_MAX {
            let name = &file.name;
            return refuse("files", format!("{name:?} is not a file name of 1 to {FILE_NAME_BYTES_MAX} bytes"));
        }
    }
    let n_lines: usize = request.files.iter().map(|file| n_lines(&file.bytes)).sum();
    if n_lines > COMMIT_RECORDS_MAX {
        let problem = format!("{n_lines} lines; at most {COMMIT_RECORDS_MAX} are taken at once; split them");
        return refuse("files", problem);
    }
    if request.files.is_empty() && request.instructions.is_empty() {
        return refuse("files", "there is nothing in it; give a file or an instruction".to_owned());
    }
    Ok(())
}

fn n_lines(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count()
}

/// All instructions, files in the order in which their kinds depend on one another, single instructions last.
fn in_order(parsed: &mut [(u16, File, Parsed)], single: Vec<Instruction>, defaults: &Defaults) -> Vec<Instruction> {
    let rank = |layout: &str| ingest::ORDER.iter().position(|kind| kind.layout() == layout);
    let mut order: Vec<(Option<usize>, usize)> =
        parsed.iter().enumerate().map(|(at, (_, _, it))| (rank(&it.layout), at)).collect();
    order.sort_unstable();
    let n_read: usize = parsed.iter().map(|(_, _, it)| it.instructions.len()).sum();
    let mut instructions = Vec::with_capacity(n_read.saturating_add(single.len()));
    for (_, at) in order {
        if let Some((_, _, it)) = parsed.get_mut(at) {
            instructions.append(&mut it.instructions);
        }
    }
    instructions.extend(single.into_iter().map(|instruction| with_defaults(instruction, defaults)));
    instructions
}

fn with_defaults(mut instruction: Instruction, defaults: &Defaults) -> Instruction {
    instruction.known_at = instruction.known_at.or(defaults.known_at);
    let Why { reason, cause } = &mut instruction.why;
    if reason.is_empty() {
        reason.clone_from(&defaults.why.reason);
    }
    *cause = cause.or(defaults.why.cause);
    instruction
}

fn submitted(file: File, layout: String) -> SubmittedFile {
    let size = file.bytes.len();
    let source = Source {
        sha256: sha256(&file.bytes),
        size: u64::try_from(size).unwrap_or(u64::MAX),
        layout,
        stored: size <= CONTENT_BYTES_MAX,
        name: file.name,
    };
    SubmittedFile { source, bytes: file.bytes }
}

impl Prepared {
    /// Whether it is small enough to share a group with others on a shared log.
    pub(crate) fn small(&self) -> bool {
        let n_bytes: usize = self.submission.files.iter().map(|file| file.bytes.len()).sum();
        self.submission.instructions.len() <= SHARED_GROUP_INSTRUCTIONS && n_bytes <= SHARED_GROUP_FILE_BYTES
    }

    /// At its sender's wish, rows that cannot be read become records of their own.
    fn set_refusals_aside(&mut self) {
        if !self.set_aside {
            return;
        }
        let refusals = std::mem::take(&mut self.refusals);
        // Only listed refusals have a line to quote; more of them keep the whole refused.
        self.n_refusals = self.n_refusals.saturating_sub(u64::try_from(refusals.len()).unwrap_or(u64::MAX));
        if self.n_refusals > 0 {
            self.refusals.push(too_many_to_set_aside(self.n_refusals));
        }
        let rows = refusals.into_iter().map(|refusal| {
            let problem = format!("{}; {}", refusal.problem, refusal.remedy);
            let origin = NonZeroU32::new(refusal.line).map(|line| Origin { file: refusal.file, line });
            (origin, refusal.field, problem)
        });
        let aside = self.aside(rows.collect());
        self.submission.instructions.extend(aside);
    }

    fn aside(&self, rows: Vec<(Option<Origin>, String, String)>) -> Vec<Instruction> {
        let mut lines: BTreeMap<u16, Vec<u32>> = BTreeMap::new();
        for origin in rows.iter().filter_map(|(origin, _, _)| *origin) {
            lines.entry(origin.file).or_default().push(origin.line.get());
        }
        let mut texts: BTreeMap<(u16, u32), String> = BTreeMap::new();
        for (file, mut lines) in lines {
            lines.sort_unstable();
            lines.dedup();
            let bytes = self.submission.files.get(usize::from(file)).map_or(&[][..], |file| &file.bytes);
            let found = ingest::rows_text(bytes, &lines);
            texts.extend(lines.into_iter().zip(found).map(|(line, text)| ((file, line), text)));
        }
        let instruction = |(origin, field, problem): (Option<Origin>, String, String)| {
            let text = origin.and_then(|o| texts.get(&(o.file, o.line.get()))).cloned().unwrap_or_default();
            let problem: String = problem.chars().take(REASON_BYTES_MAX / 4).collect();
            let command = Command::SetAside(RowSetAside { text, field, problem });
            Instruction { command, known_at: None, why: Why::default(), origin }
        };
        rows.into_iter().map(instruction).collect()
    }

    /// Judges against a book. With rows to be set aside, what is rejected is turned into records and judged again.
    pub(crate) fn judge(&self, book: &Book, now: Timestamp, formats: &Formats) -> Judged<'_> {
        let mut decision = book.decide(&self.submission, now, sha256);
        decision.rejected.extend(unknown_rules(&self.submission));
        if decision.rejected.is_empty() {
            decision.rejected.extend(unsupported_formats(&self.submission, book, formats));
        }
        if !self.set_aside || decision.rejected.is_empty() {
            return self.judged(Cow::Borrowed(&self.submission), decision, book);
        }
        let rows = decision.rejected.iter().map(|Rejected { origin, rejection, .. }| {
            (*origin, rejection.field().to_owned(), format!("{rejection}; {}", rejection.remedy()))
        });
        let aside = self.aside(rows.collect());
        let mut submission = self.submission.clone();
        for (rejected, instruction) in decision.rejected.iter().zip(aside) {
            if let Some(place) = submission.instructions.get_mut(rejected.instruction) {
                *place = instruction;
            }
        }
        let decision = book.decide(&submission, now, sha256);
        self.judged(Cow::Owned(submission), decision, book)
    }

    fn judged<'a>(&self, submission: Cow<'a, Submission>, decision: Decision, book: &Book) -> Judged<'a> {
        let digest = account_digest(&submission, &decision);
        let Decision { drafts, mut tallies, changes, rejected, .. } = decision;
        let mut refusals = self.refusals.clone();
        let room = REFUSALS_LISTED_MAX.saturating_sub(refusals.len());
        refusals.extend(rejected.iter().take(room).map(refusal));
        refusals.sort_by_key(|refusal| (refusal.file, refusal.line));
        let n_rejected = u64::try_from(rejected.len()).unwrap_or(u64::MAX);
        let n_changes =
            |tally: &domain::preview::Tally| tally.new.saturating_add(tally.revised).saturating_add(tally.withdrawn);
        let aside = tallies.remove(SET_ASIDE).as_ref().map_or(0, n_changes);
        let preview = Preview {
            token: Token { position: book.head(), digest },
            sources: submission.files.iter().map(|file| file.source.clone()).collect(),
            n_changes: tallies.values().map(n_changes).fold(0, u64::saturating_add),
            tallies,
            changes,
            refusals,
            n_refusals: self.n_refusals.saturating_add(n_rejected),
            n_set_aside: aside,
        };
        Judged { submission, drafts, preview }
    }
}

fn no_rows(file: u16) -> Refusal {
    Refusal {
        file,
        line: 1,
        field: String::new(),
        value: String::new(),
        problem: "the file has a header and no rows".to_owned(),
        remedy: "leave it out, or add rows".to_owned(),
    }
}

fn too_many_to_set_aside(n_more: u64) -> Refusal {
    Refusal {
        file: 0,
        line: 0,
        field: String::new(),
        value: String::new(),
        problem: format!("{n_more} more rows are refused than the {REFUSALS_LISTED_MAX} that can be set aside at once"),
        remedy: "correct what most of them have in common, or split the file".to_owned(),
    }
}

/// Only the program knows which rules it has.
fn unknown_rules(submission: &Submission) -> impl Iterator<Item = Rejected> {
    submission.instructions.iter().enumerate().filter_map(|(number, instruction)| {
        let unknown = if let Command::AdoptRatingRule(adopted) = &instruction.command {
            (!ratings::rule_is_known(&adopted.rule)).then_some(&adopted.rule)?
        } else if let Command::AdoptDirectionMethod(adopted) = &instruction.command {
            ratings::Method::of(&adopted.rule).is_none().then_some(&adopted.rule)?
        } else {
            return None;
        };
        let rejection = Rejection::UnknownRule { rule: unknown.clone() };
        Some(Rejected { instruction: number, origin: instruction.origin, rejection })
    })
}

/// Only whoever keeps the log knows which formats it reads.
fn unsupported_formats(submission: &Submission, book: &Book, formats: &Formats) -> impl Iterator<Item = Rejected> {
    let log = book.format(book.head());
    submission.instructions.iter().enumerate().filter_map(move |(number, instruction)| {
        let Command::RaiseFormat(format) = instruction.command else { return None };
        let asked = (format > log).then(|| formats.unsupported(format))?;
        Some(Rejected { instruction: number, origin: instruction.origin, rejection: asked? })
    })
}

/// Names what was read, what would change, and the request: a preview of one request accepts no other.
fn account_digest(submission: &Submission, decision: &Decision) -> Digest {
    let mut account = submission.digest.0.to_vec();
    account.extend_from_slice(decision.account.as_bytes());
    sha256(&account)
}

/// The noun that rows set aside are tallied under.
const SET_ASIDE: &str = "row set aside";

fn refusal(rejected: &Rejected) -> Refusal {
    let (file, line) = rejected.origin.map_or((0, 0), |origin| (origin.file, origin.line.get()));
    Refusal {
        file,
        line,
        field: rejected.rejection.field().to_owned(),
        value: String::new(),
        problem: rejected.rejection.to_string(),
        remedy: rejected.rejection.remedy(),
    }
}
