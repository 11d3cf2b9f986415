//! What to look at before a committee is given a scorecard: what stands in the way, and what has to be answered for.

mod issue;

pub use issue::{Issue, Severity};

use domain::period::day_words;
use domain::result::Doubt;
use domain::view::{Meeting, Warning, Warnings};
use domain::{Book, Cell, CohortId, Date};
use ratings::{Direction, NotRated, Rating};

use crate::answer::{ActionAnswer, Mark, Row, Scorecard};
use crate::words;

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub issue: Issue,
    /// About which figure; `None` for the scorecard as a whole.
    pub cell: Option<Cell>,
    /// The measure's title; the scorecard's for the whole.
    pub title: String,
    /// In a sentence, with what to do.
    pub words: String,
}

impl Finding {
    /// The measure, and the cohort where that is not everybody: `ehcp-20-weeks excluding-uasc`. Empty for the whole.
    pub fn subject(&self) -> String {
        let Some(Cell { series, .. }) = &self.cell else { return String::new() };
        if series.cohort == CohortId::all() {
            series.measure.to_string()
        } else {
            format!("{} {}", series.measure, series.cohort)
        }
    }
}

/// What the check says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was found: first what stands in the way, then warnings; of each what is of the scorecard as a whole, then in the
    /// rows' order.
    pub findings: Vec<Finding>,
    /// How many rows are what, reconciled in words.
    pub counted: String,
}

impl Check {
    /// How much stands in the way.
    pub fn n_in_the_way(&self) -> usize {
        self.findings.iter().filter(|it| it.issue.severity() == Severity::StandsInTheWay).count()
    }

    /// The warnings, as they are recorded with a view that is published over them.
    pub fn warnings(&self) -> Warnings {
        let warnings = self.findings.iter().filter(|it| it.issue.severity() == Severity::Warning);
        let warning =
            |it: &Finding| Warning { code: it.issue.code().to_owned(), subject: it.subject(), words: it.words.clone() };
        Warnings(warnings.map(warning).collect())
    }
}

/// Looks at a scorecard that a committee is to be given.
///
/// Cost: that of its rows, and of the whole's where it is a part of another.
pub fn check(book: &Book, card: &Scorecard, meeting: &Meeting) -> Check {
    let mut findings = of_whole(card, meeting);
    for row in card.sections.iter().flat_map(|section| &section.rows) {
        for (issue, words) in issues(row, meeting.on) {
            let finding = of_row(row, issue, words);
            // A figure may be shown twice, rated and for information.
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    findings.extend(not_in_whole(book, card));
    findings.sort_by_key(|finding| finding.issue.severity());
    Check { findings, counted: words::counts(&card.counts) }
}

fn of_row(row: &Row, issue: Issue, words: String) -> Finding {
    Finding { issue, cell: Some(row.cell.clone()), title: row.definition.title.clone(), words }
}

/// Whether it is the meeting's scorecard at all, and of a time that is over.
fn of_whole(card: &Scorecard, meeting: &Meeting) -> Vec<Finding> {
    let Meeting { committee, on } = meeting;
    let other = (!card.committee.trim().is_empty() && !same_name(&card.committee, committee)).then(|| {
        let words = format!(
            "it goes to {}, and the meeting is of {committee}: give that one's name with the meeting (--meeting), or lay the \
             scorecard out for this one",
            card.committee
        );
        (Issue::OtherCommittee, words)
    });
    let last_day = card.period.last_day();
    let early = (*on < last_day).then(|| {
        let (on, last_day) = (day_words(*on), day_words(last_day));
        let words = format!(
            "the meeting is on {on}, and {} ends only on {last_day}: give the meeting's day (--meeting), or a period that is \
             over by then",
            card.period
        );
        (Issue::PeriodNotOver, words)
    });
    let of_card = |(issue, words)| Finding { issue, cell: None, title: card.title.clone(), words };
    other.into_iter().chain(early).map(of_card).collect()
}

/// Whether two names are the same but for capitals and spaces.
fn same_name(one: &str, other: &str) -> bool {
    let words = |name: &str| name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    words(one) == words(other)
}

fn issues(row: &Row, on: Date) -> Vec<(Issue, String)> {
    let said = commentary(row).into_iter().chain(actions(row, on));
    let rated = rating(row).into_iter().chain(row.contradiction.filter(|_| !explained(row)).map(|contradiction| {
        let words = format!("{contradiction}; find out which is right, and say it in the commentary");
        (Issue::Contradiction, words)
    }));
    said.chain(rated).chain(row.marks.iter().filter_map(mark)).chain(known_later(row, on)).collect()
}

/// A figure that nobody had on the day of the meeting.
fn known_later(row: &Row, on: Date) -> Option<(Issue, String)> {
    let known_on = row.result.as_ref()?.provenance.known_on;
    (known_on > on).then(|| {
        let known = day_words(known_on);
        let words =
            format!("the figure became known only on {known}, after the meeting; pin the view to --known-at {on}");
        (Issue::KnownAfterMeeting, words)
    })
}

fn display(row: &Row) -> &str {
    row.result.as_ref().map_or("no figure", |result| result.display.as_str())
}

/// Whether something is written about the figure that stands.
fn explained(row: &Row) -> bool {
    row.commentary.iter().any(|commentary| !commentary.stale)
}

fn red(row: &Row) -> bool {
    row.rating == Rating::Rated(domain::result::Colour::Red)
}

/// The options that name a figure on the command line.
fn options(row: &Row) -> String {
    let domain::Series { measure, area, cohort } = &row.cell.series;
    let cohort = if *cohort == CohortId::all() { String::new() } else { format!(" --cohort {cohort}") };
    format!("--measure {measure} --area {area}{cohort} --period {}", row.cell.period.code())
}

fn commentary(row: &Row) -> Option<(Issue, String)> {
    let write = || format!("`scorebook commentary {} --text …`, or commentary.csv", options(row));
    match (red(row), row.commentary.is_empty(), row.commentary.iter().all(|it| it.stale)) {
        (true, true, _) => {
            let words = format!("{} is Red, and nothing is written about it: {}", display(row), write());
            Some((Issue::RedWithoutCommentary, words))
        }
        (true, false, true) => {
            let words = format!(
                "{} is Red, and what is written is about an earlier figure: read it again, and write anew: {}",
                display(row),
                write()
            );
            Some((Issue::RedCommentaryStale, words))
        }
        (false, false, true) => {
            let words =
                format!("what is written is about an earlier figure than {}: write anew: {}", display(row), write());
            Some((Issue::CommentaryStale, words))
        }
        _ => None,
    }
}

fn actions(row: &Row, on: Date) -> Option<(Issue, String)> {
    let agree = || format!("`scorebook action {} --owner … --due … --text …`, or actions.csv", options(row));
    let last: Option<&ActionAnswer> = row.actions.iter().rev().find(|action| !action.stale);
    match (red(row), row.actions.is_empty(), last) {
        (true, true, _) => {
            let words = format!("{} is Red, and no action is agreed: {}", display(row), agree());
            Some((Issue::RedWithoutAction, words))
        }
        (true, false, None) => {
            let words = format!(
                "{} is Red, and its actions were agreed about an earlier figure: agree anew: {}",
                display(row),
                agree()
            );
            Some((Issue::RedActionStale, words))
        }
        (false, false, None) => {
            let words = format!("its actions were agreed about an earlier figure than {}: {}", display(row), agree());
            Some((Issue::ActionStale, words))
        }
        (_, _, Some(action)) if action.due < on => {
            let words = format!(
                "the action of {} was due on {}, before the meeting: say what came of it, or agree anew: {}",
                action.owner,
                action.due,
                agree()
            );
            Some((Issue::ActionOverdue, words))
        }
        _ => None,
    }
}

fn rating(row: &Row) -> Option<(Issue, String)> {
    let words = |words: &str| words.to_owned();
    match row.rating {
        Rating::Rated(domain::result::Colour::Amber)
            if row.direction.direction == Direction::Worsened && !explained(row) =>
        {
            let words = format!("{} is Amber and worsened: say why in the commentary", display(row));
            Some((Issue::AmberWorsening, words))
        }
        Rating::NotRated(NotRated::NoResult) => Some((
            Issue::NoResult,
            format!("no figure stands for {}: record it, or why there is none", row.cell.period),
        )),
        Rating::NotRated(NotRated::Missing(domain::Missing::NotSupplied)) => {
            Some((Issue::NoResult, words("the figure is still to be supplied: record it when it comes")))
        }
        Rating::NotRated(NotRated::NoTarget) => {
            Some((Issue::NoTarget, words("a key performance indicator without a target is not rated: set one")))
        }
        Rating::NotRated(NotRated::UnfitTarget) => {
            Some((Issue::UnfitTarget, words("the target does not suit the measure: set it anew")))
        }
        Rating::NotRated(NotRated::NoMinimumStandard) => Some((
            Issue::NoMinimumStandard,
            words("the target is missed, and without a minimum standard it is neither Amber nor Red: set one"),
        )),
        Rating::Rated(_) | Rating::NotRated(_) => None,
    }
}

fn mark(mark: &Mark) -> Option<(Issue, String)> {
    let ask = "ask the source, and correct the figure";
    let (issue, remedy) = match mark {
        Mark::Doubt(Doubt::Unattainable { .. }) => (Issue::Unattainable, ask),
        Mark::Doubt(Doubt::Disagrees { .. }) => (Issue::CountsDisagree, ask),
        Mark::Provisional => (Issue::Provisional, "record the final figure when there is one"),
        Mark::Old(_) => (Issue::Old, "record a later figure, or say why there is none"),
        Mark::TargetSetAfterResult | Mark::TargetBackdated { .. } => {
            (Issue::TargetAfterResult, "say so to the committee")
        }
        Mark::Estimated
        | Mark::CarriedForward
        | Mark::TargetOfArea(_)
        | Mark::DefinedLater
        | Mark::OutsideExpectedRange => return None,
    };
    Some((issue, format!("{}; {remedy}", words::mark(mark, ""))))
}

/// Rows that the whole does not have just so for this period: it was laid out otherwise since.
fn not_in_whole(book: &Book, card: &Scorecard) -> Vec<Finding> {
    let last_day = card.period.last_day();
    let as_of = card.basis.as_of;
    let Some(whole) = &card.remit.subset_of else { return Vec::new() };
    let (Some(part), Some(all)) =
        (book.scorecard_for(&card.scorecard, last_day, as_of), book.scorecard_for(whole, last_day, as_of))
    else {
        return Vec::new();
    };
    let shown = card.sections.iter().flat_map(|section| &section.rows);
    let missing = shown
        .zip(part.value.value.layout.rows())
        .filter(|(_, laid_out)| !all.value.value.layout.rows().any(|other| other == *laid_out));
    missing
        .map(|(row, _)| {
            let words = format!(
                "it is no longer on scorecard {whole} just so, of which this is a part: lay one of them out anew"
            );
            of_row(row, Issue::NotInWhole, words)
        })
        .collect()
}
