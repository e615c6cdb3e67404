//! The scores that the corpus's README defines.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::{Map, Value};

use super::case::{Case, Produced};

/// A false accept weighs as much as so many misses.
const FALSE_ACCEPT_WEIGHT: usize = 5;
/// Outcomes that do something by themselves.
const EFFECTS: [&str; 3] = ["stop", "start", "keyword"];

/// Right ones of how many.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Share {
    pub right: usize,
    pub of: usize,
}

impl Share {
    /// Nothing to get right is all right.
    fn fraction(self) -> f64 {
        if self.of == 0 { 1.0 } else { self.right as f64 / self.of as f64 }
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.of += other.of;
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} % ({}/{})", self.fraction() * 100.0, self.right, self.of)
    }
}

/// What one case came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Fields right, by the best alternative.
    pub fields: Share,
    /// Understood or rightly asked back.
    pub understood: bool,
    /// A value or an effect that no alternative has, or a broken `must_not`.
    pub false_accept: bool,
    /// Asked where only understanding was right.
    pub needless_question: bool,
    /// Whether it reached a person, where it had to.
    pub forwarded: Option<bool>,
}

impl Verdict {
    pub fn of(case: &Case, produced: &Produced) -> Self {
        let expect = &case.expect;
        let alternatives: Vec<&Value> =
            expect["any_of"].as_array().map_or_else(|| vec![expect], |any| any.iter().collect());
        let broken = list(&expect["must_not"]).any(|rule| breaks(rule, produced));
        let best = alternatives
            .iter()
            .map(|alternative| fields(alternative, produced))
            .max_by(|a, b| a.fraction().total_cmp(&b.fraction()));
        let strange_value = produced.values.iter().any(|(field, value)| {
            alternatives.iter().all(|alternative| !same(field, &alternative["values"][field], value))
        });
        let kinds: Vec<&str> = alternatives.iter().filter_map(|alternative| alternative["kind"].as_str()).collect();
        let strange_effect = EFFECTS.contains(&produced.kind) && !kinds.contains(&produced.kind);
        let must_forward = list(&expect["also"]).any(|also| also == "forward");
        Self {
            fields: best.unwrap_or_default(),
            understood: !broken && alternatives.iter().any(|alternative| meets(alternative, produced)),
            false_accept: broken || strange_value || strange_effect,
            needless_question: produced.kind == "ask" && kinds.iter().all(|kind| *kind == "understood"),
            forwarded: must_forward.then_some(produced.forward),
        }
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn values(alternative: &Value) -> Map<String, Value> {
    alternative["values"].as_object().cloned().unwrap_or_default()
}

fn asked(alternative: &Value) -> BTreeSet<&str> {
    list(&alternative["per_field_errors"]).filter_map(|error| error["field"].as_str()).collect()
}

fn fields(alternative: &Value, produced: &Produced) -> Share {
    let (values, asked) = (values(alternative), asked(alternative));
    let right_values = values
        .iter()
        .filter(|(field, value)| produced.values.get(*field).is_some_and(|produced| same(field, value, produced)));
    let right_asked = asked.iter().filter(|field| produced.asked.contains_key(**field));
    Share { right: right_values.count() + right_asked.count(), of: values.len() + asked.len() }
}

/// The right kind, every value equal and none besides, the same fields asked.
fn meets(alternative: &Value, produced: &Produced) -> bool {
    let values = values(alternative);
    let asked_now: BTreeSet<&str> = produced.asked.keys().map(String::as_str).collect();
    alternative["kind"] == produced.kind
        && values.len() == produced.values.len()
        && values.iter().all(|(field, value)| produced.values.get(field).is_some_and(|other| same(field, value, other)))
        && asked(alternative) == asked_now
}

/// Equality after normal form: `rest` and `name` without case, accents and repeated spaces; lists without order.
fn same(field: &str, expected: &Value, produced: &Value) -> bool {
    match (expected, produced) {
        (Value::String(a), Value::String(b)) if matches!(field, "rest" | "name") => normal(a) == normal(b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().all(|value| b.contains(value)),
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => expected == produced,
    }
}

fn normal(text: &str) -> String {
    let plain = mhero_text::substitute_costly(text).to_lowercase();
    let plain: String = plain.chars().map(without_accent).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Accents that GSM-7 has and that substitution hence leaves.
const fn without_accent(letter: char) -> char {
    match letter {
        'à' | 'ä' | 'å' => 'a',
        'è' | 'é' => 'e',
        'ì' => 'i',
        'ò' | 'ö' => 'o',
        'ù' | 'ü' => 'u',
        'ñ' => 'n',
        _ => letter,
    }
}

fn breaks(rule: &Value, produced: &Produced) -> bool {
    if rule["kind"] == produced.kind {
        return true;
    }
    // Whatever is not ignored can bring an answer.
    if rule["reply"] == Value::Bool(true) && produced.kind != "ignore" {
        return true;
    }
    if rule["echo"].as_str().is_some_and(|secret| produced.shown.contains(secret)) {
        return true;
    }
    rule["values"].as_object().into_iter().flatten().any(|(field, never)| match produced.values.get(field) {
        Some(Value::Array(list)) => list.contains(never),
        Some(value) => same(field, never, value),
        None => false,
    })
}

/// The scores of a family.
#[derive(Debug, Default)]
pub struct Tally {
    pub cases: usize,
    pub understood: usize,
    pub misses: usize,
    pub false_accepts: usize,
    pub needless_questions: usize,
    pub fields: Share,
    pub forwarded: Share,
    pub by_lang: BTreeMap<String, Share>,
    pub by_mess: BTreeMap<String, Share>,
}

impl Tally {
    pub fn add(&mut self, case: &Case, verdict: &Verdict) {
        self.cases += 1;
        self.understood += usize::from(verdict.understood);
        self.misses += usize::from(!verdict.understood && !verdict.false_accept);
        self.false_accepts += usize::from(verdict.false_accept);
        self.needless_questions += usize::from(verdict.needless_question);
        self.fields.add(verdict.fields);
        if let Some(forwarded) = verdict.forwarded {
            self.forwarded.add(Share { right: usize::from(forwarded), of: 1 });
        }
        self.by_lang.entry(case.lang.clone()).or_default().add(verdict.fields);
        for mess in &case.errors {
            self.by_mess.entry(mess.clone()).or_default().add(verdict.fields);
        }
    }

    /// Misses and five times the false accepts, by case. A false accept is not counted as a miss besides.
    pub fn weighted_error(&self) -> f64 {
        if self.cases == 0 {
            return 0.0;
        }
        (self.misses + FALSE_ACCEPT_WEIGHT * self.false_accepts) as f64 / self.cases as f64
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn case(expect: Value) -> Case {
        let (id, lang, text) = ("x-1".to_owned(), "en".to_owned(), "alert".to_owned());
        Case { id, lang, text, context: String::new(), errors: vec!["typo".to_owned()], expect }
    }

    fn produced(kind: &'static str, values: &Value) -> Produced {
        Produced {
            kind,
            values: values.as_object().cloned().unwrap_or_default().into_iter().collect(),
            ..Produced::default()
        }
    }

    #[test]
    fn the_best_alternative_counts() {
        let case = case(json!({"any_of": [
            {"kind": "stop", "values": {"scope": "all"}, "per_field_errors": []},
            {"kind": "ask", "values": {}, "per_field_errors": [{"field": "stop", "code": "needs_confirmation"}]}],
            "must_not": [{"kind": "inbox"}]}));
        let asked = BTreeMap::from([("stop".to_owned(), "needs_confirmation")]);
        let ask = Produced { kind: "ask", asked, ..Produced::default() };
        assert!(Verdict::of(&case, &ask).understood);
        assert!(Verdict::of(&case, &produced("stop", &json!({"scope": "all"}))).understood);
        let inbox = Verdict::of(&case, &produced("inbox", &json!({})));
        assert!(!inbox.understood && inbox.false_accept);
    }

    #[test]
    fn a_value_that_no_alternative_has_is_a_false_accept() {
        let case =
            case(json!({"kind": "keyword", "values": {"keyword": "ALERT", "rest": "Décès  ici"}, "must_not": [],
            "per_field_errors": [], "also": ["forward"]}));
        let right = Verdict::of(&case, &produced("keyword", &json!({"keyword": "ALERT", "rest": "deces ICI"})));
        assert!(right.understood && !right.false_accept);
        assert_eq!((right.fields, right.forwarded), (Share { right: 2, of: 2 }, Some(false)));
        let wrong = Verdict::of(&case, &produced("keyword", &json!({"keyword": "WK", "rest": "deces ici"})));
        assert!(!wrong.understood && wrong.false_accept);
        let missed = Verdict::of(&case, &produced("inbox", &json!({})));
        assert!(!missed.understood && !missed.false_accept);
        let mut tally = Tally::default();
        tally.add(&case, &wrong);
        tally.add(&case, &missed);
        assert!((tally.weighted_error() - 3.0).abs() < 1e-9);
    }
}
