//! What a token of the sandbox may do beside all else: let one of its invented people write.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{body, front::Asking, problem::Fault};

/// A text from one of the sandbox's phones.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SandboxText {
    /// The number of one of its people, as `GET /people` shows it: `+99900000001`.
    #[schema(example = "+99900000001")]
    pub from: String,
    /// What they write.
    #[schema(min_length = 1, max_length = 1600)]
    pub text: String,
}

/// Lets one of the sandbox's invented people write: an answer to a flow, a keyword, STOP. Only with a token of the sandbox.
#[utoipa::path(post, path = "/api/v1/sandbox/texts", tag = "sandbox", request_body = SandboxText,
    responses((status = 204, description = "It is on disk and is handled as a text from a phone is")))]
pub(crate) async fn write(asking: Asking, body::Json(new): body::Json<SandboxText>) -> Result<StatusCode, Fault> {
    if !asking.is_in_sandbox() {
        return Err(Fault::new(StatusCode::FORBIDDEN, "sandbox-only"));
    }
    let text = new.text.trim();
    let most = mhero_core::limits::TEXT_CHARS_MAX;
    if text.is_empty() || text.chars().count() > most {
        return Err(Fault::refused("text-length").field("text").arg("max", most.to_string()));
    }
    let written =
        asking.app.write_from_sandbox(&asking.caller, new.from.trim(), text, asking.once_key().as_deref()).await;
    written.map_err(|error| match error {
        mhero_app::AppError::NotFound { .. } => Fault::refused("no-person").field("from").value(&new.from),
        error => error.into(),
    })?;
    Ok(StatusCode::NO_CONTENT)
}
