//! What is backed up: rows, table by table.

use std::{collections::BTreeMap, io::Write};

use sea_orm::Identity;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, IntoIdentity, Iterable,
    ModelTrait, PaginatorTrait, PrimaryKeyToColumn,
    sea_query::{DynIden, IntoIden, ValueTuple},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{BackupError, Progress, archive::Writer};
use crate::{
    Error,
    entity::{
        chapter, character, idempotency_key, part, post, post_like, reading_progress, reply, scene, scene_revision,
        setting, story, user,
    },
};

/// How many rows are held in memory at a time; a scene may have a megabyte of text.
const PORTION: u64 = 50;

/// An entity that is backed up, read in an order in which every row comes behind those that it refers to.
trait Kept: EntityTrait {
    fn order() -> Identity {
        let key: Vec<DynIden> = Self::PrimaryKey::iter().map(|key| key.into_column().into_iden()).collect();
        match key.as_slice() {
            [only] => Identity::Unary(only.clone()),
            [first, second] => Identity::Binary(first.clone(), second.clone()),
            _ => Identity::Many(key),
        }
    }

    /// Where a row is in that order.
    fn place(row: &Self::Model) -> ValueTuple {
        row.get_primary_key_value()
    }
}

impl Kept for user::Entity {}
impl Kept for story::Entity {}
impl Kept for part::Entity {}
impl Kept for chapter::Entity {}
impl Kept for scene::Entity {}
impl Kept for scene_revision::Entity {}
impl Kept for character::Entity {}
impl Kept for setting::Entity {}
impl Kept for post::Entity {}
impl Kept for post_like::Entity {}
impl Kept for reading_progress::Entity {}
impl Kept for idempotency_key::Entity {}

/// An answer refers to what it answers, and its path begins with that one's.
impl Kept for reply::Entity {
    fn order() -> Identity {
        reply::Column::Path.into_identity()
    }

    fn place(row: &reply::Model) -> ValueTuple {
        ValueTuple::One(row.path.as_str().into())
    }
}

macro_rules! tables {
    ($($variant:ident $name:literal $entity:ident;)*) => {
        /// A table that is backed up, under its name in the database; those that others refer to come first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub(super) enum Table {
            $(#[serde(rename = $name)] $variant,)*
        }

        impl Table {
            pub(super) const ALL: &[Table] = &[$(Table::$variant),*];

            async fn size(self, connection: &impl ConnectionTrait) -> Result<u64, Error> {
                match self {
                    $(Table::$variant => Ok($entity::Entity::find().count(connection).await?),)*
                }
            }

            /// Writes all rows.
            pub(super) async fn write(
                self,
                snapshot: &DatabaseTransaction,
                writer: &mut Writer<impl Write>,
                progress: Progress<'_>,
            ) -> Result<(), BackupError> {
                match self {
                    $(Table::$variant => write::<$entity::Entity>(self, snapshot, writer, progress).await,)*
                }
            }

            /// Says what is wrong with a row, if anything is.
            pub(super) fn check(self, row: &RawValue) -> Result<(), serde_json::Error> {
                match self {
                    $(Table::$variant => serde_json::from_str::<$entity::Model>(row.get()).map(drop),)*
                }
            }

            /// Puts rows in, which are those of a backup that was checked.
            pub(super) async fn put(self, transaction: &DatabaseTransaction, rows: &[Box<RawValue>]) -> Result<(), Error> {
                match self {
                    $(Table::$variant => put::<$entity::Entity>(transaction, rows).await,)*
                }
            }

            /// Removes all rows.
            pub(super) async fn clear(self, transaction: &DatabaseTransaction) -> Result<(), Error> {
                match self {
                    $(Table::$variant => { $entity::Entity::delete_many().exec(transaction).await?; })*
                }
                Ok(())
            }
        }
    };
}

tables! {
    Users "users" user;
    Stories "stories" story;
    Parts "parts" part;
    Chapters "chapters" chapter;
    Scenes "scenes" scene;
    Revisions "scene_revisions" scene_revision;
    Characters "characters" character;
    Settings "settings" setting;
    Posts "posts" post;
    Likes "post_likes" post_like;
    Replies "replies" reply;
    Progress "reading_progress" reading_progress;
    Idempotency "idempotency_keys" idempotency_key;
}

impl Table {
    /// How many rows each table has.
    pub(super) async fn sizes(connection: &impl ConnectionTrait) -> Result<BTreeMap<Table, u64>, Error> {
        let mut sizes = BTreeMap::new();
        for table in Table::ALL {
            sizes.insert(*table, table.size(connection).await?);
        }
        Ok(sizes)
    }
}

async fn write<E>(
    table: Table,
    snapshot: &DatabaseTransaction,
    writer: &mut Writer<impl Write>,
    progress: Progress<'_>,
) -> Result<(), BackupError>
where
    E: Kept,
    E::Model: Serialize + Sync,
{
    let mut last: Option<ValueTuple> = None;
    loop {
        let mut cursor = E::find().cursor_by(E::order());
        if let Some(last) = last {
            cursor.after(last);
        }
        let rows = cursor.first(PORTION).all(snapshot).await.map_err(Error::from)?;
        for row in &rows {
            writer.row(table, row)?;
            progress(1);
        }
        let Some(row) = rows.last() else { return Ok(()) };
        last = Some(E::place(row));
    }
}

async fn put<E>(transaction: &DatabaseTransaction, rows: &[Box<RawValue>]) -> Result<(), Error>
where
    E: EntityTrait,
    E::Model: DeserializeOwned + IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let rows: Result<Vec<_>, serde_json::Error> = rows
        .iter()
        .map(|row| Ok(serde_json::from_str::<E::Model>(row.get())?.into_active_model().reset_all()))
        .collect();
    E::insert_many(rows?).exec_without_returning(transaction).await?;
    Ok(())
}
