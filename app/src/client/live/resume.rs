//! A page that comes back from the back/forward cache, as it was left, perhaps an hour ago.

use domain::id::UserId;
use leptos::{ev, prelude::*};
use resource_cache::Event;

use super::push;
use crate::client::{
    browser, cache,
    simulation::{Simulation, simulation},
    storage, tabs,
};

/// Looks after this page whenever it is left and found again.
pub(super) fn start(person: Option<UserId>) {
    // The page's own listeners: they live exactly as long as the page.
    let _left = window_event_listener(ev::pagehide, |_| leave());
    let _found = window_event_listener(ev::pageshow, move |event| {
        if event.persisted() && simulation() != Simulation::Offline {
            resume(person);
        }
    });
}

/// Hears nothing from now on, neither from the server nor from other tabs.
pub(super) fn leave() {
    push::pause();
    tabs::pause();
}

/// Hears again, and catches up on what was missed.
pub(super) fn resume(person: Option<UserId>) {
    if storage::visitor().is_some_and(|visitor| visitor != person) {
        return browser::begin_anew();
    }
    tabs::start(person);
    cache::handle(Event::Resumed { clock: storage::heard(person) });
    push::take_part();
}
