//! The French sentence. It says nothing that would have to agree with women or men, as cadres are either.

use jiff::civil::Date;
use mhero_core::{Lang, LangMap};

use super::{Grammar, Phrase, name, plural, scheme_name};
use crate::{Day, FlowTime, Operator, Reached, Relative, Test, Topic, Unit, Value, languages};

pub(super) struct French;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

impl Grammar for French {
    const EVERYONE: &'static str = "tous les agents de santé";
    const WORKERS: &'static str = "agents de santé";
    const WHO: &'static str = " qui ";
    const AND: &'static str = " et ";
    const OR: &'static str = " ou ";

    fn either(alternatives: &[String]) -> Phrase {
        Phrase::new("soit", alternatives.join(", soit "))
    }

    fn plural(names: &LangMap) -> Option<String> {
        plural::of(names, Lang::FRENCH)
    }

    fn phrase(test: &Test) -> Phrase {
        if test.value == Value::Nothing {
            return presence(&test.topic, !test.negated);
        }
        let plain = name(&test.value, Lang::FRENCH);
        let quoted = quote(&plain);
        let verb = |yes: &'static str, no: &'static str| if test.negated { no } else { yes };
        match &test.topic {
            Topic::Person => Phrase::new(verb("ont l’identifiant", "n’ont pas l’identifiant"), plain),
            Topic::Name if test.operator == Operator::Contains => Phrase::new("ont dans leur nom", quoted),
            Topic::Name => Phrase::new(verb("s’appellent", "ne s’appellent pas"), quoted),
            Topic::Language => Phrase::new(verb("parlent", "ne parlent pas"), language(&test.value)),
            Topic::Phone if test.operator == Operator::Contains => Phrase::new("ont un numéro qui contient", plain),
            Topic::Phone => Phrase::new(verb("ont le numéro", "n’ont pas le numéro"), plain),
            Topic::Urn(_)
            | Topic::Status
            | Topic::Flow(_)
            | Topic::Start(_)
            | Topic::Tickets
            | Topic::NumberHealth
            | Topic::OnLeave => in_flows(test, &plain),
            Topic::Group => Phrase::new(verb("sont dans le groupe", "ne sont pas dans le groupe"), quoted),
            Topic::Cadre => match &test.value {
                Value::Names(names) => Self::plural(names).map_or_else(
                    || Phrase::new(verb("ont pour cadre", "n’ont pas pour cadre"), &quoted),
                    |many| Phrase::new(verb("sont", "ne sont pas"), many),
                ),
                _ => Phrase::new(verb("ont pour cadre", "n’ont pas pour cadre"), quoted),
            },
            Topic::Job => Phrase::new(verb("ont pour poste", "n’ont pas pour poste"), quoted),
            Topic::Facility => {
                Phrase::new(verb("travaillent dans l’établissement", "ne travaillent pas dans l’établissement"), plain)
            }
            Topic::Place => Phrase::new(verb("travaillent à", "ne travaillent pas à"), plain),
            Topic::Training => Phrase::new(verb("ont suivi la formation", "n’ont pas suivi la formation"), quoted),
            Topic::Course(names) => {
                let course = quote(names.best(Lang::FRENCH));
                let verb = verb("ont suivi la formation", "n’ont pas suivi la formation");
                Phrase::new(verb, format!("{course} {}", compared(test)))
            }
            Topic::Sex => match plain.as_str() {
                "female" => Phrase::new(verb("sont", "ne sont pas"), "des femmes"),
                "male" => Phrase::new(verb("sont", "ne sont pas"), "des hommes"),
                "unknown" => Phrase::new(verb("sont", "ne sont pas"), "de sexe inconnu"),
                _ => Phrase::new(verb("sont", "ne sont pas"), "d’un autre sexe"),
            },
            Topic::Source => Phrase::new(verb("viennent de", "ne viennent pas de"), quoted),
            Topic::CreatedOn => Phrase::new(verb("ont une fiche créée", "n’ont pas de fiche créée"), compared(test)),
            Topic::LastSent => {
                Phrase::new(verb("ont eu notre dernier message", "n’ont pas eu notre dernier message"), compared(test))
            }
            Topic::LastHeard => Phrase::new(
                verb("ont écrit pour la dernière fois", "n’ont pas écrit pour la dernière fois"),
                compared(test),
            ),
            Topic::Broadcast(Reached::Sent) => {
                Phrase::new(verb("étaient destinataires de l’envoi", "n’étaient pas destinataires de l’envoi"), quoted)
            }
            Topic::Broadcast(Reached::Got) => {
                Phrase::new(verb("ont pu recevoir l’envoi", "n’ont pas pu recevoir l’envoi"), quoted)
            }
            Topic::Broadcast(Reached::Delivered) => {
                Phrase::new(verb("ont reçu l’envoi", "n’ont pas reçu l’envoi"), quoted)
            }
            Topic::Broadcast(Reached::Answered) => {
                Phrase::new(verb("ont répondu à l’envoi", "n’ont pas répondu à l’envoi"), quoted)
            }
            Topic::Field(names) => field(test, names, verb("ont", "n’ont pas")),
        }
    }
}

/// What flows know of people: addresses, stops, flows, tickets.
fn in_flows(test: &Test, plain: &str) -> Phrase {
    let quoted = quote(plain);
    let verb = |yes: &'static str, no: &'static str| if test.negated { no } else { yes };
    match &test.topic {
        Topic::Urn(scheme) if test.operator == Operator::Contains => {
            Phrase::new(format!("ont une adresse {}qui contient", scheme_name(*scheme)), quoted)
        }
        Topic::Urn(scheme) => {
            let verb = verb("ont l’adresse", "n’ont pas l’adresse");
            Phrase::new(format!("{verb} {}", scheme_name(*scheme)).trim_end().to_owned(), quoted)
        }
        Topic::NumberHealth => {
            let (yes, no, object) = match plain {
                "wrong" => ("ont", "n’ont pas", "un numéro qui est à quelqu’un d’autre"),
                "invalid" => ("ont", "n’ont pas", "un numéro illisible"),
                "failing" => ("ont", "n’ont pas", "un numéro en échec"),
                "never" => ("ont", "n’ont pas", "un numéro jamais essayé"),
                "tried" => ("ont", "n’ont pas", "un numéro sans nouvelles"),
                "verified" => ("ont confirmé", "n’ont pas confirmé", "leur numéro"),
                _ => ("ont", "n’ont pas", "un numéro qui fonctionne"),
            };
            Phrase::new(verb(yes, no), object)
        }
        Topic::OnLeave => {
            let is_away = (plain == "yes") != test.negated;
            Phrase::new(if is_away { "sont" } else { "ne sont pas" }, "en congé")
        }
        Topic::Status => {
            let stopped = (plain == "stopped") != test.negated;
            Phrase::new(if stopped { "ont arrêté" } else { "n’ont pas arrêté" }, "tous nos messages")
        }
        Topic::Flow(FlowTime::Now) => {
            Phrase::new(verb("sont dans le scénario", "ne sont pas dans le scénario"), quoted)
        }
        Topic::Flow(FlowTime::Ever) => {
            Phrase::new(verb("ont suivi le scénario", "n’ont pas suivi le scénario"), quoted)
        }
        Topic::Start(false) => Phrase::new(verb("étaient du lancement n°", "n’étaient pas du lancement n°"), plain),
        Topic::Start(true) => {
            Phrase::new(verb("ont répondu au lancement n°", "n’ont pas répondu au lancement n°"), plain)
        }
        Topic::Tickets => Phrase::new(verb("ont", "n’ont pas"), counted(test, plain)),
        _ => Phrase::new(verb("ont", "n’ont pas"), quoted),
    }
}

fn presence(topic: &Topic, there: bool) -> Phrase {
    let choose = |yes: (&'static str, &'static str), no: (&'static str, &'static str)| {
        let (verb, object) = if there { yes } else { no };
        Phrase::new(verb, object)
    };
    match topic {
        Topic::Person | Topic::CreatedOn => choose(("ont", "une fiche"), ("n’ont pas", "de fiche")),
        Topic::Name => choose(("ont", "un nom"), ("n’ont pas", "de nom")),
        Topic::Language => choose(("ont", "une langue connue"), ("n’ont pas", "de langue connue")),
        Topic::Phone => {
            choose(("ont", "un numéro de téléphone valable"), ("n’ont pas", "de numéro de téléphone valable"))
        }
        Topic::Urn(scheme) => {
            let (verb, object) = if there { ("ont", "une adresse") } else { ("n’ont pas", "d’adresse") };
            Phrase::new(verb, format!("{object} {}", scheme_name(*scheme)).trim_end().to_owned())
        }
        Topic::Status | Topic::Tickets | Topic::Start(_) | Topic::NumberHealth | Topic::OnLeave => {
            choose(("ont", "une fiche"), ("n’ont pas", "de fiche"))
        }
        Topic::Flow(FlowTime::Now) => choose(("sont dans", "un scénario"), ("ne sont dans", "aucun scénario")),
        Topic::Flow(FlowTime::Ever) => choose(("ont déjà suivi", "un scénario"), ("n’ont jamais suivi", "de scénario")),
        Topic::Group => choose(("sont dans", "un groupe"), ("ne sont dans", "aucun groupe")),
        Topic::Cadre => choose(("ont", "un cadre connu"), ("n’ont pas", "de cadre connu")),
        Topic::Job => choose(("ont", "un poste connu"), ("n’ont pas", "de poste connu")),
        Topic::Facility => {
            choose(("travaillent dans", "un établissement"), ("ne travaillent dans", "aucun établissement"))
        }
        Topic::Place => choose(("ont", "un lieu de travail connu"), ("n’ont pas", "de lieu de travail connu")),
        Topic::Training => choose(("ont suivi", "une formation"), ("n’ont suivi", "aucune formation")),
        Topic::Course(names) => {
            let verb = if there { "ont suivi la formation" } else { "n’ont pas suivi la formation" };
            Phrase::new(verb, quote(names.best(Lang::FRENCH)))
        }
        Topic::Sex => choose(("sont", "de sexe connu"), ("ne sont pas", "de sexe connu")),
        Topic::Source => choose(("viennent", "d’une source"), ("ne viennent", "d’aucune source")),
        Topic::LastSent => choose(("ont déjà eu", "un message de nous"), ("n’ont jamais eu", "de message de nous")),
        Topic::LastHeard => choose(("nous ont", "déjà écrit"), ("ne nous ont", "jamais écrit")),
        Topic::Broadcast(Reached::Sent) => {
            choose(("étaient destinataires", "d’un envoi"), ("n’étaient destinataires", "d’aucun envoi"))
        }
        Topic::Broadcast(Reached::Got) => choose(("ont pu recevoir", "un envoi"), ("n’ont pu recevoir", "aucun envoi")),
        Topic::Broadcast(Reached::Delivered) => choose(("ont reçu", "un envoi"), ("n’ont reçu", "aucun envoi")),
        Topic::Broadcast(Reached::Answered) => {
            choose(("ont répondu", "à un envoi"), ("n’ont répondu", "à aucun envoi"))
        }
        Topic::Field(names) => {
            let verb = if there { "ont" } else { "n’ont pas" };
            Phrase::new(format!("{verb} {}", quote(names.best(Lang::FRENCH))), "dans leur fiche")
        }
    }
}

fn field(test: &Test, names: &LangMap, have: &str) -> Phrase {
    let field = quote(names.best(Lang::FRENCH));
    let value = name(&test.value, Lang::FRENCH);
    match &test.value {
        Value::Number(..) | Value::Day(_) => Phrase::new(format!("{have} {field}"), compared(test)),
        Value::Place(..) => Phrase::new(format!("{have} {field} à"), value),
        _ => Phrase::new(format!("{have} pour {field}"), quote(&value)),
    }
}

/// `plus de 2 tickets ouverts`.
fn counted(test: &Test, count: &str) -> String {
    let word = match test.operator {
        Operator::Equal | Operator::NotEqual | Operator::Contains => "exactement",
        Operator::Less => "moins de",
        Operator::LessOrEqual => "au plus",
        Operator::GreaterOrEqual => "au moins",
        Operator::Greater => "plus de",
    };
    // None and one are singular.
    let many = if matches!(count, "0" | "1") { "" } else { "s" };
    format!("{word} {count} ticket{many} ouvert{many}")
}

/// `avant le 1er janvier 2026`, `d’au moins 18`.
fn compared(test: &Test) -> String {
    let (value, words) = match &test.value {
        Value::Day(day) => (said_day(*day), ["le", "avant le", "au plus tard le", "depuis le", "après le"]),
        other => {
            let number = name(other, Lang::FRENCH).replace('.', ",");
            (number, ["de", "inférieur à", "d’au plus", "d’au moins", "supérieur à"])
        }
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
    let first = if date.day() == 1 { "er" } else { "" };
    format!("{}{first} {month} {}", date.day(), date.year())
}

fn steps(relative: Relative) -> String {
    let count = relative.count.unsigned_abs();
    let (one, many) = match relative.unit {
        Unit::Day => ("jour", "jours"),
        Unit::Week => ("semaine", "semaines"),
        Unit::Month => ("mois", "mois"),
        Unit::Year => ("an", "ans"),
    };
    let unit = if count == 1 { one } else { many };
    match relative.count {
        0 => "aujourd’hui".to_owned(),
        ..0 => format!("il y a {count}\u{a0}{unit}"),
        1.. => format!("dans {count}\u{a0}{unit}"),
    }
}

fn language(value: &Value) -> String {
    match value {
        Value::Language(lang) => languages::french(*lang),
        other => name(other, Lang::FRENCH),
    }
}

fn quote(text: &str) -> String {
    format!("«\u{a0}{text}\u{a0}»")
}
