//! Routes: each operator by its own channel, by the next one where that is away for long, and never by both.

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    broadcasts::{Draft, Release},
    costs::{NewPrice, Payer},
    messaging::{NewChannel, Route},
    numbers::{Operator, Operators},
};
use mhero_core::{ChannelId, Direction, Lane, Lang};

use crate::common::{Script, TestApp, engines};

/// By which channel each message to a number was to leave, how far it got, the last first.
async fn ways(t: &TestApp, path: &str) -> Vec<(Option<ChannelId>, String)> {
    let all = t.app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), Some(Direction::Out), 1_000).await;
    let to = all.expect("messages").into_iter().filter(|message| message.path == path);
    to.map(|message| (message.channel, message.state)).collect()
}

async fn send(t: &TestApp) {
    let draft = Draft {
        name: "Test".into(),
        query: "*".into(),
        texts: vec![(Lang::ENGLISH, "MOH: hello".into())],
        lane: Lane::Bulk,
        channel: None,
        release: Release::Now,
        zone: None,
        quiet_override: None,
        once_key: None,
        is_test: false,
        is_drill: false,
        programme: None,
        valid_minutes: None,
    };
    t.app.send(&Caller::system(), &draft).await.expect("sent");
    t.app.run_until_idle().await.expect("idle");
}

const SEWACEL: &str = "+231770000001";
const NORTHTEL: &str = "+231886000002";

async fn two_operators(engine: mhero_store::Engine) -> (TestApp, ChannelId) {
    let t = TestApp::new(engine).await;
    let people: [(&str, &str, &str, &[&str]); 2] =
        [("P1", "Martha Kollie", "en", &["0770000001"]), ("P2", "James Flomo", "en", &["0886000002"])];
    t.people(&people).await;
    let caller = Caller::system();
    let named = |name: &str, prefix: &str| Operator { name: name.into(), prefixes: vec![prefix.into()] };
    let operators = Operators(vec![named("Sewacel", "+23177"), named("Northtel", "+23188")]);
    t.app.set_operators(&caller, &operators).await.expect("operators");
    let new = NewChannel { kind: "fake".into(), name: "second".into(), config: [].into() };
    let second = t.app.add_channel(&caller, &new).await.expect("a channel").id;
    (t, second)
}

fn by(operator: Option<&str>, channel: ChannelId, next: Option<(ChannelId, i64)>) -> Route {
    Route { operator: operator.map(Into::into), channel, is_cheapest: false, next }
}

#[tokio::test]
async fn each_operator_is_reached_by_its_channel_and_by_the_next_where_that_is_away() {
    for engine in engines() {
        let (t, second) = two_operators(engine).await;
        let (caller, first) = (Caller::system(), t.channel);
        let routes = [by(Some("Northtel"), second, Some((first, 5))), by(None, first, None)];
        t.app.set_routes(&caller, &routes).await.expect("routes");
        send(&t).await;
        assert_eq!(ways(&t, SEWACEL).await, [(Some(first), "sent".to_owned())]);
        assert_eq!(ways(&t, NORTHTEL).await, [(Some(second), "sent".to_owned())], "{engine:?}");
        // Switched off: it waits for five minutes, then it goes by the other.
        t.app.switch_channel(&caller, second, false).await.expect("off");
        t.hand.advance(SignedDuration::from_secs(6));
        send(&t).await;
        assert_eq!(ways(&t, SEWACEL).await[0], (Some(first), "sent".to_owned()));
        assert_eq!(ways(&t, NORTHTEL).await[0].1, "waiting");
        t.hand.advance(SignedDuration::from_mins(4));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(ways(&t, NORTHTEL).await[0].1, "waiting");
        t.hand.advance(SignedDuration::from_mins(2));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(ways(&t, NORTHTEL).await[0], (Some(first), "sent".to_owned()));
        let shown = t.app.routes(&caller).await.expect("routes");
        let northtel = shown.iter().find(|one| one.route.operator.as_deref() == Some("Northtel")).expect("it is there");
        assert_eq!((northtel.moved, &northtel.route), (1, &routes[0]));
        // Back again: new messages go by it, and the wait begins anew.
        t.app.switch_channel(&caller, second, true).await.expect("on");
        send(&t).await;
        assert_eq!(ways(&t, NORTHTEL).await[0], (Some(second), "sent".to_owned()));
        assert_eq!(t.fake.count(), 6, "each text left once");
    }
}

#[tokio::test]
async fn the_cheapest_channel_of_the_day_is_taken() {
    for engine in engines() {
        let (t, second) = two_operators(engine).await;
        let (caller, first) = (Caller::system(), t.channel);
        let cheapest = [Route { is_cheapest: true, ..by(Some("Northtel"), first, None) }];
        match t.app.set_routes(&caller, &cheapest).await {
            Err(mhero_app::AppError::Invalid(reason)) => assert_eq!(reason.key, "route-no-price"),
            other => panic!("{other:?}"),
        }
        t.app.set_currency(&caller, "USD").await.expect("a currency");
        let priced = async |channel, amount: &str, days: i64| {
            let from =
                (t.app.clock().now() + SignedDuration::from_hours(24 * days)).to_zoned(jiff::tz::TimeZone::UTC).date();
            let (operator, amount) = (Some("Northtel".to_owned()), amount.to_owned());
            let (direction, payer) = (Direction::Out, Payer::Ministry);
            let new = NewPrice { channel, operator, direction, payer, amount, from };
            t.app.add_price(&caller, &new).await.expect("a price");
        };
        priced(first, "0.02", 0).await;
        priced(second, "0.03", 0).await;
        priced(second, "0.01", 2).await;
        t.app.set_routes(&caller, &cheapest).await.expect("routes");
        send(&t).await;
        assert_eq!(ways(&t, NORTHTEL).await[0], (Some(first), "sent".to_owned()), "{engine:?}");
        // The other's price falls, and rules from its day on.
        t.hand.advance(SignedDuration::from_hours(49));
        t.app.run_until_idle().await.expect("idle");
        send(&t).await;
        assert_eq!(ways(&t, NORTHTEL).await[0], (Some(second), "sent".to_owned()), "{engine:?}");
        // Who is switched off costs nothing and carries nothing.
        t.app.switch_channel(&caller, second, false).await.expect("off");
        t.hand.advance(SignedDuration::from_secs(6));
        t.app.run_until_idle().await.expect("idle");
        send(&t).await;
        assert_eq!(ways(&t, NORTHTEL).await[0], (Some(first), "sent".to_owned()), "{engine:?}");
        let shown = t.app.routes(&caller).await.expect("routes");
        assert!(shown[0].route.is_cheapest && shown[0].route.channel == first, "{shown:?}");
    }
}

#[tokio::test]
async fn what_may_have_left_never_moves_on() {
    for engine in engines() {
        let (t, second) = two_operators(engine).await;
        let (caller, first) = (Caller::system(), t.channel);
        t.app.set_routes(&caller, &[by(Some("Northtel"), second, Some((first, 1)))]).await.expect("routes");
        t.app.switch_channel(&caller, first, false).await.expect("off");
        t.fake.script([Script::Unknown, Script::Unknown]);
        send(&t).await;
        assert_eq!(ways(&t, NORTHTEL).await[0], (Some(second), "uncertain".to_owned()), "{engine:?}");
        t.app.switch_channel(&caller, second, false).await.expect("off");
        t.app.switch_channel(&caller, first, true).await.expect("on");
        for _ in 0..3 {
            t.hand.advance(SignedDuration::from_mins(2));
            t.app.run_until_idle().await.expect("idle");
        }
        assert_eq!(ways(&t, NORTHTEL).await[0], (Some(second), "uncertain".to_owned()));
        assert_eq!(t.fake.count(), 2);
        // Somebody without a route goes by the default as ever.
        send(&t).await;
        assert_eq!(ways(&t, SEWACEL).await[0], (Some(first), "sent".to_owned()));
    }
}

#[tokio::test]
async fn routes_that_cannot_be_are_refused_in_words() {
    let (t, second) = two_operators(mhero_store::Engine::Sqlite).await;
    let (caller, first) = (Caller::system(), t.channel);
    let key = async |routes: &[Route]| match t.app.set_routes(&caller, routes).await {
        Err(mhero_app::AppError::Invalid(reason)) => reason.key,
        other => panic!("{other:?}"),
    };
    assert_eq!(key(&[by(Some("Nobody"), first, None)]).await, "route-operator");
    assert_eq!(key(&[by(None, first, Some((first, 5)))]).await, "route-itself");
    assert_eq!(key(&[by(None, first, Some((second, 0)))]).await, "route-minutes");
    assert_eq!(key(&[by(None, first, None), by(None, second, None)]).await, "route-twice");
    let unknown = ChannelId::from_uuid(uuid::Uuid::from_u128(7));
    assert!(t.app.set_routes(&caller, &[by(None, unknown, None)]).await.is_err());
    assert!(t.app.routes(&caller).await.expect("routes").is_empty(), "nothing was stored");
}
