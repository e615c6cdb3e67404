//! What a report of a suspected case says: fields between full stops, in an order that is set.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The fields of a report where none are set, as emNutt had them.
const FIELDS: [&str; 4] = ["diseaseCode", "gender", "age", "specimenCollected"];
/// Fields that are yes or no.
const YES_OR_NO: [&str; 3] = ["specimenCollected", "communityDetection", "internationalTravel"];
/// Longest text of a field, in characters.
const FIELD_CHARS_MAX: usize = 200;
/// The oldest that anybody is, in years.
const AGE_MAX: i64 = 130;

/// What is set for alerts, under emNutt's names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EidsrSettings {
    /// What stands in a report, in order.
    pub ordered_fields: Vec<String>,
    /// Who is alerted: audiences in the query language, in which `{{district}}` and the like stand for where the reporter works:
    /// `group = "Surveillance"`, `job = "District Surveillance Officer" AND place = "{{district}}"`.
    pub to: Vec<String>,
    /// The alert, with the same places for what is known.
    pub text: String,
    /// The flow that asks the reporter on, by UUID; empty for none.
    pub follow_up_flow: String,
    /// How deep below the country, which is 1, a county and a district are.
    pub county_level: usize,
    /// The same for the district.
    pub district_level: usize,
}

impl Default for EidsrSettings {
    fn default() -> Self {
        Self {
            ordered_fields: FIELDS.map(str::to_owned).to_vec(),
            to: Vec::new(),
            text: String::new(),
            follow_up_flow: String::new(),
            county_level: 2,
            district_level: 3,
        }
    }
}

/// What was reported.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Reported {
    pub(super) disease: String,
    /// FHIR's code of a sex.
    pub(super) gender: Option<&'static str>,
    /// What else was said: the name of the field, and its value by the type of the extension.
    pub(super) fields: Vec<(String, Value)>,
}

impl Reported {
    /// Reads a report. What is wrong says which field, what stood there and what would be right.
    pub(super) fn read(report: &str, order: &[String]) -> Result<Self, String> {
        let mut parts: Vec<&str> = report.trim().split('.').map(str::trim).collect();
        if parts.first().is_some_and(|first| first.eq_ignore_ascii_case("alert")) {
            parts.remove(0);
        }
        while parts.last().is_some_and(|last| last.is_empty()) {
            parts.pop();
        }
        if parts.len() > order.len() {
            return Err(format!(
                "the report has {} fields; there are {}: {}",
                parts.len(),
                order.len(),
                order.join(".")
            ));
        }
        let mut read = Self::default();
        for (name, said) in order.iter().zip(&parts).filter(|(_, said)| !said.is_empty()) {
            read.put(name, said)?;
        }
        if read.disease.is_empty() {
            return Err(format!("the report names no disease: write {}", order.join(".")));
        }
        Ok(read)
    }

    /// Takes one field.
    pub(super) fn put(&mut self, name: &str, said: &str) -> Result<(), String> {
        let said = said.trim();
        if said.chars().count() > FIELD_CHARS_MAX {
            return Err(format!("{name} has at most {FIELD_CHARS_MAX} letters"));
        }
        let shown = || said.chars().take(40).collect::<String>();
        let value = match name {
            "diseaseCode" => {
                said.clone_into(&mut self.disease);
                return Ok(());
            }
            "gender" => {
                let gender = match said.to_lowercase().as_str() {
                    "m" | "male" | "h" | "homme" | "masculin" => "male",
                    "f" | "female" | "femme" | "féminin" | "feminin" => "female",
                    "o" | "other" | "autre" => "other",
                    "u" | "unknown" | "inconnu" => "unknown",
                    _ => return Err(format!("gender is “{}”: write m or f", shown())),
                };
                self.gender = Some(gender);
                return Ok(());
            }
            "age" => {
                let age = said.parse::<i64>().ok().filter(|age| (0..=AGE_MAX).contains(age));
                json!({ "valueInteger": age.ok_or_else(|| format!("age is “{}”: write years, 0 to {AGE_MAX}", shown()))? })
            }
            _ if YES_OR_NO.contains(&name) => {
                let is_so = yes_or_no(said).ok_or_else(|| format!("{name} is “{}”: write y or n", shown()))?;
                json!({ "valueBoolean": is_so })
            }
            _ => json!({ "valueString": said }),
        };
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value));
        Ok(())
    }
}

fn yes_or_no(said: &str) -> Option<bool> {
    match said.to_lowercase().as_str() {
        "y" | "yes" | "true" | "1" | "o" | "oui" | "vrai" => Some(true),
        "n" | "no" | "false" | "0" | "non" | "faux" => Some(false),
        _ => None,
    }
}

/// A text with what is known in the places for it; what is not known leaves nothing.
pub(super) fn filled(text: &str, known: &[(&str, &str)]) -> String {
    let (mut rest, mut filled) = (text, String::new());
    while let Some((before, behind)) = rest.split_once("{{") {
        filled += before;
        let Some((name, after)) = behind.split_once("}}") else {
            filled += "{{";
            rest = behind;
            continue;
        };
        let value = known.iter().find(|(known, _)| *known == name.trim()).map_or("", |(_, value)| value);
        filled += value;
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> Vec<String> {
        EidsrSettings::default().ordered_fields
    }

    #[test]
    fn reports_are_read_by_their_order() {
        let read = Reported::read("ALERT.ml.f.23.Y", &order()).expect("a report");
        assert_eq!((read.disease.as_str(), read.gender), ("ml", Some("female")));
        let fields = [("age", json!({ "valueInteger": 23 })), ("specimenCollected", json!({ "valueBoolean": true }))];
        assert_eq!(read.fields, fields.map(|(name, value)| (name.to_owned(), value)));
        assert_eq!(Reported::read("alert. CH . . 4 ", &order()).expect("a report").gender, None);
        assert_eq!(Reported::read("CH.", &order()).expect("a report").disease, "CH");
    }

    #[test]
    fn what_is_wrong_is_said_with_what_would_be_right() {
        for (report, words) in [
            ("", "no disease"),
            ("alert", "no disease"),
            ("alert..m.3.y", "no disease"),
            ("alert.ML.x.3.y", "write m or f"),
            ("alert.ML.m.old.y", "write years"),
            ("alert.ML.m.999.y", "write years"),
            ("alert.ML.m.3.perhaps", "write y or n"),
            ("alert.ML.m.3.y.more", "there are 4"),
        ] {
            let said = Reported::read(report, &order()).expect_err(report);
            assert!(said.contains(words), "{report}: {said}");
        }
    }

    #[test]
    fn texts_are_filled_and_never_twice() {
        let known = [("diseaseName", "Measles"), ("facility", "{{diseaseName}}")];
        assert_eq!(filled("{{diseaseName}} at {{ facility }}{{gone}}.", &known), "Measles at {{diseaseName}}.");
        assert_eq!(filled("{{ open", &known), "{{ open");
    }
}
