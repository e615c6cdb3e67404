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
use mhero_exchange::clients::Reached;
use mhero_store::SCHEMA_VERSION;
use mhero_web::{
    WebOptions,
    exchange::Beside,
    words::{Arg, Words},
};
use mhero_web_api::ApiOptions;
use mhero_web_exchange::{Watch, watched};
use mhero_web_fhir::FhirOptions;
use mhero_web_rapidpro::RapidproOptions;
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
    metrics, tls,
    wiring::{Node, Place},
};

/// How long open connections and passes under way may take to end.
const END_LIMIT: Duration = Duration::from_secs(10);
/// The folder in the data directory where files wait that somebody brought to the console.
const UPLOADS: &str = "uploads";

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
    let ready = |address: SocketAddr, encrypted: Option<SocketAddr>| {
        let shown = |key, address: String| words.with(key, &[("address", Arg::Text(address))]);
        let tls = encrypted.map(|address| shown("cli-serve-tls", format!("https://{address}/")));
        for line in tls.into_iter().chain([shown("cli-serve-ready", format!("http://{address}/"))]) {
            // The line may go nowhere; the server runs all the same.
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        }
    };
    serve(node, &plan, ready).await
}

/// Serves an open installation; `ready` is told the address once it answers, and that for encrypted connections, where there is one.
///
/// # Errors
/// A taken address; a certificate that can't be used; a data directory that takes no socket.
pub async fn serve(node: Node, plan: &Plan, ready: impl FnOnce(SocketAddr, Option<SocketAddr>)) -> Result<(), Failure> {
    let taken = |error: std::io::Error| {
        Failure::refused("cli-listen", [("address", plan.listen.clone()), ("detail", error.kind().to_string())])
    };
    let listener = TcpListener::bind(&plan.listen).await.map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    let encrypted = tls::open(&node.place.settings.server).await?;
    let encrypted_address = encrypted.as_ref().map(|encrypted| encrypted.address);
    let node = Arc::new(node);
    let (stop, stopping) = watch::channel(false);
    if let Some(address) = metrics::start(&node.place.settings.metrics, stopping.clone()).await? {
        tracing::info!(%address, "figures for Prometheus");
    }
    let control = Control::open(&node.place.data)?;
    let mut runners = JoinSet::new();
    if plan.parts.contains(&Part::Runners) {
        node.app.start_office_runners(&mut runners, &stopping);
        mhero_exchange::dhis2::Reports::new(node.app.clone()).start(&mut runners, &stopping);
        mhero_backend::Backends::new(node.app.clone()).start(&mut runners, &stopping);
        mhero_exchange::golden::start(&node.app, &mut runners, &stopping);
        node.exchange.start_runners(&mut runners, &stopping);
    }
    if plan.parts.contains(&Part::Channels) {
        node.app.start_channel_runners(&mut runners, &stopping);
    }
    let asked = asked_to_end()?;
    let set = &node.place.settings.server;
    let plain = pages(&node, &plan.parts, set.secure)?;
    if let Some(encrypted) = encrypted {
        let pages = pages(&node, &plan.parts, true)?;
        encrypted.start(pages, set.tls.hsts_days, (&mut runners, &stopping))?;
    }
    let server = {
        let mut stopping = stopping.clone();
        axum::serve(listener, plain.into_make_service_with_connect_info::<SocketAddr>()).with_graceful_shutdown(
            async move {
                // The sender lives until the end of this function.
                let _ = stopping.wait_for(|stop| *stop).await;
            },
        )
    };
    let mut server = tokio::spawn(server.into_future());
    ready(address, encrypted_address);
    tracing::info!(%address, encrypted = ?encrypted_address, engine = ?node.app.store().engine(), "serving");
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

/// Everything that is answered; `https` is whether it is reached so.
fn pages(node: &Arc<Node>, parts: &[Part], https: bool) -> Result<Router, Failure> {
    let own = Router::new().route("/health", get(health)).with_state(Arc::clone(node));
    let server = &node.place.settings.server;
    let shelf = mhero_registries::shelf::Folder::new(node.place.data.join(UPLOADS));
    let beside = Beside {
        journal: node.exchange.journal.clone(),
        clients: node.exchange.clients.clone(),
        mediator: node.exchange.mediator.clone(),
    };
    let options = WebOptions {
        https,
        behind_proxy: server.behind_proxy,
        shelf: Some(Arc::new(shelf)),
        exchange: Some(beside),
        provider: node.provider.clone(),
    };
    Ok(if parts.contains(&Part::Web) {
        let reached = Reached { https, behind_proxy: server.behind_proxy };
        let fhir = FhirOptions { https, behind_proxy: server.behind_proxy };
        let rapidpro = RapidproOptions {
            https,
            behind_proxy: server.behind_proxy,
            requests_per_hour: node.place.settings.rapidpro.requests_per_hour,
        };
        let mut fronts = Router::new()
            .merge(mhero_web_fhir::router(node.app.clone(), fhir))
            .merge(mhero_web_fhir::emnutt_router(node.app.clone(), fhir))
            .merge(mhero_web_exchange::router(node.app.clone(), reached))
            .merge(mhero_web_rapidpro::router(node.app.clone(), rapidpro))
            .merge(mhero_web_api::router(
                node.app.clone(),
                ApiOptions { reached, requests_per_hour: node.place.settings.rapidpro.requests_per_hour },
            ));
        if let Some(mediator) = &node.exchange.mediator {
            fronts = fronts.merge(mhero_web_exchange::openhim(mediator.clone()));
        }
        let watch = Watch {
            journal: node.exchange.journal.clone(),
            clients: node.exchange.clients.clone(),
            mediator: node.exchange.mediator.clone(),
            behind_proxy: server.behind_proxy,
        };
        let fronts = tls::certified(watched(fronts, watch), tls::proxies(&server.certificate_proxies)?);
        own.merge(mhero_web::router(node.app.clone(), options))
            .merge(mhero_web_api::told_everywhere(fronts, node.app.clone()))
    } else if parts.contains(&Part::Channels) {
        own.merge(mhero_web::channels::router(node.app.clone(), &options))
    } else {
        own
    })
}

/// Whether the server takes and keeps what it is given, for load balancers and watchdogs.
async fn health(State(node): State<Arc<Node>>) -> impl IntoResponse {
    let store = node.app.store();
    let healthy = store.is_healthy() && store.lease_now().await.is_ok();
    let status = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = if healthy { "ok" } else { "failing" };
    (status, Json(json!({ "status": word, "schema": SCHEMA_VERSION, "healthy": healthy })))
}
