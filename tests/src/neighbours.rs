//! Against neighbours: the average of their own results, by the list that was known then, everywhere a figure is shown.
//!
//! Figures: Department for Education, Characteristics of children in need 2022 to 2023, table C1, reporting year 2018.

use std::fmt::Write as _;

use crate::folder::Folder;
use crate::server::Server;

/// Code, name, referrals, re-referrals within 12 months.
const COUNTS: [(&str, &str, u32, u32); 16] = [
    ("E06000055", "Bedford", 1561, 191),
    ("E09000004", "Bexley", 3270, 719),
    ("E10000008", "Devon", 5341, 1002),
    ("E10000011", "East Sussex", 4367, 772),
    ("E10000012", "Essex", 9127, 1519),
    ("E10000017", "Lancashire", 11398, 2250),
    ("E10000020", "Norfolk", 8480, 1700),
    ("E10000021", "Northamptonshire", 11216, 3382),
    ("E10000024", "Nottinghamshire", 9801, 2237),
    ("E10000027", "Somerset", 5165, 1104),
    ("E10000028", "Staffordshire", 8891, 1739),
    ("E10000029", "Suffolk", 6202, 1442),
    ("E06000030", "Swindon", 3627, 877),
    ("E10000031", "Warwickshire", 11071, 4273),
    ("E10000032", "West Sussex", 9995, 2679),
    ("E10000034", "Worcestershire", 4461, 1081),
];
const IN_2018: &str =
    "E10000012 E10000011 E06000030 E10000034 E10000017 E10000021 E10000024 E10000031 E10000032 E10000028";
const OF_2025: &str =
    "E10000012 E10000011 E10000008 E09000004 E10000029 E10000020 E10000024 E10000032 E06000055 E10000027";

const MEASURE: &str = "re-referrals-within-12-months";

/// Kent's report of November 2018, and the year's figures of the counties, known then.
fn kent() -> Folder {
    let folder = Folder::kent();
    let (mut areas, mut results) =
        ("area,name,level\n".to_owned(), "measure,area,period,numerator,denominator\n".to_owned());
    for (code, name, n, again) in COUNTS {
        writeln!(areas, "{code},{name},authority").expect("a text grows");
        writeln!(results, "{MEASURE},{code},RY2018,{again},{n}").expect("a text grows");
    }
    writeln!(results, "{MEASURE},E10000016,RY2018,4472,19373").expect("a text grows");
    folder.import_text("areas.csv", &areas, "").succeeded();
    folder.import_text("results.csv", &results, "--known-at 2018-11-01 --reason published").succeeded();
    folder
}

fn adopt(folder: &Folder, list: &str, members: &str, rule: &str, known_at: &str) {
    let mut text = "list,area,from,average,at_least,member\n".to_owned();
    for member in members.split(' ') {
        writeln!(text, "{list},E10000016,2013-04-01,{rule},{member}").expect("a text grows");
    }
    folder.import_text("neighbours.csv", &text, &format!("--known-at {known_at} --reason adopted")).succeeded();
}

#[test]
fn the_printed_average_is_the_pooled_one_and_others_are_flagged() {
    let folder = kent();
    let card = "scorecard cype --period 2018-09";
    folder.run(card).succeeded().says("statistical neighbours 24.8% (2017/18)").says_not("neighbours on");
    adopt(&folder, "kent-2018", IN_2018, "pooled,", "2018-11-02");
    folder
        .run(card)
        .succeeded()
        .says("statistical neighbours 24.8% (2017/18); pooled over 10 of the 10 neighbours on kent-2018")
        .says_not("24.8% was stated");
    for (rule, shown) in [("mean,", "24.0"), ("median,", "23.5")] {
        adopt(&folder, "kent-2018", IN_2018, rule, "2018-11-03");
        folder.run(card).succeeded().says(&format!(
            "statistical neighbours {shown}% (2017/18) but 24.8% was stated beside the result; {} of 10 of the 10 neighbours \
             on kent-2018",
            rule.trim_end_matches(',')
        ));
    }
}

#[test]
fn against_neighbours_is_as_of_then_everywhere_a_figure_is_shown() {
    let folder = kent();
    adopt(&folder, "kent-2018", IN_2018, "pooled,", "2018-11-02");
    adopt(&folder, "dfe-2025", OF_2025, "pooled,", "2025-05-28");
    let server = Server::start(&folder);
    for question in [format!("measure explain {MEASURE} --period FY2017"), format!("measure {MEASURE}")] {
        let before =
            "better than statistical neighbours 24.8% (2017/18); pooled over 10 of the 10 neighbours on kent-2018";
        let after =
            "worse than statistical neighbours 21.1% (2017/18); pooled over 10 of the 10 neighbours on dfe-2025";
        if question.contains("explain") {
            folder.run(&format!("{question} --known-at 2025-05-27")).succeeded().says(before);
            folder.run(&format!("{question} --known-at 2025-05-29")).succeeded().says(after);
        }
        let shown = folder.run(&format!("{question} --known-at 2025-05-27 --format json")).succeeded().stdout;
        for words in ["VERDICT_BETTER", "\"nCounted\": 10", "\"list\": \"kent-2018\"", "AVERAGE_POOLED"] {
            assert!(shown.contains(words), "{words} is not in {shown}");
        }
    }
    let rows = folder.run(&format!("measure {MEASURE} --format csv")).succeeded().csv();
    let of_year = rows.iter().find(|row| row["period"] == "FY2017").expect("the year has a row");
    assert_eq!(
        of_year["benchmarks"],
        "statistical neighbours: 21.1% (2017/18, worse than this, pooled over 10 of the 10 neighbours on dfe-2025)"
    );
    folder
        .run("compare cype 2025-05-27 2025-05-29 --period 2018-09")
        .succeeded()
        .says("statistical neighbours, changed from 24.8% to 21.1% for 2017/18; it is now pooled over 10 of the 10");
    server.stop_cleanly();
}

#[test]
fn a_rule_about_missing_members_leaves_no_average_where_one_is_missing() {
    let folder = kent();
    let text =
        "list,area,from,average,at_least,member\nnear,E10000016,2013-04-01,mean,all,E10000012\nnear,,,,,E10000008\n";
    folder.import_text("neighbours.csv", text, "").succeeded();
    let explain = format!("measure explain {MEASURE} --period FY2017");
    folder.run(&explain).succeeded().says("worse than statistical neighbours 17.7% (2017/18); mean of 2 of the 2");
    folder.act(&format!("result withdraw {MEASURE} --area E10000008 --period FY2017 --reason wrong")).succeeded();
    folder
        .run(&explain)
        .succeeded()
        .says("statistical neighbours (2017/18): not averaged: 1 have a figure, and it takes 2; 1 of the 2 neighbours on near, without Devon (no result)");
}
