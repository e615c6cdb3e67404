//! OpenHIM as of 4.x, which lets in by the salted token alone, and requests that come through it.

use mhero_exchange::{
    journal::Journal,
    openhim::{LoginWay, Mediator, MediatorSettings, OpenHimError, token_login},
};

use crate::bench::{Bench, json};

fn mediator(journal: &Journal) -> Mediator {
    let settings = MediatorSettings {
        url: "https://openhim.example:8080".into(),
        user: "root@openhim.example".into(),
        password: "secret".into(),
        login: LoginWay::Auto,
        urn: "urn:mediator:mhero".into(),
        name: "mHero".into(),
        version: "0.1.0".into(),
        host: "mhero".into(),
        port: 8080,
        secured: false,
        client: "openhim".into(),
        wraps: true,
        shows_bodies: false,
    };
    Mediator::new(journal.clone(), settings)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_registers_takes_settings_over_and_a_rerun_there_sends_no_second_sms() {
    let mut known = None;
    let bench = Bench::new(None, |journal| {
        known = Some(mediator(journal));
        known.clone()
    })
    .await;
    let mediator = known.expect("a mediator");
    let (other, salt) = (&bench.other, r#"{"salt":"abc","ts":"2026-05-14T09:00:00.000Z"}"#);
    // Registration: Basic is refused, the token is let in.
    other.will(401, "");
    other.will(200, salt);
    other.will(201, "");
    // The first heartbeat: the way is known.
    other.will(200, salt);
    other.will(200, r#"{"sources":"iHRIS","bodies":"all","wait_seconds":5}"#);
    let mut is_registered = false;
    mediator.speak(&mut is_registered).await.expect("it is heard");
    let login = "GET :8080/authenticate/root%40openhim.example";
    let beat = "POST :8080/mediators/urn%3Amediator%3Amhero/heartbeat";
    let register = "POST :8080/mediators";
    assert_eq!(other.paths(), [register, login, register, login, beat]);
    let sent = other.asked.lock().unwrap()[2].clone();
    let header = |name: &str| sent.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let wanted = token_login(
        "root@openhim.example",
        "secret",
        ("abc", "2026-05-14T09:00:00.000Z"),
        header("auth-salt").expect("a salt"),
    );
    assert_eq!(header("auth-token"), Some(wanted[3].1.as_str()));
    let document = json(&sent.body);
    assert_eq!((document["urn"].as_str(), document["version"].as_str()), (Some("urn:mediator:mhero"), Some("0.1.0")));
    let defined: Vec<_> = document["configDefs"].as_array().unwrap().iter().map(|def| def["param"].clone()).collect();
    let set: Vec<_> = document["config"].as_object().unwrap().keys().cloned().map(serde_json::Value::from).collect();
    assert_eq!(defined, set, "every value has its definition");
    let state = mediator.state();
    assert_eq!((state.pushed.sources.as_str(), state.pushed.wait_seconds), ("iHRIS", 5));
    assert_eq!(bench.journal.bodies().as_str(), "all", "what an operator sets counts at once");
    // Somebody removed it there.
    other.will(200, salt);
    other.will(404, "");
    assert_eq!(mediator.speak(&mut is_registered).await, Err(OpenHimError::Unknown));
    assert!(!is_registered);
    passes_on(&bench).await;
}

/// Through OpenHIM: the answer says what was called; the same transaction asked again does nothing.
async fn passes_on(bench: &Bench) {
    let token = format!("Bearer {}", bench.token("openhim").await);
    let stranger = format!("Bearer {}", bench.token("other").await);
    let send = ("POST", "/fhir/CommunicationRequest");
    let own = [("authorization", token.as_str()), ("x-openhim-transactionid", "t1")];
    let first = bench.ask(send, &own, "hello").await;
    assert_eq!(first.1["content-type"], "application/json+openhim");
    let answer = json(&first.2);
    assert_eq!((answer["status"].as_str(), answer["response"]["status"].as_u64()), (Some("Successful"), Some(201)));
    assert_eq!(answer["response"]["body"], "sent 1");
    assert_eq!(answer["x-mediator-urn"], "urn:mediator:mhero");
    bench.journal.flush().await;
    let again = [own[0], ("x-openhim-transactionid", "t2"), ("parentid", "t1")];
    assert_eq!(json(&bench.ask(send, &again, "hello").await.2)["response"]["body"], "sent 1");
    bench.journal.flush().await;
    let grandchild = [own[0], ("x-openhim-transactionid", "t3"), ("parentid", "t2")];
    assert_eq!(json(&bench.ask(send, &grandchild, "hello").await.2)["response"]["body"], "sent 1");
    assert_eq!(bench.sent(), 1, "a rerun, and a rerun of the rerun, send nothing");
    // Others can't say that they come through it.
    let posing = [("authorization", stranger.as_str()), ("x-openhim-transactionid", "t1")];
    let answer = bench.ask(send, &posing, "hello").await;
    assert_eq!((answer.0, answer.2.as_str(), bench.sent()), (201, "sent 2", 2));
    // Polling: no registry of that name; then none at all, which is read at once.
    let poll = bench.ask(("GET", "/openhim/poll"), &own[..1], "").await;
    assert_eq!(poll.0, 404, "iHRIS is set in OpenHIM and not known here: {}", poll.2);
    assert_eq!(bench.ask(("GET", "/openhim/poll"), &[], "").await.0, 401);
}
