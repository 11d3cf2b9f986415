//! What committees were given: the check before it, the list, and a view with what stands beside it.

use std::io::{self, Write};

use wire::v1;

use super::table::{Column, Row, Table};
use super::text::{Ink, Page, Text};
use super::{Style, words};

/// Shows what was found before publishing; `over` is the reason that was given, if any.
///
/// # Errors
/// What `out` says.
pub(crate) fn check(out: &mut dyn Write, style: &Style, check: &v1::PublicationCheck, over: &str) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    let meeting = check.meeting.clone().unwrap_or_default();
    let head = format!("{}, for {}", check.view, meeting_words(&meeting));
    page.text(0, &Text::inked(Ink::Strong, head))?;
    if let Some(basis) = &check.basis {
        page.text(0, &words::basis(basis))?;
    }
    page.text(0, &Text::plain(check.counted.as_str()))?;
    let of = |severity: v1::FindingSeverity| check.findings.iter().filter(move |it| it.severity() == severity);
    let n = check.n_in_the_way;
    group(
        page,
        &format!("{} in the way of publishing", if n == 1 { "1 stands".to_owned() } else { format!("{n} stand") }),
        of(v1::FindingSeverity::InTheWay),
    )?;
    let title = words::count(check.n_warnings.into(), "warning", "warnings");
    group(page, &title, of(v1::FindingSeverity::Warning))?;
    page.blank()?;
    let words = match (check.n_in_the_way, check.n_warnings) {
        (0, 0) => "Nothing was found: it can be published.",
        (0, _) if over.trim().is_empty() => {
            "It can be published over the warnings, with a reason: --over-warnings REASON."
        }
        (0, _) => "It can be published over the warnings, for the reason given.",
        _ => "It cannot be published yet: see to what stands in the way.",
    };
    page.text(0, &Text::inked(Ink::Strong, words))
}

fn group<'a>(
    page: &mut Page<'_>,
    title: &str,
    findings: impl Iterator<Item = &'a v1::PublicationFinding>,
) -> io::Result<()> {
    let mut findings = findings.peekable();
    if findings.peek().is_none() {
        return Ok(());
    }
    page.heading(title)?;
    let subject = |finding: &v1::PublicationFinding| {
        let cohort = finding.cell.as_ref().map_or("", |cell| words::cohort(&cell.cohort, ""));
        let cohort = if cohort.is_empty() { String::new() } else { format!(", {cohort}") };
        format!("{}{cohort}", finding.title)
    };
    let told = together(findings.map(|finding| (subject(finding), finding.words.as_str())));
    told.into_iter().try_for_each(|(subject, words)| {
        let text = Text::inked(Ink::Strong, subject).then(Ink::Plain, format!(": {words}."));
        page.labelled(0, "•", 2, &text)
    })
}

/// Subjects with what is said of each; what is said of many is said once of them all.
fn together<'a>(said: impl Iterator<Item = (String, &'a str)>) -> Vec<(String, String)> {
    let mut alike: Vec<(&str, Vec<String>)> = Vec::new();
    for (subject, words) in said {
        match alike.iter_mut().find(|(other, _)| *other == words) {
            Some((_, subjects)) => subjects.push(subject),
            None => alike.push((words, vec![subject])),
        }
    }
    let told = alike.into_iter().flat_map(|(words, subjects)| {
        if subjects.len() < ALIKE {
            return subjects.into_iter().map(|subject| (subject, words.to_owned())).collect::<Vec<_>>();
        }
        vec![(format!("{} figures", subjects.len()), format!("{words} ({})", subjects.join("; ")))]
    });
    told.collect()
}

/// From how many on what is said alike is said once.
const ALIKE: usize = 3;

fn meeting_words(meeting: &v1::Meeting) -> String {
    format!("{}, {}", meeting.committee, words::day(&meeting.on))
}

/// Says where a view is recorded.
///
/// # Errors
/// What `out` says.
pub(crate) fn published(out: &mut dyn Write, style: &Style, view: &v1::View, receipt: &v1::Receipt) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    let how = if receipt.already { "was published already" } else { "is published" };
    let meeting = view.meeting.clone().unwrap_or_default();
    let text = format!("{} {how} for {}.", view.view, meeting_words(&meeting));
    page.text(0, &Text::inked(Ink::Strong, text))?;
    let digest = format!("sha256:{}", view.sha256);
    page.text(0, &Text::plain(format!("{}. Recorded at position {}, {digest}.", place(view), receipt.last_position)))?;
    page.text(0, &Text::plain(format!("To show it: scorebook view show {}", view.view)))
}

/// K and P, in words.
fn place(view: &v1::View) -> String {
    let known = match &view.known_at {
        Some(at) => format!("As known on {}", words::instant(Some(at))),
        None => "With everything known when it was published".to_owned(),
    };
    format!("{known}, with the log up to {}", words::thousands(view.position))
}

/// Shows the views that there are.
///
/// # Errors
/// What `out` says.
pub(crate) fn views(out: &mut dyn Write, style: &Style, answer: &v1::ListViewsResponse) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    let n = u64::try_from(answer.views.len()).unwrap_or(u64::MAX);
    page.text(0, &Text::inked(Ink::Strong, words::count(n, "view", "views")))?;
    if answer.views.is_empty() {
        return Ok(());
    }
    page.blank()?;
    let columns = ["View", "Meeting", "Committee", "Scorecard", "Period", "Published"].map(Column::left);
    let row = |view: &v1::View| {
        let meeting = view.meeting.clone().unwrap_or_default();
        let over = if view.over.is_empty() {
            String::new()
        } else {
            let n = u64::try_from(view.over.len()).unwrap_or(u64::MAX);
            format!(", over {}", words::count(n, "warning", "warnings"))
        };
        let at = view.provenance.as_ref().and_then(|it| it.recorded_at.as_ref());
        Row::of(vec![
            Text::inked(Ink::Strong, view.view.as_str()),
            Text::plain(words::day(&meeting.on)),
            Text::plain(meeting.committee.as_str()),
            Text::plain(view.scorecard.as_str()),
            Text::plain(view.period_words.as_str()),
            Text::plain(format!("{}{over}", words::instant_short(at))),
        ])
    };
    let rows: Vec<Row> = answer.views.iter().map(row).collect();
    Table::of(&columns, rows.iter(), 0, *style).write(page, &rows)
}

/// A page made from a scorecard.
pub(crate) type CardPage = fn(&mut dyn Write, &Style, &v1::Scorecard) -> io::Result<()>;

/// Shows a view: whose it was, whether it is rebuilt the same now, the scorecard as it was given, and what stands beside.
///
/// # Errors
/// What `out` says.
pub(crate) fn view(
    out: &mut dyn Write,
    style: &Style,
    answer: &v1::GetViewResponse,
    card_page: CardPage,
) -> io::Result<()> {
    let view = answer.view.clone().unwrap_or_default();
    head(&mut Page::new(out, style), &view, answer)?;
    if let Some(card) = &answer.scorecard {
        card_page(out, style, card)?;
    } else {
        let words = "This program does not read its form; --bytes writes it as it is.";
        Page::new(out, style).text(0, &Text::plain(words))?;
    }
    beside(&mut Page::new(out, style), answer)
}

fn head(page: &mut Page<'_>, view: &v1::View, answer: &v1::GetViewResponse) -> io::Result<()> {
    let meeting = view.meeting.clone().unwrap_or_default();
    page.text(0, &Text::inked(Ink::Strong, format!("What {} was given", meeting_words(&meeting))))?;
    page.labelled(0, "View", 11, &Text::plain(view.view.as_str()))?;
    page.labelled(0, "Place", 11, &Text::plain(place(view)))?;
    if let Some(provenance) = &view.provenance {
        page.labelled(0, "Published", 11, &Text::plain(words::provenance(provenance)))?;
    }
    page.labelled(
        0,
        "Bytes",
        11,
        &Text::plain(format!("{}, sha256:{}", words::thousands(view.size.into()), view.sha256)),
    )?;
    if let Some(why) = view.provenance.as_ref().map(|it| it.reason.as_str()).filter(|why| !why.is_empty()) {
        page.labelled(0, "Because", 11, &Text::plain(why))?;
    }
    let over = view.over.iter().map(|warning| (words::warned_of(warning).to_owned(), warning.words.as_str()));
    for (subject, words) in together(over) {
        page.labelled(0, "Over", 11, &Text::inked(Ink::Notice, format!("{subject}: {words}")))?;
    }
    replay(page, answer.replay.as_ref())?;
    page.blank()
}

fn replay(page: &mut Page<'_>, replay: Option<&v1::Replay>) -> io::Result<()> {
    let replay = replay.cloned().unwrap_or_default();
    let text = if replay.same {
        Text::plain("rebuilt from the log now, it is the same, byte for byte")
    } else if !replay.impossible.is_empty() {
        Text::inked(Ink::Notice, replay.impossible.as_str())
    } else {
        let n = u64::try_from(replay.departures.len()).unwrap_or(u64::MAX);
        Text::inked(
            Ink::Notice,
            format!("rebuilt from the log now, {}", words::count(n, "line differs", "lines differ")),
        )
    };
    page.labelled(0, "Replay", 11, &text)?;
    replay.departures.iter().try_for_each(|departure| page.labelled(2, "•", 4, &Text::plain(departure.words.as_str())))
}

fn beside(page: &mut Page<'_>, answer: &v1::GetViewResponse) -> io::Result<()> {
    if !answer.acts.is_empty() {
        page.heading("What the committee did")?;
    }
    for act in &answer.acts {
        let text = Text::inked(Ink::Strong, words::capital(words::committee_act(act.act())));
        let said = if act.text.is_empty() { String::new() } else { format!(": {}", act.text.trim_end()) };
        page.labelled(0, "•", 2, &text.then(Ink::Plain, format!("{said}{}", recorded(act.provenance.as_ref()))))?;
    }
    if !answer.late_figures.is_empty() {
        page.heading("Told at the meeting, and not in what was given")?;
    }
    for late in &answer.late_figures {
        let cohort = late.cell.as_ref().map_or("", |cell| words::cohort(&cell.cohort, &late.cohort_name));
        let status = late.told.as_ref().map_or(v1::Status::NotStated, v1::ToldFigure::status);
        let status = if status == v1::Status::NotStated { "" } else { words::status(status) };
        let about = listed(&[&late.area_name, cohort, &late.period_words], ", ");
        let said = listed(&[&listed(&[&late.display, status], ", "), late.text.trim_end()], ". ");
        let words = format!(", {about}: {said}{}", recorded(late.provenance.as_ref()));
        page.labelled(0, "•", 2, &Text::inked(Ink::Strong, late.title.as_str()).then(Ink::Plain, words))?;
    }
    Ok(())
}

fn listed(parts: &[&str], between: &str) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(between)
}

fn recorded(provenance: Option<&v1::Provenance>) -> String {
    provenance.map_or_else(String::new, |it| format!(" ({})", words::provenance(it)))
}
