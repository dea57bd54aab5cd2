//! Requests and answers of server functions, straight on the browser's `fetch`.
//!
//! The client that comes with server functions reads an answer's headers through a table of every header there is: it
//! would be a fortieth of the first page. Ours send and receive text; anything else is refused.

use std::future::Future;

use futures::{Stream, stream};
use gloo_timers::callback::Timeout;
use http::Method;
use js_sys::Promise;
use leptos::{
    prelude::window,
    server_fn::{
        Bytes,
        error::{FromServerFnError, ServerFnErrorErr},
        redirect::REDIRECT_HEADER,
        request::{ClientReq, browser::BrowserFormData},
        response::ClientRes,
    },
};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit};

use super::{
    door,
    simulation::{Simulation, simulation},
};

/// A request without an answer is given up after this many milliseconds, and after one more for so many bytes it sends: on a
/// line that swallows everything, a browser alone would wait for minutes, and whatever waits in line would with it.
const PATIENCE_MS: u32 = 30_000;
const BYTES_PER_MS: usize = 8;

/// How the path of the function ends through which views are read.
const READ: &str = "/read";

/// A request, with what takes it back when nobody waits for its answer any more.
pub struct Request(SendWrapper<Sending>);

/// An answer whose body may still be on its way.
pub struct Response(SendWrapper<(web_sys::Response, TakenBack)>, Option<String>);

struct Sending {
    request: web_sys::Request,
    taken_back: TakenBack,
    asked: Option<String>,
}

/// Dropped before the answer is read to its end, or when it took too long, it stops the exchange; after that it does nothing.
struct TakenBack {
    control: AbortController,
    _patience: Timeout,
}

impl TakenBack {
    fn after(patience_ms: u32) -> Result<Self, JsValue> {
        let control = AbortController::new()?;
        let stopping = control.clone();
        Ok(TakenBack { control, _patience: Timeout::new(patience_ms, move || stopping.abort()) })
    }
}

impl Drop for TakenBack {
    fn drop(&mut self) {
        self.control.abort();
    }
}

fn patience_ms(body: &str) -> u32 {
    PATIENCE_MS.saturating_add(u32::try_from(body.len() / BYTES_PER_MS).unwrap_or(u32::MAX))
}

impl Request {
    fn new(path: &str, content_type: &str, accepts: &str, body: &str, method: &Method) -> Result<Self, JsValue> {
        let taken_back = TakenBack::after(patience_ms(body))?;
        let init = RequestInit::new();
        init.set_method(method.as_str());
        init.set_body(&body.into());
        init.set_signal(Some(&taken_back.control.signal()));
        let request = web_sys::Request::new_with_str_and_init(path, &init)?;
        request.headers().set("Content-Type", content_type)?;
        request.headers().set("Accept", accepts)?;
        // From whichever server: nothing older than what this tab has seen.
        if let Some(clock) = door::newest() {
            request.headers().set("X-Cache-Clock", &clock.to_string())?;
        }
        let asked = path.ends_with(READ).then(|| body.to_owned());
        Ok(Request(SendWrapper::new(Sending { request, taken_back, asked })))
    }

    /// Sends it, and waits for the head of the answer.
    ///
    /// # Errors
    /// When no answer comes, or none in time.
    pub(super) async fn send<E: FromServerFnError>(self) -> Result<Response, E> {
        let Sending { request, taken_back, asked } = self.0.take();
        if simulation() == Simulation::Offline {
            return Err(lost());
        }
        let answer = JsFuture::from(window().fetch_with_request(&request)).await.map_err(|_| lost())?;
        Ok(Response(SendWrapper::new((answer.unchecked_into(), taken_back)), asked))
    }
}

impl Response {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        self.0.0.headers().get(name).ok().flatten()
    }

    /// Where it came from.
    pub(super) fn url(&self) -> String {
        self.0.0.url()
    }

    /// What was asked, if a view was read.
    pub(super) fn asked(&self) -> Option<&str> {
        self.1.as_deref()
    }
}

fn lost<E: FromServerFnError>() -> E {
    E::from_server_fn_error(ServerFnErrorErr::Request(String::new()))
}

fn unsupported<T, E: FromServerFnError>() -> Result<T, E> {
    Err(E::from_server_fn_error(ServerFnErrorErr::Serialization("only text is sent".to_owned())))
}

impl<E: FromServerFnError> ClientReq<E> for Request {
    type FormData = BrowserFormData;

    fn try_new_req_query(_: &str, _: &str, _: &str, _: &str, _: Method) -> Result<Self, E> {
        unsupported()
    }

    fn try_new_req_text(
        path: &str,
        content_type: &str,
        accepts: &str,
        body: String,
        method: Method,
    ) -> Result<Self, E> {
        Request::new(path, content_type, accepts, &body, &method).map_err(|_| lost())
    }

    fn try_new_req_bytes(
        path: &str,
        content_type: &str,
        accepts: &str,
        body: Bytes,
        method: Method,
    ) -> Result<Self, E> {
        let Ok(body) = str::from_utf8(&body) else { return unsupported() };
        Request::new(path, content_type, accepts, body, &method).map_err(|_| lost())
    }

    fn try_new_req_form_data(_: &str, _: &str, _: &str, _: BrowserFormData, _: Method) -> Result<Self, E> {
        unsupported()
    }

    fn try_new_req_multipart(_: &str, _: &str, _: BrowserFormData, _: Method) -> Result<Self, E> {
        unsupported()
    }

    fn try_new_req_streaming(
        _: &str,
        _: &str,
        _: &str,
        _: impl Stream<Item = Bytes> + Send + 'static,
        _: Method,
    ) -> Result<Self, E> {
        unsupported()
    }
}

impl<E: FromServerFnError> ClientRes<E> for Response {
    fn try_into_string(self) -> impl Future<Output = Result<String, E>> + Send {
        SendWrapper::new(async move {
            let text: Promise = self.0.0.text().map_err(|_| lost())?.unchecked_into();
            JsFuture::from(text).await.ok().and_then(|text| text.as_string()).ok_or_else(lost)
        })
    }

    async fn try_into_bytes(self) -> Result<Bytes, E> {
        self.try_into_string().await.map(Bytes::from)
    }

    fn try_into_stream(self) -> Result<impl Stream<Item = Result<Bytes, Bytes>> + Send + Sync + 'static, E> {
        unsupported::<stream::Empty<_>, E>()
    }

    fn status(&self) -> u16 {
        self.0.0.status()
    }

    fn status_text(&self) -> String {
        self.0.0.status_text()
    }

    fn location(&self) -> String {
        self.header("Location").unwrap_or_else(|| self.url())
    }

    fn has_redirect(&self) -> bool {
        self.header(REDIRECT_HEADER).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{PATIENCE_MS, patience_ms};

    #[test]
    fn a_long_text_has_longer_to_arrive() {
        assert_eq!(patience_ms(""), PATIENCE_MS);
        assert_eq!(patience_ms(&"x".repeat(800_000)), PATIENCE_MS + 100_000);
    }
}
