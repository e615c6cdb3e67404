//! An audience as one sentence that a director can check, in pieces that a sentence builder can show as blanks.

mod english;
mod french;
mod plural;

use mhero_core::{Lang, LangMap};

use crate::{Audience, Branch, Operator, Span, Test, Topic, Value};

/// One part of the audience as the sentence says it. Put behind one another, `before` and `text` of all blanks are the
/// sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank {
    /// Which part of the query it is, for [`crate::Query::replace_part`]. Cadres are said first wherever they stand.
    pub part: usize,
    /// What it is about.
    pub kind: BlankKind,
    /// The words that lead to it, with their spaces: ` and work in `.
    pub before: String,
    /// The words of the blank: `Nimbara or Bondou`.
    pub text: String,
    /// Where the part stands in the text of the query.
    pub span: Span,
}

macro_rules! kinds {
    ($($kind:ident = $word:literal),+ $(,)?) => {
        /// What a blank is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum BlankKind { $(#[doc = concat!("Written `", $word, "`.")] $kind),+ }

        impl BlankKind {
            /// The word in addresses: `?edit=place`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $word),+ }
            }
        }
    };
}

kinds! {
    Person = "person", Name = "name", Language = "language", Phone = "phone", Group = "group", Cadre = "cadre",
    Job = "job", Facility = "facility", Place = "place", Training = "training", Sex = "sex", Source = "source",
    CreatedOn = "created_on", LastSent = "last_sent", LastHeard = "last_heard", Broadcast = "broadcast",
    Field = "field", Urn = "urn", Status = "status", Flow = "flow", Tickets = "tickets", NumberHealth = "number-health",
    OnLeave = "on-leave",
    Several = "several",
}

/// A verb with what it governs: `work in` and `Nimbara`. It follows "who" and stands in the plural.
pub(crate) struct Phrase {
    verb: String,
    object: String,
}

impl Phrase {
    fn new(verb: impl Into<String>, object: impl Into<String>) -> Self {
        Self { verb: verb.into(), object: object.into() }
    }

    fn joined(self) -> String {
        format!("{} {}", self.verb, self.object)
    }
}

/// How one language puts an audience.
trait Grammar {
    /// Everybody: `all health workers`.
    const EVERYONE: &'static str;
    /// Those of whom no cadre is said: `health workers`.
    const WORKERS: &'static str;
    /// What joins people with what they do, with spaces.
    const WHO: &'static str;
    /// The last joint of things that all hold, with spaces.
    const AND: &'static str;
    /// The last joint of alternatives, with spaces.
    const OR: &'static str;
    /// Alternatives among other things that hold: what opens them, and the rest.
    fn either(alternatives: &[String]) -> Phrase;
    /// What a test says of people.
    fn phrase(test: &Test) -> Phrase;
    /// Many of a cadre; `None` when the name can't be put so.
    fn plural(names: &LangMap) -> Option<String>;
}

/// The sentence, without capital and full stop, to stand behind "Send to": in French for French, else in English.
///
/// ```
/// use mhero_core::Lang;
/// use mhero_query::{Directory, Environment, PlusNumbers, check, parse, sentence};
/// let environment = Environment::new(jiff::tz::TimeZone::UTC, jiff::civil::date(2026, 5, 14), &PlusNumbers);
/// let query = parse("language = fra AND (last_heard < -30d OR last_heard = '')")?;
/// let audience = check(&query, &Directory::default(), &environment)?;
/// assert_eq!(
///     sentence(&audience, Lang::ENGLISH),
///     "health workers who speak French and either last wrote before 14 April 2026 (30 days ago) or have never written to us"
/// );
/// assert_eq!(
///     sentence(&audience, Lang::FRENCH),
///     "agents de santé qui parlent français et soit ont écrit pour la dernière fois avant le 14 avril 2026 \
///      (il y a 30\u{a0}jours), soit ne nous ont jamais écrit"
/// );
/// # Ok::<(), mhero_query::QueryError>(())
/// ```
pub fn sentence(audience: &Audience, lang: Lang) -> String {
    if audience.is_everyone() {
        let everyone = if lang == Lang::FRENCH { french::French::EVERYONE } else { english::English::EVERYONE };
        return everyone.to_owned();
    }
    blanks(audience, lang).into_iter().map(|blank| blank.before + &blank.text).collect()
}

/// The parts of the sentence. None for everybody.
pub fn blanks(audience: &Audience, lang: Lang) -> Vec<Blank> {
    let Some(root) = audience.root() else { return Vec::new() };
    if lang == Lang::FRENCH { pieces::<french::French>(root) } else { pieces::<english::English>(root) }
}

/// The branches that must all hold.
fn parts(root: &Branch) -> Vec<&Branch> {
    match root {
        Branch::And(children) => children.iter().collect(),
        other => vec![other],
    }
}

fn pieces<G: Grammar>(root: &Branch) -> Vec<Blank> {
    if let Some(text) = alternatives::<G>(root) {
        return vec![blank(0, root, String::new(), text)];
    }
    let parts = parts(root);
    let head = parts.iter().enumerate().find_map(|(at, part)| people::<G>(part).map(|text| (at, text)));
    let head_at = head.as_ref().map(|(at, _)| *at);
    let mut said: Vec<Blank> = Vec::new();
    let mut lead = G::WORKERS.to_owned();
    if let Some((at, text)) = head {
        said.push(blank(at, parts[at], String::new(), text));
        lead.clear();
    }
    let rest: Vec<usize> = (0..parts.len()).filter(|at| Some(*at) != head_at).collect();
    for (nth, at) in rest.iter().enumerate() {
        let joint = match nth {
            0 => G::WHO,
            _ if nth + 1 == rest.len() => G::AND,
            _ => ", ",
        };
        let phrase = part_phrase::<G>(parts[*at], rest.len() > 1);
        let gap = if phrase.verb.is_empty() { "" } else { " " };
        said.push(blank(*at, parts[*at], format!("{lead}{joint}{}{gap}", phrase.verb), phrase.object));
        lead.clear();
    }
    said
}

fn blank(part: usize, branch: &Branch, before: String, text: String) -> Blank {
    Blank { part, kind: kind_of(branch), before, text, span: span_of(branch) }
}

/// Alternatives of which some say who, each as people of their own: `midwives who work in A, or nurses who work in B`.
fn alternatives<G: Grammar>(root: &Branch) -> Option<String> {
    let Branch::Or(children) = root else { return None };
    if people::<G>(root).is_some()
        || !children.iter().any(|child| parts(child).iter().any(|p| people::<G>(p).is_some()))
    {
        return None;
    }
    let said: Vec<String> = children
        .iter()
        .map(|child| pieces::<G>(child).into_iter().map(|blank| blank.before + &blank.text).collect())
        .collect();
    Some(said.join(&format!(",{}", G::OR)))
}

/// Cadres that say who is meant: `midwives and nurses`.
fn people<G: Grammar>(part: &Branch) -> Option<String> {
    let one = |branch: &Branch| match branch {
        Branch::Test(Test { topic: Topic::Cadre, operator: Operator::Equal, value: Value::Names(names), .. }) => {
            G::plural(names)
        }
        _ => None,
    };
    match part {
        Branch::Or(children) => Some(list(&children.iter().map(one).collect::<Option<Vec<_>>>()?, G::AND)),
        Branch::Test(_) => one(part),
        Branch::And(_) => None,
    }
}

/// What one part says of people. `among` tells whether other parts stand beside it.
fn part_phrase<G: Grammar>(part: &Branch, among: bool) -> Phrase {
    match part {
        Branch::Test(test) => G::phrase(test),
        Branch::Or(children) => {
            if let Some(phrase) = one_verb::<G>(children) {
                return phrase;
            }
            let said: Vec<String> = children.iter().map(nested::<G>).collect();
            if among { G::either(&said) } else { Phrase::new("", list(&said, G::OR)) }
        }
        Branch::And(children) => Phrase::new("", list(&children.iter().map(nested::<G>).collect::<Vec<_>>(), G::AND)),
    }
}

/// Alternatives that differ in their object only: `work in Nimbara or Bondou`.
fn one_verb<G: Grammar>(children: &[Branch]) -> Option<Phrase> {
    let mut verb: Option<String> = None;
    let mut objects = Vec::new();
    for child in children {
        let Branch::Test(test) = child else { return None };
        let phrase = G::phrase(test);
        // "do not work in A or B" would say that neither may be.
        if test.negated || verb.as_ref().is_some_and(|verb| *verb != phrase.verb) {
            return None;
        }
        verb = Some(phrase.verb);
        objects.push(phrase.object);
    }
    verb.map(|verb| Phrase::new(verb, list(&objects, G::OR)))
}

fn nested<G: Grammar>(branch: &Branch) -> String {
    let said = match branch {
        Branch::Test(test) => return G::phrase(test).joined(),
        Branch::Or(children) => {
            if let Some(phrase) = one_verb::<G>(children) {
                return phrase.joined();
            }
            list(&children.iter().map(nested::<G>).collect::<Vec<_>>(), G::OR)
        }
        Branch::And(children) => list(&children.iter().map(nested::<G>).collect::<Vec<_>>(), G::AND),
    };
    format!("({said})")
}

/// `a`, `a or b`, `a, b or c`.
fn list(items: &[String], last: &str) -> String {
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{}{last}{end}", rest.join(", ")),
    }
}

/// A name for a reader, with the places above it where it was found by its id.
fn name(value: &Value, lang: Lang) -> String {
    match value {
        Value::Names(names) => names.best(lang).to_owned(),
        Value::Place(names, path) if path.is_empty() => names.best(lang).to_owned(),
        Value::Place(names, path) => format!("{} ({path})", names.best(lang)),
        Value::Text(text) | Value::Number(text, _) => text.clone(),
        Value::Language(language) => language.to_string(),
        Value::Day(day) => day.date.to_string(),
        Value::Nothing => String::new(),
    }
}

/// What people call addresses of a scheme, with a space behind; nothing for addresses of any.
fn scheme_name(scheme: Option<&str>) -> String {
    scheme.and_then(mhero_core::UrnScheme::of).map(|scheme| format!("{} ", scheme.name)).unwrap_or_default()
}

fn kind_of(branch: &Branch) -> BlankKind {
    match branch {
        Branch::Test(test) => test.topic.kind(),
        Branch::And(children) | Branch::Or(children) => {
            let mut kinds = children.iter().map(kind_of);
            let first = kinds.next().unwrap_or(BlankKind::Several);
            if kinds.all(|kind| kind == first) { first } else { BlankKind::Several }
        }
    }
}

fn span_of(branch: &Branch) -> Span {
    match branch {
        Branch::Test(test) => test.span,
        Branch::And(children) | Branch::Or(children) => match (children.first(), children.last()) {
            (Some(first), Some(last)) => span_of(first).to(span_of(last)),
            _ => Span::default(),
        },
    }
}

impl Topic {
    /// What a blank of this topic is about.
    pub const fn kind(&self) -> BlankKind {
        match self {
            Self::Person => BlankKind::Person,
            Self::Name => BlankKind::Name,
            Self::Language => BlankKind::Language,
            Self::Phone => BlankKind::Phone,
            Self::Urn(_) => BlankKind::Urn,
            Self::Status => BlankKind::Status,
            Self::Flow(_) | Self::Start(_) => BlankKind::Flow,
            Self::Tickets => BlankKind::Tickets,
            Self::NumberHealth => BlankKind::NumberHealth,
            Self::OnLeave => BlankKind::OnLeave,
            Self::Group => BlankKind::Group,
            Self::Cadre => BlankKind::Cadre,
            Self::Job => BlankKind::Job,
            Self::Facility => BlankKind::Facility,
            Self::Place => BlankKind::Place,
            Self::Training | Self::Course(_) => BlankKind::Training,
            Self::Sex => BlankKind::Sex,
            Self::Source => BlankKind::Source,
            Self::CreatedOn => BlankKind::CreatedOn,
            Self::LastSent => BlankKind::LastSent,
            Self::LastHeard => BlankKind::LastHeard,
            Self::Broadcast(_) => BlankKind::Broadcast,
            Self::Field(_) => BlankKind::Field,
        }
    }
}
