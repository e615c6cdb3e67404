//! The country of a number.

use phonenumber::metadata::{DATABASE, Metadata};

use super::{plan::TYPES, plans};

/// Digits of the longest calling code.
const CODE_DIGITS_MAX: usize = 3;

/// The country of an international number, two capital letters. `None` for what is no international number, or belongs to no
/// country. Where several countries share a calling code, it is the one whose numbers look like this one.
///
/// ```
/// use mhero_text::phone::country_of;
/// assert_eq!(country_of("+231770000001"), Some("LR"));
/// assert_eq!(country_of("+12065551212"), Some("US"));
/// assert_eq!(country_of("+12044443333"), Some("CA"));
/// assert_eq!(country_of("4636"), None);
/// ```
pub fn country_of(e164: &str) -> Option<&'static str> {
    let digits = e164.strip_prefix('+')?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let all = |length: usize| {
        let code: u16 = digits.get(..length)?.parse().ok()?;
        Some((DATABASE.by_code(&code)?, digits.get(length..)?))
    };
    let (mut countries, national) = (1..=CODE_DIGITS_MAX).find_map(all)?;
    if let [only] = countries.as_slice() {
        return country(only);
    }
    countries.sort_by_key(|metadata| !metadata.is_main_country_for_code());
    countries.into_iter().find(|metadata| has(metadata, national)).and_then(country)
}

/// The letters of a country. Codes of no country, such as those of satellites, stand under `001`.
fn country(metadata: &'static Metadata) -> Option<&'static str> {
    Some(metadata.id()).filter(|id| id.bytes().all(|b| b.is_ascii_uppercase()))
}

/// Whether a number of a shared calling code is one of a country's.
fn has(metadata: &Metadata, national: &str) -> bool {
    if let Some(first) = metadata.leading_digits() {
        return plans::at_start(first.as_str(), national).is_some();
    }
    let mut types = TYPES.into_iter().filter_map(|of| metadata.descriptors().get(of));
    types.any(|descriptor| plans::fits_all(descriptor.national_number().as_str(), national))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shared_codes_are_told_apart() {
        for (number, country) in [
            ("+250788383383", Some("RW")),
            ("+77012345678", Some("KZ")),
            ("+79161234567", Some("RU")),
            ("+447400123456", Some("GB")),
            ("+18764561234", Some("JM")),
            ("+999", None),
            ("+", None),
        ] {
            assert_eq!(country_of(number), country, "{number}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in "\\+?[0-9é]{0,20}") {
            let _ = country_of(&text);
        }
    }
}
