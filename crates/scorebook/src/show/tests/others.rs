use wire::v1;

use super::*;

#[test]
fn a_comparison() {
    insta::assert_snapshot!(written(|out| comparison(out, &STYLE, &given::comparison())));
}

#[test]
fn a_view_that_is_rebuilt_otherwise_is_told_before_what_differs() {
    let told = "This program computes “b” where the committee saw “a”.";
    let mut given = given::comparison();
    given.differences.clear();
    if let Some(before) = &mut given.before {
        before.view = "cype-2018-09".into();
        before.departures = vec![told.into()];
    }
    let text = written(|out| comparison(out, &STYLE, &given));
    let title = text.find("The view cype-2018-09 is rebuilt otherwise than the committee saw it").unwrap();
    assert!(title < text.find("Nothing differs").unwrap() && text.contains(told), "{text}");
    let csv = written(|out| csv::comparison(out, &given));
    assert_eq!((csv.lines().count(), csv.matches(told).count()), (2, 1), "{csv}");
}

#[test]
fn a_comparison_of_two_periods_names_both() {
    let mut two = given::comparison();
    let after = two.after.as_mut().unwrap();
    (after.period, after.period_words) = ("2018-10".into(), "October 2018".into());
    two.n_differences = 12_000;
    let told = written(|out| comparison(out, &STYLE, &two));
    assert!(told.starts_with("What differs between two scorecards\nBefore  Children"), "{told}");
    assert!(told.contains("After   Children, Young People and Education, October 2018, Kent\n"), "{told}");
    assert!(told.contains("12,000 differences in 2 measures, of which the first 3 are told."), "{told}");
}

#[test]
fn a_comparison_without_differences_says_so() {
    let same = v1::Comparison { differences: Vec::new(), ..given::comparison() };
    assert!(written(|out| comparison(out, &STYLE, &same)).ends_with("every row is the same on both sides.\n"));
}

#[test]
fn a_measure_through_time() {
    insta::assert_snapshot!(written(|out| measure_history(out, &STYLE, &given::measure_history())));
}

#[test]
fn the_targets_of_a_measure() {
    insta::assert_snapshot!(written(|out| target_history(out, &STYLE, &given::target_history(), (1, None))));
}

#[test]
fn a_preview_with_refusals() {
    insta::assert_snapshot!(written(|out| preview(out, &STYLE, &given::preview(), Some(2))));
}

#[test]
fn a_preview_lists_no_more_than_is_asked_for_and_counts_the_rest() {
    let text = written(|out| preview(out, &STYLE, &given::preview(), Some(1)));
    assert!(text.contains("The first 1 of 1,208 changes") && text.contains("… and 1,207 more."), "{text}");
    assert!(text.contains("2 refused") && text.contains("… and 1 more."), "{text}");
}

#[test]
fn a_preview_of_a_release_says_what_is_to_be_looked_at_first() {
    insta::assert_snapshot!(written(|out| preview(out, &STYLE, &given::release(), None)));
}

#[test]
fn a_preview_of_a_release_is_a_screen() {
    let text = written(|out| preview(out, &STYLE, &given::release(), None));
    assert!(text.lines().count() <= 50, "{text}");
}

#[test]
fn a_preview_that_is_too_large_to_be_looked_at_says_so() {
    let large = v1::Preview { review: None, too_large_to_review: true, ..given::release() };
    let text = written(|out| preview(out, &STYLE, &large, None));
    assert!(text.contains("too large for moves and verdicts"), "{text}");
}

#[test]
fn a_preview_that_changes_nothing_says_so() {
    let tally = v1::Tally { noun: "result".into(), n_unchanged: 3, ..v1::Tally::default() };
    let preview_of = v1::Preview { tallies: vec![tally], ..v1::Preview::default() };
    let text = written(|out| preview(out, &STYLE, &preview_of, None));
    assert!(text.ends_with("Everything in it stands already: there is nothing to change.\n"), "{text}");
}

#[test]
fn a_receipt_and_its_retry() {
    let first = v1::Receipt {
        submission_id: "5f0c1c1e-0f3f-5d0a-9c55-0a3f5a2b1c01".into(),
        first_position: 9,
        last_position: 1042,
        recorded_at: given::at(0),
        chain: "3f9a1c2e77ab54d0".repeat(4),
        already: false,
    };
    let retry = v1::Receipt { already: true, ..first.clone() };
    insta::assert_snapshot!(written(|out| {
        receipt(out, &STYLE, &first)?;
        receipt(out, &STYLE, &retry)
    }));
}

#[test]
fn the_log_a_line_a_record() {
    insta::assert_snapshot!(written(|out| log(out, &Style { width: 120, ..STYLE }, &given::records(), Detail::Line)));
}

#[test]
fn the_log_whole() {
    insta::assert_snapshot!(written(|out| log(out, &STYLE, &given::records(), Detail::Whole)));
}

#[test]
fn the_directory_of_measures() {
    let mut directory_of = given::directory();
    directory_of.measures.truncate(2);
    insta::assert_snapshot!(written(|out| directory(out, &STYLE, &directory_of)));
}

#[test]
fn submissions_with_their_files() {
    insta::assert_snapshot!(written(|out| submissions(out, &STYLE, &given::submissions())));
}

#[test]
fn scorecards_and_areas() {
    let card = v1::ScorecardAnswer {
        scorecard: "cype".into(),
        title: given::card().title,
        committee: given::card().committee,
        n_rows: 32,
        remit: None,
    };
    let area = |area: &str, name: &str, level: v1::AreaLevel, parent: &str| v1::AreaAnswer {
        area: area.into(),
        name: name.into(),
        level: level.into(),
        parent: parent.into(),
    };
    let england = area("E92000001", "England", v1::AreaLevel::Country, "");
    let south_east = area("E12000008", "South East", v1::AreaLevel::Region, "E92000001");
    insta::assert_snapshot!(written(|out| {
        let basis = given::basis();
        let cards = v1::ListScorecardsResponse { scorecards: vec![card], basis, next_page_token: String::new() };
        scorecards(out, &STYLE, &cards)?;
        let areas_of = v1::ListAreasResponse { areas: vec![england, south_east], ..v1::ListAreasResponse::default() };
        areas(out, &STYLE, &areas_of)
    }));
}

#[test]
fn why_a_cell_is_rated_as_it_is() {
    insta::assert_snapshot!(written(|out| explanation(out, &STYLE, &given::explanation())));
}

#[test]
fn the_status_of_a_server() {
    let answer = v1::GetStatusResponse {
        log_id: "0d5c3c1e-0f3f-4d0a-9c55-0a3f5a2b1c01".into(),
        authority: "E10000016".into(),
        time_zone: "Europe/London".into(),
        format: 1,
        position: 1043,
        chain: "3f9a1c2e77ab54d0".repeat(4),
        recorded_at: given::at(0),
        n_measures: 30,
        n_cells: 32,
        n_submissions: 1,
        server_version: "0.1.0".into(),
        read_only: String::new(),
        warnings: Vec::new(),
        newest_format: 2,
    };
    insta::assert_snapshot!(written(|out| status(out, &STYLE, &answer)));
}

#[test]
fn the_nodes_of_a_cluster() {
    insta::assert_snapshot!(written(|out| cluster(out, &Style { width: 120, ..STYLE }, &given::nodes())));
}

#[test]
fn the_nodes_of_a_cluster_on_a_narrow_terminal() {
    insta::assert_snapshot!(written(|out| cluster(out, &Style { width: 60, ..STYLE }, &given::nodes())));
}

#[test]
fn the_target_of_a_day_is_told_first_and_those_for_other_days_after_it() {
    let mut history = given::target_history();
    let change = history.changes.remove(0);
    let with = |display: &str, from: &str, to: &str| {
        let span = Some(v1::Span { from: from.to_owned(), to: to.to_owned() });
        let stands = vec![v1::StandingSpan { span, words: String::new() }];
        v1::TargetChangeAnswer { display: display.to_owned(), stands, ..change.clone() }
    };
    let next = with("70% or more", "2019-04-01", "");
    let this = with("60% or more", "2018-04-01", "2019-04-01");
    history.changes = vec![next, this];
    let text = written(|out| target_history(out, &STYLE, &history, (1, Some("2018-11-01"))));
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words:?} is not in {text}"));
    assert!(at("On 1 November 2018 the target was") < at("60% or more"));
    assert!(at("60% or more") < at("For later periods") && at("For later periods") < at("70% or more"));
    let text = written(|out| target_history(out, &STYLE, &history, (1, Some("2019-04-01"))));
    assert!(text.find("70% or more") < text.find("For earlier periods"), "the day after the span is not in it: {text}");
    history.changes.clear();
    let none = written(|out| target_history(out, &STYLE, &history, (1, Some("2018-11-01"))));
    assert!(none.contains("On 1 November 2018 no target stood"), "{none}");
}
