//! What is said to put files in, and about the layouts that read them.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{CauseWord, Confirm};

/// Imports files.
#[derive(Debug, Args)]
#[command(
    after_help = "The kinds of file and their columns are in docs/FORMATS.md. A file is recognised by its header.
Files in other columns are read by a layout: docs/LAYOUTS.md, scorebook layout list."
)]
pub(crate) struct Import {
    /// CSV files and Excel workbooks, or folders of them. All of them are one submission: at most 16 files.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// How the files are read, when they are not in Scorebook's own columns: a built-in layout, or a layout's file.
    #[arg(long, value_name = "NAME|FILE.toml")]
    pub(crate) layout: Option<String>,
    /// Which rows to take, such as release=7, where the layout selects by a column.
    #[arg(long, value_name = "COLUMN=VALUE", requires = "layout")]
    pub(crate) select: Option<String>,
    /// Show what would change, and stop there.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Record refused rows with their reasons, instead of refusing the whole.
    #[arg(long)]
    pub(crate) set_aside: bool,
    /// The files of results are whole tables: what stands for the measures, areas and cohorts in one of them and is not in
    /// it is withdrawn.
    #[arg(long)]
    pub(crate) snapshot: bool,
    /// How many withdrawals you accept, exactly, where the preview asks because a snapshot may have been cut short.
    #[arg(long, value_name = "N")]
    pub(crate) accept_withdrawals: Option<u64>,
    /// When it was known, if not now: an instant, or the end of a day. It is marked as a backfill.
    #[arg(long, value_name = "WHEN")]
    pub(crate) known_at: Option<String>,
    /// Why, for rows that do not say.
    #[arg(long, value_name = "WORDS")]
    pub(crate) reason: Option<String>,
    /// The cause of what is revised, for rows that do not say.
    #[arg(long, value_enum)]
    pub(crate) cause: Option<CauseWord>,
    #[command(flatten)]
    pub(crate) confirm: Confirm,
}

/// What to do with layouts.
#[derive(Debug, Subcommand)]
pub(crate) enum LayoutVerb {
    /// List the built-in layouts.
    List,
    /// Print a built-in layout, to begin one of your own from.
    Show {
        /// Its name.
        name: String,
    },
    /// Say what is wrong with a layout of your own.
    Check {
        /// Its file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}
