//! The addresses of a CSD directory, the same as OpenInfoMan's.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
    response::IntoResponse,
    routing::{any, get, post},
};
use mhero_app::{App, Caller};
use mhero_core::Right;
use mhero_exchange::{
    clients::Reached,
    csd::{CsdFault, CsdServer, FUNCTIONS, JSON, Reply, XML},
};
use mhero_wire::csd::{Asked, Element, NAMESPACE, Question, Soap};
use serde_json::json;

use crate::ask;

/// Octets of a request at most: thousands of providers given back at once.
const BODY_MAX: usize = 16 << 20;
/// What the answers of ITI-74 do, in the words of CSD.
const UPDATES_ACTION: &str = "urn:ihe:iti:csd:2013:GetDirectoryModificationsResponse";
/// What the answers of ITI-73 do.
const FOUND_ACTION: &str = "urn:ihe:iti:csd:2013:FindMatchingServicesResponse";

#[derive(Clone)]
struct Front {
    app: App,
    reached: Reached,
}

type Answered = Result<Response<Body>, Failed>;

/// What went wrong, and in which envelope it is told.
struct Failed {
    fault: CsdFault,
    soap: Option<Soap>,
}

impl From<CsdFault> for Failed {
    fn from(fault: CsdFault) -> Self {
        Self { fault, soap: None }
    }
}

/// The directory under `/CSD`.
pub fn router(app: App, reached: Reached) -> Router {
    Router::new()
        .route("/CSD/documents.json", get(documents_json))
        .route("/CSD/documents.xml", get(documents_xml))
        .route("/CSD/storedFunctions.json", get(functions_json))
        .route("/CSD/storedFunctions.xml", get(functions_xml))
        .route("/CSD/getDirectory/{document}", get(directory))
        .route("/CSD/directory/{document}/get", get(directory))
        .route("/CSD/directory/{document}/get/{kind}/{id}", get(entity))
        .route("/CSD/csr/{document}/careServicesRequest", post(services))
        .route("/CSD/csr/{document}/careServicesRequest/update", post(update))
        .route("/CSD/csr/{document}/careServicesRequest/update/{urn}", post(update_named))
        .route("/CSD/csr/{document}/careServicesRequest/{urn}", post(services_named))
        .route("/CSD/csr/{document}/careServicesRequest/{urn}/adapter/rapidpro/get", get(contacts))
        .route("/CSD/csr/{document}/careServicesRequest/{urn}/adapter/rapidpro/WebHook", any(menu))
        .route("/CSD/getUpdatedServices/{document}/get", post(updates))
        .route("/CSD/getUpdatedServices/{document}/soap", get(updates_example))
        .route("/CSD/pollService/directory/{document}/update_cache", any(poll))
        .route("/CSD/emptyDirectory/{document}", any(empty))
        // What is larger is refused in this interface's own words, by who reads it.
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(Front { app, reached })
}

impl Front {
    fn server(&self, headers: &HeaderMap) -> CsdServer {
        CsdServer::new(self.app.clone(), &format!("{}/CSD", ask::base(self.reached, headers)))
    }

    /// Who asks, by the token, for a document that is answered here.
    async fn enter(&self, headers: &HeaderMap, document: Option<&str>) -> Result<(CsdServer, Caller), Response<Body>> {
        let server = self.server(headers);
        let Some(token) = ask::token(headers) else { return Err(unknown("send a token of `mhero token create`")) };
        let found = server.caller_of_token(&token).await.map_err(|fault| failed(&fault.into()))?;
        let Some(caller) = found else { return Err(unknown("this token is not known, or was taken back")) };
        caller.must(Right::Api).map_err(|error| failed(&CsdFault::App(error).into()))?;
        if let Some(document) = document {
            server.must_have(document).await.map_err(|fault| failed(&fault.into()))?;
        }
        Ok((server, caller))
    }
}

fn unknown(why: &str) -> Response<Body> {
    let mut response = plain(StatusCode::UNAUTHORIZED, &format!("{why} as Bearer, Token, or the password of Basic"));
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"mHero\""));
    response
}

fn plain(status: StatusCode, words: &str) -> Response<Body> {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{words}\n")).into_response()
}

fn failed(failed: &Failed) -> Response<Body> {
    let status = StatusCode::from_u16(failed.fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status.is_server_error() {
        tracing::error!(error = %failed.fault, "a request of CSD could not be answered");
    }
    match &failed.soap {
        // SOAP tells its faults with these two alone.
        Some(soap) => {
            let status = if status.is_server_error() { status } else { StatusCode::BAD_REQUEST };
            let body = soap.fault(status.is_server_error(), &failed.fault.words());
            (status, [(header::CONTENT_TYPE, soap.media_type())], body).into_response()
        }
        None => plain(status, &failed.fault.words()),
    }
}

fn reply(content_type: &str, body: String) -> Response<Body> {
    let content_type = HeaderValue::from_str(content_type).unwrap_or(HeaderValue::from_static(XML));
    ([(header::CONTENT_TYPE, content_type)], body).into_response()
}

/// XML with its declaration, anything else as it is.
fn raw(answer: Reply) -> Response<Body> {
    if answer.content_type == XML {
        let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", answer.body);
        reply("text/xml; charset=utf-8", body)
    } else {
        reply(answer.content_type, answer.body)
    }
}

/// An answer within a `careServicesResponse`.
fn encapsulated(answer: &Reply) -> String {
    let result = if answer.content_type == XML {
        // It declares its own namespace.
        format!("<result>{}</result>", answer.body)
    } else {
        Element::new("result").text(&answer.body).to_xml()
    };
    let kind = answer.content_type;
    format!("<careServicesResponse xmlns=\"{NAMESPACE}\" content-type=\"{kind}\">{result}</careServicesResponse>")
}

async fn body_of(request: Request) -> Result<Bytes, CsdFault> {
    axum::body::to_bytes(request.into_body(), BODY_MAX)
        .await
        .map_err(|_| CsdFault::Invalid(format!("a request has at most {} MiB", BODY_MAX >> 20)))
}

/// Answers a request of ITI-73; `named` is the function that the address names.
async fn answer_services(
    front: &Front,
    (document, named, updates): (&str, Option<&str>, bool),
    request: Request,
) -> Response<Body> {
    let (server, caller) = match front.enter(request.headers(), Some(document)).await {
        Ok(entered) => entered,
        Err(refused) => return refused,
    };
    let body = match body_of(request).await {
        Ok(body) => body,
        Err(fault) => return failed(&fault.into()),
    };
    let asked = match read(&body) {
        Ok(asked) => asked,
        Err(fault) => return failed(&fault),
    };
    let done = called(&server, &caller, &asked, (named, updates)).await;
    done.unwrap_or_else(|fault| failed(&Failed { fault, soap: asked.soap }))
}

fn read(body: &[u8]) -> Result<Asked, Box<Failed>> {
    let asked = Asked::read(body).map_err(|error| Box::new(CsdFault::from(error).into()))?;
    match asked.soap.as_ref().and_then(Soap::unknown) {
        Some(header) => {
            let fault = CsdFault::Invalid(format!("the header {header} is not understood here"));
            Err(Box::new(Failed { fault, soap: asked.soap }))
        }
        None => Ok(asked),
    }
}

async fn called(
    server: &CsdServer,
    caller: &Caller,
    asked: &Asked,
    (named, updates): (Option<&str>, bool),
) -> Result<Response<Body>, CsdFault> {
    let none = "name a function: <function urn=\"…\"><requestParams/></function>, or at the end of the address";
    let (answer, is_encapsulated) = match (&asked.question, named) {
        (Question::Function { urn, encapsulated, parameters }, _) => {
            (server.call(caller, urn, parameters, updates).await?, *encapsulated)
        }
        (Question::Parameters(parameters), Some(urn)) => (server.call(caller, urn, parameters, updates).await?, false),
        (Question::Parameters(_), None) => return Err(CsdFault::Invalid(none.to_owned())),
        (Question::Expression, _) => {
            let said = "programs in XQuery are not run here: ask by a stored function, GET /CSD/storedFunctions.json lists them";
            return Err(CsdFault::NotDone(said.to_owned()));
        }
        (Question::Updates(since), _) => (server.updates(caller, *since).await?, false),
    };
    Ok(match &asked.soap {
        Some(soap) => {
            let body = encapsulated(&answer);
            reply(soap.media_type(), soap.envelope(FOUND_ACTION, &ask::message_id(server.app()), &body))
        }
        None if is_encapsulated => raw(Reply { content_type: XML, body: encapsulated(&answer) }),
        None => raw(answer),
    })
}

async fn services(State(front): State<Front>, Path(document): Path<String>, request: Request) -> Response<Body> {
    answer_services(&front, (&document, None, false), request).await
}

async fn services_named(
    State(front): State<Front>,
    Path((document, urn)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    answer_services(&front, (&document, Some(&urn), false), request).await
}

async fn update(State(front): State<Front>, Path(document): Path<String>, request: Request) -> Response<Body> {
    answer_services(&front, (&document, None, true), request).await
}

async fn update_named(
    State(front): State<Front>,
    Path((document, urn)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    answer_services(&front, (&document, Some(&urn), true), request).await
}

/// ITI-74: what changed since.
async fn updates(State(front): State<Front>, Path(document): Path<String>, request: Request) -> Response<Body> {
    let (server, caller) = match front.enter(request.headers(), Some(&document)).await {
        Ok(entered) => entered,
        Err(refused) => return refused,
    };
    let done = async {
        let asked = read(&body_of(request).await?).map_err(|failed| *failed)?;
        let Question::Updates(since) = asked.question else {
            let fault = CsdFault::Invalid("send a getModificationsRequest with its lastModified".to_owned());
            return Err(Failed { fault, soap: asked.soap });
        };
        match server.updates(&caller, since).await {
            Ok(answer) => Ok(match &asked.soap {
                Some(soap) => {
                    let id = ask::message_id(server.app());
                    reply(soap.media_type(), soap.envelope(UPDATES_ACTION, &id, &answer.body))
                }
                None => raw(answer),
            }),
            Err(fault) => Err(Failed { fault, soap: asked.soap }),
        }
    };
    Answered::unwrap_or_else(done.await, |fault| failed(&fault))
}

/// A ready request for what changed since `mtime`.
async fn updates_example(State(front): State<Front>, Path(document): Path<String>, request: Request) -> Response<Body> {
    let (server, _) = match front.enter(request.headers(), Some(&document)).await {
        Ok(entered) => entered,
        Err(refused) => return refused,
    };
    let query = ask::pairs(request.uri().query().unwrap_or_default());
    let since =
        query.iter().find(|(name, _)| name == "mtime").and_then(|(_, text)| text.replace(' ', "+").parse().ok());
    let to = format!("{}/CSD/getUpdatedServices/{document}/get", ask::base(front.reached, request.headers()));
    let id = ask::message_id(server.app());
    let since = since.unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    reply("application/soap+xml; charset=utf-8", mhero_wire::csd::updates_request(&to, &id, since))
}

async fn documents(front: &Front, headers: &HeaderMap) -> Result<Vec<String>, Response<Body>> {
    let (server, _) = front.enter(headers, None).await?;
    server.documents().await.map_err(|fault| failed(&fault.into()))
}

async fn documents_json(State(front): State<Front>, headers: HeaderMap) -> Response<Body> {
    let base = ask::base(front.reached, &headers);
    match documents(&front, &headers).await {
        Ok(names) => {
            let one = |name: &String| {
                let careful = |path: &str| format!("{base}/CSD/{path}");
                (
                    name.clone(),
                    json!({
                        "careServicesRequest": careful(&format!("csr/{name}/careServicesRequest")),
                        "getUpdatedServices": careful(&format!("getUpdatedServices/{name}/get")),
                    }),
                )
            };
            reply(JSON, json!(names.iter().map(one).collect::<serde_json::Map<_, _>>()).to_string())
        }
        Err(refused) => refused,
    }
}

async fn documents_xml(State(front): State<Front>, headers: HeaderMap) -> Response<Body> {
    match documents(&front, &headers).await {
        Ok(names) => {
            let list = names.iter().map(|name| Element::new("document").with("name", name));
            raw(Reply { content_type: XML, body: Element::new("documents").all(list).to_xml() })
        }
        Err(refused) => refused,
    }
}

async fn functions_json(State(front): State<Front>, headers: HeaderMap) -> Response<Body> {
    if let Err(refused) = front.enter(&headers, None).await {
        return refused;
    }
    let one = |(urn, function): &(&str, mhero_exchange::csd::Function)| {
        ((*urn).to_owned(), json!({ "updating": function.is_updating() }))
    };
    reply(JSON, json!(FUNCTIONS.iter().map(one).collect::<serde_json::Map<_, _>>()).to_string())
}

async fn functions_xml(State(front): State<Front>, headers: HeaderMap) -> Response<Body> {
    if let Err(refused) = front.enter(&headers, None).await {
        return refused;
    }
    let one = |(urn, function): &(&str, mhero_exchange::csd::Function)| {
        Element::new("storedFunction").with("urn", urn).with("updating", &function.is_updating().to_string())
    };
    raw(Reply { content_type: XML, body: Element::new("storedFunctions").all(FUNCTIONS.iter().map(one)).to_xml() })
}

async fn directory(State(front): State<Front>, Path(document): Path<String>, headers: HeaderMap) -> Response<Body> {
    whole(&front, &document, &headers, None).await
}

async fn entity(
    State(front): State<Front>,
    Path((document, kind, id)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    whole(&front, &document, &headers, Some((&kind, &id))).await
}

async fn whole(front: &Front, document: &str, headers: &HeaderMap, one: Option<(&str, &str)>) -> Response<Body> {
    match front.enter(headers, Some(document)).await {
        Ok((server, caller)) => server.whole(&caller, one).await.map_or_else(|fault| failed(&fault.into()), raw),
        Err(refused) => refused,
    }
}

/// `get_json_for_import` by a plain GET, as the scripts of RapidPro's side ask for it.
async fn contacts(
    State(front): State<Front>,
    Path((document, urn)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    match front.enter(&headers, Some(&document)).await {
        Ok((server, caller)) => {
            let called = server.call(&caller, &urn, &Element::new("requestParams"), false).await;
            called.map_or_else(|fault| failed(&fault.into()), raw)
        }
        Err(refused) => refused,
    }
}

/// `select_facility` as a web hook of a flow: parameters in the address, in a form, or in JSON.
async fn menu(
    State(front): State<Front>,
    Path((document, urn)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let (server, caller) = match front.enter(request.headers(), Some(&document)).await {
        Ok(entered) => entered,
        Err(refused) => return refused,
    };
    if !matches!(*request.method(), Method::GET | Method::POST) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "GET or POST");
    }
    let mut pairs = ask::pairs(request.uri().query().unwrap_or_default());
    let body = match body_of(request).await {
        Ok(body) => body,
        Err(fault) => return failed(&fault.into()),
    };
    pairs.extend(ask::said(&body));
    let text = |name: &str| pairs.iter().rev().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
    let parameters = Element::new("requestParams")
        .child(Element::new("orgid").text(text("orgid")))
        .child(Element::new("input").text(text("input")));
    server.call(&caller, &urn, &parameters, false).await.map_or_else(|fault| failed(&fault.into()), raw)
}

async fn poll(State(front): State<Front>, Path(document): Path<String>, headers: HeaderMap) -> Response<Body> {
    match front.enter(&headers, None).await {
        Ok((server, caller)) => match server.poll(&caller, &document).await {
            Ok(()) => plain(StatusCode::OK, "It is read now."),
            Err(fault) => failed(&fault.into()),
        },
        Err(refused) => refused,
    }
}

/// Old synchronisations empty the document of returned ids before they fill it again. The registry keeps what it has: ids that
/// are not told again are taken away with the provider that lost them.
async fn empty(State(front): State<Front>, Path(document): Path<String>, headers: HeaderMap) -> Response<Body> {
    match front.enter(&headers, Some(&document)).await {
        Ok((_, caller)) => match caller.must(Right::EditPeople) {
            Ok(()) => plain(StatusCode::OK, "Nothing needs to be emptied here."),
            Err(error) => failed(&CsdFault::App(error).into()),
        },
        Err(refused) => refused,
    }
}
