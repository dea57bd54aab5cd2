//! The way back: a batch returns whole, to the place it had, and unpublished.
//!
//! Rows keep their position and their version in the trash, so coming back is nothing but leaving it: the order is
//! what it was, and an edit that was made from the version before the removal still fits.

use domain::{
    cache::{Change, Saved},
    error::Entity as Kind,
    id::{ChapterId, CharacterId, PartId, SceneId, SettingId, StoryId, TrashId, UserId},
    studio::{Restored, TrashKind},
    user::User,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    prelude::DateTimeUtc,
    sea_query::{Expr, LockType},
};

use super::chapters_in;
use crate::{
    Backend, Error,
    entity::{chapter, character, id, part, scene, setting, story},
    studio::{publication::scenes_of_chapters, structure, writer},
};

const MISSING: domain::Error = domain::Error::NotFound(Kind::TrashItem);

impl Backend {
    /// Takes an item back from the trash, with all that went with it. What went earlier stays there.
    ///
    /// # Errors
    /// Refuses readers, what is not in the author's trash (any more), what went as a part of something else, and what
    /// belongs into something that is in the trash itself: that is named, and must come back first.
    pub async fn restore(&self, author: &User, item: TrashId) -> Result<Saved<Restored>, Error> {
        let author = writer(author)?;
        self.write(async |transaction| {
            let story = Item::find(transaction, item).await?.story;
            let holder = hold(transaction, author, story).await?;
            // Read again: it may have come back while we waited for the story.
            let item = Item::find(transaction, item).await?;
            item.require_place(transaction, &holder).await?;
            release(transaction, &item.batch).await?;
            structure::count(transaction, story).await?;
            let change = item.change(transaction, author).await?;
            Ok((item.restored, change))
        })
        .await
    }
}

/// A row in the trash, and where it belongs.
struct Item {
    restored: Restored,
    story: StoryId,
    batch: String,
    within: Within,
}

/// What holds a thing: where its id leads when it is back.
enum Within {
    Shelf(StoryId),
    Story(PartId),
    Part(ChapterId, Option<String>),
    Chapter(SceneId, ChapterId),
    Cast(CharacterId),
    World(SettingId),
}

impl Item {
    async fn find(transaction: &DatabaseTransaction, item: TrashId) -> Result<Self, Error> {
        let key = item.as_str();
        let new = |kind, title, story, batch: Option<String>, within| {
            let restored = Restored { id: item, kind, title, story_id: story };
            Ok(Item { restored, story, batch: batch.ok_or(MISSING)?, within })
        };
        if let Some(row) = scene::Entity::find_by_id(key).one(transaction).await? {
            let within = Within::Chapter(id(key)?, id(&row.chapter_id)?);
            return new(TrashKind::Scene, row.title, id(&row.story_id)?, row.trash_batch_id, within);
        }
        if let Some(row) = chapter::Entity::find_by_id(key).one(transaction).await? {
            let within = Within::Part(id(key)?, row.part_id);
            return new(TrashKind::Chapter, row.title, id(&row.story_id)?, row.trash_batch_id, within);
        }
        if let Some(row) = part::Entity::find_by_id(key).one(transaction).await? {
            return new(TrashKind::Part, row.title, id(&row.story_id)?, row.trash_batch_id, Within::Story(id(key)?));
        }
        if let Some(row) = character::Entity::find_by_id(key).one(transaction).await? {
            let story = id(&row.story_id)?;
            return new(TrashKind::Character, row.name, story, row.trash_batch_id, Within::Cast(id(key)?));
        }
        if let Some(row) = setting::Entity::find_by_id(key).one(transaction).await? {
            let story = id(&row.story_id)?;
            return new(TrashKind::Setting, row.name, story, row.trash_batch_id, Within::World(id(key)?));
        }
        let row = story::Entity::find_by_id(key).one(transaction).await?.ok_or(MISSING)?;
        let story = id(key)?;
        new(TrashKind::Story, row.title, story, row.trash_batch_id, Within::Shelf(story))
    }

    /// Refuses when there is no place to go back to, or when this went as a part of something else. The outermost
    /// thing in the trash is named: what is in it can only come back with or after it.
    async fn require_place(&self, transaction: &DatabaseTransaction, story: &story::Model) -> Result<(), Error> {
        let (chapter, part) = match &self.within {
            Within::Shelf(_) => return Ok(()),
            Within::Story(_) | Within::Cast(_) | Within::World(_) => (None, None),
            Within::Part(_, part) => (None, part.clone()),
            Within::Chapter(_, chapter) => {
                let chapter = chapter::Entity::find_by_id(chapter.as_str()).one(transaction).await?.ok_or(MISSING)?;
                let part = chapter.part_id.clone();
                (Some(chapter), part)
            }
        };
        self.require(Kind::Story, &story.title, story.trash_batch_id.as_deref())?;
        if let Some(part) = part {
            let part = part::Entity::find_by_id(part).one(transaction).await?.ok_or(MISSING)?;
            self.require(Kind::Part, &part.title, part.trash_batch_id.as_deref())?;
        }
        chapter.map_or(Ok(()), |row| self.require(Kind::Chapter, &row.title, row.trash_batch_id.as_deref()))
    }

    fn require(&self, kind: Kind, title: &str, batch: Option<&str>) -> Result<(), Error> {
        match batch {
            None => Ok(()),
            Some(batch) if batch == self.batch => Err(MISSING.into()),
            Some(_) => Err(domain::Error::ParentInTrash { parent: kind, title: title.to_owned() }.into()),
        }
    }

    async fn change(&self, transaction: &DatabaseTransaction, author: UserId) -> Result<Change, Error> {
        let story = self.story;
        Ok(match self.within {
            Within::Shelf(story) => Change::StoryRestored { story, author },
            Within::Story(part) => match chapters_in(transaction, part).await?.as_slice() {
                [] => Change::Part { part, story },
                [_, ..] => Change::PartRestored { part, story, author },
            },
            Within::Part(chapter, _) => {
                let scenes = scenes_of_chapters(transaction, &[chapter]).await?;
                Change::ChapterRestored { chapter, story, author, scenes }
            }
            Within::Chapter(scene, chapter) => Change::SceneRestored { scene, chapter, story },
            Within::Cast(character) => Change::Character { character, story },
            Within::World(setting) => Change::Setting { setting, story },
        })
    }
}

/// A story of the author, held until the transaction ends; unlike [`crate::studio::Held`], in the trash or not.
async fn hold(transaction: &DatabaseTransaction, author: UserId, story: StoryId) -> Result<story::Model, Error> {
    let row = story::Entity::find_by_id(story.as_str())
        .filter(story::Column::AuthorId.eq(author.as_str()))
        .lock(LockType::NoKeyUpdate)
        .one(transaction)
        .await?;
    row.ok_or_else(|| MISSING.into())
}

/// Lets a batch out of the trash.
async fn release(transaction: &DatabaseTransaction, batch: &str) -> Result<(), Error> {
    macro_rules! release {
        ($($row:ident),*) => {$(
            $row::Entity::update_many()
                .col_expr($row::Column::DeletedAt, Expr::value(Option::<DateTimeUtc>::None))
                .col_expr($row::Column::DeletedBy, Expr::value(Option::<String>::None))
                .col_expr($row::Column::TrashBatchId, Expr::value(Option::<String>::None))
                .filter($row::Column::TrashBatchId.eq(batch))
                // The indexes of the trash hold only what is in it.
                .filter($row::Column::DeletedAt.is_not_null())
                .exec(transaction)
                .await?;
        )*};
    }
    release!(story, part, chapter, scene, character, setting);
    Ok(())
}
