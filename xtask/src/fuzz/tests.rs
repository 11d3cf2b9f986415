use super::{Asked, read, targets};
use crate::workspace;
use std::fs;

fn asked(arguments: &[&str]) -> Result<Asked, String> {
    let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
    read(&arguments).map_err(|error| error.to_string())
}

#[test]
fn seconds_and_a_target_are_read_in_any_order() {
    let expected = Asked { seconds: "7".to_owned(), target: Some("csv".to_owned()) };
    assert_eq!(asked(&["csv", "--seconds", "7"]), Ok(expected));
    assert_eq!(asked(&[]), Ok(Asked { seconds: "300".to_owned(), target: None }));
}

#[test]
fn what_is_not_understood_is_said() {
    assert_eq!(asked(&["--seconds"]).unwrap_err(), "`--seconds` needs a value");
    assert_eq!(asked(&["--seconds", "0"]).unwrap_err(), "`--seconds` takes a number from 1, and not `0`");
    for arguments in [["csv", "text"], ["--runs", "7"]] {
        assert!(asked(&arguments).unwrap_err().starts_with("`cargo xtask fuzz` takes"), "{arguments:?}");
    }
}

#[test]
fn every_target_has_inputs_and_no_inputs_are_without_a_target() {
    let root = workspace::root();
    let mut folders: Vec<String> = fs::read_dir(root.join("fuzz/corpus"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    assert_eq!(targets(&root).unwrap(), folders);
}
