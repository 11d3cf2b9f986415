//! Where things are in the repository, and which files it holds.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// One text file of the repository.
pub(crate) struct Source {
    /// Relative to the root, with `/` between the parts.
    pub(crate) path: String,
    /// Its whole text; lossy where it is not UTF-8.
    pub(crate) text: String,
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

/// Every file and folder below `root`, relative to it, in order of path.
///
/// Hidden entries, `target` and what a build or an interpreter leaves behind are skipped.
pub(crate) fn paths(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut waiting = vec![root.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let path = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            if name.starts_with('.') || name == "target" || name == "__pycache__" {
                continue;
            }
            if let Ok(relative) = path.strip_prefix(root) {
                found.push(relative.to_string_lossy().replace('\\', "/"));
            }
            if path.is_dir() {
                waiting.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The text of each file among `paths` whose name ends in one of `extensions` (without the dot).
pub(crate) fn sources(root: &Path, paths: &[String], extensions: &[&str]) -> Result<Vec<Source>> {
    let wanted = |path: &str| {
        Path::new(path)
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| extensions.contains(&extension))
    };
    paths
        .iter()
        .filter(|path| wanted(path))
        .map(|path| root.join(path))
        .filter(|full| full.is_file())
        .map(|full| {
            let bytes = fs::read(&full).with_context(|| format!("cannot read {}", full.display()))?;
            let relative = full.strip_prefix(root).unwrap_or(&full);
            Ok(Source {
                path: relative.to_string_lossy().replace('\\', "/"),
                text: String::from_utf8_lossy(&bytes).into_owned(),
            })
        })
        .collect()
}
