//! How far a reader got, in what can be read now.
//!
//! Only ids are stored. What lies before them, and which of two places is further on, is asked of the novel as it is
//! published today: its writer may move and add chapters at any time.

use chrono::{DateTime, Utc};
use domain::{
    cache::{Change, Key, Saved},
    error::{Entity as Kind, Problem},
    id::{ChapterId, SceneId, StoryId, UserId},
    reading::{NewProgress, Progress, ProgressAnswer, ReadingPlace},
    user::User,
};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{LockType, OnConflict},
};

use super::{is_public, novel::readable_chapters};
use crate::{
    Backend, Error,
    cache::View,
    entity::{id, reading_progress as progress, scene, story},
};

impl Backend {
    /// Where `reader` is in a novel. A place that can no longer be read is none.
    ///
    /// # Errors
    /// Refuses stories that are not public.
    pub async fn progress(&self, reader: &User, story: StoryId) -> Result<View<ProgressAnswer>, Error> {
        let reader = reader.id;
        self.read(&Key::Progress { reader, story }, move |snapshot| Box::pin(load(snapshot, reader, story))).await
    }

    /// Remembers where `reader` is. The furthest place stays when they turn back.
    ///
    /// # Errors
    /// Refuses stories that are not public, and a chapter or scene that cannot be read there.
    pub async fn read_to(
        &self,
        reader: &User,
        story: StoryId,
        new: NewProgress,
    ) -> Result<Saved<ProgressAnswer>, Error> {
        let (reader, now) = (reader.id, self.time.now());
        self.write(async |transaction| {
            let way = Way::through(transaction, story).await?;
            let here = way.find(new.chapter_id, new.scene_id).ok_or_else(|| way.blame(&new))?;
            let before = hold(transaction, reader, story, &way.stops[here], now).await?;
            let furthest = way.furthest(&before)?.unwrap_or(here).max(here);

            let (at, far) = (&way.stops[here], &way.stops[furthest]);
            let row = progress::ActiveModel {
                user_id: Unchanged(reader.to_string()),
                story_id: Unchanged(story.to_string()),
                chapter_id: Set(at.chapter.to_string()),
                scene_id: Set(at.scene.map(|scene| scene.to_string())),
                furthest_chapter_id: Set(Some(far.chapter.to_string())),
                furthest_scene_id: Set(far.scene.map(|scene| scene.to_string())),
                updated_at: Set(now),
            };
            progress::Entity::update(row).exec(transaction).await?;
            let progress = Progress { place: way.place(here), furthest: way.place(furthest), updated_at: now };
            Ok((ProgressAnswer { progress: Some(progress) }, Change::Progress { reader, story }))
        })
        .await
    }
}

async fn load(snapshot: &DatabaseTransaction, reader: UserId, story: StoryId) -> Result<ProgressAnswer, Error> {
    let way = Way::through(snapshot, story).await?;
    let row = progress::Entity::find_by_id((reader.to_string(), story.to_string())).one(snapshot).await?;
    Ok(ProgressAnswer { progress: row.map(|row| way.progress(&row)).transpose()?.flatten() })
}

/// Every place of a public novel in reading order: each chapter, and in it each scene.
struct Way {
    stops: Vec<Stop>,
    words: i64,
}

struct Stop {
    chapter: ChapterId,
    scene: Option<SceneId>,
    words_before: i64,
}

impl Way {
    async fn through(connection: &impl ConnectionTrait, story: StoryId) -> Result<Self, Error> {
        let public = story::Entity::find_by_id(story.as_str()).filter(is_public()).one(connection).await?;
        public.ok_or(domain::Error::NotFound(Kind::Story))?;
        let mut scenes: Vec<(String, String, i64, i64)> = scene::Entity::find()
            .select_only()
            .columns([scene::Column::ChapterId, scene::Column::Id])
            .columns([scene::Column::Position, scene::Column::PublishedWordCount])
            .filter(scene::Column::StoryId.eq(story.as_str()))
            .filter(scene::Column::DeletedAt.is_null())
            .filter(scene::Column::PublishedVersion.is_not_null())
            .into_tuple()
            .all(connection)
            .await?;
        scenes.sort_by(|one, other| (one.2, &one.1).cmp(&(other.2, &other.1)));

        let mut way = Way { stops: Vec::new(), words: 0 };
        for row in readable_chapters(connection, story).await? {
            let chapter = id(&row.id)?;
            way.stops.push(Stop { chapter, scene: None, words_before: way.words });
            for (_, scene, _, words) in scenes.iter().filter(|(chapter, ..)| *chapter == row.id) {
                way.stops.push(Stop { chapter, scene: Some(id(scene)?), words_before: way.words });
                way.words += words;
            }
        }
        Ok(way)
    }

    fn find(&self, chapter: ChapterId, scene: Option<SceneId>) -> Option<usize> {
        self.stops.iter().position(|stop| stop.chapter == chapter && stop.scene == scene)
    }

    /// Which field names what cannot be read here.
    fn blame(&self, new: &NewProgress) -> domain::Error {
        let field = if self.find(new.chapter_id, None).is_none() { "chapterId" } else { "sceneId" };
        domain::Error::invalid(field, Problem::DoesNotBelong)
    }

    /// A stored place: the scene wherever it is now; if it has gone, the beginning of its chapter.
    fn look_up(&self, chapter: &str, scene: Option<&str>) -> Result<Option<usize>, Error> {
        let (chapter, scene): (ChapterId, Option<SceneId>) = (id(chapter)?, scene.map(id).transpose()?);
        let itself = scene.and_then(|scene| self.stops.iter().position(|stop| stop.scene == Some(scene)));
        Ok(itself.or_else(|| self.find(chapter, None)))
    }

    fn furthest(&self, row: &progress::Model) -> Result<Option<usize>, Error> {
        let chapter = row.furthest_chapter_id.as_deref();
        Ok(chapter.map(|chapter| self.look_up(chapter, row.furthest_scene_id.as_deref())).transpose()?.flatten())
    }

    fn progress(&self, row: &progress::Model) -> Result<Option<Progress>, Error> {
        let Some(here) = self.look_up(&row.chapter_id, row.scene_id.as_deref())? else { return Ok(None) };
        let furthest = self.furthest(row)?.unwrap_or(here).max(here);
        let (place, furthest) = (self.place(here), self.place(furthest));
        Ok(Some(Progress { place, furthest, updated_at: row.updated_at }))
    }

    fn place(&self, at: usize) -> ReadingPlace {
        let stop = &self.stops[at];
        let percent = (stop.words_before * 100).checked_div(self.words).unwrap_or(0);
        let percent = i32::try_from(percent).unwrap_or(100);
        ReadingPlace { chapter_id: stop.chapter, scene_id: stop.scene, percent }
    }
}

/// The reader's row, made if there is none, and held: two of their windows may turn a page at once.
async fn hold(
    transaction: &DatabaseTransaction,
    reader: UserId,
    story: StoryId,
    stop: &Stop,
    now: DateTime<Utc>,
) -> Result<progress::Model, Error> {
    let row = progress::ActiveModel {
        user_id: Set(reader.to_string()),
        story_id: Set(story.to_string()),
        chapter_id: Set(stop.chapter.to_string()),
        updated_at: Set(now),
        ..Default::default()
    };
    let or_leave = OnConflict::columns([progress::Column::UserId, progress::Column::StoryId]).do_nothing().to_owned();
    progress::Entity::insert(row).on_conflict(or_leave).exec_without_returning(transaction).await?;
    let held = progress::Entity::find_by_id((reader.to_string(), story.to_string())).lock(LockType::Update);
    held.one(transaction).await?.ok_or(Error::Unavailable)
}
