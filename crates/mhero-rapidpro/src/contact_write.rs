//! Contacts as they are written: what a client says of a person stands under the source of its token, and counts by the rules of
//! ownership like what any other source says.

use mhero_app::Caller;
use mhero_core::{
    Lang, PersonId, Right, SourceRecordId,
    record::{Content, PersonRecord, RawPhone, Value as Said, ValueRecord},
};
use mhero_query::{fold, name_key, name_tokens};
use mhero_store::{
    ContactField, ContactRecord, Group, HeldRecord, PersonRow, Queue, RecordMark, Unit, UrnRow, ValueRow,
};
use mhero_wire::rapidpro::{CONTACT, ENTITY_TYPE, FIELD_MAX, GLOBALID, URNS_MAX};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Answer, Answered, ApiError, ApiServer, Ask,
    ask::{language, moment, shown},
    refs::{TEL, urn_of},
    source::PREFIX,
};

/// Longest name of a contact, in characters.
const NAME_MAX: usize = 64;
/// Longest value of a field, in characters.
const VALUE_MAX: usize = 640;

type Address = (String, String);

/// What a body says, each part `None` where it says nothing of it.
pub(crate) struct Draft {
    name: Option<String>,
    language: Option<Option<Lang>>,
    urns: Option<Vec<Address>>,
    groups: Option<Vec<Group>>,
    /// Values by field; an empty text takes one away.
    fields: Vec<(ContactField, String)>,
    globalid: Option<String>,
    /// As received.
    raw: String,
}

impl Draft {
    /// A contact of whom only an address is known.
    pub(crate) fn of_address(address: Address) -> Self {
        let raw = json!({ "urns": [urn_of(&address.0, &address.1)] }).to_string();
        let urns = Some(vec![address]);
        Self { name: None, language: None, urns, groups: None, fields: Vec::new(), globalid: None, raw }
    }
}

impl ApiServer {
    /// `POST contacts`: makes one, changes one by `?uuid=`, or does either by `?urn=`.
    pub(crate) async fn write_contact(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::EditPeople)?;
        ask.at_most_one(&["uuid", "urn"])?;
        let mut draft = self.read_contact(ask).await?;
        let mut known = match ask.uuid("uuid")? {
            Some(uuid) => {
                let found = self.contact_called(&ask.caller, &uuid.to_string()).await?;
                Some(found.ok_or(ApiError::NotFound)?)
            }
            None => None,
        };
        if let Some(text) = ask.param("urn") {
            let address = self.address(text).await?;
            let address = address.ok_or_else(|| ApiError::Detail(format!("Invalid URN: {}", shown(text))))?;
            if draft.urns.is_some() {
                return Err(ApiError::field("urns", "Field not allowed when using URN in URL"));
            }
            match self.holder((&address.0, &address.1)).await? {
                // Whoever lies outside the scope is not there, and is not made again either.
                Some(holder) if self.sees(&ask.caller, &[holder]).await?.is_empty() => return Err(ApiError::NotFound),
                Some(holder) => known = Some(holder),
                None => draft.urns = Some(vec![address]),
            }
        }
        if let (None, Some(id)) = (known, &draft.globalid) {
            let called = self.app.store().person_called(id, None).await?;
            known = match called {
                Some(person) => self.sees(&ask.caller, &[person]).await?.first().copied(),
                None => None,
            };
            // The contact of a registry's record is that person, with one number more.
            if let (Some(person), Some(urns)) = (known, &mut draft.urns) {
                let now = self.app.clock().now_micros();
                let there = self.app.store().contact_record(person, now).await?;
                let others = there.map(|record| record.urns).unwrap_or_default();
                urns.extend(others.into_iter().filter(|one| !urns.contains(one)).collect::<Vec<_>>());
            }
        }
        let (person, is_new) = self.put_contact(&ask.caller, known, &draft).await?;
        let json = self.contact_json(&ask.caller, person).await?;
        Ok(if is_new { Answer::made(json) } else { Answer::ok(json) })
    }

    /// Writes a contact. Of two that claim one free address at once, the second sees the first.
    pub(crate) async fn put_contact(
        &self,
        caller: &Caller,
        known: Option<PersonId>,
        draft: &Draft,
    ) -> Result<(PersonId, bool), ApiError> {
        caller.must(Right::EditPeople)?;
        if known.is_none() && !caller.scope.all_places() {
            let said = "A token of one place can't make contacts: nobody would know where they work.";
            return Err(ApiError::Forbidden(said.to_owned()));
        }
        let done = self.app.store().decide(|| self.put_once(caller, known, draft)).await?;
        self.app.wake();
        Ok(done)
    }

    async fn put_once(
        &self,
        caller: &Caller,
        known: Option<PersonId>,
        draft: &Draft,
    ) -> Result<(PersonId, bool), ApiError> {
        let store = self.app.store();
        let now = self.app.clock().now_micros();
        let mut unit = Unit::new();
        let source = self.source_of(caller, &mut unit).await?;
        let person = known.unwrap_or_else(|| store.mint().id(PersonId::from_uuid));
        let own = store.own_record(source, CONTACT, &person.to_string()).await?;
        let there = match known {
            Some(person) => store.contact_record(person, now).await?,
            None => None,
        };
        let mut said = own.as_ref().and_then(|own| own.content.as_deref()).and_then(read_said).unwrap_or_default();
        let record = own.as_ref().map_or_else(|| store.mint().id(SourceRecordId::from_uuid), |own| own.id);
        said.active = true;
        let mut writing = Writing { server: self, unit, person, record, now, said, there: there.as_ref() };
        writing.who(draft, known.is_none());
        writing.addresses(draft).await?;
        writing.groups(draft);
        writing.values(draft).await?;
        let Writing { mut unit, said, .. } = writing;
        let content = serde_json::to_string(&Content::Person(Box::new(said))).unwrap_or_default();
        let mark = RecordMark {
            id: record,
            kind: CONTACT.to_owned(),
            ext_id: person.to_string(),
            digest: Sha256::digest(&draft.raw).to_vec(),
            entity_kind: Some("person".to_owned()),
            entity: Some(person.uuid()),
            pending: false,
            gone: false,
            inactive: false,
        };
        let held = HeldRecord { mark, source, raw: draft.raw.clone(), content: Some(content) };
        if own.is_some() {
            unit.set_record(held, now);
        } else {
            unit.add_record(held, now);
        }
        unit.touch_person(person, now);
        unit.changed("person", person.uuid(), if known.is_none() { "created" } else { "updated" }, now);
        let facts = json!({ "new": known.is_none(), "fields": draft.fields.iter().map(|(field, _)| &field.key).collect::<Vec<_>>() });
        unit.audit(store, &caller.entry("contact-written", "person", Some(person.uuid()), facts));
        store.write(unit, Queue::Interactive).await?;
        Ok((person, known.is_none()))
    }

    /// What a body says, all that is wrong with it told together.
    async fn read_contact(&self, ask: &Ask) -> Result<Draft, ApiError> {
        let mut wrong = Vec::new();
        let name = keep(&mut wrong, ask.text("name", NAME_MAX)).flatten();
        let name = if ask.member("name").is_some() { Some(name.unwrap_or_default()) } else { None };
        let code = keep(&mut wrong, ask.text("language", 40)).flatten().filter(|code| !code.is_empty());
        let chosen = code.and_then(|code| keep(&mut wrong, language("language", &code)));
        let urns = match keep(&mut wrong, ask.references("urns")).flatten() {
            Some(texts) => Some(self.read_addresses(&texts, &mut wrong).await?),
            None => None,
        };
        let groups = match keep(&mut wrong, ask.references("groups")).flatten() {
            Some(texts) => self.read_groups(&texts, &mut wrong).await?,
            None => None,
        };
        let (fields, globalid) = self.read_fields(ask, &mut wrong).await?;
        if ask.text("note", 10_000)?.is_some_and(|note| !note.is_empty()) {
            wrong.push(("note".to_owned(), "Notes about contacts are not kept here.".to_owned()));
        }
        if !wrong.is_empty() {
            return Err(ApiError::Fields(wrong));
        }
        let language = ask.member("language").map(|_| chosen);
        Ok(Draft { name, language, urns, groups, fields, globalid, raw: ask.body.to_string() })
    }

    async fn read_addresses(
        &self,
        texts: &[String],
        wrong: &mut Vec<(String, String)>,
    ) -> Result<Vec<Address>, ApiError> {
        let mut addresses: Vec<Address> = Vec::new();
        for text in texts.iter().take(URNS_MAX) {
            match self.address(text).await? {
                Some(address) if addresses.contains(&address) => {}
                Some(address) => addresses.push(address),
                None => wrong.push((
                    "urns".to_owned(),
                    format!("Invalid URN: {}. Ensure phone numbers contain country codes.", shown(text)),
                )),
            }
        }
        Ok(addresses)
    }

    async fn read_groups(
        &self,
        texts: &[String],
        wrong: &mut Vec<(String, String)>,
    ) -> Result<Option<Vec<Group>>, ApiError> {
        let Some(groups) = keep(wrong, self.groups_called("groups", texts).await) else { return Ok(None) };
        for group in groups.iter().filter(|group| group.query.is_some()) {
            let said = format!("Contact group must not be query based: {}", group.id);
            wrong.push(("groups".to_owned(), said));
        }
        Ok(Some(groups))
    }

    async fn read_fields(
        &self,
        ask: &Ask,
        wrong: &mut Vec<(String, String)>,
    ) -> Result<(Vec<(ContactField, String)>, Option<String>), ApiError> {
        let Some(members) = keep(wrong, ask.object("fields").map(|found| found.cloned())).flatten() else {
            return Ok((Vec::new(), None));
        };
        let mut refuse = |said: String| wrong.push(("fields".to_owned(), said));
        if members.len() > FIELD_MAX {
            refuse(format!("This field can only contain up to {FIELD_MAX} items."));
        }
        let known = self.app.store().contact_fields().await?;
        let (mut values, mut globalid) = (Vec::new(), None);
        for (key, value) in members.iter().take(FIELD_MAX) {
            let text = match value {
                Value::Null => String::new(),
                Value::String(text) => text.trim().to_owned(),
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                Value::Array(_) | Value::Object(_) => {
                    refuse(format!("The value of {} is a text, a number or null.", shown(key)));
                    continue;
                }
            };
            if text.chars().count() > VALUE_MAX {
                refuse(format!("The value of {} has more than {VALUE_MAX} characters.", shown(key)));
            }
            match known.iter().find(|field| field.key == *key) {
                Some(field) => values.push((field.clone(), text)),
                // An id is written as CSD does, bare, or with its kind before it.
                None if key == GLOBALID => {
                    globalid = text.rsplit('/').next().map(str::to_owned).filter(|id| !id.is_empty());
                }
                None if key == ENTITY_TYPE => {}
                None => refuse(format!("Invalid contact field key: {}", shown(key))),
            }
        }
        Ok((values, globalid))
    }

    /// `DELETE contacts`.
    pub(crate) async fn delete_contact(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::EditPeople)?;
        ask.at_most_one(&["uuid", "urn"])?;
        let named = match (ask.uuid("uuid")?, ask.param("urn")) {
            (Some(uuid), _) => uuid.to_string(),
            (None, Some(urn)) => urn.to_owned(),
            (None, None) => {
                return Err(ApiError::Detail("URL must contain one of the following parameters: urn, uuid".to_owned()));
            }
        };
        let person = self.contact_called(&ask.caller, &named).await?.ok_or(ApiError::NotFound)?;
        self.drop_contact(&ask.caller, person).await?;
        Ok(Answer::done())
    }

    /// Refuses to take away whoever a registry knows.
    pub(crate) async fn may_drop(&self, person: PersonId) -> Result<(), ApiError> {
        let speaking = self.app.store().sources_speaking_of(person).await?;
        let Some((_, name)) = speaking.iter().find(|(_, name)| !name.starts_with(PREFIX)) else { return Ok(()) };
        let said = format!("Contact {person} stands in the registry {name}: take them out there, or block them here.");
        Err(ApiError::field("contacts", said))
    }

    /// Takes a contact away that clients of this API, or texts, have brought. Whoever a registry knows stays: it would bring them
    /// back.
    pub(crate) async fn drop_contact(&self, caller: &Caller, person: PersonId) -> Result<(), ApiError> {
        self.may_drop(person).await?;
        let store = self.app.store();
        self.app.interrupt_person(caller, person).await?;
        let now = self.app.clock().now_micros();
        let there = store.contact_record(person, now).await?.ok_or(ApiError::NotFound)?;
        let states = store.person_states(&[person]).await?;
        let kept = states.get(&person).map(|state| state.urns.as_slice()).unwrap_or_default();
        let contents = states.get(&person).map(|state| state.contents.as_slice()).unwrap_or_default();
        let mut unit = Unit::new();
        for urn in kept {
            unit.drop_urn(urn.id);
        }
        for (scheme, path) in &there.urns {
            unit.drop_own_urn(person, (scheme, path), SourceRecordId::from_uuid(Uuid::nil()));
        }
        for record in contents {
            unit.record_gone(record.id, now);
        }
        unit.retire_person(person, now).mark_contact(person, "deleted", now);
        unit.changed("person", person.uuid(), "deleted", now);
        unit.audit(store, &caller.entry("contact-deleted", "person", Some(person.uuid()), json!({})));
        store.write(unit, Queue::Interactive).await?;
        Ok(())
    }
}

/// A contact on its way into the store.
struct Writing<'a> {
    server: &'a ApiServer,
    unit: Unit,
    person: PersonId,
    record: SourceRecordId,
    now: i64,
    said: PersonRecord,
    /// What stands there; `None` for a new one.
    there: Option<&'a ContactRecord>,
}

impl Writing<'_> {
    /// Name and language.
    fn who(&mut self, draft: &Draft, is_new: bool) {
        if let Some(name) = &draft.name {
            self.said.name.clone_from(name);
        }
        if let Some(language) = draft.language {
            self.said.language = language;
        }
        let name = &self.said.name;
        let mut tokens = name_tokens(name);
        tokens.sort_unstable();
        tokens.dedup();
        if is_new {
            let row = PersonRow {
                id: self.person,
                name: name.clone(),
                given: String::new(),
                family: String::new(),
                language: self.said.language,
                sex: None,
                birth: None,
                active: true,
            };
            self.unit.add_person(&row, &name_key(name), self.now).set_person_tokens(self.person, &tokens, true);
            return;
        }
        if draft.name.is_some() {
            self.unit.set_person_name(self.person, name, &name_key(name), self.now);
            self.unit.set_person_tokens(self.person, &tokens, false);
        }
        if draft.language.is_some() {
            self.unit.set_person_language(self.person, self.said.language, self.now);
        }
    }

    /// Addresses: those of the body, and no others. What a registry gave is the registry's to take back.
    async fn addresses(&mut self, draft: &Draft) -> Result<(), ApiError> {
        let Some(wanted) = &draft.urns else { return Ok(()) };
        let there: &[Address] = self.there.map(|record| record.urns.as_slice()).unwrap_or_default();
        let store = self.server.app.store();
        let states = store.person_states(&[self.person]).await?;
        let kept = states.get(&self.person).map(|state| state.urns.as_slice()).unwrap_or_default();
        let of_others = |address: &Address| {
            let is = |urn: &&UrnRow| (&urn.scheme, urn.path.as_ref()) == (&address.0, Some(&address.1));
            kept.iter().filter(is).any(|urn| urn.record != self.record)
        };
        let mut wrong = Vec::new();
        for address in there.iter().filter(|address| !wanted.contains(address)) {
            if of_others(address) {
                let said = format!("{} comes from a registry: take it away there.", urn_of(&address.0, &address.1));
                wrong.push(("urns".to_owned(), said));
            } else {
                self.unit.drop_own_urn(self.person, (&address.0, &address.1), self.record);
            }
        }
        for (rank, address) in wanted.iter().enumerate().filter(|(_, address)| !there.contains(address)) {
            let (scheme, path) = (address.0.as_str(), address.1.as_str());
            if self.server.holder((scheme, path)).await?.is_some() {
                wrong.push(("urns".to_owned(), format!("URN is in use by another contact: {}", urn_of(scheme, path))));
                continue;
            }
            self.unit.claim_address((scheme, path), self.person);
            let (id, rank) = (store.mint().uuid(), i64::try_from(rank).unwrap_or(i64::MAX));
            if scheme == TEL {
                let urn = UrnRow {
                    id,
                    person: self.person,
                    scheme: scheme.to_owned(),
                    path: Some(path.to_owned()),
                    raw: path.to_owned(),
                    bad: None,
                    rank,
                    record: self.record,
                };
                self.unit.add_urn(&urn, self.now);
            } else {
                self.unit.add_found_number(id, self.person, (scheme, path), rank, self.now);
            }
        }
        if !wrong.is_empty() {
            return Err(ApiError::Fields(wrong));
        }
        let own = wanted.iter().filter(|address| address.0 == TEL && !of_others(address));
        self.said.phones =
            own.map(|(_, path)| RawPhone { raw: path.clone(), usage: None, element: "urns".to_owned() }).collect();
        Ok(())
    }

    /// Groups by hand: those of the body, and no others.
    fn groups(&mut self, draft: &Draft) {
        let Some(wanted) = &draft.groups else { return };
        let there = self.there.map(|record| record.groups.as_slice()).unwrap_or_default();
        for group in wanted.iter().filter(|group| !there.contains(&group.id)) {
            self.unit.set_membership(group.id, self.person, true, self.now);
        }
        for gone in there.iter().filter(|id| wanted.iter().all(|group| group.id != **id)) {
            self.unit.set_membership(*gone, self.person, false, self.now);
        }
    }

    async fn values(&mut self, draft: &Draft) -> Result<(), ApiError> {
        for (field, text) in &draft.fields {
            self.said.values.retain(|value| value.field != field.key);
            if text.is_empty() {
                self.unit.drop_value(self.person, field.id);
                continue;
            }
            let place = match field.kind.as_str() {
                "place" => match self.server.app.store().places_called(&fold(text), text).await?.as_slice() {
                    [one] => Some(one.id),
                    _ => None,
                },
                _ => None,
            };
            let row = ValueRow {
                person: self.person,
                field: field.id,
                text: Some(text.clone()),
                folded: Some(fold(text)),
                number: text.parse().ok().filter(|number: &f64| number.is_finite()),
                instant: moment(text),
                place,
                record: Some(self.record),
            };
            self.unit.put_value(&row, self.now);
            self.said.values.push(ValueRecord { field: field.key.clone(), value: Said::Text(text.clone()) });
        }
        Ok(())
    }
}

fn read_said(content: &str) -> Option<PersonRecord> {
    match serde_json::from_str(content) {
        Ok(Content::Person(person)) => Some(*person),
        _ => None,
    }
}

/// What was read; what is wrong is gathered, so that a client hears of everything at once.
fn keep<T>(wrong: &mut Vec<(String, String)>, read: Result<T, ApiError>) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(ApiError::Fields(fields)) => {
            wrong.extend(fields);
            None
        }
        Err(other) => {
            wrong.push(("non_field_errors".to_owned(), other.to_string()));
            None
        }
    }
}
