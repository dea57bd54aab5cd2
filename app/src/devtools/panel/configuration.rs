//! What the caches go by, and how they do.

use domain::cache::{Key, PageType, Policy, Sharing};
use leptos::prelude::*;

use crate::{
    client::{self, LIMITS, Layer, Prefetched, Settings, StreamRole, StreamState},
    devtools::entries::{
        figures::{size, span},
        model::{Model, Server},
    },
};

/// The version of this program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Tables of what holds, and of what happens.
#[component]
pub fn Configuration(model: Model) -> impl IntoView {
    view! {
        <div class="configuration">
            <section>
                <h3 class="configuration__head">"Now"</h3>
                <Figures model />
            </section>
            <section>
                <h3 class="configuration__head">"Policies"</h3>
                <Policies />
            </section>
            <section>
                <h3 class="configuration__head">"Page types"</h3>
                <PageTypes />
            </section>
        </div>
    }
}

#[component]
fn Figures(model: Model) -> impl IntoView {
    let settings = Settings::in_force();
    let schema = settings.schema.clone();
    let budget = size_of(settings.budget_bytes);
    let prefetches = if settings.prefetch.is_on {
        format!("on, {} ms after a link is pointed at", settings.prefetch.hover_ms)
    } else {
        "off".to_owned()
    };
    let stream = move || {
        model.now_ms.track();
        words(client::stream_state(), client::now_ms())
    };
    let memory =
        move || used(model, Layer::Memory, &format!("{} values, {}", LIMITS.entries, size_of(LIMITS.memory_bytes)));
    let stored = move || used(model, Layer::LocalStorage, &budget);
    let counts = move || {
        model.now_ms.track();
        let Prefetched { issued, used, wasted } = client::prefetched();
        format!("Fetched before anybody asked: {issued}, of these used {used} and wasted {wasted}.")
    };
    view! {
        <dl class="configuration__facts">
            <dt>"Version"</dt>
            <dd>{VERSION}</dd>
            <dt>"Schema of localStorage"</dt>
            <dd>{schema}</dd>
            <dt>"Server's store"</dt>
            <dd>{move || store(&model.server.get())}</dd>
            <dt>"Stream of changes"</dt>
            <dd data-fact="stream">{stream}</dd>
            <dt>"Memory"</dt>
            <dd data-fact="memory">{memory}</dd>
            <dt>"localStorage"</dt>
            <dd data-fact="localStorage">{stored}</dd>
            <dt>"Prefetching"</dt>
            <dd>{prefetches}</dd>
            <dt>"Prefetched"</dt>
            <dd data-fact="prefetched">{counts}</dd>
        </dl>
    }
}

fn store(server: &Server) -> String {
    match server {
        Server::Asked => "asked…".to_owned(),
        Server::Answered { store, .. } => store.clone(),
        Server::Failed(failure) => failure.to_string(),
    }
}

fn size_of(bytes: usize) -> String {
    size(u64::try_from(bytes).unwrap_or(u64::MAX))
}

/// How much of a layer's budget is used.
fn used(model: Model, layer: Layer, budget: &str) -> String {
    let (count, bytes) = model.with_rows(|rows| {
        rows.filter_map(|row| row.held(layer))
            .fold((0_u64, 0_u64), |(count, bytes), held| (count + 1, bytes + held.size_bytes))
    });
    format!("{count} values, {} of at most {budget}", size(bytes))
}

fn words(stream: StreamState, now_ms: u64) -> String {
    let StreamState { role, heard, last_event_ms } = stream;
    let role = match role {
        StreamRole::Holds => "this tab holds it, for all tabs of this browser",
        StreamRole::Connects => "this tab holds it, and is connecting",
        StreamRole::Follows => "another tab holds it, and passes on what it hears",
        StreamRole::None => "not taken part in",
    };
    let heard = heard.map_or_else(String::new, |clock| format!("; heard everything up to {clock}"));
    let last = last_event_ms
        .map_or_else(String::new, |at_ms| format!("; last event {} ago", span(now_ms.saturating_sub(at_ms))));
    format!("{role}{heard}{last}")
}

/// One row for each kind of view.
#[component]
fn Policies() -> impl IntoView {
    let rows = kinds().into_iter().map(|key| {
        let Policy { page_type, server_ttl_secs, grace_secs, missing_secs, storage_ttl_secs, fresh_secs, sharing } =
            key.policy();
        view! {
            <tr>
                <th scope="row">{key.group()}</th>
                <td>{page_type.to_string()}</td>
                <td>{secs(fresh_secs)}</td>
                <td>{secs(storage_ttl_secs)}</td>
                <td>{secs(server_ttl_secs)}</td>
                <td>{secs(grace_secs)}</td>
                <td>{if missing_secs == 0 { "never".to_owned() } else { secs(missing_secs) }}</td>
                <td>{shared(sharing)}</td>
            </tr>
        }
    });
    let heads = ["Kind", "Page type", "Fresh", "Kept here", "Server", "Grace", "Absence", "Proxies"];
    view! {
        <table class="configuration__table" aria-label="Policies">
            <thead>
                <tr>{heads.map(|head| view! { <th scope="col">{head}</th> })}</tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

/// How long views of each page type are kept in localStorage.
#[component]
fn PageTypes() -> impl IntoView {
    let rows = PageType::ALL.map(|page_type| {
        view! {
            <tr>
                <th scope="row">{page_type.to_string()}</th>
                <td>{secs(page_type.storage_ttl_secs())}</td>
            </tr>
        }
    });
    view! {
        <table class="configuration__table" aria-label="Page types">
            <thead>
                <tr>
                    <th scope="col">"Page type"</th>
                    <th scope="col">"TTL in localStorage"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn secs(secs: u32) -> String {
    span(u64::from(secs) * 1_000)
}

fn shared(sharing: Sharing) -> &'static str {
    match sharing {
        Sharing::Public => "may keep it",
        Sharing::Personal => "one person's browser",
        Sharing::Private => "must not keep it",
    }
}

/// A key of each kind: a policy follows from the kind alone.
pub(super) fn kinds() -> Vec<Key> {
    const ID: &str = "000000000000000000000";
    let forms = [
        "user:#:stories",
        "story:#:user:#",
        "story:#:chapters:user:#",
        "chapter:#:user:#@#",
        "chapter:#:scenes:user:#@#",
        "scene:#:user:#@#",
        "story:#:characters:user:#",
        "character:#:user:#@#",
        "story:#:settings:user:#",
        "setting:#:user:#@#",
        "user:#:progress:#",
        "stories:published",
        "story:#:public",
        "chapter:#:public@#",
        "community:stories:all",
        "community:feed:public",
        "community:story:#:posts:public",
        "post:#:public",
        "post:#:replies",
    ];
    forms.iter().filter_map(|form| form.replace('#', ID).parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use domain::cache::KEY_GROUPS;

    use super::*;

    #[test]
    fn every_kind_of_view_has_a_row() {
        let groups: Vec<&str> = kinds().iter().map(Key::group).collect();

        assert_eq!(groups, KEY_GROUPS);
    }
}
