//! Pulls: whole, of changes, and from servers that can't be trusted.

use super::{fake::Fault, *};

#[tokio::test]
async fn everything_comes_in_by_pages_and_changes_alone_later() {
    let fake = filled(25);
    let server = server(&fake, true, &[("page", "10")]);
    let (pulled, heard) = pull(&server, None).await;
    let first = pulled.unwrap();
    assert!(first.whole);
    assert_eq!((heard.records.len(), heard.rejections.len()), (25 + 1 + 1 + 1 + 1, 0), "{:?}", heard.ids());
    assert_eq!(heard.records.iter().filter(|record| is_absence(record)).count(), 1);
    assert!(!heard.ids().contains(&"Basic/salary".to_owned()), "what is not read is not taken");
    fake.store().put(worker("P003", "0880000003"));
    fake.store().remove("Practitioner", "P004");
    fake.store().put(worker("P003", "0880000004"));
    let (pulled, heard) = pull(&server, first.watermark.clone()).await;
    let second = pulled.unwrap();
    assert!(!second.whole && second.watermark > first.watermark);
    let people: Vec<_> = heard.records.iter().filter(|record| record.kind == "Practitioner").collect();
    assert_eq!(people.len(), 1, "the newest state only");
    assert!(people[0].raw.contains("0880000004"));
    assert_eq!(heard.removed, [("Practitioner".to_owned(), "P004".to_owned())]);
    let (_, heard) = pull(&server, second.watermark).await;
    assert!(heard.records.iter().all(|record| record.kind != "PractitionerRole"), "{:?}", heard.ids());
}

#[tokio::test]
async fn without_a_history_changes_come_by_the_instant_of_their_storing() {
    let fake = filled(12);
    fake.fault(Fault::NoHistory);
    let server = server(&fake, false, &[]);
    let (pulled, _) = pull(&server, None).await;
    fake.store().put(worker("P003", "0880000003"));
    let (pulled, heard) = pull(&server, pulled.unwrap().watermark).await;
    assert!(!pulled.unwrap().whole);
    assert_eq!(
        heard.ids().iter().filter(|id| id.starts_with("Practitioner/")).collect::<Vec<_>>(),
        ["Practitioner/P003"]
    );
}

#[tokio::test]
async fn a_server_that_ignores_since_is_read_whole_with_a_remark() {
    for fault in [Fault::IgnoresSince, Fault::IgnoresSinceSilently, Fault::Warns] {
        let fake = filled(12);
        fake.fault(Fault::NoHistory);
        let server = server(&fake, false, &[]);
        let since = pull(&server, None).await.0.unwrap().watermark;
        fake.store().put(worker("P003", "0880000003"));
        fake.fault(fault);
        let (pulled, heard) = pull(&server, since).await;
        assert!(pulled.unwrap().whole, "{fault:?}");
        assert!(heard.said().contains(&"registry-fhir-ignores"), "{fault:?}: {:?}", heard.said());
        assert!(heard.ids().contains(&"Practitioner/P011".to_owned()));
    }
}

#[tokio::test]
async fn pages_in_a_circle_and_without_end_are_not_trusted_and_keep_nothing_else_out() {
    for (fault, said) in [
        (Fault::Loops, "registry-fhir-endless"),
        (Fault::Endless, "registry-fhir-endless"),
        (Fault::Forgets, "registry-fhir-page-lost"),
    ] {
        let fake = filled(25);
        fake.fault(fault);
        let server = server(&fake, false, &[("page", "10")]);
        let (pulled, heard) = pull(&server, None).await;
        match pulled {
            Err(PullError::Untrusted(reason)) => assert_eq!(reason.key, said, "{fault:?}"),
            other => panic!("{fault:?}: {other:?}"),
        }
        assert!(heard.ids().contains(&"PractitionerRole/R1".to_owned()), "{fault:?}");
    }
}

#[tokio::test]
async fn links_of_a_proxy_are_followed_at_our_own_address() {
    let fake = filled(25);
    fake.fault(Fault::BehindProxy);
    let (pulled, heard) = pull(&server(&fake, false, &[("page", "10")]), None).await;
    assert!(pulled.unwrap().whole);
    assert_eq!(heard.ids().iter().filter(|id| id.starts_with("Practitioner/")).count(), 25);
}

#[tokio::test]
async fn a_broken_entry_or_page_stops_nothing_else_and_is_asked_for_again() {
    let fake = filled(25);
    fake.fault(Fault::BrokenEntry);
    let server = server(&fake, false, &[("page", "10")]);
    let (pulled, heard) = pull(&server, None).await;
    assert_eq!(pulled.unwrap(), Pulled { watermark: None, whole: false });
    assert_eq!(heard.rejections.len(), 3, "one a page");
    assert_eq!(heard.ids().iter().filter(|id| id.starts_with("Practitioner/")).count(), 22);
    let fake = filled(25);
    fake.fault(Fault::BrokenPage);
    let (pulled, heard) = pull(&super::server(&fake, false, &[("page", "10")]), None).await;
    assert!(!pulled.unwrap().whole);
    assert_eq!(heard.rejections[0].problem.reason.key, "registry-fhir-page-broken");
    assert_eq!(heard.ids().iter().filter(|id| id.starts_with("Practitioner/")).count(), 24, "the next pages too");
}

#[tokio::test]
async fn too_few_are_no_sign_of_removal() {
    let fake = filled(3);
    fake.fault(Fault::CountsMore);
    let (pulled, heard) = pull(&server(&fake, false, &[]), None).await;
    assert!(!pulled.unwrap().whole);
    assert_eq!(heard.said(), ["registry-fhir-fewer"]);
}

#[tokio::test]
async fn a_registry_that_was_down_goes_on_where_it_was() {
    let fake = filled(12);
    let server = server(&fake, false, &[]);
    let since = pull(&server, None).await.0.unwrap().watermark;
    fake.store().put(worker("P003", "0880000003"));
    fake.fault(Fault::Down);
    for _ in 0..3 {
        let (pulled, heard) = pull(&server, since.clone()).await;
        assert!(matches!(pulled, Err(PullError::Down(_))) && heard.records.is_empty() && heard.removed.is_empty());
    }
    fake.store().faults.clear();
    let (pulled, heard) = pull(&server, since).await;
    assert!(pulled.is_ok() && heard.ids().contains(&"Practitioner/P003".to_owned()));
}

#[tokio::test]
async fn other_settings_begin_anew() {
    let fake = filled(3);
    let since = pull(&server(&fake, false, &[]), None).await.0.unwrap().watermark;
    let (pulled, heard) = pull(&server(&fake, false, &[("types", "Practitioner,Location")]), since).await;
    assert!(pulled.unwrap().whole);
    assert_eq!((heard.said(), heard.records.len()), (vec!["registry-fhir-anew"], 4));
}

#[tokio::test]
async fn a_test_says_in_words_what_is_there() {
    let fake = filled(3);
    let keys = |found: Vec<Reason>| found.into_iter().map(|reason| reason.key).collect::<Vec<_>>();
    let found = server(&fake, false, &[]).check().await.unwrap();
    assert_eq!(keys(found), ["registry-fhir-server", "registry-fhir-people"]);
    fake.fault(Fault::NoHistory);
    let found = server(&fake, true, &[]).check().await.unwrap();
    assert_eq!(
        keys(found),
        ["registry-fhir-server", "registry-fhir-people", "registry-ihris-none", "registry-fhir-no-history"]
    );
    fake.fault(Fault::NoMetadata);
    let found = server(&fake, false, &[]).check().await.unwrap();
    assert_eq!(keys(found), ["registry-fhir-no-metadata", "registry-fhir-people"]);
    fake.fault(Fault::Down);
    assert_eq!(server(&fake, false, &[]).check().await.unwrap_err().key, "registry-fault");
}
