//! The feed of the real server: how soon a follower has what was put in, and how much it takes. By one process, through a
//! cluster, and for a new node of one.

use super::journal::{Folder, read, served};
use super::row::Row;
use super::{build_example, release_folder};
use crate::{process, tools, workspace};
use anyhow::Result;
use std::process::Command;

pub(crate) fn rows() -> Result<Vec<Row>> {
    tools::fetch_for_tests(&workspace::root())?;
    build_example("jetstream", "catching_up")?;
    let mut catching_up = Command::new(release_folder().join("examples/catching_up"));
    catching_up.arg(release_folder().join("scorebook"));
    let mut lines = String::new();
    for mut command in [served("feed")?, served("cluster")?, catching_up] {
        let folder = Folder::create()?;
        // The servers of NATS make their folders there too.
        lines += &process::capture(command.arg(&folder.0).env("TMPDIR", &folder.0))?;
    }
    lines.lines().map(read).collect()
}
