//! Inked text that wraps, and the page that it is written on.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::Style;

/// A space at which a line is not broken as long as what it joins fits on a line. Written as a plain space.
pub(crate) const JOIN: char = '\u{a0}';

/// How a piece of text stands out. Only colours and weight: without them nothing is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Plain,
    Strong,
    Faint,
    /// What one should not overlook.
    Notice,
    /// A ground and a letter colour together, so that it is as legible on a light terminal as on a dark one.
    Green,
    Amber,
    Red,
}

impl Ink {
    const fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Strong => Some("1"),
            Self::Faint => Some("2"),
            Self::Notice => Some("35"),
            Self::Green => Some("30;42"),
            Self::Amber => Some("30;43"),
            Self::Red => Some("97;41"),
        }
    }

    const fn has_ground(self) -> bool {
        matches!(self, Self::Green | Self::Amber | Self::Red)
    }
}

/// Text in pieces. A line feed in it always begins a new line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text(Vec<(Ink, String)>);

impl Text {
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self::inked(Ink::Plain, text)
    }

    pub(crate) fn inked(ink: Ink, text: impl Into<String>) -> Self {
        Self::default().then(ink, text)
    }

    #[must_use]
    pub(crate) fn then(mut self, ink: Ink, text: impl Into<String>) -> Self {
        self.0.push((ink, text.into()));
        self
    }

    /// Adds a piece that is kept on one line where it fits on one.
    #[must_use]
    pub(crate) fn then_joined(self, ink: Ink, text: &str) -> Self {
        self.then(ink, joined(text))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, text)| text.trim().is_empty())
    }

    /// How wide it is when nothing breaks its lines.
    pub(crate) fn width(&self, style: Style) -> usize {
        self.lines(usize::MAX, style).iter().map(Line::width).max().unwrap_or(0)
    }

    /// How wide its widest word is, what is joined being one word up to `joined_max` columns.
    pub(crate) fn width_least(&self, style: Style, joined_max: usize) -> usize {
        self.words(style)
            .iter()
            .flat_map(|word| if word.width() > joined_max { word.split() } else { vec![word.clone()] })
            .map(|word| word.width())
            .max()
            .unwrap_or(0)
    }

    /// Broken into lines of at most `width` columns, unless one word is wider.
    pub(crate) fn lines(&self, width: usize, style: Style) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line = Line::default();
        for word in self.words(style) {
            if word.begins_line {
                lines.push(std::mem::take(&mut line));
            }
            let parts = if word.width() > width { word.split() } else { vec![word] };
            for part in parts {
                let needed = line.width().saturating_add(1).saturating_add(part.width());
                if !line.0.is_empty() && needed > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.append(part);
            }
        }
        lines.push(line);
        lines
    }

    fn words(&self, style: Style) -> Vec<Word> {
        let mut words = Vec::new();
        let mut word = Word::default();
        for (ink, text) in &self.0 {
            for letter in written(text, style).chars() {
                match letter {
                    ' ' | '\n' => {
                        let begins_line = letter == '\n';
                        let spoken = !word.pieces.is_empty() || word.begins_line;
                        let next = Word { begins_line, ..Word::default() };
                        let finished = std::mem::replace(&mut word, next);
                        if spoken {
                            words.push(finished);
                        }
                    }
                    letter => word.push(*ink, letter),
                }
            }
        }
        if !word.pieces.is_empty() || word.begins_line {
            words.push(word);
        }
        words
    }
}

/// `text` with its spaces made into [`JOIN`].
pub(crate) fn joined(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// Letters between two spaces, in one ink or several.
#[derive(Debug, Clone, Default)]
struct Word {
    pieces: Vec<(Ink, String)>,
    begins_line: bool,
}

impl Word {
    fn push(&mut self, ink: Ink, letter: char) {
        match self.pieces.last_mut() {
            Some((last, text)) if *last == ink => text.push(letter),
            Some(_) | None => self.pieces.push((ink, letter.to_string())),
        }
    }

    fn width(&self) -> usize {
        self.pieces.iter().fold(0, |sum, (_, text)| sum.saturating_add(text.width()))
    }

    /// Apart at its joins, for a line that does not hold it whole.
    fn split(&self) -> Vec<Self> {
        let mut parts = vec![Self::default()];
        for (ink, text) in &self.pieces {
            for letter in text.chars() {
                match (letter, parts.last_mut()) {
                    (JOIN, _) | (_, None) => parts.push(Self::default()),
                    (letter, Some(part)) => part.push(*ink, letter),
                }
            }
        }
        parts.retain(|part| !part.pieces.is_empty());
        parts
    }
}

/// A line that fits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line(Vec<(Ink, String)>);

impl Line {
    pub(crate) fn width(&self) -> usize {
        self.0.iter().fold(0, |sum, (_, text)| sum.saturating_add(text.width()))
    }

    fn append(&mut self, word: Word) {
        if let Some(ink) = self.0.last().map(|(ink, _)| *ink) {
            let same = word.pieces.first().is_some_and(|(first, _)| *first == ink);
            self.0.push((if same { ink } else { Ink::Plain }, " ".to_owned()));
        }
        self.0.extend(word.pieces);
    }

    /// Adds spaces, then another line, so that it begins at column `at`, or right after this one when that is wider.
    pub(crate) fn place(&mut self, at: usize, other: &Self) {
        let missing = at.saturating_sub(self.width());
        if missing > 0 {
            self.0.push((Ink::Plain, " ".repeat(missing)));
        }
        self.0.extend(other.0.iter().cloned());
    }
}

/// Text as it may reach this terminal: control characters and direction overrides made visible, because whoever typed
/// them must not steer the reader's terminal; marks in ASCII where that is asked for.
fn written(text: &str, style: Style) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | JOIN => out.push(letter),
            '\t' | '\r' => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => {
                out.push(if style.ascii { '?' } else { '\u{fffd}' });
            }
            letter if letter.is_control() => out.push(if style.ascii { '?' } else { '\u{fffd}' }),
            letter if style.ascii => match ascii(letter) {
                Some(text) => out.push_str(text),
                None => out.push(letter),
            },
            letter => out.push(letter),
        }
    }
    out
}

const fn ascii(letter: char) -> Option<&'static str> {
    Some(match letter {
        '●' => "(G)",
        '▲' => "(A)",
        '■' => "(R)",
        '○' => "(-)",
        '↑' => "^",
        '↓' => "v",
        '→' => "->",
        '·' | '–' | '—' | '\u{2010}' | '\u{2011}' | '\u{2212}' | '─' | '•' => "-",
        '“' | '”' => "\"",
        '‘' | '’' => "'",
        '…' => "...",
        '×' => "x",
        '†' => "*",
        '÷' => "/",
        '≥' => ">=",
        '≤' => "<=",
        _ => return None,
    })
}

/// A coloured ground takes in the space on either side of its word, so that colour moves nothing.
fn grounded(spans: Vec<(Ink, String)>) -> Vec<(Ink, String)> {
    let mut out: Vec<(Ink, String)> = Vec::with_capacity(spans.len());
    for (ink, text) in spans {
        match out.last_mut() {
            Some((Ink::Plain, before)) if ink.has_ground() && before.ends_with(' ') => {
                before.pop();
                out.push((ink, format!(" {text}")));
            }
            Some((last, before)) if last.has_ground() && ink == Ink::Plain && text.starts_with(' ') => {
                before.push(' ');
                out.push((ink, text.chars().skip(1).collect()));
            }
            Some(_) | None => out.push((ink, text)),
        }
    }
    out
}

/// Where lines go.
pub(crate) struct Page<'a> {
    out: &'a mut dyn Write,
    pub(crate) style: Style,
}

impl<'a> Page<'a> {
    pub(crate) fn new(out: &'a mut dyn Write, style: &Style) -> Self {
        Self { out, style: *style }
    }

    pub(crate) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// Writes one line; spaces at its end are left out.
    pub(crate) fn line(&mut self, line: &Line) -> io::Result<()> {
        let mut spans = line.0.clone();
        while let Some((_, text)) = spans.last_mut() {
            text.truncate(text.trim_end_matches([' ', JOIN]).len());
            if !text.is_empty() {
                break;
            }
            spans.pop();
        }
        for (ink, text) in if self.style.colour { grounded(spans) } else { spans } {
            let text = text.replace(JOIN, " ");
            match ink.code().filter(|_| self.style.colour && !text.is_empty()) {
                Some(code) => write!(self.out, "\x1b[{code}m{text}\x1b[0m")?,
                None => self.out.write_all(text.as_bytes())?,
            }
        }
        writeln!(self.out)
    }

    /// A paragraph, indented.
    pub(crate) fn text(&mut self, indent: usize, text: &Text) -> io::Result<()> {
        self.labelled(indent, "", indent, text)
    }

    /// A label at `indent`, and a paragraph that hangs at column `at`.
    pub(crate) fn labelled(&mut self, indent: usize, label: &str, at: usize, text: &Text) -> io::Result<()> {
        let label = Text::inked(Ink::Faint, joined(label)).lines(usize::MAX, self.style);
        let lines = text.lines(self.style.width.saturating_sub(at).max(1), self.style);
        for (i, line) in lines.iter().enumerate() {
            let mut whole = Line::default();
            if let Some(label) = label.first().filter(|_| i == 0) {
                whole.place(indent, label);
            }
            whole.place(at, line);
            self.line(&whole)?;
        }
        Ok(())
    }

    /// A heading over the whole width, with a blank line before it.
    pub(crate) fn heading(&mut self, title: &str) -> io::Result<()> {
        self.blank()?;
        self.text(0, &Text::inked(Ink::Strong, title))?;
        self.rule()
    }

    /// A rule over the whole width.
    pub(crate) fn rule(&mut self) -> io::Result<()> {
        let rule = Text::inked(Ink::Faint, "─".repeat(self.style.width));
        self.text(0, &rule)
    }
}
