//! The source tree.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A source file.
#[derive(Clone)]
pub(crate) struct Source {
    /// From the root of the project.
    pub(crate) path: String,
    pub(crate) text: String,
    /// The text without whole-line comments, which may name anything.
    pub(crate) code: String,
}

impl Source {
    /// The file at `path`.
    pub(super) fn read(path: &str) -> Self {
        let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let code: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        Source { path: path.to_owned(), code: code.join("\n"), text }
    }

    /// Does the code name a crate: in a path, or in a `use`?
    pub(super) fn names(&self, name: &str) -> bool {
        self.code.match_indices(name).any(|(start, _)| {
            let before = self.code[..start].chars().next_back();
            let after = &self.code[start + name.len()..];
            let stands_alone = !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '"' | '/'));
            let is_used = self.code[..start].ends_with("use ") && after.starts_with([';', ' ']);
            stands_alone && (after.starts_with("::") || is_used)
        })
    }
}

/// All files with this ending below `folders`, without what was built or downloaded.
pub(crate) fn sources(folders: &[&str], ending: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    for folder in folders {
        collect(&root().join(folder), ending, &mut paths);
    }
    paths.sort();
    let inside = paths.iter().filter_map(|path| path.strip_prefix(root()).ok()?.to_str());
    inside.map(Source::read).collect()
}

fn collect(folder: &Path, ending: &str, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            if !["node_modules", "target", "playwright-report", "test-results"].contains(&name) {
                collect(&path, ending, paths);
            }
        } else if path.extension().is_some_and(|found| found == ending) {
            paths.push(path);
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the server lives in the project")
}
