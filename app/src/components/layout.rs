//! The frame around every page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{nav::SiteHeader, toast::Toasts};

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
        <Toasts />
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
