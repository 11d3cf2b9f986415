//! Results in the layout of England's tidy releases, one a row, which `scorebook import` reads again.
//!
//! The columns are described in `docs/FORMATS.md`. Years and places are written as such releases write them, a missing
//! figure as its symbol in the place of the value; what they have no column for stands in columns of our own.

use std::io::{self, Write};

use wire::v1;

use super::as_io;
use super::columns::Cells;
use crate::show::words;

/// Writes the rows, under a header that is written even without any.
pub(crate) struct Tidy<W: Write> {
    writer: ::csv::Writer<W>,
}

impl<W: Write> Tidy<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// What `out` says.
    pub(crate) fn begin(out: W) -> io::Result<Self> {
        let mut writer = ::csv::Writer::from_writer(out);
        let example = cells(&v1::SeriesResults::default(), &v1::StandingResult::default());
        writer.write_record(example.header()).map_err(as_io)?;
        Ok(Self { writer })
    }

    /// Writes what stands of one series, a row a period.
    ///
    /// # Errors
    /// What `out` says.
    pub(crate) fn series(&mut self, series: &v1::SeriesResults) -> io::Result<()> {
        series.results.iter().try_for_each(|result| {
            let row = cells(series, result);
            self.writer.write_record(row.values()).map_err(as_io)
        })
    }

    /// Ends well: without it the last rows may be missing.
    ///
    /// # Errors
    /// What `out` says.
    pub(crate) fn end(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn cells(series: &v1::SeriesResults, result: &v1::StandingResult) -> Cells {
    let mut cells = Cells::default();
    cells.code("time_period", &result.time_period);
    cells.code("time_identifier", &result.time_identifier);
    places(&mut cells, &series.areas);
    cells.code("measure", &series.measure);
    cells.free("measure_title", &series.measure_title);
    cells.code("cohort", &series.cohort);
    let entry = result.entry.clone().unwrap_or_default();
    figure(&mut cells, entry.figure.as_ref(), result.calculated.as_ref());
    cells.code("status", status(entry.status()));
    cells.free("unit", &series.unit);
    cells.number("decimal_places", &series.decimal_places.to_string());
    cells.code("stated_rating", colour(entry.stated_colour()));
    let previous = entry.stated_previous.unwrap_or_default();
    cells.number("previous_value", &words::decimal(previous.value.as_ref()));
    let period = previous.period.and_then(|period| period.stated);
    let period = match period {
        Some(v1::stated_period::Stated::Period(code)) => code,
        Some(v1::stated_period::Stated::Words(words)) => format!("stated: {words}"),
        None => String::new(),
    };
    cells.code("previous_period", &period);
    cells.free("source_text", &entry.source_text);
    cells.free("data_source", &series.data_source);
    let source = result.origin.as_ref().map(|it| format!("{} line {}", it.file_name, it.line)).unwrap_or_default();
    cells.free("source", &source);
    cells.code("known_at", &words::instant_code(result.known_at.as_ref()));
    cells.number("position", &result.position.to_string());
    cells
}

/// The area at its level, and those that contain it at theirs.
fn places(cells: &mut Cells, areas: &[v1::AreaAnswer]) {
    let of_level = |level| areas.iter().find(|area| area.level() == level).cloned().unwrap_or_default();
    let level = match areas.first().map_or(v1::AreaLevel::Unspecified, v1::AreaAnswer::level) {
        v1::AreaLevel::Unspecified => "",
        v1::AreaLevel::Country => "National",
        v1::AreaLevel::Region => "Regional",
        v1::AreaLevel::Authority => "Local authority",
        v1::AreaLevel::District => "Local authority district",
    };
    cells.code("geographic_level", level);
    for (code, name, level) in [
        ("country_code", "country_name", v1::AreaLevel::Country),
        ("region_code", "region_name", v1::AreaLevel::Region),
        ("new_la_code", "la_name", v1::AreaLevel::Authority),
        ("lad_code", "lad_name", v1::AreaLevel::District),
    ] {
        let area = of_level(level);
        cells.code(code, &area.area);
        cells.free(name, &area.name);
    }
}

/// The value, or the symbol in its place, and what it was made of.
fn figure(cells: &mut Cells, figure: Option<&v1::Figure>, calculated: Option<&v1::Decimal>) {
    let (value, numerator, denominator, missing) = match figure.and_then(|figure| figure.figure.as_ref()) {
        Some(v1::figure::Figure::Stated(it)) => (words::decimal(it.value.as_ref()), None, it.denominator.as_ref(), ""),
        Some(v1::figure::Figure::Counted(it)) => {
            let value = it.stated.as_ref().or(calculated);
            (words::decimal(value), it.numerator.as_ref(), it.denominator.as_ref(), "")
        }
        Some(v1::figure::Figure::Missing(code)) => {
            let (symbol, word) = symbol(v1::Missing::try_from(*code).unwrap_or_default());
            (symbol.to_owned(), None, None, word)
        }
        None => (String::new(), None, None, ""),
    };
    let counted_alone = matches!(
        figure.and_then(|figure| figure.figure.as_ref()),
        Some(v1::figure::Figure::Counted(v1::CountedFigure { stated: None, .. }))
    );
    cells.number("value", &value);
    cells.number("numerator", &words::decimal(numerator));
    cells.number("denominator", &words::decimal(denominator));
    cells.code("calculated", if counted_alone { "yes" } else { "" });
    cells.code("missing", missing);
}

/// The symbol of official statistics; of what has none, `x` (not available) and our own word.
fn symbol(missing: v1::Missing) -> (&'static str, &'static str) {
    match missing {
        v1::Missing::Unspecified => ("", ""),
        v1::Missing::Confidential => ("c", ""),
        v1::Missing::NotApplicable => ("z", ""),
        v1::Missing::Unavailable => ("x", ""),
        v1::Missing::Low => ("low", ""),
        v1::Missing::Unreliable => ("u", ""),
        v1::Missing::NotSupplied => ("x", "not-supplied"),
        v1::Missing::KnownNotToExist => ("x", "known-not-to-exist"),
    }
}

fn status(status: v1::Status) -> &'static str {
    match status {
        v1::Status::Unspecified => "",
        v1::Status::Provisional => "provisional",
        v1::Status::Revised => "revised",
        v1::Status::Final => "final",
        v1::Status::Estimated => "estimated",
        v1::Status::CarriedForward => "carried-forward",
        v1::Status::Forecast => "forecast",
        v1::Status::NotStated => "not-stated",
    }
}

fn colour(colour: v1::Colour) -> &'static str {
    match colour {
        v1::Colour::Unspecified => "",
        v1::Colour::Green => "green",
        v1::Colour::Amber => "amber",
        v1::Colour::Red => "red",
    }
}
