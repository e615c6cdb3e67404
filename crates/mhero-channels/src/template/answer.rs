//! What an answer means by the file.

use mhero_app::ports::Outcome;

use super::file::Response;
use crate::http::{Heard, Sign, Trouble, document::Document, not_sent, odd, refused, unknown, usual};

/// What an answer means.
pub(super) fn read(response: &Response, heard: &Heard) -> (Outcome, Sign) {
    let Heard::Answer { status, body, .. } = heard else {
        return usual(heard).err().unwrap_or_else(odd);
    };
    let document = Document::of_answer(body);
    let id = response.id.as_ref().and_then(|path| document.get(path));
    let accepted = || (Outcome::Accepted { carrier_id: id.clone() }, Sign::Works);
    // Its own code says more than the status.
    let code = response.code.as_ref().and_then(|path| document.get(path));
    if let Some(meaning) = code.and_then(|code| response.codes.get(&code)) {
        return meant(meaning, accepted);
    }
    let status_alone = response.codes.get(&status.to_string());
    if let (Some(meaning), 300..) = (status_alone, *status) {
        return meant(meaning, accepted);
    }
    let (status, body) = match usual(heard) {
        Ok(answer) => answer,
        Err(said) => return said,
    };
    if !(200..=299).contains(&status) {
        return (refused("http-refused"), Sign::Nothing);
    }
    let says_so = response.accepted.as_ref().is_none_or(|among| {
        document
            .get(&among.path)
            .is_some_and(|value| among.values.iter().any(|known| known.eq_ignore_ascii_case(&value)))
    });
    let holds_it = response.contains.as_ref().is_none_or(|wanted| body.contains(wanted.as_str()));
    let is_read = !matches!(document, Document::Text) || (response.accepted.is_none() && response.id.is_none());
    match (says_so && holds_it, is_read) {
        (true, true) if response.id.is_none() || id.is_some() => accepted(),
        (false, _) if heard.is_broken() => (unknown("http-cut"), Sign::Nothing),
        // It says no, in words that the file does not know.
        (false, true) => (refused("external-not-confirmed"), Sign::Nothing),
        _ => odd(),
    }
}

fn meant(meaning: &str, accepted: impl FnOnce() -> (Outcome, Sign)) -> (Outcome, Sign) {
    let unsent = |trouble| (not_sent("http-unsent"), Sign::Fails(trouble));
    match meaning {
        "accepted" => accepted(),
        "number" => (refused("http-number"), Sign::Works),
        "stopped" => (Outcome::Stopped { reason: "http-stopped".to_owned() }, Sign::Works),
        "busy" => (not_sent("http-not-now"), Sign::Fails(Trouble::Busy)),
        "password" => unsent(Trouble::Password),
        "sender" => unsent(Trouble::Sender),
        "money" => unsent(Trouble::Money),
        "path" => unsent(Trouble::Path),
        "unknown" => (unknown("http-odd-answer"), Sign::Nothing),
        _ => (refused("http-refused"), Sign::Works),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{file::File, settings::tests::SHIPPED},
        *,
    };

    #[test]
    fn answers_of_the_shipped_files_mean_what_their_providers_say() {
        let response = |at: usize| File::read(SHIPPED[at].0, SHIPPED[at].1).unwrap().response;
        let (clickatell, elks) = (response(0), response(1));
        let accepted = |id: &str| (Outcome::Accepted { carrier_id: Some(id.into()) }, Sign::Works);
        let taken = r#"{"messages":[{"apiMessageId":"77fb29998253415fa5d66971d519d362","accepted":true,"to":"231770000001",
            "error":null}],"error":null}"#;
        assert_eq!(read(&clickatell, &Heard::answer(202, taken)), accepted("77fb29998253415fa5d66971d519d362"));
        let no = r#"{"messages":[{"apiMessageId":"","accepted":false,"to":"2317","error":{"code":25}}]}"#;
        assert_eq!(read(&clickatell, &Heard::answer(202, no)).0, refused("http-number"));
        let coded = |code: &str| read(&clickatell, &Heard::answer(202, &no.replace("25", code)));
        assert_eq!(coded("20"), (not_sent("http-unsent"), Sign::Fails(Trouble::Money)));
        assert_eq!(coded("43"), (not_sent("http-not-now"), Sign::Fails(Trouble::Busy)));
        assert_eq!(coded("19"), (not_sent("http-not-now"), Sign::Fails(Trouble::Busy)));
        assert_eq!(coded("18").0, unknown("http-odd-answer"), "an internal error does not say whether it left");
        assert_eq!(coded("45"), (not_sent("http-unsent"), Sign::Fails(Trouble::Sender)));
        let stopped = no.replace("25", "26");
        assert_eq!(
            read(&clickatell, &Heard::answer(202, &stopped)).0,
            Outcome::Stopped { reason: "http-stopped".into() }
        );
        assert_eq!(read(&clickatell, &Heard::answer(401, "")).1, Sign::Fails(Trouble::Password));
        assert_eq!(read(&elks, &Heard::answer(200, r#"{"id":"s17","status":"created"}"#)), accepted("s17"));
        assert_eq!(read(&elks, &Heard::answer(403, "Not enough credits")).1, Sign::Fails(Trouble::Money));
        for garbage in ["", "<html>", "{"] {
            assert_eq!(read(&elks, &Heard::answer(200, garbage)), odd(), "{garbage}");
            assert_eq!(read(&clickatell, &Heard::answer(202, garbage)).0, unknown("http-odd-answer"), "{garbage}");
        }
        assert_eq!(read(&elks, &Heard::Silence).0, unknown("http-unanswered"));
    }
}
