//! An export is read back to the same records, chain and bytes; whatever was done to it is found, by its line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::event::RowSetAside;
use domain::{Digest, Event, Position};
use engine::log::EventLog as _;
use proptest::prelude::*;
use serde_json::Value;

use super::{open, options, sample_commits, samples, strategies};
use crate::export::{hex, line};
use crate::import::{Taken, from_lines};
use crate::{CopyError, Journal, Options, Printed, export, record};

/// A log of every type and form, and its export.
fn exported() -> (tempfile::TempDir, Journal, String) {
    let (folder, options) = options();
    let journal = open(&options);
    journal.append(Position::START, &sample_commits()).unwrap();
    let text = export_of(&journal);
    (folder, journal, text)
}

fn export_of(journal: &Journal) -> String {
    let mut bytes = Vec::new();
    export::write(journal, &mut bytes, Path::new("an export"), &mut |_| {}).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Imports into a folder of its own.
fn import(text: &str, expect: Option<Printed>) -> (tempfile::TempDir, Options, Result<Taken, CopyError>) {
    let (folder, options) = options();
    let taken = from_lines(&options, &mut text.as_bytes(), expect, &mut |_| {});
    (folder, options, taken)
}

/// Nothing is there, and the line and what is wrong with it are said.
#[track_caller]
fn refused(text: &str, line: u64, reason: &str) {
    let (folder, options, taken) = import(text, None);
    match taken {
        Err(CopyError::Line { line: found, reason: words }) => {
            assert!(found == line && words.contains(reason), "line {found}: {words}");
        }
        other => panic!("{other:?}"),
    }
    assert!(!options.dir.exists());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
}

/// The export with one line changed.
#[track_caller]
fn changed(text: &str, line: usize, from: &str, to: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
    assert!(lines[line - 1].contains(from), "{}", lines[line - 1]);
    lines[line - 1] = lines[line - 1].replace(from, to);
    joined(&lines)
}

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| line.clone() + "\n").collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(ToOwned::to_owned).collect()
}

/// Records as an export of them, with a chain that fits.
fn lines_of(records: &[Vec<u8>]) -> String {
    let mut chain = Digest([0; 32]);
    let mut made = Vec::new();
    for (bytes, n) in records.iter().zip(1..) {
        chain = record::chain(chain, Position::new(n), bytes).unwrap();
        made.push(line::record(Position::new(n), bytes, chain).unwrap());
    }
    let head = format!("{}:{chain}", records.len());
    let opened = exported().2;
    let first: line::First = serde_json::from_str(opened.lines().next().unwrap()).unwrap();
    let records = u64::try_from(records.len()).unwrap();
    made.insert(0, line::text(&line::First { records, head: head.clone(), ..first }));
    made.push(line::text(&line::Last { end: true, records, head }));
    joined(&made)
}

fn sample_bytes() -> Vec<Vec<u8>> {
    samples::all().iter().map(|(_, sample)| record::encode(sample, samples::SALT).unwrap()).collect()
}

/// Sets a record's checksum right again.
pub(super) fn seal(bytes: &mut [u8]) {
    let sum = crc32c::crc32c_append(crc32c::crc32c(&bytes[..70]), &bytes[74..]);
    bytes[70..74].copy_from_slice(&sum.to_le_bytes());
}

#[test]
fn an_export_is_imported_to_the_same_head_and_exports_to_the_same_bytes() {
    let (_folder, journal, text) = exported();
    let head = journal.head();
    let (_other, options, taken) = import(&text, Some((head.position, head.chain)));
    let taken = taken.unwrap();
    assert_eq!(taken.verified.head, head);
    let copy = open(&options);
    assert_eq!(copy.head(), head);
    assert_eq!(copy.read_raw(Position::START, 1_000).unwrap(), journal.read_raw(Position::START, 1_000).unwrap());
    assert_eq!(export_of(&copy), text);
    copy.append(head.position, &[super::commit(head.position.get(), 3, head.recorded_at.unwrap().micros() + 1)])
        .unwrap();
    copy.verify(None).unwrap();
}

#[test]
fn commits_of_many_blocks_are_imported_whole() {
    let (_folder, options) = options();
    let journal = open(&options);
    journal.append(Position::START, &sample_commits()).unwrap();
    let after = journal.head().position;
    let micros = journal.head().recorded_at.unwrap().micros() + 1;
    let more = [super::commit(after.get(), 6_000, micros), super::commit(after.get() + 6_000, 1, micros + 1)];
    journal.append(after, &more).unwrap();
    let text = export_of(&journal);
    let (_other, copied, taken) = import(&text, None);
    assert_eq!(taken.unwrap().verified.n_commits, journal.verify(None).unwrap().n_commits);
    assert_eq!(export_of(&open(&copied)), text);
}

fn fixture() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/export-v1.jsonl")
}

#[test]
fn the_lines_of_every_type_are_what_was_released() {
    let path = fixture();
    let released = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (_folder, _journal, text) = exported();
    for (now, then) in text.lines().zip(released.lines()) {
        assert_eq!(now, then);
    }
    assert_eq!(text.len(), released.len());
    import(&released, None).2.unwrap();
}

#[test]
fn a_reader_without_this_program_reads_an_export_and_checks_its_chain() {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/python/read_export.py");
    let run = Command::new("python3").arg(script).arg(fixture()).output();
    let run = run.expect("python3 is not there; install it: sudo apt-get install python3, or brew install python3");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}{err}");
    let n_records = samples::all().len();
    assert!(out.contains(&format!("{n_records} records, every checksum and the chain hold")), "{out}");
    let n_results = samples::all().iter().filter(|(_, sample)| sample.event.name() == "ResultRecorded").count();
    assert!(out.lines().any(|line| line.split_whitespace().eq([n_results.to_string().as_str(), "ResultRecorded"])));
}

#[test]
fn what_is_changed_in_the_readable_event_is_refused_by_its_line() {
    let (_folder, _journal, text) = exported();
    let result = text.lines().position(|line| line.contains(r#""value":"74.0""#)).unwrap() + 1;
    let number = u64::try_from(result).unwrap();
    refused(
        &changed(&text, result, r#""value":"74.0""#, r#""value":"75.0""#),
        number,
        r#"in "event", the readable "value" is "75.0", but the exact record says "74.0""#,
    );
    refused(&changed(&text, result, r#""value":"74.0","#, ""), number, r#"the readable "value" is null"#);
    refused(&changed(&text, result, "mi.officer", "somebody"), number, r#"the readable "actor" is "somebody""#);
    refused(&changed(&text, result, r#""type":"ResultRecorded""#, r#""type":"ResultWithdrawn""#), number, "type");
    refused(&changed(&text, result, r#""event":{"#, r#""event":{"more":1,"#), number, r#"it has "more""#);
    let twice = changed(&text, result, r#""event":{"#, r#""event":{"value":"75.0","#);
    refused(&twice, number, "it is not written as an export writes it");
    refused(&changed(&text, result, r#""position""#, r#" "position""#), number, "it is not written as an export");
}

#[test]
fn what_is_changed_in_the_exact_record_or_the_chain_is_refused_by_its_line() {
    let (_folder, _journal, text) = exported();
    refused(&changed(&text, 7, r#""record":"53"#, r#""record":"54"#), 7, "no record begins here");
    refused(&changed(&text, 7, r#""record":"5342"#, r#""record":"5342zz"#), 7, "hexadecimal");
    refused(&changed(&text, 7, r#"","chain""#, r#"00","chain""#), 7, "1 bytes follow the record");
    let exact = |line: &str| serde_json::from_str::<line::Exact>(line).unwrap();
    let all = lines(&text);
    let record = exact(&all[6]).record;
    for digit in (0..record.len()).step_by(7) {
        let mut digits = record.clone().into_bytes();
        digits[digit] = if digits[digit] == b'0' { b'1' } else { b'0' };
        let other = String::from_utf8(digits).unwrap();
        let (_other, _options, taken) = import(&changed(&text, 7, &record, &other), None);
        assert!(matches!(taken, Err(CopyError::Line { line: 7, .. })), "digit {digit}: {taken:?}");
    }
    let chain = exact(&all[6]).chain;
    let other = Digest([1; 32]).to_string();
    refused(&changed(&text, 7, &chain, &other), 7, "but the records lead to");
}

/// True where no number has a fraction, so that no reader rounds anything.
fn whole_numbers(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_u64(),
        Value::Array(items) => items.iter().all(whole_numbers),
        Value::Object(fields) => fields.values().all(whole_numbers),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

#[test]
fn the_longest_record_has_a_line_within_the_bound() {
    let (_, mut sample) = samples::all().swap_remove(0);
    for text in ["\u{1}", "\"", "\u{7f}"] {
        let text = text.repeat(3_600);
        sample.event = Event::RowSetAside(RowSetAside { text, field: String::new(), problem: String::new() });
        let bytes = record::encode(&sample, samples::SALT).unwrap();
        let line = line::record(sample.position, &bytes, Digest([0xff; 32])).unwrap();
        assert!(line.len() < line::LINE_BYTES_MAX / 2, "{}", line.len());
    }
}

proptest! {
    #[test]
    fn every_record_has_one_line_of_json_that_names_its_event(recorded in strategies::recorded()) {
        let bytes = record::encode(&recorded, samples::SALT).unwrap();
        let line = line::record(recorded.position, &bytes, Digest([7; 32])).unwrap();
        prop_assert!(!line.contains('\n') && line.len() < line::LINE_BYTES_MAX);
        let value: Value = serde_json::from_str(&line).unwrap();
        prop_assert!(whole_numbers(&value), "{}", line);
        prop_assert_eq!(&value["type"], recorded.event.name());
        prop_assert_eq!(value["record"].as_str().and_then(hex::read), Some(bytes));
    }
}

#[test]
fn a_flip_of_a_bit_anywhere_in_the_file_is_found() {
    let (_folder, _journal, text) = exported();
    let mut bytes = text.into_bytes();
    for at in (0..bytes.len()).step_by(389) {
        bytes[at] ^= 1;
        let (_other, options) = options();
        let taken = from_lines(&options, &mut bytes.as_slice(), None, &mut |_| {});
        assert!(matches!(taken, Err(CopyError::Line { .. } | CopyError::Newer { .. })), "byte {at}: {taken:?}");
        assert!(!options.dir.exists());
        bytes[at] ^= 1;
    }
}

#[test]
fn lines_that_are_removed_inserted_or_swapped_are_refused() {
    let (_folder, _journal, text) = exported();
    let mut all = lines(&text);
    all.remove(8);
    refused(&joined(&all), 9, "the record of position 9 is stored here");
    let mut all = lines(&text);
    all.insert(9, all[8].clone());
    refused(&joined(&all), 10, "the record of position 8 is stored here");
    let mut all = lines(&text);
    all.swap(8, 9);
    refused(&joined(&all), 9, "the record of position 9 is stored here");
    let mut all = lines(&text);
    all.remove(0);
    refused(&joined(&all), 1, "not the first line");
}

#[test]
fn a_record_that_was_rewritten_with_its_checksum_does_not_fit_the_chain() {
    let (_folder, _journal, text) = exported();
    let all = lines(&text);
    let exact: line::Exact = serde_json::from_str(&all[6]).unwrap();
    let mut bytes = hex::read(&exact.record).unwrap();
    bytes[54] ^= 1;
    seal(&mut bytes);
    refused(&changed(&text, 7, &exact.record, &hex::write(&bytes)), 7, "but the records lead to");
}

#[test]
fn a_file_that_was_cut_off_anywhere_is_refused() {
    let (_folder, _journal, text) = exported();
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
    for (n, end) in ends.iter().enumerate().filter(|(n, _)| n % 9 == 0 || *n + 2 >= ends.len()) {
        for cut in [*end, end.saturating_sub(1), end.saturating_sub(40)] {
            if cut < text.len() {
                let (_other, options, taken) = import(&text[..cut], None);
                assert!(matches!(taken, Err(CopyError::Line { .. })), "cut at {cut} in line {n}: {taken:?}");
                assert!(!options.dir.exists());
            }
        }
    }
    let n_lines = u64::try_from(ends.len()).unwrap();
    refused(&text[..ends[ends.len() - 2]], n_lines, "the last line is missing");
    refused(&text[..ends[20]], 22, "it was cut off");
    refused("", 1, "the file is empty");
}

#[test]
fn first_and_last_lines_that_are_not_the_logs_are_refused() {
    let (_folder, _journal, text) = exported();
    let n_lines = text.lines().count();
    let last = u64::try_from(n_lines).unwrap();
    refused(&changed(&text, n_lines, r#""end":true"#, r#""end":false"#), last, "it is not the end of this export");
    refused(&(text.clone() + "{}\n"), last + 1, "something follows the end");
    let n_records = samples::all().len();
    let (said, fewer) = (format!(r#""records":{n_records}"#), format!(r#""records":{}"#, n_records - 1));
    refused(&changed(&text, 1, &said, &fewer), 1, "it says that the log ends at");
    let more = format!(r#""records":{}"#, n_records + 1);
    refused(&changed(&text, 1, &said, &more), last, "the export ends here, at position");
    refused(&changed(&text, 1, "E10000016", "E10000012"), 1, "of authority E10000012, but the first record opens");
    let newer = changed(&text, 1, r#""scorebook_export":1"#, r#""scorebook_export":2"#);
    assert!(matches!(import(&newer, None).2, Err(CopyError::Newer { version: 2, .. })));
    refused(&format!("{}\n", "x".repeat(line::LINE_BYTES_MAX)), 1, "has more than 65536 bytes");
}

#[test]
fn another_log_than_the_one_that_was_printed_is_refused() {
    let (_folder, journal, text) = exported();
    let head = journal.head();
    for expect in [(head.position, Digest([7; 32])), (head.position.next(), head.chain)] {
        let (_other, options, taken) = import(&text, Some(expect));
        assert!(matches!(taken, Err(CopyError::Unexpected { .. })), "{taken:?}");
        assert!(!options.dir.exists());
    }
}

#[test]
fn a_log_that_breaks_the_rules_of_a_log_is_refused_although_its_chain_fits() {
    // The times of the fifth record are set to those of the second, and everything is chained anew.
    let mut records = sample_bytes();
    let earlier = records[1][16..32].to_vec();
    records[4][16..32].copy_from_slice(&earlier);
    seal(&mut records[4]);
    refused(&lines_of(&records), 6, "is not later than that of the commit before");
    // The last record no longer ends its commit.
    let mut records = sample_bytes();
    let last = records.last_mut().unwrap();
    last[48] &= !1;
    seal(last);
    let line = u64::try_from(records.len()).unwrap() + 1;
    refused(&lines_of(&records), line, "the last commit has no end");
    let mut records = sample_bytes();
    records.remove(0);
    for (bytes, n) in records.iter_mut().zip(1_u64..) {
        bytes[8..16].copy_from_slice(&n.to_le_bytes());
        seal(bytes);
    }
    refused(&lines_of(&records), 2, "and not with LogOpened");
}

/// The samples with the type of the last made one that nobody knows, which changes nothing before it.
fn with_newer() -> Vec<Vec<u8>> {
    let mut records = sample_bytes();
    let last = records.last_mut().unwrap();
    last[4..6].copy_from_slice(&99_u16.to_le_bytes());
    seal(last);
    records
}

#[test]
fn a_record_that_is_too_new_is_imported_and_exported_untouched() {
    let text = lines_of(&with_newer());
    let (_folder, options, taken) = import(&text, None);
    assert_eq!(taken.unwrap().verified.n_newer, 1);
    let copy = open(&options);
    let position = copy.head().position;
    let raw = copy.read_raw(Position::new(position.get() - 1), 1).unwrap();
    assert_eq!(Some(&raw[0].bytes), with_newer().last());
    let again = export_of(&copy);
    assert_eq!(again, text);
    let line = again.lines().nth_back(1).unwrap();
    assert!(line.contains(r#""type":99,"schema":1,"event":null,"record":""#), "{line}");
}

#[test]
fn a_record_that_a_newer_program_exported_with_its_event_is_imported_by_its_bytes() {
    let text = lines_of(&with_newer());
    let n_lines = text.lines().count();
    let known = r#""type":"ResultMoved","schema":1,"actor":"a","event":{"to":"b"},"#;
    let from = r#""type":99,"schema":1,"event":null,"#;
    let (_folder, options, taken) = import(&changed(&text, n_lines - 1, from, known), None);
    taken.unwrap();
    assert_eq!(export_of(&open(&options)), text);
    // What every program reads of it is still compared.
    let line = u64::try_from(n_lines - 1).unwrap();
    let both = changed(&text, n_lines - 1, from, known);
    refused(&changed(&both, n_lines - 1, r#""last_of_commit":true"#, r#""last_of_commit":false"#), line, "last_of");
}

#[test]
fn a_record_that_an_older_program_exported_without_its_event_is_imported() {
    let (_folder, journal, text) = exported();
    let raw = &journal.read_raw(Position::new(4), 1).unwrap()[0];
    let chain = journal.chain_at(raw.header.position).unwrap().unwrap();
    let mut all = lines(&text);
    all[5] = line::unread(raw.header.position, &raw.bytes, chain).unwrap();
    let (_other, options, taken) = import(&joined(&all), None);
    taken.unwrap();
    assert_eq!(export_of(&open(&options)), text);
}

#[test]
fn a_journal_that_is_there_is_never_written_over() {
    let (_folder, _journal, text) = exported();
    let (_other, options) = options();
    drop(open(&options));
    let taken = from_lines(&options, &mut text.as_bytes(), None, &mut |_| {});
    assert!(matches!(taken, Err(CopyError::Exists { .. })), "{taken:?}");
}

#[test]
fn what_an_import_that_was_killed_left_is_no_journal_and_is_removed_by_the_next() {
    let (_folder, journal, text) = exported();
    let (other, options) = options();
    // What it leaves is a store under another name; this one even has a whole log in it.
    let side = Options { dir: other.path().join("journal.unfinished"), ..options.clone() };
    let left = open(&side);
    left.append(Position::START, &[super::commit(0, 7, 1_000)]).unwrap();
    let busy = from_lines(&options, &mut text.as_bytes(), None, &mut |_| {});
    assert!(matches!(busy, Err(CopyError::InUse { .. })), "{busy:?}");
    drop(left);
    assert!(!options.dir.exists());
    from_lines(&options, &mut text.as_bytes(), None, &mut |_| {}).unwrap();
    assert!(!side.dir.exists());
    assert_eq!(open(&options).head(), journal.head());
}

#[test]
fn a_file_is_there_only_when_it_is_complete() {
    let (folder, journal, text) = exported();
    let path = folder.path().join("log.jsonl");
    let mut n_told = 0;
    export::to_file(&journal, &path, &mut |progress| {
        n_told += 1;
        assert_eq!(progress.n_done, progress.n_total);
        assert!(!path.exists());
    })
    .unwrap();
    assert_eq!(n_told, 1);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let again = export::to_file(&journal, &path, &mut |_| {});
    assert!(matches!(again, Err(CopyError::Exists { .. })), "{again:?}");

    let none = folder.path().join("no/such/folder.jsonl");
    assert!(matches!(export::to_file(&journal, &none, &mut |_| {}), Err(CopyError::Io { .. })));
    let empty = tempfile::tempdir().unwrap();
    let nothing = open(&Options::new(empty.path().join("journal")));
    let refused = export::to_file(&nothing, &empty.path().join("log.jsonl"), &mut |_| {});
    assert!(matches!(refused, Err(CopyError::Empty)), "{refused:?}");
    let left: Vec<_> = fs::read_dir(empty.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["journal"]);
}
