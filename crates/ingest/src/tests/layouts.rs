//! Layouts: what a file becomes under one, and what is refused; the built-in ones on the shapes of the real tables.

mod across;
mod cells;

use domain::period::YearType;
use domain::result::Figure;
use domain::{AreaId, Cell, Command, MeasureId, Status};

use crate::layout::{BUILT_IN, built_in, code_of};
use crate::{Coverage, Defaults, Known, Layout, Parsed, Reading, parse_with};

/// A layout of a table with a column for everything.
const LONG: &str = r#"
name = "long"
kind = "figures"
[columns]
measure = "measure"
period = "year"
value = "value"
[areas]
columns = ["area"]
[measures]
others = "by-rule"
[periods]
years = "academic-to"
[symbols]
c = "c"
k = "low"
"-" = "x"
"<5" = "c"
".." = "not-supplied"
"" = "pass-over"
"#;

fn known() -> Known {
    let mut known = Known::default();
    for (code, name) in [("E10000016", "Kent"), ("E92000001", "England"), ("E13000001", "Inner London")] {
        known.name(&AreaId::new(code).unwrap(), name);
    }
    known.name(&AreaId::new("E12000003").unwrap(), "Yorkshire and The Humber");
    known.name(&AreaId::new("E07000112").unwrap(), "Shepway");
    known.name(&AreaId::new("E07000112").unwrap(), "Folkestone and Hythe");
    for (measure, years) in [
        ("ReReferral", YearType::Financial),
        ("KS1P_all", YearType::Academic),
        ("SEN_EHC_All_20wks", YearType::Calendar),
        ("pct_2yr_olds", YearType::Academic),
    ] {
        known.measure(&MeasureId::new(measure).unwrap(), years);
    }
    known
}

#[track_caller]
fn layout(text: &str) -> Layout {
    Layout::parse(text, 1).unwrap_or_else(|refusals| panic!("{refusals:?}"))
}

fn read(text: &str, select: &str, file: &str) -> Parsed {
    let defaults = Defaults { known: known(), ..Defaults::default() };
    let reading = Reading { file: 0, defaults: &defaults, select };
    parse_with(&layout(text), file.as_bytes(), &reading)
}

/// What each instruction does: the cell and the figure, or `withdrawn`, with the status and the source's text.
fn done(parsed: &Parsed) -> Vec<String> {
    let shown = |Cell { series, period }: &Cell| {
        let cohort = if series.cohort.as_str() == "all" { String::new() } else { format!(" {}", series.cohort) };
        format!("{} {}{cohort} {}", series.measure, series.area, period.code())
    };
    let figure = |figure: &Figure| match figure {
        Figure::Stated { value, .. } => value.to_string(),
        Figure::Counted { numerator, denominator, .. } => format!("{numerator}/{denominator}"),
        Figure::Missing(missing) => format!("({})", missing.words()),
    };
    let instructions = parsed.instructions.iter().map(|instruction| match &instruction.command {
        Command::RecordResult(recorded) => {
            let entry = &recorded.entry;
            let status = if entry.status == Status::NotStated { String::new() } else { format!(" {:?}", entry.status) };
            let source = if entry.source_text.is_empty() { String::new() } else { format!(" [{}]", entry.source_text) };
            format!("{} = {}{status}{source}", shown(&recorded.cell), figure(&entry.figure))
        }
        Command::WithdrawResult(cell) => format!("{} withdrawn", shown(cell)),
        other => panic!("{other:?}"),
    });
    instructions.collect()
}

#[track_caller]
fn check(text: &str, file: &str, expected: &[&str]) {
    let parsed = read(text, "", file);
    assert_eq!(parsed.refusals, vec![]);
    assert_eq!(done(&parsed), expected);
}

#[track_caller]
fn refused(parsed: &Parsed, expected: &[&str]) {
    let shown: Vec<String> = parsed.refusals.iter().map(ToString::to_string).collect();
    assert_eq!(shown.len(), expected.len(), "{shown:#?}");
    for (shown, expected) in shown.iter().zip(expected) {
        assert!(shown.contains(expected), "{shown}");
    }
}

#[test]
fn each_row_is_a_result_of_the_measure_that_it_names() {
    let file = "measure,area,year,value\n%_2yr_olds,E10000016,2018,71\nx,E92000001,2017/18 (prov),4.5\n";
    check(
        LONG,
        file,
        &["pct_2yr_olds E10000016 AY2017 = 71", "x E92000001 AY2017 = 4.5 Provisional [label: 2017/18 (prov)]"],
    );
}

#[test]
fn noise_of_binary_floating_point_is_read_as_the_decimal_it_was() {
    for (written, value) in [
        ("4.5999999999999996", "4.6"),
        ("7.7999999999999999E-4", "0.00078"),
        ("3.5139393109117059", "3.513939310911706"),
        ("1.8599999999999998E-2", "0.0186"),
        ("2.5E3", "2500"),
    ] {
        let file = format!("measure,area,year,value\nm,E10000016,2018,{written}\n");
        check(LONG, &file, &[&format!("m E10000016 AY2017 = {value} [{written}]")]);
    }
    let file = "measure,area,year,value\nm,E10000016,2018 (Rev),4.5999999999999996\n";
    check(LONG, file, &["m E10000016 AY2017 = 4.6 Revised [4.5999999999999996; label: 2018 (Rev)]"]);
    for (written, value) in [("1.234567890123456E+15", "1234567890123456"), ("1E16", "10000000000000000"), ("0e5", "0")]
    {
        let file = format!("measure,area,year,value\nm,E10000016,2018,{written}\n");
        check(LONG, &file, &[&format!("m E10000016 AY2017 = {value} [{written}]")]);
    }
    // What a double cannot keep is no number that was written: not 0, and not …992.
    for written in ["1E999", "1e", "e5", "4.6E-4E", "1e-400", "-1E-400", "9007199254740993e0"] {
        let file = format!("measure,area,year,value\nm,E10000016,2018,{written}\n");
        assert_eq!(read(LONG, "", &file).n_refused, 1, "{written}");
    }
}

#[test]
fn symbols_are_what_the_layout_says_and_an_unknown_one_is_refused() {
    let rows = "a,E10000016,2018,c\nb,E10000016,2018,k\nd,E10000016,2018,-\ne,E10000016,2018,<5\nf,E10000016,2018,..\n\
                g,E10000016,2018,\n";
    let file = format!("measure,area,year,value\n{rows}");
    check(
        LONG,
        &file,
        &[
            "a E10000016 AY2017 = (confidential)",
            "b E10000016 AY2017 = (rounds to 0) [k]",
            "d E10000016 AY2017 = (not available) [-]",
            "e E10000016 AY2017 = (confidential) [<5]",
            "f E10000016 AY2017 = (data to be supplied) [..]",
        ],
    );
    let parsed = read(LONG, "", "measure,area,year,value\na,E10000016,2018,~\nb,E10000016,2018,<6\n");
    refused(
        &parsed,
        &["line 2, value: \"~\" is no number, and no symbol of the layout", "line 3, value: \"<6\" is no number"],
    );
}

#[test]
fn every_reason_of_the_field_can_be_said() {
    for symbol in ["c", "z", "x", "u", "low", "k", "-", "..", ":", "~", "NA", "<5", "n/a"] {
        let text = LONG.replace("k = \"low\"", &format!("k = \"low\"\n{symbol:?} = \"z\"")).replace("c = \"c\"\n", "");
        let text = if matches!(symbol, "k" | "-" | ".." | "<5") { LONG.to_owned() } else { text };
        let parsed = read(&text, "", &format!("measure,area,year,value\na,E10000016,2018,{symbol}\n"));
        assert_eq!((parsed.n_refused, parsed.instructions.len()), (0, 1), "{symbol}: {:?}", parsed.refusals);
    }
}

#[test]
fn a_stray_period_is_refused_with_its_row() {
    let parsed = read(LONG, "", "measure,area,year,value\na,E10000016,0,5\na,E10000016,2018,5\n");
    refused(&parsed, &["line 2, year: \"0\" is not a period"]);
    assert_eq!((parsed.n_rows, parsed.instructions.len()), (2, 1));
}

#[test]
fn the_most_settled_figure_of_a_cell_stands() {
    let file = |rows: &str| format!("measure,area,year,value\n{rows}");
    check(LONG, &file("a,E1,2018,5\na,E1,2018 (prov),4\n"), &["a E1 AY2017 = 5"]);
    check(LONG, &file("a,E1,2018 (prov),4\na,E1,2018,5\n"), &["a E1 AY2017 = 5"]);
    check(LONG, &file("a,E1,2018 (Rev),4\na,E1,2018 (prov),3\n"), &["a E1 AY2017 = 4 Revised [label: 2018 (Rev)]"]);
    check(LONG, &file("a,E1,2018 (Final),4\na,E1,2018,5\n"), &["a E1 AY2017 = 4 Final [label: 2018 (Final)]"]);
    // The same twice is one, on the first line, also under a label that is only written otherwise.
    check(LONG, &file("a,E1,2018,5\na,E1,2018,5\n"), &["a E1 AY2017 = 5"]);
    check(LONG, &file("a,E1,2017/18,5\na,E1,2018,5\n"), &["a E1 AY2017 = 5"]);
    let parsed = read(LONG, "", &file("a,E1,2018,5\nb,E1,2018,5\na,E1,2018,6\n"));
    refused(
        &parsed,
        &["line 2: says otherwise of a E1 AY2017 than line 4", "line 4: says otherwise of a E1 AY2017 than line 2"],
    );
    assert_eq!(done(&parsed), ["b E1 AY2017 = 5"]);
}

#[test]
fn two_names_never_become_one_code() {
    let parsed = read(LONG, "", "measure,area,year,value\na b,E1,2018,5\na/b,E1,2018,6\n");
    refused(&parsed, &["line 3, measure: \"a/b\" has the same code as \"a b\", which is a-b"]);
    for (name, code) in [
        ("%_2yr_olds", "pct_2yr_olds"),
        ("%_of LAC Adopted", "pct_of-LAC-Adopted"),
        ("16-17 NEET", "16-17-NEET"),
        ("a<5", "aunder5"),
    ] {
        assert_eq!(code_of(name), code);
    }
}

const CHANGES: &str = "release,seen_at,short_desc,period_label,area,change,previous_value,value\n";

#[test]
fn a_release_of_the_change_list_is_one_change_a_cell() {
    let text = built_in("lait-changes").unwrap();
    let file = format!(
        "{CHANGES}20,2025-09-17T15:20:20+01:00,KS1P_all,2024 (prov),Kent,first_seen,,79\n\
         21,2025-10-10T13:48:16+01:00,KS1P_all,2024,Kent,first_seen,,80\n\
         21,2025-10-10T13:48:16+01:00,KS1P_all,2024 (prov),Kent,row_withdrawn,79,\n\
         21,2025-10-10T13:48:16+01:00,KS1P_all,2024 (prov),England,row_withdrawn,79,\n\
         21,2025-10-10T13:48:16+01:00,ReReferral,2018,yorkshire and the  humber,number_to_missing,3,-\n\
         21,2025-10-10T13:48:16+01:00,SEN_EHC_All_20wks,2018,London (Inner),revised,3,4\n\
         21,2025-10-10T13:48:16+01:00,Work_Force_TO_Rate,2018,Kent,missing_to_number,-,4\n"
    );
    let parsed = read(text, "release=21", &file);
    assert_eq!(parsed.refusals, vec![]);
    assert_eq!(
        done(&parsed),
        [
            "KS1P_all E10000016 AY2023 = 80",
            "KS1P_all E92000001 AY2023 withdrawn",
            "ReReferral E12000003 FY2017 = (not available) [-]",
            "SEN_EHC_All_20wks E13000001 CY2018 = 4",
            "Work_Force_TO_Rate E10000016 2018-09-30 = 4",
        ]
    );
    assert_eq!(parsed.n_rows, 6);
    let known: Vec<_> = parsed.instructions.iter().map(|it| it.known_at.unwrap().to_string()).collect();
    assert!(known.iter().all(|at| at.starts_with("2025-10-10T12:48:16")), "{known:?}");
    assert_eq!(parsed.coverage, Coverage::Rows);

    let parsed = read(text, "release=20", &file);
    assert_eq!(done(&parsed), ["KS1P_all E10000016 AY2023 = 79 Provisional [label: 2024 (prov)]"]);
    for select in ["", "release", "release=", "other=7"] {
        let parsed = read(text, select, &file);
        assert!(parsed.unreadable);
        refused(&parsed, &["say which: --select release=VALUE"]);
    }
}

#[test]
fn a_row_that_is_withdrawn_and_given_under_one_label_is_refused() {
    let at = "21,2025-10-10T13:48:16+01:00,KS1P_all,2024,Kent";
    let file = format!("{CHANGES}{at},first_seen,,80\n{at},row_withdrawn,80,\n{at},moved,80,\n");
    let parsed = read(built_in("lait-changes").unwrap(), "release=21", &file);
    refused(&parsed, &["line 2: says otherwise", "line 3: says otherwise", "line 4, change: \"moved\" is no change"]);
}

#[test]
fn a_snapshot_is_read_whole_and_says_that_it_is_one() {
    let file = "Short Desc,Data item,Years,LA and Regions,Values,LA Number,Region\nKS1P_all,,2024,Kent,80,886.0,South East\n\
                KS1P_all,,2025 (prov),Kent,-,886.0,South East\n";
    let parsed = read(built_in("lait-snapshot").unwrap(), "", file);
    assert_eq!(parsed.coverage, Coverage::Snapshot);
    assert_eq!(
        done(&parsed),
        [
            "KS1P_all E10000016 AY2023 = 80",
            "KS1P_all E10000016 AY2024 = (not available) Provisional [-; label: 2025 (prov)]"
        ]
    );
}

const GEOGRAPHY: &str = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,\
                         old_la_code,new_la_code,la_name";
const ENGLAND: &str = "Reporting year,National,E92000001,England,,,,,";
const KENT: &str = "Reporting year,Local authority,E92000001,England,E12000008,South East,886,E10000016,Kent";

#[test]
fn one_layout_reads_all_releases_of_a_table_although_columns_were_renamed() {
    let text = built_in("ees-c1-rereferrals").unwrap();
    let older = format!(
        "\u{feff}{GEOGRAPHY},Category,Referrals,Referrals_rate,Re_referrals,Re_referrals_percent,No_Further_Action,\
         No_Further_Action_percent,Not_in_Need,Not_in_Need_percent,Referrals_child,Referrals_child_rate,Re_referrals_child,\
         Re_referrals_child_percent\n2018,{KENT},Referrals and Re-referrals,1,2,3,21.9,5,6,7,8,9,10,11,c\n"
    );
    let newer = format!(
        "{GEOGRAPHY},category,referral_count,rereferral_count,rereferral_percent,no_further_action_count,\
         no_further_action_percent,not_in_need_count,not_in_need_percent,referral_child_count,rereferral_child_count,\
         rereferral_child_percent\n2018,{ENGLAND},Referrals and Re-referrals,1,3,21.9,5,6,7,8,9,11,u\n"
    );
    let (older, newer) = (read(text, "", &older), read(text, "", &newer));
    assert_eq!((older.refusals.len(), newer.refusals.len()), (0, 0), "{:?} {:?}", older.refusals, newer.refusals);
    let (older, newer) = (done(&older), done(&newer));
    assert_eq!((older.len(), newer.len()), (12, 10));
    assert!(older.contains(&"re-referrals-percent E10000016 FY2017 = 21.9".to_owned()), "{older:?}");
    assert!(older.contains(&"children-re-referred-percent E10000016 FY2017 = (confidential)".to_owned()));
    assert!(newer.contains(&"re-referrals-percent E92000001 FY2017 = 21.9".to_owned()), "{newer:?}");
}

#[test]
fn values_of_filters_choose_the_measure_and_the_cohort_under_any_wording() {
    let text = built_in("ees-care-leavers-activity").unwrap();
    let rows = format!("2023,{KENT},Aged 17 to 18,\"Total in education, employment or training\",10,66\n");
    let older = read(text, "", &format!("{GEOGRAPHY},age,activity,number,percentage\n{rows}"));
    let rows = format!("2023,{KENT},17 to 18 years,\"Total in education, employment or training\",10,66\n");
    let newer =
        read(text, "", &format!("{GEOGRAPHY},care_leaver_age,breakdown,care_leaver_count,care_leaver_percent\n{rows}"));
    let expected = [
        "care-leavers-eet E10000016 aged-17-to-18 FY2022 = 10",
        "care-leavers-eet-percent E10000016 aged-17-to-18 FY2022 = 66",
    ];
    assert_eq!(
        (done(&older), done(&newer)),
        (expected.map(str::to_owned).to_vec(), expected.map(str::to_owned).to_vec())
    );
    let rows = format!("2023,{KENT},17 to 18 years,In custody,10,66\n");
    let parsed = read(text, "", &format!("{GEOGRAPHY},age,activity,number,percentage\n{rows}"));
    refused(
        &parsed,
        &["line 2: is taken by no indicator of the layout (age \"17 to 18 years\", activity \"In custody\")"],
    );
}

#[test]
fn a_workforce_is_that_of_a_day_and_two_authorities_may_share_it() {
    let text = built_in("ees-csww-indicators").unwrap();
    let layout = layout(text);
    let names = layout.takes_for_tests();
    let kent = "E09000021 / E09000027";
    let row =
        format!("2023,Reporting year,Local authority,E92000001,England,E13000002,Outer London,314 / 318,{kent},Two");
    let file = format!("{GEOGRAPHY},{}\n{row}{}\n", names.join(","), ",low".repeat(names.len()));
    let parsed = read(text, "", &file);
    assert_eq!(parsed.refusals, vec![]);
    let done = done(&parsed);
    assert_eq!(done.len(), names.len());
    assert!(done.iter().all(|it| it.ends_with(" E09000021-E09000027 2023-09-30 = (rounds to 0)")), "{done:?}");
}

#[test]
fn counts_and_multiples_are_read_exactly() {
    let text = r#"
name = "plans"
kind = "figures"
ignore_others = true
[columns]
period = "year"
[areas]
columns = ["area"]
[areas.codes]
"886" = "E10000016"
[periods]
years = "calendar"
[[indicators]]
measure = "in-time"
numerator = "within"
denominator = "all"
[[indicators]]
measure = "share"
value = "share"
times = 100
[[indicators]]
measure = "more"
value = "absent"
optional = true
[symbols]
x = "x"
"#;
    let file = "year,area,within,all,share,noise\n2019,886,577,1998,0.289,?\n2020,886,x,10,1.25,?\n";
    check(
        text,
        file,
        &[
            "in-time E10000016 CY2019 = 577/1998",
            "share E10000016 CY2019 = 28.9 [0.289]",
            "in-time E10000016 CY2020 = (not available)",
            "share E10000016 CY2020 = 125 [1.25]",
        ],
    );
    refused(&read(text, "", "year,area,within,all,share\n2019,886,1,0,0.5\n"), &["gives no value"]);
}

#[test]
fn areas_are_found_by_any_name_that_they_had() {
    let text = LONG.replace("columns = [\"area\"]", "columns = [\"area\"]\nby = \"name\"");
    let file = "measure,area,year,value\na,SHEPWAY,2018,1\na,Folkestone & Hythe,2019,2\n";
    check(&text, file, &["a E07000112 AY2017 = 1", "a E07000112 AY2018 = 2"]);
    check(&text, "measure,area,year,value\na,E10000016,2018,1\n", &["a E10000016 AY2017 = 1"]);
    for wrong in ["Kend", "E10000012"] {
        let parsed = read(&text, "", &format!("measure,area,year,value\na,{wrong},2018,1\n"));
        refused(&parsed, &[&format!("line 2, area: \"{wrong}\" is the name of no area that is known, nor the code")]);
    }
}

#[test]
fn a_header_that_does_not_fit_is_refused_as_a_whole() {
    let cases: [(&str, &[&str]); 5] = [
        ("measure,area,year,value,extra\n", &["extra: is no column that the layout knows; add it to ignore"]),
        ("measure,area,value\n", &["year: is a column that the layout needs"]),
        ("measure,year,value\n", &["area: is a column, of which the layout needs one"]),
        ("measure,area,year,value,value\n", &["value: is there twice", "value: are names of one column"]),
        ("", &["the file is empty"]),
    ];
    for (header, expected) in cases {
        let parsed = read(LONG, "", header);
        assert!(parsed.unreadable);
        refused(&parsed, expected);
    }
}

#[test]
fn what_is_wrong_with_a_layout_is_said_with_its_line() {
    let cases: [(&str, &str, &str); 15] = [
        ("kind = \"figures\"", "kind = \"table\"", "line 3, kind: \"table\" is not known here"),
        ("name = \"long\"", "name = \"a b\"", "line 2, name: \"a b\" is not a code"),
        ("value = \"value\"", "valeu = \"value\"", "columns.valeu: is no key of a layout here; did you mean value?"),
        ("c = \"c\"", "c = \"secret\"", "symbols: \"secret\" is no reason for having no figure"),
        ("k = \"low\"", "C = \"x\"", "line 16, symbols: \"C\" is there already with another meaning"),
        ("k = \"low\"", "\" C \" = \"pass-over\"", "symbols: \" C \" is there already with another meaning"),
        ("k = \"low\"", "5 = \"z\"", "line 16, symbols: \"5\" is a number, and a number is always the figure; take it"),
        ("k = \"low\"", "\"-1.0\" = \"z\"", "symbols: \"-1.0\" is a number"),
        ("k = \"low\"", "\"1,000%\" = \"z\"", "symbols: \"1,000%\" is a number"),
        ("academic-to", "academic", "periods.years: \"academic\" is no sort of year; write one of academic-from"),
        ("period = \"year\"", "", "columns.period: is not said"),
        ("columns = [\"area\"]", "", "areas.columns: is not said"),
        ("kind = \"figures\"", "kind = \"changes\"", "changes: is not said, although the kind is changes"),
        ("measure = \"measure\"", "", "the layout does not say what is measured"),
        ("name = \"long\"", "name = long", "line 2: is not TOML"),
    ];
    for (from, to, expected) in cases {
        let refusals = Layout::parse(&LONG.replacen(from, to, 1), 1).unwrap_err();
        assert!(refusals.iter().any(|refusal| refusal.to_string().contains(expected)), "{expected}: {refusals:?}");
        assert!(refusals.iter().all(|refusal| refusal.file == 1));
    }
    // The same said twice is said once.
    assert_eq!(layout(&LONG.replacen("k = \"low\"", "C = \"c\"\nk = \"low\"", 1)), layout(LONG));
}

#[test]
fn every_built_in_layout_is_one_under_its_own_name() {
    for (name, text) in BUILT_IN {
        let layout = layout(text);
        assert_eq!(layout.name(), name);
        assert!(!layout.title().is_empty());
    }
    assert_eq!(built_in("lait"), None);
}

#[test]
fn the_example_of_the_documentation_is_read_as_it_says() {
    let document = include_str!("../../../../docs/LAYOUTS.md");
    let nth = |kind: &str, n| document.split(&format!("```{kind}\n")).nth(n).unwrap().split("```").next().unwrap();
    let block = |kind: &str| nth(kind, 1);
    assert_eq!(block("toml"), include_str!("../../../../examples/layouts/our-returns.toml"));
    assert_eq!(block("csv"), include_str!("../../../../examples/layouts/our-returns.csv"));
    check(block("toml"), block("csv"), &["ehcp-20-weeks E10000016 FY2024 = 43.4 [43.4%]"]);
    let defined: Vec<Command> = [nth("csv", 2), nth("csv", 3)].into_iter().flat_map(super::commands).collect();
    let mut known = Known::default();
    for command in &defined {
        known.learn(command);
    }
    let defaults = Defaults { known, ..Defaults::default() };
    let lait = layout(built_in("lait-changes").unwrap());
    let at = "7,2025-10-10T13:48:16+01:00";
    let file =
        format!("{CHANGES}{at},KS1P_all,2018,Kent,first_seen,,80\n{at},ReReferral,2018,England,first_seen,,21.9\n");
    let parsed = parse_with(&lait, file.as_bytes(), &Reading { file: 0, defaults: &defaults, select: "release=7" });
    assert_eq!(done(&parsed), ["KS1P_all E10000016 AY2017 = 80", "ReReferral E92000001 FY2017 = 21.9"]);
    for word in ["name", "kind", "ignore", "withdraw_absent", "rows_without_indicator", "period_identifier", "optional"]
    {
        assert!(document.contains(&format!("`{word}")) || document.contains(&format!("{word} =")), "{word}");
    }
}
