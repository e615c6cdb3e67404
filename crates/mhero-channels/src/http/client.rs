//! The one way out: no redirects, no proxy of the environment, no repetition, bounded in time.

use std::{sync::OnceLock, time::Duration};

use mhero_app::AppError;

/// How long a connection may take to come about.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How long a connection that is not used is kept. Gateways close their end later than this, so that a request rarely meets a
/// connection that is just being closed, when nobody could say whether it was read.
const IDLE_LIMIT: Duration = Duration::from_secs(10);

/// The client of one driver; its channels share it, and connections are kept by address.
#[derive(Debug, Default)]
pub(crate) struct Client(OnceLock<reqwest::Client>);

impl Client {
    /// The client, made at the first call.
    ///
    /// # Errors
    /// [`AppError::Invalid`] where the system's certificates can't be read.
    pub(crate) fn get(&self) -> Result<reqwest::Client, AppError> {
        if let Some(client) = self.0.get() {
            return Ok(client.clone());
        }
        crate::tls::install();
        let made = reqwest::Client::builder()
            .connect_timeout(CONNECT_LIMIT)
            .pool_idle_timeout(IDLE_LIMIT)
            .tcp_nodelay(true)
            // A gateway stands where its address says: a password is not carried on to another place.
            .redirect(reqwest::redirect::Policy::none())
            // Nor to a proxy of the environment.
            .no_proxy()
            .retry(reqwest::retry::never())
            .build()
            .map_err(|_| AppError::invalid("channel-no-client", []))?;
        Ok(self.0.get_or_init(|| made).clone())
    }
}
