//! Invariants of the data, held against random histories.
//!
//! Each property runs random steps through the use cases and compares what is there with a model of a few lines.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    community::{LikeWish, NewPost, NewReply},
    id::{ChapterId, SceneId},
    studio::{ChapterMove, Outline, SceneMove},
    user::Role,
};
use proptest::{
    prelude::*,
    sample::Index,
    test_runner::{Config, TestRunner},
};

use crate::support::{Draft, Fixture, conflicting_scene, content, on_both_databases, value};

/// Runs `history` for random values of `strategy`; a failed assertion in it is the counter-example.
fn check<S: Strategy>(cases: u32, strategy: S, history: impl AsyncFn(S::Value)) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&strategy, |steps| {
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(history(steps)));
        Ok(())
    });
    outcome.unwrap();
}

async fn outline(fixture: &Fixture, draft: &Draft) -> Outline {
    value(fixture.backend.outline(&draft.author, draft.story).await.unwrap())
}

/// What one of several writers does.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// Looks at the scene as it is now.
    Look,
    /// Saves something from the version it saw last.
    Save,
    /// Restores an old text, from the version it saw last.
    Restore(Index),
    Publish,
}

fn turn() -> impl Strategy<Value = (usize, Turn)> {
    let turn = prop_oneof![
        2 => Just(Turn::Look),
        5 => Just(Turn::Save),
        1 => any::<Index>().prop_map(Turn::Restore),
        1 => Just(Turn::Publish),
    ];
    (0..3_usize, turn)
}

/// Three writers at one scene, in any order: the present text is the last one acknowledged, and all others can be found.
async fn write_in_turns(fixture: &Fixture, turns: Vec<(usize, Turn)>) {
    let draft = fixture.draft("start").await;
    let (backend, author) = (&fixture.backend, &draft.author);
    let mut acknowledged = vec!["start".to_owned()];
    let mut seen = [1; 3];
    let mut version = 1;
    for (number, (writer, turn)) in turns.into_iter().enumerate() {
        let text = format!("writer {writer}, turn {number}");
        let outcome = match turn {
            Turn::Look => {
                seen[writer] = value(backend.scene(author, draft.scene).await.unwrap()).scene.version;
                continue;
            }
            Turn::Publish => {
                backend.publish_chapter(author, draft.chapter).await.unwrap();
                continue;
            }
            Turn::Save => backend.edit_scene(author, draft.scene, content(seen[writer], &text)).await,
            Turn::Restore(which) => {
                let all = backend.revisions(author, draft.scene).await.unwrap().revisions;
                backend.restore_revision(author, draft.scene, which.get(&all).n, Some(seen[writer])).await
            }
        };
        match outcome {
            Ok(saved) => {
                assert_eq!(seen[writer], version, "only who saw the present version may save");
                version += 1;
                assert_eq!(saved.value().version, version);
                acknowledged.push(saved.value().content.clone());
                seen[writer] = version;
            }
            conflict => {
                let stored = conflicting_scene(conflict);
                assert_ne!(seen[writer], version, "who saw the present version is not refused");
                assert_eq!((stored.version, Some(&stored.content)), (version, acknowledged.last()));
            }
        }
    }
    let present = value(backend.scene(author, draft.scene).await.unwrap()).scene;
    assert_eq!(Some(&present.content), acknowledged.last());
    let kept = backend.revisions(author, draft.scene).await.unwrap().revisions;
    assert_eq!(kept.first().map(|revision| &revision.content), acknowledged.last());
    let kept: BTreeSet<String> = kept.into_iter().map(|revision| revision.content).collect();
    assert_eq!(kept, acknowledged.into_iter().collect());
}

/// What happens to the order of a story.
#[derive(Clone, Copy, Debug)]
enum Shift {
    Scene { which: Index, to: Index, index: u32 },
    Beside { which: Index, neighbour: Index, after: bool, is_late: bool },
    Chapter { which: Index, index: u32 },
    Add { to: Index },
    Remove { which: Index },
}

fn shift() -> impl Strategy<Value = Shift> {
    let any = any::<Index>;
    prop_oneof![
        4 => (any(), any(), 0..5_u32).prop_map(|(which, to, index)| Shift::Scene { which, to, index }),
        4 => (any(), any(), prop::bool::ANY, prop::bool::ANY)
            .prop_map(|(which, neighbour, after, is_late)| Shift::Beside { which, neighbour, after, is_late }),
        2 => (any(), 0..4_u32).prop_map(|(which, index)| Shift::Chapter { which, index }),
        1 => any().prop_map(|to| Shift::Add { to }),
        1 => any().prop_map(|which| Shift::Remove { which }),
    ]
}

/// Scenes and chapters move about: each live scene is there exactly once, with its text, where the model has it.
async fn shift_about(fixture: &Fixture, shifts: Vec<Shift>) {
    let draft = fixture.draft("text 0").await;
    let (backend, author) = (&fixture.backend, &draft.author);
    let mut model: Vec<(ChapterId, Vec<SceneId>)> = vec![(draft.chapter, vec![draft.scene])];
    let mut texts = BTreeMap::from([(draft.scene, "text 0".to_owned())]);
    for name in ["Two", "Three"] {
        model.push((fixture.add_chapter(author, draft.story, name).await, Vec::new()));
    }
    for number in 1..5 {
        add(fixture, &draft, &mut model, &mut texts, number, number % 3).await;
    }
    for (number, shift) in shifts.into_iter().enumerate() {
        let live: Vec<SceneId> = model.iter().flat_map(|(_, scenes)| scenes).copied().collect();
        match shift {
            Shift::Add { to } => add(fixture, &draft, &mut model, &mut texts, 10 + number, to.index(3)).await,
            Shift::Chapter { which, index } => {
                let line = model.remove(which.index(3));
                backend.move_chapter(author, line.0, ChapterMove::to_index(None, index)).await.unwrap();
                model.insert(usize::try_from(index).unwrap().min(2), line);
            }
            _ if live.is_empty() => {}
            Shift::Remove { which } => {
                let scene = *which.get(&live);
                backend.delete_scene(author, scene, None).await.unwrap();
                model.iter_mut().for_each(|(_, scenes)| scenes.retain(|other| *other != scene));
                texts.remove(&scene);
            }
            Shift::Scene { which, to, index } => {
                let (scene, to) = (*which.get(&live), to.index(3));
                backend.move_scene(author, scene, SceneMove::to_index(model[to].0, index)).await.unwrap();
                model.iter_mut().for_each(|(_, scenes)| scenes.retain(|other| *other != scene));
                let at = usize::try_from(index).unwrap().min(model[to].1.len());
                model[to].1.insert(at, scene);
            }
            Shift::Beside { which, neighbour, after, is_late } => {
                let (scene, neighbour) = (*which.get(&live), *neighbour.get(&live));
                if scene == neighbour {
                    continue;
                }
                let to = model.iter().position(|(_, scenes)| scenes.contains(&neighbour)).expect("it is live");
                // From an outdated order too: a neighbour that is there means what it meant.
                let structure_version = is_late.then_some(1);
                let (after_id, before_id) = if after { (Some(neighbour), None) } else { (None, Some(neighbour)) };
                let wish = SceneMove { chapter_id: model[to].0, index: None, after_id, before_id, structure_version };
                backend.move_scene(author, scene, wish).await.unwrap();
                model.iter_mut().for_each(|(_, scenes)| scenes.retain(|other| *other != scene));
                let at = model[to].1.iter().position(|other| *other == neighbour).expect("it stays");
                model[to].1.insert(at + usize::from(after), scene);
            }
        }
    }
    let seen: Vec<(ChapterId, Vec<SceneId>)> = outline(fixture, &draft)
        .await
        .chapters
        .into_iter()
        .map(|line| (line.chapter.id, line.scenes.into_iter().map(|scene| scene.id).collect()))
        .collect();
    assert_eq!(seen, model);
    for (chapter, _) in model {
        for scene in value(backend.scenes(author, chapter).await.unwrap()).scenes {
            assert_eq!((texts.remove(&scene.id), scene.version), (Some(scene.content), 1));
        }
    }
    assert_eq!(texts, BTreeMap::new(), "every scene was seen");
}

async fn add(
    fixture: &Fixture,
    draft: &Draft,
    model: &mut [(ChapterId, Vec<SceneId>)],
    texts: &mut BTreeMap<SceneId, String>,
    number: usize,
    to: usize,
) {
    let text = format!("text {number}");
    let scene = fixture.add_scene(&draft.author, model[to].0, &text).await.id;
    model[to].1.push(scene);
    texts.insert(scene, text);
}

/// Three people click and talk: the counts are those of the rows.
async fn click_about(fixture: &Fixture, clicks: Vec<(usize, u8)>) {
    let draft = fixture.novel("text").await;
    let people = [fixture.writer().await, fixture.person(Role::Reader).await, draft.author.clone()];
    let post = NewPost { story_id: draft.story, title: "T".into(), content: "C".into(), kind: None };
    let post = fixture.backend.add_post(&draft.author, post).await.unwrap().value().id;
    let mut likes = [false; 3];
    let mut replies = Vec::new();
    for (person, click) in clicks {
        let user = &people[person];
        match click {
            0..=2 => {
                let liked = [None, Some(true), Some(false)][usize::from(click)];
                likes[person] = liked.unwrap_or(!likes[person]);
                let answer = fixture.backend.like(user, post, LikeWish { liked }).await.unwrap();
                let count = likes.iter().filter(|liked| **liked).count();
                assert_eq!(
                    (answer.value().liked, answer.value().like_count),
                    (likes[person], i64::try_from(count).unwrap())
                );
            }
            3 => {
                let new = NewReply { content: "R".into(), parent_reply_id: replies.last().map(|(id, _)| *id) };
                replies.push((fixture.backend.add_reply(user, post, new).await.unwrap().value().id, person));
            }
            _ => {
                if let Some((reply, author)) = replies.pop() {
                    fixture.backend.delete_reply(&people[author], reply, None).await.unwrap();
                }
            }
        }
    }
    let shown = value(fixture.backend.post(None, post).await.unwrap()).post;
    let rows = async |table: &str, live: &str| -> i64 {
        fixture.look::<i64>(&format!("SELECT COUNT(*) FROM {table} WHERE post_id = '{post}'{live}")).await[0]
    };
    assert_eq!(shown.like_count, rows("post_likes", "").await);
    assert_eq!(shown.reply_count, rows("replies", " AND deleted_at IS NULL").await);
    assert_eq!(shown.reply_count, i64::try_from(replies.len()).unwrap());
}

/// What a writer does while readers read.
#[derive(Clone, Copy, Debug)]
enum Act {
    Save(Index),
    Move(Index, Index),
    Rename(Index),
    Add(Index),
    Publish(Index),
    Hide(Index),
    Remove(Index),
}

fn act() -> impl Strategy<Value = Act> {
    let any = any::<Index>;
    prop_oneof![
        4 => any().prop_map(Act::Save),
        2 => (any(), any()).prop_map(|(scene, to)| Act::Move(scene, to)),
        1 => any().prop_map(Act::Rename),
        1 => any().prop_map(Act::Add),
        2 => any().prop_map(Act::Publish),
        1 => any().prop_map(Act::Hide),
        1 => any().prop_map(Act::Remove),
    ]
}

/// What readers see of a scene is the text of its last publication, whatever its writer does meanwhile.
async fn publish_about(fixture: &Fixture, acts: Vec<Act>) {
    let draft = fixture.novel("text").await;
    let (backend, author) = (&fixture.backend, &draft.author);
    let chapters = [draft.chapter, fixture.add_chapter(author, draft.story, "Two").await];
    // Of each scene, what was published of it.
    let mut published: HashMap<SceneId, String> = HashMap::from([(draft.scene, "text".to_owned())]);
    for (number, act) in acts.into_iter().enumerate() {
        let text = format!("text {number}");
        let mut live = Vec::new();
        for chapter in chapters {
            live.extend(value(backend.scenes(author, chapter).await.unwrap()).scenes);
        }
        let pick = |which: Index| (!live.is_empty()).then(|| which.get(&live));
        match act {
            Act::Save(which) => {
                if let Some(scene) = pick(which) {
                    backend.edit_scene(author, scene.id, content(scene.version, &text)).await.unwrap();
                }
            }
            Act::Move(which, to) => {
                if let Some(scene) = pick(which) {
                    let wish = SceneMove::to_index(*to.get(&chapters), 0);
                    backend.move_scene(author, scene.id, wish).await.unwrap();
                }
            }
            Act::Rename(which) => {
                let version = value(backend.chapter(author, *which.get(&chapters)).await.unwrap()).chapter.version;
                let edit =
                    domain::studio::ChapterEdit { title: Some(text), version: Some(version), ..Default::default() };
                backend.edit_chapter(author, *which.get(&chapters), edit).await.unwrap();
            }
            Act::Add(which) => {
                fixture.add_scene(author, *which.get(&chapters), &text).await;
            }
            Act::Publish(which) => {
                let chapter = *which.get(&chapters);
                backend.publish_chapter(author, chapter).await.unwrap();
                let present = live.iter().filter(|scene| scene.chapter_id == chapter);
                published.extend(present.map(|scene| (scene.id, scene.content.clone())));
            }
            Act::Hide(which) => {
                let chapter = *which.get(&chapters);
                backend.unpublish_chapter(author, chapter).await.unwrap();
                live.iter().filter(|scene| scene.chapter_id == chapter).for_each(|scene| {
                    published.remove(&scene.id);
                });
            }
            Act::Remove(which) => {
                if let Some(scene) = pick(which) {
                    backend.delete_scene(author, scene.id, None).await.unwrap();
                    published.remove(&scene.id);
                }
            }
        }
        read_all(fixture, &draft, chapters, &published).await;
    }
}

/// Reads every chapter that can be read, and holds it against what was published.
async fn read_all(fixture: &Fixture, draft: &Draft, chapters: [ChapterId; 2], published: &HashMap<SceneId, String>) {
    for chapter in chapters {
        let Ok(view) = fixture.backend.read_chapter(chapter).await else { continue };
        let seen: BTreeMap<SceneId, String> =
            value(view).scenes.into_iter().map(|scene| (scene.id, scene.html)).collect();
        let there = value(fixture.backend.scenes(&draft.author, chapter).await.unwrap()).scenes;
        let expected: BTreeMap<SceneId, String> = there
            .iter()
            .filter_map(|scene| Some((scene.id, format!("<p>{}</p>\n", published.get(&scene.id)?))))
            .collect();
        assert_eq!(seen, expected);
    }
}

on_both_databases! {
    async fn a_property_of_saving_is_that_one_text_wins_and_none_is_lost(fixture) {
        let turns = prop::collection::vec(turn(), 1..30);
        check(12, turns, async |turns| write_in_turns(fixture, turns).await);
    }

    async fn a_property_of_moving_is_that_every_scene_stays_whole_and_in_one_place(fixture) {
        let shifts = prop::collection::vec(shift(), 1..40);
        check(10, shifts, async |shifts| shift_about(fixture, shifts).await);
    }

    async fn a_property_of_counts_is_that_they_count_the_rows(fixture) {
        let clicks = prop::collection::vec((0..3_usize, 0..5_u8), 1..30);
        check(12, clicks, async |clicks| click_about(fixture, clicks).await);
    }

    async fn a_property_of_published_text_is_that_only_publishing_changes_it(fixture) {
        let acts = prop::collection::vec(act(), 1..20);
        check(10, acts, async |acts| publish_about(fixture, acts).await);
    }
}
