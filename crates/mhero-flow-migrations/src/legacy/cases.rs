//! The tests of rules, which are the cases of routers now.

use serde_json::Value as Json;

use super::{
    expression::{TemplateOptions, migrate_template},
    scope::{Scope, cut, malformed, template},
    texts::{Texts, scalar},
};
use crate::{
    MigrationError,
    shape::{Map, text},
};

/// What a rule tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Test {
    /// The case, unless the rule only names a category.
    pub(super) case: Option<Case>,
    /// Whether the category of the rule is the one when no case is true.
    pub(super) is_default: bool,
    /// After how many seconds without an answer the rule is taken.
    pub(super) timeout: Option<u64>,
}

/// A case of a router.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Case {
    /// Its type: `has_any_word`.
    pub(super) kind: &'static str,
    /// Its arguments.
    pub(super) arguments: Vec<Texts>,
    /// What the editor shows in place of the argument, for a date that many days from today.
    pub(super) shown: Option<String>,
}

/// Tests that have a counterpart, with the properties that are its arguments.
const TESTS: &[(&str, &str, &[&str])] = &[
    ("between", "has_number_between", &["min", "max"]),
    ("contains", "has_all_words", &["test"]),
    ("contains_any", "has_any_word", &["test"]),
    ("contains_only_phrase", "has_only_phrase", &["test"]),
    ("contains_phrase", "has_phrase", &["test"]),
    ("date", "has_date", &[]),
    ("eq", "has_number_eq", &["test"]),
    ("gt", "has_number_gt", &["test"]),
    ("gte", "has_number_gte", &["test"]),
    ("has_email", "has_email", &[]),
    ("lt", "has_number_lt", &["test"]),
    ("lte", "has_number_lte", &["test"]),
    ("not_empty", "has_text", &[]),
    ("number", "has_number", &[]),
    ("phone", "has_phone", &[]),
    ("regex", "has_pattern", &["test"]),
    ("starts", "has_beginning", &["test"]),
    ("state", "has_state", &[]),
];

/// Tests of dates, whose argument is a date and not its text.
const DATE_TESTS: &[(&str, &str)] =
    &[("date_after", "has_date_gt"), ("date_before", "has_date_lt"), ("date_equal", "has_date_eq")];

/// Tests of places within others, which may be left out.
const PLACE_TESTS: &[(&str, &str, &[&str])] =
    &[("district", "has_district", &["test"]), ("ward", "has_ward", &["district", "state"])];

/// The test of a rule. `at` names the rule.
pub(super) fn read(test: &Map, scope: &Scope<'_>, at: &str) -> Result<Test, MigrationError> {
    let name = text(test, "type");
    let word = |word: &str| Texts { base: word.to_owned(), ..Texts::default() };
    let case = |kind, arguments| Test { case: Some(Case { kind, arguments, shown: None }), ..Test::default() };
    if let Some((_, kind, keys)) = TESTS.iter().find(|(test, ..)| *test == name) {
        return Ok(case(kind, keys.iter().map(|key| scope.template(test, key)).collect()));
    }
    if let Some((_, kind)) = DATE_TESTS.iter().find(|(test, _)| *test == name) {
        return Ok(Test { case: Some(date(kind, test, scope)), ..Test::default() });
    }
    if let Some((_, kind, keys)) = PLACE_TESTS.iter().find(|(test, ..)| *test == name) {
        let given = keys.iter().filter(|key| test.get(**key).is_some_and(|place| !scalar(place).is_empty()));
        return Ok(case(kind, given.map(|key| scope.template(test, key)).collect()));
    }
    Ok(match name {
        "true" => Test { is_default: true, ..Test::default() },
        "timeout" => Test { timeout: Some(seconds(test, at)?), ..Test::default() },
        // A session of USSD that broke off: there is nothing left that ends so.
        "interrupted_status" => Test::default(),
        "in_group" => case("has_group", group(test.get("test"))),
        "subflow" => case("has_only_text", vec![word(text(test, "exit_type"))]),
        "webhook_status" => match text(test, "status") {
            "success" => case("has_only_text", vec![word("Success")]),
            _ => Test { is_default: true, ..case("has_only_text", vec![word("Failure")]) },
        },
        "airtime_status" => match text(test, "exit_status") {
            "success" => case("has_category", vec![word("Success")]),
            _ => Test { is_default: true, ..Test::default() },
        },
        other => return Err(malformed(at, "test", format!("there is no test {:?}", cut(other)))),
    })
}

fn date(kind: &'static str, test: &Map, scope: &Scope<'_>) -> Case {
    let raw = scope.texts(test.get("test"));
    let shown = days_from_today(&raw.base);
    let options = TemplateOptions { raw_dates: true, ..TemplateOptions::default() };
    Case { kind, arguments: vec![raw.map(|text| migrate_template(text, options))], shown }
}

/// The days in `@(date.today + -10)`, the form in which the editor wrote relative dates.
fn days_from_today(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix("@(")?.strip_suffix(')')?.trim().to_lowercase();
    let days = inner.strip_prefix("date.today")?.trim_start();
    let (sign, days) = match days.strip_prefix('+') {
        Some(days) => (1, days),
        None => (-1, days.strip_prefix('-')?),
    };
    let days: i32 = days.trim().parse().ok()?;
    Some((sign * i64::from(days)).to_string())
}

fn seconds(test: &Map, at: &str) -> Result<u64, MigrationError> {
    let minutes = test.get("minutes").map(scalar).unwrap_or_default();
    let minutes: Option<f64> = minutes.trim().parse().ok();
    // A wait can't be longer than a year in any flow that somebody meant.
    let valid = minutes.filter(|minutes| (0.0..=525_600.0).contains(minutes));
    match valid {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the line above keeps it small and positive"
        )]
        Some(minutes) => Ok((minutes * 60.0) as u64),
        None => Err(malformed(at, "minutes", "it is no number of minutes within a year")),
    }
}

/// The id and name of a group; the oldest flows have only the name.
fn group(group: Option<&Json>) -> Vec<Texts> {
    let word = |word: &str| Texts { base: word.to_owned(), ..Texts::default() };
    match group {
        Some(Json::Object(group)) => vec![word(text(group, "uuid")), word(text(group, "name"))],
        other => vec![word(""), word(&template(&other.map(scalar).unwrap_or_default()))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_dates_are_known_by_their_form() {
        assert_eq!(days_from_today("@(date.today + -10)").as_deref(), Some("-10"));
        assert_eq!(days_from_today("@(DATE.TODAY - 3)").as_deref(), Some("-3"));
        assert_eq!(days_from_today("@(date.today+3)").as_deref(), Some("3"));
        for other in ["27-7-2017", "@date.today", "@(date.today + flow.x)", "@(date.tomorrow + 1)"] {
            assert_eq!(days_from_today(other), None, "{other}");
        }
    }
}
