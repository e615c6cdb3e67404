//! Web hooks through the program: added at the command line and by the API, told, tried out; and a server that is killed loses nothing.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use mhero_testkit::{Program, Reply, Site};
use reqwest::Method;
use serde_json::{Value, json};

/// How long something may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(90);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(50);

fn run(data: &Path, words: &[&str]) -> String {
    let mut command = Program::command();
    command.env("MHERO__EFFECTS__ALLOW_PRIVATE", "127.0.0.0/8").args(words).arg("--data").arg(data);
    let output = command.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{words:?}: {out}{err}");
    out.into_owned()
}

fn serve(data: &Path) -> Program {
    let mut command = Program::command();
    command.env("MHERO__EFFECTS__ALLOW_PRIVATE", "127.0.0.0/8");
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
    Program::spawn(&mut command)
}

/// Waits until a receiver was told something, and gives the body.
fn heard(site: &Site, what: &str) -> Value {
    let since = Instant::now();
    loop {
        let told = site.asked().into_iter().map(|asked| serde_json::from_slice::<Value>(&asked.body).unwrap());
        if let Some(found) = told.into_iter().find(|one| one.to_string().contains(what)) {
            return found;
        }
        assert!(since.elapsed() < PATIENCE, "never told of {what}: {:?}", site.asked().len());
        std::thread::park_timeout(LOOK);
    }
}

#[test]
fn a_program_is_told_and_a_kill_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let site = Site::start(|_| Reply::new(200, "text/plain", ""));
    let place = ["--country", "LR", "--language", "en", "--timezone", "Africa/Monrovia", "--quiet-hours", "off"];
    run(data, &[&["init"], place.as_slice()].concat());
    run(data, &["channel", "add", "simulator", "phones"]);
    let token = run(data, &["token", "create", "dash", "--role", "integrator"]).trim().to_owned();
    let server = serve(data);
    let url = format!("{}/in", site.url());
    let secret =
        run(data, &["webhook", "add", &url, "--name", "dash", "--token", "dash", "--events", "message.received"]);
    assert!(secret.starts_with("whsec_") && secret.trim().len() == 70, "the secret and nothing else");
    assert!(run(data, &["webhook", "test", "dash"]).contains("200"));
    run(data, &["simulate", "receive", "+231770000001", "first of all"]);
    let first = heard(&site, "first of all");
    assert_eq!((&first["type"], &first["sequence"]), (&json!("message.received"), &json!(1)));
    api(&server, &token, &site);
    run(data, &["simulate", "receive", "+231770000001", "just before the end"]);
    server.kill();
    let server = serve(data);
    let second = heard(&site, "just before the end");
    assert_eq!(second["sequence"], 2, "{second}");
    let listed: Value = serde_json::from_str(&run(data, &["webhook", "list", "--json"])).unwrap();
    assert!(!listed.to_string().contains("whsec_"), "{listed}");
    run(data, &["webhook", "remove", "dash"]);
    drop(server);
}

/// The same by the API.
fn api(server: &Program, token: &str, site: &Site) {
    mhero_channels::tls::install();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let client = reqwest::Client::new();
        let ask = async |method: Method, path: &str, body: Option<Value>| {
            let mut request = client.request(method, server.url(path)).bearer_auth(token);
            if let Some(body) = body {
                request = request.header("content-type", "application/json").body(body.to_string());
            }
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            (status, serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap_or_default())
        };
        let new = json!({ "url": format!("{}/api", site.url()), "name": "second", "events": ["run.finished"] });
        let (status, made) = ask(Method::POST, "/api/v1/webhooks", Some(new.clone())).await;
        assert_eq!(status, 201, "{made}");
        assert!(made["secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")));
        let own = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
        assert_eq!(ask(Method::POST, "/api/v1/webhooks", Some(new)).await.0, 422, "the name is taken");
        let inner = json!({ "url": "https://169.254.169.254/latest" });
        let (status, refused) = ask(Method::POST, "/api/v1/webhooks", Some(inner)).await;
        assert_eq!(status, 422, "{refused}");
        assert_eq!(ask(Method::POST, &format!("{own}/test"), None).await.0, 202);
        let since = Instant::now();
        loop {
            let (_, told) = ask(Method::GET, &format!("{own}/deliveries"), None).await;
            if told["items"][0]["state"] == "delivered" {
                assert_eq!((&told["items"][0]["event"], &told["items"][0]["status"]), (&json!("ping"), &json!(200)));
                break;
            }
            assert!(since.elapsed() < PATIENCE, "{told}");
            std::thread::park_timeout(LOOK);
        }
        assert_eq!(ask(Method::GET, "/api/v1/webhooks", None).await.1["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(ask(Method::POST, &format!("{own}/rotate"), None).await.0, 200);
        assert_eq!(ask(Method::DELETE, &own, None).await.0, 204);
        assert_eq!(ask(Method::GET, &own, None).await.0, 404);
        let (status, packages) = ask(Method::GET, "/api/v1/flow-results/packages", None).await;
        assert_eq!((status, packages["data"].is_array()), (200, true), "{packages}");
        let (status, odd) = ask(Method::GET, "/api/v1/flow-results/packages/nonsense/responses", None).await;
        assert!((400..500).contains(&status), "{odd}");
    });
}
