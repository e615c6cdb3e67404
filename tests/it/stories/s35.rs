//! S35: two operators and a chat. Who prefers the chat gets it there, and by SMS after the set wait, never both; the thread stays one;
//! the loss of an operator sends what waits by the other.

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    broadcasts::{Draft, Release},
    messaging::{NewChannel, Route},
    numbers::{Operator, Operators},
};
use mhero_core::{BroadcastId, ChannelId, Lane, Lang, MessageState};
use mhero_store::Engine;
use mhero_testkit::{BOT_TOKEN, BotApi};
use serde_json::json;

use super::{Browser, World, people::some_workers};

const MARTHA: &str = "+231770000001";
const JAMES: &str = "+231886000002";
/// Martha's account at the chat.
const ACCOUNT: i64 = 42;
const TEXT: &str =
    "MOH: measles week begins on Monday in all counties. Bring the cold boxes to the county store by Friday.";

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_does_not_arrive_is_overtaken_by_sms_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_does_not_arrive_is_overtaken_by_sms_on_postgresql() {
    story(Engine::Postgres).await;
}

async fn story(engine: Engine) {
    let Some(world) = World::new(engine).await else { return };
    let numbers = ["0770000001", "0886000002"];
    some_workers(&world, 2, |n| Some(numbers[n - 1].to_owned())).await;
    let api = BotApi::start();
    let north = two_operators_and_a_chat(&world, &api).await;
    let admin = world.admin().await;

    linked(&world, &admin, &api).await;
    overtaken(&world, &admin, &api).await;
    one_thread(&world, &admin, &api).await;
    operator_lost(&world, &admin, north).await;
}

/// Sewacel by the channel that every world has, Northtel by a second one; Telegram beside.
async fn two_operators_and_a_chat(world: &World, api: &BotApi) -> ChannelId {
    let system = Caller::system();
    let named = |name: &str, prefix: &str| Operator { name: name.into(), prefixes: vec![prefix.into()] };
    let operators = Operators(vec![named("Sewacel", "+23177"), named("Northtel", "+23188")]);
    world.app.set_operators(&system, &operators).await.expect("operators");
    let first = world.app.channels().await.expect("channels")[0].id;
    let new = NewChannel { kind: "simulator".into(), name: "north".into(), config: [].into() };
    let north = world.app.add_channel(&system, &new).await.expect("a channel").id;
    let settings = [("base_url", api.url()), ("token", BOT_TOKEN.to_owned()), ("sender", "@moh_bot".to_owned())];
    let config = settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let new = NewChannel { kind: "telegram".into(), name: "bot".into(), config };
    world.app.add_channel(&system, &new).await.expect("a channel");
    let routes = [
        Route { operator: Some("Northtel".into()), channel: north, is_cheapest: false, next: Some((first, 5)) },
        Route { operator: None, channel: first, is_cheapest: false, next: None },
    ];
    world.app.set_routes(&system, &routes).await.expect("routes");
    north
}

/// Martha texts a word, gets a code on her phone and brings it to the chat: it is hers, and she is written to there first.
async fn linked(world: &World, admin: &Browser<'_>, api: &BotApi) {
    admin.write(MARTHA, "Telegram").await;
    let told = world.gets(MARTHA, "@moh_bot").await;
    assert_eq!(mhero_text::measure(&told).segments, 1, "{told}");
    let code: String =
        told.split("minutes: ").nth(1).expect("a code").chars().take_while(|sign| *sign != '.').collect();
    api.writes(ACCOUNT, json!({"text": format!("/start {code}")}));
    world.until("the chat linked", async || said(api, "From now on").then_some(())).await;
    let martha = world.app.find_person(&Caller::system(), MARTHA).await.expect("Martha");
    let page = format!("/people/{martha}");
    admin.get(&page).await.must_have("Telegram first, then SMS").must_have("Said so");
    // The routes page sets the wait of each lane.
    let routes = "/settings/channels/routes";
    admin.get(routes).await.must_have("Large messages, minutes");
    let waits = mhero_app::messaging::ChatWaits { bulk: Some(30), ..Default::default() };
    world.app.set_chat_waits(&Caller::system(), &waits).await.expect("set");
    assert!(admin.get(routes).await.body.contains("value=\"30\""));
}

/// Whether the chat was told something.
fn said(api: &BotApi, words: &str) -> bool {
    api.sent().iter().any(|sent| sent["text"].as_str().is_some_and(|text| text.contains(words)))
}

async fn send(world: &World, text: &str) -> BroadcastId {
    let draft = Draft {
        name: "Measles week".into(),
        query: "*".into(),
        texts: vec![(Lang::ENGLISH, text.into())],
        lane: Lane::Bulk,
        release: Release::Now,
        ..Draft::empty(&[])
    };
    world.app.send(&Caller::system(), &draft).await.expect("sent")
}

async fn ended(world: &World, id: BroadcastId, count: i64) {
    world
        .until("everybody reached", async || {
            world.pass(SignedDuration::from_millis(200));
            let progress = world.app.broadcast_progress(&Caller::system(), id).await.expect("progress");
            let done = progress.of(MessageState::Delivered) + progress.of(MessageState::Sent);
            (done == count).then_some(())
        })
        .await;
}

/// The chat takes it and nobody reads it: half an hour later it goes by SMS, and is gone from the chat.
async fn overtaken(world: &World, admin: &Browser<'_>, api: &BotApi) {
    let id = send(world, TEXT).await;
    world.until("the chat", async || said(api, "measles week").then_some(())).await;
    world.gets(JAMES, "measles week").await;
    ended(world, id, 2).await;
    let page = format!("/broadcasts/{id}");
    admin.get(&page).await.must_have("1 went by a chat and may go by SMS yet");
    world.pass(SignedDuration::from_mins(20));
    world
        .until("a look", async || {
            let counts = world.app.chats_of_broadcast(&Caller::system(), id).await.expect("counts");
            (counts.open == 1).then_some(())
        })
        .await;
    assert!(world.got(MARTHA).await.iter().all(|text| !text.contains("measles")), "never both without the wait");
    world.pass(SignedDuration::from_mins(11));
    world.gets(MARTHA, "measles week").await;
    ended(world, id, 2).await;
    world.until("the chat taken back", async || (api.deleted().len() == 1).then_some(())).await;
    assert_eq!(api.deleted()[0]["chat_id"].as_i64(), Some(ACCOUNT));
    let page = admin.get(&page).await;
    page.must_have("1 went by SMS because the chat did not arrive in time");
    let people = world.app.broadcast_people(&Caller::system(), id, ("", None), uuid::Uuid::nil(), 10).await;
    assert_eq!(people.expect("people").len(), 2, "each counts once");
    let got = world.got(MARTHA).await;
    assert_eq!(got.iter().filter(|text| text.contains("measles")).count(), 1);
}

/// What she writes by either way is one conversation.
async fn one_thread(world: &World, admin: &Browser<'_>, api: &BotApi) {
    api.writes(ACCOUNT, json!({"text": "Where is the county store now?"}));
    let open = async || {
        let all = mhero_app::rows::ThreadFilter::All;
        world.app.threads(&Caller::system(), "open", all, i64::MAX, 10).await.expect("threads")
    };
    world.until("the thread", async || (open().await.len() == 1).then_some(())).await;
    admin.write(MARTHA, "The road is closed, whom do I call?").await;
    world
        .until("the thread by SMS", async || open().await.iter().any(|thread| thread.path == MARTHA).then_some(()))
        .await;
    assert_eq!(open().await.len(), 1);
    let thread = open().await[0].id;
    admin.get(&format!("/inbox/{thread}")).await.must_have("county store now").must_have("The road is closed");
}

/// Northtel is lost: what waits for it waits for its five minutes, then goes by the other, and the page says so.
async fn operator_lost(world: &World, admin: &Browser<'_>, north: ChannelId) {
    world.app.switch_channel(&Caller::system(), north, false).await.expect("off");
    let id = send(world, "MOH: the store opens at 8").await;
    world
        .until("a look at the lost channel", async || {
            world.pass(SignedDuration::from_secs(6));
            let progress = world.app.broadcast_progress(&Caller::system(), id).await.expect("progress");
            (progress.broadcast.recipients == 2).then_some(())
        })
        .await;
    assert!(world.got(JAMES).await.iter().all(|text| !text.contains("opens at 8")), "it waits first");
    world
        .until("the other channel", async || {
            world.pass(SignedDuration::from_secs(30));
            world.got(JAMES).await.iter().any(|text| text.contains("opens at 8")).then_some(())
        })
        .await;
    admin.get("/settings/channels/routes").await.must_have("1 message was given to the next channel");
}
