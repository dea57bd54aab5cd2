//! What one request asks of the cache, beside what it reads.
//!
//! A use case neither knows nor cares: the wishes travel with the task that answers the request.

tokio::task_local! {
    static WISHES: Wishes;
}

/// What a request asks of the cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Ask the database even if the cache knows (`Cache-Control: no-cache`). For measuring what the cache is good for.
    pub pass_by: bool,
}

impl Wishes {
    /// Runs `work` with these wishes. What `work` spawns does not inherit them.
    pub async fn during<T>(self, work: impl Future<Output = T>) -> T {
        WISHES.scope(self, work).await
    }

    /// Those of the request that this task answers; none outside of one.
    pub(super) fn current() -> Self {
        WISHES.try_with(|wishes| *wishes).unwrap_or_default()
    }
}
