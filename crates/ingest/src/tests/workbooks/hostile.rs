use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{beside_others, figures, format, read, refused, rewritten, workbook, write};
use crate::rows_text;
use crate::workbook::{Unreadable, read as read_sheets};

/// A small workbook with everything that is looked at: formats, shared texts, a formula, merged cells, two sheets.
fn small() -> Vec<u8> {
    workbook(&[
        ("Kent", &|sheet| {
            write(sheet, 1, 0, &[&["measure", "area", "period", "value"], &["", "E10000016", "2025-07"]]);
            sheet.merge_range(2, 0, 3, 0, "m1", &format("General")).unwrap();
            sheet.write_number_with_format(2, 3, 0.434, &format("0.0%")).unwrap();
            write(sheet, 3, 1, &[&["E10000016", "2025-08"]]);
            sheet.write_formula(3, 3, "=1+1").unwrap();
        }),
        ("Other", &|sheet| write(sheet, 0, 0, &[&["measure", "area", "May 2025"], &["m2", "E10000016", "c"]])),
    ])
}

#[test]
fn the_small_workbook_is_a_good_one() {
    let _beside = beside_others();
    assert_eq!(figures(&read(&small())).len(), 3);
}

fn read_within(bytes: &[u8], unpacked_bytes_max: u64) -> Unreadable {
    crate::workbook::read_within(bytes, unpacked_bytes_max).unwrap_err()
}

/// A part of spaces, packed a thousand times smaller, that says that it has so many bytes.
fn bomb(n_bytes: usize, said: u32) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    writer.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    writer.write_all(&vec![b' '; n_bytes]).unwrap();
    let mut bytes = writer.finish().unwrap().into_inner();
    // The size unpacked is at byte 22 of the part's own header and at byte 24 of its entry in the directory.
    let entry = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    for at in [22, entry + 24] {
        bytes[at..at + 4].copy_from_slice(&said.to_le_bytes());
    }
    bytes
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    const MIB: usize = 1024 * 1024;
    let _beside = beside_others();
    let honest = bomb(MIB, 80 * 1024 * 1024);
    assert!(honest.len() < 2_000, "{} bytes", honest.len());
    let too_much = "1: the workbook unpacks to more than 64 MiB; split it, or take out what is not needed";
    assert_eq!(refused(&read(&honest)), [too_much]);
    // One that says less of itself than it holds is not believed.
    let liar = read_within(&bomb(3 * MIB, 1_000), 2 * 1024 * 1024);
    assert!(liar.problem.contains("larger than its declared"), "{liar:?}");
    let whole = bomb(MIB, 1024 * 1024);
    assert_eq!(read_within(&whole, 1024 * 1024 - 1).problem, "the workbook unpacks to more than 0 MiB");
    assert!(read_within(&whole, 1024 * 1024).problem.contains("is not one that can be read"));
}

#[test]
fn what_is_no_workbook_is_refused_with_what_to_do() {
    let _beside = beside_others();
    let text = |name: &str| {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(b"text").unwrap();
        writer.finish().unwrap().into_inner()
    };
    let cases: [(Vec<u8>, &str); 5] = [
        (b"PK\x03\x04\x14\x00".to_vec(), "the workbook is damaged"),
        (b"PK\x05\x06".to_vec(), "the workbook is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more".to_vec(), "before 2007, or is protected by a password"),
        (text("word/document.xml"), "is packed like a workbook and is not one"),
        (small()[..900].to_vec(), "the workbook is damaged"),
    ];
    for (bytes, expected) in cases {
        let shown = refused(&read(&bytes));
        assert!(shown.len() == 1 && shown[0].contains(expected), "{shown:?}");
        assert!(read(&bytes).parts[0].unreadable);
    }
}

/// What becomes of the small workbook when a text in one of its parts is another.
#[track_caller]
fn check(from: &str, to: &str, expected: &str) {
    let changed = rewritten(&small(), |_, text| text.replace(from, to));
    assert_ne!(changed, rewritten(&small(), |_, text| text), "{from} is there");
    let shown = refused(&read(&changed));
    assert!(shown.iter().any(|shown| shown.contains(expected)), "{from} to {to}: {shown:?}");
}

#[test]
fn numbers_that_promise_more_than_there_is_are_refused() {
    let _beside = beside_others();
    check("uniqueCount=\"", "uniqueCount=\"9999999999", "it promises more texts than it has");
    check("uniqueCount=\"", "uniqueCount = '+18446744073709551615' x=\"", "it promises more texts than it has");
    check("<c r=\"C3\"", "<c r=\"XFD3\"", "Kent!XFD3 has a value; at most 1000 columns are taken");
    check("<c r=\"C3\"", "<c r=\"C1048577\"", "Kent!C1048577 has a value");
    check("encoding=\"UTF-8\"", "encoding=\"UTF-16\"", "of the workbook is not UTF-8");
    check("formatCode=\"0.0%\"", &format!("formatCode=\"{}\"", "0".repeat(3_000)), "longer than any that Excel makes");
    check("<cellXfs", &format!("{}<cellXfs", "<xf/>".repeat(70_000)), "cell formats; at most 65490 are taken");
    check("name=\"Other\"", "name=\"Kent\"", "two sheets are called \"Kent\"");
    check("name=\"Other\"", &format!("name=\"{}\"", "x".repeat(200)), "has a name of 200 bytes");
}

#[test]
fn places_that_no_sheet_has_do_no_harm() {
    let _beside = beside_others();
    let places = ["A4294967297", "ZZZZZZZZ1", "B2:A1", "A1:XFD1048576", "A0", "", "A3:A4294967295", "7", "A1:B2:C3"];
    for place in places {
        for from in ["ref=\"A3:A4\"", "r=\"C3\"", "<dimension ref=\"A2:D4\""] {
            let name = from.split_once('"').unwrap().0;
            drop(read(&rewritten(&small(), |_, text| text.replace(from, &format!("{name}\"{place}\"")))));
        }
    }
    // Merged cells over the whole sheet fill what the sheet has, and no more.
    let whole = rewritten(&small(), |_, text| text.replace("ref=\"A3:A4\"", "ref=\"A3:XFD1048576\""));
    assert_eq!(read_sheets(&whole).unwrap()[0].rows.iter().map(|row| row.fields.len()).collect::<Vec<_>>(), [4, 4, 4]);
}

#[test]
fn merged_cells_that_overlap_fill_no_more_than_a_workbook_holds() {
    let _beside = beside_others();
    let bytes = workbook(&[("Kent", &|sheet| {
        sheet.merge_range(0, 0, 0, 1, "", &format("General")).unwrap();
        sheet.write_formula(0, 0, "=1+1").unwrap();
        write(sheet, 999, 999, &[&["x"]]);
    })]);
    // A thousand times a million fields, each without a text of its own.
    let many = "<mergeCell ref=\"A1:ALL1000\"/>".repeat(1_000);
    let changed =
        rewritten(&bytes, |_, text| text.replace("<mergeCell ref=\"A1:B1\"/>", &many).replace("</f><v>0</v>", "</f>"));
    let shown = refused(&read(&changed));
    assert_eq!(
        shown,
        [
            "1: the workbook's merged cells are more than 5000000, or overlap; unmerge those that are not needed, and save \
             it again in Excel"
        ]
    );
}

#[test]
fn one_text_shown_in_very_many_cells_is_bounded() {
    let _beside = beside_others();
    let long = "x".repeat(30_000);
    let bytes = workbook(&[("Kent", &|sheet| {
        for row in 0..3_000 {
            sheet.write_string(row, 0, &long).unwrap();
        }
    })]);
    let shown = refused(&read(&bytes));
    assert!(shown[0].contains("the workbook has more than 67108864 bytes of text"), "{shown:?}");
    assert!(bytes.len() < 100_000, "{} bytes", bytes.len());
}

#[test]
fn a_workbook_cut_short_or_changed_in_a_byte_does_no_harm() {
    let _beside = beside_others();
    let bytes = small();
    for end in (0..bytes.len()).step_by(53) {
        drop(read(&bytes[..end]));
    }
    for at in (0..bytes.len()).step_by(29) {
        for flip in [0x01, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            drop(read(&changed));
        }
    }
}

#[test]
fn a_part_changed_in_a_character_does_no_harm() {
    let _beside = beside_others();
    let replacements = ["", "<", ">", "\"", "9", "&", "\u{0}", "é", "-", "/"];
    let mut seed = 1_u64;
    for _ in 0..400 {
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((seed >> 33) % u64::try_from(below.max(1)).unwrap()).unwrap()
        };
        let (part, with, place) = (next(12), replacements[next(replacements.len())], next(100_000));
        let count = std::cell::Cell::new(0);
        let changed = rewritten(&small(), |_, text| {
            count.set(count.get() + 1);
            if count.get() != part + 1 {
                return text;
            }
            let at = place % text.len().max(1);
            let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let rest = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            format!("{}{with}{}", &text[..at], &text[rest..])
        });
        let file = read(&changed);
        let lines: Vec<u32> = file.parts.iter().flat_map(|part| &part.refusals).map(|refusal| refusal.line).collect();
        drop(rows_text(&changed, &lines));
    }
}
