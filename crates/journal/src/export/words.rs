//! The words of an export for what has a code on disk: those that CSV files use. A word is never changed, because the
//! lines that were written with it are compared with what is written today.

use domain::event::{AreaLevel, Average};
use domain::measure::{Frequency, Polarity};
use domain::period::YearType;
use domain::result::{Cause, Colour};
use domain::{Missing, Owner, Status};

pub(super) const fn cause(value: Cause) -> &'static str {
    match value {
        Cause::ScheduledRevision => "scheduled-revision",
        Cause::MethodChange => "method-change",
        Cause::CorrectionOfError => "correction-of-error",
    }
}

pub(super) const fn level(value: AreaLevel) -> &'static str {
    match value {
        AreaLevel::Country => "country",
        AreaLevel::Region => "region",
        AreaLevel::Authority => "authority",
        AreaLevel::District => "district",
    }
}

pub(super) const fn average(value: Average) -> &'static str {
    match value {
        Average::Pooled => "pooled",
        Average::Mean => "mean",
        Average::Median => "median",
    }
}

pub(super) const fn polarity(value: Polarity) -> &'static str {
    match value {
        Polarity::Higher => "higher",
        Polarity::Lower => "lower",
        Polarity::Range => "range",
        Polarity::None => "none",
    }
}

pub(super) const fn frequency(value: Frequency) -> &'static str {
    match value {
        Frequency::Monthly => "monthly",
        Frequency::Quarterly => "quarterly",
        Frequency::Termly => "termly",
        Frequency::Annual => "annual",
    }
}

pub(super) const fn year_type(value: YearType) -> &'static str {
    match value {
        YearType::Financial => "financial",
        YearType::Academic => "academic",
        YearType::Calendar => "calendar",
    }
}

pub(super) const fn missing(value: Missing) -> &'static str {
    match value {
        Missing::Confidential => "c",
        Missing::NotApplicable => "z",
        Missing::Unavailable => "x",
        Missing::Low => "low",
        Missing::Unreliable => "u",
        Missing::NotSupplied => "not-supplied",
        Missing::KnownNotToExist => "known-not-to-exist",
    }
}

pub(super) const fn status(value: Status) -> &'static str {
    match value {
        Status::Provisional => "provisional",
        Status::Revised => "revised",
        Status::Final => "final",
        Status::Estimated => "estimated",
        Status::CarriedForward => "carried-forward",
        Status::Forecast => "forecast",
        Status::NotStated => "not-stated",
    }
}

pub(super) const fn colour(value: Colour) -> &'static str {
    match value {
        Colour::Green => "green",
        Colour::Amber => "amber",
        Colour::Red => "red",
    }
}

pub(super) const fn owner(value: Owner) -> &'static str {
    match value {
        Owner::Local => "local",
        Owner::Service => "service",
        Owner::National => "national",
    }
}
