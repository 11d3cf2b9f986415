//! Figures, results, and periods as sources state them.

use domain::event::Comparator;
use domain::limits::NAME_BYTES_MAX;
use domain::result::{Figure, ResultEntry, StatedPeriod, StatedPrevious};
use domain::{Decimal, Missing};

use super::{code, decode_decimal, decode_period, encode_decimal, enums, text, text_required};
use crate::v1::{self, comparator, figure, stated_period};
use crate::violation::{Decoded, FieldViolation, optional, required};

/// A figure.
pub fn encode_figure(figure: Figure) -> v1::Figure {
    let figure = match figure {
        Figure::Stated { value, denominator } => figure::Figure::Stated(v1::StatedFigure {
            value: Some(encode_decimal(value)),
            denominator: denominator.map(encode_decimal),
        }),
        Figure::Counted { numerator, denominator, stated } => figure::Figure::Counted(v1::CountedFigure {
            numerator: Some(encode_decimal(numerator)),
            denominator: Some(encode_decimal(denominator)),
            stated: stated.map(encode_decimal),
        }),
        Figure::Missing(missing) => figure::Figure::Missing(enums::missing::encode(missing).into()),
    };
    v1::Figure { figure: Some(figure) }
}

/// A figure. Whether its counts give a value is for `decide` to say.
///
/// # Errors
/// No figure, or a number that is none.
pub fn decode_figure(message: v1::Figure) -> Decoded<Figure> {
    match message.figure {
        Some(figure::Figure::Stated(stated)) => {
            let value = required("value", stated.value, decode_decimal);
            let denominator = optional("denominator", stated.denominator, decode_decimal);
            value
                .and_then(|value| Ok(Figure::Stated { value, denominator: denominator? }))
                .map_err(|violation| violation.within("stated"))
        }
        Some(figure::Figure::Counted(counted)) => {
            decode_counted(counted).map_err(|violation| violation.within("counted"))
        }
        Some(figure::Figure::Missing(number)) => Ok(Figure::Missing(enums::missing::decode("missing", number)?)),
        None => Err(FieldViolation::absent("", "give one of stated, counted and missing")),
    }
}

fn decode_counted(counted: v1::CountedFigure) -> Decoded<Figure> {
    Ok(Figure::Counted {
        numerator: required("numerator", counted.numerator, decode_decimal)?,
        denominator: required("denominator", counted.denominator, decode_decimal)?,
        stated: optional("stated", counted.stated, decode_decimal)?,
    })
}

/// What is recorded for a cell.
pub fn encode_entry(entry: &ResultEntry) -> v1::ResultEntry {
    v1::ResultEntry {
        figure: Some(encode_figure(entry.figure)),
        status: enums::status::encode(entry.status).into(),
        stated_colour: entry.stated_colour.map_or(v1::Colour::Unspecified, enums::colour::encode).into(),
        stated_previous: entry.stated_previous.as_ref().map(|previous| v1::StatedPrevious {
            value: Some(encode_decimal(previous.value)),
            period: encode_stated_period(&previous.period),
        }),
        source_text: entry.source_text.clone(),
    }
}

/// What is recorded for a cell.
///
/// # Errors
/// The first field that cannot be read.
pub fn decode_entry(message: v1::ResultEntry) -> Decoded<ResultEntry> {
    Ok(ResultEntry {
        figure: required("figure", message.figure, decode_figure)?,
        status: enums::status::decode("status", message.status)?,
        stated_colour: enums::if_any("stated_colour", message.stated_colour, enums::colour::decode)?,
        stated_previous: optional("stated_previous", message.stated_previous, decode_previous)?,
        source_text: text("source_text", message.source_text, NAME_BYTES_MAX)?,
    })
}

fn decode_previous(message: v1::StatedPrevious) -> Decoded<StatedPrevious> {
    Ok(StatedPrevious {
        value: required("value", message.value, decode_decimal)?,
        period: decode_stated_period("period", message.period)?,
    })
}

/// A period as a source gives it; `None` when nothing was said.
pub fn encode_stated_period(period: &StatedPeriod) -> Option<v1::StatedPeriod> {
    let stated = match period {
        StatedPeriod::Period(period) => stated_period::Stated::Period(period.code()),
        StatedPeriod::Words(words) => stated_period::Stated::Words(words.clone()),
        StatedPeriod::NotStated => return None,
    };
    Some(v1::StatedPeriod { stated: Some(stated) })
}

/// A period as a source gives it.
///
/// # Errors
/// A code that is none, or words that are too long.
pub fn decode_stated_period(field: &str, message: Option<v1::StatedPeriod>) -> Decoded<StatedPeriod> {
    let stated = match message.and_then(|message| message.stated) {
        Some(stated_period::Stated::Period(code)) => decode_period("period", &code).map(StatedPeriod::Period),
        Some(stated_period::Stated::Words(words)) => {
            text_required("words", words, NAME_BYTES_MAX).map(StatedPeriod::Words)
        }
        None => Ok(StatedPeriod::NotStated),
    };
    stated.map_err(|violation| violation.within(field))
}

/// Whose figure a benchmark is.
pub fn encode_comparator(comparator: &Comparator) -> v1::Comparator {
    let comparator = match comparator {
        Comparator::Area(area) => comparator::Comparator::Area(area.to_string()),
        Comparator::Neighbours => comparator::Comparator::Neighbours(()),
        Comparator::Group(name) => comparator::Comparator::Group(name.clone()),
    };
    v1::Comparator { comparator: Some(comparator) }
}

/// Whose figure a benchmark is.
///
/// # Errors
/// Nobody's, an area that is no code, or a name that is empty or too long.
pub fn decode_comparator(message: v1::Comparator) -> Decoded<Comparator> {
    match message.comparator {
        Some(comparator::Comparator::Area(area)) => code("area", &area).map(Comparator::Area),
        Some(comparator::Comparator::Neighbours(())) => Ok(Comparator::Neighbours),
        Some(comparator::Comparator::Group(name)) => {
            text_required("group", name, NAME_BYTES_MAX).map(Comparator::Group)
        }
        None => Err(FieldViolation::absent("", "give one of area, neighbours and group")),
    }
}

/// A benchmark's figure as an event carries it.
pub(crate) fn encode_benchmark_event(figure: &Result<Decimal, Missing>) -> v1::benchmark_recorded::Figure {
    match figure {
        Ok(value) => v1::benchmark_recorded::Figure::Value(encode_decimal(*value)),
        Err(missing) => v1::benchmark_recorded::Figure::Missing(enums::missing::encode(*missing).into()),
    }
}

/// A benchmark's figure as a command carries it.
pub(crate) fn encode_benchmark(figure: &Result<Decimal, Missing>) -> v1::record_benchmark::Figure {
    match figure {
        Ok(value) => v1::record_benchmark::Figure::Value(encode_decimal(*value)),
        Err(missing) => v1::record_benchmark::Figure::Missing(enums::missing::encode(*missing).into()),
    }
}

/// A benchmark's figure as a command carries it.
pub(crate) fn decode_benchmark(figure: Option<v1::record_benchmark::Figure>) -> Decoded<Result<Decimal, Missing>> {
    match figure {
        Some(v1::record_benchmark::Figure::Value(value)) => {
            decode_decimal(value).map(Ok).map_err(|violation| violation.within("value"))
        }
        Some(v1::record_benchmark::Figure::Missing(number)) => enums::missing::decode("missing", number).map(Err),
        None => Err(FieldViolation::absent("value", "give the value, or in `missing` why there is none")),
    }
}
