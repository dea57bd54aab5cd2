//! Desks side by side: the same scene in two tabs.
//!
//! Each desk holds a lock of its own name for as long as it lives. Nobody waits for it: it is how another tab, or the
//! next visit, knows that a draft still has its writer; the browser lets go of it even when a tab crashes. What was saved
//! at one desk is told to the others over a channel.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use domain::{
    id::{SceneId, UserId},
    studio::Scene,
};
use js_sys::{Array, Function, Object, Promise};
use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

use super::js::{Attempt, call, make, property, set};
use crate::client::{in_browser, now_ms};

/// Where the browser has no locks (an address without TLS), a text this old is taken to be nobody's, in milliseconds.
const ABANDONED_MS: u64 = 60_000;
const LOCK: &str = "fictures:desk:";

/// A name for a desk that no other one has.
pub(in crate::client) fn draw_desk() -> String {
    if in_browser() { format!("{:x}-{:x}", now_ms(), js_sys::Math::random().to_bits()) } else { String::new() }
}

/// What one desk tells the others of its scene.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::client) enum Told {
    /// The scene was opened at another desk, or left.
    Changed,
    /// The server has this now.
    Saved(Box<Scene>),
}

/// The desks that there are in this browser.
pub(super) struct Desks {
    /// `None` where the browser cannot tell.
    names: Option<BTreeSet<String>>,
}

impl Desks {
    /// Is somebody at this desk? `kept_at`: when its text was last kept.
    pub(super) fn contains(&self, desk: &str, kept_at: u64) -> bool {
        match &self.names {
            Some(names) => names.iter().any(|name| name.ends_with(desk)),
            None => now_ms().saturating_sub(kept_at) < ABANDONED_MS,
        }
    }
}

/// A desk's place among the others.
pub(in crate::client) struct Neighbours {
    scene: String,
    lock: String,
    channel: Option<JsValue>,
    leave: Rc<RefCell<Option<Function>>>,
    _listener: Closure<dyn FnMut(JsValue)>,
}

impl Neighbours {
    /// Takes a place. `hear` is called with what the other desks of this scene tell.
    pub(in crate::client) fn enter(
        person: UserId,
        scene: SceneId,
        desk: &str,
        mut hear: impl FnMut(Told) + 'static,
    ) -> Self {
        let listener = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let text = property(&event, "data").ok().and_then(|data| data.as_string());
            if let Some(told) = text.and_then(|text| serde_json::from_str(&text).ok()) {
                hear(told);
            }
        });
        let channel = make("BroadcastChannel", channel_name(person, scene).into()).ok();
        if let Some(channel) = &channel {
            // A channel that cannot be heard is as good as none.
            let _ = set(channel, "onmessage", listener.as_ref());
        }
        let scene = format!("{LOCK}{scene}:");
        let lock = format!("{scene}{desk}");
        let leave = Rc::default();
        // Said when the lock is held: who hears of a desk looks for its lock.
        let announced = channel.clone();
        let announce = move || announced.iter().for_each(|channel| post(channel, &Told::Changed));
        // Without locks, others see only how old a text is.
        let _ = hold(&lock, &leave, announce);
        Neighbours { scene, lock, channel, leave, _listener: listener }
    }

    /// Tells the other desks of this scene.
    pub(in crate::client) fn tell(&self, told: &Told) {
        if let Some(channel) = &self.channel {
            post(channel, told);
        }
    }

    /// What other desks of this scene are called in the list of locks; see [`another`].
    pub(in crate::client) fn names(&self) -> (String, String) {
        (self.scene.clone(), self.lock.clone())
    }
}

impl Drop for Neighbours {
    fn drop(&mut self) {
        if let Some(leave) = self.leave.borrow_mut().take() {
            let _ = leave.call0(&JsValue::NULL);
        }
        self.tell(&Told::Changed);
        if let Some(channel) = self.channel.take() {
            let _ = set(&channel, "onmessage", &JsValue::NULL).and_then(|()| call(&channel, "close", &[]));
        }
    }
}

/// A desk of this scene beside the one with these [`Neighbours::names`], if there is one.
pub(in crate::client) async fn another((scene, lock): &(String, String)) -> Option<String> {
    let names = desks().await.names?;
    names.into_iter().find(|name| name.starts_with(scene) && name != lock)
}

/// Waits until nobody sits at the desk called `name` any more, however it was left.
pub(in crate::client) async fn until_left(name: &str) {
    let asked = || {
        let options = Object::new();
        set(&options, "mode", &"shared".into())?;
        let held = Closure::once_into_js(|| {});
        call(&locks()?, "request", &[name.into(), options.into(), held])?.dyn_into::<Promise>()
    };
    if let Ok(left) = asked() {
        // Taken and given back at once. It fails only when this page goes, too.
        let _ = JsFuture::from(left).await;
    }
}

/// Tells every desk of a scene from where there is no desk.
pub(super) fn tell_desks(person: UserId, scene: &Scene) {
    if let Ok(channel) = make("BroadcastChannel", channel_name(person, scene.id).into()) {
        post(&channel, &Told::Saved(Box::new(scene.clone())));
        let _ = call(&channel, "close", &[]);
    }
}

fn channel_name(person: UserId, scene: SceneId) -> String {
    format!("{LOCK}{person}:{scene}")
}

fn post(channel: &JsValue, told: &Told) {
    if let Ok(text) = serde_json::to_string(told) {
        // Nobody hears it: then the versions tell at the next save.
        let _ = call(channel, "postMessage", &[text.into()]);
    }
}

/// Every desk in this browser.
pub(super) async fn desks() -> Desks {
    Desks { names: held_locks().await.ok() }
}

async fn held_locks() -> Attempt<BTreeSet<String>> {
    let asked: Promise = call(&locks()?, "query", &[])?.dyn_into()?;
    let held: Array = property(&JsFuture::from(asked).await?, "held")?.dyn_into()?;
    let name = |lock: JsValue| property(&lock, "name").ok().and_then(|name| name.as_string());
    Ok(held.iter().filter_map(name).filter(|name| name.starts_with(LOCK)).collect())
}

fn locks() -> Attempt<JsValue> {
    property(&window().navigator(), "locks")
}

/// Holds a lock that nobody else wants, until `leave` is called. Calls `granted` as soon as it is held.
fn hold(name: &str, leave: &Rc<RefCell<Option<Function>>>, granted: impl FnOnce() + 'static) -> Attempt<()> {
    let until = Promise::new(&mut |resolve, _| {
        leave.borrow_mut().replace(resolve);
    });
    let held = Closure::once_into_js(move || {
        granted();
        until
    });
    call(&locks()?, "request", &[name.into(), Object::new().into(), held]).map(drop)
}
