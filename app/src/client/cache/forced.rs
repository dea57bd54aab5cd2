//! Views that are made to load for ever, or to fail, to see how pages bear it.
//!
//! Whoever asks for such a view is held up or refused here, before the engine; what the engine knows stays as it is. It is
//! over when the page is loaded anew.

use std::{cell::RefCell, collections::HashMap};

use domain::cache::Key;
use futures::channel::oneshot;

use crate::{api::Failure, client::door};

/// What is made of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forced {
    /// It is on its way, and does not arrive.
    Loading,
    /// It cannot be had.
    Error,
}

#[derive(Default)]
struct State {
    forced: HashMap<Key, Forced>,
    /// Whoever waits until something is forced or let go.
    held: Vec<oneshot::Sender<()>>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// Makes a view load or fail wherever it is asked for, or lets it go. A page that shows it asks at once.
pub fn force(key: &Key, what: Option<Forced>) {
    let held = STATE.with_borrow_mut(|state| {
        match what {
            Some(what) => state.forced.insert(key.clone(), what),
            None => state.forced.remove(key),
        };
        std::mem::take(&mut state.held)
    });
    door::raise(key);
    for held in held {
        // Whoever was held up may have left meanwhile.
        let _ = held.send(());
    }
}

/// What is made of a view.
pub fn forced(key: &Key) -> Option<Forced> {
    STATE.with_borrow(|state| state.forced.get(key).copied())
}

/// Returns at once, unless the view is made to load: then when it is let go.
///
/// # Errors
/// [`Failure::Lost`] where the view is made to fail.
pub(super) async fn hold(key: &Key) -> Result<(), Failure> {
    loop {
        match forced(key) {
            None => return Ok(()),
            Some(Forced::Error) => return Err(Failure::Lost),
            Some(Forced::Loading) => {}
        }
        let (held, until) = oneshot::channel();
        STATE.with_borrow_mut(|state| state.held.push(held));
        // Cut off only with the page itself.
        let _ = until.await;
    }
}
