//! The terminal: how wide it is, whether it wants colour, and asking before something is recorded.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use anyhow::Context as _;

use crate::arguments;
use crate::show::Style;

/// The width that is used when nobody says: a page that most people can read.
const WIDTH_DEFAULT: usize = 100;
/// Wider lines are hard to read across.
const WIDTH_MAX: usize = 200;

/// How to write for this terminal.
pub(crate) fn style(flags: arguments::Screen) -> Style {
    let stdout = io::stdout();
    let colour = match flags.colour {
        arguments::When::Always => true,
        arguments::When::Never => false,
        arguments::When::Auto => anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never,
    };
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let width = flags.width.map_or_else(|| terminal.unwrap_or(WIDTH_DEFAULT).clamp(40, WIDTH_MAX), usize::from);
    Style { colour, width, ascii: flags.ascii }
}

/// Says for the whole program whether colour reaches standard output and standard error.
pub(crate) fn choose_colour(when: arguments::When) {
    let choice = match when {
        arguments::When::Auto => anstream::ColorChoice::Auto,
        arguments::When::Always => anstream::ColorChoice::Always,
        arguments::When::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

/// True when somebody sits in front of it.
pub(crate) fn attended() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a yes-or-no question on standard error; anything but yes is no.
///
/// # Errors
/// When the terminal cannot be read or written.
pub(crate) fn confirm(question: &str) -> anyhow::Result<bool> {
    let mut stderr = io::stderr();
    write!(stderr, "{question} [y/N] ").and_then(|()| stderr.flush()).context("the terminal cannot be written")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).context("the terminal cannot be read")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
