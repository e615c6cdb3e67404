//! How a message is sent, by the form of the send page: as an alert, as a drill, for a programme, for so long.

use axum::http::StatusCode;
use mhero_app::NewUser;
use mhero_core::{Lane, Lang, LangMap, Role};

use super::desk::{Desk, PASSWORD, system};

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_drill_of_a_programme_is_sent_from_the_form_and_a_foreign_programme_is_refused() {
    let desk = Desk::new().await;
    let malaria = desk
        .app
        .add_programme(&system(), "malaria", LangMap::one(Lang::ENGLISH, "Malaria"))
        .await
        .expect("a programme");
    let epi = LangMap::one(Lang::ENGLISH, "Immunisation");
    let epi = desk.app.add_programme(&system(), "epi", epi).await.expect("a programme");
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let id = uuid::Uuid::now_v7().to_string();
    let draft = format!("/send/{id}");
    let person = desk.people("phone != \"\"").await.swap_remove(0);
    let (query, of) = (format!("uuid = {}", person.id), malaria.to_string());
    let fields = [
        ("do", "save"),
        ("q", query.as_str()),
        ("text-eng", "Cholera in Nimbara: wash hands."),
        ("name", "Cholera"),
        ("when", "now"),
        ("lane", "alert"),
        ("manner", "drill"),
        ("programme", of.as_str()),
        ("valid", "60"),
    ];
    admin.post(&draft, &fields).await;
    for lang in ["en", "fr"] {
        let page = admin.get(&format!("{draft}?lang={lang}")).await;
        page.must_have("<option value=\"alert\" selected>");
        page.must_have("<option value=\"drill\" selected>");
        page.must_have(&format!("<option value=\"{of}\" selected>"));
        page.must_have("<option value=\"60\" selected>");
        page.must_have(if lang == "en" { "leaves in quiet hours too" } else { "pendant les heures calmes" });
        assert!(!page.body.contains("Unknown localization"));
    }
    // A button that does not carry these fields leaves them as they are.
    admin.post(&draft, &[("do", "add-language"), ("lang", "por")]).await;
    admin.get(&draft).await.must_have("<option value=\"alert\" selected>");
    let send = [&fields[1..], &[("do", "send")]].concat();
    let sent = admin.post(&draft, &send).await;
    let sent = sent.to.strip_prefix("/broadcasts/").expect("it is sent").parse().expect("an id");
    let row = desk.app.broadcast_page(&system(), sent).await.expect("the broadcast").broadcast;
    assert_eq!((row.lane, row.is_drill, row.programme), (Lane::Alert, true, Some(malaria)));
    assert_eq!(desk.app.broadcast_validity(&system(), sent).await.expect("read"), Some(60));

    // Somebody of another programme.
    let new = NewUser {
        email: "epi@moh.example".into(),
        name: "Korto Weah".into(),
        language: Lang::ENGLISH,
        role: Role::Programme,
        place: None,
        programme: Some(epi),
        password: Some(PASSWORD.into()),
    };
    desk.app.add_user(&system(), new).await.expect("a user");
    let mut other = desk.browser("en");
    other.sign_in("epi@moh.example", PASSWORD, "").await;
    let draft = format!("/send/{}", uuid::Uuid::now_v7());
    let sent = other.post(&draft, &send).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "for a programme of others");
    sent.must_have("Nothing was sent.");
    let own = [&send[..], &[("programme", "")]].concat();
    let own: Vec<_> = own.into_iter().filter(|(name, value)| *name != "programme" || value.is_empty()).collect();
    assert_eq!(other.post(&draft, &own).await.status, StatusCode::SEE_OTHER, "for its own");
}
