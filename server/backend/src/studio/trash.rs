//! Removal, which is never the end: things go to the trash, with all that is in them, as one batch.
//!
//! What goes is hidden from readers in the same moment, so what comes back is unpublished.

mod listing;
mod restore;

use chrono::{DateTime, Utc};
use domain::{
    cache::{Change, Saved},
    error::{Current, Entity as Kind},
    id::{ChapterId, CharacterId, PartId, SceneId, SettingId, StoryId, UserId},
    user::User,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, UpdateMany, sea_query::Expr};

use super::{
    Held,
    chapter::live_chapter,
    character::live_character,
    part::hold_part,
    publication::{hide_chapters, hide_scenes, hide_story, scenes_of_chapters},
    same_if_given,
    scene::live_scene,
    setting::live_setting,
    structure, writer,
};
use crate::{
    Backend, Error,
    entity::{chapter, character, id, part, scene, setting, story},
};

impl Backend {
    /// Puts a story into the trash, with all that is in it. With `version`, only if it is still that one.
    ///
    /// # Errors
    /// Refuses readers, stories that are not the author's, and another version.
    pub async fn delete_story(&self, author: &User, story: StoryId, version: Option<i64>) -> Result<Saved<()>, Error> {
        let author = writer(author)?;
        let batch = Batch::new(author, self.time.now());
        self.write(async |transaction| {
            let stored = Held::take(transaction, author, story, Kind::Story).await?.row;
            same_if_given(version, stored.version, Current::story(&stored.try_into()?))?;
            batch.take_story(hide_story()).filter(story::Column::Id.eq(story.as_str())).exec(transaction).await?;
            let parts = batch.take_parts().filter(part::Column::StoryId.eq(story.as_str()));
            parts.exec(transaction).await?;
            let chapters = batch.take_chapters().filter(chapter::Column::StoryId.eq(story.as_str()));
            chapters.exec(transaction).await?;
            let scenes = batch.take_scenes().filter(scene::Column::StoryId.eq(story.as_str()));
            scenes.exec(transaction).await?;
            let characters = batch.take_characters().filter(character::Column::StoryId.eq(story.as_str()));
            characters.exec(transaction).await?;
            let settings = batch.take_settings().filter(setting::Column::StoryId.eq(story.as_str()));
            settings.exec(transaction).await?;
            Ok(((), Change::StoryDeleted { story, author }))
        })
        .await
    }

    /// Puts a part into the trash, with its chapters. With `version`, only if it is still that one.
    ///
    /// # Errors
    /// Refuses readers, parts that are not the author's, and another version.
    pub async fn delete_part(&self, author: &User, part: PartId, version: Option<i64>) -> Result<Saved<()>, Error> {
        let author = writer(author)?;
        let batch = Batch::new(author, self.time.now());
        self.write(async |transaction| {
            let (held, stored) = hold_part(transaction, author, part).await?;
            let story = held.story;
            same_if_given(version, stored.version, Current::part(&stored.try_into()?))?;
            batch.take_parts().filter(part::Column::Id.eq(part.as_str())).exec(transaction).await?;
            let chapters = chapters_in(transaction, part).await?;
            for chapter in &chapters {
                batch.take_chapter_whole(transaction, *chapter).await?;
            }
            structure::count(transaction, story).await?;
            // An empty part is seen in the outline only.
            let change = match chapters.as_slice() {
                [] => Change::Part { part, story },
                [_, ..] => Change::PartDeleted { part, story, author },
            };
            Ok(((), change))
        })
        .await
    }

    /// Puts a chapter into the trash, with its scenes. With `version`, only if it is still that one.
    ///
    /// # Errors
    /// Refuses readers, chapters that are not the author's, and another version.
    pub async fn delete_chapter(
        &self,
        author: &User,
        chapter: ChapterId,
        version: Option<i64>,
    ) -> Result<Saved<()>, Error> {
        let author = writer(author)?;
        let story = self.story_of_chapter(chapter).await?;
        let batch = Batch::new(author, self.time.now());
        self.write(async |transaction| {
            Held::take(transaction, author, story, Kind::Chapter).await?;
            let stored = live_chapter(transaction, story, chapter).await?;
            same_if_given(version, stored.version, Current::chapter(&stored.try_into()?))?;
            let scenes = scenes_of_chapters(transaction, &[chapter]).await?;
            batch.take_chapter_whole(transaction, chapter).await?;
            structure::count(transaction, story).await?;
            Ok(((), Change::ChapterDeleted { chapter, story, author, scenes }))
        })
        .await
    }

    /// Puts a scene into the trash. With `version`, only if it is still that one.
    ///
    /// # Errors
    /// Refuses readers, scenes that are not the author's, and another version.
    pub async fn delete_scene(&self, author: &User, scene: SceneId, version: Option<i64>) -> Result<Saved<()>, Error> {
        let author = writer(author)?;
        let story = self.story_of_scene(scene).await?;
        let batch = Batch::new(author, self.time.now());
        self.write(async |transaction| {
            Held::take(transaction, author, story, Kind::Scene).await?;
            let stored = live_scene(transaction, scene).await?;
            let chapter = id(&stored.chapter_id)?;
            same_if_given(version, stored.version, Current::scene(&stored.try_into()?))?;
            batch.take_scenes().filter(scene::Column::Id.eq(scene.as_str())).exec(transaction).await?;
            structure::count(transaction, story).await?;
            Ok(((), Change::SceneDeleted { scene, chapter, story }))
        })
        .await
    }

    /// Puts a character into the trash. With `version`, only if it is still that one.
    ///
    /// # Errors
    /// Refuses readers, characters that are not the author's, and another version.
    pub async fn delete_character(
        &self,
        author: &User,
        character: CharacterId,
        version: Option<i64>,
    ) -> Result<Saved<()>, Error> {
        let author = writer(author)?;
        let story = self.story_of_character(character).await?;
        let batch = Batch::new(author, self.time.now());
        self.write(async |transaction| {
            Held::take(transaction, author, story, Kind::Character).await?;
            let stored = live_character(transaction, character).await?;
            same_if_given(version, stored.version, Current::character(&stored.try_into()?))?;
            let taken = batch.take_characters().filter(character::Column::Id.eq(character.as_str()));
            taken.exec(transaction).await?;
            Ok(((), Change::Character { character, story }))
        })
        .await
    }

    /// Puts a place into the trash. With `version`, only if it is still that one.
    ///
    /// # Errors
    /// Refuses readers, places that are not the author's, and another version.
    pub async fn delete_setting(
        &self,
        author: &User,
        setting: SettingId,
        version: Option<i64>,
    ) -> Result<Saved<()>, Error> {
        let author = writer(author)?;
        let story = self.story_of_setting(setting).await?;
        let batch = Batch::new(author, self.time.now());
        self.write(async |transaction| {
            Held::take(transaction, author, story, Kind::Setting).await?;
            let stored = live_setting(transaction, setting).await?;
            same_if_given(version, stored.version, Current::setting(&stored.try_into()?))?;
            batch.take_settings().filter(setting::Column::Id.eq(setting.as_str())).exec(transaction).await?;
            Ok(((), Change::Setting { setting, story }))
        })
        .await
    }
}

/// Things that go to the trash together, and will come back together. What went earlier stays with its own batch.
struct Batch {
    id: String,
    by: UserId,
    at: DateTime<Utc>,
}

impl Batch {
    fn new(by: UserId, at: DateTime<Utc>) -> Self {
        Batch { id: format!("{:032x}", rand::random::<u128>()), by, at }
    }

    fn take_story(&self, update: UpdateMany<story::Entity>) -> UpdateMany<story::Entity> {
        update
            .col_expr(story::Column::DeletedAt, Expr::value(self.at))
            .col_expr(story::Column::DeletedBy, Expr::value(self.by.as_str()))
            .col_expr(story::Column::TrashBatchId, Expr::value(self.id.as_str()))
    }

    fn take_parts(&self) -> UpdateMany<part::Entity> {
        part::Entity::update_many()
            .col_expr(part::Column::DeletedAt, Expr::value(self.at))
            .col_expr(part::Column::DeletedBy, Expr::value(self.by.as_str()))
            .col_expr(part::Column::TrashBatchId, Expr::value(self.id.as_str()))
            .filter(part::Column::DeletedAt.is_null())
    }

    fn take_chapters(&self) -> UpdateMany<chapter::Entity> {
        hide_chapters()
            .col_expr(chapter::Column::DeletedAt, Expr::value(self.at))
            .col_expr(chapter::Column::DeletedBy, Expr::value(self.by.as_str()))
            .col_expr(chapter::Column::TrashBatchId, Expr::value(self.id.as_str()))
            .filter(chapter::Column::DeletedAt.is_null())
    }

    fn take_scenes(&self) -> UpdateMany<scene::Entity> {
        hide_scenes()
            .col_expr(scene::Column::DeletedAt, Expr::value(self.at))
            .col_expr(scene::Column::DeletedBy, Expr::value(self.by.as_str()))
            .col_expr(scene::Column::TrashBatchId, Expr::value(self.id.as_str()))
            .filter(scene::Column::DeletedAt.is_null())
    }

    fn take_characters(&self) -> UpdateMany<character::Entity> {
        character::Entity::update_many()
            .col_expr(character::Column::DeletedAt, Expr::value(self.at))
            .col_expr(character::Column::DeletedBy, Expr::value(self.by.as_str()))
            .col_expr(character::Column::TrashBatchId, Expr::value(self.id.as_str()))
            .filter(character::Column::DeletedAt.is_null())
    }

    fn take_settings(&self) -> UpdateMany<setting::Entity> {
        setting::Entity::update_many()
            .col_expr(setting::Column::DeletedAt, Expr::value(self.at))
            .col_expr(setting::Column::DeletedBy, Expr::value(self.by.as_str()))
            .col_expr(setting::Column::TrashBatchId, Expr::value(self.id.as_str()))
            .filter(setting::Column::DeletedAt.is_null())
    }

    async fn take_chapter_whole(&self, transaction: &DatabaseTransaction, chapter: ChapterId) -> Result<(), Error> {
        self.take_chapters().filter(chapter::Column::Id.eq(chapter.as_str())).exec(transaction).await?;
        self.take_scenes().filter(scene::Column::ChapterId.eq(chapter.as_str())).exec(transaction).await?;
        Ok(())
    }
}

async fn chapters_in(transaction: &DatabaseTransaction, part: PartId) -> Result<Vec<ChapterId>, Error> {
    let rows: Vec<String> = chapter::Entity::find()
        .select_only()
        .column(chapter::Column::Id)
        .filter(chapter::Column::PartId.eq(part.as_str()))
        .filter(chapter::Column::DeletedAt.is_null())
        .into_tuple()
        .all(transaction)
        .await?;
    rows.iter().map(|row| Ok(id(row)?)).collect()
}
