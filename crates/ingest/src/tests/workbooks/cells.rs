use rust_xlsxwriter::Worksheet;

use super::{Formula, Make, beside_others, date, figures, format, read, refused, rewritten, workbook, write};
use crate::workbook::{Source, read as read_sheets, reference};

/// A cell that is made somehow, and the text that it means or the beginning of what is wrong with it.
type Case<'c> = (&'c str, Make<'c>, Result<&'c str, &'c str>);

fn number(value: f64, code: &'static str) -> impl Fn(&mut Worksheet) {
    move |sheet| {
        sheet.write_number_with_format(1, 2, value, &format(code)).unwrap();
    }
}

fn text(text: &'static str) -> impl Fn(&mut Worksheet) {
    move |sheet| {
        sheet.write_string(1, 2, text).unwrap();
    }
}

fn on(day: (u16, u8, u8), code: &'static str) -> impl Fn(&mut Worksheet) {
    move |sheet| {
        sheet.write_datetime_with_format(1, 2, date(day.0, day.1, day.2), &format(code)).unwrap();
    }
}

#[track_caller]
fn check(cases: &[Case<'_>]) {
    for (what, make, expected) in cases {
        let sheets = read_sheets(&workbook(&[("Sheet", make)])).unwrap();
        let field = &sheets[0].rows[0].fields[2];
        assert_eq!((sheets[0].rows[0].line, sheets[0].rows[0].fields.len()), (2, 3), "{what}");
        match (expected, field.source) {
            (Ok(text), Source::Own) => assert_eq!(field.text, *text, "{what}"),
            (Err(problem), Source::Fault(fault)) => assert!(fault.problem.starts_with(problem), "{what}: {fault:?}"),
            _ => panic!("{what}: {field:?}"),
        }
    }
}

#[test]
fn a_number_is_read_as_what_it_means() {
    let _beside = beside_others();
    let cases: &[Case<'_>] = &[
        ("a number", &number(43.4, "General"), Ok("43.4")),
        ("a whole number", &number(1747.0, "#,##0"), Ok("1747")),
        ("nothing", &number(0.0, "0.0"), Ok("0")),
        ("nothing below zero", &number(-0.0, "0.0"), Ok("0")),
        ("a double's noise", &number("4.5999999999999996".parse().unwrap(), "0.0"), Ok("4.6")),
        ("noise that makes another double", &number("-0.25000000000000006".parse().unwrap(), "General"), Ok("-0.25")),
        ("a sum's noise", &number("0.30000000000000004".parse().unwrap(), "General"), Ok("0.3")),
        ("fifteen digits", &number(0.123_456_789_012_345, "General"), Ok("0.123456789012345")),
        ("a very small number", &number(1e-9, "0.00E+00"), Ok("0.000000001")),
        ("a large whole number", &number(1e17, "0"), Ok("100000000000000000")),
        ("a percentage", &number(0.434, "0.0%"), Ok("43.4%")),
        ("a percentage with noise", &number("0.07000000000000002".parse().unwrap(), "0%"), Ok("7%")),
        ("a whole percentage", &number(1.0, "0%"), Ok("100%")),
        ("five tenths", &number(0.5, "0%"), Ok("50%")),
        ("a small percentage", &number(0.001_25, "0.00%"), Ok("0.125%")),
        ("a negative percentage", &number(-0.0321, "0.0%;[Red]-0.0%"), Ok("-3.21%")),
        ("no percentage", &number(0.0, "0%"), Ok("0%")),
        ("a per cent sign that is text", &number(43.4, "0.0\"%\""), Ok("43.4")),
        ("a per cent sign that is escaped", &number(43.4, "0.0\\%"), Ok("43.4")),
        ("a percentage for negative numbers alone", &number(5.0, "0.0;-0.0%"), Ok("5")),
        ("the same below zero", &number(-0.05, "0.0;-0.0%"), Ok("-5%")),
        ("a condition", &number(0.5, "[<1]0%;0"), Err("has a number format that shows some numbers as percentages")),
        ("a colour", &number(0.5, "[Red]0%"), Ok("50%")),
    ];
    check(cases);
}

#[test]
fn a_number_that_its_format_covers_is_refused() {
    let _beside = beside_others();
    let covered = Err("is what the number format shows in place of a number");
    let hidden = Err("is a number that its format does not show");
    let cases: &[Case<'_>] = &[
        ("a small count", &number(4.0, "[<5]\"<5\";0.0"), covered),
        ("a count that is not small", &number(5.0, "[<5]\"<5\";0.0"), Ok("5")),
        ("a small count below three", &number(2.5, "[<3]\"c\";[<5]\"<5\";0"), covered),
        ("a small count from three", &number(3.0, "[<3]\"c\";[<5]\"<5\";0"), covered),
        ("a count of more", &number(1e17, "[<3]\"c\";[<5]\"<5\";0"), Ok("100000000000000000")),
        ("a share that is small", &number(0.0, "[=0]\"z\";0.0%"), covered),
        ("a letter", &number(3.0, "\"c\""), covered),
        ("a letter that is escaped", &number(3.0, "\\x"), covered),
        ("a letter alone below zero", &number(-3.0, "0;\"x\""), covered),
        ("no letter above zero", &number(3.0, "0;\"x\""), Ok("3")),
        ("a letter for zero", &number(0.0, "0;-0;\"z\""), covered),
        ("nothing", &number(3.0, ";;;"), hidden),
        ("nothing for zero", &number(0.0, "0.0;-0.0;;@"), hidden),
        ("something above zero", &number(3.0, "0.0;-0.0;;@"), Ok("3")),
        ("accounts", &number(1234.5, "_-* #,##0.00_-;-* #,##0.00_-;_-* \"-\"??_-;_-@_-"), Ok("1234.5")),
        ("accounts of nothing", &number(0.0, "_-* #,##0.00_-;-* #,##0.00_-;_-* \"-\"??_-;_-@_-"), Ok("0")),
        ("whole accounts of nothing", &number(0.0, "_-* #,##0_-;-* #,##0_-;_-* \"-\"_-;_-@_-"), Ok("0")),
        ("accounts in brackets", &number(-12.0, "#,##0_);[Red](#,##0)"), Ok("-12")),
        ("a dash for what is not nothing", &number(3.0, "\"-\""), covered),
        ("money", &number(1234.5, "[$£-809]#,##0.00"), Ok("1234.5")),
        ("a fraction", &number(0.25, "# ?/?"), Ok("0.25")),
        ("text", &number(43.4, "@"), Ok("43.4")),
        ("general", &number(43.4, "[Red]General;-General"), Ok("43.4")),
        ("a unit", &number(43.4, "0.0\" days\""), Ok("43.4")),
    ];
    check(cases);
    let shown = refused(&read(&one(|sheet| {
        sheet.write_number_with_format(4, 4, 4, &format("[<5]\"<5\";0.0")).unwrap();
    })));
    let expected = "10000005, 'West Kent'!E5: \"<5\" is what the number format shows in place of a number; write the symbol \
                    itself in the cell, or give the cell a format that shows the number";
    assert_eq!(shown, [expected]);
}

#[test]
fn a_text_is_left_as_it_is() {
    let _beside = beside_others();
    let cases: &[Case<'_>] = &[
        ("a percentage as text", &text("43.4%"), Ok("43.4%")),
        ("spaces", &text(" \u{a0}15.4 \u{a0}"), Ok("15.4")),
        ("thousands", &text("1,234"), Ok("1,234")),
        ("a small count", &text("<5"), Ok("<5")),
        ("a symbol", &text("c"), Ok("c")),
        ("not applicable", &text("n/a"), Ok("n/a")),
        ("a dash", &text("–"), Ok("–")),
        ("a month as text", &text("Jul-25"), Ok("Jul-25")),
    ];
    check(cases);
}

/// A workbook of results with a text in two parts in each of these cells, the second raised; `inline` says where it is kept.
fn with_raised(inline: bool) -> Vec<u8> {
    let bytes = workbook(&[("Kent", &|sheet| {
        let rows: &[&[&str]] = &[
            &["the notes 1 and", "1"],
            &HEADER[..4],
            &["m1", "E1", "2025-07", "FIGURE"],
            &["m1", "E2", "PERIOD", "7"],
            &["m1", "E3", "2025-07", "8"],
        ];
        write(sheet, 0, 0, rows);
    })]);
    let run = |plain: &str, mark: &str, align: &str| {
        format!(
            "<r><t>{plain}</t></r><r><rPr><b/><vertAlign val=\"{align}\"/></rPr><t xml:space=\"preserve\">{mark}</t></r>"
        )
    };
    let texts = [
        ("FIGURE", run("43.4", "2", "superscript")),
        ("PERIOD", run("FY201", "&#x38;", "subscript")),
        ("the notes 1 and", run("the notes", " 1 and", "superscript")),
    ];
    let kept =
        |text: String| texts.iter().fold(text, |text, (word, runs)| text.replace(&format!("<t>{word}</t>"), runs));
    let shared = rewritten(&bytes, |_, text| kept(text));
    if !inline {
        return shared;
    }
    let at = |text: &str, place: &str| {
        let (_, rest) = text.split_once(&format!("<c r=\"{place}\" t=\"s\">")).unwrap();
        rest.split_once("</c>").unwrap().0.to_owned()
    };
    rewritten(&bytes, |name, text| {
        let places = [("D3", 0), ("C4", 1), ("A1", 2)];
        places.into_iter().filter(|_| name.contains("sheet1.xml")).fold(text, |text, (place, number)| {
            let from = format!("<c r=\"{place}\" t=\"s\">{}</c>", at(&text, place));
            let runs = &texts[number].1;
            text.replace(&from, &format!("<c r=\"{place}\" t=\"inlineStr\"><is>{runs}</is></c>"))
        })
    })
}

#[test]
fn a_raised_digit_is_no_digit_of_a_figure_or_a_period() {
    let _beside = beside_others();
    for inline in [false, true] {
        let bytes = with_raised(inline);
        let sheets = read_sheets(&bytes).unwrap();
        let text = |row: usize, column: usize| sheets[0].rows[row].fields[column].text.as_str();
        assert_eq!([text(0, 0), text(2, 3), text(3, 2)], ["the notes ¹ and", "43.4²", "FY201₈"], "inline: {inline}");
        let file = read(&bytes);
        let shown = refused(&file);
        assert_eq!((shown.len(), file.parts[0].instructions.len()), (2, 1), "{shown:?}");
        let figure = "10000003, Kent!D3 value: \"43.4²\" is not a number written as digits, such as 43.4; write the figure \
                      alone, in plain digits, without the mark of a footnote";
        assert_eq!(shown[0], figure);
        assert!(shown[1].starts_with("10000004, Kent!C4 period: \"FY201₈\" is not a period"), "{}", shown[1]);
    }
}

#[test]
fn a_date_is_read_as_far_as_it_is_shown() {
    let _beside = beside_others();
    let cases: &[Case<'_>] = &[
        ("a day", &on((2025, 7, 1), "dd/mm/yyyy"), Ok("2025-07-01")),
        ("a day without its year", &on((2025, 7, 14), "d-mmm"), Ok("2025-07-14")),
        ("a month", &on((2025, 7, 1), "mmm-yy"), Ok("Jul 2025")),
        ("a month by its name", &on((2025, 7, 31), "mmmm yyyy"), Ok("Jul 2025")),
        ("a month without its year", &on((2025, 7, 31), "mmm"), Ok("Jul 2025")),
        ("a month in another language", &on((2025, 7, 1), "[$-809]mmm\\ yy;@"), Ok("Jul 2025")),
        ("a year", &on((2025, 7, 1), "yyyy"), Ok("2025")),
        ("a day with a format for times", &on((2025, 7, 1), "dd/mm/yyyy hh:mm"), Ok("2025-07-01")),
        (
            "a time of day",
            &|sheet| {
                let at = date(2025, 7, 1).and_hms(10, 30, 0).unwrap();
                sheet.write_datetime_with_format(1, 2, at, &format("dd/mm/yyyy hh:mm")).unwrap();
            },
            Err("is a date with a time of day"),
        ),
        ("a time", &number(0.5, "hh:mm"), Err("is a time of day without a date")),
        ("minutes and seconds", &number(0.5, "mm:ss"), Err("is a time of day without a date")),
        ("a length of time", &number(1.5, "[hh]:mm"), Err("is a length of time")),
        ("a day that never was", &number(60.0, "dd/mm/yyyy"), Err("is formatted as a date, and is none")),
        ("a day long ago", &number(-3.0, "dd/mm/yyyy"), Err("is formatted as a date, and is none")),
        ("a day far away", &number(1e9, "dd/mm/yyyy"), Err("is formatted as a date, and is none")),
    ];
    check(cases);
}

#[test]
fn a_date_that_is_written_out_is_read_as_far_as_it_is_shown() {
    let _beside = beside_others();
    let day = |code: &str, written: &str| {
        let cell = |sheet: &mut Worksheet| drop(sheet.write_number_with_format(0, 0, 45_839, &format(code)));
        let bytes = workbook(&[("Sheet", &cell)]);
        let changed = rewritten(&bytes, |_, text| text.replace("><v>45839</v>", &format!(" t=\"d\"><v>{written}</v>")));
        read_sheets(&changed).unwrap()[0].rows[0].fields[0].clone()
    };
    for (code, written, expected) in [
        ("mmm-yy", "2018-10-01T00:00:00", "Oct 2018"),
        ("mmm-yy", "2018-10-01", "Oct 2018"),
        ("mmmm", "2018-10-01T00:00:00.000", "Oct 2018"),
        ("yyyy", "2018-10-01", "2018"),
        ("dd/mm/yyyy", "2018-10-01T10:30:00", "2018-10-01"),
        ("dd/mm/yyyy hh:mm", "2018-10-01T00:00:00", "2018-10-01"),
        ("General", "2018-10-01", "2018-10-01"),
        ("dd/mm/yyyy hh:mm", "2018-10-01T10:30:00Z", "2018-10-01T10:30:00Z"),
    ] {
        let field = day(code, written);
        assert_eq!((field.text.as_str(), field.source), (expected, Source::Own), "{code} {written}");
    }
    for (code, written, expected) in [
        ("dd/mm/yyyy hh:mm", "2018-10-01T10:30:00", "is a date with a time of day"),
        ("General", "2018-10-01T10:30:00", "is a date with a time of day"),
        ("hh:mm", "2018-10-01T10:30:00", "is a time of day without a date"),
        ("mmm-yy", "1018-10-01", "is formatted as a date, and is none"),
    ] {
        let Source::Fault(fault) = day(code, written).source else { panic!("{code} {written}") };
        assert!(fault.problem.starts_with(expected), "{fault:?}");
    }
}

#[test]
fn truths_formulas_and_errors_are_read_as_they_stand() {
    let _beside = beside_others();
    let cases: &[Case<'_>] = &[
        ("a truth", &|sheet| drop(sheet.write_boolean(1, 2, true)), Ok("TRUE")),
        ("a falsehood", &|sheet| drop(sheet.write_boolean(1, 2, false)), Ok("FALSE")),
        (
            "a formula",
            &|sheet| {
                drop(sheet.write_formula_with_format(1, 2, Formula::new("=1/8").set_result("0.125"), &format("0%")));
            },
            Ok("12.5%"),
        ),
        (
            "a formula that gives a text",
            &|sheet| drop(sheet.write_formula(1, 2, Formula::new("=\"c\"").set_result("c"))),
            Ok("c"),
        ),
        (
            "an error",
            &|sheet| drop(sheet.write_formula(1, 2, Formula::new("=NA()").set_result("#N/A"))),
            Err("is an error"),
        ),
    ];
    check(cases);
}

#[test]
fn dates_are_counted_from_1904_where_the_workbook_says_so() {
    let _beside = beside_others();
    let bytes =
        workbook(&[("Sheet", &|sheet| drop(sheet.write_number_with_format(0, 0, 44_377.0, &format("mmm-yy"))))]);
    let mac = rewritten(&bytes, |_, text| text.replace("<workbookPr ", "<workbookPr date1904=\"1\" "));
    let text = |bytes: &[u8]| read_sheets(bytes).unwrap()[0].rows[0].fields[0].text.clone();
    assert_eq!((text(&bytes).as_str(), text(&mac).as_str()), ("Jun 2021", "Jul 2025"));
}

const HEADER: &[&str] = &["measure", "area", "period", "value", "remarks"];

/// A sheet of results without its last column, whose figure is made by `make`.
fn one(make: impl Fn(&mut Worksheet)) -> Vec<u8> {
    workbook(&[("West Kent", &|sheet| {
        write(sheet, 3, 1, &[&HEADER[..4], &["m1", "E10000016", "2025-07"]]);
        make(sheet);
    })])
}

#[test]
fn a_refusal_names_sheet_and_cell() {
    let _beside = beside_others();
    let cases: [(Make<'_>, &str); 6] = [
        (
            &|sheet| write(sheet, 4, 4, &[&[">95"]]),
            "\">95\" is not a number; write why there is no figure, one of c, z, x",
        ),
        (&|sheet| write(sheet, 4, 4, &[&["tbc"]]), "\"tbc\" is not a number; write why there is no figure"),
        (&|sheet| write(sheet, 4, 4, &[&["-"]]), "\"-\" is a dash, which may mean none, not applicable or not"),
        (
            &|sheet| drop(sheet.write_formula(4, 4, Formula::new("=NA()").set_result("#N/A"))),
            "\"#N/A\" is an error; correct it in the workbook, or empty the cell",
        ),
        (
            &|sheet| drop(sheet.write_number_with_format(4, 4, 1.5, &format("[h]:mm:ss"))),
            "\"1.5\" is a length of time; write it as a number, in the measure's unit",
        ),
        (&|_| (), "is empty, and so is every other part of a figure"),
    ];
    for (make, expected) in cases {
        let shown = refused(&read(&one(make)));
        assert_eq!(shown.len(), 1, "{shown:?}");
        let (place, problem) = shown[0].split_once(": ").unwrap();
        assert!(["10000005, 'West Kent'!E5 value", "10000005, 'West Kent'!E5"].contains(&place), "{place}");
        assert!(problem.starts_with(expected), "{problem}");
    }
}

#[test]
fn a_formula_that_was_never_computed_is_refused_and_not_taken_for_an_empty_cell() {
    let _beside = beside_others();
    let bytes = one(|sheet| drop(sheet.write_formula(4, 4, "=1+1")));
    assert_eq!(figures(&read(&bytes)), ["m1 E10000016 2025-07 0 in row 5 of sheet 1"]);
    for empty in ["", "<v></v>", "<v/>"] {
        let bare = rewritten(&bytes, |_, text| text.replace("</f><v>0</v>", &format!("</f>{empty}")));
        assert_eq!(
            refused(&read(&bare)),
            [
                "10000005, 'West Kent'!E5: is a formula without a value; open the workbook in Excel and save it, so that its \
              formulas are computed"
            ]
        );
    }
}

#[test]
fn a_number_that_may_be_a_date_is_not_guessed() {
    let _beside = beside_others();
    let bytes = workbook(&[("Kent", &|sheet| {
        write(sheet, 0, 0, &[&HEADER[..4], &["m1", "E10000016", "", "1"]]);
        sheet.write_number(1, 2, 45_839).unwrap();
    })]);
    let expected = "10000002, Kent!C2 period: \"45839\" is not a period; if it is how a spreadsheet counts the day \
                    2025-07-01, format the cell as a date; else write it as 2018-09";
    assert_eq!(refused(&read(&bytes)), [expected]);
}

#[test]
fn a_column_that_is_not_known_is_refused_with_its_cell() {
    let _beside = beside_others();
    let bytes = workbook(&[("Kent", &|sheet| write(sheet, 2, 1, &[HEADER, &["m1", "E10000016", "2025-07", "1", ""]]))]);
    let shown = refused(&read(&bytes));
    assert!(shown[0].starts_with("10000003, Kent!F3 remarks: is no column of a file of results"), "{shown:?}");
    assert!(read(&bytes).parts[0].unreadable);
}

#[test]
fn cells_are_named_as_spreadsheets_name_them() {
    let _beside = beside_others();
    let names = [0, 25, 26, 51, 52, 701, 702].map(|column| reference("A", 1, Some(column)));
    assert_eq!(names, ["A!A1", "A!Z1", "A!AA1", "A!AZ1", "A!BA1", "A!ZZ1", "A!AAA1"]);
    assert_eq!(reference("King's Hill", 7, None), "'King''s Hill'!7");
}
