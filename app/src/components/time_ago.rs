//! When something happened.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::client::now_ms;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A date; in the browser, what is recent becomes "3 hours ago". The exact time is one hover away.
///
/// The server and the first rendering in the browser must agree, and only the date is the same for both.
#[component]
pub fn TimeAgo(at: DateTime<Utc>) -> impl IntoView {
    let date = at.format("%-d %B %Y").to_string();
    let recent = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        let now_secs = i64::try_from(now_ms() / 1_000).unwrap_or_default();
        recent.set(relative(now_secs - at.timestamp()));
    });
    let words = move || recent.get().unwrap_or_else(|| date.clone());

    view! {
        <time datetime=at.to_rfc3339() title=at.format("%-d %B %Y, %H:%M UTC").to_string()>
            {words}
        </time>
    }
}

/// How long ago, in words, while that says more than a date. Clocks differ: the near future is "just now".
fn relative(age_secs: i64) -> Option<String> {
    let ago = |count: i64, unit: &str| Some(format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" }));
    match age_secs {
        ..-300 => None,
        -300..MINUTE => Some("just now".to_owned()),
        MINUTE..HOUR => ago(age_secs / MINUTE, "minute"),
        HOUR..DAY => ago(age_secs / HOUR, "hour"),
        _ if age_secs < 7 * DAY => ago(age_secs / DAY, "day"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recent_times_are_told_in_words_and_old_ones_by_their_date() {
        let cases = [
            (-10, Some("just now")),
            (59, Some("just now")),
            (60, Some("1 minute ago")),
            (3 * HOUR + 5, Some("3 hours ago")),
            (6 * DAY, Some("6 days ago")),
            (7 * DAY, None),
            (-DAY, None),
        ];
        for (age, words) in cases {
            assert_eq!(relative(age).as_deref(), words, "{age}");
        }
    }
}
