//! A server that begins with the book that the one before it saved, and does without where that is of no use.

use std::fs;
use std::path::PathBuf;

use crate::folder::{Folder, row};
use crate::program::Finished;
use crate::server::Server;

/// A server that saves the book whenever anything is new.
fn serve(folder: &Folder) -> Server {
    let mut command = folder.command_on_data("serve --listen 127.0.0.1:0");
    command.env("SCOREBOOK_SAVE_RECORDS", "1");
    Server::start_command(command)
}

fn saved(folder: &Folder, position: u64) -> PathBuf {
    folder.data().join(format!("journal/book.{position:020}"))
}

#[track_caller]
fn began_with(stopped: Finished, position: u64, n_after: u64) -> Finished {
    stopped.says(&format!(
        "It began with the book that was saved at position {position}, and read {n_after} records after it."
    ))
}

#[test]
fn a_server_begins_with_the_book_that_was_saved_and_answers_the_same_without() {
    let folder = Folder::kent();
    let head = folder.position();
    let card = format!("scorecard cype --period 2018-09 --at-position {head}");
    let before = folder.ask(&card);
    assert!(!row(&before, "ehcp-20-weeks").is_null());

    serve(&folder).stop_cleanly().says_not("It began with");
    assert!(saved(&folder, head).is_file());

    let server = serve(&folder);
    assert_eq!(folder.ask(&card), before);
    folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason because").succeeded();
    let now = folder.ask("scorecard cype --period 2018-10");
    let end = folder.position();
    began_with(server.stop_cleanly(), head, 0).says_not("Warning");
    assert!(end > head && saved(&folder, end).is_file(), "it is saved when the server stops");

    let mut bytes = fs::read(saved(&folder, end)).expect("the saved book");
    let middle = bytes.len().div_euclid(2);
    bytes[middle] ^= 1;
    fs::write(saved(&folder, end), bytes).expect("it can be written");
    let server = serve(&folder);
    assert_eq!(folder.ask(&card), before);
    assert_eq!(folder.ask("scorecard cype --period 2018-10"), now);
    began_with(server.stop_cleanly(), head, end.saturating_sub(head))
        .says("Warning: the saved book")
        .says("is not used, and will be replaced: it is damaged")
        .complains("is not used, and will be replaced");

    began_with(serve(&folder).stop_cleanly(), end, 0).says_not("Warning");
    for position in [head, end] {
        fs::remove_file(saved(&folder, position)).expect("both are kept");
    }
    assert_eq!(folder.ask(&card), before);
    assert_eq!(folder.position(), end);
}

#[test]
fn a_book_of_another_log_is_not_used_and_a_backup_and_a_proof_do_not_mind_it() {
    let (folder, other) = (Folder::kent(), Folder::kent());
    let head = folder.position();
    assert_eq!(other.position(), head);
    serve(&folder).stop_cleanly();
    serve(&other).stop_cleanly();
    fs::copy(saved(&other, head), saved(&folder, head)).expect("it can be copied");
    folder.run("log verify").succeeded();
    folder.run("backup backup").succeeded();
    let stopped = serve(&folder).stop_cleanly();
    stopped.says("Warning: the saved book").says("it is of another log").says_not("It began with");
}
