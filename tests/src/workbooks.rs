//! A workbook as an officer keeps it, from the file to the scorecard.

use rust_xlsxwriter::{Format, Workbook, Worksheet};

use crate::folder::{Folder, list, number};
use crate::program::workspace;
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
        .says("figures.xlsx Shepway!C5, value: \">95\" is not a number")
        .says("figures.xlsx Shepway!6, measure: measure no-such-measure is not defined");
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

#[test]
fn the_example_of_a_workbook_with_districts_down_the_side_is_read_by_its_layout() {
    let folder = folder();
    let layouts = workspace().join("examples/layouts");
    let (book, layout) = (layouts.join("plans-by-district.xlsx"), layouts.join("plans-by-district.toml"));
    let by = format!("--layout {} --known-at 2019-03-01", layout.display());
    let areas = "area,name,level,parent\nE07000112,Folkestone and Hythe,district,E10000016\n";
    folder.import_text("areas.csv", areas, "--known-at 2018-04-01").succeeded();
    folder
        .import(&book, &format!("{by} --dry-run"))
        .succeeded()
        .says("result 10 0 0 0")
        .says("read as plans-by-district sha256:")
        .says("1 row without figures was passed over in the sheet \"2018\"")
        .says("the sheet \"Lookup\" is hidden and was not read");
    folder.import(&book, &by).succeeded();
    let asked = "measure ehcp-20-weeks-month --area E07000106 --from 2018-10 --to 2018-11";
    let revisions = list(&folder.ask(asked)["revisions"]);
    let shown: Vec<String> = revisions.iter().map(ToString::to_string).collect();
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!(shown.iter().any(|it| it.contains("\"n/a\"")) && shown.iter().any(|it| it.contains("\"50")), "{shown:?}");
    let origin = &revisions[0]["provenance"]["origin"];
    assert_eq!(origin["fileName"], "plans-by-district.xlsx sheet 1");
    assert_eq!(number(&origin["line"]), 6);
    folder.import(&book, &by).succeeded().says("Nothing to record: everything stands already.");

    let text = std::fs::read_to_string(&layout).expect("the layout is there");
    let bare = folder.write("bare.toml", text.split("[symbols]").next().expect("what is before").as_bytes());
    folder
        .import(&book, &format!("--layout {}", bare.display()))
        .failed()
        .says("plans-by-district.xlsx '2018'!F5, Dec 2018: \"<5\" is no number, and no symbol of the layout")
        .says("plans-by-district.xlsx '2018'!F6, Dec 2018: \"-\" is no number");
    let unknown = folder.write("unknown.toml", text.replace("ehcp-20-weeks-month", "no-such-measure"));
    folder.import(&book, &format!("--layout {}", unknown.display())).failed().says(
        "plans-by-district.xlsx '2018'!5, '2018'!6, '2018'!7 and '2019'!2, measure: measure no-such-measure is not",
    );
}

#[test]
fn symbols_in_common_use_are_kept_as_they_were_written() {
    let folder = folder();
    let rows = "measure,area,period,value\nehcp-20-weeks,E07000105,2018-10,<5\nehcp-20-weeks,E07000105,2018-11,n/a\n";
    folder.import_text("results.csv", rows, "").succeeded().says("confidential").says("not available");
    let shown = folder.ask("measure ehcp-20-weeks --area E07000105 --from 2018-10 --to 2018-11").to_string();
    assert!(shown.contains("\"<5\"") && shown.contains("\"n/a\""), "{shown}");
    folder
        .import_text("results.csv", "measure,area,period,value\nehcp-20-weeks,E07000105,2018-12,-\n", "")
        .failed()
        .says("results.csv line 2, value: \"-\" is a dash, which may mean none, not applicable or not available");
}
