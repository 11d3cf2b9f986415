//! A disk that fails a write or may not be written: a clear refusal, and everything acknowledged stays.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::folder::Folder;
use crate::program;
use crate::server::Server;

/// The program of a command, with what the shell does before it.
fn after(script: &str, command: &Command) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("{script}; exec \"$0\" \"$@\"")]).arg(command.get_program()).args(command.get_args());
    shell.env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    shell.current_dir(command.get_current_dir().expect("commands run in their folder"));
    shell
}

#[test]
fn a_disk_that_is_full_loses_nothing_and_is_said() {
    let folder = Folder::kent();
    // A store that may not write at all does not open; that is no damage, and nobody is told to restore a backup.
    let refused = program::run(after("trap '' XFSZ; ulimit -f 0", &folder.command_on_data("status")), b"").failed();
    let refused = refused.complains("opening the store in").complains("File too large");
    assert!(!refused.whole().contains("damage"), "{}", refused.whole());
    // Files of at most 6 MiB, in blocks of 512 bytes; a write over that is an error, as on a full disk, and no signal.
    let command = after("trap '' XFSZ; ulimit -f 12288", &folder.command_on_data("serve --listen 127.0.0.1:0"));
    let server = Server::start_command(command);
    let mut n_acknowledged = 0_u64;
    let mut year = 1900;
    let refused = loop {
        let finished = folder.import(&folder.months(year), "");
        if finished.code != Some(0) {
            break finished;
        }
        n_acknowledged = n_acknowledged.saturating_add(240);
        year = year.saturating_add(20);
        assert!(year < 2_200, "6 MiB hold {n_acknowledged} results, and more");
    };
    assert!(n_acknowledged > 0, "there was room for some: {}", refused.whole());
    let refused = refused.failed();
    let stopped = server.wait();
    assert!(stopped.code.is_some_and(|code| code != 0), "{}", stopped.whole());
    assert!(stopped.stderr.contains("the log has failed"), "{}\n{}", stopped.whole(), refused.whole());

    // With room again, what was acknowledged is there, the last import is there whole or not at all, and a retry settles it.
    // What was never acknowledged is removed now, which it says.
    let verified = folder.run("log verify");
    assert_eq!(verified.code, Some(0), "{}", verified.whole());
    let n_there = || {
        let records = folder.records();
        let of_area = records.iter().filter(|record| record["resultRecorded"]["cell"]["area"] == "E07000105").count();
        u64::try_from(of_area).expect("a count")
    };
    let n_after = n_there();
    assert!([n_acknowledged, n_acknowledged.saturating_add(240)].contains(&n_after), "{n_after} of {n_acknowledged}");
    folder.import(&folder.months(year), "").succeeded();
    assert_eq!(n_there(), n_acknowledged.saturating_add(240));
}

/// Nobody may write into the folder and what is in it, from the bottom up.
fn make_read_only(path: &Path, read_only: bool) {
    for entry in fs::read_dir(path).expect("a folder can be listed") {
        let entry = entry.expect("it is there");
        if entry.file_type().expect("it has one").is_dir() {
            make_read_only(&entry.path(), read_only);
        } else {
            set(&entry.path(), if read_only { 0o444 } else { 0o644 });
        }
    }
    set(path, if read_only { 0o555 } else { 0o755 });
}

fn set(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("they are ours");
}

#[test]
fn a_folder_that_may_not_be_written_is_refused_by_name_and_left_as_it_is() {
    let folder = Folder::kent();
    let before = fs::read(folder.data().join("journal/db")).expect("the journal's store");
    make_read_only(&folder.data(), true);
    for line in ["status", "serve --listen 127.0.0.1:0"] {
        // Permissions do not hold for root, who gives up being it.
        let command = folder.command_on_data(line);
        let finished = if fs::metadata("/proc/self").is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) == 0) {
            set(folder.root(), 0o755);
            let mut as_nobody = Command::new("setpriv");
            as_nobody.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
            as_nobody.arg(command.get_program()).args(command.get_args()).env_clear().current_dir(folder.root());
            as_nobody.env("PATH", "/usr/bin:/bin").env("HOME", folder.home());
            program::run(as_nobody, b"")
        } else {
            program::run(command, b"")
        };
        finished.failed().complains("journal/LOCK failed").complains("ermission denied");
    }
    make_read_only(&folder.data(), false);
    assert!(fs::read(folder.data().join("journal/db")).expect("it is there") == before);
    folder.run("log verify").succeeded();
}
