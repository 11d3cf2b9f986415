//! What the documents say to type is what the program understands.

use std::fs;
use std::path::Path;

use crate::folder::{Folder, list, number};
use crate::program;
use crate::server::Server;

/// The command lines in a document's code blocks, without what is said beside them; one that goes on after a backslash
/// is one.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    let whole = text.split("\\\n").map(str::trim_start).collect::<String>();
    for line in whole.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if inside
            && let Some(command) = line.trim().strip_prefix("scorebook ")
            && command.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-')
        {
            found.push(command.split("  ").next().unwrap_or(command).trim().to_owned());
        }
    }
    found
}

fn document(name: &str) -> String {
    fs::read_to_string(program::workspace().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Kent's log in the home's own data folder, and the figures beside.
fn prepared() -> Folder {
    let folder = Folder::new();
    folder.run_without_data_dir("init --authority E10000016").succeeded();
    copy(&Folder::example("kent-2018/as-reported"), &folder.root().join("figures"));
    copy(&program::workspace().join("examples/layouts"), &folder.root().join("examples/layouts"));
    folder.run_without_data_dir("import figures/ --known-at 2018-11-29 --yes").succeeded();
    copy(&Folder::example("kent-2018/before-the-meeting"), &folder.root().join("said"));
    folder.run_without_data_dir("import said/ --known-at 2018-11-29 --yes").succeeded();
    folder.run_without_data_dir("target set care-leavers-eet --comparison at-least --target 64 --minimum 60 --from FY2018 --to FY2018 --decision d --reason r --yes").succeeded();
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("an entry");
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(path, copied).expect("it can be copied");
        }
    }
}

/// True where it is about a node: its folder, its address, or the servers between nodes.
fn of_a_cluster(command: &str) -> bool {
    let words = program::words(command);
    let nodes = words.windows(2).any(|pair| pair[0] == "--data-dir" && ["first", "second", "new"].contains(&&*pair[1]));
    nodes || words.iter().any(|word| ["--nats", "--server", "raise-format"].contains(&&**word))
}

/// Runs a command as the document has it: on a log that is there, or where there is none yet.
#[track_caller]
fn works(folder: &Folder, command: &str) {
    let stand_ins =
        command.replace("FOLDER", "figures").replace("SHELL", "bash").replace("YOUR-FILE.csv", "figures/results.csv");
    match stand_ins.split_whitespace().next() {
        Some("init") => {
            Folder::new().run_without_data_dir(&stand_ins).succeeded();
        }
        // It runs until it is told to stop, on a port that may be taken: that it is understood is enough.
        Some("serve") => {
            folder.run_without_data_dir(&format!("{stand_ins} --help")).succeeded();
        }
        // What a cluster's runbooks say is carried out by their own tests.
        Some(_) if of_a_cluster(&stand_ins) => {
            folder.run_without_data_dir(&format!("{stand_ins} --help")).succeeded();
        }
        // Whoever types it is asked, and says yes.
        Some(_) if asks(&stand_ins) => {
            folder.run_without_data_dir(&format!("{stand_ins} --yes")).succeeded();
        }
        _ => {
            folder.run_without_data_dir(&stand_ins).succeeded();
        }
    }
}

#[test]
fn the_commands_in_the_readme_work() {
    let folder = prepared();
    let commands = commands(&document("README.md"));
    assert!(commands.len() >= 10, "{commands:?}");
    for command in &commands {
        works(&folder, command);
    }
}

#[test]
fn the_commands_in_other_documents_are_understood() {
    let folder = prepared();
    let docs = program::workspace().join("docs");
    let mut names: Vec<_> =
        fs::read_dir(docs).expect("there are documents").map(|entry| entry.expect("an entry").path()).collect();
    names.push(program::workspace().join("examples/kent-2018/README.md"));
    let documents = names.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let documents = documents.filter(|path| !path.ends_with("GUIDE.md"));
    for path in documents {
        for command in commands(&fs::read_to_string(&path).expect("it can be read")) {
            works(&folder, &command);
        }
    }
}

/// True where whoever types it is asked before anything is recorded, and says yes.
fn asks(command: &str) -> bool {
    let of_figures = ["result ", "target ", "commentary ", "action ", "view publish", "view act", "view late-figure"];
    let records = ["measure withdraw", "measure define", "measure revise", "submission r"];
    let mut records = of_figures.into_iter().chain(records);
    let imports = command.starts_with("import ") && !command.contains("--dry-run");
    imports || records.any(|act| command.starts_with(act))
}

#[test]
fn the_guide_can_be_followed_from_beginning_to_end() {
    let folder = Folder::new();
    copy(&program::workspace().join("examples"), &folder.root().join("examples"));
    let commands = commands(&document("docs/GUIDE.md"));
    assert!(commands.len() >= 20, "{commands:?}");
    let mut server = None;
    for command in commands {
        let command = command.split(" > ").next().expect("what is before the file that it is written to");
        let typed = if asks(command) { format!("{command} --yes") } else { command.to_owned() };
        if command == "serve" {
            server = Some(Server::start(&folder));
        } else if let (Some(server), Some((_, question))) = (&server, command.split_once("127.0.0.1:7420 ")) {
            folder.run_without_data_dir(&format!("--server {} {question}", server.address())).succeeded();
        } else if command.contains("--known-at 2025-10-23") {
            // There was no such scorecard yet, and the guide says that the answer says so.
            folder.run(&typed).failed();
        } else if command.starts_with("view check") {
            // A Red has no action yet, and the guide says so.
            folder.run(&typed).failed().says("no action is agreed");
        } else if command.contains("submission r") {
            let listed = list(&folder.ask("submission list")["submissions"]);
            let id = listed.last().expect("something was put in")["submissionId"].as_str().expect("text").to_owned();
            let put_back = listed.iter().rev().find(|it| it["rolledBack"] == true);
            let id = put_back.map_or(id, |it| it["submissionId"].as_str().expect("text").to_owned());
            folder.run(&typed.replace(" ID ", &format!(" {id} "))).succeeded();
        } else if command.contains("COPY") {
            let status = folder.ask("status");
            let proof = format!("{}:{}", number(&status["position"]), status["chain"].as_str().expect("text"));
            if let Some(server) = server.take() {
                server.stop_cleanly();
            }
            copy(&folder.data(), &folder.root().join("COPY"));
            folder.run_without_data_dir(&typed.replace("POSITION:CHAIN", &proof)).succeeded();
        } else {
            if command == "log verify"
                && let Some(server) = server.take()
            {
                server.stop_cleanly();
            }
            folder.run(&typed).succeeded();
        }
    }
}

#[test]
fn the_commands_in_the_help_work() {
    let folder = prepared();
    let help = folder.run_without_data_dir("--help").succeeded().stdout;
    let lines = help.lines().filter_map(|line| line.strip_prefix("  scorebook "));
    let commands: Vec<String> = lines.map(|line| line.split("  ").next().unwrap_or(line).trim().to_owned()).collect();
    assert!(commands.len() >= 6, "{help}");
    for command in &commands {
        works(&folder, command);
    }
}

#[test]
fn the_commands_that_the_demo_ends_with_work() {
    let folder = prepared();
    let shown = folder.run_without_data_dir("demo").succeeded();
    let (_, end) = shown.stdout.split_once("8. How to go on").expect("the last section");
    let path = program::path().display().to_string();
    let commands: Vec<&str> = end.lines().filter_map(|line| Some(line.split_once(&path)?.1.trim())).collect();
    assert!(commands.len() >= 9, "{end}");
    for command in commands.into_iter().filter(|command| !command.contains("CODE")) {
        works(&folder, command);
    }
}

#[test]
fn the_examples_are_as_their_own_document_says() {
    let folder = Folder::kent();
    folder.import(&Folder::example("kent-2018/final-key-stage-2"), "--known-at 2024-11-19").succeeded();
    folder.import(&Folder::example("kent-2018/target-change"), "").succeeded();
    folder.import(&Folder::example("kent-2017"), "--known-at 2017-03-23").succeeded();
    folder.run("log verify").succeeded();
}

#[test]
fn every_setting_in_the_documents_is_one() {
    let folder = Folder::kent();
    let text = document("docs/SETTINGS.md");
    let (_, block) = text.split_once("```toml\n").expect("an example of a settings file");
    let (block, _) = block.split_once("```").expect("it ends");
    let settings = folder.write("scorebook.toml", block);
    folder.run(&format!("status --settings {}", settings.display())).succeeded();
    let names = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')?.1.split('`').nth(1));
    let variables: Vec<&str> = names.filter(|name| name.starts_with("SCOREBOOK_")).collect();
    assert_eq!(variables.len(), 20, "{variables:?}");
    for (name, value) in [
        ("SCOREBOOK_DATA_DIR", "nowhere"),
        ("SCOREBOOK_HTTP", "nowhere"),
        ("SCOREBOOK_METRICS", "nowhere"),
        ("SCOREBOOK_REPLICAS", "x"),
        ("SCOREBOOK_SAVE_RECORDS", "x"),
        ("SCOREBOOK_LISTEN", "x"),
        ("SCOREBOOK_CACHE_MEBIBYTES", "x"),
        ("SCOREBOOK_LOG", "=,="),
        ("SCOREBOOK_ASSERTED_MAY", "[fly]"),
    ] {
        assert!(variables.contains(&name), "{name} is documented");
        let mut command = folder.command("status");
        command.env("SCOREBOOK_DATA_DIR", folder.data()).env(name, value);
        program::run(command, b"").failed();
    }
}
