//! The pages of flows.

use askama::Template;
use jiff::Timestamp;
use mhero_core::Right;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::{Choice, Counted, Piece, Remedy, Sentence},
};

/// The tabs of a flow's pages.
#[derive(Clone, Debug, Default)]
pub struct Tabs(pub Vec<Choice>);

impl Tabs {
    /// Without that of playing it, for a flow that runs elsewhere.
    pub fn without_play(mut self) -> Self {
        self.0.retain(|tab| !tab.value.ends_with("/play"));
        self
    }
}

/// A flow in the list.
#[derive(Clone, Debug)]
pub struct FlowLine {
    /// The id, for the export.
    pub id: String,
    /// The name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// "Messages".
    pub kind: String,
    /// The revision that new conversations get.
    pub revision: i64,
    /// Who is in it now.
    pub live: i64,
    /// When it was last changed.
    pub changed: Timestamp,
    /// "Library".
    pub origin: String,
}

/// `/flows`.
#[derive(Template)]
#[template(path = "flows/list.html")]
pub struct FlowsPage {
    /// What every page knows.
    pub page: Page,
    /// Flows by name.
    pub rows: Vec<FlowLine>,
    /// Whether these are the ones that were put away.
    pub is_archive: bool,
    /// How many were put away.
    pub archived: usize,
}

/// A use case of the library in the list.
#[derive(Clone, Debug)]
pub struct UseCase {
    /// The name.
    pub name: String,
    /// What it is for, in one or two sentences.
    pub about: String,
    /// Its page.
    pub href: String,
    /// Whether its flows are here already.
    pub is_here: bool,
}

/// `/flows/library`.
#[derive(Template)]
#[template(path = "flows/library.html")]
pub struct LibraryPage {
    /// What every page knows.
    pub page: Page,
    /// The use cases.
    pub cases: Vec<UseCase>,
}

/// A stretch of an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// A heading.
    Head(String),
    /// A paragraph.
    Words(String),
    /// A list.
    List(Vec<String>),
    /// A conversation or a table, kept as it is.
    Kept(String),
}

/// `/flows/library/{key}`.
#[derive(Template)]
#[template(path = "flows/use_case.html")]
pub struct UseCasePage {
    /// What every page knows.
    pub page: Page,
    /// The name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// The explanation.
    pub stretches: Vec<Stretch>,
    /// Whether its flows are here already.
    pub is_here: bool,
}

/// Something that a check found, in words.
#[derive(Clone, Debug)]
pub struct FindingRow {
    /// How bad, as a mark.
    pub mark: Mark,
    /// How bad, in a word.
    pub severity: String,
    /// What is wrong and how to mend it.
    pub words: String,
    /// The step where it is: its number and the link to it.
    pub step: Option<(usize, String)>,
    /// The language of the text that it is about.
    pub language: String,
}

/// A part of an import.
#[derive(Clone, Debug)]
pub struct PartRow {
    /// Its name.
    pub name: String,
    /// Its page here, for a flow.
    pub href: Option<String>,
    /// What became of it, as a mark.
    pub mark: Mark,
    /// What became of it, in a word.
    pub outcome: String,
    /// Why, or with what change.
    pub why: String,
    /// The worst that the checks found.
    pub findings: Vec<FindingRow>,
    /// How many they found.
    pub found: usize,
}

/// The parts of one kind.
#[derive(Clone, Debug)]
pub struct PartGroup {
    /// "Flows".
    pub name: String,
    /// "3 new, 1 refused".
    pub counts: String,
    /// The parts.
    pub parts: Vec<PartRow>,
}

/// What became of an import.
#[derive(Template)]
#[template(path = "flows/report.html")]
pub struct ReportPage {
    /// What every page knows.
    pub page: Page,
    /// "12 parts were taken, 1 was refused."
    pub lead: String,
    /// The parts by kind.
    pub groups: Vec<PartGroup>,
}

/// `/flows/import`.
#[derive(Template)]
#[template(path = "flows/import.html")]
pub struct ImportPage {
    /// What every page knows.
    pub page: Page,
    /// Why the last file could not be taken.
    pub fault: Option<String>,
    /// Largest file, in MB.
    pub max: i64,
}

/// A drawing with the same in words.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// The drawing, safe HTML.
    pub svg: String,
    /// The steps in words, safe HTML.
    pub outline: String,
    /// How many steps.
    pub steps: usize,
    /// Whether it is too large to stand in a page with other things.
    pub is_large: bool,
    /// The first and last step of the outline, where it is a part only.
    pub part: Option<(usize, usize)>,
    /// The part before.
    pub before: Option<String>,
    /// The part after.
    pub after: Option<String>,
    /// The whole drawing as an image, where it does not stand in the page.
    pub image: Option<String>,
}

/// People who stand at one step.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The number of the step.
    pub step: usize,
    /// The link to it.
    pub href: String,
    /// How many.
    pub people: i64,
}

/// A start with how far its people got.
#[derive(Clone, Debug)]
pub struct StartRow {
    /// Its id, where it can be stopped by the reader.
    pub stops: Option<String>,
    /// Its number.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Its state, as a mark.
    pub mark: Mark,
    /// Its state.
    pub state: String,
    /// Those who matched.
    pub targeted: i64,
    /// Those with a conversation.
    pub started: i64,
    /// Those who answered.
    pub replied: i64,
    /// Those who went through to the end.
    pub complete: i64,
    /// Who was left out, with the reason in words.
    pub left_out: Vec<(String, i64)>,
    /// The page on which a second person decides, while it waits for one.
    pub approve: Option<String>,
    /// By which code a worker asks whether it is true, and how often somebody did.
    pub code: Option<String>,
}

/// `/flows/{id}`.
#[derive(Template)]
#[template(path = "flows/overview.html")]
pub struct OverviewPage {
    /// What every page knows.
    pub page: Page,
    /// Its pages.
    pub tabs: Tabs,
    /// Its name.
    pub name: String,
    /// "Messages, revision 3, from the library."
    pub lead: String,
    /// Its page.
    pub href: String,
    /// Its export.
    pub export: String,
    /// False once it is put away.
    pub is_active: bool,
    /// Whether the reader can start people in it.
    pub is_startable: bool,
    /// Where it runs, when that is the country's RapidPro: there is nothing of it here to draw or to play.
    pub runs_at: Option<String>,
    /// Whether the reader can change it.
    pub is_own: bool,
    /// The programmes that it can be given to, where the reader has a choice.
    pub programmes: Vec<Choice>,
    /// The programme that it belongs to.
    pub programme: Option<String>,
    /// The picture.
    pub drawing: Drawing,
    /// How many conversations have not ended.
    pub live: i64,
    /// Who stands where, the most first.
    pub standing: Vec<Standing>,
    /// What the checks found, the worst first.
    pub findings: Vec<FindingRow>,
    /// How many of them are not shown.
    pub more_findings: usize,
    /// Its starts, newest first.
    pub starts: Vec<StartRow>,
    /// Beginning it ends other conversations.
    pub interrupts: bool,
    /// Only urgent keywords start another.
    pub ignores_keywords: bool,
}

/// One revision.
#[derive(Clone, Debug)]
pub struct RevisionRow {
    /// Its number.
    pub revision: i64,
    /// When it was saved.
    pub at: Timestamp,
    /// Who saved it.
    pub by: String,
    /// Who is in it now.
    pub live: i64,
    /// Whether new conversations get it.
    pub is_current: bool,
}

/// `/flows/{id}/revisions`.
#[derive(Template)]
#[template(path = "flows/revisions.html")]
pub struct RevisionsPage {
    /// What every page knows.
    pub page: Page,
    /// Its pages.
    pub tabs: Tabs,
    /// Its name.
    pub name: String,
    /// This page.
    pub href: String,
    /// The current revision.
    pub current: i64,
    /// How many are in older revisions.
    pub older: i64,
    /// Whether the reader can move them.
    pub is_own: bool,
    /// Whether the reader was asked whether to move them.
    pub is_asked: bool,
    /// What became of a move.
    pub moved: Option<String>,
    /// The revisions, newest first.
    pub rows: Vec<RevisionRow>,
}

/// `/flows/{id}/start`.
#[derive(Template)]
#[template(path = "flows/start.html")]
pub struct StartPage {
    /// What every page knows.
    pub page: Page,
    /// The flow's name.
    pub name: String,
    /// The flow's page.
    pub flow: String,
    /// This page.
    pub href: String,
    /// Who.
    pub sentence: Sentence,
    /// How many, and who is left out.
    pub counted: Counted,
    /// "12 of them are in a flow now: it is suspended and goes on afterwards."
    pub in_a_flow: Option<String>,
    /// Who pays for what they answer, where a price says so.
    pub answers: Option<(Mark, String)>,
    /// Who of them is on leave, where they are meant by name.
    pub on_leave: Option<String>,
    /// How urgent.
    pub lanes: Vec<Choice>,
    /// Why nobody was started.
    pub fault: Option<String>,
    /// Whether a large start has to be confirmed by its number.
    pub is_asked: bool,
    /// What was typed there.
    pub say: String,
    /// Above how many.
    pub above: i64,
    /// A once-only key.
    pub once: String,
    /// Whether this is a test, in no results.
    pub is_test: bool,
    /// What can't work as the flow is written.
    pub errors: Vec<FindingRow>,
    /// Whether it is to be started all the same.
    pub is_despite: bool,
    /// The texts that a back end is to send: name of the field, language, what was typed.
    pub texts: Vec<(&'static str, String, String)>,
    /// Most characters of one.
    pub text_max: usize,
}

/// One line of a played conversation.
#[derive(Clone, Debug)]
pub enum PlayedLine {
    /// On the phone.
    Phone {
        /// True for what the flow said.
        is_from_us: bool,
        /// The text.
        text: String,
    },
    /// What the flow did.
    Did {
        /// In words.
        words: String,
        /// Whether something went wrong.
        is_trouble: bool,
    },
}

impl PlayedLine {
    /// The same where it is on the phone: who says it, and the text.
    pub(super) fn phone(&self) -> Option<(bool, &str)> {
        match self {
            Self::Phone { is_from_us, text } => Some((*is_from_us, text)),
            Self::Did { .. } => None,
        }
    }
}

/// What the played conversation waits for.
#[derive(Clone, Debug)]
pub enum Asks {
    /// A text.
    Text {
        /// Whether the wait ends by itself.
        times_out: bool,
        /// Answers that the flow offers.
        replies: Vec<String>,
    },
    /// The answer of an outside call.
    Answer {
        /// `GET https://example.org/facility`.
        what: String,
        /// What it sends, or empty.
        body: String,
        /// A likely answer.
        likely: String,
    },
    /// Nothing.
    Nothing {
        /// Whether it ended by a failure.
        failed: bool,
    },
}

/// A fact of the pretend person, or a result.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// What is said beside it, or empty.
    pub aside: String,
}

/// The pretend person as typed.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The languages to choose from.
    pub languages: Vec<Choice>,
    /// Groups, with commas between.
    pub groups: String,
    /// Fields, one a line.
    pub fields: String,
}

/// `/flows/{id}/play`, and the same for a file.
#[derive(Template)]
#[template(path = "flows/play.html")]
pub struct PlayPage {
    /// What every page knows.
    pub page: Page,
    /// The pages of a stored flow; none for a file.
    pub tabs: Tabs,
    /// The flow's name.
    pub name: String,
    /// Where a push goes.
    pub action: String,
    /// Where to begin again.
    pub again: String,
    /// The conversation, sealed.
    pub state: String,
    /// Time on the phone.
    pub time: String,
    /// BCP 47 of the person, or empty.
    pub tag: String,
    /// What happened, in order.
    pub lines: Vec<PlayedLine>,
    /// Which of them is the last text, from 1: where a browser without scripts looks first.
    pub newest: usize,
    /// What it waits for.
    pub asks: Asks,
    /// The picture with the steps taken.
    pub drawing: Drawing,
    /// The flow of the picture.
    pub drawn: String,
    /// The pretend person as they now are.
    pub facts: Vec<Fact>,
    /// The results so far.
    pub results: Vec<Fact>,
    /// The person to begin again with; none for a file.
    pub person: Option<Person>,
    /// Whether the field for a text is ready to type into.
    pub is_on: bool,
}

/// `/flows/play`.
#[derive(Template)]
#[template(path = "flows/play_file.html")]
pub struct PlayFilePage {
    /// What every page knows.
    pub page: Page,
    /// Why the last file could not be played.
    pub fault: Option<String>,
    /// The pretend person.
    pub person: Person,
}
