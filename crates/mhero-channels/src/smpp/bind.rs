//! From nothing to a bound connection, and what stood in the way.

use std::{io, net::IpAddr, sync::Arc, time::Duration};

use futures::StreamExt as _;
use mhero_core::record::Reason;
use tokio::{io::AsyncWriteExt as _, net::TcpStream};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName, pem::PemObject as _},
    },
};
use tokio_util::codec::FramedRead;

use super::{
    frame::{self, Frame, command},
    line::{End, Wire},
    settings::{Role, Settings, Tls},
    status,
};

/// How long a connection may take to come about.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// Frames that may come before the answer to the bind: an SMS centre may ask first whether we are there.
const BEFORE_MAX: usize = 8;

/// What keeps a line from being there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The name of the host can't be resolved.
    NoHost,
    /// Nobody listens there.
    Refused,
    /// Nobody answers there.
    Unreachable,
    /// The connection can't be encrypted.
    Tls(String),
    /// The connection was closed before the bind was answered.
    ClosedAtBind(Option<IpAddr>),
    /// The bind was not answered in time.
    NoAnswer,
    /// The bind was refused.
    Bind(u32, Option<IpAddr>),
    /// It was there, and ended.
    Lost(End),
}

impl Trouble {
    /// In words for an administrator.
    pub(super) fn reason(&self, settings: &Settings) -> Reason {
        let place = || [("place", settings.place())];
        let ours = |ours: &Option<IpAddr>| ours.map_or_else(|| "?".to_owned(), |address| address.to_string());
        match self {
            Self::NoHost => Reason::new("smpp-no-host", [("host", settings.host.clone())]),
            Self::Refused => Reason::new("smpp-refused", place()),
            Self::Unreachable => Reason::new("smpp-unreachable", place()),
            Self::Tls(detail) => Reason::new("smpp-tls", [("place", settings.place()), ("detail", detail.clone())]),
            Self::ClosedAtBind(address) => {
                Reason::new("smpp-closed-at-bind", [("place", settings.place()), ("address", ours(address))])
            }
            Self::NoAnswer => Reason::new("smpp-no-answer", place()),
            Self::Bind(status::WRONG_PASSWORD, _) => Reason::plain("smpp-password"),
            Self::Bind(status::WRONG_SYSTEM_ID, _) => {
                Reason::new("smpp-system-id", [("system_id", settings.system_id.clone())])
            }
            Self::Bind(status::ALREADY_BOUND, _) => {
                Reason::new("smpp-already-bound", [("binds", settings.roles.len().to_string())])
            }
            Self::Bind(status::UNKNOWN_COMMAND, _) => Reason::plain("smpp-no-transceiver"),
            Self::Bind(code, address) => {
                Reason::new("smpp-bind-failed", [("code", status::name(*code)), ("address", ours(address))])
            }
            Self::Lost(End::Unbound) => Reason::new("smpp-unbound", place()),
            Self::Lost(End::Silent) => Reason::new("smpp-silent", place()),
            Self::Lost(_) => Reason::new("smpp-lost", place()),
        }
    }

    /// A short word for the log.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::NoHost => "no such host",
            Self::Refused => "connection refused",
            Self::Unreachable => "unreachable",
            Self::Tls(_) => "not encrypted",
            Self::ClosedAtBind(_) => "closed at bind",
            Self::NoAnswer => "bind not answered",
            Self::Bind(_, _) => "bind refused",
            Self::Lost(End::Closed) => "closed",
            Self::Lost(End::Unbound) => "unbound by the SMS centre",
            Self::Lost(End::Broken) => "line broke",
            Self::Lost(End::Silent) => "line silent",
        }
    }

    /// Whether trying again soon would only lock the account.
    pub(super) const fn is_of_account(&self) -> bool {
        matches!(self, Self::Bind(_, _))
    }
}

/// A bound connection.
pub(super) struct Bound {
    pub(super) wire: Box<dyn Wire>,
    /// The first number that is free.
    pub(super) next: u32,
}

/// Connects and binds.
pub(super) async fn bind(settings: &Settings, role: Role) -> Result<Bound, Trouble> {
    let stream = connect(settings).await?;
    let ours = stream.local_addr().ok().map(|address| address.ip());
    let mut wire = encrypt(settings, stream).await?;
    let command = match role {
        Role::Transceiver => command::BIND_TRANSCEIVER,
        Role::Transmitter => command::BIND_TRANSMITTER,
        Role::Receiver => command::BIND_RECEIVER,
    };
    let Settings { system_id, password, system_type, address_range, .. } = settings;
    let body = frame::bind_body(system_id, password, system_type, address_range);
    let exchange = async {
        let lost = |_: io::Error| Trouble::ClosedAtBind(ours);
        wire.write_all(&frame::plain(command, status::OK, 1, &body)).await.map_err(lost)?;
        wire.flush().await.map_err(lost)?;
        // A frame at a time, so that nothing that follows the answer is read here.
        for _ in 0..BEFORE_MAX {
            let frame = next_frame(&mut wire).await.ok_or(Trouble::ClosedAtBind(ours))?;
            if frame.command == command | command::ANSWER || frame.command == command::GENERIC_NACK {
                return if frame.status == status::OK && frame.command != command::GENERIC_NACK {
                    Ok(())
                } else {
                    Err(Trouble::Bind(
                        if frame.status == status::OK { status::UNKNOWN_COMMAND } else { frame.status },
                        ours,
                    ))
                };
            }
            if frame.command == command::ENQUIRE {
                let answer = frame::plain(command::ENQUIRE | command::ANSWER, status::OK, frame.sequence, &[]);
                wire.write_all(&answer).await.map_err(lost)?;
                wire.flush().await.map_err(lost)?;
            }
        }
        Err(Trouble::NoAnswer)
    };
    tokio::time::timeout(settings.timeout, exchange).await.unwrap_or(Err(Trouble::NoAnswer))?;
    Ok(Bound { wire, next: 2 })
}

/// Reads exactly one frame.
async fn next_frame(wire: &mut Box<dyn Wire>) -> Option<Frame> {
    use tokio::io::AsyncReadExt as _;
    /// Longest answer to a bind, in octets.
    const ANSWER_MAX: u32 = 4_096;
    let length = wire.read_u32().await.ok()?;
    if !(16..=ANSWER_MAX).contains(&length) {
        return None;
    }
    let mut octets = bytes::BytesMut::zeroed(usize::try_from(length).ok()?);
    octets[..4].copy_from_slice(&length.to_be_bytes());
    wire.read_exact(&mut octets[4..]).await.ok()?;
    Frame::read(octets)
}

async fn connect(settings: &Settings) -> Result<TcpStream, Trouble> {
    let connecting = async {
        let mut found = tokio::net::lookup_host((settings.host.as_str(), settings.port))
            .await
            .map_err(|_| Trouble::NoHost)?
            .peekable();
        if found.peek().is_none() {
            return Err(Trouble::NoHost);
        }
        let mut last = Trouble::Unreachable;
        for address in found {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => last = Trouble::Refused,
                Err(_) => {}
            }
        }
        Err(last)
    };
    tokio::time::timeout(CONNECT_LIMIT, connecting).await.unwrap_or(Err(Trouble::Unreachable))
}

async fn encrypt(settings: &Settings, stream: TcpStream) -> Result<Box<dyn Wire>, Trouble> {
    let Some(tls) = &settings.tls else { return Ok(Box::new(stream)) };
    let connector = TlsConnector::from(Arc::new(tls_config(tls).map_err(Trouble::Tls)?));
    let name = ServerName::try_from(settings.host.clone()).map_err(|error| Trouble::Tls(error.to_string()))?;
    let shaken = tokio::time::timeout(CONNECT_LIMIT, connector.connect(name, stream)).await;
    match shaken {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) => Err(Trouble::Tls(error.to_string())),
        Err(_) => Err(Trouble::NoAnswer),
    }
}

/// Certificates of the system, or of the operator's own authority.
pub(super) fn tls_config(tls: &Tls) -> Result<ClientConfig, String> {
    use rustls_platform_verifier::ConfigVerifierExt as _;
    crate::tls::install();
    let Some(pem) = &tls.ca else { return ClientConfig::with_platform_verifier().map_err(|error| error.to_string()) };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() {
        return Err("no certificate in ca=".to_owned());
    }
    Ok(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}

/// Asks a bound connection once whether it is there, and takes leave.
pub(super) async fn try_out(settings: &Settings, bound: Bound) -> Result<(), Trouble> {
    let Bound { mut wire, next } = bound;
    let exchange = async {
        let lost = |_: io::Error| Trouble::Lost(End::Broken);
        wire.write_all(&frame::plain(command::ENQUIRE, status::OK, next, &[])).await.map_err(lost)?;
        wire.write_all(&frame::plain(command::UNBIND, status::OK, next + 1, &[])).await.map_err(lost)?;
        wire.flush().await.map_err(lost)?;
        let mut frames = FramedRead::new(wire, frame::codec());
        while let Some(Ok(octets)) = frames.next().await {
            if Frame::read(octets).is_some_and(|frame| frame.command & command::ANSWER != 0) {
                return Ok(());
            }
        }
        Err(Trouble::Lost(End::Broken))
    };
    tokio::time::timeout(settings.timeout, exchange).await.unwrap_or(Err(Trouble::Lost(End::Silent)))
}
