//! Routers that try one case after the other.

use std::sync::Arc;

use mhero_expr::{Match, RouterTest, Template, Value};

use super::{Choice, RouterContext};
use crate::{
    context::tell,
    definition::{Case, Flow, Property, Router, Text},
    events::{EventKind, Problem},
    session::RawJson,
};

/// The category of the first case that matches, else the default.
pub(super) fn choose<'a>(
    context: &mut dyn RouterContext,
    flow: &Flow,
    router: &'a Router,
    operand: &Template,
    cases: &'a [Case],
    default_category: Option<usize>,
) -> Option<Choice<'a>> {
    let operand = evaluate(context, operand);
    let shown: Arc<str> = operand.to_text().unwrap_or_default().into();
    for case in cases {
        let Some(found) = matched(context, flow, case, &operand) else { continue };
        return Some(Choice {
            category: router.categories.get(case.category)?,
            value: found.value.to_text().unwrap_or_default().into(),
            operand: shown,
            extra: found.extra.and_then(|extra| RawJson::parse(&Value::Object(extra).to_json().ok()?)),
        });
    }
    let category = router.categories.get(default_category?)?;
    Some(Choice { category, value: shown.clone(), operand: shown, extra: None })
}

/// What a case's test finds in the operand. A test that fails is an error event, and matches nothing.
fn matched(context: &mut dyn RouterContext, flow: &Flow, case: &Case, operand: &Value) -> Option<Match> {
    let languages = context.languages();
    let translated = flow.localization.find(&languages, flow.language, case.uuid, Property::Arguments);
    let arguments: &[Text] = translated.map_or(&case.arguments, |(_, texts)| texts);
    let arguments: Vec<Value> = arguments.iter().map(|argument| evaluate(context, argument)).collect();
    let test = RouterTest::named(&case.test)?;
    let outcome = test.run(context.expressions(), operand, &arguments);
    // An operand that failed was told of already.
    if let Value::Error(error) = &outcome
        && !matches!(operand, Value::Error(_))
    {
        context.log(EventKind::Error(Problem::new(error.to_string())));
    }
    Match::of(&outcome)
}

/// The value of a template, with events for what failed. A value that failed stays an error, which `has_error` looks for.
fn evaluate(context: &mut dyn RouterContext, template: &Template) -> Value {
    let evaluated = context.value(template);
    tell(context, &evaluated.problems, &evaluated.warnings);
    evaluated.value
}
