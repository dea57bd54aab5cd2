//! The one function through which every view is read.

use domain::cache::{Key, Snapshot};
use leptos::prelude::*;

use super::{Failure, Json, JsonBody};
use crate::client::Transport;

/// Reads the view at `key` for whoever asks.
///
/// A personal key is answered only to the person it names.
///
/// # Errors
/// The refusal of the use case: what is not yours to see is not found.
#[server(prefix = "/api/fn", endpoint = "read", input = JsonBody, output = JsonBody, client = Transport)]
pub async fn read(key: Key) -> Result<Snapshot<Json>, Failure> {
    super::context::read(key).await
}
