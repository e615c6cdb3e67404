//! Encrypted connections: rustls with ring, for every HTTP client of the program.

use tokio_rustls::rustls::ClientConfig;

/// Chooses ring for all TLS of this process. Call it before the first HTTP client is made; to call it again does nothing.
///
/// ```
/// mhero_channels::tls::install();
/// mhero_channels::tls::install();
/// ```
pub fn install() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // When another thread was faster, its choice is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

/// How a connection trusts that is made by hand: the certificates of this machine. `None` where it keeps none.
pub fn config() -> Option<ClientConfig> {
    use rustls_platform_verifier::ConfigVerifierExt as _;
    install();
    ClientConfig::with_platform_verifier().ok()
}
