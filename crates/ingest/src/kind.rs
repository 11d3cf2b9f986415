//! The kinds of file, and how one is recognised by its header.

use crate::table::Table;

/// What a file holds. Kinds are ordered as they must be read: what is referred to comes before what refers to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Countries, regions, authorities, districts.
    Areas,
    /// Who is counted.
    Cohorts,
    /// Definitions of measures.
    Measures,
    /// Neighbour lists; a row a member.
    Neighbours,
    /// Scorecards; a row a measure.
    Scorecards,
    /// Targets with their minimum standards, and their withdrawal.
    Targets,
    /// Figures.
    Results,
    /// Figures as an export in the tidy layout has them.
    Tidy,
    /// Comparators' figures.
    Benchmarks,
    /// Words about figures.
    Commentary,
    /// What is done about figures.
    Actions,
    /// Rating rules and direction methods adopted.
    Rules,
    /// Measures that are no longer reported.
    Withdrawals,
}

/// The order in which a folder's files are to be read.
pub const ORDER: [Kind; 13] = [
    Kind::Areas,
    Kind::Cohorts,
    Kind::Measures,
    Kind::Neighbours,
    Kind::Scorecards,
    Kind::Targets,
    Kind::Results,
    Kind::Tidy,
    Kind::Benchmarks,
    Kind::Commentary,
    Kind::Actions,
    Kind::Rules,
    Kind::Withdrawals,
];

/// Columns that every kind takes: when it was known, why, and the cause of a change.
pub(crate) const EVERYWHERE: [&str; 3] = ["known_at", "reason", "cause"];

impl Kind {
    /// The name of such a file, without `.csv`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Areas => "areas",
            Self::Cohorts => "cohorts",
            Self::Measures => "measures",
            Self::Neighbours => "neighbours",
            Self::Scorecards => "scorecards",
            Self::Targets => "targets",
            Self::Results => "results",
            Self::Tidy => "tidy",
            Self::Benchmarks => "benchmarks",
            Self::Commentary => "commentary",
            Self::Actions => "actions",
            Self::Rules => "rules",
            Self::Withdrawals => "withdrawals",
        }
    }

    /// How the file is read, kept with the submission: the kind and the version of its columns.
    pub fn layout(self) -> String {
        format!("scorebook-{}.1", self.name())
    }

    /// The columns that must be there.
    pub(crate) const fn required(self) -> &'static [&'static str] {
        match self {
            Self::Areas => &["area", "name", "level"],
            Self::Cohorts => &["cohort", "name"],
            Self::Measures => {
                &["measure", "title", "kind", "unit", "decimal_places", "polarity", "frequency", "basis", "definition"]
            }
            Self::Neighbours => &["list", "area", "from", "average", "member"],
            Self::Scorecards => &["scorecard", "title", "section", "measure"],
            Self::Targets => &["measure", "area", "from", "comparison", "target", "decision"],
            Self::Results => &["measure", "area", "period"],
            Self::Tidy => &["time_period", "time_identifier", "geographic_level", "measure", "value"],
            Self::Benchmarks => &["measure", "area", "period", "comparator"],
            Self::Commentary => &["measure", "area", "period", "text"],
            Self::Actions => &["measure", "area", "period", "text", "owner", "due"],
            Self::Rules => &["kind", "rule", "from"],
            Self::Withdrawals => &["measure", "from"],
        }
    }

    /// The columns that may be there, without those that every kind takes.
    pub(crate) const fn optional(self) -> &'static [&'static str] {
        match self {
            Self::Areas => &["parent"],
            Self::Cohorts => &["description"],
            Self::Measures => &["year_type", "data_source", "owner", "expected_low", "expected_high"],
            Self::Neighbours => &["at_least"],
            Self::Scorecards => {
                &["committee", "cohort", "rated", "owner", "from", "scorecard_owner", "director", "behind", "subset_of"]
            }
            Self::Targets => &["cohort", "owner", "to", "target_high", "minimum", "minimum_high"],
            Self::Results => &[
                "cohort",
                "value",
                "numerator",
                "denominator",
                "missing",
                "status",
                "stated_rating",
                "previous_value",
                "previous_period",
            ],
            Self::Tidy => &[
                "country_code",
                "country_name",
                "region_code",
                "region_name",
                "old_la_code",
                "new_la_code",
                "la_name",
                "lad_code",
                "lad_name",
                "measure_title",
                "cohort",
                "numerator",
                "denominator",
                "calculated",
                "missing",
                "status",
                "unit",
                "decimal_places",
                "stated_rating",
                "previous_value",
                "previous_period",
                "source_text",
                "data_source",
                "source",
                "position",
            ],
            Self::Benchmarks => &["cohort", "value", "missing", "benchmark_period", "source"],
            Self::Commentary | Self::Actions => &["cohort"],
            Self::Rules => &["measure"],
            Self::Withdrawals => &["successor", "comparable"],
        }
    }

    /// All its columns.
    pub(crate) fn columns(self) -> impl Iterator<Item = &'static str> + Clone {
        self.required().iter().chain(self.optional()).chain(&EVERYWHERE).copied()
    }

    fn n_missing(self, header: &[String]) -> usize {
        self.required().iter().filter(|column| !header.iter().any(|name| name == *column)).count()
    }

    fn n_known(self, header: &[String]) -> usize {
        self.columns().filter(|column| header.iter().any(|name| name == column)).count()
    }

    /// How much of the header is this kind's, least fitting first: columns that it has, less those it lacks.
    fn fit(self, header: &[String]) -> (bool, usize, usize) {
        let (n_known, n_missing) = (self.n_known(header), self.n_missing(header));
        let n_unknown = header.len().saturating_sub(n_known);
        (n_missing == 0 && n_unknown == 0, n_known.saturating_sub(n_missing), usize::MAX.saturating_sub(n_unknown))
    }

    fn is_called(self, file_name: &str) -> bool {
        let stem = file_name.split_once('.').map_or(file_name, |(stem, _)| stem);
        stem.eq_ignore_ascii_case(self.name())
    }
}

/// A column's name as it is compared: lower case, with `_` for spaces and hyphens.
pub(crate) fn normal(column: &str) -> String {
    column.trim().chars().map(|c| if matches!(c, ' ' | '-') { '_' } else { c.to_ascii_lowercase() }).collect()
}

/// The kind that a file is read as: the one that its column names fit best; the file's name only breaks a tie.
///
/// `None` when fewer than two columns are of any one kind. A kind that is named here may still lack columns, or have
/// too many: reading the file says which.
pub fn kind_of(name: &str, header: &[&str]) -> Option<Kind> {
    let header: Vec<String> = header.iter().map(|column| normal(column)).filter(|column| !column.is_empty()).collect();
    let best = ORDER.into_iter().max_by_key(|kind| (kind.fit(&header), kind.is_called(name)))?;
    (best.n_known(&header) >= 2).then_some(best)
}

/// [`kind_of`] from a file's bytes, of which only the first record is read.
pub fn kind_of_file(name: &str, bytes: &[u8]) -> Option<Kind> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut table = Table::new(bytes);
    let first = table.next()?;
    let header: Vec<&str> = first.record.iter().filter_map(|field| std::str::from_utf8(field).ok()).collect();
    kind_of(name, &header)
}
