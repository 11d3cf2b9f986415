//! From the files, durably into a log, to the first answer.

use std::fs;
use std::path::Path;
use std::time::Instant;

use domain::{AsOf, CohortId, Period};
use engine::submission::File;
use reporting::grid::Question;
use serde_json::json;

use crate::answers::Answers as _;
use crate::by_grid::ByGrid;
use crate::figures::{Figures, memory};
use crate::held::Held;
use crate::questions::{Card, instant};

/// Definitions are known before anything that is said of them.
const DEFINED: &str = "2010-01-01T00:00:00Z";

pub(crate) fn load(files: &Path, data: &Path, figures: &mut Figures) {
    if data.exists() {
        fs::remove_dir_all(data).expect("a log of an earlier run");
    }
    fs::create_dir_all(data).expect("a folder");
    let begin = Instant::now();
    let held = Held::begin(data);
    let definitions = ["areas.csv", "measures.csv", "rules.csv"].map(|name| read(&files.join(name)));
    held.submit(std::iter::once(definitions.into()), Some(instant(DEFINED)));
    let chunks = (0..).map(|number: u32| {
        let both = ["targets", "results"].map(|kind| files.join(format!("{kind}-{number:03}.csv")));
        both.into_iter().filter(|path| path.exists()).collect::<Vec<_>>()
    });
    let chunks = chunks.take_while(|chunk| !chunk.is_empty());
    held.submit(chunks.map(|chunk| chunk.iter().map(|path| read(path)).collect()), None);
    let recorded = begin.elapsed().as_secs_f64();
    let n_cells = ByGrid::new(held.engine.clone()).scorecard(&first(&held)).cells.len();
    let total = begin.elapsed().as_secs_f64();
    assert_eq!(n_cells, 13, "the first answer has every month");
    let n_events = held.engine.head().position.get();
    held.close();
    let closed = begin.elapsed().as_secs_f64();
    figures.put(
        "load",
        json!({"events": n_events, "recorded_s": recorded, "total_s": total, "closed_s": closed,
               "events_per_s": n_events as f64 / total}),
    );
    figures.put("memory_load", memory());
    figures.put("disk", json!({"database": n_bytes(data)}));
}

fn read(path: &Path) -> File {
    let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
    File { name, bytes: fs::read(path).expect("a file of the county"), ..File::default() }
}

/// A question that shows that what was recorded is answered from.
fn first(held: &Held) -> Card {
    let as_of = AsOf::position(held.engine.head().position);
    let measure = held.engine.measures(as_of).measures.first().expect("a measure").definition.measure.clone();
    let last = Period::month(2025, 3).expect("a month");
    let mut periods: Vec<Period> = std::iter::successors(Some(last), |period| period.previous()).take(13).collect();
    periods.reverse();
    let known_at = instant("2027-01-01T00:00:00Z");
    let areas = vec![held.engine.opened().authority.clone()];
    let question = Question { measures: vec![measure], areas, cohort: CohortId::all(), periods };
    Card { question, known_at, known_later: known_at }
}

/// What a folder takes on the disk.
fn n_bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| match entry.metadata().expect("an entry that is there") {
            it if it.is_dir() => n_bytes(&entry.path()),
            it => it.len(),
        })
        .sum()
}
