//! The door for encrypted connections: a listener of TLS 1.2 and 1.3 that reads its certificate anew when the files change, answers
//! whoever speaks plain HTTP to it, bounds what slow and many connections cost, and says of each request by which certificate its
//! client is known.
//!
//! What a certificate lets in is decided elsewhere.

mod config;
mod door;
mod error;
mod facts;
mod files;
mod plain;
mod serve;

pub use door::{Door, Reloaded};
pub use error::TlsError;
pub use facts::{CertificateFacts, PeerCertificate};
pub use files::{ClientCertificates, Examined, TlsFiles};
pub use serve::serve;
