//! Runs as expressions see them.

use mhero_expr::{Object, Value};
use serde_json::Value as Json;

use super::{
    Scene,
    contact::{id, instant},
    text,
};
use crate::{
    contact::Contact,
    session::{Results, Run, RunFlow, RunResult, RunSummary, Step},
};

impl Scene<'_> {
    /// `@run`.
    pub(super) fn run_value(&self) -> Value {
        let run = self.run;
        let flow = self.flow_value(&run.flow);
        let shown = shown(self.own_contact(), &flow);
        let locals = self.cache.locals.get_or_init(|| self.locals()).clone();
        let results = self.cache.results.get_or_init(|| self.results(&run.results)).clone();
        let properties = [
            ("contact", self.own_contact().clone()),
            ("created_on", instant(run.created_on)),
            ("exited_on", run.exited_on.map_or(Value::Null, instant)),
            ("flow", flow),
            ("locals", locals),
            ("path", Value::array(run.path.iter().map(step))),
            ("results", results),
            ("status", run.status.name().into()),
            ("uuid", id(run.uuid)),
        ];
        Object::new(properties).with_default(shown).into()
    }

    /// `@child`: the last run that this one's flow entered.
    pub(super) fn child(&self) -> Value {
        let child = self.session.runs.iter().rev().find(|run| run.parent_uuid == Some(self.run.uuid));
        child.map_or(Value::Null, |child| self.related(child))
    }

    /// `@parent`: the run that entered this one's flow, here or in the session that started this one.
    pub(super) fn parent(&self) -> Value {
        if let Some(parent) = self.run.parent_uuid.and_then(|uuid| self.session.run_index(uuid)) {
            return self.related(&self.session.runs[parent]);
        }
        let Some(summary) = self.session.trigger.run_summary() else { return Value::Null };
        RunSummary::read(summary).map_or(Value::Null, |summary| self.summarised(&summary))
    }

    /// `@node`: where the run stands.
    pub(super) fn node(&self) -> Value {
        let Some(uuid) = self.run.node() else { return Value::Null };
        let visits = self.run.path.iter().filter(|step| step.node_uuid == uuid).count();
        let router = self.flow.and_then(|flow| flow.node(uuid)).and_then(|node| node.router.as_ref());
        let categories = router.map(|router| router.categories.as_slice()).unwrap_or_default();
        let categories = categories.iter().map(|category| text(&category.name));
        let properties = [
            ("categories", Value::array(categories)),
            ("uuid", id(uuid)),
            ("visit_count", i64::try_from(visits).unwrap_or(i64::MAX).into()),
        ];
        Object::new(properties).into()
    }

    /// `@webhook`: the answer to the last web hook of the run.
    pub(super) fn webhook(&self) -> Value {
        let Some(webhook) = &self.run.webhook else { return Value::Null };
        let headers = webhook.headers.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str())));
        let properties = [
            ("headers", Object::new(headers.collect::<Vec<_>>()).into()),
            ("json", webhook.json.as_deref().map_or(Value::Null, json)),
            ("status", i64::from(webhook.status).into()),
        ];
        Object::new(properties).with_default(format!("{} {}", webhook.method, webhook.url)).into()
    }

    /// `@locals`.
    pub(super) fn locals(&self) -> Value {
        let locals = self.run.locals.iter().map(|(key, value)| (key.to_string(), text(value)));
        Object::new(locals.collect::<Vec<_>>()).into()
    }

    /// `@results`, and the results of other runs.
    pub(super) fn results(&self, results: &Results) -> Value {
        let lines: Vec<_> = results.values().map(|result| format!("{}: {}", result.name, result.value)).collect();
        let results = results.iter().map(|(key, of)| (key.to_string(), result(of)));
        Object::new(results.collect::<Vec<_>>()).with_default(lines.join("\n")).into()
    }

    /// `@globals`.
    pub(super) fn globals(&self) -> Value {
        let mut lines = Vec::new();
        let globals: Vec<(String, Value)> = self
            .assets
            .globals()
            .iter()
            .map(|global| {
                lines.push(format!("{}: {}", global.name, global.value));
                (global.key.to_string(), text(&global.value))
            })
            .collect();
        lines.sort();
        Object::new(globals).with_default(lines.join("\n")).into()
    }

    /// Another run of this session.
    fn related(&self, run: &Run) -> Value {
        let contact = self.own_contact().clone();
        let urns = self.own_urns().clone();
        let flow = self.flow_value(&run.flow);
        related_value(RelatedRun {
            contact,
            fields: self.own_fields().clone(),
            flow,
            results: self.results(&run.results),
            status: run.status.name().into(),
            urns,
            uuid: id(run.uuid),
        })
    }

    /// The run of another session, by its summary.
    fn summarised(&self, summary: &RunSummary) -> Value {
        let (contact, fields, urns) = match &summary.contact {
            Some(contact) => self.other_contact(contact),
            None => Default::default(),
        };
        related_value(RelatedRun {
            contact,
            fields,
            flow: summary.flow.as_ref().map_or(Value::Null, |flow| self.flow_value(flow)),
            results: self.results(&summary.results),
            status: summary.status.map_or("", |status| status.name()).into(),
            urns,
            uuid: id(summary.uuid),
        })
    }

    fn other_contact(&self, contact: &Contact) -> (Value, Value, Value) {
        let fields = self.fields(contact);
        (self.contact_value(contact, fields.clone()), fields, self.urns(contact))
    }

    /// A flow by the name that it has now.
    fn flow_value(&self, flow: &RunFlow) -> Value {
        let now = self.assets.flow(flow.uuid).ok();
        let name = now.as_ref().map_or(&flow.name, |now| &now.name);
        let revision = i64::try_from(flow.revision).unwrap_or_default();
        let properties = [("name", text(name)), ("revision", revision.into()), ("uuid", id(flow.uuid))];
        Object::new(properties).with_default(text(name)).into()
    }
}

struct RelatedRun {
    contact: Value,
    fields: Value,
    flow: Value,
    results: Value,
    status: Value,
    urns: Value,
    uuid: Value,
}

/// A run that is not the one at work.
fn related_value(related: RelatedRun) -> Value {
    let shown = shown(&related.contact, &related.flow);
    let properties = [
        ("contact", related.contact),
        ("fields", related.fields),
        ("flow", related.flow),
        ("results", related.results),
        ("run", Object::new([("status", related.status.clone())]).into()),
        ("status", related.status),
        ("urns", related.urns),
        ("uuid", related.uuid),
    ];
    Object::new(properties).with_default(shown).into()
}

/// `Ryan Lewis@Registration`.
fn shown(contact: &Value, flow: &Value) -> String {
    format!("{}@{}", contact.to_text().unwrap_or_default(), flow.to_text().unwrap_or_default())
}

fn result(result: &RunResult) -> Value {
    let localized = if result.category_localized.is_empty() { &result.category } else { &result.category_localized };
    let extra = result.extra.as_ref().map_or(Value::Null, |extra| json(&extra.value()));
    let properties = [
        ("category", text(&result.category)),
        ("category_localized", text(localized)),
        ("created_on", instant(result.created_on)),
        ("extra", extra),
        ("input", text(&result.input)),
        ("name", text(&result.name)),
        ("node_uuid", id(result.node_uuid)),
        ("value", text(&result.value)),
    ];
    Object::new(properties).with_default(text(&result.value)).into()
}

fn step(step: &Step) -> Value {
    Object::new([("arrived_on", instant(step.arrived_on)), ("node_uuid", id(step.node_uuid))]).into()
}

/// Parsed JSON as a value; none where a number is out of range.
pub(super) fn json(json: &Json) -> Value {
    Value::from_json(json).unwrap_or_default()
}
