//! Calls to a provider, as the binary makes them.

use async_trait::async_trait;

/// A call.
#[derive(Clone, PartialEq, Eq)]
pub struct WireCall {
    /// Where.
    pub url: String,
    /// A form to post; `None` reads.
    pub form: Option<String>,
    /// The header `Authorization`.
    pub authorization: Option<String>,
}

impl std::fmt::Debug for WireCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WireCall").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct WireAnswer {
    /// The status.
    pub status: u16,
    /// The body, at most 256 KiB.
    pub body: String,
}

impl std::fmt::Debug for WireAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WireAnswer").field("status", &self.status).finish_non_exhaustive()
    }
}

/// What makes the calls: no redirects, a short wait, JSON asked for.
#[async_trait]
pub trait Wire: Send + Sync + 'static {
    /// Makes one call; says in words why none came about.
    async fn call(&self, call: &WireCall) -> Result<WireAnswer, String>;
}
