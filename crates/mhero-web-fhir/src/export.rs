//! `$export`: the beginning, the list of files, and the files, line by line as they are read.

use axum::{
    body::Body,
    http::{HeaderValue, Method, Response, StatusCode, header},
};
use futures::stream;
use mhero_app::Caller;
use mhero_exchange::fhir::{Export, FhirError, FhirServer};
use mhero_fhir::{Code, Issue};
use serde_json::{Value, json};

use crate::{answer, ask::Asking, format::Format};

/// The media type of lines of JSON.
const LINES: &str = "application/fhir+ndjson";
/// What the name of a file ends with.
const ENDING: &str = ".ndjson";

/// A request about exports.
pub(crate) struct Asked<'a> {
    pub(crate) server: &'a FhirServer,
    pub(crate) caller: &'a Caller,
    pub(crate) asking: &'a Asking,
}

impl Asked<'_> {
    pub(crate) async fn answer(&self, method: &Method, steps: &[&str]) -> Result<Response<Body>, FhirError> {
        match (method.as_str(), steps) {
            ("GET" | "HEAD", []) => self.begin(),
            ("GET" | "HEAD", [code]) => self.files(&read(code)?).await,
            // Nobody keeps it: what was given up is simply not fetched.
            ("DELETE", [code]) => read(code).map(|_| answer::empty(StatusCode::ACCEPTED)),
            ("GET" | "HEAD", [code, file]) => self.file(read(code)?, file),
            _ => {
                let issue = Issue::error(Code::NotSupported, "", "an export is begun and fetched by GET");
                Ok(answer::told(StatusCode::METHOD_NOT_ALLOWED, Format::Json, issue))
            }
        }
    }

    /// Tells where the export will be found.
    fn begin(&self) -> Result<Response<Body>, FhirError> {
        let export = self.server.export(self.caller, &self.asking.query)?;
        let mut response = answer::empty(StatusCode::ACCEPTED);
        let address = format!("{}/$export/{}", self.asking.base, export.code());
        if let Ok(address) = HeaderValue::from_str(&address) {
            response.headers_mut().insert(header::CONTENT_LOCATION, address);
        }
        Ok(response)
    }

    /// Lists the files.
    async fn files(&self, export: &Export) -> Result<Response<Body>, FhirError> {
        let counts = self.server.export_counts(self.caller, export).await?;
        let code = export.code();
        let output: Vec<Value> = counts
            .into_iter()
            .map(|(kind, count)| {
                json!({ "type": kind, "url": format!("{}/$export/{code}/{kind}{ENDING}", self.asking.base), "count": count })
            })
            .collect();
        let list = json!({
            "transactionTime": export.at.to_string(),
            "request": format!("{}/$export", self.asking.base),
            "requiresAccessToken": true,
            "output": output,
            "error": [],
        });
        let mut response = Response::new(Body::from(list.to_string()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(response)
    }

    /// One file. It is read page by page while it is sent.
    fn file(&self, export: Export, name: &str) -> Result<Response<Body>, FhirError> {
        let kind = name.strip_suffix(ENDING).filter(|kind| export.kinds.iter().any(|known| known == kind));
        let Some(kind) = kind.map(str::to_owned) else {
            return Err(FhirError::NotFound(format!("file {name} of this export")));
        };
        let (server, caller) = (self.server.clone(), self.caller.clone());
        let pages = stream::try_unfold(Some(None), move |at| {
            let (server, caller, export, kind) = (server.clone(), caller.clone(), export.clone(), kind.clone());
            async move {
                let Some(after) = at else { return Ok(None) };
                let page = server.export_page(&caller, (&export, &kind), after.as_ref()).await;
                let (lines, next) = page.map_err(|error| {
                    // The client sees that the file breaks off.
                    tracing::error!(%error, "an export broke off");
                    std::io::Error::other("the export broke off")
                })?;
                Ok::<_, std::io::Error>(Some((lines, next.map(Some))))
            }
        });
        let mut response = Response::new(Body::from_stream(pages));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(LINES));
        Ok(response)
    }
}

fn read(code: &str) -> Result<Export, FhirError> {
    Export::read(code).ok_or_else(|| FhirError::NotFound("export of this address".to_owned()))
}
