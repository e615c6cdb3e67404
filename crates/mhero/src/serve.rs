//! The server: console, runners and the socket for commands, until it is asked to end.

use std::{
    future::{Future, IntoFuture},
    io::Write,
    net::SocketAddr,
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use axum::{Json, Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use clap::Args;
use mhero_store::SCHEMA_VERSION;
use mhero_web::{
    WebOptions,
    words::{Arg, Words},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::JoinSet,
};

use crate::{
    config::Settings,
    control::Control,
    failure::Failure,
    metrics,
    wiring::{Node, Place},
};

/// How long open connections and passes under way may take to end.
const END_LIMIT: Duration = Duration::from_secs(10);

/// Run the server.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero serve\n  mhero serve --listen 127.0.0.1:8080 --data /var/lib/mhero\n  mhero serve --parts runners,channels --database postgres://mhero@db/mhero"
)]
pub struct ServeArgs {
    /// Address and port of the console; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// What this process does: web, runners, channels
    #[arg(long, value_name = "PARTS", value_delimiter = ',')]
    pub parts: Vec<Part>,
}

/// A part of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// The console, and what carriers call.
    Web,
    /// Timers, broadcasts, intake.
    Runners,
    /// To and from carriers.
    Channels,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "web" => Ok(Self::Web),
            "runners" => Ok(Self::Runners),
            "channels" => Ok(Self::Channels),
            _ => Err("it is one of web, runners, channels".to_owned()),
        }
    }
}

/// What to run and where.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Address and port.
    pub listen: String,
    /// Which parts.
    pub parts: Vec<Part>,
}

impl Plan {
    /// The settings, the command line over them.
    ///
    /// # Errors
    /// [`Failure::Refused`] for a part in the settings that there is not.
    pub fn new(settings: &Settings, listen: Option<&str>, parts: &[Part]) -> Result<Self, Failure> {
        let refused = |value: &String| {
            Failure::refused("cli-config-value", [("key", "server.parts".to_owned()), ("value", value.clone())])
        };
        let parts = if parts.is_empty() {
            settings
                .server
                .parts
                .iter()
                .map(|part| part.parse().map_err(|_| refused(part)))
                .collect::<Result<_, _>>()?
        } else {
            parts.to_vec()
        };
        Ok(Self { listen: listen.unwrap_or(&settings.server.listen).to_owned(), parts })
    }
}

/// Runs the server until it is asked to end (SIGINT, SIGTERM).
///
/// # Errors
/// Another process on the data directory, an older schema, a taken address; each says what to do.
pub async fn run(place: Place, args: &ServeArgs, words: &Words) -> Result<(), Failure> {
    let plan = Plan::new(&place.settings, args.listen.as_deref(), &args.parts)?;
    let lock = place.lock()?;
    let node = place.open(lock, true).await?;
    let ready = |address: SocketAddr| {
        let line = words.with("cli-serve-ready", &[("address", Arg::Text(format!("http://{address}/")))]);
        // The line may go nowhere; the server runs all the same.
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    };
    serve(node, &plan, ready).await
}

/// Serves an open installation; `ready` is told the address once it answers.
///
/// # Errors
/// A taken address; a data directory that takes no socket.
pub async fn serve(node: Node, plan: &Plan, ready: impl FnOnce(SocketAddr)) -> Result<(), Failure> {
    let taken = |error: std::io::Error| {
        Failure::refused("cli-listen", [("address", plan.listen.clone()), ("detail", error.kind().to_string())])
    };
    let listener = TcpListener::bind(&plan.listen).await.map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    let node = Arc::new(node);
    let (stop, stopping) = watch::channel(false);
    if let Some(address) = metrics::start(&node.place.settings.metrics, stopping.clone()).await? {
        tracing::info!(%address, "figures for Prometheus");
    }
    let control = Control::open(&node.place.data)?;
    let mut runners = JoinSet::new();
    if plan.parts.contains(&Part::Runners) {
        node.app.start_office_runners(&mut runners, &stopping);
    }
    if plan.parts.contains(&Part::Channels) {
        node.app.start_channel_runners(&mut runners, &stopping);
    }
    let asked = asked_to_end()?;
    let pages = pages(&node, &plan.parts);
    let server = {
        let mut stopping = stopping.clone();
        axum::serve(listener, pages.into_make_service_with_connect_info::<SocketAddr>()).with_graceful_shutdown(
            async move {
                // The sender lives until the end of this function.
                let _ = stopping.wait_for(|stop| *stop).await;
            },
        )
    };
    let mut server = tokio::spawn(server.into_future());
    ready(address);
    tracing::info!(%address, engine = ?node.app.store().engine(), "serving");
    let ended = tokio::select! {
        () = asked => Ok(()),
        () = control.answer(Arc::clone(&node)) => Ok(()),
        ended = &mut server => Err(anyhow::anyhow!("the server ended by itself: {ended:?}")),
    };
    drop(control);
    let _ = stop.send(true);
    node.app.wake();
    let all_ended = async {
        while runners.join_next().await.is_some() {}
        if ended.is_ok() {
            let _ = server.await;
        }
    };
    if tokio::time::timeout(END_LIMIT, all_ended).await.is_err() {
        tracing::warn!("some connections did not end in time and were cut");
    }
    node.close().await;
    tracing::info!("ended");
    ended.map_err(Failure::from)
}

/// Ends when the process is asked to end.
fn asked_to_end() -> Result<impl Future<Output = ()>, Failure> {
    let listen = |kind| signal(kind).map_err(|error| Failure::from(anyhow::Error::from(error)));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

fn pages(node: &Arc<Node>, parts: &[Part]) -> Router {
    let own = Router::new().route("/health", get(health)).with_state(Arc::clone(node));
    let server = &node.place.settings.server;
    let options = WebOptions { https: server.secure, behind_proxy: server.behind_proxy };
    if parts.contains(&Part::Web) {
        own.merge(mhero_web::router(node.app.clone(), options))
    } else if parts.contains(&Part::Channels) {
        own.merge(mhero_web::channels::router(node.app.clone(), options))
    } else {
        own
    }
}

/// Whether the server takes and keeps what it is given, for load balancers and watchdogs.
async fn health(State(node): State<Arc<Node>>) -> impl IntoResponse {
    let store = node.app.store();
    let healthy = store.is_healthy() && store.lease_now().await.is_ok();
    let status = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = if healthy { "ok" } else { "failing" };
    (status, Json(json!({ "status": word, "schema": SCHEMA_VERSION, "healthy": healthy })))
}
