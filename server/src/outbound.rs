//! Requests of ours to other servers.

use std::sync::Once;

static PROVIDER: Once = Once::new();

/// What every client of ours is made of; `https://` works, and no proxy of the environment is asked.
pub fn client() -> reqwest::ClientBuilder {
    PROVIDER.call_once(|| {
        // Refused only if somebody chose already, and then all is well too.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder().no_proxy()
}
