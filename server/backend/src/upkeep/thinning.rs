//! Revisions are thinned out as they grow old: all for 24 hours, then the last of each hour for thirty days, then the
//! last of each day. Those with a name, from a conflict or of a publication stay for ever.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::{PORTION, span};
use crate::{Backend, Error};

/// Of how long a time one revision is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Hour,
    Day,
}

impl Unit {
    /// Before which time only the last revision of each unit is kept. It lies between two units: of one that is not
    /// over yet nobody knows the last.
    fn limit(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let (age, length) = match self {
            Unit::Hour => (TimeDelta::hours(24), TimeDelta::hours(1)),
            Unit::Day => (TimeDelta::days(30), TimeDelta::days(1)),
        };
        (now - age).duration_trunc(length).expect("an hour and a day divide every time of these centuries")
    }
}

impl Backend {
    /// Removes the revisions that need not be kept any longer. The newest of a scene, which is its present text, is the
    /// last of its hour and its day and so always stays.
    pub(super) async fn thin_out(&self, now: DateTime<Utc>) -> Result<u64, Error> {
        let database = self.database.kind();
        let mut gone = 0;
        for unit in [Unit::Hour, Unit::Day] {
            let ranked = format!(
                "SELECT scene_id, seq, ROW_NUMBER() OVER (PARTITION BY scene_id, {} ORDER BY seq DESC) AS place
                 FROM scene_revisions WHERE kind NOT IN ('named', 'conflict', 'publish') AND created_at < $1",
                span(database, unit)
            );
            let delete = format!(
                "DELETE FROM scene_revisions WHERE (scene_id, seq) IN
                 (SELECT scene_id, seq FROM ({ranked}) AS ranked WHERE place > 1 LIMIT {PORTION})"
            );
            gone += self.in_portions(&delete, unit.limit(now)).await?;
        }
        Ok(gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_last_24_hours_and_no_unit_in_half_is_thinned() {
        let now: DateTime<Utc> = "2026-03-31T12:34:56Z".parse().expect("a time");

        assert_eq!(Unit::Hour.limit(now).to_rfc3339(), "2026-03-30T12:00:00+00:00");
        assert_eq!(Unit::Day.limit(now).to_rfc3339(), "2026-03-01T00:00:00+00:00");
    }
}
