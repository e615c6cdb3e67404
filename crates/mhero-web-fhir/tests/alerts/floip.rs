//! Results of flows as Flow Results packages: the descriptor, rows, pages forth and back.

use jiff::SignedDuration;
use mhero_app::{Caller, flows::NewStart};
use mhero_core::FlowId;
use mhero_exchange::floip::{FlowResultsDesk, RowsAsked};
use mhero_store::Engine;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ministry::{JAMES, MARTHA, Ministry, survey};

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_rows_of_a_package() {
    let ministry = Ministry::new(Engine::Sqlite).await;
    let (flow, definition) = survey();
    let system = Caller::system();
    ministry.app.save_flow(&system, &definition, "test").await.expect("a flow");
    let id: Uuid = flow.parse().expect("an id");
    ministry.app.start_flow(&system, &NewStart::new(FlowId::from_uuid(id), "*")).await.expect("a start");
    for (phone, text) in [(MARTHA, "yes"), (JAMES, "none at all")] {
        let asked = async || ministry.got(phone).await.iter().any(|text| text.contains("gloves")).then_some(());
        ministry.until("asked", asked).await;
        ministry.pass(SignedDuration::from_secs(7));
        ministry.write(phone, text).await;
    }
    let caller = ministry.neighbour().await;
    let base = "https://mhero.example/api/v1/flow-results/packages";
    let desk = FlowResultsDesk::new(&ministry.app, base);
    let list = desk.packages(&caller).await.expect("packages");
    assert_eq!((&list["data"][0]["type"], &list["data"][0]["id"]), (&json!("packages"), &json!(flow)));
    let package = desk.package(&caller, id).await.expect("a package");
    let attributes = &package["data"]["attributes"];
    assert_eq!(attributes["profile"], "flow-results-package");
    assert_eq!(attributes["flow_results_specification_version"], "1.0.0-rc1");
    assert!(attributes["created"].as_str().is_some_and(|at| at.ends_with("+00:00")));
    let resource = &attributes["resources"][0];
    assert_eq!(resource["api-data-url"], format!("{base}/{flow}/responses"));
    assert_eq!(resource["schema"]["fields"].as_array().map(Vec::len), Some(7));
    let question = &resource["schema"]["questions"]["gloves"];
    assert_eq!((&question["type"], &question["label"]), (&json!("select_one"), &json!("Gloves")));
    assert_eq!(question["type_options"]["choices"], json!(["Yes", "Other"]));
    // One row a page: forth by the link, and back again.
    let one = RowsAsked { size: Some(1), ..RowsAsked::default() };
    let first = desk.rows(&caller, id, &one).await.expect("rows");
    assert_eq!((first.rows.len(), &first.previous), (1, &None));
    let row = first.rows[0].as_array().expect("a row").clone();
    assert_eq!((row.len(), &row[4], &row[5], &row[6]["value"]), (7, &json!("gloves"), &json!("Yes"), &json!("yes")));
    assert!(row[0].as_str().is_some_and(|at| at.ends_with("+00:00")), "{row:?}");
    let second = RowsAsked { after_row: first.next.clone(), ..one.clone() };
    let second = desk.rows(&caller, id, &second).await.expect("rows");
    assert_eq!((&second.rows[0][5], &second.next), (&json!("Other"), &None));
    let back = RowsAsked { before_row: second.previous.clone(), ..one.clone() };
    assert_eq!(desk.rows(&caller, id, &back).await.expect("rows").rows, first.rows);
    let query = [("page[size]".to_owned(), "1".to_owned())];
    let told = desk.rows_json(id, &first, &query);
    let next = told["data"]["relationships"]["links"]["next"].as_str().expect("a link").to_owned();
    assert!(next.starts_with(&format!("{base}/{flow}/responses?page%5Bsize%5D=1&page%5BafterCursor%5D=")), "{next}");
    assert_eq!(told["data"]["relationships"]["links"]["previous"], Value::Null);
    // The instant of the first answer itself is not after it.
    let at: jiff::Timestamp = row[0].as_str().expect("an instant").parse().expect("an instant");
    let after = RowsAsked { after: Some(at), ..RowsAsked::default() };
    assert_eq!(desk.rows(&caller, id, &after).await.expect("rows").rows, second.rows);
    let until = RowsAsked { until: Some(at), ..RowsAsked::default() };
    assert_eq!(desk.rows(&caller, id, &until).await.expect("rows").rows, first.rows);
    Box::pin(of_versions(&ministry, &desk, &caller, (id, definition.as_slice()))).await;
    let odd = RowsAsked { after_row: Some("nonsense".to_owned()), ..RowsAsked::default() };
    assert!(desk.rows(&caller, id, &odd).await.is_err());
    assert!(desk.package(&caller, Uuid::from_u128(1)).await.is_err());
}

/// A version is named by what its descriptor said of when it was modified.
async fn of_versions(ministry: &Ministry, desk: &FlowResultsDesk, caller: &Caller, (id, definition): (Uuid, &[u8])) {
    let modified = async || {
        let package = desk.package(caller, id).await.expect("a package");
        let text = package["data"]["attributes"]["modified"].as_str().expect("an instant").to_owned();
        Some(text.parse::<jiff::Timestamp>().expect("an instant"))
    };
    let count = async |min_version, max_version| {
        let asked = RowsAsked { min_version, max_version, ..RowsAsked::default() };
        desk.rows(caller, id, &asked).await.expect("rows").rows.len()
    };
    let first = modified().await;
    ministry.pass(SignedDuration::from_mins(1));
    let newer = String::from_utf8_lossy(definition).replace("gloves?", "gloves today?");
    ministry.app.save_flow(&Caller::system(), newer.as_bytes(), "test").await.expect("a revision");
    let second = modified().await;
    assert!(first < second);
    assert_eq!((count(first, None).await, count(first, first).await, count(None, second).await), (2, 2, 2));
    assert_eq!((count(second, None).await, count(second, second).await), (0, 0));
    let before = first.map(|at| at - SignedDuration::from_hours(1));
    assert_eq!((count(before, None).await, count(None, before).await), (2, 0), "there was no version yet");
}
