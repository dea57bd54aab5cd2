//! Loads that are under way, so that concurrent misses of one view share one.
//!
//! A flight is known by its key *and* the epoch and the generations its readers saw. A reader that starts after a write
//! sees other generations, so it never joins a load from before. The epoch counts because a store that comes back with
//! an old copy of its data comes back with old generations, too.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, Weak},
};

use domain::cache::Key;
use tokio::sync::OnceCell;

use super::{entry::Answer, store::Generation};

type Name = (Key, u32, Vec<Generation>);
type Cell = OnceCell<Answer>;

/// The loads under way.
#[derive(Default)]
pub(super) struct Flights(Mutex<HashMap<Name, Weak<Cell>>>);

/// A place in a load. The one that is let in first loads; if it goes, or fails, the next one does.
pub(super) struct Seat<'a> {
    flights: &'a Flights,
    name: Name,
    cell: Option<Arc<Cell>>,
}

impl Flights {
    /// Joins the load of `key` under `generations` of `epoch`, or begins it.
    pub(super) fn join(&self, key: &Key, epoch: u32, generations: &[Generation]) -> Seat<'_> {
        let name = (key.clone(), epoch, generations.to_vec());
        let mut flights = self.0.lock().expect("nothing panics while it holds this lock");
        let cell = flights.get(&name).and_then(Weak::upgrade).unwrap_or_else(|| {
            let cell = Arc::new(Cell::new());
            flights.insert(name.clone(), Arc::downgrade(&cell));
            cell
        });
        Seat { flights: self, name, cell: Some(cell) }
    }

    /// How many loads are under way.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl Seat<'_> {
    /// Where the answer will be.
    pub(super) fn cell(&self) -> &Cell {
        self.cell.as_ref().expect("a seat has its cell until it is dropped")
    }
}

impl Drop for Seat<'_> {
    /// The last to leave takes the flight's name away.
    fn drop(&mut self) {
        let mut flights = self.flights.0.lock().expect("nothing panics while it holds this lock");
        self.cell = None;
        if flights.get(&self.name).is_some_and(|cell| cell.strong_count() == 0) {
            flights.remove(&self.name);
        }
    }
}
