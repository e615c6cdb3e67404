//! Synchronising with registries: schedule, faults, the guard against a shrink, undo, replay, leave, ownership.

#[cfg(test)]
#[expect(dead_code, unused_imports, reason = "other use cases are tested with the rest of it")]
#[path = "../it/common/mod.rs"]
mod common;
mod fake;
mod guard;
mod owners;
mod runs;
mod schedule;
mod settings;
mod undone;
mod withheld;

use std::sync::Arc;

use fake::{FakeRegistry, Step};
use jiff::SignedDuration;
use mhero_app::{
    Caller,
    people::NewSource,
    sync::{SourceStatus, SyncEnd, SyncOptions, SyncOutcome},
};
use mhero_core::record::{
    AbsenceRecord, Coded, Content, Identifier, PersonRecord, Problem, RawPhone, Reason, Record, Ref, Rejection,
    ValueRecord,
};
use mhero_store::{Engine, Statement};

use common::TestApp;

static NAMES: Statement = Statement::both(
    "test::sync_names",
    "SELECT name || (CASE WHEN active THEN '' ELSE ' -' END) FROM person WHERE standing = 'worker' ORDER BY 1",
);

/// An application with a source `hr` behind a registry that a test scripts.
struct Bench {
    test: TestApp,
    registry: FakeRegistry,
}

impl Bench {
    async fn new(engine: Engine, settings: &[(&str, &str)]) -> Self {
        let registry = FakeRegistry::default();
        let test = TestApp::with_connector(engine, Arc::new(registry.clone())).await;
        let bench = Self { test, registry };
        bench.add("hr", settings).await;
        bench
    }

    async fn add(&self, name: &str, settings: &[(&str, &str)]) {
        let config = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let url = Some("https://hr.example/fhir".to_owned());
        let new = NewSource { name: name.into(), kind: "fake".into(), url, config, rank: None };
        self.test.app.add_source(&Caller::system(), &new).await.expect("a source");
    }

    async fn sync(&self) -> SyncOutcome {
        self.sync_with(&SyncOptions::default()).await
    }

    async fn sync_with(&self, options: &SyncOptions) -> SyncOutcome {
        self.test.app.sync(&Caller::system(), "hr", options).await.expect("a run")
    }

    /// Lets a pull tell these people once.
    async fn pull(&self, people: Vec<Record>, whole: bool, watermark: &str) -> SyncOutcome {
        self.registry.tells(vec![Step::Page(people.into_iter().map(Ok).collect())], whole, watermark);
        let outcome = self.sync().await;
        assert_ne!(outcome.end, SyncEnd::Failed, "{:?}", outcome.reason);
        outcome
    }

    /// Lets time pass, and does what is due.
    async fn pass(&self, time: SignedDuration) -> usize {
        self.advance(time);
        self.due().await
    }

    async fn due(&self) -> usize {
        self.test.app.run_until_idle().await.expect("idle");
        self.test.app.sync_pass().await.expect("a pass")
    }

    fn advance(&self, time: SignedDuration) {
        self.test.hand.advance(time);
        let micros = i64::try_from(time.as_micros()).expect("a short time");
        if self.test.app.store().engine() == Engine::Postgres {
            self.test.app.store().shift_lease_time(micros);
        }
    }

    async fn status(&self) -> SourceStatus {
        let statuses = self.test.app.source_statuses(&Caller::system()).await.expect("statuses");
        statuses.into_iter().find(|status| status.source.name == "hr").expect("the source")
    }

    async fn names(&self) -> Vec<String> {
        let rows = self.test.app.store().query(&NAMES, vec![]).await.expect("it answers");
        rows.iter().map(|row| row.get(0).expect("a text")).collect()
    }
}

/// A person as a registry tells it. The raw text is what it says, so that it can be read again.
fn person(id: &str, name: &str) -> Record {
    record(
        id,
        PersonRecord {
            name: name.to_owned(),
            given: name.split(' ').next().unwrap_or_default().to_owned(),
            active: true,
            identifiers: vec![Identifier { system: "http://moh.example/payroll".into(), value: id.to_owned() }],
            phones: vec![RawPhone { raw: format!("077{id:0>7}"), usage: None, element: "telecom[0].value".into() }],
            ..PersonRecord::default()
        },
    )
}

fn record(id: &str, said: PersonRecord) -> Record {
    let content = Content::Person(Box::new(said));
    Record {
        origin: format!("page 1, Practitioner {id}"),
        kind: "Practitioner".into(),
        id: id.to_owned(),
        raw: serde_json::to_string(&content).expect("it can be written"),
        warnings: vec![],
        content,
    }
}

fn people(count: u32) -> Vec<Record> {
    (1..=count).map(|n| person(&n.to_string(), &format!("Person {n:03}"))).collect()
}

fn with(mut record: Record, change: impl FnOnce(&mut PersonRecord)) -> Record {
    let Content::Person(said) = &mut record.content else { unreachable!("it is a person") };
    change(said);
    record.raw = serde_json::to_string(&record.content).expect("it can be written");
    record
}

fn village(record: Record, name: &str) -> Record {
    let value = mhero_core::record::Value::Text(name.to_owned());
    with(record, |said| said.values.push(ValueRecord { field: "village".into(), value }))
}

fn malformed(id: &str) -> Rejection {
    Rejection {
        origin: format!("page 1, entry {id}"),
        problem: Problem { element: "name".into(), reason: Reason::plain("import-row-of-nobody") },
        raw: format!("{{\"id\":\"{id}\",\"name\":7}}"),
    }
}

fn leave(id: &str, person: &str, start: &str, end: Option<&str>) -> Record {
    let content = Content::Absence(AbsenceRecord {
        person: Some(Ref::Id { kind: "Practitioner".into(), id: person.into() }),
        reason: Coded { text: Some("Maternity leave".into()), ..Coded::default() },
        start: start.parse().ok(),
        end: end.and_then(|end| end.parse().ok()),
    });
    let raw = serde_json::to_string(&content).expect("it can be written");
    Record { origin: "leave".into(), kind: "Basic".into(), id: id.into(), raw, warnings: vec![], content }
}
