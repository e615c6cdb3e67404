//! Notifications of DHIS2 by web hook: what a programme's notification template or an event hook says, as a text for somebody.
//!
//! DHIS2 sends the values of the event, enrolment and person by their names, as parameters or as JSON, and lets nobody write the text of a
//! web hook. So the address that the administrator writes down there says what is made of them: `template`, with names in braces, and
//! `phone-from` or `person-from`, the name under which the number or the id of the person stands.

use mhero_app::{AppError, Caller, people::PeopleAsked};
use serde_json::Value;

use super::{Dhis2Error, Handed, Reports, TextIn, gateway::TEXT_CHARS_MAX};

/// Values of one notification that are read.
const VALUES_MAX: usize = 500;
/// How deep they may stand in one another.
const DEPTH_MAX: usize = 12;
/// Names under which an identifier of the person stands.
const PERSON: [&str; 5] = ["person", "globalid", "practitioner", "worker", "personid"];

/// What came, and how it is to be understood.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Notification {
    /// What the address says: `template`, `phone-from`, `person-from`, and texts and numbers outright.
    pub text: TextIn,
    /// The text with names in braces.
    pub template: Option<String>,
    /// The name under which the number stands.
    pub phone_from: Option<String>,
    /// The name under which the id of the person stands.
    pub person_from: Option<String>,
    /// All values by their names.
    pub values: Vec<(String, String)>,
}

/// No values.
impl std::fmt::Debug for Notification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notification").field("values", &self.values.len()).finish_non_exhaustive()
    }
}

impl Notification {
    fn value(&self, name: &str) -> Option<&str> {
        let name = name.trim();
        let fits = |(known, _): &&(String, String)| {
            known.eq_ignore_ascii_case(name)
                || known.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(name))
        };
        self.values.iter().find(fits).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The text, with the values in their places.
    fn words(&self) -> Result<String, Dhis2Error> {
        let Some(template) = &self.template else { return Ok(self.text.text.clone()) };
        let (mut rest, mut words) = (template.as_str(), String::new());
        while let Some((before, behind)) = rest.split_once('{') {
            words += before;
            let Some((name, after)) = behind.split_once('}') else {
                return Err(Dhis2Error::Refused("the template has a { without its }".to_owned()));
            };
            let known = self.value(name).ok_or_else(|| missing(name))?;
            words += known;
            rest = after;
            if words.chars().count() > TEXT_CHARS_MAX {
                return Err(Dhis2Error::Refused(format!("the text has more than {TEXT_CHARS_MAX} letters")));
            }
        }
        Ok(words + rest)
    }
}

fn missing(name: &str) -> Dhis2Error {
    let name: String = name.chars().take(60).collect();
    Dhis2Error::Refused(format!("the notification has no value “{name}”"))
}

/// The values of a JSON body, each under the way to it: `object.attributes.phone`.
pub fn values_of(body: &Value) -> Vec<(String, String)> {
    let mut values = Vec::new();
    gather(body, String::new(), 0, &mut values);
    values
}

fn gather(value: &Value, name: String, depth: usize, values: &mut Vec<(String, String)>) {
    if values.len() >= VALUES_MAX || depth > DEPTH_MAX {
        return;
    }
    let under = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    match value {
        Value::Object(members) => {
            // `{"attribute": "UID", "value": "…"}`, as DHIS2 lists values.
            let named = ["attribute", "dataElement", "displayName", "name", "code"];
            let own = members.get("value").filter(|value| !value.is_object() && !value.is_array());
            if let Some(own) = own {
                for key in named.iter().filter_map(|key| members.get(*key)).filter_map(Value::as_str) {
                    gather(own, under(key), depth + 1, values);
                }
            }
            members.iter().for_each(|(part, value)| gather(value, under(part), depth + 1, values));
        }
        Value::Array(list) => list.iter().for_each(|value| gather(value, name.clone(), depth + 1, values)),
        Value::Null => {}
        Value::String(text) => values.push((name, text.clone())),
        other => values.push((name, other.to_string())),
    }
}

impl Reports {
    /// Takes a notification and sends its text, once for each person or number.
    ///
    /// # Errors
    /// [`Dhis2Error::Refused`] for a name without a value, or where nobody is named; as [`Self::hand_over`].
    pub async fn notify(&self, caller: &Caller, told: &Notification) -> Result<Handed, Dhis2Error> {
        let mut recipients = told.text.recipients.clone();
        if let Some(name) = &told.phone_from {
            recipients.push(told.value(name).ok_or_else(|| missing(name))?.to_owned());
        }
        let people = match &told.person_from {
            Some(name) => vec![told.value(name).ok_or_else(|| missing(name))?],
            None if recipients.is_empty() => PERSON.iter().filter_map(|name| told.value(name)).take(1).collect(),
            None => Vec::new(),
        };
        for id in people {
            recipients.push(self.number_of(caller, id).await?);
        }
        if recipients.is_empty() {
            let said = "nobody is named: add phone-from=NAME or person-from=NAME to the address of the web hook";
            return Err(Dhis2Error::Refused(said.to_owned()));
        }
        let text = TextIn { text: told.words()?, recipients, id: told.text.id.clone() };
        self.hand_over(caller, &text).await
    }

    /// The first number of somebody, by one of their ids.
    async fn number_of(&self, caller: &Caller, id: &str) -> Result<String, Dhis2Error> {
        let person = match self.app.find_person(caller, id).await {
            Ok(person) => person,
            Err(AppError::NotFound { .. } | AppError::Invalid(_)) => {
                return Err(Dhis2Error::Refused("nobody here has the id of the person".to_owned()));
            }
            Err(error) => return Err(error.into()),
        };
        let query = format!("uuid = {person}");
        let (asked, mut number) = (PeopleAsked { query: &query, ..PeopleAsked::default() }, None);
        let keep = |row: mhero_app::people::PersonRow| {
            number = row.phones.into_iter().next();
            Ok::<(), AppError>(())
        };
        self.app.each_person(caller, &asked, Some(1), keep).await?;
        number.ok_or_else(|| Dhis2Error::Refused("the person has no number".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(template: &str) -> Notification {
        let body = json!({
            "meta": { "op": "create" },
            "object": {
                "orgUnitName": "Bo Clinic", "enrollment": "x1", "followUp": true,
                "attributes": [{ "attribute": "fctSQp5nAYl", "displayName": "Phone", "value": "0770000001" }],
            },
        });
        Notification { template: Some(template.to_owned()), values: values_of(&body), ..Notification::default() }
    }

    #[test]
    fn values_stand_under_the_way_to_them_and_under_their_own_names() {
        let one = told("{orgUnitName}: call {Phone} ({fctSQp5nAYl}, {object.followUp})");
        assert_eq!(one.words().expect("words"), "Bo Clinic: call 0770000001 (0770000001, true)");
        assert_eq!(one.value("op"), Some("create"));
    }

    #[test]
    fn what_is_missing_is_said_and_nothing_is_sent_without_it() {
        for (template, words) in [("Dear {name of nobody}", "name of nobody"), ("Dear {", "without its }")] {
            let said = told(template).words().expect_err(template).to_string();
            assert!(said.contains(words), "{said}");
        }
        let deep = (0..100).fold(json!("x"), |inner, _| json!({ "a": inner }));
        assert!(values_of(&deep).is_empty());
        let wide = json!((0..10_000).map(|n| n.to_string()).collect::<Vec<_>>());
        assert_eq!(values_of(&wide).len(), VALUES_MAX);
    }
}
