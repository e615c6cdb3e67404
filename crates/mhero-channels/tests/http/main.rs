//! Gateways over real HTTP: what each driver sends, and what it makes of a gateway that stalls, cuts, throttles, fails or talks
//! nonsense. Whatever happens: what is said to have been taken was taken; what is said not to have left was not.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod garbage;
#[cfg(test)]
mod sends;

use std::{collections::BTreeMap, sync::Arc};

use mhero_app::{
    App, Options,
    ports::{Carrier, ChannelSettings, Driver, Outgoing, Words},
};
use mhero_channels::{AfricasTalking, External, Infobip, Template, Twilio, Vonage, WhatsApp};
use mhero_core::{ChannelId, Lane, Lang, MessageId, SubmissionId, Urn};
use mhero_store::{Clock, Location, Store};
use mhero_testkit::Operator;

/// An aggregator described in a file; its address follows.
const TEMPLATE: &str = r#"
name = "Test"
settings.key = "the key"
response = { accepted = { path = "messages.0.status", values = ["0"] }, id = "messages.0.message-id" }
[request]
type = "application/json"
headers = { X-Key = "{{key}}" }
body = '{"to": {{to}}, "text": {{text}}}'
"#;

struct NoWords;

impl Words for NoWords {
    fn say(&self, _: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        key.to_owned()
    }
}

/// A channel of some kind to a fake operator.
pub(crate) struct Line {
    pub(crate) operator: Operator,
    pub(crate) carrier: Arc<dyn Carrier>,
    _folder: tempfile::TempDir,
}

/// A driver, with settings by key.
type Set = (Box<dyn Driver>, Vec<(&'static str, String)>);

/// The drivers, each with the settings that lead to an operator.
pub(crate) fn drivers(url: &str) -> Vec<Set> {
    let text = |text: &str| text.to_owned();
    vec![
        (
            Box::new(External::default()),
            vec![
                ("send_url", format!("{url}/send")),
                ("content_type", text("json")),
                ("mt_response_check", text("Accepted")),
            ],
        ),
        (
            Box::new(AfricasTalking::default()),
            vec![("url", text(url)), ("username", text("moh")), ("api_key", text("k3y"))],
        ),
        (
            Box::new(Twilio::default()),
            vec![("base_url", text(url)), ("account_sid", text("AC0123")), ("auth_token", text("12345"))],
        ),
        (Box::new(Infobip::default()), vec![("base_url", text(url)), ("api_key", text("k3y"))]),
        (
            Box::new(Vonage::default()),
            vec![("base_url", text(url)), ("api_key", text("k3y")), ("api_secret", text("s3cret"))],
        ),
        (
            Box::new(WhatsApp::default()),
            vec![
                ("base_url", text(url)),
                ("phone_number_id", text("1065")),
                ("access_token", text("t0ken")),
                ("app_secret", text("s3cret")),
            ],
        ),
        (
            Box::new(Template::default()),
            vec![("template", format!("{TEMPLATE}\nurl = '{url}/sms/json'\n")), ("key", text("k3y"))],
        ),
    ]
}

impl Line {
    /// A channel of each kind.
    pub(crate) async fn all() -> Vec<(&'static str, Self)> {
        let mut lines = Vec::new();
        for at in 0..drivers("http://127.0.0.1:9").len() {
            let operator = Operator::start();
            let (driver, given) = drivers(&operator.url()).swap_remove(at);
            let given = given.into_iter().chain([("timeout", "1".to_owned())]);
            let (carrier, folder) = build(driver.as_ref(), given).await;
            lines.push((driver.kind(), Self { operator, carrier, _folder: folder }));
        }
        lines
    }

    /// A channel of one kind, with further settings.
    pub(crate) async fn of(kind: &str, further: &[(&'static str, &str)]) -> Self {
        let operator = Operator::start();
        let mut drivers = drivers(&operator.url());
        let at = drivers.iter().position(|(driver, _)| driver.kind() == kind).expect("a kind");
        let (driver, mut given) = drivers.swap_remove(at);
        given.extend(further.iter().map(|(key, value)| (*key, (*value).to_owned())));
        let (carrier, folder) = build(driver.as_ref(), given).await;
        Self { operator, carrier, _folder: folder }
    }
}

async fn build(
    driver: &dyn Driver,
    given: impl IntoIterator<Item = (&'static str, String)>,
) -> (Arc<dyn Carrier>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let (clock, _) = Clock::manual("2026-11-22T09:00:00Z".parse().expect("an instant"));
    let store = Store::open(&Location::File(folder.path().join("m.db")), clock).await.expect("the store opens");
    let app = App::new(Options {
        store,
        drivers: Vec::new(),
        connectors: Vec::new(),
        words: Arc::new(NoWords),
        effector: None,
        seal_key: [7; 32],
    });
    let config: BTreeMap<String, String> = given.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let settings = ChannelSettings { id: ChannelId::from_uuid(uuid::Uuid::nil()), name: "line".into(), config };
    (driver.build(&app, &settings).expect("these settings are right"), folder)
}

/// A text to a phone.
pub(crate) fn outgoing(number: u32, text: &str) -> Outgoing {
    Outgoing {
        submission: SubmissionId::from_uuid(uuid::Uuid::from_u128(number.into())),
        message: MessageId::from_uuid(uuid::Uuid::from_u128(u128::from(number) + 7)),
        lane: Lane::Bulk,
        to: Urn::tel(format!("+2317700{number:05}")).expect("a number"),
        sender: Some("MOH".into()),
        text: text.into(),
        part: 1,
        parts: 1,
        language: None,
        heard_at: None,
    }
}
