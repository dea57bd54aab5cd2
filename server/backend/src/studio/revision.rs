//! Revisions: every text a scene once had.
//!
//! They are read rarely and change with every save, so they are not cached.

use domain::{
    cache::Saved,
    error::{Current, Entity as Kind},
    id::{SceneId, StoryId, UserId},
    studio::{Revision, Revisions, Scene, SceneEdit},
    user::User,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func},
};

use super::{Held, base_version, require_own, scene::live_scene, writer};
use crate::{Backend, Error, entity::scene_revision as revision};

/// How many revisions one answer lists.
const MAX_LISTED: usize = 500;
/// How much text one answer holds, in characters: thirty of the longest scenes.
const MAX_LISTED_CHARACTERS: i64 = 16_000_000;

impl Backend {
    /// The revisions of a scene, newest first: as many as fit into one answer. Older ones can be had one by one.
    ///
    /// # Errors
    /// Refuses readers, and scenes that are not the author's.
    pub async fn revisions(&self, author: &User, scene: SceneId) -> Result<Revisions, Error> {
        let author = writer(author)?;
        let story = self.story_of_scene(scene).await?;
        self.database
            .snapshot(async |snapshot| {
                require_scene(snapshot, author, story, scene).await?;
                let oldest = oldest_listed(snapshot, scene).await?;
                let rows = revision::Entity::find()
                    .filter(revision::Column::SceneId.eq(scene.as_str()))
                    .filter(revision::Column::Seq.gte(oldest))
                    .order_by_desc(revision::Column::Seq)
                    .all(snapshot)
                    .await?;
                let revisions: Result<Vec<Revision>, _> = rows.into_iter().map(Revision::try_from).collect();
                Ok(Revisions { revisions: revisions? })
            })
            .await
    }

    /// The `n`th revision of a scene.
    ///
    /// # Errors
    /// Refuses readers, scenes that are not the author's, and a number that no revision has.
    pub async fn revision(&self, author: &User, scene: SceneId, n: i64) -> Result<Revision, Error> {
        let author = writer(author)?;
        let story = self.story_of_scene(scene).await?;
        self.database
            .snapshot(async |snapshot| {
                require_scene(snapshot, author, story, scene).await?;
                Ok(nth(snapshot, scene, n).await?.try_into()?)
            })
            .await
    }

    /// Makes the text of the `n`th revision the present one. This is a save like any other: a new version, and nothing
    /// is lost.
    ///
    /// # Errors
    /// Refuses as [`Backend::edit_scene`] does, and a number that no revision has.
    pub async fn restore_revision(
        &self,
        author: &User,
        scene: SceneId,
        n: i64,
        version: Option<i64>,
    ) -> Result<Saved<Scene>, Error> {
        let author = writer(author)?;
        let story = self.story_of_scene(scene).await?;
        self.write(async |transaction| {
            let held = Held::take(transaction, author, story, Kind::Scene).await?;
            let stored = live_scene(transaction, scene).await?;
            let chosen = nth(transaction, scene, n).await?;
            base_version(version, stored.version, Current::scene(&stored.clone().try_into()?))?;
            let edit = SceneEdit { title: Some(chosen.title), content: Some(chosen.body), ..SceneEdit::default() };
            self.save_scene(transaction, &held, stored, edit).await
        })
        .await
    }
}

async fn require_scene(
    connection: &impl ConnectionTrait,
    author: UserId,
    story: StoryId,
    scene: SceneId,
) -> Result<(), Error> {
    require_own(connection, author, story, Kind::Scene).await?;
    live_scene(connection, scene).await.map(drop)
}

async fn nth(connection: &impl ConnectionTrait, scene: SceneId, n: i64) -> Result<revision::Model, Error> {
    let row = revision::Entity::find_by_id((scene.to_string(), n)).one(connection).await?;
    row.ok_or_else(|| domain::Error::NotFound(Kind::Revision).into())
}

/// The number of the oldest revision that still fits into one answer.
async fn oldest_listed(connection: &impl ConnectionTrait, scene: SceneId) -> Result<i64, Error> {
    let sizes: Vec<(i64, i64)> = revision::Entity::find()
        .select_only()
        .column(revision::Column::Seq)
        .column_as(Expr::from(Func::char_length(Expr::col(revision::Column::Body))).cast_as("BIGINT"), "characters")
        .filter(revision::Column::SceneId.eq(scene.as_str()))
        .order_by_desc(revision::Column::Seq)
        .limit(u64::try_from(MAX_LISTED).unwrap_or(u64::MAX))
        .into_tuple()
        .all(connection)
        .await?;
    let total = sizes.iter().scan(0i64, |total, (seq, characters)| {
        *total = total.saturating_add(*characters);
        Some((*seq, *total))
    });
    let fitting = total.take_while(|(_, total)| *total <= MAX_LISTED_CHARACTERS).last();
    Ok(fitting.or(sizes.first().copied()).map_or(0, |(seq, _)| seq))
}
