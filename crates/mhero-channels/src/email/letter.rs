//! One message as a mail: plain text, from the ministry's address.

use lettre::{
    Message,
    message::{Mailbox, header::ContentType},
};
use mhero_app::ports::Outgoing;

use super::{SCHEME, settings::Settings};

/// Letters of a subject that is made of the text: what programs of mail show of one.
const SUBJECT_LETTERS: usize = 60;

/// Writes the mail. Its `Message-ID` is our own id of the message, the same at each attempt, so that a server or a reader's program knows
/// one that came twice.
///
/// # Errors
/// The code of a reason for which it can never leave.
pub(super) fn write(settings: &Settings, outgoing: &Outgoing, title: Option<&str>) -> Result<Message, &'static str> {
    if outgoing.to.scheme() != SCHEME {
        return Err("no-address");
    }
    let to = outgoing.to.path().parse().map_err(|_| "mail-no-address")?;
    let id = format!("<{}@{}>", outgoing.message, settings.from.email.domain());
    let mut builder = Message::builder()
        .from(settings.from.clone())
        .to(Mailbox::new(None, to))
        .message_id(Some(id))
        .subject(subject(settings.subject.as_deref(), title, &outgoing.text))
        .header(ContentType::TEXT_PLAIN);
    if let Some(reply_to) = &settings.reply_to {
        builder = builder.reply_to(reply_to.clone());
    }
    builder.body(outgoing.text.clone()).map_err(|_| "mail-unwritten")
}

/// The subject: that of the channel, else the broadcast's title, else how the text begins.
fn subject(own: Option<&str>, title: Option<&str>, text: &str) -> String {
    let said = own.or(title).map(str::trim).filter(|said| !said.is_empty());
    let line = said.unwrap_or(text).split(char::is_control).map(str::trim).find(|line| !line.is_empty());
    let line = line.unwrap_or("mHero");
    match line.char_indices().nth(SUBJECT_LETTERS) {
        Some((end, _)) if said.is_none() => {
            let cut = line[..end].rfind(' ').unwrap_or(end);
            format!("{}…", line[..cut].trim_end_matches([' ', ',', '.', ':']))
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use mhero_core::{Lane, MessageId, SubmissionId, Urn};
    use uuid::Uuid;

    use super::{super::settings::tests::settings, *};

    fn outgoing(to: &str, text: &str) -> Outgoing {
        let id = Uuid::from_u128(7);
        Outgoing {
            submission: SubmissionId::from_uuid(id),
            message: MessageId::from_uuid(id),
            lane: Lane::Normal,
            to: to.parse::<Urn>().unwrap(),
            sender: None,
            text: text.into(),
            part: 1,
            parts: 1,
            language: None,
            heard_at: None,
        }
    }

    #[test]
    fn a_mail_has_our_id_and_is_plain_text() {
        let read = settings(&[("reply_to", "hr@moh.example")]).unwrap();
        let text = "Réunion à 8 h.\nMerci.";
        let letter = write(&read, &outgoing("mailto:martha@moh.example", text), Some("Réunion")).unwrap();
        let raw = String::from_utf8(letter.formatted()).unwrap();
        for line in [
            "From: \"Ministry of Health\" <mhero@moh.example>",
            "To: martha@moh.example",
            "Message-ID: <00000000-0000-0000-0000-000000000007@moh.example>",
            "Reply-To: hr@moh.example",
            "Content-Type: text/plain; charset=utf-8",
        ] {
            assert!(raw.contains(line), "{line}\n{raw}");
        }
        assert!(raw.contains("Subject: =?utf-8?"), "{raw}");
    }

    #[test]
    fn subjects_come_from_the_channel_the_broadcast_or_the_text() {
        assert_eq!(subject(Some("From mHero"), Some("Title"), "text"), "From mHero");
        assert_eq!(subject(None, Some("Title"), "text"), "Title");
        assert_eq!(subject(None, None, "Réunion demain\nà 8 h"), "Réunion demain");
        assert_eq!(subject(None, Some("a\r\nBcc: all@example.org"), "x"), "a");
        let long = subject(None, None, &"Bonjour à tous, ".repeat(20));
        assert!(long.chars().count() <= 61 && long.ends_with('…'), "{long}");
        assert_eq!(subject(None, None, ""), "mHero");
    }

    #[test]
    fn what_is_no_address_never_leaves() {
        let read = settings(&[]).unwrap();
        assert_eq!(write(&read, &outgoing("tel:+231770000001", "x"), None).unwrap_err(), "no-address");
        assert_eq!(write(&read, &outgoing("mailto:nobody", "x"), None).unwrap_err(), "mail-no-address");
        assert_eq!(write(&read, &outgoing("mailto:a@b@c", "x"), None).unwrap_err(), "mail-no-address");
    }
}
