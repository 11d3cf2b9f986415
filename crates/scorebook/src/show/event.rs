//! What a record of the log says: its type, what it is about, and what is so, each on one line.

use wire::v1;
use wire::v1::envelope::Event;

use super::text::joined;
use super::words;

/// One record's line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// The name of the event's message, such as `ResultRecorded`.
    pub(crate) event: &'static str,
    /// What it is about: “ehcp-20-weeks, E10000016, September 2018”.
    pub(crate) subject: String,
    /// What is so: “759 of 1,747, final”.
    pub(crate) summary: String,
}

/// What `event` says. A type that this program does not know is named so.
pub(crate) fn said(event: Option<&Event>) -> Said {
    let Some(event) = event else {
        return of("unknown", String::new(), "a record that this program is too old to read".to_owned());
    };
    match event {
        Event::LogOpened(e) => {
            of("LogOpened", e.authority.clone(), format!("log {}, {}, format {}", e.log_id, e.time_zone, e.format))
        }
        Event::SubmissionReceived(e) => of("SubmissionReceived", String::new(), files(&e.sources)),
        Event::SubmissionRolledBack(e) => of("SubmissionRolledBack", e.submission_id.clone(), String::new()),
        Event::SubmissionReinstated(e) => of("SubmissionReinstated", e.submission_id.clone(), String::new()),
        Event::ContentStored(e) => {
            let part = e.part.saturating_add(1);
            let what = if e.file { "file" } else { "text" };
            of("ContentStored", words::short(&e.digest), format!("part {part} of {} of a {what}", e.parts))
        }
        Event::ActorNamed(e) => of("ActorNamed", e.actor.clone(), e.name.clone()),
        Event::MeasureDefined(e) => definition("MeasureDefined", e.definition.as_ref()),
        Event::MeasureRevised(e) => definition("MeasureRevised", e.definition.as_ref()),
        Event::MeasureWithdrawn(e) => of("MeasureWithdrawn", e.measure.clone(), end(e)),
        Event::AreaDefined(e) => of("AreaDefined", e.area.clone(), e.name.clone()),
        Event::CohortDefined(e) => of("CohortDefined", e.cohort.clone(), e.name.clone()),
        Event::ResultRecorded(e) => of("ResultRecorded", cell(e.cell.as_ref()), entry(e.entry.as_ref())),
        Event::ResultWithdrawn(e) => of("ResultWithdrawn", cell(e.cell.as_ref()), "withdrawn".to_owned()),
        Event::TargetChanged(e) => {
            let summary = format!("{}; decision: {}", terms(e.terms.as_ref()), e.decision);
            of("TargetChanged", target_of(e.key.as_ref(), e.span.as_ref()), summary)
        }
        Event::TargetWithdrawn(e) => {
            let summary = format!("withdrawn; decision: {}", e.decision);
            of("TargetWithdrawn", target_of(e.key.as_ref(), e.span.as_ref()), summary)
        }
        Event::BenchmarkRecorded(e) => of("BenchmarkRecorded", cell(e.cell.as_ref()), benchmark(e)),
        Event::NeighboursAdopted(e) => {
            let average = match e.average() {
                v1::Average::Unspecified => "",
                v1::Average::Pooled => ", pooled",
                v1::Average::Mean => ", mean",
                v1::Average::Median => ", median",
            };
            let at_least = if e.at_least > 1 { format!(" of at least {}", e.at_least) } else { String::new() };
            let (from, members) = (words::day(&e.from), e.members.join(" "));
            let summary = format!("for {} from {from}{average}{at_least}: {members}", e.area);
            of("NeighboursAdopted", e.list.clone(), summary)
        }
        Event::CommentaryWritten(e) => of("CommentaryWritten", cell(e.cell.as_ref()), content(e.text.as_ref())),
        Event::RatingRuleAdopted(e) => of("RatingRuleAdopted", e.rule.clone(), adopted(&e.measure, &e.from)),
        Event::DirectionMethodAdopted(e) => {
            of("DirectionMethodAdopted", e.method.clone(), adopted(&e.measure, &e.from))
        }
        Event::ScorecardDefined(e) => of("ScorecardDefined", e.scorecard.clone(), e.title.clone()),
        Event::RowSetAside(e) => of("RowSetAside", e.field.clone(), e.problem.clone()),
        Event::ActionAgreed(e) => {
            let summary = format!("{}: {}, by {}", e.owner, content(e.text.as_ref()), words::day(&e.due));
            of("ActionAgreed", cell(e.cell.as_ref()), summary)
        }
        Event::ViewPublished(e) => of("ViewPublished", e.view.clone(), published(e)),
        Event::CommitteeActRecorded(e) => {
            let summary = listed(&[words::committee_act(e.act()), &content(e.text.as_ref())]);
            of("CommitteeActRecorded", e.view.clone(), summary)
        }
        Event::LateFigureTold(e) => of("LateFigureTold", listed(&[&e.view, &cell(e.cell.as_ref())]), late(e)),
        Event::FormatRaised(e) => {
            of("FormatRaised", String::new(), format!("the log may hold records of format {}", e.format))
        }
    }
}

/// “(known 2018-11-29) ” of a record that is said to have been known before it was taken in; empty of any other.
pub(crate) fn backfilled(record: &v1::Envelope) -> String {
    if !record.backfill {
        return String::new();
    }
    let known = words::instant_code(record.known_at.as_ref());
    let day = known.split_once('T').map_or(known.as_str(), |(day, _)| day);
    format!("{} ", joined(&format!("(known {day})")))
}

const fn of(event: &'static str, subject: String, summary: String) -> Said {
    Said { event, subject, summary }
}

fn late(told: &v1::LateFigureTold) -> String {
    let given = told
        .told
        .as_ref()
        .map_or_else(String::new, |told| listed(&[&figure(told.figure.as_ref()), words::status(told.status())]));
    listed(&[&given, &content(told.text.as_ref())])
}

fn published(view: &v1::ViewPublished) -> String {
    let meeting =
        view.meeting.as_ref().map_or_else(String::new, |it| format!("{}, {}", it.committee, words::day(&it.on)));
    format!("{}, {}, for {meeting}", view.scorecard, words::period(&view.period))
}

fn listed(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ")
}

fn files(sources: &[v1::Source]) -> String {
    match sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>().join(", ") {
        names if names.is_empty() => "single acts".to_owned(),
        names => names,
    }
}

fn definition(event: &'static str, definition: Option<&v1::Definition>) -> Said {
    let Some(definition) = definition else { return of(event, String::new(), String::new()) };
    let unit = definition.unit.as_ref().map_or("", |unit| unit.label.as_str());
    let summary = listed(&[&definition.title, unit, words::polarity(definition.polarity())]);
    of(event, definition.measure.clone(), summary)
}

fn end(withdrawn: &v1::MeasureWithdrawn) -> String {
    let successor = match withdrawn.successor.as_str() {
        "" => String::new(),
        successor => format!(", then {successor}"),
    };
    format!("no longer reported from {}{successor}", words::day(&withdrawn.from))
}

fn cell(cell: Option<&v1::Cell>) -> String {
    let Some(cell) = cell else { return String::new() };
    listed(&[&cell.measure, &cell.area, words::cohort(&cell.cohort, ""), &words::period(&cell.period)])
}

fn target_of(key: Option<&v1::TargetKey>, span: Option<&v1::Span>) -> String {
    let Some(key) = key else { return String::new() };
    let owner = words::owner(key.owner());
    listed(&[&key.measure, &key.area, words::cohort(&key.cohort, ""), owner, &words::span(span)])
}

/// A figure as it was given, with its status and the colour that the source printed.
pub(crate) fn entry(entry: Option<&v1::ResultEntry>) -> String {
    let Some(entry) = entry else { return String::new() };
    let colour = match words::colour(entry.stated_colour()) {
        "" => String::new(),
        colour => format!("printed {colour}"),
    };
    listed(&[&figure(entry.figure.as_ref()), words::status(entry.status()), &colour])
}

fn figure(figure: Option<&v1::Figure>) -> String {
    match figure.and_then(|figure| figure.figure.as_ref()) {
        Some(v1::figure::Figure::Stated(stated)) => words::number(stated.value.as_ref()),
        Some(v1::figure::Figure::Counted(counted)) => {
            let (part, whole) = (counted.numerator.as_ref(), counted.denominator.as_ref());
            format!("{} of {}", words::number(part), words::number(whole))
        }
        Some(v1::figure::Figure::Missing(code)) => missing(v1::Missing::try_from(*code).unwrap_or_default()).to_owned(),
        None => String::new(),
    }
}

/// Why a figure is missing, in words; empty when it is not.
pub(crate) const fn missing(missing: v1::Missing) -> &'static str {
    match missing {
        v1::Missing::Confidential => "suppressed, because it could tell about a person",
        v1::Missing::NotApplicable => "not applicable",
        v1::Missing::Unavailable => "not available",
        v1::Missing::Low => "rounds to 0 but is not 0",
        v1::Missing::Unreliable => "too unreliable to give",
        v1::Missing::NotSupplied => "not yet supplied",
        v1::Missing::KnownNotToExist => "no such figure exists",
        v1::Missing::Unspecified => "",
    }
}

/// “at least 64.0, minimum standard 60.0”, without the unit, which a record does not hold.
fn terms(terms: Option<&v1::Terms>) -> String {
    let Some(terms) = terms else { return String::new() };
    let target = match terms.target.as_ref().and_then(|target| target.target.as_ref()) {
        Some(v1::target::Target::AtLeast(value)) => format!("{} or more", words::number(Some(value))),
        Some(v1::target::Target::MoreThan(value)) => format!("more than {}", words::number(Some(value))),
        Some(v1::target::Target::AtMost(value)) => format!("{} or less", words::number(Some(value))),
        Some(v1::target::Target::LessThan(value)) => format!("less than {}", words::number(Some(value))),
        Some(v1::target::Target::Within(range)) => words::range(range),
        None => String::new(),
    };
    let minimum = match terms.minimum.as_ref().and_then(|minimum| minimum.minimum.as_ref()) {
        Some(v1::minimum::Minimum::Value(value)) => format!("minimum standard {}", words::number(Some(value))),
        Some(v1::minimum::Minimum::Within(range)) => format!("minimum standard {}", words::range(range)),
        None => "minimum standard not known".to_owned(),
    };
    format!("{target}, {minimum}")
}

fn benchmark(event: &v1::BenchmarkRecorded) -> String {
    let whose = match event.comparator.as_ref().and_then(|comparator| comparator.comparator.as_ref()) {
        Some(v1::comparator::Comparator::Area(code)) => code.as_str(),
        Some(v1::comparator::Comparator::Neighbours(())) => "statistical neighbours",
        Some(v1::comparator::Comparator::Group(name)) => name.as_str(),
        None => "",
    };
    let figure = match &event.figure {
        Some(v1::benchmark_recorded::Figure::Value(value)) => words::number(Some(value)),
        Some(v1::benchmark_recorded::Figure::Missing(code)) => {
            missing(v1::Missing::try_from(*code).unwrap_or_default()).to_owned()
        }
        None => String::new(),
    };
    let period = match event.period.as_ref().and_then(|period| period.stated.as_ref()) {
        Some(v1::stated_period::Stated::Period(code)) => words::period(code),
        Some(v1::stated_period::Stated::Words(text)) => text.clone(),
        None => "period not stated".to_owned(),
    };
    format!("{whose} {figure} ({period})")
}

fn content(content: Option<&v1::Content>) -> String {
    match content.and_then(|content| content.content.as_ref()) {
        Some(v1::content::Content::Text(text)) => text.trim_end().replace('\n', " "),
        Some(v1::content::Content::Stored(stored)) => {
            format!("{}, stored as {}", words::count(stored.size.into(), "byte", "bytes"), words::short(&stored.digest))
        }
        None => String::new(),
    }
}

fn adopted(measure: &str, from: &str) -> String {
    let whom = if measure.is_empty() { "every measure without one of its own" } else { measure };
    format!("for {whom}, from {}", words::day(from))
}
