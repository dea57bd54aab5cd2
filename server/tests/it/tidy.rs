//! The invariants of the architecture, read from the source tree. What a compiler cannot see stands here.

mod functions;
mod tree;

use functions::functions;
use tree::Source;
pub(crate) use tree::sources;

/// A crate, where it is, and what it must never name.
const CRATES: [(&str, &str, &[&str]); 6] = [
    ("domain", "app/domain", &["leptos", "axum", "sea_orm", "fred", "tokio", "web_sys"]),
    ("resource-cache", "app/resource-cache", &["domain", "leptos", "axum", "sea_orm", "fred", "tokio", "web_sys"]),
    ("backend", "server/backend", &["leptos", "leptos_axum", "axum", "app", "server"]),
    ("app", "app/src", &["sea_orm", "fred"]),
    ("server", "server/src", &["sea_orm", "fred"]),
    (
        "frontend",
        "frontend/src",
        &["domain", "backend", "resource_cache", "server", "axum", "sea_orm", "fred", "web_sys"],
    ),
];

#[track_caller]
fn assert_none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

#[test]
fn no_crate_names_what_it_must_not_know() {
    for (name, path, forbidden) in CRATES {
        let sources = sources(&[path], "rs");
        assert!(!sources.is_empty(), "{name} has no sources in {path}");
        let found: Vec<_> = sources
            .iter()
            .flat_map(|source| forbidden.iter().filter(|word| source.names(word)).map(move |word| (source, word)))
            .map(|(source, word)| format!("{}: {word}", source.path))
            .collect();

        assert_none(&found, &format!("{name} must not name these"));
    }
}

#[test]
fn one_file_knows_redis_and_one_knows_local_storage() {
    for (word, paths) in [("fred", &["app", "server", "frontend"]), ("gloo_storage", &["app", "server", "frontend"])] {
        let sources = sources(paths, "rs");
        let found: Vec<_> =
            sources.iter().filter(|source| source.names(word)).map(|source| source.path.clone()).collect();

        assert!(found.len() <= 1, "only one file may name {word}: {found:?}");
    }
}

/// What a view shows is written through `Backend::write`, which alone makes a `Saved`. These write what no view shows, or
/// put a whole database in the place of another.
#[test]
fn nothing_is_written_past_the_door_that_invalidates() {
    let may = [
        "server/backend/src/accounts.rs",
        "server/backend/src/accounts/session.rs",
        "server/backend/src/backup/restoring.rs",
        "server/backend/src/idempotency.rs",
        "server/backend/src/metrics/stored.rs",
        "server/backend/src/monitoring.rs",
        "server/backend/src/relay.rs",
        "server/backend/src/upkeep.rs",
        "server/backend/src/write.rs",
    ];
    let doors = ["database.begin()", ".unseen(", "Saved::new("];

    let all = sources(&["server/backend/src", "server/src", "app/src"], "rs");
    let uses_one =
        |source: &&Source| doors.iter().any(|door| source.code.contains(door)) && !source.path.contains("/tests/");
    let found: Vec<_> = all.iter().filter(uses_one).map(|source| source.path.as_str()).collect();
    let past: Vec<_> = found.iter().filter(|path| !may.contains(path)).map(ToString::to_string).collect();

    assert_none(&past, "these write past `Backend::write`");
    assert!(may.iter().all(|path| found.contains(path)), "the list is longer than it must be: {found:?}");
}

#[test]
fn one_middleware_writes_caching_headers() {
    let written_by_servers = ["server/src", "server/backend/src", "app/src/api", "app/src/pages", "app/src/components"];
    let words = ["cache_control", "cache-control", "x-cache-", "x_cache_", "cache-status", "cache-group-invalidation"];
    // The second only tells about them, in the OpenAPI document; the third is a client, which reads them.
    let may = ["server/src/middleware/cache_headers.rs", "server/src/api/document/outputs.rs", "server/src/client.rs"];

    let found: Vec<_> = sources(&written_by_servers, "rs")
        .iter()
        .filter(|source| !may.contains(&source.path.as_str()))
        .filter(|source| words.iter().any(|word| source.code.to_lowercase().contains(word)))
        .map(|source| source.path.clone())
        .collect();

    assert_none(&found, "only the caching middleware writes caching headers");
}

#[test]
fn every_route_of_the_api_is_documented() {
    let found: Vec<_> = sources(&["server/src/api"], "rs")
        .iter()
        .filter(|source| source.code.contains(".route("))
        .map(|source| source.path.clone())
        .collect();

    assert_none(&found, "routes of the API are added with api_route, which documents them");
}

#[test]
fn the_feature_gate_stands_once() {
    let gate = ["#[cfg(", "feature"].concat();
    let found: Vec<_> = sources(&["app", "server", "frontend"], "rs")
        .iter()
        .flat_map(|source| source.code.lines().filter(|line| line.contains(&gate)).map(|_| source.path.clone()))
        .collect();

    assert!(found.len() <= 1, "one gated module is enough: {found:?}");
}

#[test]
fn a_chunk_that_cannot_be_loaded_ends_nothing() {
    let found: Vec<_> = sources(&["app/src"], "rs")
        .iter()
        .flat_map(|source| source.code.lines().map(move |line| (source, line.trim())))
        .filter(|(_, line)| {
            line.starts_with("#[lazy") || line.starts_with("#[wasm_split(") && !line.ends_with("fallible)]")
        })
        .map(|(source, line)| format!("{}: {line}", source.path))
        .collect();

    assert_none(&found, "chunks are cut off with wasm_split, and fallible (see client/chunk.rs)");
}

#[test]
fn no_change_is_forgotten_by_a_wildcard() {
    let change = Source::read("app/domain/src/cache/change.rs");
    let wildcards = change.code.lines().filter(|line| line.trim_start().starts_with("_ =>")).count();

    assert_eq!(wildcards, 0, "every change names its tags");
}

#[test]
fn files_are_short_enough_to_be_read() {
    let rust = sources(&["app", "server", "frontend"], "rs");
    let others = [sources(&["end2end"], "ts"), sources(&["style"], "css")].concat();
    let found: Vec<_> = [rust, others]
        .concat()
        .iter()
        .filter(|source| source.text.lines().count() > 400)
        .map(|source| format!("{}: {} lines", source.path, source.text.lines().count()))
        .collect();

    assert_none(&found, "no file has more than 400 lines");
}

#[test]
fn functions_fit_on_a_screen() {
    let found: Vec<_> = sources(&["app", "server", "frontend"], "rs")
        .iter()
        .flat_map(|source| functions(&source.text).into_iter().map(move |function| (source.path.clone(), function)))
        .filter(|(_, function)| function.lines > 70)
        .map(|(path, function)| format!("{path}: {} has {} lines", function.name, function.lines))
        .collect();

    assert_none(&found, "no function has more than 70 lines");
}

#[test]
fn modules_open_with_what_lives_in_them() {
    let found: Vec<_> = sources(&["app", "server", "frontend"], "rs")
        .iter()
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| source.path.clone())
        .collect();

    assert_none(&found, "every file begins with //!");
}

#[test]
fn a_folder_is_introduced_by_the_file_of_its_name() {
    let found: Vec<_> = sources(&["app", "server", "frontend"], "rs")
        .iter()
        .filter(|source| source.path.ends_with("/mod.rs"))
        .map(|source| source.path.clone())
        .collect();

    assert_none(&found, "foo.rs stands beside foo/, never mod.rs in it");
}

#[test]
fn browser_tests_neither_skip_nor_sleep() {
    let words = [".skip(", ".only(", ".fixme(", "waitForTimeout"];
    let found: Vec<_> = sources(&["end2end"], "ts")
        .iter()
        .flat_map(|source| words.iter().filter(|word| source.text.contains(**word)).map(move |word| (source, word)))
        .map(|(source, word)| format!("{}: {word}", source.path))
        .collect();

    assert_none(&found, "a test runs, and waits for what it waits for");
}
