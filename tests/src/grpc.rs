//! The contract, met by a client that was not made from our files.

use crate::client::{check, check_on_kent};
use crate::folder::{Folder, event_names};
use crate::server::Server;

#[test]
fn health_and_reflection_say_what_is_served() {
    check_on_kent("discovery");
}

#[test]
fn a_submission_of_instructions_is_recorded_and_seen_by_its_writer() {
    let (folder, added) = check_on_kent("instructions");
    assert_eq!(event_names(&added), ["submissionReceived", "resultRecorded"]);
    let history = folder.ask("measure ehcp-20-weeks --from 2018-10 --to 2018-10");
    assert_eq!(history["rows"][0]["result"]["display"], "43.4%");
    let counted = &history["rows"][0]["result"]["entry"]["figure"]["counted"];
    assert_eq!(counted["denominator"]["coefficient"], "1747");
}

#[test]
fn a_retry_changes_nothing_and_other_content_is_refused() {
    let (_folder, added) = check_on_kent("retries");
    let results = added.iter().filter(|record| !record["resultRecorded"].is_null()).count();
    assert_eq!(results, 1, "however often it is sent");
}

#[test]
fn a_file_larger_than_a_message_is_streamed() {
    let (_folder, added) = check_on_kent("streaming");
    assert!(added.len() > 5_000, "{}", added.len());
}

#[test]
fn what_cannot_be_read_is_refused_with_its_fields() {
    let (_folder, added) = check_on_kent("refusals");
    assert!(added.is_empty(), "nothing refused is recorded: {added:?}");
}

#[test]
fn what_a_rule_says_no_to_is_a_failed_precondition_with_its_remedy() {
    let (_folder, added) = check_on_kent("rules");
    assert!(added.is_empty(), "nothing refused is recorded: {added:?}");
}

#[test]
fn histories_and_lists_come_in_pages() {
    check_on_kent("pages");
}

#[test]
fn scorecards_and_explanations_are_as_of_any_time() {
    check_on_kent("questions");
}

#[test]
fn an_auditors_questions_are_answered_and_nothing_is_stored() {
    let (_folder, added) = check_on_kent("audits");
    assert!(added.is_empty(), "{added:?}");
}

#[test]
fn a_grid_says_of_each_cell_what_its_explanation_says() {
    check_on_kent("grids");
}

#[test]
fn a_view_is_published_once_and_served_byte_for_byte() {
    let (folder, added) = check_on_kent("views");
    let views = added.iter().filter(|record| !record["viewPublished"].is_null()).count();
    assert_eq!(views, 1, "however often it is sent");
    folder.run("view list").succeeded().says("1 view");
}

#[test]
fn the_log_is_read_with_filters() {
    check_on_kent("log");
}

#[test]
fn bounds_beyond_the_head_are_refused_or_waited_for() {
    check_on_kent("bounds");
}

#[test]
fn a_preview_is_accepted_only_as_it_was_shown() {
    check_on_kent("previews");
}

#[test]
fn the_feed_is_followed_from_any_item_and_as_it_comes() {
    check_on_kent("following");
}

#[test]
fn what_the_client_records_the_command_line_shows() {
    let folder = Folder::kent();
    let head = folder.position();
    let server = Server::start(&folder);
    check(&server, "instructions");
    assert_eq!(folder.position(), head.saturating_add(2));
    folder.run(&format!("log --after {head}")).succeeded().says("python.client").says("2018: 759 of 1,747");
    server.stop_cleanly();
}
