//! A button for what should not happen by accident.

use leptos::prelude::*;

/// Asks once more, in place, before it acts. Esc and "Cancel" take it back.
#[component]
pub fn ConfirmButton(
    label: &'static str,
    question: &'static str,
    confirm: &'static str,
    on_confirm: Callback<()>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    view! {
        <Show
            when=move || asking.get()
            fallback=move || {
                view! {
                    <button type="button" class="button button--danger" on:click=move |_| asking.set(true)>
                        {label}
                    </button>
                }
            }
        >
            <div
                role="group"
                aria-label=question
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        // It takes back the question, and closes nothing around it.
                        event.prevent_default();
                        asking.set(false);
                    }
                }
            >
                <p>{question}</p>
                <div class="actions">
                    <button
                        type="button"
                        class="button button--danger"
                        autofocus
                        on:click=move |_| {
                            asking.set(false);
                            on_confirm.run(());
                        }
                    >
                        {confirm}
                    </button>
                    <button type="button" class="button button--quiet" on:click=move |_| asking.set(false)>
                        "Cancel"
                    </button>
                </div>
            </div>
        </Show>
    }
}
