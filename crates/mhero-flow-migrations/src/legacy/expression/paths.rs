//! The context of version 11 and where its values stand in the current one.

use super::code::{Code, Kind, Operator, in_name, quoted, starts_name};

/// The names that started an expression after an `@`.
const TOP_LEVELS: [&str; 8] = ["channel", "child", "contact", "date", "extra", "flow", "parent", "step"];

/// Properties of a contact that are no fields of the installation.
const ATTRIBUTES: [&str; 7] = ["uuid", "id", "name", "first_name", "language", "created_on", "urn"];

/// The schemes of addresses that version 11 had; what came later was a field then.
pub(in crate::legacy) const SCHEMES: [&str; 15] = [
    "tel",
    "facebook",
    "twitter",
    "twitterid",
    "viber",
    "telegram",
    "mailto",
    "ext",
    "jiochat",
    "line",
    "wechat",
    "fcm",
    "whatsapp",
    "freshchat",
    "vk",
];

/// Whether a name, in any letter case, was a top level.
pub(super) fn is_top_level(name: &str) -> bool {
    TOP_LEVELS.iter().any(|top| top.eq_ignore_ascii_case(name))
}

/// The value that an old path stands for; `None` when it is no path. With `raw_dates`, `date.today` and its neighbours are
/// dates instead of their text.
pub(super) fn rewrite(path: &str, raw_dates: bool) -> Option<Code> {
    let path = path.to_lowercase();
    let steps: Vec<&str> = path.trim_end_matches('.').split('.').collect();
    if steps.iter().any(|step| step.is_empty()) {
        return None;
    }
    let (top, rest) = steps.split_first()?;
    Some(match (*top, rest) {
        ("contact", rest) | ("flow" | "step", ["contact", rest @ ..]) => contact(&[], rest),
        ("child" | "parent", ["contact", rest @ ..]) => contact(&[top], rest),
        ("flow", rest) => result(&["results"], rest),
        ("child" | "parent", rest) => result(&[top, "results"], rest),
        ("extra", ["flow", rest @ ..]) => result(&["parent", "results"], rest),
        ("extra", rest) => dotted(&["legacy_extra"], rest),
        ("step", rest) => step(rest),
        ("date", rest) => date(rest, raw_dates),
        ("channel", [] | ["tel" | "tel_e164" | "address"]) => dotted(&["contact", "channel", "address"], &[]),
        ("channel", rest) => dotted(&["contact", "channel"], rest),
        (_, _) => dotted(&[top], rest),
    })
}

/// A property of the contact, or of the contact of another run.
fn contact(of: &[&str], rest: &[&str]) -> Code {
    let below = |place: &[&str], rest: &[&str]| dotted(&[of, place].concat(), rest);
    let parts = |scheme: &str| Code::call("urn_parts", [below(&["urns", scheme], &[])]);
    let path_or_nothing = |scheme: &str| Code::call("default", [property(&parts(scheme), "path"), Code::literal("")]);
    match rest {
        [] => below(&["contact"], &[]),
        ["groups"] => Code::call("join", [below(&["contact", "groups"], &[]), Code::literal(",")]),
        ["tel_e164"] => path_or_nothing("tel"),
        [attribute, ..] if ATTRIBUTES.contains(attribute) => below(&["contact"], rest),
        [scheme, rest @ ..] if SCHEMES.contains(scheme) => match rest {
            ["urn"] => below(&["urns", scheme], &[]),
            ["scheme"] => property(&parts(scheme), "scheme"),
            ["path"] => property(&parts(scheme), "path"),
            [] if *scheme != "tel" => path_or_nothing(scheme),
            [] | ["display"] => Code::call("format_urn", [below(&["urns", scheme], &[])]),
            rest => below(&["urns", scheme], rest),
        },
        field => below(&["fields"], field),
    }
}

/// A result of a run.
fn result(of: &[&str], rest: &[&str]) -> Code {
    let [key, property, rest @ ..] = rest else { return dotted(of, rest) };
    let property = match *property {
        "category" => "category_localized",
        "text" => "input",
        "time" => "created_on",
        other => other,
    };
    dotted(of, &[&[*key, property], rest].concat())
}

/// What the contact answered.
fn step(rest: &[&str]) -> Code {
    match rest {
        [] | ["value"] => dotted(&["input"], &[]),
        ["time"] => dotted(&["input", "created_on"], &[]),
        ["attachments"] => {
            let all = dotted(&["input", "attachments"], &[]);
            let parts = Code::call("foreach", [all, dotted(&["attachment_parts"], &[])]);
            Code::call("foreach", [parts, dotted(&["extract"], &[]), Code::literal("url")])
        }
        ["attachments", n] if n.bytes().all(|b| b.is_ascii_digit()) => {
            let one = Code::atom(format!("input.attachments[{n}]"), Kind::Unknown);
            property(&Code::call("attachment_parts", [one]), "url")
        }
        rest => dotted(&["input"], rest),
    }
}

/// The clock.
fn date(rest: &[&str], raw_dates: bool) -> Code {
    let now = || Code::call("now", []).of_kind(Kind::DateTime);
    let text = |date: Code| if raw_dates { date } else { Code::call("format_date", [date]) };
    let other_day = |days| text(Code::call("datetime_add", [now(), Code::integer(days), Code::literal("D")]));
    match rest {
        [] | ["now"] => now(),
        ["today"] => text(Code::call("today", [])).of_kind(Kind::Date),
        ["tomorrow"] => other_day(1).of_kind(Kind::Date),
        ["yesterday"] => other_day(-1).of_kind(Kind::Date),
        rest => dotted(&["date"], rest),
    }
}

/// A path of the current context. What can't be a name, such as `2factor`, becomes an index.
fn dotted(place: &[&str], rest: &[&str]) -> Code {
    let mut text = place.join(".");
    let mut is_path = true;
    for step in rest {
        if is_name(step) {
            text.push('.');
            text.push_str(step);
        } else {
            is_path = false;
            text.push_str(&format!("[{}]", quoted(step)));
        }
    }
    Code::path(text, is_path)
}

fn property(of: &Code, name: &str) -> Code {
    Code::atom(format!("{}.{name}", of.text), Kind::Unknown)
}

fn is_name(step: &str) -> bool {
    step.chars().next().is_some_and(starts_name) && step.chars().all(in_name)
}

/// The minutes since midnight of a time, as there is no other way to add a time to an instant.
pub(super) fn minutes_of(time: &Code) -> Code {
    let part = |layout: &str| Code::call("format_time", [time.clone(), Code::literal(layout)]);
    let hours = Code::infix(Operator::Multiply, part("tt"), Code::integer(60));
    Code::infix(Operator::Add, hours, part("m"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_places_have_new_ones() {
        for (old, new) in [
            ("Contact.First_Name", "contact.first_name"),
            ("contact.whatsapp.display", "format_urn(urns.whatsapp)"),
            ("child.contact.age", "child.fields.age"),
            ("flow.contact.tel", "format_urn(urns.tel)"),
            ("step.attachments.0", "attachment_parts(input.attachments[0]).url"),
            ("extra.flow.role.category", "parent.results.role.category_localized"),
            ("extra.results.1.state", "legacy_extra.results[\"1\"].state"),
            ("channel.tel_e164", "contact.channel.address"),
            ("date.yesterday", "format_date(datetime_add(now(), -1, \"D\"))"),
            ("nobody.knows", "nobody.knows"),
        ] {
            assert_eq!(rewrite(old, false).unwrap().text, new, "{old}");
        }
        assert_eq!(rewrite("contact..name", false), None);
    }
}
