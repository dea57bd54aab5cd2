//! A text that a scene once had.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "scene_revisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub scene_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub kind: String,
    pub name: Option<String>,
    pub title: String,
    pub body: String,
    pub word_count: i64,
    pub content_hash: String,
    pub base_version: i64,
    pub author_id: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::scene::Entity", from = "Column::SceneId", to = "super::scene::Column::Id")]
    Scene,
}

impl Related<super::scene::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Scene.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for domain::studio::Revision {
    type Error = DbErr;

    fn try_from(row: Model) -> Result<Self, DbErr> {
        Ok(domain::studio::Revision {
            n: row.seq,
            kind: super::word(&row.kind)?,
            title: row.title,
            content: row.body,
            word_count: row.word_count,
            name: row.name,
            created_at: row.created_at,
        })
    }
}
