//! Following the stream into the journal: one task asks for messages, one thread puts them into the journal.

use std::sync::Arc;
use std::time::Duration;

use domain::Position;
use engine::log::{Error as LogError, EventLog as _, Halt};
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::aligning::{Place, Trouble, align, in_words};
use crate::frame::{BATCH_FRAMES_MAX, Frame};
use crate::shared::{Inner, Shared};
use crate::stream::{self, Tail};

/// How often the leader is asked for the stream's end.
const WATCH: Duration = Duration::from_secs(1);
/// How long to wait before a stream that is behind, or in disorder, is looked at again.
const AGAIN: Duration = Duration::from_secs(5);
/// How long to wait before messages are asked for anew.
const ANEW: Duration = Duration::from_millis(50);
/// How many messages wait to be put into the journal: so many that small ones fill what is put there at once.
///
/// The thread holds a commit until its end has come: at most 240 MiB.
const WAITING_FRAMES: usize = 1_024;
/// How many bytes of them, in KiB; a message has at most 256.
const WAITING_KIBIBYTES: usize = 16 * 1024;
/// How many messages of whole commits are put into the journal at once, with one disk sync.
const AT_ONCE_FRAMES: usize = 1_024;
/// After how many bytes of them no more are added.
const AT_ONCE_BYTES: usize = 8 * 1024 * 1024;

/// Why following has ended for good.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// The journal has failed. End the process; a restart finds out what is in it.
    #[error("this node's own log has failed")]
    Journal(#[source] LogError),
    /// The thread that writes does not start, or has ended.
    #[error("the thread that puts records into the journal has ended")]
    Thread,
}

/// What goes to the thread.
enum Work {
    /// With its share of the bytes that may wait.
    Frame(u64, Frame, OwnedSemaphorePermit),
    /// The journal ends after this message; what is unfinished is forgotten.
    Aligned(u64),
    /// Answered when everything before it is done.
    Idle(oneshot::Sender<()>),
}

/// Why the messages are asked for anew.
enum Broken {
    /// Something to look at after a while.
    Stream(Trouble),
    /// At once.
    Anew,
    Ended(Ended),
}

impl From<stream::Error> for Broken {
    fn from(error: stream::Error) -> Self {
        Self::Stream(error.into())
    }
}

impl From<Trouble> for Broken {
    fn from(trouble: Trouble) -> Self {
        Self::Stream(trouble)
    }
}

impl Shared {
    /// Follows the stream into the journal until told to stop.
    ///
    /// # Errors
    /// [`Ended`]: what this process holds is not safe any more.
    pub async fn follow(&self, mut stop: watch::Receiver<bool>) -> Result<(), Ended> {
        let inner = Arc::clone(&self.0);
        let (work, inbox) = mpsc::channel(WAITING_FRAMES);
        let (failed, mut failure) = oneshot::channel();
        let (writing, thread) = (Arc::clone(&inner), std::thread::Builder::new().name("follower".to_owned()));
        let thread = thread.spawn(move || {
            if let Err(error) = Writing::new(writing).run(inbox) {
                drop(failed.send(error));
            }
        });
        let thread = thread.map_err(|_error| Ended::Thread)?;
        let ended = tokio::select! {
            ended = follow(&inner, &work) => Err(ended),
            () = inner.watch_lease() => Ok(()),
            error = &mut failure => Err(error.map_or(Ended::Thread, Ended::Journal)),
            // A sender that is gone means the same as being told.
            _ = stop.wait_for(|stop| *stop) => Ok(()),
        };
        drop(work);
        let joined = tokio::task::spawn_blocking(move || thread.join()).await;
        match (ended, failure.try_recv(), joined) {
            (Ok(()), Ok(error), _) => Err(Ended::Journal(error)),
            (ended, _, Ok(Ok(()))) => ended,
            (_, _, _) => Err(Ended::Thread),
        }
    }
}

/// Follows for ever; what stands in the way is said, and looked at again.
async fn follow(inner: &Inner, work: &mpsc::Sender<Work>) -> Ended {
    let mut behind = false;
    let mut said = String::new();
    loop {
        let broken = match begin(inner, work).await {
            Ok((Place::After(sequence), tail)) => {
                behind = false;
                if sequence == tail.last_sequence {
                    inner.update(|state| state.halted = None);
                }
                said.clear();
                bring(inner, work, sequence, tail).await
            }
            Ok((place, _)) => {
                // Once may be a leader that has just begun.
                if behind || !matches!(place, Place::Behind(_)) {
                    halt(inner, place);
                }
                behind = matches!(place, Place::Behind(_));
                inner.update(|state| state.followed = None);
                wait(inner, AGAIN).await;
                continue;
            }
            Err(broken) => broken,
        };
        match broken {
            // What comes next may still be what it was that did not go into the journal.
            Broken::Anew => wait(inner, if inner.state().halted.is_some() { AGAIN } else { ANEW }).await,
            Broken::Ended(ended) => return ended,
            Broken::Stream(Trouble::Journal(LogError::Corrupt { position, reason })) => {
                // What can be read goes on being served.
                set_halted(inner, damaged(position, &reason));
                wait(inner, AGAIN).await;
            }
            Broken::Stream(Trouble::Journal(error)) => return Ended::Journal(error),
            Broken::Stream(Trouble::Stream(error)) => {
                if let stream::Error::None { .. } | stream::Error::Foreign { .. } = error {
                    let position = inner.journal.head().position.next();
                    set_halted(inner, Halt { position, reason: error.to_string() });
                }
                // It is looked at every second, and said when it is something else.
                let words = engine::causes(&error);
                if words != said {
                    tracing::warn!(error = words, "the stream is not followed at this moment");
                    said = words;
                }
                wait(inner, WATCH).await;
            }
        }
    }
}

fn halt(inner: &Inner, place: Place) {
    if let Some((position, reason)) = in_words(place, &inner.stream.name, &inner.journal.head()) {
        set_halted(inner, Halt { position, reason });
    }
}

fn set_halted(inner: &Inner, halt: Halt) {
    if inner.state().halted.as_ref() != Some(&halt) {
        tracing::error!("{halt}");
    }
    inner.update(|state| state.halted = Some(halt));
}

/// Nothing more is put into a damaged journal.
fn damaged(position: Position, reason: &str) -> Halt {
    let reason = format!(
        "this node's journal is damaged at position {position} ({reason}): stop this node, keep its folder, and rebuild it \
         from the stream or from another node's backup (docs/OPERATIONS.md, “A lost node”)"
    );
    Halt { position, reason }
}

/// Waits a while, or until somebody wants to know now.
async fn wait(inner: &Inner, time: Duration) {
    drop(timeout(time, inner.ask_anew.notified()).await);
}

/// Compares the journal with the stream, once everything on its way into it is there.
async fn begin(inner: &Inner, work: &mpsc::Sender<Work>) -> Result<(Place, Tail), Broken> {
    let (idle, told) = oneshot::channel();
    let gone = || Broken::Ended(Ended::Thread);
    work.send(Work::Idle(idle)).await.map_err(|_gone| gone())?;
    told.await.map_err(|_gone| gone())?;
    let tail = inner.stream.tail().await?;
    let place = align(&inner.stream, &inner.journal, tail).await?;
    if let Place::After(sequence) = place {
        // First how much there is, then how much of it is here: otherwise nothing to follow would look like everything.
        inner.heard(tail.last_sequence);
        work.send(Work::Aligned(sequence)).await.map_err(|_gone| gone())?;
    }
    Ok((place, tail))
}

/// Brings messages to the thread until something is to be looked at.
async fn bring(inner: &Inner, work: &mpsc::Sender<Work>, after: u64, tail: Tail) -> Broken {
    let mut messages = match inner.stream.follow(after).await {
        Ok(messages) => messages,
        Err(error) => return error.into(),
    };
    let room = Arc::new(Semaphore::new(WAITING_KIBIBYTES));
    let mut last = after;
    let mut watch = interval(WATCH);
    watch.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Where it stood when there was more in the stream a moment ago.
    let mut stood = None;
    loop {
        tokio::select! {
            message = messages.next() => {
                let Some(Ok(message)) = message else { return Broken::Anew };
                let Ok(info) = message.info() else { return Broken::Anew };
                let sequence = info.stream_sequence;
                if sequence <= last {
                    // A consumer that is made again before it brought anything begins at the beginning of the log.
                    return Broken::Anew;
                }
                if sequence != last.saturating_add(1) {
                    return inner.stream.foreign(last.saturating_add(1), "it is missing").into();
                }
                let headers = message.headers.clone().unwrap_or_default();
                let frame = match inner.stream.read(sequence, &headers, message.payload.clone()) {
                    Ok(frame) => frame,
                    Err(error) => return error.into(),
                };
                last = sequence;
                let n_kibibytes = u32::try_from(frame.payload.len() >> 10).unwrap_or(u32::MAX).saturating_add(1);
                let Ok(share) = Arc::clone(&room).acquire_many_owned(n_kibibytes).await else {
                    return Broken::Ended(Ended::Thread);
                };
                if work.send(Work::Frame(sequence, frame, share)).await.is_err() {
                    return Broken::Ended(Ended::Thread);
                }
            }
            _ = watch.tick() => match inner.stream.tail().await {
                Ok(now) => {
                    inner.heard(now.last_sequence);
                    // What is there does not come: the one who asks has been forgotten.
                    let silent = now.last_sequence > last && stood == Some(last);
                    stood = (now.last_sequence > last).then_some(last);
                    if now.made != tail.made || now.last_sequence < last || silent {
                        return Broken::Anew;
                    }
                }
                Err(stream::Error::Unreachable { .. }) => {}
                Err(error) => return error.into(),
            },
            () = inner.ask_anew.notified() => return Broken::Anew,
        }
    }
}

/// The thread that puts messages into the journal.
struct Writing {
    inner: Arc<Inner>,
    /// Messages that are not in the journal yet, with the sequence of the last.
    frames: Vec<Frame>,
    n_bytes: usize,
    sequence: u64,
    /// True while what comes does not fit what was there: it is left until they are compared again.
    out_of_step: bool,
}

impl Writing {
    fn new(inner: Arc<Inner>) -> Self {
        Self { inner, frames: Vec::new(), n_bytes: 0, sequence: 0, out_of_step: true }
    }

    fn run(mut self, mut inbox: mpsc::Receiver<Work>) -> Result<(), LogError> {
        while let Some(work) = inbox.blocking_recv() {
            match work {
                Work::Idle(told) => {
                    self.store_whole()?;
                    told.send(()).unwrap_or(());
                }
                Work::Aligned(sequence) => self.align(sequence),
                Work::Frame(_, _, _) if self.out_of_step => {}
                Work::Frame(sequence, frame, _waited) => {
                    // A commit of many messages may be long in coming: what is whole before it does not wait for it.
                    if !frame.ends_commit {
                        self.store_whole()?;
                    }
                    if self.out_of_step {
                        continue;
                    }
                    self.take(sequence, frame);
                    // More of what is there already shares the disk sync, and a commit is waited for to its end.
                    if self.ends_commit() && (inbox.is_empty() || self.is_full()) {
                        self.store()?;
                    }
                }
            }
        }
        Ok(())
    }

    fn align(&mut self, sequence: u64) {
        self.frames.clear();
        self.n_bytes = 0;
        self.sequence = sequence;
        self.out_of_step = false;
        self.followed(self.inner.journal.head().position);
    }

    /// A commit is at most so many messages, so that no more are kept for one that has no end.
    fn take(&mut self, sequence: u64, frame: Frame) {
        if !frame.ends_commit && self.frames.len() >= BATCH_FRAMES_MAX {
            let reason = format!("a commit of more than {BATCH_FRAMES_MAX} messages is in the stream");
            self.stop(Halt { position: frame.first, reason });
            return;
        }
        self.n_bytes = self.n_bytes.saturating_add(frame.payload.len());
        self.sequence = sequence;
        self.frames.push(frame);
    }

    fn ends_commit(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.ends_commit)
    }

    /// Puts what is there into the journal when it ends with the end of a commit.
    fn store_whole(&mut self) -> Result<(), LogError> {
        if self.ends_commit() { self.store() } else { Ok(()) }
    }

    fn is_full(&self) -> bool {
        self.frames.len() >= AT_ONCE_FRAMES || self.n_bytes >= AT_ONCE_BYTES
    }

    /// Puts whole commits into the journal.
    fn store(&mut self) -> Result<(), LogError> {
        let expected = self.inner.journal.head().position;
        let runs: Vec<_> = self.frames.iter().map(Frame::run).collect();
        let stored = self.inner.journal.extend(expected, &runs);
        self.frames.clear();
        self.n_bytes = 0;
        match stored {
            Ok(head) => {
                self.followed(head.position);
                self.inner.update(|state| state.halted = None);
            }
            Err(LogError::Refused { reason }) => {
                let reason =
                    format!("what comes in the stream does not follow what is in this node's journal: {reason}");
                self.stop(Halt { position: expected.next(), reason });
            }
            Err(LogError::Full(full)) => self.stop(Halt { position: expected.next(), reason: full.to_string() }),
            Err(LogError::Corrupt { position, reason }) => self.stop(damaged(position, &reason)),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn followed(&self, position: Position) {
        let sequence = self.sequence;
        self.inner.update(|state| state.followed = Some((position, sequence)));
    }

    fn stop(&mut self, halt: Halt) {
        self.out_of_step = true;
        set_halted(&self.inner, halt);
        self.inner.ask_anew.notify_one();
    }
}
