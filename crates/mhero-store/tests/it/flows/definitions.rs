//! Definitions, what they refer to, what starts them, campaigns.

use mhero_core::{CampaignEventId, CampaignId, FlowId, ProgrammeId, TriggerId};
use mhero_store::{CampaignEventRow, CampaignFire, CampaignRow, FlowAsset, FlowRow, NewFlowRevision, TriggerRow, Unit};

use super::{done, elsewhere, group, id, is_known, is_late, martha, programme, steps, unit};
use crate::Bench;

pub(super) fn flow_id() -> FlowId {
    id(FlowId::from_uuid, 20, 1)
}

pub(super) async fn assets(bench: &Bench) {
    let asset = |content: &str| FlowAsset {
        kind: "global".into(),
        id: "org".into(),
        name: "Org".into(),
        content: content.into(),
    };
    done(bench, unit(|u| u.put_flow_asset(&asset("{}"), 1).put_flow_asset(&asset("[]"), 2))).await;
    assert_eq!(bench.store.flow_assets().await.expect("assets"), [asset("[]")], "the second took the first's place");
    done(bench, unit(|u| u.drop_flow_asset("global", "org"))).await;
    assert!(bench.store.flow_assets().await.expect("assets").is_empty());
}

fn flow(name: &str) -> FlowRow {
    FlowRow {
        id: flow_id(),
        name: name.into(),
        kind: "messaging".into(),
        revision: 1,
        settings: "{}".into(),
        origin: "test".into(),
        programme: Some(ProgrammeId::from_uuid(programme())),
        active: true,
        created_at: 10,
        updated_at: 10,
        version: 1,
    }
}

fn add_revision(unit: &mut Unit, revision: i64, definition: &str, original: Option<&str>) {
    let new = NewFlowRevision { flow: flow_id(), revision, definition, original, findings: "{}", by: None };
    unit.add_flow_revision(new, 10 + revision);
}

pub(super) async fn flows_and_revisions(bench: &Bench) {
    let store = &bench.store;
    let before = store.flow_stamp().await.expect("a stamp");
    let first = steps(|u| {
        u.add_flow(&flow("Stock"), "stock");
        add_revision(u, 1, "{\"n\":1}", Some("{}"));
    });
    done(bench, first).await;
    assert_eq!(store.flow(flow_id()).await.expect("a flow"), Some(flow("Stock")));
    assert_ne!(store.flow_stamp().await.expect("a stamp"), before);
    let other = FlowRow { id: id(FlowId::from_uuid, 20, 9), ..flow("STOCK") };
    assert!(is_known(bench, unit(|u| u.add_flow(&other, "stock"))).await, "one name, one flow");

    let changed = FlowRow { revision: 2, active: false, ..flow("Stock on hand") };
    let second = steps(|u| {
        u.set_flow(&changed, "stock on hand", 30);
        add_revision(u, 2, "{\"n\":2}", None);
    });
    done(bench, second).await;
    assert!(is_late(bench, unit(|u| u.set_flow(&changed, "stock on hand", 31))).await, "it was changed since");
    let stored = FlowRow { updated_at: 30, version: 2, ..changed };
    assert_eq!(store.flow_by_name("stock on hand").await.expect("a flow"), Some(stored.clone()));
    assert_eq!(store.flow_by_name("stock").await.expect("none"), None);
    assert_eq!(store.flows(false).await.expect("flows"), []);
    assert_eq!(store.flows(true).await.expect("flows"), std::slice::from_ref(&stored));
    let revisions = store.flow_revisions(flow_id()).await.expect("revisions");
    assert_eq!(revisions, [(2, None, 12), (1, None, 11)]);
    let one = store.flow_revision(flow_id(), 1).await.expect("it answers").expect("revision 1 stays");
    assert_eq!((one.definition.as_str(), one.created_at), ("{\"n\":1}", 11));
    assert_eq!(store.flow_revision(flow_id(), 3).await.expect("it answers"), None);
    for (at, stood) in [(10, None), (11, Some(1)), (12, Some(2))] {
        assert_eq!(store.flow_revision_at(flow_id(), at).await.expect("it answers"), stood);
    }
    let back = FlowRow { active: true, ..stored };
    done(bench, unit(|u| u.set_flow(&back, "stock on hand", 40))).await;
}

pub(super) async fn triggers(bench: &Bench) {
    let store = &bench.store;
    let row = |number| TriggerRow {
        id: id(TriggerId::from_uuid, 21, number),
        kind: "keyword".into(),
        flow: flow_id(),
        terms: "{}".into(),
        groups: "[]".into(),
        exclude: "[]".into(),
        channel: None,
        urgent: false,
        active: true,
        created_by: None,
        created_at: 5,
        version: 1,
    };
    let words = |number, words: &[&str], conditions: &str| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        steps(|u| {
            u.add_trigger(&row(number)).set_trigger_words(row(number).id, &words, conditions);
        })
    };
    done(bench, words(1, &["stock", "act"], "||")).await;
    assert!(is_known(bench, words(2, &["act"], "||")).await, "the word is taken");
    assert_eq!(store.trigger(row(2).id).await.expect("none"), None, "the whole unit failed");
    done(bench, words(2, &["act"], "pilot||")).await;
    assert_eq!(store.trigger_of_word("act", "||").await.expect("a trigger"), Some(row(1).id));
    assert_eq!(store.trigger_of_word("act", "other||").await.expect("none"), None);
    let of_flow = store.triggers_of(flow_id(), "keyword").await.expect("triggers");
    assert_eq!(of_flow.iter().map(|row| row.id).collect::<Vec<_>>(), [row(1).id, row(2).id]);
    let urgent = TriggerRow { urgent: true, ..row(1) };
    done(bench, unit(|u| u.set_trigger(&urgent))).await;
    assert!(is_late(bench, unit(|u| u.set_trigger(&urgent))).await);
    assert_eq!(store.trigger(row(1).id).await.expect("a trigger"), Some(TriggerRow { version: 2, ..urgent.clone() }));
    done(bench, unit(|u| u.drop_trigger(row(1).id))).await;
    assert_eq!(store.triggers().await.expect("triggers"), [row(2)]);
    assert_eq!(store.trigger_of_word("stock", "||").await.expect("none"), None, "its words are free");
}

fn event(active: bool) -> CampaignEventRow {
    CampaignEventRow {
        id: id(CampaignEventId::from_uuid, 23, 1),
        campaign: id(CampaignId::from_uuid, 22, 1),
        field: "edd".into(),
        offset: -3,
        unit: "D".into(),
        hour: 9,
        flow: Some(flow_id()),
        texts: "{}".into(),
        language: String::new(),
        mode: "I".into(),
        active,
        created_at: 6,
        version: 1,
    }
}

pub(super) async fn campaigns(bench: &Bench) {
    let store = &bench.store;
    let row = CampaignRow {
        id: event(true).campaign,
        name: "Visits".into(),
        group: group(),
        programme: None,
        active: true,
        created_by: None,
        created_at: 6,
        version: 1,
    };
    done(bench, unit(|u| u.add_campaign(&row, "visits").add_campaign_event(&event(true)))).await;
    let other = CampaignRow { id: id(CampaignId::from_uuid, 22, 2), ..row.clone() };
    assert!(is_known(bench, unit(|u| u.add_campaign(&other, "visits"))).await);
    assert_eq!(store.campaigns().await.expect("campaigns"), std::slice::from_ref(&row));
    assert_eq!(store.campaign_events().await.expect("events"), [event(true)]);

    let plan = |person, at| unit(|u| u.plan_campaign(&event(true), person, at));
    for (person, at) in [(martha(), Some(100)), (martha(), Some(200)), (elsewhere(), Some(150)), (elsewhere(), None)] {
        done(bench, plan(person, at)).await;
    }
    let fire = CampaignFire { event: event(true).id, person: martha(), due_at: 200, event_version: 1 };
    assert_eq!(store.due_campaign_fires(199, 10).await.expect("fires"), [], "it was moved");
    assert_eq!(store.due_campaign_fires(200, 10).await.expect("fires"), std::slice::from_ref(&fire));
    done(bench, unit(|u| u.campaign_fired(&fire, "on-leave", 201))).await;
    assert!(is_late(bench, unit(|u| u.campaign_fired(&fire, "sent", 202))).await, "once");
    done(bench, plan(martha(), Some(200))).await;
    assert_eq!(store.due_campaign_fires(i64::MAX, 10).await.expect("fires"), [], "done for this date stays done");
    done(bench, plan(martha(), Some(300))).await;
    assert_eq!(store.campaign_plans().await.expect("plans"), [(event(true).id, 1, 1, Some(300))]);
    let left_out = store.campaign_left_out().await.expect("reasons");
    assert_eq!(left_out, [(event(true).id, "on-leave".to_owned(), 1)]);

    done(bench, unit(|u| u.set_campaign_event(&event(false)))).await;
    assert!(is_late(bench, unit(|u| u.set_campaign_event(&event(false)))).await);
    assert_eq!(store.campaign_plans().await.expect("plans"), [(event(true).id, 0, 1, None)], "its plans are gone");
    let archived = CampaignRow { active: false, ..row };
    done(bench, unit(|u| u.set_campaign(&archived, "visits gone"))).await;
    assert!(is_late(bench, unit(|u| u.set_campaign(&archived, "visits gone"))).await);
}
