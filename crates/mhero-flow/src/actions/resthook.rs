//! `call_resthook`

use std::sync::{Arc, LazyLock};

use mhero_expr::{Template, TopLevels};
use serde_json::Value as Json;

use super::{
    ActionContext, ActionFlow,
    run::NewResult,
    webhook::{FAILURE, log_call, one_of, save},
};
use crate::{
    definition::CallResthook,
    effects::{EffectAnswer, HttpCall, Request},
    events::{CallStatus, EventKind},
};

/// What subscribers of resthooks get.
static PAYLOAD: LazyLock<Template> = LazyLock::new(|| Template::parse_any(RESTHOOK_PAYLOAD, &TopLevels::flow()));

/// The template of what subscribers of resthooks get.
pub const RESTHOOK_PAYLOAD: &str = r#"@(json(object(
    "contact", object("uuid", contact.uuid, "name", contact.name, "urn", contact.urn, "language", contact.language),
    "flow", object("uuid", run.flow.uuid, "name", run.flow.name, "revision", run.flow.revision),
    "path", run.path,
    "results", foreach_value(results, extract_object, "name", "value", "category", "category_localized", "input", "node_uuid", "created_on"),
    "run", object("uuid", run.uuid, "created_on", run.created_on),
    "input", if(input, object(
        "type", input.type,
        "uuid", input.uuid,
        "created_on", input.created_on,
        "text", input.text,
        "attachments", foreach(input.attachments, attachment_parts),
        "channel", input.channel,
        "urn", if(input.urn, object(
            "scheme", urn_parts(input.urn).scheme,
            "path", urn_parts(input.urn).path,
            "display", format_urn(input.urn)
        ), null)
    ), null),
    "channel", if(input, input.channel, null)
)))"#;

/// The value of the result when nobody subscribes.
const NO_SUBSCRIBERS: &str = "no subscribers";

pub(super) fn call(action: &CallResthook, context: &mut dyn ActionContext) -> ActionFlow {
    let Some(resthook) = context.assets().resthook(&action.resthook).cloned() else { return ActionFlow::Done };
    let rendered = context.render_whole(&PAYLOAD);
    let body: Arc<str> = context.told(rendered).text.into();
    let payload: Json = serde_json::from_str(&body).unwrap_or_default();
    context.log(EventKind::ResthookCalled { resthook: resthook.slug.clone(), payload: Arc::new(payload) });
    if resthook.subscribers.is_empty() {
        nobody(action, context);
        return ActionFlow::Done;
    }
    let calls = resthook.subscribers.iter().map(|url| HttpCall {
        method: "POST".into(),
        url: url.clone(),
        headers: vec![("Content-Type".into(), "application/json".into())],
        body: body.clone(),
    });
    ActionFlow::Effect(Request::Http { calls: calls.collect(), resthook: Some(resthook.slug) })
}

/// Writes down what each subscriber answered. The result is that of the last failure, else of the last success; one who wants
/// no more is neither.
pub(super) fn answered(
    action: &CallResthook,
    context: &mut dyn ActionContext,
    calls: &[HttpCall],
    answer: EffectAnswer,
) {
    let mut answers = one_of(answer).into_iter();
    let (mut success, mut failure) = (None, None);
    for call in calls {
        let answer = answers.next().unwrap_or_default();
        let outcome = log_call(context, call, &answer, Some(&action.resthook));
        match outcome.status {
            CallStatus::Success => success = Some((call, answer, outcome)),
            CallStatus::SubscriberGone => {}
            _ => failure = Some((call, answer, outcome)),
        }
    }
    let Some((call, answer, outcome)) = failure.or(success) else { return nobody(action, context) };
    context.run_mut().webhook = Some(Arc::new(outcome.webhook(call, &answer)));
    if let Some(name) = &action.result_name {
        save(context, name, call, &outcome);
    }
}

fn nobody(action: &CallResthook, context: &mut dyn ActionContext) {
    if let Some(name) = &action.result_name {
        context.save_result(NewResult { name, value: NO_SUBSCRIBERS, category: FAILURE, ..NewResult::default() });
    }
}
