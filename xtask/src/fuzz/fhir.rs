//! The FHIR server's readers: resources in JSON and XML, patches, bundles, searches.

use std::fs;

use mhero_fhir::{
    Limits, bundle, check,
    patch::{merged, patched},
    search::{Parameters, Query, Summary, keys},
    shape::shaped,
    xml::{from_xml, to_xml},
};
use serde_json::{Value, json};

use super::targets::Judge;

/// Where the server says that it stands.
const BASE: &str = "https://mhero.example/fhir";
/// Entries taken of one bundle.
const ENTRIES_MAX: usize = 1_000;
/// Resources of one sample that become seeds of their own.
const OF_SAMPLE_MAX: usize = 20;

/// The resources of the shared samples, one each, and bundles, patches and XML as clients write them.
pub(super) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = [
        r#"{"resourceType":"Practitioner","id":"p","identifier":[{"system":"urn:x","value":"1"}],"name":[{"family":"Kollie","given":["Ama"]}],"telecom":[{"system":"phone","value":"+231770000001"}],"_birthDate":{"extension":[{"url":"u","valueString":"x"}]}}"#,
        r#"{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Organization","name":"x"},"request":{"method":"POST","url":"Organization","ifNoneExist":"identifier=a|b"}},{"resource":{"resourceType":"Location","managingOrganization":{"reference":"urn:uuid:1"}},"request":{"method":"PUT","url":"Location?identifier=a|b"}}]}"#,
        r##"{"resourceType":"Location","position":{"latitude":6.3,"longitude":-10.8},"contained":[{"resourceType":"Organization","id":"o"}],"managingOrganization":{"reference":"#o"}}"##,
        r#"[{"op":"add","path":"/name/0/given/-","value":"Béa"},{"op":"move","from":"/telecom/0","path":"/telecom/1"},{"op":"test","path":"/id","value":"p"}]"#,
        r#"<?xml version="1.0"?><Practitioner xmlns="http://hl7.org/fhir"><id value="p"/><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>Ama &amp; B&#233;a</p></div></text><name><family value="Kollie"/></name></Practitioner>"#,
        r#"<!DOCTYPE a [<!ENTITY b "bb">]><Location xmlns="http://hl7.org/fhir"><name value="&b;"/></Location>"#,
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    for folder in ["fixtures/emnutt", "fixtures/ihris"] {
        let files = mhero_testkit::fixture(folder).and_then(|folder| fs::read_dir(folder).ok());
        for entry in files.into_iter().flatten().flatten() {
            let Some(json) = fs::read(entry.path()).ok().and_then(|text| serde_json::from_slice::<Value>(&text).ok())
            else {
                continue;
            };
            let entries = json["entry"].as_array().into_iter().flatten().map(|entry| &entry["resource"]);
            seeds.extend(entries.take(OF_SAMPLE_MAX).map(|resource| resource.to_string().into_bytes()));
            if json["entry"].is_null() {
                seeds.push(json.to_string().into_bytes());
            }
        }
    }
    seeds
}

/// What is read is checked, indexed, shortened and patched; what keeps the rules is written in XML and read as the same.
pub(super) fn judge() -> Judge {
    let stands =
        json!({ "resourceType": "Practitioner", "id": "p", "name": [{ "given": ["A"] }], "telecom": [{}, {}] });
    Box::new(move |input| {
        let text = String::from_utf8_lossy(input);
        let is_xml = text.trim_start().starts_with('<');
        let read = if is_xml { from_xml(&text).ok() } else { serde_json::from_str(&text).ok() };
        let Some(resource) = read else { return false };
        let _ = (patched(&stands, &resource), merged(&stands, &resource));
        if let Ok(read) = bundle::read(&resource, BASE, ENTRIES_MAX) {
            let _ = bundle::in_order(&read.requests);
        }
        let _ = bundle::open_references(&resource);
        let _ = keys(Parameters::r4(), &resource, BASE);
        let mut is_kept = true;
        for issue in check(&resource, Limits::default()) {
            assert!(!issue.diagnostics.is_empty(), "an issue that says nothing");
            is_kept &= !issue.is_error();
        }
        for summary in [Summary::Whole, Summary::Short, Summary::Text, Summary::Data] {
            let _ = shaped(resource.clone(), summary, &["name".to_owned()]);
        }
        if is_kept && let Ok(written) = to_xml(&resource) {
            let again = from_xml(&written).and_then(|again| to_xml(&again));
            assert_eq!(again.ok(), Some(written), "what is written is not read as the same");
        }
        is_kept
    })
}

/// Searches as clients of mCSD, mACM, iHRIS and emNutt ask them.
pub(super) fn search_seeds() -> Vec<Vec<u8>> {
    [
        "Practitioner?identifier=http://moh.example|42&name:exact=Kollie&_count=20&_sort=-_lastUpdated,family",
        "PractitionerRole?practitioner.name:contains=kol&location:Location.name=x&_include=PractitionerRole:practitioner",
        "Location?near=6.3|-10.8|20|km&_lastUpdated=ge2026-01-01T00:00:00.000Z&_summary=true&_elements=name,status",
        "Organization?_has:PractitionerRole:organization:active=true&partof:missing=true&_revinclude=Location:organization",
        "CommunicationRequest?status=active,completed&_total=none&authored=lt2026-11&_page=x%00&_profile=http://a\\,b",
        "Practitioner?telecom=phone|%2B231770000001&active:not=false&_id=1,2,3&_tag=a|b&email=x\\|y",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// A search is read; what is refused says what and why.
pub(super) fn searches() -> Judge {
    Box::new(|input| {
        let text = String::from_utf8_lossy(input);
        let (kind, asked) = text.split_once('?').unwrap_or(("Practitioner", &text));
        let pairs = asked.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let asked = Query::read(Parameters::r4(), kind, pairs, BASE);
        for refused in &asked.refused {
            assert!(!refused.why.is_empty() || refused.is_unknown, "a refusal that says nothing: {}", refused.asked);
        }
        asked.refused.is_empty()
    })
}
