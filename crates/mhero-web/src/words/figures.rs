//! Figures as languages write them: 1,106 and 31 %, with a narrow space that does not break.

use fluent_templates::fluent_bundle::FluentValue;
use mhero_core::Lang;

use super::Words;

/// The narrow space that does not break: between French thousands, before `; ! ? %`.
pub(super) const NARROW: char = '\u{202f}';
/// The space that does not break: before a unit and a French colon.
pub(super) const FIRM: char = '\u{a0}';

/// Groups the digits of counts inside texts.
pub(super) fn in_english<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    whole(value).map(|count| grouped(count, ","))
}

/// As [`in_english`], with the French separator.
pub(super) fn in_french<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    whole(value).map(|count| grouped(count, "\u{202f}"))
}

fn whole(value: &FluentValue<'_>) -> Option<i64> {
    match value {
        // Counts come from i64; a float holds them exactly up to 2^53.
        FluentValue::Number(number) if number.value.fract() == 0.0 => format!("{:.0}", number.value).parse().ok(),
        _ => None,
    }
}

fn grouped(count: i64, separator: &str) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * separator.len() + 1);
    if count < 0 {
        out.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push_str(separator);
        }
        out.push(digit);
    }
    out
}

impl Words {
    /// A count: 1,106 or 1 106.
    pub fn count(&self, count: i64) -> String {
        grouped(count, if self.lang() == Lang::FRENCH { "\u{202f}" } else { "," })
    }

    /// A share of a whole with one decimal: 44.8 %. Nothing of nothing is a dash.
    pub fn share(&self, part: i64, whole: i64) -> String {
        if whole <= 0 {
            return "–".to_owned();
        }
        let tenths = (i128::from(part) * 1_000 + i128::from(whole) / 2) / i128::from(whole);
        let point = if self.lang() == Lang::ENGLISH { '.' } else { ',' };
        format!("{}{point}{}{NARROW}%", tenths / 10, tenths % 10)
    }

    /// How long something takes, roughly: "40 s", "3 min", "2 h 10".
    pub fn span(&self, seconds: i64) -> String {
        let seconds = seconds.max(0);
        match seconds {
            0..60 => format!("{seconds}{FIRM}s"),
            60..3_600 => format!("{}{FIRM}min", seconds / 60),
            3_600..86_400 => format!("{}{FIRM}h{FIRM}{:02}", seconds / 3_600, seconds / 60 % 60),
            _ => self.with("n-days", &[("n", super::Arg::Count(seconds / 86_400))]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_shares_and_spans() {
        let (en, fr) = (Words::of(Lang::ENGLISH), Words::of(Lang::FRENCH));
        for (count, english) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "−1,000")]
        {
            assert_eq!(en.count(count), english);
        }
        assert_eq!(fr.count(1_106), "1\u{202f}106");
        assert_eq!(en.share(31, 100), "31.0\u{202f}%");
        assert_eq!(fr.share(1_748, 3_898), "44,8\u{202f}%");
        assert_eq!(en.share(1, 0), "–");
        assert_eq!(en.span(11_400), "3\u{a0}h\u{a0}10");
        assert_eq!(en.span(59), "59\u{a0}s");
    }
}
