//! How a node chooses its way on.

mod random;
mod switch;

use std::sync::Arc;

use mhero_expr::Env;

use crate::{
    actions::ActionContext,
    definition::{Category, Flow, Node, Property, Router, RouterKind},
    session::{RawJson, RunResult},
};

/// What a router needs beyond what actions do.
pub(crate) trait RouterContext: ActionContext {
    /// The environment of expressions, as of the last template.
    fn expressions(&self) -> &Env;
}

/// The way that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Routed {
    /// The place of the exit in the node.
    pub(crate) exit: usize,
    /// What the router looked at.
    pub(crate) operand: Option<Arc<str>>,
}

/// What a router found out before it knows its exit.
struct Choice<'a> {
    category: &'a Category,
    /// What the result says.
    value: Arc<str>,
    /// What it was found in.
    operand: Arc<str>,
    extra: Option<RawJson>,
}

/// Chooses the way on and saves the result.
///
/// # Errors
/// In words for the failure that ends the run.
pub(crate) fn route(
    context: &mut dyn RouterContext,
    flow: &Flow,
    node: &Node,
    router: &Router,
    timed_out: bool,
) -> Result<Routed, String> {
    let choice = match (&router.kind, router.timeout().filter(|_| timed_out)) {
        (_, Some((_, category))) => Some(timeout(category)),
        (RouterKind::Switch { operand, cases, default_category }, None) => {
            switch::choose(context, flow, router, operand, cases, *default_category)
        }
        (RouterKind::Random, None) => random::choose(context, router),
    };
    let Some(choice) = choice else { return Err("Router failed to pick a category".to_owned()) };
    let operand = Some(choice.operand.clone());
    let exit = choice.category.exit;
    if let Some(name) = &router.result_name {
        save(context, flow, node, name, choice);
    }
    Ok(Routed { exit, operand })
}

/// Nothing came in time.
fn timeout(category: &Category) -> Choice<'_> {
    let empty: Arc<str> = "".into();
    Choice { category, value: empty.clone(), operand: empty, extra: None }
}

fn save(context: &mut dyn RouterContext, flow: &Flow, node: &Node, name: &Arc<str>, choice: Choice<'_>) {
    let languages = context.languages();
    let localized = flow.localization.find(&languages, flow.language, choice.category.uuid, Property::Name);
    let category_localized: Arc<str> =
        localized.and_then(|(_, texts)| texts.first()).map_or("", |text| text.source()).into();
    let result = RunResult {
        name: name.clone(),
        value: choice.value,
        category: choice.category.name.clone(),
        category_localized,
        node_uuid: node.uuid,
        input: choice.operand,
        extra: choice.extra,
        created_on: context.world().now(),
    };
    let limits = *context.limits();
    let now = context.world().now();
    if let Some(changed) = context.run_mut().save(result, now, &limits) {
        context.log(changed);
    }
}
