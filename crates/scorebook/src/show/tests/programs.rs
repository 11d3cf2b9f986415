use prost::Message as _;
use wire::v1;

use super::*;

/// The header's names with each row's values.
fn read(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.expect("a whole row").iter().map(str::to_owned).collect()).collect();
    (names, rows)
}

#[track_caller]
fn value(table: &(Vec<String>, Vec<Vec<String>>), row: usize, name: &str) -> String {
    let column = table.0.iter().position(|column| column == name).expect("a column of that name");
    table.1[row][column].clone()
}

#[test]
fn the_csv_of_a_card() {
    insta::assert_snapshot!(written(|out| csv::scorecard(out, &given::card())));
}

#[test]
fn the_csv_has_as_many_rows_as_the_text() {
    let text = written(|out| scorecard(out, &STYLE, &given::card()));
    let shapes = ["  ● ", "  ▲ ", "  ■ ", "  ○ "];
    let tables = text.lines().skip_while(|line| !line.starts_with('─'));
    let in_text = tables.filter(|line| shapes.iter().any(|shape| line.starts_with(shape))).count();
    let table = read(&written(|out| csv::scorecard(out, &given::card())));
    assert_eq!((in_text, table.1.len()), (12, 12));
}

#[test]
fn exact_values_stand_beside_what_is_shown() {
    let table = read(&written(|out| csv::scorecard(out, &given::card())));
    let row = (0..table.1.len()).find(|row| value(&table, *row, "measure") == "ehcp-20-weeks").expect("given");
    assert_eq!(value(&table, row, "result_display"), "43.4%");
    assert_eq!(value(&table, row, "numerator"), "759");
    assert_eq!(value(&table, row, "denominator"), "1747");
    assert_eq!(value(&table, row, "known_at"), "2018-11-29T10:00:00Z");
}

#[test]
fn what_is_missing_is_empty_and_says_why() {
    let table = read(&written(|out| csv::scorecard(out, &given::card())));
    let row = table.1.len() - 1;
    assert_eq!(value(&table, row, "result_display"), "");
    assert_eq!(value(&table, row, "value"), "");
    assert_eq!(value(&table, row, "missing_reason"), "suppressed, because it could tell about a person");
}

#[test]
fn no_free_text_is_a_formula_and_no_number_is_changed() {
    let mut card = given::card();
    let row = &mut card.sections[0].rows[0];
    row.definition.as_mut().unwrap().title = "=HYPERLINK(\"http://example.org\")".into();
    let figure = v1::StatedFigure { value: Some(v1::Decimal { coefficient: -15, scale: 1 }), denominator: None };
    let entry = row.result.as_mut().unwrap().entry.as_mut().unwrap();
    entry.figure = Some(v1::Figure { figure: Some(v1::figure::Figure::Stated(figure)) });
    let table = read(&written(|out| csv::scorecard(out, &card)));
    assert_eq!(value(&table, 0, "title"), "'=HYPERLINK(\"http://example.org\")");
    assert_eq!(value(&table, 0, "value"), "-1.5");
}

#[test]
fn an_apostrophe_of_a_text_is_told_from_the_one_that_keeps_it_from_being_a_formula() {
    let mut card = given::card();
    card.sections[0].rows[0].definition.as_mut().unwrap().title = "'=4".into();
    let table = read(&written(|out| csv::scorecard(out, &card)));
    assert_eq!(value(&table, 0, "title"), "''=4");
}

#[test]
fn every_table_has_its_header_when_it_has_no_rows() {
    let headers_and_rows = [
        (
            written(|out| csv::scorecard(out, &v1::Scorecard::default())),
            written(|out| csv::scorecard(out, &given::card())),
        ),
        (
            written(|out| csv::comparison(out, &v1::Comparison::default())),
            written(|out| csv::comparison(out, &given::comparison())),
        ),
        (
            written(|out| csv::measure_history(out, &v1::MeasureHistory::default())),
            written(|out| csv::measure_history(out, &given::measure_history())),
        ),
        (
            written(|out| csv::target_history(out, &v1::TargetHistory::default())),
            written(|out| csv::target_history(out, &given::target_history())),
        ),
        (
            written(|out| csv::directory(out, &v1::Directory::default())),
            written(|out| csv::directory(out, &given::directory())),
        ),
        (
            written(|out| csv::submissions(out, &v1::ListSubmissionsResponse::default())),
            written(|out| csv::submissions(out, &given::submissions())),
        ),
        (
            written(|out| csv::cluster(out, &v1::GetClusterResponse::default())),
            written(|out| csv::cluster(out, &given::nodes())),
        ),
        (written(|out| csv::log(out, &[])), written(|out| csv::log(out, &given::records()))),
    ];
    for (empty, full) in headers_and_rows {
        assert_eq!(empty.lines().count(), 1, "{empty}");
        assert_eq!(empty.lines().next(), full.lines().next());
    }
}

#[test]
fn every_other_table_has_a_row_a_thing() {
    let n_rows = |text: &str| read(text).1.len();
    assert_eq!(n_rows(&written(|out| csv::comparison(out, &given::comparison()))), 3);
    assert_eq!(n_rows(&written(|out| csv::measure_history(out, &given::measure_history()))), 2);
    assert_eq!(n_rows(&written(|out| csv::target_history(out, &given::target_history()))), 2);
    assert_eq!(n_rows(&written(|out| csv::directory(out, &given::directory()))), 12);
    assert_eq!(n_rows(&written(|out| csv::submissions(out, &given::submissions()))), 2);
    assert_eq!(n_rows(&written(|out| csv::log(out, &given::records()))), 4);
    let cards = v1::ListScorecardsResponse {
        scorecards: vec![v1::ScorecardAnswer::default(), v1::ScorecardAnswer::default()],
        ..v1::ListScorecardsResponse::default()
    };
    assert_eq!(n_rows(&written(|out| csv::scorecards(out, &cards))), 2);
    let areas = v1::ListAreasResponse { areas: vec![v1::AreaAnswer::default()], ..v1::ListAreasResponse::default() };
    assert_eq!(n_rows(&written(|out| csv::areas(out, &areas))), 1);
}

#[test]
fn the_causes_of_a_difference_in_csv() {
    let table = read(&written(|out| csv::comparison(out, &given::comparison())));
    let rating = 1;
    assert_eq!(value(&table, rating, "what"), "rating");
    assert_eq!(value(&table, rating, "causes"), "data; target");
    assert_eq!(value(&table, rating, "causes_alone"), "Amber; Amber");
    assert_eq!(value(&table, rating, "causes_moved"), "0.5; 1.0");
    assert_eq!(value(&table, rating, "before_period"), "2018-09");
    assert_eq!(value(&table, 0, "causes"), "");
}

#[test]
fn the_targets_in_csv() {
    insta::assert_snapshot!(written(|out| csv::target_history(out, &given::target_history())));
}

#[test]
fn json_is_the_protobuf_mapping() {
    let bytes = given::card().encode_to_vec();
    let text = written(|out| json(out, "scorebook.v1.Scorecard", &bytes));
    let read: serde_json::Value = serde_json::from_str(&text).expect("one JSON value");
    assert_eq!(read["basis"]["position"], "182");
    assert_eq!(read["basis"]["knownAt"], "2018-11-29T10:00:00Z");
    assert_eq!(read["sections"][0]["rows"][7]["rating"], "RATING_RED");
    assert_eq!(text, written(|out| json(out, "Scorecard", &bytes)), "with or without the package");
    assert_eq!(read["sections"].as_array().map(Vec::len), Some(2));
}

#[test]
fn json_of_no_message_of_the_contract_is_an_error() {
    let error = json(&mut Vec::new(), "scorebook.v1.Nothing", &[]).expect_err("there is none");
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert!(error.to_string().contains("scorebook.v1.Nothing"), "{error}");
    let error = json(&mut Vec::new(), "scorebook.v1.Scorecard", &[0xff]).expect_err("not an encoded message");
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
}

#[test]
fn the_nodes_in_csv() {
    insta::assert_snapshot!(written(|out| csv::cluster(out, &given::nodes())));
}
