use rust_xlsxwriter::{Format, Worksheet};

use super::{
    AreaId, Defaults, File, Known, Refusal, beside_others, date, figures, format, read, read_file, refused, workbook,
    write,
};
use crate::rows_text;

fn long(sheet: &mut Worksheet) {
    write(sheet, 0, 0, &[&["measure", "area", "period", "value"], &["m1", "E10000016", "2025-07", "43.4%"]]);
}

const LONG: &[&str] = &["m1 E10000016 2025-07 43.4 as 43.4% in row 2 of sheet 1"];

#[test]
fn the_header_is_found_below_titles() {
    let _beside = beside_others();
    assert_eq!(figures(&read(&workbook(&[("Kent", &long)]))), LONG);
    let titled = workbook(&[("Kent", &|sheet| {
        sheet.merge_range(0, 0, 0, 6, "Measure by area and period", &Format::new()).unwrap();
        write(sheet, 2, 0, &[&["Printed on 1 August"], &["Measure", "", "see the notes"]]);
        write(sheet, 5, 2, &[&[" Measure ", "AREA", "Period", "Value"], &["m1", "E10000016", "2025-07", "43.4%"]]);
    })]);
    assert_eq!(figures(&read(&titled)), ["m1 E10000016 2025-07 43.4 as 43.4% in row 7 of sheet 1"]);
}

#[test]
fn a_header_that_stands_too_low_is_not_found() {
    let _beside = beside_others();
    let at = |row: u32| {
        workbook(&[("Kent", &|sheet: &mut Worksheet| {
            (0..row).for_each(|row| write(sheet, row, 0, &[&["a note"]]));
            write(sheet, row, 0, &[&["measure", "area", "period", "value"], &["m1", "E10000016", "2025-07", "1"]]);
        })])
    };
    assert_eq!(figures(&read(&at(49))).len(), 1);
    assert!(refused(&read(&at(50)))[0].contains("the workbook has no sheet with rows below the columns of a kind"));
}

#[test]
fn a_merged_title_beside_columns_does_not_become_part_of_a_name() {
    let _beside = beside_others();
    let bytes = workbook(&[("Kent", &|sheet| {
        sheet.merge_range(0, 0, 0, 1, "Kent", &Format::new()).unwrap();
        write(sheet, 1, 0, &[&["measure", "area", "period", "value"], &["m1", "E10000016", "2025-07", "1"]]);
    })]);
    assert_eq!(figures(&read(&bytes)), ["m1 E10000016 2025-07 1 in row 3 of sheet 1"]);
}

#[test]
fn merged_labels_hold_for_every_row_that_they_span() {
    let _beside = beside_others();
    let bytes = workbook(&[("Kent", &|sheet| {
        write(sheet, 0, 0, &[&["measure", "area", "period", "value"]]);
        sheet.merge_range(1, 0, 3, 0, "m1", &Format::new()).unwrap();
        write(sheet, 1, 1, &[&["E1", "2025-07", "1"], &["E2", "2025-07", "2"], &["E3", "2025-07", "3"]]);
        write(sheet, 4, 0, &[&["m2", "E1", "2025-07", "4"]]);
    })]);
    let shown = figures(&read(&bytes));
    assert_eq!(shown.len(), 4);
    assert_eq!(shown[2], "m1 E3 2025-07 3 in row 4 of sheet 1");
    assert_eq!(shown[3], "m2 E1 2025-07 4 in row 5 of sheet 1");
}

#[test]
fn months_across_become_rows() {
    let _beside = beside_others();
    let bytes = workbook(&[("Kent", &|sheet| {
        write(sheet, 0, 0, &[&["measure", "area", "cohort", "May 2025", "Jun-25", "", "reason"]]);
        sheet.write_datetime_with_format(0, 5, date(2025, 7, 1), &format("mmm-yy")).unwrap();
        write(sheet, 1, 0, &[&["m1", "E10000016", "all", "1", "", "c", "July's return"], &["a footnote"]]);
        sheet.write_number_with_format(1, 3, 0.434, &format("0%")).unwrap();
    })]);
    let file = read(&bytes);
    assert_eq!(
        figures(&file),
        [
            "m1 E10000016 2025-05 43.4 as 43.4% in row 2 of sheet 1",
            "m1 E10000016 2025-07 Confidential in row 2 of sheet 1",
        ]
    );
    assert_eq!(file.parts[0].instructions[1].why.reason, "July's return");
    assert_eq!((file.parts[0].n_rows, file.layout.as_str()), (2, "scorebook-workbook.1"));
}

#[test]
fn a_figure_that_is_merged_over_months_is_refused() {
    let _beside = beside_others();
    let bytes = workbook(&[("Kent", &|sheet| {
        write(
            sheet,
            0,
            0,
            &[&["measure", "area", "May 2025", "Jun 2025"], &["m1", "E10000016"], &["m2", "E10000016", "1"]],
        );
        sheet.merge_range(1, 2, 1, 3, "40", &Format::new()).unwrap();
    })]);
    assert_eq!(
        refused(&read(&bytes)),
        [
            "10000002, Kent!D2: \"40\" is merged with C2, so that one figure stands for several; unmerge the cells, and give \
          each its own figure"
        ]
    );
}

#[test]
fn a_figure_that_is_merged_over_rows_is_refused() {
    let _beside = beside_others();
    let merged = |column: u16, text: &'static str| {
        move |sheet: &mut Worksheet| {
            let header: &[&str] = &["measure", "area", "period", "value", "numerator", "denominator"];
            write(
                sheet,
                0,
                0,
                &[header, &["m1", "E1", "2025-07", "", "1", "2"], &["m1", "E2", "2025-07", "", "1", "2"]],
            );
            sheet.merge_range(1, column, 2, column, text, &Format::new()).unwrap();
        }
    };
    for (column, letter) in [(3, "D"), (4, "E"), (5, "F")] {
        let file = read(&workbook(&[("Kent", &merged(column, "2"))]));
        let expected = format!(
            "10000003, Kent!{letter}3: \"2\" is merged with {letter}2, so that one figure stands for several; unmerge \
             the cells, and give each its own figure"
        );
        assert_eq!((refused(&file), file.parts[0].instructions.len()), (vec![expected], 1));
    }
    assert_eq!(figures(&read(&workbook(&[("Kent", &merged(2, "2025-08"))]))).len(), 2);
    // A heading that reaches over the figures is none.
    let heading = read(&workbook(&[("Kent", &|sheet| {
        write(sheet, 0, 0, &[&["measure", "area", "period", "value"]]);
        sheet.merge_range(1, 0, 1, 3, "East", &Format::new()).unwrap();
    })]));
    assert!(refused(&heading)[0].contains("\"East\" is not a period"), "{heading:?}");
}

/// Thirteen months across, a title, a header of two rows with merged years, measures merged over cohorts.
fn district(sheet: &mut Worksheet, thousandths: i32) {
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 14, "Children's scorecard", &plain).unwrap();
    sheet.merge_range(2, 0, 3, 0, "Measure", &plain).unwrap();
    sheet.merge_range(2, 1, 3, 1, "Cohort", &plain).unwrap();
    sheet.merge_range(2, 2, 2, 8, "2024", &plain).unwrap();
    sheet.merge_range(2, 9, 2, 14, "2025", &plain).unwrap();
    let months = ["Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "June"];
    write(sheet, 3, 2, &[&months]);
    sheet.merge_range(4, 0, 5, 0, "m1", &plain).unwrap();
    write(sheet, 4, 1, &[&["all"], &["excluding-uasc"]]);
    for (column, month) in (2..15).zip(0_i32..) {
        let share: f64 = format!("0.{}", thousandths + month).parse().unwrap();
        sheet.write_number_with_format(4, column, share, &format("0.0%")).unwrap();
        sheet.write_number(5, column, month).unwrap();
    }
}

fn kent() -> Defaults {
    let [ashford, folkestone, dover, other] =
        ["E07000105", "E07000112", "E07000108", "E07000999"].map(|code| AreaId::new(code).unwrap());
    let names = [
        (&ashford, "Ashford"),
        (&folkestone, "Shepway"),
        (&folkestone, "Folkestone and Hythe"),
        (&dover, "Dover"),
        (&other, "Dover"),
    ];
    {
        let mut known = Known::default();
        for (area, name) in names {
            known.name(area, name);
        }
        Defaults { known, ..Defaults::default() }
    }
}

fn read_kent(bytes: &[u8]) -> File {
    read_file("figures.xlsx", 0, bytes, &kent())
}

#[test]
fn a_sheet_for_each_district_with_thirteen_months_is_read_whole() {
    let _beside = beside_others();
    let bytes = workbook(&[
        ("Cover", &|sheet| write(sheet, 0, 0, &[&["Children's scorecard"], &["Contents", "see each sheet"]])),
        ("Ashford", &|sheet| district(sheet, 434)),
        ("Shepway", &|sheet| district(sheet, 500)),
        (" folkestone  and Hythe", &long_without_area),
        ("E07000106", &long_without_area),
        ("Lookup", &|sheet| {
            long(sheet);
            sheet.set_hidden(true);
        }),
    ]);
    let file = read_kent(&bytes);
    let shown = figures(&file);
    assert_eq!(shown.len(), 2 * 13 * 2 + 2);
    assert_eq!(shown[0], "m1 E07000105 2024-06 43.4 as 43.4% in row 5 of sheet 2");
    assert_eq!(shown[12], "m1 E07000105 2025-06 44.6 as 44.6% in row 5 of sheet 2");
    assert_eq!(shown[25], "m1 E07000105 2025-06 12 in row 6 of sheet 2");
    assert_eq!(shown[26], "m1 E07000112 2024-06 50 as 50% in row 5 of sheet 3");
    assert_eq!(shown[52], "m9 E07000112 2025-07 1 in row 2 of sheet 4");
    assert_eq!(shown[53], "m9 E07000106 2025-07 1 in row 2 of sheet 5");
    assert_eq!(
        file.notes,
        [
            "the sheet \"Cover\" has no header of a kind that is known in its first rows, and was not read",
            "the sheet \"Lookup\" is hidden and was not read; unhide it if it is meant",
        ]
    );
    assert_eq!(file.sheets.get(&3).map(String::as_str), Some("Shepway"));
}

fn long_without_area(sheet: &mut Worksheet) {
    write(sheet, 0, 0, &[&["measure", "period", "value"], &["m9", "2025-07", "1"]]);
}

#[test]
fn a_name_that_no_area_has_or_that_several_have_is_refused() {
    let _beside = beside_others();
    let several = read_kent(&workbook(&[("Dover", &long_without_area)]));
    let expected =
        "10000002, Dover!2 area: \"Dover\" is the name of several areas; write the code: E07000108 or E07000999";
    assert_eq!(refused(&several), [expected]);
    let unknown = read_kent(&workbook(&[("Isle of Thanet", &long_without_area)]));
    assert!(refused(&unknown)[0].contains("\"Isle of Thanet\" is no area that is known by this name"), "{unknown:?}");
}

#[test]
fn text_files_name_areas_too() {
    let _beside = beside_others();
    let text = b"measure,area,period,value\nm1,Folkestone and Hythe,2025-07,1\nm1,ashford,2025-07,2\n";
    let file = read_file("results.csv", 0, text, &kent());
    assert_eq!(figures(&file), ["m1 E07000112 2025-07 1 in line 2", "m1 E07000105 2025-07 2 in line 3"]);
    let without = read_file("results.csv", 0, text, &Defaults::default());
    assert!(refused(&without)[0].contains("is not a code of 1 to 64"));
}

#[test]
fn sheets_of_several_kinds_are_read_each_as_its_own() {
    let _beside = beside_others();
    let bytes = workbook(&[
        ("Results", &long),
        ("Cohorts", &|sheet| write(sheet, 1, 1, &[&["cohort", "name"], &["c1", "Children"]])),
        ("Empty", &|_| ()),
        ("Template", &|sheet| write(sheet, 0, 0, &[&["measure", "area", "period", "value"]])),
    ]);
    let file = read(&bytes);
    let layouts: Vec<&str> = file.parts.iter().map(|part| part.layout.as_str()).collect();
    assert_eq!(layouts, ["scorebook-results.1", "scorebook-cohorts.1"]);
    assert_eq!(file.notes, ["the sheet \"Template\" has a header and no rows"]);
}

#[test]
fn a_row_comes_back_by_its_line() {
    let _beside = beside_others();
    let bytes = workbook(&[("Cover", &|_| ()), ("Kent", &long)]);
    assert_eq!(
        rows_text(&bytes, &[2, 10_000_002, 20_000_001, 20_000_002, 20_000_003]),
        ["", "", "measure,area,period,value", "m1,E10000016,2025-07,43.4%", ""]
    );
    assert_eq!(rows_text(b"PK\x03\x04", &[1]), [""]);
}

#[test]
fn a_workbook_without_anything_is_refused() {
    let _beside = beside_others();
    let shown = refused(&read(&workbook(&[("Sheet1", &|_| ())])));
    assert!(shown[0].starts_with("1: the workbook has no sheet with rows below the columns of a kind"), "{shown:?}");
    let none: Vec<Refusal> = Vec::new();
    assert_eq!(read(&workbook(&[("Kent", &long)])).parts[0].refusals, none);
}
