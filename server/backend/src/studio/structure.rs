//! The order of a story as one thing with a version.
//!
//! Whoever drags a scene looks at an order, and somebody else may have changed it since. A move that names the version
//! it was made from is applied if it still means something, and is answered with the present order if not.

use domain::{
    error::{Current, Problem},
    id::StoryId,
    studio::Spot,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};

use super::{Held, outline};
use crate::{Error, entity::story};

/// Counts a change of the order of `story`: something came, went or moved.
pub(super) async fn count(transaction: &DatabaseTransaction, story: StoryId) -> Result<(), Error> {
    story::Entity::update_many()
        .col_expr(story::Column::StructureVersion, Expr::col(story::Column::StructureVersion).add(1))
        .filter(story::Column::Id.eq(story.as_str()))
        .exec(transaction)
        .await?;
    Ok(())
}

impl Held {
    /// Was a wish made from another order than the present one? A wish that does not say is not.
    pub(super) fn is_outdated(&self, structure_version: Option<i64>) -> bool {
        structure_version.is_some_and(|version| version != self.row.structure_version)
    }

    /// What an outdated wish that cannot be granted is answered with: the present order.
    pub(super) async fn present_order(&self, transaction: &DatabaseTransaction) -> Result<Error, Error> {
        let outline = outline::load(transaction, self.story).await?;
        Ok(domain::Error::from(Current::outline(&outline)).into())
    }

    /// As it stands, or, if the wish was made from another order, the present order instead of a refusal.
    pub(super) async fn or_present_order<T>(
        &self,
        transaction: &DatabaseTransaction,
        is_outdated: bool,
        outcome: Result<T, Error>,
    ) -> Result<T, Error> {
        match outcome {
            Err(Error::Refused(_)) if is_outdated => Err(self.present_order(transaction).await?),
            outcome => outcome,
        }
    }
}

/// The index of `spot` among `siblings`, of which the thing itself is none.
///
/// # Errors
/// Refuses an index when the order is outdated, and a neighbour that is not there.
pub(super) fn index_of<Id: ToString>(
    spot: Spot<Id>,
    siblings: &[&str],
    is_outdated: bool,
) -> Result<usize, domain::Error> {
    let place = |neighbour: Id, field| {
        let neighbour = neighbour.to_string();
        let found = siblings.iter().position(|sibling| *sibling == neighbour);
        found.ok_or_else(|| domain::Error::invalid(field, Problem::DoesNotBelong))
    };
    match spot {
        Spot::At(_) if is_outdated => Err(domain::Error::invalid("index", Problem::NotAllowed)),
        Spot::At(index) => Ok(usize::try_from(index).unwrap_or(usize::MAX).min(siblings.len())),
        Spot::After(neighbour) => place(neighbour, "afterId").map(|before| before + 1),
        Spot::Before(neighbour) => place(neighbour, "beforeId"),
    }
}
