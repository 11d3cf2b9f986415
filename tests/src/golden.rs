//! Golden views: a log with published views, kept here since they were published, must be replayed the same by every program.

use std::path::PathBuf;

use crate::folder::{Folder, list};
use crate::program;

/// The views of `tests/golden/views.jsonl` with the digests of their bytes, as they were when they were published.
const GIVEN: [(&str, &str); 2] = [
    ("children-2025-09-2025-10-24", "e88298a10c56969e449b0c87b0a6d510f19d9b8d90e6b1fe5d47ec0b4d28d40f"),
    ("children-2025-09-2025-11-28-e07000071", "f76f2c2dae10d82851cd069d9489caa8cfefd1e089b9ca8aa9447fd3ea3aaafa"),
];

fn golden() -> PathBuf {
    program::workspace().join("tests/golden/views.jsonl")
}

#[test]
fn what_committees_were_given_is_rebuilt_byte_for_byte_by_this_program() {
    let folder = Folder::new();
    folder.run(&format!("log import \"{}\"", golden().display())).succeeded_with_progress();
    let views = folder.ask("view list");
    assert_eq!(list(&views["views"]).len(), GIVEN.len());
    for (view, sha256) in GIVEN {
        let shown = folder.ask(&format!("view show {view}"));
        assert_eq!(shown["view"]["sha256"], sha256, "{view}: the bytes that were given");
        assert_eq!(shown["replay"]["same"], true, "{view}: {}", shown["replay"]);
    }
}

#[test]
fn a_golden_log_that_was_altered_is_refused() {
    let folder = Folder::new();
    let text = std::fs::read_to_string(golden()).expect("the golden log is there");
    let altered = folder.write("altered.jsonl", text.replacen("\"record\":\"5342", "\"record\":\"5343", 1));
    folder.run(&format!("log import \"{}\"", altered.display())).failed();
}
