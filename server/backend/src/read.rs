//! The one way to read what views show.
//!
//! A view is what the cache has of it, or what one snapshot of the database says. Both are decided here, so a use case
//! only tells which view it wants, and what to read of the snapshot. However many statements that takes, they see one
//! moment: no chapter of before a write beside a scene of after it.

#[cfg(test)]
mod tests;

use domain::cache::{Key, Policy};
use futures::future::BoxFuture;
use sea_orm::DatabaseTransaction;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Backend, Error,
    cache::{Seen, View},
    database::{Database, undo},
    history,
};

impl Backend {
    /// The view at `key`: from the cache, or as `load` finds it in one snapshot.
    ///
    /// `load` may depend on nothing but the key; what it does not find is not there for anyone with this key.
    ///
    /// # Errors
    /// Those of `load`, and `Unavailable` if it takes too long.
    pub(crate) async fn read<T, L>(&self, key: &Key, load: L) -> Result<View<T>, Error>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        L: for<'a> FnOnce(&'a DatabaseTransaction) -> BoxFuture<'a, Result<T, Error>> + Send + 'static,
    {
        let database = self.database.clone();
        // On the heap: use cases and pages await many reads, and each would be part of their own size.
        Box::pin(self.cache.read_seen(key, async move { see(&database, load).await })).await
    }

    /// What `load` finds in one snapshot, past the cache and kept by nobody: for what is no view of its own, with the
    /// policy of the views around it.
    ///
    /// # Errors
    /// Those of `load`.
    pub(crate) async fn read_uncached<T, L>(&self, policy: Policy, load: L) -> Result<View<T>, Error>
    where
        T: Serialize,
        L: for<'a> FnOnce(&'a DatabaseTransaction) -> BoxFuture<'a, Result<T, Error>>,
    {
        let clock = self.cache.clock();
        let seen = Box::pin(see(&self.database, load)).await;
        self.cache.uncached(policy, clock, seen)
    }
}

/// What `load` finds in a snapshot, and how much of the log the same snapshot shows.
async fn see<T, L>(database: &Database, load: L) -> Seen<T>
where
    L: for<'a> FnOnce(&'a DatabaseTransaction) -> BoxFuture<'a, Result<T, Error>>,
{
    let snapshot = match database.begin_snapshot().await {
        Ok(snapshot) => snapshot,
        Err(error) => return error.into(),
    };
    let found = load(&snapshot).await;
    let position = history::position(&snapshot).await;
    undo(snapshot).await;
    match position {
        Ok(position) => Seen { found, position },
        Err(error) => Error::from(error).into(),
    }
}
