//! Pages: how many, from where, and tokens that keep the bounds of the first page.
//!
//! ```text
//! token = "1" "." position "." known_at in microseconds, or "-" "." items to skip "." fingerprint
//! ```
//!
//! A token is no secret and no cursor into anything: it says again what the first page was asked. Its fingerprint ties
//! it to the question, so that it cannot be used with another one unnoticed.

use domain::time::AsOf;
use domain::{Position, Timestamp};

use crate::limits::{PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};
use crate::violation::{Decoded, FieldViolation};

/// The version of the token's form.
const FORM: &str = "1";

/// Which page of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many items at most, 1 to 1,000.
    pub size: usize,
    /// How many items come before it.
    pub skip: usize,
    /// The bounds of the first page, to be used instead of those asked for; `None` on the first page.
    pub as_of: Option<AsOf>,
    fingerprint: u64,
}

impl Page {
    /// The token of the page after this one, for a question that was answered within `as_of`; empty when this is the
    /// last of `n_items`.
    pub fn next_token(&self, as_of: AsOf, n_items: usize) -> String {
        let skip = self.skip.saturating_add(self.size);
        if skip >= n_items {
            return String::new();
        }
        let known_at = as_of.known_at.map_or_else(|| "-".to_owned(), |at| at.micros().to_string());
        format!("{FORM}.{}.{known_at}.{skip}.{:016x}", as_of.position, self.fingerprint)
    }

    /// The items of the page, out of all.
    pub fn of<T>(&self, items: Vec<T>) -> Vec<T> {
        items.into_iter().skip(self.skip).take(self.size).collect()
    }
}

/// How many items a page may hold.
pub(crate) fn decode_size(size: u32) -> Decoded<usize> {
    let size = if size == 0 { PAGE_SIZE_DEFAULT } else { size };
    usize::try_from(size).ok().filter(|_| size <= PAGE_SIZE_MAX).ok_or_else(|| {
        let problem = format!("is more than {PAGE_SIZE_MAX}");
        FieldViolation::new("page_size", size, problem, "ask for fewer, and for the next page")
    })
}

/// Which page is asked for; `question` is everything else in the request, in some fixed writing.
pub(crate) fn decode(size: u32, token: &str, question: &[u8]) -> Decoded<Page> {
    let first = Page { size: decode_size(size)?, skip: 0, as_of: None, fingerprint: fingerprint(question) };
    if token.is_empty() {
        return Ok(first);
    }
    let refuse = |problem, remedy| FieldViolation::new("page_token", token, problem, remedy);
    let page = read(token, first)
        .ok_or_else(|| refuse("is not a page token", "give next_page_token of the page before, or nothing"))?;
    if page.fingerprint != first.fingerprint {
        return Err(refuse("belongs to another question", "repeat the other fields as they were"));
    }
    Ok(page)
}

fn read(token: &str, first: Page) -> Option<Page> {
    let mut fields = token.split('.');
    let mut field = || fields.next();
    let (form, position, known_at, skip, fingerprint) = (field()?, field()?, field()?, field()?, field()?);
    if form != FORM || field().is_some() {
        return None;
    }
    let known_at = match known_at {
        "-" => None,
        micros => Some(Timestamp::from_micros(micros.parse().ok()?).ok()?),
    };
    let position = Position::new(position.parse().ok()?);
    Some(Page {
        skip: skip.parse().ok()?,
        as_of: Some(AsOf { known_at, position }),
        fingerprint: u64::from_str_radix(fingerprint, 16).ok()?,
        ..first
    })
}

/// FNV-1a over the question. It guards against mistakes, not against malice: a token opens nothing.
fn fingerprint(question: &[u8]) -> u64 {
    question
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
