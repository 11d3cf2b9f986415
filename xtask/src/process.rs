//! Running other programs, and saying which one failed.

use anyhow::{Context, Result, bail};
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// The `cargo` that runs this program, started in `root`.
pub(crate) fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root);
    command
}

/// Runs `command` with this program's own output, to its end.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed: {status}");
    }
    Ok(())
}

/// Runs `command` to its end and returns what it printed on standard output.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let output = command.output().with_context(|| format!("cannot start `{shown}`"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{shown}` failed: {}: {}", output.status, said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How a program ended that was given a limited time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It ended by itself and said that all was well.
    Succeeded,
    /// It ended by itself and said that it had failed; this is what it printed as errors.
    Failed(String),
    /// It was still running when its time was over, and was ended.
    TimedOut,
}

/// Runs `command` for at most `limit`. What it prints as errors is kept, the rest is dropped.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<Ending> {
    let shown = shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let Some(said) = said_within(&mut child, limit) else {
        child.kill().with_context(|| format!("cannot end `{shown}`"))?;
        child.wait().with_context(|| format!("cannot wait for `{shown}`"))?;
        return Ok(Ending::TimedOut);
    };
    let status = child.wait().with_context(|| format!("cannot wait for `{shown}`"))?;
    Ok(if status.success() { Ending::Succeeded } else { Ending::Failed(said) })
}

/// What `child` prints as errors until it closes them, or `None` if that takes over `limit`.
fn said_within(child: &mut Child, limit: Duration) -> Option<String> {
    let mut errors = child.stderr.take()?;
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::spawn(move || {
        let mut said = Vec::new();
        // An unreadable pipe tells no more than a closed one: keep what there was.
        let read = errors.read_to_end(&mut said);
        // The receiver is gone when the time was over: nobody wants it then.
        let sent = sender.send(String::from_utf8_lossy(&said).into_owned());
        drop((read, sent));
    });
    receiver.recv_timeout(limit).ok()
}

/// The command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests;
