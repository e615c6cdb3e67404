//! Files that wait for a decision, over two nodes; and keys of one letter.

use axum::http::StatusCode;
use mhero_app::Facts;
use mhero_core::{Lang, LangMap, Role};

use super::desk::{Desk, system};

const TABLE: &str = "Matricule,Nom,Contact\nK-1,Martha Kollie,0770000001\nK-2,Saye Dolo,0770000002\n";

async fn office() -> Desk {
    let desk = Desk::empty().await;
    let facts = Facts {
        countries: vec!["LR".to_owned()],
        languages: vec![Lang::ENGLISH],
        zone: "Africa/Monrovia".to_owned(),
        ministry: LangMap::one(Lang::ENGLISH, "Ministry of Health"),
        country_name: LangMap::one(Lang::ENGLISH, "Liberia"),
        short_code: None,
        quiet: None,
        demo: false,
    };
    desk.app.set_facts(&system(), &facts).await.expect("facts");
    desk.user("admin@moh.example", Role::Admin, None).await;
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_brought_to_one_node_is_looked_through_and_imported_by_another() {
    let desk = office().await;
    let (first, second) = (desk.node("first").await, desk.node("second").await);
    let mut here = first.browser("en");
    here.sign_in("admin@moh.example", super::desk::PASSWORD, "").await;
    let brought = here.bring("/people/import", "staff.csv", TABLE, &[("new", "county")]).await;
    assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.body);
    let path = brought.to;
    here.get(&path).await.must_have("Import 2 rows");
    // The session is known everywhere; the other node has seen nothing of the file until now.
    let mut there = second.browser("en");
    there.cookie.clone_from(&here.cookie);
    there.get(&path).await.must_have("Import 2 rows");
    // What one node is told of a column, the other knows.
    assert_eq!(there.post(&path, &[("do", "map"), ("c1", "family")]).await.to, path);
    here.get(&path).await.must_have("value=\"family\" selected");
    assert_eq!(there.post(&path, &[("do", "confirm")]).await.to, path);
    there.get(&path).await.must_have("What happened");
    let run = here.get(&path).await;
    assert!(run.to.starts_with("/settings/sources/runs/"), "the node that did not import leads to the run: {}", run.to);
    here.get(&run.to).await.must_have("staff.csv, row 2");
    assert_eq!((desk.files_of("first"), desk.files_of("second")), (0, 0), "no file is left beside the store");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_thrown_away_everywhere_and_nobody_else_sees_it() {
    let desk = office().await;
    let (first, second) = (desk.node("first").await, desk.node("second").await);
    let mut here = first.browser("en");
    here.sign_in("admin@moh.example", super::desk::PASSWORD, "").await;
    let path = here.bring("/people/import", "staff.csv", TABLE, &[("new", "county")]).await.to;
    second.user("other@moh.example", Role::Admin, None).await;
    let mut stranger = second.browser("en");
    stranger.sign_in("other@moh.example", super::desk::PASSWORD, "").await;
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&path, &[("do", "confirm")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(here.post(&path, &[("do", "discard")]).await.to, "/people/import");
    assert_eq!(here.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_one_letter_are_switched_off_for_a_browser() {
    let desk = Desk::new().await;
    let mut admin = desk.signed("admin@moh.example", Role::Admin, None).await;
    let off = admin.post("/account/keys", &[("keys", "off"), ("back", "https://elsewhere.example/")]).await;
    assert_eq!(off.to, "/account", "nobody is led elsewhere");
    assert!(off.cookies.iter().any(|cookie| cookie.starts_with("keys=off;") && cookie.contains("HttpOnly")));
    assert!(!admin.get("/account").await.body.contains("data-no-keys"));
    admin.cookie.push_str("; keys=off");
    admin.get("/account").await.must_have("<body data-no-keys");
    assert_eq!(admin.post("/account/keys", &[("keys", "maybe")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}
