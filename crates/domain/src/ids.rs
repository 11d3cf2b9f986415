//! Names of things: codes that people give, identifiers that Scorebook gives, and places in the log.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use crate::digits;

/// Why a text is not a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing was given. Give a code.
    #[error("a {what} code is empty")]
    Empty {
        /// What the code names, such as `measure`.
        what: &'static str,
    },
    /// Longer than [`CODE_BYTES_MAX`]. Shorten it.
    #[error("a {what} code has {bytes} bytes; at most 64 are allowed")]
    TooLong {
        /// What the code names.
        what: &'static str,
        /// Its length in bytes.
        bytes: usize,
    },
    /// A character that is not a letter, digit, `-`, `_` or `.`. Leave it out.
    #[error("{what} code {code:?} has {found:?}; use letters, digits, '-', '_' and '.'")]
    Character {
        /// What the code names.
        what: &'static str,
        /// The code as given.
        code: String,
        /// The character that is not allowed.
        found: char,
    },
}

/// The longest code, in bytes.
pub const CODE_BYTES_MAX: usize = 64;

fn check_code(what: &'static str, code: &str) -> Result<(), CodeError> {
    if code.is_empty() {
        return Err(CodeError::Empty { what });
    }
    if code.len() > CODE_BYTES_MAX {
        return Err(CodeError::TooLong { what, bytes: code.len() });
    }
    match code.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
        Some(found) => Err(CodeError::Character { what, code: code.to_owned(), found }),
        None => Ok(()),
    }
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        ///
        /// 1 to 64 bytes of ASCII letters, digits, `-`, `_` and `.`; compared byte by byte. Cloning is cheap.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Reads a code, refusing what could not be printed in a table or a subject.
            ///
            /// # Errors
            /// [`CodeError`] when it is empty, too long or has another character.
            pub fn new(code: &str) -> Result<Self, CodeError> {
                check_code($what, code)?;
                Ok(Self(Arc::from(code)))
            }

            /// The code that no other is before.
            pub fn least() -> Self {
                Self(Arc::from("-"))
            }

            /// The code as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = CodeError;
            fn from_str(code: &str) -> Result<Self, CodeError> {
                Self::new(code)
            }
        }
    };
}

code!(
    /// A measure's code; it stays when the title changes.
    MeasureId,
    "measure"
);
code!(
    /// An area's GSS code, such as `E10000016`; it stays when the name changes.
    AreaId,
    "area"
);
code!(
    /// Who is counted: `all`, `excluding-uasc` …
    CohortId,
    "cohort"
);
code!(
    /// A scorecard's code.
    ScorecardId,
    "scorecard"
);
code!(
    /// A committee view's code, unlike any other of the log.
    ViewId,
    "view"
);
code!(
    /// A neighbour list's code.
    NeighboursId,
    "neighbour list"
);
code!(
    /// Who did it: an account name, never a person's name (names live apart, in erasable records).
    ActorId,
    "actor"
);
code!(
    /// A versioned rating rule or direction method, such as `kent.1`.
    RuleId,
    "rule"
);

impl CohortId {
    /// The cohort that counts everybody.
    pub fn all() -> Self {
        Self(Arc::from("all"))
    }
}

/// A place in the log: dense, from 1. Zero is before the first record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position(u64);

impl Position {
    /// Before the first record: the head of an empty log, and where a reader of everything starts.
    pub const START: Self = Self(0);
    /// After every record that can be.
    pub const MAX: Self = Self(u64::MAX);

    /// The `n`-th record's position.
    pub const fn new(n: u64) -> Self {
        Self(n)
    }

    /// The number, from 1; 0 is before the first.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The position after this one. A log ends long before the type does: at [`Position::MAX`] it stays.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The position `n` records later, staying at [`Position::MAX`].
    #[must_use]
    pub const fn plus(self, n: u64) -> Self {
        Self(self.0.saturating_add(n))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! bytes_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Sixteen bytes, written as a UUID (RFC 9562), lower case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// As it is written.
            pub fn text(&self) -> String {
                uuid(self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text())
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let hex: String = text.chars().filter(|c| *c != '-').collect();
                read_hex(&hex).map(Self).ok_or_else(|| IdError { text: text.to_owned() })
            }
        }
    };
}

/// Not an identifier of the form `01234567-89ab-cdef-0123-456789abcdef`. Give it as it was printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an identifier of 32 hexadecimal digits")]
pub struct IdError {
    text: String,
}

/// Where the digits of a UUID's bytes are: hyphens stand between them.
const UUID_PLACES: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/// Sixteen bytes as a UUID is written.
fn uuid(bytes: [u8; 16]) -> String {
    let mut text = [b'-'; 36];
    for (byte, at) in bytes.into_iter().zip(UUID_PLACES) {
        if let Some(pair) = text.get_mut(at..at.saturating_add(2)) {
            pair.copy_from_slice(digits::hex(byte).as_bytes());
        }
    }
    std::str::from_utf8(&text).unwrap_or_default().to_owned()
}

/// Reads exactly `N` bytes written as hexadecimal digits.
pub(crate) fn read_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0_u8; N];
    if text.len() != N.checked_mul(2)? || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

bytes_id!(
    /// One log. A cursor or a file from another log is refused by it.
    LogId
);
bytes_id!(
    /// One file or request that was put in, whole: the client's identifier, or one made from the digest of its content.
    SubmissionId
);
bytes_id!(
    /// One event: version 5 of its submission and its ordinal there, so that every node gives it the same.
    EventId
);

/// A SHA-256 digest, written as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// As it is written.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(64);
        self.0.iter().for_each(|byte| text.push_str(digits::hex(*byte)));
        text
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl std::str::FromStr for Digest {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        read_hex(text).map(Self).ok_or_else(|| IdError { text: text.to_owned() })
    }
}

/// Who did it, and whether that was proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub id: ActorId,
    /// True when the server checked it (a token, a certificate); false when it was only asserted.
    pub authenticated: bool,
}

/// Which line of which of the submission's files a record came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The file's place in the submission, from 0.
    pub file: u16,
    /// The line in that file, from 1 (the header is line 1); of a workbook see [`sheet_line`].
    pub line: NonZeroU32,
}

/// Lines of workbooks begin here; no text file that is taken in has so many.
const SHEET_LINES: u32 = 10_000_000;

/// The line that names a row of a workbook's sheet, both from 1: the sheet's number times ten million, and the row.
pub const fn sheet_line(sheet: u32, row: u32) -> u32 {
    sheet.saturating_mul(SHEET_LINES).saturating_add(row)
}

/// The number of a workbook's sheet, if the line is one of a workbook, and the row; without a sheet, the line.
pub const fn sheet_and_row(line: u32) -> (Option<u32>, u32) {
    match line / SHEET_LINES {
        0 => (None, line),
        sheet => (Some(sheet), line % SHEET_LINES),
    }
}

impl Origin {
    /// A row of a workbook's sheet, both from 1. `None` for row 0.
    pub fn in_sheet(file: u16, sheet: u32, row: u32) -> Option<Self> {
        let row = NonZeroU32::new(row)?;
        NonZeroU32::new(sheet_line(sheet, row.get())).map(|line| Self { file, line })
    }

    /// “line 7”, or “row 7 of sheet 3” in a workbook.
    pub fn place(self) -> String {
        match sheet_and_row(self.line.get()) {
            (None, line) => format!("line {line}"),
            (Some(sheet), row) => format!("row {row} of sheet {sheet}"),
        }
    }
}
