//! How many may listen: an open stream costs memory, so a server has so many places, and nobody takes them all.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use crate::{Error, config::RateLimits};

/// Streams of one server.
const OF_ALL: usize = 20_000;
/// Streams of one session. A browser needs one; older ones open one per tab.
const OF_SESSION: usize = 16;
/// Streams of one address, or of one household with IPv6: many people may share it.
const OF_ADDRESS: usize = 256;
/// When whoever has too many may try again.
const RETRY_SECS: u64 = 30;

/// Who listens.
pub(super) struct Places {
    limits: RateLimits,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    sessions: HashMap<Arc<str>, usize>,
    addresses: HashMap<IpAddr, usize>,
}

/// A place that is taken, until this is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    session: Option<Arc<str>>,
    address: IpAddr,
}

impl Places {
    pub(super) fn new(limits: RateLimits) -> Self {
        Places { limits, taken: Mutex::default() }
    }

    /// Takes a place.
    ///
    /// # Errors
    /// Says `Unavailable` when the server is full; refuses a session or an address that has its share.
    pub(super) fn take(self: &Arc<Self>, session: Option<Arc<str>>, address: IpAddr) -> Result<Place, Error> {
        let mut taken = self.taken();
        if taken.all >= OF_ALL {
            return Err(Error::Unavailable);
        }
        let of_session = session.as_ref().and_then(|session| taken.sessions.get(session)).copied().unwrap_or(0);
        let of_address = taken.addresses.get(&address).copied().unwrap_or(0);
        if self.limits == RateLimits::On && (of_session >= OF_SESSION || of_address >= OF_ADDRESS) {
            return Err(domain::Error::TooMany { retry_after_secs: RETRY_SECS }.into());
        }
        taken.all += 1;
        if let Some(session) = &session {
            *taken.sessions.entry(session.clone()).or_default() += 1;
        }
        *taken.addresses.entry(address).or_default() += 1;
        Ok(Place { places: self.clone(), session, address })
    }

    /// How many are taken.
    pub(super) fn count(&self) -> usize {
        self.taken().all
    }

    /// The sessions that listen.
    pub(super) fn sessions(&self) -> Vec<Arc<str>> {
        self.taken().sessions.keys().cloned().collect()
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().expect("nothing panics while it holds this lock")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        if let Some(session) = &self.session {
            give_back(&mut taken.sessions, session);
        }
        give_back(&mut taken.addresses, &self.address);
    }
}

/// Takes one off, and forgets whoever has none left.
fn give_back<K: Hash + Eq>(taken: &mut HashMap<K, usize>, who: &K) {
    if let Some(count) = taken.get_mut(who) {
        *count -= 1;
        if *count == 0 {
            taken.remove(who);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn address(last: u8) -> IpAddr {
        Ipv4Addr::new(192, 0, 2, last).into()
    }

    #[test]
    fn a_session_has_its_share_and_a_place_that_is_given_back_is_free() {
        let places = Arc::new(Places::new(RateLimits::On));
        let session: Arc<str> = "mira".into();
        let mut taken: Vec<_> =
            (0..OF_SESSION).map(|_| places.take(Some(session.clone()), address(1)).unwrap()).collect();

        let refused = places.take(Some(session.clone()), address(2));
        assert!(matches!(refused, Err(Error::Refused(domain::Error::TooMany { .. }))));
        assert!(places.take(Some("noor".into()), address(1)).is_ok());

        taken.pop();
        assert!(places.take(Some(session), address(2)).is_ok());
    }

    #[test]
    fn an_address_has_its_share() {
        let places = Arc::new(Places::new(RateLimits::On));
        let _taken: Vec<_> = (0..OF_ADDRESS).map(|_| places.take(None, address(1)).unwrap()).collect();

        assert!(matches!(places.take(None, address(1)), Err(Error::Refused(domain::Error::TooMany { .. }))));
        assert!(places.take(None, address(2)).is_ok());
    }

    #[test]
    fn a_full_server_says_so_whatever_the_limits_are() {
        let places = Arc::new(Places::new(RateLimits::Off));
        let taken: Vec<_> = (0..OF_ALL).map(|_| places.take(None, address(1)).unwrap()).collect();

        assert!(matches!(places.take(None, address(2)), Err(Error::Unavailable)));
        drop(taken);
        assert_eq!(places.taken().addresses.len(), 0);
        assert!(places.take(None, address(2)).is_ok());
    }
}
