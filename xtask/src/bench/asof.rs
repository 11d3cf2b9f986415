//! A county of ten years as of any time, beside well-tuned peers: `cargo xtask bench asof PEERS [--rounds N] [--national]`.
//!
//! `PEERS` is the folder of the peers, with their programs, generator and query sets, which is only read. What they make, and
//! our logs, are in the folder that `PEERS_DATA` names, `/tmp/peers-data` without it, and stay there for the next run.
//!
//! Everybody answers both query sets, and every answer is compared with the expected one before anything is timed; the second
//! set is the first one's program with another seed. With `--national`, ours takes in twelve counties in one log too.

mod figures;
mod peers;
mod table;

use super::row::Row;
use super::{build_example, release_folder};
use crate::process;
use anyhow::{Context, Result, bail};
use figures::Figures;
use peers::Peers;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many rounds are measured; each takes some three minutes.
const N_ROUNDS: usize = 3;

struct Arguments {
    peers: PathBuf,
    n_rounds: usize,
    national: bool,
}

impl Arguments {
    fn read(arguments: &[String]) -> Result<Self> {
        let usage = "say `cargo xtask bench asof PEERS [--rounds N] [--national]`, where PEERS is the peers' folder";
        let [peers, rest @ ..] = arguments else { bail!("{usage}") };
        let mut read = Self { peers: PathBuf::from(peers), n_rounds: N_ROUNDS, national: false };
        let mut rest = rest.iter().map(String::as_str);
        while let Some(word) = rest.next() {
            match word {
                "--national" => read.national = true,
                "--rounds" => {
                    let number = rest.next().with_context(|| usage)?;
                    read.n_rounds = number.parse().with_context(|| format!("{number:?} is not a number of rounds"))?;
                }
                other => bail!("{other:?} is not known; {usage}"),
            }
        }
        Ok(read)
    }
}

pub(crate) fn rows(arguments: &[String]) -> Result<Vec<Row>> {
    let Arguments { peers, n_rounds, national } = Arguments::read(arguments)?;
    build_example("scorebook", "asof")?;
    build_example("scorebook", "projections")?;
    let peers = Peers::set_up(&peers)?;
    let examples = release_folder().join("examples");
    let folder = peers.data.join("scorebook");
    let ours = Ours { program: examples.join("asof"), projections: examples.join("projections"), folder };
    println!("{}", machine()?);
    ours.prepare(&peers, "county")?;
    let other = peers.other_questions()?;
    let _cluster = peers.start_postgres()?;
    for round in 1..=n_rounds {
        println!("round {round} of {n_rounds}; load {}", load()?);
        let again = if round == 1 { Some(other.as_path()) } else { None };
        peers.round(round, again)?;
        ours.round(&peers, round, again)?;
    }
    if national {
        println!("twelve counties; load {}", load()?);
        peers.generate("national")?;
        ours.prepare(&peers, "national")?;
        ours.national(&peers)?;
    }
    println!("load {} at the end; every figure is in {}", load()?, peers.results.display());
    let figures = Figures::read(&fs::read_to_string(&peers.results).context("no figures were written")?)?;
    figures.check()?;
    table::rows(&figures, national)
}

/// Our own program.
struct Ours {
    program: PathBuf,
    /// The one that tells what the projections take, by an allocator that counts.
    projections: PathBuf,
    /// Its files and its logs.
    folder: PathBuf,
}

impl Ours {
    fn files(&self, scale: &str) -> PathBuf {
        self.folder.join(format!("{scale}-files"))
    }

    /// Makes the files that ours reads, unless they are there.
    fn prepare(&self, peers: &Peers, scale: &str) -> Result<()> {
        let files = self.files(scale);
        if files.join("done").exists() {
            return Ok(());
        }
        process::run(Command::new(&self.program).arg("prepare").arg(peers.data.join(scale)).arg(&files))?;
        fs::write(files.join("done"), "").context("no room for files")
    }

    fn run(&self, peers: &Peers, (run, scale): (&str, &str), words: &[&Path]) -> Result<()> {
        let mut command = Command::new(&self.program);
        process::capture(peers.settings(&mut command, run, scale).args(words)).map(|_said| ())
    }

    fn projections(&self, peers: &Peers, (run, scale): (&str, &str), data: &Path) -> Result<()> {
        let mut command = Command::new(&self.projections);
        process::capture(peers.settings(&mut command, run, scale).arg(data)).map(|_said| ())
    }

    fn round(&self, peers: &Peers, round: usize, other: Option<&Path>) -> Result<()> {
        let (run_number, data) = (round.to_string(), self.folder.join("county"));
        let (files, questions) = (self.files("county"), peers.questions());
        let run = |words: &[&Path]| self.run(peers, (&run_number, "county"), words);
        run(&[Path::new("load"), &files, &data])?;
        run(&[Path::new("questions"), &data, &questions])?;
        run(&[Path::new("rebuild"), &data, &questions])?;
        run(&[Path::new("opening"), &data, &questions])?;
        self.projections(peers, (&run_number, "county"), &data)?;
        run(&[Path::new("served"), &data, &questions])?;
        if let Some(other) = other {
            for what in ["questions", "rebuild", "served"] {
                self.run(peers, ("other questions", "county"), &[Path::new(what), &data, other])?;
            }
        }
        // They add to the log, which the next round makes anew.
        run(&[Path::new("live"), &data])?;
        run(&[Path::new("mixed"), &data, &questions])
    }

    fn national(&self, peers: &Peers) -> Result<()> {
        let (data, questions) = (self.folder.join("national"), peers.questions());
        let run = |words: &[&Path]| self.run(peers, ("1", "national"), words);
        run(&[Path::new("load"), &self.files("national"), &data])?;
        run(&[Path::new("opening"), &data, &questions])?;
        self.projections(peers, ("1", "national"), &data)?;
        run(&[Path::new("questions"), &data, &questions])
    }
}

/// What it is measured on.
fn machine() -> Result<String> {
    let processors = read("/proc/cpuinfo")?;
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let n_processors = processors.lines().filter(|line| line.starts_with("processor")).count();
    let memory = read("/proc/meminfo")?;
    let memory = memory.lines().next().unwrap_or_default().trim_start_matches("MemTotal:").trim().to_owned();
    let kernel = read("/proc/sys/kernel/osrelease")?;
    let model = model.map_or("unknown", |(_, model)| model);
    Ok(format!("machine: {n_processors} × {model}, {memory}, Linux {}; load {}", kernel.trim(), load()?))
}

/// The load of the last minute: who reads the figures should know what else went on.
fn load() -> Result<String> {
    Ok(read("/proc/loadavg")?.split(' ').next().unwrap_or_default().to_owned())
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {path}"))
}

#[cfg(test)]
mod tests;
