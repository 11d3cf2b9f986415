//! The command line: what can be said, with help that teaches it.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::show::Format;

mod acts;
mod auditing;
mod comparing;
mod exports;
mod importing;
mod keeping;
mod views;

pub(crate) use acts::{
    CauseWord, MeasureAct, MeasureFields, MeasureVerb, ResultAct, SpanFields, SubmissionAct, SubmissionVerb, TargetAct,
    Why,
};
pub(crate) use auditing::{Evidence, TargetHistory, WhatIf};
pub(crate) use comparing::Compare;
pub(crate) use exports::{ExportTidy, ExportVerb};
pub(crate) use importing::{Import, LayoutVerb};
pub(crate) use keeping::{Backup, Restore};
pub(crate) use views::{
    About, ActWord, Action, Commentary, LateFigure, Said, ViewAct, ViewList, ViewPublish, ViewQuestion, ViewShow,
    ViewVerb,
};

/// Records every result, target and definition of a council's performance scorecards, and rebuilds any scorecard, of
/// any period, as known at any moment.
#[derive(Debug, Parser)]
#[command(name = "scorebook", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) screen: Screen,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

const EXAMPLES: &str = "\
Start here:
  scorebook demo                                     see what it does, with Kent's figures of 2018
  scorebook init --authority E10000016               begin your own log
  scorebook import figures/ --dry-run                see what your files would change
  scorebook import figures/ --reason \"Q2 return\"     record them
  scorebook scorecard cype --period 2018-09          read the scorecard
  scorebook scorecard cype --period 2018-09 --known-at 2018-11-29
                                                     … as it was known on that day

A period is 2018-09 (a month), FY2018-Q2 (a quarter), AY2018-T1 (a term),
FY2018, AY2018 or CY2018 (a year that begins in 2018).
A date given for an instant means the end of that day where the authority is.";

/// Where the log is.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The folder of the log. Without it: the platform's own data folder, or the one in the settings.
    #[arg(long, global = true, value_name = "DIR", help_heading = "Where")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Ask this server, such as 127.0.0.1:7420, instead of opening a folder.
    #[arg(long, global = true, value_name = "URL", help_heading = "Where", conflicts_with = "data_dir")]
    pub(crate) server: Option<String>,
    /// A settings file (TOML). Without it: scorebook.toml in the platform's own settings folder, when there is one.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Where")]
    pub(crate) settings: Option<PathBuf>,
    /// Who does this: an account, such as j.smith. Without it: the operating system's user.
    #[arg(long, global = true, value_name = "ACCOUNT", help_heading = "Where")]
    pub(crate) actor: Option<String>,
}

/// How answers are shown.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Screen {
    /// Text for people; JSON or CSV for programs.
    #[arg(long, global = true, value_enum, default_value = "text", help_heading = "How")]
    pub(crate) format: Format,
    /// When to use colour. A rating is always a word and a shape as well.
    #[arg(long, global = true, value_enum, default_value = "auto", help_heading = "How", alias = "color")]
    pub(crate) colour: When,
    /// How many columns to use, 40 to 400. Without it: as many as the terminal has.
    #[arg(long, global = true, value_name = "COLUMNS", help_heading = "How", value_parser = clap::value_parser!(u16).range(40..=400))]
    pub(crate) width: Option<u16>,
    /// Use letters instead of shapes, for terminals without Unicode.
    #[arg(long, global = true, help_heading = "How")]
    pub(crate) ascii: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal that wants it.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Show what Scorebook does: Kent's scorecard of September 2018, a revision, a change of target, and time travel.
    Demo,
    /// Begin a log for an authority.
    Init(Init),
    /// Serve the log over gRPC until told to stop (Ctrl-C, or SIGTERM).
    Serve(Serve),
    #[command(flatten)]
    WithLog(LogVerb),
    /// Copy the log into a folder; again, to add what is new. A server may go on serving it.
    Backup(Backup),
    /// Make a log from a backup, after all of it is checked.
    Restore(Restore),
    /// List, show and check layouts, by which files in other columns are read.
    #[command(subcommand)]
    Layout(LayoutVerb),
    /// Print a completion script for a shell.
    Completions {
        /// For which shell.
        shell: clap_complete::Shell,
    },
}

/// What needs a log: opened here, or held by a server.
#[derive(Debug, Subcommand)]
pub(crate) enum LogVerb {
    /// Show what files would change, and record them, whole or not at all.
    Import(Import),
    /// Export what stands, as of any time, for other programs.
    #[command(subcommand)]
    Export(ExportVerb),
    /// Rebuild a scorecard; without a code, list the scorecards that there are.
    Scorecard(Scorecard),
    /// Say what differs between two scorecards, or one as of two times, and why.
    Compare(Compare),
    /// Publish what a committee is given; list and show what committees were given; record what they did with it.
    #[command(subcommand)]
    View(Box<ViewVerb>),
    /// Write about one figure as it stands.
    Commentary(Commentary),
    /// Agree what is done about one figure, by whom and until when.
    Action(Action),
    /// Show a measure through time; list, define, revise, withdraw and explain measures.
    #[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
    Measure(Box<Measure>),
    /// Show what the targets of a measure or a scorecard were: who changed them, when, why, by which decision, what they judged.
    TargetHistory(TargetHistory),
    /// Put together the evidence for a measure on a day: its target then, what it judged, the records themselves, and what
    /// they prove.
    Evidence(Evidence),
    /// Show a scorecard as it would be under other targets, standards, rules or neighbours. Nothing is recorded.
    #[command(after_help = auditing::WHAT_IF)]
    WhatIf(Box<WhatIf>),
    /// Record or withdraw one result.
    #[command(subcommand)]
    Result(Box<ResultAct>),
    /// Set or withdraw one target, with its minimum standard.
    #[command(subcommand)]
    Target(Box<TargetAct>),
    /// List, roll back and reinstate submissions.
    #[command(subcommand)]
    Submission(SubmissionVerb),
    /// Print the records of the log; verify, export and import all of it.
    Log(Log),
    /// Print every event and rating change, from any place in the log, and then what comes.
    Follow(Follow),
    /// List the areas.
    Areas(Listing),
    /// Say which log this is, how far it goes, and what it holds.
    Status,
    /// Show the nodes that keep this log: what each does, how far it is, whether they agree, and what to see to.
    #[command(after_help = CLUSTER)]
    Cluster,
}

const CLUSTER: &str = "\
It is what the node that answers knows; ask another with --server. Lag is how many records a node is behind the furthest.
A node that was not heard for 10 seconds is silent, and forgotten after 10 minutes. One that disagrees has another log, or
other records: nothing more is recorded then, and docs/OPERATIONS.md says what to do.";

/// As of when.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct AsOf {
    /// As known at this instant (2018-11-29T10:00:00Z), or at the end of this day (2018-11-29).
    #[arg(long, value_name = "WHEN")]
    pub(crate) known_at: Option<String>,
    /// With the log only up to this position.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) at_position: Option<u64>,
    /// With what Scorebook itself held at this instant, or at the end of this day: what was taken in later does not count,
    /// however early it is said to have been known.
    #[arg(long, value_name = "WHEN")]
    pub(crate) recorded_by: Option<String>,
    /// Wait until the log has reached this position, so that you see your own write.
    #[arg(long, value_name = "N")]
    pub(crate) at_least_position: Option<u64>,
}

/// Begins a log.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The council's GSS code, such as E10000016 for Kent.
    #[arg(long, value_name = "CODE")]
    pub(crate) authority: String,
    /// The time zone in which a civil date ends.
    #[arg(long, value_name = "ZONE", default_value = "Europe/London")]
    pub(crate) time_zone: String,
}

/// Serves the log.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The address to listen on. Only loopback addresses are taken: nobody's identity is checked yet.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// Also serve the feed over HTTP, on this address: as server-sent events, for browsers and other programs.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) http: Option<SocketAddr>,
    /// Also answer /metrics, /ready and /live on this address; any is taken, because nothing of the log's content is there.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<SocketAddr>,
    /// Be a node of a cluster, with this role; may be given more than once. Without it, the log of the data folder is served
    /// with all roles, and NATS is not needed.
    #[arg(long = "role", value_enum, value_name = "ROLE")]
    pub(crate) roles: Vec<Role>,
    #[command(flatten)]
    pub(crate) over: Over,
}

/// What a node of a cluster does, besides keeping the log and answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Role {
    /// Takes submissions: checks, decides, records.
    Ingest,
    /// Announces events and rating changes to other programs.
    Ratings,
    /// Rebuilds scorecards and answers.
    Reporting,
}

impl Role {
    /// What it is called among nodes.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Ratings => "ratings",
            Self::Reporting => "reporting",
        }
    }
}

/// Where the shared log is.
#[derive(Debug, Clone, Args)]
pub(crate) struct Over {
    /// NATS servers of one cluster, such as `nats://10.0.0.1:4222`; any that answers will do.
    #[arg(long, value_name = "URL", value_delimiter = ',', help_heading = "Over NATS")]
    pub(crate) nats: Vec<String>,
    /// Whose log to follow, where this node holds none yet: the council's GSS code.
    #[arg(long, value_name = "CODE", help_heading = "Over NATS")]
    pub(crate) authority: Option<String>,
    /// What the other nodes call this one. Without it: a name that is made once, and kept in the data folder.
    #[arg(long, value_name = "NAME", help_heading = "Over NATS")]
    pub(crate) node: Option<String>,
    /// How many NATS servers keep a stream that is made: 3 survive the loss of one, 5 of two; 1 is for trials. Without it:
    /// what the settings say, or 3.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(1..=5), help_heading = "Over NATS")]
    pub(crate) replicas: Option<u8>,
}

/// Whether to ask before recording.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Confirm {
    /// Do not ask before recording.
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// How many changes to list, and how many of each kind that is notable. Without it: 20 changes, or the first 5 of more,
    /// and 5 of each kind.
    #[arg(long, value_name = "N")]
    pub(crate) list: Option<usize>,
}

/// Rebuilds a scorecard.
#[derive(Debug, Args)]
pub(crate) struct Scorecard {
    /// Its code. Without it the scorecards are listed.
    #[arg(value_name = "SCORECARD")]
    pub(crate) code: Option<String>,
    /// Of which period.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) period: Option<String>,
    /// For which area, by code. Without it: the authority itself.
    #[arg(long, value_name = "CODE")]
    pub(crate) area: Option<String>,
    /// Which page of it to show as text; JSON and CSV give the whole scorecard, or its directory.
    #[arg(long, value_enum, default_value = "card", value_name = "PAGE")]
    pub(crate) page: ScorecardPage,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
}

/// A page made from a scorecard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScorecardPage {
    /// The scorecard itself.
    Card,
    /// Every Red and every worsening Amber: why, what is said about it, and what is being done.
    Exceptions,
    /// What each cohort does to the measures that are shown for several.
    Cohorts,
    /// Which date each figure relates to, when it was known, and where it comes from.
    Sources,
    /// Its measures with their definitions as they were then; in JSON and CSV too.
    Directory,
}

/// Shows a measure, or acts on measures.
#[derive(Debug, Args)]
pub(crate) struct Measure {
    /// Its code: shows the measure through time.
    #[arg(value_name = "MEASURE")]
    pub(crate) code: Option<String>,
    #[command(flatten)]
    pub(crate) series: SeriesFields,
    /// Only periods that end when this one does, or later.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) from: Option<String>,
    /// Only periods that end when this one does, or earlier.
    #[arg(long, value_name = "PERIOD")]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
    #[command(subcommand)]
    pub(crate) verb: Option<MeasureVerb>,
}

/// Where, and who is counted.
#[derive(Debug, Clone, Args)]
pub(crate) struct SeriesFields {
    /// Where, by code. Without it: the authority itself.
    #[arg(long, value_name = "CODE")]
    pub(crate) area: Option<String>,
    /// Who is counted.
    #[arg(long, value_name = "CODE", default_value = "all")]
    pub(crate) cohort: String,
}

/// Prints the records of the log.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Log {
    /// After this position.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) after: u64,
    /// How many at most. Without it: 100 as text, all as JSON or CSV.
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Only those about this measure.
    #[arg(long, value_name = "CODE")]
    pub(crate) measure: Option<String>,
    /// Only those of these types, such as `TargetChanged`.
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) types: Vec<String>,
    /// Only those of this submission.
    #[arg(long, value_name = "ID")]
    pub(crate) submission: Option<String>,
    /// Everything about each record.
    #[arg(long, short)]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) act: Option<LogAct>,
}

/// Follows the log.
#[derive(Debug, Args)]
#[command(after_help = "\
Every item has a cursor: with --format json it is in the line, and --cursor-file keeps the last one, so that the same
command goes on where it ended. Several filters must all agree. Without a server that holds the log it ends once all is
told; docs/FEED.md says what comes in which order.")]
pub(crate) struct Follow {
    /// Go on after this cursor.
    #[arg(long, value_name = "CURSOR", conflicts_with_all = ["after", "now", "cursor_file"])]
    pub(crate) cursor: Option<String>,
    /// Go on after the cursor in this file, and keep it there after each item. At first, when there is no file, from
    /// where --after or --now says.
    #[arg(long, value_name = "FILE")]
    pub(crate) cursor_file: Option<PathBuf>,
    /// After this position. Without it: from the beginning.
    #[arg(long, value_name = "N", conflicts_with = "now")]
    pub(crate) after: Option<u64>,
    /// Only what comes from now on.
    #[arg(long)]
    pub(crate) now: bool,
    /// Only what is about this measure; may be said several times.
    #[arg(long = "measure", value_name = "CODE")]
    pub(crate) measures: Vec<String>,
    /// Only what is in this area, by code; may be said several times.
    #[arg(long = "area", value_name = "CODE")]
    pub(crate) areas: Vec<String>,
    /// Only what is on this scorecard.
    #[arg(long, value_name = "CODE")]
    pub(crate) scorecard: Option<String>,
    /// Only these types, such as `ResultRecorded` or `RatingChanged`; may be said several times.
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) types: Vec<String>,
    /// End once everything that there was has been told.
    #[arg(long)]
    pub(crate) until_caught_up: bool,
}

/// What can be done with the log.
#[derive(Debug, Subcommand)]
pub(crate) enum LogAct {
    #[command(flatten)]
    Whole(WholeLog),
    /// Let the log hold records of a later format, for good. Every node that keeps it must read that format: older ones then
    /// stand still until they are upgraded. `scorebook status` says which format the log has.
    RaiseFormat {
        /// The format, a number.
        #[arg(value_name = "FORMAT")]
        number: u16,
        #[command(flatten)]
        why: Why,
    },
}

/// What can be done with the whole log, where its folder is.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum WholeLog {
    /// Check every record and the chain; say what that proves and what it does not. A server may go on serving it.
    Verify {
        /// A position and chain that were printed earlier, as POSITION:CHAIN.
        #[arg(long, value_name = "POSITION:CHAIN")]
        expect: Option<String>,
    },
    /// Write every record as a line of JSON, readable without Scorebook. A server may go on serving it.
    Export {
        /// A file that is not there yet, or - for standard output.
        #[arg(value_name = "FILE", default_value = "-")]
        file: PathBuf,
    },
    /// Make a log from an export: the same records and the same chain, or nothing.
    Import {
        /// The export.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// A position and chain that were printed earlier, as POSITION:CHAIN.
        #[arg(long, value_name = "POSITION:CHAIN")]
        expect: Option<String>,
    },
    /// Put the log into the stream that a cluster shares: a new one, or one that was lost. No server may have it open.
    Reseed {
        #[command(flatten)]
        over: Over,
    },
}

/// Lists something.
#[derive(Debug, Args)]
pub(crate) struct Listing {
    #[command(flatten)]
    pub(crate) as_of: AsOf,
}
