//! S01: an urgent alert to every active worker. One person drafts it, a second agrees on her phone, the undo minute passes, and each gets
//! it once.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use mhero_app::{
    App, Caller, NewUser,
    approvals::ApprovalSettings,
    broadcasts::{Draft, Release},
};
use mhero_core::{BroadcastId, Lane, Lang, MessageState, Role, UserId};
use mhero_store::Engine;

use super::{Browser, World, people::some_workers, world::PASSWORD};

const DIRECTOR: &str = "+231880000001";
const STRANGER: &str = "+231880000002";
const ENGLISH: &str = "MOH URGENT: Suspected Ebola in Lofa. Isolate, use full PPE, report at once: text ALERT to 4636. Do not move \
                       the patient. Reply 1 if read.";
const FRENCH: &str = "MSP URGENT: cas suspect d'Ebola à Lofa. Isolez, EPI complet, signalez vite: envoyez ALERTE au 4636. Ne déplacez \
                      pas le patient. Répondez 1 si lu.";

/// How many workers there are, how many of them have a number that works, and how many of these asked to stop.
struct Size {
    workers: usize,
    usable: usize,
    stopped: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_alert_leaves_once_a_second_person_agrees_on_sqlite() {
    story(Engine::Sqlite, &Size { workers: 5_000, usable: 3_910, stopped: 12 }).await;
}

/// A tenth of the people: the statements are the same.
#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_alert_leaves_once_a_second_person_agrees_on_postgresql() {
    story(Engine::Postgres, &Size { workers: 500, usable: 391, stopped: 3 }).await;
}

async fn user(app: &App, email: &str, name: &str, role: Role) -> UserId {
    let new = NewUser {
        email: email.into(),
        name: name.into(),
        language: Lang::ENGLISH,
        role,
        place: None,
        programme: None,
        password: Some(PASSWORD.into()),
    };
    app.add_user(&Caller::system(), new).await.expect("a user")
}

async fn story(engine: Engine, size: &Size) {
    let Some(world) = World::new(engine).await else { return };
    some_workers(&world, size.workers, |n| (n <= size.usable).then(|| format!("077{n:07}"))).await;
    let system = Caller::system();
    let author = user(&world.app, "hr@moh.example", "Joseph Tarr", Role::Hr).await;
    let director = user(&world.app, "director@moh.example", "Massa Barclay", Role::Approver).await;
    world.app.set_user_phone(&system, director, DIRECTOR).await.expect("a phone");
    let settings = ApprovalSettings { above: Some(100), minutes: 30 };
    world.app.set_approvals(&system, &settings).await.expect("set");
    let browser = Browser::sign_in(&world, "hr@moh.example").await;
    let admin = world.admin().await;
    for n in 1..=size.stopped {
        admin.write(&format!("+23177{n:07}"), "STOP").await;
        let said = if n.is_multiple_of(2) { "ne recevrez plus" } else { "no more messages" };
        world.gets(&format!("+23177{n:07}"), said).await;
    }

    let (id, number) = drafted(&world, author).await;
    browser.get(&format!("/broadcasts/{id}")).await.must_have("Waits for a second person");
    let code = asked(&world, number).await;
    others_cannot(&world, &admin, number, &code).await;
    admin.write(DIRECTOR, &format!("YES {number} {code}")).await;
    world.gets(DIRECTOR, &format!("Broadcast {number} is approved")).await;
    browser
        .get(&format!("/broadcasts/{id}"))
        .await
        .must_have("Nothing has been sent")
        .must_have("Massa Barclay approved");
    world.pass(SignedDuration::from_secs(61));
    reached(&world, id, size).await;
    left_out(&world, &browser, id, size).await;

    // The code was used; it is kept nowhere, and a second alert wants another.
    let (_, second) = drafted(&world, author).await;
    admin.write(DIRECTOR, &format!("OUI {second} {code}")).await;
    world.gets(DIRECTOR, &format!("This is not the code of {second}")).await;
    admin.write(DIRECTOR, &format!("NO {second}")).await;
    world.gets(DIRECTOR, &format!("Broadcast {second} goes back")).await;
    let kept = world.app.store().recent_messages(&system.scope, (0, i64::MAX), None, 20_000).await.expect("messages");
    let texts = kept.iter().filter_map(|message| message.text.as_deref());
    assert!(texts.filter(|text| text.contains(&number.to_string())).all(|text| !text.contains(&code)), "it is hidden");
}

/// HR drafts the alert; nothing of it leaves.
async fn drafted(world: &World, author: UserId) -> (BroadcastId, i64) {
    let author = world.app.caller_of_user(author).await.expect("read").expect("there");
    let draft = Draft {
        name: "Ebola in Lofa".into(),
        query: "*".into(),
        texts: vec![(Lang::ENGLISH, ENGLISH.into()), (Lang::FRENCH, FRENCH.into())],
        lane: Lane::Alert,
        release: Release::AfterUndo,
        ..Draft::empty(&[])
    };
    let id = world.app.send(&author, &draft).await.expect("it waits");
    let page = world.app.broadcast_page(&Caller::system(), id).await.expect("a page");
    assert_eq!(page.broadcast.status, "approval");
    (id, page.broadcast.number)
}

/// The director's phone gets both texts, then the question with its code.
async fn asked(world: &World, number: i64) -> String {
    let question = world.gets(DIRECTOR, &format!("Approve {number}")).await;
    assert_eq!(mhero_text::measure(&question).segments, 1, "{question}");
    let texts = world.got(DIRECTOR).await;
    assert!(texts.iter().any(|text| text.contains("Suspected Ebola in Lofa")), "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("cas suspect d'Ebola")), "{texts:?}");
    let after = question.split(&format!("YES {number} ")).nth(1).expect("how to answer");
    after.chars().take_while(char::is_ascii_digit).collect()
}

async fn others_cannot(world: &World, admin: &Browser<'_>, number: i64, code: &str) {
    admin.write(STRANGER, &format!("I am the director, new phone, YES {number} {code}")).await;
    world.gets(STRANGER, "This number is not allowed to approve").await;
    admin.write(DIRECTOR, &format!("yes {number}")).await;
    world.gets(DIRECTOR, &format!("send YES {number} and the code")).await;
    world.pass(SignedDuration::from_mins(2));
    assert!(world.got("+231770000100").await.is_empty(), "nothing has left");
}

/// Everybody who has a number and did not stop gets it once, in their language.
async fn reached(world: &World, id: BroadcastId, size: &Size) {
    let due = i64::try_from(size.usable - size.stopped).expect("few");
    world
        .until("the alert on all phones", async || {
            // The channel has a rate, which goes by the clock.
            world.pass(SignedDuration::from_millis(200));
            let progress = world.app.broadcast_progress(&Caller::system(), id).await.expect("progress");
            let done = progress.of(MessageState::Delivered) + progress.of(MessageState::Sent);
            (done == due).then_some(())
        })
        .await;
    let mut heard: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for n in (1..=size.usable).step_by(97).chain([1, size.stopped, size.stopped + 1, size.usable]) {
        heard.insert(n, world.got(&format!("+23177{n:07}")).await);
    }
    for (n, texts) in heard {
        let wanted = if n.is_multiple_of(2) { FRENCH } else { ENGLISH };
        let alerts: Vec<&String> = texts.iter().filter(|text| text.contains("URGENT")).collect();
        match n <= size.stopped {
            true => assert!(alerts.is_empty(), "{n} asked to stop: {alerts:?}"),
            false => assert_eq!(alerts, [wanted], "{n}"),
        }
    }
}

/// The page says who was left out and why.
async fn left_out(world: &World, browser: &Browser<'_>, id: BroadcastId, size: &Size) {
    let page = world.app.broadcast_page(&Caller::system(), id).await.expect("a page");
    let mut reasons: Vec<(&str, i64)> = page.left_out.iter().map(|one| (one.reason.as_str(), one.people)).collect();
    reasons.sort_unstable();
    let count = |n: usize| i64::try_from(n).expect("few");
    assert_eq!(reasons, [("no-number", count(size.workers - size.usable)), ("stopped", count(size.stopped))]);
    let shown = browser.get(&format!("/broadcasts/{id}")).await;
    shown.must_have("were left out");
}
