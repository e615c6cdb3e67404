//! A real provider of OpenID Connect (npm `oidc-provider`), and a whole server: people sign in by it, out of it, and by their password
//! when it is gone.

use std::path::Path;

use mhero_testkit::{Finished, OPENID_CLIENT, OPENID_SECRET, OpenIdProvider, Program};
use reqwest::{Client, Response, StatusCode, redirect::Policy};
use serde_json::json;

const PASSWORD: &str = "rain on the iron roof";

fn run(data: &Path, words: &[&str], input: &str) -> Finished {
    use std::{io::Write, process::Stdio};
    let mut command = Program::command();
    command.env("XDG_CONFIG_HOME", data.with_file_name("keys")).env("LC_ALL", "C");
    let command = command.args(words).arg("--data").arg(data);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Finished { status: output.status, out: text(&output.stdout), err: text(&output.stderr) }
}

/// A browser with its own cookies, which follows where it is led.
fn browser() -> Client {
    Client::builder().cookie_store(true).redirect(Policy::limited(20)).build().unwrap()
}

/// The address that the form of a page goes to.
fn action(page: &str) -> String {
    let (_, rest) = page.split_once("action=\"").unwrap_or_else(|| unreachable!("no form in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Signs in at the provider's own pages, from the button on.
async fn by_provider(browser: &Client, server: &Program, login: &str) -> Response {
    let door = browser.get(server.url("/sign-in/provider?next=/people")).send().await.unwrap();
    let page = door.text().await.unwrap();
    let form = [("prompt", "login"), ("login", login), ("password", "any")];
    let consent = browser.post(action(&page)).form(&form).send().await.unwrap();
    let page = consent.text().await.unwrap();
    browser.post(action(&page)).form(&[("prompt", "consent")]).send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_come_in_by_the_provider_and_by_their_password_when_it_is_gone() {
    mhero_channels::tls::install();
    let Some(peer) = OpenIdProvider::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let _ = run(&data, &["init", "--country", "LR", "--language", "en", "--timezone", "Africa/Monrovia"], "")
        .expect_success();
    for (email, role) in [("ama@moh.example", "hr"), ("unverified-ama@moh.example", "admin")] {
        let _ = run(&data, &["user", "add", email, "--role", role, "--password-stdin"], PASSWORD).expect_success();
    }
    let secret = folder.path().join("secret");
    std::fs::write(&secret, format!("{OPENID_SECRET}\n")).unwrap();
    let mut command = Program::command();
    command
        .env("XDG_CONFIG_HOME", data.with_file_name("keys"))
        .env("MHERO__OIDC__ISSUER", peer.issuer())
        .env("MHERO__OIDC__CLIENT_ID", OPENID_CLIENT)
        .env("MHERO__OIDC__CLIENT_SECRET_FILE", &secret)
        .env("MHERO__OIDC__NAME", "Health ID")
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data);
    let server = Program::spawn(&mut command);
    let told = json!({ "redirect": server.url("/sign-in/provider/back"), "home": server.url("/sign-in") });
    assert!(browser().post(peer.told()).json(&told).send().await.unwrap().status().is_success());

    let ama = browser();
    let door = ama.get(server.url("/sign-in?next=/people")).send().await.unwrap().text().await.unwrap();
    assert!(door.contains("Sign in with Health ID") && door.contains("/sign-in/provider?next=/people"), "{door}");
    let inside = by_provider(&ama, &server, "ama").await;
    assert_eq!((inside.status(), inside.url().path()), (StatusCode::OK, "/people"));
    // The same answer again belongs to no sign-in any more, nor does one that somebody made up.
    for forged in ["/sign-in/provider/back?state=forged&code=forged", "/sign-in/provider/back"] {
        let refused = browser().get(server.url(forged)).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{forged}");
    }
    // Out: here at once, and at the provider where they follow its link.
    let out = ama.post(server.url("/sign-out")).send().await.unwrap().text().await.unwrap();
    let link = out.split_once("href=\"http").map(|(_, rest)| format!("http{}", rest.split('"').next().unwrap()));
    let link = link.unwrap_or_default().replace("&#38;", "&").replace("&amp;", "&");
    assert!(link.starts_with(&format!("{}/session/end?id_token_hint=", peer.issuer())), "{out}");
    let asks = ama.get(&link).send().await.unwrap();
    assert_eq!(asks.status(), StatusCode::OK, "the provider knows the token and the way back");
    assert_eq!(ama.get(server.url("/people")).send().await.unwrap().url().path(), "/sign-in");

    // An address that is not vouched for opens nobody's account, and one that nobody has none either.
    for (login, words) in
        [("unverified-ama", "does not confirm your e-mail address"), ("stranger", "stranger@moh.example")]
    {
        let refused = by_provider(&browser(), &server, login).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{login}");
        let page = refused.text().await.unwrap();
        assert!(page.contains(words) && page.contains("role=\"alert\""), "{page}");
    }
    drop(peer);
    let asked = browser();
    // What it said of itself is remembered; a new browser is led there and comes to nothing, and the door here stays open.
    let form = [("id", "ama@moh.example"), ("pw", PASSWORD), ("next", "/people")];
    let inside = asked.post(server.url("/sign-in")).form(&form).send().await.unwrap();
    assert_eq!((inside.status(), inside.url().path()), (StatusCode::OK, "/people"));
    assert!(server.stop().success());
    let log = run(&data, &["audit", "export"], "").expect_success();
    assert!(log.contains("identity-linked") && log.contains("provider-refused"), "{log}");
}
