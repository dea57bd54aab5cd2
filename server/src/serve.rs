//! Listens, and stops without cutting anyone off.

use std::{net::SocketAddr, pin::pin, time::Duration};

use axum::serve::ListenerExt;
use backend::{Backend, OpenError, Process};
use futures::FutureExt;
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
};

use crate::{
    command::{self, CommandError},
    config::Config,
    router::{Server, router},
    upkeep, warming,
    webhook::Telling,
};

/// How long answers that are under way may take after the signal to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves until the process is told to stop.
///
/// # Errors
/// Says in one sentence why it cannot.
pub(crate) async fn serve(config: &Config) -> Result<(), CommandError> {
    let stop = stop_signal()?;
    let webhook = config.alert_webhook()?;
    let backend = Backend::open(command::backend_config(config, Process::Server)).await?;
    let listener = TcpListener::bind(config.site_addr)
        .await
        .map_err(|cause| CommandError::Bind { address: config.site_addr, cause })?;
    command::print(&format!("Fictures listens on http://{}", listener.local_addr()?))?;

    let _telling = webhook.map(|url| Telling::start(url, &backend));
    let upkeep = upkeep::every_hour(backend.clone());
    let to_warm = config.warming.is_on().then(|| backend.clone());
    // Streams of events have no end of their own, and would hold up all others.
    let (streams, counting, claiming) = (backend.clone(), backend.clone(), backend.clone());
    let stop = stop.inspect(move |()| streams.stop_pushing()).shared();
    let warming = warming::every_hour(to_warm, stop.clone());
    let service = router(Server::new(backend, config)).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener.tap_io(send_at_once), service).with_graceful_shutdown(stop.clone());
    let patience = stop.then(|()| tokio::time::sleep(FAREWELL));
    let outcome = tokio::select! {
        result = serving.into_future() => Ok(result?),
        () = upkeep => Ok(()),
        () = warming => Ok(()),
        // What is under way goes with it: an answer may be old already.
        () = claiming.displaced() => Err(OpenError::InUse.into()),
        () = pin!(patience) => {
            tracing::warn!(farewell_secs = FAREWELL.as_secs(), "stopped before every answer was sent");
            Ok(())
        }
    };
    if let Err(error) = counting.save_metrics().await {
        tracing::warn!(%error, "the last metrics could not be written down");
    }
    outcome
}

/// Turns Nagle's algorithm off: it holds back the small pieces that a streamed page is made of.
fn send_at_once(stream: &mut TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection stays slow");
    }
}

/// Ends when the process is asked to: Ctrl-C, or a supervisor.
fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, CommandError> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
