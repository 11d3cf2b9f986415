//! The reader of submitted files as one function of any bytes: what `cargo xtask fuzz` drives, and what the tests give
//! again the inputs that it found. Compiled for these two alone.

use domain::limits::REFUSALS_LISTED_MAX;

use crate::{
    Defaults, File, Layout, ORDER, Reading, kind_of_file, parse, read_file, read_file_with, read_period, rows_text,
};

/// A name, a reader of any bytes, and the most bytes of memory that it may hold at once for so many that it is given.
type Target = (&'static str, fn(&[u8]), fn(usize) -> usize);

/// A byte for the file's name, then the file.
pub const CSV: Target = ("csv", read, |n| n.saturating_mul(64).saturating_add(128 * 1024));

/// A layout, a line end with a zero byte before it, then the file that it reads.
pub const LAYOUT: Target = ("layout", read_by_a_layout, |n| n.saturating_mul(256).saturating_add(1024 * 1024));

/// A workbook, read in Scorebook's own columns and by a layout. What it says is packed, so that few bytes may be many.
pub const WORKBOOK: Target = ("workbook", read_a_workbook, |_| 512 * 1024 * 1024);

/// All of them.
pub const TARGETS: &[Target] = &[CSV, LAYOUT, WORKBOOK];

/// The layout by which every workbook is read.
const ACROSS: &str = "name = \"n\"\nkind = \"figures\"\nignore_others = true\nareas = { columns = [\"District\", \"area\"] }\n\
                      periods = { across = true, years = \"financial-to\" }\nsymbols = { c = \"c\", \"-\" = \"pass-over\" }\n\
                      [[indicators]]\nmeasure = \"m\"\n";

fn read_by_a_layout(bytes: &[u8]) {
    let at = bytes.windows(2).position(|pair| pair == b"\0\n");
    let (layout, file) = at.and_then(|at| bytes.split_at_checked(at)).unwrap_or((bytes, &[]));
    let Ok(layout) = std::str::from_utf8(layout) else { return };
    match Layout::parse(layout, 1) {
        Ok(layout) => {
            let reading = Reading { file: 0, defaults: &Defaults::default(), select: "" };
            account(&read_file_with(&layout, file.get(2..).unwrap_or_default(), &reading));
        }
        Err(refusals) => assert!(!refusals.is_empty() && refusals.iter().all(|refusal| refusal.line > 0)),
    }
}

fn read_a_workbook(bytes: &[u8]) {
    let defaults = Defaults::default();
    account(&read_file("x.xlsx", 0, bytes, &defaults));
    let layout = Layout::parse(ACROSS, 1);
    assert!(layout.is_ok(), "{layout:?}");
    if let Ok(layout) = &layout {
        account(&read_file_with(layout, bytes, &Reading { file: 0, defaults: &defaults, select: "" }));
    }
}

/// Every part says what is wrong with it, or what becomes of its rows.
fn account(file: &File) {
    assert!(!file.parts.is_empty());
    for part in &file.parts {
        assert!(part.refusals.is_sorted_by_key(|refusal| refusal.line));
        assert!(part.refusals.len() == part.n_refused.min(REFUSALS_LISTED_MAX));
        if part.unreadable {
            assert!(part.instructions.is_empty() && part.n_refused > 0);
        }
    }
}

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
