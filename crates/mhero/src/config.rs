//! Settings: the defaults of `config/mhero.default.toml`, under a file, under the environment, under the command line.

use std::{fmt, path::Path};

use config::{Config, Environment, File, FileFormat, Source, Value, ValueKind};
use serde::Deserialize;

use crate::failure::Failure;

/// The commented defaults, as `mhero config default` prints them.
pub const DEFAULT: &str = include_str!("../../../config/mhero.default.toml");
/// Before each of our variables in the environment.
const PREFIX: &str = "MHERO";
/// Keys that hold several words.
const LISTS: [&str; 7] = [
    "server.parts",
    "server.certificate_proxies",
    "effects.allow_private",
    "effects.deny",
    "oidc.domains",
    "oidc.roles",
    "oidc.second_factor_acr",
];

/// All settings.
#[derive(Clone, Debug, Deserialize)]
pub struct Settings {
    /// Where everything is kept.
    pub storage: Storage,
    /// The server.
    pub server: Server,
    /// Keys.
    pub secrets: Secrets,
    /// What is written about the work.
    pub log: Log,
    /// Figures for Prometheus.
    pub metrics: Metrics,
    /// Outside calls of flows.
    pub effects: Effects,
    /// The exchange log.
    pub exchange: Exchange,
    /// The ministry's own sign-in.
    pub oidc: Oidc,
    /// An OpenHIM to register with.
    pub openhim: OpenHim,
    /// Where audit messages go.
    pub atna: Atna,
    /// The API in the shape of RapidPro's.
    pub rapidpro: Rapidpro,
}

/// The API in the shape of RapidPro's.
#[derive(Clone, Debug, Deserialize)]
pub struct Rapidpro {
    /// Requests that a token may make in an hour, for each of the kinds that are counted.
    pub requests_per_hour: u32,
}

/// The exchange log.
#[derive(Clone, Debug, Deserialize)]
pub struct Exchange {
    /// `off`, `changes`, `all`.
    pub bodies: String,
    /// Days that bodies are kept.
    pub body_days: u32,
    /// Days that lines are kept.
    pub days: u32,
}

/// The ministry's own sign-in.
#[derive(Clone, Debug, Deserialize)]
pub struct Oidc {
    /// The issuer; empty for none.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// The file with our secret there; empty for none.
    pub client_secret_file: String,
    /// The name on the button.
    pub name: String,
    /// The address of the console; empty for what the browser asks for.
    pub console: String,
    /// What is asked for.
    pub scope: String,
    /// Domains of addresses that may come in.
    pub domains: Vec<String>,
    /// Whether who is not registered gets an account.
    pub create: bool,
    /// The claim that holds roles.
    pub roles_claim: String,
    /// Which of its values is which role: `value=role`.
    pub roles: Vec<String>,
    /// Whether the provider always asks for a second factor.
    pub second_factor: bool,
    /// Values of `acr` that mean that it did.
    pub second_factor_acr: Vec<String>,
    /// The certificate that is trusted; empty for those of this machine.
    pub ca_file: String,
}

/// An OpenHIM to register with.
#[derive(Clone, Debug, Deserialize)]
pub struct OpenHim {
    /// Its interface; empty for none.
    pub url: String,
    /// The account there.
    pub user: String,
    /// The file with its password.
    pub password_file: String,
    /// `auto`, `basic`, `token`.
    pub login: String,
    /// The certificate that is trusted; empty for those of this machine.
    pub ca_file: String,
    /// By what it knows this installation.
    pub urn: String,
    /// The name that its console shows.
    pub name: String,
    /// The host under which it reaches this server.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether by https.
    pub secured: bool,
    /// The name of the token that its routes use.
    pub client: String,
    /// Whether answers say what was called.
    pub wrap: bool,
    /// Whether they hold bodies.
    pub show_bodies: bool,
}

/// Where audit messages go.
#[derive(Clone, Debug, Deserialize)]
pub struct Atna {
    /// `udp://host:port`, `tls://host:port`; empty for nowhere.
    pub server: String,
    /// The certificate that is trusted; empty for those of this machine.
    pub ca_file: String,
}

/// Outside calls of flows.
#[derive(Clone, Debug, Deserialize)]
pub struct Effects {
    /// Hosts and networks that they may reach although these are not public.
    pub allow_private: Vec<String>,
    /// Hosts and networks that they may not reach.
    pub deny: Vec<String>,
    /// Seconds that a connection may take to come about.
    pub connect_seconds: u64,
    /// Seconds that a call may take as a whole.
    pub whole_seconds: u64,
    /// The server that sends mails.
    pub mail: Mail,
}

/// The server that sends mails.
#[derive(Clone, Debug, Deserialize)]
pub struct Mail {
    /// Its name; empty for none.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `starttls`, `tls` or `none`.
    pub security: String,
    /// The account; empty for none.
    pub user: String,
    /// The file with its password.
    pub password_file: String,
    /// The address that mails come from.
    pub from: String,
}

/// Where everything is kept.
#[derive(Clone, Deserialize)]
pub struct Storage {
    /// The data directory; empty for the platform's own.
    pub data: String,
    /// The URL of a PostgreSQL; empty for SQLite.
    pub database: String,
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may hold a password.
        let database = if self.database.is_empty() { "" } else { "postgres://…" };
        f.debug_struct("Storage").field("data", &self.data).field("database", &database).finish()
    }
}

/// The server.
#[derive(Clone, Debug, Deserialize)]
pub struct Server {
    /// Address and port of the console.
    pub listen: String,
    /// What this process does.
    pub parts: Vec<String>,
    /// Whether people reach it by https.
    pub secure: bool,
    /// Whether a web server of ours stands in front and tells visitors' addresses.
    pub behind_proxy: bool,
    /// Addresses of web servers of ours that may tell which certificate a client has shown them.
    pub certificate_proxies: Vec<String>,
    /// The listener for encrypted connections.
    pub tls: Tls,
}

/// The listener for encrypted connections.
#[derive(Clone, Debug, Deserialize)]
pub struct Tls {
    /// Address and port; empty for nowhere.
    pub listen: String,
    /// The certificate, then those between it and its authority, in PEM.
    pub certificate_file: String,
    /// Its key.
    pub key_file: String,
    /// The name that the certificate must be for; empty for any.
    pub name: String,
    /// `off`, `asked`, `required`.
    pub client_certificates: String,
    /// The authorities that sign those.
    pub client_ca_file: String,
    /// Lists of certificates that these took back; empty for none.
    pub revoked_file: String,
    /// Connections at a time.
    pub connections: usize,
    /// Days that browsers come by https alone; 0 for as they like.
    pub hsts_days: u32,
}

/// Keys.
#[derive(Clone, Debug, Deserialize)]
pub struct Secrets {
    /// The file of the key that seals secrets; empty for one in the platform's configuration folder.
    pub key_file: String,
}

/// What is written about the work.
#[derive(Clone, Debug, Deserialize)]
pub struct Log {
    /// Which lines.
    pub filter: String,
    /// `text` or `json`.
    pub format: String,
}

/// Figures for Prometheus.
#[derive(Clone, Debug, Deserialize)]
pub struct Metrics {
    /// Address and port; empty for nowhere.
    pub listen: String,
}

impl Settings {
    /// Reads the settings, the file and the environment over the defaults.
    ///
    /// # Errors
    /// [`Failure::Refused`] naming the key that is unknown or has a wrong value.
    pub fn read(file: Option<&Path>) -> Result<Self, Failure> {
        Self::layered(file, std::env::vars().filter(|(name, _)| name.starts_with(PREFIX)).collect())
    }

    fn layered(file: Option<&Path>, variables: Vec<(String, String)>) -> Result<Self, Failure> {
        let default = File::from_str(DEFAULT, FileFormat::Toml);
        let known = keys(&default).map_err(|error| unreadable("mhero.default.toml", &error))?;
        let mut builder = Config::builder().add_source(default);
        if let Some(path) = file {
            let place = path.display().to_string();
            let text = std::fs::read_to_string(path).map_err(|e| Failure::file("cli-config-file", path, &e))?;
            let own = File::from_str(&text, FileFormat::Toml);
            let found = keys(&own).map_err(|error| unreadable(&place, &error))?;
            refuse_unknown(&known, &found, &place, |key| key.to_owned())?;
            builder = builder.add_source(own);
        }
        let environment = LISTS.iter().fold(
            Environment::with_prefix(PREFIX)
                .prefix_separator("__")
                .separator("__")
                .list_separator(",")
                .try_parsing(true)
                .source(Some(variables.into_iter().collect())),
            |environment, list| environment.with_list_parse_key(list),
        );
        let found = keys(&environment).map_err(|error| unreadable(PREFIX, &error))?;
        refuse_unknown(&known, &found, "environment", variable)?;
        let merged = builder.add_source(environment).build().map_err(|error| unreadable("mhero", &error))?;
        merged.try_deserialize().map_err(|error| unreadable("mhero", &error))
    }
}

/// The variable of a key: `MHERO__SERVER__LISTEN`.
fn variable(key: &str) -> String {
    format!("{PREFIX}__{}", key.replace('.', "__").to_uppercase())
}

fn refuse_unknown(
    known: &[String],
    found: &[String],
    place: &str,
    shown: impl Fn(&str) -> String,
) -> Result<(), Failure> {
    let Some(key) = found.iter().find(|key| !known.contains(key)) else { return Ok(()) };
    let known = known.iter().map(|key| shown(key)).collect::<Vec<_>>().join(", ");
    let args = [("key", shown(key)), ("place", place.to_owned()), ("known", known)];
    Err(Failure::refused("cli-config-unknown-key", args))
}

fn unreadable(place: &str, error: &config::ConfigError) -> Failure {
    Failure::refused("cli-config-unreadable", [("place", place.to_owned()), ("detail", error.to_string())])
}

/// The keys of a source: `server.listen`.
fn keys(source: &impl Source) -> Result<Vec<String>, config::ConfigError> {
    let mut keys = Vec::new();
    for (name, value) in source.collect()? {
        gather(name, &value, &mut keys);
    }
    keys.sort();
    Ok(keys)
}

fn gather(name: String, value: &Value, keys: &mut Vec<String>) {
    match &value.kind {
        ValueKind::Table(table) => {
            for (inner, value) in table {
                gather(format!("{name}.{inner}"), value, keys);
            }
        }
        _ => keys.push(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn refusal(file: Option<&Path>, list: &[(&str, &str)]) -> String {
        match Settings::layered(file, variables(list)) {
            Err(Failure::Refused(reason)) => format!("{} {:?}", reason.key, reason.args),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn environment_wins_over_file_over_default() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.toml");
        std::fs::write(&file, "[server]\nlisten = \"127.0.0.1:1\"\n[log]\nformat = \"json\"\n").unwrap();
        let own = [("MHERO__SERVER__LISTEN", "127.0.0.1:2"), ("MHERO__SERVER__PARTS", "web,runners")];
        let settings = Settings::layered(Some(&file), variables(&own)).unwrap();
        assert_eq!(settings.server.listen, "127.0.0.1:2");
        assert_eq!(settings.server.parts, ["web", "runners"]);
        assert_eq!((settings.log.format.as_str(), settings.log.filter.as_str()), ("json", "info"));
    }

    #[test]
    fn unknown_keys_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.toml");
        std::fs::write(&file, "[server]\nlisen = \"127.0.0.1:1\"\n").unwrap();
        let said = refusal(Some(&file), &[]);
        assert!(said.contains("cli-config-unknown-key") && said.contains("\"server.lisen\""), "{said}");
        let said = refusal(None, &[("MHERO__SERVER__LISEN", "x")]);
        assert!(said.contains("cli-config-unknown-key") && said.contains("\"MHERO__SERVER__LISEN\""), "{said}");
        std::fs::write(&file, "[server\n").unwrap();
        assert!(refusal(Some(&file), &[]).contains("cli-config-unreadable"));
        assert!(refusal(Some(&folder.path().join("none.toml")), &[]).contains("cli-config-file"));
    }

    #[test]
    fn a_password_in_the_address_of_the_database_is_not_shown() {
        let own = [("MHERO__STORAGE__DATABASE", "postgres://mhero:s3cret@db/mhero")];
        let shown = format!("{:?}", Settings::layered(None, variables(&own)).unwrap());
        assert!(!shown.contains("s3cret") && shown.contains("postgres://…"), "{shown}");
    }
}
