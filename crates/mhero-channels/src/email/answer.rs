//! What a mail server's answers mean (RFC 5321, section 4.2; enhanced codes are not needed to tell them apart).

use std::{error::Error as StdError, io};

use lettre::transport::smtp::Error;
use mhero_app::ports::Outcome;

use crate::http::{Sign, Trouble, not_sent, refused, unknown};

/// What is wrong with the server when it does not let us in.
pub(super) fn trouble(error: &Error) -> Trouble {
    match error.status().map(u16::from) {
        // 530 authentication required, 534 too weak, 535 credentials invalid, 538 encryption required.
        Some(530 | 534 | 535 | 538) => Trouble::Password,
        Some(400..=499) => Trouble::Busy,
        Some(_) => Trouble::Fault,
        None if error.is_tls() || is_handshake(error) => Trouble::Stranger,
        None if error.is_timeout() => Trouble::Silent,
        // It speaks no STARTTLS, or no way to sign in that we know.
        None if error.is_client() => Trouble::Stranger,
        None if error.is_response() => Trouble::Fault,
        None => Trouble::Unreachable,
    }
}

/// Whether the protected connection did not come about: a certificate that is not trusted, or another kind of protection.
fn is_handshake(error: &Error) -> bool {
    let mut cause = error.source();
    while let Some(one) = cause {
        let is_odd = one.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::InvalidData);
        if is_odd || one.is::<rustls::Error>() {
            return true;
        }
        cause = one.source();
    }
    false
}

/// What an answer that is no success means for the mail, and for the server.
pub(super) fn read(error: &Error) -> (Outcome, Sign) {
    match error.status().map(u16::from) {
        Some(code) => of_code(code),
        // The line was lost: nobody can say whether the mail was read to its end.
        None => (unknown("mail-unanswered"), Sign::Fails(trouble(error))),
    }
}

fn of_code(code: u16) -> (Outcome, Sign) {
    match code {
        421 => (not_sent("mail-not-now"), Sign::Fails(Trouble::Busy)),
        // Mailbox busy, local error, too little storage: it asks to be tried again (greylisting says 450 or 451).
        400..=499 => (not_sent("mail-not-now"), Sign::Works),
        530 | 534 | 535 | 538 => (not_sent("mail-unsent"), Sign::Fails(Trouble::Password)),
        550 | 551 | 553 => (refused("mail-no-mailbox"), Sign::Works),
        552 => (refused("mail-full"), Sign::Works),
        _ => (refused("mail-rejected"), Sign::Works),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_mean_what_rfc_5321_says() {
        assert_eq!(of_code(550), (refused("mail-no-mailbox"), Sign::Works));
        assert_eq!(of_code(552), (refused("mail-full"), Sign::Works));
        assert_eq!(of_code(554), (refused("mail-rejected"), Sign::Works));
        assert_eq!(of_code(451), (not_sent("mail-not-now"), Sign::Works));
        assert_eq!(of_code(421), (not_sent("mail-not-now"), Sign::Fails(Trouble::Busy)));
        assert_eq!(of_code(535).1, Sign::Fails(Trouble::Password));
    }
}
