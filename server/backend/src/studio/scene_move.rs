//! Scenes find another place. Only positions are written: a move can lose no text.

use domain::{
    cache::{Change, Saved},
    error::Entity as Kind,
    id::SceneId,
    studio::{Scene, SceneMove},
    user::User,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, sea_query::Expr};

use super::{
    Held,
    placement::{Placement, place},
    scene::{live_scene, positions},
    structure::{self, index_of},
    writer,
};
use crate::{
    Backend, Error,
    entity::{id, scene},
};

impl Backend {
    /// Moves a scene to a place in a chapter of the same story. Its version stays: whoever is writing in it may go on.
    ///
    /// Readers see a published scene in its new place at once.
    ///
    /// # Errors
    /// Refuses readers, scenes that are not the author's, chapters of other stories, and neighbours that are not there;
    /// with the present order, when the wish was made from another one.
    pub async fn move_scene(&self, author: &User, scene: SceneId, wish: SceneMove) -> Result<Saved<Scene>, Error> {
        let author = writer(author)?;
        let spot = wish.spot()?;
        let story = self.story_of_scene(scene).await?;
        self.write(async |transaction| {
            let held = Held::take(transaction, author, story, Kind::Scene).await?;
            let row = live_scene(transaction, scene).await?;
            let is_outdated = held.is_outdated(wish.structure_version);
            let target = held.require_chapter(transaction, wish.chapter_id).await;
            held.or_present_order(transaction, is_outdated, target).await?;

            let mut siblings = positions(transaction, wish.chapter_id).await?;
            siblings.retain(|(sibling, _)| *sibling != row.id);
            let ids: Vec<&str> = siblings.iter().map(|(sibling, _)| sibling.as_str()).collect();
            let index = index_of(spot, &ids, is_outdated).map_err(Error::from);
            let index = held.or_present_order(transaction, is_outdated, index).await?;
            let taken: Vec<i64> = siblings.iter().map(|(_, position)| *position).collect();
            let change = match place(&taken, index) {
                Placement::At(position) => {
                    put(transaction, &row.id, &wish, position).await?;
                    Change::SceneMoved { scene, from: id(&row.chapter_id)?, to: wish.chapter_id, story }
                }
                Placement::Renumbered(positions) => {
                    siblings.insert(index, (row.id.clone(), 0));
                    for ((sibling, _), position) in siblings.iter().zip(positions) {
                        put(transaction, sibling, &wish, position).await?;
                    }
                    // The siblings show their positions too; the story's tag reaches all of them.
                    Change::Story { story, author }
                }
            };
            structure::count(transaction, story).await?;
            Ok((live_scene(transaction, scene).await?.try_into()?, change))
        })
        .await
    }
}

async fn put(transaction: &DatabaseTransaction, scene: &str, wish: &SceneMove, position: i64) -> Result<(), Error> {
    scene::Entity::update_many()
        .col_expr(scene::Column::ChapterId, Expr::value(wish.chapter_id.as_str()))
        .col_expr(scene::Column::Position, Expr::value(position))
        .filter(scene::Column::Id.eq(scene))
        .exec(transaction)
        .await?;
    Ok(())
}
