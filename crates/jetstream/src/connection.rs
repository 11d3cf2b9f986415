//! A connection to NATS: with whom, as whom, and how it is kept.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use async_nats::jetstream::{Context, ContextBuilder};
use async_nats::{Client, ConnectError, ConnectErrorKind, ConnectOptions, ServerAddr};

/// How long a request to JetStream may take to be answered.
pub(crate) const REQUEST: Duration = Duration::from_secs(5);
/// How long a server may take to take a connection.
const CONNECTING: Duration = Duration::from_secs(5);
/// How many messages wait to be sent before the next waits too.
const SENDING_MAX: usize = 256;
/// How many messages of one subscription wait to be looked at.
const RECEIVING_MAX: usize = 4_096;

/// With whom and as whom one connects.
#[derive(Debug, Clone)]
pub struct Options {
    /// Servers of one cluster, such as `nats://10.0.0.1:4222`; any that answers will do.
    pub servers: Vec<String>,
    /// What the servers call this connection in their own lists.
    pub name: String,
    /// As whom.
    pub credentials: Credentials,
    /// How the servers are known, and this node to them; `None` to leave it to the addresses.
    pub tls: Option<Tls>,
}

/// As whom one connects.
#[derive(Clone, Default)]
pub enum Credentials {
    /// As nobody in particular.
    #[default]
    None,
    /// A user with a password.
    User {
        /// The user.
        user: String,
        /// The password.
        password: String,
    },
    /// A token.
    Token(String),
    /// An `NKey`'s seed.
    NKey(String),
    /// What is in a credentials file: a user's JWT and seed.
    File(String),
}

/// Secrets are not shown.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::User { .. } => "User",
            Self::Token(_) => "Token",
            Self::NKey(_) => "NKey",
            Self::File(_) => "File",
        })
    }
}

/// How the servers are known, and this node to them. TLS is required then.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// PEM file of the authority that signed the servers' certificates; `None` for those that the machine trusts.
    pub authority: Option<PathBuf>,
    /// PEM files of this node's own certificate and its key.
    pub own: Option<(PathBuf, PathBuf)>,
}

/// A connection. Cheap to clone; it reconnects by itself for as long as it lives.
#[derive(Clone)]
pub struct Connection {
    pub(crate) client: Client,
    pub(crate) context: Context,
}

/// No server can be connected to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not an address. Correct it.
    #[error("{address:?} is not an address such as nats://127.0.0.1:4222")]
    Address {
        /// As given.
        address: String,
    },
    /// The credentials cannot be used. Correct them.
    #[error("the NATS credentials cannot be used")]
    Credentials(#[source] io::Error),
    /// The servers refuse it. See that they take these credentials, and that both sides trust each other's certificates.
    #[error("no NATS server of {servers} takes the connection")]
    Connect {
        /// The addresses.
        servers: String,
        /// What the last one said.
        source: ConnectError,
    },
}

impl Connection {
    /// Connects; afterwards it reconnects by itself. When nobody answers it goes on trying by itself too: see
    /// [`Connection::connected`].
    ///
    /// # Errors
    /// [`Error`]; not when nobody answers.
    pub async fn open(options: &Options) -> Result<Self, Error> {
        let address = |address: &String| {
            address.parse::<ServerAddr>().map_err(|_error| Error::Address { address: address.clone() })
        };
        let servers = options.servers.iter().map(address).collect::<Result<Vec<_>, Error>>()?;
        let mut connect = ConnectOptions::new()
            .name(&options.name)
            .connection_timeout(CONNECTING)
            .request_timeout(Some(REQUEST))
            .client_capacity(SENDING_MAX)
            .subscription_capacity(RECEIVING_MAX)
            .reconnect_delay_callback(pause_before);
        connect = match &options.credentials {
            Credentials::None => connect,
            Credentials::User { user, password } => connect.user_and_password(user.clone(), password.clone()),
            Credentials::Token(token) => connect.token(token.clone()),
            Credentials::NKey(seed) => connect.nkey(seed.clone()),
            Credentials::File(text) => connect.credentials(text).map_err(Error::Credentials)?,
        };
        if let Some(tls) = &options.tls {
            connect = connect.require_tls(true);
            if let Some(authority) = &tls.authority {
                connect = connect.add_root_certificates(authority.clone());
            }
            if let Some((certificate, key)) = &tls.own {
                connect = connect.add_client_certificate(certificate.clone(), key.clone());
            }
        }
        let client = match connect.clone().connect(servers.clone()).await {
            Err(error) if nobody_answers(&error) => {
                tracing::warn!(%error, "no NATS server answers; it is tried again until one does");
                connect.retry_on_initial_connect().connect(servers).await
            }
            connected => connected,
        };
        let client = client.map_err(|source| Error::Connect { servers: options.servers.join(", "), source })?;
        let context = ContextBuilder::new().timeout(REQUEST).max_ack_inflight(IN_FLIGHT_MAX).build(client.clone());
        Ok(Self { client, context })
    }

    /// Whether a server is connected at this moment.
    pub fn connected(&self) -> bool {
        self.client.connection_state() == async_nats::connection::State::Connected
    }

    /// The largest message that the server takes, in bytes.
    pub fn message_bytes_max(&self) -> usize {
        self.client.server_info().max_payload
    }
}

/// Whether trying again may help: nobody listens, as opposed to somebody who refuses.
fn nobody_answers(error: &ConnectError) -> bool {
    use io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable, TimedOut};
    if matches!(error.kind(), ConnectErrorKind::Dns | ConnectErrorKind::TimedOut) {
        return true;
    }
    let source = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    let kinds = [ConnectionRefused, HostUnreachable, NetworkUnreachable, TimedOut];
    source.is_some_and(|source| kinds.contains(&source.kind()))
}

/// How many published messages wait for their acknowledgement before the next waits too.
const IN_FLIGHT_MAX: usize = 1_024;

/// The n-th try comes a little later than the one before: 20 ms, 40 ms … 1 s.
fn pause_before(n_tries: usize) -> Duration {
    let doublings = u32::try_from(n_tries).unwrap_or(u32::MAX).min(6);
    Duration::from_millis(20_u64.saturating_mul(2_u64.saturating_pow(doublings)).min(1_000))
}
