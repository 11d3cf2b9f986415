//! What the verb makes of its arguments.

use super::{Asked, read};

fn asked(line: &str) -> Result<Asked, String> {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    read(&words).map_err(|error| error.to_string())
}

#[test]
fn each_flag_may_be_left_out() {
    let asked_for = |seed: &str, rounds: &str, seconds: &str| {
        Ok(Asked { seed: seed.to_owned(), rounds: rounds.to_owned(), seconds: seconds.to_owned() })
    };
    assert_eq!(asked(""), asked_for("1", "1", "120"));
    assert_eq!(asked("--seed 47 --rounds 3 --seconds 60"), asked_for("47", "3", "60"));
}

#[test]
fn what_is_not_understood_is_named() {
    assert_eq!(asked("--rounds"), Err("`--rounds` needs a value".to_owned()));
    assert_eq!(asked("--seed some"), Err("`--seed` takes a whole number, and not `some`".to_owned()));
    assert!(asked("--round 3").unwrap_err().contains("`--round`"));
}
