//! The addresses under which emNutt served iHRIS, in both spellings that its clients know. Who reaches it needs a token, as the password
//! of Basic: what iHRIS is told as `emnutt:password`.

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{HeaderMap, Method, Response, StatusCode, header, request::Parts},
    routing::{any, get, put},
};
use mhero_app::{App, Caller};
use mhero_exchange::{
    emnutt::{EmNutt, named},
    fhir::{FhirError, pairs},
};
use mhero_fhir::{Code, Issue};
use serde_json::{Value, json};

use crate::{
    answer, eidsr,
    format::{Format, json},
    routes::{BODY_MAX, FhirOptions, Front, answered, body_of},
};

/// Where its FHIR server stands.
const FHIR: &str = "/emNutt/fhir";
/// Both places of the addresses of synchronisation: those of the documents, and those of the code.
const PLACES: [&str; 2] = ["/emNutt", "/sync"];
/// What synchronised one store with another, in all spellings. Here everything stands once.
const SYNCHRONISATIONS: [&str; 9] = [
    "syncWorkflows",
    "syncContactsGroups",
    "syncContactGroups",
    "syncWorkflowRunMessages",
    "syncRPInboxMessages",
    "syncFloipFlowResults",
    "checkCommunicationRequest",
    "cacheFHIR2ES",
    "syncInboxMessages",
];

/// The routes of emNutt.
pub fn router(app: App, options: FhirOptions) -> Router {
    let mut routes = eidsr::router()
        .route("/site-up", get(site_up))
        .route("/emNutt/fhir", any(root))
        .route("/emNutt/fhir/", any(root))
        .route("/emNutt/fhir/{*path}", any(below))
        .route("/emNutt/optout", put(opt_out))
        .route("/emNutt/undoOptout", put(opt_in))
        .route("/emNutt/getConfig", get(configuration));
    for place in PLACES {
        routes = routes.route(&format!("{place}/syncContacts"), get(done).post(people));
        for name in SYNCHRONISATIONS {
            routes = routes.route(&format!("{place}/{name}"), get(done));
        }
    }
    routes
        // What is larger is refused in this interface's own words, by who reads it.
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(Front::at(app, options, FHIR))
}

pub(crate) type Told = Result<Response<Body>, Response<Body>>;

pub(crate) fn told(result: Told) -> Response<Body> {
    result.unwrap_or_else(|refused| refused)
}

pub(crate) fn json_of(status: StatusCode, value: &Value) -> Response<Body> {
    let mut response = answer::text(status, Format::Json, value.to_string());
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}

pub(crate) fn failed(error: &FhirError) -> Response<Body> {
    answer::failed(Format::Json, error)
}

/// Who asks, and the desk they ask at.
pub(crate) async fn asked(front: &Front, headers: &HeaderMap) -> Result<(Caller, EmNutt), Response<Body>> {
    let server = front.server(headers);
    let caller = front.caller(&server, headers, Format::Json).await?;
    Ok((caller, EmNutt::new(server)))
}

/// The body as JSON; `null` for none.
pub(crate) async fn json_body(body: Body) -> Result<Value, Response<Body>> {
    let bytes = body_of(body, Format::Json).await?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    json(&bytes).map_err(|error| failed(&error))
}

pub(crate) fn parameter(parts: &Parts, name: &str) -> Option<String> {
    let query = parts.uri.query().unwrap_or_default();
    pairs(query).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

async fn site_up() -> Response<Body> {
    json_of(StatusCode::CREATED, &json!({ "message": "site is up" }))
}

/// A bundle, or, as emNutt took it here, a resource by itself, which is then sent to the address of its kind.
async fn root(State(front): State<Front>, request: Request) -> Response<Body> {
    if request.method() != Method::POST {
        return answered(&front, String::new(), request).await;
    }
    let (parts, body) = request.into_parts();
    let bytes = match body_of(body, Format::Json).await {
        Ok(bytes) => bytes,
        Err(refused) => return refused,
    };
    let kind = json(&bytes).ok().and_then(|sent| sent["resourceType"].as_str().map(str::to_owned));
    let kind = kind.filter(|kind| kind != "Bundle" && kind.bytes().all(|letter| letter.is_ascii_alphabetic()));
    dispatched(&front, kind.unwrap_or_default(), Request::from_parts(parts, Body::from(bytes))).await
}

/// What emNutt did itself; everything else is the FHIR server's.
async fn below(State(front): State<Front>, Path(path): Path<String>, request: Request) -> Response<Body> {
    dispatched(&front, path, request).await
}

async fn dispatched(front: &Front, path: String, request: Request) -> Response<Body> {
    let is_get = request.method() == Method::GET;
    let is_post = request.method() == Method::POST;
    match path.trim_end_matches('/') {
        "CommunicationRequest" if is_post => told(send(front, request).await),
        "cancelMessageSchedule" if is_post => told(cancel(front, request).await),
        "getProgress" if is_get => told(progress(front, request, false).await),
        "clearProgress" if is_get => told(progress(front, request, true).await),
        _ if path.starts_with("Group") && (is_post || request.method() == Method::PUT) => {
            told(group(front, path, request).await)
        }
        _ => answered(front, path, request).await,
    }
}

/// A group as iHRIS makes it, without the members that R4 asks for.
async fn group(front: &Front, path: String, request: Request) -> Told {
    let (parts, body) = request.into_parts();
    let bytes = body_of(body, Format::Json).await?;
    let body = match json(&bytes) {
        Ok(mut group) if group["resourceType"] == "Group" => {
            for (name, value) in [("type", json!("practitioner")), ("actual", json!(true))] {
                if group[name].is_null() {
                    group[name] = value;
                }
            }
            Body::from(group.to_string())
        }
        _ => Body::from(bytes),
    };
    Ok(answered(front, path, Request::from_parts(parts, body)).await)
}

async fn send(front: &Front, request: Request) -> Told {
    let (parts, body) = request.into_parts();
    let (caller, desk) = asked(front, &parts.headers).await?;
    let body = json_body(body).await?;
    let said = desk.send(&caller, body).await.map_err(|error| failed(&error))?;
    Ok(json_of(StatusCode::OK, &said))
}

async fn cancel(front: &Front, request: Request) -> Told {
    let (parts, body) = request.into_parts();
    let (caller, desk) = asked(front, &parts.headers).await?;
    let body = json_body(body).await?;
    let said = desk.cancel(&caller, &body).await.map_err(|error| failed(&error))?;
    Ok(json_of(StatusCode::OK, &said))
}

async fn progress(front: &Front, request: Request, clears: bool) -> Told {
    let (parts, _) = request.into_parts();
    let (caller, desk) = asked(front, &parts.headers).await?;
    let ids = parameter(&parts, "requestIDs").unwrap_or_default();
    if clears {
        desk.clear_progress(&caller, &ids).await.map_err(|error| failed(&error))?;
        return Ok(answer::empty(StatusCode::OK));
    }
    let said = desk.progress(&caller, &ids).await.map_err(|error| failed(&error))?;
    Ok(json_of(StatusCode::OK, &said))
}

async fn opt_out(State(front): State<Front>, request: Request) -> Response<Body> {
    told(opted(&front, request, false).await)
}

async fn opt_in(State(front): State<Front>, request: Request) -> Response<Body> {
    told(opted(&front, request, true).await)
}

async fn opted(front: &Front, request: Request, back: bool) -> Told {
    let (parts, body) = request.into_parts();
    let (caller, desk) = asked(front, &parts.headers).await?;
    let mut whom = named(&json_body(body).await?);
    if let Some(id) = parameter(&parts, "globalid") {
        whom.push((parameter(&parts, "entitytype").unwrap_or_else(|| "Practitioner".to_owned()), id));
    }
    let done = desk.opt_out(&caller, &whom, back).await.map_err(|error| failed(&error))?;
    let is_all = done.iter().all(|one| one.is_done);
    let entries: Vec<Value> = done
        .iter()
        .map(|one| {
            let status = if one.is_done { "200 OK" } else { "404 Not Found" };
            json!({ "response": { "status": status, "location": one.name } })
        })
        .collect();
    let status = if is_all { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR };
    Ok(json_of(status, &json!({ "resourceType": "Bundle", "type": "batch-response", "entry": entries })))
}

async fn configuration(State(front): State<Front>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    if let Err(refused) = asked(&front, &parts.headers).await {
        return refused;
    }
    let Some(key) = parameter(&parts, "parameter") else {
        let issue = Issue::error(Code::Required, "parameter", "which? ?parameter=app:installed");
        return answer::told(StatusCode::BAD_REQUEST, Format::Json, issue);
    };
    match EmNutt::configuration(&key) {
        Some(value) => json_of(StatusCode::OK, &json!(value)),
        None => answer::empty(StatusCode::NO_CONTENT),
    }
}

/// A synchronisation: nothing is left to do, and above all nothing is sent again.
async fn done(State(front): State<Front>, headers: HeaderMap) -> Response<Body> {
    match asked(&front, &headers).await {
        Ok(_) => {
            front.app.wake();
            json_of(StatusCode::OK, &json!("Done"))
        }
        Err(refused) => refused,
    }
}

async fn people(State(front): State<Front>, request: Request) -> Response<Body> {
    told(save(&front, request).await)
}

async fn save(front: &Front, request: Request) -> Told {
    let (parts, body) = request.into_parts();
    let (caller, desk) = asked(front, &parts.headers).await?;
    let bundle = json_body(body).await?;
    desk.save_people(&caller, bundle).await.map_err(|error| failed(&error))?;
    Ok(json_of(StatusCode::OK, &json!("Done")))
}
