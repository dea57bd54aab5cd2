//! One line of text in a form, with its label, and with the reason if it was refused; and the keys that send a longer one.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use crate::api::Failure;

/// Why `field` was refused, if it was.
pub fn problem_of<T>(answer: Option<Result<T, Failure>>, field: &str) -> Option<String> {
    match answer? {
        Err(Failure::Refused(refusal)) if refusal.field() == Some(field) => Some(refusal.to_string()),
        Ok(_) | Err(_) => None,
    }
}

/// Ctrl+Enter and Cmd+Enter press the button that sends the form that a text stands in. While a form is being sent its button
/// does nothing, so keys that are held down send once.
pub fn send_on_shortcut(event: &KeyboardEvent) {
    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.is_composing() {
        event.prevent_default();
        let form = event_target::<HtmlTextAreaElement>(event).form();
        // The selector is well-formed.
        let button = form.and_then(|form| form.query_selector("button[type=submit]").ok().flatten());
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            button.click();
        }
    }
}

/// A labelled input. What is typed in it is the browser's: nothing here ever writes into it.
#[component]
pub fn TextField(
    /// Also its id, so unique on a page.
    name: &'static str,
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] autocomplete: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    #[prop(into)] problem: Signal<Option<String>>,
) -> impl IntoView {
    let refused = move || problem.with(Option::is_some).then_some("true");
    view! {
        <div class="field">
            <label class="field__label" for=name>
                {label}
            </label>
            <input
                class="field__input"
                id=name
                name=name
                type=kind
                required
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                aria-invalid=refused
                aria-describedby=format!("{name}-hint {name}-problem")
            />
            {hint.map(|hint| view! { <p class="field__hint" id=format!("{name}-hint")>{hint}</p> })}
            <FieldProblem name problem />
        </div>
    }
}

/// The reason why a field was refused, to stand below it.
#[component]
pub fn FieldProblem(name: &'static str, problem: Signal<Option<String>>) -> impl IntoView {
    move || problem.get().map(|why| view! { <p class="field__error" id=format!("{name}-problem")>{why}</p> })
}
