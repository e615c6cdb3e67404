//! `call_llm`, and `call_classifier`, which no longer works.

use std::sync::Arc;

use super::{ActionContext, ActionFlow, run::NewResult};
use crate::{
    definition::{CallClassifier, CallLlm},
    effects::{EffectAnswer, Request},
    events::{EventKind, Problem},
};

/// What the local variable holds when nothing came of the call.
const FAILED: &str = "<ERROR>";

pub(super) fn call(action: &CallLlm, context: &mut dyn ActionContext) -> ActionFlow {
    if context.assets().llm(action.llm.uuid).is_none() {
        context.missing("llm", "uuid", &action.llm.uuid.to_string(), &action.llm.name);
        context.set_local(&action.output_local, FAILED);
        return ActionFlow::Done;
    }
    let instructions = context.text_of(&action.instructions).into();
    let input = context.text_of(&action.input).into();
    ActionFlow::Effect(Request::Llm { llm: action.llm.clone(), instructions, input })
}

pub(super) fn answered(
    action: &CallLlm,
    context: &mut dyn ActionContext,
    instructions: &Arc<str>,
    input: &Arc<str>,
    answer: EffectAnswer,
) {
    let why = match answer {
        EffectAnswer::Llm(Ok(answer)) => {
            let output: Arc<str> = answer.output.into();
            let llm = context.assets().llm(action.llm.uuid);
            let llm =
                llm.map_or_else(|| action.llm.clone(), |llm| crate::refs::LlmRef::new(llm.uuid, llm.name.clone()));
            context.log(EventKind::LlmCalled {
                llm,
                instructions: instructions.clone(),
                input: input.clone(),
                output: output.clone(),
                tokens: answer.tokens,
                elapsed_ms: answer.elapsed_ms,
            });
            return context.set_local(&action.output_local, &output);
        }
        EffectAnswer::Llm(Err(why)) => why,
        _ => "unable to call LLM".to_owned(),
    };
    context.error(Problem::new(why));
    context.set_local(&action.output_local, FAILED);
}

pub(super) fn classify(action: &CallClassifier, context: &mut dyn ActionContext) -> ActionFlow {
    context.log(EventKind::Warning(Problem::new("NLU classifiers are no longer supported")));
    let input = context.text_of(&action.input);
    let (name, input) = (&*action.result_name, input.as_str());
    context.save_result(NewResult { name, value: "0", category: "Failure", input, ..NewResult::default() });
    ActionFlow::Done
}
