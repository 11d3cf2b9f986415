//! What is put in: requests, streams, previews.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use domain::command::Command;
use domain::event::Source;
use domain::ids::{Digest, Origin};
use domain::preview::{Change, ChangeKind, Tally};
use domain::result::Cause;

use super::given::{self, at, date, position};
use crate::bounds::Known;
use crate::submit::{Assembly, Preview, Token, content, decode, encode_preview};
use crate::v1::{self, submit_stream_request::Part};
use crate::value::encode_timestamp;

fn request() -> v1::SubmitRequest {
    let mut instruction = crate::command::encode(&given::instruction(Command::WithdrawResult(given::cell())));
    instruction.reason = "counted twice".to_owned();
    v1::SubmitRequest { actor: "jo".to_owned(), instructions: vec![instruction], ..v1::SubmitRequest::default() }
}

fn files(files: &[(&str, &[u8])]) -> v1::SubmitRequest {
    let file = |(name, content): &(&str, &[u8])| v1::File {
        name: (*name).to_owned(),
        content: content.to_vec(),
        ..v1::File::default()
    };
    v1::SubmitRequest { instructions: Vec::new(), files: files.iter().map(file).collect(), ..request() }
}

#[track_caller]
fn refused(request: v1::SubmitRequest, said: &str) {
    assert_eq!(decode(request).unwrap_err().to_string(), said);
}

#[test]
fn what_the_request_says_holds_for_instructions_that_do_not_say_it() {
    let mut given = request();
    given.known_on = "2018-11-29".to_owned();
    given.reason = "the committee's papers".to_owned();
    given.cause = v1::Cause::CorrectionOfError.into();
    let mut own = given.instructions[0].clone();
    own.known_at = Some(encode_timestamp(at("2018-10-01T00:00:00Z")));
    own.reason = String::new();
    given.instructions.push(own);

    let asked = decode(given).unwrap();
    assert_eq!(asked.known, Known::EndOf(date("2018-11-29")));
    let [first, second] = asked.instructions.as_slice() else { panic!("two instructions") };
    assert_eq!((first.instruction.known_at, first.known_on), (None, Some(date("2018-11-29"))));
    assert_eq!(first.instruction.why.reason, "counted twice");
    assert_eq!(first.instruction.why.cause, Some(Cause::CorrectionOfError));
    assert_eq!((second.instruction.known_at, second.known_on), (Some(at("2018-10-01T00:00:00Z")), None));
    assert_eq!(second.instruction.why.reason, "the committee's papers");
}

#[test]
fn instructions_and_files_are_put_in_apart() {
    refused(
        v1::SubmitRequest { files: files(&[("results.csv", b"x")]).files, ..request() },
        "files: are given beside instructions; put them in separately",
    );
    refused(files(&[]), "instructions: is missing; give instructions or files");
}

#[test]
fn a_file_has_a_name_without_folders() {
    refused(
        files(&[("a.csv", b""), ("in/b.csv", b"")]),
        "files[1].name: \"in/b.csv\" has a folder in it; give the name alone",
    );
    refused(files(&[("", b"")]), "files[0].name: is missing; give a text");
}

#[test]
fn lists_over_their_bounds_are_refused_before_they_are_read() {
    let many = vec![request().instructions[0].clone(); 10_001];
    refused(
        v1::SubmitRequest { instructions: many, ..request() },
        "instructions: has 10001 items; at most 10000 are allowed; split the request, or send a file",
    );
    refused(
        files(&[("a.csv", b"".as_slice()); 17]),
        "files: has 17 items; at most 16 are allowed; split the request, or send a file",
    );
}

#[test]
fn a_request_says_who() {
    refused(
        v1::SubmitRequest { actor: String::new(), ..request() },
        "actor: is missing; give its code: 1 to 64 letters, digits, '-', '_' and '.'",
    );
    let violation = decode(v1::SubmitRequest { actor: "Jo Bloggs".to_owned(), ..request() }).unwrap_err();
    assert_eq!((violation.field.as_str(), violation.value.as_str()), ("actor", "Jo Bloggs"));
}

#[test]
fn a_violation_says_which_instruction() {
    let mut given = request();
    let mut wrong = crate::command::encode(&given::instruction(Command::WithdrawResult(given::cell())));
    if let Some(v1::instruction::Command::WithdrawResult(it)) = &mut wrong.command {
        it.cell.as_mut().unwrap().period = "July 20188".to_owned();
    }
    given.instructions.push(wrong);
    refused(
        given,
        "instructions[1].withdraw_result.cell.period: \"July 20188\" is not a period; \
         write it as 2018-09, FY2018-Q2, AY2018-T1, FY2018 or 2018-09-30",
    );
}

#[test]
fn an_accepted_preview_is_named_whole() {
    let expected = |digest: &str| v1::SubmitRequest {
        expected: Some(v1::PreviewToken { position: 7, digest: digest.to_owned() }),
        ..request()
    };
    let token = decode(expected(&"ab".repeat(32))).unwrap().expected;
    assert_eq!(token, Some(Token { position: position(7), digest: Digest([0xab; 32]) }));
    refused(
        expected("ab"),
        "expected.digest: \"ab\" is not a digest; give it as it was printed: 64 hexadecimal digits",
    );
}

#[test]
fn the_content_of_a_retry_is_the_same_however_it_is_to_be_judged() {
    let first = request();
    let retry = v1::SubmitRequest {
        submission_id: "01234567-89ab-cdef-0123-456789abcdef".to_owned(),
        preview_only: true,
        set_aside_refused: true,
        expected: Some(v1::PreviewToken::default()),
        ..request()
    };
    assert_eq!(content(&first), content(&retry));
    let other = v1::SubmitRequest { reason: "another".to_owned(), ..request() };
    assert_ne!(content(&first), content(&other));
    assert_ne!(content(&files(&[("a.csv", b"1")])), content(&files(&[("a.csv", b"2")])));
}

fn header(names: &[&str]) -> v1::SubmitStreamRequest {
    let empty: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, b"".as_slice())).collect();
    v1::SubmitStreamRequest { part: Some(Part::Header(files(&empty))) }
}

fn chunk(file: u32, bytes: &[u8]) -> v1::SubmitStreamRequest {
    v1::SubmitStreamRequest { part: Some(Part::Chunk(v1::FileChunk { file, content: bytes.to_vec() })) }
}

#[test]
fn a_stream_is_the_request_that_it_was_cut_from() {
    let mut assembly = Assembly::begin(header(&["a.csv", "b.csv", "c.csv"]), 6).unwrap();
    for part in [chunk(0, b"ab"), chunk(0, b"c"), chunk(2, b"def")] {
        assembly.add(part).unwrap();
    }
    assert_eq!(assembly.finish(), files(&[("a.csv", b"abc"), ("b.csv", b""), ("c.csv", b"def")]));
}

#[track_caller]
fn refused_next(next: v1::SubmitStreamRequest, field: &str) {
    let mut assembly = Assembly::begin(header(&["a.csv", "b.csv"]), 2 * 1024 * 1024).unwrap();
    assembly.add(chunk(1, b"x")).unwrap();
    assert_eq!(assembly.add(next).unwrap_err().field, field);
}

#[test]
fn a_stream_out_of_order_is_refused() {
    refused_next(chunk(0, b"x"), "chunk.file");
    refused_next(chunk(2, b"x"), "chunk.file");
    refused_next(header(&["c.csv"]), "header");
    refused_next(v1::SubmitStreamRequest { part: None }, "chunk");
    refused_next(chunk(1, &vec![0; 1024 * 1024 + 1]), "chunk.content");
}

#[test]
fn a_stream_begins_with_an_empty_header() {
    let begin = |first| Assembly::begin(first, 10).unwrap_err().field;
    assert_eq!(begin(chunk(0, b"x")), "header");
    let full = v1::SubmitStreamRequest { part: Some(Part::Header(files(&[("a.csv", b"x")]))) };
    assert_eq!(begin(full), "header.files[0].content");
    assert_eq!(begin(header(&["a.csv"; 17])), "header.files");
}

#[test]
fn a_stream_is_bounded_in_all() {
    let mut assembly = Assembly::begin(header(&["a.csv"]), 3).unwrap();
    assembly.add(chunk(0, b"abc")).unwrap();
    assert_eq!(assembly.add(chunk(0, b"d")).unwrap_err().problem, "makes more than 3 bytes in all");
}

#[test]
fn a_preview_names_files_and_counts_what_it_does_not_list() {
    let line = NonZeroU32::new(7).unwrap();
    let change = Change {
        kind: ChangeKind::Revised,
        subject: "result ehcp-20-weeks, Kent, September 2018".to_owned(),
        before: "42.0%".to_owned(),
        after: "43.4%".to_owned(),
        origin: Some(Origin { file: 0, line }),
    };
    let source = Source {
        name: "results.csv".to_owned(),
        sha256: Digest([1; 32]),
        size: 120,
        layout: "scorebook-results.1".to_owned(),
        stored: true,
    };
    let refusal = ingest::Refusal {
        file: 0,
        line: 8,
        field: "period".to_owned(),
        value: "July 20188".to_owned(),
        problem: "is not a period".to_owned(),
        remedy: "write it as 2018-07".to_owned(),
    };
    let preview = Preview {
        token: Token { position: position(7), digest: Digest([2; 32]) },
        sources: &[source],
        tallies: &BTreeMap::from([("result", Tally { new: 1, revised: 2, withdrawn: 3, unchanged: 4 })]),
        changes: &[change],
        n_changes: 6,
        refusals: &[refusal],
        n_refusals: 1,
        notes: &[],
        n_set_aside: 0,
        n_absent: 0,
        review: None,
        too_large_to_review: false,
    };
    let encoded = encode_preview(&preview);
    assert_eq!(encoded.n_changes_not_listed, 5);
    assert_eq!(encoded.refusals[0].file, "results.csv");
    insta::assert_debug_snapshot!((&encoded.tallies, &encoded.changes), @r#"
    (
        [
            Tally {
                noun: "result",
                n_new: 1,
                n_revised: 2,
                n_withdrawn: 3,
                n_unchanged: 4,
            },
        ],
        [
            Change {
                kind: Revised,
                subject: "result ehcp-20-weeks, Kent, September 2018",
                before: "42.0%",
                after: "43.4%",
                origin: Some(
                    Origin {
                        file: 0,
                        line: 7,
                        file_name: "results.csv",
                    },
                ),
            },
        ],
    )
    "#);
}

#[test]
fn snapshots_and_the_withdrawals_accepted_are_read_and_only_the_snapshots_are_content() {
    let mut given = files(&[("results.csv", b"measure"), ("areas.csv", b"area")]);
    let rows = content(&given);
    given.files[0].snapshot = true;
    given.accept_withdrawals = Some(0);
    let asked = decode(given.clone()).unwrap();
    assert_eq!(asked.files.iter().map(|file| file.snapshot).collect::<Vec<_>>(), [true, false]);
    assert_eq!(asked.accept_withdrawals, Some(0));
    assert_ne!(content(&given), rows, "a whole table is another request than its rows");
    let snapshot = content(&given);
    given.accept_withdrawals = None;
    assert_eq!(content(&given), snapshot);
}
