//! Templates: what they give, what fails, what they read.

use mhero_expr::{Object, Rendered, Template, TopLevels};
use serde_json::Value as Json;

use crate::typed::{NOW, Outcome, env, is, list, object, same, text};

fn parsed(template: &str, context: &Object) -> Result<Template, String> {
    let names = TopLevels::new(context.iter().map(|(name, _)| name));
    Template::parse(template, &names).map_err(|e| e.to_string())
}

fn problems(rendered: &Rendered) -> String {
    rendered.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn gives(context: &Json, table: &Json, case: &Json, escape: fn(&str) -> String) -> Outcome {
    let context = object(context);
    let template = parsed(text(case, "template"), &context)?;
    same(template.source(), text(case, "template"))?;
    let rendered = template.render_escaped(&context, &env(&table["env"], NOW), escape);
    same(rendered.text.as_str(), text(case, "output"))?;
    same(problems(&rendered).as_str(), text(case, "error"))?;
    let wanted: Vec<&str> = list(&case["warnings"]).iter().filter_map(Json::as_str).collect();
    let got: Vec<&str> = rendered.warnings.iter().map(|warning| &**warning).collect();
    if case["warnings"].is_null() { Ok(()) } else { same(got, wanted) }
}

pub(super) fn parse_template(table: &Json, case: &Json) -> Outcome {
    gives(&table["contexts"][text(case, "context")], table, case, str::to_owned)
}

pub(super) fn parse_template_escaped(table: &Json, case: &Json) -> Outcome {
    gives(&table["context"], table, case, |text| text.replace('"', "\\\""))
}

pub(super) fn fixture_templates(table: &Json, case: &Json) -> Outcome {
    gives(&table["context"], table, case, str::to_owned)
}

fn rendered(table: &Json, case: &Json) -> Result<Rendered, String> {
    let context = object(&table["context"]);
    Ok(parsed(text(case, "template"), &context)?.render(&context, &env(&table["env"], NOW)))
}

pub(super) fn evaluation_errors(table: &Json, case: &Json) -> Outcome {
    let rendered = rendered(table, case)?;
    same(rendered.text.as_str(), "")?;
    same(problems(&rendered).as_str(), text(case, "errorMsg"))
}

pub(super) fn template_text(table: &Json, case: &Json) -> Outcome {
    let rendered = rendered(table, case)?;
    if case["hasError"].as_bool() == Some(true) {
        return same(!rendered.problems.is_empty(), true);
    }
    same(problems(&rendered).as_str(), "")?;
    same(rendered.text.as_str(), text(case, "expected"))
}

pub(super) fn template_value(table: &Json, case: &Json) -> Outcome {
    let context = object(&table["context"]);
    let evaluated = parsed(text(case, "template"), &context)?.value(&context, &env(&table["env"], NOW));
    is(&evaluated.value, &case["expected"])
}

pub(super) fn evaluation_budget(table: &Json, case: &Json) -> Outcome {
    let problems = problems(&rendered(table, case)?);
    if case["within_budget"].as_bool() == Some(true) {
        return same(problems.as_str(), "");
    }
    same(problems.contains("expression is too complex to evaluate"), true)
}

fn with_names(table: &Json, case: &Json) -> Result<Template, String> {
    let names = TopLevels::new(list(&table["top_levels"]).iter().filter_map(Json::as_str));
    Template::parse(text(case, "template"), &names).map_err(|e| e.to_string())
}

fn has_syntax_error(template: &Template) -> bool {
    template.faults(&TopLevels::flow()).iter().any(|p| matches!(p.error, mhero_expr::ExprError::Syntax { .. }))
}

pub(super) fn context_refs(table: &Json, case: &Json) -> Outcome {
    let template = with_names(table, case)?;
    let path = |path: &Json| list(path).iter().filter_map(Json::as_str).collect::<Vec<_>>().join(".");
    let wanted: Vec<String> = list(&case["paths"]).iter().map(path).collect();
    let got: Vec<String> = template.paths().iter().map(ToString::to_string).collect();
    same(Some(has_syntax_error(&template)), case["hasError"].as_bool())?;
    same(got, wanted)
}

pub(super) fn context_rename(table: &Json, case: &Json) -> Outcome {
    let renamed = with_names(table, case)?.renamed(text(case, "from"), text(case, "to"));
    same(renamed.as_str(), text(case, "expected"))
}

pub(super) fn refactor(table: &Json, case: &Json) -> Outcome {
    let template = with_names(table, case)?;
    same(Some(has_syntax_error(&template)), case["hasError"].as_bool())?;
    same(template.canonical().as_str(), text(case, "refactored"))
}
