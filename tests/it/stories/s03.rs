//! S03: on Friday at 16:00, facility time, who has not reported is reminded and who has is thanked. One audience, weighed once a person:
//! nobody gets both, and a report at 15:59 is thanked.

use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    Caller,
    flows::{NewTrigger, TriggerTerms},
};
use mhero_core::FlowId;
use mhero_store::Engine;
use serde_json::{Value, json};

use super::{Browser, World, people::workers};

const FACILITIES: usize = 30;
/// The last of them reports at 15:59.
const REPORTED: usize = 21;

#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_reported_is_reminded_and_who_has_is_thanked_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_reported_is_reminded_and_who_has_is_thanked_on_postgresql() {
    story(Engine::Postgres).await;
}

fn phone(n: usize) -> String {
    format!("+23177{n:07}")
}

fn id(n: u32) -> String {
    uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0003_0000_0000 + u128::from(n)).to_string()
}

fn say(n: u32, text: &str) -> Value {
    json!({
        "uuid": id(n),
        "actions": [{ "uuid": id(n + 1), "type": "send_msg", "text": text }],
        "exits": [{ "uuid": id(n + 2), "destination_uuid": null }],
    })
}

/// One flow for all: thanks for those whose figures of the month are there, a reminder for the others.
fn friday() -> Vec<u8> {
    let split = json!({
        "uuid": id(10),
        "actions": [],
        "router": {
            "type": "switch", "operand": "@fields.last_month_reported",
            "cases": [{
                "uuid": id(11), "type": "has_only_text",
                "arguments": ["@(format_date(datetime_add(now(), -1, \"M\"), \"MM-YYYY\"))"],
                "category_uuid": id(12),
            }],
            "categories": [
                { "uuid": id(12), "name": "Reported", "exit_uuid": id(14) },
                { "uuid": id(13), "name": "Other", "exit_uuid": id(15) },
            ],
            "default_category_uuid": id(13),
        },
        "exits": [
            { "uuid": id(14), "destination_uuid": id(20) },
            { "uuid": id(15), "destination_uuid": id(30) },
        ],
    });
    let french = |n: u32, text: &str| (id(n), json!({ "text": [text] }));
    let thanks = "Thank you @contact.first_name: your monthly figures are received on time. The county team sees them.";
    let remind = "Reminder: your monthly figures are due today. Text MON to start. Thank you for your work.";
    let translations: serde_json::Map<String, Value> = [
        french(21, "Merci @contact.first_name: vos chiffres du mois sont bien arrivés à temps. Le district les voit."),
        french(31, "Rappel: vos chiffres du mois sont attendus ce jour. Envoyez MENS pour commencer. Merci pour votre travail."),
    ]
    .into_iter()
    .collect();
    json!({
        "uuid": id(1), "name": "Friday", "spec_version": "14.4.2", "language": "eng", "type": "messaging", "revision": 1,
        "expire_after_minutes": 60, "localization": { "fra": translations },
        "nodes": [split, say(20, thanks), say(30, remind)],
    })
    .to_string()
    .into_bytes()
}

async fn story(engine: Engine) {
    let Some(world) = World::new(engine).await else { return };
    workers(&world, FACILITIES).await;
    let system = Caller::system();
    world.app.load_from_library(&system, "monthly-service-data").await.expect("the flow by which they report");
    let flow = world.app.save_flow(&system, &friday(), "story").await.expect("a flow").id;
    scheduled(&world, flow).await;
    let admin = world.admin().await;

    for n in 1..REPORTED {
        reports(&world, &admin, n).await;
    }
    // Friday, 15:59, in Monrovia.
    let last: Timestamp = "2026-11-27T15:59:00Z".parse().expect("an instant");
    world.pass(last.duration_since(world.now()));
    let admin = world.admin().await;
    reports(&world, &admin, REPORTED).await;
    for n in 1..=FACILITIES {
        assert!(weighed(&world, n).await == (0, 0), "nobody before the hour: {n}");
    }
    world.pass(SignedDuration::from_mins(1));
    world
        .until("all thirty written to", async || {
            world.pass(SignedDuration::from_millis(200));
            let mut all = 0;
            for n in 1..=FACILITIES {
                let (thanked, reminded) = weighed(&world, n).await;
                all += thanked + reminded;
            }
            (all >= FACILITIES).then_some(())
        })
        .await;
    for n in 1..=FACILITIES {
        let due = if n <= REPORTED { (1, 0) } else { (0, 1) };
        assert_eq!(weighed(&world, n).await, due, "facility {n} of {REPORTED} that reported");
    }
    let french = world.got(&phone(FACILITIES)).await;
    assert!(french.iter().any(|text| text.contains("Envoyez MENS")), "{french:?}");
    // Once: the next Friday is another month's or another's reminder.
    world.pass(SignedDuration::from_hours(2));
    assert_eq!(weighed(&world, 1).await, (1, 0));
}

/// Every Friday at four, in the zone of the facilities, for everybody.
async fn scheduled(world: &World, flow: FlowId) {
    let terms = TriggerTerms::Schedule { cron: "0 16 * * 5".into(), zone: "Africa/Monrovia".into(), query: "*".into() };
    let new = NewTrigger { flow, terms, groups: vec![], exclude: vec![], channel: None, urgent: false };
    world.app.add_trigger(&Caller::system(), &new).await.expect("a schedule");
}

/// One facility gives its figures and confirms them, as the flow of the library asks.
async fn reports(world: &World, admin: &Browser<'_>, n: usize) {
    let phone = phone(n);
    let (word, ok) = if n.is_multiple_of(2) {
        ("MENS cpn 34 acc 12 penta 28", "est envoyé")
    } else {
        ("MON anc 34 del 12 penta 28", "is sent")
    };
    admin.write(&phone, word).await;
    told(world, &phone, "OK").await;
    admin.write(&phone, "OK").await;
    told(world, &phone, ok).await;
}

/// Waits until a phone has got some words, while the clock goes on: channels have a rate.
async fn told(world: &World, phone: &str, words: &str) {
    world
        .until(&format!("{words:?} on {phone}"), async || {
            world.pass(SignedDuration::from_millis(2));
            world.got(phone).await.iter().any(|text| text.contains(words)).then_some(())
        })
        .await;
}

/// How often a facility was thanked and reminded.
async fn weighed(world: &World, n: usize) -> (usize, usize) {
    let got = world.got(&phone(n)).await;
    let count = |words: [&str; 2]| got.iter().filter(|text| words.iter().any(|word| text.contains(word))).count();
    (count(["on time", "bien arriv"]), count(["Reminder:", "Rappel:"]))
}
