//! The one-byte codes that stand for enums on disk. A code is never given another meaning.
//!
//! Each table is read in both directions, so that the compiler asks for a code when an enum gains a variant. Zero is left
//! for “none” where a field may be absent.

use domain::event::{AreaLevel, Average, CommitteeAct};
use domain::measure::{Frequency, Polarity};
use domain::period::YearType;
use domain::result::{Cause, Colour};
use domain::{Missing, Owner, Status};

use crate::bytes::Fault;

/// An enum with a code for each variant.
pub(super) trait Code: Sized {
    /// The code that is written.
    fn to_code(self) -> u8;
    /// The variant that was written.
    fn read(code: u8) -> Result<Self, Fault>;
}

macro_rules! codes {
    ($type:ident, $what:literal: $($code:literal = $variant:ident),+ $(,)?) => {
        impl Code for $type {
            fn to_code(self) -> u8 {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            fn read(code: u8) -> Result<Self, Fault> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    other => Err(unknown($what, other)),
                }
            }
        }
    };
}

/// The fault of a code that stands for nothing.
pub(super) fn unknown(what: &str, code: u8) -> Fault {
    Fault::damaged(format!("{code} is not the code of a {what}"))
}

/// The code of what may be absent.
pub(super) fn optional<T: Code>(value: Option<T>) -> u8 {
    value.map_or(0, Code::to_code)
}

/// What may be absent, by its code.
pub(super) fn read_optional<T: Code>(code: u8) -> Result<Option<T>, Fault> {
    if code == 0 { Ok(None) } else { T::read(code).map(Some) }
}

codes!(Cause, "cause": 1 = ScheduledRevision, 2 = MethodChange, 3 = CorrectionOfError);
codes!(AreaLevel, "level of area": 1 = Country, 2 = Region, 3 = Authority, 4 = District);
codes!(Average, "way to average": 1 = Pooled, 2 = Mean, 3 = Median);
codes!(Polarity, "polarity": 1 = Higher, 2 = Lower, 3 = Range, 4 = None);
codes!(Frequency, "frequency": 1 = Monthly, 2 = Quarterly, 3 = Termly, 4 = Annual);
codes!(YearType, "sort of year": 1 = Financial, 2 = Academic, 3 = Calendar);
codes!(Colour, "colour": 1 = Green, 2 = Amber, 3 = Red);
codes!(CommitteeAct, "act of a committee": 1 = Noted, 2 = Commented, 3 = Resolved);
codes!(Owner, "target's owner": 1 = Local, 2 = Service, 3 = National);
codes!(
    Missing, "reason for a missing figure":
    1 = Confidential,
    2 = NotApplicable,
    3 = Unavailable,
    4 = Low,
    5 = Unreliable,
    6 = NotSupplied,
    7 = KnownNotToExist,
);
codes!(
    Status, "status":
    1 = Provisional,
    2 = Revised,
    3 = Final,
    4 = Estimated,
    5 = CarriedForward,
    6 = Forecast,
    7 = NotStated,
);
