use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tonic::service::Routes;

use super::awake::{Awake, AwakeThreads};
use super::gathering::{Gathering, HELD_BYTES_MAX};
use super::threads::{THREADS, Threads};

#[test]
fn answers_are_sent_at_once() {
    let runtime = Builder::new_current_thread().enable_io().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (client, accepted) = tokio::join!(TcpStream::connect(address), super::accept(&listener));
        client.unwrap();
        assert!(accepted.unwrap().nodelay().unwrap());
    });
}

/// Takes so many bytes of each write, and then none until it is told to take more; nothing comes from it.
#[derive(Debug, Default)]
struct Peer {
    writes: Vec<Vec<u8>>,
    n_bytes_max: usize,
    n_writes_left: usize,
    shut: bool,
}

impl AsyncRead for Peer {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

impl AsyncWrite for Peer {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let Some(n_left) = this.n_writes_left.checked_sub(1) else { return Poll::Pending };
        this.n_writes_left = n_left;
        let taken = &buf[..buf.len().min(this.n_bytes_max)];
        this.writes.push(taken.to_vec());
        Poll::Ready(Ok(taken.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().shut = true;
        Poll::Ready(Ok(()))
    }
}

/// Counts how often a task is woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

struct Task {
    stream: Gathering<Peer>,
    woken: Arc<Woken>,
}

impl Task {
    fn new(n_bytes_max: usize, n_writes_left: usize) -> Self {
        let peer = Peer { n_bytes_max, n_writes_left, ..Peer::default() };
        let awake = Arc::new(Awake::new(AwakeThreads::default()));
        Self { stream: Gathering::new(peer, Arc::default(), awake), woken: Arc::default() }
    }

    fn poll<T>(&mut self, polled: impl FnOnce(Pin<&mut Gathering<Peer>>, &mut Context<'_>) -> T) -> T {
        let waker = Waker::from(Arc::clone(&self.woken));
        polled(Pin::new(&mut self.stream), &mut Context::from_waker(&waker))
    }

    fn write(&mut self, pieces: &[&str]) -> Poll<io::Result<usize>> {
        let pieces: Vec<IoSlice<'_>> = pieces.iter().map(|piece| IoSlice::new(piece.as_bytes())).collect();
        self.poll(|stream, cx| stream.poll_write_vectored(cx, &pieces))
    }

    fn flush(&mut self) {
        assert!(self.poll(AsyncWrite::poll_flush).is_ready());
    }

    fn read(&mut self) {
        let mut room = [0; 8];
        assert!(self.poll(|stream, cx| stream.poll_read(cx, &mut ReadBuf::new(&mut room))).is_pending());
    }

    fn n_woken(&self) -> usize {
        self.woken.0.load(Ordering::Relaxed)
    }

    fn sent(&self) -> Vec<&str> {
        self.stream.io.writes.iter().map(|write| str::from_utf8(write).unwrap()).collect()
    }
}

#[test]
fn what_is_written_in_one_turn_leaves_in_one_piece_at_the_next() {
    let mut task = Task::new(usize::MAX, 9);
    assert!(matches!(task.write(&["head", "data"]), Poll::Ready(Ok(8))));
    task.flush();
    assert!(matches!(task.write(&["end"]), Poll::Ready(Ok(3))));
    task.flush();
    assert_eq!((task.sent(), task.n_woken()), (vec![], 1), "it asked for its next turn once");
    task.read();
    assert_eq!(task.sent(), ["headdataend"]);
    task.flush();
    task.read();
    assert_eq!((task.sent(), task.n_woken()), (vec!["headdataend"], 1), "there is nothing more to send");
}

#[test]
fn what_is_not_taken_at_once_is_sent_later_and_only_so_much_is_kept() {
    let mut task = Task::new(4, 1);
    assert!(task.write(&["abcdefghij"]).is_ready());
    task.flush();
    task.read();
    assert_eq!(task.sent(), ["abcd"]);
    let much = "x".repeat(HELD_BYTES_MAX);
    assert!(task.write(&[&much]).is_ready());
    assert!(task.write(&["no more"]).is_pending(), "the peer takes nothing");
    (task.stream.io.n_bytes_max, task.stream.io.n_writes_left) = (usize::MAX, 9);
    assert!(task.write(&["more"]).is_ready());
    assert_eq!(task.sent().concat(), format!("abcdefghij{much}"));
    assert!(task.poll(AsyncWrite::poll_shutdown).is_ready());
    assert_eq!((task.sent().concat(), task.stream.io.shut), (format!("abcdefghij{much}more"), true));
}

#[test]
fn a_peer_that_is_gone_is_an_error() {
    let mut task = Task::new(0, 9);
    assert!(task.write(&["lost"]).is_ready());
    task.flush();
    let mut room = [0; 8];
    let read = task.poll(|stream, cx| stream.poll_read(cx, &mut ReadBuf::new(&mut room)));
    assert!(matches!(read, Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::WriteZero));
}

/// What a client of HTTP/2 says first: the preface, and its settings, which are none.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// A client whose connection is served: the server has said its settings.
async fn client(threads: &Threads, listener: &TcpListener) -> TcpStream {
    let (client, accepted) = tokio::join!(TcpStream::connect(listener.local_addr().unwrap()), listener.accept());
    threads.give(accepted.unwrap().0).await.unwrap();
    let mut client = client.unwrap();
    client.write_all(PREFACE).await.unwrap();
    let mut head = [0; 9];
    client.read_exact(&mut head).await.unwrap();
    assert_eq!(head[3], 4, "settings come first");
    client
}

#[test]
fn each_thread_has_as_many_connections_as_the_others_until_one_ends() {
    Builder::new_current_thread().enable_io().build().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let threads = Threads::start(&Routes::default()).unwrap();
        let mut clients = Vec::new();
        for _ in 0..=THREADS {
            clients.push(client(&threads, &listener).await);
        }
        let mut counts = threads.counts();
        counts.sort_unstable();
        assert_eq!((counts[0], counts[THREADS - 2], counts[THREADS - 1]), (1, 1, 2));
        drop(clients);
        threads.end().await.unwrap();
    });
}

#[test]
fn connections_are_cut_when_nobody_serves_any_more() {
    Builder::new_current_thread().enable_io().build().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let threads = Threads::start(&Routes::default()).unwrap();
        let mut client = client(&threads, &listener).await;
        drop(threads);
        let mut rest = Vec::new();
        // It may be reset as well as closed.
        drop(client.read_to_end(&mut rest).await);
    });
}

/// Polls what keeps a thread awake, and says whether it asks for the thread's next turn.
fn asks_for_a_turn(keeping: Pin<&mut impl Future<Output = ()>>) -> bool {
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    assert!(keeping.poll(&mut Context::from_waker(&waker)).is_pending());
    woken.0.load(Ordering::Relaxed) > 0
}

#[test]
fn a_thread_is_kept_awake_after_an_answer_while_few_are() {
    let threads = AwakeThreads::default();
    threads.wakes();
    let awake = Awake::with(threads.clone(), 1, Duration::MAX);
    let answer = || {
        awake.heard();
        awake.sent();
    };
    let mut keeping = pin!(awake.keep());
    assert!(!asks_for_a_turn(keeping.as_mut()), "nothing was sent");
    answer();
    assert!(asks_for_a_turn(keeping.as_mut()));
    assert!(asks_for_a_turn(keeping.as_mut()));
    threads.wakes();
    assert!(!asks_for_a_turn(keeping.as_mut()), "another thread has use for the processor");
    threads.sleeps();
    assert!(!asks_for_a_turn(keeping.as_mut()), "nothing was sent since");
    answer();
    assert!(asks_for_a_turn(keeping.as_mut()));
    awake.heard();
    assert!(!asks_for_a_turn(keeping.as_mut()), "it has what to do, or waits for another thread");
    awake.sent();
    assert!(asks_for_a_turn(keeping.as_mut()));
}

#[test]
fn a_thread_is_not_kept_awake_by_who_only_follows() {
    let awake = Awake::with(AwakeThreads::default(), 1, Duration::MAX);
    let mut keeping = pin!(awake.keep());
    awake.sent();
    assert!(!asks_for_a_turn(keeping.as_mut()), "it was sent without a question");
    awake.heard();
    awake.sent();
    assert!(asks_for_a_turn(keeping.as_mut()));
}

#[test]
fn a_thread_is_not_kept_awake_for_long() {
    let awake = Awake::with(AwakeThreads::default(), 1, Duration::ZERO);
    let mut keeping = pin!(awake.keep());
    assert!(!asks_for_a_turn(keeping.as_mut()));
    awake.heard();
    awake.sent();
    assert!(!asks_for_a_turn(keeping.as_mut()));
}
