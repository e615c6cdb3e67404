//! The audit of decisions as `AuditEvent`: searched, read page by page, valid, and for those alone who may see it.

use mhero_app::Caller;
use mhero_core::Role;
use mhero_fhir::{Limits, check};
use reqwest::Method;
use serde_json::json;

use crate::desk::{Desk, engines};

#[tokio::test(flavor = "multi_thread")]
async fn decisions_are_searched_and_read_by_who_may_see_them_and_written_by_nobody() {
    for engine in engines() {
        let mut desk = Desk::new(engine).await;
        let integrator = desk.token.clone();
        desk.token = desk.token_of(Role::Auditor).await;
        for _ in 0..5 {
            desk.token_of(Role::Integrator).await;
        }
        let own = desk.app.account_of_token(&integrator).await.unwrap().unwrap().name;
        let tokens = desk.app.tokens(&Caller::system()).await.unwrap();
        let mut names = tokens.iter().map(|one| &one.token.name);
        let unused = names.find(|name| name.starts_with("integrator") && **name != own).unwrap();
        desk.app.revoke_token(&Caller::system(), unused).await.unwrap();
        let all = desk.found("AuditEvent").await;
        assert!(all.len() >= 8, "{all:?}");
        assert_eq!(desk.found("AuditEvent?_count=3").await, all, "page by page the same, the newest first");
        assert_eq!(desk.found("AuditEvent?_sort=-date&_count=2").await, all);
        let count = async |asked: &str| desk.found(&format!("AuditEvent?{asked}")).await.len();
        assert_eq!(count("date=2026-05-14").await, all.len());
        assert_eq!(count("date=ge2026-05-14T09:00:00Z&date=lt2026-05-14T09:00:01Z").await, all.len());
        assert_eq!(count("date=gt2026-05-14").await, 0);
        assert_eq!(count("date=lt2026-05-14").await, 0);
        assert_eq!(count("subtype=token-created").await, 7);
        assert_eq!(count("subtype=urn:mhero:audit|token-revoked").await, 1);
        assert_eq!(count("subtype:not=token-created").await, all.len() - 7);
        assert_eq!(count("type=http://dicom.nema.org/resources/ontology/DCM|110113&action=D").await, 1);
        assert_eq!(count("entity-type=token").await, 8);
        assert_eq!(count("entity-type=token&entity-type=person").await, 0);
        assert_eq!(count("outcome=0").await, all.len());
        assert_eq!(count("agent-name:missing=true").await, all.len());
        assert_eq!(count("agent:identifier=command%20line").await + count("agent:identifier=system").await, all.len());
        // One of them.
        let page = desk.get("/AuditEvent?subtype=token-revoked").await.json();
        assert_eq!((page["total"].as_i64(), page["entry"].as_array().map(Vec::len)), (Some(1), Some(1)));
        let event = &page["entry"][0]["resource"];
        let (id, about) = (event["id"].as_str().unwrap(), &event["entity"][0]["what"]["identifier"]["value"]);
        assert_eq!(check(event, Limits::default()), [], "it is valid R4: {event}");
        assert_eq!(count(&format!("entity:identifier={}", about.as_str().unwrap())).await, 2, "created and revoked");
        assert_eq!(count(&format!("_id={id}")).await, 1);
        let read = desk.get(&format!("/AuditEvent/{id}")).await;
        assert_eq!((read.status.as_u16(), &read.json()), (200, event));
        assert_eq!(desk.get(&format!("/AuditEvent/{id}/_history/1")).await.json(), *event);
        assert_eq!(desk.get("/AuditEvent?_summary=count").await.json()["total"], all.len());
        for unknown in ["1", "0190b0a0-0000-7000-8000-000000000001", "0190b0a0-0000-4000-8000-000000000001"] {
            assert_eq!(desk.get(&format!("/AuditEvent/{unknown}")).await.status, 404, "{unknown}");
        }
        for wrong in ["colour=red", "_sort=date", "_page=x", "date=soon", "_include=AuditEvent:agent", "agent.name=x"] {
            assert_eq!(desk.get(&format!("/AuditEvent?{wrong}")).await.status, 400, "{wrong}");
        }
        // Nobody writes it, and not everybody reads it.
        let posted = desk.send(Method::POST, "/AuditEvent", event).await;
        assert_eq!(posted.status, 403);
        let changed = desk.put(&json!({ "resourceType": "AuditEvent", "id": id })).await;
        assert_eq!(changed.status, 403);
        assert_eq!(desk.send(Method::DELETE, &format!("/AuditEvent/{id}"), &json!({})).await.status, 403);
        desk.token = integrator;
        assert_eq!(desk.get(&format!("/AuditEvent/{id}")).await.status, 403);
        assert_eq!(desk.get("/AuditEvent").await.status, 403);
    }
}
