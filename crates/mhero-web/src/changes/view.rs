//! The queue of changes, and people who ask to join.

use askama::Template;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::Choice,
};

/// A button of a row.
#[derive(Clone, Debug)]
pub struct Verb {
    /// What the form sends: `accept:ID`.
    pub value: String,
    /// "Accept".
    pub words: String,
    /// Which key presses it, or empty.
    pub key: &'static str,
}

/// What the registry holds where somebody changed it meanwhile.
#[derive(Clone, Debug)]
pub struct Meanwhile {
    /// The mark of what happened.
    pub mark: Mark,
    /// The value.
    pub value: String,
    /// "by HR registry".
    pub by: String,
}

/// What one of the staff of a facility answered.
#[derive(Clone, Debug)]
pub struct AnswerLine {
    /// Who, or "A colleague" for somebody outside the reader's places.
    pub who: String,
    /// Their page, or empty.
    pub href: String,
    /// What they say.
    pub value: String,
    /// The SMS in which they said it, or empty.
    pub evidence: String,
    /// When.
    pub at: String,
}

/// One change of the queue.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    /// Its id, for the forms.
    pub id: String,
    /// How it is drawn: `ok`, `see`, `conflict`.
    pub class: &'static str,
    /// Whose value it is.
    pub name: String,
    /// Their page.
    pub href: String,
    /// "Phone".
    pub field: String,
    /// What the register holds.
    pub old: String,
    /// What it should hold.
    pub new: String,
    /// What the registry holds now.
    pub meanwhile: Option<Meanwhile>,
    /// How far it is, where it is not simply waiting.
    pub state: Option<(Mark, String)>,
    /// What each of the staff answered, of a place.
    pub answers: Vec<AnswerLine>,
    /// Where it goes, who must still accept it, why it failed.
    pub notes: Vec<String>,
    /// The SMS in which it was said, or empty.
    pub evidence: String,
    /// When it was said.
    pub at: String,
    /// "94 % sure".
    pub certain: String,
    /// Whether that is sure enough to be chosen to begin with.
    pub is_sure: bool,
    /// Whether it can be chosen with others.
    pub is_choosable: bool,
    /// Its buttons.
    pub verbs: Vec<Verb>,
}

/// What the reader has just decided.
#[derive(Clone, Debug)]
pub struct JustDone {
    /// "You accepted 4 changes."
    pub head: String,
    /// "3 confirmed by the registry, 1 on its way."
    pub how: String,
    /// Whether it can still be taken back.
    pub may_undo: bool,
}

/// Accepted changes that belong to a source that is a file.
#[derive(Clone, Debug)]
pub struct FileOfChanges {
    /// What to do.
    pub words: String,
    /// Where the file is asked for.
    pub href: String,
}

/// `/changes`.
#[derive(Template)]
#[template(path = "changes/list.html")]
pub struct ChangesPage {
    /// What every page knows.
    pub page: Page,
    /// How many wait.
    pub waiting: i64,
    /// Shelves with their counts.
    pub filters: Vec<Choice>,
    /// The shelf that is shown.
    pub shelf: String,
    /// How many people ask to join.
    pub joins: i64,
    /// What the reader has just decided.
    pub just: Option<JustDone>,
    /// Files to fetch.
    pub files: Vec<FileOfChanges>,
    /// Changes.
    pub rows: Vec<ChangeRow>,
    /// The next page.
    pub next: Option<String>,
    /// Whether the reader decides.
    pub may_decide: bool,
}

impl ChangesPage {
    /// How many are chosen to begin with.
    pub fn chosen(&self) -> i64 {
        let chosen = self.rows.iter().filter(|row| row.is_choosable && row.is_sure).count();
        i64::try_from(chosen).unwrap_or(i64::MAX)
    }

    /// Whether any can be chosen.
    pub fn has_choice(&self) -> bool {
        self.may_decide && self.rows.iter().any(|row| row.is_choosable)
    }
}

/// Somebody who asks to join.
#[derive(Clone, Debug)]
pub struct JoinLine {
    /// The id, for the form.
    pub id: String,
    /// The name as they gave it.
    pub name: String,
    /// Masked.
    pub number: String,
    /// "Midwife, Fisabo Clinic".
    pub work: String,
    /// Mark of the state.
    pub mark: Mark,
    /// "Waits".
    pub state: String,
    /// Who they may be, and their page.
    pub is: Option<(String, String)>,
    /// Why, and what is to know.
    pub notes: Vec<String>,
    /// Whether somebody can decide it.
    pub is_open: bool,
}

/// `/changes/joins`.
#[derive(Template)]
#[template(path = "changes/joins.html")]
pub struct JoinsPage {
    /// What every page knows.
    pub page: Page,
    /// States.
    pub filters: Vec<Choice>,
    /// People.
    pub rows: Vec<JoinLine>,
    /// Whether the reader decides.
    pub may_decide: bool,
}
