//! ITI-84 and ITI-85: a request is sent once, and what comes of it is read.

use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::ministry::{JAMES, MARTHA, Ministry, engines};

const SYSTEM: &str = "http://ihe.net/fhir/CodeSystem/IHE_mACM_AlertCategory";

fn alert(title: &str, recipients: &[&str]) -> Value {
    let recipients: Vec<Value> = recipients.iter().map(|name| json!({ "reference": name })).collect();
    let mut request = json!({
        "resourceType": "CommunicationRequest", "status": "active", "priority": "urgent",
        "category": [{ "coding": [{ "system": SYSTEM, "code": "alert" }] }],
        "payload": [{ "contentAttachment": { "contentType": "text/plain", "language": "en", "title": title } }],
    });
    if !recipients.is_empty() {
        request["recipient"] = json!(recipients);
    }
    request
}

fn status_and_words(answer: &Value) -> String {
    answer["issue"].as_array().into_iter().flatten().filter_map(|one| one["diagnostics"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_goes_out_once_and_its_fate_is_read() {
    for engine in engines() {
        let ministry = Ministry::new(engine).await;
        sent_once(&ministry).await;
        refused_where_it_can_be_known(&ministry).await;
        later_and_taken_back(&ministry).await;
        heard_of_their_own_accord(&ministry).await;
    }
}

/// S34, and S05 for a place: the same identifier again starts nothing.
async fn sent_once(ministry: &Ministry) {
    let mut request = alert("Cholera in D1: boil water", &["Location/D1"]);
    request["identifier"] = json!([{ "system": "http://moh.example/alerts", "value": "A-1" }]);
    let (status, made) = ministry.send(Method::POST, "/fhir/CommunicationRequest", &request).await;
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().expect("an id").to_owned();
    let (status, again) = ministry.send(Method::POST, "/fhir/CommunicationRequest", &request).await;
    assert_eq!((status.as_u16(), again["id"].as_str()), (200, Some(id.as_str())));
    let told = ministry
        .until("told done", async || {
            let found = ministry.found(&format!("Communication?based-on=CommunicationRequest/{id}")).await;
            (found.len() == 2 && found.iter().all(|one| one["status"] == "completed")).then_some(found)
        })
        .await;
    for phone in [MARTHA, JAMES] {
        assert_eq!(ministry.got(phone).await, ["Cholera in D1: boil water"]);
    }
    for one in &told {
        assert_eq!(one["payload"][0]["contentString"], "Cholera in D1: boil water");
        assert!(one["sent"].is_string() && one["received"].is_string(), "{one}");
        let issues = mhero_fhir_check(one);
        assert!(issues.is_empty(), "{issues:?}");
    }
    assert_eq!(ministry.found("Communication?recipient=Practitioner/P1&status=completed").await.len(), 1);
    only_read(ministry, &told[0]).await;
    ministry
        .until("done", async || {
            let request = ministry.get(&format!("/fhir/CommunicationRequest/{id}")).await;
            (request["status"] == "completed").then_some(())
        })
        .await;
    // A later version of it changes nothing: what is sent is sent.
    let mut changed = ministry.get(&format!("/fhir/CommunicationRequest/{id}")).await;
    changed["status"] = json!("active");
    changed["payload"][0]["contentAttachment"]["title"] = json!("Other words");
    let (status, _) = ministry.send(Method::PUT, &format!("/fhir/CommunicationRequest/{id}"), &changed).await;
    assert_eq!(status, 200);
    ministry.idle().await;
    assert_eq!(ministry.got(MARTHA).await.len(), 1);
    // An answer belongs to it.
    ministry.write(MARTHA, "We have no chlorine").await;
    let answers = ministry.found("Communication?sender=Practitioner/P1").await;
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0]["payload"][0]["contentString"], "We have no chlorine");
    assert_eq!(answers[0]["inResponseTo"].as_array().map(Vec::len), Some(1), "{}", answers[0]);
    assert_eq!(answers[0]["basedOn"][0]["reference"], format!("CommunicationRequest/{id}"));
}

/// What shows a message is nobody's to write, and nobody reads a text by a mark of their own making.
async fn only_read(ministry: &Ministry, shown: &Value) {
    let path = format!("/fhir/Communication/{}", shown["id"].as_str().expect("an id"));
    assert_eq!(ministry.send(Method::PUT, &path, shown).await.0, 403);
    assert_eq!(ministry.send(Method::DELETE, &path, &Value::Null).await.0, 403);
    let mark = format!("mhero:text:{}", "0".repeat(64));
    let own = json!({ "resourceType": "Communication", "id": "own", "status": "completed", "payload": [{ "contentString": mark }] });
    assert_eq!(ministry.send(Method::PUT, "/fhir/Communication/own", &own).await.0, 201);
    assert_eq!(ministry.get("/fhir/Communication/own").await["payload"][0]["contentString"], mark.as_str());
}

fn mhero_fhir_check(resource: &Value) -> Vec<String> {
    let issues = mhero_fhir::check(resource, mhero_fhir::Limits::default());
    issues.into_iter().filter(mhero_fhir::Issue::is_error).map(|issue| issue.diagnostics).collect()
}

async fn refused_where_it_can_be_known(ministry: &Ministry) {
    let before = ministry.got(MARTHA).await.len();
    let mut nothing = alert("x", &["Practitioner/P1"]);
    nothing["payload"] = json!([]);
    let mut flow = alert("x", &["Practitioner/P1"]);
    flow["payload"] = json!([{ "contentReference": { "reference": "Basic/0b8f0c9e-6f57-4a0e-9d0e-0f5a1f8a7c11" } }]);
    let mut wrong_text = alert("Hello @contact.nme", &["Practitioner/P1"]);
    wrong_text["priority"] = json!("routine");
    for (request, words) in [
        (alert("x", &["Practitioner/P9"]), "P9"),
        (alert("x", &["Practitioner/P1", "Group/none"]), "Group/none"),
        (alert("x", &[]), "to whom"),
        (alert("x", &["Practitioner/P3"]), "nobody would be reached"),
        (flow, "there is no flow"),
        (wrong_text, "expr-unknown-name"),
        (nothing, ""),
    ] {
        let (status, said) = ministry.send(Method::POST, "/fhir/CommunicationRequest", &request).await;
        assert_eq!(status, 400, "{request} {said}");
        assert_eq!(said["resourceType"], "OperationOutcome");
        assert!(status_and_words(&said).contains(words), "{words}: {said}");
    }
    ministry.idle().await;
    assert_eq!(ministry.got(MARTHA).await.len(), before, "nothing was sent");
}

async fn later_and_taken_back(ministry: &Ministry) {
    let before = ministry.got(JAMES).await.len();
    let at = (ministry.now() + SignedDuration::from_hours(2)).to_string();
    let mut ids = Vec::new();
    for words in ["later", "never"] {
        let mut request = alert(words, &["Practitioner/P2"]);
        request["occurrenceDateTime"] = json!(at);
        let (status, made) = ministry.send(Method::POST, "/fhir/CommunicationRequest", &request).await;
        assert_eq!(status, 201, "{made}");
        ids.push(made["id"].as_str().expect("an id").to_owned());
    }
    ministry.idle().await;
    assert_eq!(ministry.got(JAMES).await.len(), before);
    let planned = format!("/fhir/CommunicationRequest/{}", ids[0]);
    let mut other = ministry.get(&planned).await;
    other["occurrenceDateTime"] = json!((ministry.now() + SignedDuration::from_hours(9)).to_string());
    let (status, said) = ministry.send(Method::PUT, &planned, &other).await;
    assert_eq!(status, 400, "{said}");
    let path = format!("/fhir/CommunicationRequest/{}", ids[1]);
    let mut revoked = ministry.get(&path).await;
    revoked["status"] = json!("revoked");
    assert_eq!(ministry.send(Method::PUT, &path, &revoked).await.0, 200);
    ministry.idle().await;
    ministry.pass(SignedDuration::from_hours(3));
    ministry.until("later", async || (ministry.got(JAMES).await.len() > before).then_some(())).await;
    ministry.idle().await;
    assert_eq!(ministry.got(JAMES).await[before..], ["later"]);
}

/// What nobody asked for is shown as well, and a stranger too.
async fn heard_of_their_own_accord(ministry: &Ministry) {
    ministry.write("+231770000077", "Who are you?").await;
    let inbox = "Communication?category=http://ihris.org/fhir/CodeSystem/message-category%7Cinbox";
    let found = ministry.found(inbox).await;
    let stranger = found.iter().find(|one| one["payload"][0]["contentString"] == "Who are you?");
    let stranger = stranger.expect("the stranger is shown");
    assert_eq!(stranger["sender"]["identifier"]["value"], "tel:+231770000077");
}
