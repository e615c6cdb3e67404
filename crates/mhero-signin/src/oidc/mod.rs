//! The ministry's own sign-in: OpenID Connect Core 1.0, the code flow with PKCE (RFC 7636), state and nonce.
//!
//! [`Provider::begin`] gives the address to lead the browser to and what to keep in its session; [`Provider::finish`] takes what came
//! back. Both are the whole of it: the console only moves the browser and keeps the session.

mod account;
mod begin;
mod discovery;
mod finish;
mod settings;
mod token;
mod wire;

pub use begin::{PENDING_SECONDS, Pending};
pub use finish::{Answered, Arrival};
pub use settings::{ProviderSettings, RoleOf};
pub use wire::{Wire, WireAnswer, WireCall};

use std::sync::Arc;

use mhero_app::App;

use crate::Refused;

struct Inner {
    app: App,
    settings: ProviderSettings,
    wire: Arc<dyn Wire>,
    remembered: discovery::Remembered,
}

/// A provider of OpenID Connect. Clones share what was read of it.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.0.settings.issuer).finish_non_exhaustive()
    }
}

impl Provider {
    /// The provider as set up. Nothing is asked of it yet.
    pub fn new(app: App, settings: ProviderSettings, wire: Arc<dyn Wire>) -> Self {
        Self(Arc::new(Inner { app, settings, wire, remembered: discovery::Remembered::default() }))
    }

    /// The name on the button.
    pub fn name(&self) -> &str {
        &self.0.settings.name
    }

    /// The issuer, for the page of the settings.
    pub fn issuer(&self) -> &str {
        &self.0.settings.issuer
    }

    /// The address under which people reach the console, where it is set: `https://mhero.moh.example`.
    pub fn console(&self) -> Option<&str> {
        Some(self.0.settings.console.as_str()).filter(|console| !console.is_empty())
    }

    fn down(&self, why: impl Into<String>) -> Refused {
        let (name, why) = (self.name().to_owned(), why.into());
        tracing::warn!(issuer = self.issuer(), why, "the provider of sign-ins does not answer as it should");
        Refused::ProviderDown { name, why }
    }
}
