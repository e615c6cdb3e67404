//! Workers of a story.

use mhero_app::{Caller, people::ImportOptions};
use mhero_core::record::{Content, Identifier, PersonRecord, RawPhone, Record, Rejection};

use super::World;

/// Gives a story so many workers, numbered from 1, every second one a reader of French. Their phones are `+23177` and the number.
pub(super) async fn workers(world: &World, count: usize) {
    let phone = |n: usize| Some(format!("077{n:07}"));
    some_workers(world, count, phone).await;
}

/// The same with phones of one's own choice; `None` for nobody's.
pub(super) async fn some_workers(world: &World, count: usize, phone: impl Fn(usize) -> Option<String>) {
    let records: Vec<Result<Record, Rejection>> = (1..=count).map(|n| Ok(worker(n, phone(n)))).collect();
    let options = ImportOptions::default();
    let report = world.app.import(&Caller::system(), "files", records.into_iter(), &options).await.expect("an import");
    assert_eq!(report.rejected, 0);
}

fn worker(n: usize, phone: Option<String>) -> Record {
    let language = if n.is_multiple_of(2) { "fr" } else { "en" };
    let phones = phone.into_iter().map(|raw| RawPhone { raw, usage: None, element: "phone".into() });
    Record {
        origin: format!("story {n}"),
        kind: "Practitioner".into(),
        id: format!("W{n:05}"),
        raw: format!("W{n:05}"),
        warnings: vec![],
        content: Content::Person(Box::new(PersonRecord {
            name: format!("Worker{n:05} Kollie"),
            given: format!("Worker{n:05}"),
            language: language.parse().ok(),
            active: true,
            phones: phones.collect(),
            identifiers: vec![Identifier { system: "http://moh.example/payroll".into(), value: format!("{n}") }],
            ..PersonRecord::default()
        })),
    }
}
