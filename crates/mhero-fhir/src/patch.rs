//! Changing a resource in part: by JSON Patch (RFC 6902), and by a merge document (RFC 7396), which fhirpy sends.

use json_patch::Patch;
use serde_json::Value;

use crate::issue::{Code, Issue};

/// Operations of one patch.
const OPERATIONS_MAX: usize = 1_000;
/// Characters of the error of a library that are shown.
const SHOWN_MAX: usize = 300;

/// A resource changed by a patch, `application/json-patch+json`. Either all operations are done or none.
///
/// # Errors
/// An issue that names the operation when the patch is none, or does not fit.
///
/// ```
/// # use mhero_fhir::patch::patched;
/// # use serde_json::json;
/// let request = json!({ "resourceType": "CommunicationRequest", "id": "1", "status": "on-hold" });
/// let patch = json!([{ "op": "replace", "path": "/status", "value": "completed" }]);
/// assert_eq!(patched(&request, &patch).expect("it fits")["status"], "completed");
/// ```
pub fn patched(resource: &Value, patch: &Value) -> Result<Value, Issue> {
    if patch.as_array().is_some_and(|list| list.len() > OPERATIONS_MAX) {
        return Err(Issue::error(Code::TooLong, "", format!("a patch has at most {OPERATIONS_MAX} operations")));
    }
    let read: Patch = serde_json::from_value(patch.clone()).map_err(|error| {
        let said: String = error.to_string().chars().take(SHOWN_MAX).collect();
        Issue::error(Code::Structure, "", format!("this is no JSON Patch: {said}"))
    })?;
    let mut changed = resource.clone();
    json_patch::patch(&mut changed, &read).map_err(|error| {
        let said: String = error.to_string().chars().take(SHOWN_MAX).collect();
        Issue::error(Code::Value, error.path.to_string(), format!("the patch does not fit: {said}"))
    })?;
    same_resource(resource, &changed)?;
    Ok(changed)
}

/// A resource changed by a merge document, `application/merge-patch+json`: what is null goes, what is an object is merged, the rest
/// is replaced.
///
/// # Errors
/// An issue when the document is no object, or changes which resource it is.
pub fn merged(resource: &Value, document: &Value) -> Result<Value, Issue> {
    if !document.is_object() {
        return Err(Issue::error(Code::Structure, "", "a merge document is an object with the elements that change"));
    }
    let mut changed = resource.clone();
    json_patch::merge(&mut changed, document);
    same_resource(resource, &changed)?;
    Ok(changed)
}

fn same_resource(before: &Value, after: &Value) -> Result<(), Issue> {
    for name in ["resourceType", "id"] {
        if before[name] != after[name] {
            return Err(Issue::error(Code::BusinessRule, name, format!("a patch does not change “{name}”")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_operations_are_done_or_none() {
        let before = json!({ "resourceType": "Basic", "id": "1", "code": { "text": "a" }, "extension": [{ "url": "x", "valueCode": "y" }] });
        let add = json!({ "op": "add", "path": "/extension/-", "value": { "url": "z", "valueCode": "y" } });
        let after =
            patched(&before, &json!([add, { "op": "test", "path": "/code/text", "value": "a" }])).expect("it fits");
        assert_eq!(after["extension"].as_array().map(Vec::len), Some(2));
        for (wrong, code) in [
            (json!([add, { "op": "test", "path": "/code/text", "value": "b" }]), Code::Value),
            (json!([{ "op": "remove", "path": "/nothing" }]), Code::Value),
            (json!([{ "op": "grow", "path": "/a" }]), Code::Structure),
            (json!({ "active": true }), Code::Structure),
            (json!([{ "op": "replace", "path": "/id", "value": "2" }]), Code::BusinessRule),
            (json!(vec![json!({ "op": "remove", "path": "/a" }); 2_000]), Code::TooLong),
        ] {
            assert_eq!(patched(&before, &wrong).expect_err("it does not fit").code, code, "{wrong}");
        }
    }

    #[test]
    fn a_merge_document_says_what_changes_and_what_goes() {
        let before = json!({ "resourceType": "Practitioner", "id": "1", "active": true, "gender": "male", "name": [{ "family": "K" }] });
        let after = merged(&before, &json!({ "gender": null, "name": [{ "family": "L" }] })).expect("it fits");
        assert_eq!(
            after,
            json!({ "resourceType": "Practitioner", "id": "1", "active": true, "name": [{ "family": "L" }] })
        );
        assert!(merged(&before, &json!([])).is_err() && merged(&before, &json!({ "id": null })).is_err());
    }
}
