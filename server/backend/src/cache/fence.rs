//! What a write does to the cache: fence, commit, release.

use domain::cache::{Act, Clock, Tag};
use tokio::time::Instant;

use super::{
    ServerCache,
    operations::{Cause, Operation, Subject},
    store::{Store, Token},
};

/// How many tags of one write are listed among the operations; a large publication would push out all else.
const MAX_LISTED_TAGS: usize = 100;

/// Tags that readers pass the cache by for, until the write has ended.
///
/// There are three ways to end. [`ServerCache::release`] after a commit. [`ServerCache::abandon`] when it is certain
/// that nothing was and will be committed. And letting it go (`drop`) when that is uncertain, such as when the
/// connection broke during the commit: the fence then stands until it expires, and readers ask the database meanwhile.
#[derive(Debug)]
#[must_use = "a fence that is neither released nor abandoned makes its tags slow until it expires"]
pub struct Fence {
    token: Token,
    tags: Vec<Tag>,
}

impl Fence {
    /// A name for the write, for its row in the log. Whoever reads the row can lift this fence.
    pub fn mutation_id(&self) -> String {
        format!("{:016x}{:016x}", rand::random::<u64>(), self.token.0)
    }
}

/// A row of the log whose tags may not be released yet.
#[derive(Clone, Debug)]
pub(crate) struct OpenRow {
    pub(crate) seq: u64,
    pub(super) token: Token,
    pub(super) tags: Vec<Tag>,
}

impl OpenRow {
    /// The write at `seq`, called `mutation_id`, which made `tags` stale. A name that is not ours lifts nobody's fence.
    pub(crate) fn new(seq: u64, mutation_id: &str, tags: Vec<Tag>) -> Self {
        let token = mutation_id.get(16..).and_then(|hex| u64::from_str_radix(hex, 16).ok());
        OpenRow { seq, token: token.map_or_else(Token::fresh, Token), tags }
    }
}

impl ServerCache {
    /// Fences `tags`, right before the commit: from now on nobody is served an entry that the commit outdates.
    pub async fn fence(&self, tags: &[Tag]) -> Fence {
        let fence = Fence { token: Token::fresh(), tags: tags.to_vec() };
        if self.ask(self.inner.store.fence(tags, fence.token)).await.is_none() {
            self.inner.trust.lose();
        }
        fence
    }

    /// After the commit, and before the write is answered: whoever reads from now on is served nothing older.
    ///
    /// `clock` has the position of the write in the log. The answer is the same position, in the epoch that the store is
    /// in: it goes into the write's answer. Takes a second when the store does not answer and others may still believe
    /// it: they learn of the write from the log.
    pub async fn release(&self, fence: Fence, clock: Clock) -> Clock {
        let committed = Instant::now();
        match self.lift(&fence, clock.seq(), Cause::Written).await {
            Some(known) => Clock::new(known.epoch(), clock.seq()),
            None => {
                self.inner.trust.lose();
                tokio::time::sleep_until(committed + self.inner.trust.wait()).await;
                clock
            }
        }
    }

    /// After a rollback. The old entries do not come back, since it is unknown what was read meanwhile.
    pub async fn abandon(&self, fence: Fence) {
        self.lift(&fence, 0, Cause::Abandoned).await;
    }

    async fn lift(&self, fence: &Fence, seq: u64, cause: Cause) -> Option<Clock> {
        let began = Instant::now();
        let clock = self.ask(self.inner.store.release(&fence.tags, fence.token, seq)).await;
        // Whether the store was told or will be by the log: this is when it was invalidated.
        self.inner.sampler.note_written(&fence.tags);
        let (at, took) = ((self.inner.now)(), began.elapsed());
        for (index, tag) in fence.tags.iter().enumerate() {
            let operation = Operation::new(at, Act::Invalidate, Subject::Tag(*tag), took).because(cause.clone());
            if index < MAX_LISTED_TAGS {
                self.inner.operations.record(operation);
            } else {
                self.inner.operations.count(&operation);
            }
        }
        Some(self.learn(clock?))
    }
}
