//! Who is looking at the page, as the server said when it sent it.

use domain::{
    cache::Audience,
    id::UserId,
    user::{Role, User},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What a page must know of its visitor before anything else. It is part of the HTML and does not change while the page
/// lives: logging in and out load a new page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    pub user: Option<User>,
    /// May this visitor open the cache tools?
    pub devtools: bool,
}

impl Visit {
    /// The visit of the page that is being rendered.
    pub fn current() -> Visit {
        expect_context::<Visit>()
    }

    /// For whose eyes community views are asked for.
    pub fn audience(&self) -> Audience {
        self.user.as_ref().map_or(Audience::Public, |user| Audience::User(user.id))
    }

    /// The visitor's id, if they may write in the studio.
    pub fn writer(&self) -> Option<UserId> {
        self.user.as_ref().filter(|user| user.role.writes()).map(|user| user.id)
    }

    /// The visitor's role, if they have one.
    pub fn role(&self) -> Option<Role> {
        self.user.as_ref().map(|user| user.role)
    }
}
