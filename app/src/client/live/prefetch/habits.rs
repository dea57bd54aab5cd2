//! Where a visitor usually goes next: how often each step from page to page was taken, and nothing else.

use serde::{Deserialize, Serialize};

/// How many steps are remembered; the rarest go first.
const STEPS: usize = 100;
/// A step is likely when it was at least this share of all steps from its page…
const LIKELY_PERCENT: u32 = 30;
/// …and was taken at least so often.
const OFTEN: u32 = 2;

/// How often each step was taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Habits {
    /// From, to, how often.
    steps: Vec<(String, String, u32)>,
}

impl Habits {
    /// Notes a step.
    pub(super) fn note(&mut self, from: &str, to: &str) {
        match self.steps.iter_mut().find(|(a, b, _)| a == from && b == to) {
            Some((_, _, count)) => *count = count.saturating_add(1),
            None => self.steps.push((from.to_owned(), to.to_owned(), 1)),
        }
        if self.steps.len() > STEPS {
            // All fade, so that what was usual long ago gives way to what is usual now.
            self.steps.iter_mut().for_each(|(_, _, count)| *count /= 2);
            self.steps.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
            self.steps.truncate(STEPS / 2);
        }
    }

    /// Where the visitor is likely to go from `here`.
    pub(super) fn likely_after(&self, here: &str) -> Option<&str> {
        let steps = || self.steps.iter().filter(|(from, ..)| from == here);
        let all: u32 = steps().map(|(_, _, count)| count).sum();
        let (_, to, count) = steps().max_by_key(|(_, _, count)| count)?;
        (*count >= OFTEN && count.saturating_mul(100) >= all.saturating_mul(LIKELY_PERCENT)).then_some(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_is_taken_again_and_again_is_expected() {
        let mut habits = Habits::default();
        habits.note("/novels", "/novels/a");
        assert_eq!(habits.likely_after("/novels"), None, "once is no habit");

        habits.note("/novels", "/novels/a");
        habits.note("/novels", "/community");

        assert_eq!(habits.likely_after("/novels"), Some("/novels/a"));
        assert_eq!(habits.likely_after("/community"), None);
    }

    #[test]
    fn who_goes_everywhere_is_not_foreseen() {
        let mut habits = Habits::default();
        for page in ["/a", "/b", "/c", "/d"] {
            habits.note("/", page);
            habits.note("/", page);
        }
        assert_eq!(habits.likely_after("/"), None, "a quarter is not likely");
    }

    #[test]
    fn habits_stay_small_and_old_ones_fade() {
        let mut habits = Habits::default();
        for _ in 0..8 {
            habits.note("/old", "/usual");
        }
        for page in 0..1_000 {
            habits.note("/new", &format!("/{page}"));
        }
        assert!(habits.steps.len() <= STEPS);
    }
}
