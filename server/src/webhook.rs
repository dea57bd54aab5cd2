//! Telling somebody elsewhere of alerts: one `POST` of JSON for each that fires, changes its severity, or is over.
//!
//! Of several servers, the one that found it tells. It tries a few times and gives up with a line in the log, where the
//! alert itself is too.

use std::time::Duration;

use backend::Backend;
use domain::cache::AlertTold;
use reqwest::{Client, Url, redirect};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    task::JoinHandle,
    time::sleep,
};

use crate::outbound;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long to wait before each further try.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30)];

/// Tells, until it is dropped.
pub(crate) struct Telling(JoinHandle<()>);

impl Drop for Telling {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Telling {
    /// Tells `url` of what `backend` finds from now on.
    pub(crate) fn start(url: Url, backend: &Backend) -> Self {
        Telling(tokio::spawn(tell_all(url, backend.alerts())))
    }
}

async fn tell_all(url: Url, mut alerts: Receiver<AlertTold>) {
    // A redirect could lead somewhere that nobody wrote down.
    let client = outbound::client().timeout(PATIENCE).redirect(redirect::Policy::none()).build();
    let client = match client {
        Ok(client) => client,
        Err(error) => return tracing::error!(%error, "nobody will be told of alerts"),
    };
    loop {
        match alerts.recv().await {
            Ok(alert) => tell(&client, &url, &alert).await,
            Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "alerts came faster than they could be told"),
            Err(RecvError::Closed) => return,
        }
    }
}

async fn tell(client: &Client, url: &Url, alert: &AlertTold) {
    let mut pauses = PAUSES.into_iter();
    loop {
        let sent = client.post(url.clone()).json(alert).send().await.and_then(reqwest::Response::error_for_status);
        let Err(error) = sent else { return };
        // The address may hold a secret.
        let error = error.without_url();
        match pauses.next() {
            Some(pause) => {
                tracing::debug!(%error, id = alert.id, "an alert could not be told; it is tried again");
                sleep(pause).await;
            }
            None => return tracing::warn!(%error, id = alert.id, "an alert could not be told"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{Json, Router, routing::post};
    use chrono::DateTime;
    use domain::cache::{Alert, AlertState, Finding, Layer, Rule, Severity};
    use http::StatusCode;
    use serde_json::Value;
    use tokio::{
        net::TcpListener,
        sync::{broadcast, mpsc},
    };

    use super::*;

    fn alert() -> AlertTold {
        let now = DateTime::UNIX_EPOCH;
        let finding = Finding { severity: Severity::Critical, threshold: 0.0, current: 1.0 };
        let (rule, layer, state) = (Rule::CacheUnavailable, Layer::Server, AlertState::Firing);
        Alert { rule, layer, state, finding, first_seen: now, last_seen: now, is_acknowledged: false }.into()
    }

    /// Somebody who fails the first time; what it takes, it passes on.
    async fn listener() -> (Url, mpsc::UnboundedReceiver<Value>) {
        let (heard, hears) = mpsc::unbounded_channel();
        let asked = Arc::new(AtomicUsize::new(0));
        let hook = post(async move |Json(told): Json<Value>| {
            if asked.fetch_add(1, Ordering::SeqCst) == 0 {
                return StatusCode::SERVICE_UNAVAILABLE;
            }
            heard.send(told).expect("the test listens");
            StatusCode::NO_CONTENT
        });
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", socket.local_addr().expect("an address"));
        tokio::spawn(axum::serve(socket, Router::new().route("/hook", hook)).into_future());
        (url.parse().expect("a URL"), hears)
    }

    #[tokio::test]
    async fn an_alert_is_told_even_if_it_takes_two_tries() {
        let ((url, mut hears), (announce, news)) = (listener().await, broadcast::channel(8));
        let _telling = Telling(tokio::spawn(tell_all(url, news)));

        announce.send(alert()).expect("somebody listens");

        let told = hears.recv().await.expect("an alert");
        assert_eq!(
            (&told["id"], &told["state"], &told["severity"]),
            (&Value::from("cache_unavailable:redis"), &Value::from("firing"), &Value::from("critical"),)
        );
        assert!(told["action"].as_str().is_some_and(|advice| advice.contains("Start the store again")), "{told}");
    }
}
