//! Text of every script, and as much of it as may be.

use domain::{
    Error,
    error::Problem,
    studio::{NewScene, NewStory, SceneEdit},
};

use crate::support::{content, on_both_databases, refusal, value};

on_both_databases! {
    async fn text_of_every_script_comes_back_as_it_was_sent(fixture) {
        let text = "Ünïcödé 漢字 👩‍👩‍👧 \u{200f}שלום\n\n\tand a \"tab\"; -- ' \\ % _ \u{10ffff}";
        let draft = fixture.draft(text).await;

        let read = value(fixture.backend.scene(&draft.author, draft.scene).await.unwrap()).scene;

        assert_eq!(read.content, text);
    }

    async fn limits_are_counted_in_characters(fixture) {
        let draft = fixture.draft("text").await;
        let most = "é".repeat(510_000);

        assert_eq!(fixture.save(&draft, 1, &most).await.content.chars().count(), 510_000);
        let more = fixture.backend.edit_scene(&draft.author, draft.scene, content(2, &format!("{most}é"))).await;
        assert_eq!(refusal(more), Error::invalid("content", Problem::TooLong { max: 510_000 }));
        let title = SceneEdit { title: Some("漢".repeat(255)), version: Some(2), ..SceneEdit::default() };
        assert!(fixture.backend.edit_scene(&draft.author, draft.scene, title).await.is_ok());
    }

    async fn what_breaks_a_rule_is_refused_by_its_field(fixture) {
        let draft = fixture.draft("text").await;
        let (backend, author) = (&fixture.backend, &draft.author);
        let new = |title: &str| NewStory { title: title.into(), summary: None, genre: None };

        let blank = refusal(backend.create_story(author, new("  ")).await);
        assert_eq!(blank, Error::invalid("title", Problem::Empty));
        let long = NewStory { summary: Some("x".repeat(5_001)), ..new("Fine") };
        assert_eq!(refusal(backend.create_story(author, long).await).field(), Some("summary"));
        let nul = NewScene { title: "Fine".into(), content: Some("a\0b".into()) };
        assert_eq!(refusal(backend.add_scene(author, draft.chapter, nul).await).field(), Some("content"));
        let goal = SceneEdit { goal: Some("x".repeat(5_001)), version: Some(1), ..SceneEdit::default() };
        assert_eq!(refusal(backend.edit_scene(author, draft.scene, goal).await).field(), Some("goal"));
    }

    async fn a_blank_genre_is_none(fixture) {
        let author = fixture.writer().await;
        let new = NewStory { title: "Fine".into(), summary: None, genre: Some("  ".into()) };

        let saved = fixture.backend.create_story(&author, new).await.unwrap();

        assert_eq!(saved.value().genre, None);
    }

    async fn markup_that_someone_smuggles_in_is_shown_and_not_run(fixture) {
        let draft = fixture.novel("<script>alert(1)</script>\n\n[x](javascript:alert(1)) </textarea>").await;

        let html = fixture.read_html(draft.chapter).await.concat();

        assert_eq!(
            html,
            "&lt;script&gt;alert(1)&lt;/script&gt;\n<p><a rel=\"nofollow ugc noopener\">x</a> &lt;/textarea&gt;</p>\n"
        );
    }
}
