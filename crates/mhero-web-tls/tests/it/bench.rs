//! A door of a test, and clients with and without certificates.

use std::{net::SocketAddr, sync::Arc};

use axum::{Extension, Router, extract::ConnectInfo, routing::get};
use mhero_testkit::{Authority, Issued, Wanted};
use mhero_web_tls::{ClientCertificates, Door, PeerCertificate, TlsFiles, serve};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// An open door; `GET /` says whose certificate the client has shown.
pub(crate) struct Bench {
    pub(crate) authority: Authority,
    pub(crate) address: SocketAddr,
    pub(crate) door: Arc<Door>,
    pub(crate) files: TlsFiles,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) serving: JoinHandle<()>,
}

async fn who(ConnectInfo(_): ConnectInfo<SocketAddr>, peer: Option<Extension<PeerCertificate>>) -> String {
    let Some(Extension(peer)) = peer else { return "nobody".to_owned() };
    let subject: Vec<String> = peer.subject.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{} {}", subject.join(","), peer.sha256)
}

impl Bench {
    pub(crate) async fn new(clients: ClientCertificates, connections: usize) -> Self {
        let (authority, folder) = (Authority::new("Ministry"), tempfile::tempdir().unwrap());
        let (certificate, key) = authority.server().write(folder.path(), "server");
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("ca.pem"), authority.pem()).unwrap();
        std::fs::write(path("revoked.pem"), authority.revoking(&[])).unwrap();
        let files =
            TlsFiles { certificate, key, clients, client_ca: Some(path("ca.pem")), revoked: Some(path("revoked.pem")) };
        let door = Arc::new(Door::open(files.clone(), connections).expect("a door"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopping) = watch::channel(false);
        let pages = Router::new().route("/", get(who));
        let serving = tokio::spawn(serve(listener, Arc::clone(&door), pages, stopping));
        Self { authority, address, door, files, folder, stop, serving }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}/", self.address.port())
    }

    /// A client that trusts the authority, with a certificate where one is given.
    pub(crate) fn client(&self, own: Option<&Issued>) -> reqwest::Client {
        trusting(&self.authority, own)
    }

    pub(crate) fn person(&self, subject: &str) -> Issued {
        self.authority.issue(Wanted { subject, organisation: Some("Ministry"), ..Wanted::default() })
    }
}

/// A client that trusts an authority.
pub(crate) fn trusting(authority: &Authority, own: Option<&Issued>) -> reqwest::Client {
    // When another test was faster, its choice is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let root = reqwest::Certificate::from_pem(authority.pem().as_bytes()).expect("a certificate");
    let builder = reqwest::Client::builder().tls_certs_only([root]).no_proxy().pool_max_idle_per_host(0);
    let builder = match own {
        Some(own) => builder.identity(reqwest::Identity::from_pem(own.identity().as_bytes()).expect("an identity")),
        None => builder,
    };
    builder.build().expect("a client")
}

/// What a client is told: the text, or that no connection came about.
pub(crate) async fn told(client: &reqwest::Client, url: &str) -> Option<String> {
    let answer = client.get(url).send().await.ok()?;
    answer.text().await.ok()
}
