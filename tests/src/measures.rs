//! Measures: defined once, revised openly, withdrawn without being forgotten.

use crate::folder::{Folder, event_names, list, row};

const FIELDS: &str =
    "--title \"Calls answered\" --unit % --polarity higher --frequency monthly --definition \"Of all calls.\"";

#[test]
fn a_measure_is_defined_listed_and_used() {
    let folder = Folder::kent();
    let before = folder.position();
    folder.act(&format!("measure define calls {FIELDS} --reason new")).succeeded().says("new measure calls");
    assert_eq!(event_names(&folder.records_after(before)), ["submissionReceived", "measureDefined"]);
    folder.run("measure list answered").succeeded().says("calls").says("Calls answered");
    folder.act("result record calls --period 2026-01 --value 81.5 --reason first").succeeded();
    folder.run("measure calls").succeeded().says("81.5%").says("Of all calls.");
    folder.run(&format!("log --after {before}")).succeeded().says("MeasureDefined");
}

#[test]
fn defining_a_measure_twice_is_refused_with_what_to_do() {
    let folder = Folder::kent();
    folder.act(&format!("measure define calls {FIELDS} --reason new")).succeeded();
    let before = folder.position();
    folder
        .act(&format!("measure define calls {FIELDS} --reason again"))
        .failed()
        .says("measure calls is defined already; revise it instead: `scorebook measure revise`");
    assert_eq!(folder.position(), before);
}

#[test]
fn a_revised_definition_shows_from_then_and_not_before() {
    let folder = Folder::kent();
    folder.act(&format!("measure define calls {FIELDS} --reason new")).succeeded();
    let before = folder.position();
    let revised = FIELDS.replace("Of all calls.", "Of calls in office hours.");
    folder
        .act(&format!("measure revise calls {revised} --reason narrowed --cause method-change"))
        .succeeded()
        .says("revised");
    let now = folder.ask("measure calls");
    let then = folder.ask(&format!("measure calls --at-position {before}"));
    assert_eq!(now["definitionText"], "Of calls in office hours.");
    assert_eq!(then["definitionText"], "Of all calls.");
    folder.run(&format!("log --after {before}")).succeeded().says("MeasureRevised");
    folder.act(&format!("measure revise not-there {FIELDS} --reason x")).failed().says("not-there");
}

#[test]
fn a_measure_without_a_reason_or_a_field_is_refused_with_help() {
    let folder = Folder::kent();
    folder.act(&format!("measure define calls {FIELDS}")).failed().complains("--reason <WORDS>");
    folder.act("measure define calls --title T --reason x").failed().complains("--unit").complains("--definition");
    let wrong = FIELDS.replace("higher", "upwards");
    folder.act(&format!("measure define calls {wrong} --reason x")).failed().complains("polarity \"upwards\"");
}

#[test]
fn a_withdrawn_measure_still_shows_in_views_from_before() {
    let folder = Folder::begun();
    let kent = Folder::example("kent-2017");
    for name in ["areas", "cohorts", "measures", "scorecards"] {
        folder.import(&kent.join(format!("{name}.csv")), "--known-at 2016-11-01").succeeded();
    }
    folder.act("result record pep-updated-six-months --period 2016-12 --value 80.1 --reason reported --known-at 2017-01-15").succeeded();
    folder.import(&kent.join("withdrawals.csv"), "--known-at 2017-03-23").succeeded().says("withdrawn");
    let card = |period: &str, when: &str| folder.ask(&format!("scorecard scs --period {period} --known-at {when}"));
    let then = row(&card("2016-12", "2017-01-31"), "pep-updated-six-months");
    assert_eq!(then["result"]["display"], "80.1%");
    let of_before = row(&card("2016-12", "2017-06-01"), "pep-updated-six-months");
    assert_eq!(of_before["result"]["display"], "80.1%", "a period before it was withdrawn still has it");
    let after = row(&card("2017-01", "2017-06-01"), "pep-updated-six-months");
    assert_eq!(after["rating"], "RATING_NOT_RATED");
    assert!(after["notRatedReason"].as_str().is_some_and(|why| why.contains("withdrawn")), "{after:#}");
    let history = folder.ask("measure pep-updated-six-months");
    assert_eq!(history["withdrawn"]["from"], "2017-01-01");
    assert!(history["withdrawn"]["provenance"]["reason"].as_str().is_some_and(|why| why.contains("change in process")));
    let earlier = folder.ask("measure pep-updated-six-months --known-at 2017-01-31");
    assert!(earlier["withdrawn"].is_null(), "nobody knew yet: {earlier:#}");
}

#[test]
fn two_measures_with_like_names_stay_two() {
    let folder = Folder::kent();
    folder.import(&Folder::example("kent-2017"), "--known-at 2017-03-23").succeeded();
    let found = list(&folder.ask("measure list \"returner interviews\"")["measures"]);
    let codes: Vec<_> = found.iter().map(|it| it["definition"]["measure"].as_str().expect("a code")).collect();
    assert_eq!(codes, ["returner-interviews-completed", "returner-interviews-within-three-days"]);
    let then = row(&folder.ask("scorecard scs --period 2017-01"), "returner-interviews-within-three-days");
    assert_eq!(then["rating"], "RATING_NOT_RATED");
    assert_eq!(then["result"]["entry"]["statedColour"], "COLOUR_RED", "the printed colour is kept as stated");
    let now = row(&folder.ask("scorecard cype --period 2018-09"), "returner-interviews-completed");
    assert_eq!(now["rating"], "RATING_GREEN");
    assert_eq!(now["direction"]["direction"], "DIRECTION_NONE_NO_PREVIOUS", "the other's figures are not its own");
}

#[test]
fn a_measure_is_withdrawn_with_its_successor() {
    let folder = Folder::kent();
    let before = folder.position();
    folder
        .act("measure withdraw schools-outstanding --from 2019-01-01 --successor schools-good-or-outstanding --reason merged")
        .succeeded()
        .says("withdrawn measure schools-outstanding");
    let records = folder.records_after(before);
    assert_eq!(event_names(&records), ["submissionReceived", "measureWithdrawn"]);
    assert_eq!(records[1]["measureWithdrawn"]["successor"], "schools-good-or-outstanding");
    folder.run("measure schools-outstanding").succeeded().says("merged").says("schools-good-or-outstanding");
    folder.act("measure withdraw no-such --from 2019-01-01 --reason x").failed().says("no-such");
}
