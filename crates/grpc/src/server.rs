//! Serving on one address: the contract, health, and reflection in both versions that clients ask for.

mod awake;
mod gathering;
mod threads;

use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tonic::service::Routes;
use wire::v1::scorebook_service_server::ScorebookServiceServer;

use crate::service::Service;
use threads::Threads;

/// Why serving ended before it was told to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The transport failed. Look at the address, and start again.
    #[error("the gRPC transport failed")]
    Transport(#[from] tonic::transport::Error),
    /// The descriptor set in this program cannot be read: a build fault.
    #[error("the contract's descriptors cannot be read")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// A thread that serves connections could not be started, or has ended. Look at what the system allows, and start again.
    #[error("connections have no threads")]
    Threads(#[source] io::Error),
}

/// The largest request message, in bytes; larger files are streamed.
const MESSAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The largest answer, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How many requests one connection may have under way.
const STREAMS_MAX: u32 = 256;

/// How long to wait when a connection cannot be taken, such as for want of file handles.
const PAUSE: Duration = Duration::from_secs(1);

/// Serves until `shutdown` is ready, then answers what is under way and returns. Connections are cut when it is dropped.
///
/// # Errors
/// [`Error`].
pub async fn serve(
    listener: TcpListener,
    service: Service,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_serving::<ScorebookServiceServer<Service>>().await;
    let descriptors = || {
        tonic_reflection::server::Builder::configure().register_encoded_file_descriptor_set(wire::FILE_DESCRIPTOR_SET)
    };
    let contract = ScorebookServiceServer::new(service)
        .max_decoding_message_size(MESSAGE_BYTES_MAX)
        .max_encoding_message_size(ANSWER_BYTES_MAX);
    let routes = Routes::new(contract)
        .add_service(health_service)
        .add_service(descriptors().build_v1()?)
        .add_service(descriptors().build_v1alpha()?);
    let threads = Threads::start(&routes)?;
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener) => match accepted {
                Ok(stream) => threads.give(stream).await?,
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
    threads.end().await
}

/// A connection that sends at once: otherwise the second small segment of an answer waits until the client acknowledges the
/// first, which it puts off for 40 ms.
async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let (stream, _peer) = listener.accept().await?;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection is slower than it could be");
    }
    Ok(stream)
}

#[cfg(test)]
mod tests;
