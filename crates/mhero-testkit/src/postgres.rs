//! A private PostgreSQL: one cluster for each test process, a database for each test.

use std::{
    collections::HashSet,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::Mutex;

use crate::peers::{on_path, require};

/// What keeps the cluster alive and ends it with this process: a short shell script on a pipe.
const KEEPER: &str = include_str!("postgres.sh");
/// Between choosing a free port and listening on it another process may take it; then the next is tried.
const ATTEMPTS: usize = 3;

/// The cluster of this test process.
#[derive(Debug)]
pub struct Postgres {
    bin: PathBuf,
    port: u16,
    next: AtomicU64,
    templates: Mutex<HashSet<String>>,
    _folder: PathBuf,
    _keeper: Child,
    /// While this end is open the cluster runs. The system closes it when the process ends.
    _lifeline: ChildStdin,
}

/// A database of one test, dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    port: u16,
    bin: PathBuf,
}

impl Postgres {
    /// The cluster, started on first use. `None`, after saying so, where PostgreSQL is not installed.
    ///
    /// # Panics
    /// Where it is installed but does not start, and in CI where it is missing.
    #[must_use]
    pub fn get() -> Option<&'static Self> {
        static CLUSTER: LazyLock<Option<Postgres>> = LazyLock::new(|| find_binaries().map(|bin| Postgres::start(&bin)));
        require(CLUSTER.as_ref(), "PostgreSQL's server (package postgresql)")
    }

    /// A new empty database.
    #[must_use]
    pub fn database(&self) -> TestDatabase {
        self.create("template1")
    }

    /// A new database that begins as a copy of the one that `prepare` made.
    ///
    /// `prepare` gets the address of an empty database, once for each `key` and process (migrations are
    /// the use of it); the copies then cost a tenth of it. It must have closed its connections when it
    /// is done; those that linger are cut off.
    pub async fn database_like<F, Fut>(&self, key: &str, prepare: F) -> TestDatabase
    where
        F: FnOnce(String) -> Fut,
        Fut: Future<Output = ()>,
    {
        let template = format!("like_{key}");
        let mut ready = self.templates.lock().await;
        if !ready.contains(&template) {
            self.sql(&format!("DROP DATABASE IF EXISTS {template} WITH (FORCE)"));
            self.sql(&format!("CREATE DATABASE {template}"));
            prepare(self.url(&template)).await;
            self.sql(&format!("ALTER DATABASE {template} ALLOW_CONNECTIONS false"));
            self.sql(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'"));
            ready.insert(template.clone());
        }
        drop(ready);
        self.create(&template)
    }

    /// Runs one statement in the database `postgres` of the cluster: settings, killed connections, counts.
    ///
    /// # Panics
    /// When the server refuses it.
    pub fn sql(&self, statement: &str) -> String {
        run_sql(&self.bin, self.port, statement).unwrap_or_else(|words| failed(&format!("{statement}: {words}")))
    }

    fn create(&self, template: &str) -> TestDatabase {
        let name = format!("test_{}", self.next.fetch_add(1, Ordering::Relaxed));
        self.sql(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        TestDatabase { name, port: self.port, bin: self.bin.clone() }
    }

    fn url(&self, name: &str) -> String {
        format!("postgres://mhero@127.0.0.1:{}/{name}", self.port)
    }

    fn start(bin: &Path) -> Self {
        let mut said = String::new();
        for _ in 0..ATTEMPTS {
            match Self::try_start(bin) {
                Ok(cluster) => return cluster,
                Err(words) => said = words,
            }
        }
        failed(&format!("PostgreSQL in {} does not start: {said}", bin.display()))
    }

    fn try_start(bin: &Path) -> Result<Self, String> {
        let words = |error: std::io::Error| error.to_string();
        let port = free_port().map_err(words)?;
        let folder = tempfile::Builder::new().prefix("mhero-pg-").tempdir().map_err(words)?.keep();
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "postgres.sh"])
            .arg(bin)
            .arg(cache_folder(bin))
            .arg(&folder)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(words)?;
        let lifeline = keeper.stdin.take().ok_or("no pipe to the keeper")?;
        let mut line = String::new();
        if let Some(out) = keeper.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(words)?;
        }
        if line.trim() == "ready" {
            return Ok(Self {
                bin: bin.to_owned(),
                port,
                next: AtomicU64::new(1),
                templates: Mutex::default(),
                _folder: folder,
                _keeper: keeper,
                _lifeline: lifeline,
            });
        }
        drop(lifeline);
        let output = keeper.wait_with_output().map_err(words)?;
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

impl TestDatabase {
    /// The address that `--database` takes.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://mhero@127.0.0.1:{}/{}", self.port, self.name)
    }

    /// Cuts every connection to this database, as a restart of the server would.
    pub fn cut_connections(&self) {
        let statement =
            format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", self.name);
        if let Err(words) = run_sql(&self.bin, self.port, &statement) {
            failed(&words)
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // The cluster goes with the process anyway; dropping early only saves room, so a refusal is no failure.
        let _ = run_sql(&self.bin, self.port, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// The newest installed server: Debian keeps each version in a folder of its own, outside `PATH`.
fn find_binaries() -> Option<PathBuf> {
    let versions = Path::new("/usr/lib/postgresql");
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir(versions)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").is_file())
        .collect();
    found.sort();
    let on_path = || on_path("initdb").and_then(|initdb| initdb.parent().map(Path::to_owned));
    found.pop().map(|(_, bin)| bin).or_else(on_path)
}

/// Where the initialised cluster is kept between runs, by version; the keeper adds the account.
fn cache_folder(bin: &Path) -> PathBuf {
    let version = bin.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    std::env::temp_dir().join(format!("mhero-pg-cluster-{version}"))
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn run_sql(bin: &Path, port: u16, statement: &str) -> Result<String, String> {
    let output = Command::new(bin.join("psql"))
        .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "mhero", "-d", "postgres"])
        .args(["-p", &port.to_string(), "-c", statement])
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}

#[expect(clippy::panic, reason = "a harness that cannot do its work ends the test with the reason")]
fn failed(words: &str) -> ! {
    panic!("{words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_test_has_a_database_of_its_own() {
        let Some(cluster) = Postgres::get() else { return };
        let (one, two) = (cluster.database(), cluster.database());
        assert_ne!(one.url(), two.url());
        let name = one.name.clone();
        drop(one);
        assert_eq!(cluster.sql(&format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'")), "0");
        assert_eq!(cluster.sql("SHOW fsync"), "on");
    }

    #[tokio::test]
    async fn a_prepared_database_is_made_once_and_copied() {
        let Some(cluster) = Postgres::get() else { return };
        let prepared = AtomicU64::new(0);
        for _ in 0..2 {
            let copy = cluster
                .database_like("counted", |url| {
                    prepared.fetch_add(1, Ordering::Relaxed);
                    async move { assert!(url.ends_with("like_counted")) }
                })
                .await;
            assert!(copy.url().contains("test_"));
        }
        assert_eq!(prepared.into_inner(), 1);
    }
}
