//! What starts flows by itself where they run elsewhere: the clock and campaigns start them there, what can't is refused in words, and
//! what was saved before is shown.

use mhero_app::{
    AppError, Caller,
    campaigns::{NewCampaignEvent, OffsetUnit},
    flows::{KeywordPlace, NewTrigger, TriggerTerms},
    groups::KeptBy,
};
use mhero_core::{ChannelId, FlowId, TriggerId};
use mhero_store::{Queue, TriggerRow, Unit};
use uuid::Uuid;

use crate::world::{World, engines};

const STOCK: &str = "Stock (at there)";

async fn flow(world: &World, name: &str) -> FlowId {
    world.app.find_flow(&Caller::system(), name).await.expect("the flow stands here").id
}

fn word() -> TriggerTerms {
    TriggerTerms::Keyword { words: vec!["stock".into()], place: KeywordPlace::FirstWord }
}

/// An hour after a world begins.
fn at_eleven() -> TriggerTerms {
    TriggerTerms::Schedule { cron: "0 11 * * *".into(), zone: "Africa/Monrovia".into(), query: "*".into() }
}

fn trigger(flow: FlowId, terms: TriggerTerms) -> NewTrigger {
    NewTrigger { flow, terms, groups: Vec::new(), exclude: Vec::new(), channel: None, urgent: false }
}

/// The key of the words in which something was refused.
fn refused<T>(result: Result<T, AppError>) -> &'static str {
    match result {
        Err(AppError::Invalid(reason)) => reason.key,
        Err(error) => panic!("refused otherwise: {error}"),
        Ok(_) => "",
    }
}

/// What somebody has to look at: kind, subject, and whether it leads to a trigger or a campaign.
async fn shown(world: &World) -> Vec<(String, String, bool)> {
    let overview = world.backends().overview(&Caller::system(), world.source).await.expect("read").expect("a back end");
    let row =
        |own: mhero_backend::ProblemShown| (own.kind, own.subject, own.trigger.is_some() || own.campaign.is_some());
    overview.problems.into_iter().map(row).collect()
}

/// A trigger that was saved before such were refused.
async fn save_as_before(world: &World, flow: FlowId) {
    let row = TriggerRow {
        id: TriggerId::from_uuid(Uuid::from_u128(7)),
        kind: "keyword".into(),
        flow,
        terms: serde_json::to_string(&word()).expect("terms"),
        groups: "[]".into(),
        exclude: "[]".into(),
        channel: None,
        urgent: false,
        active: true,
        created_by: None,
        created_at: 1,
        version: 1,
    };
    let mut unit = Unit::new();
    unit.add_trigger(&row);
    world.app.store().write(unit, Queue::Interactive).await.expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_starts_a_flow_there_and_what_only_comes_there_is_refused_or_shown() {
    for engine in engines() {
        let world = World::new(engine, 2).await;
        world.pass().await;
        let system = Caller::system();
        let (stock, texts) = (flow(&world, STOCK).await, flow(&world, "Text (at there)").await);
        for terms in [word(), TriggerTerms::CatchAll, TriggerTerms::MissedCall, TriggerTerms::NewPerson] {
            let saved = world.app.add_trigger(&system, &trigger(stock, terms)).await;
            assert_eq!(refused(saved), "backend-trigger-not-here", "{engine:?}");
        }
        let without_text = world.app.add_trigger(&system, &trigger(texts, at_eleven())).await;
        assert_eq!(refused(without_text), "backend-plan-no-text");
        let daily = world.app.add_trigger(&system, &trigger(stock, at_eleven())).await.expect("a schedule");
        assert!(shown(&world).await.is_empty());
        let turned = world.app.change_trigger(&system, daily, &trigger(stock, word())).await;
        assert_eq!(refused(turned), "backend-trigger-not-here");

        world.wait(3_601);
        for _ in 0..2 {
            world.pass().await;
        }
        let taken = world.there.with(|there| there.taken.iter().map(|(_, ask)| ask.contacts.len()).collect::<Vec<_>>());
        assert_eq!(taken, [2], "{engine:?}: once, for both");

        // One from before starts nothing, takes no text from whom it may be for, and stands where the administrator looks.
        save_as_before(&world, stock).await;
        world.wait(6);
        let channel = ChannelId::from_uuid(Uuid::from_u128(1));
        assert!(!world.app.starts_a_flow(channel, "stock").await.expect("known"), "{engine:?}");
        let before = ("trigger-not-here".to_owned(), format!("STOCK → {STOCK}"), true);
        assert_eq!(shown(&world).await, std::slice::from_ref(&before));
        // So does a schedule whose flow is no more there.
        world.there.with(|there| there.flows.remove(0));
        world.backends().pull_now(&system, "there").await.expect("read");
        assert_eq!(shown(&world).await, [before, ("plan-gone".to_owned(), STOCK.to_owned(), true)], "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_for_whom_an_event_is_due_become_one_start_there_once() {
    for engine in engines() {
        let world = World::new(engine, 4).await;
        world.pass().await;
        let system = Caller::system();
        let (stock, texts) = (flow(&world, STOCK).await, flow(&world, "Text (at there)").await);
        let group = world.app.create_group(&system, "All", KeptBy::Hand(Some("*"))).await.expect("a group");
        let campaign = world.app.create_campaign(&system, "Welcome", group).await.expect("a campaign");
        let event = |flow: FlowId| NewCampaignEvent {
            field: "created_on".into(),
            offset: 2,
            unit: OffsetUnit::Hours,
            hour: None,
            flow: Some(flow),
            texts: Vec::new(),
            mode: 'I',
        };
        let without_text = world.app.add_campaign_event(&system, campaign, &event(texts)).await;
        assert_eq!(refused(without_text), "backend-plan-no-text", "{engine:?}");
        world.app.add_campaign_event(&system, campaign, &event(stock)).await.expect("an event");
        world.pass().await;
        let mut unit = Unit::new();
        unit.stop(("tel", "+231770000002"), "", None, world.now().as_microsecond());
        world.app.store().write(unit, Queue::Interactive).await.expect("written");
        assert_eq!(world.there.with(|there| there.taken.len()), 0);

        world.wait(2 * 3_600 + 60);
        for _ in 0..3 {
            world.pass().await;
        }
        let taken = world.there.with(|there| there.taken.iter().map(|(_, ask)| ask.contacts.len()).collect::<Vec<_>>());
        assert_eq!(taken, [3], "{engine:?}: once, for all but who has stopped");
        let listed = world.app.campaigns(&system).await.expect("campaigns").remove(0).events.remove(0);
        assert_eq!((listed.planned, listed.done, listed.left_out), (0, 3, vec![("stopped".to_owned(), 1)]));
        let starts = world.app.starts_of(&system, stock).await.expect("starts");
        let said: Vec<_> = starts.iter().map(|row| (row.cause.as_str(), row.status.as_str(), row.recipients)).collect();
        assert_eq!(said, [("campaign", "started", 3)], "{engine:?}");
        assert_eq!(world.states(starts[0].id).await, ["started"; 3]);

        // Where the flow is no more there, whoever is due next starts nothing, and it is shown.
        world.there.with(|there| there.flows.remove(0));
        world.backends().pull_now(&system, "there").await.expect("read");
        assert_eq!(shown(&world).await, [("plan-gone".to_owned(), format!("Welcome → {STOCK}"), true)], "{engine:?}");
    }
}
