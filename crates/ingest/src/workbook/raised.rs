//! Texts a part of which is raised or lowered, as figures with a footnote's mark are: what is read joins their parts, so
//! that 43 with a raised 2 would be 432.

use std::collections::BTreeMap;

/// By the text without its spaces, what it shows; of those in which a digit is raised or lowered.
pub(super) type Raised = BTreeMap<String, String>;

/// What is found in a text is looked up by it.
pub(super) fn key(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Adds the texts of a part: those that cells share, and those that stand in cells.
pub(super) fn find(part: &[u8], raised: &mut Raised) {
    if !part.windows(ALIGNED.len()).any(|window| window == ALIGNED.as_bytes()) {
        return;
    }
    let mut text = Text::default();
    let part = String::from_utf8_lossy(part);
    let mut left = part.as_ref();
    while let Some((before, rest)) = left.split_once('<') {
        text.written(&unescaped(before));
        if let Some(plain) = rest.strip_prefix("![CDATA[") {
            let (plain, rest) = plain.split_once("]]>").unwrap_or((plain, ""));
            text.written(plain);
            left = rest;
            continue;
        }
        let ends = if rest.starts_with("!--") { "-->" } else { ">" };
        let (tag, rest) = rest.split_once(ends).unwrap_or((rest, ""));
        left = rest;
        text.tag(tag, raised);
    }
}

/// The element that raises a part of a text.
const ALIGNED: &str = "vertAlign";

/// A text as far as it is read.
#[derive(Default)]
struct Text {
    /// True within a text of the workbook; there are others in comments and charts.
    inside: bool,
    /// True between the ends of a piece of writing.
    written: bool,
    /// True in what says how the text is pronounced.
    phonetic: bool,
    /// The digits with which the current part is shown.
    digits: Option<&'static [char; 10]>,
    joined: String,
    /// The same with the digits as they are shown; it differs where one is raised or lowered.
    shown: String,
}

const SUPERSCRIPT: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
const SUBSCRIPT: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];

impl Text {
    fn tag(&mut self, tag: &str, raised: &mut Raised) {
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let opens = !closes && !tag.ends_with('/');
        let name = tag.split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or_default();
        match name.rsplit(':').next().unwrap_or_default() {
            "si" | "is" => {
                if closes && self.shown != self.joined {
                    raised.insert(key(&self.joined), self.shown.trim().to_owned());
                }
                *self = Self { inside: opens, ..Self::default() };
            }
            "r" => self.digits = None,
            "rPh" => self.phonetic = opens,
            "t" => self.written = opens,
            ALIGNED if tag.contains("superscript") => self.digits = Some(&SUPERSCRIPT),
            ALIGNED if tag.contains("subscript") => self.digits = Some(&SUBSCRIPT),
            _ => (),
        }
    }

    fn written(&mut self, piece: &str) {
        if !self.inside || !self.written || self.phonetic {
            return;
        }
        self.joined.push_str(piece);
        for letter in piece.chars() {
            let digit = letter.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
            let shown = self.digits.zip(digit).and_then(|(digits, digit)| digits.get(digit));
            self.shown.push(shown.copied().unwrap_or(letter));
        }
    }
}

/// A piece of XML text with its references resolved.
fn unescaped(piece: &str) -> String {
    let piece = piece.replace("_x000D_", "\r");
    let mut text = String::new();
    let mut left = piece.as_str();
    while let Some((before, rest)) = left.split_once('&') {
        text.push_str(before);
        let (name, after) = rest.split_once(';').unwrap_or((rest, ""));
        text.extend(resolved(name));
        left = after;
    }
    text.push_str(left);
    text
}

fn resolved(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)
        }
    }
}
