//! What `scorebook export` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::AsOf;

/// What is exported.
#[derive(Debug, Subcommand)]
pub(crate) enum ExportVerb {
    /// Every result that stands, as CSV in the layout of England's tidy releases; importing it again records nothing.
    Tidy(ExportTidy),
}

/// Exports every result that stands.
#[derive(Debug, Args)]
pub(crate) struct ExportTidy {
    /// A file that is not there yet, or - for standard output. Without it, one here whose name says as of when.
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
}
