//! Who gets no message whatever their number: people on leave, and those whose registry does not let others write to them.

use jiff::SignedDuration;
use mhero_app::{
    AppError, Caller,
    broadcasts::{Draft, Release},
    campaigns::{NewCampaignEvent, OffsetUnit},
    flows::{KeywordPlace, NewStart, NewTrigger, TriggerTerms},
    groups::KeptBy,
};
use mhero_core::{FlowId, Lane, Lang, LangMap};
use mhero_store::Statement;
use serde_json::json;

use super::{Bench, Step, leave, person};
use crate::common::engines;

static AUDITED: Statement =
    Statement::both("test::consent_audit", "SELECT facts FROM audit WHERE action = 'consent-passed'");

type Reasons = Vec<(String, i64)>;

async fn flow(bench: &Bench) -> FlowId {
    let id = |n: u128| uuid::Uuid::from_u128(n).to_string();
    let json = json!({
        "uuid": id(1), "name": "Stock", "spec_version": "14.4.2", "language": "eng", "type": "messaging", "revision": 1,
        "expire_after_minutes": 720, "localization": {}, "nodes": [{
            "uuid": id(2), "actions": [{ "uuid": id(3), "type": "send_msg", "text": "How many?" }],
            "exits": [{ "uuid": id(4), "destination_uuid": null }],
        }],
    });
    let saved = bench.test.app.save_flow(&Caller::system(), json.to_string().as_bytes(), "test").await;
    saved.expect("a flow").id
}

fn one(reason: &str) -> Reasons {
    vec![(reason.to_owned(), 1)]
}

/// Starts the flow and says whom it reached and left out.
async fn start(bench: &Bench, new: &NewStart) -> (i64, Reasons) {
    let (app, caller) = (&bench.test.app, Caller::system());
    let preview = app.preview_start(&caller, new).await.expect("a preview");
    let id = app.start_flow(&caller, new).await.expect("a start");
    app.run_until_idle().await.expect("idle");
    let page = app.start_page(&caller, id).await.expect("a page");
    assert_eq!((page.row.recipients, &page.left_out), (preview.recipients, &preview.excluded));
    (page.row.recipients, page.left_out)
}

async fn on_leave(bench: &Bench) {
    let page =
        vec![Ok(leave("l1", "1", "2026-05-01", None)), Ok(person("1", "Ann Kollie")), Ok(person("2", "Ben Toe"))];
    bench.registry.tells(vec![Step::Page(page)], false, "one");
    bench.sync().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn flows_that_can_wait_leave_out_who_is_on_leave() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        on_leave(&bench).await;
        let (app, caller, flow) = (&bench.test.app, Caller::system(), flow(&bench).await);
        assert_eq!(start(&bench, &NewStart::new(flow, "*")).await, (1, one("on-leave")), "{engine:?}");
        let alert = NewStart { lane: Lane::Alert, ..NewStart::new(flow, "*") };
        assert_eq!(start(&bench, &alert).await, (2, vec![]));
        // Meant by name: it is said, and goes on.
        let by_name = NewStart::new(flow, "name = \"Ann Kollie\"");
        assert_eq!(app.preview_start(&caller, &by_name).await.expect("a preview").on_leave, 1);
        assert_eq!(start(&bench, &by_name).await, (1, vec![]));
        for (query, people) in [("on_leave = yes", 1), ("on_leave = non", 1), ("on_leave = yes AND name ~ ben", 0)] {
            assert_eq!(app.count_audience(&caller, query).await.expect(query), people, "{query}");
        }
        // What she begins herself is no routine.
        let terms = TriggerTerms::Keyword { words: vec!["stock".into()], place: KeywordPlace::FirstWord };
        let new = NewTrigger { flow, terms, groups: vec![], exclude: vec![], channel: None, urgent: false };
        app.add_trigger(&caller, &new).await.expect("a trigger");
        let before = bench.test.fake.texts().len();
        bench.test.hear("+231770000001", "STOCK").await;
        assert_eq!(bench.test.fake.texts().len(), before + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn schedules_and_campaigns_leave_out_who_is_on_leave_and_count_them() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        on_leave(&bench).await;
        let (app, caller, flow) = (&bench.test.app, Caller::system(), flow(&bench).await);
        let group = app.create_group(&caller, "All", KeptBy::Hand(Some("*"))).await.expect("a group");
        let campaign = app.create_campaign(&caller, "Welcome", group).await.expect("a campaign");
        let new = NewCampaignEvent {
            field: "created_on".into(),
            offset: 1,
            unit: OffsetUnit::Days,
            hour: None,
            flow: None,
            texts: vec![(Lang::ENGLISH, "Welcome".into())],
            mode: 'I',
        };
        app.add_campaign_event(&caller, campaign, &new).await.expect("an event");
        let terms =
            TriggerTerms::Schedule { query: "*".into(), cron: "0 12 * * *".into(), zone: "Africa/Monrovia".into() };
        let new = NewTrigger { flow, terms, groups: vec![], exclude: vec![], channel: None, urgent: false };
        app.add_trigger(&caller, &new).await.expect("a trigger");
        // What is planned stands before the time comes, whatever order the runners take things in.
        for hours in [0, 1, 25, 0, 1] {
            bench.advance(SignedDuration::from_hours(hours));
            app.run_until_idle().await.expect("idle");
        }
        let starts = app.starts_of(&caller, flow).await.expect("starts");
        let page = app.start_page(&caller, starts[0].id).await.expect("a page");
        assert_eq!((page.row.cause.as_str(), page.row.recipients, page.left_out), ("schedule", 1, one("on-leave")));
        let event = app.campaigns(&caller).await.expect("campaigns").remove(0).events.remove(0);
        assert_eq!((event.planned, event.done, event.left_out), (0, 1, one("on-leave")), "{engine:?}");
    }
}

fn draft(query: &str, lane: Lane) -> Draft {
    Draft {
        name: String::new(),
        query: query.into(),
        texts: vec![(Lang::ENGLISH, "Rabies in Zorzor".into())],
        lane,
        channel: None,
        release: Release::Now,
        zone: None,
        quiet_override: None,
        once_key: None,
        is_test: false,
        is_drill: false,
        programme: None,
        valid_minutes: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_to_a_mixed_audience_leaves_out_those_whose_owner_did_not_agree() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        let (app, caller) = (&bench.test.app, Caller::system());
        bench.pull(vec![person("1", "Ann Kollie"), person("2", "Ben Toe")], false, "one").await;
        bench.add("vet", &[]).await;
        // The second works for both.
        let vets = vec![Ok(person("2", "Ben Toe")), Ok(person("3", "Vera Doe"))];
        bench.registry.tells(vec![Step::Page(vets)], false, "one");
        app.sync(&caller, "vet", &mhero_app::sync::SyncOptions::default()).await.expect("a run");
        let look = async |query: &str, lane: Lane| {
            let preview = app.preview(&caller, &draft(query, lane), 0).await.expect("a preview");
            let left: Reasons = preview.left_out.iter().map(|out| (out.reason.clone(), out.people)).collect();
            (preview.recipients, left)
        };
        assert_eq!(look("*", Lane::Bulk).await, (3, vec![]), "nothing said is no objection");
        let programme = app.add_programme(&caller, "vet", LangMap::one(Lang::ENGLISH, "Animals")).await.expect("one");
        app.set_consent(&caller, "vet", false, "vet").await.expect("said");
        let said = app.consents(&caller).await.expect("consents");
        let said: Vec<_> =
            said.iter().map(|said| (said.name.as_str(), said.others, said.programme.as_deref())).collect();
        assert!(said.contains(&("vet", false, Some("vet"))) && said.contains(&("hr", true, None)));
        assert_eq!(look("*", Lane::Bulk).await, (2, one("no-consent")), "{engine:?}");
        assert_eq!(look("source = vet", Lane::Normal).await, (2, vec![]), "a message to them alone is their own");
        assert_eq!(look("*", Lane::Alert).await, (3, vec![]));
        // What was previewed is what is sent, and that an alert passes is recorded.
        let id = app.send(&caller, &draft("*", Lane::Bulk)).await.expect("sent");
        app.run_until_idle().await.expect("idle");
        let shown = app.broadcast_page(&caller, id).await.expect("a broadcast");
        assert_eq!((shown.broadcast.recipients, shown.left_out[0].reason.as_str()), (2, "no-consent"));
        assert!(app.store().query(&AUDITED, vec![]).await.expect("it answers").is_empty());
        app.send(&caller, &draft("* ", Lane::Alert)).await.expect("sent");
        app.run_until_idle().await.expect("idle");
        let audited = app.store().query(&AUDITED, vec![]).await.expect("it answers");
        let facts: String = audited[0].get(0).expect("facts");
        assert!(audited.len() == 1 && facts.contains("\"people\":1"), "{facts}");
        // Flows: the programme that owns them may, another may not.
        let flow = flow(&bench).await;
        let own = NewStart { programme: Some(programme), ..NewStart::new(flow, "*") };
        assert_eq!(start(&bench, &own).await, (3, vec![]));
        assert_eq!(start(&bench, &NewStart::new(flow, "*")).await, (2, one("no-consent")));
        app.set_consent(&caller, "vet", true, "").await.expect("said");
        assert_eq!(look("*", Lane::Bulk).await, (3, vec![]));
        let unknown = app.set_consent(&caller, "vet", true, "malaria").await;
        assert!(matches!(unknown, Err(AppError::NotFound { .. })));
        let nobody = app.set_consent(&caller, "shoes", true, "").await;
        assert!(matches!(nobody, Err(AppError::NotFound { .. })));
    }
}
