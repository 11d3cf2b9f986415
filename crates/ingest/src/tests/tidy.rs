use domain::event::ResultRecorded;
use domain::period::YearType;
use domain::result::{Colour, StatedPeriod};
use domain::{Command, Decimal, Figure, Missing, Period, Status};
use proptest::prelude::*;

use super::{command, read, refusal, refused};
use crate::tidy_time::read_time;
use crate::{Kind, kind_of_file, time_of};

const HEADER: &str = "time_period,time_identifier,geographic_level,country_code,region_code,new_la_code,lad_code,measure,\
    cohort,value,numerator,denominator,calculated,missing,status,stated_rating,previous_value,previous_period,source_text,\
    known_at,position";

/// One row of Kent's for September 2018, with other fields from `value` on.
fn row(figure: &str) -> String {
    format!("{HEADER}\n2018,September,Local authority,E92000001,E12000008,E10000016,,m,all,{figure}\n")
}

fn recorded(text: &str) -> ResultRecorded {
    let command = command(text);
    let Command::RecordResult(recorded) = command else { panic!("{command:?}") };
    recorded
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn the_layout_is_known_by_its_header() {
    assert_eq!(kind_of_file("results.csv", row("").as_bytes()), Some(Kind::Tidy));
    assert_eq!(read("any.csv", &row("1,,,,,,,,,,,")).layout, "scorebook-tidy.1");
}

#[test]
fn a_number_comes_back_as_it_was_recorded_noise_and_all() {
    for text in ["28.999999999999996", "0.30000000000000004", "1.0699999999999999", "4.5999999999999996"] {
        let figure = recorded(&row(&format!("{text},,,,,,,,,,,"))).entry.figure;
        assert_eq!(figure, Figure::Stated { value: decimal(text), denominator: None });
    }
}

#[test]
fn a_period_is_written_as_releases_write_it() {
    for (code, time, identifier) in [
        ("CY2018", "2018", "Calendar year"),
        ("FY2017", "201718", "Financial year"),
        ("AY2017", "201718", "Academic year"),
        ("FY1999", "199900", "Financial year"),
        ("FY2018-Q1", "201819", "Financial year Q1"),
        ("CY2018-Q4", "2018", "Calendar year Q4"),
        ("AY2018-T1", "201819", "Autumn term"),
        ("AY2018-T3", "201819", "Summer term"),
        ("2018-01", "2018", "January"),
        ("2018-12", "2018", "December"),
        ("2018-09-30", "2018-09-30", "Day"),
        ("FY2013..FY2015", "201314-201516", "Financial years"),
        ("CY2013..CY2015", "2013-2015", "Calendar years"),
    ] {
        let period: Period = code.parse().unwrap();
        assert_eq!(time_of(period), (time.to_owned(), identifier.to_owned()), "{code}");
        assert_eq!(read_time(time, identifier), Ok(period));
        assert_eq!(read_time(time, &identifier.to_uppercase()), Ok(period));
    }
    assert_eq!(read_time("2018", "Reporting year"), Ok("FY2017".parse().unwrap()), "the year to 31 March 2018");
    for (time, identifier) in [
        ("2018", "Financial year"),
        ("201719", "Financial year"),
        ("201718", "Calendar year"),
        ("201718", "Reporting year"),
        ("2017/18", "Academic year"),
        ("2018", "Financial year Q1"),
        ("201819", "Financial year Q5"),
        ("201819", "Academic year Q1"),
        ("201819", "Tax year"),
        ("2018", "Week 1"),
        ("201819", "September"),
        ("20188", "September"),
        ("2018-09", "Day"),
        ("٢٠١٨", "Calendar year"),
        ("", ""),
    ] {
        assert!(read_time(time, identifier).is_err(), "{time} {identifier}");
    }
}

proptest! {
    #[test]
    fn every_period_comes_back(year in 1900_i16..2190, n in 1_i8..=12, more in 0_i16..9, kind in 0..7, of in 0_usize..3) {
        let sort = [YearType::Financial, YearType::Academic, YearType::Calendar][of];
        let period = match kind {
            0 => Period::month(year, n),
            1 => Period::quarter(sort, year, (n - 1) / 3 + 1),
            2 => Period::term(year, (n - 1) / 4 + 1),
            3 => Period::year(sort, year),
            4 => Period::years(sort, year, year + more),
            5 => Period::day(domain::Date::constant(year, n, 28)),
            _ => Period::year(YearType::Calendar, year),
        };
        if let Some(period) = period {
            let (time, identifier) = time_of(period);
            prop_assert_eq!(read_time(&time, &identifier), Ok(period));
        }
    }
}

#[test]
fn a_place_is_the_code_at_its_level() {
    let at = |level: &str| {
        let fields = "E92000001,E12000008,E10000016,E07000105,m,all,1,,,,,,,,,,,";
        recorded(&format!("{HEADER}\n2018,September,{level},{fields}\n")).cell.series.area.to_string()
    };
    assert_eq!(
        ["National", "Regional", "Local authority", "local authority district"].map(at),
        ["E92000001", "E12000008", "E10000016", "E07000105"]
    );
    let none = refusal(&format!("{HEADER}\n2018,September,Regional,E92000001,,,,m,all,1,,,,,,,,,,,\n"));
    assert!(none.contains("region_code: is empty"), "{none}");
    let other = refusal(&format!("{HEADER}\n2018,September,Ward,E92000001,,,,m,all,1,,,,,,,,,,,\n"));
    assert!(other.contains("geographic_level: \"Ward\""), "{other}");
}

#[test]
fn a_figure_is_read_exactly_as_it_is_written() {
    let figure = |text: &str| recorded(&row(text)).entry.figure;
    let stated = |text| Figure::Stated { value: decimal(text), denominator: None };
    assert_eq!(figure("74.0,,,,,,,,,,,"), stated("74.0"));
    assert_eq!(figure("4.5999999999999996,,,,,,,,,,,"), stated("4.5999999999999996"), "an export means what it says");
    assert_eq!(
        figure("74.0,,364,,,,,,,,,"),
        Figure::Stated { value: decimal("74.0"), denominator: Some(decimal("364")) }
    );
    let counted = |stated| Figure::Counted { numerator: decimal("759"), denominator: decimal("1747"), stated };
    assert_eq!(figure("43.4,759,1747,,,,,,,,,"), counted(Some(decimal("43.4"))));
    assert_eq!(figure("43.4,759,1747,yes,,,,,,,,"), counted(None), "what was calculated was never stated");
    assert!(refusal(&row("43.4,,,yes,,,,,,,,")).contains("value: is empty or calculated"));
    assert!(refusal(&row("43.4,759,,,,,,,,,,")).contains("denominator: is empty or calculated"));
    assert!(refusal(&row("1,747,,,,,,,,,,,")).contains("fields"));
    assert!(refusal(&row("43.4%,,,,,,,,,,,")).contains("is not a number written as digits"));
    assert!(refusal(&row("1,1,0,,,,,,,,,")).contains("the denominator is 0"));
}

#[test]
fn symbols_are_kept_and_what_has_none_stands_beside_x() {
    let missing = |text: &str| match recorded(&row(text)).entry.figure {
        Figure::Missing(missing) => missing,
        figure => panic!("{figure:?}"),
    };
    assert_eq!(
        ["c", "z", "x", "low", "u"].map(|symbol| missing(&format!("{symbol},,,,,,,,,,,"))),
        [Missing::Confidential, Missing::NotApplicable, Missing::Unavailable, Missing::Low, Missing::Unreliable]
    );
    assert_eq!(missing("x,,,,not-supplied,,,,,,,"), Missing::NotSupplied);
    assert_eq!(missing("x,,,,known-not-to-exist,,,,,,,"), Missing::KnownNotToExist);
    assert_eq!(missing(",,,,not-supplied,,,,,,,"), Missing::NotSupplied);
    assert!(refusal(&row("c,,,,not-supplied,,,,,,,")).contains("beside a reason for having none"));
    assert!(refusal(&row("c,1,,,,,,,,,,")).contains("numerator: \"1\" is part of a figure"));
}

#[test]
fn everything_beside_the_figure_comes_back() {
    let text = row("74.0,,,,,final,amber,-72.10,stated: last year,'=4,2018-11-29T10:00:00.000001Z,99");
    let parsed = read("any.csv", &text);
    assert_eq!(parsed.instructions[0].known_at, Some("2018-11-29T10:00:00.000001Z".parse().unwrap()));
    let entry = recorded(&text).entry;
    assert_eq!(
        (entry.status, entry.stated_colour, entry.source_text.as_str()),
        (Status::Final, Some(Colour::Amber), "=4")
    );
    let previous = entry.stated_previous.unwrap();
    assert_eq!((previous.value, previous.period), (decimal("-72.10"), StatedPeriod::Words("last year".to_owned())));
    assert!(refusal(&row("1,,,,,,,,FY2016,,,")).contains("previous_value: is empty"));
}

#[test]
fn an_apostrophe_that_an_export_put_before_a_text_is_taken_away_and_one_of_the_text_stays() {
    let source_text = |text: &str| recorded(&row(&format!("74.0,,,,,,,,,{text},,"))).entry.source_text;
    for (exported, text) in [("'=4", "=4"), ("''=4", "'=4"), ("''74 %", "'74 %"), ("''", "'"), ("'74 %", "'74 %")] {
        assert_eq!(source_text(exported), text, "{exported}");
    }
}

#[test]
fn a_table_of_explore_education_statistics_is_told_once_and_a_slip_as_such() {
    let header =
        "time_period,time_identifier,geographic_level,country_code,new_la_code,category,referral_count,percent";
    let row = "201718,Academic year,National,E92000001,,Total,5,6";
    let shown = refusal(&format!("{header}\n{row}\n"));
    assert!(shown.contains("this looks like an Explore education statistics table; read it with --layout"), "{shown}");
    assert!(shown.contains("scorebook layout list"), "{shown}");
    let slip = refused("time_period,time_identifier,geographic_level,country_code,measure,valeu\n");
    assert!(slip.iter().any(|it| it.contains("did you mean value?")), "{slip:?}");
}
