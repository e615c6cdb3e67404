//! The English sentence.

use jiff::civil::Date;
use mhero_core::{Lang, LangMap};

use super::{Grammar, Phrase, list, name, plural, scheme_name};
use crate::{Day, FlowTime, Operator, Reached, Relative, Test, Topic, Unit, Value, languages};

pub(super) struct English;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Grammar for English {
    const EVERYONE: &'static str = "all health workers";
    const WORKERS: &'static str = "health workers";
    const WHO: &'static str = " who ";
    const AND: &'static str = " and ";
    const OR: &'static str = " or ";

    fn either(alternatives: &[String]) -> Phrase {
        Phrase::new("either", list(alternatives, Self::OR))
    }

    fn plural(names: &LangMap) -> Option<String> {
        plural::of(names, Lang::ENGLISH)
    }

    fn phrase(test: &Test) -> Phrase {
        if test.value == Value::Nothing {
            return presence(&test.topic, !test.negated);
        }
        let plain = name(&test.value, Lang::ENGLISH);
        let quoted = quote(&plain);
        let verb = |yes: &'static str, no: &'static str| if test.negated { no } else { yes };
        match &test.topic {
            Topic::Person => Phrase::new(verb("have", "do not have"), format!("the id {plain}")),
            Topic::Name if test.operator == Operator::Contains => Phrase::new("have a name with", quoted),
            Topic::Name => Phrase::new(verb("are called", "are not called"), quoted),
            Topic::Language => Phrase::new(verb("speak", "do not speak"), language(&test.value)),
            Topic::Phone if test.operator == Operator::Contains => Phrase::new("have a number with", plain),
            Topic::Phone => Phrase::new(verb("have the number", "do not have the number"), plain),
            Topic::Urn(_)
            | Topic::Status
            | Topic::Flow(_)
            | Topic::Start(_)
            | Topic::Tickets
            | Topic::NumberHealth
            | Topic::OnLeave => in_flows(test, &plain),
            Topic::Group => Phrase::new(verb("are in the group", "are not in the group"), quoted),
            Topic::Cadre => match &test.value {
                Value::Names(names) => Self::plural(names).map_or_else(
                    || Phrase::new(verb("have the cadre", "do not have the cadre"), &quoted),
                    |many| Phrase::new(verb("are", "are not"), many),
                ),
                _ => Phrase::new(verb("have the cadre", "do not have the cadre"), quoted),
            },
            Topic::Job => Phrase::new(verb("have the job", "do not have the job"), quoted),
            Topic::Facility => Phrase::new(verb("work at", "do not work at"), plain),
            Topic::Place => Phrase::new(verb("work in", "do not work in"), plain),
            Topic::Training => Phrase::new(verb("were trained in", "were not trained in"), plain),
            Topic::Course(names) => {
                let course = names.best(Lang::ENGLISH);
                let when = compared(test);
                Phrase::new(verb("were trained in", "were not trained in"), format!("{course} {when}"))
            }
            Topic::Sex => match plain.as_str() {
                "female" => Phrase::new(verb("are", "are not"), "women"),
                "male" => Phrase::new(verb("are", "are not"), "men"),
                _ => Phrase::new(verb("have the sex", "do not have the sex"), quoted),
            },
            Topic::Source => Phrase::new(verb("come from", "do not come from"), quoted),
            Topic::CreatedOn => Phrase::new(verb("have a record created", "have no record created"), compared(test)),
            Topic::LastSent => {
                Phrase::new(verb("had our last message", "did not have our last message"), compared(test))
            }
            Topic::LastHeard => Phrase::new(verb("last wrote", "did not last write"), compared(test)),
            Topic::Broadcast(Reached::Sent) => Phrase::new(verb("were sent", "were not sent"), quoted),
            Topic::Broadcast(Reached::Got) => Phrase::new(verb("may have got", "can't have got"), quoted),
            Topic::Broadcast(Reached::Delivered) => Phrase::new(verb("received", "did not receive"), quoted),
            Topic::Broadcast(Reached::Answered) => Phrase::new(verb("answered", "did not answer"), quoted),
            Topic::Field(names) => field(test, names, verb("have", "do not have")),
        }
    }
}

/// What flows know of people: addresses, stops, flows, tickets.
fn in_flows(test: &Test, plain: &str) -> Phrase {
    let quoted = quote(plain);
    let verb = |yes: &'static str, no: &'static str| if test.negated { no } else { yes };
    match &test.topic {
        Topic::Urn(scheme) if test.operator == Operator::Contains => {
            Phrase::new(format!("have {} with", an_address(*scheme)), quoted)
        }
        Topic::Urn(scheme) => {
            Phrase::new(format!("{} the {}address", verb("have", "do not have"), scheme_name(*scheme)), quoted)
        }
        Topic::NumberHealth => {
            let (yes, no, object) = match plain {
                "wrong" => ("have", "do not have", "a number that is somebody else’s"),
                "invalid" => ("have", "do not have", "a number that can’t be read"),
                "failing" => ("have", "do not have", "a number that fails"),
                "never" => ("have", "do not have", "a number never tried"),
                "tried" => ("have", "do not have", "a number without news"),
                "verified" => ("have confirmed", "have not confirmed", "their number"),
                _ => ("have", "do not have", "a number that works"),
            };
            Phrase::new(verb(yes, no), object)
        }
        Topic::OnLeave => {
            let is_away = (plain == "yes") != test.negated;
            Phrase::new(if is_away { "are" } else { "are not" }, "on leave")
        }
        Topic::Status => {
            let stopped = (plain == "stopped") != test.negated;
            Phrase::new(if stopped { "have stopped" } else { "have not stopped" }, "all our messages")
        }
        Topic::Flow(FlowTime::Now) => Phrase::new(verb("are in the flow", "are not in the flow"), quoted),
        Topic::Flow(FlowTime::Ever) => Phrase::new(verb("have been in the flow", "have not been in the flow"), quoted),
        Topic::Start(false) => Phrase::new(verb("were in flow start", "were not in flow start"), plain),
        Topic::Start(true) => Phrase::new(verb("answered in flow start", "did not answer in flow start"), plain),
        Topic::Tickets => Phrase::new(verb("have", "do not have"), counted(test, plain)),
        _ => Phrase::new(verb("have", "do not have"), quoted),
    }
}

fn presence(topic: &Topic, there: bool) -> Phrase {
    let choose = |yes: (&'static str, &'static str), no: (&'static str, &'static str)| {
        let (verb, object) = if there { yes } else { no };
        Phrase::new(verb, object)
    };
    match topic {
        Topic::Person | Topic::CreatedOn => choose(("have", "a record"), ("have", "no record")),
        Topic::Name => choose(("have", "a name"), ("have", "no name")),
        Topic::Language => choose(("have", "a known language"), ("have", "no known language")),
        Topic::Phone => choose(("have", "a valid phone number"), ("have", "no valid phone number")),
        Topic::Urn(scheme) if there => Phrase::new("have", an_address(*scheme)),
        Topic::Urn(scheme) => Phrase::new("have", format!("no {}address", scheme_name(*scheme))),
        Topic::Status | Topic::Tickets | Topic::Start(_) | Topic::NumberHealth | Topic::OnLeave => {
            choose(("have", "a record"), ("have", "no record"))
        }
        Topic::Flow(FlowTime::Now) => choose(("are in", "a flow"), ("are in", "no flow")),
        Topic::Flow(FlowTime::Ever) => choose(("have been in", "a flow"), ("have been in", "no flow")),
        Topic::Group => choose(("are in", "a group"), ("are in", "no group")),
        Topic::Cadre => choose(("have", "a known cadre"), ("have", "no known cadre")),
        Topic::Job => choose(("have", "a known job title"), ("have", "no known job title")),
        Topic::Facility => choose(("work at", "a facility"), ("work at", "no facility")),
        Topic::Place => choose(("have", "a known place of work"), ("have", "no known place of work")),
        Topic::Training => choose(("attended", "a training"), ("attended", "no training")),
        Topic::Course(names) => {
            let verb = if there { "were trained in" } else { "were not trained in" };
            Phrase::new(verb, names.best(Lang::ENGLISH))
        }
        Topic::Sex => choose(("have", "a known sex"), ("have", "no known sex")),
        Topic::Source => choose(("come from", "a source"), ("come from", "no source")),
        Topic::LastSent => choose(("have had", "a message from us"), ("have never had", "a message from us")),
        Topic::LastHeard => choose(("have written", "to us"), ("have never written", "to us")),
        Topic::Broadcast(Reached::Sent) => choose(("were sent", "a broadcast"), ("were never sent", "a broadcast")),
        Topic::Broadcast(Reached::Got) => choose(("may have got", "a broadcast"), ("can't have got", "any broadcast")),
        Topic::Broadcast(Reached::Delivered) => choose(("received", "a broadcast"), ("received", "no broadcast")),
        Topic::Broadcast(Reached::Answered) => choose(("answered", "a broadcast"), ("answered", "no broadcast")),
        Topic::Field(names) => {
            let object = if there { "filled in" } else { "empty" };
            Phrase::new(format!("have {}", quote(names.best(Lang::ENGLISH))), object)
        }
    }
}

fn field(test: &Test, names: &LangMap, have: &str) -> Phrase {
    let field = quote(names.best(Lang::ENGLISH));
    let value = name(&test.value, Lang::ENGLISH);
    match &test.value {
        Value::Number(..) => Phrase::new(format!("{have} {field}"), compared(test)),
        Value::Day(_) => Phrase::new(format!("{have} {field}"), compared(test)),
        Value::Place(..) => Phrase::new(format!("{have} {field} in"), value),
        _ => Phrase::new(format!("{have} {field} of"), quote(&value)),
    }
}

/// `a WhatsApp address`, `an address`.
fn an_address(scheme: Option<&str>) -> String {
    let name = scheme_name(scheme);
    let article = if name.is_empty() || name.starts_with(['E', 'I']) { "an" } else { "a" };
    format!("{article} {name}address")
}

/// `more than 2 open tickets`.
fn counted(test: &Test, count: &str) -> String {
    let word = match test.operator {
        Operator::Equal | Operator::NotEqual | Operator::Contains => "exactly",
        Operator::Less => "fewer than",
        Operator::LessOrEqual => "at most",
        Operator::GreaterOrEqual => "at least",
        Operator::Greater => "more than",
    };
    format!("{word} {count} open ticket{}", if count == "1" { "" } else { "s" })
}

/// `before 1 January 2026`, `at least 18`.
fn compared(test: &Test) -> String {
    let (value, words) = match &test.value {
        Value::Day(day) => (said_day(*day), ["on", "before", "by", "since", "after"]),
        other => (name(other, Lang::ENGLISH), ["of", "below", "of at most", "of at least", "above"]),
    };
    let word = match test.operator {
        Operator::Equal | Operator::NotEqual | Operator::Contains => words[0],
        Operator::Less => words[1],
        Operator::LessOrEqual => words[2],
        Operator::GreaterOrEqual => words[3],
        Operator::Greater => words[4],
    };
    format!("{word} {value}")
}

fn said_day(day: Day) -> String {
    match day.relative {
        None => date(day.date),
        Some(relative) => format!("{} ({})", date(day.date), steps(relative)),
    }
}

fn date(date: Date) -> String {
    let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    format!("{} {month} {}", date.day(), date.year())
}

fn steps(relative: Relative) -> String {
    let count = relative.count.unsigned_abs();
    let unit = match relative.unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Year => "year",
    };
    let many = if count == 1 { "" } else { "s" };
    match relative.count {
        0 => "today".to_owned(),
        ..0 => format!("{count} {unit}{many} ago"),
        1.. => format!("in {count} {unit}{many}"),
    }
}

fn language(value: &Value) -> String {
    match value {
        Value::Language(lang) => languages::english(*lang),
        other => name(other, Lang::ENGLISH),
    }
}

fn quote(text: &str) -> String {
    format!("“{text}”")
}
