//! A workbook as an officer keeps it, from the file to the scorecard.

use rust_xlsxwriter::{Format, Workbook, Worksheet};

use crate::folder::{Folder, list, number};
use crate::server::Server;

const MONTHS: [&str; 3] = ["Oct", "Nov", "Dec"];

/// A title, a header of two rows with a merged year, one measure, and a percentage a month.
fn district(sheet: &mut Worksheet, name: &str, figures: [f64; 3]) {
    sheet.set_name(name).expect("a name");
    sheet.merge_range(0, 0, 0, 3, "Children and young people", &Format::new()).expect("a title");
    sheet.merge_range(2, 0, 3, 0, "Measure", &Format::new()).expect("a header");
    sheet.merge_range(2, 1, 2, 3, "2018", &Format::new()).expect("a year");
    sheet.write_string(4, 0, "ehcp-20-weeks").expect("a measure");
    let per_cent = Format::new().set_num_format("0.0%");
    for ((column, month), figure) in (1..).zip(MONTHS).zip(figures) {
        sheet.write_string(3, column, month).expect("a month");
        sheet.write_number_with_format(4, column, figure, &per_cent).expect("a figure");
    }
}

/// Two districts, one under a name that it no longer has, and a sheet that is hidden.
fn workbook(change: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    district(book.add_worksheet(), "Ashford", [0.434, 0.5, 0.071]);
    let shepway = book.add_worksheet();
    district(shepway, "Shepway", [0.1, 0.2, 0.3]);
    change(shepway);
    book.add_worksheet().set_name("Lookup").expect("a name").set_hidden(true);
    book.save_to_buffer().expect("a workbook")
}

fn folder() -> Folder {
    let folder = Folder::kent();
    let shepway = "area,name,level,parent\nE07000112,Shepway,district,E10000016\n";
    folder.import_text("areas.csv", shepway, "--known-at 2017-01-01").succeeded();
    folder
}

#[test]
fn a_workbook_with_a_sheet_for_each_district_is_previewed_and_recorded() {
    let folder = folder();
    let path = folder.write("figures.xlsx", workbook(|_| ()));
    let before = folder.position();
    let dry = folder.import(&path, "--dry-run").succeeded();
    dry.says("result 6 0 0 0")
        .says("read as scorebook-workbook.1")
        .says("the sheet \"Lookup\" is hidden and was not read");
    assert_eq!(folder.position(), before);
    folder.import(&path, "--reason \"the third quarter\"").succeeded();
    for (area, period, value) in
        [("E07000105", "2018-10", "43.4"), ("E07000105", "2018-12", "7.1"), ("E07000112", "2018-12", "30")]
    {
        let asked = format!("measure ehcp-20-weeks --area {area} --from {period} --to {period}");
        let history = folder.ask(&asked);
        let revision = list(&history["revisions"]).remove(0);
        assert!(revision.to_string().contains(&format!("\"{value}")), "{revision}");
        let (sheet, row) = if area == "E07000105" { (1, 5) } else { (2, 5) };
        let origin = &revision["provenance"]["origin"];
        assert_eq!(origin["fileName"], format!("figures.xlsx sheet {sheet}"), "{revision}");
        assert_eq!(number(&origin["line"]), row);
    }
    folder.import(&path, "").succeeded().says("Nothing to record: everything stands already.");
}

#[test]
fn what_is_refused_of_a_workbook_names_its_sheet_and_cell() {
    let folder = folder();
    let before = folder.position();
    let wrong = workbook(|sheet| {
        sheet.write_string(4, 2, ">95").expect("a text");
        sheet.write_string(5, 0, "no-such-measure").expect("a measure");
        sheet.write_number(5, 1, 7.0).expect("a figure");
    });
    let path = folder.write("figures.xlsx", wrong);
    folder
        .import(&path, "")
        .failed()
        .says("figures.xlsx sheet 2 line 5, Shepway!C5 value: \">95\" is not a number")
        .says("figures.xlsx sheet 2 line 6, Shepway!6 measure: measure no-such-measure is not defined");
    assert_eq!(folder.position(), before);
    let receipt = folder.import(&path, "--set-aside").succeeded();
    receipt.says("2 rows are set aside with their reasons");
    let records = folder.records_after(before);
    let kept = records.iter().map(ToString::to_string).filter(|it| it.contains("no-such-measure,7"));
    assert_eq!(kept.count(), 1, "the row is kept as it was: {records:?}");
}

#[test]
fn a_server_reads_the_same_workbook() {
    let folder = folder();
    let path = folder.write("figures.xlsx", workbook(|_| ()));
    let server = Server::start(&folder);
    let line = format!("--server {} import {} --dry-run", server.address(), path.display());
    folder.run_without_data_dir(&line).succeeded().says("result 6 0 0 0").says("the sheet \"Lookup\" is hidden");
    server.stop_cleanly();
}
