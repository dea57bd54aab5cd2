//! The newest of many clocks, where not all clocks can be compared.

/// How many clocks that cannot be compared are kept side by side. Epochs are few in a session.
const WIDTH: usize = 4;

/// A bound that a value must reach: the newest clocks seen, none of which is before another.
#[derive(Clone, Debug)]
pub(crate) struct Frontier<C> {
    clocks: Vec<C>,
    /// Something happened that no clock can prove to be behind it.
    closed: bool,
}

impl<C> Default for Frontier<C> {
    fn default() -> Self {
        Self { clocks: Vec::new(), closed: false }
    }
}

impl<C: PartialOrd> Frontier<C> {
    /// Adds an event. Without a clock, nothing is provably newer.
    pub(crate) fn raise(&mut self, clock: Option<&C>)
    where
        C: Clone,
    {
        match clock {
            Some(clock) => self.raise_to(clock.clone()),
            None => self.closed = true,
        }
    }

    /// Adds every event of another frontier.
    pub(crate) fn merge(&mut self, other: Self) {
        self.closed |= other.closed;
        for clock in other.clocks {
            self.raise_to(clock);
        }
    }

    /// Whether `clock` is provably at or after every event.
    pub(crate) fn admits(&self, clock: &C) -> bool {
        !self.closed && self.clocks.iter().all(|event| clock >= event)
    }

    /// Whether `clock` is provably before an event.
    pub(crate) fn outdates(&self, clock: &C) -> bool {
        self.clocks.iter().any(|event| clock < event)
    }

    fn raise_to(&mut self, clock: C) {
        if self.clocks.iter().any(|event| *event >= clock) {
            return;
        }
        self.clocks.retain(|event| event.partial_cmp(&clock).is_none());
        self.clocks.push(clock);
        if self.clocks.len() > WIDTH {
            self.clocks.remove(0);
            self.closed = true;
        }
    }
}
