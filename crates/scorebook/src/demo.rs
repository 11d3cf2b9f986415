//! The demonstration: Kent's scorecard of September 2018 published for its committee, a later revision, a change of target,
//! the view replayed, and what differs now.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use wire::v1;

use crate::arguments::{Init, Place};
use crate::failure::failed;
use crate::place::{self, Access};
use crate::settings::Settings;
use crate::show::{self, Style};
use crate::{begin, submit};

/// Kent.
const AUTHORITY: &str = "E10000016";
/// The meeting that the report went to.
const MEETING: &str = "2018-11-29";
/// Its committee.
const COMMITTEE: &str = "Children's, Young People and Education Cabinet Committee";
/// The scorecard, and its period.
const CARD: &str = "cype";
const PERIOD: &str = "2018-09";
/// Why it is published all the same.
const OVER_WARNINGS: &str = "as the report was printed; its figures and targets were taken in years later";
/// When the final Key Stage 2 figures were first seen.
const FINAL_SEEN: &str = "2024-11-19";
/// The file that says that a folder is the demonstration's own.
const MARK: &str = "made-by-scorebook-demo";

/// One step's files, built into the program: name and bytes.
type Files = &'static [(&'static str, &'static [u8])];

macro_rules! files {
    ($folder:literal: $($name:literal),+) => {
        &[$(($name, include_bytes!(concat!("../../../examples/kent-2018/", $folder, "/", $name)))),+]
    };
}

const AS_REPORTED: Files = files!("as-reported":
    "areas.csv", "cohorts.csv", "measures.csv", "scorecards.csv", "targets.csv", "results.csv", "benchmarks.csv",
    "commentary.csv");
const BEFORE_THE_MEETING: Files = files!("before-the-meeting": "commentary.csv", "actions.csv");
const FINAL_KEY_STAGE_2: Files = files!("final-key-stage-2": "results.csv", "benchmarks.csv");
const TARGET_CHANGE: Files = files!("target-change": "targets.csv");

/// What the demonstration needs.
pub(crate) struct Stage<'a> {
    pub(crate) out: &'a mut dyn Write,
    pub(crate) style: Style,
    pub(crate) settings: &'a Settings,
    pub(crate) actor: String,
}

/// Runs the demonstration in a folder of its own, made anew each time.
///
/// # Errors
/// When the folder holds something else, or cannot be written.
pub(crate) async fn demo(place: &Place, stage: &mut Stage<'_>) -> anyhow::Result<()> {
    // The log is built whole before anything is shown: whoever reads only the beginning has all of it to go on with.
    let mut shown: Vec<u8> = Vec::new();
    let mut play = Stage { out: &mut shown, style: stage.style, settings: stage.settings, actor: stage.actor.clone() };
    play_through(place, &mut play).await?;
    stage.out.write_all(&shown).context("the terminal cannot be written")
}

async fn play_through(place: &Place, stage: &mut Stage<'_>) -> anyhow::Result<()> {
    let dir = fresh_folder(place.data_dir.as_deref(), &stage.actor, stage.settings)?;
    let init = Init { authority: AUTHORITY.to_owned(), time_zone: "Europe/London".to_owned() };
    begin::begin(&dir, &stage.actor, &init, stage.settings)?;
    let access = Access::Here(place::open(&dir, stage.settings)?);
    stage.heading("1. Recording what the report of 29 November 2018 says")?;
    stage.say(
        "The figures, targets and printed colours of Kent County Council's report to its Children's, Young People and \
         Education Cabinet Committee, as events in a log. They are taken in now and were known then: a backfill, and \
         marked as one. The report prints no minimum standards: those here are illustrative, and say so.",
    )?;
    stage.record(&access, AS_REPORTED, (MEETING, "as printed in the report of 29 November 2018")).await?;
    stage.heading("2. What stands in the way of giving it to the committee")?;
    let check = stage.publish(&access, "").await?.check.context("there is no check in the answer")?;
    show::check(stage.out, &stage.style, &check, OVER_WARNINGS)?;
    stage.blank()?;
    stage.say("So words and actions are recorded (illustrative: the report has none of them).")?;
    stage.record(&access, BEFORE_THE_MEETING, (MEETING, "illustrative words and actions")).await?;
    stage.heading("3. What the committee was given")?;
    let published = stage.publish(&access, OVER_WARNINGS).await?;
    let (view, receipt) = (published.view.unwrap_or_default(), published.receipt.unwrap_or_default());
    show::published(stage.out, &stage.style, &view, &receipt)?;
    stage.blank()?;
    let given = stage.view(&access, &view.view).await?;
    show::scorecard(stage.out, &stage.style, given.scorecard.as_ref().context("the view has no scorecard")?)?;
    stage.heading("4. What happened later")?;
    stage.say("Key Stage 2 became final, and a target was changed (illustrative: no such decision was taken).")?;
    stage.record(&access, FINAL_KEY_STAGE_2, (FINAL_SEEN, "final Key Stage 2 figures")).await?;
    stage.record(&access, TARGET_CHANGE, ("", "illustrative change of a target")).await?;
    stage.heading("5. What the committee was given, shown again and rebuilt")?;
    let again = stage.view(&access, &view.view).await?;
    stage.compare_replay(&given, &again)?;
    stage.heading("6. The same scorecard, as known now")?;
    let now = stage.card(&access).await?;
    show::scorecard(stage.out, &stage.style, &now)?;
    stage.heading("7. What differs from what the committee was given, and why")?;
    stage.differences(&access, view.view).await?;
    if let Access::Here(held) = access {
        held.close()?;
    }
    stage.how_to_go_on(&dir)
}

/// The folder of the demonstration, empty but for its mark. Only a folder with that mark is ever cleared.
fn fresh_folder(asked: Option<&Path>, actor: &str, settings: &Settings) -> anyhow::Result<PathBuf> {
    let own = || std::env::temp_dir().join(format!("scorebook-demo-{actor}"));
    let dir = asked.map_or_else(own, Path::to_owned);
    let failed = || format!("{} cannot be used; give another folder with --data-dir", dir.display());
    if dir.exists() {
        let empty = fs::read_dir(&dir).with_context(failed)?.next().is_none();
        anyhow::ensure!(
            empty || dir.join(MARK).is_file(),
            "{} holds something that the demo did not make; give another folder with --data-dir",
            dir.display()
        );
        if place::journal_dir(&dir).exists() {
            // Whoever has it open, a server perhaps, keeps it.
            place::open_journal(&dir, settings)?;
        }
        fs::remove_dir_all(&dir).with_context(failed)?;
    }
    place::make_private(&dir)?;
    fs::write(dir.join(MARK), "scorebook demo makes this folder anew each time it runs\n").with_context(failed)?;
    Ok(dir)
}

/// “32 results”, “1 result revised”.
fn tally_words(tally: &v1::Tally) -> String {
    let many = tally.noun.strip_suffix('y').map_or_else(|| tally.noun.clone() + "s", |stem| stem.to_owned() + "ies");
    let plural = |n: u64| if n == 1 { tally.noun.clone() } else { many.clone() };
    match (tally.n_new, tally.n_revised) {
        (n_new, 0) => format!("{n_new} {}", plural(n_new)),
        (0, n_revised) => format!("{n_revised} {} revised", plural(n_revised)),
        (n_new, n_revised) => format!("{n_new} {} and {n_revised} revised", plural(n_new)),
    }
}

/// The program as it was called, so that what is printed can be typed.
fn program() -> String {
    let called = std::env::args_os().next().map(|name| name.to_string_lossy().into_owned());
    called.unwrap_or_else(|| "scorebook".to_owned())
}

impl Stage<'_> {
    fn heading(&mut self, words: &str) -> anyhow::Result<()> {
        show::heading(self.out, &self.style, words).context("the terminal cannot be written")
    }

    fn say(&mut self, words: &str) -> anyhow::Result<()> {
        show::paragraph(self.out, &self.style, words).context("the terminal cannot be written")
    }

    /// Records one step's files as one submission, known at the end of a day; now when the day is empty.
    async fn record(&mut self, access: &Access, files: Files, (known_on, reason): (&str, &str)) -> anyhow::Result<()> {
        let file = |(name, bytes): &(&str, &[u8])| v1::File {
            name: (*name).to_owned(),
            content: bytes.to_vec(),
            ..v1::File::default()
        };
        let request = v1::SubmitRequest {
            actor: self.actor.clone(),
            known_on: known_on.to_owned(),
            reason: reason.to_owned(),
            files: files.iter().map(file).collect(),
            ..v1::SubmitRequest::default()
        };
        let preview = submit::preview(access, &request).await?;
        anyhow::ensure!(preview.n_refusals == 0, "the example is refused: {:?}", preview.refusals);
        let changes = preview.tallies.iter().map(tally_words).collect::<Vec<_>>().join(", ");
        let receipt = submit::record(access, request, &preview).await?;
        let (first, last) = (receipt.first_position, receipt.last_position);
        self.say(&format!("Recorded at positions {first} to {last}: {changes}."))
    }

    async fn card(&self, access: &Access) -> anyhow::Result<v1::Scorecard> {
        let request = v1::GetScorecardRequest {
            scorecard: CARD.to_owned(),
            period: PERIOD.to_owned(),
            ..v1::GetScorecardRequest::default()
        };
        let response = access.get_scorecard(request).await.map_err(failed)?;
        response.scorecard.context("there is no scorecard in the answer")
    }

    /// Publishes over warnings for a reason; only checks without one.
    async fn publish(&self, access: &Access, over_warnings: &str) -> anyhow::Result<v1::PublishViewResponse> {
        let request = v1::PublishViewRequest {
            actor: self.actor.clone(),
            scorecard: CARD.to_owned(),
            period: PERIOD.to_owned(),
            meeting: Some(v1::Meeting { committee: COMMITTEE.to_owned(), on: MEETING.to_owned() }),
            as_of: Some(v1::AsOf { known_on: MEETING.to_owned(), ..v1::AsOf::default() }),
            over_warnings: over_warnings.to_owned(),
            check_only: over_warnings.is_empty(),
            ..v1::PublishViewRequest::default()
        };
        access.publish_view(request).await.map_err(failed)
    }

    async fn view(&self, access: &Access, view: &str) -> anyhow::Result<v1::GetViewResponse> {
        let request = v1::GetViewRequest { view: view.to_owned(), ..v1::GetViewRequest::default() };
        access.get_view(request).await.map_err(failed)
    }

    /// Says that the bytes are those that were given, and that the log gives them again.
    fn compare_replay(&mut self, given: &v1::GetViewResponse, again: &v1::GetViewResponse) -> anyhow::Result<()> {
        anyhow::ensure!(given.content == again.content, "the view's bytes are others than before");
        anyhow::ensure!(again.replay.as_ref().is_some_and(|it| it.same), "the replay differs from what was given");
        let view = again.view.clone().unwrap_or_default();
        let counts = again.scorecard.as_ref().and_then(|card| card.counts.clone()).unwrap_or_default();
        let words = format!(
            "Asked again, with the later records in the log: the {} bytes that were given are there, and every figure, \
             target, rating, direction and benchmark, rebuilt from the log, is the same, byte for byte ({} Green, {} \
             Amber, {} Red, {} not rated).",
            show::words::thousands(view.size.into()),
            counts.green,
            counts.amber,
            counts.red,
            counts.n_not_rated
        );
        self.say(&words)?;
        self.say(&format!("sha256:{}", view.sha256))
    }

    async fn differences(&mut self, access: &Access, view: String) -> anyhow::Result<()> {
        let request = v1::CompareScorecardsRequest {
            before: Some(v1::ComparedScorecard { view, ..v1::ComparedScorecard::default() }),
            after: Some(v1::ComparedScorecard::default()),
        };
        let response = access.compare_scorecards(request).await.map_err(failed)?;
        let comparison = response.comparison.context("there is no comparison in the answer")?;
        show::comparison(self.out, &self.style, &comparison).context("the terminal cannot be written")
    }

    fn blank(&mut self) -> anyhow::Result<()> {
        writeln!(self.out).context("the terminal cannot be written")
    }

    fn how_to_go_on(&mut self, dir: &Path) -> anyhow::Result<()> {
        self.heading("8. How to go on")?;
        self.say(&format!("The demo's log is in {}; it is made anew each time the demo runs.", dir.display()))?;
        let (program, place) = (program(), format!("--data-dir {}", dir.display()));
        let commands = [
            ("what was given", "view show cype-2018-09-2018-11-29"),
            ("what differs now", "compare cype-2018-09-2018-11-29 now"),
            ("any day, any period", "scorecard cype --period 2018-09 --known-at 2018-11-29"),
            ("every Red", "scorecard cype --period 2018-09 --page exceptions"),
            ("why a rating", "measure explain ehcp-20-weeks --period 2018-09"),
            ("a target's history", "target-history care-leavers-eet"),
            ("for an auditor", "evidence --measure care-leavers-eet --on 2018-11-29"),
            ("what if", "what-if cype --period 2018-09 --targets-of 2018-11-29"),
            ("the log itself", "log"),
            ("what changed why", "follow --scorecard cype --type RatingChanged"),
            ("import into it", "import YOUR-FILE.csv --dry-run"),
            ("serve it", "serve"),
        ];
        for (what, command) in commands {
            writeln!(self.out, "  {what:<20}{program} {command} {place}")?;
        }
        writeln!(self.out)?;
        writeln!(self.out, "  {:<20}{program} init --authority CODE", "begin your own")?;
        writeln!(self.out, "  {:<20}{program} import FOLDER --dry-run", "")?;
        writeln!(
            self.out,
            "\nThe files that the demo read are in examples/kent-2018; docs/FORMATS.md describes them."
        )?;
        Ok(())
    }
}
