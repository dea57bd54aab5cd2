//! The header: where one can go, and who one is.

use domain::user::User;
use leptos::{ev::KeyboardEvent, html::Details, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;

use super::{
    icons::{Glyph, Icon},
    log_in_link::LogInLink,
    log_out::ask_before_log_out,
};
use crate::api::{Visit, accounts::LogOut};

/// Name, navigation and account.
#[component]
pub fn SiteHeader() -> impl IntoView {
    let visit = Visit::current();
    let writes = visit.writer().is_some();
    let account = match visit.user {
        Some(user) => view! { <AccountMenu user /> }.into_any(),
        None => view! { <AccountLinks /> }.into_any(),
    };

    view! {
        <header class="site-header">
            <div class="site-header__inner">
                <a class="site-header__brand" href="/novels">
                    "Fictures"
                </a>
                <nav class="site-header__nav" aria-label="Main">
                    <ul class="site-header__list">
                        <NavItem path="/novels" name="Novels" />
                        <NavItem path="/community" name="Community" />
                        {writes.then(|| view! { <NavItem path="/studio" name="Studio" /> })}
                    </ul>
                </nav>
                <div class="site-header__account">{account}</div>
            </div>
        </header>
    }
}

#[component]
fn NavItem(path: &'static str, name: &'static str) -> impl IntoView {
    let here = use_location().pathname;
    let current = move || here.with(|here| is_below(here, path)).then_some("page");
    view! {
        <li>
            <a class="site-header__link" href=path aria-current=current>
                {name}
            </a>
        </li>
    }
}

#[component]
fn AccountLinks() -> impl IntoView {
    view! {
        <LogInLink class="button button--quiet" />
        <a class="button" href="/signup">
            "Sign up"
        </a>
    }
}

/// Opens without JavaScript; with it, Esc closes it, and so does going to another page.
#[component]
fn AccountMenu(user: User) -> impl IntoView {
    let menu = NodeRef::<Details>::new();
    let path = use_location().pathname;
    let close = move || {
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    };
    Effect::new(move |seen: Option<()>| {
        path.track();
        if seen.is_some() {
            close();
        }
    });
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };

    view! {
        <details class="menu" node_ref=menu on:keydown=on_keydown>
            <summary class="menu__button">{user.username.clone()} <Icon glyph=Glyph::Chevron /></summary>
            <div class="menu__sheet">
                <p class="menu__note">{format!("Logged in as {}, {}", user.username, user.role)}</p>
                {user
                    .role
                    .writes()
                    .then(|| {
                        view! {
                            <a class="menu__item" href="/studio">
                                "Your stories"
                            </a>
                        }
                    })}
                // A plain form: the answer is another page, with nothing of this person left in it.
                <form
                    method="post"
                    action=LogOut::PATH
                    on:submit=move |event| ask_before_log_out(&event, &user)
                >
                    <button class="menu__item" type="submit">
                        "Log out"
                    </button>
                </form>
            </div>
        </details>
    }
}

/// Is `here` the page at `path`, or one below it?
fn is_below(here: &str, path: &str) -> bool {
    here.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn a_page_belongs_to_what_its_path_begins_with() {
        assert!(is_below("/novels", "/novels"));
        assert!(is_below("/novels/1/2", "/novels"));
        assert!(!is_below("/novelsx", "/novels"));
        assert!(!is_below("/", "/novels"));
    }
}
