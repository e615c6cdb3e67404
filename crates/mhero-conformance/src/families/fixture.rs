//! The fixture session: a parent run in another session, a child run, results, a web hook.

use std::{path::Path, sync::Arc};

use mhero_expr::{Redaction, Template, TopLevels};
use mhero_flow::{
    assets::Assets,
    contact::Contact,
    engine::{Seen, Sprint},
    environment::Environment,
    resumes::Resume,
    triggers::Trigger,
};
use serde_json::{Value as Json, json};

use super::{
    normalise::difference,
    outside::Outside,
    runner,
    sessions::{finish, from, same, setting},
    universe::Universe,
    whole,
};
use crate::{
    Tally,
    pack::{json_files, read},
};

/// Where some files of the pack found the server that the others call localhost; a port follows.
const OTHER_HOST: &str = "127.0.0.1:";

/// How the web hook of the session answers.
#[derive(Clone, Copy)]
pub(crate) enum Webhook<'a> {
    /// With what its address asks for.
    Works,
    /// With this body.
    Gives(&'a str),
    /// Not at all.
    Fails,
}

/// The session of the fixtures.
pub(crate) struct Fixture {
    assets: Assets,
    contact: Contact,
    environment: Environment,
    trigger: Trigger,
    resume: Resume,
}

/// What a template gave.
pub(crate) struct Evaluated {
    pub(crate) text: String,
    events: Json,
}

/// Runs the session and compares what it leads to.
pub(super) fn run(dir: &Path, tally: &mut Tally) {
    if !dir.exists() {
        return;
    }
    let fixture = match Fixture::load(dir) {
        Ok(fixture) => fixture,
        Err(why) => return tally.case("session", "file", Err(why)),
    };
    for file in json_files(dir) {
        let outcome = match file.trim_end_matches(".json") {
            "session_after" => fixture.compare(dir, &file, |sprint| serde_json::to_value(&sprint.session)),
            "contact_after" => fixture.compare(dir, &file, |sprint| serde_json::to_value(&sprint.contact)),
            "resume_events" => fixture.compare(dir, &file, |sprint| serde_json::to_value(&sprint.events)),
            "voice_trigger" => voice(dir),
            context => match context.strip_prefix("context_") {
                Some(name) => fixture.context(dir, &file, name),
                None => continue,
            },
        };
        tally.case(&file, 0, outcome);
    }
}

impl Fixture {
    pub(crate) fn load(dir: &Path) -> Result<Self, String> {
        let file = |name: &str| read(&dir.join(name)).map_err(|why| format!("{name}: {why}"));
        Ok(Self {
            assets: whole::assets(&file("assets.json")?)?,
            contact: from(&file("contact.json")?)?,
            environment: from(&file("environment.json")?)?,
            trigger: Trigger::read(&file("trigger.json")?).map_err(|error| error.to_string())?,
            resume: Resume::read(&file("resume.json")?).map_err(|error| error.to_string())?,
        })
    }

    /// The session after its resume, in an environment.
    fn play(&self, environment: &Environment, webhook: Webhook<'_>) -> Result<(Sprint, Universe), String> {
        let answer = |body: &str| {
            json!({"status": 200, "body": body, "headers": {
                "Content-Length": body.len().to_string(), "Content-Length": body.len().to_string(), "Content-Type": "text/plain; charset=utf-8", "Date": "Wed, 11 Apr 2018 18:24:30 GMT",
            }})
        };
        let content = match webhook {
            Webhook::Works => answer(r#"{"results":[{"state":"WA"},{"state":"IN"}]}"#),
            Webhook::Gives(body) => answer(body),
            Webhook::Fails => json!({"status": 0}),
        };
        let mut outside = Outside::new(&json!({
            "http://localhost/?cmd=success": [{"status": 200, "body": "{ \"ok\": \"true\" }"}],
            "http://localhost/?content=*": [content],
        }));
        let (engine, mut universe) = (runner::engine(), Universe::new());
        let setting = setting(&self.assets, environment);
        let sprint = engine.start(setting, self.contact.clone(), self.trigger.clone(), &mut universe);
        let sprint = finish(&engine, setting, sprint.map_err(|e| e.to_string())?, &mut outside, &mut universe)?;
        let sprint = engine.resume(setting, sprint.session, sprint.contact, self.resume.clone(), &mut universe);
        let sprint = finish(&engine, setting, sprint.map_err(|e| e.to_string())?, &mut outside, &mut universe)?;
        Ok((sprint, universe))
    }

    fn compare(
        &self,
        dir: &Path,
        file: &str,
        part: fn(&Sprint) -> Result<Json, serde_json::Error>,
    ) -> Result<(), String> {
        let (sprint, _) = self.play(&self.environment, Webhook::Works)?;
        let actual = part(&sprint).map_err(|error| error.to_string())?;
        let inputs = ["assets.json", "contact.json", "trigger.json", "resume.json"].map(|name| read(&dir.join(name)));
        let inputs = inputs.into_iter().collect::<Result<Vec<_>, _>>()?;
        same("", &local(&read(&dir.join(file))?)?, &actual, &inputs.iter().collect::<Vec<_>>())
    }

    fn context(&self, dir: &Path, file: &str, name: &str) -> Result<(), String> {
        let template = format!("@(json({name}))");
        let seen = self.evaluate(&json!({ "template": template }), Webhook::Works)?;
        let actual = serde_json::from_str(&seen.text).map_err(|error| format!("{}: {error}", seen.text))?;
        same("", &read(&dir.join(file))?, &actual, &[])
    }

    /// What a case's template gives in the first run.
    pub(crate) fn evaluate(&self, case: &Json, webhook: Webhook<'_>) -> Result<Evaluated, String> {
        let mut environment = self.environment.clone();
        if case["redact_urns"] == true {
            environment.redaction_policy = Redaction::Urns;
        }
        let (sprint, mut universe) = self.play(&environment, webhook)?;
        let template = Template::parse(case["template"].as_str().unwrap_or_default(), &TopLevels::flow());
        let template = template.map_err(|error| error.to_string())?;
        let resume = Arc::new(self.resume.clone());
        let seen = Seen { session: &sprint.session, contact: &sprint.contact, resume: Some(&resume), run: 0 };
        let setting = setting(&self.assets, &environment);
        let evaluated = runner::engine().evaluate(setting, &seen, &template, &mut universe);
        let (text, events) = evaluated.map_err(|error| error.to_string())?;
        Ok(Evaluated { text, events: serde_json::to_value(events).map_err(|error| error.to_string())? })
    }
}

impl Evaluated {
    /// That text and events are those of a case.
    pub(crate) fn check(&self, case: &Json) -> Result<(), String> {
        if case["output_json"].is_null() {
            let expected = case["output"].as_str().unwrap_or_default();
            if self.text != expected {
                return Err(format!("{}: expected {expected:?}, got {:?}", case["template"], self.text));
            }
        } else {
            let expected = local(&case["output_json"])?;
            let actual = serde_json::from_str(&self.text).map_err(|error| format!("{}: {error}", self.text))?;
            same(&format!("{}: ", case["template"]), &expected, &actual, &[])?;
        }
        same(&format!("{}: events", case["template"]), &case["events"], &self.events, &[])
    }
}

/// The same with localhost for the server.
fn local(json: &Json) -> Result<Json, String> {
    let text = json.to_string();
    let mut parts = text.split(OTHER_HOST);
    let mut local = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        local.push_str("localhost");
        local.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    serde_json::from_str(&local).map_err(|error| error.to_string())
}

/// A voice session begins and ends, as its flow has no nodes.
fn voice(dir: &Path) -> Result<(), String> {
    let assets = read(&dir.join("voice_assets.json")).or_else(|_| read(&dir.join("assets.json")))?;
    let assets = whole::assets(&assets)?;
    let trigger = Trigger::read(&read(&dir.join("voice_trigger.json"))?).map_err(|error| error.to_string())?;
    let contact = from(&read(&dir.join("contact.json"))?)?;
    let environment = from(&read(&dir.join("environment.json"))?)?;
    let sprint = runner::engine().start(setting(&assets, &environment), contact, trigger, &mut Universe::new());
    let sprint = sprint.map_err(|error| error.to_string())?;
    difference(&json!("voice"), &json!(sprint.session.kind)).map_or(Ok(()), Err)
}
