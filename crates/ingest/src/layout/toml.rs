//! A TOML text by its tables and keys, with the line of each; knows nothing of layouts.

use std::ops::Range;

use toml_edit::{ImDocument, Item, TableLike};

use crate::nearest::nearest;
use crate::refusal::Problem;

/// A problem and the line that it is on.
pub(super) type Found = (u32, Problem);

/// The text, and all that was found wrong with it so far.
pub(super) struct Text<'t> {
    text: &'t str,
    pub(super) problems: Vec<Found>,
}

/// A table, and its name for messages; empty for the whole text.
#[derive(Clone, Copy)]
pub(super) struct Table<'d> {
    name: &'d str,
    keys: &'d dyn TableLike,
    line: u32,
}

/// Reads the text as TOML.
pub(super) fn parse(text: &str) -> Result<ImDocument<&str>, Found> {
    ImDocument::parse(text).map_err(|error| {
        let line = line_of(text, error.span());
        (line, Problem::whole(format!("is not TOML: {}", error.message()), "correct it; docs/LAYOUTS.md has examples"))
    })
}

/// The whole text as a table.
pub(super) fn root<'d>(document: &'d ImDocument<&str>) -> Table<'d> {
    Table { name: "", keys: document.as_table(), line: 1 }
}

/// A table without keys, for one that a text may leave out.
pub(super) fn empty<'d>(name: &'d str, keys: &'d toml_edit::Table) -> Table<'d> {
    Table { name, keys, line: 1 }
}

fn line_of(text: &str, span: Option<Range<usize>>) -> u32 {
    let before = span.and_then(|span| text.get(..span.start)).unwrap_or("");
    u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX).saturating_add(1)
}

impl<'t> Text<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, problems: Vec::new() }
    }

    pub(super) fn problem(&mut self, line: u32, problem: Problem) {
        self.problems.push((line, problem));
    }

    /// Says of every key of a table that is not one of these that it is unknown.
    pub(super) fn only(&mut self, table: Table<'_>, known: &[&str]) {
        for (key, item) in table.keys.iter() {
            if !known.contains(&key) {
                let list = known.join(", ");
                let remedy = match nearest(key, known.iter().copied()) {
                    Some(near) => format!("did you mean {near}? the keys are {list}"),
                    None => format!("take it out; the keys are {list}"),
                };
                let line = line_of(self.text, item.span());
                self.problem(line, Problem::new(&path(table.name, key), "", "is no key of a layout here", remedy));
            }
        }
    }

    /// A table inside a table.
    pub(super) fn table<'d>(&mut self, within: Table<'d>, key: &'d str) -> Option<Table<'d>> {
        let item = within.keys.get(key)?;
        let line = line_of(self.text, item.span());
        let found = item.as_table_like().map(|keys| Table { name: key, keys, line });
        if found.is_none() {
            self.problem(line, Problem::new(&path(within.name, key), "", "is not a table", format!("write [{key}]")));
        }
        found
    }

    /// The tables of `[[key]]`.
    pub(super) fn tables<'d>(&mut self, within: Table<'d>, key: &'d str) -> Vec<Table<'d>> {
        let Some(item) = within.keys.get(key) else {
            return Vec::new();
        };
        let Some(array) = item.as_array_of_tables() else {
            let line = line_of(self.text, item.span());
            self.problem(line, Problem::new(key, "", "is not a list of tables", format!("write [[{key}]] above each")));
            return Vec::new();
        };
        let table = |keys: &'d toml_edit::Table| Table { name: key, keys, line: line_of(self.text, keys.span()) };
        array.iter().map(table).collect()
    }

    /// A string, or nothing.
    pub(super) fn string(&mut self, table: Table<'_>, key: &str) -> Option<(u32, String)> {
        let item = table.keys.get(key)?;
        let line = line_of(self.text, item.span());
        let found = item.as_str().map(|text| (line, text.trim().to_owned()));
        if found.is_none() {
            self.problem(line, Problem::new(&path(table.name, key), "", "is not a text", "put it in quotation marks"));
        }
        found
    }

    /// A string or a list of strings, or nothing.
    pub(super) fn strings(&mut self, table: Table<'_>, key: &str) -> Option<(u32, Vec<String>)> {
        let item = table.keys.get(key)?;
        let line = line_of(self.text, item.span());
        let found = strings_of(item).filter(|texts| !texts.is_empty());
        if found.is_none() {
            let remedy = "write \"one\" or [\"one\", \"another\"]";
            self.problem(line, Problem::new(&path(table.name, key), "", "is not a text, nor a list of them", remedy));
        }
        found.map(|texts| (line, texts))
    }

    /// `true` or `false`; false when it is not said.
    pub(super) fn flag(&mut self, table: Table<'_>, key: &str) -> bool {
        let Some(item) = table.keys.get(key) else {
            return false;
        };
        let found = item.as_bool();
        if found.is_none() {
            let line = line_of(self.text, item.span());
            self.problem(line, Problem::new(&path(table.name, key), "", "is not true or false", "write one of them"));
        }
        found.unwrap_or(false)
    }

    /// A whole number, or nothing.
    pub(super) fn whole(&mut self, table: Table<'_>, key: &str) -> Option<(u32, i64)> {
        let item = table.keys.get(key)?;
        let line = line_of(self.text, item.span());
        let found = item.as_integer();
        if found.is_none() {
            self.problem(line, Problem::new(&path(table.name, key), "", "is not a whole number", "write digits alone"));
        }
        found.map(|number| (line, number))
    }

    /// All keys of a table with their texts, each with its line.
    pub(super) fn pairs(&mut self, table: Table<'_>) -> Vec<(u32, String, String)> {
        let keys: Vec<String> = table.keys.iter().map(|(key, _)| key.to_owned()).collect();
        keys.into_iter().filter_map(|key| self.string(table, &key).map(|(line, text)| (line, key, text))).collect()
    }

    /// All keys of a table with their texts or lists of texts, each with its line.
    pub(super) fn lists(&mut self, table: Table<'_>) -> Vec<(u32, String, Vec<String>)> {
        let keys: Vec<String> = table.keys.iter().map(|(key, _)| key.to_owned()).collect();
        keys.into_iter().filter_map(|key| self.strings(table, &key).map(|(line, texts)| (line, key, texts))).collect()
    }
}

impl Table<'_> {
    pub(super) const fn line(&self) -> u32 {
        self.line
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }
}

/// A key with the table that it is in, for messages.
pub(super) fn path(table: &str, key: &str) -> String {
    if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") }
}

fn strings_of(item: &Item) -> Option<Vec<String>> {
    if let Some(text) = item.as_str() {
        return Some(vec![text.trim().to_owned()]);
    }
    item.as_array()?.iter().map(|value| value.as_str().map(|text| text.trim().to_owned())).collect()
}
