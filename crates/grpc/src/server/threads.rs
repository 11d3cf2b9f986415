//! The threads that connections are served by: each connection stays on one, with all that is done for it.
//!
//! A request is read, answered and written where its connection is, without a word to another thread, which costs more than
//! most answers when that thread sleeps. There are more threads than most machines have processors, so that who asks for much
//! shares the processors' time with the others, by the system's own turns.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tonic::service::Routes;
use tonic::transport::Server;

use super::awake::{Awake, AwakeThreads};
use super::gathering::Gathering;
use super::{Error, STREAMS_MAX};

/// How many threads there are.
pub(super) const THREADS: usize = 8;
/// How many connections wait for a thread that is busy, before no more are accepted.
const WAITING_MAX: usize = 64;
/// How many blocking tasks one thread's connections have under way; more wait.
const BLOCKING_MAX: usize = 64;

/// The threads. When this is dropped, their connections are cut.
pub(super) struct Threads(Vec<Connections>);

/// One thread, as those see it who give it connections.
struct Connections {
    queue: mpsc::Sender<Given>,
    /// Held by each of its connections too, so that they can be counted.
    place: Arc<()>,
    ended: oneshot::Receiver<Result<(), tonic::transport::Error>>,
    /// Dropped to cut them.
    cut: oneshot::Sender<()>,
}

/// A connection, and its place on the thread.
type Given = (std::net::TcpStream, Arc<()>);

impl Threads {
    /// # Errors
    /// [`Error::Threads`].
    pub(super) fn start(routes: &Routes) -> Result<Self, Error> {
        let awake = AwakeThreads::default();
        let threads: io::Result<Vec<Connections>> =
            (1..=THREADS).map(|number| start(number, routes.clone(), &awake)).collect();
        Ok(Self(threads.map_err(Error::Threads)?))
    }

    /// Gives a connection to the thread that has the fewest.
    ///
    /// # Errors
    /// [`Error::Threads`] when that has ended.
    pub(super) async fn give(&self, stream: TcpStream) -> Result<(), Error> {
        let Some(thread) = self.0.iter().min_by_key(|thread| Arc::strong_count(&thread.place)) else { return Ok(()) };
        let given = match stream.into_std() {
            Ok(stream) => (stream, Arc::clone(&thread.place)),
            Err(error) => {
                tracing::debug!(%error, "a connection ended before it was answered");
                return Ok(());
            }
        };
        let ended = |_not_sent| Error::Threads(io::Error::other("a thread of connections has ended"));
        thread.queue.send(given).await.map_err(ended)
    }

    /// How many connections each has.
    #[cfg(test)]
    pub(super) fn counts(&self) -> Vec<usize> {
        self.0.iter().map(|thread| Arc::strong_count(&thread.place).saturating_sub(1)).collect()
    }

    /// Takes no more, and returns when what is under way is answered.
    ///
    /// # Errors
    /// [`Error`].
    pub(super) async fn end(self) -> Result<(), Error> {
        let (ended, _cut): (Vec<_>, Vec<_>) = self.0.into_iter().map(|thread| (thread.ended, thread.cut)).unzip();
        for ended in ended {
            let panicked = |_gone| Error::Threads(io::Error::other("a thread of connections has panicked"));
            ended.await.map_err(panicked)??;
        }
        Ok(())
    }
}

fn start(number: usize, routes: Routes, threads: &AwakeThreads) -> io::Result<Connections> {
    let (waking, sleeping, here) = (threads.clone(), threads.clone(), threads.clone());
    let runtime = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_MAX)
        .on_thread_unpark(move || waking.wakes())
        .on_thread_park(move || sleeping.sleeps())
        .build()?;
    let awake = Arc::new(Awake::new(threads.clone()));
    let (queue, given) = mpsc::channel(WAITING_MAX);
    let (tell, ended) = oneshot::channel();
    let (cut, told) = oneshot::channel();
    thread::Builder::new().name(format!("connections-{number}")).spawn(move || {
        here.wakes();
        let served = runtime.block_on(async {
            tokio::select! {
                served = serve(routes, given, Arc::clone(&awake)) => served,
                _dropped = told => Ok(()),
                () = awake.keep() => Ok(()),
            }
        });
        here.sleeps();
        runtime.shutdown_background();
        // Nobody may wait for it.
        drop(tell.send(served));
    })?;
    Ok(Connections { queue, place: Arc::new(()), ended, cut })
}

/// Serves the connections that are given, until no more are and those are done.
async fn serve(routes: Routes, given: mpsc::Receiver<Given>, awake: Arc<Awake>) -> Result<(), tonic::transport::Error> {
    let incoming = ReceiverStream::new(given).map(move |(stream, place)| {
        TcpStream::from_std(stream).map(|io| Gathering::new(io, place, Arc::clone(&awake)))
    });
    Server::builder()
        .http2_keepalive_interval(Some(Duration::from_mins(1)))
        .max_concurrent_streams(Some(STREAMS_MAX))
        .add_routes(routes)
        // It ends when nothing more can come; with a signal it waits for what is under way.
        .serve_with_incoming_shutdown(incoming, pending())
        .await
}
