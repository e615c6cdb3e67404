//! The outbox with a country in it: what may leave is found without looking through what may not.

use jiff::SignedDuration;
use mhero_core::{
    BroadcastId, ChannelId, ConversationId, Direction, Lane, MessageId, MessageKind, PersonId, RetentionClass,
};
use mhero_store::{Claim, Engine, Guard, NewMessage, OutboxEntry, Queue, Statement, Store, Unit, params, registry};
use uuid::Uuid;

use crate::{Bench, on_both};

const NOW: i64 = 1_778_751_240_000_000;

fn id<T>(wrap: fn(Uuid) -> T, kind: u128, number: u128) -> T {
    wrap(Uuid::from_u128((kind << 64) | number))
}

fn channel() -> ChannelId {
    id(ChannelId::from_uuid, 1, 1)
}

static BROADCAST: Statement = Statement::both(
    "test::broadcast",
    "INSERT INTO broadcast (id, number, name, query, status, lane, zone, is_test, is_drill, created_at, matched, recipients, version) VALUES ($1, $2, '', '*', $3, 3, 'UTC', FALSE, FALSE, $2, 0, 0, 1)",
);

async fn broadcast(store: &Store, number: u128, status: &str) -> BroadcastId {
    let broadcast = id(BroadcastId::from_uuid, 2, number);
    let mut unit = Unit::new();
    unit.one(&BROADCAST, params![broadcast, i64::try_from(number).expect("a small number"), status]);
    store.write(unit, Queue::Bulk).await.expect("it is written");
    broadcast
}

/// Messages of a broadcast, one to each of some numbers, all ready.
async fn fill(store: &Store, broadcast: BroadcastId, numbers: std::ops::Range<u128>) {
    let body = store.mint().uuid();
    let mut unit = Unit::new();
    unit.add_body(body, "MOH: meeting tomorrow", RetentionClass::Message, NOW);
    for number in numbers {
        let message = store.mint().id(MessageId::from_uuid);
        let conversation = id(ConversationId::from_uuid, 3, number);
        unit.add_message(
            &NewMessage {
                id: message,
                direction: Direction::Out,
                kind: MessageKind::Broadcast,
                state: "waiting",
                lane: Lane::Bulk,
                person: id(PersonId::from_uuid, 4, number),
                scheme: "tel".into(),
                path: format!("+23177{number:07}"),
                channel: None,
                conversation: Some(conversation),
                broadcast: Some(broadcast),
                thread: None,
                body,
                language: None,
                segments: 1,
                dedupe_key: format!("{broadcast}/{number}"),
                reply_to: None,
                answers: None,
                written_by: None,
                programme: None,
                is_test: false,
                is_drill: false,
                created_at: NOW,
            },
            Guard::Rows(1),
        );
        let entry = OutboxEntry {
            message,
            channel: None,
            lane: Lane::Bulk,
            conversation,
            sequence: NOW,
            broadcast: Some(broadcast),
            ready_at: NOW,
            quiet_exempt: false,
        };
        unit.add_to_outbox(&entry, NOW);
    }
    store.write(unit, Queue::Bulk).await.expect("it is written");
}

fn claim() -> Claim {
    Claim {
        from: Lane::Normal,
        to: Lane::Bulk,
        now: NOW,
        channel: channel(),
        is_default: true,
        exempt_only: false,
        limit: 100,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broadcasts_share_a_claim_and_a_paused_one_takes_no_part() {
    on_both(async |bench: &Bench| {
        let store = &bench.store;
        let paused = broadcast(store, 1, "paused").await;
        let large = broadcast(store, 2, "sending").await;
        let small = broadcast(store, 3, "releasing").await;
        fill(store, paused, 0..300).await;
        fill(store, large, 1_000..1_300).await;
        fill(store, small, 2_000..2_010).await;
        for turn in 0..4 {
            let ready = store.ready_to_leave(&claim(), turn).await.expect("it answers");
            let of = |from: &str| ready.iter().filter(|r| r.path.starts_with(from)).count();
            assert_eq!((of("+231770000"), of("+231770001"), of("+231770002")), (0, 90, 10), "turn {turn}");
        }
        let one = Claim { limit: 1, ..claim() };
        let mut first = Vec::new();
        for turn in 0..6 {
            first.extend(store.ready_to_leave(&one, turn).await.expect("it answers").into_iter().map(|r| r.path));
        }
        assert!(first.iter().any(|path| path.starts_with("+231770001")), "{first:?}");
        assert!(first.iter().any(|path| path.starts_with("+231770002")), "{first:?}");
        let quiet = Claim { exempt_only: true, ..claim() };
        assert!(store.ready_to_leave(&quiet, 0).await.expect("it answers").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_leave_is_found_by_an_index() {
    let bench = Bench::sqlite().await;
    assert_eq!(bench.store.engine(), Engine::Sqlite);
    for name in ["NEXT_OF_BROADCAST", "NEXT_SINGLE", "SOURCES"] {
        let statement = registry().find(|s| s.name.ends_with(&format!("outbox::{name}"))).expect("a statement");
        let text = format!("EXPLAIN QUERY PLAN {}", statement.text(Engine::Sqlite));
        let explain: &'static Statement = Box::leak(Box::new(Statement::both("test::explain", text.leak())));
        let count = if name == "SOURCES" { 3 } else { 6 };
        let rows = bench.store.query(explain, (0..count).map(|_| 1_i64.into()).collect()).await.expect("a plan");
        let plan: Vec<String> = rows.iter().map(|row| row.get(3).expect("a text")).collect();
        let scans = plan.iter().filter(|step| step.starts_with("SCAN o") || step.starts_with("SCAN e"));
        assert_eq!(scans.count(), 0, "{name}: {plan:#?}");
        let sorts = plan.iter().filter(|step| step.contains("TEMP B-TREE"));
        assert!(name == "SOURCES" || sorts.count() == 0, "{name}: {plan:#?}");
        assert!(plan.iter().any(|step| step.contains("outbox_next (lane=? AND broadcast")), "{name}: {plan:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sleeping_country_costs_nothing() {
    let bench = Bench::sqlite().await;
    let waiting = broadcast(&bench.store, 1, "sending").await;
    for slice in 0..100 {
        fill(&bench.store, waiting, slice * 200..(slice + 1) * 200).await;
    }
    // Not of this channel, so that all would be looked at were they not put off.
    static LATER: Statement = Statement::both("test::later", "UPDATE outbox SET ready_at = ready_at + 1000000");
    bench.run(&LATER, vec![]).await.expect("put off");
    let begun = std::time::Instant::now();
    for turn in 0..100 {
        assert!(bench.store.ready_to_leave(&claim(), turn).await.expect("it answers").is_empty());
    }
    let each = begun.elapsed() / 100;
    assert!(each < std::time::Duration::from_millis(20), "{each:?} for nothing");
    bench.hand.advance(SignedDuration::from_secs(1));
    let later = Claim { now: NOW + 1_000_000, ..claim() };
    assert_eq!(bench.store.ready_to_leave(&later, 0).await.expect("it answers").len(), 100);
}
