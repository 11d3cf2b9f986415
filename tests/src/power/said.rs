//! What the program itself says is done, in folders that were not there: the power goes as soon as it has said so, and
//! what was not synced by then is lost.

use std::fs;
use std::process::Stdio;

use tempfile::TempDir;

use super::Disk;
use crate::program;

/// Enough that a name which is not durable is lost at one of them.
const SEEDS: [u64; 2] = [1, 2];

struct Folder {
    disk: Disk,
    folder: TempDir,
}

impl Folder {
    fn new() -> Self {
        let disk = Disk::build(program::path()).unwrap_or_else(|error| panic!("{error:#}"));
        let folder = tempfile::Builder::new().prefix("scorebook-power-").tempdir().unwrap();
        fs::create_dir(folder.path().join("disk")).unwrap();
        fs::create_dir(folder.path().join("undo")).unwrap();
        Self { disk, folder }
    }

    /// Runs a command line in the folder; the power goes when the program has ended, with a seed.
    #[track_caller]
    fn run(&self, line: &str, cut: Option<u64>) -> String {
        let root = self.folder.path().canonicalize().unwrap();
        let mut command = self.disk.steady();
        command.args(program::words(line)).current_dir(root.join("disk")).env("HOME", &root).stdin(Stdio::null());
        if let Some(seed) = cut {
            command.env("POWER_ROOT", root.join("disk")).env("POWER_UNDO", root.join("undo"));
            command.env("POWER_CUT_AT", u64::MAX.to_string()).env("POWER_SEED", seed.to_string());
            command.env("POWER_PAGES", "0").env("POWER_NAMES", "folder");
        }
        let output = command.output().unwrap();
        let said = program::Finished::from_output(line.to_owned(), output);
        assert_eq!(said.code, if cut.is_some() { None } else { Some(0) }, "{}", said.whole());
        assert_eq!(said.stderr, "", "{}", said.whole());
        said.stdout
    }
}

/// The `position:chain` in an answer.
fn head(said: &str) -> &str {
    said.lines().find_map(|line| line.strip_prefix("Head: ")).expect("it says up to where it goes")
}

#[test]
fn what_the_program_says_is_done_is_there_after_a_cut() {
    for seed in SEEDS {
        let folder = Folder::new();
        folder.run("init --authority E10000016 --data-dir councils/kent", Some(seed));
        let made = folder.run("backup backups/kent --data-dir councils/kent", Some(seed));
        let exported = folder.run("log export kent.jsonl --data-dir councils/kent", Some(seed));
        assert_eq!(head(&exported), head(&made));
        folder.run("restore backups/kent --data-dir restored/kent", Some(seed));
        folder.run("log import kent.jsonl --data-dir imported/kent", Some(seed));
        for dir in ["councils", "restored", "imported"] {
            folder.run(&format!("log verify --data-dir {dir}/kent --expect {}", head(&made)), None);
        }
    }
}
