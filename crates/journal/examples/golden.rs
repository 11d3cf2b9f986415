//! Writes the golden bytes that are missing: `cargo run -p journal --example golden`. It never changes what is there,
//! because released bytes are what old logs are made of.

#![expect(clippy::print_stdout, reason = "a developer's tool says what it wrote")]
#![expect(clippy::unwrap_used, reason = "a developer's tool stops at the first surprise")]
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "the samples are written for tests, where both are allowed"
)]

use std::fmt::Write as _;
use std::fs::{File, create_dir_all};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use domain::{Digest, Position};
use engine::log::EventLog as _;
use journal::{Journal, Options, Salts, record};

#[path = "../src/tests/samples.rs"]
mod samples;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v1");
    create_dir_all(&folder).unwrap();
    let mut chain = Digest([0; 32]);
    for (name, recorded) in samples::all() {
        let bytes = record::encode(&recorded, samples::SALT).unwrap();
        chain = record::chain(chain, recorded.position, &bytes).unwrap();
        let mut hex = String::new();
        for line in bytes.chunks(32) {
            for byte in line {
                write!(hex, "{byte:02x}").unwrap();
            }
            hex.push('\n');
        }
        write_missing(&folder.join(format!("{name}.hex")), &hex);
        write_missing(&folder.join(format!("{name}.txt")), &format!("{recorded:#?}\n"));
        write_missing(&folder.join(format!("{name}.chain")), &format!("{chain}\n"));
    }
    write_missing(&folder.with_file_name("export-v1.jsonl"), &export_of_all());
}

fn write_missing(path: &Path, text: &str) {
    match File::create_new(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes()).unwrap();
            println!("wrote {}", path.display());
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

/// The samples as an export of the log that they are.
fn export_of_all() -> String {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { salts: Salts::Fixed(samples::SALT), ..Options::new(folder.path().join("journal")) };
    let journal = Journal::open(&options).unwrap();
    let samples: Vec<_> = samples::all().into_iter().map(|(_, recorded)| recorded).collect();
    let commits: Vec<_> = samples.chunk_by(|before, _| !before.last_of_commit).map(<[_]>::to_vec).collect();
    journal.append(Position::START, &commits).unwrap();
    let mut bytes = Vec::new();
    journal::export::write(&journal, &mut bytes, Path::new("the export"), &mut |_| {}).unwrap();
    String::from_utf8(bytes).unwrap()
}
