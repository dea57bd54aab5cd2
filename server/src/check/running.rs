//! Does it run at all?

use http::{HeaderName, StatusCode, header};

use super::rule::{Rule, demand, has_header, has_status};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "The process is alive",
        advice: "See its log; start it again.",
        holds: |seen| has_status(seen.alive.as_ref()?, StatusCode::OK),
    },
    Rule {
        name: "It can work: the database answers",
        advice: "See that the database of DATABASE_URL runs and lets the server in.",
        holds: |seen| has_status(seen.ready.as_ref()?, StatusCode::OK),
    },
    Rule {
        name: "Pages are rendered on the server",
        advice: "See the server's log for the id in X-Request-Id.",
        holds: |seen| {
            let page = seen.page.as_ref()?;
            has_status(page, StatusCode::OK)?;
            has_header(page, &header::CONTENT_TYPE, |kind| kind.starts_with("text/html"))?;
            demand(page.text().contains("</html>"), || "the document does not end".to_owned())
        },
    },
    Rule {
        name: "Every answer has an id that the log knows",
        advice: "Let the proxy hand X-Request-Id on.",
        holds: |seen| has_header(seen.page.as_ref()?, &HeaderName::from_static("x-request-id"), |id| !id.is_empty()),
    },
    Rule {
        name: "The document of the API is there",
        advice: "Let the proxy hand /api on.",
        holds: |seen| {
            let document = seen.document.as_ref()?;
            has_status(document, StatusCode::OK)?;
            let json = document.json().unwrap_or_default();
            let is_ours = json["openapi"].as_str().is_some_and(|version| version.starts_with("3.1"))
                && json["paths"]["/novels/api/stories"].is_object();
            demand(is_ours, || "it is not the OpenAPI 3.1 document of Fictures".to_owned())
        },
    },
    Rule {
        name: "Events are a stream that is not held back",
        advice: "Let the proxy neither buffer nor compress /api/events.",
        holds: |seen| {
            let events = seen.events.as_ref()?;
            has_status(events, StatusCode::OK)?;
            has_header(events, &header::CONTENT_TYPE, |kind| kind.starts_with("text/event-stream"))?;
            demand(events.header(header::CONTENT_ENCODING).is_none(), || "it is compressed".to_owned())
        },
    },
    Rule {
        name: "The first event comes at once and has a position",
        advice: "Let the proxy hand each event on as it comes.",
        holds: |seen| {
            let text = seen.events.as_ref()?.text();
            let has = |field: &str| text.lines().any(|line| line.starts_with(field));
            demand(has("event:"), || "no event came within five seconds".to_owned())?;
            demand(has("id:"), || "the event has no id".to_owned())
        },
    },
];
