//! What a target judged.

use reporting::answer::{Judged, JudgedPeriod};

use super::row::{encode_rating, not_rated};
use crate::v1;

/// The results in a target's span.
pub(super) fn encode(judged: &Judged) -> v1::Judged {
    v1::Judged {
        n_judged: judged.n_judged,
        n_met: judged.n_met,
        n_minimum_met: judged.n_minimum_met,
        words: judged.words(),
        periods: judged.periods.iter().map(encode_period).collect(),
    }
}

fn encode_period(judged: &JudgedPeriod) -> v1::JudgedPeriod {
    let (not_rated_code, not_rated_reason) = not_rated(judged.rating);
    v1::JudgedPeriod {
        period: judged.period.code(),
        period_words: judged.period.to_string(),
        display: judged.display.clone(),
        rating: encode_rating(judged.rating).into(),
        rating_word: judged.rating.word().to_owned(),
        not_rated_code: not_rated_code.to_owned(),
        not_rated_reason: not_rated_reason.to_owned(),
        rule: judged.rule.to_string(),
        judges: judged.judges,
        set_after_result: judged.set_after_result,
        position: judged.position.get(),
    }
}
