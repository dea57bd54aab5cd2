//! The one way to read what views show.
//!
//! A view is what the cache has of it, or what one snapshot of the database says. Both are decided here, so a use case
//! only tells which view it wants, and what to read of the snapshot. However many statements that takes, they see one
//! moment: no chapter of before a write beside a scene of after it.

#[cfg(test)]
mod tests;

use domain::cache::Key;
use futures::future::BoxFuture;
use sea_orm::DatabaseTransaction;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Backend, Error, cache::View, database::undo};

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
        let load = async move {
            let snapshot = database.begin_snapshot().await?;
            let outcome = load(&snapshot).await;
            undo(snapshot).await;
            outcome
        };
        self.cache.read(key, load).await
    }
}
