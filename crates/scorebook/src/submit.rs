//! Putting something in: a preview first, then the same again to be recorded, exactly as it was previewed.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use engine::{identifier, settings, sha256};
use indicatif::{ProgressBar, ProgressStyle};
use wire::v1;

use crate::arguments::{CauseWord, Confirm, Import};
use crate::failure::failed;
use crate::place::Access;
use crate::screen;
use crate::show::{self, Format, Style};
use crate::when;

/// How a submission is shown and confirmed.
pub(crate) struct Manner<'a> {
    pub(crate) out: &'a mut dyn Write,
    pub(crate) style: Style,
    pub(crate) format: Format,
    pub(crate) confirm: Confirm,
    pub(crate) dry_run: bool,
}

/// Imports files.
///
/// # Errors
/// When a file cannot be read, or what is in it is refused.
pub(crate) async fn import(
    access: &Access,
    actor: String,
    import: Import,
    manner: &mut Manner<'_>,
) -> anyhow::Result<()> {
    let mut files = read_files(&import.files)?;
    for file in &mut files {
        file.snapshot = import.snapshot;
    }
    if let Some(layout) = &import.layout {
        by_layout(&mut files, layout, import.select.as_deref().unwrap_or_default())?;
    }
    let (known_at, known_on) = when::fields(import.known_at.as_deref())?;
    let request = v1::SubmitRequest {
        actor,
        known_at,
        known_on,
        reason: import.reason.unwrap_or_default(),
        cause: cause(import.cause).into(),
        files,
        set_aside_refused: import.set_aside,
        accept_withdrawals: import.accept_withdrawals,
        ..v1::SubmitRequest::default()
    };
    put_in(access, request, manner).await
}

/// Says of the files how they are read. A layout's own file is put in beside them.
fn by_layout(files: &mut Vec<v1::File>, layout: &str, select: &str) -> anyhow::Result<()> {
    let own = if ingest::layout::built_in(layout).is_some() { None } else { Some(read_file(Path::new(layout))) };
    let own = own.transpose().with_context(|| {
        format!("{layout} is no built-in layout (scorebook layout list), and no file that can be read")
    })?;
    let name = own.as_ref().map_or(layout, |own| own.name.as_str());
    for file in files.iter_mut() {
        name.clone_into(&mut file.layout);
        select.clone_into(&mut file.select);
    }
    files.extend(own);
    Ok(())
}

pub(crate) const fn cause(word: Option<CauseWord>) -> v1::Cause {
    match word {
        None => v1::Cause::Unspecified,
        Some(CauseWord::ScheduledRevision) => v1::Cause::ScheduledRevision,
        Some(CauseWord::MethodChange) => v1::Cause::MethodChange,
        Some(CauseWord::CorrectionOfError) => v1::Cause::CorrectionOfError,
    }
}

/// Previews a request, asks, and records it.
///
/// # Errors
/// When it is refused: what is refused was listed, and nothing was recorded.
pub(crate) async fn put_in(access: &Access, request: v1::SubmitRequest, manner: &mut Manner<'_>) -> anyhow::Result<()> {
    anyhow::ensure!(
        manner.format != Format::Csv,
        "what is put in has no CSV form; ask for --format text or --format json"
    );
    let preview = preview(access, &request).await?;
    if manner.format == Format::Text {
        show::preview(manner.out, &manner.style, &preview, manner.confirm.list)
            .context("the preview cannot be written")?;
    }
    if preview.n_refusals > 0 {
        finish_json(manner, &preview, None)?;
        // Only what has a line is a row.
        let rows = !request.files.is_empty() && preview.refusals.iter().any(|refusal| refusal.line > 0);
        let set_aside = if rows { ", or record refused rows with their reasons: --set-aside" } else { "" };
        bail!("nothing was recorded: correct what is refused{set_aside}");
    }
    if unchanged(&preview) {
        finish_json(manner, &preview, None)?;
        return say(manner, "Nothing to record: everything stands already.");
    }
    if manner.dry_run {
        finish_json(manner, &preview, None)?;
        return say(manner, "Nothing was recorded (--dry-run).");
    }
    if !manner.confirm.yes {
        // Single acts have no --dry-run: without --yes they show what they would change, and stop there.
        let look = if request.files.is_empty() { "" } else { ", or --dry-run to look" };
        anyhow::ensure!(
            screen::attended(),
            "nothing was recorded: there is no terminal to ask on; add --yes to record{look}"
        );
        anyhow::ensure!(screen::confirm("Record this?")?, "nothing was recorded");
    }
    let back = way_back(&request);
    let receipt = record(access, request, &preview).await?;
    if manner.format == Format::Text {
        show::receipt(manner.out, &manner.style, &receipt).context("the answer cannot be written")?;
        if let Some(back) = back.filter(|_| !receipt.already) {
            say(manner, &back(&receipt.submission_id))?;
        }
    }
    finish_json(manner, &preview, Some(receipt))
}

/// What takes back what is recorded, before the submission that it is: `None` for acts that stay.
fn way_back(request: &v1::SubmitRequest) -> Option<impl Fn(&str) -> String + use<>> {
    use v1::instruction::Command;
    let command = request.instructions.first().and_then(|instruction| instruction.command.as_ref());
    let (to, act, id) = if let Some(Command::RollBackSubmission(it)) = command {
        ("To put it on again", "reinstate", Some(it.submission_id.clone()))
    } else if let Some(Command::ReinstateSubmission(it)) = command {
        ("To take it back again", "roll-back", Some(it.submission_id.clone()))
    } else if !request.files.is_empty() || command.is_some_and(is_figure_or_target) {
        ("To take all of it back", "roll-back", None)
    } else {
        return None;
    };
    Some(move |recorded: &str| {
        format!("{to}: scorebook submission {act} {} --reason WHY", id.as_deref().unwrap_or(recorded))
    })
}

const fn is_figure_or_target(command: &v1::instruction::Command) -> bool {
    use v1::instruction::Command;
    matches!(
        command,
        Command::RecordResult(_) | Command::WithdrawResult(_) | Command::ChangeTarget(_) | Command::WithdrawTarget(_)
    )
}

fn say(manner: &mut Manner<'_>, words: &str) -> anyhow::Result<()> {
    if manner.format == Format::Text {
        writeln!(manner.out, "{words}").context("the answer cannot be written")?;
    }
    Ok(())
}

/// For programs: one document, whatever became of it.
fn finish_json(manner: &mut Manner<'_>, preview: &v1::Preview, receipt: Option<v1::Receipt>) -> anyhow::Result<()> {
    if manner.format != Format::Json {
        return Ok(());
    }
    let answer = v1::SubmitResponse { preview: Some(preview.clone()), receipt };
    show::json(manner.out, "scorebook.v1.SubmitResponse", &prost::Message::encode_to_vec(&answer))
        .context("the answer cannot be written")
}

/// True when everything stands already.
pub(crate) fn unchanged(preview: &v1::Preview) -> bool {
    let changes = |tally: &v1::Tally| tally.n_new > 0 || tally.n_revised > 0 || tally.n_withdrawn > 0;
    preview.n_set_aside == 0 && !preview.tallies.iter().any(changes)
}

/// What a request would change.
///
/// # Errors
/// When it cannot be read at all.
pub(crate) async fn preview(access: &Access, request: &v1::SubmitRequest) -> anyhow::Result<v1::Preview> {
    let request = v1::SubmitRequest { preview_only: true, ..request.clone() };
    let answer = with_progress(access, request, "deciding").await?;
    answer.preview.context("the server gave no preview")
}

/// Records a request exactly as it was previewed. Its identifier is made from its content and the preview, so that
/// sending it twice records it once, and so that the same files can be put in again at another time.
///
/// # Errors
/// When what the preview read has changed, or the log fails.
pub(crate) async fn record(
    access: &Access,
    request: v1::SubmitRequest,
    preview: &v1::Preview,
) -> anyhow::Result<v1::Receipt> {
    let content = sha256(&wire::submit::content(&request));
    let token = preview.token.clone().context("the preview has no token")?;
    let named = format!("{content} {} {}", token.position, token.digest);
    let id = domain::SubmissionId(identifier(sha256(named.as_bytes())));
    let request = v1::SubmitRequest { submission_id: id.to_string(), expected: Some(token), ..request };
    let answer = with_progress(access, request, "recording").await?;
    answer.receipt.context("the server gave no receipt")
}

/// From here on a bar is shown; less is done before one could read it.
const PROGRESS_BYTES: usize = 1024 * 1024;

async fn with_progress(
    access: &Access,
    request: v1::SubmitRequest,
    doing: &'static str,
) -> anyhow::Result<v1::SubmitResponse> {
    let n_bytes: usize = request.files.iter().map(|file| file.content.len()).sum();
    if n_bytes < PROGRESS_BYTES {
        return access.submit(request, |_| {}).await.map_err(failed);
    }
    let bar = ProgressBar::new(u64::try_from(n_bytes).unwrap_or(u64::MAX));
    let sending = ProgressStyle::with_template("{spinner} {bar:30} {bytes} of {total_bytes}, {msg} ({elapsed})")
        .context("the progress bar's template is wrong")?;
    bar.set_style(sending);
    bar.set_message(doing);
    bar.enable_steady_tick(Duration::from_millis(100));
    let sent = bar.clone();
    let answer = access.submit(request, move |bytes| sent.inc(bytes)).await;
    bar.finish_and_clear();
    answer.map_err(failed)
}

/// Reads files, and the CSV files and workbooks of folders, each in the order of their names.
pub(crate) fn read_files(paths: &[PathBuf]) -> anyhow::Result<Vec<v1::File>> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut inside = files_in(path)?;
            inside.sort();
            anyhow::ensure!(!inside.is_empty(), "the folder {} holds no .csv or .xlsx file", path.display());
            found.extend(inside);
        } else {
            found.push(path.clone());
        }
    }
    let most = domain::limits::SUBMISSION_FILES_MAX;
    anyhow::ensure!(found.len() <= most, "{} files are given; at most {most} are taken at once", found.len());
    let mut n_bytes: u64 = 0;
    for path in &found {
        let size = std::fs::metadata(path).with_context(|| format!("{} cannot be read", path.display()))?.len();
        n_bytes = n_bytes.saturating_add(size);
    }
    let limit = settings::SUBMISSION_BYTES_MAX;
    let fits = usize::try_from(n_bytes).is_ok_and(|n| n <= limit);
    anyhow::ensure!(fits, "the files have {n_bytes} bytes; at most {limit} are taken at once: split them");
    found.iter().map(|path| read_file(path)).collect()
}

/// What is read of a folder; a file beginning with `~$` is Excel's own, beside a workbook that is open.
fn is_read(path: &Path) -> bool {
    let read = |e: &std::ffi::OsStr| ["csv", "xlsx", "xlsm"].iter().any(|known| e.eq_ignore_ascii_case(known));
    let open = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("~$"));
    path.extension().is_some_and(read) && !open
}

fn files_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let paths = paths.collect::<Result<Vec<_>, _>>().with_context(|| format!("{} cannot be read", folder.display()))?;
    Ok(paths.into_iter().filter(|path| is_read(path)).collect())
}

fn read_file(path: &Path) -> anyhow::Result<v1::File> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.with_context(|| format!("the name of {} is not Unicode", path.display()))?.to_owned();
    let content = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(v1::File { name, content, ..v1::File::default() })
}
