//! What each driver hands over, as its gateway sees it.

use mhero_app::ports::{Outcome, Parts};
use mhero_testkit::Reply;
use serde_json::{Value, json};

use crate::{Line, outgoing};

const TEXT: &str = "Présence à 8 h? Répondez 1=oui & 2=non";

fn id(outcome: Outcome) -> Option<String> {
    match outcome {
        Outcome::Accepted { carrier_id } => carrier_id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_external_gateway_gets_its_template() {
    let body = r#"{"ref":{{uuid}},"to":{{to_no_plus}},"from":{{from}},"text":{{text}}}"#;
    let further = [("body", body), ("headers", "X-Key: abc"), ("send_authorization", "Bearer t0ken")];
    let line = Line::of("external", &further).await;
    assert_eq!(id(line.carrier.submit(&outgoing(1, TEXT)).await), None);
    let asked = line.operator.asked().remove(0);
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/send"));
    assert_eq!((asked.header("x-key"), asked.header("authorization")), (Some("abc"), Some("Bearer t0ken")));
    let read: Value = serde_json::from_slice(&asked.body).expect("JSON");
    let submission = outgoing(1, TEXT).submission.to_string();
    assert_eq!(read, json!({ "ref": submission, "to": "231770000001", "from": "MOH", "text": TEXT }));
    assert_eq!(line.carrier.parts(), Parts::Within(160));
    line.operator.script([Reply::new(200, "text/plain", "ERR no such number")]);
    let refused = line.carrier.submit(&outgoing(1, TEXT)).await;
    assert!(matches!(refused, Outcome::Refused { reason } if reason == "external-not-confirmed"));
    assert!(line.carrier.check().await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn africas_talking_gets_its_form() {
    let line = Line::of("africastalking", &[]).await;
    assert_eq!(id(line.carrier.submit(&outgoing(1, TEXT)).await).as_deref(), Some("ATXid_1"));
    let asked = line.operator.asked().remove(0);
    assert_eq!((asked.header("apikey"), asked.header("accept")), (Some("k3y"), Some("application/json")));
    let form = asked.text();
    assert!(form.starts_with("username=moh&to=%2B231770000001&message=Pr%C3%A9sence%20"), "{form}");
    assert!(form.ends_with("&from=MOH"), "{form}");
    let remarks = line.carrier.check().await.expect("it works");
    assert_eq!(remarks.iter().map(|remark| remark.key).collect::<Vec<_>>(), ["http-balance", "http-no-callback"]);
    let count = line.operator.asked().len();
    for _ in 0..3 {
        assert_eq!(line.carrier.facts().await.iter().map(|fact| fact.key).collect::<Vec<_>>(), ["http-balance"]);
    }
    assert_eq!(line.operator.asked().len(), count + 1, "a page that is looked at again does not ask again");
    let shared = Line::of("africastalking", &[("shared", "yes")]).await;
    id(shared.carrier.submit(&outgoing(1, TEXT)).await);
    assert!(!shared.operator.asked()[0].text().contains("from="));
}

#[tokio::test(flavor = "multi_thread")]
async fn twilio_gets_its_form_with_where_to_report() {
    let line = Line::of("twilio", &[("callback", "https://mhero.example.org")]).await;
    assert_eq!(id(line.carrier.submit(&outgoing(1, TEXT)).await).as_deref(), Some("SM1"));
    let asked = line.operator.asked().remove(0);
    assert_eq!(asked.path, "/2010-04-01/Accounts/AC0123/Messages.json");
    assert_eq!(asked.header("authorization"), Some("Basic QUMwMTIzOjEyMzQ1"));
    let form = asked.text();
    assert!(form.starts_with("To=%2B231770000001&From=MOH&Body=Pr%C3%A9sence"), "{form}");
    let submission = outgoing(1, TEXT).submission;
    let report_to = format!("status%3Fuuid%3D{submission}%26action%3Dcallback");
    assert!(form.contains("StatusCallback=https%3A%2F%2Fmhero.example.org%2Fc%2Ft%2F"), "{form}");
    assert!(form.ends_with(&report_to), "{form}");
    let service = Line::of("twilio", &[("messaging_service_sid", "MG77"), ("numbers", "whatsapp")]).await;
    id(service.carrier.submit(&outgoing(1, TEXT)).await);
    let form = service.operator.asked()[0].text();
    assert!(form.starts_with("To=whatsapp%3A%2B231770000001&MessagingServiceSid=MG77&"), "{form}");
    line.operator.script([Reply::json(400, json!({ "code": 21610, "message": "unsubscribed", "status": 400 }))]);
    let stopped = line.carrier.submit(&outgoing(1, TEXT)).await;
    assert!(matches!(stopped, Outcome::Stopped { .. }), "{stopped:?}");
    assert!(line.carrier.check().await.expect("it works").iter().any(|remark| remark.key == "http-balance"));
}

#[tokio::test(flavor = "multi_thread")]
async fn infobip_vonage_and_whatsapp_get_our_id() {
    let submission = outgoing(1, TEXT).submission.to_string();
    let infobip = Line::of("infobip", &[("callback", "https://mhero.example.org")]).await;
    assert_eq!(id(infobip.carrier.submit(&outgoing(1, TEXT)).await), Some(submission.clone()));
    let asked = infobip.operator.asked().remove(0);
    assert_eq!((asked.path.as_str(), asked.header("authorization")), ("/sms/3/messages", Some("App k3y")));
    let message = &serde_json::from_slice::<Value>(&asked.body).expect("JSON")["messages"][0];
    assert_eq!((&message["sender"], &message["content"]), (&json!("MOH"), &json!({ "text": TEXT })));
    assert_eq!(message["destinations"], json!([{ "to": "231770000001", "messageId": submission }]));
    assert!(message["webhooks"]["delivery"]["url"].as_str().expect("an address").contains("/c/ib/"));
    assert_eq!(message["webhooks"]["contentType"], "application/json");

    let vonage = Line::of("vonage", &[]).await;
    assert_eq!(id(vonage.carrier.submit(&outgoing(1, TEXT)).await).as_deref(), Some("V1"));
    id(vonage.carrier.submit(&outgoing(1, "Ébola: صحة")).await);
    let forms: Vec<String> = vonage.operator.asked().iter().map(mhero_testkit::Asked::text).collect();
    assert!(forms[0].contains(&format!("&type=text&client-ref={submission}")), "{}", forms[0]);
    assert!(forms[1].contains("&type=unicode&"), "{}", forms[1]);

    let whatsapp = Line::of("whatsapp", &[("template", "notice"), ("template_language", "fr")]).await;
    assert_eq!(id(whatsapp.carrier.submit(&outgoing(1, "deux\nlignes")).await).as_deref(), Some("wamid.1"));
    let heard_at = Some("2026-11-21T09:30:00Z".parse().expect("an instant"));
    id(whatsapp.carrier.submit(&mhero_app::ports::Outgoing { heard_at, ..outgoing(1, TEXT) }).await);
    let asked = whatsapp.operator.asked();
    assert_eq!((asked[0].path.as_str(), asked[0].header("authorization")), ("/1065/messages", Some("Bearer t0ken")));
    let said: Vec<Value> = asked.iter().map(|asked| serde_json::from_slice(&asked.body).expect("JSON")).collect();
    assert_eq!((&said[0]["type"], &said[0]["to"]), (&json!("template"), &json!("231770000001")));
    assert_eq!(said[0]["template"]["components"][0]["parameters"][0]["text"], "deux lignes");
    assert_eq!(said[0]["biz_opaque_callback_data"], submission);
    assert_eq!(said[1]["text"]["body"], TEXT);
    let user = mhero_core::Urn::new("bsuid", "LR.134912").expect("an address");
    id(whatsapp.carrier.submit(&mhero_app::ports::Outgoing { to: user, ..outgoing(1, TEXT) }).await);
    let said: Value = serde_json::from_slice(&whatsapp.operator.asked()[2].body).expect("JSON");
    assert_eq!((&said["recipient"], said.get("to")), (&json!("LR.134912"), None), "who has a user name");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatsapp_gets_templates_for_those_who_have_not_written_for_a_day() {
    use mhero_core::{Lane, Lang};
    let line = Line::of("whatsapp", &[("template", "notice"), ("template_language", "en, fr_FR")]).await;
    assert!(line.carrier.asks_heard());
    let said = async |lane: Lane, heard: Option<&str>, language: Option<Lang>| {
        let heard_at = heard.map(|at| at.parse().expect("an instant"));
        let text = mhero_app::ports::Outgoing { lane, heard_at, language, ..outgoing(1, TEXT) };
        id(line.carrier.submit(&text).await);
        let asked = line.operator.asked().pop().expect("it asked");
        let said: Value = serde_json::from_slice(&asked.body).expect("JSON");
        said["template"]["language"]["code"].as_str().unwrap_or("free").to_owned()
    };
    for lane in [Lane::Reply, Lane::Bulk] {
        assert_eq!(said(lane, Some("2026-11-21T09:30:00Z"), None).await, "free", "half an hour is left");
        assert_eq!(said(lane, Some("2026-11-21T09:01:00Z"), None).await, "en", "it would come too late");
        assert_eq!(said(lane, None, Some(Lang::FRENCH)).await, "fr_FR");
        assert_eq!(said(lane, None, Some(Lang::PORTUGUESE)).await, "en", "it is approved in no such language");
    }
    assert!(!Line::of("whatsapp", &[]).await.carrier.asks_heard());
}

#[tokio::test(flavor = "multi_thread")]
async fn gateways_are_told_how_long_a_text_is_worth_sending() {
    use jiff::SignedDuration;
    let text = outgoing(1, TEXT);
    let told = async |kind: &str, minutes: i64| {
        let line = Line::of(kind, &[]).await;
        id(line.carrier.submit_within(&text, Some(SignedDuration::from_mins(minutes))).await);
        line.operator.asked().remove(0).text()
    };
    assert!(told("twilio", 90).await.ends_with("&ValidityPeriod=5400"));
    assert!(told("twilio", 0).await.ends_with("&ValidityPeriod=60"));
    assert!(!told("twilio", 601).await.contains("ValidityPeriod"), "it keeps no text longer than ten hours");
    assert!(told("vonage", 90).await.contains("&ttl=5400000&"));
    assert!(told("vonage", 20_000).await.contains("&ttl=604800000&"), "a week at most");
    let infobip = |minutes: u32| json!({ "validityPeriod": { "amount": minutes, "timeUnit": "MINUTES" } });
    for (asked, expected) in [(90, 90), (4_000, 2_880)] {
        let body: Value = serde_json::from_str(&told("infobip", asked).await).expect("JSON");
        assert_eq!(body["messages"][0]["options"], infobip(expected));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aggregator_of_a_file_gets_what_the_file_says() {
    let line = Line::of("template", &[]).await;
    assert_eq!(id(line.carrier.submit(&outgoing(1, TEXT)).await).as_deref(), Some("V1"));
    let asked = line.operator.asked().remove(0);
    assert_eq!((asked.path.as_str(), asked.header("x-key")), ("/sms/json", Some("k3y")));
    let read: Value = serde_json::from_slice(&asked.body).expect("JSON");
    assert_eq!(read, json!({ "to": "+231770000001", "text": TEXT }));
}
