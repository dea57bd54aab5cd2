//! Loads that are under way, so that concurrent misses of one view share one.
//!
//! A flight is known by its key *and* the epoch and the generations its readers saw. A reader that starts after a write
//! sees other generations, so it never joins a load from before. The epoch counts because a store that comes back with
//! an old copy of its data comes back with old generations, too.
//!
//! The first to come flies; the others wait for the landing. A load that fails or panics ends the flight without one:
//! then the first of those who wait flies anew.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use domain::{cache::Key, error::Entity};
use tokio::sync::watch;

use super::{entry::Answer, store::Generation};

/// What a load found, and when.
#[derive(Clone, Debug)]
pub(super) struct Landing {
    /// An answer, or that there is no such thing.
    pub(super) found: Result<Answer, Entity>,
    /// The last position of the log that the load saw.
    pub(super) position: u64,
}

/// What makes two loads the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Name {
    pub(super) key: Key,
    pub(super) epoch: u32,
    pub(super) generations: Vec<Generation>,
}

/// The loads under way.
#[derive(Clone, Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<Name, watch::Receiver<Option<Landing>>>>>);

/// A place in a flight.
pub(super) enum Seat {
    /// Loads, and lands for all.
    Pilot(Flight),
    Passenger(Passenger),
}

/// A load under way. Dropped, it is over, landed or not.
pub(super) struct Flight {
    flights: Flights,
    name: Name,
    landing: watch::Sender<Option<Landing>>,
}

/// One who waits for another's load.
pub(super) struct Passenger(watch::Receiver<Option<Landing>>);

impl Flights {
    /// Joins the load of this name, or begins it.
    pub(super) fn join(&self, name: &Name) -> Seat {
        let mut flights = self.flights();
        if let Some(landing) = flights.get(name) {
            return Seat::Passenger(Passenger(landing.clone()));
        }
        let (landing, passengers) = watch::channel(None);
        flights.insert(name.clone(), passengers);
        Seat::Pilot(Flight { flights: self.clone(), name: name.clone(), landing })
    }

    /// How many loads are under way.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.flights().len()
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<Name, watch::Receiver<Option<Landing>>>> {
        self.0.lock().expect("nothing panics while it holds this lock")
    }
}

impl Flight {
    /// What is loaded, and under which generations.
    pub(super) fn name(&self) -> &Name {
        &self.name
    }

    /// Tells all passengers, and those who still come while the flight lasts.
    pub(super) fn land(&self, landing: Landing) {
        self.landing.send_replace(Some(landing));
    }
}

impl Drop for Flight {
    /// The name goes first: who finds the flight over must not join it again.
    fn drop(&mut self) {
        self.flights.flights().remove(&self.name);
    }
}

impl Passenger {
    /// Waits for the landing; none if the load failed.
    pub(super) async fn landing(mut self) -> Option<Landing> {
        let landed = self.0.wait_for(Option::is_some).await.ok()?;
        landed.clone()
    }
}
