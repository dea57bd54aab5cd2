//! Stories: the shelf, and writing on the spine.

use chrono::{DateTime, Utc};
use domain::{
    cache::{Change, Key, Saved},
    error::{Current, Entity as Kind},
    id::{StoryId, UserId},
    studio::{NewStory, Stories, Story, StoryAnswer, StoryEdit},
    text::{GENRE, SUMMARY, TITLE},
    user::User,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, sea_query::Expr};

use super::{Held, base_version, one_row, own_story, writer};
use crate::{Backend, Error, cache::View, entity::story};

impl Backend {
    /// The author's stories, the last edited first.
    ///
    /// # Errors
    /// Refuses readers.
    pub async fn stories(&self, author: &User) -> Result<View<Stories>, Error> {
        let author = writer(author)?;
        self.read(&Key::Shelf(author), move |snapshot| {
            Box::pin(async move {
                let rows = story::Entity::find()
                    .filter(story::Column::AuthorId.eq(author.as_str()))
                    .filter(story::Column::DeletedAt.is_null())
                    .order_by_desc(story::Column::UpdatedAt)
                    .order_by_asc(story::Column::Id);
                let rows = rows.all(snapshot).await?;
                let stories: Result<Vec<Story>, _> = rows.into_iter().map(Story::try_from).collect();
                Ok(Stories { stories: stories? })
            })
        })
        .await
    }

    /// Puts a new story on the shelf; nobody else sees it.
    ///
    /// # Errors
    /// Refuses readers, and text that breaks a rule.
    pub async fn create_story(&self, author: &User, new: NewStory) -> Result<Saved<Story>, Error> {
        let author = writer(author)?;
        let id = StoryId::from_random(rand::random());
        let row = new_row(id, author, &new, self.time.now())?;
        self.write(async |transaction| {
            story::Entity::insert(row.clone().into_active_model()).exec_without_returning(transaction).await?;
            Ok((row.try_into()?, Change::Story { story: id, author }))
        })
        .await
    }

    /// One of the author's stories.
    ///
    /// # Errors
    /// Refuses readers, and stories that are not the author's.
    pub async fn story(&self, author: &User, story: StoryId) -> Result<View<StoryAnswer>, Error> {
        let author = writer(author)?;
        self.read(&Key::Story { story, author }, move |snapshot| {
            Box::pin(async move {
                let row = own_story(author, story).one(snapshot).await?;
                Ok(StoryAnswer { story: row.ok_or(domain::Error::NotFound(Kind::Story))?.try_into()? })
            })
        })
        .await
    }

    /// Changes what is written on a story's spine. Of a published story, readers see it at once.
    ///
    /// # Errors
    /// Refuses readers, text that breaks a rule, stories that are not the author's, and an edit that was made from
    /// another version or does not say from which.
    pub async fn edit_story(&self, author: &User, story: StoryId, edit: StoryEdit) -> Result<Saved<Story>, Error> {
        let author = writer(author)?;
        let mut changes = checked(&edit)?;
        changes.updated_at = Set(self.time.now());
        self.write(async |transaction| {
            let stored = Held::take(transaction, author, story, Kind::Story).await?.row;
            let current = Current::story(&stored.clone().try_into()?);
            let base = base_version(edit.version, stored.version, current.clone())?;

            let update = story::Entity::update_many()
                .set(changes)
                .col_expr(story::Column::Version, Expr::value(base + 1))
                .filter(story::Column::Id.eq(story.as_str()))
                .filter(story::Column::Version.eq(base));
            one_row(&update.exec(transaction).await?, current)?;
            let row = own_story(author, story).one(transaction).await?;
            let saved = row.ok_or(domain::Error::NotFound(Kind::Story))?.try_into()?;
            Ok((saved, Change::Story { story, author }))
        })
        .await
    }
}

pub(super) fn new_row(id: StoryId, author: UserId, new: &NewStory, now: DateTime<Utc>) -> Result<story::Model, Error> {
    Ok(story::Model {
        id: id.to_string(),
        author_id: author.to_string(),
        title: TITLE.check("title", &new.title)?,
        summary: SUMMARY.check("summary", new.summary.as_deref().unwrap_or_default())?,
        genre: new.genre.as_deref().map(genre).transpose()?.flatten(),
        status: "writing".to_owned(),
        published_at: None,
        version: 1,
        structure_version: 1,
        created_at: now,
        updated_at: now,
        deleted_at: None,
        deleted_by: None,
        trash_batch_id: None,
    })
}

/// The fields that an edit names, checked.
fn checked(edit: &StoryEdit) -> Result<story::ActiveModel, domain::Error> {
    let mut changes = story::ActiveModel::default();
    if let Some(title) = &edit.title {
        changes.title = Set(TITLE.check("title", title)?);
    }
    if let Some(summary) = &edit.summary {
        changes.summary = Set(SUMMARY.check("summary", summary)?);
    }
    if let Some(text) = &edit.genre {
        changes.genre = Set(genre(text)?);
    }
    Ok(changes)
}

/// A genre; blank is none.
fn genre(text: &str) -> Result<Option<String>, domain::Error> {
    if text.trim().is_empty() { Ok(None) } else { GENRE.check("genre", text).map(Some) }
}
