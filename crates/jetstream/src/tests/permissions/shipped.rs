//! Servers with the configurations of `deploy/nats`, and clients that hear what is refused to them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use async_nats::jetstream::{self, Context};
use async_nats::{Client, ConnectOptions, Event, ServerError};
use futures_util::{FutureExt as _, StreamExt as _};
use simulator::certificates::Authority;
use simulator::nats::{self, Nats};
use tokio::sync::mpsc;

/// How long a server may take to answer, under the load of all other tests.
pub(super) const ANSWERED: Duration = Duration::from_secs(30);

/// The passwords in `users.conf`, by the end of their variables' names.
const USERS: [&str; 6] = ["ADMINISTRATOR", "INGEST", "RATINGS", "REPORTING", "CONSUMERS_ADMINISTRATOR", "CONSUMER"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/nats")
}

/// A shipped file.
pub(super) fn file(name: &str) -> String {
    let path = folder().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Three servers as they are shipped, with this test's places, ports and passwords.
pub(super) struct Shipped {
    pub(super) nats: Nats,
    ca: PathBuf,
    _certificates: tempfile::TempDir,
}

impl Shipped {
    pub(super) fn start() -> Self {
        let certificates = tempfile::tempdir().expect("a folder");
        let authority = Authority::new(certificates.path(), "ca");
        let (certificate, key) = authority.sign("node");
        let ca = authority.certificate();
        let nats = Nats::configured(3, |place| {
            let replaced = |name: &str| {
                let mut text = file(name);
                let mut replace = |from: &str, to: &str| {
                    text = text.replace(from, to);
                };
                replace("/etc/nats-tls/node.crt", &certificate.display().to_string());
                replace("/etc/nats-tls/node.key", &key.display().to_string());
                replace("/etc/nats-tls/ca.crt", &ca.display().to_string());
                replace("/var/lib/nats", &place.store.display().to_string());
                replace("0.0.0.0:4222", &format!("127.0.0.1:{}", place.clients[place.at]));
                replace("0.0.0.0:6222", &format!("127.0.0.1:{}", place.routes[place.at]));
                replace("127.0.0.1:8222", "127.0.0.1:-1");
                for (node, route) in ["n1", "n2", "n3"].iter().zip(place.routes) {
                    replace(&format!("tls://{node}:6222"), &format!("tls://127.0.0.1:{route}"));
                }
                text
            };
            let password = |user: &str| {
                let own = user.to_lowercase().replace('_', "-");
                format!("SCOREBOOK_NATS_{user}_PASSWORD: \"{own}\"\n")
            };
            let passwords = USERS.map(password).concat();
            fs::write(place.store.join("users.conf"), passwords + &replaced("users.conf")).expect("a configuration");
            fs::write(place.store.join("common.conf"), replaced("common.conf")).expect("a configuration");
            replaced(["n1.conf", "n2.conf", "n3.conf"][place.at])
        });
        Self { nats, ca, _certificates: certificates }
    }

    /// Connects as a user, whose password is his name in these tests.
    pub(super) async fn connect(&self, user: &str) -> User {
        let (say, said) = mpsc::channel(64);
        let options = ConnectOptions::new()
            .user_and_password(user.to_owned(), user.to_owned())
            .add_root_certificates(self.ca.clone())
            .require_tls(true)
            .event_callback(move |event| {
                let say = say.clone();
                async move {
                    if let Event::ServerError(ServerError::Other(error)) = event {
                        drop(say.send(error).await);
                    }
                }
            });
        // All to the same server, which knows at once who listens.
        let client = options.connect(self.nats.addresses().remove(0)).await.expect("a connection");
        let mut context = jetstream::new(client.clone());
        // Who asks before there is a leader is not answered, and asks again.
        context.set_timeout(Duration::from_secs(2));
        User { client, context, said }
    }
}

/// A connected user.
pub(super) struct User {
    pub(super) client: Client,
    pub(super) context: Context,
    said: mpsc::Receiver<String>,
}

impl User {
    /// Whether the server lets something be published: what comes first, an answer or a refusal. That nobody listens is an
    /// answer too.
    pub(super) async fn may_publish(&mut self, subject: &str) -> bool {
        let inbox = self.client.new_inbox();
        let mut answers = self.client.subscribe(inbox.clone()).await.expect("a subscription");
        let payload = "no request".into();
        self.client.publish_with_reply(subject.to_owned(), inbox, payload).await.expect("it is sent");
        let refusal = format!("Permissions Violation for Publish to \"{subject}\"");
        let decided = tokio::time::timeout(ANSWERED, async {
            tokio::select! {
                Some(_answer) = answers.next() => true,
                Some(error) = self.said.recv() => {
                    assert!(error.contains(&refusal), "{error}");
                    false
                }
            }
        });
        decided.await.unwrap_or_else(|_| panic!("nothing is said about {subject}"))
    }

    /// Returns when the server has looked at everything that was sent before.
    async fn round_trip(&self) {
        self.client.request("$JS.API.INFO", "".into()).await.expect("the server answers");
    }

    /// Whether a user hears what another, connected to the same server, publishes to a subject, when he listens to a pattern.
    pub(super) async fn hears(&self, pattern: &str, other: &Self, subject: &str) -> bool {
        let mut heard = self.client.subscribe(pattern.to_owned()).await.expect("it is sent");
        let inbox = self.client.new_inbox();
        let mut end = self.client.subscribe(inbox.clone()).await.expect("a subscription");
        self.round_trip().await;
        other.client.publish(subject.to_owned(), "x".into()).await.expect("it is sent");
        other.client.publish(inbox, "end".into()).await.expect("it is sent");
        // Whatever was published before it has come before it.
        let ended = tokio::time::timeout(ANSWERED, end.next()).await;
        assert!(ended.unwrap_or_else(|_| panic!("nothing is heard after {pattern}")).is_some());
        let heard_it = heard.next().now_or_never().flatten().is_some();
        heard.unsubscribe().await.expect("it is sent");
        self.round_trip().await;
        heard_it
    }
}

/// What nats-server says of a shipped file when it only checks it; the certificates are this test's.
pub(super) fn check(name: &str) -> String {
    let dir = tempfile::tempdir().expect("a folder");
    let authority = Authority::new(dir.path(), "ca");
    let (certificate, key) = authority.sign("node");
    for file_name in [name, "common.conf", "users.conf"] {
        let text = file(file_name)
            .replace("/etc/nats-tls/node.crt", &certificate.display().to_string())
            .replace("/etc/nats-tls/node.key", &key.display().to_string())
            .replace("/etc/nats-tls/ca.crt", &authority.certificate().display().to_string());
        fs::write(dir.path().join(file_name), text).expect("a configuration");
    }
    // One as it is written, and the others as the hash that `nats server passwd` makes.
    let hash = "$2a$11$V1qrpBnHgrOMBVuGGD6vE.NjX5T5aA9Dn3Xf0rTn3C2hYHhoaCGPe";
    let mut secrets: BTreeMap<String, &str> =
        USERS.iter().map(|user| (format!("SCOREBOOK_NATS_{user}_PASSWORD"), hash)).collect();
    secrets.insert("SCOREBOOK_NATS_INGEST_PASSWORD".to_owned(), "as-it-is-written");
    secrets.insert("POD_NAME".to_owned(), "nats-0");
    let mut command = Command::new(nats::binary());
    command.args(["-t", "-c"]).arg(dir.path().join(name)).env_clear().envs(secrets);
    let output = command.output().expect("nats-server starts");
    let said = String::from_utf8([output.stderr, output.stdout].concat()).expect("UTF-8");
    assert!(output.status.success(), "{name}: {said}");
    said
}
