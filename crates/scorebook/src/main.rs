//! Scorebook, the program: one binary with a command line, which opens a log itself or asks the server that holds it.
//!
//! It is not where anything is decided: it reads arguments, asks the same service that a server offers, and shows the
//! answers.
//!
//! Read in this order: [`arguments`], [`main`], [`place`], [`call`], then the verbs.

mod arguments;

mod settings;

mod place;

mod call;

mod failure;
mod when;

mod screen;
mod show;

mod act;
mod ask;
mod audit;
mod begin;
mod demo;

mod control;
mod progress;

mod backup;
mod export;
mod follow;
mod tidy;

mod cluster;
mod compare;
mod layout;
mod serve;
mod submit;
mod verify;
mod views;

use std::io::{self, IsTerminal as _, Write};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{CommandFactory as _, Parser as _};
use tracing_subscriber::EnvFilter;
use wire::v1;

use crate::arguments::{
    Arguments, Confirm, ExportVerb, Log, LogAct, LogVerb, Measure, MeasureVerb, Place, SubmissionVerb, Verb, WholeLog,
};
use crate::ask::Page;
use crate::place::Access;
use crate::settings::Settings;
use crate::submit::Manner;

/// Reading a log is mostly making and dropping many short texts; see `docs/decisions/0009-allocator.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let mut stderr = anstream::stderr();
            // Where standard error cannot be written there is nobody left to tell.
            let _told = writeln!(stderr, "scorebook: {}", chain(&error)).is_ok();
            ExitCode::FAILURE
        }
    }
}

/// Whoever read the answer has seen enough: `scorebook log | head`.
fn broken_pipe(error: &anyhow::Error) -> bool {
    let kinds = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    kinds.into_iter().any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Every cause, outermost first, each once.
fn chain(error: &anyhow::Error) -> String {
    let mut words: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if !words.iter().any(|said| said.contains(&cause)) {
            words.push(cause);
        }
    }
    words.join("\n  because: ")
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let settings = Settings::read(arguments.place.settings.as_deref())?;
    let serving = matches!(arguments.verb, Verb::Serve(_));
    log_messages(&settings, serving)?;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().context("the runtime does not start")?;
    screen::choose_colour(arguments.screen.colour);
    let mut out = anstream::stdout();
    let done = runtime.block_on(carry_out(arguments, &settings, &mut out));
    // What is still under way has nobody left to answer.
    runtime.shutdown_timeout(STOPPING);
    done?;
    out.flush().context("the answer cannot be written")
}

/// How long tasks that nobody waits for may take to end.
const STOPPING: Duration = Duration::from_secs(1);

/// Messages go to standard error, so that answers can be piped.
fn log_messages(settings: &Settings, serving: bool) -> anyhow::Result<()> {
    let default = if serving { "info,async_nats=warn" } else { "warn" };
    let filter = settings.log.as_deref().unwrap_or(default);
    let filter = EnvFilter::try_new(filter).with_context(|| format!("{filter:?} is not a filter such as info"))?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .finish();
    tracing::subscriber::set_global_default(subscriber).context("messages cannot be logged")
}

async fn carry_out(arguments: Arguments, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    let Arguments { place, screen, verb } = arguments;
    let actor = actor(&place)?;
    let style = screen::style(screen);
    match verb {
        Verb::Completions { shell } => {
            // Written here, because the generator panics where a reader has seen enough.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "scorebook", &mut script);
            out.write_all(&script).context("the script cannot be written")
        }
        Verb::Layout(asked) => layout::layout(asked, out),
        Verb::Demo => demo::demo(&place, &mut demo::Stage { out, style, settings, actor }).await,
        Verb::Init(asked) => {
            begin::init(&settings.data_dir(place.data_dir.as_deref())?, (&actor, settings), &asked, out)
        }
        Verb::Serve(asked) => serve::serve(&settings.data_dir(place.data_dir.as_deref())?, settings, asked, out).await,
        Verb::WithLog(LogVerb::Log(Log { act: Some(LogAct::Whole(act)), .. })) => {
            let data_dir = settings.data_dir(place.data_dir.as_deref())?;
            match act {
                WholeLog::Verify { expect } => verify::verify(&data_dir, settings, expect.as_deref(), out),
                WholeLog::Export { file } => export::export(&data_dir, settings, &file, out),
                WholeLog::Import { file, expect } => {
                    export::import(&data_dir, settings, (&file, expect.as_deref()), out)
                }
                WholeLog::Reseed { over } => cluster::reseed(&data_dir, settings, &over, out).await,
            }
        }
        Verb::Backup(asked) => backup::backup(&place, settings, &asked.dir, out),
        Verb::Restore(asked) => {
            let data_dir = settings.data_dir(place.data_dir.as_deref())?;
            backup::restore(&data_dir, settings, (&asked.dir, asked.expect.as_deref()), out)
        }
        Verb::WithLog(verb) => {
            let access = place::find(&place, settings).await?;
            let done = with_log(&access, verb, actor, &mut Page { out, style, format: screen.format }).await;
            match access {
                Access::Here(held) => done.and(held.close()),
                Access::There(_) => done,
            }
        }
    }
}

/// What needs a log.
async fn with_log(access: &Access, verb: LogVerb, actor: String, page: &mut Page<'_>) -> anyhow::Result<()> {
    match verb {
        LogVerb::Scorecard(asked) => ask::scorecard(access, asked, page).await,
        LogVerb::Export(ExportVerb::Tidy(asked)) => tidy::export(access, asked, page).await,
        LogVerb::View(verb) => views::view(access, *verb, actor, page).await,
        LogVerb::Commentary(asked) => views::commentary(access, actor, asked, page).await,
        LogVerb::Action(asked) => views::action(access, actor, asked, page).await,
        LogVerb::Compare(asked) => compare::compare(access, asked, page).await,
        LogVerb::Measure(asked) => measure(access, *asked, actor, page).await,
        LogVerb::TargetHistory(asked) => audit::target_history(access, asked, page).await,
        LogVerb::Evidence(asked) => audit::evidence(access, asked, page).await,
        LogVerb::WhatIf(asked) => audit::what_if(access, *asked, page).await,
        LogVerb::Submission(SubmissionVerb::List { after, limit }) => {
            ask::submissions(access, after, limit, page).await
        }
        LogVerb::Log(Log { act: Some(LogAct::RaiseFormat { number, why }), .. }) => {
            act::raise_format(access, actor, (number, why), &mut manner(page, LATER, false)).await
        }
        LogVerb::Log(asked) => ask::log(access, asked, page).await,
        LogVerb::Areas(asked) => ask::areas(access, asked, page).await,
        LogVerb::Follow(asked) => follow::follow(access, asked, page).await,
        LogVerb::Status => ask::status(access, page).await,
        LogVerb::Cluster => ask::cluster(access, page).await,
        LogVerb::Import(asked) => {
            let (confirm, dry_run) = (asked.confirm, asked.dry_run);
            submit::import(access, actor, asked, &mut manner(page, confirm, dry_run)).await
        }
        LogVerb::Result(act) => act::result(access, actor, *act, &mut manner(page, LATER, false)).await,
        LogVerb::Target(act) => act::target(access, actor, *act, &mut manner(page, LATER, false)).await,
        LogVerb::Submission(SubmissionVerb::Act(act)) => {
            act::submission(access, actor, act, &mut manner(page, LATER, false)).await
        }
    }
}

/// Single acts say for themselves whether to ask.
const LATER: Confirm = Confirm { yes: false, list: None };

fn manner<'a>(page: &'a mut Page<'_>, confirm: Confirm, dry_run: bool) -> Manner<'a> {
    Manner { out: page.out, style: page.style, format: page.format, confirm, dry_run }
}

async fn measure(access: &Access, asked: Measure, actor: String, page: &mut Page<'_>) -> anyhow::Result<()> {
    match asked.verb {
        None => ask::measure(access, asked, page).await,
        Some(MeasureVerb::List { text, as_of }) => ask::measures(access, text, &as_of, page).await,
        Some(MeasureVerb::Explain { measure, period, series, as_of }) => {
            let period = when::period(&period)?;
            let cell = v1::Cell { measure, area: series.area.unwrap_or_default(), cohort: series.cohort, period };
            ask::explain(access, cell, &as_of, page).await
        }
        Some(MeasureVerb::Act(act)) => act::measure(access, actor, act, &mut manner(page, LATER, false)).await,
    }
}

/// Who does this: as said, or the operating system's user with what no code may hold replaced.
fn actor(place: &Place) -> anyhow::Result<String> {
    if let Some(actor) = &place.actor {
        domain::ActorId::new(actor).context("--actor takes an account such as j.smith")?;
        return Ok(actor.clone());
    }
    let user = whoami::username().context("the system's user is not known; say who you are with --actor")?;
    let code: String =
        user.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    Ok(code.chars().take(domain::ids::CODE_BYTES_MAX).collect())
}
