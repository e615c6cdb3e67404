//! The client against a server that lies, cuts, hesitates and sends on.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use mhero_app::{
    AppError,
    ports::{PullError, PushOutcome},
};
use mhero_testkit::{Asked, Reply, Site};
use reqwest::Method;

use super::*;
use crate::testing::settings;

const DEFAULTS: Defaults =
    Defaults { token: AuthMode::Bearer, token_path: Some("/auth/token"), example: "https://hr.example.org/fhir" };
const IMPATIENT: Patience = Patience { again: 2, first: Duration::from_millis(1), longest: Duration::from_secs(2) };

fn client(site: &Site, pairs: &[(&str, &str)]) -> Client {
    Client::new(&settings(&format!("{}/fhir", site.url()), pairs), &DEFAULTS).unwrap().with_patience(IMPATIENT)
}

async fn get(client: &Client, path: &str) -> Result<Answer, HttpError> {
    client.ask(&Ask::get(client.url(path, &[]))).await
}

fn key(error: &HttpError) -> &'static str {
    error.reason().key
}

#[tokio::test]
async fn each_way_to_be_let_in_sends_its_header() {
    let site = Site::start(|_| Reply::json(200, "{}"));
    for (pairs, header) in [
        (&[][..], None),
        (&[("username", "mh"), ("password", "p:w")], Some("Basic bWg6cDp3")),
        (&[("token", "t1")], Some("Bearer t1")),
        (&[("auth", "apitoken"), ("token", "d2pat_1")], Some("ApiToken d2pat_1")),
        (&[("auth", "token"), ("token", "t2")], Some("Token t2")),
    ] {
        get(&client(&site, pairs), "Practitioner").await.unwrap();
        let asked = site.asked().pop().unwrap();
        assert_eq!(asked.header("authorization"), header, "{pairs:?}");
        assert_eq!(asked.path, "/fhir/Practitioner");
        assert!(asked.header("user-agent").unwrap().starts_with("mHero/"));
    }
}

fn with_log_in(asked: &Asked, logins: &AtomicU32) -> Reply {
    if asked.path != "/auth/token" && asked.path != "/realm/token" {
        let current = format!("Bearer t{}", logins.load(Ordering::SeqCst));
        let is_known = asked.header("authorization") == Some(current.as_str());
        return Reply::json(if is_known { 200 } else { 401 }, "{}");
    }
    let named = asked.header("authorization") == Some("Basic aWQ6cyYx")
        || asked.text() == r#"{"email":"mh@example.org","password":"p"}"#;
    if !named {
        return Reply::json(401, "{}");
    }
    let number = logins.fetch_add(1, Ordering::SeqCst) + 1;
    Reply::json(200, serde_json::json!({"access_token": format!("t{number}"), "expires_in": 3600}))
}

#[tokio::test]
async fn a_token_is_fetched_kept_and_renewed_once_when_it_is_refused() {
    let ihris = [("auth", "ihris"), ("username", "mh@example.org"), ("password", "p")];
    for (is_oauth, pairs) in [(false, &ihris[..]), (true, &[("client_id", "id"), ("client_secret", "s&1")])] {
        let logins = std::sync::Arc::new(AtomicU32::new(0));
        let counted = std::sync::Arc::clone(&logins);
        let site = Site::start(move |asked| with_log_in(asked, &counted));
        let url = format!("{}/realm/token", site.url());
        let mut pairs = pairs.to_vec();
        if is_oauth {
            pairs.extend([("token_url", url.as_str()), ("scope", "read")]);
        }
        let client = client(&site, &pairs);
        for _ in 0..2 {
            assert_eq!(get(&client, "x").await.unwrap().status, 200);
        }
        assert_eq!(logins.load(Ordering::SeqCst), 1, "kept");
        logins.fetch_add(1, Ordering::SeqCst);
        assert_eq!(get(&client, "x").await.unwrap().status, 200, "renewed");
        assert_eq!(logins.load(Ordering::SeqCst), 3);
        if is_oauth {
            assert_eq!(site.asked()[0].text(), "grant_type=client_credentials&scope=read");
        }
    }
}

#[tokio::test]
async fn a_refused_log_in_says_so() {
    let site = Site::start(|asked| match asked.path.as_str() {
        "/auth/token" => Reply::json(401, "{}"),
        _ => Reply::json(200, "{}"),
    });
    let client = client(&site, &[("auth", "ihris"), ("username", "u"), ("password", "p")]);
    assert_eq!(key(&get(&client, "x").await.unwrap_err()), "registry-login-refused");
}

#[tokio::test]
async fn a_busy_registry_is_asked_again_and_a_write_is_not() {
    let count = std::sync::Arc::new(AtomicU32::new(0));
    let counted = std::sync::Arc::clone(&count);
    let site = Site::start(move |_| match counted.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::json(429, "{}").header("retry-after", "0"),
        1 => Reply::json(503, "{}"),
        2 => Reply::json(200, "{}"),
        _ => Reply::json(500, r#"{"resourceType":"OperationOutcome","issue":[{"diagnostics":"disk full"}]}"#),
    });
    let client = client(&site, &[]);
    assert_eq!(get(&client, "x").await.unwrap().status, 200);
    let write = Ask::new(Method::PUT, client.url("x", &[])).body("{}");
    let error = client.ask(&write).await.unwrap().success().unwrap_err();
    assert_eq!(count.load(Ordering::SeqCst), 4, "once");
    assert_eq!(error.reason().args.last().unwrap().1, "disk full");
    assert!(matches!(error.into_outcome(), PushOutcome::Unknown { .. }));
    let gone = get(&client, "x").await.unwrap().success().unwrap_err();
    assert!(matches!(PullError::from(gone), PullError::Down(_)));
    assert_eq!(count.load(Ordering::SeqCst), 7);
}

#[tokio::test]
async fn a_wait_that_is_too_long_ends_the_request() {
    let site = Site::start(|_| Reply::json(503, "{}").header("retry-after", "21600"));
    let error = get(&client(&site, &[]), "x").await.unwrap().success().unwrap_err();
    assert_eq!((key(&error), site.asked().len()), ("registry-fault", 1));
}

#[tokio::test]
async fn what_is_wrong_is_said_in_words() {
    let site = Site::start(|asked| match asked.path.as_str() {
        "/fhir/401" => Reply::json(401, "{}"),
        "/fhir/403" => Reply::json(403, "{}"),
        "/fhir/404" => Reply::new(404, "text/html", "<html>no</html>"),
        "/fhir/422" => Reply::json(422, r#"{"message":"no such field"}"#),
        "/fhir/page" => Reply::new(200, "text/html; charset=utf-8", " <!DOCTYPE html><p>log in"),
        "/fhir/text" => Reply::json(200, "{\"a\": "),
        "/fhir/cut" => Reply::json(200, format!("{:?}", "x".repeat(1000))).cut(),
        "/fhir/silent" => Reply::json(200, "{}").silent(),
        "/fhir/large" => Reply::json(200, "x".repeat(3000)),
        _ => Reply::json(200, "{}"),
    });
    let client = client(&site, &[("timeout", "1")]);
    for (path, said) in [
        ("401", "registry-401"),
        ("403", "registry-403"),
        ("404", "registry-404"),
        ("422", "registry-status"),
        ("page", "registry-html"),
        ("text", "registry-not-json"),
        ("cut", "registry-cut"),
        ("silent", "registry-slow"),
        ("large", "registry-too-large"),
    ] {
        let ask = Ask::new(Method::POST, client.url(path, &[])).at_most(2_000);
        let got = client.ask(&ask).await.and_then(Answer::success).and_then(|answer| answer.json().map(|_| ()));
        assert_eq!(key(&got.unwrap_err()), said, "{path}");
    }
}

#[tokio::test]
async fn nobody_there_is_not_sent() {
    let url = Site::start(|_| Reply::json(200, "{}")).url();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    drop(url);
    let nobody = Client::new(&settings(&format!("http://127.0.0.1:{port}"), &[]), &DEFAULTS).unwrap();
    let error = get(&nobody.with_patience(IMPATIENT), "x").await.unwrap_err();
    assert_eq!(key(&error), "registry-refused");
    assert!(matches!(error.into_outcome(), PushOutcome::NotSent { .. }));
    let nameless = Client::new(&settings("http://registry.invalid", &[]), &DEFAULTS).unwrap();
    let error = get(&nameless.with_patience(IMPATIENT), "x").await.unwrap_err();
    assert_eq!(key(&error), "registry-name-unknown");
}

#[tokio::test]
async fn an_open_door_where_an_encrypted_one_is_asked_for_is_named() {
    let site = Site::start(|_| Reply::json(200, "{}"));
    let url = site.url().replace("http:", "https:");
    let client = Client::new(&settings(&url, &[]), &DEFAULTS).unwrap().with_patience(IMPATIENT);
    assert_eq!(key(&get(&client, "x").await.unwrap_err()), "registry-tls");
}

#[tokio::test]
async fn credentials_stay_with_the_host_of_the_source() {
    let other = Site::start(|_| Reply::json(200, r#"{"there":true}"#));
    let to = other.url();
    let site = Site::start(move |asked| match asked.path.as_str() {
        "/fhir/here" => Reply::json(302, "").header("location", "/fhir/there"),
        "/fhir/away" => Reply::json(307, "").header("location", format!("{to}/x")),
        "/fhir/loop" => Reply::json(302, "").header("location", "loop"),
        "/fhir/strange" => Reply::json(302, "").header("location", "file:///etc/passwd"),
        _ => Reply::json(200, "{}"),
    });
    let client = client(&site, &[("token", "t")]);
    get(&client, "here").await.unwrap();
    assert_eq!(site.asked()[1].header("authorization"), Some("Bearer t"));
    assert!(get(&client, "away").await.unwrap().text().contains("there"));
    assert_eq!(other.asked()[0].header("authorization"), None);
    assert_eq!(key(&get(&client, "loop").await.unwrap_err()), "registry-redirects");
    assert_eq!(key(&get(&client, "strange").await.unwrap_err()), "registry-redirect-strange");
    let write = Ask::new(Method::PUT, client.url("away", &[])).body("{}");
    assert_eq!(key(&client.ask(&write).await.unwrap_err()), "registry-moved");
    assert_eq!(other.asked().len(), 1, "no write goes to another place");
}

#[test]
fn wrong_settings_are_named() {
    for (url, pairs, rule) in [
        ("", &[][..], "registry-url-missing"),
        ("hr.example.org", &[], "registry-url"),
        ("ftp://hr.example.org", &[], "registry-url"),
        ("https://u:secret@hr.example.org", &[], "registry-url"),
        ("https://hr", &[("auth", "ntlm")], "registry-auth-unknown"),
        ("https://hr", &[("auth", "basic")], "registry-auth-missing"),
        ("https://hr", &[("auth", "ihris"), ("username", "u")], "registry-auth-missing"),
        ("https://hr", &[("client_id", "u")], "registry-auth-missing"),
        ("https://hr", &[("client_id", "u"), ("client_secret", "s")], "registry-auth-missing"),
        (
            "https://hr",
            &[("auth", "ihris"), ("username", "u"), ("password", "p"), ("token_url", "x")],
            "registry-token-url",
        ),
        ("https://hr", &[("timeout", "0")], "registry-timeout"),
        ("https://hr", &[("token", "a\nb")], "registry-value"),
        ("https://hr", &[("ca", "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----")], "registry-ca"),
        ("https://hr", &[("ca", "no/such/file.pem")], "registry-ca-unreadable"),
    ] {
        match Client::new(&settings(url, pairs), &DEFAULTS) {
            Err(AppError::Invalid(reason)) => {
                assert_eq!(reason.key, rule, "{url} {pairs:?}");
                assert!(!format!("{reason:?}").contains("secret@"), "{reason:?}");
            }
            other => panic!("{url} {pairs:?} gave {other:?}"),
        }
    }
}

#[test]
fn addresses_are_put_below_the_base() {
    let client = Client::new(&settings("http://hr.example.org/hapi/fhir/", &[]), &DEFAULTS).unwrap();
    let url = client.url("Practitioner", &[("_lastUpdated", "ge2026-01-01T00:00:00+02:00"), ("_count", "5")]);
    assert_eq!(
        url.as_str(),
        "http://hr.example.org/hapi/fhir/Practitioner?_lastUpdated=ge2026-01-01T00%3A00%3A00%2B02%3A00&_count=5"
    );
    assert_eq!(client.url("", &[]).as_str(), "http://hr.example.org/hapi/fhir/");
}

/// An authority of its own, and a server with a certificate of it; `None`, after saying so, where the tools are missing.
struct Private {
    child: std::process::Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Private {
    fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let steps = [
            "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ministry",
            "req -newkey rsa:2048 -nodes -keyout key.pem -out own.csr -subj /CN=registry",
            "x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out own.pem -days 2 -extfile names",
        ];
        std::fs::write(folder.path().join("names"), "subjectAltName=IP:127.0.0.1").unwrap();
        for step in steps {
            let made = std::process::Command::new("openssl").args(step.split(' ')).current_dir(folder.path()).output();
            mhero_testkit::require(made.ok().filter(|made| made.status.success()), "openssl")?;
        }
        let script = "import http.server, ssl\n\
            server = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)\n\
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n\
            context.load_cert_chain('own.pem', 'key.pem')\n\
            server.socket = context.wrap_socket(server.socket, server_side=True)\n\
            print(server.server_port, flush=True)\n\
            server.serve_forever()";
        let mut child = mhero_testkit::Peer::Python
            .command()?
            .args(["-c", script])
            .current_dir(folder.path())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line).unwrap();
        Some(Self { child, folder, port: line.trim().parse().unwrap() })
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[tokio::test]
async fn a_certificate_of_the_ministry_is_known_when_it_is_given() {
    let Some(private) = Private::start() else { return };
    let file = private.folder.path().join("ca.pem");
    let (pem, file) = (std::fs::read_to_string(&file).unwrap(), file.to_str().unwrap().to_owned());
    let asked = |host: &str, pairs: &[(&str, &str)]| {
        let url = format!("https://{host}:{}", private.port);
        Client::new(&settings(&url, pairs), &DEFAULTS).unwrap().with_patience(IMPATIENT)
    };
    assert_eq!(key(&get(&asked("127.0.0.1", &[]), "names").await.unwrap_err()), "registry-tls-issuer");
    for ca in [file.as_str(), pem.as_str()] {
        let client = asked("127.0.0.1", &[("ca", ca)]);
        assert!(get(&client, "names").await.unwrap().text().contains("subjectAltName"));
    }
    assert_eq!(key(&get(&asked("localhost", &[("ca", &file)]), "names").await.unwrap_err()), "registry-tls-name");
}
