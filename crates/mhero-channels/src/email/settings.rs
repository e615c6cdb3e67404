//! The settings of a channel of mails.

use std::{collections::BTreeMap, fmt, net::IpAddr, time::Duration};

use lettre::{
    AsyncSmtpTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use mhero_app::{
    AppError,
    ports::{Field, Shape},
};

use super::KIND;
use crate::{
    given::{Given, keys},
    http::field,
};

/// What a page asks for, the needed ones first.
pub(super) const FIELDS: [Field; 10] = [
    Field::must("host"),
    Field::must("from"),
    Field::may("security").choice(&["starttls", "tls", "none"]).first(),
    Field::may("username").first(),
    Field::may("password").secret().first(),
    Field::may("subject").first(),
    Field::may("port").number(1, 65_535, ""),
    Field::may("reply_to"),
    Field::may("ca").shaped(Shape::Lines),
    field::TIMEOUT,
];
/// The keys, and which of them are secrets.
pub(super) const KEYS: &[(&str, bool)] = &keys(&FIELDS);

/// Mails under way at a time: servers of ministries let few connections in.
pub(super) const AT_ONCE: usize = 4;
/// How long a server may take to answer, in seconds.
const TIMEOUT_SECONDS: u64 = 30;
/// Longest time that may be set for it, in seconds.
const TIMEOUT_SECONDS_MAX: u64 = 120;
/// Longest name of a host, in bytes.
const HOST_MAX: usize = 253;
/// Longest subject that may be set, in letters: what programs of mail show of one.
const SUBJECT_MAX: usize = 100;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Security {
    /// It begins in clear and must become encrypted before anything is said.
    StartTls,
    /// Encrypted from its beginning.
    Tls,
    /// In clear.
    None,
}

/// What is known about one server.
pub(super) struct Settings {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) from: Mailbox,
    pub(super) reply_to: Option<Mailbox>,
    pub(super) subject: Option<String>,
    pub(super) timeout: Duration,
    security: Security,
    account: Option<(String, String)>,
    ca: Option<Certificate>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("security", &self.security).finish_non_exhaustive()
    }
}

impl Settings {
    /// Reads the settings of a channel.
    pub(super) fn read(config: &BTreeMap<String, String>) -> Result<Self, AppError> {
        let given = Given::new(KIND, KEYS, config)?;
        given.must("host")?;
        let host = given.field("host", HOST_MAX)?.unwrap_or_default().to_owned();
        if host.contains(['/', '@', ' ']) {
            return Err(given.invalid("mail-host", "host", [("value", host)]));
        }
        let security = [("starttls", Security::StartTls), ("tls", Security::Tls), ("none", Security::None)];
        let security = given.choice("security", &security)?;
        let account = match (given.get("username"), given.get("password")) {
            (Some(user), Some(password)) => Some((user.to_owned(), password.to_owned())),
            (None, None) => None,
            (Some(_), None) => return Err(given.invalid("channel-missing", "password", [])),
            (None, Some(_)) => return Err(given.invalid("channel-missing", "username", [])),
        };
        if security == Security::None && account.is_some() && !is_here(&host) {
            // Everybody on the way could read it.
            return Err(given.invalid("mail-clear", "security", []));
        }
        let usual = match security {
            Security::StartTls => 587,
            Security::Tls => 465,
            Security::None => 25,
        };
        let mailbox = |key: &'static str, text: &str| {
            text.parse::<Mailbox>().map_err(|_| given.invalid("mail-address", key, [("value", text.to_owned())]))
        };
        let subject = given.get("subject");
        if subject.is_some_and(|subject| subject.chars().count() > SUBJECT_MAX || subject.contains('\n')) {
            return Err(given.invalid("mail-subject", "subject", [("max", SUBJECT_MAX.to_string())]));
        }
        // The library reads a text without any as none, which would trust nobody further in silence.
        let is_pem = |pem: &&str| pem.contains("-----BEGIN CERTIFICATE-----");
        if given.get("ca").is_some_and(|pem| !is_pem(&pem)) {
            return Err(given.invalid("mail-ca", "ca", []));
        }
        let ca = given.get("ca").map(|pem| Certificate::from_pem(pem.as_bytes()));
        let seconds = given.number("timeout", 1, TIMEOUT_SECONDS_MAX)?.unwrap_or(TIMEOUT_SECONDS);
        Ok(Self {
            port: given.number("port", 1, u16::MAX)?.unwrap_or(usual),
            from: mailbox("from", given.must("from")?)?,
            reply_to: given.get("reply_to").map(|text| mailbox("reply_to", text)).transpose()?,
            subject: subject.map(ToOwned::to_owned),
            timeout: Duration::from_secs(seconds),
            ca: ca.transpose().map_err(|_| given.invalid("mail-ca", "ca", []))?,
            host,
            security,
            account,
        })
    }

    /// What carries mails to the server.
    pub(super) fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, AppError> {
        let parameters = || {
            let mut builder = TlsParameters::builder(self.host.clone());
            if let Some(ca) = &self.ca {
                builder = builder.add_root_certificate(ca.clone());
            }
            builder.build_rustls().map_err(|_| AppError::invalid("channel-no-client", []))
        };
        let tls = match self.security {
            Security::StartTls => Tls::Required(parameters()?),
            Security::Tls => Tls::Wrapper(parameters()?),
            Security::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(self.host.as_str());
        builder = builder.port(self.port).tls(tls).timeout(Some(self.timeout));
        if let Some((user, password)) = &self.account {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(builder.build())
    }
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn settings(pairs: &[(&str, &str)]) -> Result<Settings, AppError> {
        let base = [("host", "mail.moh.example"), ("from", "Ministry of Health <mhero@moh.example>")];
        let config = base.iter().chain(pairs).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Settings::read(&config)
    }

    #[test]
    fn ports_follow_the_protection() {
        for (security, port) in [("starttls", 587), ("tls", 465), ("none", 25)] {
            assert_eq!(settings(&[("security", security)]).unwrap().port, port);
        }
        assert_eq!(settings(&[("port", "2525")]).unwrap().port, 2525);
    }

    #[test]
    fn wrong_settings_are_named() {
        for (pairs, rule) in [
            (&[("host", "")][..], "channel-missing"),
            (&[("host", "https://mail.example")], "mail-host"),
            (&[("from", "nobody")], "mail-address"),
            (&[("reply_to", "a@b@c")], "mail-address"),
            (&[("security", "ssl")], "channel-choice"),
            (&[("port", "0")], "channel-number"),
            (&[("username", "me")], "channel-missing"),
            (&[("security", "none"), ("username", "me"), ("password", "secret")], "mail-clear"),
            (&[("subject", "a\nBcc: everybody@example.org")], "mail-subject"),
            (&[("ca", "no certificate")], "mail-ca"),
        ] {
            match settings(pairs) {
                Err(AppError::Invalid(reason)) => assert_eq!(reason.key, rule, "{pairs:?}"),
                other => panic!("{pairs:?} gave {other:?}"),
            }
        }
        let here = [("security", "none"), ("username", "me"), ("password", "x"), ("host", "127.0.0.1")];
        assert!(settings(&here).is_ok(), "on this machine nobody listens in");
    }
}
