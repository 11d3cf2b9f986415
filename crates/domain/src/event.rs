//! What is so: past tense, one noun each. Nothing is ever edited or deleted; what is wrong is followed by what is right.

use crate::ids::{
    Actor, ActorId, AreaId, CohortId, Digest, EventId, LogId, MeasureId, NeighboursId, Origin, Position, RuleId,
    ScorecardId, SubmissionId,
};
use crate::measure::{Content, Definition};
use crate::number::Decimal;
use crate::period::Span;
use crate::result::{Cell, Missing, ResultEntry, StatedPeriod, Why};
use crate::scorecard::Remit;
use crate::target::{TargetKey, Terms};
use crate::time::{Date, Timestamp};

pub use crate::view::{ActionAgreed, CommitteeAct, CommitteeActRecorded, LateFigureTold, ViewPublished};

/// The format that every log begins with.
pub const FIRST_FORMAT: u16 = 1;
/// The newest record format that this program reads and writes. A new type of record is a new format.
pub const FORMAT: u16 = 3;

/// An event with its place and time in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<E = Event> {
    /// Where it is in the log.
    pub position: Position,
    /// When Scorebook took it in; the same for a whole commit, and strictly later than the commit before.
    pub recorded_at: Timestamp,
    /// When the council, or the publisher, knew it. Never later than `recorded_at`; earlier makes it a backfill.
    pub known_at: Timestamp,
    /// Version 5 of its submission and ordinal.
    pub event_id: EventId,
    /// True on the last record of a commit.
    pub last_of_commit: bool,
    /// Who put it in, with what, and why.
    pub attribution: Attribution,
    /// What is so.
    pub event: E,
}

impl<E> Recorded<E> {
    /// True when it was said to be known before Scorebook took it in.
    pub fn backfill(&self) -> bool {
        self.known_at < self.recorded_at
    }
}

/// Who put a record in, with what, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// Who.
    pub actor: Actor,
    /// With which submission.
    pub submission: SubmissionId,
    /// From which line of which of its files.
    pub origin: Option<Origin>,
    /// Why.
    pub why: Why,
}

/// Everything that can be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The first record of every log.
    LogOpened(LogOpened),
    /// Somebody put something in; the first record of its commit.
    SubmissionReceived(SubmissionReceived),
    /// All of a submission's records are taken out of every answer whose bounds contain this.
    SubmissionRolledBack(SubmissionId),
    /// A rolled back submission's records count again.
    SubmissionReinstated(SubmissionId),
    /// A part of a long text or of a submitted file.
    ContentStored(ContentStored),
    /// An actor's name; kept apart from everything else so that it can be erased.
    ActorNamed(ActorNamed),
    /// A measure is there.
    MeasureDefined(Definition),
    /// A measure's definition is replaced, from now on.
    MeasureRevised(Definition),
    /// A measure is no longer reported.
    MeasureWithdrawn(MeasureWithdrawn),
    /// An area is there, or has another name.
    AreaDefined(AreaDefined),
    /// A cohort is there, or has another name.
    CohortDefined(CohortDefined),
    /// A figure, or the reason for having none.
    ResultRecorded(ResultRecorded),
    /// A cell is empty again; nothing older shows through.
    ResultWithdrawn(Cell),
    /// A target and its minimum standard, together, for a span of periods.
    TargetChanged(TargetChanged),
    /// No target of this owner stands for the span; nothing older shows through.
    TargetWithdrawn(TargetWithdrawn),
    /// A comparator's figure beside a result.
    BenchmarkRecorded(BenchmarkRecorded),
    /// A list of neighbours, from a day.
    NeighboursAdopted(NeighboursAdopted),
    /// Words about a figure, bound to the revision that they were written about.
    CommentaryWritten(CommentaryWritten),
    /// From a day, ratings are computed by this rule.
    RatingRuleAdopted(RuleAdopted),
    /// From a day, directions of travel are computed by this method.
    DirectionMethodAdopted(RuleAdopted),
    /// Which measures a scorecard shows, in which order.
    ScorecardDefined(ScorecardDefined),
    /// A row that could not be taken in, put aside with its reason at its sender's wish.
    RowSetAside(RowSetAside),
    /// From here on the log may hold records of this format, and of those before it; later than its format so far.
    FormatRaised(u16),
    /// What is being done about a figure, bound to the revision that it was agreed about.
    ActionAgreed(ActionAgreed),
    /// What a committee was given.
    ViewPublished(ViewPublished),
    /// What a committee did with it.
    CommitteeActRecorded(CommitteeActRecorded),
    /// A figure that was told at the meeting, beside what was given.
    LateFigureTold(LateFigureTold),
}

/// The first record: whose log it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogOpened {
    /// This log, unlike any other.
    pub log: LogId,
    /// The council's GSS code.
    pub authority: AreaId,
    /// The IANA time zone in which a civil date ends, such as `Europe/London`.
    pub time_zone: String,
    /// The newest record format that may be written until another is announced, from 1.
    pub format: u16,
}

/// What was put in, and what it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionReceived {
    /// SHA-256 of the request: the same identifier with another digest is refused.
    pub digest: Digest,
    /// Its files, at most [`crate::limits::SUBMISSION_FILES_MAX`]; none for a request of single acts.
    pub sources: Vec<Source>,
}

/// A submitted file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name, without folders.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Its length in bytes.
    pub size: u64,
    /// How it was read, such as `scorebook-results.1`.
    pub layout: String,
    /// True when its bytes are stored in the log under its digest (up to 8 MiB).
    pub stored: bool,
}

/// A part of a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentStored {
    /// SHA-256 of the whole content.
    pub digest: Digest,
    /// Which part this is, from 0.
    pub part: u32,
    /// Of how many.
    pub parts: u32,
    /// True for a submitted file, which answers never quote and need not be kept in memory.
    pub file: bool,
    /// At most [`crate::limits::PART_BYTES_MAX`] bytes.
    pub bytes: Vec<u8>,
}

/// An actor's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorNamed {
    /// Whose.
    pub actor: ActorId,
    /// The name that people know.
    pub name: String,
}

/// The end of a measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureWithdrawn {
    /// Which.
    pub measure: MeasureId,
    /// The first day for which it is no longer reported.
    pub from: Date,
    /// What is reported instead.
    pub successor: Option<MeasureId>,
    /// True when the successor's figures continue this measure's.
    pub comparable: bool,
}

/// An area as it is called from when this is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaDefined {
    /// Its code.
    pub area: AreaId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub level: AreaLevel,
    /// The next larger area that contains it.
    pub parent: Option<AreaId>,
}

/// What an area is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AreaLevel {
    /// A country.
    Country,
    /// A region of it.
    Region,
    /// A council with children's services.
    Authority,
    /// A district of a county.
    District,
}

/// A cohort as it is called from when this is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CohortDefined {
    /// Its code.
    pub cohort: CohortId,
    /// Its name.
    pub name: String,
    /// Who is counted, exactly; may be empty.
    pub description: String,
}

/// A result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultRecorded {
    /// What it is about.
    pub cell: Cell,
    /// What is recorded.
    pub entry: ResultEntry,
}

/// A target and its minimum standard; together they replace what stood for the span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetChanged {
    /// What it is set for, and by whom.
    pub key: TargetKey,
    /// Which periods it judges.
    pub span: Span,
    /// The target and its minimum standard.
    pub terms: Terms,
    /// The decision that set it: a minute, a plan, a letter. Required.
    pub decision: String,
}

/// The end of a target for a span of periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetWithdrawn {
    /// What it was set for, and by whom.
    pub key: TargetKey,
    /// Which periods it no longer judges.
    pub span: Span,
    /// The decision that withdrew it. Required.
    pub decision: String,
}

/// A comparator's figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenchmarkRecorded {
    /// The result that it stands beside.
    pub cell: Cell,
    /// Whose figure it is.
    pub comparator: Comparator,
    /// The figure, or why there is none (“no national comparator exists”).
    pub figure: Result<Decimal, Missing>,
    /// Its own period, which is often not the result's.
    pub period: StatedPeriod,
    /// Who published it; may be empty.
    pub source: String,
}

/// Whose figure a benchmark is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparator {
    /// An area: England, a region, one neighbour.
    Area(AreaId),
    /// The statistical neighbours, averaged by whoever published it.
    Neighbours,
    /// Some other group, by its name.
    Group(String),
}

/// A list of neighbours and how they are averaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeighboursAdopted {
    /// The list.
    pub list: NeighboursId,
    /// Whose neighbours they are.
    pub area: AreaId,
    /// The first day for which it holds.
    pub from: Date,
    /// The neighbours, nearest first.
    pub members: Vec<AreaId>,
    /// How they are averaged.
    pub average: Average,
    /// How few of them, having a figure, still make an average: 1 to as many as there are. With 1 whoever has no figure is
    /// left out; with all of them one missing figure is enough for there to be no average.
    pub at_least: u8,
}

/// How several areas' figures become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Average {
    /// The sum of numerators over the sum of denominators.
    Pooled,
    /// The mean of the figures.
    Mean,
    /// The median of the figures.
    Median,
}

/// Words about a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentaryWritten {
    /// About which cell.
    pub cell: Cell,
    /// The position of the result that it was written about; `None` when there was none.
    pub about: Option<Position>,
    /// The words.
    pub text: Content,
}

/// A rule or a method, from a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleAdopted {
    /// Which, with its version.
    pub rule: RuleId,
    /// For one measure, or for all without a rule of their own.
    pub measure: Option<MeasureId>,
    /// Judges the periods whose last day is this day or later.
    pub from: Date,
}

/// A scorecard's layout, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScorecardDefined {
    /// Which.
    pub scorecard: ScorecardId,
    /// What members read.
    pub title: String,
    /// Which committee it goes to; may be empty.
    pub committee: String,
    /// Sections and rows, in their order: [`crate::Layout`] as text.
    pub layout: Content,
    /// From when, and who answers for it. One that says anything is of format 3.
    pub remit: Remit,
}

/// A row that was put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowSetAside {
    /// The row as it was, cut after [`crate::limits::REASON_BYTES_MAX`] bytes.
    pub text: String,
    /// Which field, or empty.
    pub field: String,
    /// What was wrong with it.
    pub problem: String,
}

impl Event {
    /// The name that people and programs see.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::LogOpened(_) => "LogOpened",
            Self::SubmissionReceived(_) => "SubmissionReceived",
            Self::SubmissionRolledBack(_) => "SubmissionRolledBack",
            Self::SubmissionReinstated(_) => "SubmissionReinstated",
            Self::ContentStored(_) => "ContentStored",
            Self::ActorNamed(_) => "ActorNamed",
            Self::MeasureDefined(_) => "MeasureDefined",
            Self::MeasureRevised(_) => "MeasureRevised",
            Self::MeasureWithdrawn(_) => "MeasureWithdrawn",
            Self::AreaDefined(_) => "AreaDefined",
            Self::CohortDefined(_) => "CohortDefined",
            Self::ResultRecorded(_) => "ResultRecorded",
            Self::ResultWithdrawn(_) => "ResultWithdrawn",
            Self::TargetChanged(_) => "TargetChanged",
            Self::TargetWithdrawn(_) => "TargetWithdrawn",
            Self::BenchmarkRecorded(_) => "BenchmarkRecorded",
            Self::NeighboursAdopted(_) => "NeighboursAdopted",
            Self::CommentaryWritten(_) => "CommentaryWritten",
            Self::RatingRuleAdopted(_) => "RatingRuleAdopted",
            Self::DirectionMethodAdopted(_) => "DirectionMethodAdopted",
            Self::ScorecardDefined(_) => "ScorecardDefined",
            Self::RowSetAside(_) => "RowSetAside",
            Self::FormatRaised(_) => "FormatRaised",
            Self::ActionAgreed(_) => "ActionAgreed",
            Self::ViewPublished(_) => "ViewPublished",
            Self::CommitteeActRecorded(_) => "CommitteeActRecorded",
            Self::LateFigureTold(_) => "LateFigureTold",
        }
    }

    /// True when the event is a fact that answers show, and not the paperwork of its submission.
    pub const fn stands(&self) -> bool {
        !matches!(
            self,
            Self::LogOpened(_)
                | Self::SubmissionReceived(_)
                | Self::SubmissionRolledBack(_)
                | Self::SubmissionReinstated(_)
                | Self::ContentStored(_)
                | Self::RowSetAside(_)
                | Self::FormatRaised(_)
        )
    }

    /// True when its submission cannot be rolled back: it opens the log or raises its format, says of another whether it
    /// counts, or is what a committee was given.
    pub const fn fixes_submission(&self) -> bool {
        matches!(
            self,
            Self::LogOpened(_)
                | Self::SubmissionRolledBack(_)
                | Self::SubmissionReinstated(_)
                | Self::FormatRaised(_)
                | Self::ViewPublished(_)
        )
    }

    /// The format that a program must know to read on after it: that of its type and fields, or a later one that it
    /// announces.
    pub fn format(&self) -> u16 {
        match self {
            Self::LogOpened(opened) => opened.format.max(FIRST_FORMAT),
            Self::FormatRaised(format) => (*format).max(2),
            Self::NeighboursAdopted(list) if list.at_least > 1 => 2,
            Self::ScorecardDefined(defined) if !defined.remit.none() => 3,
            Self::ActionAgreed(_)
            | Self::ViewPublished(_)
            | Self::CommitteeActRecorded(_)
            | Self::LateFigureTold(_) => 3,
            Self::SubmissionReceived(_)
            | Self::SubmissionRolledBack(_)
            | Self::SubmissionReinstated(_)
            | Self::ContentStored(_)
            | Self::ActorNamed(_)
            | Self::MeasureDefined(_)
            | Self::MeasureRevised(_)
            | Self::MeasureWithdrawn(_)
            | Self::AreaDefined(_)
            | Self::CohortDefined(_)
            | Self::ResultRecorded(_)
            | Self::ResultWithdrawn(_)
            | Self::TargetChanged(_)
            | Self::TargetWithdrawn(_)
            | Self::BenchmarkRecorded(_)
            | Self::NeighboursAdopted(_)
            | Self::CommentaryWritten(_)
            | Self::RatingRuleAdopted(_)
            | Self::DirectionMethodAdopted(_)
            | Self::ScorecardDefined(_)
            | Self::RowSetAside(_) => FIRST_FORMAT,
        }
    }
}
