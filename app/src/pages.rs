//! The pages: each reads its views and arranges components.

pub mod chunks;
pub mod community;
pub mod home;
pub mod log_in;
pub mod not_found;
pub mod novels;
pub mod sign_up;
pub mod studio;

use std::str::FromStr;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The id at `name` in the path; `None` when it is none.
fn use_id<T>(name: &'static str) -> Memo<Option<T>>
where
    T: FromStr + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get(name).and_then(|id| id.parse().ok())))
}
