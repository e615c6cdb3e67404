//! A server of DHIS2's payloads: the parts of the Web API 2.38 to 2.42 that a registry is read and written by. An emulator, not DHIS2.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::{
    dhis2_reports::Book,
    faults::{Fault, Faults},
    site::{Asked, Reply, Site},
    target::{Target, page},
};

/// The personal access token that it takes.
pub const DHIS2_TOKEN: &str = "d2pat_4242424242424242424242424242424242424242";
/// What comes with user and password `admin`, `district`.
const BASIC: &str = "Basic YWRtaW46ZGlzdHJpY3Q=";
/// The minute at which the server's clock begins, after midnight.
const CLOCK: u32 = 240;

/// A running server.
pub struct Dhis2Server {
    site: Site,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    minor: u32,
    minute: u32,
    levels: Vec<Value>,
    units: Vec<Value>,
    groups: Vec<Value>,
    users: Vec<Value>,
    faults: Faults,
    asked: Vec<String>,
    book: Book,
}

/// How large the country is.
#[derive(Debug, Clone, Copy)]
pub struct Country {
    /// Districts.
    pub districts: usize,
    /// Chiefdoms of each district.
    pub chiefdoms: usize,
    /// Facilities of each chiefdom.
    pub facilities: usize,
    /// Users, spread over the facilities.
    pub users: usize,
}

impl Country {
    /// Small: 2 districts, 4 chiefdoms, 12 facilities, 30 users.
    pub const SMALL: Self = Self { districts: 2, chiefdoms: 2, facilities: 3, users: 30 };

    /// How many units it has, the country itself among them.
    #[must_use]
    pub const fn units(&self) -> usize {
        1 + self.districts * (1 + self.chiefdoms * (1 + self.facilities))
    }
}

impl Dhis2Server {
    /// Starts a server of release `2.{minor}` with an invented country.
    #[must_use]
    pub fn start(minor: u32, country: Country) -> Self {
        let level = |number: u32, name: &str| json!({"id": uid('L', number as usize), "level": number, "name": name, "displayName": name});
        let levels = vec![level(1, "National"), level(2, "District"), level(3, "Chiefdom"), level(4, "Facility")];
        let mut state = State {
            minor,
            minute: CLOCK,
            levels,
            units: Vec::new(),
            groups: vec![json!({"id": uid('G', 0), "code": "CLINIC", "name": "Clinics", "lastUpdated": moment(CLOCK)})],
            users: Vec::new(),
            faults: Faults::default(),
            asked: Vec::new(),
            book: Book::default(),
        };
        state.settle(country);
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

    /// Lets its clock go on.
    pub fn advance(&self, minutes: u32) {
        lock(&self.state).minute += minutes;
    }

    /// Changes members of a unit or user, by its place in the list, as somebody at the server would.
    pub fn change(&self, list: &str, at: usize, members: &Value) {
        let mut state = lock(&self.state);
        let now = moment(state.minute);
        let item = match list {
            "users" => &mut state.users[at],
            _ => &mut state.units[at],
        };
        for (key, value) in members.as_object().into_iter().flatten() {
            item[key] = value.clone();
        }
        item["lastUpdated"] = now.into();
    }

    /// Takes a unit or user away.
    pub fn delete(&self, list: &str, at: usize) {
        let mut state = lock(&self.state);
        match list {
            "users" => state.users.remove(at),
            _ => state.units.remove(at),
        };
    }

    /// A user as it stands.
    #[must_use]
    pub fn user(&self, at: usize) -> Value {
        lock(&self.state).users[at].clone()
    }

    /// The value of a data element for a unit and a period.
    #[must_use]
    pub fn value(&self, element: &str, unit: &str, period: &str) -> Option<String> {
        let key = (element.to_owned(), unit.to_owned(), period.to_owned());
        lock(&self.state).book.values.get(&key).cloned()
    }

    /// All events that were reported.
    #[must_use]
    pub fn events(&self) -> Vec<Value> {
        lock(&self.state).book.events.values().cloned().collect()
    }

    /// Closes a period for data entry.
    pub fn close(&self, period: &str) {
        lock(&self.state).book.closed.insert(period.to_owned());
    }

    /// Opens it again.
    pub fn reopen(&self, period: &str) {
        lock(&self.state).book.closed.remove(period);
    }

    /// Calls that brought values or events: the path and the body.
    #[must_use]
    pub fn reports(&self) -> Vec<(String, String)> {
        lock(&self.state).book.calls.clone()
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

/// An id as DHIS2 has them: eleven letters and digits, a letter first.
fn uid(letter: char, number: usize) -> String {
    format!("{letter}{number:010}")
}

fn moment(minute: u32) -> String {
    let (day, hour) = (22 + minute / 1440, minute / 60 % 24);
    format!("2026-11-{day:02}T{hour:02}:{:02}:00.000", minute % 60)
}

fn message(status: u16, words: &str) -> Reply {
    let kind = if status < 300 { "OK" } else { "ERROR" };
    Reply::json(status, json!({"httpStatus": kind, "httpStatusCode": status, "status": kind, "message": words}))
}

impl State {
    /// Fills the country.
    fn settle(&mut self, country: Country) {
        self.unit("Sierra Nimba", 1, None, &json!(null));
        let mut facilities = Vec::new();
        for district in 0..country.districts {
            let area =
                json!({"type": "Polygon", "coordinates": [[[-11.0, 8.0], [-10.0, 8.0], [-10.0, 9.0], [-11.0, 8.0]]]});
            let above = self.unit(&format!("District {district}"), 2, Some(0), &area);
            for chiefdom in 0..country.chiefdoms {
                let above = self.unit(&format!("Chiefdom {district}.{chiefdom}"), 3, Some(above), &json!(null));
                for facility in 0..country.facilities {
                    let point = json!({"type": "Point", "coordinates": [-10.5 - facility as f64 / 100.0, 8.1]});
                    let name = format!("Clinic {district}.{chiefdom}.{facility}");
                    facilities.push(self.unit(&name, 4, Some(above), &point));
                }
            }
        }
        for number in 0..country.users {
            let unit = self.units[facilities[number % facilities.len()]]["id"].clone();
            self.users.push(json!({
                "id": uid('U', number), "username": format!("user{number}"), "firstName": format!("Ama {number}"), "surname": "Kollie",
                "displayName": format!("Ama {number} Kollie"), "email": format!("ama{number}@example.org"),
                "phoneNumber": format!("+23277{:06}", 100_000 + number), "jobTitle": "Officer", "lastUpdated": moment(CLOCK),
                "created": moment(0), "disabled": false, "organisationUnits": [{"id": unit}],
                "userRoles": [{"id": uid('R', number % 2), "name": if number % 2 == 0 { "Officer" } else { "Clerk" }}],
            }));
        }
    }

    /// Adds a unit below another, and gives its place in the list.
    fn unit(&mut self, name: &str, level: u32, above: Option<usize>, geometry: &Value) -> usize {
        let number = self.units.len();
        let id = uid('O', number);
        let parent = above.map(|above| &self.units[above]);
        let path = parent.and_then(|parent| parent["path"].as_str()).unwrap_or_default();
        let mut unit = json!({
            "id": id, "code": format!("OU_{number}"), "name": name, "displayName": name, "shortName": name, "level": level,
            "path": format!("{path}/{id}"), "leaf": level == 4, "openingDate": "1990-01-01T00:00:00.000", "created": moment(0),
            "lastUpdated": moment(CLOCK), "organisationUnitGroups": [], "attributeValues": [], "translations": [],
        });
        if let Some(parent) = parent {
            unit["parent"] = json!({"id": parent["id"]});
        }
        if !geometry.is_null() {
            unit["geometry"] = geometry.clone();
        }
        self.units.push(unit);
        number
    }

    fn answer(&mut self, asked: &Asked) -> Reply {
        let target = Target::of(asked);
        let query: Vec<_> = target.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        self.asked.push(format!("{} {}?{}", asked.method, target.path, query.join("&")));
        if let Some(reply) = self.faults.instead() {
            return reply;
        }
        let own = format!("ApiToken {DHIS2_TOKEN}");
        if !asked.header("authorization").is_some_and(|given| given == own || given == BASIC) {
            return message(401, "Unauthorized");
        }
        let Some(path) = target.path.strip_prefix("/api/") else { return page(404) };
        let path = path.strip_suffix(".json").unwrap_or(path);
        let reply = match (asked.method.as_str(), path.split('/').collect::<Vec<_>>().as_slice()) {
            ("GET", ["system", "info"]) => self.info(),
            ("GET", ["organisationUnitLevels"]) => self.list("organisationUnitLevels", &self.levels, &target),
            ("GET", ["organisationUnitGroups"]) => self.list("organisationUnitGroups", &self.groups, &target),
            ("GET", ["organisationUnits"]) => self.list("organisationUnits", &self.units, &target),
            ("GET", ["users"]) if self.faults.has(Fault::NoPeople) => {
                message(403, "You don't have the proper permissions to read objects of this type.")
            }
            ("GET", ["users"]) => self.list("users", &self.users, &target),
            ("GET", ["users", id]) => match self.users.iter().find(|user| user["id"] == *id) {
                Some(user) => Reply::json(200, self.spelled(user)),
                None => message(404, "User with id could not be found."),
            },
            ("PATCH", ["users", id]) => self.patch(id, asked),
            ("POST", ["dataValueSets"]) => self.book.take_values(&target, &asked.body, (&self.units, self.minor)),
            ("POST", ["tracker"]) => self.book.take_events(&target, &asked.body, &self.units),
            _ => message(404, "This path is not known"),
        };
        self.faults.spoil(reply)
    }

    fn info(&self) -> Reply {
        let version = format!("2.{}.1", self.minor);
        let now = moment(self.minute);
        let body = json!({
            "contextPath": "http://inside.example", "calendar": "iso8601", "dateFormat": "yyyy-mm-dd", "serverDate": now,
            "serverTimeZoneId": "Etc/UTC", "version": version, "revision": "abc1234", "systemId": "s1", "systemName": "HMIS",
        });
        Reply::json(200, body)
    }

    /// Users of 2.38 to 2.40 carry their account beside them as well.
    fn spelled(&self, item: &Value) -> Value {
        let mut item = item.clone();
        if self.minor <= 40 && item.get("username").is_some() {
            let account =
                json!({"username": item["username"], "disabled": item["disabled"], "userRoles": item["userRoles"]});
            item["userCredentials"] = account;
            for key in ["disabled", "userRoles"] {
                item.as_object_mut().and_then(|item| item.remove(key));
            }
        }
        item
    }

    fn list(&self, key: &str, items: &[Value], asked: &Target) -> Reply {
        let number = |name: &str, usual: usize| asked.param(name).and_then(|n| n.parse().ok()).unwrap_or(usual).max(1);
        let mut wanted: Vec<&Value> = items.iter().collect();
        if let Some(filter) = asked.param("filter").filter(|_| !self.faults.has(Fault::FilterIgnored)) {
            let Some(since) = filter.strip_prefix("lastUpdated:ge:") else { return message(400, "Unknown filter") };
            // Moments in one spelling are in the order of their texts.
            wanted.retain(|item| item["lastUpdated"].as_str().is_some_and(|at| at >= since));
        }
        let total = wanted.len();
        if asked.param("paging") == Some("false") {
            let all: Vec<_> = wanted.into_iter().map(|item| self.spelled(item)).collect();
            return Reply::json(200, json!({key: all}));
        }
        let is_endless = self.faults.has(Fault::EndlessPages);
        let (page, size) = (number("page", 1), number("pageSize", 50));
        let (at, pages) = if is_endless { (1, 999) } else { (page, total.div_ceil(size).max(1)) };
        let items: Vec<_> =
            wanted.into_iter().skip((at - 1) * size).take(size).map(|item| self.spelled(item)).collect();
        let mut pager = json!({"page": at, "total": total, "pageSize": size, "pageCount": pages});
        if page < pages {
            pager["nextPage"] = format!("http://inside.example/api/{key}?page={}", page + 1).into();
        }
        if is_endless {
            pager.as_object_mut().and_then(|pager| pager.remove("total"));
        }
        Reply::json(200, json!({"pager": pager, key: items}))
    }

    fn patch(&mut self, id: &str, asked: &Asked) -> Reply {
        if asked.header("content-type") != Some("application/json-patch+json") {
            return message(415, "Unsupported media type");
        }
        let now = moment(self.minute);
        let Some(user) = self.users.iter_mut().find(|user| user["id"] == *id) else { return message(404, "Not found") };
        let Ok(Value::Array(operations)) = serde_json::from_slice(&asked.body) else { return message(400, "No patch") };
        for operation in operations {
            let member = operation["path"].as_str().unwrap_or_default().trim_start_matches('/').to_owned();
            match operation["op"].as_str() {
                Some("add" | "replace") if operation["value"] == "invalid" => {
                    return message(409, "Property `phoneNumber` is not valid");
                }
                Some("add" | "replace") => user[member.as_str()] = operation["value"].clone(),
                Some("remove") if user.get(&member).is_some() => {
                    user.as_object_mut().and_then(|user| user.remove(&member));
                }
                _ => return message(400, "Operation is not allowed"),
            }
        }
        user["lastUpdated"] = now.into();
        message(200, "")
    }
}
