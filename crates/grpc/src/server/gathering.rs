//! A connection that sends at once what is written to it in one turn of its task.
//!
//! HTTP/2 writes an answer's head, its data and its end one after the other, and flushes after each piece of data: that many
//! segments, and that many times the other side may be woken. Here they are kept until the task has its next turn, which it
//! asks for itself, and leave as one.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tonic::transport::server::Connected;

use super::awake::Awake;

/// How many bytes are kept before they are sent in any case.
pub(super) const HELD_BYTES_MAX: usize = 64 * 1024;
/// How many of an answer are, before its first piece is sent: the other side wakes while the rest is put together.
const FIRST_PIECE_BYTES: usize = 16 * 1024;

/// See the module's documentation. What is kept when it is dropped is not sent: it is shut down first.
#[derive(Debug)]
pub(super) struct Gathering<IO> {
    pub(super) io: IO,
    held: Vec<u8>,
    /// How many of them are sent.
    n_sent: usize,
    /// How many were written since the task's last turn.
    n_in_turn: usize,
    /// Whether the task has asked for its next turn.
    due: bool,
    /// Its place on the thread that serves it.
    _place: Arc<()>,
    /// Told when an answer was sent that may be followed by a question at once: no long one.
    awake: Arc<Awake>,
}

impl<IO> Gathering<IO> {
    pub(super) const fn new(io: IO, place: Arc<()>, awake: Arc<Awake>) -> Self {
        Self { io, held: Vec::new(), n_sent: 0, n_in_turn: 0, due: false, _place: place, awake }
    }
}

impl<IO: AsyncWrite + Unpin> Gathering<IO> {
    /// Sends what is kept.
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(left) = self.held.get(self.n_sent..).filter(|left| !left.is_empty()) {
            let n_sent = ready!(Pin::new(&mut self.io).poll_write(cx, left))?;
            if n_sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.n_sent = self.n_sent.saturating_add(n_sent);
        }
        self.held.clear();
        (self.n_sent, self.due) = (0, false);
        Poll::Ready(Ok(()))
    }

    /// Makes room for more.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let is_first = self.held.len() == self.n_in_turn;
        let n_bytes_max = if is_first { FIRST_PIECE_BYTES } else { HELD_BYTES_MAX };
        if self.held.len() < n_bytes_max { Poll::Ready(Ok(())) } else { self.poll_send(cx) }
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> AsyncRead for Gathering<IO> {
    /// With this a connection's task begins its turn.
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // Who does not take what is sent is still listened to.
        if this.due
            && let Poll::Ready(sent) = this.poll_send(cx)
        {
            sent?;
            if this.n_in_turn <= HELD_BYTES_MAX {
                this.awake.sent();
            }
            this.n_in_turn = 0;
        }
        let n_before = buf.filled().len();
        let read = Pin::new(&mut this.io).poll_read(cx, buf);
        if buf.filled().len() > n_before {
            this.awake.heard();
        }
        read
    }
}

impl<IO: AsyncWrite + Unpin> AsyncWrite for Gathering<IO> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[io::IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_room(cx))?;
        for buf in bufs {
            this.held.extend_from_slice(buf);
        }
        let n_written = bufs.iter().map(|buf| buf.len()).sum();
        this.n_in_turn = this.n_in_turn.saturating_add(n_written);
        Poll::Ready(Ok(n_written))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.held.is_empty() && !this.due {
            this.due = true;
            cx.waker().wake_by_ref();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_send(cx))?;
        Pin::new(&mut this.io).poll_shutdown(cx)
    }
}

impl<IO: Connected> Connected for Gathering<IO> {
    type ConnectInfo = IO::ConnectInfo;

    fn connect_info(&self) -> Self::ConnectInfo {
        self.io.connect_info()
    }
}
