//! Figures for Prometheus, on an address of their own: counts and times, never a number or a text.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context;
use axum::{Router, routing::get};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::{net::TcpListener, sync::watch};

use crate::{config::Metrics, failure::Failure};

/// How often old samples are tidied away.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves `/metrics` until `stop` becomes true, where the settings give an address. Returns it.
///
/// # Errors
/// [`Failure::Refused`] when the address is none or taken.
pub async fn start(settings: &Metrics, mut stop: watch::Receiver<bool>) -> Result<Option<SocketAddr>, Failure> {
    if settings.listen.is_empty() {
        return Ok(None);
    }
    let taken =
        |detail: String| Failure::refused("cli-listen", [("address", settings.listen.clone()), ("detail", detail)]);
    let listener = TcpListener::bind(&settings.listen).await.map_err(|error| taken(error.kind().to_string()))?;
    let address = listener.local_addr().map_err(|error| taken(error.kind().to_string()))?;
    let handle = PrometheusBuilder::new().install_recorder().context("figures can't be collected")?;
    let shown = handle.clone();
    let pages = Router::new().route("/metrics", get(move || std::future::ready(shown.render())));
    let mut upkeep_stop = stop.clone();
    tokio::spawn(async move {
        let mut turns = tokio::time::interval(UPKEEP);
        while !*upkeep_stop.borrow() {
            tokio::select! {
                _ = turns.tick() => handle.run_upkeep(),
                _ = upkeep_stop.changed() => {}
            }
        }
    });
    tokio::spawn(async move {
        let stopped = async move {
            // The sender lives as long as the server.
            let _ = stop.wait_for(|stop| *stop).await;
        };
        if let Err(error) = axum::serve(listener, pages).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "figures are no longer served");
        }
    });
    Ok(Some(address))
}
