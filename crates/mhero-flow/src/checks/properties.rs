//! What the names in expressions have, so that a slip is seen before anybody gets a text with a hole.

/// What a value holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// No parts, or parts that nobody can know beforehand.
    Anything,
    /// These properties.
    These(&'static [(&'static str, Self)]),
    /// Any key, each holding this.
    Each(&'static Self),
}

use Holds::{Anything, Each, These};

const CHANNEL: Holds = These(&[("uuid", Anything), ("name", Anything), ("address", Anything)]);
const FLOW: Holds = These(&[("uuid", Anything), ("name", Anything), ("revision", Anything)]);
const FIELDS: Holds = Each(&Anything);
const RESULT: Holds = These(&[
    ("name", Anything),
    ("value", Anything),
    ("values", Anything),
    ("category", Anything),
    ("categories", Anything),
    ("category_localized", Anything),
    ("categories_localized", Anything),
    ("input", Anything),
    ("extra", Anything),
    ("node_uuid", Anything),
    ("created_on", Anything),
]);
const RESULTS: Holds = Each(&RESULT);

const CONTACT: Holds = These(&[
    ("uuid", Anything),
    ("id", Anything),
    ("ref", Anything),
    ("first_name", Anything),
    ("name", Anything),
    ("language", Anything),
    ("status", Anything),
    ("timezone", Anything),
    ("created_on", Anything),
    ("last_seen_on", Anything),
    ("urns", Anything),
    ("urn", Anything),
    ("groups", Anything),
    ("fields", FIELDS),
    ("channel", CHANNEL),
    ("tickets", Anything),
]);

const RELATED: Holds = These(&[
    ("uuid", Anything),
    ("contact", CONTACT),
    ("flow", FLOW),
    ("fields", FIELDS),
    ("urns", Anything),
    ("results", RESULTS),
    ("run", Anything),
    ("status", Anything),
]);

const ROOT: &[(&str, Holds)] = &[
    ("contact", CONTACT),
    ("fields", FIELDS),
    ("urns", Anything),
    ("locals", Each(&Anything)),
    ("results", RESULTS),
    (
        "input",
        These(&[
            ("uuid", Anything),
            ("type", Anything),
            ("created_on", Anything),
            ("channel", CHANNEL),
            ("urn", Anything),
            ("text", Anything),
            ("attachments", Anything),
            ("external_id", Anything),
            ("payload", Anything),
        ]),
    ),
    (
        "run",
        These(&[
            ("uuid", Anything),
            ("contact", CONTACT),
            ("flow", FLOW),
            ("status", Anything),
            ("locals", Each(&Anything)),
            ("results", RESULTS),
            ("path", Anything),
            ("created_on", Anything),
            ("exited_on", Anything),
        ]),
    ),
    ("child", RELATED),
    ("parent", RELATED),
    (
        "ticket",
        These(&[
            ("uuid", Anything),
            ("topic", Anything),
            ("assignee", Anything),
            ("subject", Anything),
            ("body", Anything),
        ]),
    ),
    ("webhook", These(&[("status", Anything), ("headers", Anything), ("json", Anything)])),
    ("node", These(&[("uuid", Anything), ("categories", Anything), ("visit_count", Anything)])),
    ("globals", Each(&Anything)),
    (
        "trigger",
        These(&[
            ("type", Anything),
            ("params", Anything),
            ("keyword", Anything),
            ("user", Anything),
            ("origin", Anything),
            ("ticket", Anything),
            ("campaign", Anything),
            ("optin", Anything),
        ]),
    ),
    ("resume", These(&[("type", Anything), ("dial", Anything)])),
];

/// The length of the path up to the first step that its subject does not have. `None` when all is there, or can't be known.
pub(super) fn first_unknown(steps: &[String]) -> Option<usize> {
    let mut holds = These(ROOT);
    for (n, step) in steps.iter().enumerate() {
        holds = match holds {
            Anything => return None,
            Each(inner) => *inner,
            These(properties) => match properties.iter().find(|(name, _)| name == step) {
                Some((_, inner)) => *inner,
                // Names that are no top levels are told of as expressions that can't be evaluated.
                None => return (n > 0).then_some(n + 1),
            },
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_where_it_stands() {
        let at = |path: &str| first_unknown(&path.split('.').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(at("contact.fist_name"), Some(2));
        assert_eq!(at("parent.contact.fields.age"), None);
        assert_eq!(at("results.color.valeu"), Some(3));
        assert_eq!(at("webhook.json.anything.at.all"), None);
        assert_eq!(at("nobody.knows"), None);
    }
}
