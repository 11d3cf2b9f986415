//! What the verb makes of its arguments.

use super::{Asked, read};

fn asked(line: &str) -> Result<Asked, String> {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    read(&words).map_err(|error| error.to_string())
}

#[test]
fn each_flag_may_be_left_out() {
    let asked_for = |rounds: &str, seed: &str, only: &str| {
        Ok(Asked { rounds: rounds.to_owned(), seed: seed.to_owned(), only: only.to_owned() })
    };
    assert_eq!(asked(""), asked_for("30", "1", ""));
    assert_eq!(asked("--seed 47 --only creating"), asked_for("30", "47", "creating"));
    assert_eq!(asked("--rounds 2"), asked_for("2", "1", ""));
}

#[test]
fn what_is_not_understood_is_named() {
    assert_eq!(asked("--rounds"), Err("`--rounds` needs a value".to_owned()));
    assert_eq!(asked("--rounds many"), Err("`--rounds` takes a whole number, and not `many`".to_owned()));
    assert!(asked("--round 3").unwrap_err().contains("`--round`"));
}
