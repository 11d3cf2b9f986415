//! Proving that a log is what was written.

use std::fs;

use crate::folder::Folder;

/// `position:chain` as answers print it.
fn proof(folder: &Folder) -> String {
    let status = folder.ask("status");
    format!("{}:{}", status["position"].as_str().expect("text"), status["chain"].as_str().expect("text"))
}

#[test]
fn a_whole_log_verifies_and_says_what_that_does_not_prove() {
    let folder = Folder::kent();
    folder
        .run("log verify")
        .succeeded()
        .says(&format!("{} records in 2 commits are verified.", folder.position()))
        .says("cannot be excluded without a position and chain that were printed earlier")
        .says(&format!("Head: {}", proof(&folder)));
}

#[test]
fn an_earlier_proof_holds_after_the_log_has_grown() {
    let folder = Folder::kent();
    let earlier = proof(&folder);
    folder.import(&Folder::example("kent-2018/final-key-stage-2"), "--known-at 2024-11-19").succeeded();
    let verified = folder.run(&format!("log verify --expect {earlier}")).succeeded();
    let records = format!("{} records in 3 commits are verified.", folder.position());
    verified.says(&records).says_not("cannot be excluded without a position");
}

#[test]
fn a_wrong_proof_fails_with_where_and_what_to_do() {
    let folder = Folder::kent();
    let other = Folder::kent();
    let refused = folder.run(&format!("log verify --expect {}", proof(&other))).failed();
    refused
        .complains(&format!("position {}", folder.position()))
        .complains("was changed")
        .complains("restore the newest backup");
    let zeros = "0".repeat(64);
    folder.run(&format!("log verify --expect 5:{zeros}")).failed().complains("position 5");
    let beyond = folder.position().saturating_add(1).to_string();
    folder.run(&format!("log verify --expect {beyond}:{zeros}")).failed().complains(&beyond);
    folder.run("log verify --expect nonsense").failed().complains("is not POSITION:CHAIN as answers print it");
    folder.run("log verify").succeeded();
}

#[test]
fn the_chain_is_the_one_that_answers_and_receipts_print() {
    let folder = Folder::kent();
    let receipt = folder.act("result record ehcp-20-weeks --period 2018-10 --value 50 --reason x").succeeded();
    let proof = proof(&folder);
    let receipt = receipt.says(&format!("Proof {proof}"));
    folder.run("scorecard cype --period 2018-09").succeeded().says(&proof);
    folder.run(&format!("log verify --expect {proof}")).succeeded();
    drop(receipt);
}

#[test]
fn a_damaged_log_is_not_served_as_if_it_were_whole() {
    let folder = Folder::kent();
    let db = folder.data().join("journal/db");
    let mut bytes = fs::read(&db).expect("the journal's store");
    let needle = b"Permanent exclusions from Secondary schools";
    let found: Vec<usize> =
        bytes.windows(needle.len()).enumerate().filter(|(_, w)| *w == needle).map(|(at, _)| at).collect();
    assert!(!found.is_empty(), "a title stands in the store as it is");
    for at in found {
        bytes[at] = b'Q';
    }
    fs::write(&db, &bytes).expect("it can be written");
    let refused = folder.run("log verify").failed();
    refused.complains("restore the newest backup");
    let status = folder.run("scorecard cype --period 2018-09");
    assert!(status.code != Some(0) && !status.stdout.contains("Qermanent"), "{}", status.whole());
}
