//! What can be wrong with a gateway, whatever the message, and how it is said to an administrator.

use mhero_core::record::Reason;

/// What is wrong with the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Nobody listens there.
    Unreachable,
    /// It listens and says nothing.
    Silent,
    /// It does not know us.
    Password,
    /// It wants to be told a sender, or refuses the one it is told.
    Sender,
    /// It has nothing that takes texts at this address.
    Path,
    /// It takes nothing for a while.
    Busy,
    /// There is no money left in the account.
    Money,
    /// It, or something before it, fails.
    Fault,
    /// What answers is not what should be there.
    Stranger,
}

/// What an answer says about the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// It works.
    Works,
    /// Nothing.
    Nothing,
    /// It does not work.
    Fails(Trouble),
}

impl Trouble {
    /// The same in words for an administrator: at which provider and host, and which settings to compare.
    pub(crate) fn reason(self, provider: &'static str, host: String, settings: &'static str) -> Reason {
        let key = match self {
            Self::Unreachable => "http-unreachable",
            Self::Silent => "http-silent",
            Self::Password => "http-password",
            Self::Sender => "http-sender",
            Self::Path => "http-path",
            Self::Busy => "http-busy",
            Self::Money => "http-money",
            Self::Fault => "http-fault",
            Self::Stranger => "http-stranger",
        };
        let args = [("provider", provider.to_owned()), ("host", host), ("settings", settings.to_owned())];
        Reason::new(key, args)
    }

    /// A word for logs.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Unreachable => "no connection",
            Self::Silent => "no answer in time",
            Self::Password => "user, password or our address is refused",
            Self::Sender => "it wants another sender",
            Self::Path => "nothing takes texts at this address",
            Self::Busy => "it takes nothing just now",
            Self::Money => "no money is left",
            Self::Fault => "it fails",
            Self::Stranger => "what answers is something else",
        }
    }
}
