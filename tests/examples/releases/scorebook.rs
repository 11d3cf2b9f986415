//! A scorebook on a fresh journal: files in, and what stands as known at an instant out.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use domain::book::StoredResult;
use domain::result::Why;
use domain::{Actor, ActorId, AreaId, AsOf, Cell, CohortId, Figure, MeasureId, Missing, Period, Series, Timestamp};
use engine::permissions::Permissions;
use engine::submission::{File, Preview, Request};
use engine::{Engine, Opening, Options, sha256};
use journal::Journal;

use crate::files::{Areas, plain};

/// What stands in a cell: a number without zeros that say nothing, or a reason for having none.
pub(crate) type Standing = Result<String, Missing>;

/// How many records are read from the log at a time.
const RECORDS_AT_ONCE: usize = 10_000;

/// An engine with its writer.
pub(crate) struct Scorebook {
    engine: Engine,
    log: Arc<dyn engine::log::EventLog>,
    /// A fold of the log of its own, read from the journal.
    book: RefCell<domain::Book>,
    runtime: tokio::runtime::Runtime,
    writer: Option<std::thread::JoinHandle<()>>,
}

impl Scorebook {
    /// Begins a log in a folder.
    pub(crate) fn begin(folder: &Path) -> anyhow::Result<Self> {
        let log: Arc<dyn engine::log::EventLog> = Arc::new(Journal::open(&journal::Options::new(folder))?);
        let clock: engine::writer::Clock = Arc::new(now);
        let opening = Opening {
            log: domain::ids::LogId([7; 16]),
            authority: AreaId::new("E10000016")?,
            time_zone: "Europe/London".to_owned(),
            format: engine::log::FORMAT,
            actor: actor()?,
        };
        Engine::open_log(log.as_ref(), opening, &clock)?;
        let options =
            Options { clock, permissions: Permissions::local(), elsewhere: None, newest_format: engine::log::FORMAT };
        let (engine, writer) = Engine::start(Arc::clone(&log), options)?;
        let writer = Some(std::thread::spawn(move || drop(writer.run())));
        let book = RefCell::default();
        Ok(Self { engine, log, book, runtime: tokio::runtime::Builder::new_current_thread().build()?, writer })
    }

    /// Defines areas and measures, and the cohorts of the care leavers, as known long before.
    pub(crate) fn define(&self, areas: &Areas, measures: String) -> anyhow::Result<()> {
        let mut text = "area,name,level\n".to_owned();
        for (code, name, level) in &areas.all {
            writeln!(text, "{code},\"{name}\",{level}")?;
        }
        let cohorts = "cohort,name\naged-17-to-18,Aged 17 to 18\naged-19-to-21,Aged 19 to 21\n".to_owned();
        let files = [("areas.csv", text), ("cohorts.csv", cohorts), ("measures.csv", measures)];
        let file = |(name, text): (&str, String)| file(name, text.into_bytes(), "", "");
        self.submit(files.map(file).to_vec(), Some("2010-01-01T00:00:00Z"), "definitions").map(|_n_changes| ())
    }

    /// Puts files in, whole, and says how many changes they made.
    pub(crate) fn submit(&self, files: Vec<File>, known_at: Option<&str>, why: &str) -> anyhow::Result<u64> {
        let preview = self.preview(files.clone(), known_at, why)?;
        if preview.n_refusals > 0 {
            let first: Vec<String> = preview.refusals.iter().take(10).map(ToString::to_string).collect();
            bail!("{why}: {} refusals, the first: {}", preview.n_refusals, first.join("\n  "));
        }
        let prepared = self.engine.prepare(request(files, known_at, why)?)?;
        self.runtime.block_on(self.engine.record(prepared))?;
        Ok(preview.n_changes)
    }

    /// What files would change.
    pub(crate) fn preview(&self, files: Vec<File>, known_at: Option<&str>, why: &str) -> anyhow::Result<Preview> {
        let prepared = self.engine.prepare(request(files, known_at, why)?)?;
        self.engine.preview(&prepared)?.context("the book is ahead of its log")
    }

    /// Looks at what stands.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Looking<'_>) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let mut book = self.book.borrow_mut();
        loop {
            let records = self.log.read(book.head(), RECORDS_AT_ONCE)?;
            if records.is_empty() {
                return look(&Looking { book: &book });
            }
            for record in &records {
                book.apply(record)?;
            }
        }
    }

    /// Ends the writer.
    pub(crate) fn end(mut self) -> anyhow::Result<()> {
        self.engine.stop();
        let ended = self.writer.take().map(std::thread::JoinHandle::join);
        ensure!(matches!(ended, Some(Ok(()))), "the writer panicked");
        Ok(())
    }
}

/// What stands, while it does.
pub(crate) struct Looking<'a> {
    book: &'a domain::Book,
}

impl Looking<'_> {
    /// What stands in a cell as known at an instant; `None` when nothing does.
    pub(crate) fn standing(&self, cell: &Cell, known_at: Timestamp) -> anyhow::Result<Option<Standing>> {
        let as_of = AsOf { known_at: Some(known_at), position: self.book.head() };
        let Some(entry) = self.book.result(cell, as_of).and_then(StoredResult::entry) else {
            return Ok(None);
        };
        match entry.figure {
            Figure::Stated { value, .. } => Ok(Some(Ok(plain(&value.to_string())))),
            Figure::Missing(missing) => Ok(Some(Err(missing))),
            Figure::Counted { .. } => bail!("{cell:?} is counted, although no file counts"),
        }
    }

    /// How settled what stands is, and the source's own text of it.
    pub(crate) fn said(&self, cell: &Cell, known_at: Timestamp) -> Option<(domain::Status, String)> {
        let as_of = AsOf { known_at: Some(known_at), position: self.book.head() };
        let entry = self.book.result(cell, as_of).and_then(StoredResult::entry)?;
        Some((entry.status, entry.source_text.clone()))
    }

    /// How many cells were ever recorded.
    pub(crate) fn n_cells(&self) -> usize {
        self.book.n_cells()
    }

    /// How far the log goes.
    pub(crate) fn n_records(&self) -> u64 {
        self.book.head().get()
    }

    /// The submissions: how the first file of each was read.
    pub(crate) fn layouts(&self) -> Vec<String> {
        let sources = self.book.submissions().iter().filter_map(|received| received.sources.first());
        sources.map(|source| source.layout.clone()).collect()
    }
}

/// A file to put in.
pub(crate) fn file(name: &str, bytes: Vec<u8>, layout: &str, select: &str) -> File {
    File { name: name.to_owned(), bytes, layout: layout.to_owned(), select: select.to_owned(), snapshot: false }
}

/// A cell by its codes.
pub(crate) fn cell(measure: &str, area: &str, cohort: &str, period: &str) -> anyhow::Result<Cell> {
    let series = Series { measure: MeasureId::new(measure)?, area: AreaId::new(area)?, cohort: CohortId::new(cohort)? };
    Ok(Cell { series, period: Period::parse(period)? })
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX)).expect("the clock is within the years")
}

fn actor() -> anyhow::Result<Actor> {
    Ok(Actor { id: ActorId::new("check-releases")?, authenticated: false })
}

fn request(files: Vec<File>, known_at: Option<&str>, why: &str) -> anyhow::Result<Request> {
    let mut content = why.as_bytes().to_vec();
    for file in &files {
        content.extend_from_slice(&file.bytes);
    }
    Ok(Request {
        id: None,
        digest: sha256(&content),
        actor: actor()?,
        known_at: known_at.map(str::parse).transpose()?,
        why: Why { reason: why.to_owned(), cause: None },
        files,
        instructions: Vec::new(),
        set_aside: false,
        expected: None,
        accept_withdrawals: None,
    })
}
