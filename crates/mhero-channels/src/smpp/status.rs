//! What the states of SMPP's answers mean for a message, and in words.

use jiff::SignedDuration;
use mhero_app::ports::Outcome;

use crate::http::Trouble;

/// How long a throttled message waits before it is tried again.
const THROTTLED: SignedDuration = SignedDuration::from_secs(2);
/// How long one waits that the SMS centre could not take for reasons of its own.
const CENTRE: SignedDuration = SignedDuration::from_secs(30);

/// `ESME_ROK`.
pub(super) const OK: u32 = 0x00;
/// `ESME_RINVCMDID`.
pub(super) const UNKNOWN_COMMAND: u32 = 0x03;
/// `ESME_RINVBNDSTS`.
pub(super) const NOT_BOUND: u32 = 0x04;
/// `ESME_RALYBND`.
pub(super) const ALREADY_BOUND: u32 = 0x05;
/// `ESME_RSYSERR`.
pub(super) const SYSTEM_ERROR: u32 = 0x08;
/// `ESME_RINVSRCADR`.
const WRONG_SENDER: u32 = 0x0A;
/// `ESME_RBINDFAIL`.
pub(super) const BIND_FAILED: u32 = 0x0D;
/// `ESME_RINVPASWD`.
pub(super) const WRONG_PASSWORD: u32 = 0x0E;
/// `ESME_RINVSYSID`.
pub(super) const WRONG_SYSTEM_ID: u32 = 0x0F;
/// `ESME_RMSGQFUL`.
pub(super) const QUEUE_FULL: u32 = 0x14;
/// `ESME_RTHROTTLED`.
pub(super) const THROTTLING: u32 = 0x58;
/// `ESME_RX_T_APPN`: what came could not be stored just now, it is to come again.
pub(super) const TRY_AGAIN: u32 = 0x64;
/// `ESME_RX_P_APPN`: what came can't be taken, now or ever.
pub(super) const NEVER: u32 = 0x65;

/// Whether an answer asks to go slower.
pub(super) const fn is_throttling(status: u32) -> bool {
    matches!(status, THROTTLING | QUEUE_FULL)
}

/// What an answer to a submission means.
pub(super) fn outcome(status: u32, id: &str) -> Outcome {
    match status {
        OK => Outcome::Accepted { carrier_id: Some(id.to_owned()).filter(|id| !id.is_empty()) },
        status if is_throttling(status) => not_sent(status, THROTTLED),
        // System error, submission failed, "temporary" application error: the message may go another time.
        SYSTEM_ERROR | 0x45 | TRY_AGAIN => not_sent(status, CENTRE),
        // Bound as what may not send: the line is bound anew.
        NOT_BOUND => not_sent(status, CENTRE),
        status if is_of_message(status) => Outcome::Refused { reason: name(status) },
        // Nobody is to lose a text because the account has no money: it waits, and the channel says why.
        status => not_sent(status, CENTRE),
    }
}

/// What is wrong with the channel, whatever the message, where an answer says so. Operators have codes of their own, for an account
/// without money say, and no list of them exists: what nobody knows counts as the account's.
pub(super) fn trouble(status: u32) -> Option<Trouble> {
    match status {
        WRONG_SENDER | 0x48 | 0x49 => Some(Trouble::Sender),
        WRONG_PASSWORD | WRONG_SYSTEM_ID => Some(Trouble::Password),
        OK | NOT_BOUND | SYSTEM_ERROR | 0x45 | TRY_AGAIN => None,
        status if is_throttling(status) || is_of_message(status) => None,
        _ => Some(Trouble::Fault),
    }
}

/// Whether an answer is about the one message: its number, its length, its fields. (SMPP 3.4, 5.1.3.)
const fn is_of_message(status: u32) -> bool {
    matches!(
        status,
        0x01 | 0x06 | 0x07 | 0x0B | 0x0C | 0x33 | 0x34 | 0x40 | 0x42..=0x44 | 0x50 | 0x51 | 0x54 | 0x61..=0x63
            | NEVER | 0x66 | 0xC0..=0xC4 | 0xFE
    )
}

fn not_sent(status: u32, after: SignedDuration) -> Outcome {
    Outcome::NotSent { reason: name(status), retry_after: Some(after) }
}

/// The name of a state in the manual, with its number: what an operator's engineer asks for.
pub(super) fn name(status: u32) -> String {
    let word = match status {
        0x01 => "ESME_RINVMSGLEN",
        0x02 => "ESME_RINVCMDLEN",
        UNKNOWN_COMMAND => "ESME_RINVCMDID",
        NOT_BOUND => "ESME_RINVBNDSTS",
        ALREADY_BOUND => "ESME_RALYBND",
        0x06 => "ESME_RINVPRTFLG",
        0x07 => "ESME_RINVREGDLVFLG",
        SYSTEM_ERROR => "ESME_RSYSERR",
        WRONG_SENDER => "ESME_RINVSRCADR",
        0x0B => "ESME_RINVDSTADR",
        0x0C => "ESME_RINVMSGID",
        BIND_FAILED => "ESME_RBINDFAIL",
        WRONG_PASSWORD => "ESME_RINVPASWD",
        WRONG_SYSTEM_ID => "ESME_RINVSYSID",
        QUEUE_FULL => "ESME_RMSGQFUL",
        0x15 => "ESME_RINVSERTYP",
        0x40 => "ESME_RINVDESTFLAG",
        0x43 => "ESME_RINVESMCLASS",
        0x45 => "ESME_RSUBMITFAIL",
        0x48 => "ESME_RINVSRCTON",
        0x49 => "ESME_RINVSRCNPI",
        0x50 => "ESME_RINVDSTTON",
        0x51 => "ESME_RINVDSTNPI",
        0x53 => "ESME_RINVSYSTYP",
        THROTTLING => "ESME_RTHROTTLED",
        0x61 => "ESME_RINVSCHED",
        0x62 => "ESME_RINVEXPIRY",
        TRY_AGAIN => "ESME_RX_T_APPN",
        NEVER => "ESME_RX_P_APPN",
        0x66 => "ESME_RX_R_APPN",
        0xC2 => "ESME_RINVPARLEN",
        0xC4 => "ESME_RINVOPTPARAMVAL",
        0xFE => "ESME_RDELIVERYFAILURE",
        0xFF => "ESME_RUNKNOWNERR",
        _ => return format!("SMPP 0x{status:08X}"),
    };
    format!("{word} (0x{status:02X})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_mean_what_the_manual_says() {
        assert_eq!(outcome(OK, "4f"), Outcome::Accepted { carrier_id: Some("4f".into()) });
        assert_eq!(outcome(OK, ""), Outcome::Accepted { carrier_id: None });
        assert!(matches!(outcome(THROTTLING, ""), Outcome::NotSent { retry_after: Some(_), .. }));
        assert!(matches!(outcome(SYSTEM_ERROR, ""), Outcome::NotSent { .. }));
        assert_eq!(outcome(0x0B, ""), Outcome::Refused { reason: "ESME_RINVDSTADR (0x0B)".into() });
        assert_eq!(name(0x0400), "SMPP 0x00000400");
    }

    #[test]
    fn what_is_wrong_with_the_account_fails_no_message() {
        for (status, expected) in [
            (WRONG_SENDER, Trouble::Sender),
            (0x48, Trouble::Sender),
            (WRONG_PASSWORD, Trouble::Password),
            (0x15, Trouble::Fault),
            (0xFF, Trouble::Fault),
            (0x0411, Trouble::Fault),
        ] {
            assert!(matches!(outcome(status, ""), Outcome::NotSent { .. }), "{}", name(status));
            assert_eq!(trouble(status), Some(expected), "{}", name(status));
        }
        for status in [0x01, 0x0B, 0x51, NEVER, 0xFE] {
            assert!(matches!(outcome(status, ""), Outcome::Refused { .. }), "{}", name(status));
            assert_eq!(trouble(status), None, "{}", name(status));
        }
        for status in [OK, THROTTLING, SYSTEM_ERROR, NOT_BOUND] {
            assert_eq!(trouble(status), None, "{}", name(status));
        }
    }
}
