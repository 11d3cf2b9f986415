//! How answers look: no wider than asked, and coloured only where that is wanted.

use crate::folder::{Folder, MEETING};
use crate::program::{self, Finished};

const ANSWERS: [&str; 12] = [
    "scorecard cype --period 2018-09",
    "scorecard",
    "measure ks2-expected-rwm",
    "measure list",
    "measure explain ehcp-20-weeks --period 2018-09",
    "target-history care-leavers-eet",
    "compare cype 2018-11-29 now --period 2018-09",
    "log --limit 1000",
    "log --limit 1000 --verbose",
    "areas",
    "submission list",
    "status",
];

const ESCAPE: char = '\u{1b}';

fn grown() -> Folder {
    let folder = Folder::kent();
    folder.import(&Folder::example("kent-2018/final-key-stage-2"), "--known-at 2024-11-19").succeeded();
    folder.import(&Folder::example("kent-2018/target-change"), "").succeeded();
    folder
}

/// No line is wider, unless one word alone is.
#[track_caller]
fn within(finished: &Finished, width: usize) {
    for line in finished.stdout.lines() {
        let n_columns = line.chars().count();
        let unbreakable = line.split_whitespace().any(|word| word.chars().count() >= width.saturating_sub(16));
        assert!(
            n_columns <= width || unbreakable,
            "{n_columns} columns, not {width}: {line:?}\n$ {}",
            finished.command
        );
        assert_eq!(line, line.trim_end(), "no spaces at the end of a line: {}", finished.command);
    }
}

#[test]
fn no_line_is_wider_than_asked() {
    let folder = grown();
    for answer in ANSWERS {
        for width in [40, 80, 120] {
            within(&folder.run(&format!("{answer} --width {width}")).succeeded(), width);
        }
    }
}

#[test]
fn previews_and_the_demo_are_no_wider_than_asked() {
    let folder = Folder::begun();
    let kent = Folder::example("kent-2018/as-reported");
    within(&folder.import(&kent, &format!("--width 80 --dry-run --list 1000 --known-at {MEETING}")).succeeded(), 80);
    let bad = "measure,area,period,value\nno-such-measure-with-a-long-code,E10000016,July 20188,4x\n";
    within(&folder.import_text("bad.csv", bad, "--width 80").failed(), 80);
    let demo = Folder::new();
    let shown = demo.run("demo --width 80").succeeded();
    let (answers, commands) = shown.stdout.split_once("8. How to go on").expect("the last section");
    within(&Finished { stdout: answers.to_owned(), ..shown.clone() }, 80);
    assert!(commands.contains("scorecard cype"), "{commands}");
}

#[test]
fn without_a_terminal_there_are_no_escape_codes() {
    let folder = grown();
    for answer in ANSWERS {
        let plain = folder.run(answer).succeeded();
        assert!(!plain.stdout.contains(ESCAPE), "{}", plain.whole());
        let mut command = folder.command_on_data(answer);
        command.env("NO_COLOR", "1");
        assert_eq!(program::run(command, b"").succeeded().stdout, plain.stdout);
        assert_eq!(folder.run(&format!("{answer} --colour never")).succeeded().stdout, plain.stdout);
    }
}

#[test]
fn colour_can_be_asked_for_and_repeats_what_words_say() {
    let folder = grown();
    for answer in ANSWERS {
        let plain = folder.run(&format!("{answer} --colour never")).succeeded();
        let coloured = folder.run(&format!("{answer} --colour always")).succeeded();
        assert!(coloured.stdout.contains(ESCAPE), "{}", coloured.whole());
        assert_eq!(without_escapes(&coloured.stdout), plain.stdout, "{answer}");
    }
    let american = folder.run("scorecard cype --period 2018-09 --color always").succeeded();
    assert!(american.stdout.contains(ESCAPE));
}

fn without_escapes(text: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for c in text.chars() {
        match (inside, c) {
            (false, ESCAPE) => inside = true,
            (false, c) => plain.push(c),
            (true, 'm') => inside = false,
            (true, _) => {}
        }
    }
    plain
}

#[test]
fn programs_get_no_colour_and_whole_values() {
    let folder = grown();
    for answer in [
        "scorecard cype --period 2018-09",
        "measure list",
        "log",
        "areas",
        "submission list",
        "target-history care-leavers-eet",
    ] {
        for format in ["json", "csv"] {
            let narrow = folder.run(&format!("{answer} --format {format} --colour always --width 40")).succeeded();
            assert!(!narrow.stdout.contains(ESCAPE), "{answer} {format}");
            assert_eq!(narrow.stdout, folder.run(&format!("{answer} --format {format}")).succeeded().stdout);
        }
        folder.run(&format!("{answer} --format csv")).succeeded().csv();
    }
}

#[test]
fn letters_can_stand_for_shapes() {
    let folder = grown();
    let shown = folder.run("scorecard cype --period 2018-09 --ascii").succeeded();
    let shapes: String = shown.stdout.chars().filter(|c| !c.is_ascii()).collect();
    assert!(
        shapes.chars().all(char::is_alphabetic) || shapes.chars().all(|c| c == '’'),
        "only names keep their letters: {shapes:?}"
    );
    shown.says("Green").says("Amber").says("Red");
}

#[test]
fn what_somebody_typed_cannot_command_the_terminal() {
    let folder = Folder::kent();
    let hostile = "area,name,level\nE06000001,\"\u{1b}[2JHartlepool\",authority\n";
    let refused = folder.import_text("areas.csv", hostile, "").failed();
    assert!(!refused.stdout.contains(ESCAPE) && !refused.stderr.contains(ESCAPE), "{:?}", refused.whole());
}
