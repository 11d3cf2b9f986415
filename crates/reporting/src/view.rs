//! The canonical answer that a committee view stores: form `view/1`, and what a replay makes of it.
//!
//! An outline in plain text: the first line names the form, each other says one thing as `name<TAB>value`, and belongs to
//! the line above it that is indented by one tab less. Facts, ratings, words and their order; nothing of columns, fonts or
//! pages. It is to be read in fifty years without this program, which is why it is not an encoding of anything else.
//!
//! Invariant: what [`write`] gives for the same answer never changes. A line that is to be said otherwise is another form.

mod outline;
mod writing;

pub use outline::{Line, Malformed, Outline};
pub use writing::write;

/// The form that is written.
pub use domain::view::FORM;

/// One thing that is computed otherwise now than it was when the view was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// Where: the lines above it, outermost first, as `section Monthly indicators`, `row ehcp-20-weeks`.
    pub within: Vec<String>,
    /// What the committee saw: a line; `None` where it saw none.
    pub seen: Option<String>,
    /// What this program computes: a line; `None` where it computes none.
    pub computed: Option<String>,
}

impl Departure {
    /// “Under row ehcp-20-weeks, this program computes result 44% where the committee saw result 43.4%.”
    pub fn words(&self) -> String {
        let where_ = match self.within.last() {
            Some(line) => format!("Under “{line}”, this"),
            None => "This".to_owned(),
        };
        let line = |line: &Option<String>| line.as_ref().map_or("nothing".to_owned(), |line| format!("“{line}”"));
        let (computed, seen) = (line(&self.computed), line(&self.seen));
        format!("{where_} program computes {computed} where the committee saw {seen}.")
    }
}

/// What a rebuilt answer says otherwise than the stored one, in the stored one's order; empty when both are the same text.
///
/// Lines are paired by their name, and those that begin something (a section, a row, a benchmark) by their value too; what
/// is said in another order is told as gone and come.
///
/// Cost: the product of the lines under one line, which are few but for the rows of a section.
pub fn departures(stored: &Outline, rebuilt: &Outline) -> Vec<Departure> {
    let mut found = Vec::new();
    outline::compare(&stored.lines, &rebuilt.lines, &mut Vec::new(), &mut found);
    found
}
