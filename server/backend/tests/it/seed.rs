//! Data to begin with.

use std::net::{IpAddr, Ipv4Addr};

use backend::seed::{Outcome, STORY_IDS, SeedSummary};
use domain::{
    community::NewPost,
    error::Entity as Kind,
    id::StoryId,
    page::Page,
    reading::NovelsQuery,
    studio::{OutlineChapter, StoryStatus},
    user::{Credentials, Role, User},
};

use crate::support::{Fixture, assert_not_found, content, on_both_databases, value};

async fn log_in(fixture: &Fixture, username: &str, password: &str) -> User {
    let credentials = Credentials { username: username.into(), password: password.into() };
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    fixture.backend.log_in(credentials, address, None).await.expect("the log-in works").user
}

/// Titles and texts of a story, in order.
async fn whole_text(fixture: &Fixture, author: &User, story: StoryId) -> Vec<String> {
    let mut text = Vec::new();
    for OutlineChapter { chapter, .. } in value(fixture.backend.outline(author, story).await.unwrap()).chapters {
        text.push(chapter.title);
        let scenes = value(fixture.backend.scenes(author, chapter.id).await.unwrap()).scenes;
        text.extend(scenes.into_iter().flat_map(|scene| [scene.title, scene.content]));
    }
    text
}

fn counts(summary: &SeedSummary) -> (u64, u64, u64, u64, u64) {
    let chapters = summary.stories.iter().map(|story| story.chapters).sum();
    let scenes = summary.stories.iter().map(|story| story.scenes).sum();
    (chapters, scenes, summary.posts, summary.replies, summary.likes)
}

on_both_databases! {
    async fn the_demo_is_planted_once(fixture) {
        let first = fixture.backend.seed().await.unwrap();
        let second = fixture.backend.seed().await.unwrap();

        assert_eq!((first.outcome, second.outcome), (Outcome::Planted, Outcome::Found));
        assert_eq!(second, SeedSummary { outcome: Outcome::Found, ..first.clone() });
        let (chapters, scenes, posts, replies, likes) = counts(&first);
        assert_eq!((first.stories.len(), chapters, scenes, posts), (3, 12, 28, 10));
        assert!(replies >= 30 && likes >= 30, "{replies} {likes}");
    }

    async fn the_demo_can_be_logged_in_to_read_and_talked_about(fixture) {
        let summary = fixture.backend.seed().await.unwrap();

        for seeded in &summary.log_ins {
            assert_eq!(log_in(fixture, seeded.username, seeded.password).await.role, seeded.role);
        }
        let novels = value(fixture.backend.novels(NovelsQuery::first()).await.unwrap()).stories;
        assert_eq!(novels.len(), 2);
        for novel in novels {
            let contents = value(fixture.backend.novel(novel.id).await.unwrap());
            assert_eq!(contents.chapters.len(), 5);
            assert!(!fixture.read_html(contents.chapters[0].id).await.concat().contains("###"));
        }
        let feed = value(fixture.backend.posts(None, None, Page::first()).await.unwrap());
        assert!(feed.posts.iter().all(|post| post.created_at <= fixture.backend.now()));
        assert!(feed.posts.is_sorted_by_key(|post| std::cmp::Reverse(post.created_at)));
        assert!(feed.posts.iter().any(|post| post.reply_count >= 4 && post.like_count >= 4));
    }

    async fn the_test_data_is_three_fixed_stories_of_which_one_is_public(fixture) {
        let summary = fixture.backend.seed_test_data().await.unwrap();

        let shape: Vec<_> = summary.stories.iter().map(|story| {
            (story.id.to_string(), story.title.clone(), story.status, story.chapters, story.scenes)
        }).collect();
        let status = [StoryStatus::Published, StoryStatus::Writing, StoryStatus::Writing];
        let expected: Vec<_> = (0..3).map(|i| {
            (STORY_IDS[i].to_owned(), format!("Cache Test Story {}", i + 1), status[i], 5, 15)
        }).collect();
        assert_eq!(shape, expected);
        assert_eq!(log_in(fixture, "cache-writer", "cache-writer-password").await.role, Role::Writer);
        assert_not_found(fixture.backend.novel(summary.stories[1].id).await, Kind::Story);
    }

    async fn running_it_again_puts_text_order_and_publication_back(fixture) {
        let first = fixture.backend.seed_test_data().await.unwrap();
        let author = &log_in(fixture, "cache-writer", "cache-writer-password").await;
        let (backend, story) = (&fixture.backend, first.stories[0].id);
        let before = whole_text(fixture, author, story).await;
        let chapters = value(backend.outline(author, story).await.unwrap()).chapters;
        let new = NewPost { story_id: story, title: "Hm".into(), content: "Hm.".into(), kind: None };
        let post = backend.add_post(author, new).await.unwrap().value().id;
        value(backend.post(None, post).await.unwrap());

        backend.edit_scene(author, chapters[0].scenes[0].id, content(1, "changed")).await.unwrap();
        backend.delete_chapter(author, chapters[1].chapter.id, None).await.unwrap();
        backend.unpublish_story(author, story).await.unwrap();
        backend.publish_story(author, first.stories[2].id).await.unwrap();
        value(backend.novel(first.stories[2].id).await.unwrap());
        let second = backend.seed_test_data().await.unwrap();

        assert_eq!(second, SeedSummary { outcome: Outcome::Restored, ..first.clone() });
        assert_eq!(whole_text(fixture, author, story).await, before);
        assert_eq!(value(backend.novel(story).await.unwrap()).chapters.len(), 5);
        assert_not_found(backend.novel(first.stories[2].id).await, Kind::Story);
        assert_not_found(backend.post(None, post).await, Kind::Post);
        assert_not_found(backend.scene(author, chapters[0].scenes[0].id).await, Kind::Scene);
    }

    async fn the_demo_and_the_test_data_live_side_by_side(fixture) {
        let demo = fixture.backend.seed().await.unwrap();
        fixture.backend.seed_test_data().await.unwrap();
        fixture.backend.seed_test_data().await.unwrap();

        assert_eq!(counts(&fixture.backend.seed().await.unwrap()), counts(&demo));
        assert_eq!(fixture.look::<i64>("SELECT count(*) FROM stories").await, [6]);
    }
}
