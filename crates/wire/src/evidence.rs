//! What an auditor asks for: the targets of a scorecard, and the evidence for a measure on a day.

mod proof;
mod undone;

use domain::event::Source;
use domain::ids::ScorecardId;
use domain::period::day_words;
use domain::time::Date;
use domain::{AreaId, CohortId, Digest, MeasureId, Period, Recorded, SubmissionId};
use reporting::answer::{Basis, Row, TargetHistory};
use reporting::evidence::{Adopted, Evidence, Undoing};

use crate::answer::targets::{encode_target_change, encode_target_history};
use crate::answer::{encode_provenance, encode_row};
use crate::bounds::{self, Bounds, Place, encode_basis};
use crate::event;
use crate::query::period_if_any;
use crate::v1;
use crate::value::{code, code_if_any, cohort, count, decode_date, definition, place as named};
use crate::violation::FieldViolation;
use reporting::words;

/// Asks for the targets of a scorecard's measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfScorecard {
    /// Which.
    pub scorecard: ScorecardId,
    /// Set for this area, or for one that contains it; `None` for the authority itself.
    pub area: Option<AreaId>,
    /// Also what each change judges.
    pub judged: bool,
    /// Only those of which something stands.
    pub standing_only: bool,
    /// As of when.
    pub bounds: Bounds,
}

/// Asks for the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which measure.
    pub measure: MeasureId,
    /// Where; `None` for the authority itself.
    pub area: Option<AreaId>,
    /// Who is counted.
    pub cohort: CohortId,
    /// The day.
    pub on: Date,
    /// Only this period's figure.
    pub period: Option<Period>,
    /// How much of the log, and what was known by the end of the day.
    pub bounds: Bounds,
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read.
pub fn of_scorecard(request: v1::GetScorecardTargetsRequest) -> Result<OfScorecard, FieldViolation> {
    Ok(OfScorecard {
        scorecard: code("scorecard", &request.scorecard)?,
        area: code_if_any("area", &request.area)?,
        judged: request.judged,
        standing_only: request.standing_only,
        bounds: bounds::decode("as_of", request.as_of)?,
    })
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read; a bound on `known_at` beside the day.
pub fn decode(request: v1::GetEvidenceRequest) -> Result<Asked, FieldViolation> {
    let on = decode_date("on", &request.on)?;
    let bounds = bounds::decode("as_of", request.as_of)?;
    if bounds.known_at.is_some() || bounds.known_on.is_some() {
        let (problem, remedy) = ("bounds what was known beside `on`", "give the day in `on` alone");
        return Err(FieldViolation::new("as_of.known_at", "", problem, remedy));
    }
    Ok(Asked {
        measure: code("measure", &request.measure)?,
        area: code_if_any("area", &request.area)?,
        cohort: cohort("cohort", &request.cohort)?,
        on,
        period: period_if_any("period", &request.period)?,
        bounds: Bounds { known_on: Some(on), ..bounds },
    })
}

/// The targets of a scorecard's measures.
pub fn encode_of_scorecard(
    histories: Vec<TargetHistory>,
    basis: &Basis,
    place: Place,
) -> v1::GetScorecardTargetsResponse {
    v1::GetScorecardTargetsResponse {
        targets: histories.into_iter().map(|history| encode_target_history(history, place)).collect(),
        basis: Some(encode_basis(basis, place)),
    }
}

/// A record with its place in the chain.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// What it is evidence of.
    pub of: &'a [&'static str],
    /// The chain up to and including it.
    pub chain: Digest,
    /// The record.
    pub record: &'a Recorded,
    /// The file that it came from.
    pub source: Option<&'a Source>,
    /// The text of its line; empty when the file was not read.
    pub line_text: &'a str,
}

/// A file that records came from.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'a> {
    /// With which submission.
    pub submission: SubmissionId,
    /// The file as it is recorded.
    pub source: &'a Source,
    /// What became of reading it, in words.
    pub words: &'static str,
    /// True when its bytes were read from the log and have the digest that is recorded.
    pub agrees: bool,
}

/// What was read from the log.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    /// The records that say what was so.
    pub records: &'a [Told<'a>],
    /// Those that undid any of them, or put it back.
    pub undoings: &'a [Told<'a>],
    /// The files that they came from.
    pub files: &'a [SourceFile<'a>],
}

/// The pack: what was so on `on`, the records that say so, and what they prove.
pub fn encode(
    (on, period): (Date, Option<Period>),
    evidence: &Evidence,
    Records { records, undoings, files }: Records<'_>,
    place: Place,
) -> v1::Evidence {
    let (area, area_name) = &evidence.area;
    let basis = encode_basis(&evidence.basis, place);
    v1::Evidence {
        on: on.to_string(),
        on_words: day_words(on),
        definition: Some(definition::encode(&evidence.definition)),
        defined_later: evidence.defined_later,
        definition_text: evidence.definition_text.clone(),
        definition_provenance: Some(encode_provenance(&evidence.definition_provenance)),
        area: area.to_string(),
        area_name: area_name.clone(),
        cohort: evidence.cohort.to_string(),
        period: period.map(Period::code).unwrap_or_default(),
        target: evidence.target.as_ref().map(encode_target_change),
        sentences: evidence.sentences.clone(),
        history: Some(encode_target_history(evidence.history.clone(), place)),
        figures: evidence.figures.iter().map(|row| encode_figure(row, &evidence.undoings)).collect(),
        n_figures_not_listed: count(evidence.n_figures_not_listed),
        rules: evidence.rules.iter().map(encode_rule).collect(),
        records: records.iter().map(encode_record).collect(),
        n_records_not_listed: count(evidence.n_records_not_listed),
        files: files.iter().map(encode_file).collect(),
        proves: proof::proves(&basis, files),
        does_not_prove: proof::does_not_prove(records, evidence),
        basis: Some(basis),
        undoings: undone::encode(&evidence.undoings, undoings),
        n_undoings_not_listed: count(evidence.n_undoings_not_listed),
    }
}

fn encode_figure(row: &Row, undoings: &[Undoing]) -> v1::EvidenceFigure {
    let mut sentences = words::explanation(row);
    sentences.extend(undone::of_figure(undoings, row.cell.period));
    v1::EvidenceFigure { row: Some(encode_row(row)), sentences }
}

fn encode_rule(adopted: &Adopted) -> v1::AdoptedRule {
    v1::AdoptedRule {
        rule: adopted.rule.to_string(),
        from: adopted.from.to_string(),
        provenance: Some(encode_provenance(&adopted.provenance)),
    }
}

fn encode_record(told: &Told<'_>) -> v1::EvidenceRecord {
    let line = told.record.attribution.origin.map_or(0, |origin| origin.line.get());
    v1::EvidenceRecord {
        of: told.of.iter().map(|it| (*it).to_owned()).collect(),
        chain: told.chain.to_string(),
        record: Some(event::encode(told.record)),
        file_name: told.source.map_or_else(String::new, |source| named(&source.name, line).0),
        file_sha256: told.source.map_or_else(String::new, |source| source.sha256.to_string()),
        line_text: told.line_text.to_owned(),
    }
}

fn encode_file(file: &SourceFile<'_>) -> v1::EvidenceFile {
    v1::EvidenceFile {
        submission_id: file.submission.to_string(),
        source: Some(event::encode_source(file.source)),
        words: file.words.to_owned(),
        agrees: file.agrees,
    }
}
