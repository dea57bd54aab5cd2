//! What the engine asks for, carried out.

use domain::cache::{Act, Key, Layer, Snapshot};
use gloo_timers::future::TimeoutFuture;
use leptos::task::spawn_local;
use resource_cache::{Effect, Event, FetchId, Operation, Retry};

use super::{TAB, handle, person};
use crate::{
    api::{self, Failure, Json},
    client::{
        Views, browser, door,
        live::count,
        log,
        simulation::{SLOW_MS, Simulation, simulation},
        storage,
    },
};

/// Does what the engine wants done. `took_ms`: how long it thought.
pub(super) fn carry_out(effect: Effect<Views>, took_ms: f64) {
    match effect {
        Effect::Fetch { key, fetch, purpose: _ } => spawn_local(ask_server(key, fetch)),
        Effect::Changed { key } => changed(&key),
        Effect::Failed { key, retry_at_ms: _ } => failed(&key),
        Effect::Store { key, snapshot } => {
            storage::store(person(), &key, Snapshot { value: snapshot.value, clock: snapshot.clock });
        }
        Effect::Forget { key } => storage::forget(person(), &key),
        Effect::ForgetTagged { tags, clock } => storage::forget_tagged(person(), &tags, clock),
        Effect::ForgetGroups { groups } => storage::forget_page_types(person(), &groups),
        Effect::ForgetOlder { clock } => storage::forget_all(person(), clock),
        Effect::ForgetAll => storage::forget_all(person(), None),
        Effect::Recorded { key, operation, cause } => {
            if let Some((key, act)) = key.as_ref().zip(act(operation)) {
                count(Layer::Memory, act, key, took_ms);
            }
            log::record(key.as_ref(), operation, &cause);
        }
    }
}

/// What is counted of what the engine did.
fn act(operation: Operation) -> Option<Act> {
    match operation {
        Operation::Hit => Some(Act::Hit),
        Operation::Stale => Some(Act::Stale),
        Operation::Miss => Some(Act::Miss),
        Operation::Set => Some(Act::Set),
        Operation::Invalidate => Some(Act::Invalidate),
        Operation::Evict | Operation::Discard | Operation::Patch | Operation::Confirm | Operation::Rollback => None,
    }
}

async fn answer_to(key: Key) -> Result<Snapshot<Json>, Failure> {
    if simulation() == Simulation::Slow {
        TimeoutFuture::new(SLOW_MS).await;
    }
    api::read(key).await
}

async fn ask_server(key: Key, fetch: FetchId) {
    let began_ms = browser::precise_ms();
    match answer_to(key.clone()).await {
        Ok(Snapshot { value, clock }) => {
            door::note_newest(clock);
            handle(Event::Fetched { key, fetch, snapshot: resource_cache::Snapshot { value, clock } });
        }
        Err(failure) => {
            // A refusal is an answer, and a device without a network is no trouble of ours.
            if failure.may_pass() && browser::is_online() {
                count(Layer::Memory, Act::Error, &key, browser::precise_ms() - began_ms);
            }
            let retry = if failure.may_pass() { Retry::Later } else { Retry::Never };
            TAB.with_borrow_mut(|tab| tab.failures.insert(key.clone(), failure));
            handle(Event::Failed { key, fetch, retry });
        }
    }
}

fn changed(key: &Key) {
    let waiting = TAB.with_borrow_mut(|tab| {
        tab.failures.remove(key);
        tab.waiting.remove(key).unwrap_or_default()
    });
    door::raise(key);
    for waiter in waiting {
        // A waiter that is gone was unmounted meanwhile.
        let _ = waiter.send(Ok(()));
    }
}

/// Whoever waits is told, also when the engine will try again: a page says what is wrong, and is put right by `Changed`.
fn failed(key: &Key) {
    let (failure, waiting) = TAB.with_borrow_mut(|tab| {
        let failure = tab.failures.remove(key).unwrap_or(Failure::Lost);
        (failure, tab.waiting.remove(key).unwrap_or_default())
    });
    for waiter in waiting {
        let _ = waiter.send(Err(failure.clone()));
    }
}
