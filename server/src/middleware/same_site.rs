//! The cross-site guard: nothing is changed because another site asked the browser to.
//!
//! It stands before every unsafe method, server functions included, which have no guard of their own. Browsers say in
//! `Sec-Fetch-Site` who asked; older ones at least name the `Origin`. A client that says neither is no browser.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::header;

use crate::api::Problem;

/// Refuses unsafe requests that come from another site.
pub(crate) async fn same_site(request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_our_own(&request) {
        next.run(request).await
    } else {
        Problem::cross_site().into_response()
    }
}

fn is_our_own(request: &Request) -> bool {
    let headers = request.headers();
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    match (origin, host) {
        (Some((_, origin)), Some(host)) => origin.eq_ignore_ascii_case(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn asked(headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method("POST").uri("/api/fn/save").header("host", "fictures.test:3000");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        is_our_own(&request.body(Body::empty()).unwrap())
    }

    #[test]
    fn what_the_browser_says_about_the_site_decides() {
        assert!(asked(&[("sec-fetch-site", "same-origin"), ("origin", "https://elsewhere.test")]));
        assert!(asked(&[("sec-fetch-site", "none")]));
        assert!(!asked(&[("sec-fetch-site", "cross-site"), ("origin", "http://fictures.test:3000")]));
        assert!(!asked(&[("sec-fetch-site", "same-site")]));
        assert!(!asked(&[("sec-fetch-site", "")]));
    }

    #[test]
    fn else_the_origin_must_be_the_host() {
        assert!(asked(&[("origin", "http://fictures.test:3000")]));
        assert!(asked(&[("origin", "https://Fictures.test:3000")]));
        assert!(!asked(&[("origin", "http://fictures.test")]));
        assert!(!asked(&[("origin", "http://elsewhere.test:3000")]));
        assert!(!asked(&[("origin", "null")]));
    }

    #[test]
    fn a_client_that_is_no_browser_passes() {
        assert!(asked(&[]));
    }
}
