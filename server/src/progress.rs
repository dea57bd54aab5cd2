//! How far a long command is: a bar on a terminal; in a pipe, a line now and then and one at the end. Both on stderr, so
//! that stdout holds the answer alone.

use std::{
    io::{self, IsTerminal, Write},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::Instant;

/// How long a pipe is left without a word.
const SILENCE: Duration = Duration::from_secs(10);

/// How far something is. All clones are the same progress.
#[derive(Clone)]
pub(crate) struct Progress {
    bar: ProgressBar,
    lines: Option<Arc<Lines>>,
}

/// What is said where there is no terminal.
struct Lines {
    what: &'static str,
    things: &'static str,
    total: Option<u64>,
    began: Instant,
    said: Mutex<Instant>,
}

impl Progress {
    /// Of doing `what` to `total` `things`.
    pub(crate) fn of(what: &'static str, things: &'static str, total: u64) -> Self {
        let bar = ProgressBar::new(total).with_prefix(what).with_message(things);
        Progress::shown(bar, "{prefix} {wide_bar} {pos}/{len} {msg} ({eta} left)", what, things, Some(total))
    }

    /// Of doing `what` for `duration`, counting `things`.
    pub(crate) fn lasting(what: &'static str, things: &'static str, duration: Duration) -> Self {
        let bar = ProgressBar::no_length().with_prefix(what).with_message(format!("{} s", duration.as_secs()));
        let form = format!("{{prefix}} {{wide_bar}} {{elapsed}}/{{msg}} {{pos}} {things} ({{per_sec}})");
        Progress::shown(bar, &form, what, things, None)
    }

    /// Of something that nobody watches.
    pub(crate) fn hidden() -> Self {
        Progress { bar: ProgressBar::hidden(), lines: None }
    }

    fn shown(bar: ProgressBar, form: &str, what: &'static str, things: &'static str, total: Option<u64>) -> Self {
        if let Ok(style) = ProgressStyle::with_template(form) {
            bar.set_style(style);
        }
        let began = Instant::now();
        let lines = Lines { what, things, total, began, said: Mutex::new(began) };
        Progress { bar, lines: (!io::stderr().is_terminal()).then(|| Arc::new(lines)) }
    }

    /// So many more are done.
    pub(crate) fn add(&self, more: u64) {
        self.bar.inc(more);
        let now = Instant::now();
        if let Some(lines) = self.lines.as_ref().filter(|lines| lines.is_due(now)) {
            say(&lines.line(self.bar.position(), now.duration_since(lines.began)));
        }
    }

    /// All is done, or nothing more will be.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
        if let Some(lines) = &self.lines {
            say(&lines.line(self.bar.position(), lines.began.elapsed()));
        }
    }
}

impl Lines {
    /// Was nothing said for a while? Then something is, now.
    fn is_due(&self, now: Instant) -> bool {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = now.duration_since(*said) >= SILENCE;
        if is_due {
            *said = now;
        }
        is_due
    }

    fn line(&self, done: u64, took: Duration) -> String {
        let Lines { what, things, .. } = self;
        let of = self.total.map(|total| format!(" of {total}")).unwrap_or_default();
        format!("{what}: {done}{of} {things} in {} s", took.as_secs())
    }
}

/// A line that nobody reads any more is no reason to stop.
fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(total: Option<u64>) -> Lines {
        let began = Instant::now();
        Lines { what: "Backup", things: "rows", total, began, said: Mutex::new(began) }
    }

    #[test]
    fn a_line_says_how_much_of_what_is_done_and_how_long_it_took() {
        let took = Duration::from_secs(12);

        assert_eq!(lines(Some(90)).line(40, took), "Backup: 40 of 90 rows in 12 s");
        assert_eq!(lines(None).line(40, took), "Backup: 40 rows in 12 s");
    }

    #[test]
    fn a_pipe_hears_something_every_ten_seconds_and_not_more_often() {
        let lines = lines(None);
        let at = |secs| lines.began + Duration::from_secs(secs);

        let due = [1, 9, 10, 11, 19, 20, 45].map(|secs| lines.is_due(at(secs)));

        assert_eq!(due, [false, false, true, false, false, true, true]);
    }
}
