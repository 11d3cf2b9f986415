//! Answers as they leave: the exact data, and beside them what people are shown.

pub(crate) mod comparison;
mod judged;
mod recorded;
pub(crate) mod row;
pub mod targets;

use domain::book::{Received, Rollback};
use domain::event::LogOpened;
use domain::{Digest, Position, Timestamp};
use reporting::answer::{
    AreaAnswer, Basis, Counts, Directory, DirectoryEntry, MeasureHistory, Provenance, RevisionAnswer, Row, Scorecard,
    Section, Withdrawal,
};
use reporting::cohorts::{CohortFigure, CohortImpact};
use reporting::directory::ScorecardEntry;
use reporting::words;

use crate::bounds::{Place, encode_basis};
use crate::v1;
use crate::value::{
    count, count_long, definition, encode_actor, encode_origin, encode_timestamp, enums, figure::encode_entry,
    meeting::encode_remit,
};

pub use comparison::encode_comparison;
pub use recorded::encode_recorded_targets;
pub use row::encode_row;
pub use targets::encode_target_history;

/// A scorecard.
pub fn encode_scorecard(scorecard: &Scorecard, place: Place) -> v1::Scorecard {
    v1::Scorecard {
        scorecard: scorecard.scorecard.to_string(),
        title: scorecard.title.clone(),
        committee: scorecard.committee.clone(),
        period: scorecard.period.code(),
        period_words: scorecard.period.to_string(),
        area: scorecard.area.to_string(),
        area_name: scorecard.area_name.clone(),
        basis: Some(encode_basis(&scorecard.basis, place)),
        sections: scorecard.sections.iter().map(encode_section).collect(),
        counts: Some(encode_counts(&scorecard.counts)),
        supposed: String::new(),
        remit: encode_remit(&scorecard.remit),
        cohort_impacts: scorecard.cohort_impacts.iter().map(encode_impact).collect(),
    }
}

fn encode_impact(impact: &CohortImpact) -> v1::CohortImpact {
    let figure = |figure: &CohortFigure| v1::CohortFigure {
        section: count(figure.row.0),
        row: count(figure.row.1),
        difference_display: figure.difference.clone().unwrap_or_default(),
        verdict: figure.verdict.map_or(v1::Verdict::Unspecified, enums::verdict::encode).into(),
        sentence: figure.sentence.clone(),
    };
    v1::CohortImpact {
        measure: impact.measure.to_string(),
        title: impact.title.clone(),
        figures: impact.figures.iter().map(figure).collect(),
    }
}

fn encode_section(section: &Section) -> v1::Section {
    v1::Section { title: section.title.clone(), rows: section.rows.iter().map(encode_row).collect() }
}

pub(crate) fn encode_counts(counts: &Counts) -> v1::Counts {
    let n_not_rated = counts.not_rated.iter().fold(0_u32, |sum, (_, n_rows)| sum.saturating_add(*n_rows));
    let rated = counts.green.saturating_add(counts.amber).saturating_add(counts.red);
    v1::Counts {
        green: counts.green,
        amber: counts.amber,
        red: counts.red,
        n_not_rated,
        total: rated.saturating_add(n_not_rated),
        not_rated: counts
            .not_rated
            .iter()
            .map(|(why, n_rows)| v1::NotRatedCount {
                code: why.code().to_owned(),
                reason: why.reason().to_owned(),
                n_rows: *n_rows,
            })
            .collect(),
    }
}

/// Where a shown thing is recorded.
pub fn encode_provenance(provenance: &Provenance) -> v1::Provenance {
    let origin = provenance.origin.as_ref();
    v1::Provenance {
        position: provenance.position.get(),
        known_at: Some(encode_timestamp(provenance.known_at)),
        recorded_at: Some(encode_timestamp(provenance.recorded_at)),
        actor: Some(v1::Actor { id: provenance.actor.as_str().to_owned(), authenticated: provenance.authenticated }),
        submission_id: provenance.submission.text(),
        origin: origin.map(|(file_name, origin)| encode_origin(*origin, file_name)),
        reason: provenance.reason.clone(),
        cause: provenance.cause.map_or(v1::Cause::Unspecified, enums::cause::encode).into(),
        cause_words: provenance.cause.map(words::cause).unwrap_or_default().to_owned(),
    }
}

/// A measure through time.
pub fn encode_measure_history(history: &MeasureHistory, place: Place) -> v1::MeasureHistory {
    let (area, area_name) = &history.area;
    v1::MeasureHistory {
        definition: Some(definition::encode(&history.definition)),
        definition_text: history.definition_text.clone(),
        withdrawn: history.withdrawn.as_ref().map(encode_withdrawal),
        area: area.to_string(),
        area_name: area_name.clone(),
        cohort: history.cohort.to_string(),
        rows: history.rows.iter().map(encode_row).collect(),
        revisions: history.revisions.iter().map(encode_revision).collect(),
        basis: Some(encode_basis(&history.basis, place)),
    }
}

fn encode_withdrawal(withdrawal: &Withdrawal) -> v1::Withdrawal {
    v1::Withdrawal {
        from: withdrawal.from.to_string(),
        successor: withdrawal.successor.as_ref().map(ToString::to_string).unwrap_or_default(),
        comparable: withdrawal.comparable,
        provenance: Some(encode_provenance(&withdrawal.provenance)),
    }
}

fn encode_revision(revision: &RevisionAnswer) -> v1::RevisionAnswer {
    v1::RevisionAnswer {
        period: revision.period.code(),
        period_words: revision.period.to_string(),
        entry: revision.entry.as_ref().map(encode_entry),
        display: revision.display.clone(),
        rolled_back: revision.rolled_back,
        standing: revision.standing,
        provenance: Some(encode_provenance(&revision.provenance)),
    }
}

/// The measures that there are.
pub fn encode_directory(directory: &Directory, place: Place) -> v1::Directory {
    v1::Directory {
        measures: directory.measures.iter().map(encode_directory_entry).collect(),
        basis: Some(encode_basis(&directory.basis, place)),
    }
}

fn encode_directory_entry(entry: &DirectoryEntry) -> v1::DirectoryEntry {
    let (first, last) = entry.periods.map(|(first, last)| (first.code(), last.code())).unwrap_or_default();
    v1::DirectoryEntry {
        definition: Some(definition::encode(&entry.definition)),
        definition_text: entry.definition_text.clone(),
        withdrawn: entry.withdrawn.as_ref().map(encode_withdrawal),
        provenance: Some(encode_provenance(&entry.provenance)),
        first_period: first,
        last_period: last,
    }
}

/// An area.
pub fn encode_area(area: &AreaAnswer) -> v1::AreaAnswer {
    v1::AreaAnswer {
        area: area.area.to_string(),
        name: area.name.clone(),
        level: enums::area_level::encode(area.level).into(),
        parent: area.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

/// A scorecard in the directory.
pub fn encode_scorecard_entry(entry: &ScorecardEntry) -> v1::ScorecardAnswer {
    v1::ScorecardAnswer {
        scorecard: entry.scorecard.to_string(),
        title: entry.title.clone(),
        committee: entry.committee.clone(),
        n_rows: count(entry.n_rows),
        remit: encode_remit(&entry.remit),
    }
}

/// A submission, and whether it is rolled back.
pub fn encode_submission(received: &Received, rolled_back: bool) -> v1::SubmissionAnswer {
    v1::SubmissionAnswer {
        submission_id: received.id.to_string(),
        digest: received.digest.to_string(),
        actor: Some(encode_actor(&received.actor)),
        sources: received.sources.iter().map(crate::event::encode_source).collect(),
        first_position: received.first.get(),
        last_position: received.last.get(),
        recorded_at: Some(encode_timestamp(received.recorded_at)),
        n_facts: received.n_facts,
        rolled_back,
        fixed: received.fixed,
        undone: received.rollbacks().iter().map(encode_undone).collect(),
    }
}

fn encode_undone(rollback: &Rollback) -> v1::SubmissionUndone {
    v1::SubmissionUndone {
        position: rollback.position.get(),
        known_at: Some(encode_timestamp(rollback.known_at)),
        rolled_back: rollback.rolled_back,
        reason: rollback.reason.clone(),
    }
}

/// A cell's row with why it has its rating, in plain sentences.
pub fn encode_explanation(row: &Row, basis: &Basis, place: Place) -> v1::ExplainRatingResponse {
    v1::ExplainRatingResponse {
        row: Some(encode_row(row)),
        sentences: words::explanation(row),
        basis: Some(encode_basis(basis, place)),
    }
}

/// What a log holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holdings {
    /// The newest record format that the log may hold.
    pub format: u16,
    /// The newest record format that the server reads and writes.
    pub newest_format: u16,
    /// The last position.
    pub position: Position,
    /// The chain at it.
    pub chain: Digest,
    /// When the last record was taken in.
    pub recorded_at: Option<Timestamp>,
    /// How many measures are defined.
    pub n_measures: usize,
    /// How many cells have a result.
    pub n_cells: usize,
    /// How many submissions were received.
    pub n_submissions: usize,
    /// Why nothing more is recorded, in a sentence; empty when all is well.
    pub read_only: String,
    /// What whoever runs the server should see to, a sentence each.
    pub warnings: Vec<String>,
}

/// The server and its log.
pub fn encode_status(opened: &LogOpened, holdings: &Holdings, server_version: &str) -> v1::GetStatusResponse {
    v1::GetStatusResponse {
        log_id: opened.log.to_string(),
        authority: opened.authority.to_string(),
        time_zone: opened.time_zone.clone(),
        format: holdings.format.into(),
        position: holdings.position.get(),
        chain: holdings.chain.to_string(),
        recorded_at: holdings.recorded_at.map(encode_timestamp),
        n_measures: count_long(holdings.n_measures),
        n_cells: count_long(holdings.n_cells),
        n_submissions: count_long(holdings.n_submissions),
        server_version: server_version.to_owned(),
        read_only: holdings.read_only.clone(),
        warnings: holdings.warnings.clone(),
        newest_format: holdings.newest_format.into(),
    }
}
