//! What each action does.

mod airtime;
mod broadcast;
mod contact;
mod content;
mod context;
mod email;
mod flows;
mod groups;
mod llm;
mod message;
mod recipients;
mod resthook;
mod run;
mod templating;
mod texts;
mod ticket;
mod voice;
mod webhook;

pub use content::{broadcast_content, locale_of};
pub use context::{ActionContext, ActionFlow};
pub use resthook::RESTHOOK_PAYLOAD;
pub use templating::{preview, templating};
pub use webhook::{is_blocked_host, is_blocked_url, request_dump};

use crate::{
    definition::{Action, ActionKind},
    effects::{EffectAnswer, Request},
    events::{EventKind, Problem},
};

/// Performs an action, up to the outside call if it makes one.
pub fn execute(action: &Action, context: &mut dyn ActionContext) -> ActionFlow {
    match &action.kind {
        ActionKind::AddContactGroups(it) => groups::add(it, context),
        ActionKind::AddContactUrn(it) => contact::add_urn(it, context),
        ActionKind::AddInputLabels(it) => groups::label(it, context),
        ActionKind::CallClassifier(it) => return llm::classify(it, context),
        ActionKind::CallLlm(it) => return llm::call(it, context),
        ActionKind::CallResthook(it) => return resthook::call(it, context),
        ActionKind::CallWebhook(it) => return webhook::call(it, context),
        ActionKind::EnterFlow(it) => return flows::enter(it, context),
        ActionKind::OpenTicket(it) => ticket::open(it, context),
        ActionKind::PlayAudio(it) => voice::play(action.uuid, it, context),
        ActionKind::RemoveContactGroups(it) => groups::remove(it, context),
        ActionKind::RequestOptin(_) => {
            let text = "opt-in requests are no longer supported";
            context.log(EventKind::Error(Problem::coded(text, "action:unsupported")));
        }
        ActionKind::SayMsg(it) => voice::say(action.uuid, it, context),
        ActionKind::SendBroadcast(it) => broadcast::send(action.uuid, it, context),
        ActionKind::SendEmail(it) => return email::send(action.uuid, it, context),
        ActionKind::SendMsg(it) => message::send(action.uuid, it, context),
        ActionKind::SetContactChannel(it) => contact::set_channel(it, context),
        ActionKind::SetContactField(it) => contact::set_field(it, context),
        ActionKind::SetContactLanguage(it) => contact::set_language(it, context),
        ActionKind::SetContactName(it) => contact::set_name(it, context),
        ActionKind::SetContactStatus(it) => contact::set_status(it, context),
        ActionKind::SetContactTimezone(it) => contact::set_timezone(it, context),
        ActionKind::SetRunLocal(it) => run::set_local(it, context),
        ActionKind::SetRunResult(it) => run::set_result(action.uuid, it, context),
        ActionKind::StartSession(it) => flows::start(it, context),
        ActionKind::TransferAirtime(it) => return airtime::transfer(it, context),
    }
    ActionFlow::Done
}

/// The second half of an action that asked for an outside call: writes down what came of it.
pub fn answered(
    action: &Action,
    context: &mut dyn ActionContext,
    request: &Request,
    answer: EffectAnswer,
) -> ActionFlow {
    match (&action.kind, request) {
        (ActionKind::CallLlm(it), Request::Llm { instructions, input, .. }) => {
            llm::answered(it, context, instructions, input, answer);
        }
        (ActionKind::CallResthook(it), Request::Http { calls, .. }) => resthook::answered(it, context, calls, answer),
        (ActionKind::CallWebhook(it), Request::Http { calls, .. }) => webhook::answered(it, context, calls, answer),
        (ActionKind::SendEmail(_), Request::Email { to, subject, body }) => {
            email::answered(context, to, subject, body, answer);
        }
        (ActionKind::TransferAirtime(_), Request::Airtime { sender, recipient, .. }) => {
            airtime::answered(context, sender.as_ref(), recipient, answer);
        }
        // The definition was changed while the call was under way.
        _ => context.error(Problem::new("The answer of an outside call belongs to no action")),
    }
    ActionFlow::Done
}
