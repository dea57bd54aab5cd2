//! Why a read would hit or miss: told before it happens, and then it happens.

use std::time::Duration;

use backend::{Backend, cache::Status};
use domain::{
    cache::{Explanation, Key, Outlook},
    reading::NovelsQuery,
    studio::StoryEdit,
};

use crate::support::{Fixture, on_both_databases, status};

fn novels() -> Key {
    "stories:published".parse().expect("a key")
}

/// What is told of the list of novels; then the list is read, and must be answered so.
async fn foretold(backend: &Backend) -> Explanation {
    let told = backend.explain(&novels()).await.expect("it can be explained");
    let came = status(backend.novels(NovelsQuery::first()).await);
    let expected = match told.outlook {
        Outlook::Hit => Status::Hit,
        Outlook::Miss => Status::Miss,
        Outlook::Bypass => Status::Bypass,
    };
    assert_eq!(came, expected, "{told:?}");
    told
}

on_both_databases! {
    async fn it_says_what_will_happen_and_which_write_was_the_cause(fixture) {
        let novel = fixture.novel("text").await;

        let empty = foretold(&fixture.backend).await;
        assert_eq!((empty.outlook, empty.entry), (Outlook::Miss, None));
        assert!(empty.reason.contains("not stored"), "{}", empty.reason);

        let there = foretold(&fixture.backend).await;
        let entry = there.entry.unwrap();
        assert_eq!((there.outlook, there.store.as_str()), (Outlook::Hit, "in-process"));
        assert!(entry.is_fresh && entry.size_bytes > 0 && entry.lifetime_ms > 0, "{entry:?}");
        assert!(there.tags.iter().all(|tag| !tag.is_stale && !tag.is_fenced), "{:?}", there.tags);

        fixture.tick();
        let edit = StoryEdit { title: Some("Renamed".into()), version: Some(1), ..StoryEdit::default() };
        let saved = fixture.backend.edit_story(&novel.author, novel.story, edit).await.unwrap();
        let outdated = foretold(&fixture.backend).await;
        assert_eq!(outdated.outlook, Outlook::Miss);
        assert!(outdated.reason.contains("was written") && !outdated.entry.unwrap().is_fresh, "{}", outdated.reason);
        let [tag] = outdated.tags.try_into().unwrap();
        assert!(tag.is_stale, "{tag:?}");
        let write = tag.last_write.unwrap();
        assert_eq!(write.clock.parse(), Ok(saved.clock()));
        assert_eq!((write.change.as_str(), write.at), ("story saved", fixture.backend.now()));
    }

    async fn what_is_known_not_to_exist_is_told_as_a_hit(fixture) {
        let draft = fixture.draft("text").await;
        let key: Key = format!("story:{}:public", draft.story).parse().unwrap();
        let before = fixture.backend.explain(&key).await.unwrap();
        fixture.backend.novel(draft.story).await.expect_err("it is a draft");

        let after = fixture.backend.explain(&key).await.unwrap();

        assert_eq!((before.outlook, after.outlook), (Outlook::Miss, Outlook::Hit));
        assert!(after.reason.contains("no such"), "{}", after.reason);
    }
}

#[tokio::test]
async fn during_a_write_it_tells_of_the_fence() {
    let fixture = Fixture::sqlite().await;
    foretold(&fixture.backend).await;

    let fence = fixture.backend.cache().fence(&novels().tags()).await;
    let during = foretold(&fixture.backend).await;
    fixture.backend.cache().abandon(fence).await;

    assert_eq!(during.outlook, Outlook::Bypass);
    assert!(during.tags[0].is_fenced && during.reason.contains("being written"), "{during:?}");
    tokio::time::timeout(Duration::from_secs(5), foretold(&fixture.backend)).await.expect("an answer");
}
