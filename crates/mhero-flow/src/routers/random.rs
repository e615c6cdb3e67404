//! Routers that leave it to chance.

use mhero_expr::Number;

use super::{Choice, RouterContext};
use crate::definition::Router;

/// Bits of a fraction that a float holds exactly.
const FRACTION_BITS: u32 = 53;

/// One of the categories, each being as likely. The result's value is its place, and its input the fraction that chance gave.
pub(super) fn choose<'a>(context: &mut dyn RouterContext, router: &'a Router) -> Option<Choice<'a>> {
    let bits = context.world().chance().next() & ((1 << FRACTION_BITS) - 1);
    #[expect(clippy::cast_precision_loss, reason = "the fraction has as many bits as a float")]
    let fraction = bits as f64 / (1_u64 << FRACTION_BITS) as f64;
    let count = router.categories.len();
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
    let place = ((fraction * count as f64) as usize).min(count.checked_sub(1)?);
    let shown =
        Number::parse(&format!("{fraction}")).map_or_else(|_| fraction.to_string(), |number| number.to_string());
    Some(Choice {
        category: router.categories.get(place)?,
        value: place.to_string().into(),
        operand: shown.into(),
        extra: None,
    })
}
