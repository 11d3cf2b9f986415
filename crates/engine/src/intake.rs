//! From a request to a submission that can be judged: files are read, identifiers given, bounds checked.

mod snapshots;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use domain::command::SubmittedFile;
use domain::decide::Rejection;
use domain::event::{RowSetAside, Source};
use domain::ids::sheet_and_row;
use domain::limits::{
    COMMIT_RECORDS_MAX, CONTENT_BYTES_MAX, REASON_BYTES_MAX, REFUSALS_LISTED_MAX, SUBMISSION_FILES_MAX,
};
use domain::preview::{Decision, Drafted, Rejected};
use domain::result::Why;
use domain::{Book, Command, Digest, Instruction, Origin, Submission, SubmissionId, Timestamp};
use ingest::layout::Places;
use ingest::{Coverage, Defaults, Known, Parsed, Refusal};

use crate::error::Error;
use crate::formats::Formats;
use crate::layouts::Layouts;
use crate::settings::{FILE_NAME_BYTES_MAX, SHARED_GROUP_FILE_BYTES, SHARED_GROUP_INSTRUCTIONS, SUBMISSION_BYTES_MAX};
use crate::submission::{File, Preview, Request, Token};
use crate::{identifier, sha256};
use snapshots::Snapshots;

/// The most notes that are kept; a workbook has at most so many sheets.
const NOTES_MAX: usize = 200;

/// A request whose files are read; see [`crate::Engine::prepare`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    pub(crate) submission: Submission,
    notes: Vec<String>,
    /// The names of workbooks' sheets, by file and number.
    sheets: BTreeMap<(u16, u32), String>,
    refusals: Vec<Refusal>,
    n_refusals: u64,
    set_aside: bool,
    snapshots: Snapshots,
    /// Why, for what snapshots withdraw.
    why: Why,
    /// Files of which a withdrawal of what does not stand is passed over.
    lenient: Vec<u16>,
    pub(crate) expected: Option<Token>,
}

/// A prepared submission judged against a book.
pub(crate) struct Judged<'a> {
    /// The prepared one, or a copy in which rejected rows are set aside.
    pub(crate) submission: Cow<'a, Submission>,
    /// What would be recorded.
    pub(crate) drafts: Vec<Drafted>,
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
pub(crate) fn prepare(mut request: Request, known: Known) -> Result<Prepared, Error> {
    check(&request)?;
    let layouts = Layouts::find(&mut request.files)?;
    let selecting: Vec<u16> =
        (0..).zip(&request.files).filter(|(_, file)| !file.select.is_empty()).map(|(number, _)| number).collect();
    let mut defaults = Defaults { known_at: request.known_at, why: request.why, known };
    let Read { files, parts, notes, sheets, snapshots, passed_over } = read(request.files, &layouts, &mut defaults);
    let mut refusals: Vec<Refusal> = parts.iter().flat_map(|(_, it)| it.refusals.clone()).collect();
    refusals.truncate(REFUSALS_LISTED_MAX);
    let n_refusals = parts.iter().map(|(_, it)| it.n_refused).sum::<usize>();
    let empty = parts.iter().filter(|(number, it)| it.n_rows == 0 && !it.unreadable && !layouts.is_layout(*number));
    let empty: Vec<Refusal> = empty.map(|(number, _)| no_rows(*number, selecting.contains(number))).collect();
    let n_refusals = n_refusals.saturating_add(empty.len());
    refusals.extend(empty);
    let lenient = parts.iter().filter(|(_, it)| it.passes_over_absent).map(|(number, _)| *number).collect();
    let unreadable = parts.iter().any(|(_, it)| it.unreadable);
    let present = parts.iter().flat_map(|(_, part)| part.present.iter().cloned()).collect();
    let instructions = in_order(parts, request.instructions, &defaults);
    let snapshots = Snapshots { files: snapshots, present, accepted: request.accept_withdrawals, unread: passed_over };
    let id = request.id.unwrap_or_else(|| SubmissionId(identifier(request.digest)));
    let submission = Submission { id, digest: request.digest, actor: request.actor, files, instructions };
    let mut prepared = Prepared {
        submission,
        notes,
        sheets,
        refusals,
        n_refusals: u64::try_from(n_refusals).unwrap_or(u64::MAX),
        set_aside: request.set_aside && !unreadable,
        snapshots,
        why: defaults.why,
        lenient,
        expected: request.expected,
    };
    prepared.set_refusals_aside();
    Ok(prepared)
}

/// Files, read.
struct Read {
    files: Vec<SubmittedFile>,
    /// What each file, or each sheet of a workbook, asks for, with the file's place.
    parts: Vec<(u16, Parsed)>,
    notes: Vec<String>,
    sheets: BTreeMap<(u16, u32), String>,
    /// The places of files that are whole tables.
    snapshots: Vec<u16>,
    /// Whether something of those was not taken in, as a sheet without a header.
    passed_over: bool,
}

/// Reads the files: first those in Scorebook's own columns, because others may need the areas and measures in them.
fn read(files: Vec<File>, layouts: &Layouts, defaults: &mut Defaults) -> Read {
    let mut found = Read {
        files: Vec::new(),
        parts: Vec::new(),
        notes: Vec::new(),
        sheets: BTreeMap::new(),
        snapshots: Vec::new(),
        passed_over: false,
    };
    let mut numbered: Vec<(u16, File)> = (0..).zip(files).collect();
    numbered.sort_by_key(|(number, file)| (reads_names(file), *number));
    let mut submitted_files = Vec::with_capacity(numbered.len());
    for (number, file) in numbered {
        let read = layouts.read(number, &file, defaults);
        for part in read.parts {
            part.instructions.iter().for_each(|instruction| defaults.known.learn(&instruction.command));
            let whole = file.snapshot || part.coverage == Coverage::Snapshot;
            found.snapshots.extend((whole && !found.snapshots.contains(&number)).then_some(number));
            found.parts.push((number, part));
        }
        found.passed_over |= found.snapshots.contains(&number) && !read.notes.is_empty();
        found.notes.extend(read.notes.into_iter().map(|note| format!("{}: {note}", file.name)));
        found.sheets.extend(read.sheets.into_iter().map(|(sheet, name)| ((number, sheet), name)));
        submitted_files.push((number, submitted(file, read.layout)));
    }
    found.notes.truncate(NOTES_MAX);
    submitted_files.sort_by_key(|(number, _)| *number);
    found.files = submitted_files.into_iter().map(|(_, file)| file).collect();
    found.parts.sort_by_key(|(number, _)| *number);
    let names: Vec<&str> = found.files.iter().map(|file| file.source.name.as_str()).collect();
    ingest::layout::reconcile(&mut found.parts, Places { files: &names, sheets: &found.sheets });
    found
}

/// Whether a file may call areas by names that another file of the request gives them.
fn reads_names(file: &File) -> bool {
    !file.layout.is_empty()
        || ingest::kind_of_file(&file.name, &file.bytes).is_none_or(|kind| kind > ingest::Kind::Measures)
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
    let n_lines: usize = request.files.iter().map(|file| ingest::n_lines(&file.bytes)).sum();
    if n_lines > COMMIT_RECORDS_MAX {
        let problem = format!("{n_lines} lines; at most {COMMIT_RECORDS_MAX} are taken at once; split them");
        return refuse("files", problem);
    }
    if request.files.is_empty() && request.instructions.is_empty() {
        return refuse("files", "there is nothing in it; give a file or an instruction".to_owned());
    }
    Ok(())
}

/// All instructions, files in the order in which their kinds depend on one another, single instructions last.
fn in_order(mut parts: Vec<(u16, Parsed)>, single: Vec<Instruction>, defaults: &Defaults) -> Vec<Instruction> {
    parts.sort_by_key(|(_, it)| it.kind);
    // The longest list stays where it is in memory: it is mostly all of them, and a copy of it would cost as much as reading.
    let longest = (0..).zip(&parts).max_by_key(|(_, (_, it))| it.instructions.len()).map_or(0_usize, |(at, _)| at);
    let mut lists = parts.into_iter().map(|(_, part)| part.instructions);
    let before: Vec<Instruction> = lists.by_ref().take(longest).flatten().collect();
    let mut instructions = lists.next().unwrap_or_default();
    drop(instructions.splice(0..0, before));
    instructions.extend(lists.flatten());
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
        let files = self.submission.files.iter().map(|file| file.bytes.len());
        let views = self.submission.instructions.iter().map(|instruction| {
            if let Command::PublishView(draft) = &instruction.command { draft.text.len() } else { 0 }
        });
        let n_bytes = files.chain(views).fold(0, usize::saturating_add);
        // How much a snapshot withdraws is not known before it is judged.
        let snapshot = !self.snapshots.files.is_empty();
        !snapshot
            && self.submission.instructions.len() <= SHARED_GROUP_INSTRUCTIONS
            && n_bytes <= SHARED_GROUP_FILE_BYTES
    }

    /// Takes the submission out, which can be judged no more.
    pub(crate) fn take(&mut self) -> Submission {
        let Submission { id, digest, actor, files, instructions } = &mut self.submission;
        let (files, instructions) = (std::mem::take(files), std::mem::take(instructions));
        Submission { id: *id, digest: *digest, actor: actor.clone(), files, instructions }
    }

    /// At its sender's wish, rows that cannot be read become records of their own.
    fn set_refusals_aside(&mut self) {
        if !self.set_aside {
            return;
        }
        let refusals = std::mem::take(&mut self.refusals);
        self.snapshots.unread |= !refusals.is_empty();
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

    /// Whether it may withdraw what nobody named.
    pub(crate) fn has_snapshots(&self) -> bool {
        !self.snapshots.files.is_empty()
    }

    /// Judges against a book. With rows to be set aside, what is rejected is turned into records and judged again.
    pub(crate) fn judge(&self, book: &Book, now: Timestamp, formats: &Formats) -> Judged<'_> {
        let mut withdrawn = self.snapshots.withdraw(&self.submission, book, &self.why);
        let n_absent = withdrawn.instructions.len();
        let mut submission = Cow::Borrowed(&self.submission);
        if n_absent > 0 {
            submission.to_mut().instructions.append(&mut withdrawn.instructions);
        }
        let mut decision = self.decided(&mut submission, book, now);
        decision.rejected.extend(unknown_rules(&submission));
        if decision.rejected.is_empty() {
            decision.rejected.extend(unsupported_formats(&submission, book, formats));
        }
        let some_set_aside = self.set_aside && !decision.rejected.is_empty();
        if some_set_aside {
            let rows = decision.rejected.iter().map(|Rejected { origin, rejection, .. }| {
                (*origin, rejection.field().to_owned(), format!("{rejection}; {}", rejection.remedy()))
            });
            let aside = self.aside(rows.collect());
            for (rejected, instruction) in decision.rejected.iter().zip(aside) {
                if let Some(place) = submission.to_mut().instructions.get_mut(rejected.instruction) {
                    *place = instruction;
                }
            }
            decision = book.decide(&submission, now, sha256);
        }
        let refusal = self.snapshots.refusal(n_absent, &withdrawn, some_set_aside);
        withdrawn.refusals.extend(refusal);
        self.judged(submission, decision, book, (n_absent, withdrawn.refusals))
    }

    /// What is decided of the submission, without the withdrawals that may find nothing and do.
    fn decided(&self, submission: &mut Cow<'_, Submission>, book: &Book, now: Timestamp) -> Decision {
        let decision = book.decide(submission, now, sha256);
        let may_miss = |rejected: &&Rejected| {
            let lenient = rejected.origin.is_some_and(|origin| self.lenient.contains(&origin.file));
            lenient && matches!(rejected.rejection, Rejection::NothingToWithdraw { .. })
        };
        let missed: BTreeSet<usize> = decision.rejected.iter().filter(may_miss).map(|it| it.instruction).collect();
        if missed.is_empty() {
            return decision;
        }
        let mut number = 0..;
        submission.to_mut().instructions.retain(|_| number.next().is_none_or(|number| !missed.contains(&number)));
        book.decide(submission, now, sha256)
    }

    fn judged<'a>(
        &self,
        submission: Cow<'a, Submission>,
        decision: Decision,
        book: &Book,
        (n_absent, cut_short): (usize, Vec<Refusal>),
    ) -> Judged<'a> {
        let digest = account_digest(&submission, &decision);
        let Decision { drafts, mut tallies, changes, rejected, .. } = decision;
        let mut refusals = self.refusals.clone();
        let n_cut_short = u64::try_from(cut_short.len()).unwrap_or(u64::MAX);
        refusals.extend(cut_short);
        let room = REFUSALS_LISTED_MAX.saturating_sub(refusals.len());
        refusals.extend(first_of_each(&rejected, room).map(|rejected| refusal(rejected, &self.sheets)));
        refusals.sort_by_key(|refusal| (refusal.file, refusal.line));
        let n_rejected = u64::try_from(rejected.len()).unwrap_or(u64::MAX);
        let n_changes =
            |tally: &domain::preview::Tally| tally.new.saturating_add(tally.revised).saturating_add(tally.withdrawn);
        let aside = tallies.remove(SET_ASIDE).as_ref().map_or(0, n_changes);
        let preview = Preview {
            token: Token { position: book.head(), digest },
            sources: submission.files.iter().map(|file| file.source.clone()).collect(),
            notes: self.notes.clone(),
            n_changes: tallies.values().map(n_changes).fold(0, u64::saturating_add),
            tallies,
            changes,
            refusals,
            n_refusals: self.n_refusals.saturating_add(n_rejected).saturating_add(n_cut_short),
            n_set_aside: aside,
            n_absent: u64::try_from(n_absent).unwrap_or(u64::MAX),
            review: None,
            too_large_to_review: false,
        };
        Judged { submission, drafts, preview }
    }
}

/// At most so many of those that are rejected: the first of each kind, and then the first of the others.
fn first_of_each(rejected: &[Rejected], n: usize) -> impl Iterator<Item = &Rejected> {
    let mut said = BTreeSet::new();
    let looked_at = if rejected.len() > n { REJECTED_LOOKED_AT } else { 0 };
    let looked_at = rejected.iter().take(looked_at);
    let (first, again): (Vec<_>, Vec<_>) = looked_at.partition(|it| said.insert(it.rejection.to_string()));
    let n_looked_at = first.len().saturating_add(again.len());
    first.into_iter().chain(again).chain(rejected.iter().skip(n_looked_at)).take(n)
}

/// Among how many rejected rows those that say something new are looked for.
const REJECTED_LOOKED_AT: usize = 100_000;

fn no_rows(file: u16, selects: bool) -> Refusal {
    let (problem, remedy) = if selects {
        ("the file has no rows that are selected", "select others, or leave it out")
    } else {
        ("the file has a header and no rows", "leave it out, or add rows")
    };
    Refusal {
        file,
        line: 1,
        field: String::new(),
        value: String::new(),
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
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

fn refusal(rejected: &Rejected, sheets: &BTreeMap<(u16, u32), String>) -> Refusal {
    let (file, line) = rejected.origin.map_or((0, 0), |origin| (origin.file, origin.line.get()));
    let field = rejected.rejection.field();
    let (sheet, row) = sheet_and_row(line);
    let field = match sheet.and_then(|sheet| sheets.get(&(file, sheet))) {
        None => field.to_owned(),
        Some(sheet) => format!("{} {field}", ingest::workbook::reference(sheet, row, None)).trim_end().to_owned(),
    };
    Refusal {
        file,
        line,
        field,
        value: String::new(),
        problem: rejected.rejection.to_string(),
        remedy: rejected.rejection.remedy(),
    }
}
