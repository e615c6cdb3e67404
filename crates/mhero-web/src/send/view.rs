//! The send page: who, what, check. One form, so that whatever is pressed saves what is typed.

use askama::Template;
use jiff::Timestamp;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::{Choice, Counted, Editor, Piece, Remedy, Sample, Sentence},
};

/// An expression that may be inserted, with the longest it can become.
#[derive(Clone, Debug)]
pub struct Insert {
    /// `@contact.first_name`.
    pub expression: String,
    /// "name".
    pub words: String,
    /// Letters at most, in this audience.
    pub letters: i64,
}

/// The text on a basic phone, as one person of the audience will read it.
#[derive(Clone, Debug)]
pub struct Preview {
    /// BCP 47.
    pub tag: String,
    /// The language's name.
    pub language: String,
    /// Time on the phone: "09:34".
    pub time: String,
    /// The text with that person's names in it.
    pub text: String,
    /// "As Mary Kollie reads it".
    pub about: String,
}

/// When it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// As soon as it is pressed, after the undo minute.
    Now,
    /// Once.
    At,
    /// Again and again.
    Each,
}

/// The choice of time.
#[derive(Clone, Debug)]
pub struct When {
    /// Now, once or again and again.
    pub chosen: Chosen,
    /// The value of the field, `2026-05-14T09:34`, or empty.
    pub at: String,
    /// Zones, each by its name with its time now.
    pub zones: Vec<Choice>,
    /// How often.
    pub repeats: Vec<Choice>,
    /// What is wrong: a time gone by.
    pub fault: Option<String>,
    /// "Leaves on Monday 18 May 2026 at 16:00 in Monrovia".
    pub said: Option<String>,
    /// "Nothing but alerts leaves between 20:00 and 07:00": quiet hours.
    pub quiet: Option<String>,
    /// Why it leaves in quiet hours all the same, as typed; `None` where there are no quiet hours.
    pub reason: Option<String>,
}

impl When {
    /// As soon as it is pressed.
    pub fn is_now(&self) -> bool {
        self.chosen == Chosen::Now
    }

    /// Once.
    pub fn is_at(&self) -> bool {
        self.chosen == Chosen::At
    }

    /// Again and again.
    pub fn is_each(&self) -> bool {
        self.chosen == Chosen::Each
    }
}

/// How it is sent beside the time.
#[derive(Clone, Debug)]
pub struct Manner {
    /// How urgent.
    pub lanes: Vec<Choice>,
    /// In earnest, or a drill.
    pub manners: Vec<Choice>,
    /// For which programme; empty where there is nothing to choose.
    pub programmes: Vec<Choice>,
    /// How long it is worth sending.
    pub validities: Vec<Choice>,
    /// By which sender; empty where there is nothing to choose.
    pub senders: Vec<Choice>,
    /// Whether anything differs from what is usual, so that it is shown opened.
    pub is_special: bool,
    /// What the choice of urgency means, where it needs a word.
    pub said: Option<String>,
}

/// What one channel carries.
#[derive(Clone, Debug)]
pub struct ChannelShare {
    /// The channel.
    pub name: String,
    /// The operator, or empty where it is not known.
    pub operator: String,
    /// People.
    pub people: i64,
    /// SMS.
    pub sms: i64,
    /// What they cost: "20.94 USD".
    pub cost: Option<String>,
    /// Seconds at its rate.
    pub seconds: i64,
}

/// One thing that was checked, as a sentence.
#[derive(Clone, Debug)]
pub struct Check {
    /// In order, or a warning.
    pub mark: Mark,
    /// The sentence.
    pub words: String,
    /// Where something can be done about it, and what.
    pub link: Option<(String, String)>,
}

/// Confirm by count.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// Whether the number has to be typed.
    pub is_asked: bool,
    /// Above how many people it is asked.
    pub above: i64,
    /// What was typed.
    pub typed: String,
    /// "812 is not the number above. Nothing was sent."
    pub fault: Option<String>,
    /// The verb with the number: "Send to 1,106 people".
    pub verb: String,
}

/// `/send` and `/send/{draft}`.
#[derive(Template)]
#[template(path = "send/page.html")]
pub struct SendPage {
    /// What every page knows.
    pub page: Page,
    /// Where the form goes.
    pub action: String,
    /// A once-only key: pressing twice on a bad line sends once.
    pub once: String,
    /// The draft's name.
    pub name: String,
    /// When the draft was saved; `None` before the first time.
    pub saved: Option<Timestamp>,
    /// Why nothing was sent.
    pub faults: Vec<String>,
    /// Who.
    pub sentence: Sentence,
    /// How many, and who is left out.
    pub counted: Counted,
    /// Five of them.
    pub sample: Vec<Sample>,
    /// Five others.
    pub more_sample: Option<String>,
    /// One text a language.
    pub editors: Vec<Editor>,
    /// Expressions to insert.
    pub inserts: Vec<Insert>,
    /// Languages that may be added, with the people who speak them.
    pub missing: Vec<Choice>,
    /// "264 people speak French and will read the English text."
    pub unspoken: Option<String>,
    /// On a basic phone.
    pub previews: Vec<Preview>,
    /// When.
    pub when: When,
    /// How.
    pub manner: Manner,
    /// What each channel carries.
    pub channels: Vec<ChannelShare>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// Confirm by count.
    pub confirm: Confirm,
    /// Whether only pretend phones can ring.
    pub is_pretend: bool,
    /// Whether it may be tried on the simulator first.
    pub may_try: bool,
    /// All of it in one sentence.
    pub said: String,
    /// SMS in all.
    pub sms: i64,
    /// What they cost, where prices are known.
    pub cost: Option<String>,
    /// Seconds in all, where a channel is there.
    pub seconds: Option<i64>,
}

/// `/send/{draft}/count`: the counts, which change while people come and go.
#[derive(Template)]
#[template(path = "send/count.html")]
pub struct CountFragment {
    /// What every page knows.
    pub page: Page,
    /// How many, and who is left out.
    pub counted: Counted,
}
