use domain::event::{BenchmarkRecorded, Comparator, ResultRecorded};
use domain::result::{Colour, StatedPeriod, StatedPrevious};
use domain::{Command, Decimal, Figure, Missing, Period, Status};

use crate::tests::{check_refused, command, commands, refused, row, with};

const RESULT: [(&str, &str); 9] = [
    ("measure", "ehcp-20-weeks"),
    ("area", "E10000016"),
    ("period", "2018-09"),
    ("value", "43.4"),
    ("numerator", ""),
    ("denominator", ""),
    ("missing", ""),
    ("previous_value", ""),
    ("previous_period", ""),
];

const BENCHMARK: [(&str, &str); 8] = [
    ("measure", "plans"),
    ("area", "E10000016"),
    ("period", "2018-09"),
    ("comparator", "E92000001"),
    ("value", "20.2"),
    ("missing", ""),
    ("benchmark_period", "FY2017"),
    ("source", "DfE"),
];

fn number(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

#[track_caller]
fn result(changes: &[(&str, &str)]) -> ResultRecorded {
    let fields = changes.iter().fold(RESULT.to_vec(), |fields, (column, field)| with(&fields, column, field));
    match command(&row(&fields)) {
        Command::RecordResult(recorded) => recorded,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn benchmark(changes: &[(&str, &str)]) -> BenchmarkRecorded {
    let fields = changes.iter().fold(BENCHMARK.to_vec(), |fields, (column, field)| with(&fields, column, field));
    match command(&row(&fields)) {
        Command::RecordBenchmark(recorded) => recorded,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_value_is_recorded_for_its_cell() {
    let read = result(&[]);
    assert_eq!(read.cell.series.measure.as_str(), "ehcp-20-weeks");
    assert_eq!((read.cell.series.cohort.as_str(), read.cell.period), ("all", Period::month(2018, 9).unwrap()));
    assert_eq!(read.entry.figure, Figure::Stated { value: number("43.4"), denominator: None });
    assert_eq!((read.entry.status, read.entry.stated_colour), (Status::NotStated, None));
    assert_eq!((read.entry.stated_previous, read.entry.source_text.as_str()), (None, ""));
    assert_eq!(result(&[("cohort", "excluding-uasc")]).cell.series.cohort.as_str(), "excluding-uasc");
}

#[test]
fn counts_are_kept_beside_what_is_stated() {
    let read = result(&[("numerator", "759"), ("denominator", "1,747")]).entry;
    let (numerator, denominator) = (number("759"), number("1747"));
    assert_eq!(read.figure, Figure::Counted { numerator, denominator, stated: Some(number("43.4")) });
    assert_eq!(read.source_text, "denominator 1,747");
    let read = result(&[("numerator", "759"), ("denominator", "1747"), ("value", "")]).entry;
    assert_eq!(read.figure, Figure::Counted { numerator, denominator, stated: None });
    let read = result(&[("value", "74.0"), ("denominator", "364")]).entry;
    assert_eq!(read.figure, Figure::Stated { value: number("74.0"), denominator: Some(number("364")) });
}

#[test]
fn the_sources_own_writing_is_kept_where_it_differs() {
    for (written, value) in
        [("43.4%", "43.4"), ("4.5999999999999996", "4.6"), ("1,747", "1747"), (" 43.40\u{a0}", "43.40")]
    {
        let read = result(&[("value", written)]).entry;
        assert_eq!(read.figure, Figure::Stated { value: number(value), denominator: None });
        let source = if written.starts_with(' ') { "" } else { written };
        assert_eq!(read.source_text, source);
    }
    let read = result(&[("value", "43.4%"), ("numerator", "1,759"), ("denominator", "4053")]).entry;
    assert_eq!(read.source_text, "value 43.4%, numerator 1,759");
}

#[test]
fn every_reason_for_having_no_figure_is_read() {
    for (word, missing) in [
        ("c", Missing::Confidential),
        ("z", Missing::NotApplicable),
        ("x", Missing::Unavailable),
        ("low", Missing::Low),
        ("u", Missing::Unreliable),
        ("not-supplied", Missing::NotSupplied),
        ("known-not-to-exist", Missing::KnownNotToExist),
    ] {
        assert_eq!(result(&[("value", ""), ("missing", word)]).entry.figure, Figure::Missing(missing));
    }
    for (symbol, missing) in [("c", Missing::Confidential), ("X", Missing::Unavailable), ("low", Missing::Low)] {
        assert_eq!(result(&[("value", symbol)]).entry.figure, Figure::Missing(missing));
        assert_eq!(result(&[("value", symbol), ("missing", symbol)]).entry.figure, Figure::Missing(missing));
    }
}

#[test]
fn a_sign_in_common_use_is_read_and_its_writing_kept() {
    for (sign, missing) in [
        ("<5", Missing::Confidential),
        ("< 10", Missing::Confidential),
        ("n/a", Missing::Unavailable),
        ("N/A", Missing::Unavailable),
        ("..", Missing::Unavailable),
        (":", Missing::Unavailable),
        ("~", Missing::Low),
        ("k", Missing::Low),
    ] {
        let entry = result(&[("value", sign)]).entry;
        assert_eq!((entry.figure, entry.source_text.as_str()), (Figure::Missing(missing), sign));
    }
    for sign in ["c", "C", "z", "x", "u", "low"] {
        assert_eq!(result(&[("value", sign)]).entry.source_text, "");
    }
    for sign in ["-", "\u{2013}", "n/a", "<5"] {
        let entry = result(&[("value", sign), ("missing", "z")]).entry;
        assert_eq!((entry.figure, entry.source_text.as_str()), (Figure::Missing(Missing::NotApplicable), sign));
    }
    check_refused(&with(&RESULT, "value", "<5"), &[("numerator", "3", "is part of a figure beside a reason")]);
    check_refused(&with(&RESULT, "missing", "z"), &[("value", "x", "contradicts what missing says")]);
    check_refused(&BENCHMARK, &[("value", "n/a", "is a sign whose writing a benchmark does not keep")]);
}

#[test]
fn a_sign_that_may_mean_several_things_is_refused() {
    for sign in ["-", "\u{2013}", "\u{2014}", "\u{2212}"] {
        let expected =
            "is a dash, which may mean none, not applicable or not available; write 0 if it is none, or say in";
        check_refused(&RESULT, &[("value", sign, expected)]);
    }
    for sign in ["not-supplied", ">95", "<0.5", "<1%", "<", "tbc", "na"] {
        let remedy = "say in missing why there is no figure: one of c, z, x, low, u, not-supplied, known-not-to-exist";
        check_refused(&RESULT, &[("value", sign, remedy)]);
    }
}

#[test]
fn every_status_and_colour_is_read() {
    for (word, status) in [
        ("provisional", Status::Provisional),
        ("revised", Status::Revised),
        ("final", Status::Final),
        ("estimated", Status::Estimated),
        ("carried-forward", Status::CarriedForward),
        ("forecast", Status::Forecast),
        ("not-stated", Status::NotStated),
    ] {
        assert_eq!(result(&[("status", word)]).entry.status, status);
    }
    for (word, colour) in [("green", Colour::Green), ("Amber", Colour::Amber), ("RED", Colour::Red)] {
        assert_eq!(result(&[("stated_rating", word)]).entry.stated_colour, Some(colour));
    }
}

#[test]
fn a_previous_figure_keeps_its_period_or_the_words_for_it() {
    let previous = |value: &str, period: &str| {
        let read = result(&[("previous_value", value), ("previous_period", period)]).entry.stated_previous.unwrap();
        assert_eq!(read.value, number(value));
        read.period
    };
    assert_eq!(previous("16.4", "July 2018"), StatedPeriod::Period(Period::month(2018, 7).unwrap()));
    assert_eq!(previous("16.4", ""), StatedPeriod::NotStated);
    let read = result(&[("previous_value", "80.3"), ("previous_period", "stated:  July 20188 ")]).entry.stated_previous;
    let words = StatedPeriod::Words("July 20188".to_owned());
    assert_eq!(read, Some(StatedPrevious { value: number("80.3"), period: words }));
}

#[test]
fn a_slip_of_the_pen_in_a_year_is_refused_with_its_line_and_never_guessed() {
    let text = "measure,area,period,value,previous_value,previous_period\n\
                posts,E10000016,September 2018,84.9,80.3,July 20188\n\
                posts,E10000016,July 20188,80.3,,\n\
                posts,E10000016,July 2018,80.3,,\n";
    assert_eq!(
        refused(text),
        [
            "line 2, previous_period: \"July 20188\" is not a period; write it as 2018-07 or July 2018",
            "line 3, period: \"July 20188\" is not a period; write it as 2018-07 or July 2018",
        ]
    );
}

#[test]
fn a_result_that_is_not_well_said_is_refused() {
    check_refused(
        &RESULT,
        &[
            ("measure", "a b", "is not a code"),
            ("area", "", "area: is empty"),
            ("period", "", "period: is empty"),
            ("period", "Sept", "is not a period"),
            ("value", "", "give value, or numerator and denominator, or say in missing why"),
            ("value", "43,4", "has a comma that is no thousands mark"),
            ("numerator", "759", "denominator: is empty, although the other part of the ratio is given"),
            ("missing", "c", "value: \"43.4\" is a figure beside a reason for having none; leave it empty"),
            ("missing", "secret", "write one of c, z, x, low, u, not-supplied, known-not-to-exist"),
            ("status", "draft", "provisional, revised, final"),
            ("stated_rating", "blue", "green, amber, red"),
            ("previous_value", "eighty", "is not a number"),
            ("previous_period", "2018-07", "previous_value: is empty, although previous_period says when it was for"),
        ],
    );
    let counted = with(&with(&RESULT, "numerator", "5"), "denominator", "10");
    check_refused(
        &counted,
        &[
            ("denominator", "0", "gives no value: the denominator is 0; say in missing why there is no figure"),
            ("numerator", "-5", "correct the sign"),
            ("numerator", "5.1234567", "write fewer digits after the point"),
            ("numerator", "5%", "has a per cent sign"),
            ("missing", "z", "is a figure beside a reason for having none"),
            ("value", "c", "numerator: \"5\" is part of a figure beside a reason for having none"),
        ],
    );
    let half = with(&with(&RESULT, "value", ""), "denominator", "10");
    check_refused(&half, &[("status", "final", "numerator: is empty")]);
    let symbol = with(&RESULT, "value", "c");
    check_refused(&symbol, &[("missing", "x", "contradicts what missing says; leave it empty")]);
    let previous = with(&RESULT, "previous_value", "5");
    check_refused(&previous, &[("previous_period", "stated:", "says nothing")]);
}

#[test]
fn a_benchmark_has_its_own_period() {
    let read = benchmark(&[]);
    assert_eq!(read.comparator, Comparator::Area(domain::AreaId::new("E92000001").unwrap()));
    assert_eq!((read.figure, read.source.as_str()), (Ok(number("20.2")), "DfE"));
    assert_eq!(read.period, StatedPeriod::Period(Period::parse("FY2017").unwrap()));
    assert_eq!(benchmark(&[("comparator", "neighbours")]).comparator, Comparator::Neighbours);
    let group = Comparator::Group("South-East Benchmarking Group".to_owned());
    assert_eq!(benchmark(&[("comparator", "group: South-East Benchmarking Group")]).comparator, group);
    assert_eq!(benchmark(&[("benchmark_period", "")]).period, StatedPeriod::NotStated);
    let none = benchmark(&[("value", ""), ("missing", "known-not-to-exist")]);
    assert_eq!(none.figure, Err(Missing::KnownNotToExist));
    assert_eq!(benchmark(&[("value", "c")]).figure, Err(Missing::Confidential));
    check_refused(
        &BENCHMARK,
        &[
            ("comparator", "", "comparator: is empty"),
            ("comparator", "the South East", "write an area's code, neighbours, or 'group: '"),
            ("comparator", "group:", "names no group"),
            ("value", "", "say in missing why there is none"),
            ("value", "20.2%", "has a per cent sign; write the number alone"),
            ("missing", "c", "is a figure beside a reason for having none"),
            ("benchmark_period", "2017/18", "write FY2017"),
            ("source", "two\nlines", "has more than one line"),
        ],
    );
}

#[test]
fn commentary_is_about_a_cell() {
    let fields = [("measure", "m"), ("area", "E1"), ("period", "2018-09"), ("text", "Two\n\"lines\", and a comma")];
    let Command::WriteCommentary { cell, text } = command(&row(&fields)) else { panic!("no commentary") };
    assert_eq!((cell.series.measure.as_str(), text.as_str()), ("m", "Two\n\"lines\", and a comma"));
    check_refused(&fields, &[("text", "", "text: is empty"), ("period", "2018", "write CY2018")]);
}

#[test]
fn an_action_says_who_does_what_about_a_cell_and_by_when() {
    let fields = [
        ("measure", "m"),
        ("area", "E1"),
        ("period", "2018-09"),
        ("text", "Recruit"),
        ("owner", "Standards"),
        ("due", "2019-03-31"),
    ];
    let Command::AgreeAction { cell, text, owner, due } = command(&row(&fields)) else { panic!("no action") };
    assert_eq!((cell.series.measure.as_str(), text.as_str(), owner.as_str()), ("m", "Recruit", "Standards"));
    assert_eq!(due.to_string(), "2019-03-31");
    let refused = [
        ("text", "", "text: is empty"),
        ("owner", "", "owner: is empty"),
        ("due", "", "due: is empty"),
        ("due", "March", "write it as 2018-11-29"),
    ];
    check_refused(&fields, &refused);
}

#[test]
fn codes_that_come_again_are_the_same() {
    let text =
        "measure,area,cohort,period,value\na,E1,,2018-08,1\nb,E2,x,2018-08,2\na,E1,all,2018-09,3\na,E 1,,2018-09,3\n";
    assert_eq!(refused(text).len(), 1);
    let text = &text[..text.len() - "a,E 1,,2018-09,3\n".len()];
    let series: Vec<_> = commands(text)
        .into_iter()
        .map(|command| match command {
            Command::RecordResult(recorded) => recorded.cell.series,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(series[0], series[2]);
    assert_ne!(series[0], series[1]);
}
