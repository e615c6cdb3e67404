//! The pages of results.

use askama::Template;
use jiff::Timestamp;

use crate::{
    flows::Tabs,
    marks::Mark,
    page::{Band, Page},
    parts::{Choice, Pager},
};

/// One step of the way from asked to complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// "First reply".
    pub words: String,
    /// The class of its ink.
    pub class: &'static str,
    /// How wide its bar is, in four hundredths.
    pub width: i64,
    /// How many people.
    pub people: i64,
    /// Who they are: a page of people; empty where nobody can be listed.
    pub href: String,
    /// Who was lost before it: "113 stayed silent"; empty for nobody.
    pub loss: String,
    /// Who those are.
    pub loss_href: String,
    /// Whether the most were lost here.
    pub is_worst: bool,
}

/// Runs of one status.
#[derive(Clone, Debug)]
pub struct StatusLine {
    /// Its mark.
    pub mark: Mark,
    /// Its word.
    pub words: String,
    /// How many.
    pub runs: i64,
}

/// One answer of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The category.
    pub words: String,
    /// How many runs.
    pub runs: i64,
    /// How long its bar is, in hundredths of the longest.
    pub width: i64,
    /// "31 %".
    pub share: String,
}

/// A question with what was answered.
#[derive(Clone, Debug)]
pub struct QuestionShown {
    /// Its name.
    pub name: String,
    /// How many answered it.
    pub answers: i64,
    /// Its chart, which is its table too; empty for one that is answered in words.
    pub bars: Vec<Bar>,
    /// The last answers, where it is answered in words.
    pub last: Vec<String>,
    /// All answers in words.
    pub texts_href: String,
}

/// Who is to hear more, and how.
#[derive(Clone, Debug)]
pub struct FollowShown {
    /// The word in forms.
    pub which: &'static str,
    /// "113 have not answered".
    pub head: String,
    /// How many they are.
    pub people: i64,
    /// Who they are.
    pub href: String,
    /// "Remind these 113".
    pub write: String,
    /// Whether it can wait: reminders only.
    pub may_wait: bool,
}

/// `/flows/{id}/results`.
#[derive(Template)]
#[template(path = "results/page.html")]
pub struct ResultsPage {
    /// What every page knows.
    pub page: Page,
    /// The tabs of the flow.
    pub tabs: Tabs,
    /// The name of the flow.
    pub name: String,
    /// What the page is about.
    pub lead: String,
    /// What came out, in a sentence.
    pub said: String,
    /// All, and each start.
    pub starts: Vec<Choice>,
    /// The way of people.
    pub steps: Vec<Step>,
    /// Runs by status.
    pub statuses: Vec<StatusLine>,
    /// What was asked.
    pub questions: Vec<QuestionShown>,
    /// Row by row.
    pub rows_href: String,
    /// The table as CSV.
    pub csv: String,
    /// The table as a workbook.
    pub xlsx: String,
    /// Who is to hear more; nobody without a start.
    pub follow: Vec<FollowShown>,
    /// Flows that can be started for them.
    pub flows: Vec<Choice>,
    /// Where the form goes.
    pub follow_href: String,
    /// The start, for the form.
    pub start: String,
    /// The once-only key of the form.
    pub once: String,
    /// What could not be done.
    pub fault: Option<String>,
}

/// An answer in words.
#[derive(Clone, Debug)]
pub struct TextLine {
    /// Who.
    pub name: String,
    /// Their page; empty where the reader may not open it.
    pub href: String,
    /// What was answered.
    pub text: String,
    /// Its category.
    pub category: String,
    /// When.
    pub at: Timestamp,
}

/// `/flows/{id}/results/texts`.
#[derive(Template)]
#[template(path = "results/texts.html")]
pub struct TextsPage {
    /// What every page knows.
    pub page: Page,
    /// The name of the flow.
    pub name: String,
    /// Its results.
    pub href: String,
    /// The question.
    pub question: String,
    /// The other questions.
    pub questions: Vec<Choice>,
    /// Answers, the newest first.
    pub rows: Vec<TextLine>,
    /// Pages.
    pub pager: Pager,
}

/// A run with all that it gave.
#[derive(Clone, Debug)]
pub struct RunLine {
    /// Who.
    pub name: String,
    /// Their page.
    pub href: String,
    /// The mark of its status.
    pub mark: Mark,
    /// The word of its status.
    pub status: String,
    /// When it began.
    pub at: Timestamp,
    /// Its results, in the order of the questions; empty for none.
    pub cells: Vec<String>,
}

impl RunLine {
    /// Its results, each with its question.
    fn pairs<'a>(&'a self, questions: &'a [String]) -> impl Iterator<Item = (&'a String, &'a String)> {
        questions.iter().zip(&self.cells)
    }
}

/// `/flows/{id}/results/people`.
#[derive(Template)]
#[template(path = "results/people.html")]
pub struct RunsPage {
    /// What every page knows.
    pub page: Page,
    /// The name of the flow.
    pub name: String,
    /// Its results.
    pub href: String,
    /// The names of the questions.
    pub questions: Vec<String>,
    /// Runs, the newest first.
    pub rows: Vec<RunLine>,
    /// The table as CSV.
    pub csv: String,
    /// The table as a workbook.
    pub xlsx: String,
    /// Pages.
    pub pager: Pager,
}
