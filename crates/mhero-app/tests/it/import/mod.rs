//! Importing: the export of the issue in any order, places, joins, tables, and what a second run changes.

mod country;
mod export;
mod places;
mod small;
mod tables;

use mhero_app::{
    App, Caller,
    people::{ImportOptions, ImportReport},
};
use mhero_core::record::{Record, Rejection};
use mhero_store::{Statement, Value};
use mhero_wire::{fhir, json::Position};

/// Imports records into a source.
pub(crate) async fn import_into(app: &App, source: &str, records: Vec<Result<Record, Rejection>>) -> ImportReport {
    app.import(&Caller::system(), source, records.into_iter(), &ImportOptions::default()).await.expect("an import")
}

/// Imports FHIR resources into the source `files`.
async fn import(app: &App, resources: &[serde_json::Value]) -> ImportReport {
    import_into(app, "files", records(resources)).await
}

fn records(resources: &[serde_json::Value]) -> Vec<Result<Record, Rejection>> {
    let start = Position { line: 1, column: 1 };
    resources.iter().map(|resource| fhir::record(&resource.to_string(), "test", start)).collect()
}

/// One number of a query.
async fn number(app: &App, statement: &'static Statement, params: Vec<Value>) -> i64 {
    let row = app.store().first(statement, params).await.expect("it answers").expect("a row");
    row.get(0).expect("a number")
}

/// All rows of a query as texts, with bars between the columns.
async fn texts(app: &App, statement: &'static Statement) -> Vec<String> {
    let rows = app.store().query(statement, vec![]).await.expect("it answers");
    rows.iter().map(|row| row.get(0).expect("a text")).collect()
}

/// Created, updated, unchanged, rejected.
fn verdicts(report: &ImportReport) -> [u64; 4] {
    [report.created, report.updated, report.unchanged, report.rejected]
}

/// The keys of the warnings and refusals.
fn keys(report: &ImportReport) -> Vec<&'static str> {
    report.problems.iter().map(|problem| problem.problem.reason.key).collect()
}
