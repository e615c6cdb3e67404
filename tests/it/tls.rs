//! The whole server over TLS: pages, programs known by their certificates, a certificate that is renewed, what the doctor says, the
//! audit at `/fhir`, and audit messages to a repository.

use std::{
    net::UdpSocket,
    os::unix::fs::PermissionsExt,
    process::Command,
    time::{Duration, Instant},
};

use mhero_testkit::{Authority, Issued, Program, Wanted};
use serde_json::Value;

/// How long something may take that happens by itself.
const PATIENCE: Duration = Duration::from_secs(60);

/// An installation with files of certificates.
struct Site {
    folder: tempfile::TempDir,
    authority: Authority,
}

impl Site {
    fn new() -> Self {
        let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new("Ministry"));
        authority.server().write(folder.path(), "server");
        std::fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
        let site = Self { folder, authority };
        let words = ["--country", "LR", "--language", "en", "--timezone", "Africa/Monrovia", "--quiet-hours", "off"];
        site.run(&[&["init"], &words[..]].concat());
        site
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn command(&self, words: &[&str], more: &[(&str, &str)]) -> Command {
        let mut command = Program::command();
        command.args(words).arg("--data").arg(self.folder.path().join("data"));
        let set = |name: &str| format!("MHERO__SERVER__TLS__{name}");
        command.env(set("LISTEN"), "127.0.0.1:0").env(set("CLIENT_CERTIFICATES"), "asked");
        let files = [("CERTIFICATE_FILE", "server.pem"), ("KEY_FILE", "server.key"), ("CLIENT_CA_FILE", "ca.pem")];
        command.envs(files.map(|(name, file)| (set(name), self.path(file))));
        command.env("XDG_CONFIG_HOME", self.path("keys")).envs(more.iter().copied());
        command
    }

    fn run(&self, words: &[&str]) -> String {
        let output = self.command(words, &[]).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// What the doctor says of TLS.
    fn doctor(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let output = self.command(&["doctor", "--json"], more).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
        let all = report["findings"].as_array().unwrap().iter().filter(|finding| finding["check"] == "tls");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        all.map(|finding| (text(&finding["verdict"]), text(&finding["text"]))).collect()
    }
}

/// A client that trusts an authority, with a certificate where one is given.
fn client(authority: &Authority, own: Option<&Issued>) -> reqwest::Client {
    mhero_channels::tls::install();
    let root = reqwest::Certificate::from_pem(authority.pem().as_bytes()).unwrap();
    let builder = reqwest::Client::builder().tls_certs_only([root]).no_proxy().pool_max_idle_per_host(0);
    let builder = match own {
        Some(own) => builder.identity(reqwest::Identity::from_pem(own.identity().as_bytes()).unwrap()),
        None => builder,
    };
    builder.build().unwrap()
}

/// Where the server says that it listens for encrypted connections.
fn encrypted(server: &Program) -> String {
    let said = server.out();
    let line = said.lines().find_map(|line| line.split_once("https://127.0.0.1:")).expect("it says so").1;
    format!("https://localhost:{}", line.trim_end_matches('/'))
}

/// Asks again until it is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let since = Instant::now();
    while !is_so().await {
        assert!(since.elapsed() < PATIENCE, "{what}");
        tokio::task::yield_now().await;
    }
}

fn hang_up(server: &Program) {
    assert!(Command::new("kill").args(["-HUP", &server.id().to_string()]).status().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_speaks_tls_knows_programs_by_certificates_and_renews_its_own() {
    let site = Site::new();
    let repository = UdpSocket::bind("127.0.0.1:0").unwrap();
    let atna = format!("udp://{}", repository.local_addr().unwrap());
    let mut command = site.command(&["serve", "--listen", "127.0.0.1:0"], &[("MHERO__ATNA__SERVER", &atna)]);
    let server = Program::spawn(&mut command);
    let (plain, tls) = (server.url(""), encrypted(&server));
    let token = site.run(&["token", "create", "iHRIS", "--role", "integrator"]);
    site.run(&["token", "narrow", "iHRIS", "--certificate", "CN=ihris, O=Ministry"]);
    let wanted = Wanted { subject: "ihris", organisation: Some("Ministry"), ..Wanted::default() };
    let (own, other) = (site.authority.issue(wanted), site.authority.issue(Wanted { subject: "other", ..wanted }));
    let status = async |client: &reqwest::Client, base: &str, headers: &[(&str, String)]| {
        let mut request = client.get(format!("{base}/fhir/Practitioner"));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        request.send().await.map_or(0, |answer| answer.status().as_u16())
    };
    let bearer = [("authorization", format!("Bearer {token}"))];
    let (known, strange) = (client(&site.authority, Some(&own)), client(&site.authority, Some(&other)));
    let nobody = client(&site.authority, None);
    assert_eq!(status(&known, &tls, &[]).await, 200, "known without a token: {}", server.err());
    assert_eq!(status(&strange, &tls, &[]).await, 401);
    assert_eq!(status(&nobody, &tls, &[]).await, 401);
    assert_eq!(status(&nobody, &tls, &bearer).await, 403, "a token that was stolen is of no use");
    assert_eq!(status(&nobody, &plain, &bearer).await, 403);
    let body: String = own.certificate.lines().filter(|line| !line.starts_with("-----")).collect();
    let told = [("client-cert", format!(":{body}:"))];
    assert_eq!(status(&nobody, &tls, &told).await, 401, "anybody can write a header");
    // Pages: the same over both, and browsers are told to stay with the one.
    let over_tls = nobody.get(format!("{tls}/sign-in")).send().await.unwrap();
    let over_plain = nobody.get(format!("{plain}/sign-in")).send().await.unwrap();
    assert_eq!((over_tls.status(), over_plain.status()), (reqwest::StatusCode::OK, reqwest::StatusCode::OK));
    assert_eq!(over_tls.headers()["strict-transport-security"], "max-age=31536000");
    assert!(over_plain.headers().get("strict-transport-security").is_none());
    let wrong = nobody.get(format!("{}/health", tls.replace("https", "http"))).send().await.unwrap();
    assert_eq!(wrong.status(), 400, "plain HTTP at the encrypted port");
    // A file that can't be used changes nothing; the next one serves.
    let next = Authority::new("Next");
    std::fs::write(site.path("server.pem"), "nothing").unwrap();
    hang_up(&server);
    until("the server says that it keeps the old one", async || server.err().contains("can't be used")).await;
    assert_eq!(status(&known, &tls, &[]).await, 200);
    next.server().write(site.folder.path(), "server");
    hang_up(&server);
    let trusting = client(&next, Some(&own));
    until("the new certificate serves", async || status(&trusting, &tls, &[]).await == 200).await;
    assert_eq!(status(&known, &tls, &[]).await, 0, "who trusts the old one alone comes no more");
    site.run(&["token", "revoke", "iHRIS"]);
    until("an account that was taken back", async || status(&trusting, &tls, &[]).await == 401).await;
    // What was done stands in the repository of audit messages.
    let heard = tokio::task::spawn_blocking(move || heard(&repository, "token-revoked"));
    assert!(heard.await.unwrap(), "{}", server.err());
    assert!(server.stop().success());
}

/// Whether an audit message of this word comes.
fn heard(repository: &UdpSocket, word: &str) -> bool {
    repository.set_read_timeout(Some(PATIENCE)).unwrap();
    let (mut message, wanted) = (vec![0; 65_536], format!("csd-code=\"{word}\""));
    while let Ok(length) = repository.recv(&mut message) {
        let said = String::from_utf8_lossy(&message[..length]).into_owned();
        assert!(said.starts_with("<85>1 ") && said.ends_with("</AuditMessage>"), "{said}");
        if said.contains(&wanted) {
            return true;
        }
    }
    false
}

#[test]
fn the_doctor_looks_at_the_certificate() {
    let site = Site::new();
    let close = || {
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(site.path("server.key"), mode).unwrap();
    };
    close();
    let one = |said: Vec<(String, String)>, verdict: &str, words: &str| {
        assert!(said.iter().any(|(is, text)| is == verdict && text.contains(words)), "{verdict} {words}: {said:?}");
    };
    one(site.doctor(&[]), "ok", "2090-01-01");
    one(site.doctor(&[("MHERO__SERVER__TLS__NAME", "mhero.moh.example")]), "problem", "not for mhero.moh.example");
    one(site.doctor(&[("MHERO__SERVER__TLS__CLIENT_CA_FILE", "")]), "problem", "server.tls.client_ca_file");
    one(site.doctor(&[("MHERO__SERVER__TLS__CLIENT_CERTIFICATES", "perhaps")]), "problem", "client_certificates");
    let old = site.authority.issue(Wanted { subject: "mhero", last_year: Some(2025), ..Wanted::default() });
    std::fs::write(site.path("server.pem"), &old.certificate).unwrap();
    one(site.doctor(&[]), "problem", "does not belong");
    std::fs::write(site.path("server.key"), &old.key).unwrap();
    std::fs::set_permissions(site.path("server.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let said = site.doctor(&[]);
    one(said.clone(), "problem", "ended on 2025-12-31");
    one(said, "problem", "chmod 600");
    let refused = site.command(&["serve", "--listen", "127.0.0.1:0"], &[("MHERO__SERVER__TLS__KEY_FILE", "none")]);
    let output = { refused }.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("none can’t be read"), "{said}");
}
