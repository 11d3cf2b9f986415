//! Every result that stands as of any time, into one CSV file, a part at a time.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::pin::Pin;

use anyhow::{Context as _, bail};
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Status};
use wire::v1;
use wire::v1::read_results_response::Part;
use wire::v1::scorebook_service_server::ScorebookService as _;

use crate::arguments::ExportTidy;
use crate::ask::Page;
use crate::export::said;
use crate::failure::failed;
use crate::place::Access;
use crate::show::csv::Tidy;
use crate::show::words;
use crate::when;

type Parts = Pin<Box<dyn Stream<Item = Result<v1::ReadResultsResponse, Status>> + Send>>;

/// Writes them to a file that is not there yet, or to standard output. Memory: a part of them.
///
/// # Errors
/// When there is such a file, nobody takes the output, or the server ends before the end.
pub(crate) async fn export(access: &Access, asked: ExportTidy, page: &mut Page<'_>) -> anyhow::Result<()> {
    let request = v1::ReadResultsRequest { as_of: when::as_of(&asked.as_of)? };
    let mut parts = begin(access, request).await.map_err(failed)?;
    let Some(Part::Basis(basis)) = next(&mut parts).await? else { bail!("the server did not say as of when") };
    if asked.file.as_deref() == Some(Path::new("-")) {
        // Not through `out`, which would look for colours in every byte.
        let mut stdout = BufWriter::new(io::stdout().lock());
        write(parts, &mut stdout)?;
        return stdout.flush().context("standard output cannot be written");
    }
    let file = asked.file.unwrap_or_else(|| name(&basis));
    let end = journal::export::whole_file(&file, |out| write(parts, out)).map_err(|error| match error.downcast() {
        Ok(copying) => said(copying),
        Err(error) => error,
    })?;
    let results = words::count(end.n_results, "result is", "results are");
    writeln!(page.out, "{results} exported to {}.", file.display())?;
    let known = match &basis.known_at {
        Some(_) => format!(", as known at {}", words::instant_code(basis.known_at.as_ref())),
        None => String::new(),
    };
    writeln!(page.out, "As of position {}:{}{known}", basis.position, basis.chain)?;
    if end.n_backfilled > 0 {
        let backfilled = words::count(end.n_backfilled, "is a backfill", "are backfills");
        writeln!(page.out, "{backfilled}: said to be known before being taken in.")?;
    }
    Ok(())
}

async fn begin(access: &Access, request: v1::ReadResultsRequest) -> Result<Parts, Status> {
    Ok(match access {
        Access::Here(held) => Box::pin(held.service.read_results(Request::new(request)).await?.into_inner()),
        Access::There(client) => Box::pin(client.clone().read_results(request).await?.into_inner()),
    })
}

async fn next(parts: &mut Parts) -> anyhow::Result<Option<Part>> {
    Ok(parts.next().await.transpose().map_err(failed)?.and_then(|message| message.part))
}

/// Where it is written when nobody says: the name says as of when.
fn name(basis: &v1::Basis) -> PathBuf {
    let known = match &basis.known_at {
        Some(_) => format!("-known-{}", words::instant_code(basis.known_at.as_ref()).replace(':', "")),
        None => String::new(),
    };
    PathBuf::from(format!("results-at-{}{known}.csv", basis.position))
}

/// The file is written in one go, which waits for the parts as they come.
fn write(mut parts: Parts, out: &mut dyn Write) -> anyhow::Result<v1::ResultsEnd> {
    let runtime = tokio::runtime::Handle::current();
    let mut next = || tokio::task::block_in_place(|| runtime.block_on(next(&mut parts)));
    let mut rows = Tidy::begin(out).context("the file cannot be written")?;
    let mut n_results = 0_u64;
    loop {
        match next()? {
            Some(Part::Series(series)) => {
                n_results = n_results.saturating_add(u64::try_from(series.results.len()).unwrap_or(u64::MAX));
                rows.series(&series).context("the file cannot be written")?;
            }
            Some(Part::End(end)) if end.n_results == n_results => {
                rows.end().context("the file cannot be written")?;
                return Ok(end);
            }
            Some(Part::End(_) | Part::Basis(_)) | None => bail!("the server ended before the end; ask again"),
        }
    }
}
