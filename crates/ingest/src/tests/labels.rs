//! The table of period labels: every form that publishers write, and what becomes of it.

use domain::Status;

use crate::label::{Years, read, read_identified};

/// A label under the layout's sort of year, as the period's code and its status, or a part of the refusal.
type Case = (&'static str, &'static str, Result<(&'static str, Option<Status>), &'static str>);

const PROVISIONAL: Option<Status> = Some(Status::Provisional);
const REVISED: Option<Status> = Some(Status::Revised);
const FINAL: Option<Status> = Some(Status::Final);

const CASES: &[Case] = &[
    // A bare year is what the layout says that it is.
    ("academic-to", "2018", Ok(("AY2017", None))),
    ("academic-from", "2018", Ok(("AY2018", None))),
    ("financial-to", "2018", Ok(("FY2017", None))),
    ("financial-from", "2018", Ok(("FY2018", None))),
    ("calendar", "2018", Ok(("CY2018", None))),
    ("day-09-30", "2018", Ok(("2018-09-30", None))),
    ("", "2018", Err("does not say which sort of year it is")),
    // Two years say by themselves where they begin.
    ("academic-to", "2017/18", Ok(("AY2017", None))),
    ("academic-from", "2017/18", Ok(("AY2017", None))),
    ("financial-to", "2016-17", Ok(("FY2016", None))),
    ("financial-to", "2009-10", Ok(("FY2009", None))),
    ("financial-to", "2016/2017", Ok(("FY2016", None))),
    ("academic-to", "201718", Ok(("AY2017", None))),
    ("academic-to", "1999/00", Ok(("AY1999", None))),
    ("academic-to", "2018/17", Err("the second does not follow the first")),
    ("academic-to", "2017/19", Err("the second does not follow the first")),
    ("calendar", "2017/18", Err("the layout says that figures are for a calendar year or a day")),
    ("day-09-30", "2017/18", Err("the layout says that figures are for a calendar year or a day")),
    ("", "2017/18", Err("is not a period")),
    // Several years.
    ("financial-to", "2013/14-15/16", Ok(("FY2013..FY2015", None))),
    ("financial-to", "2013/14-2015/16", Ok(("FY2013..FY2015", None))),
    ("financial-to", "2013/14 to 2015/16", Ok(("FY2013..FY2015", None))),
    ("financial-to", "2013/14-16/15", Err("is not two years of the same sort")),
    ("financial-to", "2015/16-13/14", Err("the last begins before the first")),
    ("financial-to", "1998/99-00/01", Ok(("FY1998..FY2000", None))),
    ("financial-to", "1998/99-99/00", Ok(("FY1998..FY1999", None))),
    ("financial-to", "1949/50-00/01", Err("the last begins before the first")),
    // The dash of print.
    ("financial-to", "2017–18", Ok(("FY2017", None))),
    ("financial-to", "2013/14 – 2015/16 (prov)", Ok(("FY2013..FY2015", PROVISIONAL))),
    ("", "2013/14-15/16", Err("does not say which sort of year it is")),
    // Marks, however they are written.
    ("academic-to", "2025 (prov)", Ok(("AY2024", PROVISIONAL))),
    ("academic-to", "2023(Prov)", Ok(("AY2022", PROVISIONAL))),
    ("academic-to", "2023(prov)", Ok(("AY2022", PROVISIONAL))),
    ("academic-to", "2023 (Prov)", Ok(("AY2022", PROVISIONAL))),
    ("academic-to", "2023 (Provisional)", Ok(("AY2022", PROVISIONAL))),
    ("academic-to", "2018 (Rev)", Ok(("AY2017", REVISED))),
    ("academic-to", "2018 (Revised)", Ok(("AY2017", REVISED))),
    ("academic-to", "2020 (Final)", Ok(("AY2019", FINAL))),
    ("academic-to", "2017/18 (prov)", Ok(("AY2017", PROVISIONAL))),
    ("financial-to", "2016-17 (OT)", Ok(("FY2016", FINAL))),
    ("academic-to", "2018 (bis)", Err("has a mark in brackets that is not known")),
    // What names its own sort of period needs no layout to say it.
    ("", "Jul-25", Ok(("2025-07", None))),
    ("academic-to", "Jul-25", Ok(("2025-07", None))),
    ("", "July 2025", Ok(("2025-07", None))),
    ("", "2018-09", Ok(("2018-09", None))),
    ("", "FY2018-Q2", Ok(("FY2018-Q2", None))),
    ("calendar", "AY2018-T1", Ok(("AY2018-T1", None))),
    ("calendar", "2018-09-30", Ok(("2018-09-30", None))),
    // The stray 0, and other slips.
    ("academic-to", "0", Err("is not a period")),
    ("academic-to", "", Err("is not a period")),
    ("academic-to", "20188", Err("is not a period")),
    ("academic-to", "1066", Err("is not a period")),
    ("academic-to", "()", Err("has a mark in brackets that is not known")),
];

#[test]
fn a_label_is_a_period_and_a_status_or_is_refused() {
    for (years, text, expected) in CASES {
        check(text, read(text, Years::of_word(years)), expected);
    }
}

const IDENTIFIED: &[Case] = &[
    ("Academic year", "201718", Ok(("AY2017", None))),
    ("Financial year", "201718", Ok(("FY2017", None))),
    ("Financial year", "2017–18", Ok(("FY2017", None))),
    ("Calendar year", "2018", Ok(("CY2018", None))),
    ("Reporting year", "2018", Ok(("FY2017", None))),
    ("reporting year", "2018", Ok(("FY2017", None))),
    ("Financial year Q1", "201718", Ok(("FY2017-Q1", None))),
    ("Financial year Q4", "201718", Ok(("FY2017-Q4", None))),
    ("Calendar year Q3", "2018", Ok(("CY2018-Q3", None))),
    ("Autumn term", "201718", Ok(("AY2017-T1", None))),
    ("Spring term", "201718", Ok(("AY2017-T2", None))),
    ("Summer term", "201718", Ok(("AY2017-T3", None))),
    ("January", "2018", Ok(("2018-01", None))),
    ("December", "2018", Ok(("2018-12", None))),
    ("Academic year", "201719", Err("is not two years in sequence")),
    ("Academic year", "2018", Err("is not two years in sequence")),
    ("Calendar year", "201718", Err("is not one year")),
    ("Reporting year", "0", Err("is not one year")),
    ("Financial year Q5", "201718", Err("which Scorebook has no period for")),
    ("Tax year", "201718", Err("which Scorebook has no period for")),
    ("Week 12", "2018", Err("which Scorebook has no period for")),
    ("Autumn and spring term", "201718", Err("which Scorebook has no period for")),
];

#[test]
fn an_identifier_says_what_six_or_four_digits_are() {
    for (identifier, text, expected) in IDENTIFIED {
        check(text, read_identified(text, identifier, None), expected);
    }
    let september = read_identified("2018", "Reporting year", Years::of_word("day-09-30"));
    check("2018", september, &Ok(("2018-09-30", None)));
}

#[track_caller]
fn check(
    text: &str,
    found: Result<crate::label::Label, crate::label::Unclear>,
    expected: &Result<(&str, Option<Status>), &str>,
) {
    match (found, expected) {
        (Ok(label), Ok((code, status))) => assert_eq!((label.period.code().as_str(), label.status), (*code, *status)),
        (Err(found), Err(part)) => assert!(found.problem.contains(part), "{text:?}: {found:?}"),
        (found, expected) => panic!("{text:?}: {found:?}, not {expected:?}"),
    }
}

#[test]
fn a_month_as_digits_is_told_how_months_are_written_where_two_years_are_meant() {
    let remedy = |text: &str| read(text, Years::of_word("financial-to")).expect_err(text).remedy;
    assert_eq!(remedy("2018-04"), "write a year as 2017/18, and a month by its name, such as Apr 2018");
    assert_eq!(remedy("2018-04 (prov)"), remedy("2018-04"));
    for text in ["2018/04", "2018-13", "2018/20"] {
        assert_eq!(remedy(text), "write it as 2017/18", "{text}");
    }
}

#[test]
fn a_word_for_years_that_is_not_known_is_none() {
    for word in ["academic", "day-02-30", "day-9-30", "day-13-01", "day-02-29", "month", ""] {
        assert_eq!(Years::of_word(word), None, "{word}");
    }
}
