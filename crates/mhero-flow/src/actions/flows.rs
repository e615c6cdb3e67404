//! Actions that start flows, here or for others.

use std::sync::Arc;

use super::{ActionContext, ActionFlow, recipients};
use crate::{
    definition::{EnterFlow, FlowKind, StartSession},
    events::{EventKind, Problem},
};

/// `enter_flow`. A flow of another type can't be entered, but one that runs in the background can.
pub(super) fn enter(action: &EnterFlow, context: &mut dyn ActionContext) -> ActionFlow {
    let Ok(flow) = context.assets().flow(action.flow.uuid) else {
        return ActionFlow::Fail(format!("Unable to find flow '{}'", action.flow.name));
    };
    let own = context.session().kind;
    let fits = flow.kind == own || (flow.kind == FlowKind::MessagingBackground && own == FlowKind::Messaging);
    if !fits {
        let (uuid, name) = (flow.uuid, &flow.name);
        let (kind, own) = (flow.kind.word(), own.word());
        return ActionFlow::Fail(format!("Can't enter flow[uuid={uuid},name={name}] of type {kind} from type {own}"));
    }
    ActionFlow::PushFlow { flow, terminal: action.terminal }
}

/// `start_session`. Sessions that start sessions without anybody having written come to an end.
pub(super) fn start(action: &StartSession, context: &mut dyn ActionContext) {
    let to = recipients::resolve(&action.recipients, context);
    let Ok(flow) = context.assets().flow(action.flow.uuid) else {
        return context.missing("flow", "uuid", &action.flow.uuid.to_string(), &action.flow.name);
    };
    if context.session().trigger.batch && !to.groups.is_empty() {
        return context.error(Problem::new("Can't start new sessions for groups during batch starts"));
    }
    let history = context.history();
    let before = context.session().trigger.history.map_or(0, |history| history.ancestors_since_input);
    if before >= context.limits().ancestors_since_input && context.session().input.is_none() {
        let text = "Too many sessions have been spawned since the last time input was received";
        return context.error(Problem::new(text));
    }
    if to.is_empty() && !action.create_contact {
        return;
    }
    let run_summary = Arc::new(context.run_summary());
    context.log(EventKind::SessionTriggered {
        flow: flow.reference(),
        groups: to.groups,
        contacts: to.contacts,
        contact_query: to.contact_query,
        exclusions: action.exclusions,
        create_contact: action.create_contact,
        urns: to.urns,
        run_summary,
        history,
    });
}
