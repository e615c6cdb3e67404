//! What one template and one evaluation may cost.

/// Characters of a template.
pub const TEMPLATE_LENGTH_MAX: usize = 10_000;

/// Brackets, function calls and minus signs inside each other, and steps of a path such as `a.b.c`.
pub const NESTING_MAX: usize = 100;

/// The height of a tree, and evaluations inside each other with those that anonymous functions start. More than twice
/// [`NESTING_MAX`], as an operator between two brackets is a step of its own; low enough for half the stack of a thread.
pub const DEPTH_MAX: usize = 250;

/// Items of an array that a function builds.
pub const ARRAY_ITEMS_MAX: usize = 10_000;

/// Characters that `repeat` gives.
pub const REPEAT_LENGTH_MAX: usize = 10_000;

/// The largest exponent, either sign.
pub const EXPONENT_MAX: i64 = 100;

/// Significant digits of a number.
pub const DIGITS_MAX: u64 = 36;

/// The largest and smallest power of ten of a number's first digit.
pub const MAGNITUDE_MAX: i64 = 100;

/// Decimal places that a division keeps.
pub const DIVISION_PLACES: i64 = 16;

/// The cost that one evaluation may run up: a text costs its bytes, any other value one.
pub const COST_MAX: u64 = 10_000_000;
