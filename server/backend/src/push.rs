//! Push: whoever keeps a page open hears what became stale, as soon as asking again gives something newer.
//!
//! One task per server follows the invalidation log (`follower`) and hands each write, encoded once, to everyone who
//! listens. It wakes when the cache's clock moves on, which is after the tags of a write were released and never before:
//! so nobody asks again too early and keeps the old answer. Positions come in order and without gaps (see `relay`).
//! While the cache's store is away its clock stands still, and nothing is told; what was written meanwhile follows when
//! it is back, or a reset if it lost its memory.
//!
//! A **reset** tells a listener that something may be missing: it asks again for everything it remembers.
//!
//! | file | what it says |
//! |---|---|
//! | `event` | one write in the form of an event stream, for its owner and for everyone else |
//! | `follower` | from the log to the listeners; sessions that have ended |
//! | `listening` | one listener's stream |
//! | `resume` | what a listener missed while it was away |
//! | `places` | how many may listen |

mod event;
mod follower;
mod listening;
mod places;
mod resume;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard};

use domain::cache::Clock;
use tokio::sync::{Semaphore, broadcast};

pub(crate) use event::name_told;
pub use listening::Listening;
pub use resume::Since;

use crate::{
    Backend, Error,
    cache::ServerCache,
    config::Config,
    database::Database,
    limits::household,
    visitor::{SessionToken, Visitor},
};
use event::Event;
use follower::{Follower, Task};
use listening::Listener;
use places::Places;

/// How far a listener may fall behind the others before it is reset.
const CAPACITY: usize = 1_024;
/// How many listeners at once may read what they missed from the log.
const RESUMING: usize = 4;

/// What all listeners of a server share. Clones are the same.
#[derive(Clone)]
pub(crate) struct Push {
    shared: Arc<Shared>,
    /// Ends with the last backend.
    _task: Option<Arc<Task>>,
}

struct Shared {
    hall: Mutex<Hall>,
    places: Arc<Places>,
    resuming: Semaphore,
}

/// Where the listeners are.
struct Hall {
    /// Everything up to here was told.
    at: Clock,
    /// None when no more is told.
    speaker: Option<broadcast::Sender<Message>>,
}

/// What listeners are told.
#[derive(Clone)]
enum Message {
    Event(Arc<Event>),
    /// What came before this position may be incomplete.
    Reset(Clock),
    /// The session with this fingerprint has ended.
    SessionEnded(Arc<str>),
}

impl Push {
    /// Begins to tell what is written from now on.
    pub(crate) fn start(database: &Database, cache: &ServerCache, config: &Config) -> Self {
        let shared = Shared::new(cache.clock(), config, Some(broadcast::Sender::new(CAPACITY)));
        let follower = Follower::new(database.without_claim(), cache.clone(), shared.clone(), config.time.clone());
        Push { shared, _task: Some(Arc::new(follower.start())) }
    }

    /// Tells nobody anything: for a program that does one thing and ends.
    pub(crate) fn silent(cache: &ServerCache, config: &Config) -> Self {
        Push { shared: Shared::new(cache.clock(), config, None), _task: None }
    }

    /// How many streams are open.
    pub(crate) fn streams(&self) -> usize {
        self.shared.places.count()
    }

    /// Ends the streams of a session.
    pub(crate) fn end_session(&self, token: &SessionToken) {
        self.shared.tell(Message::SessionEnded(token.fingerprint().into()));
    }
}

impl Shared {
    fn new(at: Clock, config: &Config, speaker: Option<broadcast::Sender<Message>>) -> Arc<Self> {
        Arc::new(Shared {
            hall: Mutex::new(Hall { at, speaker }),
            places: Arc::new(Places::new(config.rate_limits)),
            resuming: Semaphore::new(RESUMING),
        })
    }

    /// Begins to listen: to everything after the position that comes with it.
    fn enter(&self) -> Option<(broadcast::Receiver<Message>, Clock)> {
        let hall = self.hall();
        hall.speaker.as_ref().map(|speaker| (speaker.subscribe(), hall.at))
    }

    fn at(&self) -> Clock {
        self.hall().at
    }

    /// Moves on to `at` without a word if nobody is there to hear it, and says whether that is so.
    fn pass_in_silence(&self, at: Clock) -> bool {
        let mut hall = self.hall();
        let is_empty = hall.speaker.as_ref().is_none_or(|speaker| speaker.receiver_count() == 0);
        if is_empty {
            hall.at = at;
        }
        is_empty
    }

    fn tell(&self, message: Message) {
        self.tell_up_to([message], None);
    }

    /// Tells all of `messages`, after which everything up to `at` was told.
    fn tell_up_to(&self, messages: impl IntoIterator<Item = Message>, at: Option<Clock>) {
        let mut hall = self.hall();
        if let Some(speaker) = &hall.speaker {
            // That nobody is there to hear it is no failure.
            messages.into_iter().for_each(|message| drop(speaker.send(message)));
        }
        hall.at = at.unwrap_or(hall.at);
    }

    fn hall(&self) -> MutexGuard<'_, Hall> {
        self.hall.lock().expect("nothing panics while it holds this lock")
    }
}

impl Backend {
    /// Lets `visitor` hear what becomes stale, from the position `since` on.
    ///
    /// A visitor with a session hears of their own drafts too, until the session ends; then the stream does.
    ///
    /// # Errors
    /// Refuses with `TooMany` when this session or address listens too often already; says `Unavailable` when the
    /// server is full or about to stop.
    pub async fn listen(&self, visitor: &Visitor, since: Since) -> Result<Listening, Error> {
        let listener = Listener::of(visitor);
        let session = listener.as_ref().map(|listener| listener.session.clone());
        let place = self.push.shared.places.take(session, household(visitor.address))?;
        let (messages, at) = self.push.shared.enter().ok_or(Error::Unavailable)?;
        let missed = self.missed(since, at).await?;
        Ok(Listening::begin(self.push.shared.clone(), place, listener, messages, at, missed))
    }

    /// Ends all streams, so that the server can stop; nobody may begin to listen after that.
    pub fn stop_pushing(&self) {
        self.push.shared.hall().speaker = None;
    }
}
