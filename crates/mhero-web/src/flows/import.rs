//! `/flows/import`: a file in, a report out.

use axum::{
    extract::{FromRequest, Multipart, Request},
    http::StatusCode,
    response::Response,
};
use mhero_app::AppError;
use mhero_core::{Right, limits::UPLOAD_BYTES_MAX};

use super::{report, told, view::ImportPage};
use crate::{
    errors::{Fault, Refusal, show as answer},
    page::Here,
    state::{Signed, State},
};

/// Most fields of a form with a file.
const FIELDS_MAX: usize = 20;
/// The name of the field that holds the file.
const FILE: &str = "file";

/// A form with a file.
#[derive(Default)]
pub(super) struct Uploaded {
    /// The file; empty when none was chosen.
    pub(super) file: Vec<u8>,
    /// The other fields.
    pub(super) fields: Vec<(String, String)>,
}

impl Uploaded {
    /// A field by its name, or nothing.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
}

impl FromRequest<State> for Uploaded {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &State) -> Result<Self, Fault> {
        let unreadable = |_| Fault::Refused(Refusal::Unreadable);
        let mut form = Multipart::from_request(request, state).await.map_err(|_| Refusal::Unreadable)?;
        let mut uploaded = Self::default();
        for _ in 0..FIELDS_MAX {
            let Some(field) = form.next_field().await.map_err(unreadable)? else { break };
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|_| Fault::Refused(Refusal::TooLarge))?;
            if name == FILE {
                uploaded.file = bytes.to_vec();
            } else {
                uploaded.fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        Ok(uploaded)
    }
}

/// `GET /flows/import`.
pub(super) async fn ask(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    Ok(page(&signed, StatusCode::OK, None))
}

/// `POST /flows/import`.
pub(super) async fn take(signed: Signed, uploaded: Uploaded) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    if uploaded.file.is_empty() {
        let fault = signed.page.t("flows-import-no-file");
        return Ok(page(&signed, StatusCode::UNPROCESSABLE_ENTITY, Some(fault)));
    }
    match signed.app.import_export(&signed.caller, &uploaded.file, "import").await {
        Ok(read) => Ok(answer(StatusCode::OK, &report::page(&signed, &read, ""))),
        Err(error @ AppError::Invalid(_)) => {
            let fault = told::error(&signed.page, &error);
            Ok(page(&signed, StatusCode::UNPROCESSABLE_ENTITY, Some(fault)))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(signed: &Signed, status: StatusCode, fault: Option<String>) -> Response {
    let page = signed.page("flows-import", Here::Flows);
    let max = i64::try_from(UPLOAD_BYTES_MAX / 1024 / 1024).unwrap_or(i64::MAX);
    answer(status, &ImportPage { page, fault, max })
}
