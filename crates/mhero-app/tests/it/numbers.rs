//! Health of numbers: what arrives, fails or is denied decides.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    numbers::{NumberState, Operator, Operators},
    people::ImportOptions,
    ports::Report,
};

use crate::{
    common::{TestApp, engines},
    linking::Worker,
};

const MARTHA: &str = "+231770000001";

/// Messages of threads to a phone, one a day, with what its carrier says.
async fn write_to(t: &TestApp, from: &str) {
    t.hear(from, "we have no gloves since monday").await;
    let threads = t.app.threads(&Caller::system(), "open", mhero_store::ThreadFilter::Waiting, i64::MAX, 10).await;
    let thread = threads.expect("threads").first().expect("a thread").id;
    t.app.answer(&Caller::system(), thread, "they come", &format!("key-{from}")).await.expect("answered");
    t.app.run_until_idle().await.expect("idle");
    t.hand.advance(SignedDuration::from_secs(30));
    t.app.run_until_idle().await.expect("idle");
}

async fn states(t: &TestApp) -> BTreeMap<NumberState, i64> {
    t.app.number_health(&Caller::system()).await.expect("counts").counts
}

#[tokio::test]
pub(crate) async fn evidence_tells_the_state_of_a_number() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[
            ("P1", "Martha Kollie", "en", &["0770000001"]),
            ("P2", "Fatu Kpanna", "en", &["0770000002"]),
            ("P3", "Ruth Sumo", "en", &["0770000002"]),
            ("P4", "James Flomo", "en", &["12345"]),
            ("P5", "Mary Kollie", "en", &[]),
        ])
        .await;
        assert_eq!(states(&t).await, [(NumberState::Invalid, 1), (NumberState::Never, 3)].into(), "{engine:?}");
        write_to(&t, MARTHA).await;
        assert_eq!(states(&t).await[&NumberState::Works], 1, "{engine:?}");
        let health = t.app.number_health(&Caller::system()).await.expect("counts");
        assert_eq!(health.people_without, 1);
        let shared = t.app.shared_numbers_list(&Caller::system(), "").await.expect("a list");
        assert_eq!(shared.len(), 1);
        assert_eq!(shared[0].people.len(), 2);
        let works = t.app.numbers(&Caller::system(), Some(NumberState::Works), None).await.expect("a list");
        assert_eq!(works.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Martha Kollie"]);
        let count = |q: &'static str| {
            let app = t.app.clone();
            async move {
                let asked = mhero_app::people::PeopleAsked { query: q, ..Default::default() };
                app.count_people(&Caller::system(), &asked).await.expect("a count").matched
            }
        };
        assert_eq!(count("number_health = works").await, 1, "{engine:?}");
        assert_eq!(count("number_health = never").await, 2, "{engine:?}");
        assert_eq!(count("number_health = invalid").await, 1, "{engine:?}");
        assert_eq!(count("number_health = failing").await, 0, "{engine:?}");
        assert_eq!(count("number_health = verified").await, 0, "{engine:?}");
        assert_eq!(count("number_health = tried").await, 0, "{engine:?}");
    }
}

#[tokio::test]
pub(crate) async fn who_is_not_the_person_is_left_in_peace_and_the_number_leaves_the_record() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let person = t.app.find_person(&Caller::system(), "0770000001").await.expect("a person");
        t.hear(MARTHA, "NOTME").await;
        assert_eq!(states(&t).await, [(NumberState::Wrong, 1)].into(), "{engine:?}");
        let query = "number_health = wrong AND phone = \"\"";
        let asked = mhero_app::people::PeopleAsked { query, ..Default::default() };
        let count = t.app.count_people(&Caller::system(), &asked).await.expect("a count");
        assert_eq!(count.matched, 1, "marked, and no longer reachable");
        // The registry says the same number again: it does not come back.
        t.people(&[("P1", "Martha Kollie-Weah", "en", &["0770000001"])]).await;
        assert_eq!(states(&t).await, [(NumberState::Wrong, 1)].into(), "{engine:?}");
        assert_eq!(t.app.numbers_are_theirs(&Caller::system(), person).await.expect("given back"), 1);
        assert_eq!(states(&t).await.get(&NumberState::Wrong), None, "{engine:?}");
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        assert_eq!(states(&t).await.get(&NumberState::Wrong), None, "{engine:?}");
    }
}

/// Somebody who works in a district below Nzerekore.
fn worker(id: &str, district: &'static str, phone: &str) -> Worker {
    Worker {
        id: id.into(),
        given: "Martha".into(),
        family: id.into(),
        birth: None,
        phones: vec![phone.into()],
        national: None,
        district,
        village: None,
    }
}

#[tokio::test]
pub(crate) async fn reach_is_counted_by_place_operator_and_day_once() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let caller = Caller::system();
        let named = |name: &str, prefix: &str| Operator { name: name.into(), prefixes: vec![prefix.into()] };
        t.app
            .set_operators(&caller, &Operators(vec![named("Sewacel", "+23177"), named("Northtel", "+23188")]))
            .await
            .expect("set");
        let wrong = named("X", "077");
        assert!(t.app.set_operators(&caller, &Operators(vec![wrong])).await.is_err(), "no plus sign");
        let people = [
            worker("A", "Lola", "0770000001"),
            worker("B", "Beyla", "0886000002"),
            worker("C", "Lola", "0886000003"),
            worker("D", "Beyla", "0770000004"),
        ];
        let records: Vec<_> = people.iter().map(|worker| Ok(worker.record("row"))).collect();
        t.app.import(&caller, "hr", records.into_iter(), &ImportOptions::default()).await.expect("an import");
        for number in ["+231770000001", "+231886000002", "+231886000003", "+231770000004"] {
            write_to(&t, number).await;
        }
        let reach = async || t.app.reach(&caller, 7).await.expect("reach");
        assert_eq!(reach().await, (vec![], vec![], vec![]), "{engine:?}: what is under way is no reach");
        // Of four that left, two arrive, one fails, and of one nothing is heard.
        let says = async |number: &str, report: Report| {
            let texts = t.fake.texts();
            let at = texts.iter().rposition(|(to, text)| to == number && text == "they come").expect("it left");
            t.app.report(t.channel, &format!("c{}", at + 1), report).await.expect("taken");
        };
        says("+231770000001", Report::Delivered).await;
        says("+231886000002", Report::Failed { reason: "absent".into() }).await;
        says("+231886000003", Report::Delivered).await;
        for _ in 0..2 {
            t.hand.advance(SignedDuration::from_secs(30));
            t.app.run_until_idle().await.expect("idle");
        }
        let (places, operators, days) = reach().await;
        let place = |name: &str| {
            let found = places
                .iter()
                .find(|share| share.place.as_ref().is_some_and(|names| names.best(mhero_core::Lang::ENGLISH) == name));
            found.map(|share| (share.tried, share.delivered, share.failed))
        };
        assert_eq!((place("Lola"), place("Beyla"), places.len()), (Some((2, 2, 0)), Some((1, 0, 1)), 2), "{engine:?}");
        let of: BTreeMap<_, _> = operators
            .iter()
            .map(|share| (share.operator.as_str(), (share.tried, share.delivered, share.failed)))
            .collect();
        assert_eq!(of, [("Northtel", (2, 1, 1)), ("Sewacel", (1, 1, 0))].into());
        assert_eq!(days, [("2026-05-14".to_owned(), 3, 2)]);
        // The next day is a day of its own, and nothing is counted twice.
        t.hand.advance(SignedDuration::from_hours(24));
        says("+231770000004", Report::Delivered).await;
        for _ in 0..2 {
            t.hand.advance(SignedDuration::from_secs(30));
            t.app.run_until_idle().await.expect("idle");
        }
        let (_, operators, days) = reach().await;
        assert_eq!(operators.iter().map(|share| share.delivered).sum::<i64>(), 3);
        assert_eq!(days, [("2026-05-14".to_owned(), 3, 2), ("2026-05-15".to_owned(), 1, 1)]);
        let health = states(&t).await;
        assert_eq!(health, [(NumberState::Failing, 1), (NumberState::Works, 3)].into(), "{engine:?}");
    }
}
