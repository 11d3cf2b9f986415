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
