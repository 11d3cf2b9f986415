//! The workspace's own chores: `cargo xtask VERB`.
//!
//! Everything that a person or continuous integration does to this repository besides
//! building it is a verb here, so that both do the same. One module is one verb.
//!
//! It is **not** part of the product: nothing depends on it, an ordinary build leaves it out,
//! and it knows the product only as files, processes and the output of `cargo metadata`.
//!
//! Invariants: a verb that checks changes no file that is committed; a verb that fails names
//! what to do next.

#![expect(clippy::print_stdout, reason = "a command line tool speaks on standard output")]

mod bench;
mod chaos;
mod ci;
mod codegen;
mod fuzz;
mod power;
mod test;
mod tidy;
mod tools;

mod data_checks;
mod process;
mod stopwatch;
mod workspace;

use anyhow::{Result, bail};
use std::process::ExitCode;

/// One word that can follow `cargo xtask`.
struct Verb {
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const VERBS: &[Verb] = &[
    Verb {
        name: "bench",
        arguments: "NAME [ARGUMENTS] [--json FILE]",
        summary: "measure Scorebook and a peer in turn, and compare",
        run: bench::run,
    },
    Verb {
        name: "check-releases",
        arguments: "FOLDER",
        summary: "take real releases in, and compare what was known at each with folds of its own",
        run: data_checks::run_releases,
    },
    Verb {
        name: "chaos",
        arguments: "[--seed N] [--rounds M] [--seconds S]",
        summary: "kill, stop and cut off the parts of a real cluster, and check what is left",
        run: chaos::run,
    },
    Verb {
        name: "ci",
        arguments: "",
        summary: "everything that must pass before a change lands, tests last",
        run: ci::run,
    },
    Verb {
        name: "codegen",
        arguments: "[--check]",
        summary: "write the gRPC code from proto/ (or fail if it is not up to date)",
        run: codegen::run,
    },
    Verb {
        name: "data",
        arguments: "FOLDER",
        summary: "check the code against the data sets in FOLDER",
        run: data_checks::run,
    },
    Verb {
        name: "fuzz",
        arguments: "[--seconds N] [TARGET]",
        summary: "give every reader of bytes from outside whatever covers more of it",
        run: fuzz::run,
    },
    Verb {
        name: "power",
        arguments: "[--rounds N] [--seed S] [--only WORDS]",
        summary: "cut the power of a journal again and again, and check what is left",
        run: power::run,
    },
    Verb {
        name: "test",
        arguments: "[ARGS]",
        summary: "fetch the test tools, build the binary, run every test",
        run: test::run,
    },
    Verb { name: "tidy", arguments: "", summary: "check sizes, layers, names, words and links", run: tidy::run },
    Verb {
        name: "tools",
        arguments: "",
        summary: "fetch the pinned tools of the tests and of ci into target/tools/",
        run: tools::run,
    },
    Verb { name: "help", arguments: "", summary: "list the verbs", run: help },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let (name, rest) = match arguments {
        [] => ("help", arguments),
        [name, rest @ ..] if name == "--help" || name == "-h" => ("help", rest),
        [name, rest @ ..] => (name.as_str(), rest),
    };
    match VERBS.iter().find(|verb| verb.name == name) {
        Some(verb) => (verb.run)(rest),
        None => bail!("there is no verb `{name}`; `cargo xtask help` lists them"),
    }
}

fn help(arguments: &[String]) -> Result<()> {
    expect_no_arguments("help", arguments)?;
    println!("cargo xtask VERB");
    for verb in VERBS {
        let usage = format!("{} {}", verb.name, verb.arguments);
        println!("  {usage:<26} {}", verb.summary);
    }
    Ok(())
}

/// Fails when a verb that takes no arguments was given some.
fn expect_no_arguments(verb: &str, arguments: &[String]) -> Result<()> {
    match arguments {
        [] => Ok(()),
        [first, ..] => bail!("`cargo xtask {verb}` takes no arguments, but was given `{first}`"),
    }
}
