//! What the server can do: the `CapabilityStatement`.

use mhero_exchange::fhir::FhirServer;
use mhero_fhir::search::{Kind, Parameters};
use serde_json::{Value, json};

/// The version of R4 that is spoken.
const FHIR_VERSION: &str = "4.0.1";
/// When this statement last changed its meaning.
const DATE: &str = "2026-11-22";

/// The part of mCSD that is played.
const MCSD_DIRECTORY: &str = "https://profiles.ihe.net/ITI/mCSD/CapabilityStatement/IHE.mCSD.Directory";
/// The bulk export.
const EXPORT: &str = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export";
/// What the addresses of R4's operations begin with.
const OPERATIONS: &str = "http://hl7.org/fhir/OperationDefinition/";
/// What the addresses of mCSD's profiles begin with.
const MCSD: &str = "https://profiles.ihe.net/ITI/mCSD/StructureDefinition/IHE.mCSD.";

/// The statement of a server at an address.
pub(crate) fn statement(server: &FhirServer, base: &str) -> Value {
    let parameters = server.parameters();
    let resources: Vec<Value> = parameters.kinds().map(|kind| resource(parameters, kind)).collect();
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": DATE,
        "kind": "instance",
        "software": { "name": "mHero", "version": env!("CARGO_PKG_VERSION") },
        "implementation": { "description": "mHero: health workers, places, and what is written between them", "url": base },
        "instantiates": [MCSD_DIRECTORY],
        "fhirVersion": FHIR_VERSION,
        "format": ["application/fhir+json", "application/fhir+xml", "json", "xml"],
        "patchFormat": ["application/json-patch+json", "application/merge-patch+json"],
        "rest": [{
            "mode": "server",
            "security": { "description": "A token of `mhero token create` as Bearer, Token, or the password of Basic" },
            "resource": resources,
            "interaction": [{ "code": "transaction" }, { "code": "batch" }, { "code": "history-system" }],
            "operation": [{ "name": "export", "definition": EXPORT }],
        }],
    })
}

/// What is done with one kind.
fn resource(parameters: &Parameters, kind: &str) -> Value {
    let own = parameters.of(kind);
    let references: Vec<String> =
        own.iter().filter(|one| one.kind == Kind::Reference).map(|one| format!("{kind}:{}", one.code)).collect();
    let searched: Vec<Value> = own.iter().map(|one| json!({ "name": one.code, "type": one.kind.as_str() })).collect();
    let is_ours = kind == "AuditEvent";
    let codes: &[&str] = if is_ours {
        &["read", "vread", "search-type"]
    } else {
        &["read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type"]
    };
    let mut resource = json!({
        "type": kind,
        "interaction": codes.iter().map(|code| json!({ "code": code })).collect::<Vec<_>>(),
        "versioning": "versioned-update",
        "readHistory": !is_ours,
        "updateCreate": !is_ours,
        "conditionalCreate": !is_ours,
        "conditionalRead": "full-support",
        "conditionalUpdate": !is_ours,
        "conditionalDelete": "not-supported",
        "referencePolicy": ["literal", "logical"],
        "searchParam": searched,
    });
    let operations = operations(kind);
    if !operations.is_empty() {
        resource["operation"] = json!(operations);
    }
    if let Some(words) = documentation(kind) {
        resource["documentation"] = json!(words);
    }
    let profiles = profiles(kind);
    if !profiles.is_empty() {
        resource["supportedProfile"] = json!(profiles);
    }
    if !references.is_empty() {
        resource["searchInclude"] = json!(references);
    }
    let back = referring(parameters, kind);
    if !back.is_empty() {
        resource["searchRevInclude"] = json!(back);
    }
    resource
}

/// What is done with a kind beside reading and writing.
fn operations(kind: &str) -> Vec<Value> {
    let names: &[(&str, &str)] = match kind {
        "ValueSet" => &[("expand", "ValueSet-expand"), ("validate-code", "ValueSet-validate-code")],
        "CodeSystem" => &[("lookup", "CodeSystem-lookup"), ("validate-code", "CodeSystem-validate-code")],
        _ => &[],
    };
    let operation = |(name, id): &(&str, &str)| json!({ "name": name, "definition": format!("{OPERATIONS}{id}") });
    names.iter().map(operation).collect()
}

/// Where what stands here comes from, where a client could take it for something else.
fn documentation(kind: &str) -> Option<&'static str> {
    match kind {
        "HealthcareService" | "OrganizationAffiliation" => Some(
            "As clients wrote it: the register of mHero knows no services and no affiliations. A CommunicationRequest that names a HealthcareService goes to the people of its locations.",
        ),
        "Practitioner" | "PractitionerRole" | "Location" | "Organization" => Some(
            "The register of mHero: what several systems say of one, joined, with what counts over what was written.",
        ),
        "Communication" => {
            Some("Each message, in and out; those are read only. Others are kept as clients write them.")
        }
        "CommunicationRequest" => Some(
            "Becomes a broadcast or the start of a flow, once for each identifier. A client that is narrowed to a place reads its own.",
        ),
        _ => None,
    }
}

/// What refers to a kind, by the rules of R4.
fn referring(parameters: &Parameters, to: &str) -> Vec<String> {
    let mut found = Vec::new();
    for kind in parameters.kinds() {
        for one in parameters.of(kind) {
            if one.kind == Kind::Reference && one.path.leads_to(kind).contains(&to) {
                found.push(format!("{kind}:{}", one.code));
            }
        }
    }
    found
}

/// The profiles of mCSD that resources of a kind keep.
fn profiles(kind: &str) -> Vec<String> {
    let names: &[&str] = match kind {
        "Practitioner" => &["Practitioner"],
        "PractitionerRole" => &["PractitionerRole"],
        "Location" => &["Location", "FacilityLocation", "JurisdictionLocation"],
        "Organization" => &["Organization", "FacilityOrganization", "JurisdictionOrganization"],
        _ => &[],
    };
    names.iter().map(|name| format!("{MCSD}{name}")).collect()
}
