//! Cases and contexts of the corpus, and what the engine makes of them, in the corpus's words.

use std::{collections::BTreeMap, fmt};

use mhero_text::{
    ControlWords, Keyword, Meaning, Outcome, Question, Situation, Vocabulary,
    reply::{AnswerProblem, Choice},
    understand,
};
use serde_json::{Map, Value, json};

use super::approvals::Asks;

/// What is wrong with the corpus, in words.
type Result<T> = std::result::Result<T, String>;

/// One case.
pub struct Case {
    pub id: String,
    pub lang: String,
    pub text: String,
    pub context: String,
    pub errors: Vec<String>,
    pub expect: Value,
}

impl Case {
    pub fn read_all(file: &Value) -> Result<Vec<Self>> {
        let cases = file["cases"].as_array().ok_or("there is no list of cases")?;
        cases.iter().map(Self::read).collect()
    }

    fn read(case: &Value) -> Result<Self> {
        let text = |key: &str| {
            case[key].as_str().map(str::to_owned).ok_or_else(|| format!("case {} has no {key}", case["id"]))
        };
        let errors =
            case["errors"].as_array().into_iter().flatten().filter_map(|error| error.as_str().map(str::to_owned));
        Ok(Self {
            id: text("id")?,
            lang: text("lang")?,
            text: text("text")?,
            context: text("context")?,
            errors: errors.collect(),
            expect: case["expect"].clone(),
        })
    }
}

/// The situations, made ready for the engine.
pub struct Contexts {
    all: BTreeMap<String, Ready>,
}

/// One situation; owns what a [`Situation`] borrows.
struct Ready {
    words: Vocabulary,
    last_sent: Option<String>,
    question: Option<Choice>,
    stopped: bool,
    asks: Option<Asks>,
}

impl Contexts {
    pub fn read(file: &Value) -> Result<Self> {
        let contexts = file["contexts"].as_object().ok_or("there are no contexts")?;
        let ready = contexts.iter().map(|(name, context)| {
            let ready =
                Ready::read(context, &file["lists"], contexts).map_err(|why| format!("context {name}: {why}"))?;
            Ok((name.clone(), ready))
        });
        Ok(Self { all: ready.collect::<Result<_>>()? })
    }

    /// What the engine makes of a case's text in its situation.
    pub fn understand(&self, case: &Case) -> Result<Produced> {
        let ready = self.all.get(&case.context).ok_or_else(|| format!("case {} names no context", case.id))?;
        let situation = Situation {
            words: &ready.words,
            last_sent: ready.last_sent.as_deref(),
            question: ready.question.as_ref(),
            stopped: ready.stopped,
        };
        let outcome = understand(&case.text, &situation);
        // Wishes to leave, to return and urgent words come before everything that waits.
        let is_control = matches!(outcome.meaning, Meaning::Stop { .. } | Meaning::Start { .. } | Meaning::Help);
        let answer = ready.asks.as_ref().filter(|_| !is_control).and_then(|asks| asks.understand(&case.text));
        Ok(answer.unwrap_or_else(|| Produced::of(outcome)))
    }
}

impl Ready {
    fn read(context: &Value, lists: &Value, all: &Map<String, Value>) -> Result<Self> {
        // A string names one of the lists; anything else stands for itself.
        let list = |key: &str| context[key].as_str().map_or(&context[key], |name| &lists[name]).clone();
        let control: ControlWords =
            serde_json::from_value(list("control")).map_err(|why| format!("control words: {why}"))?;
        let keywords: Vec<Keyword> =
            serde_json::from_value(list("keywords")).map_err(|why| format!("keywords: {why}"))?;
        let waiting = &context["waiting"];
        let question = match waiting["ref"].as_str() {
            Some(name) => all.get(name).unwrap_or(&Value::Null),
            None if waiting.is_object() => waiting,
            None => context,
        };
        Ok(Self {
            words: Vocabulary::new(&control, &keywords),
            last_sent: context["last_sent"].as_str().map(str::to_owned),
            question: serde_json::from_value(question.clone()).ok(),
            stopped: context["stopped"] == true,
            asks: Asks::read(context),
        })
    }
}

/// What the engine made of a text, in the corpus's words.
#[derive(Default)]
pub struct Produced {
    pub kind: &'static str,
    pub values: BTreeMap<String, Value>,
    /// Fields that are asked back, with the code of the error.
    pub asked: BTreeMap<String, &'static str>,
    pub forward: bool,
    /// What logs and screens show of the text, where something in it is secret.
    pub shown: String,
}

impl Produced {
    fn of(outcome: Outcome) -> Self {
        let scope = |scope: Option<String>| ("scope".to_owned(), json!(scope.unwrap_or_else(|| "all".to_owned())));
        let (kind, values) = match outcome.meaning {
            Meaning::Stop { scope: topic } => ("stop", vec![scope(topic)]),
            Meaning::Start { scope: topic } => ("start", vec![scope(topic)]),
            Meaning::Help => ("help", Vec::new()),
            Meaning::Keyword { keyword, rest } => {
                let rest = Some(("rest".to_owned(), json!(rest))).filter(|(_, rest)| rest != "");
                ("keyword", std::iter::once(("keyword".to_owned(), json!(keyword))).chain(rest).collect())
            }
            Meaning::Answer { field, value } => ("understood", vec![(field, json!(value))]),
            Meaning::NotMe => ("understood", vec![("identity".to_owned(), json!("not_me"))]),
            Meaning::Inbox => ("inbox", Vec::new()),
            Meaning::Ignore(_) => ("ignore", Vec::new()),
            Meaning::Ask(question) => {
                let (field, code) = asked(question);
                let asked = BTreeMap::from([(field, code)]);
                return Self { kind: "ask", asked, forward: outcome.forward, ..Self::default() };
            }
        };
        let values = values.into_iter().collect();
        Self { kind, values, forward: outcome.forward || kind == "inbox", ..Self::default() }
    }
}

fn asked(question: Question) -> (String, &'static str) {
    match question {
        Question::Stop => ("stop".to_owned(), "needs_confirmation"),
        Question::Start => ("start".to_owned(), "needs_confirmation"),
        Question::Topic { candidates } if candidates.is_empty() => ("topic".to_owned(), "unknown"),
        Question::Topic { .. } => ("topic".to_owned(), "ambiguous"),
        Question::Keyword { candidates } if candidates.is_empty() => ("keyword".to_owned(), "unknown"),
        Question::Keyword { .. } => ("keyword".to_owned(), "ambiguous"),
        Question::Answer { field, problem } => {
            let code = match problem {
                AnswerProblem::NotAnAnswer => "not_an_answer",
                AnswerProblem::Ambiguous => "ambiguous",
                AnswerProblem::OtherKeyword { .. } => "other_keyword",
            };
            (field, code)
        }
    }
}

impl fmt::Display for Produced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, json!(self.values))?;
        if !self.asked.is_empty() {
            write!(f, " asking {}", json!(self.asked))?;
        }
        Ok(())
    }
}
