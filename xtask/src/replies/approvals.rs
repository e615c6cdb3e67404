//! Contexts in which something waits for a yes or no, or a word wants a code.

use std::collections::BTreeMap;

use mhero_text::reply::{
    ApprovalAnswer, ApprovalField, ApprovalProblem, ApprovalSituation, ApprovalVerbs, PendingItem, masked,
    read_approval, read_pin,
};
use serde_json::{Value, json};

use super::case::Produced;

/// What such a context asks.
pub enum Asks {
    /// A yes or no about things that wait.
    Approval { verbs: ApprovalVerbs, pending: Vec<(String, Option<usize>)>, known: Vec<String>, was_asked: bool },
    /// A code after a word.
    Pin { words: Vec<String>, digits: usize },
}

impl Asks {
    /// What a context asks; `None` for one of another kind.
    pub fn read(context: &Value) -> Option<Self> {
        let texts = |list: &Value| -> Vec<String> {
            list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
        };
        match context["kind"].as_str()? {
            "approval" => {
                let pending = context["pending"].as_array().into_iter().flatten().filter_map(|pending| {
                    let digits = pending["code_length"].as_u64().and_then(|digits| usize::try_from(digits).ok());
                    Some((pending["item"].as_str()?.to_owned(), digits))
                });
                Some(Self::Approval {
                    verbs: ApprovalVerbs::new(
                        &texts(&context["verbs"]["approve"]),
                        &texts(&context["verbs"]["reject"]),
                    ),
                    pending: pending.collect(),
                    known: texts(&context["known_items"]),
                    was_asked: context["last_sent"].is_string(),
                })
            }
            "lab_pin" => Some(Self::Pin {
                words: texts(&context["trigger"]),
                digits: usize::try_from(context["pin_length"].as_u64()?).ok()?,
            }),
            _ => None,
        }
    }

    /// What the engine makes of a text; `None` where it is no answer.
    pub fn understand(&self, text: &str) -> Option<Produced> {
        match self {
            Self::Approval { verbs, pending, known, was_asked } => {
                let waiting: Vec<PendingItem<'_>> =
                    pending.iter().map(|(item, digits)| PendingItem { item, code_digits: *digits }).collect();
                let others: Vec<&str> = known.iter().map(String::as_str).collect();
                let situation = ApprovalSituation {
                    verbs,
                    pending: &waiting,
                    others: &others,
                    was_asked: *was_asked,
                    code_is_enough: false,
                };
                let open: Vec<&str> = others.iter().copied().chain(waiting.iter().map(|one| one.item)).collect();
                let answer = read_approval(text, &situation)?;
                Some(Produced { shown: masked(text, &open), ..decided(answer) })
            }
            Self::Pin { words, digits } => {
                let answer = read_pin(text, words, *digits)?;
                let action = ("action".to_owned(), json!("lab_read"));
                let (kind, values, asked) = match answer.pin {
                    Ok(pin) => ("understood", vec![action, ("pin".to_owned(), json!(pin))], BTreeMap::new()),
                    Err(why) => ("ask", vec![action], BTreeMap::from([("pin".to_owned(), word(why))])),
                };
                let (values, shown) = (values.into_iter().collect(), masked(text, &[]));
                Some(Produced { kind, values, asked, forward: answer.forward, shown })
            }
        }
    }
}

fn decided(answer: ApprovalAnswer) -> Produced {
    if answer.is_refused {
        let asked = BTreeMap::from([("sender".to_owned(), "not_allowed")]);
        return Produced { kind: "refused", asked, forward: answer.forward, ..Produced::default() };
    }
    let action = answer.approve.map(|yes| if yes { "approve" } else { "reject" });
    let values = [("action", action.map(str::to_owned)), ("item", answer.item), ("code", answer.code)];
    let values = values.into_iter().filter_map(|(field, value)| Some((field.to_owned(), json!(value?)))).collect();
    let field = |field| match field {
        ApprovalField::Action => "action".to_owned(),
        ApprovalField::Item => "item".to_owned(),
        ApprovalField::Code => "code".to_owned(),
    };
    let asked: BTreeMap<_, _> = answer.asked.into_iter().map(|(what, why)| (field(what), word(why))).collect();
    let kind = if asked.is_empty() { "understood" } else { "ask" };
    Produced { kind, values, asked, forward: answer.forward, ..Produced::default() }
}

const fn word(problem: ApprovalProblem) -> &'static str {
    match problem {
        ApprovalProblem::Missing => "missing",
        ApprovalProblem::Ambiguous => "ambiguous",
        ApprovalProblem::Unknown => "unknown_code",
        ApprovalProblem::WrongLength => "wrong_length",
        ApprovalProblem::NeedsConfirmation => "needs_confirmation",
    }
}
