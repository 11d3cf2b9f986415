//! A request to NATS as `nats request` makes it, in the protocol's own words.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use crate::program::DEADLINE;

/// Sends a message to a subject, and gives the answer.
#[track_caller]
pub(super) fn request(address: &str, subject: &str, text: &str) -> String {
    let address = address.strip_prefix("nats://").expect("one server's address");
    let mut stream = TcpStream::connect(address).expect("the server takes a connection");
    stream.set_read_timeout(Some(DEADLINE)).expect("a bound");
    let n = text.len();
    let words = format!(
        "CONNECT {{\"verbose\":false,\"pedantic\":false}}\r\nSUB _INBOX.one 1\r\nPUB {subject} _INBOX.one {n}\r\n{text}\r\n"
    );
    stream.write_all(words.as_bytes()).expect("it is sent");
    let mut lines = BufReader::new(stream).lines().map(|line| line.expect("the server answers"));
    let message = lines.by_ref().find(|line| line.starts_with("MSG _INBOX.one"));
    message.expect("an answer comes");
    lines.next().expect("and what it says")
}
