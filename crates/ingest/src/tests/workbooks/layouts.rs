//! Workbooks read by a layout.

mod headers;

use rust_xlsxwriter::{Format, Formula, Worksheet};

use super::{
    AreaId, Defaults, File, Known, beside_others, date, figures, format, read, read_file, refused, rewritten, workbook,
    write,
};
use crate::workbook::read as read_sheets;
use crate::{Layout, Reading, read_file_with};

/// A row a figure.
const LONG: &str = r#"
name = "long"
kind = "figures"
ignore = ["Comment"]
[columns]
measure = ["Indicator", "Measure"]
period = "Year"
value = "Outturn"
[areas]
columns = ["Code"]
[measures]
others = "by-rule"
[periods]
years = "financial-to"
[symbols]
c = "c"
"#;

/// Districts down the side, months across the top, one measure.
const ACROSS: &str = r#"
name = "across"
kind = "figures"
ignore = ["Target"]
areas = { columns = ["District"], by = "name" }
periods = { across = true, years = "financial-from" }
indicators = []
"#;

fn across() -> String {
    ACROSS.replace("indicators = []\n", "[[indicators]]\nmeasure = \"m1\"\ncohort = \"excluding-uasc\"\n")
}

fn defaults() -> Defaults {
    let mut known = Known::default();
    for (code, name) in [("E07000105", "Ashford"), ("E07000108", "Dover"), ("E07000112", "Shepway")] {
        known.name(&AreaId::new(code).unwrap(), name);
    }
    Defaults { known, ..Defaults::default() }
}

#[track_caller]
fn by(layout: &str, bytes: &[u8]) -> File {
    let layout = Layout::parse(layout, 1).unwrap_or_else(|refusals| panic!("{refusals:?}"));
    read_file_with(&layout, bytes, &Reading { file: 0, defaults: &defaults(), select: "" })
}

#[track_caller]
fn not_a_layout(text: &str, expected: &str) {
    let refusals = Layout::parse(text, 0).unwrap_err();
    assert!(refusals.iter().any(|refusal| refusal.to_string().contains(expected)), "{refusals:?}");
}

#[test]
fn each_sheet_is_read_from_the_header_that_it_has() {
    let _beside = beside_others();
    let header: &[&str] = &["Indicator", "Year", "Outturn", "Code", "Comment"];
    let bytes = workbook(&[
        ("Cover", &|sheet| write(sheet, 0, 0, &[&["The service's return"], &["Year", "2024/25"]])),
        ("One", &|sheet| {
            write(sheet, 0, 0, &[&["Indicator by year"]]);
            write(
                sheet,
                3,
                1,
                &[header, &["EHCPs", "2024/25", "", "E1", "good"], &["Plans", "2025 (prov)", "C", "E1"]],
            );
            sheet.write_number_with_format(4, 3, 0.434, &format("0.0%")).unwrap();
        }),
        ("Two", &|sheet| {
            write(sheet, 0, 0, &[&["CODE", "Measure", "year", "Outturn"], &["E2", "EHCPs", "2024/25", "7"]]);
        }),
        ("Template", &|sheet| write(sheet, 0, 0, &[header])),
        ("Old", &|sheet| {
            write(sheet, 0, 0, &[header, &["x", "y", "z"]]);
            sheet.set_hidden(true);
        }),
    ]);
    let file = by(LONG, &bytes);
    assert_eq!(
        figures(&file),
        [
            "EHCPs E1 FY2024 43.4 as 43.4% in row 5 of sheet 2",
            "Plans E1 FY2024 Confidential as C; label: 2025 (prov) in row 6 of sheet 2",
            "EHCPs E2 FY2024 7 in row 2 of sheet 3",
        ]
    );
    assert_eq!(
        file.notes,
        [
            "the sheet \"Cover\" has no header with the columns of the layout in its first rows, and was not read",
            "the sheet \"Template\" has a header and no rows that are read",
            "the sheet \"Old\" is hidden and was not read; unhide it if it is meant",
        ]
    );
    assert_eq!((file.sheets.len(), file.layout.as_str()), (2, "long"));
    assert_eq!(file.sheets.get(&3).map(String::as_str), Some("Two"));
}

#[test]
fn the_header_is_looked_for_in_fifty_rows() {
    let _beside = beside_others();
    let at = |row: u32| {
        workbook(&[("Kent", &|sheet: &mut Worksheet| {
            (0..row).for_each(|row| write(sheet, row, 0, &[&["a note"]]));
            write(sheet, row, 0, &[&["Measure", "Year", "Outturn", "Code"], &["m1", "2025", "1", "E1"]]);
        })])
    };
    assert_eq!(figures(&by(LONG, &at(49))).len(), 1);
    let shown = refused(&by(LONG, &at(50)));
    assert_eq!(
        shown,
        [
            "1: the workbook has no sheet with rows below the columns of the layout; the layout needs Indicator or Measure, \
         Outturn, Year, Code; the sheet \"Kent\" has no header with the columns of the layout in its first rows, and was \
         not read"
        ]
    );
}

#[test]
fn a_refusal_names_sheet_and_cell_under_the_name_that_the_column_has() {
    let _beside = beside_others();
    let bytes = workbook(&[("West Kent", &|sheet| {
        write(
            sheet,
            2,
            1,
            &[
                &["Measure", "Year", "Outturn", "Code", "Comment"],
                &["m1", "2025", "tbc", "E1"],
                &["m1", "0", "1", "E1"],
                &["m1", "2025", "", "E1"],
                &["m1", "2025", "", "E2"],
                &["m1", "2025", "3", "E3"],
                &["m1", "2025", "4", "E4"],
                &["m1", "2025", "5", "E4"],
                &["m1", "2025", "5", ""],
            ],
        );
        sheet.write_formula(5, 3, Formula::new("=NA()").set_result("#N/A")).unwrap();
        sheet.write_formula(6, 3, "=1+1").unwrap();
        sheet.write_formula(7, 5, Formula::new("=NA()").set_result("#N/A")).unwrap();
    })]);
    let bytes = rewritten(&bytes, |_, text| text.replace("1+1</f><v>0</v>", "1+1</f>"));
    let file = by(LONG, &bytes);
    let expected = [
        "10000004, 'West Kent'!D4 Outturn: \"tbc\" is no number, and no symbol of the layout",
        "10000005, 'West Kent'!C5 Year: \"0\" is not a period",
        "10000006, 'West Kent'!D6: \"#N/A\" is an error; correct it in the workbook, or empty the cell",
        "10000007, 'West Kent'!D7: is a formula without a value",
        "10000009, 'West Kent'!9: says otherwise of m1 E4 FY2024 than row 10, and neither is more settled",
        "10000010, 'West Kent'!10: says otherwise of m1 E4 FY2024 than row 9",
        "10000011, 'West Kent'!11 Code: is empty, so that no area is named",
    ];
    let shown = refused(&file);
    assert_eq!(shown.len(), expected.len(), "{shown:#?}");
    for (shown, expected) in shown.iter().zip(expected) {
        assert!(shown.starts_with(expected), "{shown}");
    }
    // What cannot be read in a column that is ignored does no harm.
    assert_eq!(file.parts[0].instructions.len(), 1);
    assert_eq!((file.parts[0].n_rows, file.parts[0].n_refused), (8, 7));
    let unknown = workbook(&[("Kent", &|sheet| {
        write(sheet, 4, 0, &[&["Measure", "Year", "Outturn", "Code", "Targets"], &["m1", "2025", "1", "E1", "2"]]);
    })]);
    assert!(
        refused(&by(LONG, &unknown))[0].starts_with("10000005, Kent!E5 targets: is no column that the layout knows")
    );
}

/// A title, a header of two rows, a heading and a footnote that reach over the months, and a target that is not read.
fn months(sheet: &mut Worksheet) {
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 4, "EHCPs in 20 weeks, by district", &plain).unwrap();
    sheet.merge_range(2, 0, 3, 0, "District", &plain).unwrap();
    sheet.merge_range(2, 1, 3, 1, "Target", &plain).unwrap();
    sheet.merge_range(2, 2, 2, 4, "2025", &plain).unwrap();
    write(sheet, 3, 2, &[&["Jul", "Aug", "Sept"]]);
    sheet.merge_range(4, 0, 4, 4, "East Kent", &plain).unwrap();
    write(sheet, 5, 0, &[&["Ashford", "60%", "43.4%", "", "c"], &["Dover", "60%", "1,234", "<5"], &["Shepway", "60%"]]);
    sheet.write_number_with_format(5, 3, 0.071, &format("0.0%")).unwrap();
    sheet.merge_range(9, 0, 9, 4, "Source: the service", &plain).unwrap();
}

#[test]
fn months_across_are_read_by_a_layout_that_says_the_measure() {
    let _beside = beside_others();
    let symbols = "[symbols]\nc = \"c\"\n\"<5\" = \"c\"\n";
    let file = by(&(across() + symbols), &workbook(&[("By district", &months)]));
    assert_eq!(
        figures(&file),
        [
            "m1 E07000105 2025-07 43.4 as 43.4% in row 6 of sheet 1",
            "m1 E07000105 2025-08 7.1 as 7.1% in row 6 of sheet 1",
            "m1 E07000105 2025-09 Confidential in row 6 of sheet 1",
            "m1 E07000108 2025-07 1234 as 1,234 in row 7 of sheet 1",
            "m1 E07000108 2025-08 Confidential as <5 in row 7 of sheet 1",
        ]
    );
    assert!(format!("{:?}", file.parts[0].instructions[0]).contains("excluding-uasc"));
    assert_eq!(file.notes, ["3 rows without figures were passed over in the sheet \"By district\""]);
    assert_eq!((file.parts[0].n_rows, file.parts[0].n_without_figures), (5, 3));
}

#[test]
fn what_is_wrong_with_a_cell_of_many_is_said_of_it_and_what_is_wrong_with_the_row_once() {
    let _beside = beside_others();
    let bytes = workbook(&[("Kent", &|sheet| {
        write(
            sheet,
            0,
            0,
            &[
                &["District", "Jul-25", "", "FY2025", "2026"],
                &["Ashford", "-", "2", "x", "4"],
                &["Thanet", "1", "2", "3", "4"],
                &["Dover", "", "2"],
            ],
        );
        sheet.write_datetime_with_format(0, 2, date(2025, 8, 1), &format("mmm-yy")).unwrap();
        sheet.merge_range(3, 3, 3, 4, "40", &Format::new()).unwrap();
    })]);
    let file = by(&across(), &bytes);
    let shown = refused(&file);
    let expected = [
        "10000002, Kent!B2 Jul-25: \"-\" is no number, and no symbol of the layout; say in [symbols]",
        "10000002, Kent!D2 FY2025: \"x\" is no number",
        "10000003, Kent!A3 District: \"Thanet\" is the name of no area that is known",
        "10000004, Kent!E4: \"40\" is merged with D4, so that one figure stands for several",
    ];
    assert_eq!(shown.len(), expected.len(), "{shown:#?}");
    for (shown, expected) in shown.iter().zip(expected) {
        assert!(shown.starts_with(expected), "{shown}");
    }
    let done: Vec<String> =
        file.parts[0].instructions.iter().map(|instruction| format!("{:?}", instruction.command)).collect();
    assert_eq!(done.len(), 4, "{done:#?}");
    assert!(done[0].contains("first: 2025-08-01, kind: Month"), "{}", done[0]);
    assert_eq!(file.parts[0].n_rows, 4 + 4);
}

#[test]
fn the_sheets_name_is_the_area_where_the_layout_says_so() {
    let _beside = beside_others();
    let layout = "name = \"n\"\nkind = \"figures\"\ncolumns = { measure = \"Measure\" }\nperiods = { across = true }\n\
                  areas = { sheet = true, by = \"name\", codes = { \"Folkestone\" = \"E07000112\" } }\n\
                  measures = { others = \"by-rule\" }\n";
    let one = |sheet: &mut Worksheet| write(sheet, 1, 0, &[&["Measure", "Jul-25", "2025-08"], &["m1", "1", "2"]]);
    let bytes = workbook(&[("Ashford", &one), ("Folkestone", &one)]);
    assert_eq!(
        figures(&by(layout, &bytes)),
        [
            "m1 E07000105 2025-07 1 in row 3 of sheet 1",
            "m1 E07000105 2025-08 2 in row 3 of sheet 1",
            "m1 E07000112 2025-07 1 in row 3 of sheet 2",
            "m1 E07000112 2025-08 2 in row 3 of sheet 2",
        ]
    );
    let unknown = refused(&by(layout, &workbook(&[("Thanet", &one)])));
    assert_eq!(unknown.len(), 1);
    assert!(unknown[0].starts_with("10000003, Thanet!3: \"Thanet\" is the name of no area"), "{unknown:?}");
    let text = refused(&by(layout, b"Measure,Jul-25\nm1,1\n"));
    assert!(text[0].starts_with("1: the layout takes the area from the name of a sheet"), "{text:?}");
    not_a_layout(&layout.replace("sheet = true", "sheet = true, columns = [\"a\"]"), "stands beside areas.sheet");
    not_a_layout(&layout.replace("sheet = true, ", ""), "areas.columns: is not said");
}

#[test]
fn periods_across_leave_no_room_for_other_periods_and_values() {
    let _beside = beside_others();
    for (columns, expected) in [
        ("{ period = \"p\" }", "columns.period: stands beside periods.across"),
        ("{ measure = \"m\", value = \"v\" }", "value: stands beside periods.across"),
    ] {
        let layout = format!("columns = {columns}\n{}", ACROSS.replace("indicators = []\n", ""));
        not_a_layout(&layout, expected);
    }
    not_a_layout(&(across() + "value = \"v\"\n"), "value: stands beside periods.across");
    let neither = format!("columns = {{}}\n{}", across().replace("across = true", "across = false"));
    not_a_layout(&neither, "columns.period: is not said");
    let none = refused(&by(&across(), b"District,Target\nAshford,1\n"));
    assert!(none[0].contains("has no column that is called as a period"), "{none:?}");
}

#[test]
fn a_per_cent_sign_says_already_what_a_hundredfold_says() {
    let _beside = beside_others();
    let layout = across() + "times = 100\n";
    let text = b"District,Jul-25,Aug-25,Sep-25\nAshford,0.434,43.4%,5E-1\n";
    assert_eq!(
        figures(&by(&layout, text)),
        [
            "m1 E07000105 2025-07 43.4 as 0.434 in line 2",
            "m1 E07000105 2025-08 43.4 as 43.4% in line 2",
            "m1 E07000105 2025-09 50 as 5E-1 in line 2",
        ]
    );
    let by_ten = refused(&by(&(across() + "times = 10\n"), text));
    assert!(by_ten[0].starts_with("2, Aug-25: \"43.4%\" has a per cent sign, and the layout multiplies"), "{by_ten:?}");
}

#[test]
fn rows_without_figures_are_counted_with_and_without_a_layout() {
    let _beside = beside_others();
    let text = by(&across(), b"District,Jul-25\nAshford,1\nDover,\nSource: x,\n,\n");
    assert_eq!(text.notes, ["2 rows without figures were passed over"]);
    let wide = workbook(&[("Kent", &|sheet| {
        write(sheet, 0, 0, &[&["measure", "area", "2025-07", "2025-08"], &["m1", "E1", "1"], &["a footnote"]]);
        sheet.merge_range(4, 0, 4, 3, "a longer footnote", &Format::new()).unwrap();
    })]);
    let file = read(&wide);
    assert_eq!(figures(&file), ["m1 E1 2025-07 1 in row 2 of sheet 1"]);
    assert_eq!(file.notes, ["2 rows without figures were passed over in the sheet \"Kent\""]);
    let one = read_file(
        "x",
        0,
        &workbook(&[("Kent", &|sheet| {
            write(sheet, 0, 0, &[&["measure", "area", "2025-07"], &["m1", "E1", "1"], &["a footnote"]]);
        })]),
        &Defaults::default(),
    );
    assert_eq!(one.notes, ["1 row without figures was passed over in the sheet \"Kent\""]);
}

/// The workbook of the example: two sheets of one year each, and one that is hidden.
fn example() -> Vec<u8> {
    let per_cent = format("0.0%");
    workbook(&[
        ("2018", &|sheet| {
            let plain = Format::new();
            sheet.merge_range(0, 0, 0, 5, "Plans issued within 20 weeks, by district", &plain).unwrap();
            for (column, name) in [(0, "District"), (1, "Team"), (2, "Target")] {
                sheet.merge_range(2, column, 3, column, name, &plain).unwrap();
            }
            sheet.merge_range(2, 3, 2, 5, "2018", &plain).unwrap();
            write(sheet, 3, 3, &[&["Oct", "Nov", "Dec"]]);
            let rows: &[&[&str]] = &[
                &["Ashford", "", "60%", "", "43.4%", "<5"],
                &["Canterbury", "", "60%", "", "n/a", "-"],
                &["Folkestone & Hythe", "South", "60%", "", "", "c"],
            ];
            write(sheet, 4, 0, rows);
            sheet.merge_range(4, 1, 5, 1, "East", &plain).unwrap();
            for (row, share) in [(4, 0.434), (5, 0.5), (6, 0.071)] {
                sheet.write_number_with_format(row, 3, share, &per_cent).unwrap();
            }
            let formula = Formula::new("=D7+0.1").set_result("0.171");
            sheet.write_formula_with_format(6, 4, formula, &per_cent).unwrap();
            sheet.merge_range(8, 0, 8, 5, "Source: the service. Numbers below five are not shown.", &plain).unwrap();
        }),
        ("2019", &|sheet| {
            write(sheet, 0, 0, &[&["District", "Team", "Target"], &["Ashford", "East", "60%"]]);
            for (column, month, share) in [(3, 1, 0.45), (4, 2, 0.46)] {
                sheet.write_datetime_with_format(0, column, date(2019, month, 1), &format("mmm-yy")).unwrap();
                sheet.write_number_with_format(1, column, share, &per_cent).unwrap();
            }
        }),
        ("Lookup", &|sheet| {
            write(sheet, 0, 0, &[&["Ashford", "East"]]);
            sheet.set_hidden(true);
        }),
    ])
}

#[test]
fn the_workbook_of_the_documentation_is_read_as_it_says() {
    let _beside = beside_others();
    let document = include_str!("../../../../../docs/LAYOUTS.md");
    let layout = include_str!("../../../../../examples/layouts/plans-by-district.toml");
    let bytes = include_bytes!("../../../../../examples/layouts/plans-by-district.xlsx");
    assert_eq!(read_sheets(bytes), read_sheets(&example()), "the example's workbook is made by `example`");
    assert!(document.contains(&format!("```toml\n{layout}```")));
    let known = [("E07000105", "Ashford"), ("E07000106", "Canterbury"), ("E07000112", "Folkestone and Hythe")];
    let mut defaults = Defaults::default();
    for (code, name) in known {
        defaults.known.name(&AreaId::new(code).unwrap(), name);
    }
    let layout = Layout::parse(layout, 1).unwrap();
    let file = read_file_with(&layout, bytes, &Reading { file: 0, defaults: &defaults, select: "" });
    let shown = figures(&file);
    for line in &shown {
        assert!(document.contains(line), "{line}");
    }
    for note in &file.notes {
        assert!(document.contains(note), "{note}");
    }
    assert_eq!((shown.len(), file.notes.len()), (10, 2));
}

#[test]
fn a_sheet_for_a_year_that_has_no_figures_yet_does_no_harm() {
    let _beside = beside_others();
    let one = |sheet: &mut Worksheet| write(sheet, 0, 0, &[&["District", "Jul-25"], &["Ashford", "1"], &["Dover"]]);
    let none = |sheet: &mut Worksheet| write(sheet, 0, 0, &[&["District", "Jul-26"], &["Ashford"], &["Dover"]]);
    let file = by(&across(), &workbook(&[("2025", &one), ("2026", &none)]));
    assert_eq!(figures(&file), ["m1 E07000105 2025-07 1 in row 2 of sheet 1"]);
    let notes = [
        "1 row without figures was passed over in the sheet \"2025\"",
        "2 rows without figures were passed over in the sheet \"2026\"",
    ];
    assert_eq!(file.notes, notes);
    let nothing = refused(&by(&across(), &workbook(&[("2026", &none)])));
    assert!(nothing[0].ends_with(notes[1]), "{nothing:?}");
}
