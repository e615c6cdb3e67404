//! Campaigns: planned from a date of each person, moved when the date moves, fired once.

use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    Caller,
    campaigns::{NewCampaignEvent, OffsetUnit},
    groups::KeptBy,
};
use mhero_core::{FieldId, Lang, LangMap, PersonId};
use mhero_store::{Queue, Unit, ValueRow};

use crate::common::{TestApp, engines, morning};

async fn set_date(t: &TestApp, person: PersonId, field: FieldId, at: Timestamp) {
    let now = t.app.clock().now_micros();
    let value = ValueRow {
        person,
        field,
        text: Some(at.to_string()),
        folded: None,
        number: None,
        instant: Some(at.as_microsecond()),
        place: None,
        record: None,
    };
    let mut unit = Unit::new();
    unit.put_value(&value, now).changed("person", person.uuid(), "updated", now);
    t.app.store().write(unit, Queue::Interactive).await.expect("written");
    t.app.run_until_idle().await.expect("idle");
}

#[tokio::test]
async fn an_event_fires_once_at_its_hour_and_moves_with_its_date() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"]), ("P2", "Joseph Weah", "fr", &["0770000002"])]).await;
        t.app.run_until_idle().await.expect("idle");
        let field = t.app.store().mint().id(FieldId::from_uuid);
        let mut unit = Unit::new();
        unit.add_field(field, "posted_on", &LangMap::one(Lang::ENGLISH, "Posted on"), "instant", 0);
        t.app.store().write(unit, Queue::Interactive).await.expect("a field");
        let group = t.app.create_group(&caller, "Posted", KeptBy::Hand(Some("*"))).await.expect("a group");
        let campaign = t.app.create_campaign(&caller, "Welcome", group).await.expect("a campaign");
        let new = NewCampaignEvent {
            field: "posted_on".into(),
            offset: 2,
            unit: OffsetUnit::Days,
            hour: Some(9),
            flow: None,
            texts: vec![
                (Lang::ENGLISH, "Welcome, @contact.first_name".into()),
                (Lang::FRENCH, "Bienvenue, @contact.first_name".into()),
            ],
            mode: 'I',
        };
        t.app.add_campaign_event(&caller, campaign, &new).await.expect("an event");
        let people = t.app.store().snapshot().await.expect("a snapshot");
        drop(people);
        let audience = t.app.check_audience(&caller, "*").await.expect("everybody");
        let mut snapshot = t.app.store().snapshot().await.expect("a snapshot");
        let found = snapshot.candidates(&caller.scope, &audience.predicate, 0, None, 10).await.expect("people");
        drop(snapshot);
        for person in &found {
            set_date(&t, person.person, field, morning()).await;
        }
        let plans = t.app.campaigns(&caller).await.expect("campaigns");
        assert_eq!((plans[0].events[0].planned, plans[0].events[0].done), (2, 0), "{engine:?}");
        // The date of one moves a day on: so does what is planned for them.
        let later = morning() + SignedDuration::from_hours(24);
        let french = found.iter().find(|person| person.language == Some(Lang::FRENCH)).expect("Joseph").person;
        set_date(&t, french, field, later).await;
        t.hand.advance(SignedDuration::from_hours(48));
        t.app.run_until_idle().await.expect("idle");
        let texts: Vec<_> = t.fake.texts().into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["Welcome, Martha"], "{engine:?}");
        t.hand.advance(SignedDuration::from_hours(24));
        t.app.run_until_idle().await.expect("idle");
        t.app.run_until_idle().await.expect("idle");
        let texts: Vec<_> = t.fake.texts().into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["Welcome, Martha", "Bienvenue, Joseph"]);
        let plans = t.app.campaigns(&caller).await.expect("campaigns");
        assert_eq!((plans[0].events[0].planned, plans[0].events[0].done), (0, 2));
    }
}

#[tokio::test]
async fn what_is_due_and_has_not_fired_yet_fires_though_the_person_changes_meanwhile() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        t.app.run_until_idle().await.expect("idle");
        let field = t.app.store().mint().id(FieldId::from_uuid);
        let mut unit = Unit::new();
        unit.add_field(field, "posted_on", &LangMap::one(Lang::ENGLISH, "Posted on"), "instant", 0);
        t.app.store().write(unit, Queue::Interactive).await.expect("a field");
        let group = t.app.create_group(&caller, "Posted", KeptBy::Hand(Some("*"))).await.expect("a group");
        let campaign = t.app.create_campaign(&caller, "Welcome", group).await.expect("a campaign");
        for (days, text) in [(1, "First"), (3, "Third")] {
            let new = NewCampaignEvent {
                field: "posted_on".into(),
                offset: days,
                unit: OffsetUnit::Days,
                hour: None,
                flow: None,
                texts: vec![(Lang::ENGLISH, text.into())],
                mode: 'I',
            };
            t.app.add_campaign_event(&caller, campaign, &new).await.expect("an event");
        }
        let martha = t.app.find_person(&caller, "P1").await.expect("Martha");
        set_date(&t, martha, field, morning()).await;
        // A registry tells of her just when the first is due: her change is read before the campaign looks what is.
        let touch = async || {
            let mut unit = Unit::new();
            unit.changed("person", martha.uuid(), "updated", t.app.clock().now_micros());
            t.app.store().write(unit, Queue::Interactive).await.expect("written");
            t.app.run_until_idle().await.expect("idle");
        };
        let texts = || t.fake.texts().into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        t.hand.advance(SignedDuration::from_hours(24));
        touch().await;
        assert_eq!(texts(), ["First"], "{engine:?}");
        // Once, however often she changes after it; and a date that moves away takes what is planned with it.
        touch().await;
        assert_eq!(texts(), ["First"]);
        t.hand.advance(SignedDuration::from_hours(47));
        set_date(&t, martha, field, morning() - SignedDuration::from_hours(24 * 30)).await;
        t.hand.advance(SignedDuration::from_hours(2));
        touch().await;
        assert_eq!(texts(), ["First"], "{engine:?}");
    }
}
