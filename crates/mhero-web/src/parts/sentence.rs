//! The sentence that chooses people: a verb, then blanks. One blank may stand open.

/// A stretch of the sentence.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Words between blanks.
    Words(String),
    /// A blank that opens.
    Blank {
        /// "midwives and nurses".
        words: String,
        /// What it opens: `cadre`, `place`, `more` for one condition more.
        edit: String,
        /// True for the dashed one that adds.
        is_add: bool,
    },
}

/// One thing that a blank may hold.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub words: String,
    /// People behind it, where somebody counted.
    pub people: Option<i64>,
    /// Whether it is chosen.
    pub is_on: bool,
}

/// The open blank: a form.
#[derive(Clone, Debug)]
pub struct Pop {
    /// Which blank: `cadre`.
    pub edit: String,
    /// "Cadre".
    pub legend: String,
    /// What it may hold. Several may be chosen, unless `is_single`.
    pub choices: Vec<Choice>,
    /// Only one may be chosen.
    pub is_single: bool,
    /// A field to type into, with what stands in it: place names, other conditions.
    pub typed: Option<String>,
    /// Words under that field.
    pub hint: String,
    /// What was wrong with what was typed, with what to do.
    pub fault: Option<String>,
    /// Whether the condition may be taken away.
    pub is_removable: bool,
}

/// A query that cannot be read; what was typed stays.
#[derive(Clone, Debug)]
pub struct QueryFault {
    /// Before the place.
    pub before: String,
    /// The place itself.
    pub wrong: String,
    /// After it.
    pub after: String,
    /// What is wrong and what to do.
    pub words: String,
}

/// The sentence with its query.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Words and blanks, in the reader's language.
    pub pieces: Vec<Piece>,
    /// The open blank.
    pub pop: Option<Pop>,
    /// The same as text.
    pub query: String,
    /// What is wrong with the text.
    pub fault: Option<QueryFault>,
    /// Saved audiences to pick from.
    pub saved: Vec<Choice>,
}

impl Sentence {
    /// Whether this blank stands open.
    pub fn is_open(&self, edit: &str) -> bool {
        self.pop.as_ref().is_some_and(|pop| pop.edit == edit)
    }
}
