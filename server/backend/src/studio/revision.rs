//! Revisions: every text a scene once had.
//!
//! They are read rarely and change with every save, so they are not cached.

use chrono::{DateTime, Utc};
use domain::{
    cache::Saved,
    error::{Current, Entity as Kind},
    id::{SceneId, StoryId, UserId},
    studio::{Revision, RevisionHead, RevisionKind, Revisions, Scene, SceneEdit},
    user::User,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func},
};

use super::{Held, base_version, require_own, scene::live_scene, scene_text::SceneText, writer};
use crate::{
    Backend, Error,
    entity::{id, scene, scene_revision as revision, word},
};

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

    /// The revisions of a scene before its present text, newest first and without their texts: the last 500.
    ///
    /// # Errors
    /// Refuses readers, and scenes that are not the author's.
    pub async fn history(&self, author: &User, scene: SceneId) -> Result<Vec<RevisionHead>, Error> {
        use revision::Column::{CreatedAt, Kind, Name, SceneId, Seq, WordCount};
        let author = writer(author)?;
        let story = self.story_of_scene(scene).await?;
        self.database
            .snapshot(async |snapshot| {
                require_scene(snapshot, author, story, scene).await?;
                let rows = revision::Entity::find()
                    .select_only()
                    .columns([Seq, WordCount, Kind, Name, CreatedAt])
                    .filter(SceneId.eq(scene.as_str()))
                    .order_by_desc(Seq)
                    // The newest is the present text.
                    .offset(1)
                    .limit(u64::try_from(MAX_LISTED).unwrap_or(u64::MAX))
                    .into_tuple::<(i64, i64, String, Option<String>, DateTime<Utc>)>()
                    .all(snapshot)
                    .await?;
                let heads = rows.into_iter().map(|(n, word_count, kind, name, created_at)| {
                    Ok(RevisionHead { n, word_count, kind: word(&kind)?, name, created_at })
                });
                heads.collect()
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
            self.keep_before(transaction, &held, &stored, RevisionKind::PreRestore).await?;
            let edit = SceneEdit { title: Some(chosen.title), content: Some(chosen.body), ..SceneEdit::default() };
            self.save_scene(transaction, &held, stored, edit).await
        })
        .await
    }

    /// Marks the revision that holds the text before another is put in its place: whoever regrets looks for it.
    pub(super) async fn keep_before(
        &self,
        transaction: &DatabaseTransaction,
        held: &Held,
        stored: &scene::Model,
        kind: RevisionKind,
    ) -> Result<(), Error> {
        let (scene, now) = (id(&stored.id)?, self.time.now());
        let seq = SceneText::of(stored).keep(transaction, scene, stored.version, held.author, now).await?;
        self.mark(transaction, stored, seq, kind).await
    }

    /// Says of a revision why it is kept.
    pub(super) async fn mark(
        &self,
        transaction: &DatabaseTransaction,
        stored: &scene::Model,
        seq: i64,
        kind: RevisionKind,
    ) -> Result<(), Error> {
        revision::Entity::update_many()
            .col_expr(revision::Column::Kind, Expr::value(kind.as_str()))
            .filter(revision::Column::SceneId.eq(&stored.id))
            .filter(revision::Column::Seq.eq(seq))
            // One with a name, or that was published, is kept for longer as it is.
            .filter(revision::Column::Kind.eq(RevisionKind::Auto.as_str()))
            .exec(transaction)
            .await?;
        Ok(())
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
