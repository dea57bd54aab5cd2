//! What the documents quote: code from the source, the crates and their order, drawings, and outputs of long runs.

use std::collections::BTreeSet;

use serde_json::json;

use super::document::{Document, Kind};
use crate::{support::TestApp, tidy::sources};

/// Outputs that no test of a minute brings about again, and how they come about.
const RECORDED: [(&str, &str); 1] =
    [("docs/consistency.md", "a run of `make chaos`, which takes minutes; its program is `server/tests/chaos`")];

/// The blocks of one kind in all documents, each with its place.
fn blocks(kind: Kind) -> Vec<(String, String)> {
    let documents = Document::all().into_iter();
    let blocks = documents.flat_map(|document| {
        let of_kind = document.blocks.into_iter().filter(move |block| block.kind == kind);
        of_kind.map(move |block| (format!("{}:{}", document.path, block.line), block.body))
    });
    blocks.collect()
}

/// The text without spaces, so that it does not matter how lines are broken, or how deep they stand.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[track_caller]
fn assert_quoted(kind: Kind, folders: &[&str], ending: &str) {
    let sources: Vec<_> = sources(folders, ending).iter().map(|source| squeezed(&source.text)).collect();
    for (place, body) in blocks(kind) {
        let quoted = squeezed(&body);
        assert!(sources.iter().any(|source| source.contains(&quoted)), "{place}: no source has this:\n{body}");
    }
}

#[test]
fn code_stands_in_the_source() {
    assert_quoted(Kind::Rust, &["app", "server", "frontend"], "rs");
}

#[test]
fn scripts_stand_in_the_browser_tests() {
    assert_quoted(Kind::Script, &["end2end"], "ts");
}

#[test]
fn recorded_outputs_are_those_that_were_reviewed() {
    let found: Vec<_> = blocks(Kind::Recorded).into_iter().map(|(place, _)| place).collect();
    let known = RECORDED.map(|(document, _)| document);

    assert_eq!(found.len(), known.len(), "{found:?}");
    for (place, document) in found.iter().zip(known) {
        assert!(place.starts_with(document), "{place} was not reviewed");
    }
}

#[test]
fn the_crates_need_each_other_as_drawn() {
    let drawn: BTreeSet<_> = blocks(Kind::Crates).iter().flat_map(|(_, body)| edges(body)).collect();

    assert_eq!(drawn, dependencies());
}

/// `one --> two`, line by line.
fn edges(mermaid: &str) -> Vec<(String, String)> {
    let name = |word: &str| word.trim().split(['[', '(']).next().unwrap_or_default().to_owned();
    let lines = mermaid.lines().filter_map(|line| line.split_once("-->"));
    lines.map(|(from, to)| (name(from), name(to))).collect()
}

/// Which crate of ours needs which, as the manifests have it.
fn dependencies() -> BTreeSet<(String, String)> {
    let manifests: Vec<_> = sources(&["app", "server", "frontend"], "toml")
        .into_iter()
        .filter(|file| !file.path.contains("weight"))
        .collect();
    let name =
        |text: &str| text.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"').map(str::to_owned));
    let names: Vec<_> = manifests.iter().filter_map(|manifest| name(&manifest.text)).collect();
    let needs = |text: &str, other: &str| {
        let section = text.split("\n[dependencies]\n").nth(1).unwrap_or_default();
        let mut lines = section.lines().take_while(|line| !line.starts_with('['));
        lines.any(|line| line.split(['.', ' ']).next() == Some(other))
    };
    let mut found = BTreeSet::new();
    for manifest in &manifests {
        for other in names.iter().filter(|other| needs(&manifest.text, other)) {
            found.insert((name(&manifest.text).expect("a package has a name"), other.clone()));
        }
    }
    found
}

/// The demo accounts of the README open, each in its role.
#[tokio::test]
async fn the_demo_accounts_are_those_of_the_seed() {
    let app = TestApp::start().await;
    app.backend.seed().await.expect("an empty database can be seeded");
    let spans: Vec<_> = Document::read("README.md").code_spans().into_iter().map(|(_, span)| span).collect();

    for username in ["mira", "noor", "dev"] {
        let place = spans.iter().position(|span| span == username).expect("the README names the account");
        let log_in = json!({ "username": username, "password": spans[place + 1] });
        app.visitor().post("/api/auth/login", log_in).await.assert_status(200);
    }
}
