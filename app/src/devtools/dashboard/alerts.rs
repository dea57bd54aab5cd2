//! What is wrong, since when, and what to do about it.

use domain::cache::{AlertState, AlertTold};
use leptos::{prelude::*, task::spawn_local};

use super::{Numbers, live::Live};
use crate::{
    api::{Failure, cache_tools::acknowledge_alert},
    components::{loaded::Source as _, time_ago::TimeAgo},
};

/// The alerts, the worst first.
#[component]
pub fn Alerts(numbers: Numbers, live: Live) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let acknowledge = Callback::new(move |id: String| {
        spawn_local(async move {
            failure.set(acknowledge_alert(id).await.err());
            live.retry();
        });
    });
    let alerts = Memo::new(move |_| numbers.with(|numbers| numbers.monitoring.alerts.clone()));
    let told_at = move || numbers.with(|numbers| numbers.monitoring.timestamp);
    view! {
        <section class="dashboard__section" aria-label="Alerts">
            <div class="dashboard__head">
                <h3 class="dashboard__heading">"Alerts"</h3>
                <p class="dashboard__told">
                    "as of "
                    <time datetime=move || told_at().to_rfc3339()>
                        {move || told_at().format("%H:%M:%S UTC").to_string()}
                    </time>
                </p>
            </div>
            {move || failure.get().map(|failure| view! { <p class="dashboard__failure" role="alert">{failure.to_string()}</p> })}
            {move || {
                alerts
                    .with(|alerts| {
                        if alerts.is_empty() {
                            view! { <p class="alerts__none">"Nothing is wrong."</p> }.into_any()
                        } else {
                            let list = alerts.iter().cloned();
                            let list = list.map(|alert| view! { <Alert alert acknowledge /> }).collect_view();
                            view! { <ul class="alerts">{list}</ul> }.into_any()
                        }
                    })
            }}
        </section>
    }
}

#[component]
fn Alert(alert: AlertTold, acknowledge: Callback<String>) -> impl IntoView {
    let AlertTold { id, severity, state, message, action, first_seen, acknowledged, .. } = alert;
    let (severity, name) = (severity.as_str(), format!("Acknowledge: {message}"));
    let may_act = !acknowledged && state != AlertState::Resolved;
    let data_id = id.clone();
    view! {
        <li class=format!("alert alert--{severity}") data-alert=data_id data-state=state.as_str()>
            <p class="alert__words">
                <strong class="alert__severity">{severity}</strong>
                " "
                {message}
            </p>
            <p class="alert__advice">{action}</p>
            <p class="alert__facts">
                <span class="badge">{state.as_str()}</span>
                " since "
                <TimeAgo at=first_seen />
                {acknowledged.then_some(" · acknowledged")}
            </p>
            {may_act
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="devtools__button alert__act"
                            aria-label=name
                            on:click=move |_| acknowledge.run(id.clone())
                        >
                            "Acknowledge"
                        </button>
                    }
                })}
        </li>
    }
}
