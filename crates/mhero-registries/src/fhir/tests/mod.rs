//! The connector against a FHIR server that does as told, well and badly.

mod fake;
mod medplum;
mod pulls;
mod pushes;

use async_trait::async_trait;
use mhero_app::{
    AppError,
    ports::{Pull, PullError, PullSink, Pulled, Registry},
};
use mhero_core::record::{Content, Reason, Record, Rejection};
use serde_json::{Value, json};

use self::fake::FakeFhir;
use super::server::Server;
use crate::testing::settings;

/// What a pull handed on.
#[derive(Default)]
struct Heard {
    records: Vec<Record>,
    rejections: Vec<Rejection>,
    removed: Vec<(String, String)>,
    remarks: Vec<Reason>,
}

#[async_trait]
impl PullSink for Heard {
    async fn take(&mut self, page: Vec<Result<Record, Rejection>>) -> Result<(), AppError> {
        for verdict in page {
            match verdict {
                Ok(record) => self.records.push(record),
                Err(rejection) => self.rejections.push(rejection),
            }
        }
        Ok(())
    }

    async fn removed(&mut self, kind: &str, id: &str) -> Result<(), AppError> {
        self.removed.push((kind.to_owned(), id.to_owned()));
        Ok(())
    }

    fn remark(&mut self, remark: Reason) {
        self.remarks.push(remark);
    }
}

impl Heard {
    fn ids(&self) -> Vec<String> {
        self.records.iter().map(|record| format!("{}/{}", record.kind, record.id)).collect()
    }

    fn said(&self) -> Vec<&'static str> {
        self.remarks.iter().map(|remark| remark.key).collect()
    }
}

fn server(fake: &FakeFhir, is_ihris: bool, pairs: &[(&str, &str)]) -> Server {
    Server::new(&settings(&fake.url(), pairs), is_ihris).unwrap().impatient()
}

async fn pull(server: &Server, since: Option<String>) -> (Result<Pulled, PullError>, Heard) {
    let mut heard = Heard::default();
    let pulled = server.pull(&Pull { since }, &mut heard).await;
    (pulled, heard)
}

fn worker(id: &str, phone: &str) -> Value {
    json!({"resourceType": "Practitioner", "id": id, "active": true, "gender": "female",
        "name": [{"use": "official", "text": format!("Worker {id}"), "family": id, "given": ["Worker"]}],
        "telecom": [{"system": "phone", "value": phone}]})
}

/// A registry with a few people, places and side records.
fn filled(people: usize) -> FakeFhir {
    let fake = FakeFhir::start();
    {
        let mut store = fake.store();
        for at in 0..people {
            store.put(worker(&format!("P{at:03}"), &format!("07700000{at:02}")));
        }
        store.put(json!({"resourceType": "Location", "id": "L1", "name": "Foya Clinic", "status": "active"}));
        store.put(json!({"resourceType": "PractitionerRole", "id": "R1", "practitioner": {"reference": "Practitioner/P000"},
            "location": [{"reference": "Location/L1"}], "code": [{"coding": [{"system": "http://x/ihris-job", "code": "1"}]}]}));
        store.put(
            json!({"resourceType": "CodeSystem", "id": "jobs", "url": "http://ihris.org/fhir/CodeSystem/ihris-job",
            "concept": [{"code": "1", "display": "Midwife"}]}),
        );
        store.put(json!({"resourceType": "CodeSystem", "id": "other", "url": "http://snomed.info/sct", "concept": []}));
        let ihris = "http://ihris.org/fhir/StructureDefinition";
        let of = json!({"url": format!("{ihris}/ihris-practitioner-reference"), "valueReference": {"reference": "Practitioner/P000"}});
        let leave = json!({"url": format!("{ihris}/ihris-leave"), "extension": [
            {"url": "leave-type", "valueCoding": {"code": "annual"}}, {"url": "period", "valuePeriod": {"start": "2026-03-01"}}]});
        let salary =
            json!({"url": format!("{ihris}/ihris-salary"), "extension": [{"url": "amount", "valueInteger": 100}]});
        store.put(json!({"resourceType": "Basic", "id": "leave", "extension": [of, leave]}));
        store.put(json!({"resourceType": "Basic", "id": "salary", "extension": [of, salary]}));
    }
    fake
}

fn is_absence(record: &Record) -> bool {
    matches!(record.content, Content::Absence(_))
}
