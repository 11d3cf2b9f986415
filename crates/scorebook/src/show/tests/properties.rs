use proptest::prelude::*;
use unicode_width::UnicodeWidthStr as _;
use wire::v1;

use super::text::Text;
use super::*;

/// No word in what is made here is wider than this.
const WORD_MAX: usize = 12;

fn words() -> impl Strategy<Value = String> {
    let word =
        prop_oneof![4 => "[a-z]{1,12}", 1 => "[a-zé—“”●]{1,12}", 1 => "[漢字表]{1,6}", 1 => Just("\n".to_owned())];
    prop::collection::vec(word, 0..24).prop_map(|words| words.join(" "))
}

fn row() -> impl Strategy<Value = v1::Row> {
    let parts = (words(), words(), words(), words(), 0..5_i32, 0..11_i32, prop::collection::vec(words(), 0..4));
    parts.prop_map(|(title, target, comment, marked, rating, direction, benchmarks)| {
        let mut row = given::row("code", &title, "%", v1::Rating::Green, ["43.4%", &target, "75% or more"]);
        row.rating = rating;
        row.explanation = comment.clone();
        row.cell.as_mut().unwrap().cohort = "some".into();
        row.cohort_name = marked.clone();
        given::moved(&mut row, v1::Direction::Improved, &marked, "1%", &target);
        row.direction.as_mut().unwrap().direction = direction;
        row.benchmarks = benchmarks.iter().map(|name| given::benchmark(name, "1%", &marked)).collect();
        let provenance = given::provenance(1, 0);
        row.commentary = vec![v1::CommentaryAnswer { text: comment, stale: rating == 1, provenance }];
        row.marks = vec![v1::Mark { words: marked, ..v1::Mark::default() }];
        row
    })
}

fn card() -> impl Strategy<Value = v1::Scorecard> {
    let sections = prop::collection::vec((words(), prop::collection::vec(row(), 0..4)), 0..3);
    (words(), sections).prop_map(|(title, sections)| v1::Scorecard {
        title: title.clone(),
        committee: title,
        period: "2018-09".into(),
        sections: sections.into_iter().map(|(title, rows)| v1::Section { title, rows }).collect(),
        basis: Some(v1::Basis { chain: "abc".into(), ..given::basis().unwrap() }),
        ..v1::Scorecard::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_line_is_wider_than_the_width(card in card(), width in 40..220_usize, ascii: bool) {
        let text = written(|out| scorecard(out, &Style { colour: false, width, ascii }, &card));
        for line in text.lines() {
            // In ASCII a mark may become three letters, and so a word up to three times as wide.
            let room = if ascii { width.max(WORD_MAX * 3 + 20) } else { width };
            prop_assert!(line.width() <= room, "{} columns in {width}: {line}", line.width());
        }
    }

    #[test]
    fn nothing_is_lost_by_wrapping(text in words(), width in 1..80_usize) {
        let lines = Text::plain(text.as_str()).lines(width, STYLE);
        let shown = written(|out| {
            let mut page = text::Page::new(out, &STYLE);
            lines.iter().try_for_each(|line| page.line(line))
        });
        prop_assert!(shown.split_whitespace().eq(text.split_whitespace()), "{shown:?} from {text:?}");
        for line in shown.lines() {
            prop_assert!(line.width() <= width.max(WORD_MAX), "{line:?}");
        }
    }

    #[test]
    fn every_row_is_in_the_csv(card in card()) {
        let text = written(|out| csv::scorecard(out, &card));
        let n_rows = ::csv::Reader::from_reader(text.as_bytes()).records().flatten().count();
        prop_assert_eq!(n_rows, card.sections.iter().map(|section| section.rows.len()).sum::<usize>());
    }
}
