//! One comparison, as a line for people and as an object for programs.

#![expect(clippy::float_arithmetic, reason = "figures of a benchmark are measurements, not facts of the record")]

use super::measure::Samples;
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// What the figures are, and which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Seconds that something takes; fewer is better.
    Seconds,
    /// How many of something happen in a second; more is better.
    PerSecond,
    /// Bytes that something takes; fewer is better.
    Bytes,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::PerSecond => "1/s",
            Self::Bytes => "B",
        }
    }

    /// How many times better `ours` is than `peer`: 2 is twice as good, 0.5 half as good.
    fn ratio(self, ours: f64, peer: f64) -> f64 {
        match self {
            Self::Seconds | Self::Bytes => peer / ours,
            Self::PerSecond => ours / peer,
        }
    }

    /// A figure as a person reads it, with three significant digits.
    fn show(self, figure: f64) -> String {
        match self {
            Self::Seconds => seconds(figure),
            Self::PerSecond => per_second(figure),
            Self::Bytes => format!("{} B", three_digits(figure)),
        }
    }
}

fn seconds(figure: f64) -> String {
    let (scaled, unit) = if figure < 1e-6 {
        (figure * 1e9, "ns")
    } else if figure < 1e-3 {
        (figure * 1e6, "µs")
    } else if figure < 1.0 {
        (figure * 1e3, "ms")
    } else {
        (figure, "s")
    };
    format!("{} {unit}", three_digits(scaled))
}

fn per_second(figure: f64) -> String {
    let (scaled, unit) = if figure < 1e3 {
        (figure, "/s")
    } else if figure < 1e6 {
        (figure / 1e3, "k/s")
    } else {
        (figure / 1e6, "M/s")
    };
    format!("{} {unit}", three_digits(scaled))
}

fn three_digits(figure: f64) -> String {
    if figure < 0.01 {
        format!("{figure:.1e}")
    } else if figure < 10.0 {
        format!("{figure:.2}")
    } else if figure < 100.0 {
        format!("{figure:.1}")
    } else {
        format!("{figure:.0}")
    }
}

/// One comparison of ours with a peer.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// What was measured, in words.
    pub(crate) title: String,
    /// Who the peer is.
    pub(crate) peer_name: String,
    pub(crate) unit: Unit,
    pub(crate) ours: Samples,
    pub(crate) peer: Samples,
    /// The least ratio that is good enough: 1 is as good as the peer; 0 where nothing is asked.
    pub(crate) goal: f64,
}

impl Row {
    /// How many times better ours is than the peer, by the medians.
    pub(crate) fn ratio(&self) -> f64 {
        self.unit.ratio(self.ours.median(), self.peer.median())
    }

    /// Whether the ratio reaches the goal; equality does.
    pub(crate) fn met(&self) -> bool {
        self.ratio() >= self.goal
    }

    fn json(&self) -> Value {
        json!({
            "row": self.title,
            "unit": self.unit.name(),
            "ours": self.ours.median(),
            "ours_min": self.ours.min(),
            "ours_max": self.ours.max(),
            "peer_name": self.peer_name,
            "peer": self.peer.median(),
            "peer_min": self.peer.min(),
            "peer_max": self.peer.max(),
            "n_rounds": self.ours.n_rounds(),
            "ratio": self.ratio(),
            "goal": self.goal,
            "met": self.met(),
        })
    }

    fn cells(&self) -> [String; 6] {
        let spread = |samples: &Samples| {
            format!(
                "{} ({}–{})",
                self.unit.show(samples.median()),
                self.unit.show(samples.min()),
                self.unit.show(samples.max())
            )
        };
        [
            self.title.clone(),
            spread(&self.ours),
            format!("{}: {}", self.peer_name, spread(&self.peer)),
            format!("{}×", three_digits(self.ratio())),
            if self.goal > 0.0 { format!("≥ {}×", self.goal) } else { String::new() },
            (if self.goal <= 0.0 {
                ""
            } else if self.met() {
                "met"
            } else {
                "NOT MET"
            })
            .to_owned(),
        ]
    }
}

/// The rows as JSON: an array of objects, in the order of the table, ended by a new line.
pub(crate) fn json(rows: &[Row]) -> Result<String> {
    let rows: Vec<Value> = rows.iter().map(Row::json).collect();
    let mut text = serde_json::to_string_pretty(&rows).context("the rows are no JSON")?;
    text.push('\n');
    Ok(text)
}

/// The rows in columns: medians, with the least and greatest of the rounds in brackets.
pub(crate) fn table(rows: &[Row]) -> String {
    let head = ["row", "ours", "peer", "ratio", "goal", ""].map(str::to_owned);
    let lines: Vec<[String; 6]> = std::iter::once(head).chain(rows.iter().map(Row::cells)).collect();
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let show = |line: &[String; 6]| {
        let cells = line.iter().enumerate();
        let padded: Vec<String> =
            cells.map(|(column, cell)| format!("{cell:<width$}", width = width(column))).collect();
        padded.join("  ").trim_end().to_owned()
    };
    lines.iter().map(show).collect::<Vec<_>>().join("\n")
}
