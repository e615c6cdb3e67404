//! The addresses of emNutt's disease alerts, at both places that its clients know.

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Response, StatusCode},
    routing::{any, get, post},
};
use mhero_exchange::{
    emnutt::{EidsrSettings, SuspectedCase},
    fhir::pairs,
};
use mhero_fhir::{Code, Issue};
use serde_json::{Value, json};

use crate::{
    answer,
    emnutt::{Told, asked, failed, json_body, json_of, told},
    format::Format,
    routes::Front,
};

/// Where they stand.
const PLACES: [&str; 2] = ["/eidsr", "/emNutt/eidsr"];
/// Parameters of a report that are no fields of the case: whom it comes from, and where they work, which the register knows.
const NO_FIELDS: [&str; 18] = [
    "report",
    "globalid",
    "mheroentitytype",
    "caseid",
    "patientid",
    "reportername",
    "reporterphone",
    "reporter",
    "facility",
    "facilityname",
    "district",
    "districtname",
    "county",
    "countyname",
    "region",
    "location",
    "locationname",
    "resourcetype",
];

/// The addresses.
pub(crate) fn router() -> Router<Front> {
    let mut routes = Router::new();
    for place in PLACES {
        routes = routes
            .route(&format!("{place}/addDisease"), post(add_disease))
            .route(&format!("{place}/suspectedCase"), post(suspected_case))
            .route(&format!("{place}/updateCase"), post(update_case))
            .route(&format!("{place}/settings"), get(settings).put(set))
            .route(&format!("{place}/{{*path}}"), any(nothing));
    }
    routes
}

/// What stands in the address and in a body of JSON: callers use either.
fn named(query: &str, body: &Value) -> Vec<(String, String)> {
    let mut named = pairs(query);
    for (name, value) in body.as_object().into_iter().flatten() {
        let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        named.push((name.clone(), text));
    }
    named
}

fn text(named: &[(String, String)], name: &str) -> Option<String> {
    let own = named.iter().find(|(known, value)| known.eq_ignore_ascii_case(name) && !value.trim().is_empty());
    own.map(|(_, value)| value.trim().to_owned())
}

fn fields(named: &[(String, String)]) -> Vec<(String, String)> {
    let is_field = |(name, value): &&(String, String)| {
        !NO_FIELDS.contains(&name.to_lowercase().as_str()) && !value.trim().is_empty()
    };
    named.iter().filter(is_field).cloned().collect()
}

fn missing(name: &str) -> Response<Body> {
    let issue = Issue::error(Code::Required, name, format!("which? ?{name}=…"));
    answer::told(StatusCode::BAD_REQUEST, Format::Json, issue)
}

async fn add_disease(State(front): State<Front>, request: Request) -> Response<Body> {
    let add = async {
        let (parts, body) = request.into_parts();
        let (caller, desk) = asked(&front, &parts.headers).await?;
        let list = json_body(body).await?;
        let said = desk.add_diseases(&caller, &list).await.map_err(|error| failed(&error))?;
        Ok(json_of(StatusCode::CREATED, &said)) as Told
    };
    told(add.await)
}

async fn suspected_case(State(front): State<Front>, request: Request) -> Response<Body> {
    let report = async {
        let (parts, body) = request.into_parts();
        let (caller, desk) = asked(&front, &parts.headers).await?;
        let named = named(parts.uri.query().unwrap_or_default(), &json_body(body).await?);
        let once_key = parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(ToOwned::to_owned);
        let case = SuspectedCase {
            report: text(&named, "report").ok_or_else(|| missing("report"))?,
            reporter: text(&named, "globalid").ok_or_else(|| missing("globalid"))?,
            case_id: text(&named, "caseID"),
            once_key,
            fields: fields(&named),
        };
        let (id, is_told) = desk.suspected_case(&caller, &case).await.map_err(|error| failed(&error))?;
        front.app.wake();
        Ok(json_of(StatusCode::CREATED, &json!({ "patientid": id, "alerted": is_told }))) as Told
    };
    told(report.await)
}

async fn update_case(State(front): State<Front>, request: Request) -> Response<Body> {
    let update = async {
        let (parts, body) = request.into_parts();
        let (caller, desk) = asked(&front, &parts.headers).await?;
        let named = named(parts.uri.query().unwrap_or_default(), &json_body(body).await?);
        let id = text(&named, "patientid").ok_or_else(|| missing("patientid"))?;
        desk.update_case(&caller, &id, &fields(&named)).await.map_err(|error| failed(&error))?;
        Ok(json_of(StatusCode::OK, &json!({ "patientid": id }))) as Told
    };
    told(update.await)
}

async fn settings(State(front): State<Front>, request: Request) -> Response<Body> {
    let read = async {
        let (parts, _) = request.into_parts();
        let (_, desk) = asked(&front, &parts.headers).await?;
        let held = desk.eidsr_settings().await.map_err(|error| failed(&error))?;
        Ok(json_of(StatusCode::OK, &json!(held))) as Told
    };
    told(read.await)
}

async fn set(State(front): State<Front>, request: Request) -> Response<Body> {
    let write = async {
        let (parts, body) = request.into_parts();
        let (caller, desk) = asked(&front, &parts.headers).await?;
        let body = json_body(body).await?;
        let settings: EidsrSettings = serde_json::from_value(body).map_err(|error| {
            let issue = Issue::error(Code::Structure, "", format!("these are no settings of alerts: {error}"));
            answer::told(StatusCode::BAD_REQUEST, Format::Json, issue)
        })?;
        desk.set_eidsr(&caller, &settings).await.map_err(|error| failed(&error))?;
        Ok(json_of(StatusCode::OK, &json!(settings))) as Told
    };
    told(write.await)
}

async fn nothing() -> Response<Body> {
    let said = "POST addDisease, suspectedCase or updateCase; PUT settings";
    answer::told(StatusCode::NOT_FOUND, Format::Json, Issue::error(Code::NotFound, "", said))
}
