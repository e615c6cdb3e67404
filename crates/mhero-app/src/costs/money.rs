//! Amounts: micro-units as people write and read them.

/// Micro-units of one unit of a currency.
pub const MICROS: i64 = 1_000_000;
/// Largest amount, in micro-units: a thousand million units.
const AMOUNT_MAX: i64 = 1_000_000_000 * MICROS;
/// Digits after the point that a micro-unit has.
const DECIMALS: usize = 6;
/// Currencies whose smallest coin is the unit (ISO 4217).
const WITHOUT_CENTS: &[&str] =
    &["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"];

/// Digits after the point with which amounts of a currency are usually written: 2, or 0 where it has no cents.
pub fn minor_digits(currency: &str) -> usize {
    if WITHOUT_CENTS.contains(&currency) { 0 } else { 2 }
}

/// An amount as people write it, in micro-units; `None` for what is no amount, is below zero, has more than six decimals or is absurdly
/// large. Spaces and apostrophes group digits; of point and comma the last is the decimal one, but a comma before exactly three digits
/// groups unless the number begins with a zero.
///
/// ```
/// use mhero_app::costs::parse_micros;
/// assert_eq!(parse_micros("0.0125"), Some(12_500));
/// assert_eq!(parse_micros("0,02"), Some(20_000));
/// assert_eq!(parse_micros("1 250,50"), parse_micros("1,250.50"));
/// assert_eq!(parse_micros("1,250"), Some(1_250_000_000));
/// assert_eq!(parse_micros("-1"), None);
/// ```
pub fn parse_micros(text: &str) -> Option<i64> {
    let kept: String = text.trim().chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’')).collect();
    if kept.is_empty() || !kept.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) {
        return None;
    }
    let point = decimal_point(&kept);
    let (whole, decimals) = point.map_or((kept.as_str(), ""), |at| (&kept[..at], &kept[at + 1..]));
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let decimals = decimals.trim_end_matches('0');
    if decimals.len() > DECIMALS || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if whole.is_empty() && decimals.is_empty() && point.is_some() {
        return None;
    }
    let units: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let small: i64 = if decimals.is_empty() { 0 } else { format!("{decimals:0<6}").parse().ok()? };
    let micros = units.checked_mul(MICROS)?.checked_add(small)?;
    (micros <= AMOUNT_MAX).then_some(micros)
}

/// Where the decimal point stands.
fn decimal_point(text: &str) -> Option<usize> {
    let last = text.rfind(['.', ','])?;
    let sign = &text[last..=last];
    let is_alone = text.matches(['.', ',']).count() == 1;
    if !is_alone && text.matches(sign).count() > 1 {
        return None;
    }
    let is_grouping = sign == "," && is_alone && text.len() - last == 4 && last > 0 && !text.starts_with('0');
    (!is_grouping).then_some(last)
}

/// An amount in plain digits with a point, for files: at least so many decimals, at most six.
///
/// ```
/// use mhero_app::costs::plain;
/// assert_eq!((plain(12_500, 2), plain(20_000, 2), plain(3_000_000, 0)), ("0.0125".into(), "0.02".into(), "3".into()));
/// ```
pub fn plain(micros: i64, decimals: usize) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let (units, small) = (micros.unsigned_abs() / 1_000_000, micros.unsigned_abs() % 1_000_000);
    let mut digits = format!("{small:06}");
    while digits.len() > decimals && digits.ends_with('0') {
        digits.pop();
    }
    if digits.is_empty() { format!("{sign}{units}") } else { format!("{sign}{units}.{digits}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, micros) in [
            ("0", Some(0)),
            (".5", Some(500_000)),
            ("0,012", Some(12_000)),
            ("8 400", Some(8_400 * MICROS)),
            ("1.234.567,89", Some(1_234_567_890_000)),
            ("1,234,567", Some(1_234_567 * MICROS)),
            ("0.000001", Some(1)),
            ("0.0000001", None),
            ("", None),
            (".", None),
            ("12a", None),
            ("1e3", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(parse_micros(text), micros, "{text}");
        }
    }

    #[test]
    fn what_is_written_plainly_reads_as_the_same() {
        for micros in [0, 1, 999_999, 20_000, 12_345_678, 1_000_000] {
            assert_eq!(parse_micros(&plain(micros, 2)), Some(micros));
        }
    }
}
