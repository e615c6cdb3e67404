//! Settings by plain forms.

use axum::http::StatusCode;
use mhero_core::Role;

use super::desk::{Desk, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn users_are_added_given_roles_and_shut_out() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let county = desk.counties().await[0];
    let name = desk.app.place_name(county, mhero_core::Lang::ENGLISH).await.expect("a name").expect("a county");
    let new = [("login", "officer@moh.example"), ("name", "Joseph Tarr"), ("role", "district"), ("password", PASSWORD)];
    let nowhere = admin.post("/settings/users", &new).await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY, "a district officer needs a district");
    nowhere.must_have("value=\"officer@moh.example\"");
    let mut there = new.to_vec();
    there.push(("place", &name));
    assert_eq!(admin.post("/settings/users", &there).await.to, "/settings/users");
    let list = admin.get("/settings/users").await;
    list.must_have("Joseph Tarr");
    list.must_have(&name);
    let users = desk.app.users(&super::desk::system()).await.expect("users");
    let officer = users.iter().find(|user| user.user.email == "officer@moh.example").expect("the officer");
    let path = format!("/settings/users/{}", officer.user.id);
    assert_eq!(admin.post(&path, &[("do", "give"), ("role", "auditor")]).await.to, path);
    admin.get(&path).await.must_have("auditor");
    let grant = officer.grants[0].id.to_string();
    assert_eq!(admin.post(&path, &[("do", "take"), ("grant", &grant)]).await.to, path);

    let mut theirs = desk.browser("en");
    theirs.sign_in("officer@moh.example", PASSWORD, "").await;
    assert_eq!(theirs.get("/audit").await.status, StatusCode::OK);
    assert_eq!(admin.post(&path, &[("do", "disable")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(theirs.get("/audit").await.status, StatusCode::SEE_OTHER);
    assert_eq!(theirs.sign_in("officer@moh.example", PASSWORD, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn programmes_are_added_renamed_and_given_officers() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let new = [("do", "add"), ("code", "NUT"), ("name_en", "Nutrition"), ("name_fr", "Alimentation")];
    assert_eq!(admin.post("/settings/programmes", &new).await.to, "/settings/programmes");
    admin.get("/settings/programmes?lang=fr").await.must_have("Alimentation");
    let again = admin.post("/settings/programmes", &new).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the code is taken");
    again.must_have("role=\"alert\"");
    let named = [("do", "rename"), ("code", "nut"), ("name_en", "Food and nutrition"), ("name_fr", "")];
    assert_eq!(admin.post("/settings/programmes", &named).await.to, "/settings/programmes");
    let page = admin.get("/settings/programmes?lang=en").await;
    page.must_have("Food and nutrition");
    assert!(!page.body.contains("Alimentation"), "a name that was taken away is gone");
    let nameless = admin.post("/settings/programmes", &[("do", "rename"), ("code", "nut")]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);

    let officer = [
        ("login", "nut@moh.example"),
        ("name", "Martha Flomo"),
        ("role", "programme"),
        ("programme", "nut"),
        ("password", PASSWORD),
    ];
    assert_eq!(admin.post("/settings/users", &officer).await.to, "/settings/users");
    let list = admin.get("/settings/users").await;
    list.must_have("Food and nutrition");
    list.must_have("Martha Flomo");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_stays() {
    let desk = Desk::new().await;
    let id = desk.user("admin@moh.example", Role::Admin, None).await;
    let mut admin = desk.browser("en");
    admin.sign_in("admin@moh.example", PASSWORD, "").await;
    let path = format!("/settings/users/{id}");
    let refused = admin.post(&path, &[("do", "disable")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.must_have("role=\"alert\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_and_words_are_saved_or_said_what_is_wrong() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let mut form = vec![
        ("ministry_en", "Ministry of Health and Rivers"),
        ("ministry_fr", "Ministère de la Santé"),
        ("country_en", "Sewara"),
        ("languages", "en, fr"),
        ("quiet_from", "20:00"),
        ("quiet_until", "06:30"),
        ("country", "lr"),
        ("countries", ""),
        ("zone", "Africa/Monrovia"),
    ];
    assert_eq!(admin.post("/settings/words", &form).await.to, "/settings/words");
    let page = admin.get("/settings/words").await;
    page.must_have("Ministry of Health and Rivers");
    page.must_have("value=\"06:30\"");
    form.retain(|(name, _)| *name != "zone");
    form.push(("zone", "Africa/Nowhere"));
    let refused = admin.post("/settings/words", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.must_have("Africa/Nowhere");

    assert_eq!(admin.post("/settings/words/phones", &[("stop", "STOP, ARRET, BASTA")]).await.to, "/settings/words");
    admin.get("/settings/words").await.must_have("STOP, ARRET, BASTA");
    let new = [("do", "add"), ("code", "malaria"), ("name_en", "Malaria control")];
    assert_eq!(admin.post("/settings/programmes", &new).await.to, "/settings/programmes");
    let words = [("topic.malaria", "palu, paludisme, malaria")];
    assert_eq!(admin.post("/settings/words/phones", &words).await.to, "/settings/words");
    let page = admin.get("/settings/words").await;
    page.must_have("palu, paludisme, malaria");
    page.must_have("Malaria control");
    for fields in [[("topic.malaria", "ALL")], [("list", "an audience that is not there")]] {
        let refused = admin.post("/settings/words/phones", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        refused.must_have(fields[0].1);
    }
    let none = admin.post("/settings/words/phones", &[("stop", "")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_are_added_changed_paused_and_tested() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let added = admin.post("/settings/channels", &[("kind", "simulator"), ("name", "second")]).await.to;
    let channel = desk.app.channel_named("second").await.expect("it is there");
    let path = format!("/settings/channels/{}", channel.id);
    assert_eq!(added, path);
    let twice = admin.post("/settings/channels", &[("kind", "simulator"), ("name", "second")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    for verb in ["pause", "resume"] {
        assert_eq!(admin.post(&path, &[("do", verb)]).await.to, path, "{verb}");
        admin.get("/settings/channels").await.must_have("second");
    }
    assert_eq!(admin.post(&path, &[("do", "test")]).await.status, StatusCode::OK);
    let settings = format!("{path}/settings");
    assert_eq!(admin.post(&settings, &[("set.rate", "20"), ("set.delay_ms", "100")]).await.to, path);
    admin.get(&path).await.must_have("value=\"100\"");
    let refused = admin.post(&settings, &[("set.rate", "twenty"), ("set.delay_ms", "7")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.must_have("value=\"7\"");
    admin.get(&path).await.must_have("value=\"100\"");
    admin.get("/settings/channels/new").await.must_have("kind=simulator");
    admin.get("/settings/channels/new?kind=simulator").await.must_have("name=\"set.pace\"");
    let audit = admin.post("/audit/check", &[]).await;
    assert_eq!(audit.to, "/audit");
    admin.get("/audit").await.must_have("added a channel.");
}
