//! Every function has help, and every example gives what it says.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use mhero_expr::{
    Chance, DateFormat, Env, Expression, Function, Help, Hierarchy, Object, Place, RouterTest, Template, TopLevels,
};

/// Half of everything.
struct Half;

impl Chance for Half {
    fn next(&self) -> u64 {
        1 << 52
    }
}

fn place(name: &str, children: Vec<Place>) -> Place {
    Place { name: name.to_owned(), aliases: Vec::new(), children }
}

fn env() -> Env {
    let now: Timestamp = "2018-04-11T18:24:30.123456Z".parse().expect("an instant");
    let mut env = Env::new(now, TimeZone::get("America/Guayaquil").expect("a zone"));
    env.date_format = DateFormat::DayMonthYear;
    env.chance = Some(Arc::new(Half));
    env.prompts = Arc::new(BTreeMap::from([("sort".to_owned(), "Sort: {{ .arg1 }}".to_owned())]));
    let gasabo = place("Gasabo", vec![place("Gisozi", vec![])]);
    env.locations = Some(Arc::new(Hierarchy::new(&[place("Rwanda", vec![place("Kigali", vec![gasabo])])])));
    env
}

#[test]
fn every_function_has_help_and_every_example_is_true() {
    let names: Vec<&str> = Help::all().iter().map(Help::name).collect();
    assert_eq!(names, Function::all());
    let tests: Vec<&str> = Help::all().iter().filter(|help| help.is_router_test()).map(Help::name).collect();
    assert_eq!(tests, RouterTest::all());
    let env = env();
    for help in Help::all() {
        assert_eq!(Help::of(help.name()), Some(help));
        assert!(help.example.contains(&format!("{}(", help.name())), "{}", help.example);
        let value = Expression::parse(help.example).map(|e| e.value(&Object::default(), &env));
        let text = value.and_then(|value| value.to_text()).unwrap_or_else(|error| format!("error: {error}"));
        assert_eq!(text, help.gives, "{}", help.example);
    }
}

#[test]
fn what_is_read_but_no_longer_to_be_used_is_told_once() {
    let contact = Object::new([("id", "12"), ("ref", "ABC")]).with_note("id", "@contact.id is deprecated");
    let context =
        Object::new([("contact", contact.into()), ("old", mhero_expr::Value::from(1))]).with_note("old", "@old");
    let names = TopLevels::new(["contact", "old"]);
    let warnings = |text: &str| {
        let template = Template::parse(text, &names).expect("short enough");
        let warnings = template.value(&context, &env()).warnings;
        assert_eq!(template.render(&context, &env()).warnings, warnings);
        warnings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(warnings("@contact.id @(contact[\"ID\"]) @old"), ["@contact.id is deprecated", "@old"]);
    assert_eq!(warnings("@(extract(contact, \"id\"))"), ["@contact.id is deprecated"]);
    assert!(warnings("@contact.ref @(json(contact))").is_empty());
    assert!(warnings("@(default(contact.none, \"\"))").is_empty());
}
