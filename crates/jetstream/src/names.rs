//! What an authority's streams and subjects are called.
//!
//! ```text
//! scorebook.<authority>.log                          the log: stream SCOREBOOK_<authority>_LOG
//! scorebook.<authority>.events.<Type>.<measure>      the public feed: stream SCOREBOOK_<authority>_FEED
//! scorebook.<authority>.ratings.RatingChanged.<measure>
//! scorebook.<authority>.nodes.<node>                 what each node says of itself; kept by nobody
//! ```

use std::fmt::Write as _;

use domain::{AreaId, MeasureId};

/// The names of one authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    authority: String,
}

impl Names {
    /// Of an authority: its GSS code, which is letters and digits.
    pub fn of(authority: &AreaId) -> Self {
        Self { authority: token(authority.as_str()) }
    }

    /// The stream of the log.
    pub fn log_stream(&self) -> String {
        format!("SCOREBOOK_{}_LOG", self.authority)
    }

    /// The one subject of the log.
    pub fn log_subject(&self) -> String {
        format!("scorebook.{}.log", self.authority)
    }

    /// The stream of the public feed.
    pub fn feed_stream(&self) -> String {
        format!("SCOREBOOK_{}_FEED", self.authority)
    }

    /// The subjects of the public feed.
    pub fn feed_subjects(&self) -> [String; 2] {
        [format!("scorebook.{}.events.>", self.authority), format!("scorebook.{}.ratings.>", self.authority)]
    }

    /// The subject of an event of a type; of one that is about no measure, the last token is `-`.
    pub fn event_subject(&self, name: &str, measure: Option<&MeasureId>) -> String {
        let measure = measure.map_or_else(|| "-".to_owned(), |measure| token(measure.as_str()));
        format!("scorebook.{}.events.{name}.{measure}", self.authority)
    }

    /// The subject of a measure's rating changes.
    pub fn rating_subject(&self, measure: &MeasureId) -> String {
        format!("scorebook.{}.ratings.RatingChanged.{}", self.authority, token(measure.as_str()))
    }

    /// The bucket in which the append lease is.
    pub fn lease_bucket(&self) -> String {
        format!("SCOREBOOK_{}_LEASE", self.authority)
    }

    /// The subject on which a node speaks of itself; `*` for all of them.
    pub fn node_subject(&self, node: &str) -> String {
        format!("scorebook.{}.nodes.{node}", self.authority)
    }
}

/// A code as one token of a subject: letters, digits, `_` and `-` stand for themselves, every other byte is `=` and its
/// two hexadecimal digits.
pub fn token(code: &str) -> String {
    let mut token = String::with_capacity(code.len());
    for byte in code.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' {
            token.push(char::from(byte));
        } else {
            write!(token, "={byte:02X}").expect("a text takes what is written");
        }
    }
    token
}
