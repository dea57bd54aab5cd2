//! One row of the invalidation log.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invalidation_events")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub mutation_id: String,
    pub entity: String,
    pub entity_id: String,
    pub action: String,
    pub tags: Json,
    pub page_types: Json,
    pub origin: String,
    pub created_at: DateTimeUtc,
    pub applied_at: Option<DateTimeUtc>,
    pub story_id: Option<String>,
    pub user_id: Option<String>,
    pub audience: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
