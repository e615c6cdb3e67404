//! Mails of flows, by the server that the administrator named.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{Error, authentication::Credentials},
};
use mhero_app::ports::EffectOutcome;
use mhero_flow::effects::EffectAnswer;

use crate::settings::{EffectsError, MailSettings, Security};

/// Addresses that one mail goes to.
const RECIPIENTS_MAX: usize = 100;

/// A mail to send.
#[derive(Clone, Copy)]
pub(crate) struct Mail<'a> {
    pub(crate) to: &'a [std::sync::Arc<str>],
    pub(crate) subject: &'a str,
    pub(crate) body: &'a str,
}

/// The mail server.
pub(crate) struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    whole: Duration,
}

impl Post {
    pub(crate) fn new(settings: &MailSettings, whole: Duration) -> Result<Self, EffectsError> {
        let from = settings.from.parse().map_err(|_| EffectsError::From { text: settings.from.clone() })?;
        let host = settings.host.as_str();
        let builder = match settings.security {
            Security::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host),
            Security::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host),
            Security::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)),
        };
        let builder = builder.map_err(|error| EffectsError::Mail { detail: error.to_string() })?;
        let mut builder = builder.port(settings.port).timeout(Some(whole));
        if !settings.user.is_empty() {
            builder = builder.credentials(Credentials::new(settings.user.clone(), settings.password.clone()));
        }
        Ok(Self { transport: builder.build(), from, whole })
    }

    /// Sends one mail. The same key gives the same `Message-ID`, by which mail servers know a mail again.
    pub(crate) async fn send(&self, key: &str, mail: Mail<'_>) -> EffectOutcome {
        let message = match self.message(key, mail) {
            Ok(message) => message,
            Err(reason) => return EffectOutcome::Refused { reason: reason.to_owned() },
        };
        // Whatever goes wrong up to here has sent nothing.
        match tokio::time::timeout(self.whole, self.transport.test_connection()).await {
            Ok(Ok(true)) => {}
            Ok(Err(error)) if error.is_permanent() => {
                return EffectOutcome::Refused { reason: said("the mail server does not let us in", &error) };
            }
            _ => return EffectOutcome::NotSent { reason: "the mail server does not answer as one".to_owned() },
        }
        match tokio::time::timeout(self.whole, self.transport.send(message)).await {
            Ok(Ok(_)) => EffectOutcome::Done { answer: EffectAnswer::Email(Ok(())), status: None },
            Ok(Err(error)) if error.is_permanent() => {
                EffectOutcome::Refused { reason: said("the mail server does not take it", &error) }
            }
            Ok(Err(error)) if error.is_transient() => {
                EffectOutcome::NotSent { reason: said("the mail server does not take it just now", &error) }
            }
            _ => EffectOutcome::Unknown { reason: "the mail server did not say whether it took it".to_owned() },
        }
    }

    fn message(&self, key: &str, mail: Mail<'_>) -> Result<Message, &'static str> {
        if mail.to.is_empty() || mail.to.len() > RECIPIENTS_MAX {
            return Err("it goes to nobody, or to too many");
        }
        let id: String = key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '.' }).collect();
        let host = self.from.email.domain();
        let mut builder = Message::builder()
            .from(self.from.clone())
            .message_id(Some(format!("<{}@{host}>", id.trim_matches('.'))))
            .subject(mail.subject)
            .header(ContentType::TEXT_PLAIN);
        for to in mail.to {
            builder = builder.to(Mailbox::new(None, to.parse().map_err(|_| "one of its addresses is none")?));
        }
        builder.body(mail.body.to_owned()).map_err(|_| "it can't be written as a mail")
    }
}

/// What the server said, as a number: its words may hold addresses.
fn said(what: &str, error: &Error) -> String {
    error.status().map_or_else(|| what.to_owned(), |code| format!("{what} ({code})"))
}
