use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::Instant;

use super::*;

/// What comes back over one connection until it is closed, and after how long of a clock that only moves when nothing else
/// does.
fn answered(said: &[u8]) -> (String, Duration) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().start_paused(true).build().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let (client, accepted) = tokio::join!(client, listener.accept());
        let routes = TowerToHyperService::new(Router::new());
        let graceful = GracefulShutdown::new();
        let answering = tokio::spawn(answer(accepted.unwrap().0, routes, &graceful));
        let began = Instant::now();
        let (mut reading, mut writing) = client.unwrap().into_split();
        // A server that has heard enough does not read the rest.
        let saying = async { drop(writing.write_all(said).await) };
        let mut heard = Vec::new();
        let (_said, _cut) = tokio::join!(saying, reading.read_to_end(&mut heard));
        let took = began.elapsed();
        answering.await.unwrap();
        (String::from_utf8(heard).unwrap(), took)
    })
}

#[test]
fn a_head_that_does_not_come_is_not_waited_for() {
    for said in ["", "GET / HTTP/1.1\r\nHost: local"] {
        let (heard, took) = answered(said.as_bytes());
        assert_eq!(heard, "", "{said:?}");
        assert!(took >= HEAD_WITHIN && took < 2 * HEAD_WITHIN, "{said:?} took {took:?}");
    }
}

#[test]
fn a_connection_that_asks_nothing_more_is_closed() {
    let (heard, took) = answered(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(heard.starts_with("HTTP/1.1 404 "), "{heard}");
    assert!(took >= HEAD_WITHIN && took < 2 * HEAD_WITHIN, "{took:?}");
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let long = format!("GET /?{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(HEAD_BYTES_MAX));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "Host: localhost\r\n".repeat(HEADERS_MAX + 1));
    for said in [long, many] {
        let (heard, _) = answered(said.as_bytes());
        assert!(heard.starts_with("HTTP/1.1 431 "), "{heard}");
    }
}
