//! Which answers of flows correct the register, beside those of the library: written and read as lines, one for each.
//!
//! `village_said = village`: what flows keep of a person under the first field corrects the second. `Cold chain / fridges = fridges:value`:
//! a result of a flow is a value of the place where the person works; the category of the result without `:value`, its value with it.
//! `Record check / village = person:village`: it is a value of the person.
//! `Facility check / none`: this flow says nothing of places.

use std::{collections::BTreeMap, fmt::Write as _};

use mhero_core::Right;
use mhero_store::{Queue, Unit};
use serde_json::json;

use super::{
    facility::{self, OF_PERSON},
    fields,
};
use crate::{App, AppError, Caller};

/// Most lines.
const LINES_MAX: usize = 200;
/// Longest name of a flow, a result or a field, in characters.
const NAME_MAX: usize = 100;
/// Stands in the place of a result where a flow says nothing of places.
const NONE: &str = "none";
/// What follows a field that takes the value of a result.
const BY_VALUE: &str = ":value";

/// What the lines say.
#[derive(Debug, Default, PartialEq, Eq)]
struct Lines {
    people: BTreeMap<String, String>,
    places: BTreeMap<String, BTreeMap<String, String>>,
}

impl App {
    /// The answers of flows that correct the register beside those of the library, as lines.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn answers_taken(&self, caller: &Caller) -> Result<String, AppError> {
        caller.must(Right::Settings)?;
        let people = self.store().setting(fields::SETTING).await?.unwrap_or_default();
        let places = self.store().setting(facility::SETTING).await?.unwrap_or_default();
        let lines = Lines {
            people: serde_json::from_str(&people).unwrap_or_default(),
            places: serde_json::from_str(&places).unwrap_or_default(),
        };
        Ok(lines.written())
    }

    /// Says anew which answers of flows correct the register beside those of the library.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the line that can't be read, or that names a field of people which there is not;
    /// [`AppError::NotAllowed`].
    pub async fn set_answers_taken(&self, caller: &Caller, text: &str) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let lines = Lines::read(text)?;
        let known = self.store().contact_fields().await?;
        for (said, field) in lines.of_people() {
            if !fields::OWN.contains(&field) && known.iter().all(|known| known.key != field) {
                let args = [("line", format!("{said} = {field}")), ("field", field.to_owned())];
                return Err(AppError::invalid("wayback-answers-field", args));
            }
        }
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        for (setting, json) in [(fields::SETTING, json!(lines.people)), (facility::SETTING, json!(lines.places))] {
            unit.put_setting(setting, &json.to_string(), now);
        }
        let facts = json!({ "people": lines.people, "places": lines.places });
        unit.audit(self.store(), &caller.entry("answers-taken-set", "setting", None, facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}

impl Lines {
    fn read(text: &str) -> Result<Self, AppError> {
        let mut all = Self::default();
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        for (at, line) in lines.enumerate() {
            let odd = || {
                let shown = line.chars().take(NAME_MAX).collect::<String>();
                AppError::invalid("wayback-answers-line", [("line", shown)])
            };
            if at >= LINES_MAX {
                return Err(AppError::invalid("wayback-answers-many", [("max", LINES_MAX.to_string())]));
            }
            if let Some((flow, NONE)) = line.rsplit_once('/').map(|(flow, rest)| (flow.trim(), rest.trim())) {
                all.places.insert(named(flow).ok_or_else(odd)?, BTreeMap::new());
                continue;
            }
            let (from, to) = line.split_once('=').ok_or_else(odd)?;
            match from.rsplit_once('/') {
                None => drop(all.people.insert(key(from).ok_or_else(odd)?, key(to).ok_or_else(odd)?)),
                Some((flow, result)) => {
                    let to = to.trim();
                    let (before, field, after) = match (to.strip_prefix(OF_PERSON), to.strip_suffix(BY_VALUE)) {
                        (Some(field), _) => (OF_PERSON, field, ""),
                        (None, Some(field)) => ("", field, BY_VALUE),
                        (None, None) => ("", to, ""),
                    };
                    let field = format!("{before}{}{after}", key(field).ok_or_else(odd)?);
                    let of_flow = all.places.entry(named(flow).ok_or_else(odd)?).or_default();
                    of_flow.insert(key(result).ok_or_else(odd)?, field);
                }
            }
        }
        Ok(all)
    }

    /// The fields of people that are corrected, each with what corrects it.
    fn of_people(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.people.iter().map(|(said, field)| (said.as_str(), field.as_str()));
        let results = self.places.values().flatten();
        own.chain(results.filter_map(|(said, field)| Some((said.as_str(), field.strip_prefix(OF_PERSON)?))))
    }

    fn written(&self) -> String {
        let mut text = String::new();
        for (said, field) in &self.people {
            let _ = writeln!(text, "{said} = {field}");
        }
        for (flow, results) in &self.places {
            if results.is_empty() {
                let _ = writeln!(text, "{flow} / {NONE}");
            }
            for (result, field) in results {
                let _ = writeln!(text, "{flow} / {result} = {field}");
            }
        }
        text
    }
}

/// The name of a flow.
fn named(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text.chars().count() <= NAME_MAX).then(|| text.to_owned())
}

/// The key of a field or of a result.
fn key(text: &str) -> Option<String> {
    let is_of_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    named(text).filter(|text| text.chars().all(is_of_key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_written_as_they_were() {
        let text = "village_said = village\nCold chain / fridge = fridge_works\nCold chain / fridges = fridges:value\nFacility check / none\nRecord check / village = person:village\n";
        let lines = Lines::read(text).expect("it can be read");
        assert_eq!(lines.people["village_said"], "village");
        assert_eq!(lines.places["Cold chain"]["fridges"], "fridges:value");
        assert!(lines.places["Facility check"].is_empty());
        let people: Vec<_> = lines.of_people().collect();
        assert_eq!(people, [("village_said", "village"), ("village", "village")]);
        assert_eq!(lines.written(), text);
        assert_eq!(Lines::read(" \n\n").expect("nothing"), Lines::default());
        for odd in [
            "village",
            "= village",
            "a b = village",
            "Cold chain / = x",
            "/ fridges = x",
            "x = Größe",
            "a / b = :value",
            "a / b = person:",
            "a / b = person:c:value",
        ] {
            assert!(Lines::read(odd).is_err(), "{odd}");
        }
    }
}
