//! Basic: iHRIS's side records. In-service training, leave and position details are read, the other kinds kept.
//!
//! Both generations of its profiles: leave and training tell their days as `period`, or as `start-date`/`startDate` and
//! `end-date`/`endDate`.

use jiff::civil::Date;
use mhero_core::record::{AbsenceRecord, Coded, Content, PositionDetails, Problem, Reason, Ref, TrainingRecord};

use super::{
    Extension, ExtensionValue,
    node::{Node, Warnings},
};

/// A side record as FHIR has it: all that matters stands in extensions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Basic {
    /// Profiles that the source claims.
    pub profiles: Vec<String>,
    /// Extensions.
    pub extensions: Vec<Extension>,
}

impl Basic {
    /// Reads a resource, with what could not be read of it.
    pub fn read(resource: &serde_json::Value) -> (Self, Vec<Problem>) {
        let mut warnings = Warnings::default();
        let view = Self::from_node(&Node::root(resource), &mut warnings);
        (view, warnings.into_problems())
    }

    pub(super) fn from_node(root: &Node<'_>, warnings: &mut Warnings) -> Self {
        let profiles = root.get("meta").map(|meta| meta.items("profile").iter().filter_map(Node::text).collect());
        Self { profiles: profiles.unwrap_or_default(), extensions: Extension::list(root, warnings) }
    }

    pub(super) fn content(self, warnings: &mut Warnings) -> Content {
        if let Some(training) = self.extensions.iter().find(|extension| extension.word() == "ihris-inservice-training")
        {
            return Content::Training(self.training(training, warnings));
        }
        if let Some(leave) = self.extensions.iter().find(|extension| extension.word() == "ihris-leave") {
            return Content::Absence(self.leave(leave, warnings));
        }
        let names_details = |word: &str| {
            let word = word.to_ascii_lowercase();
            word.contains("positiondetails") || word.contains("position-details")
        };
        let is_details = self.profiles.iter().any(|profile| names_details(profile))
            || self.extensions.iter().any(|extension| names_details(&extension.url));
        if is_details {
            let find = |word| named(&self.extensions, word).and_then(|concept| concept.concept()?.coded(""));
            return Content::PositionDetails(PositionDetails { job: find("job"), cadre: find("cadre") });
        }
        Content::Kept
    }

    fn training(&self, training: &Extension, warnings: &mut Warnings) -> TrainingRecord {
        let person = self.practitioner();
        if person.is_none() {
            warnings.add("extension", Reason::plain("import-training-without-person"));
        }
        let course = training.part("training").and_then(|value| value.concept()?.coded("")).unwrap_or_default();
        let name = match training.part("courseName") {
            Some(ExtensionValue::Text(name)) => Some(name.clone()),
            _ => None,
        };
        if course == Coded::default() && name.is_none() {
            warnings.add("extension", Reason::plain("import-training-without-course"));
        }
        let (start, end) = days(training);
        TrainingRecord { person, course: Coded { text: name.or_else(|| course.text.clone()), ..course }, start, end }
    }

    fn leave(&self, leave: &Extension, warnings: &mut Warnings) -> AbsenceRecord {
        let person = self.practitioner();
        if person.is_none() {
            warnings.add("extension", Reason::plain("import-leave-without-person"));
        }
        let kind = leave.part("leave-type").or_else(|| leave.part("leaveType"));
        let reason = kind.and_then(|value| value.concept()?.coded("")).unwrap_or_default();
        let (start, end) = days(leave);
        if start.is_none() {
            warnings.add("extension", Reason::plain("import-leave-without-days"));
        }
        AbsenceRecord { person, reason, start, end }
    }

    fn practitioner(&self) -> Option<Ref> {
        let of = self.extensions.iter().find(|extension| extension.word() == "ihris-practitioner-reference")?;
        of.value.as_ref().and_then(ExtensionValue::reference)
    }
}

/// First and last day of a side record, in any of the ways that the profiles have them.
fn days(record: &Extension) -> (Option<Date>, Option<Date>) {
    let period = record.part("period").and_then(ExtensionValue::period);
    let day = |names: [&str; 2]| names.iter().find_map(|name| record.part(name)?.day());
    let start = period.and_then(|period| period.start).or_else(|| day(["start-date", "startDate"]));
    (start, period.and_then(|period| period.end).or_else(|| day(["end-date", "endDate"])))
}

/// The first value, at any depth, of an extension whose word ends so: `ihris-job`, `job`.
fn named<'a>(extensions: &'a [Extension], ending: &str) -> Option<&'a ExtensionValue> {
    extensions.iter().find_map(|extension| {
        let own = extension.value.as_ref().filter(|_| extension.word().ends_with(ending));
        own.or_else(|| named(&extension.parts, ending))
    })
}
