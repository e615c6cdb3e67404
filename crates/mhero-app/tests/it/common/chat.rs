//! A chat that a test writes by: everything that it takes is noted by the scripted carrier, and what was taken back from it here.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use mhero_app::{
    App, AppError,
    ports::{Call, CallRefused, Carrier, CarrierEvent, ChannelSettings, Driver, Outcome, Outgoing, Parts, Taken},
};
use mhero_core::Urn;

use super::Fake;

/// The kind of its channel, and its name in addresses.
pub(crate) const KIND: &str = "chat";
/// The scheme of its accounts.
pub(crate) const SCHEME: &str = "telegram";

/// The chat. Accounts that go through `fake` get what a test scripts.
pub(crate) struct Chat {
    fake: Arc<Fake>,
    taken_back: Mutex<Vec<String>>,
}

impl Chat {
    /// A chat beside a carrier.
    pub(crate) fn beside(fake: &Arc<Fake>) -> Arc<Self> {
        Arc::new(Self { fake: Arc::clone(fake), taken_back: Mutex::default() })
    }

    /// The accounts from which a message was taken back.
    pub(crate) fn taken_back(&self) -> Vec<String> {
        self.taken_back.lock().expect("a lock").clone()
    }
}

struct Line(Arc<Chat>);

#[async_trait]
impl Carrier for Line {
    fn parts(&self) -> Parts {
        Parts::Whole
    }

    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        assert_eq!(outgoing.to.scheme(), SCHEME, "a chat is no phone");
        self.0.fake.submit(outgoing).await
    }

    async fn withdraw(&self, to: &Urn, _: &str) -> bool {
        self.0.taken_back.lock().expect("a lock").push(to.path().to_owned());
        true
    }

    /// The address is the sender, the body the text.
    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        let from = Urn::new(SCHEME, call.query).expect("an account");
        let text = String::from_utf8_lossy(call.body).into_owned();
        let events = vec![CarrierEvent::Chat { carrier_id: None, from, text }];
        Ok(Taken { events, content_type: "text/plain", body: String::new() })
    }
}

/// The driver of kind `chat`.
pub(crate) struct ChatDriver(pub(crate) Arc<Chat>);

impl Driver for ChatDriver {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[]
    }

    fn route(&self) -> Option<&'static str> {
        Some(KIND)
    }

    fn chat(&self) -> Option<&'static str> {
        Some(SCHEME)
    }

    fn build(&self, _: &App, _: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        Ok(Arc::new(Line(Arc::clone(&self.0))))
    }
}
