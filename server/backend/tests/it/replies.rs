//! Threads of replies.

use domain::{
    Error,
    community::{NewReply, Reply, ReplyEdit},
    error::{Current, Entity as Kind, Problem},
    id::{PostId, ReplyId},
    user::{Role, User},
};

use crate::support::{Draft, Fixture, assert_not_found, on_both_databases, refusal, value};

/// A novel with a post on its board.
async fn thread(fixture: &Fixture) -> (Draft, PostId) {
    let novel = fixture.novel("text").await;
    let post = add_post(fixture, &novel).await;
    (novel, post)
}

async fn add_post(fixture: &Fixture, novel: &Draft) -> PostId {
    let new = domain::community::NewPost {
        story_id: novel.story,
        title: "The lamp".into(),
        content: "Who lit it?".into(),
        kind: None,
    };
    fixture.backend.add_post(&novel.author, new).await.expect("a post can be written").value().id
}

async fn reply(fixture: &Fixture, user: &User, post: PostId, parent: Option<ReplyId>, text: &str) -> Reply {
    let new = NewReply { content: text.into(), parent_reply_id: parent };
    fixture.backend.add_reply(user, post, new).await.expect("a reply can be written").value().clone()
}

async fn replies(fixture: &Fixture, post: PostId) -> Vec<Reply> {
    value(fixture.backend.replies(post).await.expect("the thread is there")).replies
}

async fn contents(fixture: &Fixture, post: PostId) -> Vec<String> {
    replies(fixture, post).await.into_iter().map(|reply| reply.content).collect()
}

async fn reply_count(fixture: &Fixture, post: PostId) -> i64 {
    value(fixture.backend.post(None, post).await.expect("the post is there")).post.reply_count
}

on_both_databases! {
    async fn answers_stand_behind_what_they_answer(fixture) {
        let (novel, post) = thread(fixture).await;
        let one = reply(fixture, &novel.author, post, None, "1").await;
        fixture.tick();
        reply(fixture, &novel.author, post, None, "2").await;
        fixture.tick();
        let inner = reply(fixture, &novel.author, post, Some(one.id), "1.1").await;
        fixture.tick();
        reply(fixture, &novel.author, post, Some(one.id), "1.2").await;
        fixture.tick();
        reply(fixture, &novel.author, post, Some(inner.id), "1.1.1").await;

        assert_eq!(contents(fixture, post).await, ["1", "1.1", "1.1.1", "1.2", "2"]);
        assert_eq!(reply_count(fixture, post).await, 5);
    }

    async fn threads_are_no_deeper_than_five(fixture) {
        let (novel, post) = thread(fixture).await;
        let mut depths = Vec::new();
        let mut parent = None;
        for number in 0..9 {
            fixture.tick();
            let answer = reply(fixture, &novel.author, post, parent, &number.to_string()).await;
            assert_eq!(answer.parent_reply_id, parent);
            depths.push(answer.depth);
            parent = Some(answer.id);
        }

        assert_eq!(depths, [0, 1, 2, 3, 4, 5, 5, 5, 5]);
        assert_eq!(contents(fixture, post).await.concat(), "012345678");
    }

    async fn a_parent_must_be_a_reply_to_the_same_post(fixture) {
        let (novel, post) = thread(fixture).await;
        let elsewhere = add_post(fixture, &novel).await;
        let stranger = reply(fixture, &novel.author, elsewhere, None, "There").await.id;
        let gone = reply(fixture, &novel.author, post, None, "Gone").await.id;
        fixture.backend.delete_reply(&novel.author, gone, None).await.unwrap();

        for parent in [stranger, gone, ReplyId::from_random([7; 21])] {
            let new = NewReply { content: "Hm".into(), parent_reply_id: Some(parent) };
            let refused = refusal(fixture.backend.add_reply(&novel.author, post, new).await);
            assert_eq!(refused, Error::invalid("parentReplyId", Problem::DoesNotBelong));
        }
        assert_eq!(reply_count(fixture, post).await, 0);
    }

    async fn a_removed_reply_with_answers_leaves_its_place_empty(fixture) {
        let (novel, post) = thread(fixture).await;
        let root = reply(fixture, &novel.author, post, None, "root").await;
        fixture.tick();
        let answer = reply(fixture, &novel.author, post, Some(root.id), "answer").await;
        replies(fixture, post).await;

        fixture.backend.delete_reply(&novel.author, root.id, None).await.unwrap();

        let left = replies(fixture, post).await;
        assert_eq!(left.iter().map(|reply| reply.id).collect::<Vec<_>>(), [root.id, answer.id]);
        assert_eq!((left[0].content.as_str(), left[0].html.as_str()), ("", ""));
        assert_eq!(reply_count(fixture, post).await, 1);

        fixture.backend.delete_reply(&novel.author, answer.id, None).await.unwrap();

        assert_eq!(replies(fixture, post).await, []);
        assert_eq!(reply_count(fixture, post).await, 0);
        assert_not_found(fixture.backend.delete_reply(&novel.author, answer.id, None).await, Kind::Reply);
    }

    async fn an_edit_names_its_version_and_a_late_one_gets_the_stored_reply(fixture) {
        let (novel, post) = thread(fixture).await;
        let (backend, author) = (&fixture.backend, &novel.author);
        let id = reply(fixture, author, post, None, "I did").await.id;
        let edit = |version| ReplyEdit { content: Some("*Nobody*".into()), version };

        assert_eq!(refusal(backend.edit_reply(author, id, edit(None)).await), Error::VersionRequired);
        let saved = backend.edit_reply(author, id, edit(Some(1))).await.unwrap().value().clone();

        assert_eq!((saved.version, saved.html.as_str()), (2, "<p><em>Nobody</em></p>\n"));
        let stored = || Error::from(Current::reply(&saved.clone()));
        assert_eq!(refusal(backend.edit_reply(author, id, edit(Some(1))).await), stored());
        assert_eq!(refusal(backend.delete_reply(author, id, Some(1)).await), stored());
        assert_eq!(replies(fixture, post).await, [saved]);
    }

    async fn its_author_a_moderator_and_the_storys_author_may_remove_a_reply(fixture) {
        let ((novel, post), reader) = (thread(fixture).await, fixture.person(Role::Reader).await);
        let (moderator, stranger) = (fixture.person(Role::Moderator).await, fixture.writer().await);

        for person in [&reader, &moderator, &novel.author] {
            let id = reply(fixture, &reader, post, None, "Well").await.id;
            let edit = ReplyEdit { content: Some("Mine".into()), version: Some(1) };
            assert_eq!(refusal(fixture.backend.edit_reply(&stranger, id, edit).await), Error::Forbidden);
            assert_eq!(refusal(fixture.backend.delete_reply(&stranger, id, None).await), Error::Forbidden);
            assert!(fixture.backend.delete_reply(person, id, None).await.is_ok());
        }
    }

    async fn replies_that_come_at_once_are_all_counted(fixture) {
        let (novel, post) = thread(fixture).await;
        let tasks = (0..12).map(|number| {
            let (backend, author) = (fixture.backend.clone(), novel.author.clone());
            let new = NewReply { content: number.to_string(), parent_reply_id: None };
            tokio::spawn(async move { backend.add_reply(&author, post, new).await.map(drop) })
        });

        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap().unwrap();
        }

        assert_eq!(reply_count(fixture, post).await, 12);
        assert_eq!(replies(fixture, post).await.len(), 12);
    }
}
