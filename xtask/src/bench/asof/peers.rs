//! The peers' programs: set up once, then run as their own scripts run them, except for what is not compared here.

use crate::process;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the program that makes questions is seeded with, and what makes others.
const SEED: &str = "random.Random(20250401)";
const OTHER_SEED: &str = "random.Random(20261122)";
/// Where Debian puts the programs of the `PostgreSQL` that is measured.
const POSTGRES: &str = "/usr/lib/postgresql/15/bin/initdb";

pub(super) struct Peers {
    folder: PathBuf,
    /// Where everything is that is made.
    pub(super) data: PathBuf,
    /// Where the figures of this run go.
    pub(super) results: PathBuf,
}

impl Peers {
    /// Builds them and makes the county, where that is not done yet: some minutes, the first time.
    pub(super) fn set_up(folder: &Path) -> Result<Self> {
        let folder = folder.canonicalize().with_context(|| format!("there are no peers in {}", folder.display()))?;
        if !Path::new(POSTGRES).exists() {
            bail!("{POSTGRES} is not there to compare with: `apt-get install -y postgresql-15`");
        }
        let data = std::env::var_os("PEERS_DATA").map_or_else(|| PathBuf::from("/tmp/peers-data"), PathBuf::from);
        let results = data.join(format!("results/asof-{}.jsonl", std::process::id()));
        fs::create_dir_all(data.join("results")).with_context(|| format!("cannot make {}", data.display()))?;
        let peers = Self { folder, data, results };
        process::run(&mut peers.script("setup.sh", "0"))?;
        Ok(peers)
    }

    /// What every program here is told through its environment.
    pub(super) fn settings<'a>(&self, command: &'a mut Command, run: &str, scale: &str) -> &'a mut Command {
        command
            // They are built by the toolchain that they are built by without us.
            .env_remove("RUSTUP_TOOLCHAIN")
            .env("PEERS_DATA", &self.data)
            .env("CARGO_TARGET_DIR", self.data.join("target"))
            .env("RESULTS", &self.results)
            .env("QUERIES", self.questions())
            .env("RUN", run)
            .env("SCALE", scale)
    }

    /// The questions that come with the peers.
    pub(super) fn questions(&self) -> PathBuf {
        self.folder.join("queries")
    }

    fn script(&self, name: &str, run: &str) -> Command {
        let mut command = Command::new("bash");
        self.settings(&mut command, run, "county").arg(self.folder.join(name));
        command
    }

    /// Makes a workload, unless it is there.
    pub(super) fn generate(&self, scale: &str) -> Result<()> {
        if self.data.join(scale).join("meta.json").exists() {
            return Ok(());
        }
        process::run(self.script("gen.sh", "0").args([scale, "csv"]))
    }

    /// Other questions with their answers, made by the same program from another seed: half a minute, the first time.
    pub(super) fn other_questions(&self) -> Result<PathBuf> {
        let folder = self.data.join("other-questions");
        if folder.join("q5_expected.json").exists() {
            return Ok(folder);
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let program = self.questions().join("make.py");
        let text = fs::read_to_string(&program).with_context(|| format!("cannot read {}", program.display()))?;
        if text.matches(SEED).count() != 1 {
            bail!("{} is not seeded by `{SEED}` any more: say here by what it is", program.display());
        }
        let mut command = Command::new("python3");
        command.arg("-").arg(self.data.join("county")).arg(&folder).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().context("cannot start python3")?;
        let mut input = child.stdin.take().context("python3 has no input")?;
        input.write_all(text.replace(SEED, OTHER_SEED).as_bytes()).context("python3 reads no program")?;
        drop(input);
        let ended = child.wait().context("cannot wait for python3")?;
        if !ended.success() {
            bail!("`{}` with another seed failed: {ended}", program.display());
        }
        Ok(folder)
    }

    /// Starts its own `PostgreSQL`, which ends with what is returned.
    pub(super) fn start_postgres(&self) -> Result<Postgres<'_>> {
        // It may be left over from a run that was interrupted.
        if self
            .script("pg_cluster.sh", "0")
            .arg("psql")
            .args(["-d", "postgres", "-Atc", "select 1"])
            .status()?
            .success()
        {
            return Ok(Postgres(self));
        }
        process::run(self.script("pg_cluster.sh", "0").arg("start"))?;
        Ok(Postgres(self))
    }

    /// Loads the county into each, checks and times its answers; in the first round those to other questions too.
    pub(super) fn round(&self, round: usize, other: Option<&Path>) -> Result<()> {
        let run = round.to_string();
        for peer in [Peer::Sqlite, Peer::Duckdb, Peer::Postgres] {
            self.run(peer, &run, "load", None)?;
            self.run(peer, &run, "queries", None)?;
            self.run(peer, &run, "q5", None)?;
            if let Some(other) = other {
                self.run(peer, "other questions", "queries", Some(other))?;
            }
        }
        self.run(Peer::Postgres, &run, "s1", None)
    }

    fn run(&self, peer: Peer, run: &str, what: &str, questions: Option<&Path>) -> Result<()> {
        let mut command = match peer {
            Peer::Sqlite => Command::new(self.data.join("target/release/peer-sqlite")),
            Peer::Postgres => Command::new(self.data.join("target/release/peer-pg")),
            Peer::Duckdb => {
                let mut python = Command::new(self.data.join("venv/bin/python"));
                python.arg(self.folder.join("py/duckdb_bench.py")).env("PYTHONDONTWRITEBYTECODE", "1");
                python
            }
        };
        self.settings(&mut command, run, "county").args([what, "county"]);
        if let Some(questions) = questions {
            command.env("QUERIES", questions);
        }
        process::capture(&mut command).map(|_said| ())
    }
}

#[derive(Clone, Copy)]
enum Peer {
    Sqlite,
    Postgres,
    Duckdb,
}

/// A running cluster.
pub(super) struct Postgres<'a>(&'a Peers);

impl Drop for Postgres<'_> {
    fn drop(&mut self) {
        if let Err(error) = process::capture(self.0.script("pg_cluster.sh", "0").arg("stop")) {
            println!("PostgreSQL could not be stopped: {error:#}");
        }
    }
}
