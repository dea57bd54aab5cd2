//! A character.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "characters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub story_id: String,
    pub name: String,
    pub aliases: Json,
    pub role: String,
    pub summary: String,
    pub traits: Json,
    pub goal: String,
    pub flaw: String,
    pub backstory: String,
    pub appearance: String,
    pub voice: String,
    pub colour: Option<String>,
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

impl TryFrom<Model> for domain::studio::Character {
    type Error = DbErr;

    fn try_from(row: Model) -> Result<Self, DbErr> {
        Ok(domain::studio::Character {
            id: super::id(&row.id)?,
            story_id: super::id(&row.story_id)?,
            role: super::word(&row.role)?,
            aliases: super::entries(row.aliases)?,
            traits: super::entries(row.traits)?,
            name: row.name,
            summary: row.summary,
            goal: row.goal,
            flaw: row.flaw,
            backstory: row.backstory,
            appearance: row.appearance,
            voice: row.voice,
            colour: row.colour,
            position: row.position,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}
