//! How often a person, or an address, may do a thing.
//!
//! Limits live in the memory of one server and are a courtesy among guests, not a wall: passwords have a queue of their
//! own. Whoever asks is hashed, with a seed of this process, into one of about a million places; so no flood of
//! made-up names or addresses can make the tables grow without bound.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use domain::Error;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::config::RateLimits;

/// Something that may be done only so often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Trying a password, per account and address.
    LogIn,
    /// Making an account, per address.
    SignUp,
    /// Writing a post, per person.
    Post,
    /// Writing a reply, per person.
    Reply,
    /// Clicking a heart, per person.
    Like,
    /// Saving a scene, by hand or by itself, per person. The browser keeps the text and tries again.
    SaveScene,
    /// Sending what a browser counted, per address.
    ReportMetrics,
}

impl Action {
    /// Every action; each has a table.
    const ALL: [Action; 7] = [
        Action::LogIn,
        Action::SignUp,
        Action::Post,
        Action::Reply,
        Action::Like,
        Action::SaveScene,
        Action::ReportMetrics,
    ];

    /// How many at once, and in how many seconds that many are allowed again.
    fn allowance(self) -> (u32, u64) {
        match self {
            Action::LogIn => (5, 20),
            Action::SignUp => (5, 3_600),
            Action::Post => (5, 600),
            Action::Reply => (10, 60),
            Action::Like | Action::SaveScene | Action::ReportMetrics => (60, 60),
        }
    }
}

/// The tables of who did what of late, or none when limits are switched off. Clones share the tables.
#[derive(Clone, Debug)]
pub(crate) struct Limits(Option<Arc<[Table]>>);

impl Limits {
    /// Empty tables, or none.
    pub(crate) fn new(limits: RateLimits) -> Self {
        Limits(match limits {
            RateLimits::On => Some(Arc::new(Action::ALL.map(Table::new))),
            RateLimits::Off => None,
        })
    }

    /// Counts one `action` of `who`.
    ///
    /// # Errors
    /// Refuses with `TooMany` when it comes too soon; a refused attempt does not count.
    pub(crate) fn check(&self, action: Action, who: impl Hash) -> Result<(), Error> {
        let table = self.0.iter().flat_map(|tables| tables.iter()).find(|table| table.action == action);
        table.map_or(Ok(()), |table| table.check(who))
    }
}

#[derive(Debug)]
struct Table {
    action: Action,
    limiter: DefaultKeyedRateLimiter<u32>,
    clock: DefaultClock,
    seed: RandomState,
    checks: AtomicU32,
}

impl Table {
    /// Places for those who ask. Two strangers share one with a chance of one in a million.
    const PLACES: u64 = 1 << 20;
    /// After how many checks the table forgets those who have long been quiet.
    const SWEEP_EVERY: u32 = 1_024;

    fn new(action: Action) -> Self {
        let (burst, seconds) = action.allowance();
        let burst = NonZeroU32::new(burst).expect("every allowance is at least one");
        let quota = Quota::with_period(Duration::from_secs(seconds) / burst.get())
            .expect("no allowance is for no time")
            .allow_burst(burst);
        Table {
            action,
            limiter: RateLimiter::keyed(quota),
            clock: DefaultClock::default(),
            seed: RandomState::new(),
            checks: AtomicU32::new(0),
        }
    }

    fn check(&self, who: impl Hash) -> Result<(), Error> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % Self::SWEEP_EVERY == Self::SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let place = u32::try_from(self.seed.hash_one(who) % Self::PLACES).unwrap_or(u32::MAX);
        self.limiter.check_key(&place).map_err(|refusal| {
            let wait = refusal.wait_time_from(self.clock.now());
            // Rounded up: whoever waits that long is let in.
            Error::TooMany { retry_after_secs: wait.as_secs() + 1 }
        })
    }
}

/// The part of an address that one household shares: a whole IPv4 address, the first half of an IPv6 one.
///
/// Anyone with IPv6 has 2⁶⁴ addresses to choose from, so the second half tells nothing.
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_post_in_a_row_must_wait_and_says_how_long() {
        let limits = Limits::new(RateLimits::On);

        for _ in 0..5 {
            assert_eq!(limits.check(Action::Post, "mira"), Ok(()));
        }

        let Err(Error::TooMany { retry_after_secs }) = limits.check(Action::Post, "mira") else {
            panic!("the sixth post was let through");
        };
        assert!((1..=121).contains(&retry_after_secs), "{retry_after_secs}");
    }

    #[test]
    fn one_person_does_not_use_up_what_another_may_do() {
        let limits = Limits::new(RateLimits::On);
        while limits.check(Action::Post, "mira").is_ok() {}

        assert_eq!(limits.check(Action::Post, "noor"), Ok(()));
        assert_eq!(limits.check(Action::Reply, "mira"), Ok(()));
    }

    #[test]
    fn switched_off_nothing_is_counted() {
        let limits = Limits::new(RateLimits::Off);

        assert!((0..1_000).all(|_| limits.check(Action::SignUp, "mira").is_ok()));
    }

    #[test]
    fn addresses_of_one_household_are_one() {
        let of = |text: &str| household(text.parse().expect("an address"));

        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }
}
