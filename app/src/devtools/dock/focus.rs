//! Where the focus goes when a tool opens, and where it goes back to when the tool closes.

use std::{cell::RefCell, rc::Rc};

use leptos::{html::Div, prelude::*};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDivElement, HtmlElement};

use crate::devtools::{Opened, Tool};

/// Moves the focus into the pane of `tool` when somebody opens it by hand, and back to where it was when the pane goes
/// while it has the focus. Whoever works on the page meanwhile is left alone.
pub(super) fn follow(pane: NodeRef<Div>, opened: RwSignal<Opened>, tool: Tool) {
    let before = focused();
    // What the node was; the reference to it is empty by the time it goes.
    let held = SendWrapper::new(Rc::new(RefCell::new(None::<HtmlDivElement>)));
    let holding = held.clone();
    Effect::new(move |_| {
        let Some(element) = pane.get() else { return };
        if opened.get().by_hand == Some(tool) {
            focus(&element);
        }
        holding.replace(Some(element));
    });
    let before = SendWrapper::new(before);
    on_cleanup(move || {
        let has_focus =
            held.borrow_mut().take().is_some_and(|pane| pane.contains(focused().as_ref().map(AsRef::as_ref)));
        let before = before.take();
        if has_focus {
            // After the pane is gone and the openers are shown again.
            request_animation_frame(move || give_back(before, tool));
        }
    });
}

fn focused() -> Option<HtmlElement> {
    let element = document().active_element()?.dyn_into::<HtmlElement>().ok()?;
    // A page in which nothing has the focus says that its body has it.
    (element.tag_name() != "BODY").then_some(element)
}

fn give_back(before: Option<HtmlElement>, tool: Tool) {
    let other_pane = || found(".dock__pane");
    let opener = || found(&format!("#{}", tool.opener_id()));
    let places = [before].into_iter().chain([other_pane(), opener()]).flatten();
    for element in places {
        focus(&element);
        if focused().as_ref() == Some(&element) {
            return;
        }
    }
}

fn found(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

fn focus(element: &HtmlElement) {
    // What cannot have the focus does not get it, and nothing is lost by it.
    let _ = element.focus();
}
