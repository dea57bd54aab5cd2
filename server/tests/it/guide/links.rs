//! Where the documents point to is there: files, headings, names, and variables.

use std::path::{Component, Path, PathBuf};

use super::{
    document::{Document, root},
    tables::variables,
};

/// Variables that are not the program's: those of `make`, of our scripts and of our tests.
const OTHER_VARIABLES: [&str; 9] = [
    "ARGS",
    "SECONDS",
    "UPDATE_DOCS",
    "TEST_REDIS_URL",
    "TEST_DATABASE_URL",
    "E2E_PROJECTS",
    "RUSTFLAGS",
    "CARGO_PROFILE_DEV_OPT_LEVEL",
    "FICTURES_BIN",
];

/// Beginnings of names that are variables, and endings of names that are files.
const VARIABLES: [&str; 4] = ["FICTURES_", "LEPTOS_", "TEST_", "UPDATE_"];
const FILES: [&str; 12] =
    [".rs", ".md", ".ts", ".css", ".toml", ".json", ".lua", ".service", ".conf", ".env", ".lock", ".sql"];

/// What `make results` writes after a whole run of the tests; before one it is not there.
const MADE: &str = "docs/results.md";

#[test]
fn links_lead_somewhere() {
    for document in Document::all() {
        for link in document.links().iter().filter(|link| !link.target.contains("://")) {
            let place = format!("{}:{}: {}", document.path, link.line, link.target);
            let (file, anchor) = link.target.split_once('#').unwrap_or((&link.target, ""));
            let path = if file.is_empty() { document.path.clone() } else { beside(&document.path, file) };
            assert!(root().join(&path).exists(), "{place}: there is no {path}");
            if !anchor.is_empty() {
                let anchors = Document::read(&path).anchors();
                assert!(anchors.iter().any(|found| found == anchor), "{place}: there is no such heading in {path}");
            }
        }
    }
}

/// ``[`Name`](file.rs)``: the name stands in that file.
#[test]
fn what_is_linked_by_its_name_stands_in_the_file() {
    for document in Document::all() {
        for link in document.links().iter().filter(|link| link.target.ends_with(".rs")) {
            let Some(code) = link.words.strip_prefix('`').and_then(|words| words.strip_suffix('`')) else { continue };
            let name = code.rsplit("::").next().unwrap_or_default().trim_end_matches("()");
            if name.contains(['/', '.']) || link.target.ends_with("/lib.rs") {
                continue; // a file or a crate, whose being there is another test
            }
            let path = beside(&document.path, &link.target);
            let text = std::fs::read_to_string(root().join(&path)).unwrap_or_default();
            let is_module = path.ends_with(&format!("/{name}.rs"));
            assert!(is_module || text.contains(name), "{}:{}: {path} has no {name}", document.path, link.line);
        }
    }
}

#[test]
fn files_within_a_line_are_there() {
    let files = files();
    for document in Document::all() {
        for (line, span) in document.code_spans() {
            for word in span.split_whitespace().filter(|word| is_a_path(word)) {
                let wanted = word.trim_start_matches("./").trim_end_matches('/');
                let is_there = files.iter().any(|file| file == wanted || file.ends_with(&format!("/{wanted}")));
                assert!(is_there || wanted == MADE, "{}:{line}: there is no {word}", document.path);
            }
        }
    }
}

/// A file of ours by its ending, or a folder by its slash.
fn is_a_path(word: &str) -> bool {
    let is_plain = word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-'));
    let is_file = FILES.iter().any(|ending| word.ends_with(ending)) && word.len() > 5;
    let is_script = word.len() > 4 && word.starts_with(".ci/");
    is_plain && !word.starts_with('/') && (is_file || is_script) && !word.starts_with("target/")
}

#[test]
fn variables_are_those_of_the_program() {
    let known: Vec<_> = variables().into_iter().chain(OTHER_VARIABLES.map(str::to_owned)).collect();
    for document in Document::all() {
        let blocks = document.blocks.iter().map(|block| (block.line, block.body.clone()));
        for (line, text) in document.code_spans().into_iter().chain(blocks) {
            let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            for name in words.filter(|word| VARIABLES.iter().any(|start| word.starts_with(start))) {
                assert!(known.iter().any(|known| known == name), "{}:{line}: nobody reads {name}", document.path);
            }
        }
    }
}

#[test]
fn the_readme_leads_to_every_document() {
    let readme = Document::read("README.md");
    for document in Document::all().iter().filter(|document| document.path != "README.md") {
        let is_linked = readme.links().iter().any(|link| link.target.split('#').next() == Some(&document.path));
        let is_told = document.path == MADE && readme.code_spans().iter().any(|(_, span)| span == MADE);
        assert!(is_linked || is_told, "the README does not lead to {}", document.path);
    }
}

/// `target`, as seen from the folder of `document`, from the root of the project.
fn beside(document: &str, target: &str) -> String {
    let folder = Path::new(document).parent().expect("a file is in a folder");
    let mut path = PathBuf::new();
    for part in folder.join(target).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            other => path.push(other),
        }
    }
    path.to_str().expect("our own names").to_owned()
}

/// Every file of the project that git knows.
fn files() -> Vec<String> {
    let mut git = std::process::Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let listed = git.output().expect("git is there");
    String::from_utf8_lossy(&listed.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn targets_are_seen_from_the_document() {
    assert_eq!(beside("docs/a.md", "../app/b.rs"), "app/b.rs");
    assert_eq!(beside("README.md", "docs/c.md"), "docs/c.md");
}
