//! A time that never runs backwards.

/// The shell's time, made steady: where the device's clock is set back, it stands still for a moment and goes on from
/// there. So nothing that is due in a minute waits for an hour because somebody corrected a clock.
#[derive(Default)]
pub(super) struct Time {
    latest_ms: u64,
    /// What is added to the shell's time.
    skew_ms: u64,
}

impl Time {
    /// Takes the shell's time and returns ours.
    pub(super) fn advance(&mut self, shell_ms: u64) -> u64 {
        let ahead_ms = self.latest_ms.saturating_sub(shell_ms.saturating_add(self.skew_ms));
        self.skew_ms = self.skew_ms.saturating_add(ahead_ms);
        self.latest_ms = shell_ms.saturating_add(self.skew_ms);
        self.latest_ms
    }

    /// Our time at the shell's time, for whoever only looks.
    pub(super) fn at(&self, shell_ms: u64) -> u64 {
        shell_ms.saturating_add(self.skew_ms).max(self.latest_ms)
    }

    /// The shell's time at our time.
    pub(super) fn shell_ms(&self, ms: u64) -> u64 {
        ms.saturating_sub(self.skew_ms)
    }
}
