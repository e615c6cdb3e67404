//! Other ids of health workers: told to clients that look one up, and taken back from RapidPro's side.

use std::collections::BTreeMap;

use mhero_app::{AppError, Caller, people::NewSource};
use mhero_core::{
    PersonId, Right, SourceId, SourceRecordId,
    record::{Content, Identifier, PersonRecord},
};
use mhero_store::{DirectoryAsked, HeldRecord, IdentifierRow, Queue, RecordMark, StoreError, Unit};
use mhero_wire::csd::{Element, RAPIDPRO_CODE, RAPIDPRO_SYSTEM, Sought};
use serde_json::{Value, json};

use super::{CsdFault, CsdServer, JSON, Reply, XML, entities::own_id};

/// The source under which ids stand that neighbours gave back.
const SOURCE: &str = "openinfoman";
/// Its kind: nothing is pulled from it.
const SOURCE_KIND: &str = "files";
/// The kind of its records.
const RECORD: &str = "otherID";
/// Health workers of one request at most.
const MANY_MAX: usize = 10_000;

impl CsdServer {
    /// `{"entityID","otherID":[{"code","authority","value"}]}` of one health worker.
    pub(super) async fn other_ids(&self, caller: &Caller, parameters: &Element) -> Result<Reply, CsdFault> {
        let (code, authority) = wanted(parameters);
        let entity = ids(parameters).next().unwrap_or_default();
        let found = self.ids_of(caller, &entity, code.as_deref(), authority.as_deref()).await?;
        let body = json!({ "entityID": entity, "otherID": found });
        Ok(Reply { content_type: JSON, body: body.to_string() })
    }

    /// `{"results":[{"entityID","otherID":[..]}]}` of those who have any that is wanted.
    pub(super) async fn other_ids_of_many(&self, caller: &Caller, parameters: &Element) -> Result<Reply, CsdFault> {
        let (code, authority) = wanted(parameters);
        let asked: Vec<String> = ids(parameters).collect();
        if asked.len() > MANY_MAX {
            return Err(CsdFault::NotDone(format!("at most {MANY_MAX} health workers in one request")));
        }
        let mut results = Vec::new();
        for entity in asked {
            let found = self.ids_of(caller, &entity, code.as_deref(), authority.as_deref()).await?;
            if !found.is_empty() {
                results.push(json!({ "entityID": entity, "otherID": found }));
            }
        }
        Ok(Reply { content_type: JSON, body: json!({ "results": results }).to_string() })
    }

    async fn ids_of(
        &self,
        caller: &Caller,
        entity: &str,
        code: Option<&str>,
        authority: Option<&str>,
    ) -> Result<Vec<Value>, CsdFault> {
        let sought = Sought { id: Some(entity.to_lowercase()), start: 1, ..Sought::default() };
        let told = self.providers(caller, &sought).await?;
        let all = told.iter().flat_map(|told| told.element.children("otherID"));
        let fits = |own: &&Element| {
            let is_code = code.is_none_or(|code| own.attribute("code") == Some(code));
            // A contact of RapidPro has one system here, whatever server and slug the id came with.
            let is_contact = own.attribute("code") == Some(RAPIDPRO_CODE);
            let is_authority =
                is_contact || authority.is_none_or(|known| own.attribute("assigningAuthorityName") == Some(known));
            is_code && is_authority
        };
        let shown = |own: &Element| {
            json!({
                "code": own.attribute("code").unwrap_or_default(),
                "authority": own.attribute("assigningAuthorityName").unwrap_or_default(),
                "value": own.words().unwrap_or_default(),
            })
        };
        Ok(all.filter(fits).map(shown).collect())
    }

    /// Takes other ids of providers: those of RapidPro's contacts, in both spellings of their authority. Nothing else of what is
    /// told is taken, since the registry owns it. The same again changes nothing.
    pub(super) async fn take_other_ids(&self, caller: &Caller, parameters: &Element) -> Result<Reply, CsdFault> {
        caller.must(Right::EditPeople)?;
        let providers: Vec<Element> = match parameters.children("provider").next() {
            Some(_) => parameters.children("provider").cloned().collect(),
            // Of the health worker registry: the id beside what is created.
            None => {
                let id = ids(parameters).next().unwrap_or_default();
                let others = parameters.children("otherID").cloned();
                vec![Element::new("provider").with("entityID", &id).all(others)]
            }
        };
        if providers.len() > MANY_MAX {
            return Err(CsdFault::NotDone(format!("at most {MANY_MAX} health workers in one request")));
        }
        let source = self.source_of_ids().await?;
        let (mut written, mut unchanged, mut unknown) = (0, 0, 0);
        for provider in &providers {
            let entity = ["entityID", "urn"].into_iter().find_map(|name| provider.attribute(name)).unwrap_or_default();
            match self.take_ids_of(caller, source, (entity, provider)).await? {
                None => unknown += 1,
                Some(true) => written += 1,
                Some(false) => unchanged += 1,
            }
        }
        let told = Element::new("result")
            .with("written", &format!("{written}"))
            .with("unchanged", &format!("{unchanged}"))
            .with("unknown", &format!("{unknown}"));
        Ok(Reply { content_type: XML, body: told.to_xml() })
    }

    /// Whether ids of one provider were new; `None` for nobody of the caller's scope.
    async fn take_ids_of(
        &self,
        caller: &Caller,
        source: SourceId,
        (entity, provider): (&str, &Element),
    ) -> Result<Option<bool>, CsdFault> {
        let Some(person) = self.person_of(entity).await? else { return Ok(None) };
        let asked = DirectoryAsked { person: Some(person), limit: 1, ..DirectoryAsked::default() };
        if self.app.store().directory_workers(&caller.scope, &asked).await?.is_empty() {
            return Ok(None);
        }
        let told = contact_ids(provider);
        if told.is_empty() {
            return Ok(Some(false));
        }
        let record = || self.write_ids(caller, source, person, &told);
        self.app.store().decide(record).await.map(Some)
    }

    /// Writes ids as what one record of the source says, so that an import of the person keeps them.
    async fn write_ids(
        &self,
        caller: &Caller,
        source: SourceId,
        person: PersonId,
        told: &[String],
    ) -> Result<bool, CsdFault> {
        let store = self.app.store();
        let states = store.person_states(&[person]).await?;
        let Some(row) = states.get(&person).and_then(|state| state.row.clone()) else { return Ok(false) };
        let key = own_id(person.uuid());
        let there = store.record_of(source, (RECORD, &key)).await?;
        let before: Option<PersonRecord> = match there.as_ref().and_then(|(_, content)| content.as_deref()) {
            Some(text) => match serde_json::from_str(text) {
                Ok(Content::Person(own)) => Some(*own),
                _ => None,
            },
            None => None,
        };
        let identifiers: Vec<Identifier> =
            told.iter().map(|value| Identifier { system: RAPIDPRO_SYSTEM.to_owned(), value: value.clone() }).collect();
        if before.as_ref().is_some_and(|own| own.identifiers == identifiers) {
            return Ok(false);
        }
        // The name is of no weight: other records come first. Not active, so that it keeps nobody in service.
        let content = PersonRecord { name: row.name, active: false, identifiers, ..PersonRecord::default() };
        let content = Content::Person(Box::new(content));
        let json = |what: &Content| serde_json::to_string(what).map_err(|_| CsdFault::Invalid("ids".to_owned()));
        let id = there.as_ref().map_or_else(|| store.mint().id(SourceRecordId::from_uuid), |(id, _)| *id);
        let mark = RecordMark {
            id,
            kind: RECORD.to_owned(),
            ext_id: key,
            digest: told.join(",").into_bytes(),
            entity_kind: Some("person".to_owned()),
            entity: Some(person.uuid()),
            pending: false,
            gone: false,
            inactive: true,
        };
        let held = HeldRecord { mark, source, raw: told.join(","), content: Some(json(&content)?) };
        let now = self.app.clock().now_micros();
        let mut unit = Unit::new();
        if there.is_some() {
            unit.set_record(held, now);
        } else {
            unit.add_record(held, now);
        }
        let own = |value: &str| IdentifierRow {
            system: RAPIDPRO_SYSTEM.to_owned(),
            value: value.to_owned(),
            person,
            record: id,
        };
        for gone in before.iter().flat_map(|own| &own.identifiers).filter(|old| !told.contains(&old.value)) {
            unit.drop_identifier(&own(&gone.value));
        }
        for value in told {
            unit.add_identifier(&own(value));
        }
        unit.changed("person", person.uuid(), "updated", now);
        let facts = json!({ "ids": told.len(), "source": SOURCE });
        unit.audit(store, &caller.entry("other-ids-taken", "person", Some(person.uuid()), facts));
        store.write(unit, Queue::Interactive).await?;
        Ok(true)
    }

    /// The source under which ids stand, made where it is not there.
    async fn source_of_ids(&self) -> Result<SourceId, CsdFault> {
        let find = || async {
            let sources = self.app.store().sources().await?;
            Ok::<_, StoreError>(sources.into_iter().find(|source| source.name == SOURCE).map(|source| source.id))
        };
        if let Some(id) = find().await? {
            return Ok(id);
        }
        let new = NewSource {
            name: SOURCE.to_owned(),
            kind: SOURCE_KIND.to_owned(),
            url: None,
            config: Vec::new(),
            rank: None,
        };
        match self.app.add_source(&Caller::system(), &new).await {
            Ok(source) => Ok(source.id),
            // Somebody else was faster.
            Err(AppError::Invalid(reason)) => match find().await? {
                Some(id) => Ok(id),
                None => Err(AppError::Invalid(reason).into()),
            },
            Err(error) => Err(error.into()),
        }
    }
}

/// The code and the authority that are wanted.
fn wanted(parameters: &Element) -> (Option<String>, Option<String>) {
    let text = |name: &str| parameters.words_of(name).filter(|text| !text.is_empty());
    (text("code"), text("assigningAuthorityName"))
}

/// The ids that are asked for.
fn ids(parameters: &Element) -> impl Iterator<Item = String> + '_ {
    let id = |own: &Element| ["entityID", "urn"].into_iter().find_map(|name| own.attribute(name)).map(str::to_owned);
    parameters.children("id").filter_map(move |own| id(own).or_else(|| own.words()))
}

/// The contacts of RapidPro that a provider's other ids name, several with commas between.
fn contact_ids(provider: &Element) -> Vec<String> {
    let mut found: BTreeMap<String, ()> = BTreeMap::new();
    for own in provider.children("otherID").filter(|own| own.attribute("code") == Some(RAPIDPRO_CODE)) {
        for value in own.words().unwrap_or_default().split(',').map(str::trim) {
            if let Ok(id) = value.parse::<uuid::Uuid>() {
                found.insert(id.to_string(), ());
            }
        }
    }
    found.into_keys().collect()
}
