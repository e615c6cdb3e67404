//! A real provider of OpenID Connect of npm (`tests/peers/oidc.mjs`).

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Stdio},
};

use crate::{Peer, require};

/// Our name at it.
pub const OPENID_CLIENT: &str = "mhero";
/// Our secret at it.
pub const OPENID_SECRET: &str = "a secret of the tests";

/// A running provider. It ends when it is dropped.
#[derive(Debug)]
pub struct OpenIdProvider {
    child: Child,
    port: u16,
}

impl OpenIdProvider {
    /// Starts one on a free port. `None`, after saying so, where Node or the package is missing. It answers once it has been told, by a
    /// POST to [`OpenIdProvider::told`], where it may lead back to.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers");
        let mut node = Peer::Node.command()?;
        let is_there = folder.join("node_modules/oidc-provider").is_dir();
        require(is_there.then_some(()), "the packages of tests/peers (scripts/setup)")?;
        let mut child = node
            .current_dir(&folder)
            .arg("oidc.mjs")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // It warns at length that it is no provider for real use.
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("it says its port");
        let digits: String = line.chars().filter(char::is_ascii_digit).collect();
        let port = digits.parse().expect("a port");
        Some(Self { child, port })
    }

    /// Its issuer.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where it is told, as JSON, where it may lead back to: `redirect`, `home`.
    #[must_use]
    pub fn told(&self) -> String {
        format!("{}/told", self.issuer())
    }
}

impl Drop for OpenIdProvider {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
