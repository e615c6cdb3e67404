//! What a page asks for a Kannel channel.

use mhero_app::ports::{Field, Shape};

use crate::http::field;

/// Its settings, the needed ones first.
pub(super) const FIELDS: [Field; 16] = [
    Field::must("url").shaped(Shape::Address),
    Field::must("username"),
    Field::must("password").secret(),
    field::CALLBACK,
    Field::may("from").first(),
    Field::may("smsc"),
    Field::may("parts").choice(&["whole", "split"]),
    Field::may("use_national").choice(&["false", "true"]),
    Field::may("validity").number(1, 10_080, ""),
    Field::may("dlr_mask").number(0, 31, "27"),
    field::CONNECTIONS,
    field::TIMEOUT,
    Field::may("admin").shaped(Shape::Address),
    Field::may("admin_password").secret(),
    field::ALLOW,
    field::SECRET,
];
