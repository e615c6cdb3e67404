//! Channels.

use askama::Template;
use jiff::Timestamp;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::Choice,
};

/// A channel in the list.
#[derive(Clone, Debug)]
pub struct ChannelRow {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// "Kannel gateway".
    pub kind: String,
    /// The sender that phones show, or empty.
    pub sender: String,
    /// Mark of its state.
    pub mark: Mark,
    /// "Ready".
    pub state: String,
    /// What is wrong, in words.
    pub why: String,
    /// "20 a second", "no limit".
    pub rate: String,
    /// When something last left by it.
    pub sent: Option<Timestamp>,
    /// When a text last came by it.
    pub heard: Option<Timestamp>,
    /// Messages that wait for it.
    pub waiting: i64,
    /// Whether it is paused.
    pub is_paused: bool,
}

/// `/settings/channels`.
#[derive(Template)]
#[template(path = "channels/list.html")]
pub struct ListPage {
    /// What every page knows.
    pub page: Page,
    /// The pages of Settings.
    pub tabs: Vec<Choice>,
    /// Channels; the first that is on carries what names none.
    pub rows: Vec<ChannelRow>,
}

/// A kind of channel.
#[derive(Clone, Debug)]
pub struct KindRow {
    /// As it is sent.
    pub kind: String,
    /// "Kannel gateway".
    pub words: String,
    /// When to choose it.
    pub why: String,
}

/// One setting.
#[derive(Clone, Debug)]
pub struct SettingField {
    /// The key of the setting.
    pub key: String,
    /// Label.
    pub label: String,
    /// Words under it, or empty.
    pub hint: String,
    /// Value; always empty for a secret.
    pub value: String,
    /// What holds without a value, or empty.
    pub default: String,
    /// What it can be, where that is a handful.
    pub choices: Vec<Choice>,
    /// Lowest and highest, where it is a number.
    pub bounds: Option<(u64, u64)>,
    /// Whether it takes several lines.
    pub is_long: bool,
    /// Whether it is a secret.
    pub is_secret: bool,
    /// Whether a secret is set.
    pub is_set: bool,
    /// Whether the channel can't be without it.
    pub must: bool,
    /// Whether most people need it.
    pub is_first: bool,
    /// What is wrong with it, or empty.
    pub fault: String,
}

impl SettingField {
    /// Ids of the words that belong to it, for screen readers.
    pub fn described(&self) -> String {
        let hint = !self.hint.is_empty() || !self.default.is_empty() || (self.is_secret && self.is_set);
        let ids = [(!self.fault.is_empty(), "e"), (hint, "h")];
        let ids = ids.iter().filter(|(is_there, _)| *is_there).map(|(_, end)| format!("set.{}-{end}", self.key));
        ids.collect::<Vec<_>>().join(" ")
    }
}

/// `/settings/channels/new`.
#[derive(Template)]
#[template(path = "channels/new.html")]
pub struct NewPage {
    /// What every page knows.
    pub page: Page,
    /// Kinds to choose from.
    pub kinds: Vec<KindRow>,
    /// The kind that was chosen.
    pub chosen: Option<KindRow>,
    /// Its settings.
    pub fields: Vec<SettingField>,
    /// Whether some of them stand behind a fold.
    pub has_more: bool,
    /// The name that was typed.
    pub name: String,
    /// Why it was not added.
    pub fault: Option<String>,
    /// The setting that this is about, or empty.
    pub wrong: String,
}

/// The phone of a channel of the Android app.
#[derive(Clone, Debug)]
pub struct PhoneView {
    /// Whether one carries the channel.
    pub is_there: bool,
    /// The code that was typed.
    pub code: String,
    /// Why it was not taken.
    pub fault: Option<String>,
    /// What is to be typed into the app: the address of this server.
    pub server: String,
}

/// An address that the carrier is to call.
#[derive(Clone, Debug)]
pub struct AddressRow {
    /// Its name in the carrier's own manual.
    pub name: String,
    /// The address.
    pub url: String,
}

/// `/settings/channels/{id}`.
#[derive(Template)]
#[template(path = "channels/one.html")]
pub struct OnePage {
    /// What every page knows.
    pub page: Page,
    /// Its address.
    pub href: String,
    /// How it stands.
    pub row: ChannelRow,
    /// Since when the first message waits.
    pub waiting_since: Option<Timestamp>,
    /// Whether it carries what names no channel.
    pub is_default: bool,
    /// What there is to know of it beside, a sentence each.
    pub facts: Vec<String>,
    /// The phone, where it is one.
    pub phone: Option<PhoneView>,
    /// Settings.
    pub fields: Vec<SettingField>,
    /// Whether some of them stand behind a fold, and whether that is open.
    pub has_more: bool,
    /// What its carrier is to call.
    pub addresses: Vec<AddressRow>,
    /// What is wrong.
    pub fault: Option<String>,
    /// The setting that this is about, or empty.
    pub wrong: String,
    /// Whether a test found it.
    pub is_test: bool,
    /// What a test found that works, and what is not as it should be all the same.
    pub tested: Option<Vec<String>>,
}

/// How one operator is reached.
#[derive(Clone, Debug)]
pub struct RouteLine {
    /// As it is sent; empty for everybody else.
    pub operator: String,
    /// As it is read.
    pub words: String,
    /// Channels to choose from; the first is none.
    pub channels: Vec<Choice>,
    /// Channels that may take over; the first is none.
    pub nexts: Vec<Choice>,
    /// After how many minutes.
    pub minutes: String,
    /// How many messages the next one was given.
    pub moved: i64,
    /// When last.
    pub moved_at: Option<Timestamp>,
}

/// How long a chat may take in one lane.
#[derive(Clone, Debug)]
pub struct WaitField {
    /// The lane.
    pub lane: &'static str,
    /// What it is called.
    pub words: String,
    /// Minutes; empty for as long as it takes.
    pub minutes: String,
}

/// `/settings/channels/routes`.
#[derive(Template)]
#[template(path = "channels/routes.html")]
pub struct RoutesPage {
    /// What every page knows.
    pub page: Page,
    /// Operators, and everybody else.
    pub rows: Vec<RouteLine>,
    /// Whether any operator is known.
    pub has_operators: bool,
    /// How long chats may take, in minutes as typed; none where no channel is a chat.
    pub waits: Vec<WaitField>,
    /// What is wrong.
    pub fault: Option<String>,
}
