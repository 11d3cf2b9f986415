//! What there is to ask: one path, the feed.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderName};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use engine::Engine;
use engine::feed::{Followers, Following};
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt as _};

use crate::event::{HEARTBEAT, Speaker};
use crate::problem::Problem;
use crate::question;

/// After how long a silence something is sent, so that whatever is on the way keeps the connection.
pub(crate) const HEARTBEAT_EVERY: Duration = Duration::from_secs(15);

/// What answers. Cheap to clone.
#[derive(Clone)]
pub struct Site {
    engine: Engine,
    followers: Followers,
    speaker: Speaker,
}

impl Site {
    /// Answers from an engine, and gives places to followers.
    ///
    /// # Errors
    /// When the contract in this program cannot be read: a build fault.
    pub fn new(engine: Engine, followers: Followers) -> io::Result<Self> {
        let speaker = Speaker::new(engine.opened())?;
        Ok(Self { engine, followers, speaker })
    }
}

/// The paths, and what is said about others.
pub(crate) fn routes(site: Site) -> Router {
    let feed = |State(site): State<Site>, headers: HeaderMap, uri: Uri| async move { feed(&site, &headers, &uri) };
    Router::new()
        .route("/v1/feed", get(feed))
        .fallback(|| async { Problem::new(StatusCode::NOT_FOUND, "there is nothing here; the feed is at /v1/feed") })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "the feed can only be read; ask with GET")
        })
        .layer(middleware::from_fn(only_this_machine))
        .with_state(site)
}

fn feed(site: &Site, headers: &HeaderMap, uri: &Uri) -> Result<Response, Problem> {
    let (start, filter) = question::read(uri.query().unwrap_or_default(), headers.get("last-event-id"))?;
    let following = site.followers.follow(&site.engine, start, filter)?;
    let (sender, receiver) = Following::queue();
    let speaker = site.speaker.clone();
    tokio::spawn(following.tell(sender, move |told| speaker.say(told)));
    let events = kept_alive(ReceiverStream::new(receiver)).map(Ok::<_, io::Error>);
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
        // Nginx would hold events back until they fill a buffer.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}

/// The same with a word after each silence.
pub(crate) fn kept_alive(events: ReceiverStream<String>) -> impl Stream<Item = String> {
    let mut silence = tokio::time::interval(HEARTBEAT_EVERY);
    silence.reset();
    events.timeout_repeating(silence).map(|event| event.unwrap_or_else(|_silence| HEARTBEAT.to_owned()))
}

async fn only_this_machine(request: Request, next: Next) -> Result<Response, Problem> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(is_loopback) {
        return Ok(next.run(request).await);
    }
    let detail = "only this machine is answered; ask for localhost or 127.0.0.1, or let a proxy send that as the Host";
    Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, detail))
}

/// Whether a `Host` names this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}
