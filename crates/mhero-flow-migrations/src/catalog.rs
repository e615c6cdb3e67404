//! Where templates stand in a definition, by version.

use crate::Version;

/// A kind of text that may hold expressions: the path from its action or router to it.
pub(crate) struct Place {
    /// The type of the action.
    pub kind: &'static str,
    /// Steps from the action; `*` is each item of a list or each value of an object.
    pub path: &'static [&'static str],
    /// The first version that has it.
    since: Version,
    /// The first version that has it no longer.
    until: Version,
}

const START: Version = Version::FIRST;
const END: Version = Version::new(u16::MAX, 0, 0);

const fn always(kind: &'static str, path: &'static [&'static str]) -> Place {
    Place { kind, path, since: START, until: END }
}

const fn since(version: Version, kind: &'static str, path: &'static [&'static str]) -> Place {
    Place { kind, path, since: version, until: END }
}

const fn until(version: Version, kind: &'static str, path: &'static [&'static str]) -> Place {
    Place { kind, path, since: START, until: version }
}

/// Templates in actions.
const ACTIONS: &[Place] = &[
    always("add_contact_groups", &["groups", "*", "name_match"]),
    always("add_contact_urn", &["path"]),
    always("add_input_labels", &["labels", "*", "name_match"]),
    always("call_classifier", &["input"]),
    since(Version::new(14, 0, 0), "call_llm", &["input"]),
    since(Version::new(14, 0, 0), "call_llm", &["instructions"]),
    always("call_webhook", &["body"]),
    always("call_webhook", &["headers", "*"]),
    always("call_webhook", &["url"]),
    always("open_ticket", &["assignee", "email"]),
    until(Version::new(14, 2, 0), "open_ticket", &["body"]),
    since(Version::new(14, 2, 0), "open_ticket", &["note"]),
    always("play_audio", &["audio_url"]),
    always("remove_contact_groups", &["groups", "*", "name_match"]),
    always("say_msg", &["text"]),
    always("send_broadcast", &["attachments", "*"]),
    always("send_broadcast", &["contact_query"]),
    always("send_broadcast", &["groups", "*", "name_match"]),
    always("send_broadcast", &["legacy_vars", "*"]),
    always("send_broadcast", &["quick_replies", "*"]),
    since(Version::new(14, 3, 1), "send_broadcast", &["template_variables", "*"]),
    always("send_broadcast", &["text"]),
    always("send_email", &["addresses", "*"]),
    always("send_email", &["body"]),
    always("send_email", &["subject"]),
    always("send_msg", &["attachments", "*"]),
    always("send_msg", &["quick_replies", "*"]),
    until(Version::new(13, 4, 0), "send_msg", &["templating", "variables", "*"]),
    until(Version::new(13, 3, 0), "send_msg", &["templating", "components", "*", "params", "*"]),
    Place {
        kind: "send_msg",
        path: &["templating", "components", "*", "params", "*"],
        since: Version::new(13, 4, 0),
        until: Version::new(13, 5, 0),
    },
    since(Version::new(13, 5, 0), "send_msg", &["template_variables", "*"]),
    always("send_msg", &["text"]),
    always("set_contact_field", &["value"]),
    always("set_contact_language", &["language"]),
    always("set_contact_name", &["name"]),
    always("set_contact_timezone", &["timezone"]),
    since(Version::new(14, 0, 0), "set_run_local", &["value"]),
    always("set_run_result", &["value"]),
    always("start_session", &["contact_query"]),
    always("start_session", &["groups", "*", "name_match"]),
    always("start_session", &["legacy_vars", "*"]),
];

/// Templates in routers, whatever their type.
pub(crate) const ROUTER: &[&[&str]] = &[&["operand"], &["cases", "*", "arguments", "*"], &["wait", "phone"]];

/// The places of templates in an action of a type at a version.
pub(crate) fn action_places(kind: &str, version: Version) -> impl Iterator<Item = &'static [&'static str]> {
    ACTIONS
        .iter()
        .filter(move |place| place.kind == kind && (place.since..place.until).contains(&version))
        .map(|place| place.path)
}

/// The places of templates in an action of a type, or in a router, at a version: `.groups[*].name_match`, `.headers.*`.
pub fn template_places(kind: &str, router: bool, version: Version) -> Vec<String> {
    let written = |path: &[&str]| {
        let mut out = String::new();
        for step in path {
            match *step {
                // Headers are the one object whose values are all templates.
                "*" if out.ends_with(".headers") => out.push_str(".*"),
                "*" => out.push_str("[*]"),
                name => out.extend([".", name]),
            }
        }
        out
    };
    if router {
        return ROUTER.iter().map(|path| written(path)).collect();
    }
    action_places(kind, version).map(written).collect()
}
