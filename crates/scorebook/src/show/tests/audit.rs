use wire::v1;

use super::*;

const SUPPOSED: &str = "Not what was reported: as it would be under something else.";

/// The given card, supposed: its first row was reported Green, and a row that was reported Amber would be gone.
fn supposed() -> v1::WhatIfResponse {
    let card = v1::Scorecard { supposed: SUPPOSED.to_owned(), ..given::card() };
    let first = card.sections[0].rows[0].clone();
    let reported = |row: &v1::Row, word: &str| v1::Row { rating_word: word.to_owned(), ..row.clone() };
    let otherwise = v1::RatedOtherwise {
        reported: Some(reported(&first, "Green")),
        supposed: Some(first.clone()),
        sentence: "It would be otherwise.".to_owned(),
        ..v1::RatedOtherwise::default()
    };
    let gone = v1::RatedOtherwise {
        reported: Some(reported(&first, "Amber")),
        supposed: None,
        sentence: "It would not be there.".to_owned(),
        ..v1::RatedOtherwise::default()
    };
    v1::WhatIfResponse {
        supposed: SUPPOSED.to_owned(),
        reported: card.counts.clone(),
        scorecard: Some(card),
        rated_otherwise: vec![otherwise, gone],
        compared_otherwise: Vec::new(),
    }
}

#[test]
fn what_would_be_says_first_and_last_that_it_was_not_reported() {
    let text = written(|out| {
        what_if(out, &STYLE, &supposed())?;
        scorecard(out, &STYLE, &supposed().scorecard.unwrap())
    });
    assert!(text.starts_with(SUPPOSED), "{text}");
    assert!(text.trim_end().ends_with(SUPPOSED), "{text}");
    assert!(text.contains("• It would be otherwise.") && text.contains("• It would not be there."), "{text}");
    let card = supposed().scorecard.unwrap();
    let alone = written(|out| scorecard(out, &STYLE, &card));
    assert!(alone.starts_with(SUPPOSED) && alone.trim_end().ends_with(SUPPOSED), "so does the scorecard by itself");
}

#[test]
fn every_row_of_what_would_be_is_marked_in_csv() {
    let answer = supposed();
    let text = written(|out| csv::what_if(out, &answer));
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let n_rows: usize = answer.scorecard.iter().flat_map(|card| &card.sections).map(|it| it.rows.len()).sum();
    assert_eq!(rows.len(), n_rows + 1, "with the row that would be gone");
    let at = |name: &str| header.iter().position(|it| it == name).unwrap();
    for row in &rows {
        assert_eq!(&row[at("supposed")], SUPPOSED);
    }
    let otherwise = rows.iter().filter(|row| &row[at("rated_otherwise")] == "yes");
    let told: Vec<_> =
        otherwise.map(|row| (row[at("rating_reported")].to_owned(), row[at("rating")].to_owned())).collect();
    let first = answer.scorecard.as_ref().unwrap().sections[0].rows[0].rating_word.clone();
    assert_eq!(told, [("Green".to_owned(), first), ("Amber".to_owned(), "not there".to_owned())]);
    let empty = written(|out| csv::what_if(out, &v1::WhatIfResponse::default()));
    assert_eq!(empty.lines().collect::<Vec<_>>(), [text.lines().next().unwrap()]);
}

#[test]
fn evidence_tells_each_record_with_its_chain_its_line_and_what_it_proves() {
    let record = given::records().remove(0);
    let position = record.position;
    let origin = Some(v1::Origin { file: 0, line: 20_000_007, file_name: String::new() });
    let evidence_of = v1::Evidence {
        on_words: "29 November 2018".to_owned(),
        definition: given::ehcp().definition,
        sentences: vec!["The target was so.".to_owned()],
        history: Some(given::target_history()),
        figures: vec![v1::EvidenceFigure { row: Some(given::ehcp()), sentences: vec!["It is Red.".to_owned()] }],
        n_figures_not_listed: 2,
        records: vec![v1::EvidenceRecord {
            of: vec!["result".to_owned(), "submission".to_owned()],
            chain: "ab".repeat(32),
            record: Some(v1::Envelope { origin, ..record }),
            file_name: "figures.xlsx sheet 2".to_owned(),
            file_sha256: "cd".repeat(32),
            line_text: "95,90".to_owned(),
        }],
        proves: vec!["This.".to_owned()],
        does_not_prove: vec!["Not that.".to_owned()],
        basis: given::basis(),
        ..v1::Evidence::default()
    };
    let text = written(|out| evidence(out, &STYLE, &evidence_of));
    for said in [
        "• The target was so.",
        "  • It is Red.",
        "2 earlier figures are not listed",
        &format!("{position}:{}", "ab".repeat(32)),
        "result, submission",
        "line 7 of figures.xlsx sheet 2, SHA-256",
        "95,90",
        &format!("\"position\": \"{position}\""),
        "• This.",
        "• Not that.",
    ] {
        assert!(text.contains(said), "{said:?} is not in {text}");
    }
}

#[test]
fn what_is_said_of_many_backdated_targets_alike_is_said_once_and_each_is_flagged() {
    let mut card = given::card();
    let words = "the target was recorded on 12 March 2019, said to be known on 1 April 2018";
    let mark = |words: &str| v1::Mark {
        kind: v1::MarkKind::TargetBackdated.into(),
        words: words.to_owned(),
        ..v1::Mark::default()
    };
    let rows: Vec<&mut v1::Row> = card.sections[0].rows.iter_mut().filter(|row| row.target.is_some()).take(4).collect();
    let mut said = [words, words, "the target was recorded otherwise", words].into_iter();
    for row in rows {
        row.marks.push(mark(said.next().expect("one each")));
    }
    let wide = Style { width: 200, ..STYLE };
    let text = written(|out| scorecard(out, &wide, &card));
    assert_eq!(text.matches(words).count(), 1, "{text}");
    assert!(text.contains(&format!("†: {words}")) && text.contains("The target was recorded otherwise"), "{text}");
    assert_eq!(text.matches('†').count(), 4, "three rows, and what it means");
    let rows = written(|out| csv::scorecard(out, &card));
    assert_eq!(rows.matches(words).count(), 3, "a row of a table may be taken from it");
}
