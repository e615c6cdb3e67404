//! Lists of people, and one person.

use askama::Template;
use mhero_core::Right;

use crate::{
    links::view::JoinedRecord,
    marks::Mark,
    page::{Band, Page},
    parts::{Choice, Editor, Pager, PersonRow, Piece, Sentence, Talk},
};

/// `/people?q=`.
#[derive(Template)]
#[template(path = "people/list.html")]
pub struct PeoplePage {
    /// What every page knows.
    pub page: Page,
    /// "5,000 health workers from 2 registries. You see all counties."
    pub lead: String,
    /// Who is shown.
    pub sentence: Sentence,
    /// The address before `edit=`: it ends in `?` or `&`.
    pub path: String,
    /// How many match.
    pub matched: i64,
    /// How many of them can be reached, where somebody counted.
    pub reachable: Option<i64>,
    /// People.
    pub rows: Vec<PersonRow>,
    /// Pages.
    pub pager: Pager,
    /// Why nobody matches.
    pub none_why: String,
    /// Save as an audience.
    pub save_href: String,
    /// Send to them.
    pub send_href: String,
}

/// A place that a search found.
#[derive(Clone, Debug)]
pub struct FoundPlace {
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub about: String,
    /// Its page.
    pub href: String,
}

/// `/people?find=`: the search of the letterhead.
#[derive(Template)]
#[template(path = "people/found.html")]
pub struct FoundPage {
    /// What every page knows.
    pub page: Page,
    /// What was searched.
    pub find: String,
    /// How many people.
    pub matched: i64,
    /// People.
    pub rows: Vec<PersonRow>,
    /// Places.
    pub places: Vec<FoundPlace>,
    /// Pages.
    pub pager: Pager,
}

/// A number of a person.
#[derive(Clone, Debug)]
pub struct PersonPhone {
    /// "First number".
    pub label: String,
    /// What names it in the form that shows it: an id, never the number.
    pub key: String,
    /// Masked, or in full after Show.
    pub number: String,
    /// Where to ask for the full number; `None` once it is shown.
    pub show: Option<String>,
    /// Mark of its state.
    pub mark: Mark,
    /// "Verified 12 March 2026".
    pub state: String,
    /// "Shared with Ruth Sumo".
    pub aside: String,
}

/// A fact with its owner.
#[derive(Clone, Debug)]
pub struct Fact {
    /// "Cadre".
    pub name: String,
    /// "Midwife".
    pub value: String,
    /// A page about it.
    pub href: Option<String>,
    /// Who says so: "HR registry".
    pub owner: String,
}

/// A value with its source and its day.
#[derive(Clone, Debug)]
pub struct Origin {
    /// "Date of birth".
    pub name: String,
    /// The value; a number is masked.
    pub value: String,
    /// "payroll, 12 March 2026".
    pub from: String,
    /// What others say instead, that the person confirmed it.
    pub aside: Vec<String>,
}

/// `/people/{id}`.
#[derive(Template)]
#[template(path = "people/person.html")]
pub struct PersonPage {
    /// What every page knows.
    pub page: Page,
    /// Id in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// First name, for the button.
    pub first: String,
    /// "Midwife. Speaks English."
    pub about: String,
    /// Where they work, with its page.
    pub works_at: Option<(String, String)>,
    /// The open thread with them.
    pub thread: Option<String>,
    /// The conversation.
    pub talk: Vec<Talk>,
    /// Earlier messages.
    pub earlier: Option<String>,
    /// A message to them; `None` for one who may not, or where nobody can.
    pub editor: Option<Editor>,
    /// A once-only key for it.
    pub once: String,
    /// Why nothing was sent.
    pub fault: Option<String>,
    /// Numbers, the first first.
    pub phones: Vec<PersonPhone>,
    /// What they may receive, what they stopped.
    pub reach: Vec<Fact>,
    /// By what they may be written to, where there is a choice.
    pub ways: Vec<Choice>,
    /// Who said by what, and when.
    pub way_said: String,
    /// The record.
    pub record: Vec<Fact>,
    /// Records that were joined to theirs.
    pub joined: Vec<JoinedRecord>,
    /// Where each value comes from.
    pub origins: Vec<Origin>,
    /// Groups: words and address.
    pub groups: Vec<Choice>,
    /// "You may see this record because …"
    pub why: String,
    /// Their pretend phone, where they have one.
    pub simulator: Option<String>,
    /// Whether the reader may take all that is held of them.
    pub may_take: bool,
    /// Whether the reader may write to them that it is ready.
    pub may_tell: bool,
}

/// A line of the file: when, what, and what it says.
#[derive(Clone, Debug)]
pub struct HeldLine {
    /// "23 November 2026, 09:00"
    pub at: String,
    /// "from them, delivered"
    pub what: String,
    /// The words.
    pub words: String,
}

/// A part of the file under its heading.
#[derive(Clone, Debug)]
pub struct HeldPart {
    /// "Messages"
    pub heading: String,
    /// Its lines.
    pub lines: Vec<HeldLine>,
}

/// All that is held of one person, as a file that needs nothing else: it can be printed and handed over.
#[derive(Template)]
#[template(path = "people/held.html")]
pub struct HeldPage {
    /// What every page knows.
    pub page: Page,
    /// "What we hold about Mary Kollie"
    pub title: String,
    /// "Reference SA-77, taken on …"
    pub reference: String,
    /// False where there is more.
    pub is_whole: bool,
    /// The record.
    pub facts: Vec<Fact>,
    /// Everything else.
    pub parts: Vec<HeldPart>,
}
