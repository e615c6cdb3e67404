//! The exchange log of this process, OpenHIM and accounts, as set up: `[exchange]`, `[openhim]` and `[atna]` of the settings.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_trait::async_trait;
use mhero_app::App;
use mhero_exchange::{
    atna::{Atna, AtnaTarget},
    clients::Clients,
    journal::{Journal, JournalSettings, KeepBodies, Line, LineAnswer, LineFailure, Sendable},
    openhim::{LoginWay, Mediator, MediatorSettings},
};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    config::{OpenHim, Settings},
    failure::Failure,
    pinned, syslog,
};

/// How long a connection may take to come about, and a call as a whole.
const CONNECT: Duration = Duration::from_secs(10);
/// The whole.
const WHOLE: Duration = Duration::from_secs(60);
/// Who calls.
const USER_AGENT: &str = concat!("mHero/", env!("CARGO_PKG_VERSION"));
/// Octets of an answer that are read at most.
const ANSWER_BYTES_MAX: usize = 1 << 20;
/// The name of OpenHIM among the systems that are called.
const OPENHIM: &str = "openhim";

/// What stands around all fronts.
pub struct Exchange {
    /// The log.
    pub journal: Journal,
    /// Who may ask.
    pub clients: Clients,
    /// OpenHIM, where this installation is registered with it.
    pub mediator: Option<Mediator>,
    /// Where audit messages go.
    pub atna: Option<Atna>,
}

/// Opens the log as set up.
///
/// # Errors
/// [`Failure::Refused`] naming the setting that can't be used.
pub fn open(app: &App, settings: &Settings) -> Result<Exchange, Failure> {
    let value = |key: &str, value: &str| {
        Failure::refused("cli-config-value", [("key", key.to_owned()), ("value", value.to_owned())])
    };
    let kept = &settings.exchange;
    let bodies = KeepBodies::of(&kept.bodies).ok_or_else(|| value("exchange.bodies", &kept.bodies))?;
    let journal = Journal::start(app, JournalSettings { bodies, body_days: kept.body_days, days: kept.days });
    let line = Arc::new(Outgoing::new(&read(&settings.openhim.ca_file)?)?);
    journal.set_line(Arc::clone(&line) as Arc<dyn Line>);
    let mediator = mediator(&journal, &settings.openhim)?;
    if let Some(mediator) = &mediator {
        line.mediator.get_or_init(|| mediator.clone());
    }
    let atna = match settings.atna.server.as_str() {
        "" => None,
        server => {
            let target = AtnaTarget::read(server).ok_or_else(|| value("atna.server", server))?;
            let wire = syslog::Wire::new(target.clone(), &read(&settings.atna.ca_file)?)?;
            Some(Atna::new(app.clone(), target, Arc::new(wire)))
        }
    };
    Ok(Exchange { clients: Clients::new(journal.clone()), journal, mediator, atna })
}

impl Exchange {
    /// Starts what runs behind: calls that wait, OpenHIM, audit messages.
    pub fn start_runners(&self, runners: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
        self.journal.start_runner(runners, stop);
        if let Some(mediator) = &self.mediator {
            mediator.start_runner(runners, stop);
        }
        if let Some(atna) = &self.atna {
            atna.start_runner(runners, stop);
        }
    }
}

fn mediator(journal: &Journal, set: &OpenHim) -> Result<Option<Mediator>, Failure> {
    if set.url.is_empty() {
        return Ok(None);
    }
    let login = LoginWay::of(&set.login).ok_or_else(|| {
        let args = [("key", "openhim.login".to_owned()), ("value", set.login.clone())];
        Failure::refused("cli-config-value", args)
    })?;
    let settings = MediatorSettings {
        url: set.url.clone(),
        user: set.user.clone(),
        password: read(&set.password_file)?.trim_end().to_owned(),
        login,
        urn: set.urn.clone(),
        name: set.name.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        host: set.host.clone(),
        port: set.port,
        secured: set.secured,
        client: set.client.clone(),
        wraps: set.wrap,
        shows_bodies: set.show_bodies,
    };
    Ok(Some(Mediator::new(journal.clone(), settings)))
}

/// The text of a file; empty where none is named.
fn read(file: &str) -> Result<String, Failure> {
    if file.is_empty() {
        return Ok(String::new());
    }
    let path = Path::new(file);
    std::fs::read_to_string(path).map_err(|error| Failure::file("cli-exchange-file", path, &error))
}

/// Makes the calls of the exchange log.
struct Outgoing {
    /// For OpenHIM, which may be known by its own certificate.
    openhim: reqwest::Client,
    others: reqwest::Client,
    mediator: OnceLock<Mediator>,
}

impl Outgoing {
    fn new(openhim_ca: &str) -> Result<Self, Failure> {
        mhero_channels::tls::install();
        let client = |ca: &str| {
            let builder = reqwest::Client::builder()
                .timeout(WHOLE)
                .connect_timeout(CONNECT)
                .user_agent(USER_AGENT)
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .retry(reqwest::retry::never());
            let builder = match ca {
                "" => builder,
                ca => builder.tls_backend_preconfigured(pinned::config(ca)?),
            };
            builder.build().ok()
        };
        let odd = || {
            let args = [("key", "openhim.ca_file".to_owned()), ("value", "…".to_owned())];
            Failure::refused("cli-config-value", args)
        };
        Ok(Self {
            openhim: client(openhim_ca).ok_or_else(odd)?,
            others: client("").ok_or_else(odd)?,
            mediator: OnceLock::new(),
        })
    }

    /// What lets a call of OpenHIM's interface in. Its tokens live for ten seconds, so that none is kept with the call.
    async fn login(&self, peer: &str, call: &Sendable) -> Result<Vec<(String, String)>, LineFailure> {
        let is_let_in = call.headers.iter().any(|(name, _)| name == "authorization" || name == "auth-token");
        // What tells the salt asks for nothing.
        if peer != OPENHIM || is_let_in || call.url.contains("/authenticate/") {
            return Ok(Vec::new());
        }
        let Some(mediator) = self.mediator.get() else { return Ok(Vec::new()) };
        Box::pin(mediator.login_headers()).await.map_err(|error| LineFailure::NotSent(error.to_string()))
    }
}

#[async_trait]
impl Line for Outgoing {
    async fn call(&self, peer: &str, call: &Sendable) -> Result<LineAnswer, LineFailure> {
        let not_sent = |why: &str| LineFailure::NotSent(why.to_owned());
        let client = if peer == OPENHIM { &self.openhim } else { &self.others };
        let method = call.method.parse().map_err(|_| not_sent("its method is none"))?;
        let url: reqwest::Url = call.url.parse().map_err(|_| not_sent("its address is none"))?;
        let mut request = client.request(method, url);
        let login = self.login(peer, call).await?;
        for (name, value) in call.headers.iter().chain(&login) {
            request = request.header(name, value);
        }
        if !call.body.is_empty() {
            request = request.body(call.body.clone());
        }
        let mut answer = request.send().await.map_err(|error| match error.is_connect() || error.is_builder() {
            true => not_sent("no connection came about"),
            false => LineFailure::Unknown("no answer came".to_owned()),
        })?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = answer.chunk().await {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                break;
            }
            body.extend_from_slice(&chunk);
        }
        Ok(LineAnswer { status, body: String::from_utf8_lossy(&body).into_owned() })
    }
}
