//! Amounts as languages write them: 32.68 USD and 32,68 USD.

use mhero_app::costs::{MICROS, minor_digits, plain};
use mhero_core::Lang;

use crate::words::Words;

/// The space that does not break, before the code of the currency.
const FIRM: char = '\u{a0}';

/// An amount, rounded to the smallest coin; below one unit exactly, since a single SMS costs less than a coin.
pub(crate) fn amount(words: &Words, micros: i64, currency: &str) -> String {
    if micros.abs() < MICROS { exact(words, micros, currency) } else { rounded(words, micros, currency) }
}

/// An amount to its last digit, as prices are.
pub(crate) fn exact(words: &Words, micros: i64, currency: &str) -> String {
    written(words, &plain(micros, minor_digits(currency)), currency)
}

fn rounded(words: &Words, micros: i64, currency: &str) -> String {
    let digits = minor_digits(currency);
    let coin = if digits == 0 { MICROS } else { MICROS / 100 };
    let coins = (i128::from(micros.abs()) + i128::from(coin / 2)) / i128::from(coin);
    let whole = i64::try_from(coins * i128::from(coin)).unwrap_or(i64::MAX);
    let sign = if micros < 0 { -1 } else { 1 };
    written(words, &plain(whole * sign, digits), currency)
}

fn written(words: &Words, plain: &str, currency: &str) -> String {
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain, ""));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("−", whole));
    let whole = words.count(whole.parse().unwrap_or(0));
    let point = if words.lang() == Lang::ENGLISH { '.' } else { ',' };
    let decimals = if decimals.is_empty() { String::new() } else { format!("{point}{decimals}") };
    format!("{sign}{whole}{decimals}{FIRM}{currency}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_the_language_writes_them() {
        let (en, fr) = (Words::of(Lang::ENGLISH), Words::of(Lang::FRENCH));
        assert_eq!(amount(&en, 32_684_999, "USD"), "32.68\u{a0}USD");
        assert_eq!(amount(&fr, 1_234_565_000, "USD"), "1\u{202f}234,57\u{a0}USD");
        assert_eq!(amount(&en, 12_500, "USD"), "0.0125\u{a0}USD");
        assert_eq!(amount(&fr, 8_400_400_000, "GNF"), "8\u{202f}400\u{a0}GNF");
        assert_eq!(exact(&en, 20_000, "USD"), "0.02\u{a0}USD");
    }
}
