//! The expression language.

mod examples;
mod language;
mod templates;
mod values;

use std::path::Path;

use crate::{
    Tally,
    pack::json_files,
    table::{Run, count_wording, run_table},
};

const TABLES: &[(&str, Run)] = &[
    ("compare", values::compare),
    ("context_refs", templates::context_refs),
    ("context_rename", templates::context_rename),
    ("decimal_range", values::decimal_range),
    ("equals", values::equals),
    ("evaluation_budget", templates::evaluation_budget),
    ("evaluation_errors", templates::evaluation_errors),
    ("expression_printing", language::expression_printing),
    ("fixture_templates", templates::fixture_templates),
    ("functions", values::functions),
    ("json_resolve", values::json_resolve),
    ("number_arithmetic", values::number_arithmetic),
    ("number_format", values::number_format),
    ("operators", values::operators),
    ("parse_template", templates::parse_template),
    ("parse_template_escaped", templates::parse_template_escaped),
    ("parse_trees", language::parse_trees),
    ("refactor", templates::refactor),
    ("scanner", language::scanner),
    ("template_text", templates::template_text),
    ("template_value", templates::template_value),
    ("to_array", values::to_array),
    ("to_date", values::to_date),
    ("to_datetime", values::to_datetime),
    ("to_number", values::to_number),
    ("to_object", values::to_object),
    ("to_time", values::to_time),
    ("type_conversions", values::type_conversions),
];

/// Runs the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    for file in json_files(dir) {
        let name = file.trim_end_matches(".json");
        match TABLES.iter().find(|(table, _)| *table == name) {
            Some((_, run)) => {
                run_table(dir, tally, &file, *run);
                if name == "functions" {
                    count_wording(dir, tally, &file, values::wording);
                }
            }
            None if name == "documented_examples" => examples::documented_examples(dir, tally, &file),
            None if name == "context_types" => examples::context_types(dir, tally, &file),
            None => tally.case(&file, "file", Err("no runner knows this file".to_owned())),
        }
    }
}
