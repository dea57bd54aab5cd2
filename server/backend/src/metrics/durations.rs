//! How long things took.

use hdrhistogram::Histogram;

/// The longest duration that is told apart, in microseconds; what took longer counts as this.
const MAX_US: u64 = 60_000_000;
/// Two significant digits: a percentile is off by less than one in a hundred.
const DIGITS: u8 = 2;

/// A histogram of durations in microseconds.
#[derive(Clone, Debug)]
pub(crate) struct Durations(Histogram<u64>);

impl Default for Durations {
    fn default() -> Self {
        Durations(Histogram::new_with_bounds(1, MAX_US, DIGITS).expect("the bounds are in order"))
    }
}

impl Durations {
    /// Counts a duration `count` times.
    pub(super) fn record(&mut self, duration_us: u64, count: u64) {
        self.0.saturating_record_n(duration_us.clamp(1, MAX_US), count);
    }

    /// Adds another histogram, as it was stored.
    pub(super) fn add(&mut self, pairs: &[(u64, u64)]) {
        pairs.iter().for_each(|(duration_us, count)| self.record(*duration_us, *count));
    }

    /// Each duration and how often it was counted: the stored form.
    pub(super) fn pairs(&self) -> Vec<(u64, u64)> {
        self.0.iter_recorded().map(|step| (step.value_iterated_to(), step.count_at_value())).collect()
    }

    /// The duration, in milliseconds, within which this share of all was done; 0 if there were none.
    pub(super) fn quantile_ms(&self, share: f64) -> f64 {
        if self.0.is_empty() { 0.0 } else { millis(self.0.value_at_quantile(share)) }
    }
}

/// Microseconds as milliseconds.
pub(super) fn millis(us: u64) -> f64 {
    std::time::Duration::from_micros(us).as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_and_added_up_it_says_the_same() {
        let (mut whole, mut added) = (Durations::default(), Durations::default());
        for part in 0..3_u64 {
            let mut server = Durations::default();
            for n in 0..1_000 {
                let duration_us = n * n + part;
                server.record(duration_us, 1);
                whole.record(duration_us, 1);
            }
            added.add(&server.pairs());
        }

        for share in [0.0, 0.5, 0.95, 0.99, 1.0] {
            assert!((whole.quantile_ms(share) - added.quantile_ms(share)).abs() < f64::EPSILON, "{share}");
        }
    }

    #[test]
    fn percentiles_are_within_one_in_a_hundred() {
        let mut durations = Durations::default();
        (1..=10_000).for_each(|n| durations.record(n * 10, 1));

        for (share, ms) in [(0.5, 50.0), (0.95, 95.0), (0.99, 99.0)] {
            assert!(
                (durations.quantile_ms(share) / ms - 1.0).abs() < 0.01,
                "{share}: {}",
                durations.quantile_ms(share)
            );
        }
        assert!(Durations::default().quantile_ms(0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn what_took_longer_than_is_told_apart_is_counted_all_the_same() {
        let mut durations = Durations::default();
        durations.record(u64::MAX, 2);
        durations.record(0, 1);

        assert_eq!(durations.pairs().iter().map(|(_, count)| count).sum::<u64>(), 3);
        assert!(durations.quantile_ms(1.0) >= 60_000.0);
    }
}
