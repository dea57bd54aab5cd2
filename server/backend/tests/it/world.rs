//! Characters and places: the writer's own notes, with versions, an order, and the trash.

use backend::cache::Status::{Hit, Miss};
use domain::{
    error::{Entity as Kind, Problem},
    id::{CharacterId, SettingId, StoryId},
    studio::{Character, CharacterEdit, CharacterRole, NewCharacter, NewSetting, Setting, SettingEdit},
    user::{Role, User},
};

use crate::support::{Fixture, assert_not_found, on_both_databases, refusal, status, value};

async fn cast(fixture: &Fixture, author: &User, story: StoryId) -> Vec<Character> {
    value(fixture.backend.characters(author, story).await.unwrap()).characters
}

async fn places(fixture: &Fixture, author: &User, story: StoryId) -> Vec<Setting> {
    value(fixture.backend.settings(author, story).await.unwrap()).settings
}

async fn add(fixture: &Fixture, author: &User, story: StoryId, name: &str) -> (CharacterId, SettingId) {
    let character = NewCharacter { name: name.to_owned(), ..NewCharacter::default() };
    let setting = NewSetting { name: name.to_owned(), ..NewSetting::default() };
    let character = fixture.backend.add_character(author, story, character).await.expect("a character can be added");
    let setting = fixture.backend.add_setting(author, story, setting).await.expect("a place can be added");
    (character.value().id, setting.value().id)
}

on_both_databases! {
    async fn a_character_keeps_all_that_is_noted_about_them(fixture) {
        let draft = fixture.draft("text").await;
        let text = |text: &str| Some(text.to_owned());
        let new = NewCharacter {
            name: "  Ines ".into(),
            aliases: Some(vec!["the keeper".into()]),
            role: Some(CharacterRole::Main),
            summary: text("Keeps the lamp."),
            traits: Some(vec!["stubborn".into(), "kind".into()]),
            goal: text("a"),
            flaw: text("b"),
            backstory: text("c"),
            appearance: text("d\r\ne"),
            voice: text("f"),
            colour: text("#00AAff"),
        };

        let added = fixture.backend.add_character(&draft.author, draft.story, new).await.unwrap();

        let added = added.value();
        assert_eq!((added.name.as_str(), added.version), ("Ines", 1));
        assert_eq!((added.appearance.as_str(), added.colour.as_deref()), ("d\ne", Some("#00aaff")));
        assert_eq!(added.traits, ["stubborn", "kind"]);
        let read = value(fixture.backend.character(&draft.author, added.id).await.unwrap()).character;
        assert_eq!(read, *added);
        assert_eq!(cast(fixture, &draft.author, draft.story).await, [read]);
    }

    async fn a_name_is_enough_to_begin_with(fixture) {
        let draft = fixture.draft("text").await;
        add(fixture, &draft.author, draft.story, "Ines").await;

        let ines = cast(fixture, &draft.author, draft.story).await.remove(0);
        let place = places(fixture, &draft.author, draft.story).await.remove(0);

        assert_eq!((ines.role, ines.colour, ines.aliases.len()), (CharacterRole::Minor, None, 0));
        assert_eq!((place.mood.as_str(), place.senses.len(), place.details.len()), ("", 0, 0));
    }

    async fn they_stand_in_the_order_in_which_they_came(fixture) {
        let draft = fixture.draft("text").await;
        for name in ["Zoe", "Abel", "Mira"] {
            add(fixture, &draft.author, draft.story, name).await;
        }

        let cast: Vec<String> =
            cast(fixture, &draft.author, draft.story).await.into_iter().map(|character| character.name).collect();
        let places: Vec<String> =
            places(fixture, &draft.author, draft.story).await.into_iter().map(|setting| setting.name).collect();

        assert_eq!(cast, ["Zoe", "Abel", "Mira"]);
        assert_eq!(places, cast);
    }

    async fn an_edit_changes_what_it_names_and_makes_the_next_version(fixture) {
        let draft = fixture.draft("text").await;
        let (character, setting) = add(fixture, &draft.author, draft.story, "Ines").await;
        fixture.tick();

        let edit = CharacterEdit { flaw: Some("pride".into()), version: Some(1), ..CharacterEdit::default() };
        let edited = fixture.backend.edit_character(&draft.author, character, edit).await.unwrap();
        let edit = SettingEdit {
            senses: Some(vec!["salt".into()]),
            mood: Some("grey".into()),
            version: Some(1),
            ..SettingEdit::default()
        };
        let moved = fixture.backend.edit_setting(&draft.author, setting, edit).await.unwrap();

        let (edited, moved) = (edited.value(), moved.value());
        assert_eq!((edited.name.as_str(), edited.flaw.as_str(), edited.version), ("Ines", "pride", 2));
        assert!(edited.updated_at > edited.created_at);
        assert_eq!((moved.name.as_str(), moved.mood.as_str(), moved.version), ("Ines", "grey", 2));
        assert_eq!(moved.senses, ["salt"]);
    }

    async fn they_keep_to_the_rules_of_versions(fixture) {
        let draft = fixture.draft("text").await;
        let (backend, author) = (&fixture.backend, &draft.author);
        let (character, setting) = add(fixture, author, draft.story, "Ines").await;

        for (version, wanted) in [(None, 428), (Some(9), 409), (Some(1), 200), (Some(1), 409), (Some(2), 200)] {
            let edit = CharacterEdit { name: Some("New".into()), version, ..CharacterEdit::default() };
            let one = backend.edit_character(author, character, edit).await.map(|saved| saved.value().version);
            let edit = SettingEdit { name: Some("New".into()), version, ..SettingEdit::default() };
            let other = backend.edit_setting(author, setting, edit).await.map(|saved| saved.value().version);

            for outcome in [one, other] {
                match (wanted, outcome) {
                    (200, Ok(next)) => assert_eq!(Some(next), version.map(|version| version + 1)),
                    (428, outcome) => assert_eq!(refusal(outcome), domain::Error::VersionRequired),
                    (409, outcome) => assert!(matches!(refusal(outcome), domain::Error::Conflict(_))),
                    (_, outcome) => panic!("{wanted} expected, not {outcome:?}"),
                }
            }
        }
    }

    async fn a_conflict_brings_the_stored_one_along(fixture) {
        let draft = fixture.draft("text").await;
        let (character, setting) = add(fixture, &draft.author, draft.story, "Ines").await;

        let late = fixture.backend.delete_character(&draft.author, character, Some(7)).await;
        let domain::Error::Conflict(current) = refusal(late) else { panic!("not a conflict") };
        assert_eq!(current.read::<Character>().map(|stored| stored.id), Some(character));
        let late = fixture.backend.delete_setting(&draft.author, setting, Some(7)).await;
        let domain::Error::Conflict(current) = refusal(late) else { panic!("not a conflict") };
        assert_eq!(current.read::<Setting>().map(|stored| stored.id), Some(setting));
    }

    async fn what_breaks_a_rule_is_refused_with_its_field(fixture) {
        let draft = fixture.draft("text").await;
        let long = || Some("a".repeat(5_001));
        let many = || Some(vec!["a".to_owned(); 51]);
        let new = || NewCharacter { name: "Ines".into(), ..NewCharacter::default() };
        let too_long = Problem::TooLong { max: 5_000 };
        let too_many = Problem::TooManyEntries { max: 50 };

        for (new, field, problem) in [
            (NewCharacter { name: " ".into(), ..new() }, "name", Problem::Empty),
            (NewCharacter { name: "a".repeat(256), ..new() }, "name", Problem::TooLong { max: 255 }),
            (NewCharacter { backstory: long(), ..new() }, "backstory", too_long.clone()),
            (NewCharacter { voice: Some("\0".into()), ..new() }, "voice", Problem::ControlCharacters),
            (NewCharacter { aliases: many(), ..new() }, "aliases", too_many.clone()),
            (NewCharacter { traits: Some(vec![String::new()]), ..new() }, "traits", Problem::Empty),
            (NewCharacter { colour: Some("red".into()), ..new() }, "colour", Problem::NotAllowed),
        ] {
            let refused = refusal(fixture.backend.add_character(&draft.author, draft.story, new).await);
            assert_eq!(refused, domain::Error::invalid(field, problem));
        }
        for (edit, field, problem) in [
            (SettingEdit { mood: long(), ..SettingEdit::default() }, "mood", too_long),
            (SettingEdit { details: many(), ..SettingEdit::default() }, "details", too_many),
        ] {
            let (_, setting) = add(fixture, &draft.author, draft.story, "Quay").await;
            let refused = refusal(fixture.backend.edit_setting(&draft.author, setting, edit).await);
            assert_eq!(refused, domain::Error::invalid(field, problem));
        }
    }

    async fn those_of_others_are_not_found_by_any_way(fixture) {
        let draft = fixture.draft("text").await;
        let (character, setting) = add(fixture, &draft.author, draft.story, "Ines").await;
        let (backend, other) = (&fixture.backend, &fixture.writer().await);

        assert_not_found(backend.characters(other, draft.story).await, Kind::Story);
        assert_not_found(backend.settings(other, draft.story).await, Kind::Story);
        assert_not_found(backend.character(other, character).await, Kind::Character);
        assert_not_found(backend.setting(other, setting).await, Kind::Setting);
        assert_not_found(backend.add_character(other, draft.story, NewCharacter { name: "X".into(), ..NewCharacter::default() }).await, Kind::Story);
        assert_not_found(backend.add_setting(other, draft.story, NewSetting { name: "X".into(), ..NewSetting::default() }).await, Kind::Story);
        let edit = CharacterEdit { version: Some(1), ..CharacterEdit::default() };
        assert_not_found(backend.edit_character(other, character, edit).await, Kind::Character);
        let edit = SettingEdit { version: Some(1), ..SettingEdit::default() };
        assert_not_found(backend.edit_setting(other, setting, edit).await, Kind::Setting);
        assert_not_found(backend.delete_character(other, character, None).await, Kind::Character);
        assert_not_found(backend.delete_setting(other, setting, None).await, Kind::Setting);
        let reader = fixture.person(Role::Reader).await;
        assert_eq!(refusal(backend.characters(&reader, draft.story).await), domain::Error::Forbidden);
    }

    async fn a_removed_one_is_gone_at_once_and_kept(fixture) {
        let draft = fixture.draft("text").await;
        let (character, setting) = add(fixture, &draft.author, draft.story, "Ines").await;
        let (backend, author) = (&fixture.backend, &draft.author);
        cast(fixture, author, draft.story).await;
        places(fixture, author, draft.story).await;

        backend.delete_character(author, character, None).await.unwrap();
        backend.delete_setting(author, setting, Some(1)).await.unwrap();

        assert_not_found(backend.character(author, character).await, Kind::Character);
        assert_not_found(backend.setting(author, setting).await, Kind::Setting);
        assert_not_found(backend.delete_setting(author, setting, None).await, Kind::Setting);
        assert_eq!(cast(fixture, author, draft.story).await, []);
        assert_eq!(places(fixture, author, draft.story).await, []);
        assert_eq!(fixture.look::<String>("SELECT name FROM characters").await, ["Ines"]);
        assert_eq!(fixture.look::<String>("SELECT name FROM settings").await, ["Ines"]);
    }

    async fn a_story_takes_them_along_and_those_that_went_before_keep_their_batch(fixture) {
        let draft = fixture.draft("text").await;
        let (earlier, _) = add(fixture, &draft.author, draft.story, "Abel").await;
        add(fixture, &draft.author, draft.story, "Ines").await;
        fixture.backend.delete_character(&draft.author, earlier, None).await.unwrap();

        fixture.backend.delete_story(&draft.author, draft.story, None).await.unwrap();

        let story: Vec<String> = fixture.look("SELECT trash_batch_id FROM stories").await;
        let settings: Vec<String> = fixture.look("SELECT DISTINCT trash_batch_id FROM settings").await;
        let batch_of = async |name: &str| -> Vec<String> {
            fixture.look(&format!("SELECT trash_batch_id FROM characters WHERE name = '{name}'")).await
        };
        assert_eq!((&settings, &batch_of("Ines").await), (&story, &story));
        assert_ne!(batch_of("Abel").await, story);
        assert_not_found(fixture.backend.characters(&draft.author, draft.story).await, Kind::Story);
    }

    async fn a_story_that_comes_back_brings_them_along(fixture) {
        let draft = fixture.draft("text").await;
        let (earlier, _) = add(fixture, &draft.author, draft.story, "Abel").await;
        let (character, setting) = add(fixture, &draft.author, draft.story, "Ines").await;
        fixture.backend.delete_character(&draft.author, earlier, None).await.unwrap();
        fixture.backend.delete_story(&draft.author, draft.story, None).await.unwrap();

        let item = draft.story.to_string().parse().expect("an id");
        fixture.backend.restore(&draft.author, item).await.unwrap();

        let cast: Vec<CharacterId> =
            cast(fixture, &draft.author, draft.story).await.into_iter().map(|character| character.id).collect();
        assert_eq!(cast, [character], "who went earlier stays away");
        assert_eq!(places(fixture, &draft.author, draft.story).await.pop().map(|place| place.id), Some(setting));
    }

    async fn a_change_outdates_the_one_and_its_list_and_nothing_else(fixture) {
        let draft = fixture.draft("text").await;
        let (character, setting) = add(fixture, &draft.author, draft.story, "Ines").await;
        let (other, _) = add(fixture, &draft.author, draft.story, "Abel").await;
        let (backend, author) = (&fixture.backend, &draft.author);
        let all = async || {
            [
                status(backend.characters(author, draft.story).await),
                status(backend.character(author, character).await),
                status(backend.character(author, other).await),
                status(backend.settings(author, draft.story).await),
                status(backend.setting(author, setting).await),
                status(backend.story(author, draft.story).await),
                status(backend.outline(author, draft.story).await),
                status(backend.scene(author, draft.scene).await),
            ]
        };
        all().await;

        let edit = CharacterEdit { goal: Some("home".into()), version: Some(1), ..CharacterEdit::default() };
        backend.edit_character(author, character, edit).await.unwrap();
        assert_eq!(all().await, [Miss, Miss, Hit, Hit, Hit, Hit, Hit, Hit]);
        let edit = SettingEdit { mood: Some("grey".into()), version: Some(1), ..SettingEdit::default() };
        backend.edit_setting(author, setting, edit).await.unwrap();
        assert_eq!(all().await, [Hit, Hit, Hit, Miss, Miss, Hit, Hit, Hit]);
        backend.delete_character(author, other, None).await.unwrap();
        assert_eq!(status(backend.characters(author, draft.story).await), Miss);
        assert_eq!(value(backend.character(author, character).await.unwrap()).character.goal, "home");
    }
}
