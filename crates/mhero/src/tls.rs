//! The listener for encrypted connections, as `[server.tls]` has it, and by which certificate a request is known.

use std::{net::IpAddr, net::SocketAddr, path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{HeaderValue, header},
    middleware::{Next, from_fn_with_state, map_response},
    response::Response,
};
use mhero_exchange::clients::Certificate;
use mhero_web_tls::{ClientCertificates, Door, PeerCertificate, TlsError, TlsFiles};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::JoinSet,
};

use crate::{
    config::{Server, Tls},
    failure::Failure,
};

/// The headers in which a web server in front tells of a certificate: RFC 9440, and what nginx has been told in guides.
const TOLD: [&str; 2] = ["client-cert", "x-client-certificate"];
/// Seconds of a day.
const DAY_SECONDS: u64 = 86_400;

/// A listener that is bound, with the door behind it.
pub struct Encrypted {
    listener: TcpListener,
    door: Arc<Door>,
    /// Where it listens.
    pub address: SocketAddr,
}

/// The files that are set up; `None` where nothing listens for encrypted connections.
///
/// # Errors
/// [`Failure::Refused`] for a way of asking clients that there is not.
pub fn files(set: &Tls) -> Result<Option<TlsFiles>, Failure> {
    if set.listen.is_empty() {
        return Ok(None);
    }
    let clients = ClientCertificates::of(&set.client_certificates).ok_or_else(|| {
        let (key, value) = ("server.tls.client_certificates".to_owned(), set.client_certificates.clone());
        Failure::refused("cli-config-value", [("key", key), ("value", value)])
    })?;
    let some = |file: &str| (!file.is_empty()).then(|| PathBuf::from(file));
    Ok(Some(TlsFiles {
        certificate: PathBuf::from(&set.certificate_file),
        key: PathBuf::from(&set.key_file),
        clients,
        client_ca: some(&set.client_ca_file),
        revoked: some(&set.revoked_file),
    }))
}

/// Binds the listener and reads its certificate.
///
/// # Errors
/// A taken address; files that can't be used.
pub async fn open(set: &Server) -> Result<Option<Encrypted>, Failure> {
    let Some(files) = files(&set.tls)? else { return Ok(None) };
    // A typo must not leave a way open, or shut, that nobody meant.
    proxies(&set.certificate_proxies)?;
    let door = Door::open(files, set.tls.connections).map_err(|error| refused(&error))?;
    let taken = |error: std::io::Error| {
        let detail = error.kind().to_string();
        Failure::refused("cli-tls-listen", [("address", set.tls.listen.clone()), ("detail", detail)])
    };
    let listener = TcpListener::bind(&set.tls.listen).await.map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    Ok(Some(Encrypted { listener, door: Arc::new(door), address }))
}

impl Encrypted {
    /// Serves pages by it until `stop` becomes true, and follows its files.
    ///
    /// # Errors
    /// When the system lets nobody listen for SIGHUP.
    pub fn start(
        self,
        pages: Router,
        hsts_days: u32,
        (runners, stop): (&mut JoinSet<()>, &watch::Receiver<bool>),
    ) -> Result<(), Failure> {
        let mut hangups = signal(SignalKind::hangup()).map_err(|error| Failure::from(anyhow::Error::from(error)))?;
        let (ask, asked) = watch::channel(0);
        let mut ends = stop.clone();
        runners.spawn(async move {
            let asking = async {
                while hangups.recv().await.is_some() {
                    ask.send_modify(|times| *times += 1);
                }
            };
            tokio::select! {
                () = asking => {}
                _ = ends.wait_for(|stop| *stop) => {}
            }
        });
        runners.spawn(Arc::clone(&self.door).follow(asked, stop.clone()));
        runners.spawn(mhero_web_tls::serve(self.listener, self.door, strictly(pages, hsts_days), stop.clone()));
        Ok(())
    }
}

/// Tells browsers to come by https alone.
fn strictly(pages: Router, days: u32) -> Router {
    let Ok(value) = HeaderValue::try_from(format!("max-age={}", u64::from(days) * DAY_SECONDS)) else { return pages };
    if days == 0 {
        return pages;
    }
    pages.layer(map_response(move |mut response: Response| {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, value.clone());
        async { response }
    }))
}

/// The addresses of web servers in front that may tell of certificates.
///
/// # Errors
/// [`Failure::Refused`] for what is no address.
pub fn proxies(set: &[String]) -> Result<Arc<[IpAddr]>, Failure> {
    let read = |text: &String| {
        let odd = [("key", "server.certificate_proxies".to_owned()), ("value", text.clone())];
        text.trim()
            .parse::<IpAddr>()
            .map(|address| address.to_canonical())
            .map_err(|_| Failure::refused("cli-config-value", odd))
    };
    set.iter().map(read).collect()
}

/// Lets fronts know by which certificate a client has come: the one of its connection, or what a web server of ours tells of it.
pub fn certified(fronts: Router, proxies: Arc<[IpAddr]>) -> Router {
    fronts.layer(from_fn_with_state(proxies, certify))
}

async fn certify(State(proxies): State<Arc<[IpAddr]>>, mut request: Request, next: Next) -> Response {
    // Taken away in any case, so that nothing behind can believe what anybody may write.
    let told: Vec<HeaderValue> = TOLD.iter().filter_map(|name| request.headers_mut().remove(*name)).collect();
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let is_believed = from.is_some_and(|from| proxies.contains(&from));
    // The certificate of a web server in front says nothing of its client.
    let peer = match is_believed {
        true => told.first().and_then(|value| PeerCertificate::of_header(value.to_str().ok()?)),
        false => request.extensions().get::<PeerCertificate>().cloned(),
    };
    if let Some(peer) = peer {
        request.extensions_mut().insert(Certificate::new(&peer.sha256, &peer.subject));
    }
    next.run(request).await
}

/// Why files can't be used, in words.
pub fn refused(error: &TlsError) -> Failure {
    let path = |path: &PathBuf| ("path", path.display().to_string());
    match error {
        TlsError::Unread { path: file, detail } => {
            Failure::refused("cli-tls-unread", [path(file), ("detail", detail.clone())])
        }
        TlsError::NoCertificate { path: file } => Failure::refused("cli-tls-no-certificate", [path(file)]),
        TlsError::NoKey { path: file } => Failure::refused("cli-tls-no-key", [path(file)]),
        TlsError::Mismatch { certificate, key } => {
            Failure::refused("cli-tls-mismatch", [path(certificate), ("key", key.display().to_string())])
        }
        TlsError::Odd { path: file, detail } => {
            Failure::refused("cli-tls-odd", [path(file), ("detail", detail.clone())])
        }
        TlsError::NoAuthority => Failure::refused("cli-tls-no-authority", []),
    }
}

#[cfg(test)]
mod tests {
    use axum::{Extension, body::Body, routing::get};
    use mhero_testkit::{Authority, Wanted};
    use tower::ServiceExt;

    use super::*;

    async fn who(certificate: Option<Extension<Certificate>>) -> String {
        certificate.map_or_else(|| "nobody".to_owned(), |Extension(it)| format!("{it:?}"))
    }

    #[tokio::test]
    async fn only_web_servers_of_ours_tell_of_certificates() {
        let authority = Authority::new("Ministry");
        let issued = |subject| authority.issue(Wanted { subject, ..Wanted::default() });
        let (client, proxy) = (issued("client"), issued("proxy"));
        let told: String = client.certificate.lines().filter(|line| !line.starts_with("-----")).collect();
        let proxies = proxies(&["10.0.0.2".to_owned()]).expect("addresses");
        let pages = certified(Router::new().route("/", get(who)), proxies);
        let ask = async |from: &str, header: Option<&str>, shown: bool| {
            let mut request = axum::http::Request::builder().uri("/");
            if let Some(header) = header {
                request = request.header(header, format!(":{told}:"));
            }
            let mut request = request.body(Body::empty()).unwrap();
            let from = SocketAddr::new(from.parse().unwrap(), 1);
            request.extensions_mut().insert(ConnectInfo(from));
            if shown {
                request.extensions_mut().insert(PeerCertificate::read(&proxy.der).unwrap());
            }
            let answer = pages.clone().oneshot(request).await.unwrap();
            String::from_utf8(axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap().to_vec()).unwrap()
        };
        for header in TOLD {
            assert!(ask("10.0.0.2", Some(header), true).await.contains("CN=client"), "the client's, not the proxy's");
            assert!(ask("::ffff:10.0.0.2", Some(header), false).await.contains("CN=client"));
            assert_eq!(ask("10.0.0.3", Some(header), false).await, "nobody", "anybody can write a header");
            assert!(ask("10.0.0.3", Some(header), true).await.contains("CN=proxy"), "who came is known all the same");
        }
        assert_eq!(ask("10.0.0.2", None, true).await, "nobody", "a client without one is nobody");
        assert!(super::proxies(&["10.0.0.0/8".to_owned()]).is_err());
    }
}
