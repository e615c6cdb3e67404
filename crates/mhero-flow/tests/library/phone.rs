//! Plays a scripted conversation against the engine.

use std::collections::VecDeque;

use mhero_flow::{
    contact::Contact,
    definition::Flow,
    engine::{Engine, Outcome, Setting, Sprint},
    environment::Environment,
    events::{Event, EventKind},
    resumes::Resume,
    session::RunResult,
    triggers::Trigger,
};
use mhero_text::sms::{Encoding, measure};
use serde::Deserialize as _;
use serde_json::{Value as Json, json};

use crate::{
    entry::{Entry, list},
    world::Stage,
};

const LIMIT: &str = "one SMS of the short alphabet";

/// A conversation under way.
struct Phone<'a> {
    entry: &'a Entry,
    engine: Engine,
    environment: Environment,
    stage: Stage,
    lang: mhero_core::Lang,
    urn: String,
    now: Option<Sprint>,
    /// What came and was not looked at yet, as lines of a script.
    heard: VecDeque<Json>,
    /// Seconds until the wait tells that nobody answered.
    timeout: Option<u32>,
}

/// Plays a conversation; the error is what went otherwise, with the lines as they really came.
pub(crate) fn play(entry: &Entry, lang: &str, talk: &Json) -> Result<(), String> {
    let mut phone = Phone::new(entry, lang, &talk["person"]);
    let contact = phone.contact(&talk["person"]);
    let mut actual = Vec::new();
    let played = phone.run(talk, contact, &mut actual);
    actual.extend(phone.heard.drain(..));
    played.map_err(|why| format!("{why}\n  actual: {}", Json::Array(actual)))
}

/// Starts a flow and answers every question alike, or never with `None`, until the conversation ends: how many answers or
/// silences that took. More than `most` is an error.
pub(crate) fn answers_to_end(
    entry: &Entry,
    lang: &str,
    (flow, person): (&Flow, &Json),
    answer: Option<&str>,
    most: usize,
) -> Result<usize, String> {
    let mut phone = Phone::new(entry, lang, person);
    let contact = phone.contact(person);
    phone.start(json!({ "type": "manual", "flow": { "uuid": flow.uuid, "name": flow.name } }), contact)?;
    let mut count = 0;
    while matches!(phone.sprint().outcome, Outcome::Waiting) {
        count += 1;
        if count > most {
            return Err(format!("still asking after {most}"));
        }
        match answer {
            Some(text) => phone.resume("msg", &phone.received(text))?,
            None => phone.resume("wait_timeout", &phone.event("wait_timed_out"))?,
        }
    }
    Ok(count)
}

impl<'a> Phone<'a> {
    fn new(entry: &'a Entry, lang: &str, person: &Json) -> Self {
        let environment = json!({
            "allowed_languages": ["eng", "fra"], "date_format": "DD-MM-YYYY", "timezone": "Africa/Monrovia",
        });
        Self {
            entry,
            engine: Engine::default(),
            environment: Environment::deserialize(environment).expect("an environment"),
            stage: Stage::new(),
            lang: if lang == "fr" { "fra" } else { "eng" }.parse().expect("a language"),
            urn: person["urn"].as_str().unwrap_or_default().to_owned(),
            now: None,
            heard: VecDeque::new(),
            timeout: None,
        }
    }

    fn run(&mut self, talk: &Json, contact: Contact, actual: &mut Vec<Json>) -> Result<(), String> {
        let mut begin = Some(contact);
        if let Some(name) = talk["start"].as_str() {
            let flow = self.entry.flow(name);
            let trigger = json!({ "type": "manual", "flow": { "uuid": flow.uuid, "name": flow.name } });
            self.start(trigger, begin.take().expect("a contact"))?;
        }
        let mut wrong = None;
        for line in list(talk, "lines") {
            let heard_first = ["send", "after", "expect_end"].iter().any(|key| line.get(key).is_some());
            if heard_first && !self.heard.is_empty() {
                wrong = wrong.or_else(|| Some(format!("not expected before {line}")));
                actual.extend(self.heard.drain(..));
            }
            let really = self.line(line, &mut begin)?;
            if really != *line {
                wrong = wrong.or_else(|| Some(format!("expected {line}")));
            }
            actual.push(really);
        }
        if !self.heard.is_empty() {
            wrong = wrong.or_else(|| Some("more came than expected".to_owned()));
        }
        wrong.map_or(Ok(()), Err)
    }

    /// Does a line of the script and gives the line as it really went.
    fn line(&mut self, line: &Json, begin: &mut Option<Contact>) -> Result<Json, String> {
        let (verb, what) = line.as_object().and_then(|map| map.iter().next()).expect("a line has one key");
        match verb.as_str() {
            "send" => {
                self.stage.pass(60);
                let text = what.as_str().unwrap_or_default();
                match begin.take() {
                    Some(contact) => {
                        let (flow, word) = self.entry.pulled_by(text);
                        let flow = json!({ "uuid": flow.uuid, "name": flow.name });
                        let matched = json!({ "type": "first_word", "keyword": word });
                        let trigger = json!({ "type": "msg", "flow": flow, "keyword_match": matched, "event": self.received(text) });
                        self.start(trigger, contact)?;
                    }
                    None => self.resume("msg", &self.received(text))?,
                }
                Ok(line.clone())
            }
            "after" => {
                let waited = self.timeout.ok_or("nothing runs out here")?;
                self.stage.pass(waited);
                self.resume("wait_timeout", &self.event("wait_timed_out"))?;
                let (hours, minutes) = (waited / 3600, waited % 3600 / 60);
                Ok(json!({ "after": if hours > 0 { format!("{hours}h") } else { format!("{minutes}m") } }))
            }
            "expect" | "expect_told" => Ok(self.heard.pop_front().unwrap_or_else(|| json!("nothing came"))),
            "expect_result" => Ok(json!({ "expect_result": self.results(what) })),
            "expect_field" => Ok(json!({ "expect_field": self.fields(what) })),
            "expect_groups" => Ok(json!({ "expect_groups": self.groups() })),
            "expect_end" => Ok(json!({ "expect_end": matches!(self.sprint().outcome, Outcome::Ended) })),
            other => Err(format!("{other} is no line")),
        }
    }

    fn sprint(&self) -> &Sprint {
        self.now.as_ref().expect("a conversation that began")
    }

    fn setting(&self) -> Setting<'_> {
        Setting { assets: &self.entry.assets, environment: &self.environment, call: None }
    }

    fn start(&mut self, mut trigger: Json, contact: Contact) -> Result<(), String> {
        trigger["triggered_on"] = json!("2026-06-15T16:00:00Z");
        let trigger = Trigger::read(&trigger).map_err(|error| error.to_string())?;
        let mut stage = std::mem::replace(&mut self.stage, Stage::new());
        let sprint = self.engine.start(self.setting(), contact, trigger, &mut stage);
        self.stage = stage;
        self.take(sprint.map_err(|error| error.to_string())?)
    }

    fn resume(&mut self, kind: &str, event: &Json) -> Result<(), String> {
        let resume = json!({ "type": kind, "resumed_on": "2026-06-15T16:00:00Z", "event": event });
        let resume = Resume::read(&resume).map_err(|error| error.to_string())?;
        let before = self.now.take().ok_or("no conversation")?;
        if !matches!(before.outcome, Outcome::Waiting) {
            return Err(format!("the conversation has ended before {kind}"));
        }
        let mut stage = std::mem::replace(&mut self.stage, Stage::new());
        let sprint = self.engine.resume(self.setting(), before.session, before.contact, resume, &mut stage);
        self.stage = stage;
        self.take(sprint.map_err(|error| error.to_string())?)
    }

    fn take(&mut self, sprint: Sprint) -> Result<(), String> {
        self.timeout = None;
        for Event { kind, .. } in &sprint.events {
            match kind {
                EventKind::MsgCreated { msg, .. } => {
                    let text = fits(&msg.text)?;
                    self.heard.push_back(json!({ "expect": text }));
                }
                EventKind::BroadcastCreated { translations, groups, .. } => {
                    for content in translations.values() {
                        fits(&content.text)?;
                    }
                    let text = translations.get(&self.lang).map(|content| &*content.text);
                    let group = groups.first().map(|group| &*group.name);
                    self.heard.push_back(json!({ "expect_told": { "group": group, "text": text } }));
                }
                EventKind::MsgWait { timeout_seconds, .. } => self.timeout = *timeout_seconds,
                EventKind::Error(problem) | EventKind::Warning(problem) => return Err(problem.text.to_string()),
                EventKind::Failure { .. } => return Err("the flow failed".to_owned()),
                _ => {}
            }
        }
        self.now = Some(sprint);
        Ok(())
    }

    fn event(&self, kind: &str) -> Json {
        json!({ "uuid": "01969b47-7ab3-76f8-89aa-1577771fa183", "type": kind, "created_on": "2026-06-15T16:00:00Z" })
    }

    fn received(&self, text: &str) -> Json {
        let mut event = self.event("msg_received");
        event["msg"] = json!({ "urn": self.urn, "text": text });
        event
    }

    fn contact(&self, person: &Json) -> Contact {
        let uuid_of = |name: &str| {
            let group = self.entry.assets.group_named(name);
            group.ok_or_else(|| format!("{} has no group {name}", self.entry.key)).expect("a group").uuid()
        };
        let groups = list(person, "groups").iter().filter_map(Json::as_str);
        let groups: Vec<Json> = groups.map(|name| json!({ "uuid": uuid_of(name), "name": name })).collect();
        let fields = person["fields"].as_object().into_iter().flatten().map(|(key, text)| {
            let number = text.as_str().and_then(|text| text.parse::<i64>().ok());
            let value = number.map_or(json!({ "text": text }), |number| json!({ "text": text, "number": number }));
            (key.clone(), value)
        });
        let contact = json!({
            "uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f", "name": person["name"], "language": person["language"],
            "status": "active", "created_on": "2026-01-05T08:00:00Z", "urns": [person["urn"]], "groups": groups,
            "fields": fields.collect::<serde_json::Map<_, _>>(),
        });
        Contact::deserialize(contact).expect("a contact")
    }

    /// The results of the script's names, in the form in which it has them.
    fn results(&self, wanted: &Json) -> Json {
        let run = self.sprint().session.runs.first().expect("a run");
        let form = |(key, wanted): (&String, &Json)| (key.clone(), as_wanted(run.results.get(key.as_str()), wanted));
        Json::Object(wanted.as_object().into_iter().flatten().map(form).collect())
    }

    fn fields(&self, wanted: &Json) -> Json {
        let contact = &self.sprint().contact;
        let value = |key: &String| json!(contact.field(key).map(|value| value.text.to_string()).unwrap_or_default());
        Json::Object(wanted.as_object().into_iter().flatten().map(|(key, _)| (key.clone(), value(key))).collect())
    }

    fn groups(&self) -> Vec<String> {
        let mut names: Vec<String> = self.sprint().contact.groups.iter().map(|group| group.name.to_string()).collect();
        names.sort_unstable();
        names
    }
}

fn as_wanted(result: Option<&RunResult>, wanted: &Json) -> Json {
    let Some(result) = result else { return Json::Null };
    let Some(parts) = wanted.as_object() else { return json!(&*result.value) };
    let part = |key: &String| match key.as_str() {
        "value" => json!(&*result.value),
        "category" => json!(&*result.category),
        "category_localized" if result.category_localized.is_empty() => json!(&*result.category),
        "category_localized" => json!(&*result.category_localized),
        _ => Json::Null,
    };
    Json::Object(parts.keys().map(|key| (key.clone(), part(key))).collect())
}

/// A text that people get.
fn fits(text: &str) -> Result<&str, String> {
    let measured = measure(text);
    if measured.segments == 1 && measured.encoding == Encoding::Gsm7 {
        return Ok(text);
    }
    Err(format!("not {LIMIT}, {} of {}: {text}", measured.units, measured.room))
}
