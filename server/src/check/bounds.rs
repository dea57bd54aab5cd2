//! Does it refuse what makes no sense, and in the one form?

use http::{StatusCode, header};

use super::rule::{Rule, has_header, has_status, refuses};

const PROXY: &str = "Let the proxy hand such requests on, or refuse them alike.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "A body that is too large is refused",
        advice: "Let the proxy take bodies at least as large as the server does.",
        holds: |seen| refuses(seen.too_large.as_ref()?, StatusCode::PAYLOAD_TOO_LARGE),
    },
    Rule {
        name: "An address that is too long is refused",
        advice: PROXY,
        holds: |seen| has_status(seen.too_long.as_ref()?, StatusCode::URI_TOO_LONG),
    },
    Rule {
        name: "A body that cannot be read is refused",
        advice: PROXY,
        holds: |seen| refuses(seen.malformed.as_ref()?, StatusCode::BAD_REQUEST),
    },
    Rule {
        name: "A method that a path does not take is refused",
        advice: PROXY,
        holds: |seen| {
            let answer = seen.wrong_method.as_ref()?;
            refuses(answer, StatusCode::METHOD_NOT_ALLOWED)?;
            has_header(answer, &header::ALLOW, |methods| methods.contains("GET"))
        },
    },
    Rule {
        name: "An unknown address of the API is not found, in JSON",
        advice: PROXY,
        holds: |seen| refuses(seen.missing_route.as_ref()?, StatusCode::NOT_FOUND),
    },
    Rule {
        name: "An unknown page is not found, with a page that says so",
        advice: "See that the proxy shows no error pages of its own.",
        holds: |seen| {
            let page = seen.missing_page.as_ref()?;
            has_status(page, StatusCode::NOT_FOUND)?;
            has_header(page, &header::CONTENT_TYPE, |kind| kind.starts_with("text/html"))
        },
    },
];
