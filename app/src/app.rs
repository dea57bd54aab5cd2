//! Providers and routes: the site map.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    Lazy, SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    api::Visit,
    client,
    components::{layout::Layout, toast::Toast},
    devtools::Devtools,
    pages::{chunks, home::HomePage, not_found::NotFoundPage, novels::NovelsPage},
};

/// The whole application. Pages wait for their views on the server, so that they can be read without JavaScript.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // What the server knows of the visitor is part of the page; the browser reads it from there.
    let visit = SharedValue::new(|| use_context::<Visit>().unwrap_or_default()).into_inner();
    client::start(&visit, chunks::load_ahead);
    provide_context(visit);
    provide_context(client::Waiting::default());
    provide_context(Toast::default());
    client::load_redirects_anew(); // before the router, which would render them

    view! {
        <Router>
            <Layout>
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/novels") view=NovelsPage ssr=SsrMode::Async />
                    <Route path=path!("/novels/:story") view={Lazy::<chunks::Novel>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/novels/:story/:chapter") view={Lazy::<chunks::Chapter>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/community") view={Lazy::<chunks::Community>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/community/story/:story") view={Lazy::<chunks::Board>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/community/posts/:post") view={Lazy::<chunks::Post>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/studio") view={Lazy::<chunks::Shelf>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/studio/trash") view={Lazy::<chunks::Trash>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/studio/cache") view={Lazy::<chunks::Cache>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/studio/story/:story") view={Lazy::<chunks::Story>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/studio/edit/story/:story") view={Lazy::<chunks::Story>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/studio/story/:story/scene/:scene") view={Lazy::<chunks::Story>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/login") view={Lazy::<chunks::LogIn>::new()} ssr=SsrMode::Async />
                    <Route path=path!("/signup") view={Lazy::<chunks::SignUp>::new()} ssr=SsrMode::Async />
                </Routes>
            </Layout>
            <Devtools />
        </Router>
    }
    .into_any() // the type of the whole site map would be too deep for the compiler
}
