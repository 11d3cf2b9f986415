//! What several rows, or several columns of one row, say of one cell.

use domain::result::Figure;
use domain::{Command, Decimal};

use super::{CHANGES, LONG, check, done, read, refused};
use crate::layout::built_in;
use crate::{Layout, Parsed};

/// The instants of the instructions, beside what they do.
fn done_at(parsed: &Parsed) -> Vec<(String, String)> {
    let instants = parsed.instructions.iter().map(|it| it.known_at.map_or_else(String::new, |at| at.to_string()));
    instants.map(|at| at.chars().take(10).collect()).zip(done(parsed)).collect()
}

#[test]
fn figures_of_one_cell_at_two_instants_are_two_revisions() {
    let text = LONG.replace("value = \"value\"", "value = \"value\"\nknown_at = \"seen\"");
    let (first, second) = ("2018-11-29T10:00:00Z", "2019-11-29T10:00:00Z");
    let file = format!(
        "measure,area,year,value,seen\na,E1,2018,5,{second}\na,E1,2018 (prov),4,{first}\na,E1,2018,4,{first}\n\
         a,E1,2018,6,2018-11-29T11:00:00+01:00\nb,E1,2018,1,{second}\nb,E1,2018,2,\n"
    );
    let parsed = read(&text, "", &file);
    refused(
        &parsed,
        &[
            "line 3: is a row of a E1 AY2017, of which line 4 and line 5 differ",
            "line 4: says otherwise",
            "line 5: says",
        ],
    );
    let at = |at: &str, what: &str| (at.to_owned(), what.to_owned());
    assert_eq!(
        done_at(&parsed),
        [at("2019-11-29", "a E1 AY2017 = 5"), at("2019-11-29", "b E1 AY2017 = 1"), at("", "b E1 AY2017 = 2")]
    );
    // Before what it replaces in the file, and after it in time.
    let file = format!("measure,area,year,value,seen\na,E1,2018,5,{second}\na,E1,2018,4,{first}\n");
    let parsed = read(&text, "", &file);
    assert_eq!(parsed.refusals, vec![]);
    assert_eq!(done_at(&parsed), [at("2018-11-29", "a E1 AY2017 = 4"), at("2019-11-29", "a E1 AY2017 = 5")]);
}

#[test]
fn changes_of_one_cell_at_two_instants_are_all_kept() {
    let (first, second, third) = ("2025-09-17T15:20:20Z", "2025-10-10T13:48:16Z", "2025-11-10T13:48:16Z");
    let row = |at: &str, rest: &str| format!("21,{at},KS1P_all,2024,Kent,{rest}\n");
    let file = [
        row(third, "row_withdrawn,80,"),
        row(first, "first_seen,,79"),
        row(second, "revised,79,80"),
        row(second, "revised,79,80.0"),
    ];
    let parsed = read(built_in("lait-changes").unwrap(), "release=21", &format!("{CHANGES}{}", file.concat()));
    assert_eq!(parsed.refusals, vec![]);
    let cell = "KS1P_all E10000016 AY2023";
    let expected = [("2025-09-17", " = 79"), ("2025-10-10", " = 80"), ("2025-11-10", " withdrawn")];
    assert_eq!(done_at(&parsed), expected.map(|(at, what)| (at.to_owned(), format!("{cell}{what}"))));
}

#[test]
fn every_row_of_a_cell_is_refused_when_two_of_them_contradict_one_another() {
    let parsed = read(LONG, "", "measure,area,year,value\na,E1,2018,1\na,E1,2018,2\na,E1,2018,3\na,E1,2018 (p),1\n");
    refused(
        &parsed,
        &[
            "line 2: says otherwise of a E1 AY2017 than line 3",
            "line 3: says otherwise of a E1 AY2017 than line 2",
            "line 4: says otherwise of a E1 AY2017 than line 2",
            "line 5: is a row of a E1 AY2017, of which line 2 and line 3 differ",
        ],
    );
    assert_eq!((parsed.n_refused, parsed.n_rows, done(&parsed)), (4, 4, vec![]));
}

#[test]
fn the_same_number_with_more_digits_is_the_same_figure() {
    check(LONG, "measure,area,year,value\na,E1,2018,43.4\na,E1,2018,43.40\n", &["a E1 AY2017 = 43.4"]);
    let text = LONG.replace("value = \"value\"", "numerator = \"n\"\ndenominator = \"d\"\nvalue = \"value\"");
    let file = |row: &str| format!("measure,area,year,n,d,value\na,E1,2018,5.0,10,50\na,E1,2018,{row}\n");
    check(&text, &file("5,10.0,50.00"), &["a E1 AY2017 = 5.0/10"]);
    for other in ["6,10,50", "5,11,50", "5,10,51", "c,,"] {
        assert_eq!(read(&text, "", &file(other)).n_refused, 2, "{other}");
    }
}

#[test]
fn a_writing_with_line_breaks_is_kept_on_one_line() {
    let text = LONG.replace("k = \"low\"", "\"not\\nyet\" = \"x\"");
    check(
        &text,
        "measure,area,year,value\na,E1,2018,\"not\nyet\"\nb,E1,\"2018\n\t(prov)\",5\n",
        &["a E1 AY2017 = (not available) [not yet]", "b E1 AY2017 = 5 Provisional [label: 2018 (prov)]"],
    );
}

#[test]
fn a_cell_that_a_symbol_says_nothing_of_is_present() {
    let text = LONG.replace("kind = \"figures\"", "kind = \"snapshot\"");
    let parsed = read(&text, "", "measure,area,year,value\na,E1,2018,5\na,E2,2018,\nb,E1,0,\n");
    assert_eq!(done(&parsed), ["a E1 AY2017 = 5"]);
    let present: Vec<String> =
        parsed.present.iter().map(|it| format!("{} {}", it.series.area, it.period.code())).collect();
    assert_eq!(present, ["E2 AY2017"]);
    assert_eq!(parsed.n_refused, 1, "a row that is passed over is still read");
}

#[test]
fn times_multiplies_the_value_and_never_the_counts() {
    let text = r#"
name = "plans"
kind = "figures"
columns = { period = "year" }
areas = { columns = ["area"] }
periods = { years = "calendar" }
[[indicators]]
measure = "in-time"
numerator = "within"
denominator = "all"
value = "share"
times = 100
[[indicators]]
measure = "share"
value = "share"
denominator = "all"
times = 100
"#;
    let parsed = read(text, "", "year,area,within,all,share\n2019,E1,577,1998,0.289\n");
    assert_eq!(parsed.refusals, vec![]);
    let figures = parsed.instructions.iter().map(|it| match &it.command {
        Command::RecordResult(recorded) => recorded.entry.figure,
        other => panic!("{other:?}"),
    });
    let number = |text: &str| Decimal::parse(text).unwrap();
    let (numerator, denominator, value) = (number("577"), number("1998"), number("28.9"));
    let expected = [
        Figure::Counted { numerator, denominator, stated: Some(value) },
        Figure::Stated { value, denominator: Some(denominator) },
    ];
    assert_eq!(figures.collect::<Vec<_>>(), expected);
    let refusals = Layout::parse(&text.replacen("value = \"share\"\n", "", 1), 1).unwrap_err();
    assert_eq!(refusals.len(), 1);
    let shown = refusals[0].to_string();
    assert!(shown.starts_with("line 11, indicators.times: is said, although there is no value"), "{shown}");
}

#[test]
fn two_indicators_of_one_row_that_disagree_are_told_of_the_one_line() {
    let text = r#"
name = "plans"
kind = "figures"
columns = { period = "year" }
areas = { columns = ["area"] }
periods = { years = "calendar" }
[[indicators]]
measure = "share"
value = "share"
[[indicators]]
measure = "share"
value = "percent"
"#;
    let parsed = read(text, "", "year,area,share,percent\n2019,E1,28.9,28.90\n2020,E1,1,2\n2020,E1,1,1\n");
    refused(
        &parsed,
        &[
            "line 3: says two things of share E1 CY2020, and neither is more settled; see that the row's figures agree",
            "line 4: is a row of share E1 CY2020, of which line 3 says two things; correct those first",
        ],
    );
    assert_eq!(done(&parsed), ["share E1 CY2019 = 28.9"]);
}

#[test]
fn what_stands_after_a_closing_quotation_mark_is_refused_with_its_rows() {
    let text = LONG.replace("kind = \"figures\"", "kind = \"figures\"\nignore = [\"note\"]");
    let file = "measure,area,year,value,note\n\
                a,E1,2018,43,\"see note\n\
                b,E1,2018,44,\"other\"\n\
                c,E1,2018,\"43\"5,\n\
                d,E1,2018,1,\n";
    let parsed = read(&text, "", file);
    refused(
        &parsed,
        &[
            "line 2: \"other\\\"\" stands right after the closing quotation mark of field 5, on line 3; close the text",
            "line 4: \"5\" stands right after the closing quotation mark of field 4, on line 4; close the text",
        ],
    );
    assert_eq!(done(&parsed), ["d E1 AY2017 = 1"]);
}

#[test]
fn a_per_cent_sign_is_no_part_of_a_count() {
    let text = LONG.replace("value = \"value\"", "numerator = \"n\"\ndenominator = \"d\"\nvalue = \"value\"");
    let file = "measure,area,year,n,d,value\na,E1,2018,50%,200,25\nb,E1,2018,50,200 %,25\nc,E1,2018,50,200,25%\n";
    let parsed = read(&text, "", file);
    assert_eq!(done(&parsed), ["c E1 AY2017 = 50/200 [25%]"]);
    refused(
        &parsed,
        &[
            "line 2, n: \"50%\" has a per cent sign; write the number alone; the unit is the measure's",
            "line 3, d: \"200 %\" has a per cent sign; write the number alone; the unit is the measure's",
        ],
    );
}
