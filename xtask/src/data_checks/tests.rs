use super::{Check, check_all};
use std::path::Path;

const CHECKS: &[Check] = &[
    ("absent", "no-such-file", |_| anyhow::bail!("must not run")),
    ("figures", "figures.csv", |path| {
        let text = std::fs::read_to_string(path)?;
        anyhow::ensure!(text == "1\n", "figures are {text:?}");
        Ok(())
    }),
];

#[test]
fn a_check_sees_its_file_and_absent_data_is_skipped() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("figures.csv"), "1\n").unwrap();
    check_all(CHECKS, folder.path()).unwrap();
}

#[test]
fn a_failed_check_fails_the_verb_by_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("figures.csv"), "2\n").unwrap();
    let error = check_all(CHECKS, folder.path()).unwrap_err();
    assert_eq!(error.to_string(), "data checks failed: figures");
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    assert!(check_all(CHECKS, Path::new("/no/such/folder")).is_err());
}

fn row(fields: &[(&str, &str)]) -> super::seed_facts::Row {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn fact(target: &str, value: &str) -> super::seed_facts::Row {
    row(&[("fact_id", "F1"), ("paragraph", "3.1"), ("fact_kind", "result"), ("value", value), ("target", target)])
}

#[test]
fn an_example_lacks_what_its_paragraph_does_not_hold() {
    let reason = ("reason", "as printed, paragraph 3.1");
    let other = ("reason", "as printed, paragraph 3.10");
    let example = super::seed_facts::Example {
        results: vec![row(&[reason, ("value", "84.30")]), row(&[other, ("value", "5")])],
        benchmarks: Vec::new(),
        targets: vec![row(&[reason, ("target", "85")])],
    };
    assert!(example.lacks(&fact("85.0", "84.3")).is_empty());
    assert_eq!(example.lacks(&fact("85.0", "5")), ["the result of F1 ()"]);
    assert_eq!(example.lacks(&fact("86", "84.3")), ["the target of F1 ()"]);
}
