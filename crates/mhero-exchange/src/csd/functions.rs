//! The stored functions: those of the standard, of OpenInfoMan's libraries for RapidPro, and of its health worker registry.

use jiff::Timestamp;
use mhero_app::Caller;
use mhero_wire::csd::{Document, Element, Kind, Sought};

use super::{CsdFault, CsdServer, JSON, Reply, XML};

/// What begins the names of the functions of the health worker registry.
const REGISTRY: &str = "urn:openhie.org:openinfoman-hwr:stored-function:";

/// A stored function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Entities of a kind that fit.
    Search(Kind),
    /// Ids of all entities of a kind that fit.
    Urns(Kind),
    /// One part of a health worker, each with its place.
    Part(&'static str),
    /// Other ids of one health worker, JSON.
    OtherIds,
    /// Other ids of several, JSON.
    OtherIdsOfMany,
    /// The contacts for RapidPro, JSON.
    Contacts,
    /// The contacts, CSV.
    ContactsTable,
    /// How many have numbers.
    PhoneStats,
    /// The menu of facilities, JSON.
    SelectFacility,
    /// Takes other ids of health workers back: an updating function.
    TakeOtherIds,
}

/// Every function by name, with whether it changes anything.
pub const FUNCTIONS: &[(&str, Function)] = &[
    ("urn:ihe:iti:csd:2014:stored-function:provider-search", Function::Search(Kind::Provider)),
    ("urn:ihe:iti:csd:2014:stored-function:facility-search", Function::Search(Kind::Facility)),
    ("urn:ihe:iti:csd:2014:stored-function:organization-search", Function::Search(Kind::Organization)),
    ("urn:ihe:iti:csd:2014:stored-function:service-search", Function::Search(Kind::Service)),
    ("urn:openhie.org:openinfoman-rapidpro:get_json_for_import", Function::Contacts),
    ("urn:openhie.org:openinfoman-rapidpro:get_csv_for_import", Function::ContactsTable),
    ("urn:openhie.org:openinfoman-rapidpro:phone_stats", Function::PhoneStats),
    ("urn:openhie.org:openinfoman-rapidpro:select_facility", Function::SelectFacility),
    ("urn:openhie.org:openinfoman-hwr:stored-function:health_worker_get_urns", Function::Urns(Kind::Provider)),
    ("urn:openhie.org:openinfoman-hwr:stored-function:health_worker_read_provider", Function::Search(Kind::Provider)),
    ("urn:openhie.org:openinfoman-hwr:stored-function:health_worker_urn_search_by_id", Function::Urns(Kind::Provider)),
    ("urn:openhie.org:openinfoman-hwr:stored-function:provider_name_search", Function::Search(Kind::Provider)),
    ("urn:openhie.org:openinfoman-hwr:stored-function:provider_get_all", Function::Search(Kind::Provider)),
    ("urn:openhie.org:openinfoman-hwr:stored-function:facility_get_urns", Function::Urns(Kind::Facility)),
    ("urn:openhie.org:openinfoman-hwr:stored-function:facility_get_all", Function::Search(Kind::Facility)),
    ("urn:openhie.org:openinfoman-hwr:stored-function:organization_get_urns", Function::Urns(Kind::Organization)),
    ("urn:openhie.org:openinfoman-hwr:stored-function:organization_get_all", Function::Search(Kind::Organization)),
    ("urn:openhie.org:openinfoman-hwr:stored-function:service_get_urns", Function::Urns(Kind::Service)),
    ("urn:openhie.org:openinfoman-hwr:stored-function:service_get_all", Function::Search(Kind::Service)),
    ("urn:openhie.org:openinfoman-hwr:stored-function:health_worker_read_otherids_json", Function::OtherIds),
    ("urn:openhie.org:openinfoman-hwr:stored-function:bulk_health_worker_read_otherids_json", Function::OtherIdsOfMany),
    ("urn:openhie.org:openinfoman-hwr:stored-function:health_worker_create_otherid", Function::TakeOtherIds),
    ("urn:openhie.org:openinfoman-hwr:stored-function:health_worker_update_otherid", Function::TakeOtherIds),
    ("urn:openhie.org:openinfoman:provider_create", Function::TakeOtherIds),
    ("urn:openhie.org:openinfoman:provider_update", Function::TakeOtherIds),
];

/// Names of the oldest clients: a UUID for each search, under `urn:uuid:` or what stands there by mistake.
const OLD: [(&str, Kind); 4] = [
    ("4e8bbeb9-f5f5-11e2-b778-0800200c9a66", Kind::Provider),
    ("c7640530-f600-11e2-b778-0800200c9a66", Kind::Facility),
    ("dc6aedf0-f609-11e2-b778-0800200c9a66", Kind::Organization),
    ("e3d8ecd0-f605-11e2-b778-0800200c9a66", Kind::Service),
];

/// Parts of a health worker, by the end of the function's name, with the elements on the way to them.
const PARTS: [(&str, &str); 8] = [
    ("name", "demographic/name"),
    ("address", "demographic/address"),
    ("contact_point", "demographic/contactPoint"),
    ("credential", "credential"),
    ("otherid", "otherID"),
    ("provider_facility", "facilities/facility"),
    ("provider_organization", "organizations/organization"),
    ("language", "language"),
];

impl Function {
    /// The function of a name, also in the spellings of old clients.
    pub fn of(urn: &str) -> Option<Self> {
        let urn = urn.trim();
        if let Some((_, found)) = FUNCTIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(urn)) {
            return Some(*found);
        }
        let lower = urn.to_ascii_lowercase();
        if let Some((_, kind)) = OLD.iter().find(|(old, _)| lower.starts_with("urn:") && lower.ends_with(old)) {
            return Some(Self::Search(*kind));
        }
        let part = lower.strip_prefix(REGISTRY)?.strip_prefix("health_worker_")?;
        let part = part.strip_prefix("read_").or_else(|| part.strip_prefix("indices_"))?;
        PARTS.iter().find(|(name, _)| *name == part).map(|(_, path)| Self::Part(path))
    }

    /// Whether it changes anything.
    pub const fn is_updating(self) -> bool {
        matches!(self, Self::TakeOtherIds)
    }
}

impl CsdServer {
    /// Answers a function by its name.
    ///
    /// # Errors
    /// [`CsdFault`]: an unknown name or parameter, or what keeps this caller from it.
    pub async fn call(
        &self,
        caller: &Caller,
        urn: &str,
        parameters: &Element,
        updates: bool,
    ) -> Result<Reply, CsdFault> {
        let shown = || urn.chars().take(120).collect::<String>();
        let function = Function::of(urn).ok_or_else(|| {
            CsdFault::NotFound(format!(
                "stored function “{}”; GET /CSD/storedFunctions.json lists those that are",
                shown()
            ))
        })?;
        if function.is_updating() != updates {
            let path = if updates { "careServicesRequest" } else { "careServicesRequest/update" };
            return Err(CsdFault::Invalid(format!("“{}” is asked for under {path}", shown())));
        }
        match function {
            Function::Search(kind) => {
                let found = self.search(caller, kind, &sought(parameters)?).await?;
                Ok(document(&found))
            }
            Function::Urns(kind) => {
                let found = self.search(caller, kind, &sought(parameters)?).await?;
                Ok(Reply { content_type: XML, body: urns(kind, &found).to_xml() })
            }
            Function::Part(path) => self.part(caller, path, parameters).await,
            Function::OtherIds => self.other_ids(caller, parameters).await,
            Function::OtherIdsOfMany => self.other_ids_of_many(caller, parameters).await,
            Function::Contacts => Ok(Reply { content_type: JSON, body: self.contacts(caller).await?.to_string() }),
            Function::ContactsTable => {
                Ok(Reply { content_type: "text/csv; charset=utf-8", body: self.contacts_table(caller).await? })
            }
            Function::PhoneStats => Ok(Reply { content_type: JSON, body: self.phone_stats(caller).await?.to_string() }),
            Function::SelectFacility => {
                let text = |name: &str| parameters.words_of(name).unwrap_or_default();
                let menu = self.select_facility(caller, &text("orgid"), &text("input")).await?;
                Ok(Reply { content_type: JSON, body: menu.to_json().to_string() })
            }
            Function::TakeOtherIds => self.take_other_ids(caller, parameters).await,
        }
    }

    /// What changed at or after an instant, as the content of a `getModificationsResponse`.
    ///
    /// # Errors
    /// What keeps this caller from reading.
    pub async fn updates(&self, caller: &Caller, since: Timestamp) -> Result<Reply, CsdFault> {
        let found = self.changed(caller, since).await?;
        let body = Element::new("getModificationsResponse").child(found.element());
        Ok(Reply { content_type: XML, body: body.to_xml() })
    }

    /// The whole directory, or one entity of it.
    ///
    /// # Errors
    /// [`CsdFault::NotFound`] for an entity that is not there, or not for this caller.
    pub async fn whole(&self, caller: &Caller, one: Option<(&str, &str)>) -> Result<Reply, CsdFault> {
        let Some((kind, id)) = one else {
            return Ok(document(&self.changed(caller, Timestamp::UNIX_EPOCH).await?));
        };
        let named = Kind::of(kind).or_else(|| Kind::ALL.into_iter().find(|own| own.directory() == kind));
        let missing = || CsdFault::NotFound(format!("{kind} {}", id.chars().take(100).collect::<String>()));
        let kind = named.ok_or_else(missing)?;
        let sought = Sought { id: Some(id.to_lowercase()), start: 1, ..Sought::default() };
        let found = self.search(caller, kind, &sought).await?;
        if found.is_empty() { Err(missing()) } else { Ok(document(&found)) }
    }

    /// One part of the workers that fit, each with its place among its like.
    async fn part(&self, caller: &Caller, path: &'static str, parameters: &Element) -> Result<Reply, CsdFault> {
        let found = self.providers(caller, &sought(parameters)?).await?;
        let providers = found.iter().map(|told| {
            let (holder, name) = path.split_once('/').unwrap_or(("", path));
            let within = if holder.is_empty() { Some(&told.element) } else { told.element.first(holder) };
            let parts = within.into_iter().flat_map(|within| within.children(name));
            let parts = parts.zip(1..).map(|(part, at)| part.clone().with("position", &format!("{at}")));
            let id = told.element.attribute("entityID").unwrap_or_default();
            let content: Vec<Element> = parts.collect();
            let provider = Element::new("provider").with("entityID", id);
            if holder.is_empty() { provider.all(content) } else { provider.child(Element::new(holder).all(content)) }
        });
        let directory = Element::new(Kind::Provider.directory()).all(providers);
        Ok(Reply { content_type: XML, body: Element::new("CSD").child(directory).to_xml() })
    }
}

fn sought(parameters: &Element) -> Result<Sought, CsdFault> {
    Sought::read(parameters).map_err(CsdFault::Invalid)
}

fn document(found: &Document) -> Reply {
    Reply { content_type: XML, body: found.element().to_xml() }
}

/// Entities with nothing but their ids.
fn urns(kind: Kind, found: &Document) -> Element {
    let whole = found.element();
    let held = whole.first(kind.directory()).into_iter().flat_map(|own| own.children(kind.as_str()));
    let id =
        |own: &Element| Element::new(kind.as_str()).with("entityID", own.attribute("entityID").unwrap_or_default());
    let ids: Vec<Element> = held.map(id).collect();
    Element::new("CSD").all(Kind::ALL.map(|own| {
        let directory = Element::new(own.directory());
        if own == kind { directory.all(ids.iter().cloned()) } else { directory }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_known_by_every_name_that_clients_use() {
        for (name, function) in FUNCTIONS {
            assert_eq!(Function::of(name), Some(*function), "{name}");
        }
        for odd in [
            "urn:uuid:4e8bbeb9-f5f5-11e2-b778-0800200c9a66",
            "urn:uudi:4e8bbeb9-f5f5-11e2-b778-0800200c9a66",
            " urn:IHE:iti:csd:2014:stored-function:provider-search ",
        ] {
            assert_eq!(Function::of(odd), Some(Function::Search(Kind::Provider)), "{odd}");
        }
        assert_eq!(
            Function::of("urn:uuidc7640530-f600-11e2-b778-0800200c9a66"),
            Some(Function::Search(Kind::Facility))
        );
        let part = format!("{REGISTRY}health_worker_indices_contact_point");
        assert_eq!(Function::of(&part), Some(Function::Part("demographic/contactPoint")));
        for none in ["", "blah blah invalid", "4e8bbeb9-f5f5-11e2-b778-0800200c9a66", "urn:x", "urn:é"] {
            assert_eq!(Function::of(none), None, "{none}");
        }
    }
}
