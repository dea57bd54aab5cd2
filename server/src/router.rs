//! Every route in one screen, and the layers that all of them share.

use aide::axum::ApiRouter;
use app::{
    App,
    api::context,
    shell::{content_security_policy, shell},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request},
    middleware::{Next, from_fn, from_fn_with_state as with_state, map_response},
    response::Response,
    routing::any,
};
use backend::{
    Backend, Visitor,
    cache::{Floor, Report, ServerCache},
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::{config::LeptosOptions, prelude::*};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list, render_app_to_stream_with_context};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, request_id::PropagateRequestIdLayer,
    request_id::SetRequestIdLayer, services::ServeDir, trace::TraceLayer,
};

use crate::{
    api::{self, MAX_TEXT_BYTES},
    config::Config,
    middleware::{
        bounds,
        cache_headers::{self, Asset},
        idempotency, panic,
        same_site::same_site,
        security, session, trace,
    },
};

/// What the handlers and layers share.
#[derive(Clone)]
pub struct Server {
    /// The use cases.
    pub backend: Backend,
    /// Are the cache tools open to everyone?
    pub dev_tools: bool,
    /// Are cookies for TLS only?
    pub secure_cookies: bool,
    /// Is there a proxy of ours in front?
    pub trust_proxy: bool,
    /// What Leptos wants to know.
    pub leptos: LeptosOptions,
}

impl Server {
    /// A server over `backend`, as `config` says.
    pub fn new(backend: Backend, config: &Config) -> Self {
        Server {
            backend,
            dev_tools: config.dev_tools.is_on(),
            secure_cookies: config.secure_cookies.is_on(),
            trust_proxy: config.trust_proxy.is_on(),
            leptos: config.leptos(),
        }
    }
}

/// The whole site: the REST doors, the server functions, the pages and the files.
pub fn router(server: Server) -> Router {
    let guarded = Router::new()
        .merge(rest())
        .merge(pages(&server))
        .layer(with_state(server.clone(), idempotency::idempotency))
        .layer(with_state(server.clone(), session::session));
    let routes = guarded.fallback_service(files(&server)).with_state(server.clone());
    layered(routes, server)
}

/// The REST doors, with their document. Whatever else is below their prefixes is answered in JSON too.
fn rest() -> Router<Server> {
    let resources = ApiRouter::new()
        .merge(api::health::router())
        .merge(api::events::router())
        .nest("/api/auth", api::auth::router())
        .nest("/studio/api", api::studio::router())
        .nest(
            "/studio/api/cache",
            api::cache_tools::router().merge(api::metrics::router()).merge(api::monitoring::router()),
        )
        .merge(api::metrics::scraped())
        .nest("/novels/api", api::reading::router())
        .nest("/community/api", api::community::router());
    let prefixes = ["/api", "/studio/api", "/novels/api", "/community/api"];
    let unknown = prefixes.into_iter().fold(api::documented(resources), |router, prefix| {
        router.route(&format!("{prefix}/{{*rest}}"), any(api::no_such_route))
    });
    unknown.layer(map_response(api::in_json))
}

/// The pages, rendered on the server, and the server functions they call.
fn pages(server: &Server) -> Router<Server> {
    let routes = generate_route_list(App);
    let pages = Router::new().leptos_routes_with_context(server, routes, contexts(server), document(server));
    // A server function reads its own body, and knows this bound.
    pages.layer(DefaultBodyLimit::max(MAX_TEXT_BYTES)).layer(map_response(api::in_json))
}

/// The files of the site, compressed when they were built; what is no file gets the page that says so.
fn files(server: &Server) -> Router {
    let no_such_page = any(render_app_to_stream_with_context(contexts(server), document(server)))
        .layer(with_state(server.clone(), session::session));
    let files = ServeDir::new(server.leptos.site_root.as_ref())
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .not_found_service(no_such_page);
    Router::new().fallback_service(files).layer(from_fn(mark_file))
}

/// Tells the caching layer that an answer is a file, and whether it is one of a release.
///
/// Not only of this server's: while servers are updated one after the other, each has the files of both.
async fn mark_file(request: Request, next: Next) -> Response {
    let is_of_release = request.uri().path().strip_prefix("/pkg/").is_some_and(|path| path.contains('/'));
    let mut response = next.run(request).await;
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let asset = if is_of_release { Asset::Immutable } else { Asset::Changing };
        response.extensions_mut().insert(asset);
    }
    response
}

/// Hands what the layers put into a request to its page or server function.
fn contexts(server: &Server) -> impl Fn() + Clone + Send + Sync + 'static {
    let (backend, dev_tools) = (server.backend.clone(), server.dev_tools);
    move || {
        let extensions = expect_context::<Parts>().extensions;
        let visitor = extensions.get::<Visitor>().cloned().expect("the session layer is around every page");
        let report = extensions.get::<Report>().cloned().expect("the caching layer is around everything");
        let floor = extensions.get::<Floor>().copied().unwrap_or_default();
        context::provide(backend.not_before(floor).reporting(&report), visitor, report, dev_tools);
        if let Some(policy) = content_security_policy().and_then(|policy| HeaderValue::try_from(policy).ok()) {
            expect_context::<ResponseOptions>().insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// The HTML document around the app.
fn document(server: &Server) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    let options = server.leptos.clone();
    move || shell(options.clone()).into_any()
}

/// The layers around everything, the outermost last.
fn layered(routes: Router, server: Server) -> Router {
    let traced = TraceLayer::new_for_http()
        .make_span_with(trace::span)
        .on_request(())
        .on_response(trace::on_response)
        .on_failure(()); // causes are logged where they are known
    routes
        .layer(from_fn(same_site))
        .layer(from_fn(bounds::in_size))
        .layer(from_fn(bounds::in_time))
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(CompressionLayer::new())
        .layer(with_state(server.clone(), cache_headers::cache_headers))
        .layer(with_state(server, security::security))
        .layer(traced)
        .layer(PropagateRequestIdLayer::new(trace::REQUEST_ID))
        .layer(SetRequestIdLayer::new(trace::REQUEST_ID, trace::Numbered::new()))
}

impl FromRef<Server> for Backend {
    fn from_ref(server: &Server) -> Self {
        server.backend.clone()
    }
}

impl FromRef<Server> for ServerCache {
    fn from_ref(server: &Server) -> Self {
        server.backend.cache().clone()
    }
}

impl FromRef<Server> for LeptosOptions {
    fn from_ref(server: &Server) -> Self {
        server.leptos.clone()
    }
}
