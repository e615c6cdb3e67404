//! What a page asks for a bot on Telegram.

use mhero_app::ports::{Field, Shape};

/// Its settings, the needed ones first.
pub(super) const FIELDS: &[Field] = &[
    Field::must("token").secret(),
    Field::may("mode").choice(&["poll", "webhook"]).first(),
    Field::may("callback").shaped(Shape::Address),
    Field::may("secret").secret(),
    Field::may("base_url").shaped(Shape::Address),
    Field::may("timeout").number(1, 120, "30"),
];
