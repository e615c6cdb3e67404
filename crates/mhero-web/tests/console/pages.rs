//! Every page with data, in both languages, and the forms of people and audiences.

use axum::http::StatusCode;
use mhero_core::Role;

use super::desk::{Answer, Desk, encoded};

fn whole(answer: &Answer, path: &str, lang: &str) {
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.must_have(&format!("<html lang=\"{lang}\""));
    assert_eq!(answer.body.matches("<h1").count(), 1, "{path}");
    // A key without a text shows itself.
    assert!(!answer.body.contains("Unknown localization"), "{path} lacks a text");
    assert!(!answer.body.contains(" style=\""), "{path} has an inline style");
    assert!(answer.body.len() < 200_000, "{path} is {} bytes", answer.body.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_reads_in_english_and_french() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let user = desk.user("other@moh.example", Role::Auditor, None).await;
    let county = desk.counties().await[0];
    let person = desk.people("phone != \"\"").await[0].id;
    let group = desk.group("Midwives", "cadre = midwife").await;
    let paths = [
        "/".to_owned(),
        "/people".to_owned(),
        format!("/people?q={}&sort=heard", encoded("cadre = midwife")),
        "/people?edit=more".to_owned(),
        "/people?find=ma".to_owned(),
        format!("/people/{person}"),
        format!("/places/{county}"),
        "/audiences".to_owned(),
        format!("/audiences/new?q={}", encoded("cadre = midwife")),
        format!("/audiences/{group}"),
        "/exchange".to_owned(),
        "/exchange/webhooks".to_owned(),
        "/audit".to_owned(),
        "/account".to_owned(),
        "/settings/channels".to_owned(),
        "/settings/users".to_owned(),
        format!("/settings/users/{user}"),
        "/settings/words".to_owned(),
        "/settings/sources".to_owned(),
    ];
    for path in &paths {
        let between = if path.contains('?') { '&' } else { '?' };
        for lang in ["en", "fr"] {
            let asked = format!("{path}{between}lang={lang}");
            whole(&admin.get(&asked).await, &asked, lang);
        }
    }
    assert_eq!(admin.get("/places").await.status, StatusCode::SEE_OTHER, "the country is the only root");
    assert_eq!(admin.get("/nowhere").await.status, StatusCode::NOT_FOUND);
    admin.get("/nowhere").await.must_have("Hawa Karnley");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_cannot_be_read_marks_the_place_and_stays() {
    let desk = Desk::new().await;
    let mut hr = desk.signed("hr@moh.example", Role::Hr, None).await;
    let page = hr.get(&format!("/people?q={}", encoded("cadre = midwife AND plaec = Nimbara"))).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.must_have("<mark>plaec = Nimbara</mark>");
    page.must_have("cadre = midwife AND plaec = Nimbara</textarea>");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sentence_is_filled_without_scripts() {
    let desk = Desk::new().await;
    let mut hr = desk.signed("hr@moh.example", Role::Hr, None).await;
    let open = hr.get("/people?do=use&blank=more&pick=new-cadre&q=").await;
    assert_eq!((open.status, open.to.as_str()), (StatusCode::SEE_OTHER, "/people?edit=new-cadre#open"));
    let filled = hr.get("/people?do=use&blank=new-cadre&pick=midwife&q=").await;
    assert_eq!(filled.to, "/people?q=cadre+%3D+midwife");
    let midwives = desk.people("cadre = midwife").await;
    let page = hr.get(&filled.to).await;
    page.must_have(&format!("<h2>{} people</h2>", midwives.len()));
    page.must_have(&midwives[0].name);
    let saved = hr.post("/audiences/new", &[("do", "save"), ("name", "Midwives"), ("q", "cadre = midwife")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    hr.get(&saved.to).await.must_have("class=\"toast\"");
    let again = hr.post("/audiences/new", &[("do", "save"), ("name", "midwives"), ("q", "cadre = midwife")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    again.must_have("aria-invalid=\"true\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_shown_on_a_press_and_that_is_noted() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let person = desk.people("phone != \"\"").await.swap_remove(0);
    let (full, path) = (person.phones[0].clone(), format!("/people/{}", person.id));
    let national = desk.app.numbering_cached().await.expect("numbering").national(&full);
    let page = admin.get(&path).await;
    page.must_have(&person.name);
    assert!(!page.body.contains(&national) && !page.body.contains(&full), "the number is hidden");
    let key = page.between("name=\"phone\" value=\"", "\"");
    admin.post(&format!("{path}/number"), &[("phone", &key)]).await.must_have(&national);
    admin.get("/audit").await.must_have("saw a number in full.");
    // A number that is searched leads to its person and never stands in an address.
    let found = admin.post("/people/find", &[("find", &full)]).await;
    assert!(found.status == StatusCode::SEE_OTHER || found.status == StatusCode::OK);
    assert!(!found.to.contains(&full[5..]), "{}", found.to);
    let by_name = admin.post("/people/find", &[("find", &person.name)]).await;
    admin.get(&by_name.to).await.must_have(&person.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn writing_twice_by_one_key_sends_once() {
    let desk = Desk::new().await;
    let mut hr = desk.signed("hr@moh.example", Role::Hr, None).await;
    let person = desk.people("phone != \"\"").await[0].id;
    let path = format!("/people/{person}");
    let once = hr.get(&path).await.between("name=\"once\" value=\"", "\"");
    let fields = [("once", once.as_str()), ("text", "Please call the county office today.")];
    for _ in 0..2 {
        let sent = hr.post(&format!("{path}/messages"), &fields).await;
        assert_eq!((sent.status, &sent.to), (StatusCode::SEE_OTHER, &path), "{}", sent.body);
    }
    let page = hr.get(&path).await;
    assert_eq!(page.body.matches("Please call the county office today.").count(), 1);
    let empty = hr.post(&format!("{path}/messages"), &[("once", "k"), ("text", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    empty.must_have("Nothing was sent.");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_put_into_a_list_by_hand() {
    let desk = Desk::new().await;
    let mut hr = desk.signed("hr@moh.example", Role::Hr, None).await;
    let group = desk.group("Few", "cadre = midwife AND phone = \"\"").await;
    let path = format!("/audiences/{group}");
    let person = desk.people("cadre != midwife AND phone != \"\"").await.swap_remove(0);
    let lines = format!("{}\nnobody-knows-this", person.id);
    let some = hr.post(&path, &[("do", "add"), ("who", &lines)]).await;
    assert_eq!(some.status, StatusCode::UNPROCESSABLE_ENTITY);
    some.must_have("nobody-knows-this</textarea>");
    some.must_have(&person.name);
    let taken = hr.post(&path, &[("do", "remove"), ("who", &person.id.to_string())]).await;
    assert_eq!(taken.to, path);
    assert_eq!(hr.post(&path, &[("do", "delete")]).await.to, "/audiences");
    assert!(!hr.get("/audiences").await.body.contains(&path));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_a_form_leads_back_and_no_link_to_another_site() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    for (form, page) in [
        ("/exchange/clients/new?lang=fr", "/exchange/clients?lang=fr"),
        ("/account/password", "/account"),
        ("/sign-out", "/"),
    ] {
        assert_eq!(admin.get(form).await.to, page, "{form}");
    }
    // Who is led here by a stranger's link finds no way there.
    for path in ["//elsewhere.example/people", "///elsewhere.example"] {
        let answer = admin.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(!answer.body.contains("href=\"//"), "{}", answer.body);
        answer.must_have("href=\"/elsewhere.example");
    }
}
