//! CapabilityStatement: what a server says that it can do.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What a FHIR server says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capability {
    /// The version of FHIR: `4.0.1`.
    pub fhir_version: String,
    /// Name and version of the program; empty when it does not say.
    pub software: String,
    /// What it can do with each kind of resource.
    pub kinds: BTreeMap<String, KindCapability>,
    /// Whether it takes several changes at once, all or none.
    pub has_transaction: bool,
    /// Formats in which it takes a patch.
    pub patch_formats: BTreeSet<String>,
}

/// What a server can do with one kind of resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindCapability {
    /// `read`, `update`, `history-type`, ...
    pub interactions: BTreeSet<String>,
    /// Search parameters.
    pub search: BTreeSet<String>,
    /// References that a search can take along: `PractitionerRole:practitioner`, or `*`.
    pub includes: BTreeSet<String>,
    /// Whether it creates only what is not there (`If-None-Exist`).
    pub conditional_create: bool,
    /// Whether an update may bring the id of something new.
    pub update_create: bool,
    /// `no-version`, `versioned`, `versioned-update`; empty when it does not say.
    pub versioning: String,
}

impl Capability {
    /// Reads a CapabilityStatement. `None` when the resource is none.
    pub fn read(resource: &Value) -> Option<Self> {
        if resource.get("resourceType").and_then(Value::as_str) != Some("CapabilityStatement") {
            return None;
        }
        let words = |pointer: &str| resource.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let software = format!("{} {}", words("/software/name"), words("/software/version")).trim().to_owned();
        let mut read = Self {
            fhir_version: words("/fhirVersion").to_owned(),
            software,
            patch_formats: texts(resource.get("patchFormat")),
            ..Self::default()
        };
        for rest in list(resource.get("rest")).filter(|rest| text(rest, "mode") != "client") {
            read.has_transaction |= codes(rest.get("interaction")).contains("transaction");
            for kind in list(rest.get("resource")) {
                read.kinds.insert(text(kind, "type"), KindCapability::read(kind));
            }
        }
        Some(read)
    }

    /// Whether it says that it can do this with this kind.
    pub fn can(&self, kind: &str, interaction: &str) -> bool {
        self.kinds.get(kind).is_some_and(|kind| kind.interactions.contains(interaction))
    }

    /// Whether a search for `kind` can take along what this reference (`practitioner`) leads to.
    pub fn includes(&self, kind: &str, reference: &str) -> bool {
        let named = format!("{kind}:{reference}");
        self.kinds.get(kind).is_some_and(|kind| kind.includes.contains(&named) || kind.includes.contains("*"))
    }
}

impl KindCapability {
    fn read(kind: &Value) -> Self {
        let truth = |key| kind.get(key).and_then(Value::as_bool).unwrap_or(false);
        Self {
            interactions: codes(kind.get("interaction")),
            search: list(kind.get("searchParam")).map(|parameter| text(parameter, "name")).collect(),
            includes: texts(kind.get("searchInclude")),
            conditional_create: truth("conditionalCreate"),
            update_create: truth("updateCreate"),
            versioning: text(kind, "versioning"),
        }
    }
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter()
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn codes(interactions: Option<&Value>) -> BTreeSet<String> {
    list(interactions).map(|interaction| text(interaction, "code")).collect()
}

fn texts(values: Option<&Value>) -> BTreeSet<String> {
    list(values).filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_can_do_is_read() {
        let read = Capability::read(&serde_json::json!({
            "resourceType": "CapabilityStatement", "fhirVersion": "4.0.1",
            "software": {"name": "HAPI FHIR Server", "version": "6.2.1"}, "patchFormat": ["application/json-patch+json"],
            "rest": [{"mode": "server", "interaction": [{"code": "transaction"}], "resource": [{
                "type": "Practitioner", "interaction": [{"code": "read"}, {"code": "history-type"}],
                "conditionalCreate": true, "searchInclude": ["PractitionerRole:practitioner"],
                "searchParam": [{"name": "_lastUpdated", "type": "date"}], "versioning": "versioned-update"}]}]
        }));
        let read = read.unwrap();
        assert_eq!((read.software.as_str(), read.has_transaction), ("HAPI FHIR Server 6.2.1", true));
        assert!(read.can("Practitioner", "history-type") && !read.can("Practitioner", "update"));
        assert!(!read.can("Location", "read") && !read.includes("PractitionerRole", "practitioner"));
        assert_eq!(Capability::read(&serde_json::json!({"resourceType": "Bundle"})), None);
    }
}
