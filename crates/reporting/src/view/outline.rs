//! The outline: lines that say one thing each, inside of one another.

use std::borrow::Cow;

use super::{Departure, FORM};

/// A view as lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// The outermost.
    pub lines: Vec<Line>,
}

/// A line, and those that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it says something about: lower-case letters and `-`.
    pub name: String,
    /// What it says; may be of several lines.
    pub value: String,
    /// What is said about that.
    pub inner: Vec<Self>,
}

/// A text that is no view.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the view {problem}")]
pub struct Malformed {
    /// From 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl Outline {
    /// Reads a text of form `view/1`.
    ///
    /// # Errors
    /// [`Malformed`], with its line; another form is one.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut texts = (1..).zip(text.lines());
        if texts.next().is_none_or(|(_, form)| form != FORM) {
            return Err(Malformed { line: 1, problem: "is not “view/1”" });
        }
        // The last of these takes the next line that is indented under it.
        let mut open: Vec<Line> = Vec::new();
        let mut outline = Self::default();
        for (line, text) in texts {
            let said = text.trim_start_matches('\t');
            let depth = text.len().saturating_sub(said.len());
            let (name, value) =
                said.split_once('\t').ok_or(Malformed { line, problem: "is not a name and a value" })?;
            if depth > open.len() || depth > DEPTH_MAX {
                return Err(Malformed { line, problem: "is indented under nothing" });
            }
            outline.close(&mut open, depth);
            let value = unescaped(value).ok_or(Malformed { line, problem: "has a wrong escape" })?;
            open.push(Line { name: name.to_owned(), value, inner: Vec::new() });
        }
        outline.close(&mut open, 0);
        Ok(outline)
    }

    /// Puts lines into those that they belong to, until so many are open.
    fn close(&mut self, open: &mut Vec<Line>, depth: usize) {
        while open.len() > depth {
            let Some(line) = open.pop() else { return };
            open.last_mut().map_or(&mut self.lines, |outer| &mut outer.inner).push(line);
        }
    }

    /// The value of the outermost line of a name; empty without one.
    pub fn value(&self, name: &str) -> &str {
        value(&self.lines, name)
    }

    /// The outermost lines of a name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.name == name)
    }
}

impl Line {
    /// The value of the first line of a name that belongs to this one; empty without one.
    pub fn value(&self, name: &str) -> &str {
        value(&self.inner, name)
    }

    /// The first line of a name that belongs to this one.
    pub fn one(&self, name: &str) -> Option<&Self> {
        self.inner.iter().find(|line| line.name == name)
    }

    /// The lines of a name that belong to this one, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.inner.iter().filter(move |line| line.name == name)
    }

    fn said(&self) -> String {
        format!("{} {}", self.name, self.value)
    }

    /// True for a line that begins something of which there may be several.
    fn begins(&self) -> bool {
        matches!(
            self.name.as_str(),
            "section" | "row" | "benchmark" | "commentary" | "action" | "forecast" | "mark" | "cohort-impact"
        )
    }

    /// True for the line that the other is in another outline.
    fn is(&self, other: &Self) -> bool {
        self.name == other.name && (!self.begins() || self.value == other.value)
    }
}

fn value<'a>(lines: &'a [Line], name: &str) -> &'a str {
    lines.iter().find(|line| line.name == name).map_or("", |line| line.value.as_str())
}

/// Nothing is inside of more: scorecard, section, row, result, its record.
const DEPTH_MAX: usize = 8;

/// Tells what differs between lines that belong to the same line.
pub(super) fn compare(stored: &[Line], rebuilt: &[Line], within: &mut Vec<String>, found: &mut Vec<Departure>) {
    let mut left: Vec<&Line> = rebuilt.iter().collect();
    for seen in stored {
        let Some(at) = left.iter().position(|line| seen.is(line)) else {
            found.push(Departure { within: within.clone(), seen: Some(seen.said()), computed: None });
            continue;
        };
        let computed = left.remove(at);
        // Out of its place: whatever stood before it and is seen later was not passed over.
        if left.iter().take(at).any(|passed| stored.iter().any(|later| later.is(passed))) {
            found.push(Departure {
                within: within.clone(),
                seen: Some(seen.said()),
                computed: Some(out_of_order(seen)),
            });
        }
        if seen.value != computed.value {
            let (seen, computed) = (Some(seen.said()), Some(computed.said()));
            found.push(Departure { within: within.clone(), seen, computed });
        }
        within.push(seen.said());
        compare(&seen.inner, &computed.inner, within, found);
        within.pop();
    }
    for computed in left {
        found.push(Departure { within: within.clone(), seen: None, computed: Some(computed.said()) });
    }
}

fn out_of_order(line: &Line) -> String {
    format!("{} further down", line.said())
}

/// A value on one line.
pub(super) fn escaped(value: &str) -> Cow<'_, str> {
    if !value.contains(['\\', '\t', '\n', '\r']) {
        return Cow::Borrowed(value);
    }
    let escape = |character: char| match character {
        '\\' => "\\\\".to_owned(),
        '\t' => "\\t".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        other => other.to_string(),
    };
    Cow::Owned(value.chars().map(escape).collect())
}

fn unescaped(value: &str) -> Option<String> {
    let mut characters = value.chars();
    let mut text = String::with_capacity(value.len());
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next()? {
                '\\' => '\\',
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            other => other,
        });
    }
    Some(text)
}
