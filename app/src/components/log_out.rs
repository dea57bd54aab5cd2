//! Before somebody logs out: a question, if the server does not have all their text; and then nothing of theirs stays here
//! but that text.

use domain::{id::UserId, user::User};
use leptos::{
    ev::SubmitEvent,
    prelude::*,
    task::spawn_local,
    wasm_split::{SplitLoaderError, wasm_split},
    web_sys::{HtmlDialogElement, HtmlFormElement},
};
use wasm_bindgen::{JsCast, closure::Closure};

use crate::client::{forget_visitor, has_unsent, must_look_for_unsent, unsent};

/// What is asked. Constant text, so it may be written as HTML.
const QUESTION: &str = r#"<form method="dialog">
<h2 class="dialog__title" id="log-out-title">Log out with unsent text?</h2>
<div class="dialog__body"><p>Your unsent text stays on this device. It is saved when you log in here again.</p></div>
<div class="actions actions--end"><button class="button button--quiet" value="stay">Cancel</button>
<button class="button button--primary" value="leave">Log out</button></div></form>"#;

/// The same where the dialog cannot be loaded.
const IN_SHORT: &str = "Log out with unsent text? It stays on this device, and is saved when you log in here again.";

/// Holds up a log-out form while this person has unsent text, and asks.
///
/// The question is loaded when it is needed, and with it what looks for text where that takes a moment. What the cache has
/// stored goes before the request does.
pub fn ask_before_log_out(event: &SubmitEvent, user: &User) {
    let person = user.id;
    let may_have_more = user.role.writes() && must_look_for_unsent();
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    let Some(form) = form.filter(|_| has_unsent(person) || may_have_more) else { return forget_visitor() };
    event.prevent_default();
    spawn_local(async move {
        let may_go = || !has_unsent(person) || window().confirm_with_message(IN_SHORT).unwrap_or(true);
        if ask(form.clone(), person).await.is_err() && may_go() {
            leave(&form);
        }
    });
}

fn leave(form: &HtmlFormElement) {
    forget_visitor();
    // Past our own listener. Refused only when the form is gone, with its page.
    let _ = form.submit();
}

#[wasm_split(ask_1, wasm_split_path = ::leptos::wasm_split, fallible)]
fn ask(form: HtmlFormElement, person: UserId) -> Result<(), SplitLoaderError> {
    spawn_local(async move {
        if has_unsent(person) || !unsent(person).await.is_empty() {
            show(form);
        } else {
            leave(&form);
        }
    });
    Ok(())
}

/// Asks in a dialog of its own. Esc is "Cancel"; the focus goes back to where it was.
fn show(form: HtmlFormElement) {
    let dialog = document().create_element("dialog").ok().and_then(|it| it.dyn_into::<HtmlDialogElement>().ok());
    let Some(dialog) = dialog else { return };
    dialog.set_class_name("dialog");
    dialog.set_inner_html(QUESTION);
    // Neither can fail on an element that was just made, in a page that has a body.
    let _ = dialog.set_attribute("aria-labelledby", "log-out-title");
    let _ = document().body().map(|body| body.append_child(&dialog));
    let closing = dialog.clone();
    let closed = Closure::once_into_js(move || {
        closing.remove();
        if closing.return_value() == "leave" {
            leave(&form);
        }
    });
    let _ = dialog.add_event_listener_with_callback("close", closed.unchecked_ref());
    let _ = dialog.show_modal();
}
