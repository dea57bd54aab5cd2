//! Numbers as people read them.

use chrono::{DateTime, Utc};
use domain::cache::TimeRange;

use crate::components::count::grouped;

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Share,
    Millis,
    Count,
}

/// In place of a number that is not there.
pub const NONE: &str = "–";

impl Unit {
    /// A value, with its unit.
    pub fn text(self, value: f64) -> String {
        match self {
            Unit::Share => percent(value),
            Unit::Millis => millis(value),
            Unit::Count => format!("{value:.0}"),
        }
    }

    /// The same, or the sign that there is none.
    pub fn text_or_none(self, value: Option<f64>) -> String {
        value.map_or_else(|| NONE.to_owned(), |value| self.text(value))
    }
}

/// `83.3 %`, `100 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let tenths = format!("{percent:.1}");
    format!("{} %", tenths.strip_suffix(".0").unwrap_or(&tenths))
}

/// `0.42 ms`, `12.5 ms`, `250 ms`.
pub fn millis(ms: f64) -> String {
    match ms {
        _ if ms < 10.0 => format!("{ms:.2} ms"),
        _ if ms < 100.0 => format!("{ms:.1} ms"),
        _ => format!("{ms:.0} ms"),
    }
}

/// `12,408`.
pub fn count(count: u64) -> String {
    grouped(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The beginning of a step, as short as its range allows.
pub fn step(start: DateTime<Utc>, range: TimeRange) -> String {
    let form = match range {
        TimeRange::Hour | TimeRange::SixHours | TimeRange::Day => "%H:%M",
        TimeRange::Week | TimeRange::Month | TimeRange::All => "%-d %b",
    };
    start.format(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_as_many_digits_as_say_something() {
        assert_eq!([0.0, 0.8333, 1.0, 0.005].map(percent), ["0 %", "83.3 %", "100 %", "0.5 %"]);
        assert_eq!([0.0, 1.254, 12.54, 254.4].map(millis), ["0.00 ms", "1.25 ms", "12.5 ms", "254 ms"]);
        assert_eq!(count(12_408), "12,408");
        assert_eq!(Unit::Count.text_or_none(None), NONE);
    }

    #[test]
    fn a_step_of_hours_has_a_time_and_a_longer_one_a_date() {
        let start = "2026-03-04T05:30:00Z".parse().unwrap();
        assert_eq!([TimeRange::Day, TimeRange::Week].map(|range| step(start, range)), ["05:30", "4 Mar"]);
    }
}
