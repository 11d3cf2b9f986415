use crate::tests::{command, read, refusal, refused};
use crate::{Defaults, Kind, ORDER, kind_of, kind_of_file, parse, row_text, rows_text};

const AREAS: &str = "area,name,level\nE92000001,England,country\n";

fn lines(text: &str) -> Vec<(u32, bool)> {
    let parsed = read("file.csv", text);
    let good = parsed.instructions.iter().map(|i| (i.origin.unwrap().line.get(), true));
    let mut lines: Vec<_> = good.chain(parsed.refusals.iter().map(|r| (r.line, false))).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn lines_are_counted_as_an_editor_shows_them() {
    let text = "cohort,name,description\na,A,\"one\ntwo\n\nthree\"\n\nb,B,\nc c,C,\nd,D,x\n";
    assert_eq!(lines(text), [(2, true), (7, true), (8, false), (9, true)]);
    assert_eq!(lines(&text.replace('\n', "\r\n")), [(2, true), (7, true), (8, false), (9, true)]);
    assert_eq!(lines(&text.replace('\n', "\r")), [(2, true), (7, true), (8, false), (9, true)]);
    assert_eq!(lines("\n\n\ncohort,name\n\n\na,A\nb b,B"), [(7, true), (8, false)]);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let windows = format!("\u{feff}{}", AREAS.replace('\n', "\r\n"));
    assert_eq!(read("areas.csv", &windows), read("areas.csv", AREAS));
    assert_eq!(kind_of_file("x.csv", windows.as_bytes()), Some(Kind::Areas));
}

#[test]
fn spaces_around_fields_and_the_case_of_columns_do_not_matter() {
    let spaced = " Area ,NAME,\"level\"\n\u{a0}E92000001 , England\u{a0}, Country \n";
    assert_eq!(command(spaced), command(AREAS));
    assert_eq!(command("AREA,name,level,Known-At\nE92000001,England,country,\n"), command(AREAS));
}

#[test]
fn rows_without_any_field_are_passed_over() {
    let parsed = read("areas.csv", "area,name,level\n,,\nE92000001,England,country\n , ,\n  \n");
    assert_eq!((parsed.n_rows, parsed.n_refused, parsed.instructions.len()), (1, 0, 1));
}

#[test]
fn a_file_that_is_no_csv_is_refused_whole() {
    let bytes: [(&[u8], u32, &str); 7] = [
        (b"", 1, "the file is empty; begin it with a line of column names"),
        (b"\xef\xbb\xbf\n\n", 1, "the file is empty"),
        (b"PK\x03\x04....", 1, "the file is a workbook, not CSV; save its sheet as CSV UTF-8"),
        (b"\xff\xfea\0r\0", 1, "the file is UTF-16; save it as CSV UTF-8"),
        (b"area,name,level\nE1,\xe9cole,country\n", 2, "the file is not UTF-8 here; save it as CSV UTF-8"),
        (b"area;name;level\nE1;x;country\n", 1, "has columns separated by ';'; save it as CSV with commas"),
        (b"\"area,name,level\nE1,x,country\n", 1, "never closed"),
    ];
    for (bytes, line, expected) in bytes {
        let parsed = parse("areas.csv", 3, bytes, &Defaults::default());
        let shown = parsed.refusals[0].to_string();
        assert!(shown.starts_with(&format!("line {line}: ")) && shown.contains(expected), "{shown}");
        assert!(parsed.unreadable && parsed.instructions.is_empty() && parsed.layout.is_empty());
        assert_eq!((parsed.n_refused, parsed.n_rows, parsed.refusals[0].file), (1, 0, 3));
    }
}

#[test]
fn an_unknown_column_is_refused_with_the_nearest_that_is_known() {
    let shown = refused("area,nmae,level,colour\nE1,x,country,red\n");
    assert_eq!(
        shown,
        [
            "line 1, nmae: is no column of a file of areas; did you mean name? the columns are area, name, level, \
             parent, known_at, reason, cause",
            "line 1, colour: is no column of a file of areas; take it out; the columns are area, name, level, parent, \
             known_at, reason, cause",
            "line 1, name: is a column that a file of areas must have; add it",
        ]
    );
}

#[test]
fn a_missing_or_repeated_column_is_refused() {
    assert_eq!(
        refusal("measure,area,cohort,from,comparison,target,owner\n"),
        "line 1, decision: is a column that a file of targets must have; add it"
    );
    assert_eq!(refusal("area,name,level,Name\n"), "line 1, name: is there twice; keep one of the two columns");
    assert_eq!(
        refusal("measure,area,period,status\n"),
        "line 1: has no column of figures; add value, or numerator and denominator, or missing"
    );
    assert_eq!(refused("measure,area,period,numerator\n").len(), 1);
    assert!(refusal("a,b,c\n1,2,3\n").contains("is the header of no kind of file that is known; begin the file with"));
    let wide = format!("area,name,level{}\n", ",x".repeat(300));
    assert!(refusal(&wide).contains("has 303 columns"));
}

#[test]
fn a_row_of_another_shape_is_refused_with_its_line() {
    let shown = refused("area,name,level\nE1,x\nE2,y,country,z\nE3,z,country\n");
    let remedy = "put a text with a comma in quotation marks, and leave no field out";
    assert_eq!(
        shown,
        [
            format!("line 2: has 2 fields where the header has 3; {remedy}"),
            format!("line 3: has 4 fields where the header has 3; {remedy}"),
        ]
    );
    assert!(refusal("area,name,level,\nE1,x,country,y\n").contains("\"y\" stands in a column without a name"));
    assert_eq!(refused("area,name,level,\nE1,x,country,\n"), Vec::<String>::new());
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_refused_where_it_opens() {
    let shown = refusal("cohort,name\na,A\nb,\"B\nc,C\nd,D\n");
    assert!(shown.starts_with("line 3: opens a quotation mark that is never closed"), "{shown}");
    assert_eq!(lines("cohort,name\na,\"A\"\nb,\"B \"\"b\"\"\"\nc,C\"c"), [(2, true), (3, true), (4, true)]);
}

#[test]
fn what_stands_after_a_closing_quotation_mark_is_refused_with_the_rows_that_it_may_have_swallowed() {
    let remedy = "close the text at the end of its field, on the line where it ends, and write a quotation mark inside it \
                  twice";
    let text = "cohort,name,description\na,A,x\nb,B,\"see note\nc,C,\"other\"\nd,D,x\n";
    assert_eq!(lines(text), [(2, true), (3, false), (5, true)]);
    assert_eq!(
        refusal(text),
        format!("line 3: \"other\\\"\" stands right after the closing quotation mark of field 3, on line 4; {remedy}")
    );
    assert_eq!(row_text(text.as_bytes(), 3), "b,B,\"see note\nc,C,\"other\"");
    for figure in ["\"43\"5", "\"1\"2", "\"4\"\"\"3", "\"4\" \"3\"", "\"\"5"] {
        let shown = refusal(&format!("measure,area,period,value\nm,E1,2018-09,{figure}\n"));
        assert!(shown.contains("right after the closing quotation mark of field 4, on line 2"), "{figure}: {shown}");
    }
    // A mark inside a field without marks around it, one written twice, and spaces behind one, are what they were.
    let good = "cohort,name,description\na,5\" pipe,\nb,\"5\"\" pipe\",\"\"\nc,\"C\" , x \"y\" z\nd,D,\"\"\"\"\n";
    assert_eq!(refused(good), Vec::<String>::new());
    assert_eq!(refused(&good.replace('\n', "\r\n")), Vec::<String>::new());
    let header = read("cohorts.csv", "cohort,\"name\"x\na,A\n");
    assert!(header.unreadable && header.refusals[0].to_string().starts_with("line 1: \"x\" stands right after"));
}

#[test]
fn characters_that_cannot_be_printed_are_refused() {
    for bad in ["\0", "\u{1b}[31m", "\u{7f}", "\u{9b}"] {
        let shown = refusal(&format!("cohort,name\na,x{bad}y\n"));
        assert!(shown.contains("has a character that cannot be printed (such as NUL)"), "{shown}");
    }
    assert_eq!(refused("cohort,name\na,naïve café\u{201d} £\u{a0}5\n"), Vec::<String>::new());
}

#[test]
fn all_refusals_are_counted_and_a_thousand_listed() {
    let text = format!("area,name,level\n{}", "E 1,x,country\n".repeat(1_234));
    let parsed = read("areas.csv", &text);
    assert_eq!((parsed.n_refused, parsed.refusals.len(), parsed.n_rows), (1_234, 1_000, 1_234));
}

#[test]
fn a_long_value_is_cut_in_its_refusal() {
    let shown = refusal(&format!("area,name,level\n{},x,country\n", "é".repeat(5_000)));
    assert!(shown.len() < 600, "{shown}");
    let huge = "x".repeat(9 * 1024 * 1024);
    let shown = refusal(&format!("measure,area,period,text\nm,E1,2018-09,{huge}\n"));
    assert!(shown.contains("has more than 8 MiB; shorten it"), "{}", &shown[..100]);
}

#[test]
fn the_header_says_the_kind_and_the_name_breaks_a_tie() {
    for kind in ORDER {
        assert_eq!(kind_of("whatever.csv", kind.required()), Some(kind), "{kind:?}");
        let all: Vec<&str> = kind.columns().collect();
        assert_eq!(kind_of("whatever.csv", &all), Some(kind), "{kind:?}");
    }
    assert_eq!(kind_of("areas.csv", &["name", "level", "description"]), Some(Kind::Areas));
    assert_eq!(kind_of("Areas.2018.csv", &["name", "level", "description"]), Some(Kind::Areas));
    assert_eq!(kind_of("cohorts.csv", &["name", "level", "description"]), Some(Kind::Cohorts));
    assert_eq!(kind_of("areas.csv", &["x", "y"]), None);
    assert_eq!(kind_of_file("areas.csv", b""), None);
    assert!(ORDER.is_sorted());
    assert_eq!(read("any.csv", AREAS).layout, "scorebook-areas.1");
}

#[test]
fn a_row_comes_back_as_it_was() {
    let text = "\u{feff}cohort,name,description\r\na,A,\"one\r\ntwo\"\r\n\r\nb , B,  \r\n";
    assert_eq!(row_text(text.as_bytes(), 2), "a,A,\"one\r\ntwo\"");
    assert_eq!(row_text(text.as_bytes(), 5), "b , B,  ");
    assert_eq!(row_text(text.as_bytes(), 4), "");
    assert_eq!(row_text(text.as_bytes(), 99), "");
    assert_eq!(rows_text(text.as_bytes(), &[1, 3, 5, 9]), ["cohort,name,description", "", "b , B,  ", ""]);
    let long = format!("a,{}", "é".repeat(2_000));
    assert_eq!(row_text(long.as_bytes(), 1), format!("a,{}", "é".repeat(499)));
    assert_eq!(row_text(b"a,\xff\n", 1), "a,\u{fffd}");
}
