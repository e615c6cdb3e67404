//! What `source test` says about a FHIR server.

use mhero_core::record::Reason;
use mhero_wire::fhir::{Bundle, Capability};

use super::{server::Server, settings::TYPES};
use crate::http::HttpError;

/// Resources that are looked at for their profiles.
const SAMPLE: &str = "20";
/// The kinds without which nothing can be sent to anybody.
const NEEDED: [&str; 3] = ["Practitioner", "PractitionerRole", "Location"];
/// Largest resource of a sample that is looked at, in bytes.
const SAMPLE_BYTES_MAX: usize = 1024 * 1024;

pub(super) async fn check(server: &Server) -> Result<Vec<Reason>, Reason> {
    let host = || ("host", server.client.host());
    let capability = server.capability().await.map_err(in_words)?;
    let mut found = Vec::new();
    match capability {
        Some(capability) => found.extend(program(server, capability)?),
        None => found.push(Reason::new("registry-fhir-no-metadata", [host()])),
    }
    if server.settings.types.contains(&"Practitioner") && Server::has(capability, "Practitioner") {
        found.push(people(server).await.map_err(in_words)?);
    }
    if server.is_ihris {
        found.extend(profiles(server).await.map_err(in_words)?);
    }
    if let Some(capability) = capability {
        found.extend(lacks(server, capability));
    }
    Ok(found)
}

fn in_words(error: HttpError) -> Reason {
    error.into()
}

/// Which program answers, in which version of FHIR.
fn program(server: &Server, capability: &Capability) -> Result<Option<Reason>, Reason> {
    let software = if capability.software.is_empty() { "FHIR".to_owned() } else { capability.software.clone() };
    let version = capability.fhir_version.clone();
    if !version.starts_with("4.0") && !version.starts_with("4.3") && !version.is_empty() {
        let args = [("host", server.client.host()), ("version", version)];
        return Err(Reason::new("registry-fhir-version", args));
    }
    let kinds: Vec<&str> =
        server.settings.types.iter().copied().filter(|kind| Server::has(Some(capability), kind)).collect();
    let args = [("software", software), ("version", version), ("kinds", kinds.join(", "))];
    Ok(Some(Reason::new("registry-fhir-server", args)))
}

async fn people(server: &Server) -> Result<Reason, HttpError> {
    let host = ("host", server.client.host());
    // Not every server knows how to count only; the first page of a search often tells the number too.
    for query in [("_summary", "count"), ("_count", "1")] {
        let answer = server.get(server.client.url("Practitioner", &[query])).await?;
        if matches!(answer.status, 400 | 422 | 500 | 501) && query.0 == "_summary" {
            continue;
        }
        let answer = answer.success()?;
        let Some(page) = Bundle::read(&answer.text(), SAMPLE_BYTES_MAX) else {
            // A page for people is named as such.
            answer.json()?;
            continue;
        };
        match page.total {
            Some(0) => return Ok(Reason::new("registry-fhir-nobody", [host])),
            Some(count) => return Ok(Reason::new("registry-fhir-people", [("count", count.to_string())])),
            None => {}
        }
    }
    Ok(Reason::new("registry-fhir-count-unknown", [host]))
}

/// Which generation of iHRIS's profiles is in use.
async fn profiles(server: &Server) -> Result<Option<Reason>, HttpError> {
    let mut seen = String::new();
    for kind in ["Practitioner", "PractitionerRole", "Location"] {
        let answer = server.get(server.client.url(kind, &[("_count", SAMPLE)])).await?;
        if answer.status == 200 {
            seen.push_str(&answer.text());
        }
    }
    let has = |profile: &str| seen.contains(&format!("/StructureDefinition/{profile}\""));
    let is_current = ["ihris-country", "ihris-region", "ihris-district"].into_iter().any(has);
    // The first places may all be countries; positions tell their generation by themselves.
    let is_older =
        ["ihris-jurisdiction", "ihris-practitioner-role-details", "iHRISPractitionerRoleDetails"].into_iter().any(has);
    Ok(Some(Reason::plain(match (is_current, is_older) {
        (true, true) => "registry-ihris-both",
        (true, false) => "registry-ihris-current",
        (false, true) => "registry-ihris-older",
        (false, false) if has("ihris-practitioner") => "registry-ihris-people-only",
        (false, false) => "registry-ihris-none",
    })))
}

/// What the server can't do, and what that means.
fn lacks(server: &Server, capability: &Capability) -> Vec<Reason> {
    let mut lacks = Vec::new();
    let absent: Vec<&str> = TYPES
        .into_iter()
        .filter(|kind| NEEDED.contains(kind) && server.settings.types.contains(kind))
        .filter(|kind| !Server::has(Some(capability), kind))
        .collect();
    if !absent.is_empty() {
        lacks.push(Reason::new("registry-fhir-without", [("kinds", absent.join(", "))]));
    }
    let has_history = server.settings.history.unwrap_or_else(|| capability.can("Practitioner", "history-type"));
    if !has_history && !absent.contains(&"Practitioner") {
        lacks.push(Reason::plain("registry-fhir-no-history"));
    }
    let writes = ["update", "patch"].into_iter().any(|way| capability.can("Practitioner", way));
    if !writes && !absent.contains(&"Practitioner") {
        lacks.push(Reason::plain("registry-fhir-no-writes"));
    }
    lacks
}
