//! What several files, or sheets of one workbook, say of one cell, and of names that make one code.

use rust_xlsxwriter::Workbook;

use super::{LONG, done, layout, refused};
use crate::layout::{Places, reconcile};
use crate::tests::beside_others;
use crate::{Defaults, File, Parsed, Reading, read_file_with};

const HEADER: [&str; 4] = ["measure", "area", "year", "value"];

type Rows<'a> = &'a [[&'a str; 4]];

/// The parts of a submission of these files, held against one another.
fn together(files: Vec<Vec<u8>>) -> Vec<(u16, Parsed)> {
    let (defaults, layout) = (Defaults::default(), layout(LONG));
    let names: Vec<String> = (1..=files.len()).map(|number| format!("{number}.csv")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (mut parts, mut sheets) = (Vec::new(), std::collections::BTreeMap::new());
    for (number, bytes) in (0..).zip(files) {
        let reading = Reading { file: number, defaults: &defaults, select: "" };
        let File { parts: read, sheets: of_file, .. } = read_file_with(&layout, &bytes, &reading);
        parts.extend(read.into_iter().map(|part| (number, part)));
        sheets.extend(of_file.into_iter().map(|(sheet, name)| ((number, sheet), name)));
    }
    reconcile(&mut parts, Places { files: &names, sheets: &sheets });
    parts
}

/// Each a file of its own.
fn files(tables: &[Rows<'_>]) -> Vec<(u16, Parsed)> {
    let line = |row: &[&str; 4]| row.join(",") + "\n";
    let file = |rows: &Rows<'_>| line(&HEADER) + &rows.iter().map(line).collect::<String>();
    together(tables.iter().map(|rows| file(rows).into_bytes()).collect())
}

/// Each a sheet of one workbook.
fn sheets(tables: &[Rows<'_>]) -> Vec<(u16, Parsed)> {
    let mut workbook = Workbook::new();
    for (number, rows) in (1..).zip(tables) {
        let sheet = workbook.add_worksheet().set_name(format!("S{number}")).unwrap();
        for (at, row) in (0..).zip(std::iter::once(&HEADER).chain(*rows)) {
            for (column, text) in (0..).zip(row) {
                sheet.write(at, column, *text).unwrap();
            }
        }
    }
    together(vec![workbook.save_to_buffer().unwrap()])
}

fn all_done(parts: &[(u16, Parsed)]) -> Vec<String> {
    parts.iter().flat_map(|(_, part)| done(part)).collect()
}

#[test]
fn two_names_with_one_code_are_refused_in_two_files_and_in_two_sheets() {
    let _beside = beside_others();
    let tables: [Rows<'_>; 2] = [
        &[["A/B", "E1", "2018", "1"], ["C", "E1", "2018", "1"]],
        &[["A B", "E1", "2019", "2"], ["C", "E1", "2019", "2"], ["A B", "E2", "2019", "3"]],
    ];
    let parts = files(&tables);
    let expected = ["A-B E1 AY2017 = 1", "C E1 AY2017 = 1", "C E1 AY2018 = 2"];
    assert_eq!(all_done(&parts), expected);
    let remedy = "which is A-B; give each a code of its own in [measures.codes]";
    refused(
        &parts[1].1,
        &[
            &format!("line 2: \"A B\" has the same code as \"A/B\" in 1.csv, {remedy}"),
            &format!("line 4: \"A B\" has the same code as \"A/B\" in 1.csv, {remedy}"),
        ],
    );
    assert_eq!(parts[1].1.n_refused, 2);
    let parts = sheets(&tables);
    assert_eq!(all_done(&parts), expected);
    let shown: Vec<String> = parts[1].1.refusals.iter().map(ToString::to_string).collect();
    assert!(shown[0].contains("\"A B\" has the same code as \"A/B\" in the sheet \"S1\" of 1.csv, which"), "{shown:?}");
    assert!(shown[0].contains("S2"), "{shown:?}");
}

#[test]
fn of_figures_in_several_files_or_sheets_the_most_settled_stands() {
    let _beside = beside_others();
    let (prov, settled) = (["m", "E1", "2018 (prov)", "1"], ["m", "E1", "2018", "2"]);
    for tables in [[&[prov][..], &[settled]], [&[settled], &[prov]], [&[settled], &[["m", "E1", "2018", "2.0"]]]] {
        for parts in [files(&tables), sheets(&tables)] {
            assert_eq!(all_done(&parts), ["m E1 AY2017 = 2"]);
            assert!(parts.iter().all(|(_, part)| part.n_refused == 0));
        }
    }
}

#[test]
fn equally_settled_figures_that_differ_are_refused_in_every_file_and_sheet() {
    let _beside = beside_others();
    let tables: [Rows<'_>; 3] = [
        &[["m", "E1", "2018 (prov)", "1"], ["m", "E2", "2018", "1"]],
        &[["m", "E1", "2018", "2"]],
        &[["n", "E1", "2018", "3"], ["m", "E1", "2018", "4"]],
    ];
    let parts = files(&tables);
    let rest = ["m E2 AY2017 = 1", "n E1 AY2017 = 3"];
    assert_eq!(all_done(&parts), rest);
    refused(&parts[0].1, &["line 2: is a row of m E1 AY2017, of which line 2 of 2.csv and line 3 of 3.csv differ"]);
    let otherwise = "says otherwise of m E1 AY2017 than";
    refused(&parts[1].1, &[&format!("line 2: {otherwise} line 3 of 3.csv, and neither is more settled; keep one")]);
    refused(&parts[2].1, &[&format!("line 3: {otherwise} line 2 of 2.csv, and neither is more settled; keep one")]);
    let parts = sheets(&tables);
    assert_eq!(all_done(&parts), rest);
    let shown = parts[1].1.refusals[0].to_string();
    assert!(shown.contains(&format!("{otherwise} row 3 of the sheet \"S3\" of 1.csv")), "{shown}");
}
