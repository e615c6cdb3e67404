//! The ministry's own sign-in, as set up in `[oidc]`, and the calls to it.

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use mhero_app::App;
use mhero_signin::{Provider, ProviderSettings, RoleOf, Wire, WireAnswer, WireCall};

use crate::{config::Oidc, failure::Failure, pinned};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a call may take as a whole: somebody waits at the door.
const WHOLE: Duration = Duration::from_secs(10);
/// Octets of an answer that are read at most.
const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// Who calls.
const USER_AGENT: &str = concat!("mHero/", env!("CARGO_PKG_VERSION"));

/// The provider as set up; `None` where none is. Nothing is asked of it yet, so that a server starts without it too.
///
/// # Errors
/// [`Failure::Refused`] naming the setting that can't be used.
pub fn open(app: &App, set: &Oidc) -> Result<Option<Provider>, Failure> {
    if set.issuer.is_empty() {
        return Ok(None);
    }
    let odd = |key: &str, value: &str| {
        Failure::refused("cli-config-value", [("key", format!("oidc.{key}")), ("value", value.to_owned())])
    };
    let role = |text: &String| RoleOf::read(text).ok_or_else(|| odd("roles", text));
    let settings = ProviderSettings {
        issuer: set.issuer.clone(),
        client_id: set.client_id.clone(),
        client_secret: read(&set.client_secret_file)?.trim().to_owned(),
        name: set.name.clone(),
        console: set.console.trim_end_matches('/').to_owned(),
        scope: set.scope.clone(),
        roles_claim: set.roles_claim.clone(),
        roles: set.roles.iter().map(role).collect::<Result<_, _>>()?,
        domains: set.domains.iter().map(|domain| domain.trim().trim_start_matches('@').to_lowercase()).collect(),
        creates: set.create,
        asks_second_factor: set.second_factor,
        second_factor_acr: set.second_factor_acr.clone(),
    };
    if !settings.is_safe() {
        return Err(odd("issuer", &set.issuer));
    }
    if settings.client_id.is_empty() {
        return Err(odd("client_id", ""));
    }
    let is_address = |text: &str| text.is_empty() || text.starts_with("https://") || text.starts_with("http://");
    if !is_address(&settings.console) {
        return Err(odd("console", &set.console));
    }
    let calls = Calls::new(&read(&set.ca_file)?).ok_or_else(|| odd("ca_file", &set.ca_file))?;
    Ok(Some(Provider::new(app.clone(), settings, Arc::new(calls))))
}

/// The text of a file; empty where none is named.
fn read(file: &str) -> Result<String, Failure> {
    if file.is_empty() {
        return Ok(String::new());
    }
    let path = Path::new(file);
    std::fs::read_to_string(path).map_err(|error| Failure::file("cli-exchange-file", path, &error))
}

/// Makes the calls.
struct Calls(reqwest::Client);

impl Calls {
    fn new(ca: &str) -> Option<Self> {
        mhero_channels::tls::install();
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
        builder.build().ok().map(Self)
    }
}

#[async_trait]
impl Wire for Calls {
    async fn call(&self, call: &WireCall) -> Result<WireAnswer, String> {
        let request = match &call.form {
            None => self.0.get(&call.url),
            Some(form) => {
                let kind = "application/x-www-form-urlencoded";
                self.0.post(&call.url).header("content-type", kind).body(form.clone())
            }
        };
        let request = request.header("accept", "application/json");
        let request = match &call.authorization {
            Some(authorization) => request.header("authorization", authorization),
            None => request,
        };
        let mut answer = request.send().await.map_err(|error| match (error.is_timeout(), error.is_connect()) {
            (true, _) => "it took too long".to_owned(),
            (_, true) => "no connection came about".to_owned(),
            _ => "no answer came".to_owned(),
        })?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| "its answer broke off".to_owned())? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err("its answer is too large".to_owned());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(WireAnswer { status, body: String::from_utf8_lossy(&body).into_owned() })
    }
}
