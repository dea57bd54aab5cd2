//! Warming: views are loaded before anybody asks for them, so that the first reader of the hour need not wait.
//!
//! What is worth it is what most people will come for: the hundred most discussed novels (as the public list sorts
//! them), and what changed within a day. Only what everyone may see is warmed. Two views are loaded at a time: the
//! database has connections left for those who wait. Nothing here outlives its caller: dropped, it stops.
//!
//! `choice` says which views those are; how they are counted is told in `cache::purpose`.

mod choice;

use std::{sync::Arc, time::Duration};

use domain::page::Page;
use futures::{StreamExt, stream};
use tokio::time::Instant;

use self::choice::Choice;
use crate::{Backend, Error, cache::Warming, relay};

/// How many views are loaded at a time: fewer than there are connections, so that readers find one.
const AT_A_TIME: usize = 2;

/// What warming has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warmed {
    /// Views that were loaded and stored.
    pub warmed: u64,
    /// Views that were fresh already, are gone, or could not be stored just now.
    pub skipped: u64,
    /// Did the store answer to the end? While it is away nothing can be warmed.
    pub is_complete: bool,
    pub took: Duration,
}

impl Backend {
    /// Loads the views that most people will come for, unless they are there and fresh.
    ///
    /// # Errors
    /// Fails when the database does. A store that does not answer is no error: what is left is skipped.
    pub async fn warm(&self) -> Result<Warmed, Error> {
        let (began, counts) = (Instant::now(), Arc::new(Warming::default()));
        let _relay = self.relay_for_warming().await?;
        let warming = Backend { cache: self.cache.warming(counts.clone()), ..self.clone() };

        let choices = warming.worth_warming().await?;
        let asked = stream::iter(choices).map(|choice| warming.load_ahead(choice)).buffer_unordered(AT_A_TIME);
        let unloaded: u64 = asked.map(u64::from).fold(0, async |sum, unloaded| sum + unloaded).await;

        Ok(Warmed {
            warmed: counts.loaded(),
            skipped: counts.left() + unloaded,
            is_complete: self.cache.is_store_there(),
            took: began.elapsed(),
        })
    }

    /// A program that does not serve has no relay. A common store is only believed while somebody reads the log, so one
    /// reads it as long as this lasts. It must be a common one: with a store in each process, a row that this one marks
    /// as done would not be done where it matters.
    async fn relay_for_warming(&self) -> Result<Option<relay::Relay>, Error> {
        if self._relay.is_some() || !self.cache.is_common() {
            return Ok(None);
        }
        let reader = relay::Reader::new(&self.database, &self.cache, &self.time);
        reader.drain().await?;
        Ok(Some(reader.start()))
    }

    /// Loads one of the views; `true` if there was nothing to load, or nowhere to store it.
    async fn load_ahead(&self, choice: Choice) -> bool {
        if !self.cache.is_store_there() {
            return true;
        }
        let name = format!("{choice:?}");
        let outcome = match choice {
            Choice::Novels(query) => self.novels(query).await.map(drop),
            Choice::Forums => self.forums().await.map(drop),
            Choice::Feed => self.posts(None, None, Page::first()).await.map(drop),
            Choice::Board(story) => self.posts(None, Some(story), Page::first()).await.map(drop),
            Choice::Chapter(chapter) => self.read_chapter(chapter).await.map(drop),
            Choice::Post(post) => self.post(None, post).await.map(drop),
            Choice::Replies(post) => self.replies(post).await.map(drop),
        };
        match outcome {
            Ok(()) => false,
            // Gone since it was chosen.
            Err(Error::Refused(_)) => true,
            Err(error) => {
                tracing::debug!(%error, name, "a view could not be warmed");
                true
            }
        }
    }
}
