//! What keeps the door from being opened.

use std::path::PathBuf;

/// Why files can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsError {
    /// A file can't be read.
    #[error("{} can't be read: {detail}", path.display())]
    Unread {
        /// Which.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// A file holds no certificate in PEM.
    #[error("there is no certificate in {}", path.display())]
    NoCertificate {
        /// Which.
        path: PathBuf,
    },
    /// A file holds no private key in PEM.
    #[error("there is no private key in {}", path.display())]
    NoKey {
        /// Which.
        path: PathBuf,
    },
    /// The key is of another certificate.
    #[error("the key in {} does not belong to the certificate in {}", key.display(), certificate.display())]
    Mismatch {
        /// The certificate.
        certificate: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// What stands in a file is of no use.
    #[error("{}: {detail}", path.display())]
    Odd {
        /// Which.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// Certificates of clients are asked for, and no file says who signs them.
    #[error("certificates of clients are asked for, and no authority is named that signs them")]
    NoAuthority,
}
