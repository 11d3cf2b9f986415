//! Answers shown, as snapshots and as properties.

mod audit;
mod card;
mod given;
mod others;
mod programs;
mod properties;
mod views;

use super::*;

const STYLE: Style = Style { colour: false, width: 80, ascii: false };

/// What a function writes, as text.
#[track_caller]
fn written(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("only text is written")
}
