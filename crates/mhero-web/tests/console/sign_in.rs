//! The way in and out.

use axum::http::StatusCode;
use jiff::SignedDuration;
use mhero_core::Role;

use super::desk::{Desk, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_signed_in_comes_back_to_the_page_afterwards() {
    let desk = Desk::new().await;
    desk.user("hr@moh.example", Role::Hr, None).await;
    let mut browser = desk.browser("fr-GN, en;q=0.5");
    let away = browser.get("/people?q=cadre+%3D+midwife").await;
    assert_eq!(
        (away.status, away.to.as_str()),
        (StatusCode::SEE_OTHER, "/sign-in?next=/people%3Fq%3Dcadre%2B%253D%2Bmidwife")
    );
    let door = browser.get(&away.to).await;
    assert_eq!(door.status, StatusCode::OK);
    door.must_have("<html lang=\"fr\"");
    door.must_have("autocomplete=\"username\"");
    door.must_have("autocomplete=\"current-password\"");
    assert_eq!(door.body.matches("<h1").count(), 1);
    assert!(door.cookies.iter().all(|cookie| !cookie.starts_with("mhero=")), "a look makes no session");
    let next = door.between("name=\"next\" value=\"", "\"").replace("&#38;", "&");

    let inside = browser.sign_in("HR@moh.example", PASSWORD, &next).await;
    assert_eq!((inside.status, inside.to.as_str()), (StatusCode::SEE_OTHER, "/people?q=cadre+%3D+midwife"));
    let cookie = inside.cookies.iter().find(|cookie| cookie.starts_with("mhero=")).expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert_eq!(browser.get(&inside.to).await.status, StatusCode::OK);
    assert_eq!(browser.get("/sign-in").await.to, "/");

    let old = browser.cookie.clone();
    assert_eq!(browser.post("/sign-out", &[]).await.to, "/sign-in");
    browser.cookie = old;
    assert_eq!(browser.get("/people").await.status, StatusCode::SEE_OTHER, "the session is gone, not only the cookie");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_stays_at_the_door_until_it_shuts() {
    let desk = Desk::new().await;
    desk.user("hr@moh.example", Role::Hr, None).await;
    let mut browser = desk.browser("en");
    let wrong = browser.sign_in("hr@moh.example", "not this one", "/").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.must_have("role=\"alert\"");
    wrong.must_have("value=\"hr@moh.example\"");
    assert!(!wrong.body.contains("not this one"));
    let mut status = wrong.status;
    for _ in 0..20 {
        status = browser.sign_in("hr@moh.example", "not this one", "/").await.status;
        if status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
    }
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(browser.sign_in("hr@moh.example", PASSWORD, "/").await.status, StatusCode::TOO_MANY_REQUESTS);
    desk.hand.advance(SignedDuration::from_hours(1));
    assert_eq!(browser.sign_in("hr@moh.example", PASSWORD, "/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_led_away_and_integrators_stay_outside() {
    let desk = Desk::new().await;
    desk.user("hr@moh.example", Role::Hr, None).await;
    desk.user("machine@moh.example", Role::Integrator, None).await;
    let mut browser = desk.browser("en");
    let refused = browser.sign_in("machine@moh.example", PASSWORD, "/").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.sign_in("hr@moh.example", PASSWORD, "//elsewhere.example/").await.to, "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_other_session() {
    let desk = Desk::new().await;
    let mut here = desk.signed("hr@moh.example", Role::Hr, None).await;
    let mut there = desk.browser("en");
    there.sign_in("hr@moh.example", PASSWORD, "").await;
    here.get("/account").await.must_have("hr@moh.example");
    let wrong = here.post("/account/password", &[("old", "not this one"), ("new", "under the mango tree")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.must_have("role=\"alert\"");
    let changed = here.post("/account/password", &[("old", PASSWORD), ("new", "under the mango tree")]).await;
    assert_eq!((changed.status, changed.to.as_str()), (StatusCode::SEE_OTHER, "/account"));
    here.get("/account").await.must_have("class=\"toast\"");
    assert!(!here.get("/account").await.body.contains("class=\"toast\""), "a sentence is said once");
    assert_eq!(there.get("/").await.status, StatusCode::SEE_OTHER);
    here.post("/sign-out/everywhere", &[]).await;
    assert_eq!(here.get("/").await.to, "/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_without_a_country_says_what_to_do() {
    let desk = Desk::empty().await;
    let door = desk.browser("en").get("/sign-in").await;
    assert_eq!(door.status, StatusCode::OK);
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let page = admin.get("/people").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    page.must_have("mhero init");
}
