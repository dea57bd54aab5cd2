//! The exact headers of every kind of write: one short test per change.

use serde_json::json;

use crate::support::{Novel, Person, TestApp};

const STORY: &str = "writing,reading,browse";
const TEXT: &str = "writing,reading";
const PUBLICATION: &str = "writing,reading,browse,community";

async fn published() -> (TestApp, Person, Novel) {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.novel("Salt").await;
    (app, ana, novel)
}

/// Tags, written as templates: `{s}` is the story, `{c}` the chapter, `{n}` the scene, `{u}` its author.
fn tags(author: &Person, novel: &Novel, templates: &[&str]) -> Vec<String> {
    let fill = |template: &&str| {
        let filled = template.replace("{s}", &novel.story).replace("{c}", &novel.chapter);
        filled.replace("{n}", &novel.scene).replace("{u}", &author.id)
    };
    templates.iter().map(fill).collect()
}

const HIDDEN: [&str; 8] = [
    "story:{s}",
    "story:{s}:chapters",
    "story:{s}:public",
    "user:{u}:stories",
    "stories:published",
    "story:{s}:community",
    "community:feed",
    "community:stories:all",
];
const CHAPTER: [&str; 4] = ["chapter:{c}", "chapter:{c}:scenes", "story:{s}:chapters", "user:{u}:stories"];
const CHAPTER_SHOWN: [&str; 9] = [
    "chapter:{c}",
    "chapter:{c}:scenes",
    "story:{s}:chapters",
    "user:{u}:stories",
    "scene:{n}",
    "chapter:{c}:public",
    "story:{s}:public",
    "stories:published",
    "community:stories:all",
];

#[tokio::test]
async fn creating_a_story() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let answer = ana.post("/studio/api/stories", json!({ "title": "Salt" })).await.assert_status(201);
    let story = answer.json()["story"]["id"].as_str().unwrap().to_owned();
    let tags = [format!("story:{story}"), format!("user:{}:stories", ana.id), "stories:published".to_owned()];
    answer.assert_invalidates(STORY, &tags);
}

#[tokio::test]
async fn editing_a_story() {
    let (_app, ana, novel) = published().await;
    let version = ana.get(&format!("/studio/api/story/{}", novel.story)).await.json()["story"]["version"].clone();
    let edit = json!({ "title": "Iron", "version": version });
    let answer = ana.patch(&format!("/studio/api/story/{}/write", novel.story), edit).await.assert_status(200);
    answer.assert_invalidates(STORY, &tags(&ana, &novel, &["story:{s}", "user:{u}:stories", "stories:published"]));
}

#[tokio::test]
async fn throwing_a_story_away() {
    let (_app, ana, novel) = published().await;
    let answer = ana.delete(&format!("/studio/api/story/{}", novel.story)).await.assert_status(200);
    answer.assert_invalidates(PUBLICATION, &tags(&ana, &novel, &HIDDEN));
}

#[tokio::test]
async fn publishing_a_story() {
    let app = TestApp::start().await;
    let ana = app.sign_in("ana").await;
    let novel = ana.draft("Salt").await;
    let answer = ana.put(&format!("/studio/api/story/{}/publication", novel.story)).await.assert_status(200);
    let text = ["chapter:{c}", "chapter:{c}:scenes", "chapter:{c}:public", "scene:{n}"];
    answer.assert_invalidates(PUBLICATION, &tags(&ana, &novel, &[HIDDEN.as_slice(), &text].concat()));
}

#[tokio::test]
async fn unpublishing_a_story() {
    let (_app, ana, novel) = published().await;
    let answer = ana.delete(&format!("/studio/api/story/{}/publication", novel.story)).await.assert_status(200);
    answer.assert_invalidates(PUBLICATION, &tags(&ana, &novel, &HIDDEN));
}

#[tokio::test]
async fn creating_editing_and_removing_a_part() {
    let (_app, ana, novel) = published().await;
    let created = ana.post(&format!("/studio/api/story/{}/parts", novel.story), json!({ "title": "North" })).await;
    let part = created.json()["part"]["id"].as_str().unwrap().to_owned();
    let tags = [format!("part:{part}"), format!("story:{}:chapters", novel.story)];
    let path = format!("/studio/api/parts/{part}");

    created.assert_status(201).assert_invalidates(TEXT, &tags);
    let edited = ana.patch(&path, json!({ "title": "South", "version": 1 })).await;
    edited.assert_status(200).assert_invalidates(TEXT, &tags);
    ana.delete(&path).await.assert_status(200).assert_invalidates(TEXT, &tags);
}

#[tokio::test]
async fn creating_a_chapter() {
    let (_app, ana, novel) = published().await;
    let answer = ana.post(&format!("/studio/api/story/{}/chapters", novel.story), json!({ "title": "Two" })).await;
    let chapter = answer.json()["chapter"]["id"].as_str().unwrap().to_owned();
    let created = Novel { chapter, ..novel };
    answer.assert_status(201).assert_invalidates(TEXT, &tags(&ana, &created, &CHAPTER));
}

#[tokio::test]
async fn editing_a_chapter() {
    let (_app, ana, novel) = published().await;
    let path = format!("/studio/api/chapters/{}", novel.chapter);
    let version = ana.get(&path).await.json()["chapter"]["version"].clone();
    let answer = ana.patch(&path, json!({ "title": "First", "version": version })).await.assert_status(200);
    answer.assert_invalidates(TEXT, &tags(&ana, &novel, &CHAPTER));
}

#[tokio::test]
async fn moving_a_chapter() {
    let (_app, ana, novel) = published().await;
    let answer = ana.post(&format!("/studio/api/chapters/{}/move", novel.chapter), json!({ "index": 0 })).await;
    let moved = [CHAPTER.as_slice(), &["story:{s}:public"]].concat();
    answer.assert_status(200).assert_invalidates(TEXT, &tags(&ana, &novel, &moved));
}

#[tokio::test]
async fn throwing_a_chapter_away() {
    let (_app, ana, novel) = published().await;
    let answer = ana.delete(&format!("/studio/api/chapters/{}", novel.chapter)).await.assert_status(200);
    answer.assert_invalidates(TEXT, &tags(&ana, &novel, &CHAPTER_SHOWN));
}

#[tokio::test]
async fn publishing_and_unpublishing_a_chapter() {
    let (_app, ana, novel) = published().await;
    let path = format!("/studio/api/chapters/{}/publication", novel.chapter);
    let tags = tags(&ana, &novel, &CHAPTER_SHOWN);
    ana.put(&path).await.assert_status(200).assert_invalidates(PUBLICATION, &tags);
    ana.delete(&path).await.assert_status(200).assert_invalidates(PUBLICATION, &tags);
}

const SCENE: [&str; 3] = ["scene:{n}", "chapter:{c}:scenes", "story:{s}:chapters"];

#[tokio::test]
async fn creating_a_scene() {
    let (_app, ana, novel) = published().await;
    let answer = ana.post(&format!("/studio/api/chapters/{}/scenes", novel.chapter), json!({ "title": "Noon" })).await;
    let scene = answer.json()["scene"]["id"].as_str().unwrap().to_owned();
    let created = Novel { scene, ..novel };
    answer.assert_status(201).assert_invalidates(TEXT, &tags(&ana, &created, &SCENE));
}

#[tokio::test]
async fn editing_a_scene() {
    let (_app, ana, novel) = published().await;
    let edit = json!({ "content": "It went out.", "version": 1 });
    let answer = ana.patch(&format!("/studio/api/scenes/{}", novel.scene), edit).await.assert_status(200);
    answer.assert_invalidates(TEXT, &tags(&ana, &novel, &SCENE));
}

#[tokio::test]
async fn restoring_a_revision() {
    let (_app, ana, novel) = published().await;
    let path = format!("/studio/api/scenes/{}", novel.scene);
    ana.patch(&path, json!({ "content": "It went out.", "version": 1 })).await.assert_status(200);
    let listed = ana.get(&format!("{path}/revisions")).await.json();
    let n = &listed["revisions"].as_array().unwrap().last().unwrap()["n"];
    let answer = ana.post(&format!("{path}/revisions/{n}/restore"), json!({ "version": 2 })).await.assert_status(200);
    answer.assert_invalidates(TEXT, &tags(&ana, &novel, &SCENE));
}

#[tokio::test]
async fn moving_a_scene_to_another_chapter() {
    let (_app, ana, novel) = published().await;
    let new = json!({ "title": "Two" });
    let to = ana.create(&format!("/studio/api/story/{}/chapters", novel.story), new, "chapter").await;
    let wish = json!({ "chapterId": to, "index": 0 });
    let answer = ana.post(&format!("/studio/api/scenes/{}/move", novel.scene), wish).await.assert_status(200);
    let templates = [
        "scene:{n}",
        "chapter:{c}:scenes",
        "chapter:{c}:public",
        &format!("chapter:{to}:scenes"),
        &format!("chapter:{to}:public"),
        "stories:published",
        "story:{s}:chapters",
        "story:{s}:public",
    ];
    answer.assert_invalidates(TEXT, &tags(&ana, &novel, &templates));
}

#[tokio::test]
async fn moving_a_scene_within_its_chapter() {
    let (_app, ana, novel) = published().await;
    let wish = json!({ "chapterId": novel.chapter, "index": 0 });
    let answer = ana.post(&format!("/studio/api/scenes/{}/move", novel.scene), wish).await.assert_status(200);
    let templates = ["scene:{n}", "chapter:{c}:scenes", "chapter:{c}:public", "story:{s}:chapters", "story:{s}:public"];
    answer.assert_invalidates(TEXT, &tags(&ana, &novel, &templates));
}

#[tokio::test]
async fn throwing_a_scene_away() {
    let (_app, ana, novel) = published().await;
    let answer = ana.delete(&format!("/studio/api/scenes/{}", novel.scene)).await.assert_status(200);
    let shown = [SCENE.as_slice(), &["chapter:{c}:public", "story:{s}:public", "stories:published"]].concat();
    answer.assert_invalidates(TEXT, &tags(&ana, &novel, &shown));
}

#[tokio::test]
async fn creating_editing_and_removing_characters_and_places() {
    let (_app, ana, novel) = published().await;
    for kind in ["character", "setting"] {
        let created = ana.post(&format!("/studio/api/story/{}/{kind}s", novel.story), json!({ "name": "Ines" })).await;
        let id = created.json()[kind]["id"].as_str().unwrap().to_owned();
        let tags = [format!("{kind}:{id}"), format!("story:{}:{kind}s", novel.story)];
        let path = format!("/studio/api/{kind}s/{id}");

        created.assert_status(201).assert_invalidates("writing", &tags);
        let edited = ana.patch(&path, json!({ "summary": "Keeps the lamp.", "version": 1 })).await;
        edited.assert_status(200).assert_invalidates("writing", &tags);
        ana.delete(&path).await.assert_status(200).assert_invalidates("writing", &tags);
    }
}

#[tokio::test]
async fn reading_on() {
    let (_app, ana, novel) = published().await;
    let path = format!("/novels/api/story/{}/progress", novel.story);
    let here = json!({ "chapterId": novel.chapter, "sceneId": novel.scene });
    let answer = ana.send_json(http::Method::PUT, &path, &[], here).await.assert_status(200);
    answer.assert_invalidates("reading", &tags(&ana, &novel, &["user:{u}:progress"]));
}

#[tokio::test]
async fn writing_editing_and_removing_a_post() {
    let (_app, ana, novel) = published().await;
    let new = json!({ "storyId": novel.story, "title": "The lamp", "content": "Who lit it?" });
    let created = ana.post("/community/api/posts", new).await.assert_status(201);
    let post = created.json()["post"]["id"].as_str().unwrap().to_owned();
    let path = format!("/community/api/posts/{post}");
    let board = tags(&ana, &novel, &["story:{s}:community", "community:feed", "community:stories:all"]);
    let written = [vec![format!("post:{post}")], board.clone()].concat();
    let removed = [vec![format!("post:{post}"), format!("post:{post}:replies")], board].concat();

    created.assert_invalidates("community", &written);
    let edited = ana.patch(&path, json!({ "title": "The wick", "version": 1 })).await.assert_status(200);
    edited.assert_invalidates("community", &written);
    ana.delete(&path).await.assert_status(200).assert_invalidates("community", &removed);
}

#[tokio::test]
async fn liking_a_post() {
    let (_app, ana, novel) = published().await;
    let post = ana.add_post(&novel.story).await;
    let answer = ana.post(&format!("/community/api/posts/{post}/like"), json!({ "liked": true })).await;
    let tags = [format!("post:{post}"), "community:feed".to_owned(), "community:stories:all".to_owned()];
    answer.assert_status(200).assert_invalidates("community", &tags);
}

#[tokio::test]
async fn writing_editing_and_removing_a_reply() {
    let (_app, ana, novel) = published().await;
    let post = ana.add_post(&novel.story).await;
    let tags = [format!("post:{post}:replies"), format!("post:{post}"), "community:feed".to_owned()];
    let created = ana.post(&format!("/community/api/posts/{post}/replies"), json!({ "content": "The keeper." })).await;
    let reply = format!("/community/api/replies/{}", created.json()["reply"]["id"].as_str().unwrap());

    created.assert_status(201).assert_invalidates("community,reading", &tags);
    let edited = ana.patch(&reply, json!({ "content": "The sea.", "version": 1 })).await.assert_status(200);
    edited.assert_invalidates("community,reading", &tags);
    ana.delete(&reply).await.assert_status(200).assert_invalidates("community,reading", &tags);
}

#[tokio::test]
async fn a_refused_write_invalidates_nothing() {
    let (_app, ana, novel) = published().await;
    let path = format!("/studio/api/scenes/{}", novel.scene);

    ana.patch(&path, json!({ "title": "Dusk", "version": 9 })).await.assert_status(409).assert_invalidates_nothing();
    ana.patch(&path, json!({ "title": "Dusk" })).await.assert_status(428).assert_invalidates_nothing();
    ana.patch(&path, json!({ "title": "", "version": 1 })).await.assert_status(422).assert_invalidates_nothing();
    ana.get(&path).await.assert_status(200).assert_invalidates_nothing();
}

#[tokio::test]
async fn a_plan_with_too_many_tags_names_the_page_types_alone() {
    let (_app, ana, novel) = published().await;
    for number in 0..120 {
        let new = json!({ "title": format!("Scene {number}") });
        ana.post(&format!("/studio/api/chapters/{}/scenes", novel.chapter), new).await.assert_status(201);
    }

    let answer = ana.put(&format!("/studio/api/story/{}/publication", novel.story)).await.assert_status(200);

    let answer = answer.assert_header("x-cache-invalidate", PUBLICATION);
    assert_eq!(answer.header("x-cache-invalidate-keys"), None);
    assert_eq!(answer.header("cache-group-invalidation"), None);
}
