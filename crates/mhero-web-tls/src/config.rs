//! How the door speaks, made of what stands in its files.

use std::{path::PathBuf, sync::Arc};

use rustls::{
    Error, RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateRevocationListDer, PrivateKeyDer, pem::PemObject},
    server::{WebPkiClientVerifier, danger::ClientCertVerifier},
};

use crate::{
    TlsError,
    files::{ClientCertificates, Contents, TlsFiles, certificates},
};

/// The one protocol that is spoken inside.
const HTTP_1: &[u8] = b"http/1.1";

/// TLS 1.2 and 1.3 by ring.
pub(crate) fn config(files: &TlsFiles, contents: &Contents) -> Result<ServerConfig, TlsError> {
    let chain = certificates(&files.certificate, &contents.certificate)?;
    let key = PrivateKeyDer::from_pem_slice(&contents.key).map_err(|_| TlsError::NoKey { path: files.key.clone() })?;
    let verifier = verifier(files, contents)?;
    let odd = |error: &Error| TlsError::Odd { path: files.certificate.clone(), detail: error.to_string() };
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| odd(&error))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(|error| match error {
            Error::InconsistentKeys(_) => {
                TlsError::Mismatch { certificate: files.certificate.clone(), key: files.key.clone() }
            }
            // rustls says this of keys that are encrypted or of a kind that it does not know.
            Error::General(detail) => TlsError::Odd { path: files.key.clone(), detail },
            error => odd(&error),
        })?;
    config.alpn_protocols = vec![HTTP_1.to_vec()];
    Ok(config)
}

/// Who says whether a client's certificate is good.
fn verifier(files: &TlsFiles, contents: &Contents) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
    if files.clients == ClientCertificates::Off {
        return Ok(WebPkiClientVerifier::no_client_auth());
    }
    let (Some(path), Some(pem)) = (&files.client_ca, &contents.client_ca) else { return Err(TlsError::NoAuthority) };
    let odd = |path: &PathBuf, detail: String| TlsError::Odd { path: path.clone(), detail };
    let mut roots = RootCertStore::empty();
    for authority in certificates(path, pem)? {
        roots.add(authority).map_err(|error| odd(path, error.to_string()))?;
    }
    let mut builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::new(ring::default_provider()));
    if let (Some(path), Some(pem)) = (&files.revoked, &contents.revoked) {
        let lists = CertificateRevocationListDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
        let lists = lists.map_err(|error| odd(path, error.to_string()))?;
        // An authority that publishes no list is believed; one whose list is there is held to it.
        builder = builder.with_crls(lists).only_check_end_entity_revocation().allow_unknown_revocation_status();
    }
    if files.clients == ClientCertificates::Asked {
        builder = builder.allow_unauthenticated();
    }
    let path = files.revoked.as_ref().unwrap_or(path);
    builder.build().map_err(|error| odd(path, error.to_string()))
}
