//! What expressions see of a session: `@contact`, `@results`, `@parent` and the others.
//!
//! Each top-level value is built when a template first names it and kept until what it shows changes, so that a template costs
//! a look-up and no more.

mod contact;
mod legacy;
mod run;
mod trigger;

use std::{cell::OnceCell, sync::Arc};

use mhero_expr::{Context, Value};

use crate::{
    actions::ActionContext,
    assets::Assets,
    contact::Contact,
    definition::Flow,
    environment::Environment,
    events::{EventKind, Problem},
    resumes::Resume,
    session::{Run, Session},
};

/// The values built so far in a sprint.
#[derive(Default)]
pub(crate) struct Cache {
    contact: OnceCell<Value>,
    fields: OnceCell<Value>,
    urns: OnceCell<Value>,
    ticket: OnceCell<Value>,
    results: OnceCell<Value>,
    locals: OnceCell<Value>,
    run: OnceCell<Value>,
    child: OnceCell<Value>,
    parent: OnceCell<Value>,
    webhook: OnceCell<Value>,
    node: OnceCell<Value>,
    legacy_extra: OnceCell<Value>,
    input: OnceCell<Value>,
    globals: OnceCell<Value>,
    trigger: OnceCell<Value>,
    resume: OnceCell<Value>,
}

impl Cache {
    /// Forgets what shows the contact.
    pub(crate) fn contact_changed(&mut self) {
        self.contact.take();
        self.fields.take();
        self.urns.take();
        self.ticket.take();
        self.run.take();
        self.child.take();
        self.parent.take();
    }

    /// Forgets what shows the run.
    pub(crate) fn run_changed(&mut self) {
        self.results.take();
        self.locals.take();
        self.run.take();
        self.webhook.take();
        self.node.take();
        self.legacy_extra.take();
    }

    /// Forgets what shows where the run stands.
    pub(crate) fn node_changed(&mut self) {
        self.run.take();
        self.node.take();
    }

    /// Forgets what differs from run to run.
    pub(crate) fn run_switched(&mut self) {
        self.run_changed();
        self.child.take();
        self.parent.take();
    }

    /// Forgets the environment's part in everything.
    pub(crate) fn environment_changed(&mut self) {
        *self = Self::default();
    }
}

/// A session seen from one of its runs.
pub(crate) struct Scene<'a> {
    pub(crate) assets: &'a Assets,
    pub(crate) environment: &'a Environment,
    pub(crate) session: &'a Session,
    pub(crate) contact: &'a Contact,
    pub(crate) run: &'a Run,
    pub(crate) flow: Option<&'a Flow>,
    pub(crate) resume: Option<&'a Arc<Resume>>,
    pub(crate) cache: &'a Cache,
}

impl Context for Scene<'_> {
    fn property(&self, name: &str) -> Option<Value> {
        let cache = self.cache;
        let value = match name {
            "contact" => self.own_contact(),
            "fields" => self.own_fields(),
            "urns" => self.own_urns(),
            "results" => cache.results.get_or_init(|| self.results(&self.run.results)),
            "locals" => cache.locals.get_or_init(|| self.locals()),
            "input" => cache.input.get_or_init(|| self.input()),
            "run" => cache.run.get_or_init(|| self.run_value()),
            "child" => cache.child.get_or_init(|| self.child()),
            "parent" => cache.parent.get_or_init(|| self.parent()),
            "ticket" => cache.ticket.get_or_init(|| self.open_ticket()),
            "webhook" => cache.webhook.get_or_init(|| self.webhook()),
            "node" => cache.node.get_or_init(|| self.node()),
            "globals" => cache.globals.get_or_init(|| self.globals()),
            "trigger" => cache.trigger.get_or_init(|| self.trigger()),
            "resume" => cache.resume.get_or_init(|| self.resume()),
            "legacy_extra" => cache.legacy_extra.get_or_init(|| self.legacy_extra()),
            _ => return None,
        };
        Some(value.clone())
    }

    fn note(&self, name: &str) -> Option<Arc<str>> {
        (name == "legacy_extra").then(|| "@legacy_extra is deprecated".into())
    }
}

impl Scene<'_> {
    /// `@contact`.
    pub(crate) fn own_contact(&self) -> &Value {
        self.cache.contact.get_or_init(|| self.contact_value(self.contact, self.own_fields().clone()))
    }

    /// `@fields`.
    pub(crate) fn own_fields(&self) -> &Value {
        self.cache.fields.get_or_init(|| self.fields(self.contact))
    }

    /// `@urns`.
    pub(crate) fn own_urns(&self) -> &Value {
        self.cache.urns.get_or_init(|| self.urns(self.contact))
    }
}

/// A shared text as a value.
fn text(text: &Arc<str>) -> Value {
    Value::Text(Arc::clone(text))
}

/// Writes down what failed in a template, and what it uses that is deprecated.
pub(crate) fn tell(context: &mut dyn ActionContext, problems: &[mhero_expr::Problem], warnings: &[Arc<str>]) {
    for text in warnings {
        context.log(EventKind::Warning(Problem::coded(Arc::clone(text), "context:deprecated")));
    }
    for problem in problems {
        let text = format!("Error evaluating expression: {}", problem.error);
        let problem = Problem::coded(text, "expression").with("expression", problem.expression.as_str());
        context.log(EventKind::Error(problem));
    }
}
