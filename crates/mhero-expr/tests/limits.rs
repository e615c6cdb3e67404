//! Expressions that are made to hurt: each ends with an error, soon, and on a small stack.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use mhero_expr::{Chance, Env, ExprError, Expression, Function, Object, Template, TopLevels, Value};
use proptest::{prelude::*, sample::select};

struct Zero;

impl Chance for Zero {
    fn next(&self) -> u64 {
        0
    }
}

fn env() -> Env {
    let mut env = Env::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    env.chance = Some(Arc::new(Zero));
    env
}

fn world() -> Object {
    Object::new([
        (
            "contact",
            Object::new([("name", Value::from("Ann Toe")), ("age", Value::from(31))]).with_default("Ann Toe").into(),
        ),
        ("items", Value::array(["b", "a", "c"].map(Value::from))),
        ("nothing", Value::Null),
        ("broken", Value::Error(ExprError::refused("broken"))),
    ])
}

fn names() -> TopLevels {
    TopLevels::new(["contact", "items", "nothing", "broken"])
}

/// Evaluates on a thread with half the stack that a worker of the server has, in a debug build too.
fn on_a_small_stack(text: String) -> Result<String, String> {
    let run = move || {
        let value = Expression::parse(&text).map_or_else(Value::Error, |e| e.value(&world(), &env()));
        value.to_text().map_err(|e| e.to_string())
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(run).expect("a thread");
    thread.join().expect("no panic")
}

#[test]
fn recursion_without_end_is_too_deep() {
    for text in [
        "((f) => f(f))((f) => f(f))",
        "((f) => f(f))((f) => array(f(f)))",
        "((f) => foreach(array(f), f))((f) => foreach(array(f), f))",
        "((f) => default(f(f), 1) & \"x\")((f) => default(f(f), 1) & \"x\")",
    ] {
        assert_eq!(on_a_small_stack(text.to_owned()), Err("expression is nested more than 100 levels deep".to_owned()));
    }
    let wide = format!("{}1{}", "(-upper(".repeat(30), "))".repeat(30));
    assert_eq!(on_a_small_stack(wide), Ok("1".to_owned()));
}

#[test]
fn what_would_take_for_ever_is_too_complex() {
    let double = "((x) => array(x, x))(";
    let doubled = format!("{}\"a\"{}", double.repeat(30), ")".repeat(30));
    let complex = Err("expression is too complex to evaluate".to_owned());
    assert_eq!(on_a_small_stack(format!("text({doubled})")), complex);
    assert_eq!(on_a_small_stack(format!("json({doubled})")), complex);
    assert_eq!(on_a_small_stack(format!("contains(array({doubled}), {doubled})")), complex);
    let long = "repeat(\"a\", 10000)";
    assert_eq!(on_a_small_stack(format!("replace({long}, \"\", {long})")), complex);
    let many = "split(repeat(\"a \", 5000), \" \")";
    assert_eq!(
        on_a_small_stack(format!("foreach({many}, (x) => foreach({many}, (y) => text_length({long})))")),
        complex
    );
    let twice = |inner: &str| format!("foreach({many}, (x) => foreach({many}, (y) => {inner}))");
    assert_eq!(on_a_small_stack(twice("x & 1 / 3")), complex);
    assert_eq!(on_a_small_stack(twice("1.000123456789 ^ 99.5")), complex);
    assert_eq!(on_a_small_stack(twice("format_urn(\"tel:+231770000001\")")), complex);
    let pattern = "regex_match(\"a\", \"(a{90}){90}{90}\")";
    let refused = "error calling regex_match(...): invalid regular expression".to_owned();
    assert_eq!(on_a_small_stack(pattern.to_owned()), Err(refused));
}

#[test]
fn one_budget_serves_a_whole_template() {
    let part = "@(text_length(join(foreach(split(repeat(\"a \", 500), \" \"), (x) => repeat(\"a\", 9000)), \"\")))";
    let template = Template::parse(&part.repeat(3), &names()).expect("short enough");
    let rendered = template.render(&world(), &env());
    assert_eq!(rendered.text, "");
    assert!(rendered.problems.iter().all(|problem| problem.error == ExprError::TooComplex));
    let after = Template::parse(&format!("{part} and @contact.name"), &names()).expect("short enough");
    assert_eq!(after.render(&world(), &env()).text, " and ");
}

#[test]
fn what_looks_like_a_mistake_is_told() {
    let template =
        Template::parse("@contct.name, (@name) a@b.org @@home @contact.name @5", &names()).expect("short enough");
    assert_eq!(template.doubtful(), ["@contct.name", "@name"]);
}

#[test]
fn faults_have_words_for_their_writer() {
    let template =
        Template::parse("@(1 +) @(#) @(shout(1)) @(nam) @(1234567890123456789012345678901234567) @(x", &names());
    let keys: Vec<&str> = template.expect("short enough").faults(&names()).iter().map(|p| p.reason().key).collect();
    assert_eq!(
        keys,
        [
            "expr-unfinished",
            "expr-syntax",
            "expr-unknown-function",
            "expr-unknown-name",
            "expr-number-range",
            "expr-unfinished",
        ]
    );
    let long = Template::parse(&"a".repeat(10_001), &names()).map(|_| ());
    assert_eq!(long.map_err(|e| e.reason().key), Err("expr-too-long"));
}

#[test]
fn nothing_of_a_text_shows_in_debug() {
    let secret = "Toe231770000001";
    let text = format!("{secret} @(\"{secret}\" & {secret}) @(\"{secret}\" + 1)");
    let template = Template::parse(&text, &names()).expect("short enough");
    let rendered = template.render(&world(), &env());
    let expressions: Vec<_> = template.expressions().map(|(_, e)| e).collect();
    let shown = format!("{template:?} {rendered:?} {:?} {expressions:?} {:?}", rendered.problems, Value::from(secret));
    assert!(!shown.contains(secret), "{shown}");
}

/// Pieces that expressions are made of, and some that break them.
fn pieces() -> impl Strategy<Value = String> {
    let pieces = [
        "@(",
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        "=>",
        "+",
        "-",
        "*",
        "/",
        "^",
        "&",
        "=",
        "!=",
        "<=",
        ">",
        " ",
        "@",
        "@@",
        "@contact",
        "@contact.name",
        "contact",
        "items",
        "nothing",
        "broken",
        "x",
        "y",
        "(x) =>",
        "\"",
        "\"a b\"",
        "\\",
        "1",
        "0.5",
        "99999999999999999999",
        "null",
        "true",
        "upper",
        "foreach(items, ",
        "array(",
        "é",
        "😀",
        "٣",
        "\0",
        "if(",
        "default(",
        "text(",
        "split(",
        "date(",
        "\"2020-02-30\"",
        "'",
        "#",
    ];
    prop::collection::vec(select(pieces.to_vec()), 0..40).prop_map(|all| all.concat())
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-30_i64..30).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        select(
            ["1", "-1", "YYYY-MM-DD", "2020-12-31", "24:00", "a b c", "M", "UTC", "tel:+231770000001", "[1, {}]"]
                .as_slice()
        )
        .prop_map(Value::from),
        select(["upper", "array", "abs"].as_slice()).prop_map(|f| Value::function(f).expect("there")),
        Just(Value::Error(ExprError::refused("broken"))),
        Just(Value::DateTime(Timestamp::MAX.to_zoned(TimeZone::UTC))),
        Just(Value::Date(jiff::civil::Date::MIN)),
        Just(Value::Time(jiff::civil::Time::MAX)),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::array),
            prop::collection::vec((".{0,3}", inner), 0..4).prop_map(|all| Object::new(all).into()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_template(text in prop_oneof![pieces(), "\\PC{0,60}"]) {
        let template = Template::parse(&text, &names()).expect("short enough");
        prop_assert_eq!(template.source(), &text);
        let rendered = template.render(&world(), &env());
        // After an opening bracket without its closing one all is text, doubled signs too.
        if template.is_plain() && !text.contains("@(") {
            prop_assert_eq!(&rendered.text, &text.replace("@@", "@"));
            prop_assert!(rendered.problems.is_empty());
        }
        prop_assert!(template.doubtful().iter().all(|word| text.contains(word)));
        let (references, faults) = (template.references(), template.faults(&names()));
        prop_assert!(references.iter().all(|path| !path.steps().is_empty()));
        prop_assert!(faults.len() <= text.len());
    }

    #[test]
    fn canonical_form_means_the_same(text in pieces()) {
        let template = Template::parse(&text, &names()).expect("short enough");
        let canonical = Template::parse(&template.canonical(), &names()).expect("short enough");
        prop_assert_eq!(canonical.canonical(), template.canonical());
        prop_assert_eq!(canonical.render(&world(), &env()).text, template.render(&world(), &env()).text);
    }

    #[test]
    fn no_function_panics(name in select(Function::all()), arguments in prop::collection::vec(values(), 0..4)) {
        let called: Vec<String> = (0..arguments.len()).map(|n| format!("arg_{n}")).collect();
        let context = Object::new(called.iter().cloned().zip(arguments));
        let expression = Expression::parse(&format!("{name}({})", called.join(", "))).expect("it parses");
        let value = expression.value(&context, &env());
        let _text = (value.to_text(), value.to_json(), value.format(&env()), value.to_bool());
    }

    #[test]
    fn operators_take_any_values(a in values(), b in values()) {
        let context = Object::new([("a", a), ("b", b)]);
        for operator in ["&", "=", "!=", "<", "+", "-", "*", "/", "^"] {
            let expression = Expression::parse(&format!("a {operator} b")).expect("it parses");
            let _value = expression.value(&context, &env());
        }
        let _part = Expression::parse("a[b]").expect("it parses").value(&context, &env());
    }

    #[test]
    fn numbers_print_as_they_are_read(whole in any::<i64>(), places in 0_u32..9) {
        let number = mhero_expr::Number::from(whole).over(&10_i64.pow(places).into()).expect("in range");
        prop_assert_eq!(mhero_expr::Number::parse(&number.to_string()), Ok(number));
    }
}
