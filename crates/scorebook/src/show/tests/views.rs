//! What committees were given, as text and CSV.

use wire::v1;

use super::given;
use super::{STYLE, written};
use crate::show::{check, csv, exceptions, published, scorecard, view, views};

fn meeting() -> v1::Meeting {
    v1::Meeting { committee: "Cabinet Committee".into(), on: "2018-11-29".into() }
}

fn finding(code: &str, severity: v1::FindingSeverity, cohort: &str, words: &str) -> v1::PublicationFinding {
    let cell = v1::Cell {
        measure: "ehcp-20-weeks".into(),
        area: "E10000016".into(),
        cohort: cohort.into(),
        period: "2018-09".into(),
    };
    v1::PublicationFinding {
        code: code.into(),
        severity: severity.into(),
        cell: Some(cell),
        title: "Plans issued within 20 weeks".into(),
        words: words.into(),
    }
}

fn found() -> v1::PublicationCheck {
    v1::PublicationCheck {
        view: "cype-2018-09-2018-11-29".into(),
        findings: vec![
            finding(
                "red-without-action",
                v1::FindingSeverity::InTheWay,
                "all",
                "43.4% is Red, and no action is agreed",
            ),
            finding("provisional", v1::FindingSeverity::Warning, "excluding-uasc", "44.0%: provisional"),
        ],
        n_in_the_way: 1,
        n_warnings: 1,
        counted: "0 Green, 0 Amber, 1 Red. 1 rated + 0 not rated + 0 withdrawn = 1 row.".into(),
        basis: None,
        sha256: "56".repeat(32),
        meeting: Some(meeting()),
    }
}

fn given_view() -> v1::View {
    v1::View {
        view: "cype-2018-09-2018-11-29".into(),
        scorecard: "cype".into(),
        period: "2018-09".into(),
        period_words: "September 2018".into(),
        area: "E10000016".into(),
        meeting: Some(meeting()),
        known_at: None,
        position: 1_234,
        form: "view/1".into(),
        sha256: "56".repeat(32),
        size: 40_000,
        provenance: Some(v1::Provenance { reason: "agreed with the chair".into(), ..v1::Provenance::default() }),
        over: vec![v1::Warning { code: "old".into(), subject: "ehcp-20-weeks".into(), words: "It is old".into() }],
        n_beside: 2,
    }
}

fn answer() -> v1::GetViewResponse {
    v1::GetViewResponse {
        view: Some(given_view()),
        content: b"view/1\n".to_vec(),
        scorecard: None,
        acts: vec![v1::CommitteeActAnswer {
            act: v1::CommitteeAct::Resolved.into(),
            text: "To ask for the districts.".into(),
            provenance: None,
        }],
        late_figures: vec![v1::LateFigureAnswer {
            cell: Some(v1::Cell {
                measure: "ehcp-20-weeks".into(),
                area: "E07000112".into(),
                cohort: "excluding-uasc".into(),
                period: "2018-10".into(),
            }),
            title: "Plans issued within 20 weeks".into(),
            period_words: "October 2018".into(),
            area_name: "Shepway".into(),
            cohort_name: "Excluding UASC".into(),
            told: Some(v1::ToldFigure { figure: None, status: v1::Status::Forecast.into() }),
            display: "44.25%".into(),
            text: "Since then".into(),
            ..v1::LateFigureAnswer::default()
        }],
        replay: Some(v1::Replay {
            departures: vec![v1::ViewDeparture {
                words: "This program computes x.".into(),
                ..v1::ViewDeparture::default()
            }],
            ..v1::Replay::default()
        }),
        head_position: 1_240,
    }
}

#[test]
fn what_stands_in_the_way_comes_before_warnings() {
    insta::assert_snapshot!(written(|out| check(out, &STYLE, &found(), "")));
    let nothing = v1::PublicationCheck { findings: Vec::new(), n_in_the_way: 0, n_warnings: 0, ..found() };
    assert!(written(|out| check(out, &STYLE, &nothing, "")).ends_with("Nothing was found: it can be published.\n"));
    let warned = v1::PublicationCheck { n_in_the_way: 0, ..found() };
    let with_reason = written(|out| check(out, &STYLE, &warned, "agreed"));
    assert!(!with_reason.contains("--over-warnings"), "{with_reason}");
    let whole = v1::PublicationFinding {
        code: "other-committee".into(),
        severity: v1::FindingSeverity::Warning.into(),
        cell: None,
        title: "The card".into(),
        words: "it goes to another".into(),
    };
    let of_whole = v1::PublicationCheck { findings: vec![whole], n_in_the_way: 0, ..found() };
    let shown = written(|out| check(out, &STYLE, &of_whole, ""));
    assert!(shown.contains("• The card: it goes to another."), "{shown}");
    let rows = written(|out| csv::check(out, &of_whole));
    assert!(rows.contains(",other-committee,warning,,,,,The card,it goes to another,"), "{rows}");
    let rows = written(|out| csv::check(out, &found()));
    assert!(rows.contains("red-without-action,in-the-way,ehcp-20-weeks"), "{rows}");
    assert!(rows.contains("provisional,warning,ehcp-20-weeks,E10000016,excluding-uasc"), "{rows}");
}

#[test]
fn a_view_says_how_it_is_rebuilt_and_what_stands_beside_it() {
    insta::assert_snapshot!(written(|out| view(out, &STYLE, &answer(), scorecard)));
    let card = v1::GetViewResponse {
        scorecard: Some(given::card()),
        replay: Some(v1::Replay { same: true, ..v1::Replay::default() }),
        ..answer()
    };
    let shown = written(|out| view(out, &STYLE, &card, scorecard));
    assert!(shown.contains("the same, byte for byte") && shown.contains("Monthly and quarterly"), "{shown}");
    let shown = written(|out| view(out, &STYLE, &card, exceptions));
    assert!(shown.contains("Amber and worsening") && shown.contains("the same, byte for byte"), "{shown}");
    let rows = written(|out| csv::view(out, &card));
    assert!(rows.starts_with("kind,scorecard,"), "{rows}");
    assert!(rows.contains("\nrow,cype,2018-09,") && rows.contains("resolved,To ask for the districts."), "{rows}");
    let late = rows.lines().last().unwrap();
    assert!(late.starts_with("late-figure,cype,2018-09,,ehcp-20-weeks,Plans issued within 20 weeks,"), "{late}");
    assert!(late.contains("E07000112,excluding-uasc,Excluding UASC,2018-10") && late.contains("forecast"), "{late}");
    let other = v1::Replay { impossible: "it is of form view/9".into(), ..v1::Replay::default() };
    let shown = written(|out| view(out, &STYLE, &v1::GetViewResponse { replay: Some(other), ..answer() }, scorecard));
    assert!(shown.contains("it is of form view/9"), "{shown}");
}

#[test]
fn views_are_a_table_and_rows() {
    let listed = v1::ListViewsResponse { views: vec![given_view()], ..v1::ListViewsResponse::default() };
    insta::assert_snapshot!(written(|out| views(out, &STYLE, &listed)));
    let rows = written(|out| csv::views(out, &listed));
    assert!(rows.contains("cype-2018-09-2018-11-29,2018-11-29,Cabinet Committee,cype,2018-09"), "{rows}");
    let warning =
        v1::Warning { code: "other-committee".into(), words: "it goes to another".into(), ..Default::default() };
    let over_whole = v1::View { over: vec![warning], ..given_view() };
    let listed = v1::ListViewsResponse { views: vec![over_whole.clone()], ..v1::ListViewsResponse::default() };
    assert!(written(|out| csv::views(out, &listed)).contains("the scorecard: it goes to another"));
    let whole = v1::GetViewResponse { view: Some(over_whole), ..answer() };
    assert!(written(|out| view(out, &STYLE, &whole, scorecard)).contains("the scorecard: it goes to another"));
    let receipt = v1::Receipt { last_position: 1_240, already: true, ..v1::Receipt::default() };
    let said = written(|out| published(out, &STYLE, &given_view(), &receipt));
    assert!(said.contains("was published already for Cabinet Committee"), "{said}");
}
