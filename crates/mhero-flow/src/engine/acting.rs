//! What the machine lends to actions.

use std::sync::Arc;

use mhero_expr::{Env, Evaluated, Rendered, Template};
use serde_json::Value as Json;
use uuid::Uuid;

use super::machine::Machine;
use crate::{
    actions::ActionContext,
    assets::Assets,
    contact::{Contact, truncated_with_dots},
    context::tell,
    definition::Flow,
    environment::Environment,
    events::{Call, EventKind},
    limits::Limits,
    modifiers::Modifier,
    routers::RouterContext,
    session::{History, Run, RunSummary, Session},
    world::World,
};

impl ActionContext for Machine<'_> {
    fn assets(&self) -> &Assets {
        self.setting.assets
    }

    fn environment(&self) -> &Environment {
        &self.environment
    }

    fn contact(&self) -> &Contact {
        &self.contact
    }

    fn session(&self) -> &Session {
        &self.session
    }

    fn run(&self) -> &Run {
        &self.session.runs[self.at]
    }

    fn run_mut(&mut self) -> &mut Run {
        self.cache.run_changed();
        &mut self.session.runs[self.at]
    }

    fn flow(&self) -> &Arc<Flow> {
        self.flow.as_ref().expect("an action is executed only where its flow is there")
    }

    fn node(&self) -> Uuid {
        self.session.runs[self.at].node().unwrap_or_default()
    }

    fn limits(&self) -> &Limits {
        &self.engine.limits
    }

    fn world(&mut self) -> &mut dyn World {
        &mut *self.world
    }

    fn call(&self) -> Option<&Call> {
        self.setting.call
    }

    fn log(&mut self, kind: EventKind) -> Uuid {
        Machine::log(self, kind)
    }

    fn change(&mut self, modifier: &Modifier) -> bool {
        let changed = self.changing(|change| modifier.apply(change));
        if changed {
            self.contact_changed();
        }
        changed
    }

    fn render(&mut self, template: &Template) -> Rendered {
        let max = self.engine.limits.template_chars;
        self.rendered(template, str::to_owned, max)
    }

    fn render_whole(&mut self, template: &Template) -> Rendered {
        self.rendered(template, str::to_owned, usize::MAX)
    }

    fn render_query(&mut self, template: &Template) -> Rendered {
        self.rendered(template, query_literal, self.engine.limits.template_chars)
    }

    fn value(&mut self, template: &Template) -> Evaluated {
        self.read_clock();
        template.value(&self.scene(), &self.expr)
    }

    fn run_summary(&self) -> Json {
        RunSummary::write(&self.session.runs[self.at], &self.contact)
    }

    fn history(&self) -> History {
        let before = self.session.trigger.history;
        let (ancestors, since_input) = before.map_or((0, 0), |before| (before.ancestors, before.ancestors_since_input));
        let since_input = if self.session.input.is_some() { 0 } else { since_input.saturating_add(1) };
        History {
            parent_uuid: self.session.uuid,
            ancestors: ancestors.saturating_add(1),
            ancestors_since_input: since_input,
        }
    }
}

impl RouterContext for Machine<'_> {
    fn expressions(&self) -> &Env {
        &self.expr
    }
}

impl Machine<'_> {
    /// The text of a template, with events for what failed.
    pub(super) fn text(&mut self, template: &Template) -> String {
        let rendered = self.render(template);
        tell(self, &rendered.problems, &rendered.warnings);
        rendered.text
    }

    /// Expressions see this instant, unless they have a clock of their own.
    fn read_clock(&mut self) {
        if self.expr.clock.is_none() {
            self.expr.now = self.world.now();
        }
    }

    fn rendered(&mut self, template: &Template, escape: impl Fn(&str) -> String, max: usize) -> Rendered {
        if !template.is_plain() {
            self.read_clock();
        }
        let mut rendered = template.render_escaped(&self.scene(), &self.expr, escape);
        if rendered.text.len() > max {
            rendered.text = truncated_with_dots(&rendered.text, max).to_string();
        }
        rendered
    }
}

/// A value as a literal of the query language.
fn query_literal(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}
