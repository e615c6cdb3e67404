//! What rendering takes. Prints; asserts nothing about time, as machines differ.
//!
//! `cargo test -p mhero-expr --release --test speed -- --ignored --nocapture`

use std::{hint::black_box, time::Instant};

use jiff::{Timestamp, tz::TimeZone};
use mhero_expr::{Env, Object, RouterTest, Template, TopLevels, Value};

const ROUNDS: u32 = 200_000;

fn world() -> Object {
    let contact = Object::new([
        ("uuid", Value::from("0197b335-6ded-79a4-95a6-3af85b57f108")),
        ("name", "Ann Toe".into()),
        ("first_name", "Ann".into()),
        ("language", "eng".into()),
        ("created_on", Value::DateTime(Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC))),
    ]);
    let fields = Object::new([("age", Value::from(31)), ("facility", "Redemption Hospital".into())]);
    let results = Object::new([("color", Object::new([("value", "red"), ("category", "Red")]).with_default("red"))]);
    Object::new([
        ("contact", Value::from(contact.with_default("Ann Toe"))),
        ("fields", fields.into()),
        ("results", results.into()),
        ("input", Object::new([("text", "I am 31 years old")]).with_default("I am 31 years old").into()),
    ])
}

#[expect(clippy::print_stdout, reason = "a measurement prints")]
fn measure(name: &str, mut run: impl FnMut()) {
    (0..ROUNDS / 10).for_each(|_| run());
    let start = Instant::now();
    (0..ROUNDS).for_each(|_| run());
    println!("{:>8} ns  {name}", (start.elapsed() / ROUNDS).as_nanos());
}

#[test]
#[ignore = "a measurement, for a quiet machine and an optimised build"]
fn rendering() {
    let (context, env) = (world(), Env::new(Timestamp::UNIX_EPOCH, TimeZone::UTC));
    for text in [
        "Hi @contact.first_name",
        "Hello",
        "@results.color.category",
        "@(default(results.color.value, \"none\"))",
        "@(upper(contact.first_name) & \" \" & fields.age)",
        "@(if(fields.age > 30, \"old\", \"young\"))",
        "@(format_date(contact.created_on, \"DD-MM-YYYY\"))",
    ] {
        let template = Template::parse(text, &TopLevels::flow()).expect("short enough");
        measure(text, || drop(black_box(template.render(&context, &env))));
    }
    let operand = Template::parse("@input.text", &TopLevels::flow()).expect("short enough").value(&context, &env).value;
    for (name, arguments) in [
        ("has_any_word", vec!["years months".into()]),
        ("has_number_between", vec![Value::from(18), Value::from(40)]),
        ("has_pattern", vec!["(\\d+) years".into()]),
        ("has_date", vec![]),
    ] {
        let test = RouterTest::named(name).expect("a test");
        measure(name, || drop(black_box(test.run(&env, &operand, &arguments))));
    }
    measure("parse Hi @contact.first_name", || {
        drop(black_box(Template::parse("Hi @contact.first_name", &TopLevels::broadcast())));
    });
}
