//! The list of broadcasts, one broadcast, and who is in which state.

use askama::Template;
use jiff::Timestamp;
use mhero_core::Right;

pub use super::counts::Counts;
use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::{Choice, Counted, Pager},
};

/// One broadcast in a list.
#[derive(Clone, Debug)]
pub struct BroadcastRow {
    /// Its name.
    pub name: String,
    /// Its page, without a slash at the end.
    pub href: String,
    /// Mark of its state.
    pub mark: Mark,
    /// Its state: "Sending", "Paused", "Done".
    pub state: String,
    /// When it began, or will.
    pub at: Timestamp,
    /// How far its messages have got.
    pub counts: Counts,
}

/// A draft that nobody has sent yet.
#[derive(Clone, Debug)]
pub struct DraftRow {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// When it was saved.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Where its short texts for SMS are written, where there is a chat.
    pub short: Option<String>,
}

/// A text for SMS beside the one for chats.
#[derive(Clone, Debug)]
pub struct ShortField {
    /// The language, as the form names it.
    pub name: String,
    /// BCP 47.
    pub tag: String,
    /// What it is called.
    pub label: String,
    /// The text for chats.
    pub long: String,
    /// The text for SMS; empty where it is the same.
    pub text: String,
}

/// `/broadcasts/{id}/short`, of a draft.
#[derive(Template)]
#[template(path = "broadcasts/short.html")]
pub struct ShortPage {
    /// What every page knows.
    pub page: Page,
    /// One a language.
    pub fields: Vec<ShortField>,
    /// Its address.
    pub href: String,
    /// The draft.
    pub draft: String,
    /// Letters that a short text may have.
    pub letters: usize,
    /// What is wrong.
    pub fault: Option<String>,
}

/// `/broadcasts`.
#[derive(Template)]
#[template(path = "broadcasts/list.html")]
pub struct BroadcastsPage {
    /// What every page knows.
    pub page: Page,
    /// Drafts of the reader.
    pub drafts: Vec<DraftRow>,
    /// Broadcasts, the newest first.
    pub rows: Vec<BroadcastRow>,
    /// Pages.
    pub pager: Pager,
}

/// What may be done with a broadcast now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Verbs {
    /// Within the undo minute.
    pub may_undo: bool,
    /// While it waits for its time.
    pub may_release: bool,
    /// While it is being sent.
    pub may_pause: bool,
    /// While it is paused.
    pub may_resume: bool,
    /// While something has not left.
    pub may_stop: bool,
}

/// Asks once more before what was not sent is taken back.
#[derive(Clone, Debug)]
pub struct ConfirmStop {
    /// What will happen.
    pub head: String,
    /// "Stop the 1,481 not sent".
    pub verb: String,
}

/// A thing to do about those who did not get it.
#[derive(Clone, Debug)]
pub struct Todo {
    /// "8 uncertain".
    pub head: String,
    /// Why, and what is certain about it.
    pub why: String,
    /// True for those whose outcome nobody knows: resend or leave.
    pub is_uncertain: bool,
    /// "Show the exchange".
    pub verb: String,
    /// Where; empty for nothing to do.
    pub href: String,
}

/// How far it has got in one place.
#[derive(Clone, Debug)]
pub struct PlaceShare {
    /// The place.
    pub name: String,
    /// Handed over.
    pub part: i64,
    /// Everybody there.
    pub whole: i64,
}

impl PlaceShare {
    /// The bar, in hundredths.
    pub fn percent(&self) -> i64 {
        if self.whole > 0 { self.part * 100 / self.whole } else { 0 }
    }
}

/// What they read, in one language.
#[derive(Clone, Debug)]
pub struct SentText {
    /// BCP 47.
    pub tag: String,
    /// The text as written, expressions and all.
    pub text: String,
    /// "French, to 264 people, 1 SMS".
    pub about: String,
}

/// Something that happened, as a sentence.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub words: String,
}

/// `/broadcasts/{id}`.
#[derive(Template)]
#[template(path = "broadcasts/page.html")]
pub struct BroadcastPage {
    /// What every page knows.
    pub page: Page,
    /// The broadcast.
    pub row: BroadcastRow,
    /// "Sending since 09:30:04. 2,417 of 3,898 have left."
    pub lead: String,
    /// What may be done.
    pub verbs: Verbs,
    /// Asks whether to stop, once that was pressed.
    pub stop: Option<ConfirmStop>,
    /// Why nothing was changed.
    pub fault: Option<String>,
    /// Whether the numbers still change.
    pub is_moving: bool,
    /// The state in which the page was made: once it is another, the page comes anew, with other buttons.
    pub was: String,
    /// Seconds left of the undo minute.
    pub undo_seconds: Option<i64>,
    /// A once-only key for its forms.
    pub once: String,
    /// What to do about those who did not get it.
    pub todos: Vec<Todo>,
    /// By place.
    pub places: Vec<PlaceShare>,
    /// What they read.
    pub texts: Vec<SentText>,
    /// The audience as a sentence.
    pub said: String,
    /// Who was left out and why.
    pub counted: Counted,
    /// What happened, newest first.
    pub events: Vec<Event>,
    /// What is left and until when, and what became of chats, a sentence each.
    pub ahead: Vec<String>,
    /// A correction of it.
    pub correction: Option<CorrectionForm>,
    /// What it corrects, what corrects it.
    pub links: Vec<CorrectionLine>,
}

/// Begins a correction.
#[derive(Clone, Debug)]
pub struct CorrectionForm {
    /// Languages to choose from, all first; empty where there is but one.
    pub languages: Vec<Choice>,
    /// Whether something has not left yet.
    pub is_open: bool,
}

/// A broadcast that is corrected, or corrects.
#[derive(Clone, Debug)]
pub struct CorrectionLine {
    /// "Corrects: Measles week".
    pub words: String,
    /// Its page.
    pub href: String,
}

/// `/broadcasts/{id}/progress`: the part that changes by itself.
#[derive(Template)]
#[template(path = "broadcasts/fragment.html")]
pub struct ProgressFragment {
    /// What every page knows.
    pub page: Page,
    /// The broadcast.
    pub row: BroadcastRow,
    /// Whether the numbers still change.
    pub is_moving: bool,
    /// The state in which the page was made: once it is another, the page comes anew, with other buttons.
    pub was: String,
    /// Seconds left of the undo minute.
    pub undo_seconds: Option<i64>,
}

/// One person of a broadcast.
#[derive(Clone, Debug)]
pub struct RecipientRow {
    /// Name.
    pub name: String,
    /// Their page.
    pub href: String,
    /// Masked number.
    pub phone: String,
    /// Mark of the state.
    pub mark: Mark,
    /// The state.
    pub state: String,
    /// The cause of a failure, in words.
    pub why: String,
    /// When it got there.
    pub at: Option<Timestamp>,
}

/// `/broadcasts/{id}/people?state=`.
#[derive(Template)]
#[template(path = "broadcasts/people.html")]
pub struct RecipientsPage {
    /// What every page knows.
    pub page: Page,
    /// The broadcast's page.
    pub href: String,
    /// The broadcast's name.
    pub name: String,
    /// "Failed: the operator refused it, or the number does not exist."
    pub lead: String,
    /// States to choose from.
    pub filters: Vec<Choice>,
    /// People.
    pub rows: Vec<RecipientRow>,
    /// Pages.
    pub pager: Pager,
}
