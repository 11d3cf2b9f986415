//! The peers' workload as files that Scorebook reads. Their loaders read its one file of events as it is; ours is parted
//! before the clock starts, into `results-NNN.csv` and `targets-NNN.csv` for a submission each of at most [`CHUNK_EVENTS`]
//! events, in the order of the events, and the files that define measures and areas.
//!
//! What was recorded then is told with the columns that Scorebook has: the instant is `known_at`, a target's source its
//! `decision`, and who set it, with the event's identifier, its `reason`. A result is its value alone, as the peers' answers
//! give it; its numerator and denominator, which they store too, are left out, because ours would rate by them.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

/// Events of a submission. One could hold all of the county (1,000,000 records, and 240 MiB of them, are the bounds), but of
/// several the next is read while one is recorded.
const CHUNK_EVENTS: usize = 180_000;

const RESULTS: &str = "measure,area,period,value,known_at";
const TARGETS: &str =
    "measure,area,from,to,comparison,target,target_high,minimum,minimum_high,decision,reason,known_at";

pub(crate) fn prepare(events: &Path, files: &Path) {
    fs::create_dir_all(files).expect("a folder");
    define(events, files);
    let reader = BufReader::with_capacity(1 << 20, File::open(events.join("events.csv")).expect("the events"));
    let mut chunk = None;
    for (number, line) in reader.lines().skip(1).enumerate() {
        let line = line.expect("a line");
        if number % CHUNK_EVENTS == 0 {
            chunk = Some(Chunk::new(files, number / CHUNK_EVENTS));
        }
        chunk.as_mut().expect("it is begun with the first event").write(&line);
    }
}

/// The two files of one submission, each made when it has its first row: a file without any is refused.
struct Chunk<'a> {
    files: &'a Path,
    number: usize,
    results: Option<BufWriter<File>>,
    targets: Option<BufWriter<File>>,
}

impl<'a> Chunk<'a> {
    const fn new(files: &'a Path, number: usize) -> Self {
        Self { files, number, results: None, targets: None }
    }

    fn create(&self, name: &str, header: &str) -> BufWriter<File> {
        let file = File::create(self.files.join(format!("{name}-{:03}.csv", self.number))).expect("a file");
        let mut file = BufWriter::with_capacity(1 << 20, file);
        writeln!(file, "{header}").expect("room for a line");
        file
    }

    fn write(&mut self, line: &str) {
        let fields: Vec<&str> = line.split(',').collect();
        let [
            _seq,
            kind,
            event,
            measure,
            area,
            period,
            value,
            _numerator,
            _denominator,
            from,
            to,
            polarity,
            target,
            target_high,
            minimum,
            minimum_high,
            known_at,
            actor,
            source,
        ] = fields.as_slice()
        else {
            panic!("{line:?} is not an event of nineteen fields")
        };
        let written = if *kind == "ResultRecorded" {
            let mut results = self.results.take().unwrap_or_else(|| self.create("results", RESULTS));
            let written = writeln!(results, "{measure},{area},{period},{value},{known_at}");
            self.results = Some(results);
            written
        } else {
            let comparison = match *polarity {
                "higher" => "at-least",
                "lower" => "at-most",
                "range" => "within",
                other => panic!("{other:?} is no polarity"),
            };
            let terms = format!("{comparison},{target},{target_high},{minimum},{minimum_high}");
            let mut targets = self.targets.take().unwrap_or_else(|| self.create("targets", TARGETS));
            let words = format!("{measure},{area},{from},{to},{terms},{source},{event} {actor},{known_at}");
            let written = writeln!(targets, "{words}");
            self.targets = Some(targets);
            written
        };
        written.expect("room for a line");
    }
}

/// The measures, the areas, and the method by which the peers tell a direction.
fn define(events: &Path, files: &Path) {
    let mut measures = "measure,title,kind,unit,decimal_places,polarity,frequency,basis,definition\n".to_owned();
    for [measure, unit, polarity] in rows(&events.join("measures.csv")) {
        let unit = match unit.as_str() {
            "percent" => "%",
            "rate_per_10000" => "\"per 10,000 children\"",
            "count" => "count",
            other => panic!("{other:?} is no unit"),
        };
        let rest = format!("monthly,single-period,What {measure} counts");
        writeln!(measures, "{measure},Measure {measure},indicator,{unit},1,{polarity},{rest}").expect("a text grows");
    }
    let mut areas = "area,name,level,parent\n".to_owned();
    for [area, county, kind] in rows(&events.join("areas.csv")) {
        let (level, parent) = if kind == "county" { ("authority", "") } else { ("district", county.as_str()) };
        writeln!(areas, "{area},Area {area},{level},{parent}").expect("a text grows");
    }
    let rules = "kind,rule,from\nrating,kent.1,1900-01-01\ndirection,previous-period.1,1900-01-01\n";
    for (name, text) in [("measures.csv", measures.as_str()), ("areas.csv", &areas), ("rules.csv", rules)] {
        fs::write(files.join(name), text).expect("a file");
    }
}

/// The rows of a small file of three columns, without its header.
fn rows(path: &Path) -> Vec<[String; 3]> {
    let text = fs::read_to_string(path).expect("a file of the workload");
    let row = |line: &str| {
        let fields: Vec<String> = line.split(',').map(str::to_owned).collect();
        <[String; 3]>::try_from(fields).expect("a row of three fields")
    };
    text.lines().skip(1).map(row).collect()
}
