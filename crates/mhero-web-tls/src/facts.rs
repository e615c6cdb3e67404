//! What a certificate says of itself.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use sha2::{Digest, Sha256};
use x509_parser::{
    extensions::GeneralName,
    objects::{oid_registry, oid2abbrev},
    prelude::{FromDer, X509Certificate},
    x509::X509Name,
};

/// Names of a certificate that are told at most.
const NAMES_MAX: usize = 20;

/// What a certificate says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Whose it is: `CN=mhero.moh.example, O=Ministry of Health`.
    pub subject: String,
    /// The names of servers that it is for, twenty at most.
    pub names: Vec<String>,
    /// From when it is good.
    pub begins: Timestamp,
    /// Until when.
    pub ends: Timestamp,
}

impl CertificateFacts {
    /// Reads a certificate in DER; `None` for what is none.
    pub fn read(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let validity = certificate.validity();
        let names = certificate.subject_alternative_name().ok().flatten();
        let names =
            names.into_iter().flat_map(|names| names.value.general_names.iter()).filter_map(|name| match name {
                GeneralName::DNSName(name) => Some((*name).to_owned()),
                _ => None,
            });
        let subject = attributes(certificate.subject());
        let subject: Vec<String> = subject.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        Some(Self {
            subject: subject.join(", "),
            names: names.take(NAMES_MAX).collect(),
            begins: Timestamp::from_second(validity.not_before.timestamp()).ok()?,
            ends: Timestamp::from_second(validity.not_after.timestamp()).ok()?,
        })
    }
}

/// The certificate by which a client is known. Stands among the extensions of each of its requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerCertificate {
    /// SHA-256 of the whole certificate, in small hexadecimal digits.
    pub sha256: String,
    /// Whose it is, each attribute by its name: `CN`, `O`, `C`; one without a usual name by its number.
    pub subject: Vec<(String, String)>,
}

impl PeerCertificate {
    /// Reads a certificate in DER; `None` for what is none.
    pub fn read(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let sha256 = hex(&Sha256::digest(der));
        Some(Self { sha256, subject: attributes(certificate.subject()) })
    }

    /// Reads what a web server in front tells of the certificate that it was shown: `:BASE64:` (RFC 9440), or PEM with its spaces and
    /// line ends escaped (`$ssl_client_escaped_cert` of nginx). `None` for what is neither.
    pub fn of_header(value: &str) -> Option<Self> {
        let value = value.trim();
        if let Some(text) = value.strip_prefix("-----BEGIN") {
            let pem = format!("-----BEGIN{}", percent_decode_str(text).decode_utf8().ok()?);
            return Self::read(&CertificateDer::from_pem_slice(pem.as_bytes()).ok()?);
        }
        Self::read(&STANDARD.decode(value.trim_matches(':')).ok()?)
    }
}

fn attributes(name: &X509Name<'_>) -> Vec<(String, String)> {
    name.iter_attributes()
        .map(|attribute| {
            let oid = attribute.attr_type();
            let name = oid2abbrev(oid, oid_registry()).map_or_else(|_| oid.to_id_string(), ToOwned::to_owned);
            // What is no text is told by its octets, as RFC 4514 (2.4) has it.
            let value =
                attribute.as_str().map_or_else(|_| format!("#{}", hex(attribute.as_slice())), ToOwned::to_owned);
            (name, value)
        })
        .collect()
}

fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::with_capacity(octets.len() * 2), |text, octet| text + &format!("{octet:02x}"))
}
