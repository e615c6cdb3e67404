//! What an action can see and do, given by the engine.

use std::sync::Arc;

use mhero_expr::{Evaluated, Rendered, Template};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    assets::Assets,
    contact::Contact,
    definition::Flow,
    effects::Request,
    environment::Environment,
    events::{Call, EventKind},
    limits::Limits,
    modifiers::Modifier,
    session::{History, Run, Session},
    world::World,
};

/// How the node goes on after an action.
#[derive(Clone, Debug)]
pub enum ActionFlow {
    /// To the next action.
    Done,
    /// Into another flow, once the remaining actions are done.
    PushFlow {
        /// The flow, which is there and of a type that may be entered.
        flow: Arc<Flow>,
        /// Whether all runs end before it.
        terminal: bool,
    },
    /// It waits for an outside call, and [`super::answered`] goes on.
    Effect(Request),
    /// The run ends; the reason becomes a `failure` event.
    Fail(String),
}

/// A session at work on an action. The engine owns the loop and lends this out.
pub trait ActionContext {
    /// Everything that flows refer to.
    fn assets(&self) -> &Assets;
    /// The environment as the contact sees it.
    fn environment(&self) -> &Environment;
    /// The contact as it now is.
    fn contact(&self) -> &Contact;
    /// The session.
    fn session(&self) -> &Session;
    /// The run.
    fn run(&self) -> &Run;
    /// The run, to set its locals, results and web hook.
    fn run_mut(&mut self) -> &mut Run;
    /// The flow of the run.
    fn flow(&self) -> &Arc<Flow>;
    /// The node that the run stands at.
    fn node(&self) -> Uuid;
    /// The limits.
    fn limits(&self) -> &Limits;
    /// Time, ids and chance.
    fn world(&mut self) -> &mut dyn World;
    /// The phone call that the session runs in.
    fn call(&self) -> Option<&Call>;

    /// Writes an event down, and gives its id.
    fn log(&mut self, kind: EventKind) -> Uuid;
    /// Changes the contact, writes down the events of it, and forgets what was built of the contact for expressions. Tells
    /// whether anything changed.
    fn change(&mut self, modifier: &Modifier) -> bool;

    /// The text of a template in the context of the run, cut at the limit, and what failed. No events are written.
    fn render(&mut self, template: &Template) -> Rendered;
    /// As [`ActionContext::render`], but never cut.
    fn render_whole(&mut self, template: &Template) -> Rendered;
    /// As [`ActionContext::render`], with each result of an expression written as a literal of the query language.
    fn render_query(&mut self, template: &Template) -> Rendered;
    /// The value of a template.
    fn value(&mut self, template: &Template) -> Evaluated;

    /// The summary of the run for a session that it starts: run, flow, contact, results.
    fn run_summary(&self) -> Json;
    /// The history of a session that the run starts.
    fn history(&self) -> History;
    /// The languages to look for translations in: the contact's own where it is allowed, then the installation's default.
    fn languages(&self) -> Vec<mhero_core::Lang> {
        self.environment().preferred_languages()
    }
}
