//! Workbooks as officers keep them, each made here.

mod cells;
mod hostile;
mod layouts;
mod sheets;

use std::io::{Cursor, Read as _, Write as _};

use domain::event::ResultRecorded;
use domain::{AreaId, Command, Figure};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::tests::beside_others;
use crate::{Defaults, File, Known, Refusal, read_file};

/// Makes a sheet.
type Make<'m> = &'m dyn Fn(&mut Worksheet);

/// A workbook of sheets with names.
fn workbook(sheets: &[(&str, Make<'_>)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, make) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        make(sheet);
    }
    book.save_to_buffer().unwrap()
}

/// Writes texts from a cell on, rows below one another; empty texts write nothing.
fn write(sheet: &mut Worksheet, row: u32, column: u16, rows: &[&[&str]]) {
    for (row, texts) in (row..).zip(rows) {
        for (column, text) in (column..).zip(*texts).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row, column, *text).unwrap();
        }
    }
}

fn format(code: &str) -> Format {
    Format::new().set_num_format(code)
}

fn date(year: u16, month: u8, day: u8) -> ExcelDateTime {
    ExcelDateTime::from_ymd(year, month, day).unwrap()
}

/// The same workbook with every part changed by `change`, from its name and text.
fn rewritten(bytes: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(change(&name, text).as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn read(bytes: &[u8]) -> File {
    read_file("figures.xlsx", 0, bytes, &Defaults::default())
}

/// What is refused, as it is shown.
fn refused(file: &File) -> Vec<String> {
    let refusals = file.parts.iter().flat_map(|part| &part.refusals);
    refusals.map(ToString::to_string).map(|shown| shown.replacen("line ", "", 1)).collect()
}

/// The figures of a workbook without refusals: measure, area, period, figure, and where each stands.
#[track_caller]
fn figures(file: &File) -> Vec<String> {
    assert_eq!(refused(file), Vec::<String>::new());
    let instructions = file.parts.iter().flat_map(|part| &part.instructions);
    let shown = instructions.map(|instruction| match &instruction.command {
        Command::RecordResult(ResultRecorded { cell, entry }) => {
            let figure = match &entry.figure {
                Figure::Stated { value, .. } => value.to_string(),
                Figure::Missing(missing) => format!("{missing:?}"),
                counted @ Figure::Counted { .. } => format!("{counted:?}"),
            };
            let written = if entry.source_text.is_empty() { "" } else { " as " };
            let place = instruction.origin.unwrap().place();
            let (measure, area, period) = (&cell.series.measure, &cell.series.area, cell.period.code());
            format!("{measure} {area} {period} {figure}{written}{} in {place}", entry.source_text)
        }
        other => format!("{other:?}"),
    });
    shown.collect()
}
