//! Boards, posts, likes and replies.

use domain::user::Role;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn a_post_is_written_read_edited_and_removed() {
    let app = TestApp::start().await;
    let novel = app.sign_in("ana").await.novel("Salt").await;
    let noor = app.sign_in_reader("noor").await;
    let new = json!({ "storyId": novel.story, "title": "The lamp", "content": "*Who* lit it?", "type": "theory" });

    let created = noor.post("/community/api/posts", new).await.assert_status(201);
    let path = created.header("location").unwrap();
    let post = app.visitor().get(&path).await.assert_status(200).json()["post"].clone();
    assert_eq!((&post["type"], &post["author"]["username"]), (&json!("theory"), &json!("noor")));
    assert!(post["html"].as_str().unwrap().contains("<em>Who</em>"));
    assert_eq!((&post["likeCount"], &post["replyCount"], &post["liked"]), (&json!(0), &json!(0), &json!(false)));

    let edited = noor.patch(&path, json!({ "content": "I did.", "version": 1 })).await.assert_status(200).json();
    assert_eq!(edited["post"]["version"], 2);
    assert_ne!(edited["post"]["editedAt"], Value::Null);
    noor.delete(&path).await.assert_status(200);
    app.visitor().get(&path).await.assert_refused(404, "not_found", None);
}

#[tokio::test]
async fn posts_are_listed_by_board_and_over_all_boards() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let (salt, iron) = (ana.novel("Salt").await, ana.novel("Iron").await);
    let (first, second) = (ana.add_post(&salt.story).await, ana.add_post(&iron.story).await);
    let listed = async |query: &str| {
        let answer = app.visitor().get(&format!("/community/api/posts{query}")).await.assert_status(200).json();
        let ids = answer["posts"].as_array().unwrap().iter().map(|post| post["id"].as_str().unwrap().to_owned());
        let mut ids: Vec<_> = ids.collect();
        ids.sort();
        ids
    };
    let mut both = [first.clone(), second];
    both.sort();

    assert_eq!(listed(&format!("?storyId={}", salt.story)).await, [first]);
    assert_eq!(listed("?storyId=&after=").await, both);
}

#[tokio::test]
async fn boards_count_their_posts() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let board = async || app.visitor().get("/community/api/stories").await.assert_status(200).json()["stories"].clone();

    assert_eq!(board().await[0]["postCount"], 0);
    ana.add_post(&novel.story).await;
    assert_eq!(board().await[0]["postCount"], 1);
}

#[tokio::test]
async fn a_like_is_a_wish_or_a_toggle() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let post = ana.add_post(&ana.novel("Salt").await.story).await;
    let path = format!("/community/api/posts/{post}/like");
    let liked = json!({ "success": true, "liked": true, "likeCount": 1 });
    let not_liked = json!({ "success": true, "liked": false, "likeCount": 0 });

    for (wish, answer) in [
        (json!({ "liked": true }), &liked),
        (json!({ "liked": true }), &liked),
        (json!({ "liked": false }), &not_liked),
        (json!({}), &liked),
        (json!({}), &not_liked),
    ] {
        assert_eq!(ana.post(&path, wish.clone()).await.assert_status(200).json(), *answer, "{wish}");
    }
    let toggled = ana.send(http::Method::POST, &path, &[], axum::body::Body::empty()).await;
    assert_eq!(toggled.assert_status(200).json(), liked);
}

#[tokio::test]
async fn liked_is_personal_and_the_count_is_everyones() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let noor = app.sign_in_reader("noor").await;
    let post = ana.add_post(&ana.novel("Salt").await.story).await;
    let path = format!("/community/api/posts/{post}");
    noor.post(&format!("{path}/like"), json!({ "liked": true })).await.assert_status(200);

    for (person, liked) in [(&noor, true), (&ana, false), (&app.visitor(), false)] {
        let post = person.get(&path).await.json()["post"].clone();
        assert_eq!((&post["liked"], &post["likeCount"]), (&json!(liked), &json!(1)));
    }
}

#[tokio::test]
async fn replies_are_threaded_counted_and_edited() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let post = ana.add_post(&ana.novel("Salt").await.story).await;
    let path = format!("/community/api/posts/{post}/replies");

    let first = ana.create(&path, json!({ "content": "The keeper." }), "reply").await;
    let second = ana.create(&path, json!({ "content": "No: the sea.", "parentReplyId": first }), "reply").await;
    let replies = app.visitor().get(&path).await.assert_status(200).json();
    let found: Vec<_> = replies["replies"].as_array().unwrap().iter().map(|r| (&r["id"], &r["depth"])).collect();
    assert_eq!(found, [(&json!(first), &json!(0)), (&json!(second), &json!(1))]);
    assert_eq!(app.visitor().get(&format!("/community/api/posts/{post}")).await.json()["post"]["replyCount"], 2);

    let reply = format!("/community/api/replies/{second}");
    let edited = ana.patch(&reply, json!({ "content": "The sea.", "version": 1 })).await.assert_status(200);
    assert_eq!(edited.json()["reply"]["content"], "The sea.");
    ana.delete(&reply).await.assert_status(200);
    assert_eq!(app.visitor().get(&format!("/community/api/posts/{post}")).await.json()["post"]["replyCount"], 1);
}

#[tokio::test]
async fn strangers_may_not_touch_what_others_wrote_and_moderators_may() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let noor = app.sign_in_reader("noor").await;
    let path = format!("/community/api/posts/{}", noor.add_post(&novel.story).await);
    let eve = app.sign_in_reader("eve").await;
    let moderator = app.sign_in_as("moe", Role::Moderator).await;

    eve.patch(&path, json!({ "title": "Mine", "version": 1 })).await.assert_refused(403, "forbidden", None);
    eve.delete(&path).await.assert_refused(403, "forbidden", None);
    moderator.patch(&path, json!({ "title": "Be kind", "version": 1 })).await.assert_status(200);
    moderator.delete(&path).await.assert_status(200);
}

#[tokio::test]
async fn without_a_session_one_may_only_read() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let post = ana.add_post(&novel.story).await;
    let visitor = app.visitor();

    let new = json!({ "storyId": novel.story, "title": "Hm", "content": "Hm." });
    visitor.post("/community/api/posts", new).await.assert_refused(401, "unauthorized", None);
    for path in ["like", "replies"] {
        let answer = visitor.post(&format!("/community/api/posts/{post}/{path}"), json!({ "content": "Hm." })).await;
        answer.assert_refused(401, "unauthorized", None);
    }
}

#[tokio::test]
async fn unpublishing_a_story_hides_its_board_and_publishing_brings_it_back() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let post = ana.add_post(&novel.story).await;
    let publication = format!("/studio/api/story/{}/publication", novel.story);
    let paths = [
        format!("/community/api/posts/{post}"),
        format!("/community/api/posts/{post}/replies"),
        format!("/community/api/posts?storyId={}", novel.story),
    ];
    for path in &paths {
        app.visitor().get(path).await.assert_status(200);
    }

    ana.delete(&publication).await.assert_status(200);
    for path in &paths {
        app.visitor().get(path).await.assert_refused(404, "not_found", None);
    }
    assert_eq!(app.visitor().get("/community/api/posts").await.json()["posts"], json!([]));
    assert_eq!(app.visitor().get("/community/api/stories").await.json()["stories"], json!([]));
    ana.put(&publication).await.assert_status(200);
    for path in &paths {
        app.visitor().get(path).await.assert_status(200);
    }
}

#[tokio::test]
async fn what_was_removed_is_not_found_and_its_place_in_a_thread_stays() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let path = format!("/community/api/posts/{}", ana.add_post(&novel.story).await);
    let replies = format!("{path}/replies");
    let first = ana.create(&replies, json!({ "content": "I did." }), "reply").await;
    let answer = json!({ "content": "Why?", "parentReplyId": first });
    let second = ana.create(&replies, answer, "reply").await;

    ana.delete(&format!("/community/api/replies/{first}")).await.assert_status(200);

    let thread = ana.get(&replies).await.assert_status(200).json()["replies"].clone();
    assert_eq!((&thread[0]["id"], &thread[0]["content"], &thread[0]["html"]), (&json!(first), &json!(""), &json!("")));
    assert_eq!((&thread[1]["id"], &thread[1]["content"]), (&json!(second), &json!("Why?")));
    assert_eq!(ana.get(&path).await.json()["post"]["replyCount"], 1);
    let late = ana.patch(&format!("/community/api/replies/{first}"), json!({ "content": "Me", "version": 2 })).await;
    late.assert_refused(404, "not_found", None);

    ana.delete(&path).await.assert_status(200);
    for path in [&path, &replies] {
        ana.get(path).await.assert_refused(404, "not_found", None);
    }
    ana.delete(&path).await.assert_refused(404, "not_found", None);
    let late = ana.patch(&format!("/community/api/replies/{second}"), json!({ "content": "Me", "version": 1 })).await;
    late.assert_refused(404, "not_found", None);
}

#[tokio::test]
async fn an_edit_is_a_new_version_with_the_time_it_was_made() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let post = ana.add_post(&novel.story).await;
    let reply = format!("/community/api/posts/{post}/replies");
    let reply = ana.create(&reply, json!({ "content": "I did." }), "reply").await;

    for (path, kind) in
        [(format!("/community/api/posts/{post}"), "post"), (format!("/community/api/replies/{reply}"), "reply")]
    {
        ana.patch(&path, json!({ "content": "*New*" })).await.assert_refused(428, "version_required", Some("version"));
        let edited = ana.patch(&path, json!({ "content": "*New*", "version": 1 })).await.assert_status(200).json();
        let edited = &edited[kind];
        assert_eq!((&edited["version"], &edited["html"]), (&json!(2), &json!("<p><em>New</em></p>\n")));
        assert!(edited["editedAt"].as_str().is_some_and(|time| time.ends_with('Z')), "{edited}");
        let late = ana.patch(&path, json!({ "content": "Old", "version": 1 })).await;
        assert_eq!(&late.assert_refused(409, "version_conflict", None).json()["current"], edited);
    }
}

#[tokio::test]
async fn on_a_hidden_board_there_is_nothing_to_moderate() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    let post = ana.add_post(&novel.story).await;
    let reply = format!("/community/api/posts/{post}/replies");
    let reply = ana.create(&reply, json!({ "content": "I did." }), "reply").await;
    let moderator = app.sign_in_as("moe", Role::Moderator).await;

    ana.delete(&format!("/studio/api/story/{}/publication", novel.story)).await.assert_status(200);

    for path in [format!("/community/api/posts/{post}"), format!("/community/api/replies/{reply}")] {
        for person in [&moderator, &ana] {
            let edit = person.patch(&path, json!({ "content": "Be kind", "version": 1 })).await;
            edit.assert_refused(404, "not_found", None).assert_invalidates_nothing();
            person.delete(&path).await.assert_refused(404, "not_found", None).assert_invalidates_nothing();
        }
    }
}
