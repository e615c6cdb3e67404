//! The connector against a FHIR server that nobody here wrote.

use mhero_app::ports::{Push, PushOutcome, Target, ValueChange};
use mhero_testkit::{Helios, Medplum, ihris_transactions};

use super::*;

async fn send(url: &str, body: String) {
    let post = reqwest::Client::new().post(url).header("content-type", "application/fhir+json").body(body);
    let answer = post.send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

fn correction(raw: &str, id: &str, old: &str, new: &str) -> Push {
    Push {
        key: format!("change of {id} to {new}"),
        target: Target { kind: "Practitioner".to_owned(), id: id.to_owned(), raw: raw.to_owned() },
        values: vec![ValueChange { field: "phone".to_owned(), old: Some(old.to_owned()), new: new.to_owned() }],
        agent: "health worker".to_owned(),
        recorded: "2026-03-01T10:00:00Z".to_owned(),
        reason: "answered the staff check".to_owned(),
    }
}

#[tokio::test]
async fn an_ihris_on_a_real_server_is_pulled_and_corrected() {
    let (Some(medplum), Some(transactions)) = (Medplum::start(), ihris_transactions()) else { return };
    let server = Server::new(&settings(&medplum.url(), &[("page", "100")]), true).unwrap();
    for transaction in transactions {
        send(&medplum.url(), transaction).await;
    }
    let found = server.check().await.unwrap();
    let keys: Vec<_> = found.iter().map(|reason| reason.key).collect();
    assert_eq!(keys, ["registry-fhir-no-metadata", "registry-fhir-people", "registry-ihris-older"]);
    assert_eq!(found[1].args[0].1, "1007");
    let (pulled, heard) = pull(&server, None).await;
    let first = pulled.unwrap();
    assert!(first.whole && first.watermark.is_some(), "{:?}", heard.said());
    assert_eq!((heard.records.len(), heard.rejections.len()), (2_329, 0));
    // A correction, and the same again.
    let worker =
        heard.records.iter().find(|record| record.kind == "Practitioner" && record.raw.contains("\"phone\"")).unwrap();
    let Content::Person(person) = &worker.content else { panic!("{}", worker.origin) };
    let asked = correction(&worker.raw, &worker.id, &person.phones[0].raw, "+231770999999");
    let PushOutcome::Written { raw: Some(now), .. } = server.push(&asked).await else { panic!("not written") };
    assert!(now.contains("+231770999999"));
    assert!(matches!(server.push(&asked).await, PushOutcome::Written { .. }));
    // Somebody who still has the old record.
    let late = correction(&worker.raw, &worker.id, &person.phones[0].raw, "+231880111111");
    let PushOutcome::Conflict { now: Some(_), values } = server.push(&late).await else { panic!("no conflict") };
    assert_eq!(values, [("phone".to_owned(), "+231770999999".to_owned())]);
    let (_, heard) = pull(&server, first.watermark).await;
    let again = heard.records.iter().find(|record| record.kind == worker.kind && record.id == worker.id).unwrap();
    assert!(again.raw.contains("+231770999999"));
    // The evidence stands beside it.
    let told = server.get(server.client.url("Provenance", &[])).await.unwrap().text();
    assert!(told.contains(&format!("Practitioner/{}/_history/", worker.id)), "{told}");
    // Somebody new, twice.
    let value = |field: &str, new: &str| ValueChange { field: field.to_owned(), old: None, new: new.to_owned() };
    let values = vec![
        value("name", "Fatu Kamara"),
        value("sex", "female"),
        value("birth", "1990-05-06"),
        value("phone", "+231770000077"),
    ];
    let target = Target { kind: "Practitioner".to_owned(), id: String::new(), raw: String::new() };
    let new = Push { key: "candidate-1".to_owned(), target, values, ..asked };
    let (PushOutcome::Written { id, .. }, PushOutcome::Written { id: same, .. }) =
        (server.push(&new).await, server.push(&new).await)
    else {
        panic!("not created")
    };
    assert_eq!(id, same);
}

#[tokio::test]
async fn an_ihris_on_helios_is_pulled_whole_and_by_changes() {
    let (Some(helios), Some(transactions)) = (Helios::start(), ihris_transactions()) else { return };
    let server = Server::new(&settings(&helios.url(), &[("page", "100")]), true).unwrap();
    let began = std::time::Instant::now();
    while server.capability().await.is_err() {
        assert!(began.elapsed().as_secs() < 60, "it does not answer");
    }
    for transaction in transactions {
        send(&helios.url(), transaction).await;
    }
    let (pulled, heard) = pull(&server, None).await;
    let first = pulled.unwrap();
    assert_eq!((first.whole, heard.records.len()), (true, 2_329), "{:?}", heard.said());
    let worker =
        heard.records.iter().find(|record| record.kind == "Practitioner" && record.raw.contains("\"phone\"")).unwrap();
    let Content::Person(person) = &worker.content else { panic!("{}", worker.origin) };
    let asked = correction(&worker.raw, &worker.id, &person.phones[0].raw, "+231770999999");
    assert!(matches!(server.push(&asked).await, PushOutcome::Written { .. }));
    let (_, heard) = pull(&server, first.watermark).await;
    assert!(heard.records.iter().any(|record| record.id == worker.id && record.raw.contains("+231770999999")));
}
