//! What `make results` makes of a run of all tests: from files as the tools write them.

use std::{fs, path::Path, process::Command};

use super::document::root;

const RUST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="3" failures="1" errors="0" time="2.5">
  <testsuite name="domain" tests="1" disabled="0" errors="0" failures="0">
    <testcase name="cache::tests::one" classname="domain" time="0.25"></testcase>
  </testsuite>
  <testsuite name="server::it" tests="2" disabled="0" errors="0" failures="1">
    <testcase name="pages::two" classname="server::it" time="1.5"></testcase>
    <testcase name="pages::three" classname="server::it" time="0.5"><failure type="test failure">no</failure></testcase>
  </testsuite>
</testsuites>"#;

const BROWSER: &str = r#"{"suites": [{"specs": [], "suites": [{"specs": [{"title": "A page is read", "tests": [
    {"projectName": "redis", "status": "expected", "results": [{"duration": 1500}],
        "annotations": [{"type": "Cache hit", "description": "p50 6.5 ms"}]},
    {"projectName": "redis", "status": "flaky", "results": [{"duration": 500}, {"duration": 1000}]},
    {"projectName": "in-process", "status": "unexpected", "results": [{"duration": 2000}]}
]}]}]}]}"#;

const LOAD: &str = r#"{"users": 20, "servers": ["http://a", "http://b"], "acknowledged": 31,
    "figures": {"requests": 2000, "seconds": 10.2},
    "targets": [{"name": "stale reads", "wanted": "0", "found": "0", "met": true, "binding": true}]}"#;

const ABOUT: &str = r#"{"commit": "abc1234", "when": "2026-03-01 12:00 UTC", "cores": 2, "cpu": "a processor",
    "memory": "4Gi", "system": "Debian", "rust": "rustc 1.95.0"}"#;

const SITE: &str = "▸ First page (brotli, bytes)\n  fictures.js      9000\n  fictures_bg.wasm   150000\n";

fn results(from: &Path) -> (bool, String, String) {
    let made = from.join("results.md");
    let output = Command::new(root().join(".ci/results")).arg(from).arg(&made).output().expect("python3");
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), fs::read_to_string(made).unwrap_or_default(), complaint)
}

#[test]
fn results_are_what_the_tests_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("about.json", ABOUT),
        ("steps.tsv", "Formatting\t3\nTests\t200\n"),
        ("rust.xml", RUST),
        ("browser.json", BROWSER),
        ("load.json", LOAD),
        ("site-size", SITE),
    ];
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }

    let (succeeded, made, complaint) = results(folder.path());

    assert!(succeeded, "{complaint}");
    for line in [
        "| commit | abc1234 |",
        "| all | 203 |",
        "| server::it | 1 | 1 | 0 | 2.0 |",
        "| all | 2 | 1 | 0 | 2.2 |",
        "| pages::two | server::it | 1.5 |",
        "| in-process | 0 | 1 | 0 | 0 | 2 |",
        "| redis | 1 | 0 | 1 | 0 | 3 |",
        "| Cache hit | redis | p50 6.5 ms |",
        "| A page is read | redis |",
        "| stale reads | 0 | 0 | yes |",
        "20 users on 2 servers, 2000 requests in 10 s; 31 texts, posts and replies were acknowledged.",
        "| fictures_bg.wasm | 150,000 |",
    ] {
        assert!(made.contains(line), "{line}\nis not in\n{made}");
    }
}

#[test]
fn there_are_no_results_without_a_whole_run() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("about.json"), ABOUT).unwrap();

    let (succeeded, made, complaint) = results(folder.path());

    assert!(!succeeded);
    assert_eq!(made, "");
    assert!(complaint.contains("rust.xml") && complaint.contains("make test"), "{complaint}");
}
