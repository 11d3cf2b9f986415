//! Requests to compare: what a side may leave out, and what stands in no side's way.

use crate::query;
use crate::v1;

fn side(scorecard: &str, period: &str, view: &str) -> v1::ComparedScorecard {
    v1::ComparedScorecard {
        scorecard: scorecard.to_owned(),
        period: period.to_owned(),
        view: view.to_owned(),
        ..v1::ComparedScorecard::default()
    }
}

fn asked(
    before: v1::ComparedScorecard,
    after: Option<v1::ComparedScorecard>,
) -> Result<query::Comparison, (String, String)> {
    let request = v1::CompareScorecardsRequest { before: Some(before), after };
    query::comparison(request).map_err(|refused| (refused.field, refused.problem))
}

#[test]
fn one_side_says_which_scorecard_and_period_or_is_a_view() {
    let one = asked(side("cype", "2018-09", ""), None).unwrap();
    assert_eq!(one.before.period.map(domain::Period::code), Some("2018-09".to_owned()));
    assert_eq!((one.after.scorecard, one.after.period, one.after.view), (None, None, None));
    assert!(asked(side("cype", "", ""), Some(side("", "2018-09", ""))).is_ok(), "each says something");
    let views = asked(side("", "", "cype-2018-09"), Some(side("", "", "cype-2018-10"))).unwrap();
    assert_eq!(views.after.view.unwrap().as_str(), "cype-2018-10");
    assert_eq!(asked(side("cype", "", ""), None).unwrap_err().0, "before.period");
    assert_eq!(asked(side("", "2018-09", ""), None).unwrap_err().0, "before.scorecard");
    assert!(query::comparison(v1::CompareScorecardsRequest::default()).is_err());
}

#[test]
fn beside_a_view_nothing_is_said() {
    let (field, problem) = asked(side("cype", "", "cype-2018-09"), None).unwrap_err();
    assert_eq!((field.as_str(), problem.as_str()), ("before.scorecard", "is given beside a view, which says it"));
    assert_eq!(asked(side("", "2018-09", "cype-2018-09"), None).unwrap_err().0, "before.period");
    let mut timed = side("", "", "cype-2018-09");
    timed.as_of = Some(v1::AsOf::default());
    assert_eq!(asked(side("", "", "cype-2018-09"), Some(timed)).unwrap_err().0, "after.as_of");
    assert_eq!(asked(side("", "", "no view"), None).unwrap_err().0, "before.view");
}
