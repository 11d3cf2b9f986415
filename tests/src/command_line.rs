//! The command line itself: help that teaches, completions, and errors where they belong.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::folder::Folder;
use crate::program::{self, Finished};

/// Every command and subcommand, by the words that lead to it.
fn commands(folder: &Folder) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut next = 0_usize;
    while let Some(command) = found.get(next).cloned() {
        next = next.saturating_add(1);
        let help = folder.run_without_data_dir(&format!("{command} -h")).succeeded();
        let listed =
            help.stdout.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
        let names = listed.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
        let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
        found.extend(names.map(|name| format!("{command} {name}").trim().to_owned()));
    }
    found
}

/// The arguments and flags that a command's short help lists, each with its help.
fn explained(help: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in help.lines() {
        if !line.starts_with(' ') {
            inside = line.ends_with(':')
                && !line.starts_with("Usage")
                && !line.starts_with("Commands")
                && line != "Start here:";
            continue;
        }
        if !inside {
            continue;
        }
        let entry = line.trim_start();
        let indent = line.len().saturating_sub(entry.len());
        if entry.starts_with('-') || (indent == 2 && entry.starts_with(['<', '['])) {
            let (name, words) = entry.split_once("  ").unwrap_or((entry, ""));
            found.push((name.to_owned(), words.trim().to_owned()));
        } else if let Some((_, words)) = found.last_mut() {
            words.push(' ');
            words.push_str(entry);
        }
    }
    found
}

#[test]
fn every_command_has_help_and_every_flag_is_explained() {
    let folder = Folder::new();
    let commands = commands(&folder);
    for expected in
        ["demo", "serve", "import", "scorecard", "measure define", "target set", "submission roll-back", "log verify"]
    {
        assert!(commands.iter().any(|command| command == expected), "{expected} is not among {commands:?}");
    }
    for command in commands {
        let long = folder.run_without_data_dir(&format!("{command} --help")).succeeded();
        assert!(long.stdout.contains("Usage: scorebook"), "{}", long.whole());
        let first = long.stdout.split("\n\n").next().expect("a paragraph").to_owned();
        assert!(first.len() > 10 && !first.starts_with("Usage"), "{command}: it begins with what it does: {first:?}");
        let short = folder.run_without_data_dir(&format!("{command} -h")).succeeded();
        let flags = explained(&short.stdout);
        assert!(flags.iter().any(|(name, _)| name.contains("--help")), "{}", short.whole());
        for (name, words) in flags {
            let own = words.split('[').next().unwrap_or_default().trim();
            assert!(own.len() > 3, "{command}: {name} is not explained: {}", short.whole());
        }
    }
}

#[test]
fn help_teaches_with_examples_that_are_understood() {
    let folder = Folder::new();
    let help = folder.run_without_data_dir("--help").succeeded();
    assert!(help.stdout.contains("Start here:"), "{}", help.whole());
    let nothing = folder.run_without_data_dir("");
    assert_eq!(nothing.code, Some(2), "{}", nothing.whole());
    let named = folder.run_without_data_dir("help target set").succeeded();
    named.says("--decision <WORDS>");
    folder.run_without_data_dir("--version").succeeded().says("scorebook 0.");
}

#[test]
fn completions_are_printed_for_each_shell() {
    let folder = Folder::new();
    for (shell, mark) in [("bash", "complete -F"), ("zsh", "#compdef scorebook"), ("fish", "complete -c scorebook")] {
        let printed = folder.run_without_data_dir(&format!("completions {shell}")).succeeded();
        assert!(printed.stdout.contains(mark), "{shell}: {}", printed.stdout);
        assert!(printed.stdout.contains("target-history") && printed.stdout.contains("roll-back"), "{shell}");
    }
    folder.run_without_data_dir("completions cmd").failed().complains("bash");
}

#[test]
fn completions_for_bash_are_valid_bash() {
    let folder = Folder::new();
    let printed = folder.run_without_data_dir("completions bash").succeeded();
    let mut command = std::process::Command::new("/bin/bash");
    command.args(["-n", "/dev/stdin"]);
    program::run(command, printed.stdout.as_bytes()).succeeded();
}

#[test]
fn errors_go_to_standard_error_and_answers_to_standard_output() {
    let folder = Folder::kent();
    for line in [
        "scorecard no-such --period 2018-09",
        "scorecard cype",
        "scorecard cype --period nonsense",
        "scorecard cype --period 2018-09 --known-at nonsense",
        "measure no-such",
        "measure explain no-such --period 2018-09",
        "target-history no-such",
        "log --type NoSuchEvent",
        "log --submission nonsense",
        "compare cype nonsense --period 2018-09",
        "import not-there.csv",
        "no-such-command",
        "status --no-such-flag",
        "status --format xml",
        "status --width 10",
    ] {
        let failed = folder.run(line).failed();
        assert_eq!(failed.stdout, "", "{}", failed.whole());
    }
}

#[test]
fn an_unknown_name_says_where_to_look() {
    let folder = Folder::kent();
    folder.run("scorecard no-such --period 2018-09").failed().complains("no-such").complains("List what there is");
    folder.run("measure no-such").failed().complains("no-such").complains("scorebook measure list");
    folder.run("scorecrad").failed().complains("scorecard");
    folder.run("scorecard cype").failed().complains("--period 2018-09");
    folder.run("measure explain ehcp-20-weeks --period 2018-09 --format csv").failed().complains("--format json");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let folder = Folder::kent();
    for line in [
        "log",
        "log --format csv",
        "log --format json",
        "log --verbose",
        "scorecard cype --period 2018-09",
        "scorecard cype --period 2018-09 --format csv",
        "completions zsh",
        "submission list",
        "measure list --format csv",
    ] {
        reads_one_line(&folder, line);
        reads_nothing(&folder, line);
    }
}

/// As `… | true` does: the pipe is closed before anything is written.
#[track_caller]
fn reads_nothing(folder: &Folder, line: &str) {
    let mut command = folder.command_on_data(line);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    drop(child.stdout.take());
    let finished = Finished::from_output(format!("{line} | true"), program::wait(child));
    finished.succeeded();
}

/// As `… | head -1` does.
#[track_caller]
fn reads_one_line(folder: &Folder, line: &str) {
    let mut command = folder.command_on_data(line);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut first = String::new();
    let mut stdout = BufReader::with_capacity(16, child.stdout.take().expect("a pipe"));
    stdout.read_line(&mut first).expect("a first line");
    drop(stdout);
    let output = program::wait(child);
    Finished::from_output(format!("{line} | head -1"), output).succeeded();
}

#[test]
fn no_home_is_no_fault_where_the_log_is_named() {
    let folder = Folder::kent();
    let mut command = folder.command_on_data("status");
    command.env_remove("HOME");
    program::run(command, b"").succeeded();
}
