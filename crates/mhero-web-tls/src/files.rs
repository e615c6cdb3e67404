//! The files of the door.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use rustls::{
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    server::ParsedCertificate,
};
use sha2::{Digest, Sha256};

use crate::{CertificateFacts, TlsError, config};

/// Octets of one file at most: a bundle of all authorities of the web has a quarter of that.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Whether clients are asked for certificates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientCertificates {
    /// Not at all.
    #[default]
    Off,
    /// Yes, and who has none comes in too.
    Asked,
    /// Nobody comes in without.
    Required,
}

impl ClientCertificates {
    /// Reads `off`, `asked`, `required`; `None` for anything else.
    ///
    /// ```
    /// use mhero_web_tls::ClientCertificates;
    /// assert_eq!(ClientCertificates::of("asked"), Some(ClientCertificates::Asked));
    /// assert_eq!(ClientCertificates::of("maybe"), None);
    /// ```
    pub fn of(text: &str) -> Option<Self> {
        match text {
            "off" => Some(Self::Off),
            "asked" => Some(Self::Asked),
            "required" => Some(Self::Required),
            _ => None,
        }
    }
}

/// Where everything stands, in PEM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's certificate, then those between it and its authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Whether clients are asked for certificates.
    pub clients: ClientCertificates,
    /// The authorities that sign those.
    pub client_ca: Option<PathBuf>,
    /// Lists of certificates that these took back.
    pub revoked: Option<PathBuf>,
}

/// What stands in the files.
pub(crate) struct Contents {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Vec<u8>,
    pub(crate) client_ca: Option<Vec<u8>>,
    pub(crate) revoked: Option<Vec<u8>>,
}

/// What a look at the files tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// The server's certificate.
    pub own: CertificateFacts,
    /// The authorities of clients.
    pub authorities: Vec<CertificateFacts>,
    certificate: Vec<u8>,
}

impl Examined {
    /// Whether the server's certificate is for a name or an address.
    pub fn is_for(&self, name: &str) -> bool {
        let der = CertificateDer::from(self.certificate.as_slice());
        let (Ok(parsed), Ok(name)) = (ParsedCertificate::try_from(&der), ServerName::try_from(name)) else {
            return false;
        };
        rustls::client::verify_server_name(&parsed, &name).is_ok()
    }
}

impl TlsFiles {
    /// Looks whether the files can be used together, and what stands in them.
    ///
    /// # Errors
    /// [`TlsError`] naming the file and what is wrong with it.
    pub fn examine(&self) -> Result<Examined, TlsError> {
        let contents = self.read()?;
        config::config(self, &contents)?;
        let facts = |path: &Path, pem: &[u8]| -> Result<Vec<(Vec<u8>, CertificateFacts)>, TlsError> {
            let found = certificates(path, pem)?.into_iter().filter_map(|der| {
                let facts = CertificateFacts::read(&der)?;
                Some((der.to_vec(), facts))
            });
            Ok(found.collect())
        };
        let own = facts(&self.certificate, &contents.certificate)?.into_iter().next();
        let (certificate, own) = own.ok_or_else(|| TlsError::NoCertificate { path: self.certificate.clone() })?;
        let authorities = match (&self.client_ca, &contents.client_ca) {
            (Some(path), Some(pem)) => facts(path, pem)?.into_iter().map(|(_, facts)| facts).collect(),
            _ => Vec::new(),
        };
        Ok(Examined { own, authorities, certificate })
    }

    pub(crate) fn read(&self) -> Result<Contents, TlsError> {
        let needs_authority = self.clients != ClientCertificates::Off;
        if needs_authority && self.client_ca.is_none() {
            return Err(TlsError::NoAuthority);
        }
        let some = |path: &Option<PathBuf>| path.as_deref().filter(|_| needs_authority).map(read).transpose();
        Ok(Contents {
            certificate: read(&self.certificate)?,
            key: read(&self.key)?,
            client_ca: some(&self.client_ca)?,
            revoked: some(&self.revoked)?,
        })
    }
}

impl Contents {
    /// By which a change shows.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        let none = Vec::new();
        for part in [
            &self.certificate,
            &self.key,
            self.client_ca.as_ref().unwrap_or(&none),
            self.revoked.as_ref().unwrap_or(&none),
        ] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        digest.finalize().into()
    }
}

/// All certificates of a file; there is one at least.
pub(crate) fn certificates(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| TlsError::Odd { path: path.to_owned(), detail: error.to_string() })?;
    if found.is_empty() { Err(TlsError::NoCertificate { path: path.to_owned() }) } else { Ok(found) }
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    let unread = |detail: String| TlsError::Unread { path: path.to_owned(), detail };
    let file = std::fs::File::open(path).map_err(|error| unread(error.kind().to_string()))?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| unread(error.kind().to_string()))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(unread(format!("it is larger than {FILE_BYTES_MAX} octets")));
    }
    Ok(bytes)
}
