//! Figures, as the peers give theirs.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Where figures go: standard output, and the file that `RESULTS` names.
pub(crate) struct Figures {
    file: Option<File>,
    scale: String,
    run: String,
}

impl Figures {
    pub(crate) fn open() -> Self {
        let setting = |name: &str, otherwise: &str| std::env::var(name).unwrap_or_else(|_unset| otherwise.to_owned());
        let file = std::env::var_os("RESULTS")
            .map(|path| OpenOptions::new().create(true).append(true).open(path).expect("a file for the figures"));
        Self { file, scale: setting("SCALE", "county"), run: setting("RUN", "1") }
    }

    /// Whether it is the county, for which there are expected answers to everything.
    pub(crate) fn county(&self) -> bool {
        self.scale == "county"
    }

    /// Says what was measured; `what` is an object.
    pub(crate) fn put(&mut self, metric: &str, what: Value) {
        let load = fs::read_to_string("/proc/loadavg").ok();
        let load = load.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
        let mut line = json!({
            "peer": "scorebook", "scale": self.scale, "run": self.run, "metric": metric, "load1": load,
        });
        let (Some(all), Value::Object(what)) = (line.as_object_mut(), what) else { panic!("an object is given") };
        all.extend(what);
        println!("{line}");
        if let Some(file) = &mut self.file {
            writeln!(file, "{line}").expect("room for a line");
        }
    }
}

/// How long something took, again and again.
#[derive(Default)]
pub(crate) struct Latencies(Vec<f64>);

impl Latencies {
    pub(crate) fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let made = work();
        self.add(begin.elapsed());
        made
    }

    pub(crate) fn add(&mut self, took: Duration) {
        self.0.push(took.as_nanos() as f64 / 1_000.0);
    }

    /// Percentiles as the peers count them, in microseconds.
    pub(crate) fn json(&self) -> Value {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let n = sorted.len();
        let at = |percent: usize| sorted.get((n * percent / 100).min(n.saturating_sub(1))).copied();
        let per_s = 1e6 * n as f64 / sorted.iter().sum::<f64>();
        json!({"n": n, "p50_us": at(50), "p99_us": at(99), "min_us": sorted.first(), "max_us": sorted.last(), "per_s": per_s})
    }
}

/// What this process takes now and took at the most, in MiB.
pub(crate) fn memory() -> Value {
    json!({"rss_mb": status_kb("VmRSS:") / 1024, "hwm_mb": status_kb("VmHWM:") / 1024})
}

/// A line of what the system says of this process, in KiB.
pub(crate) fn status_kb(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("such a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
