//! Scenes: the unit of writing.

use domain::{
    cache::{Change, Key, Saved},
    error::{Current, Entity as Kind},
    id::{ChapterId, SceneId, StoryId},
    studio::{NewScene, Scene, SceneAnswer, SceneEdit, SceneStatus, Scenes},
    text::{SCENE, SUMMARY, TITLE},
    user::User,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{
    Held, base_version, chapter::live_chapter, one_row, placement, require_own, scene_text::SceneText, structure,
    writer,
};
use crate::{Backend, Error, cache::View, entity::scene, limits::Action};

const MISSING: domain::Error = domain::Error::NotFound(Kind::Scene);

impl Backend {
    /// The scenes of a chapter with their working text, in order.
    ///
    /// # Errors
    /// Refuses readers, and chapters that are not the author's.
    pub async fn scenes(&self, author: &User, chapter: ChapterId) -> Result<View<Scenes>, Error> {
        let author = writer(author)?;
        let story = self.story_of_chapter(chapter).await?;
        self.read(&Key::ChapterScenes { story, chapter, author }, move |snapshot| {
            Box::pin(async move {
                require_own(snapshot, author, story, Kind::Chapter).await?;
                live_chapter(snapshot, story, chapter).await?;
                let rows = scene::Entity::find()
                    .filter(scene::Column::ChapterId.eq(chapter.as_str()))
                    .filter(scene::Column::DeletedAt.is_null());
                let mut rows = rows.all(snapshot).await?;
                rows.sort_by(|one, other| (one.position, &one.id).cmp(&(other.position, &other.id)));
                let scenes: Result<Vec<Scene>, _> = rows.into_iter().map(Scene::try_from).collect();
                Ok(Scenes { scenes: scenes? })
            })
        })
        .await
    }

    /// Adds a scene at the end of a chapter. Readers see it when the chapter is published again.
    ///
    /// # Errors
    /// Refuses readers, text that breaks a rule, and chapters that are not the author's.
    pub async fn add_scene(&self, author: &User, chapter: ChapterId, new: NewScene) -> Result<Saved<Scene>, Error> {
        let author = writer(author)?;
        let text = SceneText {
            title: TITLE.check("title", &new.title)?,
            content: SCENE.check("content", new.content.as_deref().unwrap_or_default())?,
        };
        let story = self.story_of_chapter(chapter).await?;
        let (id, now) = (SceneId::from_random(rand::random()), self.time.now());
        self.write(async |transaction| {
            Held::take(transaction, author, story, Kind::Chapter).await?;
            live_chapter(transaction, story, chapter).await?;
            let position = placement::behind(positions(transaction, chapter).await?.into_iter().map(|(_, at)| at));
            let row = new_row(id, story, chapter, &text, position, now);
            scene::Entity::insert(row.clone().into_active_model()).exec_without_returning(transaction).await?;
            text.keep(transaction, id, 0, author, now).await?;
            structure::count(transaction, story).await?;
            Ok((row.try_into()?, Change::Scene { scene: id, chapter, story }))
        })
        .await
    }

    /// One scene with its working text.
    ///
    /// # Errors
    /// Refuses readers, and scenes that are not the author's.
    pub async fn scene(&self, author: &User, scene: SceneId) -> Result<View<SceneAnswer>, Error> {
        let author = writer(author)?;
        let story = self.story_of_scene(scene).await?;
        self.read(&Key::Scene { story, scene, author }, move |snapshot| {
            Box::pin(async move {
                require_own(snapshot, author, story, Kind::Scene).await?;
                Ok(SceneAnswer { scene: live_scene(snapshot, scene).await?.try_into()? })
            })
        })
        .await
    }

    /// Saves a scene. The text it had is a revision, and so is the text it has now.
    ///
    /// # Errors
    /// Refuses readers, text that breaks a rule, scenes that are not the author's, and an edit that was made from another
    /// version or does not say from which.
    pub async fn edit_scene(&self, author: &User, scene: SceneId, edit: SceneEdit) -> Result<Saved<Scene>, Error> {
        let author = writer(author)?;
        let edit = checked(edit)?;
        self.limits.check(Action::SaveScene, author)?;
        let story = self.story_of_scene(scene).await?;
        self.write(async |transaction| {
            let held = Held::take(transaction, author, story, Kind::Scene).await?;
            let stored = live_scene(transaction, scene).await?;
            base_version(edit.version, stored.version, Current::scene(&stored.clone().try_into()?))?;
            self.save_scene(transaction, &held, stored, edit).await
        })
        .await
    }

    /// Writes `edit` over `stored`, which is the present row of a scene of a story that is held.
    pub(super) async fn save_scene(
        &self,
        transaction: &DatabaseTransaction,
        held: &Held,
        stored: scene::Model,
        edit: SceneEdit,
    ) -> Result<(Scene, Change), Error> {
        let (id, now) = (crate::entity::id(&stored.id)?, self.time.now());
        let version = stored.version + 1;
        let present = SceneText::of(&stored);
        let text = SceneText {
            title: edit.title.clone().unwrap_or(present.title),
            content: edit.content.clone().unwrap_or(present.content),
        };
        let mut changes = changes(&edit);
        changes.updated_at = Set(now);
        let hash = text.hash();
        if hash != stored.content_hash {
            changes.word_count = Set(text.word_count());
            changes.content_hash = Set(hash);
            changes.body_version = Set(version);
            text.keep(transaction, id, stored.version, held.author, now).await?;
        }

        let update = scene::Entity::update_many()
            .set(changes)
            .col_expr(scene::Column::Version, Expr::value(version))
            .filter(scene::Column::Id.eq(&stored.id))
            .filter(scene::Column::Version.eq(stored.version));
        let chapter = crate::entity::id(&stored.chapter_id)?;
        one_row(&update.exec(transaction).await?, Current::scene(&stored.try_into()?))?;
        let saved = live_scene(transaction, id).await?.try_into()?;
        Ok((saved, Change::Scene { scene: id, chapter, story: held.story }))
    }
}

/// A scene that is not in the trash, whoever's it is.
pub(super) async fn live_scene(connection: &impl ConnectionTrait, scene: SceneId) -> Result<scene::Model, Error> {
    let row =
        scene::Entity::find_by_id(scene.as_str()).filter(scene::Column::DeletedAt.is_null()).one(connection).await?;
    row.ok_or_else(|| MISSING.into())
}

/// The scenes of a chapter and their positions, in order.
pub(super) async fn positions(
    connection: &impl ConnectionTrait,
    chapter: ChapterId,
) -> Result<Vec<(String, i64)>, Error> {
    let mut scenes: Vec<(String, i64)> = scene::Entity::find()
        .select_only()
        .columns([scene::Column::Id, scene::Column::Position])
        .filter(scene::Column::ChapterId.eq(chapter.as_str()))
        .filter(scene::Column::DeletedAt.is_null())
        .order_by_asc(scene::Column::Position)
        .into_tuple()
        .all(connection)
        .await?;
    scenes.sort_by(|one, other| (one.1, &one.0).cmp(&(other.1, &other.0)));
    Ok(scenes)
}

pub(super) fn new_row(
    id: SceneId,
    story: StoryId,
    chapter: ChapterId,
    text: &SceneText,
    position: i64,
    now: chrono::DateTime<chrono::Utc>,
) -> scene::Model {
    scene::Model {
        id: id.to_string(),
        story_id: story.to_string(),
        chapter_id: chapter.to_string(),
        title: text.title.clone(),
        body: text.content.clone(),
        summary: String::new(),
        goal: String::new(),
        conflict: String::new(),
        outcome: String::new(),
        status: SceneStatus::default().as_str().to_owned(),
        position,
        word_count: text.word_count(),
        content_hash: text.hash(),
        version: 1,
        body_version: 1,
        published_title: None,
        published_body: None,
        published_html: None,
        published_word_count: None,
        published_version: None,
        published_at: None,
        renderer_version: None,
        created_at: now,
        updated_at: now,
        deleted_at: None,
        deleted_by: None,
        trash_batch_id: None,
    }
}

/// The same edit with every text cleaned and within its limit.
pub(super) fn checked(edit: SceneEdit) -> Result<SceneEdit, domain::Error> {
    let notes = |field, text: Option<String>| text.map(|text| SUMMARY.check(field, &text)).transpose();
    Ok(SceneEdit {
        title: edit.title.map(|title| TITLE.check("title", &title)).transpose()?,
        content: edit.content.map(|content| SCENE.check("content", &content)).transpose()?,
        summary: notes("summary", edit.summary)?,
        goal: notes("goal", edit.goal)?,
        conflict: notes("conflict", edit.conflict)?,
        outcome: notes("outcome", edit.outcome)?,
        status: edit.status,
        version: edit.version,
    })
}

/// The columns that an edit names.
fn changes(edit: &SceneEdit) -> scene::ActiveModel {
    let mut changes = scene::ActiveModel::default();
    let texts = [
        (&edit.title, &mut changes.title),
        (&edit.content, &mut changes.body),
        (&edit.summary, &mut changes.summary),
        (&edit.goal, &mut changes.goal),
        (&edit.conflict, &mut changes.conflict),
        (&edit.outcome, &mut changes.outcome),
    ];
    for (text, column) in texts {
        if let Some(text) = text {
            *column = Set(text.clone());
        }
    }
    if let Some(status) = edit.status {
        changes.status = Set(status.as_str().to_owned());
    }
    changes
}
