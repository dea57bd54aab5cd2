//! The text of a scene, and the promise that no acknowledged text is lost.
//!
//! Text is title and content together. Every text that is saved is also written as a revision, before the save is
//! answered; so the present text is always the newest revision, and every older one is a revision too.

use chrono::{DateTime, Utc};
use domain::{
    id::{SceneId, UserId},
    studio::RevisionKind,
    text,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};

use crate::{
    Error,
    entity::{scene, scene_revision as revision},
};

/// What a scene says.
#[derive(Clone, Debug)]
pub(super) struct SceneText {
    pub(super) title: String,
    pub(super) content: String,
}

impl SceneText {
    /// The present text of a scene.
    pub(super) fn of(row: &scene::Model) -> Self {
        SceneText { title: row.title.clone(), content: row.body.clone() }
    }

    /// The words of the content; a title is not counted.
    pub(super) fn word_count(&self) -> i64 {
        text::word_count(&self.content)
    }

    /// Equal exactly for equal texts.
    pub(super) fn hash(&self) -> String {
        // A title holds no line break, so title and content cannot be shifted against each other.
        let digest = Sha256::new().chain_update(&self.title).chain_update("\n").chain_update(&self.content).finalize();
        format!("{digest:x}")
    }

    /// Keeps this text as the newest revision of `scene`, unless it is that already, and says which number it has.
    pub(super) async fn keep(
        &self,
        transaction: &DatabaseTransaction,
        scene: SceneId,
        base_version: i64,
        author: UserId,
        now: DateTime<Utc>,
    ) -> Result<i64, Error> {
        let newest: Option<(i64, String)> = revision::Entity::find()
            .select_only()
            .columns([revision::Column::Seq, revision::Column::ContentHash])
            .filter(revision::Column::SceneId.eq(scene.as_str()))
            .order_by_desc(revision::Column::Seq)
            .into_tuple()
            .one(transaction)
            .await?;
        let hash = self.hash();
        let seq = match newest {
            Some((seq, newest)) if newest == hash => return Ok(seq),
            Some((seq, _)) => seq + 1,
            None => 1,
        };
        let row = revision::ActiveModel {
            scene_id: Set(scene.to_string()),
            seq: Set(seq),
            kind: Set(RevisionKind::Auto.as_str().to_owned()),
            name: Set(None),
            title: Set(self.title.clone()),
            body: Set(self.content.clone()),
            word_count: Set(self.word_count()),
            content_hash: Set(hash),
            base_version: Set(base_version),
            author_id: Set(author.to_string()),
            created_at: Set(now),
        };
        revision::Entity::insert(row).exec_without_returning(transaction).await?;
        Ok(seq)
    }
}
