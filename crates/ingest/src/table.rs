//! The records of a CSV file with the lines on which they begin, counted as an editor shows them.

use csv::{ByteRecord, ReaderBuilder};

/// Reads records from bytes, without a byte order mark; or gives those that are read already.
pub(crate) struct Table<'a> {
    /// With their lines.
    records: std::vec::IntoIter<(u32, ByteRecord)>,
    bytes: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    record: ByteRecord,
    counted_to: usize,
    line: u32,
}

/// A record as it stands in the file.
pub(crate) struct Line<'a, 'r> {
    /// The line on which it begins, from 1.
    pub(crate) number: u32,
    /// Its fields.
    pub(crate) record: &'r ByteRecord,
    /// Its bytes, without the line's end.
    pub(crate) raw: &'a [u8],
    /// How its quotation marks go together.
    pub(crate) marks: Marks<'a>,
}

/// How the quotation marks of a record go together.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Marks<'a> {
    /// Each field that begins with one ends with one, and what is between is whole.
    Sound,
    /// One is opened and never closed: the record holds the rest of the file.
    Unclosed,
    /// More than spaces stands between one that closes and the end of its field. Where the text was to end nobody can tell: the
    /// lines up to there may be rows of their own.
    Stray {
        /// What stands there.
        text: &'a [u8],
        /// Its field, from 1.
        field: usize,
        /// The line on which it stands, from 1.
        line: u32,
    },
}

impl<'a> Table<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let records = Vec::new().into_iter();
        Self { records, bytes, reader, record: ByteRecord::new(), counted_to: 0, line: 1 }
    }

    /// Of records that are no text, each with the line that stands for it.
    pub(crate) fn of_records(records: Vec<(u32, ByteRecord)>) -> Self {
        Self { records: records.into_iter(), ..Self::new(&[]) }
    }

    /// The next record. Empty lines are passed over, and counted.
    pub(crate) fn next(&mut self) -> Option<Line<'a, '_>> {
        if let Some((number, record)) = self.records.next() {
            self.record = record;
            return Some(Line { number, record: &self.record, raw: &[], marks: Marks::Sound });
        }
        let begin = usize::try_from(self.reader.position().byte()).ok()?;
        // Reading from memory never fails, and records of any number of fields are taken.
        if !self.reader.read_byte_record(&mut self.record).unwrap_or(false) {
            return None;
        }
        let end = usize::try_from(self.reader.position().byte()).ok()?;
        let ends = self.bytes.get(begin..end)?.iter().take_while(|b| is_end(**b)).count();
        let start = begin.saturating_add(ends);
        self.line = self.line.saturating_add(self.lines_between(self.counted_to, start));
        self.counted_to = start;
        let raw = without_end(self.bytes.get(start..end)?);
        let marks = if raw.contains(&b'"') { self.marks(start, raw) } else { Marks::Sound };
        Some(Line { number: self.line, record: &self.record, raw, marks })
    }

    /// How the quotation marks go together in a record that starts there.
    fn marks(&self, start: usize, raw: &'a [u8]) -> Marks<'a> {
        let mut at = At::Start;
        let mut field = 1_usize;
        for (place, byte) in raw.iter().enumerate() {
            at = match (at, byte) {
                (At::Start | At::Open | At::Closed | At::Spaced, b',') => {
                    field = field.saturating_add(1);
                    At::Start
                }
                // Two marks inside a text close and open again, which comes to the same.
                (At::Start | At::Closed, b'"') => At::Text,
                (At::Start | At::Open, _) => At::Open,
                (At::Text, b'"') => At::Closed,
                (At::Text, _) => At::Text,
                (At::Closed | At::Spaced, b' ' | b'\t') => At::Spaced,
                (At::Closed | At::Spaced, _) => {
                    let rest = raw.get(place..).unwrap_or_default();
                    let text = rest.split(|byte| *byte == b',').next().unwrap_or_default();
                    let lines = self.lines_between(start, start.saturating_add(place));
                    return Marks::Stray { text, field, line: self.line.saturating_add(lines) };
                }
            };
        }
        if matches!(at, At::Text) { Marks::Unclosed } else { Marks::Sound }
    }

    /// Line ends in `[from, to)`: `\n`, `\r\n`, or `\r` alone.
    fn lines_between(&self, from: usize, to: usize) -> u32 {
        let Some(part) = self.bytes.get(from..to) else {
            return 0;
        };
        // Counted without a look at what follows, where there is nothing to tell apart: of every byte of a file.
        if count(part, b'\r') == 0 {
            return u32::try_from(count(part, b'\n')).unwrap_or(u32::MAX);
        }
        let next = part.iter().skip(1).chain(self.bytes.get(to));
        let n_ends = part.iter().zip(next.map(Some).chain([None])).filter(|(byte, next)| match byte {
            b'\n' => true,
            b'\r' => *next != Some(&b'\n'),
            _ => false,
        });
        u32::try_from(n_ends.count()).unwrap_or(u32::MAX)
    }
}

/// So many bytes are counted in one byte.
const COUNTED_AT_ONCE: usize = 255;

/// How often a byte is there.
pub(crate) fn count(bytes: &[u8], wanted: u8) -> usize {
    // Bytes are counted in bytes, so that as many as a register holds are counted at once; so few that none overflows.
    let in_part = |part: &[u8]| part.iter().map(|byte| u8::from(*byte == wanted)).fold(0, u8::wrapping_add);
    bytes.chunks(COUNTED_AT_ONCE).map(|part| usize::from(in_part(part))).fold(0, usize::wrapping_add)
}

const fn is_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn without_end(raw: &[u8]) -> &[u8] {
    let n_kept = raw.iter().rposition(|byte| !is_end(*byte)).map_or(0, |last| last.saturating_add(1));
    raw.get(..n_kept).unwrap_or(raw)
}

/// Where one stands between two bytes of a record.
#[derive(Clone, Copy)]
enum At {
    /// At the beginning of a field.
    Start,
    /// In a field without quotation marks around it.
    Open,
    /// Inside quotation marks.
    Text,
    /// After one that closes.
    Closed,
    /// After spaces behind it, which do not count.
    Spaced,
}

/// The row that begins on each of these lines (ascending, from 1) as it was, each cut after `limit` bytes; empty where
/// there is no such line. Cost: one pass over the file.
pub(crate) fn rows_text(bytes: &[u8], lines: &[u32], limit: usize) -> Vec<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut table = Table::new(bytes);
    let mut wanted = lines.iter().peekable();
    let mut texts = Vec::with_capacity(lines.len());
    while let Some(row) = table.next() {
        while wanted.next_if(|line| **line < row.number).is_some() {
            texts.push(String::new());
        }
        while wanted.next_if_eq(&&row.number).is_some() {
            // A few bytes more than are kept, so that a character broken here is cut away.
            let part = row.raw.get(..limit.saturating_add(4)).unwrap_or(row.raw);
            texts.push(cut(&String::from_utf8_lossy(part), limit).to_owned());
        }
        if wanted.peek().is_none() {
            break;
        }
    }
    texts.resize(lines.len(), String::new());
    texts
}

/// At most `limit` bytes of a text, whole characters only.
pub(crate) fn cut(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or("")
}
