//! What one rule finds wrong with one layer of the cache.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cache_alerts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub rule: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub layer: String,
    pub state: String,
    pub severity: String,
    pub threshold: f64,
    pub current_value: f64,
    pub first_seen: DateTimeUtc,
    pub last_seen: DateTimeUtc,
    pub acknowledged: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
