//! A server of RapidPro's payloads: contacts, fields and groups of API v2 in both dialects. Made from notes of the format only.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::{
    faults::{Fault, Faults},
    site::{Asked, Reply, Site},
    target::{Target, page},
};

/// The token that it takes.
pub const RAPIDPRO_TOKEN: &str = "0123456789012345678901234567890123456789";
/// Most fields of the workspace.
const FIELDS_MAX: usize = 250;

/// Which RapidPro.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The frozen 9.0.
    Nine,
    /// The newer.
    Newer,
}

/// A running server.
pub struct RapidProServer {
    site: Site,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    dialect: Dialect,
    page: usize,
    minute: u32,
    contacts: Vec<Value>,
    deleted: Vec<Value>,
    fields: Vec<(String, String, String)>,
    groups: Vec<Value>,
    faults: Faults,
    asked: Vec<String>,
}

impl RapidProServer {
    /// Starts a server with so many contacts, `page` of them on a page.
    #[must_use]
    pub fn start(dialect: Dialect, contacts: usize, page: usize) -> Self {
        let field = |key: &str, kind: &str| (key.to_owned(), key.to_owned(), kind.to_owned());
        let mut state = State {
            dialect,
            page,
            minute: 0,
            contacts: Vec::new(),
            deleted: Vec::new(),
            fields: vec![field("age", "number"), field("globalid", "text"), field("mheroentitytype", "text")],
            groups: vec![
                json!({"uuid": "g-nurses", "name": "Nurses", "query": null, "status": "ready", "system": false, "count": 1}),
                json!({"uuid": "g-adults", "name": "Adults", "query": "age > 17", "status": "ready", "system": false, "count": 1}),
            ],
            faults: Faults::default(),
            asked: Vec::new(),
        };
        for number in 0..contacts {
            state.minute += 1;
            let contact = state.contact(number);
            state.contacts.push(contact);
        }
        let state = Arc::new(Mutex::new(state));
        let held = Arc::clone(&state);
        let site = Site::start(move |asked| lock(&held).answer(asked));
        Self { site, state }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        self.site.url()
    }

    /// Adds a fault.
    pub fn fault(&self, fault: Fault) {
        lock(&self.state).faults.add(fault);
    }

    /// Takes all faults away.
    pub fn mend(&self) {
        lock(&self.state).faults.clear();
    }

    /// Changes members of a contact, by its place in the list, as somebody at the server would; members of `fields` one by one.
    pub fn change(&self, at: usize, members: &Value) {
        let mut state = lock(&self.state);
        // Far enough from what came before that the overlap of two pulls is over.
        state.minute += 10;
        let minute = state.minute;
        merge(&mut state.contacts[at], members, minute);
    }

    /// Deletes a contact.
    pub fn delete(&self, at: usize) {
        let mut state = lock(&self.state);
        state.minute += 10;
        let (gone, now) = (state.contacts.remove(at), moment(state.minute));
        let gone = json!({
            "uuid": gone["uuid"], "name": null, "status": null, "language": null, "urns": [], "groups": [], "fields": {},
            "created_on": gone["created_on"], "modified_on": now,
        });
        state.deleted.push(gone);
    }

    /// A contact as it stands.
    #[must_use]
    pub fn contact(&self, at: usize) -> Value {
        lock(&self.state).contacts[at].clone()
    }

    /// How many contacts there are.
    #[must_use]
    pub fn count(&self) -> usize {
        lock(&self.state).contacts.len()
    }

    /// Takes every field but `age` away.
    pub fn without_fields(&self) {
        lock(&self.state).fields.truncate(1);
    }

    /// What was asked so far: method and path with query, decoded.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        lock(&self.state).asked.clone()
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn moment(minute: u32) -> String {
    format!("2026-11-{:02}T{:02}:{:02}:00.000000Z", 1 + minute / 1440, minute / 60 % 24, minute % 60)
}

fn detail(status: u16, words: &str) -> Reply {
    Reply::json(status, json!({"detail": words}))
}

/// What one of them says in place of the objects that both know.
fn merge(contact: &mut Value, members: &Value, minute: u32) {
    for (key, value) in members.as_object().into_iter().flatten() {
        match value {
            Value::Object(fields) => {
                for (key_of_field, value) in fields {
                    contact[key][key_of_field] = value.clone();
                }
            }
            value => contact[key] = value.clone(),
        }
    }
    contact["modified_on"] = moment(minute).into();
}

impl State {
    fn contact(&self, number: usize) -> Value {
        let mut contact = json!({
            "uuid": format!("00000000-0000-4000-8000-{number:012}"), "name": format!("Ama {number}"), "language": "eng",
            "urns": [format!("tel:+23177{:07}", 1_000_000 + number)],
            "groups": [{"uuid": "g-nurses", "name": "Nurses"}, {"uuid": "g-adults", "name": "Adults"}],
            "fields": {"age": "34", "globalid": null, "mheroentitytype": null},
            "flow": null, "created_on": moment(self.minute), "modified_on": moment(self.minute), "last_seen_on": null,
        });
        let dialect: &[(&str, Value)] = match self.dialect {
            Dialect::Nine => &[("blocked", json!(false)), ("stopped", json!(false)), ("status", json!("active"))],
            Dialect::Newer => &[("status", json!("active")), ("notes", json!([]))],
        };
        for (key, value) in dialect {
            contact[*key] = value.clone();
        }
        contact
    }

    fn answer(&mut self, asked: &Asked) -> Reply {
        let target = Target::of(asked);
        let query: Vec<_> = target.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        self.asked.push(format!("{} {}?{}", asked.method, target.path, query.join("&")));
        if let Some(reply) = self.faults.instead() {
            return reply;
        }
        if asked.header("authorization") != Some(&format!("Token {RAPIDPRO_TOKEN}")) {
            return detail(403, "Invalid token");
        }
        let Some(endpoint) = target.path.strip_prefix("/api/v2/").and_then(|path| path.strip_suffix(".json")) else {
            return page(404);
        };
        let reply = match (asked.method.as_str(), endpoint) {
            ("GET", "org") if self.dialect == Dialect::Newer => detail(404, "Not found."),
            ("GET", "org" | "workspace") => Reply::json(200, json!({"uuid": "w1", "name": "Ministry", "anon": false})),
            ("GET", "fields") => self.page(&self.spelled_fields(), &target),
            ("GET", "groups") => self.page(&self.groups, &target),
            ("GET", "contacts") => self.contacts(&target),
            ("POST", "contacts") => self.write(asked, &target),
            ("POST", "contact_actions") => self.act(asked),
            ("POST", "fields") => self.make_field(asked),
            ("POST", "groups") => self.make_group(asked),
            _ => detail(404, "Not found."),
        };
        self.faults.spoil(reply)
    }

    fn spelled_fields(&self) -> Vec<Value> {
        let spell = |(key, name, kind): &(String, String, String)| match self.dialect {
            Dialect::Nine => {
                let old = if kind == "number" { "numeric" } else { kind.as_str() };
                json!({"key": key, "name": name, "type": kind, "label": name, "value_type": old})
            }
            Dialect::Newer => json!({"key": key, "name": name, "type": kind, "featured": false, "priority": 0}),
        };
        self.fields.iter().map(spell).collect()
    }

    fn contacts(&self, asked: &Target) -> Reply {
        let is = |name: &str| matches!(asked.param(name), Some("1" | "true"));
        let mut list = if is("deleted") { self.deleted.clone() } else { self.contacts.clone() };
        if let Some(uuid) = asked.param("uuid") {
            list.retain(|contact| contact["uuid"] == uuid);
        }
        if let Some(urn) = asked.param("urn") {
            list.retain(|contact| contact["urns"].as_array().is_some_and(|urns| urns.iter().any(|own| own == urn)));
        }
        if let Some(after) = asked.param("after").filter(|_| !self.faults.has(Fault::FilterIgnored)) {
            // The part to the second is spelled alike by everybody.
            let after = after.get(..19).unwrap_or(after);
            list.retain(|contact| {
                contact["modified_on"].as_str().and_then(|at| at.get(..19)).is_some_and(|at| at >= after)
            });
        }
        list.sort_by_key(|contact| contact["modified_on"].as_str().unwrap_or_default().to_owned());
        if !is("reverse") {
            list.reverse();
        }
        self.page(&list, asked)
    }

    fn page(&self, list: &[Value], asked: &Target) -> Reply {
        let is_endless = self.faults.has(Fault::EndlessPages);
        let cursor: usize = asked.param("cursor").and_then(|at| at.parse().ok()).unwrap_or(0);
        let at = if is_endless { 0 } else { cursor };
        let results: Vec<_> = list.iter().skip(at).take(self.page).cloned().collect();
        let has_more = is_endless || at + self.page < list.len();
        let rest: String =
            asked.query.iter().filter(|(key, _)| key != "cursor").fold(String::new(), |mut rest, (key, value)| {
                rest.push_str(&format!("&{key}={}", value.replace('+', "%2B")));
                rest
            });
        let next = has_more.then(|| format!("http://inside.example{}?cursor={}{rest}", asked.path, cursor + self.page));
        Reply::json(200, json!({"next": next, "previous": null, "results": results}))
    }

    fn write(&mut self, asked: &Asked, target: &Target) -> Reply {
        let Ok(body) = serde_json::from_slice::<Value>(&asked.body) else { return detail(400, "JSON parse error") };
        if let Some(unknown) = body["fields"]
            .as_object()
            .into_iter()
            .flatten()
            .find_map(|(key, _)| (!self.fields.iter().any(|(known, _, _)| known == key)).then(|| key.clone()))
        {
            return Reply::json(400, json!({"fields": [format!("Invalid contact field key: {unknown}")]}));
        }
        let own = target.param("uuid").map(str::to_owned);
        let is_other = |contact: &&Value| own.as_ref().is_none_or(|own| contact["uuid"] != own.as_str());
        let urns = body["urns"].as_array().cloned().unwrap_or_default();
        let holds =
            |contact: &Value| contact["urns"].as_array().is_some_and(|own| own.iter().any(|urn| urns.contains(urn)));
        if self.contacts.iter().filter(is_other).any(holds) {
            return Reply::json(400, json!({"urns": {"0": ["URN is in use by another contact."]}}));
        }
        self.minute += 10;
        let minute = self.minute;
        if own.is_none() {
            let mut contact = self.contact(900_000 + self.contacts.len());
            contact["groups"] = json!([]);
            merge(&mut contact, &body, minute);
            self.contacts.push(contact.clone());
            return Reply::json(201, contact);
        }
        match self.contacts.iter_mut().find(|contact| own.as_ref().is_some_and(|own| contact["uuid"] == own.as_str())) {
            Some(contact) => {
                merge(contact, &body, minute);
                Reply::json(200, &*contact)
            }
            None => detail(404, "Not found."),
        }
    }

    fn act(&mut self, asked: &Asked) -> Reply {
        let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
        let uuids = body["contacts"].as_array().cloned().unwrap_or_default();
        let status = match body["action"].as_str() {
            Some("block") => Some("blocked"),
            Some("unblock") => Some("active"),
            Some("add" | "remove") => None,
            _ => return Reply::json(400, json!({"action": ["\"\" is not a valid choice."]})),
        };
        let name = body["group"].as_str().unwrap_or_default().to_owned();
        let group = self.groups.iter().find(|group| group["name"] == name.as_str()).cloned();
        if status.is_none() && group.as_ref().is_none_or(|group| !group["query"].is_null()) {
            return Reply::json(400, json!({"group": [format!("No such object: {name}")]}));
        }
        self.minute += 10;
        let (minute, is_old) = (self.minute, self.dialect == Dialect::Nine);
        for contact in self.contacts.iter_mut().filter(|contact| uuids.contains(&contact["uuid"])) {
            let mut groups = contact["groups"].as_array().cloned().unwrap_or_default();
            if let Some(group) = group.as_ref().filter(|_| status.is_none()) {
                groups.retain(|own| own["name"] != group["name"] && *own != group["name"]);
                if body["action"] == "add" {
                    groups.push(json!({"uuid": group["uuid"], "name": group["name"]}));
                }
            }
            let mut change = json!({"groups": groups});
            if let Some(status) = status {
                change["status"] = status.into();
                if is_old {
                    change["blocked"] = (status == "blocked").into();
                }
            }
            merge(contact, &change, minute);
        }
        Reply { status: 204, ..Reply::json(200, "") }
    }

    fn make_field(&mut self, asked: &Asked) -> Reply {
        let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
        if self.fields.len() >= FIELDS_MAX {
            return detail(409, "Cannot create object because workspace has reached limit of 250.");
        }
        let Some(name) = body["name"].as_str().or_else(|| body["label"].as_str()) else {
            return Reply::json(400, json!({"name": ["This field is required."]}));
        };
        let key = name.to_lowercase().replace(' ', "_");
        let kind = body["type"].as_str().unwrap_or("text").to_owned();
        self.fields.push((key.clone(), name.to_owned(), kind.clone()));
        Reply::json(201, json!({"key": key, "name": name, "type": kind}))
    }

    fn make_group(&mut self, asked: &Asked) -> Reply {
        let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
        let group = json!({"uuid": format!("g-{}", self.groups.len()), "name": body["name"], "query": null, "system": false, "count": 0});
        self.groups.push(group.clone());
        Reply::json(201, group)
    }
}
