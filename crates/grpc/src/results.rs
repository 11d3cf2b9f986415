//! Every result that stands as a stream of messages: read in parts, each at the same bounds, so that none is missing however
//! much is recorded meanwhile.

use domain::Cell;
use domain::time::AsOf;
use reporting::answer::Basis;
use reporting::results::Part;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use wire::results::{encode_begin, encode_end, encode_series};
use wire::v1;

use crate::service::Service;

type Told = Result<v1::ReadResultsResponse, Status>;

/// How many cells are looked at at once: recording waits no longer for a reader than that takes.
const CELLS_AT_ONCE: usize = 1_000;
/// How many messages wait for a reader; one has what stands of one series, at most of as many cells.
const QUEUE: usize = 16;

/// Begins to tell.
pub(crate) async fn read(service: &Service, asked: wire::bounds::Bounds) -> Result<ReceiverStream<Told>, Status> {
    let as_of = service.settle(asked).await?;
    let place = service.place(as_of.position)?;
    let (sender, receiver) = mpsc::channel(QUEUE);
    let begin = encode_begin(&Basis { as_of, n_backfilled: 0 }, place);
    tokio::spawn(tell(service.clone(), as_of, begin, sender));
    Ok(ReceiverStream::new(receiver))
}

/// Tells until all is told, or nobody listens.
async fn tell(service: Service, as_of: AsOf, begin: v1::ReadResultsResponse, sender: mpsc::Sender<Told>) {
    let (mut n_results, mut n_backfilled) = (0_usize, 0_usize);
    let mut after: Option<Cell> = None;
    let mut messages = vec![begin];
    loop {
        for message in messages.drain(..) {
            if sender.send(Ok(message)).await.is_err() {
                return;
            }
        }
        let Part { series, last } = service.engine.results(after.as_ref(), CELLS_AT_ONCE, as_of);
        for series in &series {
            n_results = n_results.saturating_add(series.results.len());
            n_backfilled = n_backfilled.saturating_add(series.results.iter().filter(|it| it.backfill).count());
        }
        messages.extend(series.iter().map(encode_series));
        if last.is_none() {
            break;
        }
        after = last;
    }
    let count = |n| u64::try_from(n).unwrap_or(u64::MAX);
    messages.push(encode_end(count(n_results), count(n_backfilled)));
    for message in messages {
        if sender.send(Ok(message)).await.is_err() {
            return;
        }
    }
}
