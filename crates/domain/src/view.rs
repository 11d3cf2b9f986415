//! What a committee was given, and what is said of a figure for it: meetings, views, actions.

use std::fmt;

use crate::ids::{AreaId, Digest, Position, ScorecardId, ViewId};
use crate::measure::{Content, Unit, grouped};
use crate::number::Decimal;
use crate::period::Period;
use crate::result::{Cell, Figure, Status};
use crate::time::{AsOf, Date, Timestamp};

/// The form in which views are written today; see [`ViewPublished::form`].
pub const FORM: &str = "view/1";

/// When which committee met.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meeting {
    /// The committee, by its name; 1 to [`crate::limits::NAME_BYTES_MAX`] bytes.
    pub committee: String,
    /// The day.
    pub on: Date,
}

/// “Cabinet Committee, 2018-11-29”.
impl fmt::Display for Meeting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.committee, self.on)
    }
}

/// A scorecard as a committee was given it: the question, its place in time, and the answer. It stands for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewPublished {
    /// Which, unlike any other of the log.
    pub view: ViewId,
    /// Of which scorecard.
    pub scorecard: ScorecardId,
    /// For which period.
    pub period: Period,
    /// For which area.
    pub area: AreaId,
    /// For which meeting.
    pub meeting: Meeting,
    /// K: what was known by then; `None` for no bound.
    pub known_at: Option<Timestamp>,
    /// P: how much of the log, the end of a commit before this one.
    pub position: Position,
    /// How `content` is written, such as `view/1`.
    pub form: String,
    /// What was given, always stored as parts in the same commit.
    pub content: Content,
    /// The warnings that it was published over: [`Warnings`] as text. Why is the record's own reason.
    pub over: Content,
}

impl ViewPublished {
    /// The bounds that the view is pinned to.
    pub const fn as_of(&self) -> AsOf {
        AsOf { known_at: self.known_at, position: self.position }
    }
}

/// A view to be published, computed by whoever submits it and checked against the log when it is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewDraft {
    /// Which.
    pub view: ViewId,
    /// Of which scorecard.
    pub scorecard: ScorecardId,
    /// For which period.
    pub period: Period,
    /// For which area.
    pub area: AreaId,
    /// For which meeting.
    pub meeting: Meeting,
    /// K and P.
    pub as_of: AsOf,
    /// How `text` is written.
    pub form: String,
    /// What is given, at most [`crate::limits::CONTENT_BYTES_MAX`] bytes.
    pub text: String,
    /// The warnings that it is published over; a reason is then required.
    pub over: Warnings,
}

/// Something that does not stand in the way of publishing, but has to be answered for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// Its code, such as `provisional`.
    pub code: String,
    /// What it is about: a measure's code, and the cohort's where that is not everybody; empty for the scorecard as a whole.
    pub subject: String,
    /// In words.
    pub words: String,
}

/// Warnings, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Warnings(pub Vec<Warning>);

/// A warning's text that is not a code, a subject and words. It was not written by Scorebook.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the warnings is not a code, a subject and words, apart by tabs")]
pub struct WarningsError {
    line: usize,
}

impl Warnings {
    /// Reads the text that [`Warnings`] displays as.
    ///
    /// # Errors
    /// [`WarningsError`], with its line.
    pub fn parse(text: &str) -> Result<Self, WarningsError> {
        let read = |(line, text): (usize, &str)| {
            let mut fields = text.splitn(3, '\t').map(str::to_owned);
            match (fields.next(), fields.next(), fields.next()) {
                (Some(code), Some(subject), Some(words)) => Ok(Warning { code, subject, words }),
                _ => Err(WarningsError { line }),
            }
        };
        (1..).zip(text.lines()).map(read).collect::<Result<_, _>>().map(Self)
    }
}

/// A line a warning: code, subject and words, with tabs between them and none inside.
impl fmt::Display for Warnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one_line = |text: &str| text.replace(|c: char| c.is_control(), " ");
        self.0.iter().try_for_each(|warning| {
            let Warning { code, subject, words } = warning;
            writeln!(f, "{}\t{}\t{}", one_line(code), one_line(subject), one_line(words))
        })
    }
}

/// What a committee did with what it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitteeActRecorded {
    /// With which view.
    pub view: ViewId,
    /// What.
    pub act: CommitteeAct,
    /// In the committee's words; may be empty where it noted.
    pub text: Content,
}

/// A kind of act of a committee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CommitteeAct {
    /// It noted the scorecard.
    Noted,
    /// It made a comment.
    Commented,
    /// It resolved something.
    Resolved,
}

impl CommitteeAct {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Noted, Self::Commented, Self::Resolved];

    /// The word used in commands and files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Noted => "noted",
            Self::Commented => "commented",
            Self::Resolved => "resolved",
        }
    }
}

/// A figure that was told at the meeting, because it came too late for the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateFigureTold {
    /// Beside which view.
    pub view: ViewId,
    /// Which figure.
    pub cell: Cell,
    /// The figure and how settled it is; `None` when it was told in words alone.
    pub told: Option<(Figure, Status)>,
    /// The words; may be empty beside a figure.
    pub text: Content,
}

/// A figure as it was told, never rounded: “48.25%”, “759 of 1,747”, “43.5% (759 of 1,747)”, or why there is none.
pub fn told_words(figure: Figure, unit: &Unit) -> String {
    let shown = |number: Decimal| unit.show(&grouped(number));
    match figure {
        Figure::Stated { value, denominator: None } => shown(value),
        Figure::Stated { value, denominator: Some(of) } => format!("{} of {}", shown(value), grouped(of)),
        Figure::Counted { numerator, denominator, stated } => {
            let counts = format!("{} of {}", grouped(numerator), grouped(denominator));
            stated.map_or_else(|| counts.clone(), |stated| format!("{} ({counts})", shown(stated)))
        }
        Figure::Missing(missing) => missing.words().to_owned(),
    }
}

/// What is being done about a figure, by whom and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionAgreed {
    /// About which cell.
    pub cell: Cell,
    /// The position of the result that it was agreed about; `None` when there was none.
    pub about: Option<Position>,
    /// What is being done.
    pub text: Content,
    /// Who sees to it; a role or a team, 1 to [`crate::limits::NAME_BYTES_MAX`] bytes.
    pub owner: String,
    /// The day by which it is to be done.
    pub due: Date,
}

impl Content {
    /// The digest under which it is stored, if it is.
    pub const fn digest(&self) -> Option<Digest> {
        match self {
            Self::Inline(_) => None,
            Self::Stored { digest, .. } => Some(*digest),
        }
    }
}
