//! A relay between a client and a server, which loses what it is told to lose.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Listens on loopback and passes bytes on to a server, and back.
pub struct Relay {
    address: SocketAddr,
    way: Arc<Way>,
}

#[derive(Default)]
struct Way {
    /// Bytes from the server are lost.
    deaf: AtomicBool,
    /// Bytes to the server are lost.
    mute: AtomicBool,
    /// Nobody new is let through.
    closed: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

impl Relay {
    /// A relay to a server's address.
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port of loopback");
        let address = listener.local_addr().expect("its address");
        let way = Arc::new(Way::default());
        let accepting = Arc::clone(&way);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if accepting.closed.load(Ordering::SeqCst) {
                    continue;
                }
                if let Ok(server) = TcpStream::connect(server) {
                    accepting.pass(&client, &server);
                }
            }
        });
        Self { address, way }
    }

    /// Where clients connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on what the server says is lost.
    pub fn deafen(&self) {
        self.way.deaf.store(true, Ordering::SeqCst);
    }

    /// From now on what the client says is lost.
    pub fn mute(&self) {
        self.way.mute.store(true, Ordering::SeqCst);
    }

    /// Ends every connection, and lets nobody through.
    pub fn cut(&self) {
        self.way.closed.store(true, Ordering::SeqCst);
        self.way.end();
    }

    /// Ends every connection; those that come now lose nothing.
    pub fn heal(&self) {
        self.way.deaf.store(false, Ordering::SeqCst);
        self.way.mute.store(false, Ordering::SeqCst);
        self.way.closed.store(false, Ordering::SeqCst);
        self.way.end();
    }
}

impl Way {
    fn end(&self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for stream in open.drain(..) {
            // It may have ended by itself.
            drop(stream.shutdown(Shutdown::Both));
        }
    }

    fn pass(self: &Arc<Self>, client: &TcpStream, server: &TcpStream) {
        let copy = |stream: &TcpStream| stream.try_clone().expect("a socket can be shared");
        self.open.lock().unwrap_or_else(PoisonError::into_inner).extend([copy(client), copy(server)]);
        let (to, back) = (Arc::clone(self), Arc::clone(self));
        let (from_client, to_server, from_server, to_client) = (copy(client), copy(server), copy(server), copy(client));
        std::thread::spawn(move || carry(from_client, to_server, &to.mute));
        std::thread::spawn(move || carry(from_server, to_client, &back.deaf));
    }
}

/// Carries bytes until one of the ends is gone.
fn carry(mut from: TcpStream, mut to: TcpStream, lost: &AtomicBool) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(n) = from.read(&mut bytes) {
        if n == 0 || (!lost.load(Ordering::SeqCst) && to.write_all(&bytes[..n]).is_err()) {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Both));
}
