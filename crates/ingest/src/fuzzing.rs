//! The reader of submitted files as one function of any bytes: what `cargo xtask fuzz` drives, and what the tests give
//! again the inputs that it found. Compiled for these two alone.

use domain::limits::REFUSALS_LISTED_MAX;

use crate::{Defaults, ORDER, kind_of_file, parse, read_period, rows_text};

/// A name, a reader of any bytes, and the most bytes of memory that it may hold at once for so many that it is given.
type Target = (&'static str, fn(&[u8]), fn(usize) -> usize);

/// A byte for the file's name, then the file.
pub const CSV: Target = ("csv", read, |n| n.saturating_mul(64).saturating_add(128 * 1024));

/// All of them.
pub const TARGETS: &[Target] = &[CSV];

fn read(bytes: &[u8]) {
    let Some((&name, bytes)) = bytes.split_first() else { return };
    let names = ORDER.map(crate::Kind::name);
    let name = names.get(usize::from(name)).copied().unwrap_or("x.csv");
    let parsed = parse(name, 0, bytes, &Defaults::default());
    let lines: Vec<u32> = parsed.refusals.iter().map(|refusal| refusal.line).collect();
    assert!(lines.is_sorted() && lines.len() == parsed.n_refused.min(REFUSALS_LISTED_MAX));
    if parsed.unreadable {
        assert!(parsed.instructions.is_empty() && parsed.n_refused > 0 && parsed.n_rows == 0);
    } else {
        assert!(kind_of_file(name, bytes).is_some());
        assert!(parsed.n_refused.saturating_add(parsed.instructions.len()) <= parsed.n_rows);
        let refused = rows_text(bytes, &lines);
        assert!(refused.len() == lines.len() && refused.iter().all(|row| !row.is_empty()), "a refused row comes back");
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(period) = read_period(text)
    {
        assert_eq!(read_period(&period.code()).ok(), Some(period), "a period's code is read as the period");
    }
}
