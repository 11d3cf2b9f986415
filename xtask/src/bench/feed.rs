//! The feed of the real server: how soon a follower has what was put in, and how much it takes.

use super::journal::{Folder, read, served};
use super::row::Row;
use crate::process;
use anyhow::Result;

pub(crate) fn rows() -> Result<Vec<Row>> {
    let mut command = served("feed")?;
    let folder = Folder::create()?;
    process::capture(command.arg(&folder.0))?.lines().map(read).collect()
}
