//! A network that is not there, or slow, for whoever develops: chosen in the debug panel, and over when the page is loaded anew.
//!
//! *Offline* holds for all that pages send: reads, and what is written as well. So the save states are the real ones: text is
//! kept on this device, as in a tunnel, and sent when the network is back. The stream of changes is closed, and other tabs
//! are not heard. *Slow* holds for the reads of views alone: what is written is never delayed. The requests of the debug
//! panel itself are sent as ever.

use std::cell::Cell;

/// What this tab pretends of the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Simulation {
    /// The network as it is.
    #[default]
    Off,
    /// Each answer to a read comes two seconds late.
    Slow,
    /// Nothing is sent.
    Offline,
}

/// By how much answers are late under [`Simulation::Slow`].
pub(super) const SLOW_MS: u32 = 2_000;

thread_local! {
    static SIMULATION: Cell<Simulation> = const { Cell::new(Simulation::Off) };
}

/// What is pretended now.
pub fn simulation() -> Simulation {
    SIMULATION.get()
}

/// Begins to pretend, and says what was pretended before.
pub(super) fn begin(simulation: Simulation) -> Simulation {
    SIMULATION.replace(simulation)
}
