//! Who is told what: an author of their drafts, everyone of what is public, and nobody of what is not theirs.

use domain::{
    cache::{Clock, Invalidation, PageType, Plan, Tag},
    studio::{NewPart, StoryEdit},
};

use super::ear::{Ear, listen, server, signed_in, stranger};
use crate::{
    coverage::changes::{CHANGES, Scenery, perform, prepare},
    support::{Fixture, content},
};

/// A like, of which everyone is told: then all that was written before was told to whom it concerns.
async fn marked(fixture: &Fixture, ears: &mut [&mut Ear]) -> Vec<Vec<Invalidation>> {
    let novel = fixture.novel("a mark").await;
    let epoch = fixture.backend.cache().clock().epoch();
    let seqs: Vec<i64> = fixture.look("SELECT MAX(seq) FROM invalidation_events").await;
    let last = Clock::new(epoch, seqs[0].try_into().unwrap());
    let mut told = Vec::new();
    for ear in ears {
        let mut events = ear.until(last).await;
        // Only the publication of the mark is public; its author is nobody who listens.
        let mark = events.pop().unwrap();
        assert!(mark.tags.contains(&Tag::StoryPublic(novel.story)));
        told.push(events);
    }
    told
}

fn assert_told(told: &[Invalidation], plan: Option<&Plan>, case: &str) {
    match (told, plan) {
        ([event], Some(plan)) => assert_eq!((&event.tags, &event.page_types), (&plan.tags, &plan.page_types), "{case}"),
        ([], None) => {}
        _ => panic!("{case}: {told:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_change_to_a_public_story_is_told_whole_to_its_owner_and_in_part_to_everyone() {
    let fixture = Fixture::sqlite().await;
    let server = server(&fixture).await;
    for name in CHANGES {
        let scenery = Scenery::build(&fixture).await;
        prepare(&fixture, &scenery, name).await;
        let (author, reader) = (signed_in(&fixture, &scenery.author).await, signed_in(&fixture, &scenery.reader).await);
        marked(&fixture, &mut [&mut listen(&server, &stranger()).await.0]).await;
        let (mut by_author, _) = listen(&server, &author).await;
        let (mut by_reader, _) = listen(&server, &reader).await;
        let (mut by_stranger, _) = listen(&server, &stranger()).await;

        let plan = perform(&fixture, &scenery, name).await;
        let told = marked(&fixture, &mut [&mut by_author, &mut by_reader, &mut by_stranger]).await;

        // New, restored and hidden stories are not public, neither before nor after.
        let is_secret = ["create a story", "restore a story"].contains(&name);
        let public = plan.public_part().filter(|_| !is_secret);
        let is_the_readers = name == "read on";
        assert_told(&told[0], if is_the_readers { None } else { Some(&plan) }, name);
        assert_told(&told[1], if is_the_readers { Some(&plan) } else { public.as_ref() }, name);
        assert_told(&told[2], public.as_ref(), name);
        for event in &told[2] {
            assert!(event.tags.iter().all(Tag::is_public) && !event.page_types.contains(&PageType::Writing), "{name}");
            assert_eq!(event.cause.id, None, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_draft_nobody_but_its_author_hears_a_word() {
    let fixture = Fixture::sqlite().await;
    let server = server(&fixture).await;
    let (mut ear, _) = listen(&server, &stranger()).await;
    let other = fixture.writer().await;
    let (mut others, _) = listen(&server, &signed_in(&fixture, &other).await).await;

    let draft = fixture.draft("text").await;
    let backend = &fixture.backend;
    let edit = StoryEdit { title: Some("Renamed".into()), version: Some(1), ..StoryEdit::default() };
    backend.edit_story(&draft.author, draft.story, edit).await.unwrap();
    fixture.save(&draft, 1, "more text").await;
    backend.add_part(&draft.author, draft.story, NewPart { title: "North".into(), summary: None }).await.unwrap();
    backend.publish_chapter(&draft.author, draft.chapter).await.unwrap();
    backend.unpublish_chapter(&draft.author, draft.chapter).await.unwrap();
    backend.unpublish_story(&draft.author, draft.story).await.unwrap();
    backend.delete_scene(&draft.author, draft.scene, None).await.unwrap();
    backend.restore(&draft.author, draft.scene.as_str().parse().unwrap()).await.unwrap();
    backend.delete_story(&draft.author, draft.story, None).await.unwrap();
    backend.restore(&draft.author, draft.story.as_str().parse().unwrap()).await.unwrap();
    backend.edit_scene(&draft.author, draft.scene, content(9, "never saved")).await.unwrap_err();

    assert_eq!(marked(&fixture, &mut [&mut ear, &mut others]).await, [vec![], vec![]]);
}
