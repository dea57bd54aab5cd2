//! The one HTTP client of all server functions.
//!
//! It reads the invalidation headers before the body is decoded. So no component invalidates anything by hand, and an
//! error answer counts as much as a good one.

use std::future::Future;

use leptos::server_fn::{
    Bytes,
    client::{Client, browser::BrowserClient},
    error::FromServerFnError,
};
use send_wrapper::SendWrapper;

use super::{
    door::{self, Call},
    fetch::{Request, Response},
    told::Told,
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
            apply(&response);
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

/// Passes on what the headers of an answer say.
fn apply(response: &Response) {
    let header = |name: &str| response.header(name);
    if let Some(clock) = header("x-cache-clock").and_then(|text| text.parse().ok()) {
        door::note_newest(clock);
    }
    if let Some(status) = header("x-cache-status") {
        door::say(Call::Answered { status, asked: response.asked().unwrap_or_default().to_owned() });
    }
    if let Some(told) = Told::of_answer(&response.url(), &header) {
        door::say(Call::Written(told));
    }
}
