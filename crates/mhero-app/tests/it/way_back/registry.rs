//! A registry that holds records, can be written to, and loses answers when a test says so.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use mhero_app::{
    App, AppError,
    ports::{Connector, Pull, PullError, PullSink, Pulled, Push, PushOutcome, Registry, SourceSettings},
};
use mhero_core::record::{
    Coded, Content, Identifier, PersonRecord, PositionRecord, RawPhone, Reason, Record, Ref, Rejection, Value,
    ValueRecord,
};

/// What the registry does with the next write.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Mood {
    /// It writes.
    #[default]
    Fine,
    /// It writes, and the answer is lost.
    LosesAnswer,
    /// The request is lost, and nobody knows.
    LosesRequest,
    /// Nothing leaves.
    Down,
    /// It refuses.
    Refuses,
}

#[derive(Default)]
struct Held {
    records: BTreeMap<(String, String), Content>,
    pushes: Vec<Push>,
    /// Writes that were made.
    writes: usize,
    mood: Mood,
}

/// The registry and its kind.
#[derive(Clone, Default)]
pub(super) struct Hr(Arc<Mutex<Held>>);

impl Hr {
    pub(super) fn put(&self, kind: &str, id: &str, content: Content) {
        self.0.lock().expect("held").records.insert((kind.to_owned(), id.to_owned()), content);
    }

    pub(super) fn mood(&self, mood: Mood) {
        self.0.lock().expect("held").mood = mood;
    }

    pub(super) fn pushes(&self) -> Vec<Push> {
        self.0.lock().expect("held").pushes.clone()
    }

    pub(super) fn writes(&self) -> usize {
        self.0.lock().expect("held").writes
    }

    pub(super) fn get(&self, kind: &str, id: &str) -> Option<Content> {
        self.0.lock().expect("held").records.get(&(kind.to_owned(), id.to_owned())).cloned()
    }

    pub(super) fn place_of(&self, role: &str) -> String {
        held(&self.get("PractitionerRole", role).expect("a position"), "facility").expect("a place")
    }

    /// What a facility's record holds of a field.
    pub(super) fn value_of(&self, place: &str, field: &str) -> Option<String> {
        held(&self.get("Location", place)?, field)
    }

    /// Somebody gives a facility's record another value.
    pub(super) fn set_value(&self, place: &str, field: &str, new: &str) {
        let mut content = self.get("Location", place).expect("a place");
        set(&mut content, field, None, new);
        self.put("Location", place, content);
    }

    pub(super) fn has_phone(&self, id: &str, raw: &str) -> bool {
        let Some(Content::Person(person)) = self.get("Practitioner", id) else { return false };
        person.phones.iter().any(|phone| phone.raw == raw)
    }
}

fn held(content: &Content, field: &str) -> Option<String> {
    match content {
        Content::Position(position) => match field {
            "facility" => match position.place.as_ref()? {
                Ref::Id { kind, id } => Some(format!("{kind}/{id}")),
                Ref::Path(_) => None,
            },
            _ => position.job.as_ref()?.text.clone(),
        },
        Content::Person(person) => match field {
            "name" => Some(person.name.clone()),
            "language" => person.language.map(|language| language.to_string()),
            _ => None,
        },
        Content::Place(place) => match &place.values.iter().find(|value| value.field == field)?.value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn set(content: &mut Content, field: &str, old: Option<&str>, new: &str) {
    match content {
        Content::Position(position) if field == "facility" => position.place = Some(place_ref(new)),
        Content::Position(position) => position.job = Some(job(new)),
        Content::Person(person) => match field {
            "name" => new.clone_into(&mut person.name),
            "language" => person.language = new.parse().ok(),
            "phone" => {
                person.phones.retain(|phone| Some(phone.raw.as_str()) != old);
                if !new.is_empty() {
                    person.phones.push(phone(new));
                }
            }
            _ => {}
        },
        Content::Place(place) => {
            place.values.retain(|value| value.field != field);
            place.values.push(ValueRecord { field: field.to_owned(), value: Value::Text(new.to_owned()) });
        }
        _ => {}
    }
}

pub(super) fn place_ref(text: &str) -> Ref {
    let (kind, id) = text.split_once('/').expect("kind and id");
    Ref::Id { kind: kind.to_owned(), id: id.to_owned() }
}

pub(super) fn job(text: &str) -> Coded {
    Coded { text: Some(text.to_owned()), ..Coded::default() }
}

pub(super) fn phone(raw: &str) -> RawPhone {
    RawPhone { raw: raw.to_owned(), usage: None, element: "telecom".into() }
}

fn raw(kind: &str, id: &str, content: &Content) -> String {
    serde_json::to_string(&(kind, id, content)).expect("it can be written")
}

fn record(kind: &str, id: &str, content: &Content) -> Record {
    let raw = raw(kind, id, content);
    let (kind, id) = (kind.to_owned(), id.to_owned());
    Record { origin: format!("{kind} {id}"), kind, id, raw, warnings: vec![], content: content.clone() }
}

impl Held {
    /// Creates, once for a key.
    fn create(&mut self, push: &Push) -> (String, String) {
        let id = format!("N-{}", push.key);
        let mut person = PersonRecord {
            active: true,
            identifiers: vec![Identifier { system: "http://moh.example/key".into(), value: push.key.clone() }],
            ..PersonRecord::default()
        };
        let mut position = PositionRecord {
            person: Some(Ref::Id { kind: push.target.kind.clone(), id: id.clone() }),
            active: true,
            ..PositionRecord::default()
        };
        for value in &push.values {
            match value.field.as_str() {
                "name" => person.name.clone_from(&value.new),
                "phone" => person.phones.push(phone(&value.new)),
                "language" => person.language = value.new.parse().ok(),
                "facility" => position.place = Some(place_ref(&value.new)),
                "job" => position.job = Some(job(&value.new)),
                _ => {}
            }
        }
        let content = Content::Person(Box::new(person));
        let text = raw(&push.target.kind, &id, &content);
        self.records.insert((push.target.kind.clone(), id.clone()), content);
        self.records.insert(("PractitionerRole".into(), format!("{id}-role")), Content::Position(position));
        self.writes += 1;
        (id, text)
    }

    fn write(&mut self, push: &Push) -> PushOutcome {
        if push.target.id.is_empty() {
            let (id, raw) = self.create(push);
            return PushOutcome::Written { id, raw: Some(raw) };
        }
        let key = (push.target.kind.clone(), push.target.id.clone());
        let Some(content) = self.records.get_mut(&key) else {
            return PushOutcome::Refused { reason: Reason::plain("fake-gone") };
        };
        if raw(&key.0, &key.1, content) != push.target.raw {
            let now = raw(&key.0, &key.1, content);
            let values = push.values.iter().filter_map(|one| Some((one.field.clone(), held(content, &one.field)?)));
            return PushOutcome::Conflict { values: values.collect(), now: Some(now) };
        }
        for value in &push.values {
            set(content, &value.field, value.old.as_deref(), &value.new);
        }
        let text = raw(&key.0, &key.1, content);
        self.writes += 1;
        PushOutcome::Written { id: key.1, raw: Some(text) }
    }
}

#[async_trait]
impl Registry for Hr {
    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        Ok(Vec::new())
    }

    async fn pull(&self, _: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
        let records = self.0.lock().expect("held").records.clone();
        let page = records.iter().map(|((kind, id), content)| Ok(record(kind, id, content))).collect();
        sink.take(page).await?;
        Ok(Pulled { watermark: Some("now".into()), whole: true })
    }

    fn read_again(&self, raw: &str, _: &str) -> Option<Result<Record, Rejection>> {
        let (kind, id, content): (String, String, Content) = serde_json::from_str(raw).ok()?;
        Some(Ok(record(&kind, &id, &content)))
    }

    fn writes(&self) -> &'static [&'static str] {
        &["name", "phone", "language", "facility", "job"]
    }

    fn writes_of_place(&self, field: &str) -> bool {
        matches!(field, "open" | "power")
    }

    async fn push(&self, push: &Push) -> PushOutcome {
        let mut held = self.0.lock().expect("held");
        held.pushes.push(push.clone());
        let lost = || PushOutcome::Unknown { reason: Reason::plain("fake-lost") };
        match held.mood {
            Mood::Fine => held.write(push),
            Mood::LosesAnswer => {
                held.write(push);
                lost()
            }
            Mood::LosesRequest => lost(),
            Mood::Down => PushOutcome::NotSent { reason: Reason::plain("fake-down") },
            Mood::Refuses => PushOutcome::Refused { reason: Reason::plain("fake-refused") },
        }
    }
}

impl Connector for Hr {
    fn kind(&self) -> &'static str {
        "fake"
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[]
    }

    fn build(&self, _: &App, _: &SourceSettings) -> Result<Arc<dyn Registry>, AppError> {
        Ok(Arc::new(self.clone()))
    }
}
