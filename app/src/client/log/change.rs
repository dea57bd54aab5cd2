//! Who did what that made a cache let go of something, and how this tab heard of it.

use std::sync::Arc;

use domain::cache::Clock;
use resource_cache::{Cause, Event, Source};

use crate::client::Views;

/// How this tab came to know that something is no longer what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The answer to what this tab wrote.
    ThisTab,
    /// Another tab of this browser wrote.
    OtherTab,
    /// The server's stream of changes, or another tab that holds it.
    Stream,
    /// The server did it by itself, when it was time.
    Schedule,
    /// Somebody's choice in the panel, or a log-out.
    ByHand,
    /// Its time was over.
    Time,
}

impl Origin {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::ThisTab => "this tab",
            Origin::OtherTab => "another tab",
            Origin::Stream => "stream",
            Origin::Schedule => "schedule",
            Origin::ByHand => "by hand",
            Origin::Time => "TTL",
        }
    }
}

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub origin: Origin,
    /// Was it passed on by the tab that holds the stream?
    is_relayed: bool,
    /// Is the change in the words of the stream, which names the write?
    is_of_stream: bool,
    /// Which change it was.
    pub change: Option<Arc<str>>,
    /// Its position in the history of the source.
    pub clock: Option<Clock>,
}

impl Told {
    fn of(source: Source, change: Option<Arc<str>>, clock: Option<Clock>) -> Self {
        let origin = match source {
            Source::ThisTab => Origin::ThisTab,
            Source::OtherTab => Origin::OtherTab,
            Source::Push | Source::Relay => Origin::Stream,
            Source::Schedule => Origin::Schedule,
            Source::ByHand => Origin::ByHand,
        };
        let is_of_stream = matches!(origin, Origin::Stream | Origin::Schedule);
        Told { origin, is_relayed: source == Source::Relay, is_of_stream, change, clock }
    }

    fn by(origin: Origin) -> Self {
        Told { origin, is_relayed: false, is_of_stream: false, change: None, clock: None }
    }

    /// Is it the same change, heard of in another way?
    pub(super) fn is_same_change(&self, other: &Told) -> bool {
        self.clock.is_some() && self.clock == other.clock
    }

    /// Takes over what somebody else's words do not say: whose it was, and from the stream which change it was. True if
    /// that was news.
    pub(super) fn learn(&mut self, other: &Told) -> bool {
        let before = self.clone();
        let is_nearer = match (self.origin, other.origin) {
            (Origin::Stream, Origin::ThisTab | Origin::OtherTab) | (Origin::OtherTab, Origin::ThisTab) => true,
            (
                Origin::Stream | Origin::OtherTab | Origin::ThisTab | Origin::Schedule | Origin::ByHand | Origin::Time,
                Origin::Stream | Origin::OtherTab | Origin::ThisTab | Origin::Schedule | Origin::ByHand | Origin::Time,
            ) => false,
        };
        if is_nearer {
            self.origin = other.origin;
        }
        if let (false, true, Some(change)) = (self.is_of_stream, other.is_of_stream, &other.change) {
            (self.change, self.is_of_stream) = (Some(Arc::clone(change)), true);
        }
        *self != before
    }

    /// How this tab heard of it, and who did what.
    pub fn words(&self) -> String {
        let change = self.change.as_ref().map(|change| format!(": {change}")).unwrap_or_default();
        match self.origin {
            Origin::ThisTab => format!("written from this tab{change}"),
            Origin::OtherTab => format!("written from another tab of this browser{change}"),
            Origin::Stream => {
                let relay = if self.is_relayed { ", passed on by another tab" } else { "" };
                format!("heard over the stream{relay}{change}, by {}", self.who())
            }
            Origin::Schedule => format!("by the server's schedule{change}"),
            Origin::ByHand => "by hand".to_owned(),
            Origin::Time => "its time was over".to_owned(),
        }
    }

    /// Who did it. The stream names nobody: what no tab of this browser wrote is somebody else's, or was written elsewhere.
    pub fn who(&self) -> &'static str {
        match self.origin {
            Origin::ThisTab => "this tab",
            Origin::OtherTab => "another tab of this browser",
            Origin::Stream => "another person, or another device of yours",
            Origin::Schedule => "the server, because it was time",
            Origin::ByHand => "you, in the panel",
            Origin::Time => "nobody",
        }
    }
}

pub(super) fn told_in(event: &Event<Views>) -> Option<Told> {
    match event {
        Event::Invalidated { invalidation } => {
            Some(Told::of(invalidation.source, invalidation.label.clone(), invalidation.clock))
        }
        Event::Reset { clock, source } => Some(Told::of(*source, None, *clock)),
        Event::Marked { .. } | Event::Removed { .. } | Event::Cleared => Some(Told::by(Origin::ByHand)),
        Event::Read { .. }
        | Event::Prefetch { .. }
        | Event::Subscribe { .. }
        | Event::Unsubscribe { .. }
        | Event::Fetched { .. }
        | Event::Failed { .. }
        | Event::Hydrated { .. }
        | Event::Restored { .. }
        | Event::MutationBegun { .. }
        | Event::MutationConfirmed { .. }
        | Event::MutationFailed { .. }
        | Event::Focused
        | Event::Hidden
        | Event::Online
        | Event::Offline
        | Event::Resumed { .. }
        | Event::Requested { .. }
        | Event::Swept => None,
    }
}

/// What made the engine let go, with what the event at hand tells besides; nothing where nobody changed anything.
pub(super) fn told_by(cause: &Cause<Views>, telling: Option<Told>) -> Option<Told> {
    match cause {
        Cause::Tag { .. } | Cause::Group { .. } | Cause::Reset { .. } | Cause::ByHand => telling,
        Cause::Expired => Some(Told::by(Origin::Time)),
        Cause::Read
        | Cause::Subscribed
        | Cause::Prefetch
        | Cause::Resumed
        | Cause::Mutation(_)
        | Cause::Focus
        | Cause::Reconnect
        | Cause::Retry
        | Cause::Poll
        | Cause::Unused
        | Cause::Pressure
        | Cause::Hydration
        | Cause::Storage
        | Cause::Answer => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streamed(seq: u64) -> Told {
        Told::of(Source::Push, Some("post created (write a1)".into()), Some(Clock::new(1, seq)))
    }

    fn answered(seq: u64) -> Told {
        Told::of(Source::ThisTab, Some("add post".into()), Some(Clock::new(1, seq)))
    }

    /// What is known of the first after the second was heard of as well.
    fn known_after(mut first: Told, second: &Told) -> String {
        if first.is_same_change(second) {
            first.learn(second);
        }
        first.words()
    }

    #[test]
    fn what_this_tab_wrote_is_its_own_whether_the_stream_or_the_answer_is_faster() {
        let stream_first = known_after(streamed(7), &answered(7));
        let answer_first = known_after(answered(7), &streamed(7));

        assert_eq!(stream_first, "written from this tab: post created (write a1)");
        assert_eq!(answer_first, stream_first);
    }

    #[test]
    fn what_somebody_else_wrote_stays_theirs() {
        assert_eq!(
            known_after(streamed(7), &answered(8)),
            "heard over the stream: post created (write a1), by another person, or another device of yours"
        );
    }

    #[test]
    fn what_the_server_does_when_it_is_time_is_nobody_elses() {
        let upkeep = Told::of(Source::Schedule, Some("post edited (write a1)".into()), Some(Clock::new(1, 7)));

        assert_eq!(upkeep.words(), "by the server's schedule: post edited (write a1)");
        assert_eq!(upkeep.who(), "the server, because it was time");
    }

    #[test]
    fn what_has_no_position_is_the_same_as_nothing_else() {
        let unknown = Told::of(Source::ThisTab, None, None);

        assert!(!unknown.is_same_change(&unknown.clone()));
    }

    #[test]
    fn a_view_that_nobody_used_was_not_invalidated_and_one_whose_time_was_over_was() {
        assert_eq!(told_by(&Cause::Unused, Some(streamed(1))), None);
        assert_eq!(told_by(&Cause::Expired, None).map(|told| told.origin), Some(Origin::Time));
    }
}
