//! What failed is asked for again: after a second, then after two, four, eight, sixteen; then not until somebody asks, the
//! person comes back or the network returns. While the page is hidden or offline, retries wait for that.

use super::Engine;
use crate::{Catalog, Effect, FetchId, Retry};

/// Tries after the first that failed.
const TRIES: u8 = 5;
/// Before the first of them; doubled for each other.
const FIRST_MS: u64 = 1_000;
const LONGEST_MS: u64 = 30_000;

/// The failures of a view that is mounted.
#[derive(Clone, Copy, Default)]
pub(super) struct Tries {
    /// In a row.
    pub(super) failures: u8,
    /// The next one.
    pub(super) at_ms: Option<u64>,
}

impl<A: Catalog> Engine<A> {
    pub(super) fn failed(&mut self, key: &A::Key, fetch: FetchId, retry: Retry, now_ms: u64) {
        if self.land(key, fetch, now_ms).is_some() {
            self.give_up(key, retry, now_ms);
        }
    }

    /// Tells those who wait that there is no answer, and plans the next try where one makes sense.
    pub(super) fn give_up(&mut self, key: &A::Key, retry: Retry, now_ms: u64) {
        let seed = self.jitter ^ self.last_fetch;
        let Some(slot) = self.slot(key) else { return };
        let again = retry == Retry::Later && slot.is_mounted() && slot.tries.failures < TRIES;
        slot.tries = if again {
            let at_ms = now_ms.saturating_add(delay_ms(slot.tries.failures, seed));
            Tries { failures: slot.tries.failures + 1, at_ms: Some(at_ms) }
        } else {
            Tries::default()
        };
        let wasted = std::mem::take(&mut slot.prefetched);
        let retry_at_ms = slot.tries.at_ms.map(|at_ms| self.time.shell_ms(at_ms));
        self.prefetching.counts.wasted += u64::from(wasted);
        self.effects.push(Effect::Failed { key: key.clone(), retry_at_ms });
    }
}

/// How long to wait after so many failures: doubled each time, and up to a quarter longer, so that the browsers of many
/// people do not come back at the same moment.
fn delay_ms(failures: u8, seed: u64) -> u64 {
    let delay_ms = FIRST_MS.checked_shl(u32::from(failures)).map_or(LONGEST_MS, |delay_ms| delay_ms.min(LONGEST_MS));
    delay_ms + scattered(seed) % (delay_ms / 4 + 1)
}

/// A number that has little to do with its neighbours (the finalizer of `SplitMix64`).
fn scattered(seed: u64) -> u64 {
    let mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
