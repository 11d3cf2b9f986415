//! The nodes that keep a log, and what is wrong with them.

use std::io::{self, Write};

use wire::v1;

use super::Style;
use super::table::{Column, Row, Table};
use super::text::{Ink, Page, Text, joined};
use super::words;

/// Shows each node, how far it is and how it is doing; then the problems, a sentence each.
///
/// # Errors
/// What `out` says.
pub(crate) fn cluster(out: &mut dyn Write, style: &Style, answer: &v1::GetClusterResponse) -> io::Result<()> {
    let page = &mut Page::new(out, style);
    let n = words::count(u64::try_from(answer.nodes.len()).unwrap_or(u64::MAX), "node", "nodes");
    page.text(0, &Text::inked(Ink::Strong, format!("{n} of the scorebook of {}", answer.authority)))?;
    page.blank()?;
    let columns = [
        Column::left("Node"),
        Column::left("Role"),
        Column::left("Version"),
        Column::right("Position"),
        Column::right("Lag"),
        Column::left("Head"),
        Column::left("Heard"),
        Column::left("State"),
    ];
    let rows: Vec<Row> = answer.nodes.iter().map(row).collect();
    Table::of(&columns, rows.iter(), 0, page.style).write(page, &rows)?;
    for problem in &answer.problems {
        page.blank()?;
        page.text(0, &Text::inked(Ink::Notice, words::sentence(problem)))?;
    }
    Ok(())
}

fn row(node: &v1::ClusterNode) -> Row {
    let head = match node.chain.as_str() {
        "" => node.position.to_string(),
        chain => format!("{}:{}", node.position, words::short(chain)),
    };
    let when = match &node.heard_ago {
        Some(ago) => joined(&format!("{} s ago", words::thousands(u64::try_from(ago.seconds).unwrap_or_default()))),
        None if node.answers => joined("this node"),
        None => String::new(),
    };
    let ink = match node.state() {
        v1::NodeState::Live | v1::NodeState::Unspecified => Ink::Plain,
        v1::NodeState::Stopped | v1::NodeState::Silent | v1::NodeState::Disagrees => Ink::Notice,
    };
    Row::of(vec![
        Text::inked(Ink::Strong, node.node.as_str()),
        Text::plain(node.roles.join(", ")),
        Text::plain(node.version.as_str()),
        Text::plain(words::thousands(node.position)),
        Text::plain(words::thousands(node.lag)),
        Text::plain(head),
        Text::plain(when),
        Text::inked(ink, state(node.state())),
    ])
}

/// How a node is doing, in a word.
pub(crate) const fn state(state: v1::NodeState) -> &'static str {
    match state {
        v1::NodeState::Live => "live",
        v1::NodeState::Stopped => "stopped",
        v1::NodeState::Silent => "silent",
        v1::NodeState::Disagrees => "disagrees",
        v1::NodeState::Unspecified => "",
    }
}

/// A span in seconds, to the millisecond, for programs: “-61.000”. Empty when there is none.
pub(crate) fn seconds(span: Option<&prost_types::Duration>) -> String {
    let Some(span) = span else { return String::new() };
    let sign = if span.seconds < 0 || span.nanos < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", span.seconds.unsigned_abs(), span.nanos.unsigned_abs() / 1_000_000)
}
