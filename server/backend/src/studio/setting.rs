//! Settings: what a writer notes about the places of a story.

use domain::{
    cache::{Change, Key, Saved},
    error::{Current, Entity as Kind},
    id::{SettingId, StoryId},
    studio::{NewSetting, Setting, SettingAnswer, SettingEdit, Settings},
    text::{NAME, SUMMARY, check_entries},
    user::User,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use serde_json::json;

use super::{Held, base_version, one_row, placement, require_own, writer};
use crate::{Backend, Error, cache::View, entity::setting};

const MISSING: domain::Error = domain::Error::NotFound(Kind::Setting);

impl Backend {
    /// The places of a story, in their order.
    ///
    /// # Errors
    /// Refuses readers, and stories that are not the author's.
    pub async fn settings(&self, author: &User, story: StoryId) -> Result<View<Settings>, Error> {
        let author = writer(author)?;
        self.read(&Key::Settings { story, author }, move |snapshot| {
            Box::pin(async move {
                require_own(snapshot, author, story, Kind::Story).await?;
                let rows = setting::Entity::find()
                    .filter(setting::Column::StoryId.eq(story.as_str()))
                    .filter(setting::Column::DeletedAt.is_null());
                let mut rows = rows.all(snapshot).await?;
                rows.sort_by(|one, other| (one.position, &one.id).cmp(&(other.position, &other.id)));
                let settings: Result<Vec<Setting>, _> = rows.into_iter().map(Setting::try_from).collect();
                Ok(Settings { settings: settings? })
            })
        })
        .await
    }

    /// Adds a place behind the others.
    ///
    /// # Errors
    /// Refuses readers, text that breaks a rule, and stories that are not the author's.
    pub async fn add_setting(&self, author: &User, story: StoryId, new: NewSetting) -> Result<Saved<Setting>, Error> {
        let author = writer(author)?;
        let written = checked(&new.into())?;
        let (setting, now) = (SettingId::from_random(rand::random()), self.time.now());
        self.write(async |transaction| {
            Held::take(transaction, author, story, Kind::Story).await?;
            let position = placement::behind(positions(transaction, story).await?);
            let row = setting::ActiveModel {
                id: Set(setting.to_string()),
                story_id: Set(story.to_string()),
                position: Set(position),
                created_at: Set(now),
                updated_at: Set(now),
                ..written
            };
            setting::Entity::insert(row).exec_without_returning(transaction).await?;
            let added = live_setting(transaction, setting).await?.try_into()?;
            Ok((added, Change::Setting { setting, story }))
        })
        .await
    }

    /// One place.
    ///
    /// # Errors
    /// Refuses readers, and places that are not the author's.
    pub async fn setting(&self, author: &User, setting: SettingId) -> Result<View<SettingAnswer>, Error> {
        let author = writer(author)?;
        let story = self.story_of_setting(setting).await?;
        self.read(&Key::Setting { story, setting, author }, move |snapshot| {
            Box::pin(async move {
                require_own(snapshot, author, story, Kind::Setting).await?;
                Ok(SettingAnswer { setting: live_setting(snapshot, setting).await?.try_into()? })
            })
        })
        .await
    }

    /// Changes a place.
    ///
    /// # Errors
    /// Refuses readers, text that breaks a rule, places that are not the author's, and an edit that was made from
    /// another version or does not say from which.
    pub async fn edit_setting(
        &self,
        author: &User,
        setting: SettingId,
        edit: SettingEdit,
    ) -> Result<Saved<Setting>, Error> {
        let author = writer(author)?;
        let mut changes = checked(&edit)?;
        changes.updated_at = Set(self.time.now());
        let story = self.story_of_setting(setting).await?;
        self.write(async |transaction| {
            Held::take(transaction, author, story, Kind::Setting).await?;
            let stored = live_setting(transaction, setting).await?;
            let current = Current::setting(&stored.clone().try_into()?);
            let base = base_version(edit.version, stored.version, current.clone())?;
            let update = setting::Entity::update_many()
                .set(changes)
                .col_expr(setting::Column::Version, Expr::value(base + 1))
                .filter(setting::Column::Id.eq(setting.as_str()))
                .filter(setting::Column::Version.eq(base));
            one_row(&update.exec(transaction).await?, current)?;
            let saved = live_setting(transaction, setting).await?.try_into()?;
            Ok((saved, Change::Setting { setting, story }))
        })
        .await
    }
}

/// A place that is not in the trash, whoever's it is.
pub(super) async fn live_setting(
    connection: &impl ConnectionTrait,
    setting: SettingId,
) -> Result<setting::Model, Error> {
    let row = setting::Entity::find_by_id(setting.as_str()).filter(setting::Column::DeletedAt.is_null());
    row.one(connection).await?.ok_or_else(|| MISSING.into())
}

async fn positions(connection: &impl ConnectionTrait, story: StoryId) -> Result<Vec<i64>, Error> {
    let positions = setting::Entity::find()
        .select_only()
        .column(setting::Column::Position)
        .filter(setting::Column::StoryId.eq(story.as_str()))
        .filter(setting::Column::DeletedAt.is_null());
    Ok(positions.into_tuple().all(connection).await?)
}

/// The fields that an edit names, checked; of a new one, the tables know what the others are.
pub(super) fn checked(edit: &SettingEdit) -> Result<setting::ActiveModel, domain::Error> {
    let mut changes = setting::ActiveModel::default();
    if let Some(name) = &edit.name {
        changes.name = Set(NAME.check("name", name)?);
    }
    let notes = [("summary", &edit.summary, &mut changes.summary), ("mood", &edit.mood, &mut changes.mood)];
    for (field, text, column) in notes {
        if let Some(text) = text {
            *column = Set(SUMMARY.check(field, text)?);
        }
    }
    let lists = [("senses", &edit.senses, &mut changes.senses), ("details", &edit.details, &mut changes.details)];
    for (field, list, column) in lists {
        if let Some(list) = list {
            *column = Set(json!(check_entries(field, list)?));
        }
    }
    Ok(changes)
}
