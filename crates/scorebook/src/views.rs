//! Views: published after a check, listed, shown as they were given; and what is said beside them.

use anyhow::{Context as _, bail};
use prost::Message as _;
use wire::v1;
use wire::v1::instruction::Command;

use crate::act::{area, carry_out, row, single, word};
use crate::arguments::{
    About, ActWord, Action, Commentary, LateFigure, Said, ViewAct, ViewList, ViewPublish, ViewQuestion,
};
use crate::arguments::{ScorecardPage, ViewShow, ViewVerb, Why};
use crate::ask::Page;
use crate::failure::failed;
use crate::place::Access;
use crate::screen;
use crate::show::{self, Format};
use crate::submit::{Manner, put_in};
use crate::when;

/// Said when the terminal or the file takes nothing more.
const UNWRITTEN: &str = "the answer cannot be written";

pub(crate) async fn view(access: &Access, verb: ViewVerb, actor: String, page: &mut Page<'_>) -> anyhow::Result<()> {
    match verb {
        ViewVerb::Publish(asked) => publish(access, asked, actor, page).await,
        ViewVerb::Check(question) => {
            let request = request(question, actor)?;
            let checked = check(access, &request).await?;
            shown(page, &checked, "")?;
            stop(&checked, true, true)
        }
        ViewVerb::List(asked) => list(access, asked, page).await,
        ViewVerb::Show(asked) => show(access, asked, page).await,
        ViewVerb::Act(asked) => act(access, actor, asked, page).await,
        ViewVerb::LateFigure(asked) => late_figure(access, actor, *asked, page).await,
    }
}

/// Reads `Cabinet Committee, 2018-11-29`.
fn meeting(text: &str) -> anyhow::Result<v1::Meeting> {
    let (committee, on) = text.rsplit_once(',').unwrap_or((text, ""));
    let (committee, on) = (committee.trim(), on.trim());
    let day = on.parse::<domain::Date>().ok().filter(|_| !committee.is_empty());
    let day = day.with_context(|| {
        format!("--meeting {text:?} is not a committee and a day; write it as \"Cabinet Committee, 2018-11-29\"")
    })?;
    Ok(v1::Meeting { committee: committee.to_owned(), on: day.to_string() })
}

fn request(question: ViewQuestion, actor: String) -> anyhow::Result<v1::PublishViewRequest> {
    Ok(v1::PublishViewRequest {
        actor,
        meeting: Some(meeting(&question.meeting)?),
        scorecard: question.scorecard,
        period: when::period(&question.period)?,
        area: question.area.unwrap_or_default(),
        view: question.id.unwrap_or_default(),
        as_of: when::as_of(&question.as_of)?,
        ..v1::PublishViewRequest::default()
    })
}

async fn check(access: &Access, request: &v1::PublishViewRequest) -> anyhow::Result<v1::PublishViewResponse> {
    let request = v1::PublishViewRequest { check_only: true, ..request.clone() };
    access.publish_view(request).await.map_err(failed)
}

/// Shows what was found; for programs it is the whole answer.
fn shown(page: &mut Page<'_>, answer: &v1::PublishViewResponse, over: &str) -> anyhow::Result<()> {
    let Some(check) = &answer.check else { return Ok(()) };
    match page.format {
        Format::Json => show::json(page.out, "scorebook.v1.PublishViewResponse", &answer.encode_to_vec()),
        Format::Csv => show::csv::check(page.out, check),
        Format::Text => show::check(page.out, &page.style, check, over),
    }
    .context(UNWRITTEN)
}

/// An error where nothing can be published so.
fn stop(answer: &v1::PublishViewResponse, look: bool, over: bool) -> anyhow::Result<()> {
    let Some(check) = &answer.check else { return Ok(()) };
    match (check.n_in_the_way, check.n_warnings) {
        (0, 0) => Ok(()),
        (0, _) if over => Ok(()),
        (0, n) => bail!(
            "nothing was published: there {} {}; see to what the check says, or publish over that: --over-warnings REASON",
            if n == 1 { "is" } else { "are" },
            show::words::count(n.into(), "warning", "warnings")
        ),
        (n, _) => bail!(
            "nothing {} published: {} in the way; see to what the check says",
            if look { "can be" } else { "was" },
            if n == 1 { "1 thing stands".to_owned() } else { format!("{n} things stand") }
        ),
    }
}

async fn publish(access: &Access, asked: ViewPublish, actor: String, page: &mut Page<'_>) -> anyhow::Result<()> {
    let over = asked.over_warnings.unwrap_or_default();
    let request = v1::PublishViewRequest { over_warnings: over, ..request(asked.question, actor)? };
    let checked = check(access, &request).await?;
    if checked.receipt.is_some() {
        return published(page, &checked);
    }
    let over = asked.dry_run || !request.over_warnings.trim().is_empty();
    let stopped = stop(&checked, asked.dry_run, over);
    // Programs are told what was found when nothing else is told.
    if page.format == Format::Text || asked.dry_run || stopped.is_err() {
        shown(page, &checked, &request.over_warnings)?;
    }
    stopped?;
    if asked.dry_run {
        return Ok(());
    }
    if !asked.confirm.yes {
        anyhow::ensure!(
            screen::attended(),
            "nothing was published: there is no terminal to ask on; add --yes to publish, or --dry-run to look"
        );
        anyhow::ensure!(screen::confirm("Publish this? It stays for ever.")?, "nothing was published");
    }
    let basis = checked.check.and_then(|check| check.basis).unwrap_or_default();
    let request = v1::PublishViewRequest { checked_position: basis.position, ..request };
    let answer = access.publish_view(request).await.map_err(failed)?;
    published(page, &answer)
}

fn published(page: &mut Page<'_>, answer: &v1::PublishViewResponse) -> anyhow::Result<()> {
    let (view, receipt) = (answer.view.clone().unwrap_or_default(), answer.receipt.clone().unwrap_or_default());
    match page.format {
        Format::Json => show::json(page.out, "scorebook.v1.PublishViewResponse", &answer.encode_to_vec()),
        Format::Csv => {
            let listed = v1::ListViewsResponse { views: vec![view], ..v1::ListViewsResponse::default() };
            show::csv::views(page.out, &listed)
        }
        Format::Text => show::published(page.out, &page.style, &view, &receipt),
    }
    .context(UNWRITTEN)
}

async fn list(access: &Access, asked: ViewList, page: &mut Page<'_>) -> anyhow::Result<()> {
    let mut request = v1::ListViewsRequest {
        scorecard: asked.scorecard.unwrap_or_default(),
        committee: asked.committee.unwrap_or_default(),
        on: asked.on.unwrap_or_default(),
        page_size: 1_000,
        ..v1::ListViewsRequest::default()
    };
    let mut response = access.list_views(request.clone()).await.map_err(failed)?;
    while !response.next_page_token.is_empty() {
        request.page_token = std::mem::take(&mut response.next_page_token);
        let next = access.list_views(request.clone()).await.map_err(failed)?;
        response.views.extend(next.views);
        response.next_page_token = next.next_page_token;
    }
    match page.format {
        Format::Json => show::json(page.out, "scorebook.v1.ListViewsResponse", &response.encode_to_vec()),
        Format::Csv => show::csv::views(page.out, &response),
        Format::Text => show::views(page.out, &page.style, &response),
    }
    .context(UNWRITTEN)
}

async fn get(access: &Access, id: &str, at_least: Option<u64>) -> anyhow::Result<v1::GetViewResponse> {
    let request = v1::GetViewRequest {
        view: id.to_owned(),
        at_least_position: at_least.unwrap_or_default(),
        ..v1::GetViewRequest::default()
    };
    access.get_view(request).await.map_err(failed)
}

async fn show(access: &Access, asked: ViewShow, page: &mut Page<'_>) -> anyhow::Result<()> {
    let answer = get(access, &asked.id, asked.at_least_position).await?;
    if asked.bytes {
        return page.out.write_all(&answer.content).context(UNWRITTEN);
    }
    if let (ScorecardPage::Directory, Some(card)) = (asked.page, &answer.scorecard) {
        let directory = definitions(card);
        return match page.format {
            Format::Json => show::json(page.out, "scorebook.v1.Directory", &directory.encode_to_vec()),
            Format::Csv => show::csv::directory(page.out, &directory),
            Format::Text => show::directory(page.out, &page.style, &directory),
        }
        .context(UNWRITTEN);
    }
    match page.format {
        Format::Json => show::json(page.out, "scorebook.v1.GetViewResponse", &answer.encode_to_vec()),
        Format::Csv => show::csv::view(page.out, &answer),
        Format::Text => show::view(page.out, &page.style, &answer, page_of(asked.page)),
    }
    .context(UNWRITTEN)
}

const fn page_of(page: ScorecardPage) -> show::CardPage {
    match page {
        ScorecardPage::Exceptions => show::exceptions,
        ScorecardPage::Cohorts => show::cohorts,
        ScorecardPage::Sources => show::sources,
        ScorecardPage::Card | ScorecardPage::Directory => show::scorecard,
    }
}

/// The definitions that were given, each once, with the period of the figure beside it.
fn definitions(card: &v1::Scorecard) -> v1::Directory {
    let mut measures: Vec<v1::DirectoryEntry> = Vec::new();
    for row in card.sections.iter().flat_map(|section| &section.rows) {
        let definition = row.definition.clone().unwrap_or_default();
        if measures.iter().any(|it| it.definition.as_ref().is_some_and(|it| it.measure == definition.measure)) {
            continue;
        }
        let definition_text = match definition.definition.as_ref().and_then(|it| it.content.as_ref()) {
            Some(v1::content::Content::Text(text)) => text.clone(),
            Some(v1::content::Content::Stored(_)) | None => String::new(),
        };
        let cell = row.cell.as_ref().filter(|_| row.result.is_some());
        let period = cell.map_or_else(String::new, |cell| cell.period.clone());
        measures.push(v1::DirectoryEntry {
            definition: Some(definition),
            definition_text,
            first_period: period.clone(),
            last_period: period,
            ..v1::DirectoryEntry::default()
        });
    }
    v1::Directory { measures, basis: card.basis.clone() }
}

fn manner<'a>(page: &'a mut Page<'_>, said: &Said) -> Manner<'a> {
    Manner { out: page.out, style: page.style, format: page.format, confirm: said.confirm, dry_run: false }
}

fn why(said: Said) -> Why {
    Why { reason: said.reason, cause: None, known_at: said.known_at, confirm: said.confirm }
}

async fn act(access: &Access, actor: String, asked: ViewAct, page: &mut Page<'_>) -> anyhow::Result<()> {
    let act = match asked.act {
        ActWord::Noted => v1::CommitteeAct::Noted,
        ActWord::Commented => v1::CommitteeAct::Commented,
        ActWord::Resolved => v1::CommitteeAct::Resolved,
    };
    let recorded = v1::RecordCommitteeAct { view: asked.id, act: act.into(), text: asked.text };
    let manner = &mut manner(page, &asked.said);
    let request = single(actor, Command::RecordCommitteeAct(recorded), why(asked.said), manner)?;
    put_in(access, request, manner).await
}

async fn late_figure(access: &Access, actor: String, asked: LateFigure, page: &mut Page<'_>) -> anyhow::Result<()> {
    let view = get(access, &asked.id, None).await?.view.context("the server gave no view")?;
    let period = match &asked.period {
        Some(period) => when::period(period)?,
        None => view.period,
    };
    let area = asked.area.unwrap_or(view.area);
    let told = match asked.figure {
        None => None,
        Some(figure) => {
            let columns = [
                ("measure", Some(asked.measure.clone())),
                ("area", Some(area.clone())),
                ("period", Some(period.clone())),
                ("value", Some(figure)),
                ("status", Some(word(&asked.status))),
            ];
            let command = wire::command::encode(&row("results.csv", &columns)?).command;
            let Some(Command::RecordResult(recorded)) = command else { bail!("--figure is no figure") };
            recorded.entry.map(|entry| v1::ToldFigure { figure: entry.figure, status: entry.status })
        }
    };
    let cell = v1::Cell { measure: asked.measure, area, cohort: asked.cohort, period };
    let late = v1::TellLateFigure { view: asked.id, cell: Some(cell), told, text: asked.text.unwrap_or_default() };
    let manner = &mut manner(page, &asked.said);
    let request = single(actor, Command::TellLateFigure(late), why(asked.said), manner)?;
    put_in(access, request, manner).await
}

/// The columns that say which figure something is about.
async fn of_figure(access: &Access, about: About) -> anyhow::Result<Vec<(&'static str, Option<String>)>> {
    let About { measure, period, series } = about;
    let area = area(access, &series).await?;
    let columns = [("measure", measure), ("area", area), ("cohort", series.cohort), ("period", period)];
    Ok(columns.map(|(name, value)| (name, Some(value))).into())
}

/// Writes about one figure.
pub(crate) async fn commentary(
    access: &Access,
    actor: String,
    asked: Commentary,
    page: &mut Page<'_>,
) -> anyhow::Result<()> {
    let mut columns = of_figure(access, asked.about).await?;
    columns.push(("text", Some(asked.text)));
    let instruction = row("commentary.csv", &columns)?;
    carry_out(access, actor, instruction, why(asked.said.clone()), &mut manner(page, &asked.said)).await
}

/// Agrees what is done about one figure.
pub(crate) async fn action(access: &Access, actor: String, asked: Action, page: &mut Page<'_>) -> anyhow::Result<()> {
    let mut columns = of_figure(access, asked.about).await?;
    columns.extend([("text", Some(asked.text)), ("owner", Some(asked.owner)), ("due", Some(asked.due))]);
    let instruction = row("actions.csv", &columns)?;
    carry_out(access, actor, instruction, why(asked.said.clone()), &mut manner(page, &asked.said)).await
}
