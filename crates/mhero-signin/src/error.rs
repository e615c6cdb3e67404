//! Why somebody does not come in, by what they can do about it.

use jiff::SignedDuration;
use mhero_app::AppError;
use mhero_core::record::Reason;
use mhero_store::StoreError;

/// Why somebody does not come in.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refused {
    /// The code is wrong, was used, or there is no second factor; which one is not said.
    #[error("the code is wrong or was used")]
    WrongCode,
    /// Too many wrong codes.
    #[error("too many wrong codes: wait {} seconds", wait.as_secs() + 1)]
    Wait {
        /// How long to wait.
        wait: SignedDuration,
    },
    /// The provider can't be reached, or answers nonsense.
    #[error("the provider {name} does not answer as it should: {why}")]
    ProviderDown {
        /// Its name on the button.
        name: String,
        /// What happened, for the log.
        why: String,
    },
    /// Nobody began a sign-in here that this answer belongs to, or it was used, or took too long.
    #[error("the answer belongs to no sign-in that began here")]
    Stale,
    /// The provider says no.
    #[error("the provider refused: {code}")]
    Denied {
        /// Its word, such as `access_denied`.
        code: String,
    },
    /// What it says can't be believed.
    #[error("the provider's token is not believed: {why}")]
    NotBelieved {
        /// Why, for the log and the audit.
        why: &'static str,
    },
    /// It does not vouch for the address.
    #[error("the provider does not vouch for the e-mail address")]
    Unverified,
    /// The address is of no domain that may come in.
    #[error("the address is of a domain that may not come in")]
    OtherDomain {
        /// Those that may.
        domains: String,
    },
    /// There is no account.
    #[error("nobody here has the address that the provider vouches for")]
    NoAccount {
        /// The address, for the page and nothing else.
        email: String,
    },
    /// The account is known to be somebody else at the provider.
    #[error("the account belongs to another identity at the provider")]
    OtherIdentity,
    /// The account is shut out, or no role of it opens the console.
    #[error("the account may not open the console")]
    ShutOut,
    /// Anything else.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl Refused {
    /// What to tell the person; `None` for what is no fault of theirs or the provider's.
    pub fn reason(&self) -> Option<Reason> {
        let seconds = |wait: &SignedDuration| (wait.as_secs() + 1).to_string();
        Some(match self {
            Self::WrongCode => Reason::plain("factor-code-wrong"),
            Self::Wait { wait } => Reason::new("factor-code-wait", [("seconds", seconds(wait))]),
            Self::ProviderDown { name, .. } => Reason::new("provider-down", [("name", name.clone())]),
            Self::Stale => Reason::plain("provider-stale"),
            Self::Denied { code } => Reason::new("provider-denied", [("code", code.clone())]),
            Self::NotBelieved { .. } => Reason::plain("provider-not-believed"),
            Self::Unverified => Reason::plain("provider-unverified"),
            Self::OtherDomain { domains } => Reason::new("provider-other-domain", [("domains", domains.clone())]),
            Self::NoAccount { email } => Reason::new("provider-no-account", [("email", email.clone())]),
            Self::OtherIdentity => Reason::plain("provider-other-identity"),
            Self::ShutOut => Reason::plain("provider-shut-out"),
            Self::App(AppError::Invalid(reason)) => reason.clone(),
            Self::App(_) => return None,
        })
    }

    /// A word for the audit log, without names and addresses.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::WrongCode => "code",
            Self::Wait { .. } => "wait",
            Self::ProviderDown { .. } => "provider down",
            Self::Stale => "stale",
            Self::Denied { .. } => "denied",
            Self::NotBelieved { why } => why,
            Self::Unverified => "unverified address",
            Self::OtherDomain { .. } => "other domain",
            Self::NoAccount { .. } => "no account",
            Self::OtherIdentity => "other identity",
            Self::ShutOut => "shut out",
            Self::App(_) => "failed",
        }
    }
}
