//! What a scorecard would be: the question read, and the answer, which is marked as not what was reported.

use domain::limits::SUBMISSION_FILES_MAX;
use domain::{AreaId, Period, ScorecardId};
use reporting::what_if::{ComparedOtherwise, RatedOtherwise, WhatIf};

use crate::answer::{encode_counts, encode_row, encode_scorecard};
use crate::bounds::{self, Bounds, Place};
use crate::query::period_if_any;
use crate::submit::{File, decode_file};
use crate::v1;
use crate::value::{code, code_if_any, decode_period, encode_cell};
use crate::violation::{Decoded, FieldViolation, list};

/// Asks what a scorecard would be. Each of the bounds is `None` where nothing is supposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which.
    pub scorecard: ScorecardId,
    /// For which period.
    pub period: Period,
    /// For which area; `None` for the authority itself.
    pub area: Option<AreaId>,
    /// As of when, of all that is not supposed otherwise.
    pub bounds: Bounds,
    /// Under the targets as of then.
    pub targets_of: Option<Bounds>,
    /// Under the targets that stand for this period.
    pub targets_for: Option<Period>,
    /// Under the minimum standards as of then.
    pub standards_of: Option<Bounds>,
    /// Under the minimum standards that stand for this period.
    pub standards_for: Option<Period>,
    /// Under the rules as of then.
    pub rules_of: Option<Bounds>,
    /// Beside the neighbours as of then.
    pub neighbours_of: Option<Bounds>,
    /// As if these were recorded too.
    pub files: Vec<File>,
}

/// Reads the question.
///
/// # Errors
/// The first field that cannot be read; a question that supposes nothing.
pub fn decode(request: v1::WhatIfRequest) -> Result<Asked, FieldViolation> {
    let asked = Asked {
        scorecard: code("scorecard", &request.scorecard)?,
        period: decode_period("period", &request.period)?,
        area: code_if_any("area", &request.area)?,
        bounds: bounds::decode("as_of", request.as_of)?,
        targets_of: supposed("targets_of", request.targets_of)?,
        targets_for: period_if_any("targets_for", &request.targets_for)?,
        standards_of: supposed("standards_of", request.standards_of)?,
        standards_for: period_if_any("standards_for", &request.standards_for)?,
        rules_of: supposed("rules_of", request.rules_of)?,
        neighbours_of: supposed("neighbours_of", request.neighbours_of)?,
        files: list("files", request.files, SUBMISSION_FILES_MAX, decode_file)?,
    };
    let bounds = [asked.targets_of, asked.standards_of, asked.rules_of, asked.neighbours_of];
    let periods = [asked.targets_for, asked.standards_for];
    if asked.files.is_empty() && bounds.iter().all(Option::is_none) && periods.iter().all(Option::is_none) {
        let remedy = "say what to suppose: other targets, standards, rules, neighbours, or files";
        return Err(FieldViolation::absent("targets_of", remedy));
    }
    Ok(asked)
}

fn supposed(field: &str, message: Option<v1::AsOf>) -> Decoded<Option<Bounds>> {
    message.map(|message| bounds::decode(field, Some(message))).transpose()
}

/// What it would be.
pub fn encode(answer: &WhatIf, place: Place) -> v1::WhatIfResponse {
    let mut scorecard = encode_scorecard(&answer.supposed, place);
    scorecard.supposed.clone_from(&answer.words);
    v1::WhatIfResponse {
        supposed: answer.words.clone(),
        scorecard: Some(scorecard),
        reported: Some(encode_counts(&answer.reported.counts)),
        rated_otherwise: answer.rated_otherwise.iter().map(encode_otherwise).collect(),
        compared_otherwise: answer.compared_otherwise.iter().map(encode_compared).collect(),
    }
}

fn encode_compared(otherwise: &ComparedOtherwise) -> v1::ComparedOtherwise {
    let words = |verdict: Option<ratings::Verdict>| verdict.map_or_else(String::new, |it| it.words().to_owned());
    v1::ComparedOtherwise {
        cell: Some(encode_cell(&otherwise.cell)),
        title: otherwise.title.clone(),
        name: otherwise.name.clone(),
        stands: words(otherwise.stands),
        supposed: words(otherwise.supposed),
        sentence: otherwise.sentence(),
    }
}

fn encode_otherwise(otherwise: &RatedOtherwise) -> v1::RatedOtherwise {
    let row = otherwise.supposed.as_ref().or(otherwise.reported.as_ref());
    v1::RatedOtherwise {
        cell: row.map(|row| encode_cell(&row.cell)),
        title: row.map_or_else(String::new, |row| row.definition.title.clone()),
        reported: otherwise.reported.as_ref().map(encode_row),
        supposed: otherwise.supposed.as_ref().map(encode_row),
        sentence: otherwise.sentence(),
    }
}
