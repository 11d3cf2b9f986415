use tokio::net::{TcpListener, TcpStream};
use tokio_stream::StreamExt as _;

#[test]
fn answers_are_sent_at_once() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut incoming = super::incoming(listener);
        let (client, accepted) = tokio::join!(TcpStream::connect(address), incoming.next());
        client.unwrap();
        assert!(accepted.unwrap().unwrap().nodelay().unwrap());
    });
}
