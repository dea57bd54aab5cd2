//! Boards, posts and likes; threads of replies have a file of their own.

use backend::cache::Status::{Hit, Miss};
use domain::{
    Error,
    community::{LikeWish, Liked, NewPost, NewReply, Post, PostEdit, PostKind, ReplyEdit},
    error::{Current, Entity as Kind, Problem},
    id::{PostId, StoryId},
    page::{Cursor, Page},
    studio::StoryEdit,
    user::{Role, User},
};

use crate::support::{Fixture, assert_not_found, on_both_databases, refusal, status, value};

const LIKE: LikeWish = LikeWish { liked: Some(true) };
const UNLIKE: LikeWish = LikeWish { liked: Some(false) };
const TOGGLE: LikeWish = LikeWish { liked: None };

fn about(story_id: StoryId, title: &str) -> NewPost {
    NewPost { story_id, title: title.into(), content: "Who *lit* the lamp?".into(), kind: Some(PostKind::Question) }
}

async fn post_by(fixture: &Fixture, user: &User, story: StoryId) -> Post {
    fixture.backend.add_post(user, about(story, "The lamp")).await.expect("a post can be written").value().clone()
}

async fn read(fixture: &Fixture, visitor: Option<&User>, post: PostId) -> Post {
    value(fixture.backend.post(visitor, post).await.expect("the post is there")).post
}

async fn like(fixture: &Fixture, user: &User, post: PostId, wish: LikeWish) -> (bool, i64) {
    let Liked { liked, like_count, .. } = *fixture.backend.like(user, post, wish).await.expect("a like works").value();
    (liked, like_count)
}

/// Reads every community view once, and names those that were not in the cache.
async fn missed(fixture: &Fixture, user: &User, story: StoryId, post: PostId) -> Vec<&'static str> {
    let backend = &fixture.backend;
    let all = [
        ("forums", status(backend.forums().await)),
        ("feed", status(backend.posts(None, None, Page::first()).await)),
        ("own feed", status(backend.posts(Some(user), None, Page::first()).await)),
        ("board", status(backend.posts(None, Some(story), Page::first()).await)),
        ("post", status(backend.post(None, post).await)),
        ("own post", status(backend.post(Some(user), post).await)),
        ("replies", status(backend.replies(post).await)),
    ];
    all.into_iter().filter(|(_, status)| *status != Hit).map(|(name, _)| name).collect()
}

on_both_databases! {
    async fn a_post_comes_back_as_it_was_written_and_rendered(fixture) {
        let (story, reader) = (fixture.novel("text").await.story, fixture.person(Role::Reader).await);

        let written = post_by(fixture, &reader, story).await;

        assert_eq!(written.content, "Who *lit* the lamp?");
        assert_eq!(written.html, "<p>Who <em>lit</em> the lamp?</p>\n");
        assert_eq!((written.kind, written.author.username), (PostKind::Question, reader.username));
        assert_eq!((written.like_count, written.liked, written.reply_count, written.version), (0, false, 0, 1));
        assert_eq!(read(fixture, None, written.id).await.html, written.html);
    }

    async fn a_like_counts_once_however_often_it_is_sent(fixture) {
        let (story, reader) = (fixture.novel("text").await.story, fixture.person(Role::Reader).await);
        let post = post_by(fixture, &reader, story).await.id;

        assert_eq!(like(fixture, &reader, post, LIKE).await, (true, 1));
        assert_eq!(like(fixture, &reader, post, LIKE).await, (true, 1));
        assert_eq!(like(fixture, &reader, post, TOGGLE).await, (false, 0));
        assert_eq!(like(fixture, &reader, post, UNLIKE).await, (false, 0));
        assert_eq!(like(fixture, &reader, post, TOGGLE).await, (true, 1));

        assert_eq!(fixture.look::<i64>("SELECT like_count FROM posts").await, [1]);
        assert_eq!(fixture.look::<i64>("SELECT count(*) FROM post_likes").await, [1]);
    }

    async fn twenty_people_who_like_at_once_are_twenty_likes(fixture) {
        let novel = fixture.novel("text").await;
        let post = post_by(fixture, &novel.author, novel.story).await.id;
        let mut clicks = Vec::new();
        for _ in 0..20 {
            let (backend, person) = (fixture.backend.clone(), fixture.person(Role::Reader).await);
            // Each clicks twice at once: an impatient double click is still one like.
            for _ in 0..2 {
                let (backend, person) = (backend.clone(), person.clone());
                clicks.push(tokio::spawn(async move { backend.like(&person, post, LIKE).await.map(drop) }));
            }
        }

        for click in clicks {
            click.await.unwrap().unwrap();
        }

        assert_eq!(read(fixture, None, post).await.like_count, 20);
        assert_eq!(fixture.look::<i64>("SELECT count(*) FROM post_likes").await, [20]);
    }

    async fn likes_are_never_below_zero(fixture) {
        let novel = fixture.novel("text").await;
        let post = post_by(fixture, &novel.author, novel.story).await.id;
        like(fixture, &novel.author, post, LIKE).await;

        let clicks = (0..10).map(|_| {
            let (backend, author) = (fixture.backend.clone(), novel.author.clone());
            tokio::spawn(async move { backend.like(&author, post, UNLIKE).await.map(|saved| saved.value().like_count) })
        });

        for click in clicks.collect::<Vec<_>>() {
            assert_eq!(click.await.unwrap().unwrap(), 0);
        }
        assert_eq!(fixture.look::<i64>("SELECT like_count FROM posts").await, [0]);
    }

    async fn everyone_sees_their_own_heart_and_the_same_count(fixture) {
        let (story, ana) = (fixture.novel("text").await.story, fixture.person(Role::Reader).await);
        let (ben, post) = (fixture.person(Role::Reader).await, post_by(fixture, &ana, story).await.id);
        like(fixture, &ben, post, LIKE).await;

        for (visitor, liked) in [(None, false), (Some(&ana), false), (Some(&ben), true)] {
            let seen = read(fixture, visitor, post).await;
            assert_eq!((seen.liked, seen.like_count), (liked, 1));
            let feed = value(fixture.backend.posts(visitor, None, Page::first()).await.unwrap());
            assert_eq!((feed.posts[0].liked, feed.stories[0].id), (liked, story));
        }
    }

    async fn a_board_is_there_exactly_while_its_story_is_public(fixture) {
        let novel = fixture.novel("text").await;
        let (backend, author) = (&fixture.backend, &novel.author);
        let post = post_by(fixture, author, novel.story).await.id;
        let reply = NewReply { content: "I did.".into(), parent_reply_id: None };
        let reply = backend.add_reply(author, post, reply).await.unwrap().value().clone();
        missed(fixture, author, novel.story, post).await;

        backend.unpublish_story(author, novel.story).await.unwrap();

        assert_not_found(backend.add_post(author, about(novel.story, "More")).await, Kind::Story);
        assert_not_found(backend.posts(Some(author), Some(novel.story), Page::first()).await, Kind::Story);
        assert_not_found(backend.post(Some(author), post).await, Kind::Post);
        assert_not_found(backend.replies(post).await, Kind::Post);
        assert_not_found(backend.like(author, post, LIKE).await, Kind::Post);
        let edit = PostEdit { version: Some(1), ..PostEdit::default() };
        assert_not_found(backend.edit_post(author, post, edit).await, Kind::Post);
        assert_not_found(backend.delete_post(author, post, None).await, Kind::Post);
        assert_not_found(backend.delete_reply(author, reply.id, None).await, Kind::Reply);
        assert!(value(backend.posts(None, None, Page::first()).await.unwrap()).posts.is_empty());
        assert!(value(backend.forums().await.unwrap()).stories.is_empty());

        backend.publish_story(author, novel.story).await.unwrap();

        assert_eq!(value(backend.replies(post).await.unwrap()).replies, [reply]);
        assert_eq!(read(fixture, None, post).await.reply_count, 1);
    }

    async fn there_is_no_board_for_a_draft_or_for_nothing(fixture) {
        let draft = fixture.draft("text").await;
        let nothing = StoryId::from_random([7; 21]);

        for story in [draft.story, nothing] {
            assert_not_found(fixture.backend.add_post(&draft.author, about(story, "Hm")).await, Kind::Story);
            assert_not_found(fixture.backend.posts(None, Some(story), Page::first()).await, Kind::Story);
        }
        assert_not_found(fixture.backend.post(None, PostId::from_random([7; 21])).await, Kind::Post);
        assert_not_found(fixture.backend.replies(PostId::from_random([7; 21])).await, Kind::Post);
    }

    async fn views_are_hits_until_someone_writes_and_fresh_right_after(fixture) {
        let novel = fixture.novel("text").await;
        let (backend, author, story) = (&fixture.backend, &novel.author, novel.story);
        let post = post_by(fixture, author, story).await.id;
        let missed = async || missed(fixture, author, story, post).await;
        assert_eq!(missed().await.len(), 7);
        assert_eq!(missed().await, [""; 0]);
        let lists = ["feed", "own feed", "board"];

        like(fixture, author, post, LIKE).await;
        assert_eq!(missed().await, ["forums", lists[0], lists[1], lists[2], "post", "own post"]);
        assert_eq!(read(fixture, None, post).await.like_count, 1);

        let reply = NewReply { content: "I did.".into(), parent_reply_id: None };
        let reply = backend.add_reply(author, post, reply).await.unwrap().value().clone();
        assert_eq!(missed().await, [lists[0], lists[1], lists[2], "post", "own post", "replies"]);
        assert_eq!(value(backend.replies(post).await.unwrap()).replies, [reply]);

        let edit = PostEdit { title: Some("The lens".into()), version: Some(1), ..PostEdit::default() };
        backend.edit_post(author, post, edit).await.unwrap();
        assert_eq!(missed().await, ["forums", lists[0], lists[1], lists[2], "post", "own post"]);
        assert_eq!(read(fixture, None, post).await.title, "The lens");

        let edit = StoryEdit { title: Some("The Lamp".into()), version: Some(1), ..StoryEdit::default() };
        backend.edit_story(author, story, edit).await.unwrap();
        let feed = value(backend.posts(None, None, Page::first()).await.unwrap());
        assert_eq!(feed.stories[0].title, "The Lamp");

        backend.delete_post(author, post, None).await.unwrap();
        assert_not_found(backend.post(None, post).await, Kind::Post);
        assert_not_found(backend.replies(post).await, Kind::Post);
        assert!(value(backend.posts(None, Some(story), Page::first()).await.unwrap()).posts.is_empty());
    }

    async fn another_board_costs_a_board_nothing_but_the_feed(fixture) {
        let (one, other) = (fixture.novel("one").await, fixture.novel("other").await);
        let post = post_by(fixture, &one.author, one.story).await.id;
        missed(fixture, &one.author, one.story, post).await;

        post_by(fixture, &other.author, other.story).await;

        let lost = missed(fixture, &one.author, one.story, post).await;
        assert!(!lost.contains(&"post") && !lost.contains(&"replies"), "{lost:?}");
    }

    async fn an_edit_names_its_version_and_a_late_one_gets_the_stored_post(fixture) {
        let novel = fixture.novel("text").await;
        let (backend, author) = (&fixture.backend, &novel.author);
        let post = post_by(fixture, author, novel.story).await.id;
        let edit = |version| PostEdit { content: Some("Nobody.".into()), version, ..PostEdit::default() };

        assert_eq!(refusal(backend.edit_post(author, post, edit(None)).await), Error::VersionRequired);
        fixture.tick();
        let saved = backend.edit_post(author, post, edit(Some(1))).await.unwrap().value().clone();
        let late = refusal(backend.edit_post(author, post, edit(Some(1))).await);

        assert_eq!((saved.version, saved.html.as_str()), (2, "<p>Nobody.</p>\n"));
        assert!(saved.edited_at > Some(saved.created_at));
        assert_eq!(late, Current::post(&saved.clone()).into());
        assert_eq!(refusal(backend.delete_post(author, post, Some(1)).await), Current::post(&saved).into());
        assert!(backend.delete_post(author, post, Some(2)).await.is_ok());
    }

    async fn its_author_a_moderator_and_the_storys_author_may_change_a_post(fixture) {
        let (novel, reader) = (fixture.novel("text").await, fixture.person(Role::Reader).await);
        let (backend, other) = (&fixture.backend, fixture.writer().await);
        let developer = fixture.person(Role::Developer).await;
        let moderator = fixture.person(Role::Moderator).await;
        let post = post_by(fixture, &reader, novel.story).await.id;
        let edit = |version| PostEdit { kind: Some(PostKind::Theory), version: Some(version), ..PostEdit::default() };

        for stranger in [&other, &developer] {
            assert_eq!(refusal(backend.edit_post(stranger, post, edit(1)).await), Error::Forbidden);
            assert_eq!(refusal(backend.delete_post(stranger, post, None).await), Error::Forbidden);
        }
        for (person, version) in [(&reader, 1), (&moderator, 2), (&novel.author, 3)] {
            let saved = backend.edit_post(person, post, edit(version)).await.unwrap();
            assert_eq!(saved.value().author.id, reader.id);
        }
        assert!(backend.delete_post(&novel.author, post, None).await.is_ok());
    }

    async fn pages_of_a_board_join_without_gap_or_overlap(fixture) {
        let novel = fixture.novel("text").await;
        for title in ["A", "B", "C", "D", "E"] {
            // Two at a time share a moment, so the id has to decide between them.
            if ["A", "C", "E"].contains(&title) {
                fixture.tick();
            }
            fixture.backend.add_post(&novel.author, about(novel.story, title)).await.unwrap();
        }

        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let page = Page::new(Some(2), after.take());
            let posts = value(fixture.backend.posts(None, Some(novel.story), page).await.unwrap());
            pages.push(posts.posts.into_iter().map(|post| post.title).collect::<Vec<_>>());
            after = posts.next;
            if after.is_none() {
                break;
            }
        }

        let sizes: Vec<_> = pages.iter().map(Vec::len).collect();
        let mut titles = pages.concat();
        assert_eq!((sizes, titles[0].as_str()), (vec![2, 2, 1], "E"));
        titles.sort();
        assert_eq!(titles, ["A", "B", "C", "D", "E"]);
        let made_up = Page::new(None, Some(Cursor::new("AAAA".into())));
        assert_eq!(refusal(fixture.backend.posts(None, None, made_up).await), Error::invalid("after", Problem::NotAllowed));
    }

    async fn the_busiest_board_comes_first_with_its_counts(fixture) {
        let (quiet, busy) = (fixture.novel("quiet").await, fixture.novel("busy").await);
        let post = post_by(fixture, &quiet.author, busy.story).await.id;
        like(fixture, &quiet.author, post, LIKE).await;
        like(fixture, &busy.author, post, LIKE).await;

        let forums = value(fixture.backend.forums().await.unwrap()).stories;

        let counts: Vec<_> = forums.iter().map(|forum| (forum.id, forum.post_count, forum.like_count)).collect();
        assert_eq!(counts, [(busy.story, 1, 2), (quiet.story, 0, 0)]);
    }

    async fn text_that_breaks_a_rule_is_refused_by_its_field(fixture) {
        let novel = fixture.novel("text").await;
        let (backend, author) = (&fixture.backend, &novel.author);
        let post = post_by(fixture, author, novel.story).await.id;
        let long = "x".repeat(10_001);

        let blank = NewPost { content: " \n ".into(), ..about(novel.story, "Fine") };
        assert_eq!(refusal(backend.add_post(author, blank).await), Error::invalid("content", Problem::Empty));
        assert_eq!(refusal(backend.add_post(author, about(novel.story, "")).await).field(), Some("title"));
        let reply = NewReply { content: long.clone(), parent_reply_id: None };
        assert_eq!(refusal(backend.add_reply(author, post, reply).await).field(), Some("content"));
        let edit = PostEdit { content: Some("a\0b".into()), version: Some(1), ..PostEdit::default() };
        assert_eq!(refusal(backend.edit_post(author, post, edit).await).field(), Some("content"));
        let most = NewReply { content: "é".repeat(10_000), parent_reply_id: None };
        let reply = backend.add_reply(author, post, most).await.unwrap().value().id;
        let edit = ReplyEdit { content: Some(long), version: Some(1) };
        assert_eq!(refusal(backend.edit_reply(author, reply, edit).await).field(), Some("content"));
    }

    async fn a_post_is_a_miss_when_its_story_had_to_be_looked_up(fixture) {
        let novel = fixture.novel("text").await;
        let post = post_by(fixture, &novel.author, novel.story).await.id;
        read(fixture, None, post).await;
        assert_eq!(status(fixture.backend.post(None, post).await), Hit);

        fixture.backend.publish_story(&novel.author, novel.story).await.unwrap();

        assert_eq!(status(fixture.backend.post(None, post).await), Miss);
        assert_eq!(status(fixture.backend.post(None, post).await), Hit);
    }
}
