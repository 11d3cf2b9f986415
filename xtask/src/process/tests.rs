use super::{Ending, capture, run, run_within, shown};
use std::process::Command;
use std::time::Duration;

#[test]
fn a_failed_command_is_named_with_its_arguments() {
    let error = run(Command::new("false").arg("--really")).unwrap_err();
    assert!(error.to_string().contains("`false --really` failed"));
}

#[test]
fn a_missing_program_is_named() {
    let error = capture(&mut Command::new("no-such-program-here")).unwrap_err();
    assert_eq!(error.to_string(), "cannot start `no-such-program-here`");
}

#[test]
fn a_program_in_time_keeps_its_verdict() {
    let limit = Duration::from_secs(20);
    assert_eq!(run_within(&mut Command::new("true"), limit).unwrap(), Ending::Succeeded);
    let mut failing = Command::new("sh");
    failing.args(["-c", "echo no network >&2; exit 3"]);
    assert_eq!(run_within(&mut failing, limit).unwrap(), Ending::Failed("no network\n".to_owned()));
}

#[test]
fn a_program_that_never_ends_is_ended() {
    // It follows a file that never grows, so only the limit can end it.
    let mut endless = Command::new("tail");
    endless.args(["-f", "/dev/null"]);
    assert_eq!(run_within(&mut endless, Duration::from_millis(50)).unwrap(), Ending::TimedOut);
}

#[test]
fn a_command_is_shown_as_typed() {
    let mut command = Command::new("cargo");
    command.args(["deny", "check"]);
    assert_eq!(shown(&command), "cargo deny check");
}
