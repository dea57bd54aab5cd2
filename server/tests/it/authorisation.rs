//! Who may do what: every documented operation, asked for by everyone.
//!
//! Where it is refused nothing has changed and nothing was learned.

use domain::user::Role;
use http::Method;

use crate::support::{Operation, Person, SECRET, World, send};

/// Everyone there is, but for the author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Anonymous,
    Reader,
    OtherWriter,
    Moderator,
    Developer,
}

const EVERYONE: [(Who, Option<Role>); 5] = [
    (Who::Anonymous, None),
    (Who::Reader, Some(Role::Reader)),
    (Who::OtherWriter, Some(Role::Writer)),
    (Who::Moderator, Some(Role::Moderator)),
    (Who::Developer, Some(Role::Developer)),
];

/// What part of the product an operation belongs to; each has one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Area {
    /// Who runs the server, and who reads: anyone.
    Open,
    /// For those who may see the cache tools.
    CacheTools,
    /// A writer's own desk: everyone who writes has one.
    Desk,
    /// A thing on a desk: for nobody but its author.
    Manuscript,
    /// For everyone who is signed in.
    Members,
    /// For the author of what was said, and for moderators.
    Said,
}

fn area(operation: &Operation) -> Area {
    let (path, reads) = (operation.path.as_str(), operation.method == Method::GET);
    if operation.id == "postStudioCacheMetrics" {
        // What everybody's browser counted.
        Area::Open
    } else if path.starts_with("/studio/api/cache/") || path == "/metrics" {
        Area::CacheTools
    } else if path.starts_with("/studio/api/") {
        if path.contains('{') { Area::Manuscript } else { Area::Desk }
    } else if path.ends_with("/progress") {
        Area::Members
    } else if path.starts_with("/community/api/") && !reads {
        let changes = matches!(operation.method, Method::PATCH | Method::DELETE);
        if changes { Area::Said } else { Area::Members }
    } else {
        Area::Open
    }
}

/// The status that `who` is refused with; none if they may.
fn refused_with(area: Area, who: Who) -> Option<u16> {
    match (area, who) {
        (Area::Open, _) => None,
        (_, Who::Anonymous) => Some(401),
        (Area::CacheTools, Who::Developer) => None,
        (Area::CacheTools, Who::Reader | Who::OtherWriter | Who::Moderator) => Some(403),
        (Area::Desk | Area::Manuscript, Who::Reader) => Some(403),
        (Area::Desk, Who::OtherWriter | Who::Moderator | Who::Developer) => None,
        (Area::Manuscript, Who::OtherWriter | Who::Moderator | Who::Developer) => Some(404),
        (Area::Members, Who::Reader | Who::OtherWriter | Who::Moderator | Who::Developer) => None,
        (Area::Said, Who::Moderator) => None,
        (Area::Said, Who::Reader | Who::OtherWriter | Who::Developer) => Some(403),
    }
}

/// All that can be asked for again and again: an account is made once, and logging out ends the session of the test.
fn operations(world: &World) -> impl Iterator<Item = &Operation> {
    world.operations.iter().filter(|operation| !operation.path.starts_with("/api/auth/") && !operation.is_stream())
}

async fn people(world: &World) -> Vec<(Who, Person)> {
    let mut people = Vec::new();
    for (who, role) in EVERYONE {
        let person = match role {
            Some(role) => world.somebody(role).await,
            None => world.app.visitor(),
        };
        people.push((who, person));
    }
    people
}

#[tokio::test]
async fn whoever_may_not_changes_nothing_and_learns_nothing() {
    let world = World::start().await;
    let (things, people) = (world.things().await, people(&world).await);
    let stored = world.dump().await;

    for operation in operations(&world) {
        for (who, person) in &people {
            let Some(status) = refused_with(area(operation), *who) else { continue };
            let case = format!("{} as {who:?}", operation.id);

            let answer = things.ask(person, operation).await.assert_invalidates_nothing();

            assert_eq!(answer.status.as_u16(), status, "{case}: {}", answer.text());
            assert!(!answer.text().contains(SECRET), "{case}: {}", answer.text());
            assert_eq!(world.dump().await, stored, "{case}");
        }
    }
}

#[tokio::test]
async fn whoever_may_succeeds() {
    let world = World::start().await;
    let people = people(&world).await;

    for operation in operations(&world) {
        let author_may = area(operation) != Area::CacheTools;
        let author = author_may.then_some((None, &world.author));
        let others = people.iter().filter(|(who, _)| refused_with(area(operation), *who).is_none());
        for (who, person) in author.into_iter().chain(others.map(|(who, person)| (Some(who), person))) {
            let things = world.things().await;

            let answer = things.ask(person, operation).await;

            assert_eq!(answer.status.as_u16(), operation.success(), "{} as {who:?}: {}", operation.id, answer.text());
        }
    }
}

#[tokio::test]
async fn what_is_not_yours_to_see_answers_like_what_is_not_there() {
    let world = World::start().await;
    let (things, made_up) = (world.things().await, "made-up-made-up-made1");
    world.author.delete(&format!("/studio/api/story/{}/publication", things.story)).await.assert_status(200);
    let eve = world.somebody(Role::Writer).await;

    for operation in operations(&world).filter(|operation| operation.path.contains("{id}")) {
        let nowhere = operation.path.replace("{id}", made_up).replace("{n}", "1");

        let (hidden, missing) =
            (things.ask(&eve, operation).await, send(&eve, operation, &nowhere, &[], things.body(operation)).await);

        assert_eq!(hidden.status.as_u16(), 404, "{}: {}", operation.id, hidden.text());
        assert_eq!((hidden.status, hidden.text()), (missing.status, missing.text()), "{}", operation.id);
    }
}
