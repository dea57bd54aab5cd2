//! Chapters find another place, in their part or another, or between the parts.

use domain::{
    cache::{Change, Saved},
    error::Entity as Kind,
    id::{ChapterId, StoryId},
    studio::{Chapter, ChapterMove, Spot},
    user::User,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, sea_query::Expr};

use super::{
    Held,
    chapter::live_chapter,
    placement::{Placement, place},
    structure::{self, index_of},
    writer,
};
use crate::{
    Backend, Error,
    entity::{chapter, part},
    reading_order::Placed,
};

impl Backend {
    /// Moves a chapter to a place among the chapters of a part, or of those without one. Its version stays.
    ///
    /// Readers see a published chapter in its new place at once.
    ///
    /// # Errors
    /// Refuses readers, chapters that are not the author's, parts of other stories, and neighbours that are not there;
    /// with the present order, when the wish was made from another one.
    pub async fn move_chapter(
        &self,
        author: &User,
        chapter: ChapterId,
        wish: ChapterMove,
    ) -> Result<Saved<Chapter>, Error> {
        let author = writer(author)?;
        let spot = wish.spot()?;
        let story = self.story_of_chapter(chapter).await?;
        self.write(async |transaction| {
            let held = Held::take(transaction, author, story, Kind::Chapter).await?;
            let row = live_chapter(transaction, story, chapter).await?;
            let is_outdated = held.is_outdated(wish.structure_version);
            if let Some(part) = wish.part_id {
                let target = held.require_part(transaction, part).await;
                held.or_present_order(transaction, is_outdated, target).await?;
            }

            let part = wish.part_id.map(|part| part.to_string());
            let mut siblings = siblings(transaction, story, part.as_deref()).await?;
            siblings.retain(|sibling| sibling.id != row.id);
            let chapters: Vec<&str> = chapters_of(&siblings).map(|(_, sibling)| sibling.id.as_str()).collect();
            let index = index_of(spot, &chapters, is_outdated).map_err(Error::from);
            let index = index_among(&siblings, held.or_present_order(transaction, is_outdated, index).await?, spot);
            let taken: Vec<i64> = siblings.iter().map(|sibling| sibling.position).collect();
            let change = match place(&taken, index) {
                Placement::At(position) => {
                    put(transaction, &row.id, part, position).await?;
                    Change::ChapterMoved { chapter, story, author }
                }
                Placement::Renumbered(positions) => {
                    let itself = Sibling { kind: Kind::Chapter, id: row.id, position: 0 };
                    siblings.insert(index, itself);
                    for (sibling, position) in siblings.iter().zip(positions) {
                        sibling.put(transaction, part.clone(), position).await?;
                    }
                    // The siblings show their positions too; the story's tag reaches all of them.
                    Change::Story { story, author }
                }
            };
            structure::count(transaction, story).await?;
            Ok((live_chapter(transaction, story, chapter).await?.try_into()?, change))
        })
        .await
    }
}

/// What stands beside a chapter: other chapters and, at the top level, parts.
struct Sibling {
    kind: Kind,
    id: String,
    position: i64,
}

impl Sibling {
    async fn put(&self, transaction: &DatabaseTransaction, part: Option<String>, position: i64) -> Result<(), Error> {
        if self.kind == Kind::Chapter {
            return put(transaction, &self.id, part, position).await;
        }
        part::Entity::update_many()
            .col_expr(part::Column::Position, Expr::value(position))
            .filter(part::Column::Id.eq(&self.id))
            .exec(transaction)
            .await?;
        Ok(())
    }
}

fn chapters_of(siblings: &[Sibling]) -> impl Iterator<Item = (usize, &Sibling)> {
    siblings.iter().enumerate().filter(|(_, sibling)| sibling.kind == Kind::Chapter)
}

/// The index among all siblings that is the `index`th place among the chapters: right behind the chapter before it, or,
/// when it is to stand in front of another, right there.
fn index_among(siblings: &[Sibling], index: usize, spot: Spot<ChapterId>) -> usize {
    let mut chapters = chapters_of(siblings);
    let found = match (spot, index.checked_sub(1)) {
        (Spot::Before(_), _) | (Spot::At(_) | Spot::After(_), None) => chapters.nth(index).map(|(at, _)| at),
        (Spot::At(_) | Spot::After(_), Some(before)) => chapters.nth(before).map(|(at, _)| at + 1),
    };
    found.unwrap_or(siblings.len())
}

/// All that stands in `part`, or at the top level, in order.
async fn siblings(
    connection: &impl ConnectionTrait,
    story: StoryId,
    part: Option<&str>,
) -> Result<Vec<Sibling>, Error> {
    let chapters = chapter::Entity::find()
        .filter(chapter::Column::StoryId.eq(story.as_str()))
        .filter(chapter::Column::DeletedAt.is_null())
        .all(connection)
        .await?;
    let beside = chapters.into_iter().filter(|chapter| chapter.part() == part);
    let mut siblings: Vec<Sibling> =
        beside.map(|row| Sibling { kind: Kind::Chapter, id: row.id, position: row.position }).collect();
    if part.is_none() {
        let parts = part::Entity::find()
            .filter(part::Column::StoryId.eq(story.as_str()))
            .filter(part::Column::DeletedAt.is_null())
            .all(connection)
            .await?;
        siblings.extend(parts.into_iter().map(|row| Sibling { kind: Kind::Part, id: row.id, position: row.position }));
    }
    siblings.sort_by(|one, other| (one.position, &one.id).cmp(&(other.position, &other.id)));
    Ok(siblings)
}

async fn put(
    transaction: &DatabaseTransaction,
    chapter: &str,
    part: Option<String>,
    position: i64,
) -> Result<(), Error> {
    chapter::Entity::update_many()
        .col_expr(chapter::Column::PartId, Expr::value(part))
        .col_expr(chapter::Column::Position, Expr::value(position))
        .filter(chapter::Column::Id.eq(chapter))
        .exec(transaction)
        .await?;
    Ok(())
}
