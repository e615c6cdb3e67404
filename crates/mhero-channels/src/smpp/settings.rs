//! The settings of an SMPP channel, as `mhero channel add` takes them.

use std::{collections::BTreeMap, fmt, time::Duration};

use mhero_app::{AppError, ports::Parts};
use mhero_core::ChannelId;

use super::{KIND, coding::Alphabet};
use crate::given::Given;

/// The keys, and which of them are secrets.
pub(super) const KEYS: &[(&str, bool)] = &[
    ("host", false),
    ("port", false),
    ("tls", false),
    ("ca", false),
    ("system_id", false),
    ("password", true),
    ("system_type", false),
    ("address_range", false),
    ("bind", false),
    ("binds", false),
    ("window", false),
    ("timeout", false),
    ("enquire", false),
    ("alphabet", false),
    ("long", false),
    ("receipts", false),
    ("id_form", false),
    ("validity", false),
    ("service_type", false),
    ("source_ton", false),
    ("source_npi", false),
    ("dest_ton", false),
    ("dest_npi", false),
    ("numbers", false),
];

/// The port of plain connections, by custom.
const PORT: u16 = 2775;
/// The port of encrypted ones, by custom.
const PORT_TLS: u16 = 3550;
/// Binds held at a time.
const BINDS: usize = 1;
/// Most binds that may be held at a time.
const BINDS_MAX: usize = 16;
/// Submissions of one bind that wait for their answer.
const WINDOW: usize = 10;
/// Most that may.
const WINDOW_MAX: usize = 1_000;
/// How long an SMS centre may take to answer, in seconds.
const TIMEOUT_SECONDS: u64 = 30;
/// Longest time that may be set for it, in seconds.
const TIMEOUT_SECONDS_MAX: u64 = 300;
/// How often a quiet line is asked whether it is there, in seconds.
const ENQUIRE_SECONDS: u64 = 30;
/// Longest time that may be set for it, in seconds.
const ENQUIRE_SECONDS_MAX: u64 = 3_600;
/// Longest validity that an operator keeps a text for: a week, in hours.
pub(super) const VALIDITY_HOURS_MAX: u32 = 168;
/// Longest name, without the closing zero (SMPP 3.4, 5.2.1).
const SYSTEM_ID_MAX: usize = 15;
/// SMPP 3.4 allows eight letters; operators give longer ones all the same.
const PASSWORD_MAX: usize = 64;
/// SMPP 3.4, 5.2.3.
const SYSTEM_TYPE_MAX: usize = 12;
/// SMPP 3.4, 5.2.7.
const ADDRESS_RANGE_MAX: usize = 40;
/// SMPP 3.4, 5.2.11.
const SERVICE_TYPE_MAX: usize = 5;

/// What a connection is bound as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It sends and receives.
    Transceiver,
    /// It only sends.
    Transmitter,
    /// It only receives.
    Receiver,
}

impl Role {
    /// Whether messages leave by it.
    pub(super) const fn sends(self) -> bool {
        !matches!(self, Self::Receiver)
    }
}

/// How a text of several parts travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Long {
    /// Parts with a user data header, which every phone joins.
    Udh,
    /// Parts numbered by `sar_` parameters; the SMS centre makes the headers.
    Sar,
    /// Whole, in `message_payload`; the SMS centre cuts.
    Payload,
}

/// How addresses are written to the SMS centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// With the country's code, without a plus.
    Plain,
    /// With a plus.
    Plus,
}

/// How an id in a receipt differs from the one in the answer to the submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IdForm {
    /// It may be spelt otherwise: hexadecimal or decimal, with zeros before it.
    Auto,
    /// It is the same.
    Same,
}

/// Type of number and numbering plan (SMPP 3.4, 5.2.5 and 5.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) ton: u8,
    pub(super) npi: u8,
}

/// How a connection is encrypted.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Tls {
    /// A certificate authority of the operator's own, in PEM.
    pub(super) ca: Option<String>,
}

/// What is known about one SMS centre.
pub(super) struct Settings {
    pub(super) channel: ChannelId,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Option<Tls>,
    pub(super) system_id: String,
    pub(super) password: String,
    pub(super) system_type: String,
    pub(super) address_range: String,
    /// What each bind is; several where more than one is held.
    pub(super) roles: Vec<Role>,
    pub(super) window: usize,
    pub(super) timeout: Duration,
    pub(super) enquire: Duration,
    pub(super) alphabet: Alphabet,
    pub(super) long: Long,
    pub(super) wants_receipts: bool,
    /// A text that begins like a receipt counts as one even where the SMS centre does not mark it.
    pub(super) takes_unmarked_receipts: bool,
    pub(super) id_form: IdForm,
    pub(super) validity_hours: Option<u32>,
    pub(super) service_type: String,
    pub(super) source: Option<Plan>,
    pub(super) dest: Plan,
    pub(super) numbers: Numbers,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("channel", &self.channel).finish_non_exhaustive()
    }
}

impl Settings {
    /// Reads the settings of a channel.
    pub(super) fn read(channel: ChannelId, config: &BTreeMap<String, String>) -> Result<Self, AppError> {
        let given = Given::new(KIND, KEYS, config)?;
        let text = |key, max| Ok::<_, AppError>(given.field(key, max)?.unwrap_or_default().to_owned());
        let host = given.must("host")?;
        if host.contains(['/', ':', '@', ' ']) && host.parse::<std::net::Ipv6Addr>().is_err() {
            return Err(AppError::invalid("smpp-host", [("value", host.to_owned())]));
        }
        let (system_id, password) = (given.must("system_id")?, given.must("password")?);
        given.field("system_id", SYSTEM_ID_MAX)?;
        given.field("password", PASSWORD_MAX)?;
        let is_tls = given.choice("tls", &[("no", false), ("yes", true)])?;
        let tls = is_tls.then(|| Tls { ca: given.get("ca").map(ToOwned::to_owned) });
        let binds = given.number("binds", 1, BINDS_MAX)?.unwrap_or(BINDS);
        let is_pair = given.choice("bind", &[("transceiver", false), ("separate", true)])?;
        let pair: &[Role] = if is_pair { &[Role::Transmitter, Role::Receiver] } else { &[Role::Transceiver] };
        let (ton, npi) = (given.number("source_ton", 0, 7)?, given.number("source_npi", 0, 18)?);
        let source = (ton.is_some() || npi.is_some())
            .then(|| Plan { ton: ton.unwrap_or_default(), npi: npi.unwrap_or_default() });
        let (wants_receipts, takes_unmarked_receipts) =
            given.choice("receipts", &[("yes", (true, false)), ("no", (false, false)), ("unmarked", (true, true))])?;
        Ok(Self {
            channel,
            host: host.to_owned(),
            port: given.number("port", 1, u16::MAX)?.unwrap_or(if is_tls { PORT_TLS } else { PORT }),
            tls,
            system_id: system_id.to_owned(),
            password: password.to_owned(),
            system_type: text("system_type", SYSTEM_TYPE_MAX)?,
            address_range: text("address_range", ADDRESS_RANGE_MAX)?,
            roles: std::iter::repeat_n(pair, binds).flatten().copied().collect(),
            window: given.number("window", 1, WINDOW_MAX)?.unwrap_or(WINDOW),
            timeout: seconds(given.number("timeout", 1, TIMEOUT_SECONDS_MAX)?.unwrap_or(TIMEOUT_SECONDS)),
            enquire: seconds(given.number("enquire", 1, ENQUIRE_SECONDS_MAX)?.unwrap_or(ENQUIRE_SECONDS)),
            alphabet: given.choice(
                "alphabet",
                &[("gsm7", Alphabet::Gsm7), ("latin1", Alphabet::Latin1), ("latin1-default", Alphabet::Latin1Default)],
            )?,
            long: given.choice("long", &[("udh", Long::Udh), ("sar", Long::Sar), ("payload", Long::Payload)])?,
            wants_receipts,
            takes_unmarked_receipts,
            id_form: given.choice("id_form", &[("auto", IdForm::Auto), ("same", IdForm::Same)])?,
            validity_hours: given.number("validity", 1, VALIDITY_HOURS_MAX)?,
            service_type: text("service_type", SERVICE_TYPE_MAX)?,
            source,
            dest: Plan {
                ton: given.number("dest_ton", 0, 7)?.unwrap_or(1),
                npi: given.number("dest_npi", 0, 18)?.unwrap_or(1),
            },
            numbers: given.choice("numbers", &[("plain", Numbers::Plain), ("plus", Numbers::Plus)])?,
        })
    }

    /// How long texts go.
    pub(super) const fn parts(&self) -> Parts {
        match self.long {
            Long::Udh | Long::Sar => Parts::Split,
            Long::Payload => Parts::Whole,
        }
    }

    /// Host and port, for words to an administrator.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn settings(pairs: &[(&str, &str)]) -> Result<Settings, AppError> {
        let base = [("host", "smsc.example.org"), ("system_id", "moh"), ("password", "s3cret-and-long")];
        let config = base.iter().chain(pairs).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Settings::read(ChannelId::from_uuid(uuid::Uuid::nil()), &config)
    }

    #[test]
    fn what_is_not_given_has_a_sound_default() {
        let read = settings(&[]).expect("these are enough");
        assert_eq!((read.place().as_str(), read.window), ("smsc.example.org:2775", 10));
        assert_eq!((read.roles.as_slice(), read.parts()), ([Role::Transceiver].as_slice(), Parts::Split));
        assert_eq!((read.dest, read.source), (Plan { ton: 1, npi: 1 }, None));
        assert!(!format!("{read:?}").contains("s3cret"));
        let pair = settings(&[("bind", "separate"), ("binds", "2"), ("tls", "yes")]).expect("these can be");
        assert_eq!(pair.roles, [Role::Transmitter, Role::Receiver, Role::Transmitter, Role::Receiver]);
        assert_eq!(pair.port, 3550);
    }

    #[test]
    fn wrong_settings_are_named() {
        for (key, value, rule) in [
            ("host", "", "channel-missing"),
            ("host", "smpp://h:2775", "smpp-host"),
            ("password", " ", "channel-missing"),
            ("system_id", "a-name-of-sixteen", "channel-field"),
            ("port", "70000", "channel-number"),
            ("binds", "0", "channel-number"),
            ("bind", "both", "channel-choice"),
            ("alphabet", "ascii", "channel-choice"),
            ("system_type", "é", "channel-field"),
        ] {
            match settings(&[(key, value)]) {
                Err(AppError::Invalid(reason)) => {
                    assert_eq!(reason.key, rule, "{key}={value}");
                    assert!(rule == "smpp-host" || reason.args.iter().any(|(_, shown)| shown == key), "{reason:?}");
                }
                other => panic!("{key}={value} gave {other:?}"),
            }
        }
    }
}
