//! From a clean stop to the first answer, and what a process grows by for each revision that it folds.

use std::path::Path;
use std::time::Instant;

use domain::Book;
use engine::log::EventLog as _;
use serde_json::json;

use crate::answers::Answers as _;
use crate::by_grid::ByGrid;
use crate::figures::{Figures, memory, status_kb};
use crate::held::Held;
use crate::pages::{each_page, journal};
use crate::questions::Questions;

/// `begin` is when the process began.
pub(crate) fn measure(begin: Instant, data: &Path, questions: &Questions, figures: &mut Figures) {
    let held = Held::open(data);
    let question = questions.cards.questions.first().expect("a question");
    let n_cells = ByGrid::new(held.engine.clone()).scorecard(question).cells.len();
    let first_answer = begin.elapsed().as_secs_f64();
    assert_eq!(n_cells, question.n_cells(), "the first answer is whole");
    figures.put("opening", json!({"s": [first_answer], "events": held.engine.head().position.get()}));
    figures.put("memory_opening", memory());
    held.close();
    grown(data, figures);
}

/// Reads the log once for nothing, so that what reading takes is there already, and then folds it: what the process has grown
/// by is the book's, and what the allocator keeps beside it. See the example `projections` for the book alone.
fn grown(data: &Path, figures: &mut Figures) {
    let journal = journal(data);
    let mut book = Book::default();
    let n_read = each_page(&journal, |_| ());
    let before = status_kb("VmRSS:");
    each_page(&journal, |records| {
        for record in records {
            book.apply(record).expect("records follow one another");
        }
    });
    let grown = status_kb("VmRSS:").saturating_sub(before) * 1024;
    assert_eq!(book.head(), journal.head().position, "the book has all of the log");
    figures
        .put("process_grown", json!({"bytes": grown, "revisions": n_read, "bytes_each": grown as f64 / n_read as f64}));
}
