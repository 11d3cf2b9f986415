//! Where a follower is: it stores the cursor with the effect of what came with it, and goes on after it.

use std::fmt;
use std::str::FromStr;

use domain::{LogId, Position};

/// How many bytes of the chain a cursor carries.
const CHAIN_BYTES: usize = 8;

/// A place in the feed, as text `LOG:POSITION:ORDINAL:CHAIN`, such as `0193…-…:145:0:7f46d3e7ac4d1122`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Which log.
    pub log: LogId,
    /// The record, or the end of the commit whose rating change it is.
    pub position: Position,
    /// 0 for the record itself, from 1 for the rating changes of the commit that ends there, [`Cursor::ALL`] for everything.
    pub ordinal: u32,
    /// The beginning of the chain at the end of the commit that holds the position: another log, or a log that was
    /// restored and went on otherwise, has another.
    pub chain: [u8; CHAIN_BYTES],
}

impl Cursor {
    /// The ordinal of a cursor after everything of a position.
    pub const ALL: u32 = u32::MAX;
}

/// The word for [`Cursor::ALL`].
const ALL: &str = "all";

/// A text that is no cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no cursor such as LOG:145:0:7f46d3e7ac4d1122")]
pub struct NoCursor {
    text: String,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { log, position, ordinal, chain } = self;
        let ordinal = if *ordinal == Self::ALL { ALL.to_owned() } else { ordinal.to_string() };
        write!(f, "{log}:{position}:{ordinal}:")?;
        chain.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        read(text).ok_or_else(|| NoCursor { text: text.chars().take(100).collect() })
    }
}

fn read(text: &str) -> Option<Cursor> {
    let mut parts = text.split(':');
    let (log, position, ordinal, chain) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let chain = u64::from_str_radix(chain, 16).ok().filter(|_| chain.len() == 2 * CHAIN_BYTES)?;
    let ordinal = if ordinal == ALL { Cursor::ALL } else { number(ordinal)? };
    let cursor = Cursor {
        log: log.parse().ok()?,
        position: Position::new(number(position)?),
        ordinal,
        chain: chain.to_be_bytes(),
    };
    // One text for one place, so that equal places are equal texts.
    (parts.next().is_none() && cursor.to_string() == text).then_some(cursor)
}

fn number<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}
