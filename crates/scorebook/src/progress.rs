//! How far a long copy is, on a terminal.

use std::time::Duration;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use journal::Progress;

/// From here on a bar is shown; fewer records are copied before one could read it.
const PROGRESS_RECORDS: u64 = 10_000;

/// A bar on standard error, where that is a terminal and there is much to do. It is gone when it is dropped.
pub(crate) struct Bar {
    on_screen: ProgressBar,
    style: ProgressStyle,
    doing: &'static str,
    shown: bool,
}

impl Bar {
    /// A bar that says what is being done.
    ///
    /// # Errors
    /// When its template is wrong.
    pub(crate) fn new(doing: &'static str) -> anyhow::Result<Self> {
        let style =
            ProgressStyle::with_template("{spinner} {bar:30} {human_pos} of {human_len} records, {msg} ({elapsed})")
                .context("the progress bar's template is wrong")?;
        Ok(Self { on_screen: ProgressBar::hidden(), style, doing, shown: false })
    }

    /// Shows how far it is.
    pub(crate) fn tell(&mut self, progress: Progress) {
        if !self.shown && progress.n_total >= PROGRESS_RECORDS {
            self.shown = true;
            self.on_screen = ProgressBar::new(progress.n_total);
            self.on_screen.set_style(self.style.clone());
            self.on_screen.enable_steady_tick(Duration::from_millis(100));
        }
        let doing = if progress.n_done < progress.n_total { self.doing } else { "proving" };
        self.on_screen.set_message(doing);
        self.on_screen.set_position(progress.n_done);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.on_screen.finish_and_clear();
    }
}
