//! What is being typed in a form, kept on the device until it was sent: a closed tab, a crash or a session that ended
//! costs nobody a paragraph.
//!
//! One text per person, place and tab that it was first typed in: `fictures:typed:<person>:<place>:<tab>`. Like unsent drafts
//! it lives outside the cache: no invalidation or log-out removes it.

use std::time::Duration;

use domain::id::UserId;
use leptos::{ev, html::ElementType, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use super::{
    browser::{in_browser, random},
    storage,
};

/// Text is on the device this long after a key, with all keys that came meanwhile.
const SOON: Duration = Duration::from_millis(250);

/// A field that text is typed into.
pub trait Editable {
    fn text(&self) -> String;
    fn set_text(&self, text: &str);
}

impl Editable for HtmlInputElement {
    fn text(&self) -> String {
        self.value()
    }

    fn set_text(&self, text: &str) {
        self.set_value(text);
    }
}

impl Editable for HtmlTextAreaElement {
    fn text(&self) -> String {
        self.value()
    }

    fn set_text(&self, text: &str) {
        self.set_value(text);
    }
}

/// The text of one field, and where it is kept.
pub struct Kept<E: ElementType> {
    person: UserId,
    name: StoredValue<String>,
    field: NodeRef<E>,
    waits: StoredValue<bool>,
}

impl<E: ElementType> Clone for Kept<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: ElementType> Copy for Kept<E> {}

impl<E> Kept<E>
where
    E: ElementType + 'static,
    E::Output: Editable + JsCast + Clone + 'static,
{
    /// Keeps what `person` types into `field`, and puts what was kept there back if the field is empty. `place` says which
    /// field it is, such as `reply:<post>`.
    pub fn new(person: UserId, place: &str, field: NodeRef<E>) -> Self {
        let place = format!("{}{place}", prefix(person));
        let kept = Kept {
            person,
            name: StoredValue::new(format!("{place}:{}", tab())),
            field,
            waits: StoredValue::new(false),
        };
        Effect::new(move |_| {
            let Some(field) = field.get().filter(|field| field.text().is_empty()) else { return };
            // The name goes with the text: it is one text, in however many tabs it is shown.
            let left = storage::names(&place).into_iter().min();
            if let Some((name, text)) = left.and_then(|name| storage::read::<String>(&name).map(|text| (name, text))) {
                field.set_text(&text);
                kept.name.set_value(name);
            }
        });
        if in_browser() {
            let going = window_event_listener(ev::pagehide, move |_| kept.keep_now());
            on_cleanup(move || {
                going.remove();
                kept.keep_now();
            });
        }
        kept
    }

    /// Says that something was typed.
    pub fn note(self) {
        if !self.waits.get_value() {
            self.waits.set_value(true);
            set_timeout(move || self.keep_now(), SOON);
        }
    }

    /// Keeps what was typed and is not kept yet.
    fn keep_now(self) {
        if self.waits.try_get_value() != Some(true) {
            return; // kept already; perhaps by the page that was left
        }
        self.waits.set_value(false);
        let Some(field) = self.field.try_get_untracked().flatten() else { return };
        let (name, text) = (self.name.get_value(), field.text());
        if text.is_empty() {
            storage::delete(&name);
        } else {
            // Without room it is where it always was: in the field.
            storage::write_typed(self.person, &name, &text);
        }
    }

    /// The text is sent as it stands: what comes back outlives the field, which may be left before the answer.
    pub fn sending(self) -> Sent {
        self.keep_now();
        let text = self.field.get_untracked().map(|field| field.text()).unwrap_or_default();
        Sent { name: self.name.get_value(), text }
    }
}

/// A text on its way to the server.
pub struct Sent {
    name: String,
    text: String,
}

impl Sent {
    /// Lets go of the text: the server has it. What was typed since, here or in another tab, stays.
    pub fn let_go(&self) {
        if storage::read::<String>(&self.name).is_some_and(|kept| kept == self.text) {
            storage::delete(&self.name);
        }
    }
}

/// What the names of all texts of a person begin with.
pub(super) fn prefix(person: UserId) -> String {
    format!("fictures:typed:{person}:")
}

/// Tells this page from others, so that two tabs do not write over each other.
fn tab() -> String {
    thread_local! {
        static TAB: u64 = random();
    }
    TAB.with(|tab| format!("{tab:x}"))
}
