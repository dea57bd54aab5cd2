//! One listener's stream.

use std::{collections::VecDeque, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use domain::{cache::Clock, id::UserId};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, Interval, MissedTickBehavior, interval_at},
};

use super::{
    Message, Shared,
    event::{ping, reset, retry},
    places::Place,
    resume::Missed,
};
use crate::visitor::Visitor;

/// How often a listener hears that the connection lives.
const PING_EVERY: Duration = Duration::from_secs(15);
/// When a server stops, all its listeners come back; within this time, and not at once.
const RETRY_MS: std::ops::Range<u16> = 1_000..4_000;

/// Who listens, if they are signed in.
pub(super) struct Listener {
    user: UserId,
    /// The fingerprint of their session.
    pub(super) session: Arc<str>,
}

impl Listener {
    pub(super) fn of(visitor: &Visitor) -> Option<Self> {
        let (user, token) = (visitor.user.as_ref()?, visitor.token.as_ref()?);
        Some(Listener { user: user.id, session: token.fingerprint().into() })
    }
}

/// What one listener hears, piece by piece, in the form of an event stream.
pub struct Listening {
    shared: Arc<Shared>,
    listener: Option<Listener>,
    messages: Receiver<Message>,
    /// Everything up to here that concerns this listener was said, or waits to be.
    said: Clock,
    waiting: VecDeque<Bytes>,
    pings: Interval,
    is_over: bool,
    /// Given back when the stream ends.
    _place: Place,
}

impl Listening {
    /// A stream that first says what was missed, and then where it stands.
    pub(super) fn begin(
        shared: Arc<Shared>,
        place: Place,
        listener: Option<Listener>,
        messages: Receiver<Message>,
        at: Clock,
        missed: Missed,
    ) -> Self {
        let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let waiting = VecDeque::from([retry(rand::random_range(RETRY_MS))]);
        let mut listening =
            Listening { shared, listener, messages, said: at, waiting, pings, is_over: false, _place: place };
        match missed {
            Missed::Nothing => {}
            Missed::Ahead(seen) => listening.said = seen,
            Missed::Events(events) => {
                let user = listening.user();
                listening.waiting.extend(events.iter().filter_map(|event| event.told_to(user)));
            }
            Missed::Unknown => listening.waiting.push_back(reset(at)),
        }
        listening.waiting.push_back(ping(listening.said));
        listening
    }

    /// The next piece; none when the stream is over. May be dropped while it waits: nothing is lost.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(piece) = self.waiting.pop_front() {
                return Some(piece);
            }
            // An idle stream holds no memory that it does not need.
            self.waiting.shrink_to_fit();
            if self.is_over {
                return None;
            }
            tokio::select! {
                message = self.messages.recv() => self.hear(message),
                _ = self.pings.tick() => self.waiting.push_back(ping(self.said)),
            }
        }
    }

    fn hear(&mut self, message: Result<Message, RecvError>) {
        match message {
            Ok(Message::Event(event)) if event.clock <= self.said => {}
            Ok(Message::Event(event)) => {
                self.said = event.clock;
                self.waiting.extend(event.told_to(self.user()));
            }
            Ok(Message::Reset(clock)) => self.say_reset(clock),
            Ok(Message::SessionEnded(session)) => {
                self.is_over = self.listener.as_ref().is_some_and(|listener| listener.session == session);
            }
            // What was not heard is gone, and what is left of it is of no use.
            Err(RecvError::Lagged(_)) => match self.shared.enter() {
                Some((messages, at)) => {
                    self.messages = messages;
                    self.say_reset(at);
                }
                None => self.is_over = true,
            },
            Err(RecvError::Closed) => self.is_over = true,
        }
    }

    fn say_reset(&mut self, clock: Clock) {
        self.said = clock;
        self.waiting.push_back(reset(clock));
    }

    fn user(&self) -> Option<UserId> {
        self.listener.as_ref().map(|listener| listener.user)
    }
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listening").field("said", &self.said).finish_non_exhaustive()
    }
}
