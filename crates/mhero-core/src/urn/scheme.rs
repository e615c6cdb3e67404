//! The schemes of addresses, and what a path of each looks like.

/// A scheme that flows know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrnScheme {
    /// The part before the colon.
    pub prefix: &'static str,
    /// What people call it.
    pub name: &'static str,
    shape: Shape,
}

/// What a path looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// An E.164 number with its plus sign, or a short code or sender id of small letters and digits.
    Phone,
    /// Digits only.
    Digits,
    /// `ref:` and letters, or digits only.
    DigitsOrRef,
    /// Letters, digits and underscores, at most this many.
    Handle(usize),
    /// Letters, digits and the signs of Base64, at most this many.
    Base64(usize),
    /// A name, an at sign and a domain.
    Email,
    /// Digits of a phone number without plus sign, or a business-scoped id.
    WhatsApp,
    /// A business-scoped id: a country in capitals, a point, letters and digits.
    BusinessScoped,
    /// Two UUIDs with a slash between.
    UuidPair,
    /// 24 letters or digits, then perhaps a colon and an email address.
    WebChat,
    /// Anything that is not empty.
    Anything,
}

/// Most digits of a phone number (E.164), and fewest that are one with its calling code.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// Most characters of a short code or sender id.
const SENDER_CHARS_MAX: usize = 64;
/// Most characters of a business-scoped id behind its country.
const BUSINESS_SCOPED_CHARS_MAX: usize = 128;
/// Characters of a web chat's id.
const WEBCHAT_CHARS: usize = 24;

const fn scheme(prefix: &'static str, name: &'static str, shape: Shape) -> UrnScheme {
    UrnScheme { prefix, name, shape }
}

impl UrnScheme {
    /// Phone numbers.
    pub const TEL: Self = scheme("tel", "Phone", Shape::Phone);

    /// Every scheme that a contact may have, by prefix.
    pub const ALL: &'static [Self] = &[
        scheme("bsuid", "WhatsApp BSUID", Shape::BusinessScoped),
        scheme("discord", "Discord", Shape::Digits),
        scheme("ext", "External", Shape::Anything),
        scheme("facebook", "Facebook", Shape::DigitsOrRef),
        scheme("fcm", "Firebase", Shape::Anything),
        scheme("freshchat", "Freshchat", Shape::UuidPair),
        scheme("instagram", "Instagram", Shape::Digits),
        scheme("jiochat", "JioChat", Shape::Digits),
        scheme("line", "LINE", Shape::Handle(36)),
        scheme("mailto", "Email", Shape::Email),
        scheme("rocketchat", "RocketChat", Shape::Anything),
        scheme("slack", "Slack", Shape::Handle(64)),
        Self::TEL,
        scheme("telegram", "Telegram", Shape::Digits),
        scheme("twitter", "Twitter", Shape::Handle(15)),
        scheme("twitterid", "Twitter ID", Shape::Digits),
        scheme("viber", "Viber", Shape::Base64(24)),
        scheme("vk", "VK", Shape::Digits),
        scheme("webchat", "WebChat", Shape::WebChat),
        scheme("wechat", "WeChat", Shape::Anything),
        scheme("whatsapp", "WhatsApp", Shape::WhatsApp),
    ];

    /// The scheme of a prefix in small letters.
    pub fn of(prefix: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|scheme| scheme.prefix == prefix)
    }

    /// Whether a path, as it is kept, is one of this scheme.
    pub fn fits(&self, path: &str) -> bool {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match self.shape {
            Shape::Phone => match path.strip_prefix('+') {
                Some(number) => digits(number) && PHONE_DIGITS.contains(&number.len()),
                None => {
                    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
                    (1..=SENDER_CHARS_MAX).contains(&path.len()) && path.bytes().all(fits)
                }
            },
            Shape::Digits => digits(path),
            Shape::DigitsOrRef => match path.strip_prefix("ref:") {
                Some(reference) => is_handle(reference, usize::MAX),
                None => digits(path),
            },
            Shape::Handle(most) => is_handle(path, most),
            Shape::Base64(most) => {
                let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'=' | b'/' | b'+');
                (1..=most).contains(&path.len()) && path.bytes().all(fits)
            }
            Shape::Email => is_email(path),
            Shape::WhatsApp => (digits(path) && path.len() <= *PHONE_DIGITS.end()) || is_business_scoped(path),
            Shape::BusinessScoped => is_business_scoped(path),
            Shape::UuidPair => {
                path.split_once('/').is_some_and(|(one, two)| [one, two].into_iter().all(is_hyphenated_uuid))
            }
            Shape::WebChat => {
                let (id, email) = path.split_once(':').map_or((path, None), |(id, email)| (id, Some(email)));
                id.len() == WEBCHAT_CHARS && id.bytes().all(|b| b.is_ascii_alphanumeric()) && email.is_none_or(is_email)
            }
            Shape::Anything => !path.is_empty(),
        }
    }
}

fn is_handle(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn is_hyphenated_uuid(text: &str) -> bool {
    text.len() == uuid::fmt::Hyphenated::LENGTH && uuid::Uuid::try_parse(text).is_ok()
}

fn is_business_scoped(path: &str) -> bool {
    path.split_once('.').is_some_and(|(country, id)| {
        country.len() == 2
            && country.bytes().all(|b| b.is_ascii_uppercase())
            && (1..=BUSINESS_SCOPED_CHARS_MAX).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// Whether a text looks like an email address: one at sign, a name before it, labels with points between behind it.
fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let in_name = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    !name.is_empty() && name.chars().all(in_name) && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_stand_in_the_order_of_their_prefixes() {
        assert!(UrnScheme::ALL.is_sorted_by_key(|scheme| scheme.prefix));
        assert_eq!(UrnScheme::of("mailto").map(|scheme| scheme.name), Some("Email"));
        assert_eq!(UrnScheme::of("xyz"), None);
    }

    #[test]
    fn paths_fit_their_scheme() {
        for (prefix, good, bad) in [
            ("tel", "+231770000001", "+123"),
            ("tel", "mtn", "MTN"),
            ("line", "Uf85b", "a b"),
            ("telegram", "1234", "12a"),
            ("mailto", "a.b+c@health.example", "a@b@c"),
            ("facebook", "ref:promo_1", "promo"),
            ("whatsapp", "231770000001", "+231770000001"),
        ] {
            let scheme = UrnScheme::of(prefix).expect(prefix);
            assert!(scheme.fits(good) && !scheme.fits(bad) && !scheme.fits(""), "{prefix}");
        }
    }
}
