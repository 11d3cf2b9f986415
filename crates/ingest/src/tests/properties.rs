use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};

use crate::layout::BUILT_IN;
use crate::tests::beside_others;
use crate::{Defaults, Kind, Layout, ORDER, Parsed, Reading, kind_of_file, parse, parse_with, rows_text};

/// Fields that are right somewhere, or nowhere.
const FIELDS: [&str; 24] = [
    "",
    "all",
    "E10000016",
    "ehcp-20-weeks",
    "2018-09",
    "July 20188",
    "2018-11-29",
    "FY2018",
    "stated: July",
    "43.4",
    "4.5999999999999996",
    "1,747",
    "43.4%",
    "c",
    "at-least",
    "within",
    "none",
    "a \"quoted\"\nname",
    "yes",
    "rating",
    "pooled",
    "district",
    "2018-11-29T10:00:00Z",
    "\0",
];

fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
}

fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(FIELDS.as_slice()).prop_map(quoted),
        1 => "[^\"]{0,12}".prop_map(|text| quoted(&text)),
        1 => "[a-z0-9 .\"]{0,8}",
    ]
}

/// A file of one kind with its columns, and rows of about the right number of fields.
fn file() -> impl Strategy<Value = (Kind, String)> {
    prop::sample::select(ORDER.as_slice()).prop_flat_map(|kind| {
        let columns: Vec<&str> = kind.columns().collect();
        let n_columns = columns.len();
        let width = prop_oneof![9 => Just(n_columns), 1 => 1..=n_columns + 1];
        let row = width.prop_flat_map(|width| prop::collection::vec(field(), width)).prop_map(|row| row.join(","));
        let end = prop::sample::select(["\n", "\r\n"].as_slice());
        (prop::collection::vec(row, 0..12), end).prop_map(move |(rows, end)| {
            let lines: Vec<String> = std::iter::once(columns.join(",")).chain(rows).collect();
            (kind, lines.join(end))
        })
    })
}

/// Every row that is not blank is in exactly one refusal or one instruction; of a group, its first row stands for it.
fn check_accounts(parsed: &Parsed, kind: Kind) {
    let n_instructions = parsed.instructions.len();
    let grouped = matches!(kind, Kind::Scorecards | Kind::Neighbours);
    if grouped {
        assert!(parsed.n_refused + n_instructions <= parsed.n_rows, "{parsed:?}");
        assert!(n_instructions > 0 || parsed.n_refused == parsed.n_rows, "{parsed:?}");
    } else {
        assert_eq!(parsed.n_refused + n_instructions, parsed.n_rows, "{parsed:?}");
    }
    let mut lines: Vec<u32> = parsed.refusals.iter().map(|refusal| refusal.line).collect();
    lines.extend(parsed.instructions.iter().map(|instruction| instruction.origin.unwrap().line.get()));
    let n_lines = lines.len();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), n_lines, "two answers for one row: {parsed:?}");
}

proptest! {
    #[test]
    fn every_row_is_accounted_for((kind, text) in file()) {
        let _beside = beside_others();
        let parsed = parse(kind.name(), 0, text.as_bytes(), &Defaults::default());
        assert!(!parsed.unreadable, "{parsed:?}");
        assert_eq!(kind_of_file("x.csv", text.as_bytes()), Some(kind));
        check_accounts(&parsed, kind);
        let lines: Vec<u32> = parsed.refusals.iter().map(|refusal| refusal.line).collect();
        for row in rows_text(text.as_bytes(), &lines) {
            assert!(!row.is_empty(), "a refused row comes back");
        }
    }

    #[test]
    fn reading_bytes_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _beside = beside_others();
        let parsed = parse("x.csv", 0, &bytes, &Defaults::default());
        assert!(parsed.unreadable || parsed.n_refused + parsed.instructions.len() <= parsed.n_rows);
        assert_eq!(rows_text(&bytes, &[1, 2, 3]).len(), 3);
    }

    #[test]
    fn a_broken_file_never_panics((kind, text) in file(), cut in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let _beside = beside_others();
        let mut bytes = text.into_bytes();
        let at = cut.index(bytes.len());
        bytes[at] = byte;
        let parsed = parse(kind.name(), 0, &bytes, &Defaults::default());
        match kind_of_file(kind.name(), &bytes) {
            Some(kind) if !parsed.unreadable => check_accounts(&parsed, kind),
            _ => assert!(parsed.unreadable && parsed.instructions.is_empty()),
        }
    }
}

proptest! {
    #[test]
    fn a_broken_layout_never_panics(
        number in 0..BUILT_IN.len(),
        at in any::<prop::sample::Index>(),
        put in "[a-z0-9 =\"\\[\\]{},.\n#]{0,6}",
        n_taken in 0_usize..4,
    ) {
        let mut letters: Vec<char> = BUILT_IN[number].1.chars().collect();
        let at = at.index(letters.len());
        let end = (at + n_taken).min(letters.len());
        drop(letters.splice(at..end, put.chars()));
        let text: String = letters.into_iter().collect();
        if let Err(refusals) = Layout::parse(&text, 0) {
            assert!(!refusals.is_empty() && refusals.iter().all(|refusal| refusal.line > 0));
        }
    }

    #[test]
    fn every_row_under_a_layout_is_accounted_for(rows in prop::collection::vec(prop::collection::vec(field(), 4..6), 0..12)) {
        let _beside = beside_others();
        let layout = "name = \"n\"\nkind = \"snapshot\"\ncolumns = { measure = \"m\", period = \"p\", value = \"v\" }\n\
                      areas = { columns = [\"a\"] }\nmeasures = { others = \"by-rule\" }\nsymbols = { c = \"c\" }\n";
        let layout = Layout::parse(layout, 0).unwrap();
        let lines: Vec<String> = std::iter::once("m,p,a,v".to_owned()).chain(rows.iter().map(|row| row.join(","))).collect();
        let defaults = Defaults::default();
        let reading = Reading { file: 0, defaults: &defaults, select: "" };
        let parsed = parse_with(&layout, lines.join("\n").as_bytes(), &reading);
        assert!(parsed.n_refused + parsed.instructions.len() <= parsed.n_rows);
        assert!(!parsed.unreadable);
    }
}
