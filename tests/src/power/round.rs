//! One round: a new folder, some cuts, and what was left.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use super::{Disk, EXIT_CANNOT_OPEN, EXIT_LOST, Names, Plan, Scene, Syncs};

const KILLED: i32 = 9;
const OVERDUE: i32 = 14;
/// How many of 100 unsynced pages survive: one of these, drawn for each cut.
const PAGES_KEPT: [u64; 6] = [0, 10, 30, 30, 50, 90];
/// Which unsynced pages survive: by chance; or those written last, as when a disk writes a reused place before the one
/// that replaces it; or those written first. Drawn for each cut.
const ORDERS: [&str; 5] = ["chance", "chance", "late", "late", "early"];
/// Creating a journal takes about twelve calls, and the first commit ten more.
const CALLS_OF_CREATION: u64 = 20;
/// Opening what was cut takes about eight calls, more with an unfinished commit to remove or a snapshot to write.
const CALLS_OF_RECOVERY: u64 = 24;
/// How many of 100 pages that survive are torn: one of these, drawn for each cut.
const PAGES_TORN: [u64; 4] = [0, 0, 30, 100];
/// A few thousand records are enough for the store to use this many places again.
const OVERWRITES: u64 = 30;
/// At most this many cuts while opening, one after the other.
const RECOVERIES_MAX: u64 = 4;
/// At most this many cuts while copying, one after the other.
const COPIES_MAX: u64 = 3;

/// What became of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Everything that was acknowledged is there, nothing is there in part, and the log proves itself.
    Intact,
    /// Something that was acknowledged is missing or different, or a commit is there in part. What was said.
    Lost(String),
    /// The journal does not open, or takes no more. What was said.
    CannotOpen(String),
}

/// What one round found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What became of the journal, after the last cut or the first that it did not survive.
    pub outcome: Outcome,
    /// How often the power was cut.
    pub n_cuts: u64,
    /// How many commits and copies were acknowledged before the last cut.
    pub n_acknowledged: u64,
    /// What the last cut left and took, file by file, for a person.
    pub last_cut: String,
}

/// Random numbers from a seed (`SplitMix64`).
struct Draw(u64);

impl Draw {
    /// From 0 to `n` − 1; `n` is not 0.
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)).checked_rem(n).unwrap_or(0)
    }

    fn one_of<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let n = u64::try_from(choices.len()).unwrap_or(1);
        let at = usize::try_from(self.below(n)).unwrap_or(0);
        choices.get(at).copied().unwrap_or_default()
    }
}

/// Runs one round.
///
/// # Errors
/// The simulation itself did not work: a process hung, or did what the disk cannot follow. What became of the journal is
/// never an error.
pub fn round(disk: &Disk, plan: Plan, seed: u64) -> Result<Report> {
    let folder = tempfile::Builder::new().prefix("scorebook-power-").tempdir().context("a temporary folder")?;
    let root = folder.path().canonicalize().context("a folder that was just made")?;
    fs::create_dir(root.join("undo")).context("a folder in it")?;
    fs::create_dir(root.join("disk")).context("another")?;
    File::create(root.join("acknowledged")).context("a file in it")?;
    let mut round = Round { disk, plan, draw: Draw(seed), root, n_cuts: 0, _folder: folder };
    let outcome = round.run()?;
    Ok(Report {
        outcome,
        n_cuts: round.n_cuts,
        n_acknowledged: u64::try_from(round.read("acknowledged")?.lines().count())?,
        last_cut: round.read("trace")?,
    })
}

struct Round<'d> {
    disk: &'d Disk,
    plan: Plan,
    draw: Draw,
    root: PathBuf,
    n_cuts: u64,
    _folder: TempDir,
}

impl Round<'_> {
    /// Cuts and checks as the scene says, until something is amiss.
    fn run(&mut self) -> Result<Outcome> {
        match self.plan.scene {
            Scene::Load | Scene::Overwriting | Scene::Creation => {
                let (n_commits, n_calls) = self.load();
                let over = self.plan.scene == Scene::Overwriting;
                let (n_commits, n_calls) =
                    if over { (n_commits.saturating_mul(4), OVERWRITES) } else { (n_commits, n_calls) };
                let first = if self.plan.scene == Scene::Creation { CALLS_OF_CREATION } else { n_calls };
                self.cut_and_check(&[first, n_calls].map(|n_calls| (n_commits, n_calls)))
            }
            Scene::Recovery => {
                let (n_commits, n_calls) = self.load();
                let outcome = self.cut(n_commits, n_calls)?;
                let n_cuts = self.draw.below(RECOVERIES_MAX).saturating_add(1);
                self.cut_in_a_row(outcome, n_cuts, (n_commits, CALLS_OF_RECOVERY))
            }
            Scene::BackingUp | Scene::Resuming | Scene::Exporting | Scene::Restoring | Scene::Importing => {
                self.fill()?;
                let n_cuts = self.draw.below(COPIES_MAX).saturating_add(1);
                let load = self.load_of_copies();
                let outcome = self.cut_in_a_row(Outcome::Intact, n_cuts, load)?;
                if outcome == Outcome::Intact { self.cut_and_check(&[load]) } else { Ok(outcome) }
            }
        }
    }

    /// Cuts, each time after so many commits and calls, and checks after each.
    fn cut_and_check(&mut self, loads: &[(u64, u64)]) -> Result<Outcome> {
        for &(n_commits, n_calls) in loads {
            let outcome = self.cut_in_a_row(Outcome::Intact, 1, (n_commits, n_calls))?;
            if outcome != Outcome::Intact {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Intact)
    }

    /// Cuts again and again, and checks after the last.
    fn cut_in_a_row(&mut self, mut outcome: Outcome, n_cuts: u64, (n_commits, n_calls): (u64, u64)) -> Result<Outcome> {
        for _cut in 0..n_cuts {
            if outcome == Outcome::Intact {
                outcome = self.cut(n_commits, n_calls)?;
            }
        }
        if outcome == Outcome::Intact { self.check() } else { Ok(outcome) }
    }

    /// Makes what is copied, on a disk that keeps its power.
    fn fill(&self) -> Result<()> {
        self.steadily("append", if self.plan.batch < 1_024 { 12 } else { 2 })?;
        match self.verb() {
            "restore" => self.steadily("backup", 1),
            "import" => self.steadily("export", 1),
            _ => Ok(()),
        }
    }

    /// How many commits are appended at most, and among how many calls the cut is drawn. The last calls are not reached
    /// every time, so that the power sometimes goes when all is done and the journal closed.
    fn load(&self) -> (u64, u64) {
        match self.plan.batch {
            0..64 => (100, 760),
            64..1_024 => (60, 460),
            1_024..4_096 => (12, 150),
            _ => (3, 130),
        }
    }

    /// The same for copies.
    fn load_of_copies(&self) -> (u64, u64) {
        match (self.verb(), self.plan.batch < 1_024) {
            ("backup", true) => (3, 100),
            ("backup", false) => (2, 160),
            ("export", true) => (3, 70),
            ("export", false) => (1, 95),
            (_, true) => (1, 80),
            (_, false) => (1, 200),
        }
    }

    /// Runs the scene's verb until the power goes at one of the first `n_calls` calls, or after the end.
    fn cut(&mut self, n_commits: u64, n_calls: u64) -> Result<Outcome> {
        let at = self.draw.below(n_calls).saturating_add(1);
        let (seed, pages) = (self.draw.below(u64::MAX), self.draw.one_of(&PAGES_KEPT));
        let over = self.plan.scene == Scene::Overwriting;
        let order = if over { "over" } else { self.draw.one_of(&ORDERS) };
        let torn = Draw(seed).one_of(&PAGES_TORN);
        drop(fs::remove_file(self.root.join("trace")));
        let mut command = self.disk.steady();
        command.arg(self.verb()).arg(self.disk_folder()).arg(self.plan.batch.to_string()).arg(n_commits.to_string());
        command.env("POWER_ROOT", self.disk_folder()).env("POWER_UNDO", self.root.join("undo"));
        command.env("POWER_CUT_AT", at.to_string()).env("POWER_SEED", seed.to_string());
        command.env("POWER_PAGES", pages.to_string()).env("POWER_TRACE", self.root.join("trace"));
        command.env("POWER_ORDER", order).env("POWER_TORN", torn.to_string());
        command.env("POWER_NAMES", if self.plan.names == Names::Now { "now" } else { "folder" });
        if self.plan.syncs == Syncs::Ignored {
            command.env("POWER_NO_SYNC", "db");
        }
        command.stdout(self.acknowledged()?);
        let output = finish(&mut command)?;
        if output.status.signal() == Some(KILLED) {
            self.n_cuts = self.n_cuts.saturating_add(1);
            // A process that ends with an error loses its power then, too.
            let said = said(&output);
            return Ok(if said.is_empty() { Outcome::Intact } else { Outcome::CannotOpen(said) });
        }
        match failed(&output)? {
            Outcome::Intact => bail!("the program ended, but its power should have been cut: {}", said(&output)),
            Outcome::Lost(said) => Ok(Outcome::CannotOpen(format!("it opened, but took no more: {said}"))),
            Outcome::CannotOpen(said) => Ok(Outcome::CannotOpen(said)),
        }
    }

    /// Opens what is left, and holds it against what was acknowledged.
    fn check(&self) -> Result<Outcome> {
        let verb = match self.verb() {
            "append" => "check".to_owned(),
            verb => format!("check-{verb}"),
        };
        let mut command = self.disk.steady();
        command.arg(verb).arg(self.disk_folder()).arg(self.plan.batch.to_string()).arg(self.root.join("acknowledged"));
        failed(&finish(command.stdout(Stdio::piped()))?)
    }

    /// Runs a verb on a disk that keeps its power.
    fn steadily(&self, verb: &str, n_commits: u64) -> Result<()> {
        let mut command = self.disk.steady();
        command.arg(verb).arg(self.disk_folder()).arg(self.plan.batch.to_string()).arg(n_commits.to_string());
        match failed(&finish(command.stdout(self.acknowledged()?))?)? {
            Outcome::Intact => Ok(()),
            Outcome::Lost(said) | Outcome::CannotOpen(said) => bail!("without a cut, {verb} says: {said}"),
        }
    }

    /// What the driver is told to do.
    const fn verb(&self) -> &'static str {
        match self.plan.scene {
            Scene::Load | Scene::Overwriting | Scene::Creation | Scene::Recovery => "append",
            Scene::BackingUp => "backup",
            Scene::Resuming => "resume",
            Scene::Exporting => "export",
            Scene::Restoring => "restore",
            Scene::Importing => "import",
        }
    }

    fn acknowledged(&self) -> Result<File> {
        File::options().append(true).open(self.root.join("acknowledged")).context("the acknowledgements")
    }

    fn disk_folder(&self) -> PathBuf {
        self.root.join("disk")
    }

    fn read(&self, name: &str) -> Result<String> {
        read(&self.root.join(name))
    }
}

/// A trace's calls are many: only what the cut did is kept.
fn read(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.find("cut at").and_then(|at| text.get(at..)).unwrap_or(&text).to_owned())
}

fn finish(command: &mut Command) -> Result<Output> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::piped()).output().context("the driver does not start")?;
    if output.status.signal() == Some(OVERDUE) {
        bail!("the driver hung: {command:?}: {}", said(&output));
    }
    Ok(output)
}

/// What a process that was not cut says by how it ended.
fn failed(output: &Output) -> Result<Outcome> {
    match output.status.code() {
        Some(0) => Ok(Outcome::Intact),
        Some(97) => bail!("the disk cannot follow: {}", said(output)),
        Some(code) if code == i32::from(EXIT_LOST) => Ok(Outcome::Lost(said(output))),
        Some(code) if code == i32::from(EXIT_CANNOT_OPEN) => Ok(Outcome::CannotOpen(said(output))),
        // A panic, or a signal: the journal ended the process instead of saying what is wrong.
        Some(_) | None => Ok(Outcome::CannotOpen(format!("{}: {}", output.status, said(output)))),
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}
