//! The texts that a client sends back or writes by hand, each as they would come in any request: what `cargo xtask fuzz`
//! drives, and what the tests give again the inputs that it found. Compiled for these two alone.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use domain::scorecard::Layout;
use domain::{Decimal, Digest, LogId, MeasureId, Period, SubmissionId, Timestamp};

use crate::feed::Cursor;

/// A name, a reader of any bytes, and the most bytes of memory that it may hold at once for so many that it is given.
type Target = (&'static str, fn(&[u8]), fn(usize) -> usize);

/// Cursors of the feed, decimals, periods, instants, identifiers and layouts.
pub const TEXT: Target = ("text", read, |n| n.saturating_mul(64).saturating_add(16 * 1024));

/// All of them.
pub const TARGETS: &[Target] = &[TEXT];

fn read(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    check::<Cursor>(text);
    check::<Decimal>(text);
    check::<Digest>(text);
    check::<LogId>(text);
    check::<MeasureId>(text);
    check::<SubmissionId>(text);
    check::<Timestamp>(text);
    if let Ok(period) = Period::parse(text) {
        assert_eq!(Period::parse(&period.code()), Ok(period), "{text:?} is read as it is written");
        assert!(period.first_day() <= period.last_day(), "{text:?} ends before it begins");
    }
    drop(Layout::parse(text));
}

/// What is read is written in a way that is read as the same.
fn check<T: FromStr + Display + Debug + PartialEq>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string().parse::<T>().ok(), Some(read), "{text:?}");
    }
}
