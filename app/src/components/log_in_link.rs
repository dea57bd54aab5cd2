//! The way to log in, and back again.

use leptos::prelude::*;
use leptos_router::{hooks::use_location, location::Url};

/// Leads to the log-in page, which leads back to where this link was.
#[component]
pub fn LogInLink(
    #[prop(optional)] class: &'static str,
    #[prop(default = "Log in")] words: &'static str,
    /// `_blank` where something unsent would be left behind.
    #[prop(optional)]
    target: Option<&'static str>,
) -> impl IntoView {
    let here = use_location();
    let path = move || {
        let path = here.pathname.get();
        if matches!(path.as_str(), "/login" | "/signup") {
            return "/login".to_owned();
        }
        let search = here.search.with(|search| without_failure(search));
        let next = if search.is_empty() { path } else { format!("{path}?{search}") };
        format!("/login?next={}", Url::escape(&next))
    };
    view! {
        <a class=class href=path target=target>
            {words}
        </a>
    }
}

/// A query without what a refused form left in it.
fn without_failure(search: &str) -> String {
    let search = search.strip_prefix('?').unwrap_or(search);
    let kept = search.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("__"));
    kept.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::without_failure;

    #[test]
    fn a_return_path_does_not_repeat_an_old_refusal() {
        assert_eq!(without_failure("?q=salt&__path=%2Fapi&__err=x&sort=popular"), "q=salt&sort=popular");
        assert_eq!(without_failure(""), "");
    }
}
