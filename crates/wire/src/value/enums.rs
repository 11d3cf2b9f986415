//! Enums, one for one. `encode` is total; `decode` refuses 0 and numbers that this program does not know.

use crate::violation::{Decoded, FieldViolation};

/// What stands for an enum number in a violation, and what to give instead.
fn refuse(field: &str, number: i32, names: &[&str]) -> FieldViolation {
    let remedy = format!("give one of {}", names.join(", "));
    match number {
        0 => FieldViolation::absent(field, remedy),
        _ => FieldViolation::new(field, number, "is not a value that this server knows", remedy),
    }
}

macro_rules! one_for_one {
    ($($(#[$doc:meta])* $name:ident: $wire:ident = $domain:path { $($variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        pub mod $name {
            use super::{Decoded, refuse};
            use crate::v1::$wire as Wire;
            use $domain as Domain;

            /// Every value, in the domain's order.
            pub const ALL: &[Domain] = &[$(Domain::$variant),+];

            /// The value on the wire.
            pub const fn encode(value: Domain) -> Wire {
                match value {
                    $(Domain::$variant => Wire::$variant,)+
                }
            }

            /// The domain's value.
            ///
            /// # Errors
            /// 0, or a number that the contract does not have.
            pub fn decode(field: &str, number: i32) -> Decoded<Domain> {
                match Wire::try_from(number) {
                    $(Ok(Wire::$variant) => Ok(Domain::$variant),)+
                    Ok(Wire::Unspecified) | Err(_) => {
                        Err(refuse(field, number, &[$(Wire::$variant.as_str_name()),+]))
                    }
                }
            }
        }
    )+};
}

one_for_one! {
    /// Why there is no figure.
    missing: Missing = domain::result::Missing {
        Confidential, NotApplicable, Unavailable, Low, Unreliable, NotSupplied, KnownNotToExist,
    }
    /// How settled a figure is.
    status: Status = domain::result::Status {
        Provisional, Revised, Final, Estimated, CarriedForward, Forecast, NotStated,
    }
    /// A colour.
    colour: Colour = domain::result::Colour { Green, Amber, Red }
    /// Why something is replaced.
    cause: Cause = domain::result::Cause { ScheduledRevision, MethodChange, CorrectionOfError }
    /// Which way is better.
    polarity: Polarity = domain::measure::Polarity { Higher, Lower, Range, None }
    /// How often there is a figure.
    frequency: Frequency = domain::measure::Frequency { Monthly, Quarterly, Termly, Annual }
    /// Which years there are.
    year_type: YearType = domain::period::YearType { Financial, Academic, Calendar }
    /// What an area is.
    area_level: AreaLevel = domain::event::AreaLevel { Country, Region, Authority, District }
    /// Whose target it is.
    owner: Owner = domain::target::Owner { Local, Service, National }
    /// What a committee did.
    committee_act: CommitteeAct = domain::view::CommitteeAct { Noted, Commented, Resolved }
    /// How several areas' figures become one.
    average: Average = domain::event::Average { Pooled, Mean, Median }
    /// How a figure stands against a comparator's.
    verdict: Verdict = ratings::Verdict { Better, Worse, Level, Higher, Lower, Same }
    /// Whether a measure may be there already.
    expect: Expect = domain::command::Expect { New, Existing, Either }
    /// What happens to a thing.
    change_kind: ChangeKind = domain::preview::ChangeKind { New, Revised, Withdrawn }
    /// How a figure compares with the country's.
    country_comparison: CountryComparison = reporting::release::CountryComparison { Better, Level, Worse }
    /// What kind of thing differs.
    difference_kind: DifferenceKind = reporting::answer::DifferenceKind {
        Scorecard, Section, Name, Neighbours, Added, Removed, Withdrawn, Moved, Cohort, Layout, Definition, Result,
        Status, Target, Minimum, Benchmark, Rule, Method, Rating, Verdict, Direction, Commentary,
        Action,
    }
    /// What a rating, or a verdict, became another by.
    cause_kind: CauseKind = reporting::answer::CauseKind {
        Data, Target, Minimum, Rule, Definition, Cohort, Layout, Withdrawal, Comparator, Neighbours,
    }
}

/// An enum that may be left out: 0 is nothing.
pub(crate) fn if_any<T>(field: &str, number: i32, decode: fn(&str, i32) -> Decoded<T>) -> Decoded<Option<T>> {
    if number == 0 { Ok(None) } else { decode(field, number).map(Some) }
}
