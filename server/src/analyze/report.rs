//! An analysis, for people.

use std::fmt;

use domain::cache::{Grade, TimeRange};

use super::analysis::{Analysis, Invalidated, Marks};

impl fmt::Display for Analysis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The caches in {}: {}", words(self.time_range), self.condition.as_str())?;
        if self.reads > 0 {
            let (hits, speed) = (self.hit_rate, self.average_duration);
            writeln!(f, "  hit rate  {}  {:.1} % of {} reads", hits.grade, hits.value * 100.0, self.reads)?;
            writeln!(f, "  speed     {}  {:.1} ms on average, P95 {:.1} ms", speed.grade, speed.value, self.p95)?;
        }
        table(f, "Layers", &self.layers)?;
        table(f, "Read most, by kind of view", &self.top)?;
        table(f, "Cold: fewer than half were hits", &self.cold)?;
        if !self.over_invalidated.is_empty() {
            writeln!(f, "\nWritten more often than what depends on it was read, by kind of tag")?;
            for Invalidated { name, invalidations, reads } in &self.over_invalidated {
                writeln!(f, "  {name:<20} {invalidations:>8} invalidations {reads:>8} reads")?;
            }
        }
        writeln!(f, "\nAdvice")?;
        self.advice.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

fn table(f: &mut fmt::Formatter<'_>, head: &str, rows: &[Marks]) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{head}")?;
    writeln!(
        f,
        "  {:<14} {:>8} {:>11} {:>13} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "", "reads", "hit rate", "average ms", "misses", "passed", "stored", "warmed", "dropped", "errors"
    )?;
    for Marks { name, reads, hit_rate_grade, speed_grade, figures } in rows {
        let hits = marked(*hit_rate_grade, figures.hit_rate * 100.0);
        let speed = marked(*speed_grade, figures.average_duration);
        let counts =
            [figures.misses, figures.bypasses, figures.sets, figures.warmed, figures.invalidations, figures.errors];
        let counts: String = counts.iter().map(|count| format!(" {count:>8}")).collect();
        writeln!(f, "  {name:<14} {reads:>8} {hits:>11} {speed:>13}{counts}")?;
    }
    Ok(())
}

/// A number with its mark; nothing where there is none.
fn marked(grade: Option<Grade>, value: f64) -> String {
    grade.map_or_else(|| "-".to_owned(), |grade| format!("{value:.1} {grade}"))
}

fn words(range: TimeRange) -> &'static str {
    match range {
        TimeRange::Hour => "the last hour",
        TimeRange::SixHours => "the last 6 hours",
        TimeRange::Day => "the last 24 hours",
        TimeRange::Week => "the last 7 days",
        TimeRange::Month => "the last 30 days",
        TimeRange::All => "all of the time that was counted",
    }
}
