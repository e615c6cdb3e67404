//! Code systems and value sets that are used, not only read: `$expand`, `$lookup` and `$validate-code`.

use std::collections::BTreeSet;

use mhero_app::Caller;
use mhero_fhir::Code;
use serde_json::{Value, json};

use super::{FhirError, FhirServer};

/// Codes of one answer at most.
const CODES_MAX: usize = 10_000;
/// How deep value sets and concepts lead to others.
const DEPTH_MAX: usize = 8;

/// Which code system or value set is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one of an id.
    Id(String),
    /// The one of a canonical address, with or without `|version`.
    Url(String),
    /// One that came with the request.
    Sent(Box<Value>),
}

/// What is asked of a value set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expand {
    /// Only what begins a word of the code or the display with this.
    pub filter: String,
    /// In which language, by its BCP 47 tag, where there is one.
    pub language: String,
    /// How many are left out at the beginning.
    pub offset: usize,
    /// How many come at most.
    pub count: Option<usize>,
}

/// One code.
#[derive(Clone, Debug)]
struct Concept {
    system: String,
    code: String,
    display: String,
    designation: Value,
}

impl Concept {
    fn of(system: &str, concept: &Value) -> Self {
        let text = |name: &str| concept[name].as_str().unwrap_or_default().to_owned();
        Self {
            system: system.to_owned(),
            code: text("code"),
            display: text("display"),
            designation: concept["designation"].clone(),
        }
    }

    /// The words of it in a language, else its own.
    fn words(&self, language: &str) -> &str {
        let wanted = language.to_ascii_lowercase();
        let designations = self.designation.as_array().map(Vec::as_slice).unwrap_or_default();
        let is_wanted = |one: &&Value| {
            one["language"].as_str().is_some_and(|tag| {
                let tag = tag.to_ascii_lowercase();
                tag == wanted || tag.split('-').next() == wanted.split('-').next()
            })
        };
        let own = || self.display.as_str();
        if wanted.is_empty() {
            return own();
        }
        designations.iter().find(is_wanted).and_then(|one| one["value"].as_str()).unwrap_or_else(own)
    }

    fn fits(&self, filter: &str, language: &str) -> bool {
        let filter = mhero_query::fold(filter);
        let begins = |text: &str| mhero_query::fold(text).split_whitespace().any(|word| word.starts_with(&filter));
        filter.is_empty()
            || begins(&self.code)
            || begins(self.words(language))
            || mhero_query::fold(self.words(language)).starts_with(&filter)
    }
}

impl FhirServer {
    /// The codes of a value set, as a ValueSet with its expansion.
    ///
    /// # Errors
    /// [`FhirError::NotFound`] for a value set or a code system of it that is not here; [`FhirError::Refused`] for rules that are not
    /// followed here, and for more codes than one answer holds.
    pub async fn expand(&self, caller: &Caller, which: &Which, asked: &Expand) -> Result<Value, FhirError> {
        let mut set = self.meant_one(caller, "ValueSet", which).await?;
        let codes = Box::pin(self.codes_of(caller, &set, 0)).await?;
        let fitting: Vec<&Concept> = codes.iter().filter(|one| one.fits(&asked.filter, &asked.language)).collect();
        let total = fitting.len();
        let count = asked.count.unwrap_or(CODES_MAX).min(CODES_MAX);
        let contains: Vec<Value> = fitting
            .into_iter()
            .skip(asked.offset)
            .take(count)
            .map(|one| {
                let mut entry = json!({ "system": one.system, "code": one.code });
                let words = one.words(&asked.language);
                if !words.is_empty() {
                    entry["display"] = json!(words);
                }
                if one.designation.is_array() && asked.language.is_empty() {
                    entry["designation"] = one.designation.clone();
                }
                entry
            })
            .collect();
        let mut parameters = Vec::new();
        for (name, value) in [("filter", &asked.filter), ("displayLanguage", &asked.language)] {
            if !value.is_empty() {
                parameters.push(json!({ "name": name, "valueString": value }));
            }
        }
        if let Some(count) = asked.count {
            parameters.push(json!({ "name": "count", "valueInteger": count }));
        }
        let mut expansion = json!({
            "identifier": format!("urn:uuid:{}", self.app.store().mint().uuid()),
            "timestamp": self.app.clock().now().to_string(),
            "total": total, "offset": asked.offset,
        });
        if !parameters.is_empty() {
            expansion["parameter"] = json!(parameters);
        }
        if !contains.is_empty() {
            expansion["contains"] = json!(contains);
        }
        set["expansion"] = expansion;
        Ok(set)
    }

    /// What a code of a code system means, as Parameters.
    ///
    /// # Errors
    /// [`FhirError::NotFound`] for a code system or code that is not here.
    pub async fn lookup(
        &self,
        caller: &Caller,
        (system, code): (&str, &str),
        language: &str,
    ) -> Result<Value, FhirError> {
        let held = self.meant_one(caller, "CodeSystem", &Which::Url(system.to_owned())).await?;
        let all = concepts(&held);
        let found = all.iter().find(|one| one.code == code);
        let found = found.ok_or_else(|| FhirError::NotFound(format!("code “{}” in {system}", shown(code))))?;
        let name = held["title"].as_str().or_else(|| held["name"].as_str()).unwrap_or(system);
        let mut parameters = vec![
            json!({ "name": "name", "valueString": name }),
            json!({ "name": "display", "valueString": found.words(language) }),
        ];
        for one in found.designation.as_array().into_iter().flatten() {
            let mut parts = Vec::new();
            if let Some(language) = one["language"].as_str() {
                parts.push(json!({ "name": "language", "valueCode": language }));
            }
            parts.push(json!({ "name": "value", "valueString": one["value"] }));
            parameters.push(json!({ "name": "designation", "part": parts }));
        }
        Ok(json!({ "resourceType": "Parameters", "parameter": parameters }))
    }

    /// Whether a code belongs to a code system or value set, as Parameters. Without a system each system of a value set counts.
    ///
    /// # Errors
    /// As [`FhirServer::expand`].
    pub async fn validate_code(
        &self,
        caller: &Caller,
        (kind, which): (&str, &Which),
        (system, code, display): (&str, &str, &str),
    ) -> Result<Value, FhirError> {
        let held = self.meant_one(caller, kind, which).await?;
        let codes = match kind {
            "CodeSystem" => concepts(&held),
            _ => Box::pin(self.codes_of(caller, &held, 0)).await?,
        };
        let found = codes.iter().find(|one| one.code == code && (system.is_empty() || one.system == system));
        let said = |is_it: bool, message: String| {
            let mut parameters = vec![json!({ "name": "result", "valueBoolean": is_it })];
            if !message.is_empty() {
                parameters.push(json!({ "name": "message", "valueString": message }));
            }
            if let Some(found) = found.filter(|found| !found.display.is_empty()) {
                parameters.push(json!({ "name": "display", "valueString": found.display }));
            }
            json!({ "resourceType": "Parameters", "parameter": parameters })
        };
        let is_called = |one: &Concept| {
            let others = one.designation.as_array().into_iter().flatten().filter_map(|other| other["value"].as_str());
            std::iter::once(one.display.as_str()).chain(others).any(|words| words.eq_ignore_ascii_case(display))
        };
        Ok(match found {
            None => said(false, format!("there is no code “{}” in it", shown(code))),
            Some(one) if !display.is_empty() && !is_called(one) => {
                said(false, format!("the code is there, but it is not called “{}”", shown(display)))
            }
            Some(_) => said(true, String::new()),
        })
    }

    async fn meant_one(&self, caller: &Caller, kind: &str, which: &Which) -> Result<Value, FhirError> {
        let read = |body: &str| serde_json::from_str::<Value>(body).unwrap_or_default();
        match which {
            Which::Sent(sent) => Ok(Value::clone(sent)),
            Which::Id(id) => Ok(read(&self.read(caller, kind, id).await?.body)),
            Which::Url(url) => {
                let (address, version) = url.split_once('|').unwrap_or((url, ""));
                let mut asked = vec![("url".to_owned(), address.to_owned())];
                if !version.is_empty() {
                    asked.push(("version".to_owned(), version.to_owned()));
                }
                let found = self.search(caller, kind, (&asked, false)).await?;
                let one = found.resources.first().map(|one| read(&one.body));
                one.ok_or_else(|| FhirError::NotFound(format!("{kind} “{}”", shown(url))))
            }
        }
    }

    /// All codes of a value set: those that it includes, without those that it excludes.
    async fn codes_of(&self, caller: &Caller, set: &Value, depth: usize) -> Result<Vec<Concept>, FhirError> {
        if depth >= DEPTH_MAX {
            return Err(refused("ValueSet.compose", "value sets that lead this deep into others are not followed"));
        }
        let compose = &set["compose"];
        let mut codes: Vec<Concept> = Vec::new();
        for (at, include) in compose["include"].as_array().into_iter().flatten().enumerate() {
            let place = format!("ValueSet.compose.include[{at}]");
            codes.extend(self.included(caller, include, (&place, depth)).await?);
            if codes.len() > CODES_MAX {
                let said = format!("this value set has more than {CODES_MAX} codes");
                return Err(FhirError::refused(Code::TooCostly, "ValueSet.compose", said));
            }
        }
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        for (at, exclude) in compose["exclude"].as_array().into_iter().flatten().enumerate() {
            let place = format!("ValueSet.compose.exclude[{at}]");
            let gone = self.included(caller, exclude, (&place, depth)).await?;
            seen.extend(gone.into_iter().map(|one| (one.system, one.code)));
        }
        codes.retain(|one| seen.insert((one.system.clone(), one.code.clone())));
        Ok(codes)
    }

    async fn included(
        &self,
        caller: &Caller,
        part: &Value,
        (place, depth): (&str, usize),
    ) -> Result<Vec<Concept>, FhirError> {
        if part["filter"].is_array() {
            return Err(refused(&format!("{place}.filter"), "codes are not chosen by filters here: list them"));
        }
        let mut codes: Option<Vec<Concept>> = None;
        if let Some(system) = part["system"].as_str() {
            let held = self.meant_one(caller, "CodeSystem", &Which::Url(system.to_owned())).await;
            codes = Some(match (part["concept"].as_array(), held) {
                (None, held) => concepts(&held?),
                // Listed codes need no code system; where there is one it lends its words.
                (Some(listed), held) => {
                    let known = held.map(|held| concepts(&held)).unwrap_or_default();
                    let lent = |one: &Value| {
                        let mut own = Concept::of(system, one);
                        if let Some(known) = known.iter().find(|known| known.code == own.code) {
                            if own.display.is_empty() {
                                own.display.clone_from(&known.display);
                            }
                            if own.designation.is_null() {
                                own.designation = known.designation.clone();
                            }
                        }
                        own
                    };
                    listed.iter().map(lent).collect()
                }
            });
        }
        for other in part["valueSet"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let set = self.meant_one(caller, "ValueSet", &Which::Url(other.to_owned())).await?;
            let of_it = Box::pin(self.codes_of(caller, &set, depth + 1)).await?;
            // What stands beside one another counts where all of it fits.
            codes = Some(match codes {
                None => of_it,
                Some(own) => {
                    let there: BTreeSet<(String, String)> =
                        of_it.into_iter().map(|one| (one.system, one.code)).collect();
                    own.into_iter().filter(|one| there.contains(&(one.system.clone(), one.code.clone()))).collect()
                }
            });
        }
        Ok(codes.unwrap_or_default())
    }
}

/// All concepts of a code system, those within others behind them.
fn concepts(held: &Value) -> Vec<Concept> {
    fn gather(system: &str, list: &Value, depth: usize, all: &mut Vec<Concept>) {
        for concept in list.as_array().into_iter().flatten() {
            if depth >= DEPTH_MAX || all.len() > CODES_MAX {
                return;
            }
            all.push(Concept::of(system, concept));
            gather(system, &concept["concept"], depth + 1, all);
        }
    }
    let mut all = Vec::new();
    gather(held["url"].as_str().unwrap_or_default(), &held["concept"], 0, &mut all);
    all
}

fn refused(place: &str, said: &str) -> FhirError {
    FhirError::refused(Code::NotSupported, place, said)
}

/// What a client wrote, as far as it is said again.
fn shown(text: &str) -> String {
    text.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_beginnings_and_in_a_language() {
        let concept = Concept::of(
            "s",
            &json!({ "code": "CHW", "display": "Community health worker",
                "designation": [{ "language": "fr", "value": "Agent de santé communautaire" }] }),
        );
        assert!(concept.fits("", "") && concept.fits("heal", "") && concept.fits("chw", "fr"));
        assert!(concept.fits("sante", "fr") && !concept.fits("sante", ""));
        assert_eq!(concept.words("fr-FR"), "Agent de santé communautaire");
        assert_eq!(concept.words("pt"), "Community health worker");
    }
}
