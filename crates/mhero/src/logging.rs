//! Lines about the work, on standard error.

use tracing_subscriber::{EnvFilter, fmt, util::SubscriberInitExt};

use crate::{config::Log, failure::Failure};

/// What a command other than the server says about its work by itself.
const QUIET: &str = "error";

/// Starts writing lines: as the settings say for a server, failures only for other commands.
///
/// # Errors
/// [`Failure::Refused`] for a filter or format that is none.
pub fn start(log: &Log, is_server: bool) -> Result<(), Failure> {
    let filter = if is_server || log.filter != default_filter() { log.filter.as_str() } else { QUIET };
    let filter: EnvFilter = filter.parse().map_err(|_| refused("log.filter", &log.filter))?;
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
    // A second start, in a test, changes nothing.
    let _ = match log.format.as_str() {
        "text" => lines.finish().try_init(),
        "json" => lines.json().finish().try_init(),
        other => return Err(refused("log.format", other)),
    };
    Ok(())
}

const fn default_filter() -> &'static str {
    "info"
}

fn refused(key: &str, value: &str) -> Failure {
    Failure::refused("cli-config-value", [("key", key.to_owned()), ("value", value.to_owned())])
}
