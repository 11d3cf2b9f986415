//! A file is named by what it knows; a drawer knows nothing.

use super::Finding;
use std::path::Path;

const DRAWERS: &[&str] = &["utils", "common", "helpers", "misc", "prelude"];
/// The folders whose names are ours to choose.
const OURS: &[&str] = &["crates", "proto", "tests", "xtask"];

pub(super) fn check(paths: &[String]) -> Vec<Finding> {
    paths
        .iter()
        .filter(|path| OURS.iter().any(|ours| path.split('/').next() == Some(ours)))
        .filter_map(|path| check_one(path))
        .collect()
}

fn check_one(path: &str) -> Option<Finding> {
    let name = Path::new(path).file_name()?.to_str()?;
    if name == "mod.rs" {
        return Some(Finding::new(
            path,
            1,
            "a mod.rs says nothing in a list of open files",
            "name the file as its module: a/mod.rs is a.rs",
        ));
    }
    let stem = name.split('.').next()?;
    DRAWERS.contains(&stem).then(|| {
        Finding::new(
            path,
            1,
            format!("`{stem}` is a drawer, not a name"),
            "name it by what it knows, or put each item where it is used",
        )
    })
}
