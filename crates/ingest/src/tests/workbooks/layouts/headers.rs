//! Headers of a layout with names that were lost, and rows of figures that merged cells join to them.

use rust_xlsxwriter::{Format, Formula, Worksheet};

use super::{LONG, across, beside_others, by, date, figures, format, refused, rewritten, workbook, write};

/// What is refused of one sheet.
#[track_caller]
fn check(layout: &str, make: &dyn Fn(&mut Worksheet), expected: &[&str]) {
    // A formula of the value 0 stands for one that was never computed.
    let bytes = rewritten(&workbook(&[("Kent", make)]), |_, text| text.replace("</f><v>0</v>", "</f>"));
    let shown = refused(&by(layout, &bytes));
    assert_eq!(shown, expected);
}

fn ignoring_others() -> String {
    format!("ignore_others = true\n{}", across().replace("ignore = [\"Target\"]\n", ""))
}

#[test]
fn a_column_whose_name_was_lost_is_refused_where_something_stands_in_it() {
    let _beside = beside_others();
    let lost = |sheet: &mut Worksheet| {
        let rows: &[&[&str]] = &[
            &["District", "Jul-25", "", "Sep-25"],
            &["Ashford", "1", "2", "3"],
            &["Dover", "4", "", "6"],
            &["Shepway", "", "c"],
            &["", "", "a note"],
        ];
        write(sheet, 0, 0, rows);
        sheet.merge_range(5, 0, 5, 3, "Source: the service", &Format::new()).unwrap();
        sheet.write_formula(6, 2, Formula::new("=NA()").set_result("#N/A")).unwrap();
        sheet.write_string(6, 0, "Dover").unwrap();
    };
    let expected = [
        "10000002, Kent!C2: \"2\" stands in a column without a name; name the column or empty it",
        "10000004, Kent!C4: \"c\" stands in a column without a name; name the column or empty it",
        "10000007, Kent!C7: \"#N/A\" stands in a column without a name; name the column or empty it",
    ];
    check(&across(), &lost, &expected);
    check(&ignoring_others(), &lost, &expected);
    // What is merged from a column with a name stands in that one, and a layout may ignore columns without a name.
    check(&across().replace("[\"Target\"]", "[\"Target\", \"\"]"), &lost, &[]);
    let text = refused(&by(&across(), b"District,Jul-25,\nAshford,1,77\nDover,2,\n"));
    assert_eq!(text, ["2: \"77\" stands in a column without a name; name the column or empty it"]);
}

#[test]
fn the_column_beside_the_last_period_is_one_without_a_name() {
    let _beside = beside_others();
    let beside = |column: u16| {
        move |sheet: &mut Worksheet| {
            write(sheet, 0, 0, &[&["District", "Jul-25"], &["Ashford", "1"]]);
            write(sheet, 1, column, &[&["77"]]);
        }
    };
    check(
        &across(),
        &beside(2),
        &["10000002, Kent!C2: \"77\" stands in a column without a name; name the column or empty it"],
    );
    check(&across(), &beside(3), &[]);
}

#[test]
fn in_a_table_with_a_row_a_figure_the_layout_may_ignore_other_columns() {
    let _beside = beside_others();
    let lost = |sheet: &mut Worksheet| {
        write(sheet, 0, 0, &[&["Measure", "Year", "", "Outturn", "Code"], &["m1", "2025", "2", "1", "E1"]]);
    };
    let expected = "10000002, Kent!C2: \"2\" stands in a column without a name; name the column or empty it";
    check(LONG, &lost, &[expected]);
    check(&LONG.replace("ignore = [\"Comment\"]", "ignore_others = true"), &lost, &[]);
}

#[test]
fn a_name_that_cannot_be_read_is_refused_with_its_cell() {
    let _beside = beside_others();
    let month = format("mmm-yy");
    let error = |sheet: &mut Worksheet| {
        write(sheet, 0, 0, &[&["District", "", "Aug-25"], &["Ashford", "1", "2"]]);
        sheet.write_formula(0, 1, Formula::new("=NA()").set_result("#N/A")).unwrap();
    };
    let not_computed = |sheet: &mut Worksheet| {
        write(sheet, 0, 0, &[&["District"], &["Ashford", "1", "2"]]);
        sheet.write_formula(0, 1, "=DATE(2025,7,1)").unwrap();
        sheet.write_datetime_with_format(0, 2, date(2025, 8, 1), &month).unwrap();
    };
    let above = |sheet: &mut Worksheet| {
        write(sheet, 0, 0, &[&[], &["District", "Jul", "Jul", "Aug"], &["Ashford", "1", "2", "3"]]);
        sheet.merge_range(0, 2, 0, 3, "2025", &Format::new()).unwrap();
        sheet.write_formula(0, 1, "=2024").unwrap();
    };
    let formula =
        "is a formula without a value; open the workbook in Excel and save it, so that its formulas are computed";
    for layout in [across(), ignoring_others()] {
        let expected = "10000001, Kent!B1: \"#N/A\" is an error; correct it in the workbook, or empty the cell";
        check(&layout, &error, &[expected]);
        check(&layout, &not_computed, &[&format!("10000001, Kent!B1: {formula}")]);
        check(&layout, &above, &[&format!("10000001, Kent!B1: {formula}")]);
    }
    let others = |sheet: &mut Worksheet| {
        write(sheet, 0, 0, &[&["Measure", "Year", "", "Outturn", "Code"], &["m1", "2025", "2", "1", "E1"]]);
        sheet.write_formula(0, 2, "=1").unwrap();
    };
    check(LONG, &others, &[&format!("10000001, Kent!C1: {formula}")]);
    check(&LONG.replace("ignore = [\"Comment\"]", "ignore_others = true"), &others, &[]);
}

#[test]
fn a_row_of_figures_does_not_become_part_of_a_header() {
    let _beside = beside_others();
    let layout = |ignore: &str| {
        format!(
            "name = \"n\"\nkind = \"figures\"\n{ignore}\nareas = {{ sheet = true, by = \"name\" }}\n\
             periods = {{ across = true }}\n[[indicators]]\nmeasure = \"m1\"\n[symbols]\nc = \"c\"\n"
        )
    };
    for ignore in ["ignore_others = true", "ignore = [\"Team\", \"Notes\"]"] {
        for (first, shown) in [("43.4", "43.4"), ("43.4%", "43.4 as 43.4%"), ("c", "Confidential")] {
            let bytes = workbook(&[("Ashford", &|sheet| {
                let rows: &[&[&str]] =
                    &[&["Team", "Jul-25", "Aug-25"], &["East", first, "", "x"], &["West", "", "50", "y", "z"]];
                write(sheet, 0, 0, rows);
                sheet.merge_range(0, 3, 0, 4, "Notes", &Format::new()).unwrap();
            })]);
            let expected = [
                format!("m1 E07000105 2025-07 {shown} in row 2 of sheet 1"),
                "m1 E07000105 2025-08 50 in row 3 of sheet 1".to_owned(),
            ];
            assert_eq!(figures(&by(&layout(ignore), &bytes)), expected, "{ignore}");
        }
    }
    // A number below merged periods is a figure too.
    let merged = |sheet: &mut Worksheet| {
        write(sheet, 0, 0, &[&["District", "Jul-25", ""], &["Ashford", "1", "2"]]);
        sheet.merge_range(0, 1, 0, 2, "Jul-25", &Format::new()).unwrap();
    };
    check(&across(), &merged, &["10000001, Kent!C1 jul_25: is there twice; keep one of the two columns"]);
}

#[test]
fn a_header_of_two_rows_stays_one() {
    let _beside = beside_others();
    let plain = Format::new();
    // Each name is merged over both rows, so that either would suit.
    let both = |sheet: &mut Worksheet| {
        for (column, name) in (0..).zip(["District", "Target", "Jul-25", "Aug-25"]) {
            sheet.merge_range(0, column, 1, column, name, &plain).unwrap();
        }
        write(sheet, 2, 0, &[&["Ashford", "60%", "1", "2"]]);
    };
    let shown = figures(&by(&across(), &workbook(&[("Kent", &both)])));
    assert_eq!(shown, ["m1 E07000105 2025-07 1 in row 3 of sheet 1", "m1 E07000105 2025-08 2 in row 3 of sheet 1"]);
    // A year is a period here, and so is the month below it; the total is known to the layout and ignored.
    let total = |sheet: &mut Worksheet| {
        sheet.merge_range(0, 0, 1, 0, "District", &plain).unwrap();
        sheet.merge_range(0, 1, 0, 3, "2025", &plain).unwrap();
        write(sheet, 1, 1, &[&["Jul", "Aug", "Total"], &["1", "2", "3"]]);
        write(sheet, 2, 0, &[&["Ashford"]]);
    };
    let layout = across().replace("[\"Target\"]", "[\"2025 Total\"]");
    let read = figures(&by(&layout, &workbook(&[("Kent", &total)])));
    assert_eq!(read, ["m1 E07000105 2025-07 1 in row 3 of sheet 1", "m1 E07000105 2025-08 2 in row 3 of sheet 1"]);
}

#[test]
fn a_figure_that_is_merged_over_rows_is_refused_and_a_label_is_not() {
    let _beside = beside_others();
    let merged = |sheet: &mut Worksheet| {
        let rows: &[&[&str]] = &[
            &["Measure", "Year", "Outturn", "Code"],
            &["m1", "", "", "E1"],
            &["m1", "", "", "E2"],
            &["m1", "", "3", "E3"],
        ];
        write(sheet, 0, 0, rows);
        sheet.merge_range(1, 1, 3, 1, "2025", &Format::new()).unwrap();
        sheet.merge_range(1, 2, 2, 2, "12", &Format::new()).unwrap();
    };
    let expected = "10000003, Kent!C3: \"12\" is merged with C2, so that one figure stands for several; unmerge the \
                    cells, and give each its own figure";
    check(LONG, &merged, &[expected]);
    let counts = LONG.replace("value = \"Outturn\"", "numerator = \"Code\"\ndenominator = \"Outturn\"");
    let counted = |sheet: &mut Worksheet| {
        merged(sheet);
        write(sheet, 0, 3, &[&["Code", "Area"], &["1", "E1"], &["2", "E2"], &["3", "E3"]]);
    };
    check(&counts.replace("columns = [\"Code\"]", "columns = [\"Area\"]"), &counted, &[expected]);
}
