//! What the relay does to the cache: it releases what the log shows to be open.

use super::{ServerCache, fence::OpenRow, store::Store, trust::Confirmation};

impl ServerCache {
    /// Begins a look at the log. Whatever is committed by now will be in it.
    pub(crate) fn begin_confirmation(&self) -> Confirmation {
        self.inner.trust.begin()
    }

    /// Releases the tags of `rows` and says whether that worked. `position` is how far the log is, if `rows` are all
    /// the open rows up to there. Repeated, it changes nothing.
    pub(crate) async fn settle(&self, rows: &[OpenRow], position: Option<u64>) -> bool {
        for row in rows {
            let Some(clock) = self.ask(self.inner.store.release(&row.tags, row.token, row.seq)).await else {
                return false;
            };
            self.inner.sampler.note_written(&row.tags);
            self.learn(clock);
        }
        let Some(position) = position else { return true };
        let Some(clock) = self.ask(self.inner.store.reach(position)).await else { return false };
        self.learn(clock);
        true
    }

    /// Releases the tags of one committed write before it is answered; takes a second if the store does not, as a release
    /// does.
    pub(crate) async fn settle_or_wait(&self, row: OpenRow) {
        if !self.settle(&[row], None).await {
            self.inner.trust.lose();
            tokio::time::sleep(self.inner.trust.wait()).await;
        }
    }

    /// Everything that was in the log when `confirmation` began is settled: the store is believed for a moment.
    pub(crate) fn confirm(&self, confirmation: Confirmation) {
        self.inner.trust.confirm(confirmation);
    }
}
