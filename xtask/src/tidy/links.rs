//! A link in a document leads to a file that is there.

use super::{Finding, lines};
use crate::workspace::Source;

/// Checks the relative links of `source` if it is one of the project's own documents.
/// `exists` is asked with a path relative to the root.
pub(super) fn check(source: &Source, exists: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let is_document = source.path.starts_with("docs/") || !source.path.contains('/');
    if !is_document {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut fenced = false;
    for (number, line) in lines(source) {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for target in targets(line) {
            let found = resolve(&source.path, target).is_some_and(|path| exists(&path));
            if !found {
                findings.push(Finding::new(
                    &source.path,
                    number,
                    format!("the link to `{target}` leads nowhere"),
                    "correct the path, which is relative to this file",
                ));
            }
        }
    }
    findings
}

/// The relative targets of the line's links, without fragment and title.
fn targets(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    // Every second part of a line that is split at back quotes is code.
    for text in line.split('`').step_by(2) {
        found.extend(text.split("](").skip(1).filter_map(|rest| {
            let inside = rest.split(')').next()?;
            let target = inside.split([' ', '#']).next()?;
            let elsewhere = target.contains("://") || target.starts_with("mailto:");
            (!target.is_empty() && !elsewhere).then_some(target)
        }));
    }
    // A link whose words are code, [`a`](b), was split inside its brackets: look at the ends.
    for text in line.split('`').skip(2).step_by(2) {
        if let Some(rest) = text.strip_prefix("](") {
            let target = rest.split([')', ' ', '#']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") && !found.contains(&target) {
                found.push(target);
            }
        }
    }
    found
}

/// The path from the root that `target` means in the file `from`; none if it leaves the root.
fn resolve(from: &str, target: &str) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    let all = if let Some(absolute) = target.strip_prefix('/') {
        absolute.split('/').collect::<Vec<_>>()
    } else {
        folder.split('/').chain(target.split('/')).collect()
    };
    for part in all {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
