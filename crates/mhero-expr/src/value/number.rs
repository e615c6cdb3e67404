//! Decimal numbers of at most 36 significant digits.

use std::{cmp::Ordering, fmt};

use bigdecimal::{BigDecimal, RoundingMode, Signed, ToPrimitive, Zero, num_bigint::BigInt};

use crate::{
    error::ExprError,
    limits::{DIGITS_MAX, DIVISION_PLACES, EXPONENT_MAX, MAGNITUDE_MAX},
};

/// The bytes of a number as written, zeros before and behind it included.
const WRITTEN_LENGTH_MAX: usize = 500;

/// A decimal number, always within the limits and without zeros at the end of its fraction.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(BigDecimal);

impl Number {
    /// Takes a decimal.
    ///
    /// # Errors
    /// [`ExprError::ResultRange`] when it has more than 36 significant digits or is over 1e100 or under 1e-100.
    pub fn new(decimal: &BigDecimal) -> Result<Self, ExprError> {
        let number = if decimal.is_zero() { BigDecimal::zero() } else { decimal.normalized() };
        let (digits, (_, scale)) = (number.digits(), number.as_bigint_and_exponent());
        let magnitude = i64::try_from(digits).unwrap_or(i64::MAX).saturating_sub(1).saturating_sub(scale);
        if digits > DIGITS_MAX || magnitude.abs() > MAGNITUDE_MAX {
            return Err(ExprError::ResultRange);
        }
        Ok(Self(number))
    }

    /// Reads digits with at most one point and a minus sign before them: `-12.5`, `.5`. No exponent, no plus.
    ///
    /// # Errors
    /// [`ExprError::Convert`] when it is written in another way, [`ExprError::NumberRange`] when it is out of range.
    pub fn parse(text: &str) -> Result<Self, ExprError> {
        let (whole, fraction) = text.strip_prefix('-').unwrap_or(text).split_once('.').unwrap_or_else(|| {
            let whole = text.strip_prefix('-').unwrap_or(text);
            (whole, whole)
        });
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.is_empty() {
            return Err(ExprError::Convert { value: format!("{text:?}"), to: "a number" });
        }
        let range = || ExprError::NumberRange { number: text.chars().take(200).collect() };
        // Nothing so long is in range, and reading it takes long.
        let short = Some(text).filter(|text| text.len() <= WRITTEN_LENGTH_MAX);
        short.and_then(|text| text.parse().ok()).and_then(|n| Self::new(&n).ok()).ok_or_else(range)
    }

    /// The decimal.
    pub const fn decimal(&self) -> &BigDecimal {
        &self.0
    }

    /// The whole part.
    ///
    /// # Errors
    /// [`ExprError::IntegerRange`] when it does not fit 64 bits.
    pub fn to_integer(&self) -> Result<i64, ExprError> {
        self.0.to_i64().ok_or_else(|| ExprError::IntegerRange { number: self.to_string() })
    }

    /// The sum.
    ///
    /// # Errors
    /// [`ExprError::ResultRange`], as all that follow.
    pub fn plus(&self, other: &Self) -> Result<Self, ExprError> {
        Self::new(&(&self.0 + &other.0))
    }

    /// The difference.
    ///
    /// # Errors
    /// As [`Number::plus`].
    pub fn minus(&self, other: &Self) -> Result<Self, ExprError> {
        Self::new(&(&self.0 - &other.0))
    }

    /// The product.
    ///
    /// # Errors
    /// As [`Number::plus`].
    pub fn times(&self, other: &Self) -> Result<Self, ExprError> {
        Self::new(&(&self.0 * &other.0))
    }

    /// The quotient to 16 places.
    ///
    /// # Errors
    /// [`ExprError::DivisionByZero`], or as [`Number::plus`].
    pub fn over(&self, other: &Self) -> Result<Self, ExprError> {
        if other.0.is_zero() {
            return Err(ExprError::DivisionByZero);
        }
        Self::new(&shortened(&(&self.0 / &other.0)))
    }

    /// What is left of a division, with the sign of this number.
    ///
    /// # Errors
    /// As [`Number::over`].
    pub fn modulo(&self, other: &Self) -> Result<Self, ExprError> {
        if other.0.is_zero() {
            return Err(ExprError::DivisionByZero);
        }
        Self::new(&(&self.0 % &other.0))
    }

    /// This number to a power of at most 100. What has too many digits is given to 16 places, and a root that is not a square
    /// root to 15 digits.
    ///
    /// # Errors
    /// [`ExprError::ResultRange`] also for larger exponents and for roots of negative numbers.
    pub fn power(&self, exponent: &Self) -> Result<Self, ExprError> {
        let whole = exponent.0.with_scale_round(0, RoundingMode::Down);
        let steps = whole.to_i64().filter(|n| n.abs() <= EXPONENT_MAX).ok_or(ExprError::ResultRange)?;
        let fraction = &exponent.0 - &whole;
        if exponent.0.abs() > EXPONENT_MAX {
            return Err(ExprError::ResultRange);
        }
        let mut product = whole_power(&self.0, steps.unsigned_abs());
        if !fraction.is_zero() {
            product *= root(&self.0, &fraction.abs()).ok_or(ExprError::ResultRange)?;
            product = shortened(&product);
        }
        match exponent.0.is_negative() {
            true if product.is_zero() => Err(ExprError::DivisionByZero),
            true => Self::new(&shortened(&(BigDecimal::from(1) / product))),
            false => Self::new(&product).or_else(|_| Self::new(&shortened(&product))),
        }
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self(-&self.0)
    }

    /// The number without its sign.
    #[must_use]
    pub fn absolute(&self) -> Self {
        Self(self.0.abs())
    }

    /// Rounded to decimal places, halves away from zero. Negative places round before the point.
    #[must_use]
    pub fn rounded(&self, places: i64) -> Self {
        self.scaled(places, RoundingMode::HalfUp)
    }

    /// The next number above with so many places, or this one.
    #[must_use]
    pub fn rounded_up(&self, places: i64) -> Self {
        self.scaled(places, RoundingMode::Ceiling)
    }

    /// The next number below with so many places, or this one.
    #[must_use]
    pub fn rounded_down(&self, places: i64) -> Self {
        self.scaled(places, RoundingMode::Floor)
    }

    /// The number with exactly so many places, or with those it has, digits grouped by threes or not.
    pub fn formatted(&self, places: Option<i64>, grouping: &str, decimal: &str) -> String {
        let plain = match places {
            Some(n) => self.0.with_scale_round(n, RoundingMode::HalfUp).to_plain_string(),
            None => self.to_string(),
        };
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |d| ("-", d));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut text = sign.to_owned();
        for (n, digit) in whole.chars().enumerate() {
            if n > 0 && (whole.len() - n).is_multiple_of(3) {
                text.push_str(grouping);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(decimal);
            text.push_str(fraction);
        }
        text
    }

    fn scaled(&self, places: i64, mode: RoundingMode) -> Self {
        let (_, scale) = self.0.as_bigint_and_exponent();
        // Far outside its digits a number does not change, or becomes the nearest bound: nothing to compute with.
        let places = places.clamp(-MAGNITUDE_MAX - 1, 2 * MAGNITUDE_MAX);
        if places >= scale {
            return self.clone();
        }
        let rounded = self.0.with_scale_round(places, mode).normalized();
        Self(if rounded.is_zero() { BigDecimal::zero() } else { rounded })
    }
}

/// Sixteen places, and no more than 36 digits.
fn shortened(number: &BigDecimal) -> BigDecimal {
    let rounded = number.with_scale_round(DIVISION_PLACES, RoundingMode::HalfUp);
    let over = rounded.normalized().digits().saturating_sub(DIGITS_MAX);
    let places = DIVISION_PLACES.saturating_sub(i64::try_from(over).unwrap_or(DIVISION_PLACES));
    if over == 0 { rounded } else { number.with_scale_round(places, RoundingMode::HalfUp) }
}

fn whole_power(base: &BigDecimal, exponent: u64) -> BigDecimal {
    (0..exponent).fold(BigDecimal::from(1), |product, _| product * base)
}

/// A positive number to a power between zero and one; `None` for negative ones.
fn root(base: &BigDecimal, fraction: &BigDecimal) -> Option<BigDecimal> {
    if base.is_negative() {
        return None;
    }
    if *fraction == BigDecimal::new(BigInt::from(5), 1) {
        return Some(base.sqrt()?.with_scale_round(DIVISION_PLACES + 4, RoundingMode::HalfUp));
    }
    let estimate = base.to_f64()?.powf(fraction.to_f64()?);
    format!("{estimate:.14e}").parse().ok()
}

impl From<i64> for Number {
    fn from(n: i64) -> Self {
        Self(BigDecimal::from(n).normalized())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_plain_string())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Number {
    /// The order as the language compares: -1, 0 or 1.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
