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

use domain::Digest;
use journal::record;

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
