//! One condition of a search.

use std::cell::Cell;

use mhero_query::fold;

use super::{Kind, Near, Parameters, Span, keys::referred};

/// Values of one parameter, joined by commas.
const VALUES_MAX: usize = 500;
/// Parameters within a chain.
const CHAIN_MAX: usize = 4;
/// Ways over all links of one chain.
const LINKS_MAX: usize = 200;

/// What a resource must fulfil. Where several values stand, one of them is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Its id is one of these.
    Ids(Vec<String>),
    /// When it was last changed.
    Updated(Vec<Comparison>),
    /// A text that begins so.
    TextStarts(String, Vec<String>),
    /// A text that contains this.
    TextContains(String, Vec<String>),
    /// A text that is this, case and accents included.
    TextIs(String, Vec<String>),
    /// A code.
    Token(String, Vec<Token>),
    /// None of these codes.
    TokenNot(String, Vec<Token>),
    /// Words beside a code that begin so.
    TokenText(String, Vec<String>),
    /// A reference.
    Reference(String, Vec<Reference>),
    /// The identifier of what is referred to.
    ReferenceIdentifier(String, Vec<Token>),
    /// A moment.
    Date(String, Vec<Comparison>),
    /// An address.
    Uri(String, Vec<String>),
    /// Within a distance of a point.
    Near(String, Vec<Near>),
    /// Whether anything stands there.
    Missing(String, bool),
    /// What is referred to is of one of these kinds and fulfils this: `practitioner.name=Kollie`.
    Chain {
        /// The reference.
        code: String,
        /// Each kind that it may lead to, with the condition there.
        through: Vec<(String, Condition)>,
    },
    /// Something of a kind refers to it and fulfils this: `_has:PractitionerRole:practitioner:location=Location/1`.
    Has {
        /// What refers.
        kind: String,
        /// By which of its parameters.
        code: String,
        /// What it fulfils.
        fulfils: Box<Condition>,
    },
}

/// A condition with the words it was asked in, for the link to itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The name with its modifier.
    pub name: String,
    /// The value.
    pub value: String,
    /// What it means.
    pub condition: Condition,
}

/// A code that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// `None`: in any system. Empty: in none.
    pub system: Option<String>,
    /// `None`: any code of the system.
    pub code: Option<String>,
}

/// A reference that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// `None`: of any kind.
    pub kind: Option<String>,
    /// The id, or the whole address.
    pub id: String,
}

/// How a moment is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How.
    pub how: How,
    /// With what.
    pub with: Span,
}

/// The prefixes of R4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Within it.
    Equal,
    /// Not within it.
    NotEqual,
    /// Reaches beyond it.
    Greater,
    /// Begins before it.
    Less,
    /// Within it or beyond.
    GreaterOrEqual,
    /// Within it or before.
    LessOrEqual,
    /// Begins after it.
    StartsAfter,
    /// Ends before it.
    EndsBefore,
    /// Touches it, give or take a tenth of how long ago it is.
    Approximately,
}

/// What follows the colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// Nothing.
    None,
    /// `:exact`
    Exact,
    /// `:contains`
    Contains,
    /// `:missing`
    Missing,
    /// `:not`
    Not,
    /// `:text`
    Text,
    /// `:identifier`
    Identifier,
}

/// Why something of a request is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What was asked, `name=value`.
    pub asked: String,
    /// Whether the name is not known at all, which a client may ask to be only told.
    pub is_unknown: bool,
    /// In words.
    pub why: String,
}

impl Condition {
    /// Reads one parameter of a search for a kind.
    ///
    /// # Errors
    /// [`Refused`] when nobody knows the parameter, its modifier, or can read its value.
    pub fn read(parameters: &Parameters, kind: &str, (name, value): (&str, &str), base: &str) -> Result<Self, Refused> {
        let reader = Reader { parameters, base, asked: (name, value), links: Cell::new(0) };
        reader.condition(kind, name, value, 0)
    }
}

struct Reader<'a> {
    parameters: &'a Parameters,
    base: &'a str,
    asked: (&'a str, &'a str),
    /// Ways that were tried.
    links: Cell<usize>,
}

impl Reader<'_> {
    fn refused(&self, why: impl Into<String>) -> Refused {
        self.refuse(false, why)
    }

    fn refuse(&self, is_unknown: bool, why: impl Into<String>) -> Refused {
        let (name, value) = self.asked;
        let shown: String = value.chars().take(80).collect();
        Refused { asked: format!("{name}={shown}"), is_unknown, why: why.into() }
    }

    fn condition(&self, kind: &str, name: &str, value: &str, depth: usize) -> Result<Condition, Refused> {
        if depth > CHAIN_MAX {
            return Err(self.refused(format!("a chain has at most {CHAIN_MAX} links")));
        }
        if let Some(rest) = name.strip_prefix("_has:") {
            return self.has(rest, value, depth);
        }
        if let Some((link, rest)) = name.split_once('.') {
            return self.chain(kind, link, (rest, value), depth);
        }
        let (code, modifier) = name.split_once(':').unwrap_or((name, ""));
        let Some(parameter) = self.parameters.get(kind, code) else {
            return Err(self.refuse(
                true,
                format!("{kind} is not searched by “{code}”; GET /metadata lists what it is searched by"),
            ));
        };
        // `subject:Patient=1` names the kind of a reference.
        let is_kind = parameter.kind == Kind::Reference && modifier.starts_with(|c: char| c.is_ascii_uppercase());
        let how = if is_kind { Modifier::None } else { self.modifier(modifier)? };
        if how == Modifier::Missing {
            return match value {
                "true" => Ok(Condition::Missing(code.to_owned(), true)),
                "false" => Ok(Condition::Missing(code.to_owned(), false)),
                _ => Err(self.refused(":missing is true or false")),
            };
        }
        let values = split(value, ',');
        if values.len() > VALUES_MAX {
            return Err(self.refused(format!("at most {VALUES_MAX} values are joined by commas")));
        }
        if values.iter().any(String::is_empty) {
            return Err(self.refused("a value is empty"));
        }
        let code = code.to_owned();
        let plain = || values.iter().map(|value| unescaped(value)).collect::<Vec<_>>();
        let folded = || values.iter().map(|value| fold(&unescaped(value))).collect::<Vec<_>>();
        let tokens = || values.iter().map(|value| token(value)).collect::<Vec<_>>();
        Ok(match (parameter.kind, how) {
            (Kind::Token, Modifier::None) if code == "_id" => Condition::Ids(plain()),
            (Kind::Token, Modifier::None) => Condition::Token(code, tokens()),
            (Kind::Token, Modifier::Not) if code != "_id" => Condition::TokenNot(code, tokens()),
            (Kind::Token, Modifier::Text) if code != "_id" => Condition::TokenText(code, folded()),
            (Kind::String, Modifier::None) => Condition::TextStarts(code, folded()),
            (Kind::String, Modifier::Contains) => Condition::TextContains(code, folded()),
            (Kind::String, Modifier::Exact) => Condition::TextIs(code, plain()),
            (Kind::Reference, Modifier::None) => {
                let named = is_kind.then_some(modifier);
                Condition::Reference(
                    code,
                    values.iter().map(|value| reference(&unescaped(value), named, self.base)).collect(),
                )
            }
            (Kind::Reference, Modifier::Identifier) => Condition::ReferenceIdentifier(code, tokens()),
            (Kind::Date, Modifier::None) => {
                let read = values.iter().map(|value| self.comparison(value)).collect::<Result<Vec<_>, _>>()?;
                if code == "_lastUpdated" { Condition::Updated(read) } else { Condition::Date(code, read) }
            }
            (Kind::Uri, Modifier::None) => Condition::Uri(code, plain()),
            (Kind::Special, Modifier::None) => Condition::Near(code, self.near(&values)?),
            (kind, _) => {
                return Err(
                    self.refused(format!("“:{modifier}” does not go with a parameter of type {}", kind.as_str()))
                );
            }
        })
    }

    fn near(&self, values: &[String]) -> Result<Vec<Near>, Refused> {
        let read = values.iter().map(|value| Near::read(&unescaped(value))).collect::<Option<Vec<_>>>();
        let why = "a point is written latitude|longitude|distance|unit, as in 7.95|-9.43|20|km, within 2,000 km";
        read.ok_or_else(|| self.refused(why))
    }

    fn modifier(&self, written: &str) -> Result<Modifier, Refused> {
        Ok(match written {
            "" => Modifier::None,
            "exact" => Modifier::Exact,
            "contains" => Modifier::Contains,
            "missing" => Modifier::Missing,
            "not" => Modifier::Not,
            "text" => Modifier::Text,
            "identifier" => Modifier::Identifier,
            _ => return Err(self.refused(format!("the modifier “:{written}” is not offered"))),
        })
    }

    fn chain(&self, kind: &str, link: &str, (rest, value): (&str, &str), depth: usize) -> Result<Condition, Refused> {
        let (code, only) = link.split_once(':').map_or((link, None), |(code, only)| (code, Some(only)));
        let Some(parameter) = self.parameters.get(kind, code) else {
            return Err(self.refuse(true, format!("{kind} is not searched by “{code}”")));
        };
        if parameter.kind != Kind::Reference {
            return Err(self.refused(format!("“{code}” is no reference, so nothing can follow it")));
        }
        let may = parameter.path.leads_to(kind);
        let leads = |to: &str| only.map_or(may.is_empty() || may.contains(&to), |only| only == to);
        let (mut through, mut first) = (Vec::new(), None);
        for to in self.parameters.kinds().filter(|to| leads(to)) {
            match self.condition(to, rest, value, depth + 1) {
                Ok(condition) => through.push((to.to_owned(), condition)),
                Err(refused) => {
                    first.get_or_insert(refused);
                }
            }
            self.links.set(self.links.get() + 1);
            if self.links.get() > LINKS_MAX {
                return Err(self.refused("too many ways lead there: name the kind, as in subject:Patient.name"));
            }
        }
        match (through.is_empty(), first) {
            (false, _) => Ok(Condition::Chain { code: code.to_owned(), through }),
            (true, Some(refused)) => Err(refused),
            (true, None) => Err(self.refused(format!("“{}” is no kind that is searched", only.unwrap_or_default()))),
        }
    }

    fn has(&self, rest: &str, value: &str, depth: usize) -> Result<Condition, Refused> {
        let mut words = rest.splitn(3, ':');
        let (Some(kind), Some(code), Some(name)) = (words.next(), words.next(), words.next()) else {
            return Err(self.refused("it is written _has:Kind:reference:parameter=value"));
        };
        if self.parameters.get(kind, code).is_none_or(|parameter| parameter.kind != Kind::Reference) {
            return Err(self.refused(format!("{kind} has no reference “{code}”")));
        }
        let fulfils = Box::new(self.condition(kind, name, value, depth + 1)?);
        Ok(Condition::Has { kind: kind.to_owned(), code: code.to_owned(), fulfils })
    }

    fn comparison(&self, value: &str) -> Result<Comparison, Refused> {
        let (how, moment) = match value.get(..2) {
            Some("eq") => (How::Equal, &value[2..]),
            Some("ne") => (How::NotEqual, &value[2..]),
            Some("gt") => (How::Greater, &value[2..]),
            Some("lt") => (How::Less, &value[2..]),
            Some("ge") => (How::GreaterOrEqual, &value[2..]),
            Some("le") => (How::LessOrEqual, &value[2..]),
            Some("sa") => (How::StartsAfter, &value[2..]),
            Some("eb") => (How::EndsBefore, &value[2..]),
            Some("ap") => (How::Approximately, &value[2..]),
            _ => (How::Equal, value),
        };
        // An unescaped plus sign arrives as a space.
        match Span::read(&moment.replace(' ', "+")) {
            Some(with) => Ok(Comparison { how, with }),
            None => Err(self.refused("a moment is written 2026, 2026-05, 2026-05-14 or 2026-05-14T16:00:00Z, after eq, ne, gt, lt, ge, le, sa, eb or ap")),
        }
    }
}

/// Splits at a sign that no backslash stands before; the backslashes stay.
pub(super) fn split(text: &str, at: char) -> Vec<String> {
    let (mut parts, mut is_escaped) = (vec![String::new()], false);
    for c in text.chars() {
        if c == at && !is_escaped {
            parts.push(String::new());
            continue;
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    parts
}

/// A value without the backslashes of R4.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(',' | '|' | '$' | '\\')) => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

fn token(value: &str) -> Token {
    let mut parts = split(value, '|').into_iter().map(|part| unescaped(&part));
    match (parts.next(), parts.next()) {
        (Some(system), Some(code)) => Token { system: Some(system), code: Some(code).filter(|code| !code.is_empty()) },
        (code, _) => Token { system: None, code },
    }
}

fn reference(value: &str, kind: Option<&str>, base: &str) -> Reference {
    match (referred(value, None, base), kind) {
        ((kind, id), _) if !kind.is_empty() => Reference { kind: Some(kind), id },
        ((_, id), kind) => Reference { kind: kind.map(ToOwned::to_owned), id },
    }
}
