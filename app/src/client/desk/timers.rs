//! The clocks of a desk.

use std::{sync::PoisonError, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::set_timeout_with_handle};

use super::Desk;

/// What a desk waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// To put text on the device.
    Keep,
    /// For a pause in the typing.
    Idle,
    /// For the end of its patience with a writer who makes no pause.
    Longest,
    /// To try again.
    Retry,
}

/// What is being waited for.
#[derive(Default)]
pub(super) struct Timers([Option<TimeoutHandle>; 4]);

impl Timers {
    fn slot(&mut self, timer: Timer) -> &mut Option<TimeoutHandle> {
        let [keep, idle, longest, retry] = &mut self.0;
        match timer {
            Timer::Keep => keep,
            Timer::Idle => idle,
            Timer::Longest => longest,
            Timer::Retry => retry,
        }
    }

    pub(super) fn stop(&mut self, timer: Timer) {
        if let Some(handle) = self.slot(timer).take() {
            handle.clear();
        }
    }
}

impl Desk {
    /// Begins to wait, unless it waits already.
    pub(super) fn start(&self, timer: Timer, after: Duration, act: fn(&Desk)) {
        let waits = self.timers.lock().unwrap_or_else(PoisonError::into_inner).slot(timer).is_some();
        if !waits {
            self.restart(timer, after, act);
        }
    }

    /// Begins to wait, from now on.
    pub(super) fn restart(&self, timer: Timer, after: Duration, act: fn(&Desk)) {
        let desk = self.clone();
        let handle = set_timeout_with_handle(
            move || {
                desk.timers.lock().unwrap_or_else(PoisonError::into_inner).stop(timer);
                act(&desk);
            },
            after,
        );
        let mut timers = self.timers.lock().unwrap_or_else(PoisonError::into_inner);
        timers.stop(timer);
        *timers.slot(timer) = handle.ok();
    }

    pub(super) fn stop_timers(&self) {
        let mut timers = self.timers.lock().unwrap_or_else(PoisonError::into_inner);
        for timer in [Timer::Keep, Timer::Idle, Timer::Longest, Timer::Retry] {
            timers.stop(timer);
        }
    }
}
