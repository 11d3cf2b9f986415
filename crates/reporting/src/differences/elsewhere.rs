//! Two rows that are not of one cell: of another period, area or cohort. Nothing changed from the one to the other; each
//! shows its own.

use domain::Span;
use domain::period::{Period, YearType};

use super::Pair;
use crate::answer::{TargetAnswer, owner_words};

/// What each row is for, as far as it tells them apart.
pub(super) struct Apart {
    /// “for September 2018”.
    pub(super) was: String,
    /// “for October 2018”.
    pub(super) is: String,
    /// To follow what the first is for: “it was” of an earlier or later period, “it is” of another area.
    pub(super) it: &'static str,
}

impl Pair<'_, '_> {
    /// `None` of two rows of one cell.
    pub(super) fn apart(&self) -> Option<Apart> {
        let mut words = self.who();
        let (was, is) = (self.was.cell.period, self.is.cell.period);
        if was != is {
            words.push((was.to_string(), is.to_string()));
        }
        apart(words, self.it())
    }

    /// What two targets are for, where the one is not a later word on the other: another owner's, another area's, another
    /// cohort's, or of another year.
    pub(super) fn targets_apart(&self, was: &TargetAnswer, is: &TargetAnswer) -> Option<Apart> {
        if was.key == is.key && (was.span == is.span || self.was.cell == self.is.cell) {
            return None;
        }
        let mut words = self.who();
        if was.key.area != is.key.area && self.was.cell.series.area == self.is.cell.series.area {
            words.push(named(
                [was.area_name.clone(), is.area_name.clone()],
                [was.key.area.as_str(), is.key.area.as_str()],
            ));
        }
        if was.span != is.span {
            words.push((span(was.span), span(is.span)));
        }
        if was.key.owner != is.key.owner {
            let owner = |target: &TargetAnswer| format!("the {}", owner_words(target.key.owner));
            words.push((owner(was), owner(is)));
        }
        apart(words, self.it())
    }

    fn it(&self) -> &'static str {
        if self.was.cell.series.area == self.is.cell.series.area { "it was" } else { "it is" }
    }

    /// The areas and the cohorts, where they differ.
    fn who(&self) -> Vec<(String, String)> {
        let (was, is) = (&self.was.cell.series, &self.is.cell.series);
        let mut words = Vec::new();
        if was.area != is.area {
            let names = [self.before.reader.area_name(&was.area), self.after.reader.area_name(&is.area)];
            words.push(named(names, [was.area.as_str(), is.area.as_str()]));
        }
        if was.cohort != is.cohort {
            let names = [self.was.cohort_name.clone(), self.is.cohort_name.clone()];
            words.push(named(names, [was.cohort.as_str(), is.cohort.as_str()]));
        }
        words
    }
}

/// By name; by code too where both have one name.
fn named([was, is]: [String; 2], [was_code, is_code]: [&str; 2]) -> (String, String) {
    if was == is { (format!("{was} ({was_code})"), format!("{is} ({is_code})")) } else { (was, is) }
}

fn apart(words: Vec<(String, String)>, it: &'static str) -> Option<Apart> {
    if words.is_empty() {
        return None;
    }
    let (was, is): (Vec<_>, Vec<_>) = words.into_iter().unzip();
    Some(Apart { was: format!("for {}", was.join(", ")), is: format!("for {}", is.join(", ")), it })
}

/// “financial year 2019/20”; of what is no one year, “the time from 1 April 2018”.
fn span(span: Span) -> String {
    let year = |kind| {
        let year = Period::year(kind, span.from.year())?;
        (Span::of_periods(year, Some(year)) == Some(span)).then_some(year)
    };
    match (year(YearType::Financial), year(YearType::Academic).or_else(|| year(YearType::Calendar))) {
        (Some(year), _) => format!("financial year {year}"),
        (None, Some(year)) => year.to_string(),
        (None, None) => format!("the time {span}"),
    }
}
