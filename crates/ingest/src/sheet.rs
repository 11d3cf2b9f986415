//! A file's header and rows: what every kind of file has in common.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use csv::ByteRecord;
use domain::ids::Origin;
use domain::limits::COMMIT_RECORDS_MAX;
use domain::{Cell, Command, Instruction, MeasureId};

use crate::kind::{Kind, kind_of, normal};
use crate::nearest::nearest;
use crate::refusal::{Problem, Refusals};
use crate::row::{Column, Meta, MetaColumns, Row};
use crate::table::{Marks, Table, count};

/// The most columns of a file; more are a sign of some other file.
const COLUMNS_MAX: usize = 256;

/// The most columns of a kind that a refusal lists.
const COLUMNS_LISTED_MAX: usize = 20;

/// Where each column of a kind stands.
#[derive(Debug)]
pub(crate) struct Header {
    names: Vec<String>,
}

impl Header {
    /// Reads the header of a file. All that is wrong with it is said, and then none of its rows are read.
    pub(crate) fn read(name: &str, record: &ByteRecord) -> Result<(Kind, Self), Vec<Problem>> {
        let texts: Vec<&str> =
            record.iter().take(COLUMNS_MAX).filter_map(|field| std::str::from_utf8(field).ok()).collect();
        let joined = texts.join(",");
        if let ([only], Some(mark)) =
            (texts.as_slice(), [';', '\t', '|'].into_iter().find(|mark| joined.contains(*mark)))
        {
            let problem = format!("has columns separated by {mark:?}");
            return Err(vec![Problem::new("", only, problem, "save it as CSV with commas between columns")]);
        }
        if record.len() > COLUMNS_MAX {
            let problem = format!("has {} columns", record.len());
            return Err(vec![Problem::whole(problem, "give a file of one kind, with its columns alone")]);
        }
        let Some(kind) = kind_of(name, &texts) else {
            return Err(vec![Problem::new(
                "",
                &joined,
                "is the header of no kind of file that is known",
                known_kinds(),
            )]);
        };
        Self::of(kind, record).map(|header| (kind, header))
    }

    /// The header of a kind that is known, or all that is wrong with it.
    pub(crate) fn of(kind: Kind, record: &ByteRecord) -> Result<Self, Vec<Problem>> {
        let names = record.iter().map(|name| normal(&String::from_utf8_lossy(name)));
        let header = Self { names: names.collect() };
        let problems = header.problems(kind);
        if problems.is_empty() { Ok(header) } else { Err(problems) }
    }

    fn problems(&self, kind: Kind) -> Vec<Problem> {
        if self.is_of_explore_education_statistics(kind) {
            let problem = "this looks like an Explore education statistics table";
            return vec![Problem::whole(problem, "read it with --layout, see scorebook layout list")];
        }
        let mut problems = Vec::new();
        let all: Vec<&str> = kind.columns().collect();
        for (at, name) in self.names.iter().enumerate() {
            if !name.is_empty() && self.names.iter().take(at).any(|other| other == name) {
                problems.push(Problem::new(name, "", "is there twice", "keep one of the two columns"));
            } else if !name.is_empty() && !all.contains(&name.as_str()) {
                problems.push(unknown(kind, name, &all));
            }
        }
        for name in kind.required() {
            if !self.names.iter().any(|other| other == name) {
                let problem = format!("is a column that a file of {} must have", kind.name());
                problems.push(Problem::new(name, "", problem, "add it"));
            }
        }
        let has = |name: &str| self.names.iter().any(|other| other == name);
        let figures = has("value") || has("missing") || (has("numerator") && has("denominator"));
        if kind == Kind::Results && !figures {
            problems.push(Problem::whole(
                "has no column of figures",
                "add value, or numerator and denominator, or missing",
            ));
        }
        problems
    }

    /// True when the times and places are those of tidy files and the figures are not: each of the table's many columns
    /// would else be refused by itself. A slip in the name of one of our own columns is said as such.
    fn is_of_explore_education_statistics(&self, kind: Kind) -> bool {
        let lacking = |name: &&str| !self.names.iter().any(|other| other == name);
        let (of_tables, own) = kind.required().split_at_checked(3).unwrap_or_default();
        let mut lacks = own.iter().copied().filter(lacking).peekable();
        let slip = |wanted: &str| self.names.iter().any(|name| nearest(name, [wanted]).is_some());
        kind == Kind::Tidy && !of_tables.iter().any(lacking) && lacks.peek().is_some() && !lacks.any(slip)
    }

    /// A column of the kind by its name.
    pub(crate) fn column(&self, name: &'static str) -> Column {
        Column { name, at: self.names.iter().position(|other| other == name) }
    }

    /// Several columns at once.
    pub(crate) fn columns<const N: usize>(&self, names: [&'static str; N]) -> [Column; N] {
        names.map(|name| self.column(name))
    }

    /// The columns that every kind takes.
    pub(crate) fn meta(&self) -> MetaColumns {
        let [known_at, reason, cause] = self.columns(crate::kind::EVERYWHERE);
        MetaColumns { known_at, reason, cause }
    }
}

fn unknown(kind: Kind, name: &str, all: &[&str]) -> Problem {
    // Said of every unknown column, so that a long list would be many times as long as the file.
    let known = if all.len() > COLUMNS_LISTED_MAX { "in docs/FORMATS.md".to_owned() } else { all.join(", ") };
    let remedy = match nearest(name, all.iter().copied()) {
        Some(near) => format!("did you mean {near}? the columns are {known}"),
        None => format!("take it out; the columns are {known}"),
    };
    Problem::new(name, "", format!("is no column of a file of {}", kind.name()), remedy)
}

fn known_kinds() -> String {
    let kinds = crate::kind::ORDER.map(|kind| format!("{} ({})", kind.name(), kind.required().join(", ")));
    format!("begin the file with the columns of one of: {}", kinds.join("; "))
}

/// About as few bytes as a row has that says anything; of shorter ones the instructions grow as they come.
const ROW_BYTES_MIN: usize = 16;

/// One in so many rows more is made room for: of a file of results and one of targets, few are targets.
const ROWS_OF_OTHERS: usize = 32;

/// The rows of a file, and what becomes of them.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) file: u16,
    pub(crate) instructions: Vec<Instruction>,
    pub(crate) refusals: Refusals,
    /// Rows that are not blank.
    pub(crate) counted: usize,
    /// Cells of which a row is there and says nothing.
    pub(crate) present: Vec<Cell>,
    /// Rows that have a label and no figure below any of the periods across the top.
    pub(crate) without_figures: usize,
    /// See [`crate::Parsed::codes_by_rule`].
    pub(crate) codes_by_rule: Option<BTreeMap<MeasureId, String>>,
}

impl Rows {
    pub(crate) const fn new(file: u16) -> Self {
        Self {
            file,
            instructions: Vec::new(),
            refusals: Refusals::new(file),
            counted: 0,
            present: Vec::new(),
            without_figures: 0,
            codes_by_rule: None,
        }
    }

    /// Of a sheet; of a text without one.
    pub(crate) fn of(file: u16, sheet: Option<&str>) -> Self {
        Self { refusals: Refusals::of(file, sheet), ..Self::new(file) }
    }

    /// Makes room for a row a line, at most as many as are taken in at once, and some more for what other files of the
    /// submission put before and after: growing would copy them again and again.
    pub(crate) fn expect(&mut self, bytes: &[u8]) {
        let n_lines = crate::n_lines(bytes);
        // A line end for each byte would be room for nothing.
        let n_rows = n_lines.min(bytes.len() / ROW_BYTES_MIN).min(COMMIT_RECORDS_MAX);
        self.instructions.reserve(n_rows.saturating_add(n_rows / ROWS_OF_OTHERS));
    }

    /// Reads every row, each to one instruction or one refusal.
    pub(crate) fn each(
        &mut self,
        table: &mut Table<'_>,
        header: &Header,
        mut read: impl FnMut(Row<'_>) -> Result<(Command, Meta), Problem>,
    ) {
        self.walk(table, header, |rows, line, row| match read(row) {
            Ok((command, meta)) => rows.instruct(line, command, meta),
            Err(problem) => rows.refusals.add(line, problem),
        });
    }

    /// Hands over every row of the right shape; `visit` answers for each.
    pub(crate) fn walk(
        &mut self,
        table: &mut Table<'_>,
        header: &Header,
        mut visit: impl FnMut(&mut Self, u32, Row<'_>),
    ) {
        while let Some(found) = table.next() {
            if found.record.iter().all(|field| field.trim_ascii().is_empty()) {
                continue;
            }
            self.counted = self.counted.saturating_add(1);
            let (line, record) = (found.number, found.record);
            match check(found.record, header, found.marks) {
                Ok(()) => visit(self, line, Row::new(record)),
                Err(problem) => self.refusals.add(line, problem),
            }
        }
    }

    /// Counts a row that is refused.
    pub(crate) fn refuse(&mut self, line: u32, problem: Problem) {
        self.counted = self.counted.saturating_add(1);
        self.refusals.add(line, problem);
    }

    /// Adds what the row on `line` asks for.
    pub(crate) fn instruct(&mut self, line: u32, command: Command, meta: Meta) {
        let Meta { known_at, why } = meta;
        let origin = NonZeroU32::new(line).map(|line| Origin { file: self.file, line });
        self.instructions.push(Instruction { command, known_at, why, origin });
    }
}

/// Checks a record's shape before any of its fields is read.
fn check(record: &ByteRecord, header: &Header, marks: Marks<'_>) -> Result<(), Problem> {
    check_whole(record, marks)?;
    let (n_fields, n_columns) = (record.len(), header.names.len());
    if n_fields != n_columns {
        let problem = format!("has {n_fields} fields where the header has {n_columns}");
        return Err(Problem::whole(problem, "put a text with a comma in quotation marks, and leave no field out"));
    }
    if let Some((name, field)) =
        header.names.iter().zip(record).find(|(name, field)| name.is_empty() && !field.trim_ascii().is_empty())
    {
        let value = String::from_utf8_lossy(field);
        return Err(Problem::new(name, &value, "stands in a column without a name", "name the column or empty it"));
    }
    Ok(())
}

/// Checks what does not depend on the header.
pub(crate) fn check_whole(record: &ByteRecord, marks: Marks<'_>) -> Result<(), Problem> {
    check_marks(marks)?;
    if has_control_character(record.as_slice()) {
        return Err(Problem::whole(
            "has a character that cannot be printed (such as NUL)",
            "take it out, or save the file again as CSV UTF-8",
        ));
    }
    Ok(())
}

/// Checks that every quotation mark that opens a text closes it, at the end of its field.
pub(crate) fn check_marks(marks: Marks<'_>) -> Result<(), Problem> {
    match marks {
        Marks::Sound => Ok(()),
        Marks::Unclosed => Err(Problem::whole(
            "opens a quotation mark that is never closed, so that every line below belongs to it",
            "close it, or write a quotation mark inside a text twice",
        )),
        Marks::Stray { text, field, line } => Err(Problem::new(
            "",
            &String::from_utf8_lossy(text),
            format!("stands right after the closing quotation mark of field {field}, on line {line}"),
            "close the text at the end of its field, on the line where it ends, and write a quotation mark inside it twice",
        )),
    }
}

/// True for the control characters of ASCII and of Latin-1 (`C2 80` to `C2 9F`), but for tabs and line ends.
///
/// All bytes are looked at, and not until one is found, so that many are looked at at once.
fn has_control_character(bytes: &[u8]) -> bool {
    let ascii = |byte: u8| (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0x7f;
    let latin = || bytes.windows(2).any(|two| matches!(two, [0xc2, 0x80..=0x9f]));
    bytes.iter().fold(false, |found, byte| found | ascii(*byte)) || count(bytes, 0xc2) > 0 && latin()
}
