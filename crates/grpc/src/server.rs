//! Serving on one address: the contract, health, and reflection in both versions that clients ask for.

use std::future::Future;
use std::time::Duration;

use tokio::net::TcpListener;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use wire::v1::scorebook_service_server::ScorebookServiceServer;

use crate::service::Service;

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
}

/// The largest request message, in bytes; larger files are streamed.
const MESSAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The largest answer, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How many requests one connection may have under way.
const STREAMS_MAX: u32 = 256;

/// Serves until `shutdown` is ready, then answers what is under way and returns.
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
    Server::builder()
        .http2_keepalive_interval(Some(Duration::from_mins(1)))
        .max_concurrent_streams(Some(STREAMS_MAX))
        .add_service(contract)
        .add_service(health_service)
        .add_service(descriptors().build_v1()?)
        .add_service(descriptors().build_v1alpha()?)
        .serve_with_incoming_shutdown(incoming(listener), shutdown)
        .await?;
    Ok(())
}

/// Connections that send at once: otherwise the second small segment of an answer waits until the client acknowledges the
/// first, which it puts off for 40 ms.
fn incoming(listener: TcpListener) -> TcpIncoming {
    TcpIncoming::from(listener).with_nodelay(Some(true))
}

#[cfg(test)]
mod tests;
