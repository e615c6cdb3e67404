//! Phone numbers and e-mail addresses in text.

use std::sync::LazyLock;

use phonenumber::{Metadata, Mode, PhoneNumber, country::Id, metadata::DATABASE};
use regex::Regex;

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    let part = r"[\p{L}\p{N}][\p{L}\p{N}\p{M}\-]*";
    Regex::new(&format!(r"[\p{{L}}\p{{N}}\p{{M}}_.+\-%']*[\p{{L}}\p{{N}}\p{{M}}_+\-]@{part}(?:\.{part})+"))
        .expect("the pattern is a constant that a test reads")
});

/// A run that may be a phone number: digits with the signs that people put between them.
static DIALLED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\+?[0-9][0-9\s().\-/]*").expect("the pattern is a constant that a test reads"));

/// Fewer digits are no phone number anywhere.
const DIGITS_MIN: usize = 6;

/// More digits are none either (E.164 has 15, some people write 00 before them).
const DIGITS_MAX: usize = 17;

/// The first e-mail address in a text, as it is written there.
pub fn email(text: &str) -> Option<&str> {
    EMAIL.find(text).map(|found| found.as_str())
}

/// The first phone number in a text in E.164, a valid one rather than one that is only of a possible length. A number without a plus
/// sign is read as people of the country (two capital letters) dial it, else as an international one without its plus.
pub fn phone(text: &str, country: Option<&str>) -> Option<String> {
    let country: Option<Id> = country.and_then(|country| country.to_uppercase().parse().ok());
    let mut possible = None;
    for found in DIALLED.find_iter(text) {
        let Some(number) = dialled(found.as_str(), country) else { continue };
        if number.is_valid() {
            return Some(written(&number));
        }
        possible = possible.or(Some(number));
    }
    possible.as_ref().map(written)
}

fn written(number: &PhoneNumber) -> String {
    number.format().mode(Mode::E164).to_string()
}

fn dialled(run: &str, country: Option<Id>) -> Option<PhoneNumber> {
    let dialled: String = run.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let digits = dialled.trim_start_matches('+');
    if !(DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) {
        return None;
    }
    read(country, &dialled).or_else(|| {
        let international = read(None, &format!("+{digits}"));
        international.filter(|number| !dialled.starts_with('+') && number.is_valid())
    })
}

/// The number of a text of digits, if its length is possible in its country.
fn read(country: Option<Id>, dialled: &str) -> Option<PhoneNumber> {
    let number = phonenumber::parse(country, dialled).ok()?;
    let national = u16::try_from(number.national().to_string().len()).ok()?;
    let plans = DATABASE.by_code(&number.code().value())?;
    plans.iter().any(|plan| is_length(plan, national)).then_some(number)
}

/// Whether numbers of some type have so many digits in a plan.
fn is_length(plan: &Metadata, digits: u16) -> bool {
    let types = plan.descriptors();
    let all = [
        Some(types.general()),
        types.fixed_line(),
        types.mobile(),
        types.toll_free(),
        types.premium_rate(),
        types.shared_cost(),
        types.personal_number(),
        types.voip(),
        types.pager(),
        types.uan(),
        types.voicemail(),
    ];
    all.into_iter().flatten().any(|numbers| numbers.possible_length().contains(&digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_found_in_sentences() {
        for (text, country, expected) in [
            ("call 0770 000 001 please", Some("LR"), Some("+231770000001")),
            ("+231 77 000 0001", None, Some("+231770000001")),
            ("231770000001", Some("RW"), Some("+231770000001")),
            ("I am 30, call 0788123123", Some("RW"), Some("+250788123123")),
            ("since 12-05-2019: 0770000001", Some("LR"), Some("+231770000001")),
            ("10000", Some("LR"), None),
            ("none of your business", Some("LR"), None),
        ] {
            assert_eq!(phone(text, country).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn addresses_are_found_in_sentences() {
        assert_eq!(email("it is <ann.toe+x@moh.gov.lr>."), Some("ann.toe+x@moh.gov.lr"));
        assert_eq!(email("FOO@βήτα.whatzit"), Some("FOO@βήτα.whatzit"));
        assert_eq!((email("foo@bar"), email("foo @ bar . com")), (None, None));
    }
}
