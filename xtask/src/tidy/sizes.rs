//! Files are short: one thing is in one place, and that place is read whole.

use super::{Finding, is_generated, is_test, lines};
use crate::workspace::Source;

const MOST_LINES: usize = 500;
/// Nine files of ten are no longer than this.
const MOST_LINES_P90: usize = 350;
const MOST_ARCHITECTURE_LINES: usize = 400;

pub(super) fn check(rust: &[Source]) -> Vec<Finding> {
    let mut sizes: Vec<(usize, &str)> = rust
        .iter()
        .filter(|source| !is_test(&source.path) && !is_generated(&source.path))
        .map(|source| (lines(source).count(), source.path.as_str()))
        .collect();
    sizes.sort_unstable();
    let mut findings: Vec<Finding> = sizes
        .iter()
        .filter(|(n_lines, _)| *n_lines > MOST_LINES)
        .map(|(n_lines, path)| {
            Finding::new(
                path,
                MOST_LINES.saturating_add(1),
                format!("{n_lines} lines, and {MOST_LINES} are the most"),
                "split it by what it knows, or move its tests to tests.rs",
            )
        })
        .collect();
    findings.extend(ninth_decile(&sizes));
    findings
}

/// Nearest rank: the shortest length that at least nine files of ten do not exceed.
fn ninth_decile(sorted: &[(usize, &str)]) -> Option<Finding> {
    let rank = sorted.len().saturating_mul(9).div_ceil(10);
    let (n_lines, path) = sorted.get(rank.checked_sub(1)?)?;
    (*n_lines > MOST_LINES_P90).then(|| {
        Finding::new(
            path,
            1,
            format!("one file in ten has {n_lines} lines or more, and {MOST_LINES_P90} are the most"),
            "split the longest files",
        )
    })
}

pub(super) fn check_architecture(markdown: &[Source]) -> Option<Finding> {
    let source = markdown.iter().find(|source| source.path == "docs/ARCHITECTURE.md")?;
    let n_lines = lines(source).count();
    (n_lines > MOST_ARCHITECTURE_LINES).then(|| {
        Finding::new(
            &source.path,
            MOST_ARCHITECTURE_LINES.saturating_add(1),
            format!("{n_lines} lines, and {MOST_ARCHITECTURE_LINES} are the most"),
            "move detail to the crate that it is about",
        )
    })
}
