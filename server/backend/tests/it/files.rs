//! Stories as files: what leaves can come back.

use std::io::{Cursor, Read};

use domain::{
    Error,
    error::{Entity as Kind, Problem},
    studio::{
        Backup, BackupChapter, BackupScene, ExportFormat, Import, ImportFormat, ImportWarning, NewChapter,
        NewCharacter, NewPart, NewSetting, RevisionKind, SceneEdit, SceneStatus, Story,
    },
    user::Role,
};

use crate::support::{Draft, Fixture, assert_not_found, on_both_databases, refusal, value};

async fn export(fixture: &Fixture, draft: &Draft, format: ExportFormat) -> Vec<u8> {
    fixture.backend.export(&draft.author, draft.story, format).await.expect("a file").bytes
}

async fn backup(fixture: &Fixture, draft: &Draft) -> Backup {
    serde_json::from_slice(&export(fixture, draft, ExportFormat::Json).await).expect("a document")
}

async fn import(fixture: &Fixture, draft: &Draft, import: Import) -> (Draft, Vec<ImportWarning>) {
    let imported = fixture.backend.import(&draft.author, import).await.expect("a new story");
    let imported = imported.value().clone();
    (Draft { story: imported.story.id, ..draft.clone() }, imported.warnings)
}

fn text(format: ImportFormat, text: &str) -> Import {
    Import { format, text: Some(text.to_owned()), ..Import::default() }
}

/// The same document, without what is new in every story.
fn without_ids(mut backup: Backup) -> Backup {
    backup.exported_at = None;
    let old: Vec<String> = backup.parts.iter().map(|part| part.id.clone()).collect();
    for (number, part) in backup.parts.iter_mut().enumerate() {
        part.id = number.to_string();
    }
    for chapter in &mut backup.chapters {
        chapter.id.clear();
        let part = chapter.part_id.take().and_then(|id| old.iter().position(|part| *part == id));
        chapter.part_id = part.map(|number| number.to_string());
        chapter.scenes.iter_mut().for_each(|scene| scene.id.clear());
    }
    backup
}

/// A story with something of everything: a prologue, a part, an empty part, an epilogue, people and places.
async fn whole_story(fixture: &Fixture) -> Draft {
    let draft = fixture.draft("Before.\n\n# not a heading\n\n---\n\n  indented").await;
    let (backend, author) = (&fixture.backend, &draft.author);
    let edit = SceneEdit {
        summary: Some("s".into()),
        goal: Some("g".into()),
        conflict: Some("c".into()),
        outcome: Some("o".into()),
        status: Some(SceneStatus::Revised),
        version: Some(1),
        ..SceneEdit::default()
    };
    backend.edit_scene(author, draft.scene, edit).await.unwrap();
    for title in ["North", "Empty"] {
        let new = NewPart { title: title.into(), summary: Some("of it".into()) };
        let part = backend.add_part(author, draft.story, new).await.unwrap().value().id;
        for title in ["Two", "Three"].into_iter().take(if title == "North" { 2 } else { 0 }) {
            let new = NewChapter { title: title.into(), summary: None, part_id: Some(part) };
            let chapter = backend.add_chapter(author, draft.story, new).await.unwrap().value().id;
            fixture.add_scene(author, chapter, "One.\n\nTwo.").await;
            fixture.add_scene(author, chapter, "").await;
        }
    }
    fixture.add_chapter(author, draft.story, "Epilogue").await;
    let gone = fixture.add_scene(author, draft.chapter, "in the trash").await.id;
    backend.delete_scene(author, gone, None).await.unwrap();
    let mira = NewCharacter { name: "Mira".into(), aliases: Some(vec!["M".into()]), ..NewCharacter::default() };
    backend.add_character(author, draft.story, mira).await.unwrap();
    let pier = NewSetting { name: "Pier".into(), mood: Some("grey".into()), ..NewSetting::default() };
    backend.add_setting(author, draft.story, pier).await.unwrap();
    draft
}

on_both_databases! {
    async fn a_backup_comes_back_whole_under_new_ids(fixture) {
        let draft = whole_story(fixture).await;
        let before = backup(fixture, &draft).await;
        let document = String::from_utf8(export(fixture, &draft, ExportFormat::Json).await).unwrap();
        assert!(!document.contains("in the trash"));

        let as_text = import(fixture, &draft, text(ImportFormat::Json, &document)).await;
        let as_it_is: Import = serde_json::from_str(&document).expect("a legal body");
        let as_it_is = import(fixture, &draft, as_it_is).await;

        for (copy, warnings) in [as_text, as_it_is] {
            assert_ne!(copy.story, draft.story);
            let after = backup(fixture, &copy).await;
            assert!(after.chapters.iter().all(|chapter| before.chapters.iter().all(|old| old.id != chapter.id)));
            assert_eq!(without_ids(after), without_ids(before.clone()));
            assert_eq!(warnings, []);
        }
    }

    async fn an_import_is_a_story_like_any_other(fixture) {
        let draft = fixture.draft("old").await;
        fixture.backend.stories(&draft.author).await.unwrap();
        let source = text(ImportFormat::Markdown, "# Salt\n\n## One\n\nThe *sea*.\n\n##### Hm\n\n* * *\n\nMore.\n");

        let (copy, warnings) = import(fixture, &draft, Import { title: Some("Iron".into()), ..source }).await;

        assert_eq!(warnings.iter().map(|warning| warning.line).collect::<Vec<_>>(), [7]);
        let shelf: Vec<Story> = value(fixture.backend.stories(&draft.author).await.unwrap()).stories;
        assert!(shelf.iter().any(|story| story.id == copy.story && story.title == "Iron"), "the shelf is not stale");
        let outline = value(fixture.backend.outline(&draft.author, copy.story).await.unwrap());
        let scene = outline.chapters[0].scenes[0].clone();
        assert_eq!((scene.title.as_str(), scene.word_count, scene.version), ("Scene 1", 3, 1));
        let revisions = fixture.backend.revisions(&draft.author, scene.id).await.unwrap().revisions;
        assert_eq!(revisions.iter().map(|revision| revision.kind).collect::<Vec<_>>(), [RevisionKind::Import]);
        assert_not_found(fixture.backend.novel(copy.story).await, Kind::Story);
        let imported = Draft { scene: scene.id, ..copy };
        fixture.save(&imported, 1, "The sea.").await;
        fixture.backend.publish_story(&imported.author, imported.story).await.unwrap();
        assert_eq!(fixture.read_html(outline.chapters[0].chapter.id).await[0], "<p>The sea.</p>\n");
    }

    async fn every_form_has_the_titles_and_the_text(fixture) {
        let draft = fixture.draft("The <b>sea</b> & *salt*.\n\nA\u{a0}b  \nc").await;
        for format in [ExportFormat::Markdown, ExportFormat::Html, ExportFormat::Txt, ExportFormat::Json] {
            let text = String::from_utf8(export(fixture, &draft, format).await).expect("text");
            assert!(text.contains("The Lighthouse") && text.contains("One") && text.contains("salt"), "{text}");
        }
        let html = String::from_utf8(export(fixture, &draft, ExportFormat::Html).await).unwrap();
        assert!(html.contains("The &lt;b&gt;sea&lt;/b&gt; &amp; <em>salt</em>.") && !html.contains("<b>"), "{html}");
        let markdown = String::from_utf8(export(fixture, &draft, ExportFormat::Markdown).await).unwrap();
        assert!(markdown.starts_with("# The Lighthouse\n\n### One\n\n#### A scene\n\nThe <b>sea"), "{markdown}");
        let epub = export(fixture, &draft, ExportFormat::Epub).await;
        assert_eq!(&epub[30..58], b"mimetypeapplication/epub+zip", "first, and stored as it is");
        let mut package = String::new();
        let mut archive = zip::ZipArchive::new(Cursor::new(epub)).unwrap();
        archive.by_name("OEBPS/content.opf").unwrap().read_to_string(&mut package).unwrap();
        let mut ids: Vec<&str> = package.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert!(all > 5 && ids.len() == all, "an id stands for one thing: {package}");
    }

    async fn nobody_exports_what_is_not_theirs(fixture) {
        let draft = fixture.novel("text").await;
        let (stranger, reader) = (fixture.writer().await, fixture.person(Role::Reader).await);

        let taken = fixture.backend.export(&stranger, draft.story, ExportFormat::Json).await;
        assert_not_found(taken, Kind::Story);
        let read = fixture.backend.export(&reader, draft.story, ExportFormat::Json).await;
        assert_eq!(refusal(read), Error::Forbidden);
        let written = fixture.backend.import(&reader, text(ImportFormat::Markdown, "# Salt")).await;
        assert_eq!(refusal(written), Error::Forbidden);
    }

    async fn a_document_that_breaks_a_rule_leaves_nothing(fixture) {
        let author = fixture.writer().await;
        let document = |change: fn(&mut Import)| {
            let mut import: Import = serde_json::from_str(
                r#"{"format":"json","formatVersion":1,"story":{"title":"Salt"},"parts":[{"id":"p","title":"North"}],
                    "chapters":[{"title":"One","partId":"p","scenes":[{"title":"Dawn"}]}],
                    "characters":[{"name":"Mira"}],"settings":[{"name":"Pier"}]}"#,
            ).expect("a document");
            change(&mut import);
            import
        };
        let cases: [(Import, &str, Problem); 11] = [
            (document(|it| it.story = None), "story", Problem::Empty),
            (document(|it| it.format_version = 2), "formatVersion", Problem::NotAllowed),
            (document(|it| it.parts.push(it.parts[0].clone())), "parts[1].id", Problem::NotAllowed),
            (document(|it| it.parts.clear()), "chapters[0].partId", Problem::DoesNotBelong),
            (document(|it| it.title = Some(" ".into())), "title", Problem::Empty),
            (document(|it| it.chapters[0].scenes[0].title.clear()), "chapters[0].scenes[0].title", Problem::Empty),
            (
                document(|it| it.chapters[0].scenes[0].content = "x".repeat(510_001)),
                "chapters[0].scenes[0].content",
                Problem::TooLong { max: 510_000 },
            ),
            (document(|it| it.characters[0].name.clear()), "characters[0].name", Problem::Empty),
            (
                document(|it| it.chapters = vec![BackupChapter::default(); 2_001]),
                "chapters",
                Problem::TooMany { max: 2_000 },
            ),
            (
                document(|it| it.chapters[0].scenes = vec![BackupScene::default(); 10_001]),
                "scenes",
                Problem::TooMany { max: 10_000 },
            ),
            (text(ImportFormat::Json, "{"), "text", Problem::Unreadable),
        ];
        for (import, field, problem) in cases {
            let refused = refusal(fixture.backend.import(&author, import).await);
            assert_eq!(refused, Error::invalid(field, problem));
        }
        assert_eq!(value(fixture.backend.stories(&author).await.unwrap()).stories, []);
        assert!(fixture.backend.import(&author, document(|_| {})).await.is_ok());
    }

    async fn a_text_that_is_too_long_for_a_scene_becomes_several(fixture) {
        let draft = fixture.draft("old").await;
        let long = format!("{}\n\n", "word ".repeat(1_000)).repeat(250);

        let (copy, warnings) = import(fixture, &draft, text(ImportFormat::Txt, &long)).await;

        let outline = value(fixture.backend.outline(&draft.author, copy.story).await.unwrap());
        assert_eq!(outline.word_count(), 250_000);
        assert_eq!((outline.chapters.len(), outline.chapters[0].scenes.len(), warnings.len()), (1, 3, 3));
    }
}
