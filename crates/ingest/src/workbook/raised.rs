//! Texts a part of which is raised or lowered, as figures with a footnote's mark are: what is read joins their parts, so
//! that 43 with a raised 2 would be 432.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;

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
    let part = String::from_utf8_lossy(part);
    let mut reader = Reader::from_str(&part);
    let config = reader.config_mut();
    // As whatever reads the cells does. What it cannot read either is refused there.
    (config.check_end_names, config.allow_dangling_amp, config.expand_empty_elements) = (false, true, true);
    let mut text = Text::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => text.opens(tag.local_name().as_ref(), &tag),
            Ok(Event::End(tag)) => text.closes(tag.local_name().as_ref(), raised),
            Ok(Event::Text(piece)) => text.written(&piece.replace("_x000D_", "\r")),
            Ok(Event::CData(piece)) => text.written(&piece),
            Ok(Event::GeneralRef(reference)) => match reference.resolve_char_ref() {
                Ok(Some(letter)) => text.written(letter.encode_utf8(&mut [0; 4])),
                Ok(None) | Err(_) => text.written(resolve_xml_entity(&reference).unwrap_or_default()),
            },
            Ok(Event::Eof) | Err(_) => return,
            Ok(Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
        }
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
    fn opens(&mut self, name: &str, tag: &str) {
        match name {
            "si" | "is" => *self = Self { inside: true, ..Self::default() },
            "r" => self.digits = None,
            "rPh" => self.phonetic = true,
            "t" => self.written = true,
            ALIGNED if tag.contains("superscript") => self.digits = Some(&SUPERSCRIPT),
            ALIGNED if tag.contains("subscript") => self.digits = Some(&SUBSCRIPT),
            _ => {}
        }
    }

    fn closes(&mut self, name: &str, raised: &mut Raised) {
        match name {
            "si" | "is" => {
                if self.shown != self.joined {
                    raised.insert(key(&self.joined), self.shown.trim().to_owned());
                }
                *self = Self::default();
            }
            "r" => self.digits = None,
            "rPh" => self.phonetic = false,
            "t" => self.written = false,
            _ => {}
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
