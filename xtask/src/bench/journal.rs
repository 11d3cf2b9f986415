//! The journal beside a plain segment file, `PostgreSQL` and `SQLite`: durable appends, reading all of it, bytes on the disk.
//!
//! The measuring programs are an example of the journal and, for what goes through gRPC, one of `scorebook`; here is the
//! `PostgreSQL` that the first needs, which is started for it in a folder of its own and ended with it.

use super::measure::Samples;
use super::row::{Row, Unit};
use super::{build, build_example, release_folder};
use crate::process;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian puts the programs of the version that is measured.
const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";
/// How many records are read, and were written since the last opening when the log is opened after a kill.
const N_RECORDS: u32 = 2_000_000;
/// Generous, so that no checkpoint falls into a round; what makes a commit durable stays as it is by default.
const SETTINGS: &[&str] = &[
    "listen_addresses=''",
    "fsync=on",
    "synchronous_commit=on",
    "shared_buffers=256MB",
    "max_wal_size=8GB",
    "checkpoint_timeout=1h",
];

pub(crate) fn rows() -> Result<Vec<Row>> {
    build_example("journal", "speed")?;
    let mut through_grpc = served("writers")?;
    let folder = Folder::create()?;
    let server = Server::start(&folder.0.join("postgres"))?;
    let mut command = Command::new(release_folder().join("examples/speed"));
    command.arg(&folder.0).arg(N_RECORDS.to_string()).arg(&server.folder);
    let lines = process::capture(&mut command)? + &process::capture(through_grpc.arg(&folder.0))?;
    lines.lines().map(read).collect()
}

/// The program that measures the real server from outside, built and told what to measure; a folder is still to be named.
pub(super) fn served(what: &str) -> Result<Command> {
    build("scorebook")?;
    build_example("scorebook", "served")?;
    let mut command = Command::new(release_folder().join("examples/served"));
    command.arg(what).arg(release_folder().join("scorebook"));
    Ok(command)
}

/// Reads a row as the example prints it: title, peer, unit, goal, our rounds and the peer's, parted by tabs.
pub(super) fn read(line: &str) -> Result<Row> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [title, peer_name, unit, goal, ours, peer] = fields.as_slice() else {
        bail!("{line:?} is not a row of six fields");
    };
    let unit = match *unit {
        "per_second" => Unit::PerSecond,
        "seconds" => Unit::Seconds,
        "bytes" => Unit::Bytes,
        other => bail!("{other:?} is not a unit"),
    };
    Ok(Row {
        title: (*title).to_owned(),
        peer_name: (*peer_name).to_owned(),
        unit,
        ours: samples(ours)?,
        peer: samples(peer)?,
        goal: number(goal)?,
    })
}

fn samples(text: &str) -> Result<Samples> {
    Samples::new(text.split(',').map(number).collect::<Result<_>>()?)
}

fn number(text: &str) -> Result<f64> {
    text.parse().with_context(|| format!("{text:?} is not a number"))
}

/// A folder on a disk: `/tmp` is often in memory, where nothing is durable and every sync is free.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn create() -> Result<Self> {
        let path = PathBuf::from(format!("/var/tmp/scorebook-bench-{}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            println!("cannot remove {}: {error}", self.0.display());
        }
    }
}

/// A `PostgreSQL` of our own.
struct Server {
    /// Its socket is here; its data are in `data`.
    folder: PathBuf,
}

impl Server {
    fn start(folder: &Path) -> Result<Self> {
        if !Path::new(PROGRAMS).join("initdb").exists() {
            bail!("{PROGRAMS} has no PostgreSQL 15 to compare with: `apt-get install -y postgresql-15`");
        }
        let owner = if root()? { "postgres" } else { "" };
        let mut create = Command::new("install");
        create.args(["-d", "-m", "700"]);
        if !owner.is_empty() {
            create.args(["-o", owner]);
        }
        process::run(create.arg(folder))?;
        let server = Self { folder: folder.to_owned() };
        let mut init = server.program("initdb")?;
        init.args(["--username=bench", "--auth=trust", "--encoding=UTF8", "--locale=C", "--pgdata"]);
        process::capture(init.arg(server.data()))?;
        let settings: Vec<String> = SETTINGS.iter().map(|setting| format!("-c {setting}")).collect();
        let socket = format!("-c unix_socket_directories={}", folder.display());
        let mut start = server.program("pg_ctl")?;
        start.args(["start", "--wait", "--silent", "--options", &format!("{} {socket}", settings.join(" "))]);
        // A pipe would stay open as long as the server, which inherits it: it writes into a file instead.
        start.arg("--log").arg(folder.join("log")).arg("--pgdata").arg(server.data());
        process::run(&mut start)?;
        Ok(server)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// One of its programs, which refuse to run as root.
    fn program(&self, name: &str) -> Result<Command> {
        let program = Path::new(PROGRAMS).join(name);
        let mut command = if root()? {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.folder);
        Ok(command)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = self.program("pg_ctl").and_then(|mut stop| {
            stop.args(["stop", "--mode=immediate", "--silent", "--pgdata"]);
            process::run(stop.arg(self.data()))
        });
        if let Err(error) = stopped {
            println!("PostgreSQL could not be stopped: {error:#}");
        }
    }
}

fn root() -> Result<bool> {
    Ok(process::capture(Command::new("id").arg("-u"))?.trim() == "0")
}
