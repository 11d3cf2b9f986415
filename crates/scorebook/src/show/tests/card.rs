use super::*;

#[test]
fn look() {
    for width in [80, 120, 160] {
        let text = written(|out| scorecard(out, &Style { width, ..STYLE }, &given::card()));
        std::fs::write(format!("/tmp/card{width}.txt"), text).unwrap();
        let text = written(|out| scorecard(out, &Style { width, colour: true, ..STYLE }, &given::card()));
        std::fs::write(format!("/tmp/card{width}.ansi"), text).unwrap();
        let style = &Style { width, ..STYLE };
        let text = written(|out| {
            comparison(out, style, &given::comparison())?;
            writeln!(out, "\n#####")?;
            target_history(out, style, &given::target_history())?;
            writeln!(out, "\n#####")?;
            measure_history(out, style, &given::measure_history())?;
            writeln!(out, "\n#####")?;
            preview(out, style, &given::preview(), 20)?;
            writeln!(out, "\n#####")?;
            log(out, style, &given::records(), Detail::Line)?;
            writeln!(out, "\n#####")?;
            log(out, style, &given::records(), Detail::Whole)?;
            writeln!(out, "\n#####")?;
            directory(out, style, &given::directory())?;
            writeln!(out, "\n#####")?;
            submissions(out, style, &given::submissions())?;
            writeln!(out, "\n#####")?;
            explanation(out, style, &given::explanation())
        });
        std::fs::write(format!("/tmp/other{width}.txt"), text).unwrap();
    }
    let text = written(|out| scorecard(out, &Style { width: 60, ascii: true, ..STYLE }, &given::card()));
    std::fs::write(format!("/tmp/card60a.txt"), text).unwrap();
}
use std::io::Write as _;
