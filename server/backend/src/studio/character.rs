//! Characters: what a writer notes about the people of a story.

use domain::{
    cache::{Change, Key, Saved},
    error::{Current, Entity as Kind},
    id::{CharacterId, StoryId},
    studio::{Character, CharacterAnswer, CharacterEdit, Characters, NewCharacter},
    text::{NAME, SUMMARY, check_colour, check_entries},
    user::User,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use serde_json::json;

use super::{Held, base_version, one_row, placement, require_own, writer};
use crate::{Backend, Error, cache::View, entity::character};

const MISSING: domain::Error = domain::Error::NotFound(Kind::Character);

impl Backend {
    /// The characters of a story, in their order.
    ///
    /// # Errors
    /// Refuses readers, and stories that are not the author's.
    pub async fn characters(&self, author: &User, story: StoryId) -> Result<View<Characters>, Error> {
        let author = writer(author)?;
        self.read(&Key::Characters { story, author }, move |snapshot| {
            Box::pin(async move {
                require_own(snapshot, author, story, Kind::Story).await?;
                let rows = character::Entity::find()
                    .filter(character::Column::StoryId.eq(story.as_str()))
                    .filter(character::Column::DeletedAt.is_null());
                let mut rows = rows.all(snapshot).await?;
                rows.sort_by(|one, other| (one.position, &one.id).cmp(&(other.position, &other.id)));
                let characters: Result<Vec<Character>, _> = rows.into_iter().map(Character::try_from).collect();
                Ok(Characters { characters: characters? })
            })
        })
        .await
    }

    /// Adds a character behind the others.
    ///
    /// # Errors
    /// Refuses readers, text that breaks a rule, and stories that are not the author's.
    pub async fn add_character(
        &self,
        author: &User,
        story: StoryId,
        new: NewCharacter,
    ) -> Result<Saved<Character>, Error> {
        let author = writer(author)?;
        let written = checked(&new.into())?;
        let (character, now) = (CharacterId::from_random(rand::random()), self.time.now());
        self.write(async |transaction| {
            Held::take(transaction, author, story, Kind::Story).await?;
            let position = placement::behind(positions(transaction, story).await?);
            let row = character::ActiveModel {
                id: Set(character.to_string()),
                story_id: Set(story.to_string()),
                position: Set(position),
                created_at: Set(now),
                updated_at: Set(now),
                ..written
            };
            character::Entity::insert(row).exec_without_returning(transaction).await?;
            let added = live_character(transaction, character).await?.try_into()?;
            Ok((added, Change::Character { character, story }))
        })
        .await
    }

    /// One character.
    ///
    /// # Errors
    /// Refuses readers, and characters that are not the author's.
    pub async fn character(&self, author: &User, character: CharacterId) -> Result<View<CharacterAnswer>, Error> {
        let author = writer(author)?;
        let story = self.story_of_character(character).await?;
        self.read(&Key::Character { story, character, author }, move |snapshot| {
            Box::pin(async move {
                require_own(snapshot, author, story, Kind::Character).await?;
                Ok(CharacterAnswer { character: live_character(snapshot, character).await?.try_into()? })
            })
        })
        .await
    }

    /// Changes a character.
    ///
    /// # Errors
    /// Refuses readers, text that breaks a rule, characters that are not the author's, and an edit that was made from
    /// another version or does not say from which.
    pub async fn edit_character(
        &self,
        author: &User,
        character: CharacterId,
        edit: CharacterEdit,
    ) -> Result<Saved<Character>, Error> {
        let author = writer(author)?;
        let mut changes = checked(&edit)?;
        changes.updated_at = Set(self.time.now());
        let story = self.story_of_character(character).await?;
        self.write(async |transaction| {
            Held::take(transaction, author, story, Kind::Character).await?;
            let stored = live_character(transaction, character).await?;
            let current = Current::character(&stored.clone().try_into()?);
            let base = base_version(edit.version, stored.version, current.clone())?;
            let update = character::Entity::update_many()
                .set(changes)
                .col_expr(character::Column::Version, Expr::value(base + 1))
                .filter(character::Column::Id.eq(character.as_str()))
                .filter(character::Column::Version.eq(base));
            one_row(&update.exec(transaction).await?, current)?;
            let saved = live_character(transaction, character).await?.try_into()?;
            Ok((saved, Change::Character { character, story }))
        })
        .await
    }
}

/// A character that is not in the trash, whoever's it is.
pub(super) async fn live_character(
    connection: &impl ConnectionTrait,
    character: CharacterId,
) -> Result<character::Model, Error> {
    let row = character::Entity::find_by_id(character.as_str()).filter(character::Column::DeletedAt.is_null());
    row.one(connection).await?.ok_or_else(|| MISSING.into())
}

async fn positions(connection: &impl ConnectionTrait, story: StoryId) -> Result<Vec<i64>, Error> {
    let positions = character::Entity::find()
        .select_only()
        .column(character::Column::Position)
        .filter(character::Column::StoryId.eq(story.as_str()))
        .filter(character::Column::DeletedAt.is_null());
    Ok(positions.into_tuple().all(connection).await?)
}

/// The fields that an edit names, checked; of a new one, the tables know what the others are.
pub(super) fn checked(edit: &CharacterEdit) -> Result<character::ActiveModel, domain::Error> {
    let mut changes = character::ActiveModel::default();
    if let Some(name) = &edit.name {
        changes.name = Set(NAME.check("name", name)?);
    }
    if let Some(role) = edit.role {
        changes.role = Set(role.as_str().to_owned());
    }
    if let Some(colour) = &edit.colour {
        changes.colour = Set(check_colour("colour", colour)?);
    }
    let lists = [("aliases", &edit.aliases, &mut changes.aliases), ("traits", &edit.traits, &mut changes.traits)];
    for (field, list, column) in lists {
        if let Some(list) = list {
            *column = Set(json!(check_entries(field, list)?));
        }
    }
    let notes = [
        ("summary", &edit.summary, &mut changes.summary),
        ("goal", &edit.goal, &mut changes.goal),
        ("flaw", &edit.flaw, &mut changes.flaw),
        ("backstory", &edit.backstory, &mut changes.backstory),
        ("appearance", &edit.appearance, &mut changes.appearance),
        ("voice", &edit.voice, &mut changes.voice),
    ];
    for (field, text, column) in notes {
        if let Some(text) = text {
            *column = Set(SUMMARY.check(field, text)?);
        }
    }
    Ok(changes)
}
