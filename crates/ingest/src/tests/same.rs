//! The same rows as text and as a workbook ask for the same, in Scorebook's own columns and by layouts.

use domain::Command;
use domain::ids::sheet_and_row;
use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
use rust_xlsxwriter::Workbook;

use crate::tests::beside_others;
use crate::{Defaults, File, Layout, Reading, read_file, read_file_with};

/// The header of a table, and the layout that reads it; without one, it is in Scorebook's own columns.
const TABLES: [(&[&str], &str); 4] = [
    (&["measure", "area", "period", "value", "missing"], ""),
    (&["Measure", "area", "period", "numerator", "denominator"], ""),
    (
        &["Measure", "Code", "Year", "Outturn", "Comment"],
        "name = \"n\"\nkind = \"figures\"\nignore = \"Comment\"\nareas = { columns = \"Code\" }\n\
         columns = { measure = \"Measure\", period = \"Year\", value = \"Outturn\" }\nmeasures = { others = \"by-rule\" }\n\
         periods = { years = \"financial-to\" }\nsymbols = { c = \"c\", \"\" = \"pass-over\" }\n",
    ),
    (
        &["Code", "Kind", "Jul-25", "Aug 2025", "2024/25"],
        "name = \"n\"\nkind = \"snapshot\"\ncolumns = {}\nareas = { columns = [\"Code\"] }\nfilters = { kind = \"Kind\" }\n\
         periods = { across = true, years = \"financial-to\" }\nsymbols = { c = \"c\" }\n\
         rows_without_indicator = \"pass-over\"\n[[indicators]]\nmeasure = \"m\"\nwhere = { kind = [\"m\", \"E1\"] }\n",
    ),
];

/// Fields that are right somewhere, or nowhere.
const FIELDS: [&str; 16] = [
    "",
    "",
    "m",
    "m2",
    "E1",
    "E10000016",
    "2025-07",
    "July 2025",
    "2024/25",
    "43.4",
    "43.4%",
    "c",
    "<5",
    "n/a",
    "-",
    "1,747",
];

fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(FIELDS.as_slice()).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9 .,%<\"/-]{0,10}",
    ]
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    // Mostly right by column, so that rows are read to their end.
    let likely = ["m", "E1", "2025-07", "43.4", ""];
    let row = prop::collection::vec((any::<bool>(), field()), 5).prop_map(move |row| {
        row.into_iter()
            .zip(likely)
            .map(|((likely, field), right)| if likely { right.to_owned() } else { field })
            .collect()
    });
    prop::collection::vec(row, 1..12)
}

fn text(header: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let line = |fields: Vec<String>| fields.join(",") + "\n";
    let quoted = |field: &str| format!("\"{}\"", field.replace('"', "\"\""));
    let header = line(header.iter().map(|name| quoted(name)).collect());
    let rows = rows.iter().map(|row| line(row.iter().map(|field| quoted(field)).collect()));
    (header + &rows.collect::<String>()).into_bytes()
}

fn book(header: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let header = header.iter().map(|name| (*name).to_owned()).collect();
    for (row, fields) in (0..).zip(std::iter::once(&header).chain(rows)) {
        for (column, field) in (0..).zip(fields).filter(|(_, field)| !field.is_empty()) {
            sheet.write_string(row, column, field).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn read(layout: &str, bytes: &[u8]) -> File {
    let defaults = Defaults::default();
    if layout.is_empty() {
        return read_file("results.csv", 0, bytes, &defaults);
    }
    let layout = Layout::parse(layout, 1).unwrap_or_else(|refusals| panic!("{refusals:?}"));
    read_file_with(&layout, bytes, &Reading { file: 0, defaults: &defaults, select: "" })
}

/// What is asked for and what is refused, each with its row.
type Said = (Vec<(u32, Command)>, Vec<(u32, String)>);

/// What a file asks for and what is refused, by row.
fn said(file: &File) -> Said {
    let row = |line: u32| sheet_and_row(line).1;
    let instructions = file.parts.iter().flat_map(|part| &part.instructions);
    let done = instructions.map(|it| (row(it.origin.unwrap().line.get()), it.command.clone())).collect();
    let refusals = file.parts.iter().flat_map(|part| &part.refusals);
    // A line is a row of a sheet, and is called so where one row names another.
    let shown = |text: &str| {
        ["than", "which", "and"]
            .iter()
            .fold(text.to_owned(), |text, word| text.replace(&format!("{word} row "), &format!("{word} line ")))
    };
    let refused = refusals.map(|it| (row(it.line), format!("{:?} {}; {}", it.value, shown(&it.problem), it.remedy)));
    (done, refused.collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn the_same_rows_as_text_and_as_a_workbook_ask_for_the_same(table in 0..TABLES.len(), rows in rows()) {
        let _beside = beside_others();
        let (header, layout) = TABLES[table];
        let (text, book) = (read(layout, &text(header, &rows)), read(layout, &book(header, &rows)));
        if text.parts[0].n_rows == 0 {
            assert!(book.parts[0].unreadable && book.parts[0].refusals[0].remedy.contains("the sheet \"Sheet1\" has a header")
                || book.parts[0].refusals[0].remedy.contains("without figures"));
        } else {
            assert_eq!(said(&text), said(&book));
            let n_rows = |file: &File| file.parts.iter().map(|part| (part.n_rows, part.n_without_figures)).collect::<Vec<_>>();
            assert_eq!(n_rows(&text), n_rows(&book));
        }
    }
}
