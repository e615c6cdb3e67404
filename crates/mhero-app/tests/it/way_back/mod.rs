//! What people say of their records, on its way to the registry: stories S23 to S26.

pub(crate) mod facility;
mod joins;
mod registry;
mod scope;
pub(crate) mod stories;

use std::sync::Arc;

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    people::NewSource,
    sync::SyncOptions,
    way_back::{Decided, Decision, QueueRow, Shelf},
};
use mhero_core::{
    Lang, LangMap, PersonId,
    record::{Content, PersonRecord, PlaceRecord, PositionRecord, Ref},
};
use mhero_store::{Engine, Statement};

use crate::common::TestApp;
use registry::{Hr, Mood, job, phone, place_ref};

static HEALTH: Statement = Statement::both(
    "test::way_back_health",
    "SELECT verified_at IS NOT NULL, wrong_since IS NOT NULL FROM number_health WHERE path = $1",
);

/// Martha's phone.
const MARTHA: &str = "+231770000001";
/// The supervisor's phone.
const SUPERVISOR: &str = "+231770000002";

/// An application with a registry, two clinics and two people, and the library.
struct Bench {
    test: TestApp,
    hr: Hr,
}

impl Bench {
    async fn new(engine: Engine) -> Self {
        let hr = Hr::default();
        let test = TestApp::with_connector(engine, Arc::new(hr.clone())).await;
        let reports = test.app.load_library(&Caller::system()).await.expect("the library");
        assert!(reports.iter().all(|(_, report)| report.refused().next().is_none()));
        for (id, name) in [("1041", "Fissebu Clinic"), ("1042", "Borkeza Clinic"), ("1043", "Zolowo Clinic")] {
            let place = PlaceRecord {
                name: LangMap::one(Lang::ENGLISH, name),
                is_facility: true,
                active: true,
                ..PlaceRecord::default()
            };
            hr.put("Location", id, Content::Place(place));
        }
        for (id, name, number) in [("P1", "Martha Kollie", "0770000001"), ("P2", "Saye Dolo", "0770000002")] {
            let person = PersonRecord {
                name: name.into(),
                language: Some(Lang::ENGLISH),
                active: true,
                phones: vec![phone(number)],
                ..PersonRecord::default()
            };
            hr.put("Practitioner", id, Content::Person(Box::new(person)));
            let position = PositionRecord {
                person: Some(Ref::Id { kind: "Practitioner".into(), id: id.into() }),
                place: Some(place_ref("Location/1041")),
                job: Some(job("Midwife")),
                active: true,
                ..PositionRecord::default()
            };
            hr.put("PractitionerRole", &format!("R-{id}"), Content::Position(position));
        }
        let bench = Self { test, hr };
        let url = Some("https://hr.example".to_owned());
        let new = NewSource { name: "hr".into(), kind: "fake".into(), url, config: vec![], rank: None };
        bench.test.app.add_source(&Caller::system(), &new).await.expect("a source");
        bench.pull().await;
        bench.idle().await;
        bench
    }

    async fn pull(&self) {
        self.test.app.sync(&Caller::system(), "hr", &SyncOptions::default()).await.expect("a run");
    }

    async fn idle(&self) {
        self.test.app.run_until_idle().await.expect("idle");
    }

    /// Lets time pass, and does what is due.
    async fn pass(&self, time: SignedDuration) {
        self.test.hand.advance(time);
        let micros = i64::try_from(time.as_micros()).expect("a short time");
        if self.test.app.store().engine() == Engine::Postgres {
            self.test.app.store().shift_lease_time(micros);
        }
        self.idle().await;
        self.test.app.sync_pass().await.expect("a pass");
        self.idle().await;
    }

    async fn person(&self, text: &str) -> PersonId {
        self.test.app.find_person(&Caller::system(), text).await.expect("a person")
    }

    async fn hear_all(&self, from: &str, texts: &[&str]) {
        for text in texts {
            self.test.hear(from, text).await;
            self.test.hand.advance(SignedDuration::from_secs(5));
        }
        self.idle().await;
    }

    /// Martha says that she moved, is a nurse now and has a second number.
    async fn martha_answers(&self) {
        self.hear_all(MARTHA, &["RECORD", "2", "Borkeza Clinic", "1", "0770000099", "1"]).await;
    }

    async fn shelf(&self, shelf: Shelf) -> Vec<QueueRow> {
        self.test.app.proposals(&Caller::system(), shelf, None, 50).await.expect("the queue")
    }

    async fn of(&self, field: &str) -> QueueRow {
        let mut rows = Vec::new();
        for shelf in [Shelf::All, Shelf::Way, Shelf::Done] {
            rows.extend(self.shelf(shelf).await);
        }
        rows.into_iter().find(|row| row.row.proposal.field == field).expect("a proposal")
    }

    async fn decide(&self, rows: &[QueueRow], decision: Decision) -> Decided {
        let seen: Vec<_> = rows.iter().map(|row| (row.row.proposal.id, row.row.proposal.version)).collect();
        self.test.app.decide(&Caller::system(), &seen, decision).await.expect("a decision")
    }

    /// Accepts the change of Martha's facility, and lets the time pass in which it can be taken back.
    async fn accept_facility(&self) {
        let facility = self.of("facility").await;
        assert_eq!(self.decide(&[facility], Decision::Accept).await.done.len(), 1);
        self.pass(SignedDuration::from_secs(31)).await;
    }

    /// Whether a number is confirmed, and whether it is somebody else's.
    async fn health(&self, path: &str) -> (bool, bool) {
        let rows = self.test.app.store().query(&HEALTH, mhero_store::params![path]).await.expect("it answers");
        rows.first().map_or((false, false), |row| (row.get(0).expect("a truth"), row.get(1).expect("a truth")))
    }

    fn texts(&self) -> Vec<(String, String)> {
        self.test.fake.texts()
    }
}
