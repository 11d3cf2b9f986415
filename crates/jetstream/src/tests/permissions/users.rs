//! Clients that hear what is refused to them.

use std::time::Duration;

use async_nats::jetstream::{self, Context};
use async_nats::{Client, ConnectOptions, Event, ServerError};
use futures_util::{FutureExt as _, StreamExt as _};
use simulator::shipped::Shipped;
use tokio::sync::mpsc;

/// How long a server may take to answer, under the load of all other tests.
pub(super) const ANSWERED: Duration = Duration::from_secs(30);

/// A connection of one of the users whom the shipped files know, whose password is his name in these tests.
pub(super) async fn connect(shipped: &Shipped, user: &str) -> User {
    let (say, said) = mpsc::channel(64);
    let options = ConnectOptions::new()
        .user_and_password(user.to_owned(), user.to_owned())
        .add_root_certificates(shipped.ca.clone())
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
    let client = options.connect(shipped.nats.addresses().remove(0)).await.expect("a connection");
    let mut context = jetstream::new(client.clone());
    // Who asks before there is a leader is not answered, and asks again.
    context.set_timeout(Duration::from_secs(2));
    User { client, context, said }
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
