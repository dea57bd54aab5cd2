//! A scene: its working text, and apart from it the text of its last publication.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "scenes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub story_id: String,
    pub chapter_id: String,
    pub title: String,
    pub body: String,
    pub summary: String,
    pub goal: String,
    pub conflict: String,
    pub outcome: String,
    pub status: String,
    pub position: i64,
    pub word_count: i64,
    pub content_hash: String,
    pub version: i64,
    pub body_version: i64,
    pub published_title: Option<String>,
    pub published_body: Option<String>,
    pub published_html: Option<String>,
    pub published_word_count: Option<i64>,
    pub published_version: Option<i64>,
    pub published_at: Option<DateTimeUtc>,
    pub renderer_version: Option<i32>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub deleted_at: Option<DateTimeUtc>,
    pub deleted_by: Option<String>,
    pub trash_batch_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::story::Entity", from = "Column::StoryId", to = "super::story::Column::Id")]
    Story,
    #[sea_orm(belongs_to = "super::chapter::Entity", from = "Column::ChapterId", to = "super::chapter::Column::Id")]
    Chapter,
}

impl Related<super::story::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Story.def()
    }
}

impl Related<super::chapter::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Chapter.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

/// Is there text that readers have not got? A version that only changed what is the writer's own does not count.
pub fn is_unpublished(body_version: i64, published_version: Option<i64>) -> bool {
    published_version.is_none_or(|published| published < body_version)
}

impl TryFrom<Model> for domain::studio::Scene {
    type Error = DbErr;

    fn try_from(row: Model) -> Result<Self, DbErr> {
        Ok(domain::studio::Scene {
            id: super::id(&row.id)?,
            story_id: super::id(&row.story_id)?,
            chapter_id: super::id(&row.chapter_id)?,
            status: super::word(&row.status)?,
            unpublished: is_unpublished(row.body_version, row.published_version),
            title: row.title,
            content: row.body,
            summary: row.summary,
            goal: row.goal,
            conflict: row.conflict,
            outcome: row.outcome,
            position: row.position,
            word_count: row.word_count,
            version: row.version,
            published_version: row.published_version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}
