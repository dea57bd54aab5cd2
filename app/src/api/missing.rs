//! How a page says that it is not there.

use std::sync::Arc;

use leptos::prelude::*;

/// While a page is rendered on the server: sets the status of its answer to 404.
#[derive(Clone)]
pub struct Missing(Arc<dyn Fn() + Send + Sync>);

impl Missing {
    /// The server says how.
    pub fn new(tell: impl Fn() + Send + Sync + 'static) -> Self {
        Missing(Arc::new(tell))
    }

    /// Tells whoever asked for this page that it does not exist. In the browser there is nobody to tell.
    pub fn tell() {
        if let Some(Missing(tell)) = use_context::<Missing>() {
            tell();
        }
    }
}
