//! Everything that stands, as one file in the layout of tidy releases, and put in again.

use std::fs;

use crate::folder::{Folder, MEETING};
use crate::server::Server;

const AREAS: &str = "area,name,level,parent\nE07000112,Shepway,district,E10000016\n";

/// A district's, a region's and a country's, with every symbol, counts, and what the source printed beside them.
const RESULTS: &str = "measure,area,period,value,numerator,denominator,missing,status,stated_rating,previous_value,\
    previous_period,known_at\n\
    ehcp-20-weeks,E07000112,2018-09,c,,,,final,,,,\n\
    ehcp-20-weeks,E07000112,2018-10,z,,,,,,,,\n\
    ehcp-20-weeks,E07000112,2018-11,x,,,,,,,,\n\
    ehcp-20-weeks,E07000112,2018-12,low,,,,,,,,\n\
    ehcp-20-weeks,E07000112,2019-01,u,,,,,,,,\n\
    ehcp-20-weeks,E07000112,2019-02,,,,not-supplied,,,,,\n\
    ehcp-20-weeks,E07000112,2019-03,,,,known-not-to-exist,,,,,\n\
    ehcp-20-weeks,E07000112,FY2018-Q2,,96,155,,provisional,amber,61.0,stated: last year,2019-01-31T10:00:00Z\n\
    ehcp-20-weeks,E12000008,AY2018-T1,61.9,96,155,,revised,,61.0,AY2017-T1,\n\
    ehcp-20-weeks,E92000001,FY2013..FY2015,43.4%,,1747,,,,,,\n";

fn county() -> Folder {
    let folder = Folder::kent();
    folder.import(&folder.write("areas.csv", AREAS), "").succeeded();
    folder.import(&folder.write("results.csv", RESULTS), "--reason more").succeeded();
    folder
}

fn exported(folder: &Folder, name: &str, flags: &str) -> String {
    let file = folder.root().join("files").join(name);
    folder.run(&format!("export tidy {} {flags}", file.display())).succeeded().says("are exported to");
    fs::read_to_string(file).expect("the file was written")
}

#[test]
fn what_was_exported_and_is_put_in_again_records_nothing() {
    let folder = county();
    let text = exported(&folder, "all.csv", "");
    assert_eq!(text.lines().count(), 1 + 32 + 10, "{text}");
    for row in [
        "2018,September,Local authority district,E92000001,England,E12000008,South East,E10000016,Kent,E07000112,Shepway,\
         ehcp-20-weeks,",
        ",all,c,,,,,final,",
        ",all,z,",
        ",all,low,",
        ",all,u,",
        ",all,x,,,,not-supplied,",
        ",all,x,,,,known-not-to-exist,",
        "201819,Financial year Q2,Local authority district,",
        ",all,61.9,96,155,yes,,provisional,%,1,amber,61.0,stated: last year,",
        "201819,Autumn term,Regional,E92000001,England,E12000008,South East,,,,,ehcp-20-weeks,",
        "201314-201516,Financial years,National,E92000001,England,,,,,,,ehcp-20-weeks,",
        ",all,43.4,,1747,,,not-stated,",
        ",results.csv line 11,",
    ] {
        assert!(text.contains(row), "{row} is not in\n{text}");
    }
    let before = folder.position();
    folder.import(&folder.root().join("files/all.csv"), "").succeeded().says("everything stands already");
    assert_eq!(folder.position(), before);
}

#[test]
fn it_is_as_of_any_time_and_the_same_from_a_server() {
    let folder = county();
    let before = folder.position();
    folder
        .act("result record ehcp-20-weeks --period 2018-09 --value 70 --reason corrected --cause correction-of-error")
        .succeeded();
    folder.act("result withdraw ehcp-20-weeks --area E07000112 --period 2018-10 --reason wrong").succeeded();
    let asked = [
        ("now", String::new()),
        ("position", format!("--at-position {before}")),
        ("known", format!("--known-at {MEETING}")),
        ("both", format!("--known-at 2019-02-01 --at-position {before}")),
    ];
    let all = |folder: &Folder, prefix: &str| {
        asked.each_ref().map(|(name, flags)| exported(folder, &format!("{prefix}-{name}.csv"), flags))
    };
    let opened = all(&folder, "opened");
    assert_eq!(opened.each_ref().map(|text| text.lines().count() - 1), [41, 42, 32, 33]);
    let corrected = |text: &str| text.lines().any(|row| row.contains("ehcp-20-weeks,") && row.contains(",all,70,"));
    assert!(corrected(&opened[0]) && !corrected(&opened[1]));
    let server = Server::start(&folder);
    assert_eq!(all(&folder, "asked"), opened, "the same bytes");
    let head = folder.position();
    folder.import(&folder.root().join("files/asked-known.csv"), "").succeeded().says("everything stands already");
    assert_eq!(folder.position(), head, "each row is compared with what was known when it was");
    let file = folder.root().join("files/asked-now.csv");
    folder.run(&format!("export tidy {}", file.display())).failed().complains("nothing was written");
    server.stop_cleanly();
    let piped = folder.run("export tidy -").succeeded().stdout;
    assert_eq!(piped, opened[0]);
}

#[test]
fn a_log_without_results_is_a_header() {
    let folder = Folder::begun();
    let text = exported(&folder, "none.csv", "");
    assert_eq!(text.lines().count(), 1);
    folder.import(&folder.root().join("files/none.csv"), "");
}
