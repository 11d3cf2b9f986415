//! What is checked of a workbook before it is read as one: that it unpacks to no more than it may, and that no number in
//! it asks the reader for memory that its bytes do not account for.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Unreadable;
use super::raised::{self, Raised};

/// The most parts of a workbook; Excel makes a few for each sheet.
const PARTS_MAX: usize = 10_000;
/// The most cell formats; Excel keeps no more.
const FORMATS_MAX: usize = 65_490;
/// The longest text within quotation marks in the part that holds formats; Excel's formats have at most 255 characters.
const FORMAT_BYTES_MAX: usize = 2_000;
/// Where an XML declaration ends at the latest.
const DECLARATION_BYTES: usize = 256;

/// What was seen on the way.
#[derive(Debug, Default)]
pub(super) struct Package {
    /// True when a part may hold formulas.
    pub(super) formulas: bool,
    /// The texts in which a digit is raised or lowered.
    pub(super) raised: Raised,
}

/// Unpacks every part once, keeping none: what a part says of its own size is not believed.
pub(super) fn check(bytes: &[u8], unpacked_bytes_max: u64) -> Result<Package, Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string()))?;
    if archive.len() > PARTS_MAX {
        let problem = format!("the workbook has {} parts; at most {PARTS_MAX} are taken", archive.len());
        return Err(Unreadable::new(problem, "save its sheets as a new workbook"));
    }
    let mut left = unpacked_bytes_max;
    let mut package = Package::default();
    let mut part = Vec::new();
    for number in 0..archive.len() {
        let mut entry = archive.by_index(number).map_err(|error| unopened(&error))?;
        let name = entry.name().map_err(|error| damaged(&error.to_string()))?.to_ascii_lowercase();
        if entry.size() > left {
            return Err(too_large(unpacked_bytes_max));
        }
        part.clear();
        let n_read = (&mut entry).take(left.saturating_add(1)).read_to_end(&mut part);
        let n_read = n_read.map_err(|error| damaged(&error.to_string()))?;
        left =
            left.checked_sub(u64::try_from(n_read).unwrap_or(u64::MAX)).ok_or_else(|| too_large(unpacked_bytes_max))?;
        check_part(&name, &part)?;
        package.formulas |= has_formula(&part);
        raised::find(&part, &mut package.raised);
    }
    Ok(package)
}

fn damaged(error: &str) -> Unreadable {
    Unreadable::new(format!("the workbook is damaged ({error})"), "open it in Excel and save it again")
}

fn unopened(error: &ZipError) -> Unreadable {
    if matches!(error, ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword) {
        return Unreadable::new(
            format!("the workbook is packed in a way that is not read ({error})"),
            "save it as an Excel workbook (.xlsx) without a password",
        );
    }
    damaged(&error.to_string())
}

fn too_large(unpacked_bytes_max: u64) -> Unreadable {
    let problem = format!("the workbook unpacks to more than {} MiB", unpacked_bytes_max / (1024 * 1024));
    Unreadable::new(problem, "split it, or take out what is not needed")
}

fn check_part(name: &str, part: &[u8]) -> Result<(), Unreadable> {
    if !is_utf8(part) {
        return Err(Unreadable::new(format!("the part {name} of the workbook is not UTF-8"), "save it again in Excel"));
    }
    // Both parts are found by their last name, wherever they lie.
    if name.ends_with("sharedstrings.xml") && promised(part).any(|n_texts| n_texts > part.len()) {
        return Err(damaged("it promises more texts than it has"));
    }
    if name.ends_with("styles.xml") {
        let n_formats = tags(part, b"xf").count();
        if n_formats > FORMATS_MAX {
            let problem = format!("the workbook has {n_formats} cell formats; at most {FORMATS_MAX} are taken");
            return Err(Unreadable::new(problem, "copy its values into a new workbook"));
        }
        if part.split(|byte| matches!(byte, b'"' | b'\'' | b'<' | b'>')).any(|run| run.len() > FORMAT_BYTES_MAX) {
            return Err(damaged("a cell format is longer than any that Excel makes"));
        }
    }
    Ok(())
}

/// False for XML that declares another encoding, or that is UTF-16: the checks here read bytes as they stand.
fn is_utf8(part: &[u8]) -> bool {
    let utf_16: [&[u8]; 4] = [b"\xff\xfe<", b"\xfe\xff\0<", b"<\0", b"\0<"];
    if utf_16.iter().any(|mark| part.starts_with(mark)) {
        return false;
    }
    let part = part.strip_prefix(b"\xef\xbb\xbf").unwrap_or(part);
    let begins = part.get(..DECLARATION_BYTES).unwrap_or(part).to_ascii_lowercase();
    let declaration = begins.split(|byte| *byte == b'>').next().unwrap_or_default();
    let Some(at) = find(declaration, b"encoding") else { return true };
    !declaration.starts_with(b"<?xml") || declaration.get(at..).is_some_and(|rest| find(rest, b"utf-8").is_some())
}

/// Every number after `uniqueCount`, the room that the reader makes at once.
fn promised(part: &[u8]) -> impl Iterator<Item = usize> {
    let name = b"uniqueCount";
    let places = part.windows(name.len()).enumerate().filter(move |(_, window)| window == name);
    places.filter_map(move |(at, _)| {
        let rest = part.get(at.saturating_add(name.len())..)?;
        let digits =
            rest.iter().skip_while(|byte| matches!(byte, b' ' | b'=' | b'"' | b'\'' | b'\t' | b'\r' | b'\n' | b'+'));
        let digits = digits.take_while(|byte| byte.is_ascii_digit());
        Some(
            digits
                .fold(0_usize, |n, digit| n.saturating_mul(10).saturating_add(usize::from(digit.saturating_sub(b'0')))),
        )
    })
}

/// The beginnings of elements of this name, with or without a namespace.
fn tags<'a>(part: &'a [u8], name: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let length = name.len().saturating_add(2);
    let ends = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n'));
    let begins = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'<' | b':'));
    part.windows(length).enumerate().filter_map(move |(at, window)| {
        let found = begins(window.first()) && ends(window.last()) && window.get(1..)?.starts_with(name);
        found.then_some(at)
    })
}

fn has_formula(part: &[u8]) -> bool {
    tags(part, b"f").next().is_some()
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}
