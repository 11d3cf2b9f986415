//! `PostgreSQL` and `SQLite`, each driven by a process that stays: one line in, one line out.
//!
//! Both get the records as they are stored, encoded before the clock starts, with the position as the key and nothing
//! else: less than any real schema would ask of them. `SQLite` is driven by Python's module, whose `executemany` is C.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A process that answers each line with one.
struct Driver {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Driver {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the peer's driver");
        let to = child.stdin.take();
        let from = BufReader::new(child.stdout.take().expect("its output"));
        Self { child, to, from }
    }

    fn ask(&mut self, line: &str, n_answers: usize) -> String {
        let to = self.to.as_mut().expect("an open driver");
        to.write_all(line.as_bytes()).expect("a driver that listens");
        to.flush().expect("a driver that listens");
        let mut answer = String::new();
        for _ in 0..n_answers {
            answer.clear();
            let n_bytes = self.from.read_line(&mut answer).expect("a driver that answers");
            assert!(n_bytes > 0, "the driver ended: what it said is above");
        }
        answer
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Its input ends, and so does it.
        drop(self.to.take());
        self.child.wait().expect("the driver's end");
    }
}

/// A `PostgreSQL` that is running already.
pub(crate) struct Postgres {
    driver: Driver,
    folder: PathBuf,
}

impl Postgres {
    /// Makes an empty table in the server whose socket is in a folder.
    pub(crate) fn connect(socket: &Path, folder: &Path) -> Self {
        let mut command = Command::new("psql");
        command.args(["--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]);
        command.args(["--username=bench", "--dbname=postgres", "--host"]).arg(socket);
        let mut postgres = Self { driver: Driver::start(&mut command), folder: folder.to_owned() };
        postgres.driver.ask("set client_min_messages = error;\n", 1);
        postgres.driver.ask("drop table if exists log;\n", 1);
        postgres.driver.ask("create table log (position bigint primary key, record bytea not null);\n", 1);
        postgres.driver.ask("prepare put (bigint, bytea) as insert into log values ($1, $2);\n", 1);
        postgres
    }

    /// A file that COPY reads, in its binary form.
    pub(crate) fn prepare(&self, first: u64, records: &[Vec<u8>]) -> PathBuf {
        let mut bytes = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
        for (position, record) in (first..).zip(records) {
            bytes.extend_from_slice(&2_i16.to_be_bytes());
            bytes.extend_from_slice(&8_i32.to_be_bytes());
            bytes.extend_from_slice(&position.to_be_bytes());
            bytes.extend_from_slice(&i32::try_from(record.len()).expect("a short record").to_be_bytes());
            bytes.extend_from_slice(record);
        }
        bytes.extend_from_slice(&(-1_i16).to_be_bytes());
        let path = self.folder.join(format!("copy-{first}"));
        fs::write(&path, bytes).expect("a file for COPY");
        path
    }

    /// One COPY, which is one commit.
    pub(crate) fn copy(&mut self, file: &Path) {
        let line = format!("\\copy log from '{}' with (format binary)\n", file.display());
        let answer = self.driver.ask(&line, 1);
        assert!(answer.starts_with("COPY "), "{answer}");
    }

    /// Inserts one by one, each a commit; they are written out before the clock starts.
    pub(crate) fn inserts(first: u64, records: &[Vec<u8>]) -> String {
        let insert = |(position, record): (u64, &Vec<u8>)| {
            let mut line = format!("execute put ({position}, '\\x");
            for byte in record {
                write!(line, "{byte:02x}").expect("a text takes everything");
            }
            line.push_str("');\n");
            line
        };
        (first..).zip(records).map(insert).collect()
    }

    pub(crate) fn insert(&mut self, inserts: &str) {
        for line in inserts.split_inclusive('\n') {
            let answer = self.driver.ask(line, 1);
            assert!(answer.starts_with("INSERT "), "{answer}");
        }
    }

    pub(crate) fn version(&mut self) -> String {
        let said = self.driver.ask("select current_setting('server_version');\n", 1);
        said.split_whitespace().next().unwrap_or_default().to_owned()
    }
}

/// Reads records behind their lengths from a file, then puts them in and says how many seconds that took.
const SQLITE: &str = r#"
import sqlite3, struct, sys, time
log = sqlite3.connect(sys.argv[1], isolation_level=None)
assert log.execute("pragma journal_mode = wal").fetchone() == ("wal",)
log.execute("pragma synchronous = full")
log.execute("create table log (position integer primary key, record blob not null)")
put = "insert into log values (?, ?)"
def records(path):
    data = open(path, "rb").read()
    position, at = struct.unpack_from("<Q", data)[0], 8
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        yield position, data[at + 4 : at + 4 + length]
        position, at = position + 1, at + 4 + length
for line in sys.stdin:
    verb, path = line.rstrip("\n").split(" ", 1)
    if verb == "version":
        print(sqlite3.sqlite_version, flush=True)
        continue
    rows = list(records(path))
    begin = time.perf_counter()
    if verb == "batch":
        log.execute("begin")
        log.executemany(put, rows)
        log.execute("commit")
    else:
        for row in rows:
            log.execute(put, row)
    print(time.perf_counter() - begin, flush=True)
"#;

/// An `SQLite` file.
pub(crate) struct Sqlite {
    driver: Driver,
    folder: PathBuf,
}

impl Sqlite {
    pub(crate) fn create(folder: &Path) -> Self {
        let mut command = Command::new("python3");
        command.args(["-c", SQLITE]).arg(folder.join("sqlite.db"));
        Self { driver: Driver::start(&mut command), folder: folder.to_owned() }
    }

    pub(crate) fn prepare(&self, first: u64, records: &[Vec<u8>]) -> PathBuf {
        let mut bytes = first.to_le_bytes().to_vec();
        for record in records {
            bytes.extend_from_slice(&u32::try_from(record.len()).expect("a short record").to_le_bytes());
            bytes.extend_from_slice(record);
        }
        let path = self.folder.join(format!("sqlite-{first}"));
        fs::write(&path, bytes).expect("a file for SQLite");
        path
    }

    /// One transaction of all records of a file; the seconds that it took.
    pub(crate) fn batch(&mut self, file: &Path) -> f64 {
        self.timed("batch", file)
    }

    /// One transaction a record.
    pub(crate) fn singles(&mut self, file: &Path) -> f64 {
        self.timed("single", file)
    }

    fn timed(&mut self, verb: &str, file: &Path) -> f64 {
        self.driver.ask(&format!("{verb} {}\n", file.display()), 1).trim().parse().expect("seconds")
    }

    pub(crate) fn version(&mut self) -> String {
        self.driver.ask("version -\n", 1).trim().to_owned()
    }
}
