//! Texts of messages stand in one place, with their retention: a resource that shows one holds a mark where it stands, and the text is
//! put in when the resource is read. What is erased there is nowhere else.

use mhero_app::App;
use serde_json::json;
use uuid::Uuid;

use crate::fhir::FhirError;

/// What a mark begins with.
const MARK: &str = "mhero:text:";
/// What the check of a mark is made for: nobody writes a mark of their own and reads another's text by it.
const PURPOSE: &str = "fhir.text";
/// What stands before a mark in a resource.
const BEFORE: &str = "\"contentString\":\"mhero:text:";
/// Letters of the id of a text.
const ID: usize = 32;
/// Letters of its check.
const CHECK: usize = 32;

/// The mark of a text by where it stands.
pub(crate) fn mark(app: &App, body: Uuid) -> String {
    format!("{MARK}{}{}", body.simple(), app.derived_secret(PURPOSE, body))
}

/// Whether a resource shows a message of ours: then nobody else writes it.
pub(crate) fn is_ours(body: &str) -> bool {
    body.contains(BEFORE)
}

/// A resource with its texts in it.
///
/// # Errors
/// Whatever the store reports.
pub(crate) async fn with_texts(app: &App, body: String) -> Result<String, FhirError> {
    if !body.contains(BEFORE) {
        return Ok(body);
    }
    let mut whole = String::with_capacity(body.len() + 200);
    let mut rest = body.as_str();
    while let Some((before, after)) = rest.split_once(BEFORE) {
        whole.push_str(before);
        let marked = after.get(..ID + CHECK).zip(after.get(ID + CHECK..));
        let Some((marked, after)) = marked else {
            whole.push_str(BEFORE);
            rest = after;
            continue;
        };
        let id = Uuid::try_parse(&marked[..ID]).ok().filter(|id| app.derived_secret(PURPOSE, *id) == marked[ID..]);
        rest = match (id, after.strip_prefix('"')) {
            (Some(id), Some(after)) => {
                whole.push_str(&shown(app.store().shown_text(id).await?.as_deref()));
                after
            }
            // Somebody's own words.
            _ => {
                whole.push_str(BEFORE);
                whole.push_str(marked);
                after
            }
        };
    }
    whole.push_str(rest);
    Ok(whole)
}

/// The member that a text is; of an erased one that it is.
fn shown(text: Option<&str>) -> String {
    match text {
        Some(text) => format!("\"contentString\":{}", json!(text)),
        None => {
            let url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
            format!("\"_contentString\":{}", json!({ "extension": [{ "url": url, "valueCode": "masked" }] }))
        }
    }
}
