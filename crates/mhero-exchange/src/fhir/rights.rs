//! Which right each kind of resource needs.

use mhero_app::Caller;
use mhero_core::Right;
use mhero_fhir::search::Parameters;

use super::FhirError;

/// Kinds that nobody has to be within a scope for: places, services, and the words of the country.
const PUBLIC: [&str; 8] = [
    "Location",
    "Organization",
    "OrganizationAffiliation",
    "HealthcareService",
    "Endpoint",
    "CodeSystem",
    "ValueSet",
    "SearchParameter",
];

/// Kinds that only mHero itself writes.
const OURS: [&str; 1] = ["AuditEvent"];

/// Kinds that the register hears: people, their work, and places.
const REGISTER: [&str; 4] = ["Practitioner", "PractitionerRole", "Location", "Organization"];

/// Whether the register hears what is written of a kind.
pub(crate) fn is_of_register(kind: &str) -> bool {
    REGISTER.contains(&kind)
}

/// Whether a kind is everybody's.
pub(crate) fn is_public(kind: &str) -> bool {
    PUBLIC.contains(&kind)
}

fn reading(kind: &str) -> Right {
    match kind {
        "Communication" | "CommunicationRequest" | "QuestionnaireResponse" => Right::ReadMessages,
        "AuditEvent" => Right::Audit,
        _ => Right::ReadPeople,
    }
}

fn writing(kind: &str) -> Right {
    match kind {
        "CommunicationRequest" | "Communication" => Right::Send,
        "Group" => Right::EditAudiences,
        _ => Right::EditPeople,
    }
}

/// Refuses kinds that are not served, and callers who may not read them.
pub(crate) fn may_read(parameters: &Parameters, caller: &Caller, kind: &str) -> Result<(), FhirError> {
    if !parameters.has_kind(kind) {
        return Err(FhirError::NotFound(format!(
            "resource type “{kind}” here; GET /metadata lists those that are served"
        )));
    }
    Ok(caller.must(reading(kind))?)
}

/// Refuses kinds that are not written here, and callers who may not write them.
pub(super) fn may_write(parameters: &Parameters, caller: &Caller, kind: &str) -> Result<(), FhirError> {
    may_read(parameters, caller, kind)?;
    if OURS.contains(&kind) {
        return Err(FhirError::Forbidden(format!("{kind} is written by mHero alone")));
    }
    // As with every other way into the register; and what everybody reads is not for one district to change.
    if (is_of_register(kind) || is_public(kind)) && !caller.scope.all_places() {
        return Err(FhirError::Forbidden(format!("{kind} is written by those alone who see the whole country")));
    }
    Ok(caller.must(writing(kind))?)
}
