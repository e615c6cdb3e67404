//! Lists of people, and one person.

use askama::Template;
use mhero_core::Right;

use crate::{
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
    /// The record.
    pub record: Vec<Fact>,
    /// Groups: words and address.
    pub groups: Vec<Choice>,
    /// "You may see this record because …"
    pub why: String,
    /// Their pretend phone, where they have one.
    pub simulator: Option<String>,
}
