//! One line of text in a form, with its label, and with the reason if it was refused.

use leptos::prelude::*;

use crate::api::Failure;

/// Why `field` was refused, if it was.
pub fn problem_of<T>(answer: Option<Result<T, Failure>>, field: &str) -> Option<String> {
    match answer? {
        Err(Failure::Refused(refusal)) if refusal.field() == Some(field) => Some(refusal.to_string()),
        Ok(_) | Err(_) => None,
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
