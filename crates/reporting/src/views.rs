//! What committees were given: listed, served as it was, and rebuilt from the log beside it.

use domain::book::Noted;
use domain::decide::Sha256;
use domain::history::Revision;
use domain::view::{CommitteeAct, FORM, ViewPublished, Warnings, told_words};
use domain::{AsOf, Book, Cell, Date, Figure, Position, ScorecardId, Status, ViewId};

use crate::answer::Provenance;
use crate::reader::Reader;
use crate::scorecard::{Question, scorecard};
use crate::view::{Departure, Outline, departures, write};

/// Which views are listed; what is left out is not asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Of this scorecard.
    pub scorecard: Option<ScorecardId>,
    /// For a committee whose name has this in it, whatever the case; empty for all.
    pub committee: String,
    /// For a meeting on this day.
    pub on: Option<Date>,
}

/// A view, without what was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewEntry {
    /// As it was published.
    pub published: ViewPublished,
    /// Where that is recorded, by whom, and why it was published over warnings.
    pub provenance: Provenance,
    /// The warnings that it was published over.
    pub over: Warnings,
    /// How many acts of the committee and late figures stand beside it.
    pub n_beside: usize,
}

/// What a committee did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActAnswer {
    /// What.
    pub act: CommitteeAct,
    /// In its words.
    pub text: String,
    /// Where it is recorded.
    pub provenance: Provenance,
}

/// A figure that was told at the meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateFigureAnswer {
    /// Which figure.
    pub cell: Cell,
    /// The measure's title as of the log's end.
    pub title: String,
    /// The area's name as of the log's end.
    pub area_name: String,
    /// The cohort's name as of the log's end.
    pub cohort_name: String,
    /// The figure and how settled it is.
    pub told: Option<(Figure, Status)>,
    /// The figure as it was told, not rounded; empty when it was told in words alone.
    pub display: String,
    /// The words.
    pub text: String,
    /// Where it is recorded.
    pub provenance: Provenance,
}

/// What the log and this program make of a view now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// The same bytes.
    Same,
    /// Something else, which never takes the place of what the committee saw.
    Departs(Vec<Departure>),
    /// Nothing that could be compared, and this is why.
    Impossible(String),
}

/// A view as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewAnswer {
    /// The view.
    pub entry: ViewEntry,
    /// What was given, byte for byte.
    pub text: String,
    /// What the committee did, oldest first.
    pub acts: Vec<ActAnswer>,
    /// What was told late, oldest first.
    pub late_figures: Vec<LateFigureAnswer>,
    /// What it is rebuilt to now.
    pub replay: Replay,
}

/// Why a view is not served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unserved {
    /// No such view. Correct the code.
    #[error("view {view} is not published; `scorebook view list` prints the codes")]
    Unknown {
        /// The code as given.
        view: ViewId,
    },
    /// What was given is not in the log as it was recorded. Restore a backup, or ask another node.
    #[error(
        "what view {view} gave is not in the log as it was recorded: {problem}; verify the log (`scorebook log verify`), and \
         restore a backup"
    )]
    Lost {
        /// Which.
        view: ViewId,
        /// What is wrong.
        problem: String,
    },
}

/// The views that were published up to a position, by day of meeting, latest first, then by code.
///
/// Cost: all views.
pub fn views(book: &Book, filter: &Filter, position: Position) -> Vec<ViewEntry> {
    let reader = Reader::new(book, AsOf::position(position));
    let committee = filter.committee.to_lowercase();
    let wanted = |published: &ViewPublished| {
        filter.scorecard.as_ref().is_none_or(|scorecard| *scorecard == published.scorecard)
            && published.meeting.committee.to_lowercase().contains(&committee)
            && filter.on.is_none_or(|on| on == published.meeting.on)
    };
    let published = book.views(reader.as_of.position).filter(|revision| wanted(&revision.value.value));
    let mut entries: Vec<ViewEntry> = published.map(|revision| entry(&reader, revision)).collect();
    entries.sort_by(|one, other| {
        let key = |entry: &ViewEntry| (entry.published.meeting.on, entry.published.view.clone());
        let (one, other) = (key(one), key(other));
        other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1))
    });
    entries
}

/// A view as it was given, with what stands beside it up to a position, and rebuilt from the log.
///
/// Cost: that of the scorecard, and of comparing two texts.
///
/// # Errors
/// [`Unserved`]. A difference is none: it is told in the answer.
pub fn view(book: &Book, id: &ViewId, position: Position, sha256: Sha256) -> Result<ViewAnswer, Unserved> {
    let reader = Reader::new(book, AsOf::position(position));
    let revision = book.view(id, reader.as_of.position).ok_or_else(|| Unserved::Unknown { view: id.clone() })?;
    let published = &revision.value.value;
    let text = content(book, published, sha256)?;
    let acts = book.committee_acts(id, reader.as_of).into_iter().map(|act| ActAnswer {
        act: act.value.value.act,
        text: book.text(&act.value.value.text).unwrap_or_default(),
        provenance: reader.provenance(act),
    });
    let late_figures = book.late_figures(id, reader.as_of).into_iter().map(|told| late_figure(&reader, told));
    Ok(ViewAnswer {
        entry: entry(&reader, revision),
        acts: acts.collect(),
        late_figures: late_figures.collect(),
        replay: replay(book, published, &text),
        text,
    })
}

/// What was given, checked against its digest.
fn content(book: &Book, published: &ViewPublished, sha256: Sha256) -> Result<String, Unserved> {
    let lost = |problem: String| Unserved::Lost { view: published.view.clone(), problem };
    let text = book.text(&published.content).ok_or_else(|| lost("its parts are missing, or are no text".to_owned()))?;
    let (found, wanted) = (sha256(text.as_bytes()), published.content.digest());
    match wanted {
        Some(wanted) if wanted != found => Err(lost(format!("its SHA-256 is {found}, and {wanted} was recorded"))),
        Some(_) | None => Ok(text),
    }
}

fn entry(reader: &Reader<'_>, revision: &Revision<Noted<ViewPublished>>) -> ViewEntry {
    let published = revision.value.value.clone();
    let over = reader.book.text(&published.over).and_then(|text| Warnings::parse(&text).ok()).unwrap_or_default();
    let acts = reader.book.committee_acts(&published.view, reader.as_of).len();
    let late = reader.book.late_figures(&published.view, reader.as_of).len();
    ViewEntry { published, provenance: reader.provenance(revision), over, n_beside: acts.saturating_add(late) }
}

fn late_figure(reader: &Reader<'_>, revision: &Revision<Noted<domain::event::LateFigureTold>>) -> LateFigureAnswer {
    let told = &revision.value.value;
    let definition = reader.defined(&told.cell.series.measure).ok().map(|defined| defined.definition);
    let display = match (told.told, definition) {
        (Some((figure, _)), Some(definition)) => told_words(figure, &definition.unit),
        (Some(_), None) | (None, _) => String::new(),
    };
    LateFigureAnswer {
        cell: told.cell.clone(),
        title: definition.map_or_else(|| told.cell.series.measure.to_string(), |it| it.title.clone()),
        area_name: reader.area_name(&told.cell.series.area),
        cohort_name: reader.cohort_name(&told.cell.series.cohort),
        told: told.told,
        display,
        text: reader.book.text(&told.text).unwrap_or_default(),
        provenance: reader.provenance(revision),
    }
}

/// What a view is rebuilt to otherwise than it was given, or why it cannot be, in sentences; none when it is the same.
///
/// Cost: that of the scorecard, and of comparing two texts.
pub(crate) fn departures_of(book: &Book, published: &ViewPublished) -> Vec<String> {
    let replayed = book.text(&published.content).map(|stored| replay(book, published, &stored));
    match replayed {
        Some(Replay::Same) => Vec::new(),
        Some(Replay::Departs(departures)) => departures.iter().map(Departure::words).collect(),
        Some(Replay::Impossible(why)) => vec![format!("Nothing can be rebuilt beside what the committee saw: {why}.")],
        None => vec!["What the committee saw cannot be read: its parts are missing, or are no text.".to_owned()],
    }
}

/// Rebuilds a view from the log and compares it with what was given.
fn replay(book: &Book, published: &ViewPublished, stored: &str) -> Replay {
    if published.form != FORM {
        return Replay::Impossible(format!("it is of form {}, and this program writes {FORM}", published.form));
    }
    let ViewPublished { scorecard: id, period, area, .. } = published;
    let question = Question { scorecard: id.clone(), period: *period, area: area.clone() };
    let rebuilt = match scorecard(book, &question, published.as_of()) {
        Ok(card) => write(&card, &published.meeting, |content| book.text(content)),
        Err(error) => return Replay::Impossible(format!("this program cannot rebuild it: {error}")),
    };
    if rebuilt == stored {
        return Replay::Same;
    }
    match (Outline::parse(stored), Outline::parse(&rebuilt)) {
        (Ok(stored), Ok(rebuilt)) => Replay::Departs(departures(&stored, &rebuilt)),
        (Err(malformed), _) | (_, Err(malformed)) => Replay::Impossible(malformed.to_string()),
    }
}
