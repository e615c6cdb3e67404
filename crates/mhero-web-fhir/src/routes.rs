//! The addresses.

use axum::{
    Router,
    body::{Body, Bytes, HttpBody as _},
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header},
    routing::{any, get},
};
use mhero_app::{App, Caller};
use mhero_core::Right;
use mhero_exchange::{
    clients::{Narrowed, Reached},
    fhir::{FhirError, FhirServer, Write},
};
use mhero_fhir::{Code, Issue};

use crate::{
    answer,
    ask::{self, Asking},
    bundles, capability, export,
    format::{Format, Sent},
};

/// Octets of a body at most.
pub(crate) const BODY_MAX: usize = 32 << 20;

/// How the server is reached.
#[derive(Clone, Copy, Debug)]
pub struct FhirOptions {
    /// Whether clients reach it by https.
    pub https: bool,
    /// Whether a proxy of ours stands in front, whose `X-Forwarded-Host` and `X-Forwarded-Proto` may be believed.
    pub behind_proxy: bool,
}

#[derive(Clone)]
pub(crate) struct Front {
    pub(crate) app: App,
    options: FhirOptions,
    /// Where it stands: `/fhir`, or where old neighbours look for it.
    mount: &'static str,
}

/// The FHIR server under `/fhir`.
pub fn router(app: App, options: FhirOptions) -> Router {
    Router::new()
        .route("/fhir", any(root))
        // Some clients post bundles with a slash at the end.
        .route("/fhir/", any(root))
        .route("/fhir/metadata", get(metadata))
        .route("/fhir/{*path}", any(below))
        // What is larger is refused in this interface's own words, by who reads it.
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(Front { app, options, mount: "/fhir" })
}

impl Front {
    /// One that stands elsewhere.
    pub(crate) fn at(app: App, options: FhirOptions, mount: &'static str) -> Self {
        Self { app, options, mount }
    }

    /// The address under which this client reaches the server.
    fn base(&self, headers: &HeaderMap) -> String {
        let reached = Reached { https: self.options.https, behind_proxy: self.options.behind_proxy };
        reached.origin(|name| headers.get(name)?.to_str().ok()) + self.mount
    }

    pub(crate) fn server(&self, headers: &HeaderMap) -> FhirServer {
        FhirServer::new(self.app.clone(), &self.base(headers))
    }

    /// Who asks, by the token.
    pub(crate) async fn caller(
        &self,
        server: &FhirServer,
        headers: &HeaderMap,
        format: Format,
    ) -> Result<Caller, Response<Body>> {
        let refused = |why: &str| {
            let issue = Issue::error(Code::Login, "", why);
            let mut response = answer::told(StatusCode::UNAUTHORIZED, format, issue);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"mHero\""));
            response
        };
        let Some(token) = ask::token(headers) else {
            return Err(refused("send a token of `mhero token create` as Bearer, Token, or the password of Basic"));
        };
        let found = server.caller_of_token(&token).await.map_err(|error| answer::failed(format, &error))?;
        let Some(caller) = found else { return Err(refused("this token is not known, or was taken back")) };
        match caller.must(Right::Api) {
            Ok(()) => Ok(caller),
            Err(error) => Err(answer::failed(format, &FhirError::App(error))),
        }
    }
}

async fn metadata(State(front): State<Front>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let server = front.server(&headers);
    let asking = match Asking::read(server.base().to_owned(), uri.query().unwrap_or_default(), &headers) {
        Ok(asking) => asking,
        Err(unwritten) => return answer::unwritten(&unwritten),
    };
    answer::tree(StatusCode::OK, &asking, &capability::statement(&server, server.base()))
}

async fn root(State(front): State<Front>, request: Request) -> Response<Body> {
    answered(&front, String::new(), request).await
}

async fn below(State(front): State<Front>, Path(path): Path<String>, request: Request) -> Response<Body> {
    answered(&front, path, request).await
}

pub(crate) async fn answered(front: &Front, path: String, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let server = front.server(&parts.headers);
    let query = parts.uri.query().unwrap_or_default();
    let asking = match Asking::read(server.base().to_owned(), query, &parts.headers) {
        Ok(asking) => asking,
        Err(unwritten) => return answer::unwritten(&unwritten),
    };
    let caller = match front.caller(&server, &parts.headers, asking.format).await {
        Ok(caller) => caller,
        Err(refused) => return refused,
    };
    let body = match body_of(body, asking.format).await {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    let is_narrowed = parts.extensions.get::<Narrowed>().is_some();
    let asked = Asked { server, caller, asking, method: parts.method, headers: parts.headers, body, is_narrowed };
    let steps: Vec<&str> = path.trim_end_matches('/').split('/').filter(|step| !step.is_empty()).collect();
    asked.answer(&steps).await.unwrap_or_else(|error| answer::failed_at(&asked.asking, &error))
}

/// How a patch is written.
const PATCHES: &str = "application/json-patch+json or application/merge-patch+json";

/// A patch as its format writes it. Plain JSON may be either, told apart by its shape.
fn patch_of(sent: Sent, patch: serde_json::Value) -> Result<serde_json::Value, FhirError> {
    if patch["resourceType"] == "Parameters" {
        return Err(FhirError::Unread(format!("a FHIRPath patch (Parameters) is not read here: send {PATCHES}")));
    }
    let why = match sent {
        Sent::Patch if !patch.is_array() => {
            "a JSON Patch is a list: [{\"op\":\"replace\",\"path\":\"/active\",\"value\":true}]"
        }
        Sent::Merge if !patch.is_object() => "a merge patch is an object with what changes: {\"active\":true}",
        _ => return Ok(patch),
    };
    Err(FhirError::refused(Code::Structure, "", why))
}

/// A body within the limit.
pub(crate) async fn body_of(body: Body, format: Format) -> Result<Bytes, Response<Body>> {
    let too_large = || {
        let said = format!("a request has at most {} MiB: post several bundles", BODY_MAX >> 20);
        answer::told(StatusCode::PAYLOAD_TOO_LARGE, format, Issue::error(Code::TooLong, "", said))
    };
    // What says that it is too large need not be read.
    if body.size_hint().lower() > BODY_MAX as u64 {
        return Err(too_large());
    }
    axum::body::to_bytes(body, BODY_MAX).await.map_err(|_| too_large())
}

/// A request whose caller is known.
pub(crate) struct Asked {
    pub(crate) server: FhirServer,
    pub(crate) caller: Caller,
    pub(crate) asking: Asking,
    pub(crate) method: Method,
    headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether the account may use some kinds only.
    is_narrowed: bool,
}

type Answered = Result<Response<Body>, FhirError>;

impl Asked {
    async fn answer(&self, steps: &[&str]) -> Answered {
        let is_get = matches!(self.method, Method::GET | Method::HEAD);
        let operated = match steps {
            [kind, name] if name.starts_with('$') => self.operation((kind, None), name).await,
            [kind, id, name] if name.starts_with('$') => self.operation((kind, Some(id)), name).await,
            _ => None,
        };
        if let Some(operated) = operated {
            return operated;
        }
        match (&self.method, steps) {
            (&Method::POST, []) => self.bundle().await,
            // What is audited never changes, so that it has no history.
            (_, ["AuditEvent", .., "_history"]) => Ok(self.not_here()),
            (_, ["$export", rest @ ..]) => {
                let export = export::Asked { server: &self.server, caller: &self.caller, asking: &self.asking };
                export.answer(&self.method, rest).await
            }
            (_, ["_history"]) if is_get => self.history(None, None).await,
            (_, [kind]) if is_get => self.search(kind, &self.asking.query).await,
            (&Method::POST, [kind, "_search"]) => self.search_by_form(kind).await,
            (&Method::POST, [kind]) => self.create(kind).await,
            (&Method::PUT, [kind]) => self.update_where(kind).await,
            (_, [kind, "_history"]) if is_get => self.history(Some(kind), None).await,
            (_, [kind, id]) if is_get => self.read(kind, id).await,
            (&Method::PUT, [kind, id]) => self.update(kind, id).await,
            (&Method::PATCH, [kind, id]) => self.patch(kind, id).await,
            (&Method::DELETE, [kind, id]) => self.delete(kind, id).await,
            (_, [kind, id, "_history"]) if is_get => self.history(Some(kind), Some(id)).await,
            (_, [kind, id, "_history", number]) if is_get => self.read_version(kind, id, number).await,
            _ => Ok(self.not_here()),
        }
    }

    fn not_here(&self) -> Response<Body> {
        let said = format!("{} is not done at this address; GET /metadata tells what is", self.method);
        let issue = Issue::error(Code::NotSupported, "", said);
        answer::told(StatusCode::METHOD_NOT_ALLOWED, self.asking.format, issue)
    }

    /// The resource that came.
    fn resource(&self) -> Result<serde_json::Value, FhirError> {
        match Sent::of(&self.headers) {
            Some(sent @ (Sent::Json | Sent::Xml)) => sent.read(&self.body),
            _ => Err(self.unread("application/fhir+json or application/fhir+xml")),
        }
    }

    fn unread(&self, wanted: &str) -> FhirError {
        let said = self.headers.get(header::CONTENT_TYPE).and_then(|said| said.to_str().ok()).unwrap_or_default();
        let shown: String = said.chars().take(100).collect();
        FhirError::Unread(format!("“{shown}” is not read here: send {wanted}"))
    }

    /// A resource of the kind that the address names.
    pub(crate) fn resource_of(&self, kind: &str) -> Result<serde_json::Value, FhirError> {
        let resource = self.resource()?;
        match resource["resourceType"].as_str() {
            Some(said) if said == kind => Ok(resource),
            said => {
                let why = format!("“{}” was sent to the address of {kind}", said.unwrap_or_default());
                Err(FhirError::refused(Code::Structure, "resourceType", why))
            }
        }
    }

    async fn write(&self, write: &Write) -> Answered {
        let done = self.server.write(&self.caller, write).await?;
        Ok(match &done.version {
            Some(version) => answer::written(done.status, &self.asking, version, &done.warnings),
            None => answer::empty(StatusCode::NO_CONTENT),
        })
    }

    async fn create(&self, kind: &str) -> Answered {
        let resource = self.resource_of(kind)?;
        let unless = self.headers.get("if-none-exist").and_then(|said| said.to_str().ok());
        let unless = unless.map(|said| said.split_once('?').map_or(said, |(_, query)| query).to_owned());
        if let Some(condition) = &unless {
            self.must_stay(&mhero_exchange::fhir::pairs(condition))?;
        }
        self.write(&Write::Create { resource, unless }).await
    }

    async fn update(&self, kind: &str, id: &str) -> Answered {
        let mut resource = self.resource_of(kind)?;
        match resource["id"].as_str() {
            None => resource["id"] = serde_json::json!(id),
            Some(said) if said == id => {}
            Some(said) => {
                let why = format!("the resource says “{said}”, the address “{id}”");
                return Err(FhirError::refused(Code::Value, format!("{kind}.id"), why));
            }
        }
        let if_match = ask::version_in(&self.headers, &header::IF_MATCH)?;
        self.write(&Write::Update { resource, if_match }).await
    }

    async fn update_where(&self, kind: &str) -> Answered {
        let resource = self.resource_of(kind)?;
        let pairs = self.asking.query.iter().filter(|(name, _)| !matches!(name.as_str(), "_format" | "_pretty"));
        let condition = bundles::written(&pairs.cloned().collect::<Vec<_>>());
        if condition.is_empty() {
            let why = format!("PUT /{kind} needs an id, or a condition after “?”");
            return Err(FhirError::refused(Code::Value, "", why));
        }
        self.write(&Write::UpdateWhere { resource, condition }).await
    }

    async fn patch(&self, kind: &str, id: &str) -> Answered {
        let patch = match Sent::of(&self.headers) {
            Some(sent @ (Sent::Patch | Sent::Merge | Sent::Json)) => patch_of(sent, sent.read(&self.body)?)?,
            _ => return Err(self.unread(PATCHES)),
        };
        let if_match = ask::version_in(&self.headers, &header::IF_MATCH)?;
        self.write(&Write::Patch { kind: kind.to_owned(), id: id.to_owned(), patch, if_match }).await
    }

    async fn delete(&self, kind: &str, id: &str) -> Answered {
        let if_match = ask::version_in(&self.headers, &header::IF_MATCH)?;
        self.write(&Write::Delete { kind: kind.to_owned(), id: id.to_owned(), if_match }).await
    }

    /// What a read understands beside the address; anything else would be ignored without a word.
    fn only_shapes(&self) -> Result<(), FhirError> {
        let known = ["_format", "_pretty", "_summary", "_elements"];
        let other = self.asking.query.iter().find(|(name, _)| !known.contains(&name.as_str()));
        match other {
            Some((name, _)) if !self.asking.is_lenient => {
                let shown: String = name.chars().take(80).collect();
                let said = format!("“{shown}” means nothing where one resource is read: {}", known.join(", "));
                Err(FhirError::refused(Code::NotSupported, "", said))
            }
            _ => Ok(()),
        }
    }

    async fn read(&self, kind: &str, id: &str) -> Answered {
        self.only_shapes()?;
        let found = self.server.read(&self.caller, kind, id).await?;
        let is_same =
            ask::version_in(&self.headers, &header::IF_NONE_MATCH).is_ok_and(|known| known == Some(found.version));
        let is_older =
            ask::modified_since(&self.headers).is_some_and(|since| found.at.as_second() <= since.as_second());
        if is_same || is_older {
            return Ok(answer::empty(StatusCode::NOT_MODIFIED));
        }
        Ok(answer::version(StatusCode::OK, &self.asking, &found))
    }

    async fn read_version(&self, kind: &str, id: &str, number: &str) -> Answered {
        self.only_shapes()?;
        let Ok(number) = number.parse() else {
            return Err(FhirError::NotFound(format!("{kind}/{id}/_history/{number}")));
        };
        let found = self.server.read_version(&self.caller, (kind, id), number).await?;
        Ok(answer::version(StatusCode::OK, &self.asking, &found))
    }

    async fn history(&self, kind: Option<&str>, id: Option<&str>) -> Answered {
        let refused = |name: &str, why: &str| FhirError::refused(Code::Value, "", format!("{name}: {why}"));
        let mut of = (None, None, None);
        for (name, value) in &self.asking.query {
            match name.as_str() {
                "_since" => {
                    let moment = value.replace(' ', "+").parse();
                    of.0 = Some(moment.map_err(|_| refused("_since", "a moment is written 2026-05-14T16:00:00Z"))?);
                }
                "_page" => of.1 = Some(value.parse().map_err(|_| refused("_page", "follow the link as it is"))?),
                "_count" => of.2 = Some(value.parse().map_err(|_| refused("_count", "this is a whole number"))?),
                "_format" | "_pretty" | "_summary" | "_elements" => {}
                _ => return Err(refused(name, "a history is asked for by _since, _count and _page")),
            }
        }
        let found = self.server.history(&self.caller, (kind, id), of).await?;
        let path = [kind, id].into_iter().flatten().fold(String::new(), |path, step| format!("{path}/{step}"));
        Ok(bundles::history(&self.asking, &path, &found))
    }

    /// Refuses what would reach into another kind where the account is narrowed to some. The address was looked at before.
    fn must_stay(&self, parameters: &[(String, String)]) -> Result<(), FhirError> {
        if !self.is_narrowed || Narrowed::lets(parameters.iter().map(|(name, _)| name.as_str())) {
            return Ok(());
        }
        let why =
            "this account is narrowed to some kinds: it reaches into no other by _include, _revinclude, _has or chains";
        Err(FhirError::Forbidden(why.to_owned()))
    }

    async fn search(&self, kind: &str, query: &[(String, String)]) -> Answered {
        let found = self.server.search(&self.caller, kind, (query, self.asking.is_lenient)).await?;
        Ok(bundles::searched(&self.asking, kind, &found))
    }

    /// `POST Kind/_search`: parameters in the address and in a form count alike.
    async fn search_by_form(&self, kind: &str) -> Answered {
        let form = std::str::from_utf8(&self.body)
            .map_err(|_| FhirError::refused(Code::Structure, "", "the body is a form: name=kollie&_count=20"))?;
        let mut query = self.asking.query.clone();
        query.extend(mhero_exchange::fhir::pairs(form.trim()));
        self.must_stay(&query)?;
        let asking = Asking { query: query.clone(), ..self.asking.clone() };
        let found = self.server.search(&self.caller, kind, (&query, self.asking.is_lenient)).await?;
        Ok(bundles::searched(&asking, kind, &found))
    }

    async fn bundle(&self) -> Answered {
        let bundle = self.resource_of("Bundle")?;
        let (together, answers) = self.server.bundle(&self.caller, &bundle).await?;
        Ok(bundles::answered(&self.asking, together, &answers))
    }
}
