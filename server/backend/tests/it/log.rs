//! The invalidation log: one row for each write that was committed, none for any other.

use domain::{studio::NewStory, user::Role};

use crate::support::{content, on_both_databases};

const COUNT: &str = "SELECT COUNT(*) FROM invalidation_events";

on_both_databases! {
    async fn a_committed_write_has_a_row_with_its_tags_and_its_position(fixture) {
        let draft = fixture.draft("text").await;

        let saved = fixture.backend.edit_scene(&draft.author, draft.scene, content(1, "more")).await.unwrap();

        let last = "ORDER BY seq DESC LIMIT 1";
        let seq: Vec<i64> = fixture.look(&format!("SELECT seq FROM invalidation_events {last}")).await;
        assert_eq!(u64::try_from(seq[0]).unwrap(), saved.clock().seq());
        let tags: Vec<String> =
            fixture.look(&format!("SELECT CAST(tags AS TEXT) FROM invalidation_events {last}")).await;
        let tags: Vec<domain::cache::Tag> = serde_json::from_str(&tags[0]).unwrap();
        assert_eq!(tags, saved.plan().tags);
        let about = "SELECT entity || ' ' || action || ' ' || entity_id FROM invalidation_events";
        let about: Vec<String> = fixture.look(&format!("{about} {last}")).await;
        assert_eq!(about, [format!("scene saved {}", draft.scene)]);
    }

    async fn a_refused_write_has_none(fixture) {
        let draft = fixture.draft("text").await;
        let before: Vec<i64> = fixture.look(COUNT).await;

        let late = fixture.backend.edit_scene(&draft.author, draft.scene, content(9, "more")).await;
        assert!(late.is_err());
        let reader = fixture.person(Role::Reader).await;
        let new = NewStory { title: "Mine".into(), summary: None, genre: None };
        assert!(fixture.backend.create_story(&reader, new).await.is_err());

        assert_eq!(fixture.look::<i64>(COUNT).await, before);
    }

    async fn positions_grow_with_the_commits_whoever_writes(fixture) {
        let drafts = [fixture.draft("a").await, fixture.draft("b").await, fixture.draft("c").await];
        let start: Vec<i64> = fixture.look(COUNT).await;

        let writers = drafts.map(|draft| {
            let backend = fixture.backend.clone();
            tokio::spawn(async move {
                let mut clocks = Vec::new();
                for version in 1..=10 {
                    let edit = content(version, &format!("version {version}"));
                    clocks.push(backend.edit_scene(&draft.author, draft.scene, edit).await.unwrap().clock());
                }
                clocks
            })
        });
        let mut all = Vec::new();
        for writer in writers {
            let clocks = writer.await.unwrap();
            assert!(clocks.is_sorted_by(|one, other| one < other));
            all.extend(clocks.into_iter().map(|clock| clock.seq()));
        }

        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 30);
        assert_eq!(fixture.look::<i64>(COUNT).await, [start[0] + 30]);
    }
}
