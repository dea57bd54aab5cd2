//! What is in the trash.
//!
//! It changes with every removal and is looked at rarely, so it is not cached.

use std::{cmp::Reverse, collections::HashMap};

use chrono::{DateTime, Utc};
use domain::{
    error::Entity as Kind,
    id::{StoryId, UserId},
    studio::{Trash, TrashItem, TrashKind, days_left},
    user::User,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationTrait,
    Select, SelectModel, Selector, sea_query::Expr,
};

use crate::{
    Backend, Error,
    entity::{chapter, character, id, part, scene, setting, story},
    studio::{require_own, writer},
};

/// How many items one list holds; what went before them is listed when they are back.
const MAX_LISTED: usize = 1_000;

impl Backend {
    /// All that the author removed, whole stories too: what went last first, and at most a thousand items.
    ///
    /// # Errors
    /// Refuses readers.
    pub async fn trash(&self, author: &User) -> Result<Trash, Error> {
        let author = writer(author)?;
        let now = self.time.now();
        let trash = self.database.snapshot(async |snapshot| Scope { author, story: None }.load(snapshot, now).await);
        trash.await
    }

    /// What the author removed from one story.
    ///
    /// # Errors
    /// Refuses readers, and stories that are not the author's or are in the trash themselves.
    pub async fn story_trash(&self, author: &User, story: StoryId) -> Result<Trash, Error> {
        let author = writer(author)?;
        let now = self.time.now();
        let trash = self.database.snapshot(async |snapshot| {
            require_own(snapshot, author, story, Kind::Story).await?;
            Scope { author, story: Some(story) }.load(snapshot, now).await
        });
        trash.await
    }
}

/// Whose trash, and of which story.
struct Scope {
    author: UserId,
    story: Option<StoryId>,
}

/// What a list says of a row in the trash. The text stays in the database.
#[derive(FromQueryResult)]
struct Gone {
    id: String,
    title: String,
    story_id: String,
    story_title: String,
    deleted_at: DateTime<Utc>,
    trash_batch_id: String,
    word_count: i64,
}

impl Scope {
    async fn load(&self, snapshot: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Trash, Error> {
        let mut items = Items { now, items: Vec::new(), of_batch: HashMap::new() };
        // From the outermost kind inwards: the first row of a batch is what was removed, the others went with it.
        for row in self.of(stories(), none()).all(snapshot).await? {
            items.add(TrashKind::Story, row)?;
        }
        for row in self.of(parts(), none()).all(snapshot).await? {
            items.add(TrashKind::Part, row)?;
        }
        for row in self.of(chapters(), none()).all(snapshot).await? {
            items.add(TrashKind::Chapter, row)?;
        }
        let words = Expr::col((scene::Entity, scene::Column::WordCount));
        for row in self.of(scenes(), words).all(snapshot).await? {
            items.add(TrashKind::Scene, row)?;
        }
        for row in self.of(characters(), none()).all(snapshot).await? {
            items.add(TrashKind::Character, row)?;
        }
        for row in self.of(settings(), none()).all(snapshot).await? {
            items.add(TrashKind::Setting, row)?;
        }
        Ok(items.newest_first())
    }

    /// The rows of `select`, which has the story at hand, that are in scope; `words` is how many words one holds.
    fn of<E: EntityTrait>(&self, select: Select<E>, words: Expr) -> Selector<SelectModel<Gone>> {
        let own = select
            .column_as(story::Column::Id, "story_id")
            .column_as(story::Column::Title, "story_title")
            .column_as(words, "word_count")
            .filter(story::Column::AuthorId.eq(self.author.as_str()));
        match self.story {
            Some(story) => own.filter(story::Column::Id.eq(story.as_str())),
            None => own,
        }
        .into_model()
    }
}

fn none() -> Expr {
    Expr::value(0_i64)
}

fn stories() -> Select<story::Entity> {
    use story::Column::{DeletedAt, Id, Title, TrashBatchId};
    story::Entity::find().select_only().columns([Id, Title, DeletedAt, TrashBatchId]).filter(DeletedAt.is_not_null())
}

fn parts() -> Select<part::Entity> {
    use part::Column::{DeletedAt, Id, Title, TrashBatchId};
    let gone = part::Entity::find().select_only().columns([Id, Title, DeletedAt, TrashBatchId]);
    gone.join(JoinType::InnerJoin, part::Relation::Story.def()).filter(DeletedAt.is_not_null())
}

fn chapters() -> Select<chapter::Entity> {
    use chapter::Column::{DeletedAt, Id, Title, TrashBatchId};
    let gone = chapter::Entity::find().select_only().columns([Id, Title, DeletedAt, TrashBatchId]);
    gone.join(JoinType::InnerJoin, chapter::Relation::Story.def()).filter(DeletedAt.is_not_null())
}

fn scenes() -> Select<scene::Entity> {
    use scene::Column::{DeletedAt, Id, Title, TrashBatchId};
    let gone = scene::Entity::find().select_only().columns([Id, Title, DeletedAt, TrashBatchId]);
    gone.join(JoinType::InnerJoin, scene::Relation::Story.def()).filter(DeletedAt.is_not_null())
}

fn characters() -> Select<character::Entity> {
    use character::Column::{DeletedAt, Id, Name, TrashBatchId};
    let gone = character::Entity::find().select_only().columns([Id, DeletedAt, TrashBatchId]).column_as(Name, "title");
    gone.join(JoinType::InnerJoin, character::Relation::Story.def()).filter(DeletedAt.is_not_null())
}

fn settings() -> Select<setting::Entity> {
    use setting::Column::{DeletedAt, Id, Name, TrashBatchId};
    let gone = setting::Entity::find().select_only().columns([Id, DeletedAt, TrashBatchId]).column_as(Name, "title");
    gone.join(JoinType::InnerJoin, setting::Relation::Story.def()).filter(DeletedAt.is_not_null())
}

/// The items found so far.
struct Items {
    now: DateTime<Utc>,
    items: Vec<TrashItem>,
    /// Where the item of each batch is.
    of_batch: HashMap<String, usize>,
}

impl Items {
    fn add(&mut self, kind: TrashKind, row: Gone) -> Result<(), Error> {
        if let Some(item) = self.of_batch.get(&row.trash_batch_id).and_then(|at| self.items.get_mut(*at)) {
            match kind {
                TrashKind::Story => {}
                TrashKind::Part => item.part_count += 1,
                TrashKind::Chapter => item.chapter_count += 1,
                TrashKind::Scene => item.scene_count += 1,
                TrashKind::Character => item.character_count += 1,
                TrashKind::Setting => item.setting_count += 1,
            }
            item.word_count += row.word_count;
            return Ok(());
        }
        self.of_batch.insert(row.trash_batch_id, self.items.len());
        self.items.push(TrashItem {
            id: id(&row.id)?,
            kind,
            title: row.title,
            deleted_at: row.deleted_at,
            days_left: days_left(row.deleted_at, self.now),
            story_id: id(&row.story_id)?,
            story_title: row.story_title,
            part_count: 0,
            chapter_count: 0,
            scene_count: 0,
            character_count: 0,
            setting_count: 0,
            word_count: row.word_count,
        });
        Ok(())
    }

    fn newest_first(self) -> Trash {
        let mut trash = self.items;
        trash.sort_by_key(|item| (Reverse(item.deleted_at), item.id));
        trash.truncate(MAX_LISTED);
        Trash { trash }
    }
}
