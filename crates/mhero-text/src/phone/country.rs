//! The country of a number.

/// The country of an international number, two capital letters. `None` for what is no international number, or belongs to no
/// country.
///
/// ```
/// use mhero_text::phone::country_of;
/// assert_eq!(country_of("+231770000001").as_deref(), Some("LR"));
/// assert_eq!(country_of("+12065551212").as_deref(), Some("US"));
/// assert_eq!(country_of("4636"), None);
/// ```
pub fn country_of(e164: &str) -> Option<String> {
    let digits = e164.strip_prefix('+')?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = phonenumber::parse(None, e164).ok()?;
    number.country().id().map(|id| id.as_ref().to_owned())
}
