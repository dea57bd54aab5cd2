//! Why a read would hit, miss or pass the cache by: decided by the very code that decides it for a read.

use std::time::Duration;

use domain::cache::{Clock, EntryExplained, Explanation, Key, Origin, Outlook, Tag, TagExplained, WriteExplained};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, sea_query::LikeExpr};

use super::{
    ServerCache,
    operations::Cause,
    read_through::Verdict,
    store::{Found, Observation, TagState},
};
use crate::{
    Backend, Error,
    database::Database,
    entity::invalidation_event::{Column, Entity},
    push::name_told,
};

/// How many of the last writes are searched.
const SEARCHED: i64 = 10_000;

impl Backend {
    /// Why a read of `key` would be answered as it would be now, and which write made which tag stale.
    ///
    /// # Errors
    /// Fails when the database does; a store that does not answer is an explanation.
    pub async fn explain(&self, key: &Key) -> Result<Explanation, Error> {
        let mut told = self.cache.explain(key).await;
        let clock = self.cache.clock();
        for (tag, told) in key.tags().iter().zip(&mut told.tags) {
            told.last_write = last_write(&self.database, tag, clock.epoch()).await?;
        }
        Ok(told)
    }
}

/// The last write of `tag` that is still in the log.
async fn last_write(database: &Database, tag: &Tag, epoch: u32) -> Result<Option<WriteExplained>, Error> {
    let newest = i64::try_from(crate::history::position(database.read()).await?).unwrap_or(i64::MAX);
    // The list is stored as JSON; a tag in quotes is a whole one, and has nothing in it that must be escaped there.
    let listed = Column::Tags.into_expr().cast_as("TEXT").like(LikeExpr::new(format!("%\"{tag}\"%")));
    let row = Entity::find()
        .filter(Column::Seq.gt(newest.saturating_sub(SEARCHED)))
        .filter(listed)
        .order_by_desc(Column::Seq)
        .one(database.read())
        .await?;
    Ok(row.map(|row| WriteExplained {
        at: row.created_at,
        clock: Clock::new(epoch, u64::try_from(row.seq).unwrap_or(0)).to_string(),
        change: format!("{} {}", row.entity, row.action),
        mutation: name_told(&row.mutation_id),
        origin: Origin::read(&row.origin),
    }))
}

impl ServerCache {
    /// The same without the writes, which the store does not know.
    async fn explain(&self, key: &Key) -> Explanation {
        let tags = key.tags();
        let (outlook, reason, entry, tags) = match self.observe(key, &tags).await {
            Ok(observation) => self.explain_observation(key, observation, &tags),
            Err(cause) => {
                let unknown = tags.iter().map(|tag| explained(tag, None, None)).collect();
                (Outlook::Bypass, bypassed(&cause), None, unknown)
            }
        };
        Explanation { key: key.to_string(), store: self.store_name().to_owned(), outlook, reason, entry, tags }
    }

    fn explain_observation(
        &self,
        key: &Key,
        observation: Observation,
        tags: &[Tag],
    ) -> (Outlook, String, Option<EntryExplained>, Vec<TagExplained>) {
        let (states, found) = (observation.tags.clone(), observation.entry.clone());
        let told = tags.iter().zip(&states).enumerate();
        let told = told.map(|(index, (tag, state))| explained(tag, Some(*state), stored(found.as_ref(), index)));
        let told = told.collect();
        let (outlook, reason) = match self.judge(key, observation, tags) {
            Verdict::Hit(_) => {
                (Outlook::Hit, "It is stored, and nothing that it depends on was written since.".to_owned())
            }
            Verdict::Missing { entity, .. } => (Outlook::Hit, format!("It is known that there is no such {entity}.")),
            Verdict::Overdue(..) => (Outlook::Miss, missed(&Cause::Expired)),
            Verdict::Miss(_, cause) => (Outlook::Miss, missed(&cause)),
            Verdict::Bypass(cause) => (Outlook::Bypass, bypassed(&cause)),
        };
        let entry = found.map(|found| self.explain_entry(key, &found, outlook));
        (outlook, reason, entry, told)
    }

    fn explain_entry(&self, key: &Key, found: &Found, outlook: Outlook) -> EntryExplained {
        let age = ((self.inner.now)() - found.stored.stored_at).to_std().unwrap_or_default();
        EntryExplained {
            clock: found.stored.clock.to_string(),
            age_ms: millis(age),
            lifetime_ms: millis(Duration::from_secs(key.policy().server_ttl_secs.into())),
            size_bytes: u64::try_from(found.stored.answer.body.len()).unwrap_or(u64::MAX),
            is_fresh: outlook == Outlook::Hit,
        }
    }
}

/// The generation that an entry was stored under, of the tag at `index`.
fn stored(found: Option<&Found>, index: usize) -> Option<TagState> {
    found.and_then(|found| found.stored.generations.get(index)).map(|generation| TagState::Open(*generation))
}

fn explained(tag: &Tag, now: Option<TagState>, stored: Option<TagState>) -> TagExplained {
    TagExplained {
        tag: tag.to_string(),
        is_fenced: now == Some(TagState::Fenced),
        is_stale: now.is_some() && stored.is_some() && now != stored,
        last_write: None,
    }
}

fn missed(cause: &Cause) -> String {
    format!("The database would be asked, and its answer stored: {cause}.")
}

fn bypassed(cause: &Cause) -> String {
    format!("The database would be asked, and nothing stored: {cause}.")
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
