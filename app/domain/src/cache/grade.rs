//! Marks for the caches, as a school gives them: for how often they hit, for how fast they answer, and for both.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The shares of hits from which on there is an A, a B, a C and a D.
const HIT_RATES: [(f64, Grade); 4] = [(0.9, Grade::A), (0.8, Grade::B), (0.7, Grade::C), (0.5, Grade::D)];
/// The average durations, in milliseconds, below which there is an A, a B, a C and a D.
const SPEEDS_MS: [(f64, Grade); 4] = [(50.0, Grade::A), (100.0, Grade::B), (200.0, Grade::C), (500.0, Grade::D)];

/// A mark; the later, the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    A,
    B,
    C,
    D,
    F,
}

impl Grade {
    /// The mark for a share of hits, from 0 to 1: 0.9 is an A, 0.8 a B, 0.7 a C, 0.5 a D; less is an F.
    pub fn of_hit_rate(rate: f64) -> Self {
        HIT_RATES.into_iter().find(|(from, _)| rate >= *from).map_or(Grade::F, |(_, grade)| grade)
    }

    /// The mark for an average duration in milliseconds: below 50 is an A, below 100 a B, below 200 a C, below 500 a D;
    /// more is an F.
    pub fn of_speed(ms: f64) -> Self {
        SPEEDS_MS.into_iter().find(|(below, _)| ms < *below).map_or(Grade::F, |(_, grade)| grade)
    }

    /// The letter.
    pub fn as_str(self) -> &'static str {
        match self {
            Grade::A => "A",
            Grade::B => "B",
            Grade::C => "C",
            Grade::D => "D",
            Grade::F => "F",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How the caches are, in a word; the later, the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Condition {
    /// Nobody has read anything, so there is nothing to be said.
    NoTraffic,
    Excellent,
    Good,
    Fair,
    Poor,
}

impl Condition {
    /// The word for both marks: no better than the worse of them.
    pub fn of(hit_rate: Grade, speed: Grade) -> Self {
        match hit_rate.max(speed) {
            Grade::A => Condition::Excellent,
            Grade::B => Condition::Good,
            Grade::C | Grade::D => Condition::Fair,
            Grade::F => Condition::Poor,
        }
    }

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Condition::NoTraffic => "no traffic",
            Condition::Excellent => "excellent",
            Condition::Good => "good",
            Condition::Fair => "fair",
            Condition::Poor => "poor",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hit_rates_are_graded_at_nine_eight_seven_and_five_tenths() {
        let graded = [1.0, 0.9, 0.899, 0.8, 0.799, 0.7, 0.699, 0.5, 0.499, 0.0].map(Grade::of_hit_rate);

        assert_eq!(graded.map(Grade::as_str), ["A", "A", "B", "B", "C", "C", "D", "D", "F", "F"]);
    }

    #[test]
    fn speeds_are_graded_at_50_100_200_and_500_ms() {
        let graded = [0.0, 49.9, 50.0, 99.9, 100.0, 199.9, 200.0, 499.9, 500.0, 1e9].map(Grade::of_speed);

        assert_eq!(graded.map(Grade::as_str), ["A", "A", "B", "B", "C", "C", "D", "D", "F", "F"]);
    }

    #[test]
    fn what_is_no_number_gets_no_good_mark() {
        assert_eq!((Grade::of_hit_rate(f64::NAN), Grade::of_speed(f64::NAN)), (Grade::F, Grade::F));
    }

    #[test]
    fn the_word_is_no_better_than_the_worse_mark() {
        let words = [(Grade::A, Grade::A), (Grade::A, Grade::B), (Grade::C, Grade::A), (Grade::D, Grade::B)];

        let words = words.map(|(hit_rate, speed)| Condition::of(hit_rate, speed).as_str());

        assert_eq!(words, ["excellent", "good", "fair", "fair"]);
        assert_eq!(Condition::of(Grade::F, Grade::A), Condition::Poor);
        assert_eq!(Condition::of(Grade::A, Grade::F), Condition::Poor);
    }
}
