//! The one HTTP client of all server functions.
//!
//! It reads the invalidation headers before the body is decoded. So no component invalidates anything by hand, and an
//! error answer counts as much as a good one.

use std::future::Future;

use domain::cache::{Clock, page_types_from_header, tags_from_header};
use leptos::server_fn::{
    Bytes,
    client::{Client, browser::BrowserClient},
    error::FromServerFnError,
};
use resource_cache::{Event, Invalidation, Scope};
use send_wrapper::SendWrapper;

use super::{
    cache,
    fetch::{Request, Response},
    log,
    log::Layer,
};

/// Sends requests as the browser does, and applies what the answer says about caches.
pub struct Transport;

impl<Failure, Input, Output> Client<Failure, Input, Output> for Transport
where
    Failure: FromServerFnError + Send,
    Input: FromServerFnError,
    Output: FromServerFnError,
{
    type Request = Request;
    type Response = Response;

    fn send(request: Request) -> impl Future<Output = Result<Response, Failure>> + Send {
        SendWrapper::new(async move {
            let response = request.send().await?;
            apply(&|name| response.header(name));
            Ok(response)
        })
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl futures::Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl futures::Sink<Bytes> + Send + 'static,
            ),
            Failure,
        >,
    > + Send {
        <BrowserClient as Client<Failure, Input, Output>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<Failure, Input, Output>>::spawn(future);
    }
}

/// Carries out what the headers of an answer say.
fn apply(header: &dyn Fn(&str) -> Option<String>) {
    if let Some(status) = header("x-cache-status") {
        log::note(Layer::Server, server_word(&status), String::new(), "an answer came".to_owned());
    }
    if let Some(invalidation) = invalidation(header) {
        let tags: Vec<String> = invalidation.tags.iter().map(ToString::to_string).collect();
        log::note(Layer::Server, "invalidate", tags.join(" "), "written from this tab".to_owned());
        cache::handle(Event::Invalidated { invalidation });
    }
}

fn server_word(status: &str) -> &'static str {
    match status {
        "HIT" => "hit",
        "STALE" => "stale",
        "BYPASS" => "bypass",
        _ => "miss",
    }
}

/// What an answer made stale. Tags that are missing or cannot be read leave the decision to the page types.
fn invalidation(header: &dyn Fn(&str) -> Option<String>) -> Option<Invalidation<super::Views>> {
    let groups = page_types_from_header(&header("x-cache-invalidate")?);
    let clock = header("x-cache-clock").and_then(|text| text.parse::<Clock>().ok());
    let tags = header("x-cache-invalidate-keys").and_then(|text| tags_from_header(&text).ok());
    let scope = if tags.is_some() { Scope::Tags } else { Scope::Groups };
    Some(Invalidation { tags: tags.unwrap_or_default(), groups, clock, scope })
}

#[cfg(test)]
mod tests {
    use domain::cache::{PageType, Tag};

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        |name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn a_mutation_names_its_tags_page_types_and_position() {
        let pairs = [
            ("x-cache-invalidate", "writing,reading"),
            ("x-cache-invalidate-keys", r#"["stories:published"]"#),
            ("x-cache-clock", "0000000a.7"),
        ];

        let read = invalidation(&headers(&pairs)).expect("the headers of a mutation");

        assert_eq!(read.tags, [Tag::StoriesPublished]);
        assert_eq!(read.groups, [PageType::Writing, PageType::Reading]);
        assert_eq!(read.clock, Some(Clock::new(10, 7)));
        assert_eq!(read.scope, Scope::Tags);
    }

    #[test]
    fn tags_that_were_cut_leave_the_decision_to_the_page_types() {
        let pairs = [("x-cache-invalidate", "community"), ("x-cache-invalidate-keys", r#"["stories:publ"#)];

        let read = invalidation(&headers(&pairs)).expect("the headers of a mutation");

        assert_eq!(read.scope, Scope::Groups);
        assert!(read.tags.is_empty());
    }

    #[test]
    fn an_answer_without_the_header_invalidates_nothing() {
        assert_eq!(invalidation(&headers(&[("x-cache-status", "HIT")])), None);
    }
}
