//! One field and one button: for everything that begins with a title.

use std::future::Future;

use leptos::{html::Input, prelude::*, task::spawn_local};

use super::icons::{Glyph, Icon};
use crate::api::Failure;

/// Asks for a title and hands it to `submit`; on refusal the title stays and the reason is shown.
///
/// Where room is short, `glyph` stands for the words of the button.
#[component]
pub fn TitleForm<F, R>(
    label: &'static str,
    act: &'static str,
    submit: F,
    #[prop(optional)] class: &'static str,
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(optional, into)] value: String,
) -> impl IntoView
where
    F: Fn(String) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<(), Failure>> + 'static,
{
    let input = NodeRef::<Input>::new();
    let pending = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get_untracked().filter(|_| !pending.get_untracked()) else { return };
        let answer = submit(input.value());
        pending.set(true);
        spawn_local(async move {
            match answer.await {
                Ok(()) => {
                    input.set_value("");
                    refusal.set(None);
                }
                Err(failure) => refusal.set(Some(failure.to_string())),
            }
            pending.set(false);
        });
    };

    view! {
        <form class=class on:submit=on_submit>
            <input
                class="field__input"
                node_ref=input
                required
                maxlength="255"
                autocomplete="off"
                aria-label=label
                placeholder=label
                value=value
                aria-invalid=move || refusal.with(Option::is_some).then_some("true")
            />
            <button
                class=if glyph.is_some() { "button button--icon" } else { "button button--small" }
                aria-label=act
                title=act
                aria-busy=move || pending.get().then_some("true")
            >
                {match glyph {
                    Some(glyph) => view! { <Icon glyph /> }.into_any(),
                    None => act.into_any(),
                }}
            </button>
            {move || refusal.get().map(|why| view! { <p class="field__error" role="alert">{why}</p> })}
        </form>
    }
}
