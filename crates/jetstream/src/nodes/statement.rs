//! What a node says of itself, and how it is written: one JSON object of at most 16 KiB.
//!
//! ```text
//! {"v":1,"node":"reporting-1","run":"…","asks":false,"roles":["reporting"],"version":"0.1.0","format":1,
//!  "log":"…","position":1043,"chain":"…","followed":77,"recorded_at":…,"now":…,"stopped":null,"listen":"10.0.0.5:7420"}
//! ```
//!
//! Instants are microseconds since 1970 in UTC. A later version adds fields and leaves these as they are: an older node
//! reads what it knows, and ignores the rest. Only `v`, `node`, `run` and `now` must be there.

use domain::{Digest, LogId, Position, Timestamp};
use serde::{Deserialize, Serialize};

/// The longest statement, in bytes; a longer one is not read.
pub(crate) const BYTES_MAX: usize = 16 * 1024;
/// The longest name of a node, in bytes.
const NAME_BYTES_MAX: usize = domain::ids::CODE_BYTES_MAX;
/// The longest text in it, in bytes: what stops it, its version, its address.
pub(crate) const TEXT_BYTES_MAX: usize = 512;
/// How many role words a node says at the most, and how long one is, in bytes.
const ROLES_MAX: usize = 8;
const ROLE_BYTES_MAX: usize = 32;
/// The version of the form.
const VERSION: u32 = 1;

/// What a node says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name.
    pub node: String,
    /// Which start of it this is.
    pub run: [u8; 16],
    /// Whether everybody is asked to speak at once.
    pub asks: bool,
    /// What it does, in words.
    pub roles: Vec<String>,
    /// The program's version.
    pub version: String,
    /// The newest record format that it reads and writes; `None` when it does not say.
    pub format: Option<u32>,
    /// Which log it keeps; `None` for none yet.
    pub log: Option<LogId>,
    /// The end of its log; 0 for an empty one.
    pub position: Position,
    /// The chain there; `None` when it does not say.
    pub chain: Option<Digest>,
    /// The last sequence number of the stream that it has followed.
    pub followed: Option<u64>,
    /// When the last record was taken in.
    pub recorded_at: Option<Timestamp>,
    /// Its clock as it spoke.
    pub now: Timestamp,
    /// Why it records nothing; `None` when it does.
    pub stopped: Option<String>,
    /// Where it answers gRPC.
    pub listen: Option<String>,
}

/// Why bytes are no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Longer than 16 KiB.
    #[error("it has {n_bytes} bytes, more than {BYTES_MAX}")]
    TooLong {
        /// How long it is.
        n_bytes: usize,
    },
    /// Not the JSON of a statement.
    #[error("it is not what a node says of itself: {why}")]
    Json {
        /// What the reader said.
        why: String,
    },
    /// A field has what it may not have.
    #[error("its {field} cannot be used")]
    Field {
        /// Which.
        field: &'static str,
    },
}

/// As it is written.
#[derive(Serialize, Deserialize)]
struct Form {
    v: u32,
    node: String,
    run: String,
    #[serde(default)]
    asks: bool,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    version: String,
    #[serde(default)]
    format: Option<u32>,
    #[serde(default)]
    log: Option<String>,
    #[serde(default)]
    position: u64,
    #[serde(default)]
    chain: Option<String>,
    #[serde(default)]
    followed: Option<u64>,
    #[serde(default)]
    recorded_at: Option<i64>,
    now: i64,
    #[serde(default)]
    stopped: Option<String>,
    #[serde(default)]
    listen: Option<String>,
}

impl Statement {
    /// As it is sent. Texts over 512 bytes are cut.
    ///
    /// # Panics
    /// Never: texts and numbers can be written as JSON.
    pub fn encode(&self) -> Vec<u8> {
        let form = Form {
            v: VERSION,
            node: self.node.clone(),
            // Sixteen bytes are written alike, whatever they name.
            run: LogId(self.run).to_string(),
            asks: self.asks,
            roles: self.roles.clone(),
            version: cut(&self.version),
            format: self.format,
            log: self.log.map(|log| log.to_string()),
            position: self.position.get(),
            chain: self.chain.map(|chain| chain.to_string()),
            followed: self.followed,
            recorded_at: self.recorded_at.map(Timestamp::micros),
            now: self.now.micros(),
            stopped: self.stopped.as_deref().map(cut),
            listen: self.listen.as_deref().map(cut),
        };
        serde_json::to_vec(&form).expect("texts and numbers can be written as JSON")
    }

    /// What was sent.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > BYTES_MAX {
            return Err(Unreadable::TooLong { n_bytes: bytes.len() });
        }
        let form: Form = serde_json::from_slice(bytes).map_err(|error| Unreadable::Json { why: error.to_string() })?;
        let field = |field| Unreadable::Field { field };
        let instant = |micros, name| Timestamp::from_micros(micros).map_err(|_error| field(name));
        let texts =
            [("version", Some(&form.version)), ("stopped", form.stopped.as_ref()), ("listen", form.listen.as_ref())];
        if let Some((name, _)) = texts.iter().find(|(_, text)| text.is_some_and(|text| text.len() > TEXT_BYTES_MAX)) {
            return Err(field(name));
        }
        if form.v == 0 {
            return Err(field("v"));
        }
        if !is_name(&form.node) {
            return Err(field("node"));
        }
        if !are_roles(&form.roles) {
            return Err(field("roles"));
        }
        let run: LogId = form.run.parse().map_err(|_error| field("run"))?;
        Ok(Self {
            run: run.0,
            log: form.log.map(|log| log.parse()).transpose().map_err(|_error| field("log"))?,
            chain: form.chain.map(|chain| chain.parse()).transpose().map_err(|_error| field("chain"))?,
            recorded_at: form.recorded_at.map(|at| instant(at, "recorded_at")).transpose()?,
            now: instant(form.now, "now")?,
            position: Position::new(form.position),
            node: form.node,
            asks: form.asks,
            roles: form.roles,
            version: form.version,
            format: form.format,
            followed: form.followed,
            stopped: form.stopped,
            listen: form.listen,
        })
    }
}

/// Whether a text can name a node: 1 to 64 bytes of letters, digits, `-`, `_` and `.`.
pub(crate) fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=NAME_BYTES_MAX).contains(&name.len()) && name.chars().all(allowed)
}

/// Whether they can be the words of a node's roles: at most 8, each of 1 to 32 small letters and `-`.
pub(crate) fn are_roles(roles: &[String]) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c == '-';
    let word = |role: &String| (1..=ROLE_BYTES_MAX).contains(&role.len()) && role.chars().all(allowed);
    roles.len() <= ROLES_MAX && roles.iter().all(word)
}

/// As much of a text as may be said.
fn cut(text: &str) -> String {
    text.get(..text.floor_char_boundary(TEXT_BYTES_MAX)).unwrap_or(text).to_owned()
}
