//! The independent gRPC client: Python's own, which knows the contract from the server's reflection alone.

use std::process::Command;

use serde_json::Value;

use crate::folder::Folder;
use crate::program::{self, Finished};
use crate::server::Server;

/// Runs one chapter of `python/client.py` against a server; it ends well when every check in it held.
#[track_caller]
pub(crate) fn check(server: &Server, chapter: &str) -> Finished {
    let root = program::workspace();
    let python = root.join("target/tools/venv/bin/python");
    assert!(python.is_file(), "{} is not there; run: cargo xtask tools", python.display());
    let mut command = Command::new(python);
    command.arg(root.join("tests/python/client.py")).arg(server.address()).arg(chapter);
    command.env_clear().env("PYTHONDONTWRITEBYTECODE", "1").current_dir(&root);
    let finished = program::run(command, b"");
    assert_eq!(finished.code, Some(0), "{}", finished.whole());
    finished.says(&format!("{chapter}: every check held"))
}

/// The same on a server of its own with Kent's log; gives the folder back when the server has stopped, and the
/// records that the chapter added.
#[track_caller]
pub(crate) fn check_on_kent(chapter: &str) -> (Folder, Vec<Value>) {
    let folder = Folder::kent();
    let head = folder.position();
    let server = Server::start(&folder);
    check(&server, chapter);
    server.stop_cleanly();
    folder.run("log verify").succeeded();
    let added = folder.records_after(head);
    (folder, added)
}
