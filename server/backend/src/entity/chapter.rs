//! A chapter, with its published title apart.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::reading_order::{Place, Placed};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "chapters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub story_id: String,
    pub part_id: Option<String>,
    pub title: String,
    pub summary: String,
    pub status: String,
    pub published_title: Option<String>,
    pub published_at: Option<DateTimeUtc>,
    pub position: i64,
    pub version: i64,
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
}

impl Related<super::story::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Story.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for domain::studio::Chapter {
    type Error = DbErr;

    fn try_from(row: Model) -> Result<Self, DbErr> {
        Ok(domain::studio::Chapter {
            id: super::id(&row.id)?,
            story_id: super::id(&row.story_id)?,
            part_id: row.part_id.as_deref().map(super::id).transpose()?,
            status: super::word(&row.status)?,
            unpublished: row.published_title.as_ref() != Some(&row.title),
            title: row.title,
            summary: row.summary,
            published_at: row.published_at,
            position: row.position,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

impl Placed for Model {
    fn place(&self) -> Place<'_> {
        Place { position: self.position, id: &self.id }
    }

    fn part(&self) -> Option<&str> {
        self.part_id.as_deref()
    }
}
