//! A real OpenHIM of npm, over a store of our own that speaks MongoDB's protocol (`tests/peers/openhim`).

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Stdio},
};

use crate::{Peer, require};

/// The account with which an OpenHIM comes.
pub const OPENHIM_USER: &str = "root@openhim.org";
/// Its password.
pub const OPENHIM_PASSWORD: &str = "openhim-password";

/// A running OpenHIM. It ends when it is dropped.
#[derive(Debug)]
pub struct OpenHim {
    child: Child,
    api: u16,
    router: u16,
    certificate: PathBuf,
}

impl OpenHim {
    /// Starts one, empty, on free ports. `None`, after saying so, where Node, Python or the packages are missing.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = root.join("tests/peers/openhim");
        let mut node = Peer::Node.command()?;
        Peer::Python.find()?;
        let certificate = folder.join("node_modules/openhim-core/resources/certs/default/cert.pem");
        let packages = root.join("target/peers/python");
        let are_there = certificate.is_file() && packages.join("mongomock").is_dir();
        require(are_there.then_some(()), "the packages of tests/peers/openhim (scripts/setup)")?;
        let mut child = node
            .current_dir(&folder)
            .arg("start.mjs")
            .env("PYTHONPATH", packages)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("it says its ports");
        let port = |name: &str| {
            let found = line.split_once(&format!("\"{name}\":")).map(|(_, rest)| rest);
            assert!(found.is_some(), "OpenHIM did not start: {line}");
            let digits: String = found.unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
            digits.parse().expect("a port")
        };
        let (api, router) = (port("api"), port("router"));
        Some(Self { child, api, router, certificate })
    }

    /// The address of its interface.
    #[must_use]
    pub fn api(&self) -> String {
        format!("https://127.0.0.1:{}", self.api)
    }

    /// The address where clients send requests.
    #[must_use]
    pub fn router(&self) -> String {
        format!("http://127.0.0.1:{}", self.router)
    }

    /// The file of its self-signed certificate.
    #[must_use]
    pub fn certificate(&self) -> &Path {
        &self.certificate
    }
}

impl Drop for OpenHim {
    fn drop(&mut self) {
        // It ends its children when its input ends.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
