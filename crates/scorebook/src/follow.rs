//! Following the log: every event and rating change as a line, from any cursor, and then what comes.

use std::fs;
use std::io;
use std::path::Path;
use std::pin::Pin;

use anyhow::{Context as _, bail};
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Status};
use wire::v1;
use wire::v1::follow_response::Item;
use wire::v1::scorebook_service_server::ScorebookService as _;

use crate::arguments::Follow;
use crate::ask::Page;
use crate::failure::failed;
use crate::place::Access;
use crate::show::{Format, feed};

/// The longest cursor file that is read, in bytes.
const CURSOR_BYTES_MAX: u64 = 200;

type Answers = Pin<Box<dyn Stream<Item = Result<v1::FollowResponse, Status>> + Send>>;

/// Prints the feed until it is interrupted; or, where there is nobody else who could add to it, until all is told.
///
/// # Errors
/// When the cursor is refused, the server stops, or nobody takes the output.
pub(crate) async fn follow(access: &Access, asked: Follow, page: &mut Page<'_>) -> anyhow::Result<()> {
    if page.format == Format::Csv {
        bail!("the feed has no columns; ask for --format text or json");
    }
    let cursor = match (&asked.cursor, &asked.cursor_file) {
        (Some(cursor), _) => cursor.clone(),
        (None, Some(file)) => read_cursor(file)?,
        (None, None) => String::new(),
    };
    let after_position = match asked.after {
        _ if !cursor.is_empty() => 0,
        Some(after) => after,
        None if asked.now => head(access).await?,
        None => 0,
    };
    let request = v1::FollowRequest {
        cursor,
        after_position,
        measures: asked.measures,
        areas: asked.areas,
        scorecard: asked.scorecard.unwrap_or_default(),
        types: asked.types,
    };
    let mut answers = begin(access, request).await.map_err(failed)?;
    // A folder that this process has open gets nothing new while it has.
    let until_caught_up = asked.until_caught_up || matches!(access, Access::Here(_));
    let mut last = String::new();
    let printer = feed::Printer::new(page.style, page.format)?;
    while let Some(answer) = answers.next().await {
        let answer = match answer {
            Ok(answer) => answer,
            Err(status) if last.is_empty() => return Err(failed(status)),
            Err(status) => {
                let error = failed(status);
                return Err(error.context(format!("the feed ended; go on with: scorebook follow --cursor {last}")));
            }
        };
        printer.print(page.out, &answer)?;
        // What was printed is with its reader before the cursor says so.
        page.out.flush().context("the feed cannot be written")?;
        if let Some(file) = &asked.cursor_file {
            write_cursor(file, &answer.cursor)?;
        }
        let caught_up = matches!(answer.item, Some(Item::CaughtUp(_)));
        last = answer.cursor;
        if caught_up && until_caught_up {
            return Ok(());
        }
    }
    Ok(())
}

async fn begin(access: &Access, request: v1::FollowRequest) -> Result<Answers, Status> {
    Ok(match access {
        Access::Here(held) => Box::pin(held.service.follow(Request::new(request)).await?.into_inner()),
        Access::There(client) => Box::pin(client.clone().follow(request).await?.into_inner()),
    })
}

async fn head(access: &Access) -> anyhow::Result<u64> {
    let status = access.get_status(v1::GetStatusRequest::default()).await.map_err(failed)?;
    Ok(status.position)
}

/// The cursor in a file; none when there is no file yet.
fn read_cursor(file: &Path) -> anyhow::Result<String> {
    let doing = || format!("the cursor in {} cannot be read", file.display());
    match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(error).with_context(doing),
        Ok(found) if found.len() > CURSOR_BYTES_MAX => bail!("{} is too long to be a cursor", file.display()),
        Ok(_) => {}
    }
    Ok(fs::read_to_string(file).with_context(doing)?.trim().to_owned())
}

/// Whole or not at all: a new file takes the place of the old one.
fn write_cursor(file: &Path, cursor: &str) -> anyhow::Result<()> {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    let written = fs::write(&name, format!("{cursor}\n")).and_then(|()| fs::rename(&name, file));
    written.with_context(|| format!("the cursor cannot be written into {}", file.display()))
}
