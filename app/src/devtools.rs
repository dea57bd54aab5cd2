//! The cache tools: for those who may see them, and loaded after the page.
//!
//! There are two: a panel with the entries of the caches, and a dashboard with their numbers. Each opens by its keys
//! (Ctrl+Shift+D and Ctrl+Shift+M), by its button in the corner, or by `?debug=cache` and `?debug=metrics` in the address;
//! what was open is open again on the next page. Here is only what must be heard at once: the keys. The buttons and the
//! dock that holds the tools come in a chunk when the page has settled, and each tool in one of its own when it is opened;
//! a reader downloads none of them.

pub mod dashboard;
pub mod dock;
pub mod entries;
pub mod operations;
pub mod panel;
mod shortcut;

use std::cell::RefCell;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::Visit,
    client::{RememberedDock, in_browser, persist, when_settled},
};

/// One of the tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    Cache,
    Metrics,
}

/// Which tools are open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    cache: bool,
    metrics: bool,
    /// The one that somebody opened last by hand: it gets the focus, and is in front where there is room for one.
    by_hand: Option<Tool>,
}

impl Opened {
    fn has(self, tool: Tool) -> bool {
        match tool {
            Tool::Cache => self.cache,
            Tool::Metrics => self.metrics,
        }
    }

    fn set(&mut self, tool: Tool, is_open: bool) {
        match tool {
            Tool::Cache => self.cache = is_open,
            Tool::Metrics => self.metrics = is_open,
        }
    }

    /// Nothing else gets the focus by it.
    fn close(&mut self, tool: Tool) {
        self.set(tool, false);
        self.by_hand = None;
    }

    fn open_by_hand(&mut self, tool: Tool) {
        self.set(tool, true);
        self.by_hand = Some(tool);
    }

    fn toggle(&mut self, tool: Tool) {
        if self.has(tool) { self.close(tool) } else { self.open_by_hand(tool) }
    }
}

thread_local! {
    /// What the dock needs, until it is loaded: where it belongs in the tree of the page, and what is open.
    static WAITING: RefCell<Option<(Owner, RwSignal<Opened>)>> = const { RefCell::new(None) };
}

/// Listens to the keys, and loads the rest. It is no part of the page that the server sends.
#[component]
pub fn Devtools() -> impl IntoView {
    if in_browser() && Visit::current().devtools {
        let RememberedDock { cache, metrics, .. } = RememberedDock::read();
        let opened = RwSignal::new(Opened { cache, metrics, by_hand: None });
        WAITING.set(Owner::current().map(|owner| (owner, opened)));
        shortcut::on_shortcut(move |tool| {
            opened.update(|opened| opened.toggle(tool));
            // Somebody waits for it now, however busy the page is.
            load();
        });
        when_settled(load);
    }
}

/// Loads the buttons and the dock, the first time.
fn load() {
    if let Some((owner, opened)) = WAITING.take() {
        spawn_local(persist(move || dock::dock(owner.clone(), opened)));
    }
}
