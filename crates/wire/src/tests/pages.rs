//! Pages follow one another without gap or repeat, and belong to one question.

use domain::time::AsOf;
use proptest::prelude::*;

use super::given::{any_timestamp, at, position};
use crate::page::Page;
use crate::{query, v1};

fn ask(measure: &str, size: u32, token: &str) -> Result<Page, crate::FieldViolation> {
    let request = v1::GetTargetHistoryRequest {
        measure: measure.to_owned(),
        page_size: size,
        page_token: token.to_owned(),
        ..v1::GetTargetHistoryRequest::default()
    };
    query::target_history(request).map(|question| question.page)
}

const HEAD: AsOf = AsOf { known_at: None, position: domain::Position::new(42) };

proptest! {
    #[test]
    fn all_pages_together_are_all_items(n_items in 0_usize..50, size in 1_u32..12) {
        let items: Vec<usize> = (0..n_items).collect();
        let (mut token, mut seen) = (String::new(), Vec::new());
        loop {
            let page = ask("m", size, &token).unwrap();
            prop_assert_eq!(page.as_of, (!token.is_empty()).then_some(HEAD));
            seen.extend(page.of(items.clone()));
            token = page.next_token(HEAD, n_items);
            if token.is_empty() {
                break;
            }
        }
        prop_assert_eq!(seen, items);
    }

    #[test]
    fn a_token_keeps_the_bounds_of_the_first_page(known_at in any_timestamp(), at_position: u64) {
        let as_of = AsOf { known_at: Some(known_at), position: position(at_position) };
        let token = ask("m", 1, "").unwrap().next_token(as_of, 2);
        prop_assert_eq!(ask("m", 1, &token).unwrap().as_of, Some(as_of));
    }

    #[test]
    fn what_is_no_token_is_refused(token in ".{1,60}") {
        prop_assert_eq!(ask("m", 1, &token).unwrap_err().field, "page_token");
    }
}

#[test]
fn a_page_is_at_most_1000() {
    assert_eq!(ask("m", 0, "").unwrap().size, 100);
    assert_eq!(ask("m", 1_000, "").unwrap().size, 1_000);
    let violation = ask("m", 1_001, "").unwrap_err();
    assert_eq!(violation.to_string(), "page_size: \"1001\" is more than 1000; ask for fewer, and for the next page");
}

#[test]
fn the_next_page_may_have_another_size() {
    let token = ask("m", 5, "").unwrap().next_token(HEAD, 20);
    assert_eq!(ask("m", 3, &token).unwrap().of((0..20).collect()), [5, 6, 7]);
}

#[test]
fn a_token_of_another_question_is_refused() {
    let as_of = AsOf { known_at: Some(at("2018-11-29T10:00:00Z")), position: position(7) };
    let token = ask("m", 5, "").unwrap().next_token(as_of, 20);
    let violation = ask("other", 5, &token).unwrap_err();
    assert_eq!(violation.problem, "belongs to another question");
    let kept = ask("m", 5, &format!("{token}.1")).unwrap_err();
    assert_eq!(kept.problem, "is not a page token");
}
