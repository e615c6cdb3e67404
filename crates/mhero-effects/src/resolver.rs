//! Names of hosts to addresses, of which only those are handed on that the rules allow. The client connects to what it gets from here,
//! so that a name which answers otherwise a moment later gains nothing.

use std::{future::Future, io, net::SocketAddr, pin::Pin, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::rules::{Forbidden, Rules, is_public};

/// Addresses on their way.
pub(crate) type Asked = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;
/// Who is asked for the addresses of a name.
pub(crate) type Lookup = Arc<dyn Fn(String) -> Asked + Send + Sync>;

/// Resolves by the rules.
pub(crate) struct Guarded {
    rules: Arc<Rules>,
    lookup: Lookup,
    stays_inside: bool,
}

impl Guarded {
    pub(crate) fn new(rules: Arc<Rules>, lookup: Lookup) -> Self {
        Self { rules, lookup, stays_inside: false }
    }

    /// Hands on no address of the public internet either.
    pub(crate) fn staying_inside(self) -> Self {
        Self { stays_inside: true, ..self }
    }
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (rules, asked) = (Arc::clone(&self.rules), (self.lookup)(name.as_str().to_owned()));
        let stays_inside = self.stays_inside;
        Box::pin(async move {
            let all = asked.await?;
            if all.is_empty() {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            }
            let name = name.as_str();
            let mut allowed: Vec<_> =
                all.into_iter().filter(|address| rules.allows_address(name, address.ip())).collect();
            if allowed.is_empty() {
                return Err(Forbidden::Host { host: name.to_owned() }.into());
            }
            if stays_inside {
                allowed.retain(|address| !is_public(address.ip()));
            }
            if allowed.is_empty() {
                return Err(Forbidden::InClear { host: name.to_owned() }.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Asks as every program of this machine does.
pub(crate) fn of_the_system() -> Lookup {
    Arc::new(|name| Box::pin(async move { Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect()) }))
}
