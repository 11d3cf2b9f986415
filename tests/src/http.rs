//! A plain HTTP/1.1 client over a socket, that hides nothing.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use crate::program::DEADLINE;

/// An answer whose body may still be coming.
pub(crate) struct Answer {
    stream: BufReader<TcpStream>,
    /// The status line and the header fields, one a line.
    pub(crate) head: String,
    /// What of the current chunk is not read yet.
    chunk: Vec<u8>,
}

/// One server-sent event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) data: Value,
}

/// Sends bytes as they are, and reads the head of what is answered.
#[track_caller]
pub(crate) fn say(address: &str, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).expect("somebody listens");
    stream.set_read_timeout(Some(DEADLINE)).expect("a deadline can be set");
    // A server that has heard enough closes its ear.
    let _unheard = stream.write_all(request).is_err();
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    // Where it closed its ear its answer may be lost on the way, as TCP has it.
    while stream.read_line(&mut head).unwrap_or(0) > 2 {}
    Answer { stream, head, chunk: Vec::new() }
}

/// Asks for a path, with some header fields.
#[track_caller]
pub(crate) fn get(address: &str, path: &str, fields: &str) -> Answer {
    say(address, format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{fields}\r\n").as_bytes())
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        let status = self.head.split_whitespace().nth(1).and_then(|word| word.parse().ok());
        status.unwrap_or_else(|| panic!("no status line: {:?}", self.head))
    }

    /// The status and the whole body, of an answer that says its length.
    #[track_caller]
    pub(crate) fn text(mut self) -> (u16, String) {
        let length = self.head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        let mut body = vec![0; length.parse().expect("a number")];
        self.stream.read_exact(&mut body).expect("the whole body");
        (self.status(), String::from_utf8(body).expect("UTF-8"))
    }

    /// It is a refusal, with a status and words; its body.
    #[track_caller]
    pub(crate) fn refused(mut self, status: u16, words: &str) -> Value {
        assert_eq!(self.status(), status, "{}", self.head);
        assert!(self.head.contains("content-type: application/problem+json\r\n"), "{}", self.head);
        let length = self.head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        let mut body = vec![0; length.parse().expect("a number")];
        self.stream.read_exact(&mut body).expect("the whole body");
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(body["status"], status);
        let detail = body["detail"].as_str().expect("text");
        assert!(detail.contains(words), "{detail:?} should say {words:?}");
        body
    }

    /// The next line of the body; none at its end, and none when the connection is cut.
    fn line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.chunk.iter().position(|byte| *byte == b'\n') {
                let line = self.chunk.drain(..=end).collect();
                return Some(String::from_utf8(line).expect("UTF-8").trim_end().to_owned());
            }
            let mut size = String::new();
            self.stream.read_line(&mut size).ok()?;
            let size = usize::from_str_radix(size.trim(), 16).ok().filter(|size| *size > 0)?;
            let mut chunk = vec![0; size];
            self.stream.read_exact(&mut chunk).ok()?;
            self.stream.read_line(&mut String::new()).ok()?;
            self.chunk.extend(chunk);
        }
    }

    /// The next event; its comments are added to `comments`. None at the end.
    #[track_caller]
    pub(crate) fn next(&mut self, comments: &mut Vec<String>) -> Option<Event> {
        let mut fields = [None, None, None];
        loop {
            let line = self.line()?;
            if let Some(comment) = line.strip_prefix(':') {
                comments.push(comment.trim().to_owned());
            } else if line.is_empty() {
                if let [Some(id), Some(name), Some(data)] = fields {
                    let data: String = data;
                    return Some(Event { id, name, data: serde_json::from_str(&data).expect("JSON") });
                }
                assert_eq!(fields, [None, None, None], "an event has an id, a type and data");
            } else {
                let (name, value) = line.split_once(": ").expect("a field");
                let place = ["id", "event", "data"].iter().position(|known| *known == name).expect("a known field");
                assert_eq!(fields[place].replace(value.to_owned()), None, "each once: data is one line");
            }
        }
    }

    /// Events up to one that is wanted, with it.
    #[track_caller]
    pub(crate) fn until(&mut self, last: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let event = self.next(&mut Vec::new()).expect("more comes");
            events.push(event);
            if events.last().is_some_and(&last) {
                return events;
            }
        }
    }
}
