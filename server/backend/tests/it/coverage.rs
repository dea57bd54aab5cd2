//! The coverage matrix: every change that a use case performs, against every view there is.
//!
//! A view with one of the change's tags is fresh at once; every other stays a hit. What is in `docs/coverage.md` is what
//! this test saw: it fails when the file says something else, and writes it when `UPDATE_DOCS` is set.

#![expect(clippy::print_stdout, reason = "the matrix is to be seen when the tests run")]

pub(crate) mod changes;
mod views;

use std::{fmt::Write, fs, path::PathBuf};

use backend::{Backend, cache::Status};
use domain::cache::Plan;

use crate::support::{Fixture, on_both_databases};
use changes::{CHANGES, Scenery};
use views::{Seen, VIEWS};

const HEAD: &str = "\
# Coverage: every change against every view

Made by a test, which performs each change on a published story and then reads every view: `cargo nextest run -p backend
coverage` prints it and fails when this file is out of date; `UPDATE_DOCS=1` before it writes this file.

| | |
|---|---|
| ● | had one of the change's tags: a miss right after the change, with the new content |
| × | had one of the tags, or what it relies on had, and is not found any more |
| + | was not found before, and is there right after the change |
| · | has none of the tags: still a hit, and still what the database says |
| – | is not found, before or after |

";

/// What became of a view, as one character; panics when it is not as it must be.
fn cell(plan: &Plan, before: Option<Seen>, after: Option<Seen>, truth: Option<&Seen>, case: &str) -> char {
    let (shown, stored) = (after.as_ref().map(|seen| &seen.body), truth.map(|seen| &seen.body));
    assert_eq!(shown, stored, "{case}: not what the database says");
    let is_touched = before.as_ref().map(|seen| seen.has_one_of(plan));
    match (is_touched, after.map(|seen| seen.status)) {
        (Some(true), Some(Status::Miss)) => '●',
        (Some(true), None) => '×',
        (Some(false), None) if before.is_some_and(|seen| seen.relies_on_one_of(plan)) => '×',
        (Some(false), Some(Status::Hit)) => '·',
        (None, Some(Status::Miss)) => '+',
        (None, None) => '–',
        (is_touched, status) => panic!("{case}: has a tag of the change: {is_touched:?}, but was {status:?}"),
    }
}

async fn row(fixture: &Fixture, name: &str) -> Vec<char> {
    let scenery = Scenery::build(fixture).await;
    changes::prepare(fixture, &scenery, name).await;
    let mut before = Vec::new();
    for view in VIEWS {
        views::read(&fixture.backend, &scenery, view).await;
        let seen = views::read(&fixture.backend, &scenery, view).await;
        assert!(seen.as_ref().is_none_or(|seen| seen.status == Status::Hit), "{view} is never a hit");
        before.push(seen);
    }

    let plan = changes::perform(fixture, &scenery, name).await;

    // Another server, whose cache is empty, knows only what the database says.
    let cold = Backend::open(fixture.config.clone()).await.expect("opens twice");
    let mut cells = Vec::new();
    for (view, before) in VIEWS.iter().zip(before) {
        let after = views::read(&fixture.backend, &scenery, view).await;
        let truth = views::read(&cold, &scenery, view).await;
        cells.push(cell(&plan, before, after, truth.as_ref(), &format!("{name}: {view}")));
    }
    cells
}

async fn matrix(fixture: &Fixture) -> String {
    let mut text = format!("{HEAD}| change | {} |\n|---|{}\n", VIEWS.join(" | "), ":-:|".repeat(VIEWS.len()));
    for name in CHANGES {
        let cells: Vec<_> = row(fixture, name).await.into_iter().map(String::from).collect();
        writeln!(text, "| {name} | {} |", cells.join(" | ")).expect("a string takes all");
    }
    text
}

on_both_databases! {
    async fn the_matrix_of_changes_and_views_is_as_documented(fixture) {
        let seen = matrix(fixture).await;
        println!("{seen}");

        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/coverage.md");
        #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
        if std::env::var("UPDATE_DOCS").is_ok() {
            fs::write(&file, &seen).expect("docs/ can be written");
        }
        let documented = fs::read_to_string(&file).unwrap_or_default();
        assert!(documented == seen, "docs/coverage.md is out of date: UPDATE_DOCS=1 cargo nextest run -p backend coverage");
    }
}
