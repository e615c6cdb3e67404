//! What is asked of `sendsms`.
//!
//! The text always travels in UTF-8 and says so; `coding` decides how it goes on from Kannel: 0 in the GSM alphabet where every
//! letter is in it, else 2, so that the phone shows exactly what was written.

use mhero_app::ports::Outgoing;
use mhero_core::{Lane, Urn};
use mhero_text::sms::Encoding;
use reqwest::Url;

use super::settings::{Settings, VALIDITY_MINUTES_MAX};
use crate::http::form::encode;

/// The address that hands over one text.
///
/// # Errors
/// The code of a reason for which no Kannel could carry it.
pub(super) fn sendsms(settings: &Settings, outgoing: &Outgoing, minutes: Option<u32>) -> Result<Url, &'static str> {
    if outgoing.to.scheme() != Urn::TEL {
        return Err("kannel-no-phone");
    }
    let mut query = String::with_capacity(512 + outgoing.text.len() * 3);
    let mut add = |key: &str, value: &str| {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(key);
        query.push('=');
        encode(&mut query, value);
    };
    add("username", &settings.username);
    add("password", &settings.password);
    add("to", &to(settings, outgoing.to.path()));
    if let Some(from) = outgoing.sender.as_ref().or(settings.from.as_ref()) {
        add("from", from);
    }
    if let Some(smsc) = &settings.smsc {
        add("smsc", smsc);
    }
    add("coding", if Encoding::of(&outgoing.text) == Encoding::Gsm7 { "0" } else { "2" });
    add("charset", "UTF-8");
    add("text", &outgoing.text);
    match outgoing.lane {
        Lane::Alert => add("priority", "2"),
        Lane::Reply => add("priority", "1"),
        Lane::Normal | Lane::Bulk => {}
    }
    let minutes = minutes.map(|minutes| minutes.clamp(1, VALIDITY_MINUTES_MAX));
    if let Some(minutes) = settings.validity_minutes.into_iter().chain(minutes).min() {
        add("validity", &minutes.to_string());
    }
    if let Some(at) = settings.common.at("status").filter(|_| settings.dlr_mask > 0) {
        add("dlr-mask", &settings.dlr_mask.to_string());
        let (submission, secret) = (outgoing.submission, &settings.common.secret);
        add("dlr-url", &format!("{at}?uuid={submission}&status=%d&secret={secret}"));
    }
    let mut url = settings.url.clone();
    url.set_query(Some(&query));
    Ok(url)
}

/// The number as this Kannel's operator wants it: international with its plus, or without the country's code.
fn to(settings: &Settings, path: &str) -> String {
    let national = || phonenumber::parse(None, path).ok().map(|number| number.national().to_string());
    if settings.use_national && path.starts_with('+') {
        national().unwrap_or_else(|| path.to_owned())
    } else {
        path.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use mhero_core::{MessageId, SubmissionId};
    use uuid::Uuid;

    use super::{super::settings::tests::settings, *};

    fn asked(pairs: &[(&str, &str)], text: &str, lane: Lane, sender: Option<&str>) -> Vec<(String, String)> {
        let outgoing = Outgoing {
            submission: SubmissionId::from_uuid(Uuid::nil()),
            message: MessageId::from_uuid(Uuid::nil()),
            lane,
            to: Urn::tel("+231770000214").unwrap(),
            sender: sender.map(ToOwned::to_owned),
            text: text.to_owned(),
            part: 1,
            parts: 1,
            language: None,
            heard_at: None,
        };
        let url = sendsms(&settings(pairs).unwrap(), &outgoing, None).unwrap();
        url.query_pairs().into_owned().collect()
    }

    fn value<'a>(asked: &'a [(String, String)], key: &str) -> Option<&'a str> {
        asked.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    #[test]
    fn a_text_says_how_it_is_to_travel() {
        for (text, coding) in [("Où est le vaccin? €5 {a}", "0"), ("Contrôle à 8h", "2"), ("لقاح 😀 & + %", "2")]
        {
            let asked = asked(&[], text, Lane::Bulk, None);
            assert_eq!(value(&asked, "text"), Some(text));
            assert_eq!((value(&asked, "coding"), value(&asked, "charset")), (Some(coding), Some("UTF-8")));
            assert_eq!(value(&asked, "password"), Some("pass word&1"));
            assert_eq!(value(&asked, "to"), Some("+231770000214"));
            assert_eq!((value(&asked, "dlr-url"), value(&asked, "priority")), (None, None));
        }
    }

    #[test]
    fn reports_come_back_under_our_id_with_the_secret() {
        let asked = asked(&[("callback", "http://h:8080")], "x", Lane::Reply, None);
        let expected = format!("http://h:8080/c/kn/{0}/status?uuid={0}&status=%d&secret=0123456789abcdef", Uuid::nil());
        assert_eq!(value(&asked, "dlr-url"), Some(expected.as_str()));
        assert_eq!((value(&asked, "dlr-mask"), value(&asked, "priority")), (Some("27"), Some("1")));
        let silent = self::asked(&[("callback", "http://h"), ("dlr_mask", "0")], "x", Lane::Alert, None);
        assert_eq!((value(&silent, "dlr-url"), value(&silent, "priority")), (None, Some("2")));
    }

    #[test]
    fn the_sender_of_the_channel_comes_before_that_of_kannel() {
        let from = [("from", "4636"), ("smsc", "orange"), ("validity", "60"), ("use_national", "true")];
        assert_eq!(value(&asked(&from, "x", Lane::Bulk, Some("MOH")), "from"), Some("MOH"));
        let asked = asked(&from, "x", Lane::Bulk, None);
        assert_eq!(value(&asked, "from"), Some("4636"));
        assert_eq!((value(&asked, "smsc"), value(&asked, "validity")), (Some("orange"), Some("60")));
        assert_eq!(value(&asked, "to"), Some("770000214"));
    }
}
