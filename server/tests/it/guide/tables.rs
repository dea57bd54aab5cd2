//! Tables that the program itself knows best. `UPDATE_DOCS=1` before the test writes them into the documents.

use std::{fmt::Write, fs};

use clap::{Arg, Command, CommandFactory};
use domain::{
    cache::{Audience, KEY_GROUPS, Key, Rule},
    id::{ChapterId, CharacterId, PostId, SceneId, SettingId, StoryId, UserId},
    page::Page,
    reading::NovelsQuery,
};
use server::config::Cli;

use super::document::{Document, root};

/// Every variable that the program reads, those of single commands included.
pub(super) fn variables() -> Vec<String> {
    let command = Cli::command();
    let of_commands = command.get_subcommands().flat_map(Command::get_arguments);
    let options = command.get_arguments().chain(of_commands);
    options.filter_map(|option| option.get_env()?.to_str().map(str::to_owned)).collect()
}

/// Compares what stands between `<!-- made by a test: NAME -->` and `<!-- end -->` with `table`.
#[track_caller]
fn assert_documented(document: &str, name: &str, table: &str) {
    let path = root().join(document);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{document}: {error}"));
    let (start, end) = (format!("<!-- made by a test: {name} -->\n"), "<!-- end -->");
    let (before, rest) = text.split_once(&start).unwrap_or_else(|| panic!("{document} has no place for {name}"));
    let (found, after) = rest.split_once(end).unwrap_or_else(|| panic!("{name} has no end in {document}"));
    if found == table {
        return;
    }
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
    let may_write = std::env::var("UPDATE_DOCS").is_ok();
    assert!(may_write, "{document} is out of date: UPDATE_DOCS=1 cargo nextest run -p server guide::tables\n{table}");
    fs::write(&path, format!("{before}{start}{table}{end}{after}")).expect("docs/ can be written");
}

/// One key of every kind, whose ids are told apart.
fn keys() -> Vec<Key> {
    let (story, author) = (StoryId::from_random([1; 21]), UserId::from_random([2; 21]));
    let (chapter, scene) = (ChapterId::from_random([3; 21]), SceneId::from_random([4; 21]));
    let (character, setting) = (CharacterId::from_random([5; 21]), SettingId::from_random([6; 21]));
    let (post, audience, page) = (PostId::from_random([7; 21]), Audience::Public, Page::first());
    vec![
        Key::Shelf(author),
        Key::Story { story, author },
        Key::Outline { story, author },
        Key::Chapter { story, chapter, author },
        Key::ChapterScenes { story, chapter, author },
        Key::Scene { story, scene, author },
        Key::Characters { story, author },
        Key::Character { story, character, author },
        Key::Settings { story, author },
        Key::Setting { story, setting, author },
        Key::Progress { reader: author, story },
        Key::Novels(NovelsQuery::first()),
        Key::Novel(story),
        Key::Reading { story, chapter },
        Key::Forums,
        Key::Feed { audience, page: page.clone() },
        Key::Board { story, audience, page },
        Key::Post { post, audience },
        Key::Replies(post),
    ]
}

/// The text of a key or a tag, with words for its ids.
fn named(text: &str) -> String {
    let names = [
        (StoryId::from_random([1; 21]).to_string(), "<story>"),
        (UserId::from_random([2; 21]).to_string(), "<user>"),
        (ChapterId::from_random([3; 21]).to_string(), "<chapter>"),
        (SceneId::from_random([4; 21]).to_string(), "<scene>"),
        (CharacterId::from_random([5; 21]).to_string(), "<character>"),
        (SettingId::from_random([6; 21]).to_string(), "<setting>"),
        (PostId::from_random([7; 21]).to_string(), "<post>"),
    ];
    names.iter().fold(text.to_owned(), |text, (id, name)| text.replace(id, name))
}

fn duration(secs: u32) -> String {
    match secs {
        0 => "never".to_owned(),
        secs if secs % 60 == 0 => format!("{} min", secs / 60),
        secs => format!("{secs} s"),
    }
}

#[test]
fn there_is_a_row_for_every_group_of_views() {
    let groups: Vec<_> = keys().iter().map(Key::group).collect();

    assert_eq!(groups, KEY_GROUPS);
}

#[test]
fn lifetimes_are_those_of_the_policy() {
    let head = "| view | page type | server | then overdue | “not there” | localStorage | asked again after | `Cache-Control` |\n\
        |---|---|---|---|---|---|---|---|\n";
    let mut table = head.to_owned();
    for key in keys() {
        let (group, policy) = (key.group(), key.policy());
        let page_type = policy.page_type.as_str();
        let [server, grace, missing, storage, fresh] = [
            policy.server_ttl_secs,
            policy.grace_secs,
            policy.missing_secs,
            policy.storage_ttl_secs,
            policy.fresh_secs,
        ]
        .map(duration);
        let sharing = policy.sharing.cache_control();
        writeln!(
            table,
            "| {group} | {page_type} | {server} | {grace} | {missing} | {storage} | {fresh} | `{sharing}` |"
        )
        .expect("a string takes all");
    }

    assert_documented("docs/architecture.md", "lifetimes", &table);
}

#[test]
fn keys_and_tags_are_those_of_the_domain() {
    let mut table = "| view | key | its tags |\n|---|---|---|\n".to_owned();
    for key in keys() {
        let tags: Vec<_> = key.tags().iter().map(|tag| format!("`{}`", named(&tag.to_string()))).collect();
        let (group, key) = (key.group(), named(&key.to_string()));
        writeln!(table, "| {group} | `{key}` | {} |", tags.join(" ")).expect("a string takes all");
    }

    assert_documented("docs/architecture.md", "keys", &table);
}

#[test]
fn variables_and_their_defaults_are_those_of_the_program() {
    let mut table = "| variable | option | default | |\n|---|---|---|---|\n".to_owned();
    let command = Cli::command();
    for option in command.get_arguments() {
        let Some(variable) = option.get_env().and_then(|name| name.to_str()) else { continue };
        let default = default(option).map_or_else(|| "none".to_owned(), |default| format!("`{default}`"));
        let (flag, help) = (option.get_long().unwrap_or_default(), help(option));
        writeln!(table, "| `{variable}` | `--{flag}` | {default} | {help} |").expect("a string takes all");
    }

    assert_documented("docs/operations.md", "variables", &table);
}

#[test]
fn commands_and_their_options_are_those_of_the_program() {
    let mut table = "| command | | its options |\n|---|---|---|\n".to_owned();
    for command in Cli::command().get_subcommands() {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let options: Vec<_> = own_options(command).map(|option| format!("`{}`", usage(option))).collect();
        writeln!(table, "| `fictures {}` | {about} | {} |", command.get_name(), options.join(" "))
            .expect("a string takes all");
    }

    assert_documented("docs/operations.md", "commands", &table);
}

#[test]
fn every_alert_is_explained() {
    let operations = Document::read("docs/operations.md");
    let spans = operations.code_spans();
    for rule in Rule::ALL {
        assert!(spans.iter().any(|(_, span)| span == rule.as_str()), "nobody is told of {}", rule.as_str());
    }
}

fn own_options(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|option| option.get_id() != "help" && !option.is_global_set())
}

fn usage(option: &Arg) -> String {
    let name = option.get_long().map_or_else(|| option.get_id().to_string(), |long| format!("--{long}"));
    default(option).map_or(name.clone(), |default| format!("{name} {default}"))
}

fn default(option: &Arg) -> Option<String> {
    let takes_a_value = option.get_action().takes_values();
    let default = option.get_default_values().first().filter(|_| takes_a_value)?;
    Some(default.to_string_lossy().into_owned())
}

fn help(option: &Arg) -> String {
    option.get_help().map(ToString::to_string).unwrap_or_default().replace('|', "\\|")
}
