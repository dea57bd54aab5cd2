//! What a tab has heard of, and from where it goes on: the rules of the stream, without a stream.

use std::{cmp::Ordering, collections::VecDeque, fmt};

use domain::cache::Clock;

use crate::client::told::Told;

/// How many changes are remembered for tabs that have just opened.
const REMEMBERED: usize = 256;

/// From where a stream is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// From where nothing is missed.
    At(Clock),
    /// From now: there was nothing yet that a change could be missed for.
    Now,
    /// From two histories at once, such as before and after a restart of the server's store: nobody can say what is missed.
    Unknown,
}

impl fmt::Display for Start {
    /// As the server is asked for it. What is no position is answered with a reset; an empty one with no more than a ping.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Start::At(clock) => clock.fmt(f),
            Start::Now => Ok(()),
            Start::Unknown => f.write_str("unknown"),
        }
    }
}

/// What a tab that has just opened must be told.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Welcome {
    /// These changes, in this order.
    Changes(Vec<Told>),
    /// That it may have missed something.
    Reset(Option<Clock>),
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Hearing {
    /// Every change up to here was heard by this tab.
    heard: Option<Clock>,
    /// The changes after `since`, the oldest first.
    recent: VecDeque<(Clock, Told)>,
    /// None before the stream has said where it stands, unless it was asked for from a position.
    since: Option<Clock>,
}

impl Hearing {
    /// A tab whose page was read at `read`.
    pub(super) fn new(read: Option<Clock>) -> Self {
        Hearing { heard: read, ..Hearing::default() }
    }

    /// Every change up to here was heard by this tab.
    pub(super) fn heard(&self) -> Option<Clock> {
        self.heard
    }

    /// From where to ask for a stream. `stored`: up to where what is stored is known to be right; it may be older than
    /// what is on the page.
    pub(super) fn start(&mut self, stored: Option<Clock>) -> Start {
        let start = match (stored, self.heard) {
            (Some(stored), Some(heard)) => match stored.partial_cmp(&heard) {
                Some(Ordering::Less) => Start::At(stored),
                Some(Ordering::Equal | Ordering::Greater) => Start::At(heard),
                None => Start::Unknown,
            },
            (stored, heard) => stored.or(heard).map_or(Start::Now, Start::At),
        };
        self.recent.clear();
        self.since = if let Start::At(clock) = start { Some(clock) } else { None };
        start
    }

    /// The stream was let go of: from now on something may be missed.
    pub(super) fn pause(&mut self) {
        self.recent.clear();
        self.since = None;
    }

    /// The stream told of a change.
    pub(super) fn changed(&mut self, clock: Clock, told: Told) {
        if self.recent.len() == REMEMBERED {
            self.since = self.recent.pop_front().map(|(clock, _)| clock);
        }
        self.recent.push_back((clock, told));
        self.note(clock);
    }

    /// The stream said that something may have been missed before `clock`.
    pub(super) fn reset(&mut self, clock: Option<Clock>) {
        self.recent.clear();
        self.since = clock;
        self.heard = clock;
    }

    /// The stream said that nothing else happened up to `clock`. Answers whether something may have been missed before it
    /// was opened: it began from now, and what was read meanwhile was read before.
    #[must_use]
    pub(super) fn pinged(&mut self, clock: Clock) -> bool {
        let is_first = self.since.is_none();
        if is_first {
            self.reset(Some(clock));
        } else {
            self.note(clock);
        }
        is_first
    }

    fn note(&mut self, clock: Clock) {
        self.heard = Some(self.heard.map_or(clock, |heard| heard.later(clock)));
    }

    /// What another tab must be told whose page was read at `clock`; nothing before it is known where the stream stands.
    pub(super) fn welcome(&self, clock: Clock) -> Option<Welcome> {
        if self.since? <= clock {
            let is_new = |at: &Clock| clock.partial_cmp(at).is_none_or(Ordering::is_lt);
            let new = self.recent.iter().filter(|(at, _)| is_new(at)).map(|(_, told)| told.clone());
            Some(Welcome::Changes(new.collect()))
        } else {
            Some(Welcome::Reset(self.heard))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seq: u64) -> Clock {
        Clock::new(1, seq)
    }

    /// After the server's store has begun anew.
    fn anew(seq: u64) -> Clock {
        Clock::new(2, seq)
    }

    fn told(label: &str) -> Told {
        Told { label: label.to_owned(), ..Told::default() }
    }

    #[test]
    fn a_stream_goes_on_from_the_older_of_what_is_shown_and_what_is_stored() {
        assert_eq!(Hearing::new(Some(at(5))).start(Some(at(3))), Start::At(at(3)));
        assert_eq!(Hearing::new(Some(at(3))).start(Some(at(5))), Start::At(at(3)));
        assert_eq!(Hearing::new(None).start(Some(at(5))), Start::At(at(5)));
        assert_eq!(Hearing::new(Some(at(3))).start(None), Start::At(at(3)));
    }

    #[test]
    fn what_is_stored_from_another_history_asks_for_a_reset() {
        let mut hearing = Hearing::new(Some(anew(501)));

        let start = hearing.start(Some(at(500)));

        assert_eq!(start, Start::Unknown);
        assert!(start.to_string().parse::<Clock>().is_err() && !start.to_string().is_empty(), "no position");
        hearing.reset(Some(anew(502)));
        assert_eq!(hearing.start(Some(anew(502))), Start::At(anew(502)));
    }

    #[test]
    fn what_was_read_before_a_stream_without_a_position_may_have_missed_something() {
        let mut hearing = Hearing::new(None);
        assert_eq!(hearing.start(None), Start::Now);

        assert!(hearing.pinged(at(7)), "the first word is a reset");
        assert!(!hearing.pinged(at(8)), "the next is not");

        assert_eq!(hearing.heard(), Some(at(8)));
    }

    #[test]
    fn the_first_ping_of_a_stream_that_goes_on_is_no_reset() {
        let mut hearing = Hearing::new(Some(at(3)));
        hearing.start(None);

        assert!(!hearing.pinged(at(7)));

        assert_eq!(hearing.heard(), Some(at(7)));
    }

    #[test]
    fn a_stream_that_is_opened_again_goes_on_from_what_was_heard() {
        let mut hearing = Hearing::new(Some(at(3)));
        hearing.start(None);
        hearing.changed(at(4), told("post liked"));

        assert_eq!(hearing.start(Some(at(4))), Start::At(at(4)));
    }

    #[test]
    fn a_new_tab_is_told_what_changed_since_its_page_was_read() {
        let mut hearing = Hearing::new(Some(at(3)));
        hearing.start(None);
        hearing.changed(at(4), told("first"));
        hearing.changed(at(6), told("second"));

        assert_eq!(hearing.welcome(at(4)), Some(Welcome::Changes(vec![told("second")])));
        assert_eq!(hearing.welcome(at(3)), Some(Welcome::Changes(vec![told("first"), told("second")])));
        assert_eq!(hearing.welcome(at(2)), Some(Welcome::Reset(Some(at(6)))), "it is older than what is remembered");
        assert_eq!(hearing.welcome(anew(9)), Some(Welcome::Reset(Some(at(6)))), "it is of another history");
    }

    #[test]
    fn what_is_remembered_for_new_tabs_has_a_bound() {
        let mut hearing = Hearing::new(Some(at(0)));
        hearing.start(None);
        for seq in 1..=300 {
            hearing.changed(at(seq), told(""));
        }

        assert_eq!(hearing.welcome(at(43)), Some(Welcome::Reset(Some(at(300)))));
        let Some(Welcome::Changes(changes)) = hearing.welcome(at(44)) else { panic!("44 is remembered") };
        assert_eq!(changes.len(), REMEMBERED);
    }

    #[test]
    fn nobody_is_welcomed_before_it_is_known_where_the_stream_stands() {
        let mut hearing = Hearing::new(None);
        hearing.start(None);

        assert_eq!(hearing.welcome(at(3)), None);
    }
}
