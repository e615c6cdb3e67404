//! The lists that were prepared for RapidPro: contacts as JSON and as a table, and how many have numbers.

use mhero_app::Caller;
use mhero_wire::csd::{Element, Sought};
use serde_json::{Value, json};

use super::{CsdFault, CsdServer, entities::Told};

/// Numbers and addresses of one contact at most, as it always was.
const EACH_MAX: usize = 3;

/// What a contact is called and how they are reached.
struct Contact {
    id: String,
    common: String,
    given: String,
    family: String,
    phones: Vec<String>,
    mails: Vec<String>,
}

impl Contact {
    fn of(told: &Told) -> Self {
        let demographic = told.element.first("demographic");
        let name = demographic.and_then(|own| own.first("name"));
        let part = |part: &str| name.and_then(|own| own.words_of(part)).unwrap_or_default();
        let points = |wanted: &str| {
            let all = demographic.into_iter().flat_map(|own| own.children("contactPoint"));
            let coded = all.filter_map(|point| point.first("codedType"));
            let fitting = coded.filter(|own| own.attribute("code") == Some(wanted));
            fitting.filter_map(Element::words).take(EACH_MAX).collect()
        };
        Self {
            id: told.element.attribute("entityID").unwrap_or_default().to_lowercase(),
            common: part("commonName"),
            given: part("forename"),
            family: part("surname"),
            phones: points("BP"),
            mails: points("EMAIL"),
        }
    }
}

impl CsdServer {
    async fn all_contacts(&self, caller: &Caller) -> Result<Vec<Contact>, CsdFault> {
        let everybody = Sought { start: 1, ..Sought::default() };
        Ok(self.providers(caller, &everybody).await?.iter().map(Contact::of).collect())
    }

    /// `{"contacts":[{"name","urns":["tel:.."],"fields":{"globalid"}}]}`, people without a number among them.
    pub(super) async fn contacts(&self, caller: &Caller) -> Result<Value, CsdFault> {
        let one = |own: &Contact| {
            let urns: Vec<String> = own.phones.iter().map(|phone| format!("tel:{phone}")).collect();
            json!({ "name": own.common, "urns": urns, "fields": { "globalid": own.id } })
        };
        Ok(json!({ "contacts": self.all_contacts(caller).await?.iter().map(one).collect::<Vec<_>>() }))
    }

    /// The same as a table, with names and addresses apart.
    pub(super) async fn contacts_table(&self, caller: &Caller) -> Result<String, CsdFault> {
        let mut table = String::from(
            "globalID,commonName,surname,forename,telephone_1,telephone_2,telephone_3,email_1,email_2,email_3\r\n",
        );
        for own in self.all_contacts(caller).await? {
            let at = |list: &[String], at: usize| list.get(at).cloned().unwrap_or_default();
            let mut cells = vec![own.id.clone(), own.common.clone(), own.family.clone(), own.given.clone()];
            cells.extend((0..EACH_MAX).map(|number| at(&own.phones, number)));
            cells.extend((0..EACH_MAX).map(|number| at(&own.mails, number)));
            table.push_str(&cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(","));
            table.push_str("\r\n");
        }
        Ok(table)
    }

    /// How many health workers there are, with a number, and with several.
    pub(super) async fn phone_stats(&self, caller: &Caller) -> Result<Value, CsdFault> {
        let all = self.all_contacts(caller).await?;
        let count = |least: usize| all.iter().filter(|own| own.phones.len() >= least).count();
        Ok(json!({ "total": all.len(), "with_phone": count(1), "with_several_phones": count(2) }))
    }
}

/// A cell of a table. A number keeps its plus; what a spreadsheet would take for a formula begins with an apostrophe.
fn cell(text: &str) -> String {
    let is_number = text.strip_prefix('+').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
