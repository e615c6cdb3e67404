//! S43: a worker who doubts a message is told whether it is true.

use mhero_app::{
    Caller,
    broadcasts::{Draft, Release},
};
use mhero_core::{Lane, Lang};
use mhero_store::Engine;

use super::{World, people::workers};

const MARTHA: &str = "+231770000001";
const MARIE: &str = "+231770000002";

#[tokio::test(flavor = "multi_thread")]
async fn a_doubted_message_is_told_true_or_false_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doubted_message_is_told_true_or_false_on_postgresql() {
    story(Engine::Postgres).await;
}

async fn story(engine: Engine) {
    let Some(world) = World::new(engine).await else { return };
    workers(&world, 3).await;
    let draft = Draft {
        name: "staff check".into(),
        query: "phone = 0770000001 OR phone = 0770000002".into(),
        texts: vec![
            (Lang::ENGLISH, "MOH: staff check. Are you at work? Code @code".into()),
            (Lang::FRENCH, "MSP: pointage. Etes-vous au travail? Code @code".into()),
        ],
        lane: Lane::Normal,
        release: Release::Now,
        ..Draft::empty(&[])
    };
    let id = world.app.send(&Caller::system(), &draft).await.expect("sent");
    let text = world.gets(MARTHA, "staff check").await;
    let code = text.rsplit(' ').next().expect("a code").to_owned();
    world.gets(MARIE, "pointage").await;

    let browser = world.admin().await;
    let page = format!("/broadcasts/{id}");
    browser.get(&page).await.must_have(&format!("Who doubts it texts CHECK {code}")).must_have("Nobody has asked yet");

    browser.write(MARTHA, &format!("CHECK {code}")).await;
    let told = world.gets(MARTHA, "Yes, ").await;
    assert!(told.contains(&code) && told.contains("staff check") && told.contains("never ask for your PIN"), "{told}");
    browser.write(MARIE, &format!("VERIF {}", code.to_lowercase())).await;
    let told = world.gets(MARIE, "Oui, ").await;
    assert!(told.contains(&code) && told.contains("jamais"), "{told}");
    for text in world.got(MARTHA).await.iter().chain(&world.got(MARIE).await) {
        assert_eq!(mhero_text::measure(text).segments, 1, "one SMS: {text}");
        assert!(!text.contains("http"), "no link: {text}");
    }

    // Somebody else had it from a friend, and a forger made one up.
    browser.write("+231770000003", &format!("CHECK {code}")).await;
    world.gets("+231770000003", "did not go to this number").await;
    browser.write(MARTHA, "CHECK Z9Z").await;
    world.gets(MARTHA, "No, Z9Z is not our code").await;
    browser.get("/trust").await.must_have("Z9Z");
    browser.get(&page).await.must_have("3 times somebody asked");
    browser.get("/inbox").await;
    browser.write(MARIE, "SPAM vous avez gagne 500 dollars").await;
    world.gets(MARIE, "Merci, un responsable va lire").await;
    browser.get("/inbox").await.must_have("vous avez gagne");
    let french = browser.get("/trust?lang=fr").await;
    french.must_have("Messages douteux");
}
