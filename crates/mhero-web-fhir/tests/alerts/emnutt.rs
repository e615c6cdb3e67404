//! What an unchanged iHRIS 5 calls, step by step, with what comes of it.

use jiff::SignedDuration;
use mhero_app::{Caller, NewToken};
use mhero_core::{PlaceId, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::ministry::{JAMES, MARTHA, Ministry, engines, survey};

const PROFILE: &str = "http://mHero.org/fhir/StructureDefinition/mhero-communication-request";
const OURS: &str = "http://mhero.org/fhir/StructureDefinition";

/// A request as `POST /mhero/send-message` builds it.
fn request(payload: &Value, recipients: &[&str], parent: &str) -> Value {
    let recipients: Vec<Value> = recipients.iter().map(|name| json!({ "reference": name })).collect();
    json!({
        "resourceType": "CommunicationRequest",
        "meta": { "profile": [PROFILE], "tag": [{ "system": "parentReqId", "code": parent }] },
        "extension": [{ "url": "sender", "valueReference": { "reference": "Person/ihris-user-demo" } }],
        "occurrenceDateTime": "2026-05-14T09:00:00",
        "payload": [payload], "recipient": recipients,
    })
}

async fn post(ministry: &Ministry, request: &Value) -> String {
    let (status, said) = ministry.send(Method::POST, "/emNutt/fhir/CommunicationRequest", request).await;
    assert_eq!((status.as_u16(), said["status"].as_str()), (200, Some("Processing")), "{said}");
    said["reqID"].as_str().expect("an id").to_owned()
}

/// Polls as the window does, until it is done.
async fn done(ministry: &Ministry, id: &str) -> Value {
    let ids = json!({ "parentReqId": "p", "childrenReqIDs": [id] }).to_string();
    let ids: String = ids.bytes().map(|byte| format!("%{byte:02X}")).collect();
    ministry
        .until("progress done", async || {
            let told = ministry.get(&format!("/emNutt/fhir/getProgress?requestIDs={ids}")).await;
            (told[0]["status"] == "done").then(|| told[0].clone())
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_ihris_sends_schedules_follows_cancels_and_keeps_its_lists() {
    for engine in engines() {
        let ministry = Ministry::new(engine).await;
        assert_eq!(ministry.get("/site-up").await["message"], "site is up");
        sends(&ministry).await;
        starts(&ministry).await;
        schedules_and_cancels(&ministry).await;
        opts_out(&ministry).await;
        keeps_groups(&ministry).await;
        keeps_secrets(&ministry).await;
        forgets_who_was_shut_out(&ministry).await;
    }
}

async fn sends(ministry: &Ministry) {
    // The list of the send page: those who have a contact.
    let worker = ministry.get("/fhir/Practitioner/P1").await;
    let contact = worker["identifier"].as_array().into_iter().flatten();
    assert!(contact.into_iter().any(|one| one["system"] == "http://app.rapidpro.io/contact-uuid"), "{worker}");
    let text = json!({ "contentString": "Staff meeting on Friday" });
    let id = post(ministry, &request(&text, &["Practitioner/P1", "Practitioner/P2", "Practitioner/P3"], "p1")).await;
    let told = done(ministry, &id).await;
    assert_eq!(
        (&told["totalRecords"], &told["processedRecords"], &told["error"]),
        (&json!(3), &json!(3), &Value::Null)
    );
    let sums = &told["sendStatus"][&id]["Staff meeting on Friday"];
    assert_eq!((&sums["success"], &sums["failed"], &sums["ignored"]), (&json!(2), &json!(1), &json!(0)), "{told}");
    assert_eq!(sums["descriptions"].as_object().map(serde_json::Map::len), Some(1), "{told}");
    for phone in [MARTHA, JAMES] {
        assert_eq!(ministry.got(phone).await, ["Staff meeting on Friday"]);
    }
    // The second part of the same request: who was in the first is left alone.
    let second = post(ministry, &request(&text, &["Practitioner/P1"], "p1")).await;
    let told = done(ministry, &second).await;
    assert_eq!(told["sendStatus"][&second][""]["ignored"], 1, "{told}");
    // The second message to the same people goes out, also when the clock there is ahead of ours and all of it goes to the address of
    // bundles.
    let mut ahead = request(&json!({ "contentString": "Bring your register" }), &["Practitioner/P1"], "p2");
    ahead["occurrenceDateTime"] = json!((ministry.now() + SignedDuration::from_hours(5)).to_string());
    let (status, said) = ministry.send(Method::POST, "/emNutt/fhir", &ahead).await;
    assert_eq!((status.as_u16(), said["status"].as_str()), (200, Some("Processing")), "{said}");
    ministry.until("a second text", async || (ministry.got(MARTHA).await.len() == 2).then_some(())).await;
    // One request for each recipient, as the reports look for them.
    let ones = ministry
        .until("requests of one", async || {
            let found = ministry.found(&format!("CommunicationRequest?based-on=CommunicationRequest/{id}")).await;
            (found.len() == 2 && found.iter().all(|one| one["status"] == "completed")).then_some(found)
        })
        .await;
    for one in &ones {
        assert_eq!(one["extension"][0]["url"], format!("{OURS}/mhero-comm-req-broadcast-starts"), "{one}");
        assert_eq!(one["recipient"].as_array().map(Vec::len), Some(1));
        assert_eq!(one["payload"][0]["contentString"], "Staff meeting on Friday");
    }
    let sent = ministry.found(&format!("Communication?based-on=CommunicationRequest/{id}")).await;
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0]["meta"]["profile"][0], format!("{OURS}/mhero-communication"));
}

async fn starts(ministry: &Ministry) {
    let (flow, definition) = survey();
    ministry.app.save_flow(&Caller::system(), &definition, "test").await.expect("a flow");
    let workflows = ministry
        .until("the workflow", async || {
            let theirs = PROFILE.replace("mhero-communication-request", "mhero-workflows");
            let found = ministry.get(&format!("/emNutt/fhir/Basic?_profile={theirs}")).await;
            found["entry"].as_array().filter(|all| !all.is_empty()).cloned()
        })
        .await;
    assert_eq!(workflows[0]["resource"]["id"], flow);
    assert!(workflows[0]["fullUrl"].as_str().is_some_and(|url| url.contains("/emNutt/fhir/Basic/")), "{workflows:?}");
    let details = &workflows[0]["resource"]["extension"][0]["extension"];
    assert_eq!((&details[0]["valueString"], &details[4]["valueInteger"]), (&json!("Stock check"), &json!(720)));
    let asked = json!({ "contentReference": { "reference": format!("Basic/{flow}") } });
    let id = post(ministry, &request(&asked, &["Practitioner/P1"], "p3")).await;
    let told = done(ministry, &id).await;
    assert_eq!(told["sendStatus"][&id][&flow]["success"], 1, "{told}");
    ministry
        .until("the question", async || {
            ministry.got(MARTHA).await.iter().any(|text| text.contains("gloves")).then_some(())
        })
        .await;
    ministry.write(MARTHA, "yes plenty").await;
    let answers = ministry
        .until("the answers", async || {
            ministry.found("QuestionnaireResponse?subject=Practitioner/P1&status=completed").await.pop()
        })
        .await;
    assert_eq!(answers["item"][0]["linkId"], "gloves");
    assert_eq!(answers["item"][0]["answer"][0]["valueString"], "yes", "{answers}");
    let ones = ministry
        .until("the request of one", async || {
            let mut found = ministry.found(&format!("CommunicationRequest?based-on=CommunicationRequest/{id}")).await;
            found.pop().filter(|one| one["status"] == "completed")
        })
        .await;
    let starts = ones["extension"][0]["extension"].as_array().expect("parts").clone();
    let of = |name: &str| starts.iter().find(|one| one["url"] == name).map(|one| one["valueString"].clone());
    assert_eq!((of("responded"), of("exit_type")), (Some(json!("Yes")), Some(json!("completed"))), "{ones}");
    let start = of("flow_starts_uuid").expect("the start");
    let by_start =
        ministry.found(&format!("CommunicationRequest?rpflowstarts={}", start.as_str().expect("an id"))).await;
    assert_eq!(by_start.len(), 1);
    let heard = ministry.found("Communication?sender=Practitioner/P1").await;
    assert_eq!(heard.len(), 1);
    assert!(heard[0]["inResponseTo"].is_array() && heard[0]["basedOn"].is_array(), "{}", heard[0]);
    let questions = ministry.get(&format!("/fhir/Questionnaire/{flow}")).await;
    assert_eq!(questions["item"][0]["answerOption"][0]["valueString"], "Yes");
}

fn schedule(frequency: &str, category: &str, cron: &str) -> Value {
    json!({ "url": format!("{OURS}/sms-cron-expression-schedule"), "extension": [
        { "url": "frequency", "valueString": frequency }, { "url": "sendCategory", "valueString": category },
        { "url": "cronExpression", "valueString": cron } ] })
}

async fn schedules_and_cancels(ministry: &Ministry) {
    let before = ministry.got(JAMES).await.len();
    let mut once = request(&json!({ "contentString": "Once" }), &["Practitioner/P2"], "p4");
    once["extension"] = json!([null, schedule("once", "later", "0 12 14 5 *")]);
    let once = post(ministry, &once).await;
    let mut daily = request(&json!({ "contentString": "Daily" }), &["Practitioner/P2"], "p5");
    daily["extension"] = json!([schedule("recurring", "", "0 13 * * *")]);
    let daily = post(ministry, &daily).await;
    done(ministry, &once).await;
    let on = ministry.found("CommunicationRequest?status=on-hold").await;
    assert_eq!(on.len(), 2, "{on:?}");
    assert_eq!(ministry.got(JAMES).await.len(), before);
    ministry.pass(SignedDuration::from_hours(4) + SignedDuration::from_mins(1));
    ministry.until("both", async || (ministry.got(JAMES).await.len() == before + 2).then_some(())).await;
    // A poll of the old mediator sends nothing again.
    for path in ["/sync/checkCommunicationRequest", "/emNutt/checkCommunicationRequest", "/emNutt/syncContactGroups"] {
        ministry.get(path).await;
    }
    ministry.pass(SignedDuration::from_hours(24));
    ministry.until("the next day", async || (ministry.got(JAMES).await.len() == before + 3).then_some(())).await;
    let body = json!({ "schedules": [format!("CommunicationRequest/{daily}")] });
    let (status, said) = ministry.send(Method::POST, "/emNutt/fhir/cancelMessageSchedule", &body).await;
    assert_eq!(status, 200, "{said}");
    let told = done(ministry, said["reqID"].as_str().expect("an id")).await;
    assert_eq!((&told["totalRecords"], &told["processedRecords"]), (&json!(1), &json!(1)));
    for _ in 0..3 {
        ministry.pass(SignedDuration::from_hours(24));
        ministry.idle().await;
    }
    // Once was once, also when its day comes again; the other is cancelled.
    ministry.pass(SignedDuration::from_hours(24 * 366));
    ministry.idle().await;
    assert_eq!(ministry.got(JAMES).await.len(), before + 3);
    assert_eq!(ministry.found("CommunicationRequest?status=on-hold").await.len(), 0);
}

async fn opts_out(ministry: &Ministry) {
    let before = ministry.got(JAMES).await.len();
    let body = json!([{ "entitytype": "Practitioner", "globalid": "P2" }]);
    assert_eq!(ministry.send(Method::PUT, "/emNutt/optout", &body).await.0, 200);
    let tagged = ministry
        .until("the tag", async || {
            ministry.found("Practitioner?_tag=http://mhero.org/codesystem%7Coptedout").await.pop()
        })
        .await;
    assert_eq!(tagged["id"], "P2");
    let id = post(ministry, &request(&json!({ "contentString": "No" }), &["Practitioner/P1", "Practitioner/P2"], "p6"))
        .await;
    let told = done(ministry, &id).await;
    let sums = &told["sendStatus"][&id]["No"];
    assert_eq!((&sums["success"], &sums["failed"]), (&json!(1), &json!(1)), "{told}");
    assert_eq!(ministry.got(JAMES).await.len(), before, "a text to somebody who wants none");
    // Only to them: nobody is reached, and the window says so.
    let id = post(ministry, &request(&json!({ "contentString": "No" }), &["Practitioner/P2"], "p7")).await;
    assert!(done(ministry, &id).await["error"].as_str().is_some_and(|error| error.contains("nobody")));
    let path = "/emNutt/undoOptout?globalid=P2&entitytype=Practitioner";
    assert_eq!(ministry.send(Method::PUT, path, &Value::Null).await.0, 200);
    post(ministry, &request(&json!({ "contentString": "Welcome back" }), &["Practitioner/P2"], "p8")).await;
    ministry.until("back", async || (ministry.got(JAMES).await.len() == before + 1).then_some(())).await;
    ministry
        .until("no tag", async || {
            let found = ministry.found("Practitioner?_tag=http://mhero.org/codesystem%7Coptedout").await;
            found.is_empty().then_some(())
        })
        .await;
}

/// S05: groups, and sending from the HR system.
async fn keeps_groups(ministry: &Ministry) {
    let new = json!({ "resourceType": "Group", "name": "Midwives" });
    let (status, made) = ministry.send(Method::POST, "/emNutt/fhir/Group", &new).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/fhir/Group/{}", made["id"].as_str().expect("an id"));
    ministry.idle().await;
    let mut group = ministry.get(&path).await;
    group["member"] =
        json!([{ "entity": { "reference": "Practitioner/P1" } }, { "entity": { "reference": "Practitioner/P2" } }]);
    let (status, said) = ministry.send(Method::PUT, &path, &group).await;
    assert_eq!(status, 200, "{said}");
    ministry.idle().await;
    assert_eq!(ministry.found("Group?member=Practitioner/P1").await.len(), 1);
    let id = made["id"].as_str().expect("an id");
    assert_eq!(ministry.app.count_audience(&Caller::system(), &format!("group = \"{id}\"")).await.ok(), Some(2));
    leaves_whom_an_account_does_not_see(ministry).await;
    let before = (ministry.got(MARTHA).await.len(), ministry.got(JAMES).await.len());
    group["member"] = json!([{ "entity": { "reference": "Practitioner/P1" } }]);
    assert_eq!(ministry.send(Method::PUT, &path, &group).await.0, 200);
    post(ministry, &request(&json!({ "contentString": "Midwives: report" }), &[&path["/fhir/".len()..]], "p9")).await;
    ministry.until("the group's text", async || (ministry.got(MARTHA).await.len() == before.0 + 1).then_some(())).await;
    assert_eq!(ministry.got(JAMES).await.len(), before.1, "who has left the group");
    // One with a history is put away, not forgotten.
    let (status, _) = ministry.send(Method::DELETE, &path, &Value::Null).await;
    assert!(status.is_success());
    let kept = ministry.app.group(&Caller::system(), id.parse().expect("an id")).await.expect("it is there");
    assert!(!kept.group.active);
}

/// An account of a district takes out of its group whom it sees, and nobody whom somebody else put in from elsewhere.
async fn leaves_whom_an_account_does_not_see(ministry: &Ministry) {
    let bong = json!({ "resourceType": "Location", "id": "D2", "status": "active", "name": "Bong",
        "partOf": { "reference": "Location/LR" } });
    assert!(ministry.send(Method::PUT, "/fhir/Location/D2", &bong).await.0.is_success());
    ministry.idle().await;
    let place = ministry.app.store().fhir_entity(("Location", "D2")).await.expect("a store").map(PlaceId::from_uuid);
    assert!(place.is_some());
    let new = NewToken { name: "bong".into(), role: Role::Integrator, place, programme: None };
    let token = ministry.app.create_token(&Caller::system(), new).await.expect("a token");
    let id = "6f1d0c52-5a0e-4c0b-9a53-0d6f5a1c7e21";
    let path = format!("/fhir/Group/{id}");
    let mut group = json!({ "resourceType": "Group", "id": id, "active": true, "type": "practitioner", "actual": true,
        "name": "Bong and guests" });
    let put = async |group: &Value| {
        let put = reqwest::Client::new().put(format!("{}{path}", ministry.url)).basic_auth("bong", Some(&token));
        let put = put.header("content-type", "application/json").body(group.to_string());
        let answer = put.send().await.expect("an answer");
        let (status, said) = (answer.status(), answer.text().await.expect("a text"));
        assert!(status.is_success(), "{status} {said}");
        ministry.idle().await;
    };
    put(&group).await;
    let empty = group.clone();
    group["member"] = json!([{ "entity": { "reference": "Practitioner/P1" } }]);
    assert_eq!(ministry.send(Method::PUT, &path, &group).await.0, 200);
    ministry.idle().await;
    put(&empty).await;
    let members = ministry.app.count_audience(&Caller::system(), &format!("group = \"{id}\"")).await;
    assert_eq!(members.ok(), Some(1), "the guest stays");
}

async fn keeps_secrets(ministry: &Ministry) {
    let (status, said) = ministry.send(Method::GET, "/emNutt/getConfig?parameter=rapidpro:token", &Value::Null).await;
    assert_eq!((status.as_u16(), said), (204, Value::Null));
    // Of what nobody asked for nothing is cleared, and nobody clears who only reads.
    let ids = "?requestIDs=%7B%22parentReqId%22:%22p%22,%22childrenReqIDs%22:%5B%22nothing%22%5D%7D";
    ministry.get(&format!("/emNutt/fhir/clearProgress{ids}")).await;
    assert_eq!(ministry.get(&format!("/emNutt/fhir/getProgress{ids}")).await, json!([null]));
    let new = NewToken { name: "reader".into(), role: Role::Auditor, place: None, programme: None };
    let reader = ministry.app.create_token(&Caller::system(), new).await.expect("a token");
    let anybody = reqwest::Client::new();
    let clear = anybody.get(format!("{}/emNutt/fhir/clearProgress{ids}", ministry.url)).bearer_auth(reader);
    assert_eq!(clear.send().await.expect("an answer").status(), 403);
    for (method, path) in [
        (Method::POST, "/emNutt/fhir/CommunicationRequest"),
        (Method::GET, "/emNutt/fhir/Practitioner"),
        (Method::GET, "/emNutt/fhir/getProgress?requestIDs=%7B%7D"),
        (Method::PUT, "/emNutt/optout?globalid=P1"),
        (Method::GET, "/sync/syncWorkflows"),
        (Method::GET, "/emNutt/getConfig?parameter=app:installed"),
    ] {
        let answer =
            anybody.request(method, format!("{}{path}", ministry.url)).body("{}").send().await.expect("an answer");
        assert_eq!(answer.status(), 401, "{path}");
    }
}

/// What an account asked for every day ends with the account.
async fn forgets_who_was_shut_out(ministry: &Ministry) {
    let new = NewToken { name: "leaver".into(), role: Role::Integrator, place: None, programme: None };
    let token = ministry.app.create_token(&Caller::system(), new).await.expect("a token");
    let before = ministry.got(JAMES).await.len();
    let mut daily = request(&json!({ "contentString": "Every day" }), &["Practitioner/P2"], "p10");
    daily["extension"] = json!([schedule("recurring", "", "0 13 * * *")]);
    let url = format!("{}/emNutt/fhir/CommunicationRequest", ministry.url);
    let asked = reqwest::Client::new().post(url).basic_auth("leaver", Some(&token));
    let asked = asked.header("content-type", "application/json").body(daily.to_string());
    assert_eq!(asked.send().await.expect("an answer").status(), 200);
    ministry.idle().await;
    ministry.pass(SignedDuration::from_hours(24));
    ministry.until("the first day", async || (ministry.got(JAMES).await.len() > before).then_some(())).await;
    ministry.idle().await;
    let before = ministry.got(JAMES).await.len();
    ministry.app.revoke_token(&Caller::system(), "leaver").await.expect("it is taken back");
    ministry.pass(SignedDuration::from_hours(24));
    let refused =
        ministry.until("the refusal", async || ministry.found("CommunicationRequest?status=revoked").await.pop()).await;
    assert!(refused.to_string().contains("was taken back"), "{refused}");
    assert_eq!(ministry.got(JAMES).await.len(), before);
}
