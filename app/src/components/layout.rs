//! The frame around every page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::nav::SiteHeader;
use crate::client::Waiting;

/// The skip link, the header, the page in its `main`, and the footer.
#[component]
pub fn Layout(children: Children) -> impl IntoView {
    view! {
        <Title formatter=|title: String| format!("{title} · Fictures") />
        // Left to the browser, which moves the focus; the router would only scroll.
        <a class="skip-link" href="#content" rel="external">
            "Skip to the content"
        </a>
        <SiteHeader />
        <main id="content" tabindex="-1">
            {children()}
        </main>
        <SiteFooter />
        <PageNotYet />
    }
}

const NOT_YET: &str = "No connection. The page opens as soon as there is one.";

/// Says that the page somebody wants cannot be loaded yet. The one they are on stays.
#[component]
fn PageNotYet() -> impl IntoView {
    let waiting = expect_context::<Waiting>();
    view! {
        <div class="toasts" role="status">
            {move || waiting.get().then(|| view! { <p class="toast">{NOT_YET}</p> })}
        </div>
    }
}

#[component]
fn SiteFooter() -> impl IntoView {
    view! {
        <footer class="site-footer">
            <div class="site-footer__inner">
                <p>"Fictures: novels, as they are written."</p>
                <p>
                    <a href="/novels">"Novels"</a>
                    " · "
                    <a href="/community">"Community"</a>
                </p>
            </div>
        </footer>
    }
}
