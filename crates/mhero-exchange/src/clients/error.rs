//! Why a request is turned away before anything looks at it.

/// Why a request is turned away. The words go to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Turned {
    /// 401: the signed token is not one of an account.
    #[error("this signed token is not known here: {0}")]
    Unsigned(&'static str),
    /// 403: not from there.
    #[error("this account may not be used from your address")]
    Network,
    /// 403: not without its certificate.
    #[error("this account may only be used over TLS, with the certificate that it is bound to")]
    Certificate,
    /// 403: not this kind.
    #[error("this account may not use this kind of resource in this way")]
    Kind,
    /// 429: too many wrong tokens from there.
    #[error("too many wrong tokens came from your address: wait a minute")]
    Often,
}

impl Turned {
    /// The status.
    pub const fn status(self) -> u16 {
        match self {
            Self::Unsigned(_) => 401,
            Self::Network | Self::Certificate | Self::Kind => 403,
            Self::Often => 429,
        }
    }

    /// The word of the log, a locale key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unsigned(_) => "client-unsigned",
            Self::Network => "client-network",
            Self::Certificate => "client-certificate",
            Self::Kind => "client-kind",
            Self::Often => "client-often",
        }
    }
}
