//! Encrypted connections: rustls with ring, for every HTTP client of the program.

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
