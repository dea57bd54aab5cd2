//! Logging in again without leaving the page, for a session that ended while somebody wrote.

use leptos::{
    ev::SubmitEvent,
    html::{Dialog, Input},
    prelude::*,
    task::spawn_local,
    web_sys::HtmlElement,
};
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

use super::form_trouble::FormTrouble;
use crate::{
    api::{Failure, Visit, accounts},
    client::{Desk, go_to},
};

/// A dialog over the text, which stays where it is. Whoever wrote it goes on; anybody else gets a page of their own, and
/// the text waits on the device under the name of its writer.
#[component]
pub fn LogInDialog(desk: Desk, open: RwSignal<bool>) -> impl IntoView {
    let form = Form {
        dialog: NodeRef::new(),
        name: NodeRef::new(),
        password: NodeRef::new(),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    Effect::new(move |_| {
        if let (true, Some(dialog)) = (open.get(), form.dialog.get()) {
            // Refused when it is open already.
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog class="dialog" node_ref=form.dialog aria-labelledby="log-in-title" on:close=move |_| open.set(false)>
            <Fields form desk />
        </dialog>
    }
}

/// What the dialog is made of.
#[derive(Clone, Copy)]
struct Form {
    dialog: NodeRef<Dialog>,
    name: NodeRef<Input>,
    password: NodeRef<Input>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
}

impl Form {
    fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    /// Logs in; `path` is where to go when it is somebody else.
    async fn log_in(self, desk: Desk, path: String) {
        let (Some(name), Some(password)) = (self.name.get_untracked(), self.password.get_untracked()) else { return };
        self.busy.set(true);
        let answer = accounts::log_in_again(name.value(), password.value()).await;
        self.busy.set(false);
        match answer {
            Ok(person) if person == desk.author() => {
                password.set_value("");
                self.failure.set(None);
                self.close();
                back_to_text();
                desk.come_back();
            }
            Ok(_) => {
                desk.keep_for_its_writer();
                go_to(&path);
            }
            Err(refused) => self.failure.set(Some(refused)),
        }
    }
}

#[component]
fn Fields(form: Form, desk: Desk) -> impl IntoView {
    let person = Visit::current().user.map(|user| user.username).unwrap_or_default();
    let path = use_location().pathname;
    let log_in = move |event: SubmitEvent| {
        event.prevent_default();
        if !form.busy.get_untracked() {
            spawn_local(form.log_in(desk.clone(), path.get_untracked()));
        }
    };
    view! {
        <form on:submit=log_in>
            <h2 class="dialog__title" id="log-in-title">
                "Log in to go on"
            </h2>
            <div class="dialog__body">
                <p>"Your session has ended. What you wrote is still here, and is saved as soon as you are back."</p>
                <FormTrouble what="You are not logged in." failure=form.failure />
                <Line name="log-in-name" label="Username or email" kind="text" fill="username" value=person node=form.name />
                <Line
                    name="log-in-password"
                    label="Password"
                    kind="password"
                    fill="current-password"
                    value=String::new()
                    node=form.password
                />
            </div>
            <div class="actions actions--end">
                <button type="button" class="button button--quiet" on:click=move |_| form.close()>
                    "Not now"
                </button>
                <button
                    type="submit"
                    class="button button--primary"
                    aria-busy=move || form.busy.get().then_some("true")
                >
                    "Log in"
                </button>
            </div>
        </form>
    }
}

/// A labelled input; the password gets the focus, for the name is known.
#[component]
fn Line(
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    fill: &'static str,
    value: String,
    node: NodeRef<Input>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field__label" for=name>
                {label}
            </label>
            <input
                class="field__input"
                id=name
                name=fill
                type=kind
                required
                autocomplete=fill
                autocapitalize="none"
                spellcheck="false"
                value=value
                autofocus=kind == "password"
                node_ref=node
            />
        </div>
    }
}

/// The button that opened the dialog is gone by now.
fn back_to_text() {
    let text = document().get_element_by_id("scene-content").and_then(|text| text.dyn_into::<HtmlElement>().ok());
    if let Some(text) = text {
        let _ = text.focus();
    }
}
