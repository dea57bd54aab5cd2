//! What is being typed in a form, kept on the device until it was sent: a closed tab, a crash or a session that ended
//! costs nobody a paragraph.
//!
//! One text per person and place. Like unsent drafts it lives outside the cache: no invalidation or log-out removes it.

use std::time::Duration;

use domain::id::UserId;
use leptos::{html::ElementType, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use super::storage;

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
        let name = StoredValue::new(format!("fictures:typed:{person}:{place}"));
        Effect::new(move |_| {
            let Some(field) = field.get() else { return };
            if let Some(text) = storage::read::<String>(&name.get_value()).filter(|_| field.text().is_empty()) {
                field.set_text(&text);
            }
        });
        Kept { name, field, waits: StoredValue::new(false) }
    }

    /// Says that something was typed.
    pub fn note(self) {
        if !self.waits.get_value() {
            self.waits.set_value(true);
            set_timeout(move || self.keep(), SOON);
        }
    }

    fn keep(self) {
        self.waits.try_set_value(false);
        let (Some(name), Some(field)) = (self.name.try_get_value(), self.field.try_get_untracked().flatten()) else {
            return; // the page was left, and with it the field
        };
        let text = field.text();
        if text.is_empty() {
            storage::delete(&name);
        } else {
            // Without room it is where it always was: in the field.
            storage::write(&name, &text);
        }
    }

    /// Lets go of the text: it was sent.
    pub fn let_go(self) {
        self.name.with_value(|name| storage::delete(name));
    }
}
