//! Connections: taken, bounded, and let end.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::site::{Site, routes};

/// How many connections there are at once; the next waits until one ends. More than there are places for followers, so that
/// who finds none is told so.
const CONNECTIONS_MAX: usize = 1_100;
/// The longest head of a request, in bytes: the most measures and areas that a filter takes have room in it.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// The most header fields.
const HEADERS_MAX: usize = 64;
/// How long the head of a request may take to come, and a connection may say nothing between two requests.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long to wait when a connection cannot be taken, such as for want of file handles.
const PAUSE: Duration = Duration::from_secs(1);

/// Serves until `shutdown` is ready, then lets what is under way end. Feeds end when their followers are sent away.
pub async fn serve(listener: TcpListener, site: Site, shutdown: impl Future<Output = ()> + Send) {
    serve_routes(listener, routes(site), CONNECTIONS_MAX, shutdown).await;
}

/// Serves paths, with so many connections at once.
pub(crate) async fn serve_routes(
    listener: TcpListener,
    routes: Router,
    n_connections_max: usize,
    shutdown: impl Future<Output = ()> + Send,
) {
    let routes = TowerToHyperService::new(routes);
    let graceful = GracefulShutdown::new();
    // What is in here is cut when this future is dropped.
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_ended) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < n_connections_max => match accepted {
                Ok((stream, _peer)) => {
                    connections.spawn(answer(stream, routes.clone(), &graceful));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection cannot be taken");
                    if tokio::time::timeout(PAUSE, &mut shutdown).await.is_ok() {
                        break;
                    }
                }
            },
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

/// Answers what comes over one connection.
fn answer(
    stream: TcpStream,
    routes: TowerToHyperService<Router>,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + Send + use<> {
    // Otherwise a small event waits until the client acknowledges the one before it, which it puts off for 40 ms.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection is slower than it could be");
    }
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN);
    http.max_buf_size(HEAD_BYTES_MAX).max_header_size(HEAD_BYTES_MAX).max_headers(HEADERS_MAX);
    let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), routes));
    async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended");
        }
    }
}

#[cfg(test)]
mod tests;
