//! Ages and sizes, short enough for a table.

/// `850 ms`, `12 s`, `3 min`, `1 h`: rounded down, so that nothing is said to be older than it is.
pub fn span(ms: u64) -> String {
    const SECOND: u64 = 1_000;
    const MINUTE: u64 = 60 * SECOND;
    const HOUR: u64 = 60 * MINUTE;
    match ms {
        0..SECOND => format!("{ms} ms"),
        SECOND..MINUTE => format!("{} s", ms / SECOND),
        MINUTE..HOUR => format!("{} min", ms / MINUTE),
        HOUR.. => format!("{} h", ms / HOUR),
    }
}

/// An age in a table: what is younger than a second is 0 s.
pub fn age(ms: u64) -> String {
    if ms < 1_000 { "0 s".to_owned() } else { span(ms) }
}

/// `812 B`, `12.4 kB`, `3.1 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => tenths(bytes, 1_000, "kB"),
        1_000_000.. => tenths(bytes, 1_000_000, "MB"),
    }
}

fn tenths(bytes: u64, unit: u64, name: &str) -> String {
    format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_rounded_down() {
        let cases = [(0, "0 ms"), (999, "999 ms"), (1_999, "1 s"), (179_999, "2 min"), (7_200_000, "2 h")];
        for (ms, expected) in cases {
            assert_eq!(span(ms), expected);
        }
        assert_eq!(age(999), "0 s");
    }

    #[test]
    fn sizes_have_one_decimal() {
        let cases = [(0, "0 B"), (999, "999 B"), (1_050, "1.0 kB"), (12_480, "12.4 kB"), (3_150_000, "3.1 MB")];
        for (bytes, expected) in cases {
            assert_eq!(size(bytes), expected);
        }
    }
}
