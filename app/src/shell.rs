//! The HTML document around the app.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::{App, api::Visit};

/// The whole document, as the server sends it. The theme comes with the first byte, so that nothing flashes.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let has_tools = use_context::<Visit>().is_some_and(|visit| visit.devtools);
    let style = |name: &str| format!("/{}/{name}.css", options.site_pkg_dir);
    let (sheet, tools) = (style("fictures"), has_tools.then(|| style("tools")));
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme="system">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=sheet />
                {tools.map(|sheet| view! { <link rel="stylesheet" href=sheet /> })}
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The `Content-Security-Policy` of a page: nothing from other sites, and of our own scripts only those with the nonce
/// of this answer. `None` outside of a page's rendering.
pub fn content_security_policy() -> Option<String> {
    let nonce = use_nonce()?;
    Some(format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval' 'strict-dynamic'; style-src 'self'; \
         connect-src 'self'; img-src 'self' data:; font-src 'self'; object-src 'none'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'"
    ))
}
