//! Codes and secrets, as apps for phones read them: SHA-1, six digits, 30 seconds, one step before and after. Some of these apps pass
//! over what asks for anything else.

use mhero_app::AppError;
use qrcode::{QrCode, render::svg};
use totp_rs::{Builder, Totp};

/// Octets of a secret: as many as SHA-1 gives (RFC 4226, 4 R6).
pub(super) const SECRET_BYTES: usize = 20;
/// Digits of a code.
const DIGITS: usize = 6;
/// The side of the picture, in pixels.
const PICTURE_PIXELS: u32 = 220;

/// The generator of a secret. `account` and `issuer` only name it on the phone.
pub(super) fn totp(secret: &[u8], account: &str, issuer: &str) -> Result<Totp, AppError> {
    // A colon parts the two on the phone.
    let plain = |text: &str| text.replace(':', " ");
    let built = Builder::new().with_secret(secret.to_vec()).with_account_name(plain(account));
    built.with_issuer(Some(plain(issuer))).build().map_err(|_| AppError::invalid("factor-secret-odd", []))
}

/// The step of 30 seconds whose code was typed, at an instant in seconds since 1970; `None` when it is none of now.
pub(super) fn step(secret: &[u8], typed: &str, now: i64) -> Result<Option<i64>, AppError> {
    let now = u64::try_from(now).unwrap_or_default();
    let found = totp(secret, "", "")?.check(typed, now);
    Ok(found.and_then(|step| i64::try_from(step).ok()))
}

/// What was typed, without the gaps that people and apps put into codes.
pub(super) fn tidy(typed: &str) -> String {
    typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').flat_map(char::to_lowercase).collect()
}

/// Whether it looks like a code of a phone.
pub(super) fn is_code(tidy: &str) -> bool {
    tidy.len() == DIGITS && tidy.bytes().all(|byte| byte.is_ascii_digit())
}

/// A picture of an address, as one `<svg>` element, black on white with its margin in any theme.
pub(super) fn picture(address: &str) -> Result<String, AppError> {
    let code = QrCode::new(address.as_bytes()).map_err(|_| AppError::invalid("factor-secret-odd", []))?;
    let drawn = code
        .render::<svg::Color<'_>>()
        .min_dimensions(PICTURE_PIXELS, PICTURE_PIXELS)
        .quiet_zone(true)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    Ok(drawn.find("<svg").map_or_else(String::new, |at| drawn[at..].to_owned()))
}

/// Letters in groups of four, which people can copy.
pub(super) fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret is "12345678901234567890" in ASCII; of its eight digits we take the last six.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let secret = b"12345678901234567890";
        for (now, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(step(secret, code, now).expect("a secret"), Some(now / 30), "{now}");
            for near in [now - 30, now + 30] {
                assert_eq!(step(secret, code, near).expect("a secret"), Some(now / 30), "one step of drift");
            }
            for far in [now - 60, now + 60].into_iter().filter(|far| *far > 0) {
                assert_eq!(step(secret, code, far).expect("a secret"), None, "two steps are too many");
            }
        }
        for odd in ["", "28708", "2870820", "abcdef", "٢٨٧٠٨٢"] {
            assert_eq!(step(secret, odd, 59).expect("a secret"), None, "{odd}");
        }
    }

    #[test]
    fn a_phone_reads_address_and_picture() {
        let address = totp(&[7; 20], "a.kollie@moh.example", "Ministry: Health")
            .and_then(|totp| totp.to_url().map_err(|_| AppError::invalid("odd", [])));
        let address = address.expect("an address");
        assert!(address.starts_with("otpauth://totp/Ministry%20%20Health"), "{address}");
        assert!(address.contains("secret=") && address.contains("issuer="), "{address}");
        let picture = picture(&address).expect("a picture");
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>") && !picture.contains("style"), "{picture}");
    }

    #[test]
    fn what_people_type_is_tidied() {
        assert_eq!(tidy(" 287 082\n"), "287082");
        assert_eq!(tidy("ABCDE-fghij"), "abcdefghij");
        assert!(is_code("287082") && !is_code("28708x") && !is_code("2870821"));
        assert_eq!(grouped("ABCDEFGHI"), "ABCD EFGH I");
    }
}
