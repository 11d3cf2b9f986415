//! What was ever released can be read, and what is written today is what was released.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use domain::{Digest, Position};
use engine::log::Error;

use super::samples;
use crate::{payload, record};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v1")
}

fn fixture(name: &str, ending: &str) -> String {
    let path = folder().join(format!("{name}.{ending}"));
    fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{} is missing: cargo run -p journal --example golden", path.display()))
}

fn golden_bytes(name: &str) -> Vec<u8> {
    let hex: String = fixture(name, "hex").split_whitespace().collect();
    assert!(hex.len().is_multiple_of(2));
    let digits = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    hex.as_bytes().chunks(2).map(digits).collect()
}

#[test]
fn golden_bytes_are_what_they_were_and_read_as_they_did() {
    let mut chain = Digest([0; 32]);
    for (name, sample) in samples::all() {
        let bytes = golden_bytes(name);
        assert_eq!(record::decode(sample.position, &bytes).unwrap(), sample, "{name}");
        assert_eq!(record::encode(&sample, samples::SALT).unwrap(), bytes, "{name}");
        assert_eq!(format!("{sample:#?}\n"), fixture(name, "txt"), "{name}");
        chain = record::chain(chain, sample.position, &bytes).unwrap();
        assert_eq!(format!("{chain}\n"), fixture(name, "chain"), "{name}");
        assert_eq!(record::header(sample.position, &bytes).unwrap().name(), Some(sample.event.name()), "{name}");
    }
}

#[test]
fn every_type_has_golden_bytes_and_no_golden_bytes_are_unknown() {
    let expected: BTreeSet<String> = samples::all().iter().map(|(name, _)| (*name).to_owned()).collect();
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let golden = files.filter(|path| path.extension().is_some_and(|ending| ending == "hex"));
    let found: BTreeSet<String> = golden.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(found, expected);
    let covered: BTreeSet<&str> = samples::all().iter().map(|(_, sample)| sample.event.name()).collect();
    let types: BTreeSet<&str> = payload::kind::ALL.iter().map(|(_, name)| *name).collect();
    assert_eq!(covered, types);
}

#[test]
fn type_numbers_are_never_given_twice() {
    let numbers: BTreeSet<u16> = payload::kind::ALL.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers.len(), payload::kind::ALL.len());
    assert_eq!(payload::kind::ALL[11], (12, "ResultRecorded"));
    assert_eq!(payload::kind::ALL[13], (14, "TargetChanged"));
    assert_eq!(payload::kind::name(0), None);
    assert_eq!(payload::kind::name(28), None);
}

#[test]
fn every_flip_of_a_bit_is_found() {
    for (name, sample) in samples::all() {
        let mut bytes = golden_bytes(name);
        for at in 0..bytes.len() {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                let read = record::decode(sample.position, &bytes);
                assert!(matches!(read, Err(Error::Corrupt { .. })), "{name}: bit {bit} of byte {at}");
                bytes[at] ^= 1 << bit;
            }
        }
        assert!(record::decode(sample.position, &bytes).is_ok(), "{name}");
    }
}

#[test]
fn a_record_that_is_cut_or_followed_by_something_is_not_read() {
    for (name, sample) in samples::all() {
        let mut bytes = golden_bytes(name);
        for length in 0..bytes.len() {
            assert!(record::decode(sample.position, &bytes[..length]).is_err(), "{name}: {length}");
        }
        bytes.push(0);
        assert!(record::decode(sample.position, &bytes).is_err(), "{name}");
    }
}

#[test]
fn a_record_at_another_position_is_not_read() {
    let (name, sample) = samples::all().swap_remove(4);
    let read = record::decode(sample.position.next(), &golden_bytes(name));
    let Err(Error::Corrupt { position, reason }) = read else { panic!("{read:?}") };
    assert_eq!(position, Position::new(6));
    assert_eq!(reason, "the record of position 5 is stored here");
}

#[test]
fn a_second_decoder_reads_the_same() {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/decode.py");
    let run = Command::new("python3").arg(script).arg(folder()).output();
    let run = run.expect("python3 is not there; install it: sudo apt-get install python3, or brew install python3");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}{err}");
    assert_eq!(out, format!("{} records agree\n", samples::all().len()));
}
