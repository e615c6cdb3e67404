//! Exports of RapidPro: taken in with a report, given out, and taken in again without a change.

use mhero_app::{Caller, flows::ImportedKind};
use serde_json::json;

use crate::common::{TestApp, engines};

fn export() -> serde_json::Value {
    let id = |n: u128| uuid::Uuid::from_u128(0x9000 + n).to_string();
    json!({
        "version": "13", "site": "https://example.org",
        "flows": [{
            "uuid": id(1), "name": "Join", "spec_version": "13.1.0", "language": "eng", "type": "messaging", "revision": 3,
            "expire_after_minutes": 60, "localization": {},
            "nodes": [{
                "uuid": id(2),
                "actions": [
                    { "uuid": id(3), "type": "add_contact_groups", "groups": [{ "uuid": id(20), "name": "Joined" }] },
                    { "uuid": id(4), "type": "set_contact_field", "field": { "key": "ward", "name": "Ward" }, "value": "A" },
                    { "uuid": id(5), "type": "send_msg", "text": "Welcome" },
                ],
                "exits": [{ "uuid": id(6), "destination_uuid": null }],
            }],
        }, { "uuid": id(7), "name": "Broken", "spec_version": "99.0.0", "nodes": [] }],
        "groups": [{ "uuid": id(20), "name": "Joined", "query": null }],
        "fields": [{ "key": "posted_on", "name": "Posted on", "type": "datetime" }],
        "triggers": [
            { "trigger_type": "K", "keyword": "join", "flow": { "uuid": id(1), "name": "Join" }, "groups": [], "exclude_groups": [], "channel": null },
            { "trigger_type": "V", "flow": { "uuid": id(1), "name": "Join" }, "groups": [] },
        ],
        "campaigns": [{
            "uuid": id(30), "name": "Welcome", "group": { "uuid": id(20), "name": "Joined" },
            "events": [{
                "uuid": id(31), "offset": 2, "unit": "D", "event_type": "M", "delivery_hour": 9, "start_mode": "I",
                "relative_to": { "key": "posted_on", "label": "Posted on" }, "base_language": "eng",
                "message": { "eng": "Welcome, @contact.name", "fra": "Bienvenue, @contact.name" },
            }],
        }],
    })
}

#[tokio::test]
async fn an_export_comes_in_with_a_report_and_goes_out_as_it_came() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        let bytes = export().to_string().into_bytes();
        let report = t.app.import_export(&caller, &bytes, "import").await.expect("a report");
        let count = |kind, outcome: &str| report.count(kind, outcome);
        assert_eq!(count(ImportedKind::Flow, "created"), 1, "{engine:?} {report:?}");
        assert_eq!(count(ImportedKind::Flow, "refused"), 1);
        assert_eq!(count(ImportedKind::Group, "created"), 1);
        assert_eq!(count(ImportedKind::Field, "created"), 2, "the field that only a flow names is made too");
        assert_eq!((count(ImportedKind::Trigger, "created"), count(ImportedKind::Trigger, "refused")), (1, 1));
        assert_eq!(count(ImportedKind::Campaign, "created"), 1);
        let out = t.app.export_flows(&caller, &[]).await.expect("an export");
        let again = t.app.import_export(&caller, out.to_string().as_bytes(), "import").await.expect("a report");
        assert!(again.parts.iter().all(|part| part.outcome.word() == "known"), "{again:?}");
        let fresh = TestApp::new(engine).await;
        fresh.app.import_export(&caller, out.to_string().as_bytes(), "import").await.expect("a report");
        let second = fresh.app.export_flows(&caller, &[]).await.expect("an export");
        assert_eq!(out, second, "{engine:?}");
        fresh.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        fresh.hear("+231770000001", "JOIN").await;
        assert_eq!(fresh.fake.texts().last().map(|(_, text)| text.as_str()), Some("Welcome"));
    }
}

#[tokio::test]
async fn what_is_no_export_is_refused_in_words() {
    let t = TestApp::new(engines()[0]).await;
    for (bytes, rule) in [("[]", "flow-no-export"), ("{", "flow-no-json"), (r#"{"a":1}"#, "flow-no-export")] {
        match t.app.import_export(&Caller::system(), bytes.as_bytes(), "import").await {
            Err(mhero_app::AppError::Invalid(reason)) => assert_eq!(reason.key, rule, "{bytes}"),
            other => panic!("{bytes} gave {other:?}"),
        }
    }
}

#[tokio::test]
async fn real_exports_come_in_whole() {
    let Some(folder) = mhero_testkit::fixture("fixtures/rapidpro-exports") else {
        eprintln!("skipped: the shared folder is not there");
        return;
    };
    let t = TestApp::new(engines()[0]).await;
    let caller = Caller::system();
    for file in std::fs::read_dir(folder).expect("the folder").flatten() {
        let bytes = std::fs::read(file.path()).expect("a file");
        let report = t.app.import_export(&caller, &bytes, "import").await.expect("a report");
        assert_eq!(report.refused().count(), 0, "{report:?}");
        let out = t.app.export_flows(&caller, &[]).await.expect("an export");
        let again = t.app.import_export(&caller, out.to_string().as_bytes(), "import").await.expect("a report");
        assert!(again.parts.iter().all(|part| part.outcome.word() == "known"), "{again:?}");
    }
}
