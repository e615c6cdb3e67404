//! PractitionerRole: who works where, as what, since when.

use mhero_core::record::{Coded, Content, PositionRecord, Problem, Reason, Ref};

use super::{
    CodeableConcept, Coding, Extension, Period,
    datatypes::{reference, reference_of},
    node::{Node, Warnings},
};

/// A position as FHIR has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PractitionerRole {
    /// The health worker.
    pub practitioner: Option<Ref>,
    /// The places, in order.
    pub locations: Vec<Ref>,
    /// The organisation, which counts as the place when no location is given.
    pub organization: Option<Ref>,
    /// Job, and sometimes cadre.
    pub codes: Vec<CodeableConcept>,
    /// From when until when.
    pub period: Period,
    /// True unless the source says otherwise.
    pub active: bool,
    /// The record that tells more about the position (iHRIS's position Basic), in either spelling of its extension.
    pub details: Option<Ref>,
}

impl PractitionerRole {
    /// Reads a resource, with what could not be read of it.
    pub fn read(resource: &serde_json::Value) -> (Self, Vec<Problem>) {
        let mut warnings = Warnings::default();
        let view = Self::from_node(&Node::root(resource), &mut warnings);
        (view, warnings.into_problems())
    }

    pub(super) fn from_node(root: &Node<'_>, warnings: &mut Warnings) -> Self {
        let locations = root.items("location");
        let extensions = Extension::list(root, warnings);
        let details = extensions.iter().find(|extension| {
            let word = extension.word();
            word.ends_with("role-details") || word.ends_with("roledetails")
        });
        Self {
            practitioner: reference_of(root, "practitioner", "Practitioner", warnings),
            locations: locations.iter().filter_map(|item| reference(item, "Location", warnings)).collect(),
            organization: reference_of(root, "organization", "Organization", warnings),
            codes: root.items("code").iter().map(CodeableConcept::from_node).collect(),
            period: Period::of(root, "period", warnings),
            active: root.member_truth("active").unwrap_or(true),
            details: details
                .and_then(|extension| extension.part("position"))
                .and_then(super::ExtensionValue::reference),
        }
    }

    pub(super) fn content(self, warnings: &mut Warnings) -> Content {
        if self.practitioner.is_none() {
            warnings.add("practitioner", Reason::plain("import-position-without-person"));
        }
        if self.locations.len() > 1 {
            let count = self.locations.len().to_string();
            warnings.add("location[1]", Reason::new("import-position-several-places", [("count", count)]));
        }
        let place = self.locations.first().cloned().or_else(|| self.organization.clone());
        if place.is_none() {
            warnings.add("location", Reason::plain("import-position-without-place"));
        }
        Content::Position(PositionRecord {
            person: self.practitioner.clone(),
            place,
            job: self.job(),
            cadre: self.cadre(),
            start: self.period.start,
            end: self.period.end,
            active: self.active,
            details: self.details,
        })
    }

    /// The first code that is not a cadre.
    fn job(&self) -> Option<Coded> {
        let is_cadre =
            |concept: &&CodeableConcept| !concept.coding.is_empty() && concept.coding.iter().all(is_of_cadre);
        self.codes.iter().find(|concept| !is_cadre(concept)).and_then(|concept| concept.coded("ihris-job"))
    }

    /// The cadre, where the source gives it here.
    fn cadre(&self) -> Option<Coded> {
        let codings = self.codes.iter().flat_map(|concept| &concept.coding);
        codings.filter(|coding| is_of_cadre(coding)).map(|coding| coding.clone().into()).next()
    }
}

/// Whether a code is one of cadres: of iHRIS, or of ours as we show it.
fn is_of_cadre(coding: &Coding) -> bool {
    coding.in_system("ihris-cadre") || coding.in_system("mhero.org/fhir/codesystem/cadre")
}
