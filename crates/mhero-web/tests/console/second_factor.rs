//! The second factor on the pages: set up, asked at the door, asked again before approving, taken away by an administrator.

use axum::http::StatusCode;
use jiff::SignedDuration;
use mhero_core::Role;
use totp_rs::{Builder, Secret};

use super::desk::{Answer, Browser, Desk, PASSWORD};

const FACTOR: &str = "/account/second-factor";
const CODE: &str = "/sign-in/code";

/// The code that a phone with this secret shows now.
fn code(desk: &Desk, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).expect("a secret");
    let now = u64::try_from(desk.app.clock().now().as_second()).expect("after 1970");
    Builder::new().with_secret(secret).build().expect("a generator").generate(now).to_string()
}

/// Sets a phone up; its secret and the recovery codes.
async fn enrol(desk: &Desk, browser: &mut Browser<'_>) -> (String, Vec<String>) {
    assert_eq!(browser.post(FACTOR, &[("do", "begin")]).await.to, FACTOR);
    let page = browser.get(FACTOR).await;
    page.must_have("<svg");
    page.must_have("autocomplete=\"one-time-code\"");
    page.must_have("inputmode=\"numeric\"");
    let secret = page.between("id=\"secret\">", "<");
    let wrong = browser.post(FACTOR, &[("do", "confirm"), ("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.must_have("role=\"alert\"");
    wrong.must_have("<svg");
    let shown = browser.post(FACTOR, &[("do", "confirm"), ("code", &code(desk, &secret))]).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    let codes: Vec<String> = shown
        .body
        .split("<li class=\"code\" dir=\"ltr\">")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(codes.len(), 10);
    (secret, codes)
}

fn wrong(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    answer.must_have("role=\"alert\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_asked_after_the_password_and_each_counts_once() {
    let desk = Desk::new().await;
    let mut here = desk.signed("hr@moh.example", Role::Hr, None).await;
    let mut there = desk.browser("en");
    there.sign_in("hr@moh.example", PASSWORD, "").await;
    here.get("/account").await.must_have(FACTOR);
    let (secret, codes) = enrol(&desk, &mut here).await;
    assert_eq!(here.get("/people").await.status, StatusCode::OK, "this browser goes on");
    assert_eq!(there.get("/people").await.status, StatusCode::SEE_OTHER, "the others are signed out");

    let mut door = desk.browser("fr");
    let half = door.sign_in("hr@moh.example", PASSWORD, "/people").await;
    assert_eq!(half.to, CODE);
    assert_eq!(door.get("/people").await.to, "/sign-in?next=/people", "the password alone opens nothing");
    let page = door.get(CODE).await;
    page.must_have("<html lang=\"fr\"");
    page.must_have("autocomplete=\"one-time-code\"");
    wrong(&door.post(CODE, &[("code", &code(&desk, &secret))]).await);
    desk.hand.advance(SignedDuration::from_mins(1));
    let fresh = code(&desk, &secret);
    assert_eq!(door.post(CODE, &[("code", &fresh)]).await.to, "/people");
    assert_eq!(door.get("/people").await.status, StatusCode::OK);

    // A recovery code, once; and nobody without a password gets to the page.
    let mut lost = desk.browser("en");
    assert_eq!(lost.get(CODE).await.to, "/sign-in");
    assert_eq!(lost.post(CODE, &[("code", &codes[0])]).await.to, "/sign-in");
    lost.sign_in("hr@moh.example", PASSWORD, "").await;
    lost.get("/sign-in/code?paper=1").await.must_have("name=\"paper\"");
    wrong(&lost.post(CODE, &[("code", &fresh)]).await);
    assert_eq!(lost.post(CODE, &[("code", &codes[0]), ("paper", "1")]).await.to, "/");
    lost.sign_in("hr@moh.example", PASSWORD, "").await;
    wrong(&lost.post(CODE, &[("code", &codes[0]), ("paper", "1")]).await);

    // Guessing ends at the password again, and waits.
    desk.hand.advance(SignedDuration::from_mins(5));
    lost.sign_in("hr@moh.example", PASSWORD, "/people").await;
    let mut last = lost.get(CODE).await;
    for guess in ["111111", "222222", "333333", "444444", "555555"] {
        last = lost.post(CODE, &[("code", guess)]).await;
        assert_eq!(last.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    last.must_have("autocomplete=\"current-password\"");
    assert_eq!(lost.get(CODE).await.to, "/sign-in");
    lost.sign_in("hr@moh.example", PASSWORD, "").await;
    let waits = lost.post(CODE, &[("code", &code(&desk, &secret))]).await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
    desk.hand.advance(SignedDuration::from_mins(11));
    assert_eq!(lost.get(CODE).await.to, "/sign-in", "half a sign-in does not wait for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_send_set_it_up_before_anything_else_and_an_administrator_takes_it_away() {
    let desk = Desk::new().await;
    let hr = desk.user("hr@moh.example", Role::Hr, None).await;
    let mut officer = desk.browser("en");
    officer.sign_in("hr@moh.example", PASSWORD, "").await;
    let mut auditor = desk.signed("auditor@moh.example", Role::Auditor, None).await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let page = "/settings/sign-in";
    wrong(&admin.post(page, &[("asked_of", "senders"), ("fresh", "soon")]).await);
    assert_eq!(admin.post(page, &[("asked_of", "senders"), ("fresh", "15")]).await.to, page);
    // It counts at once, for who sends, and in sessions that are open.
    assert_eq!(admin.get(page).await.to, FACTOR);
    assert_eq!(officer.get("/send").await.to, FACTOR);
    let sent = officer.post("/audiences/new", &[("do", "save"), ("name", "Mine"), ("q", "*")]).await;
    assert_eq!(sent.to, FACTOR, "nothing is sent before");
    officer.get(FACTOR).await.must_have("note warn");
    assert_eq!(auditor.get("/people").await.status, StatusCode::OK, "who only reads is not asked");
    enrol(&desk, &mut admin).await;
    let (secret, _) = enrol(&desk, &mut officer).await;
    assert_eq!(officer.get("/send").await.status, StatusCode::OK);
    wrong(&officer.post(FACTOR, &[("do", "remove"), ("code", &code(&desk, &secret))]).await);
    admin.get("/settings/users").await.must_have("Second factor");
    let user = format!("/settings/users/{hr}");
    admin.get(&user).await.must_have("value=\"factor\"");
    assert_eq!(admin.post(&user, &[("do", "factor")]).await.to, user);
    assert_eq!(officer.get("/send").await.to, "/sign-in?next=/send", "the sessions have ended");
    // The password alone signs in, and leads to the setting up again.
    assert_eq!(officer.sign_in("hr@moh.example", PASSWORD, "/send").await.to, "/send");
    assert_eq!(officer.get("/send").await.to, FACTOR);
    let own = desk.app.users(&super::desk::system()).await.expect("users");
    let own = own.iter().find(|found| found.user.email == "admin@moh.example").expect("the administrator").user.id;
    wrong(&admin.post(&format!("/settings/users/{own}"), &[("do", "factor")]).await);

    // In French, every page of it.
    for path in [FACTOR, "/settings/sign-in", &user, "/account"] {
        let page = admin.get(&format!("{path}?lang=fr")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.body.contains("Unknown localization"), "{path}");
    }
}
