//! From what was written to what is meant: names to ids, values to their types, operators to what makes sense.

use mhero_core::{ContactUrn, Lang, PersonId, UrnScheme};

use crate::{
    Attribute, Audience, Branch, Comparison, Condition, Directory, EntryKind, Environment, FieldTest, FlowTime,
    InstantRange, Leaf, Node, Operator, Problem, Property, Query, QueryError, Reached, Test, Topic, UrnTest, Value,
    ValueKind,
    directory::{Catalogue, Entry},
    fold,
    fold::NAME_TOKEN_CHARS,
    languages, name_key, name_tokens, names,
};

/// The words for what is known of a number from evidence.
const NUMBER_STATES: [&str; 7] = ["wrong", "invalid", "failing", "never", "tried", "works", "verified"];

/// Words for yes and no, in both languages.
const YES: [&str; 4] = ["yes", "true", "oui", "1"];
const NO: [&str; 4] = ["no", "false", "non", "0"];
/// Fewest letters of one word for `name ~`.
const NAME_TOKEN_MIN: usize = 2;
/// Fewest digits for `phone ~`.
const PHONE_PART_MIN: usize = 3;
/// Most digits of a number that is compared.
const NUMBER_DIGITS_MAX: usize = 36;

/// Looks up every name, types every value and refuses what makes no sense; the first problem from the left is told.
///
/// ```
/// use mhero_query::{Directory, Environment, PlusNumbers, check, parse};
/// let environment = Environment::new(jiff::tz::TimeZone::UTC, jiff::civil::date(2026, 5, 14), &PlusNumbers);
/// let error = check(&parse("last_heard < sometimes")?, &Directory::default(), &environment).unwrap_err();
/// assert_eq!((error.code(), error.position()), ("invalid_date", 13));
/// assert_eq!(error.params(), [("value", "sometimes".to_owned())]);
/// # Ok::<(), mhero_query::QueryError>(())
/// ```
///
/// # Errors
/// Any [`Problem`] but those of [`crate::parse`], with its place in the text.
pub fn check(query: &Query, directory: &Directory, environment: &Environment<'_>) -> Result<Audience, QueryError> {
    if let Some(limit) = query.broken_limit() {
        return Err(Problem::TooComplex { limit }.at(query.root().map(Node::span).unwrap_or_default()));
    }
    let checker = Checker { directory, environment };
    let root = query.root().map(|node| checker.branch(node, None)).transpose()?;
    Ok(Audience { root })
}

/// What a test turns out to be.
pub(crate) struct Found {
    pub(crate) topic: Topic,
    pub(crate) value: Value,
    pub(crate) leaf: Leaf,
}

struct Checker<'a> {
    directory: &'a Directory,
    environment: &'a Environment<'a>,
}

/// The properties with their kind of value, once fields and courses are found.
enum Asked<'a> {
    Attribute(Attribute),
    Phone,
    /// Any address.
    Urn,
    /// Addresses of a scheme other than `tel`.
    Scheme(&'static UrnScheme),
    Field(&'a Entry<mhero_core::FieldId>),
    Course(Vec<&'a Entry<String>>),
}

impl<'a> Checker<'a> {
    fn branch(&self, node: &Node, next: Option<&Node>) -> Result<Branch, QueryError> {
        let children = |children: &[Node]| -> Result<Vec<Branch>, QueryError> {
            let followed = children.iter().zip(children.iter().skip(1).map(Some).chain([None]));
            followed.map(|(child, next)| self.branch(child, next)).collect()
        };
        Ok(match node {
            Node::And(inner) => Branch::And(children(inner)?),
            Node::Or(inner) => Branch::Or(children(inner)?),
            Node::Condition(condition) => Branch::Test(self.test(condition).map_err(|problem| {
                let problem = names::with_quotes(problem, condition, next);
                let span = if problem.is_about_value() { condition.value_span } else { condition.span };
                problem.at(span)
            })?),
        })
    }

    fn test(&self, condition: &Condition) -> Result<Test, Problem> {
        let asked = self.asked(&condition.property)?;
        self.refuse_operator(&asked, condition)?;
        let found = match &asked {
            Asked::Attribute(attribute) => self.attribute(*attribute, condition)?,
            Asked::Phone => self.phone(condition)?,
            Asked::Urn => self.any_urn(condition)?,
            Asked::Scheme(scheme) => self.urn(Some(scheme), &condition.value, condition.operator)?,
            Asked::Field(field) => self.field(field, condition)?,
            Asked::Course(courses) => self.course(courses, condition)?,
        };
        let unset = condition.value.is_empty() && condition.operator == Operator::Equal;
        let differs = !condition.value.is_empty() && condition.operator == Operator::NotEqual;
        Ok(Test {
            topic: found.topic,
            operator: condition.operator,
            value: found.value,
            leaf: found.leaf,
            negated: unset || differs,
            span: condition.span,
        })
    }

    fn asked(&self, property: &Property) -> Result<Asked<'a>, Problem> {
        let field = |key: &str| self.directory.fields.find_key(key).into_iter().next().map(Asked::Field);
        let course = |key: &str| {
            let courses = self.directory.courses.find_key(key);
            (!courses.is_empty()).then_some(Asked::Course(courses))
        };
        let found = match property {
            Property::Attribute(Attribute::Phone) => Some(Asked::Phone),
            Property::Attribute(Attribute::Urn) => Some(Asked::Urn),
            Property::Attribute(attribute) => Some(Asked::Attribute(*attribute)),
            Property::Scheme(scheme) if scheme == "tel" => Some(Asked::Phone),
            Property::Scheme(scheme) => UrnScheme::of(scheme).map(Asked::Scheme),
            Property::Field(key) => field(key),
            Property::Course(key) => course(key),
            Property::Named(key) => field(key).or_else(|| course(key)),
        };
        found.ok_or_else(|| self.unknown_property(property))
    }

    fn unknown_property(&self, property: &Property) -> Problem {
        let word = match property {
            Property::Field(key) | Property::Course(key) | Property::Named(key) => key.clone(),
            other => other.word(),
        };
        let mut near = self.directory.fields.near(&word);
        near.extend(self.directory.courses.near(&word));
        near.extend(names::near_attributes(&word));
        near.truncate(5);
        Problem::UnknownProperty { property: word, near }
    }

    /// Operators that make no sense for the kind of value, in RapidPro's order of checks.
    fn refuse_operator(&self, asked: &Asked<'_>, condition: &Condition) -> Result<(), Problem> {
        use Operator::{Contains, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let property = || match &condition.property {
            Property::Field(key) | Property::Course(key) | Property::Named(key) => key.clone(),
            other => other.word(),
        };
        let operator = condition.operator;
        let is_urn = matches!(asked, Asked::Phone | Asked::Urn | Asked::Scheme(_));
        match operator {
            Contains if is_urn || matches!(asked, Asked::Attribute(Attribute::Name)) => {}
            Contains => return Err(Problem::UnsupportedContains { property: property() }),
            Less | LessOrEqual | Greater | GreaterOrEqual if !asked.is_ordered() => {
                return Err(Problem::UnsupportedComparison { property: property(), operator });
            }
            Equal | NotEqual if condition.value.is_empty() && asked.is_always_set() => {
                return Err(Problem::UnsupportedSetCheck { property: property(), operator });
            }
            _ => {}
        }
        if is_urn && self.environment.redact_urns && !condition.value.is_empty() {
            return Err(Problem::RedactedUrns);
        }
        Ok(())
    }

    fn attribute(&self, attribute: Attribute, condition: &Condition) -> Result<Found, Problem> {
        use Attribute as A;
        let directory = self.directory;
        match attribute {
            A::Uuid => self.person(&condition.value),
            A::Name => Self::name(condition),
            A::Language => Self::language(&condition.value),
            A::Sex => Self::sex(&condition.value),
            A::Group => names::group(directory, &condition.value),
            A::Cadre => names::cadre(directory, &condition.value),
            A::Job => names::job(directory, &condition.value),
            A::Facility => names::facility(directory, &condition.value),
            A::Place => names::place(directory, &condition.value),
            A::Training => names::training(directory, &condition.value),
            A::Source => names::source(directory, &condition.value),
            A::Sent => names::broadcast(directory, &condition.value, Reached::Sent),
            A::Got => names::broadcast(directory, &condition.value, Reached::Got),
            A::Delivered => names::broadcast(directory, &condition.value, Reached::Delivered),
            A::Answered => names::broadcast(directory, &condition.value, Reached::Answered),
            A::CreatedOn => self.instant(condition, Topic::CreatedOn, Leaf::CreatedOn),
            A::LastSent => self.instant(condition, Topic::LastSent, Leaf::LastSent),
            A::LastHeard => self.instant(condition, Topic::LastHeard, Leaf::LastHeard),
            A::Phone => self.phone(condition),
            A::Urn => self.any_urn(condition),
            A::Tickets => Self::tickets(condition),
            A::Status => Self::status(&condition.value),
            A::NumberHealth => Self::number_health(&condition.value),
            A::OnLeave => Self::on_leave(&condition.value),
            A::FlowStart => Self::start(&condition.value, false),
            A::FlowReply => Self::start(&condition.value, true),
            A::Flow => names::flow(directory, &condition.value, FlowTime::Now),
            A::History => names::flow(directory, &condition.value, FlowTime::Ever),
            A::Id | A::Ref => {
                Err(Problem::NotInRegistry { property: attribute.as_str().to_owned(), value: condition.value.clone() })
            }
        }
    }

    /// What is known of numbers is one of a few words.
    fn number_health(text: &str) -> Result<Found, Problem> {
        let wanted = fold(text);
        let known = NUMBER_STATES.iter().find(|known| **known == wanted);
        let Some(known) = known else {
            return Err(Problem::InvalidValue { kind: ValueKind::NumberHealth, value: text.to_owned() });
        };
        Ok(Found {
            topic: Topic::NumberHealth,
            value: Value::Text((*known).to_owned()),
            leaf: Leaf::NumberHealth((*known).to_owned()),
        })
    }

    /// On leave or not, said in either language.
    fn on_leave(text: &str) -> Result<Found, Problem> {
        let said = fold(text);
        let is_away = YES.contains(&said.as_str());
        if !is_away && !NO.contains(&said.as_str()) {
            return Err(Problem::InvalidValue { kind: ValueKind::YesOrNo, value: text.to_owned() });
        }
        let word = if is_away { "yes" } else { "no" };
        Ok(Found { topic: Topic::OnLeave, value: Value::Text(word.to_owned()), leaf: Leaf::OnLeave(is_away) })
    }

    /// A start of a flow bears a number alone.
    fn start(text: &str, replied: bool) -> Result<Found, Problem> {
        let invalid = |_| Problem::InvalidValue { kind: ValueKind::Number, value: text.to_owned() };
        let wanted: i64 = text.trim().parse().map_err(invalid)?;
        Ok(Found {
            topic: Topic::Start(replied),
            value: Value::Text(wanted.to_string()),
            leaf: Leaf::Start { number: wanted, replied },
        })
    }

    fn tickets(condition: &Condition) -> Result<Found, Problem> {
        let wanted = number(&condition.value)?;
        Ok(Found {
            topic: Topic::Tickets,
            value: Value::Number(condition.value.clone(), wanted),
            leaf: Leaf::Tickets(condition.operator.into(), wanted),
        })
    }

    /// Nobody is blocked or archived here: those who left are in no audience at all.
    fn status(text: &str) -> Result<Found, Problem> {
        let stopped = match fold(text).as_str() {
            "active" => false,
            "stopped" => true,
            "blocked" | "archived" => {
                return Err(Problem::NotInRegistry { property: "status".to_owned(), value: text.to_owned() });
            }
            _ => return Err(Problem::InvalidValue { kind: ValueKind::Status, value: text.to_owned() }),
        };
        let word = if stopped { "stopped" } else { "active" };
        Ok(Found { topic: Topic::Status, value: Value::Text(word.to_owned()), leaf: Leaf::Stopped(stopped) })
    }

    /// An address of any scheme. One that is a phone number is looked for as that.
    fn any_urn(&self, condition: &Condition) -> Result<Found, Problem> {
        let text = condition.value.as_str();
        let named = text.split_once(':').and_then(|(scheme, path)| Some((UrnScheme::of(scheme)?, path)));
        let is_equal = condition.operator != Operator::Contains;
        match named {
            Some((scheme, _)) if *scheme == UrnScheme::TEL => self.phone(condition),
            Some((scheme, path)) if is_equal && !path.is_empty() => self.urn(Some(scheme), path, condition.operator),
            _ if is_equal && self.environment.numbers.e164(text).is_some() => self.phone(condition),
            _ => self.urn(None, text, condition.operator),
        }
    }

    fn urn(&self, scheme: Option<&'static UrnScheme>, text: &str, operator: Operator) -> Result<Found, Problem> {
        let prefix = scheme.map(|scheme| scheme.prefix);
        let (value, test) = match operator {
            Operator::Contains if text.chars().count() < PHONE_PART_MIN => {
                return Err(Problem::InvalidPartialUrn { min: PHONE_PART_MIN });
            }
            Operator::Contains => (Value::Text(text.to_owned()), UrnTest::Contains(text.to_lowercase())),
            _ if text.is_empty() => (Value::Nothing, UrnTest::Any),
            _ => {
                let normal = ContactUrn::from_parts(prefix.unwrap_or_default(), text, "", "").normalized(str::to_owned);
                let mut spellings = vec![text.to_owned(), normal.path().to_owned(), text.to_lowercase()];
                spellings.sort();
                spellings.dedup();
                (Value::Text(text.to_owned()), UrnTest::Is(spellings))
            }
        };
        Ok(Found { topic: Topic::Urn(prefix), value, leaf: Leaf::Urn { scheme: prefix.map(str::to_owned), test } })
    }

    fn person(&self, text: &str) -> Result<Found, Problem> {
        let invalid = |_| Problem::InvalidValue { kind: ValueKind::Uuid, value: text.to_owned() };
        let id: PersonId = text.trim().parse().map_err(invalid)?;
        Ok(Found { topic: Topic::Person, value: Value::Text(id.to_string()), leaf: Leaf::Person(id) })
    }

    fn name(condition: &Condition) -> Result<Found, Problem> {
        let text = condition.value.as_str();
        let found = |value, leaf| Found { topic: Topic::Name, value, leaf };
        if condition.operator == Operator::Contains {
            let tokens = name_tokens_of(text)?;
            return Ok(found(Value::Text(text.to_owned()), Leaf::NameTokens { tokens }));
        }
        Ok(match text {
            "" => found(Value::Nothing, Leaf::HasName),
            _ => found(Value::Text(text.to_owned()), Leaf::NameEquals(name_key(text))),
        })
    }

    fn language(text: &str) -> Result<Found, Problem> {
        let found = |value, leaf| Found { topic: Topic::Language, value, leaf };
        if text.is_empty() {
            return Ok(found(Value::Nothing, Leaf::HasLanguage));
        }
        let by_code = || text.parse::<Lang>().ok().filter(Lang::is_registered);
        let invalid = || Problem::InvalidValue { kind: ValueKind::Language, value: text.to_owned() };
        let lang = languages::by_name(text).or_else(by_code).ok_or_else(invalid)?;
        Ok(found(Value::Language(lang), Leaf::Language(lang)))
    }

    fn sex(text: &str) -> Result<Found, Problem> {
        let found = |value, leaf| Found { topic: Topic::Sex, value, leaf };
        let word = match fold(text).as_str() {
            "" => return Ok(found(Value::Nothing, Leaf::HasSex)),
            "female" | "f" | "woman" | "women" | "femme" | "femmes" | "feminin" => "female",
            "male" | "m" | "man" | "men" | "homme" | "hommes" | "masculin" => "male",
            "other" | "autre" => "other",
            "unknown" | "inconnu" => "unknown",
            _ => return Err(Problem::InvalidValue { kind: ValueKind::Sex, value: text.to_owned() }),
        };
        Ok(found(Value::Text(word.to_owned()), Leaf::Sex(word.to_owned())))
    }

    fn phone(&self, condition: &Condition) -> Result<Found, Problem> {
        let text = condition.value.as_str();
        let text = text.strip_prefix("tel:").unwrap_or(text);
        let found = |value, leaf| Found { topic: Topic::Phone, value, leaf };
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let e164 = self.environment.numbers.e164(text);
        if condition.operator == Operator::Contains {
            if text.chars().count() < PHONE_PART_MIN {
                return Err(Problem::InvalidPartialUrn { min: PHONE_PART_MIN });
            }
            // Within a country a number begins with a zero that its international form lacks.
            let part = match &e164 {
                Some(number) => digits(number),
                None => digits(text).trim_start_matches('0').to_owned(),
            };
            if part.len() < PHONE_PART_MIN {
                return Err(Problem::InvalidPartialUrn { min: PHONE_PART_MIN });
            }
            return Ok(found(Value::Text(part.clone()), Leaf::PhoneContains(part)));
        }
        if text.is_empty() {
            return Ok(found(Value::Nothing, Leaf::HasPhone));
        }
        let number = match e164 {
            Some(number) => number,
            // A short code, or a number that is no valid one: it is looked for as it stands.
            None if text.chars().all(|c| !c.is_alphabetic()) && !digits(text).is_empty() => {
                let plus = if text.trim().starts_with('+') { "+" } else { "" };
                format!("{plus}{}", digits(text))
            }
            None => return Err(Problem::InvalidValue { kind: ValueKind::Phone, value: text.to_owned() }),
        };
        Ok(found(Value::Text(number.clone()), Leaf::Phone(number)))
    }

    fn instant(&self, condition: &Condition, topic: Topic, leaf: fn(InstantRange) -> Leaf) -> Result<Found, Problem> {
        let (value, range) = self.range(condition)?;
        Ok(Found { topic, value, leaf: leaf(range) })
    }

    /// The instants that compare so with the day; all of them where only presence is asked.
    fn range(&self, condition: &Condition) -> Result<(Value, InstantRange), Problem> {
        if condition.value.is_empty() && matches!(condition.operator, Operator::Equal | Operator::NotEqual) {
            return Ok((Value::Nothing, InstantRange::ALWAYS));
        }
        let invalid = || Problem::InvalidValue { kind: ValueKind::Date, value: condition.value.clone() };
        let day = self.environment.day(&condition.value).ok_or_else(invalid)?;
        let InstantRange { from, until } = self.environment.span_of(day.date);
        let range = match condition.operator {
            Operator::Equal | Operator::NotEqual | Operator::Contains => InstantRange { from, until },
            Operator::Less => InstantRange { from: None, until: from },
            Operator::LessOrEqual => InstantRange { from: None, until },
            Operator::GreaterOrEqual => InstantRange { from, until: None },
            Operator::Greater => InstantRange { from: until, until: None },
        };
        Ok((Value::Day(day), range))
    }

    fn field(&self, field: &Entry<mhero_core::FieldId>, condition: &Condition) -> Result<Found, Problem> {
        let text = condition.value.as_str();
        let (value, test) = match field.kind {
            _ if text.is_empty() && matches!(condition.operator, Operator::Equal | Operator::NotEqual) => {
                (Value::Nothing, FieldTest::Present)
            }
            EntryKind::Number => {
                let wanted = number(text)?;
                (Value::Number(text.to_owned(), wanted), FieldTest::NumberCmp(condition.operator.into(), wanted))
            }
            EntryKind::Instant => {
                let (value, range) = self.range(condition)?;
                (value, FieldTest::InstantRange(range))
            }
            EntryKind::Place | EntryKind::Facility => {
                let (value, places) = names::place_ids(self.directory, text)?;
                (value, FieldTest::PlaceUnder(places))
            }
            EntryKind::Plain | EntryKind::Text => (Value::Text(text.to_owned()), FieldTest::TextEquals(fold(text))),
        };
        Ok(Found { topic: Topic::Field(field.names.clone()), value, leaf: Leaf::Field { field: field.id, test } })
    }

    fn course(&self, courses: &[&Entry<String>], condition: &Condition) -> Result<Found, Problem> {
        let (value, when) = self.range(condition)?;
        let names = courses.first().map(|course| course.names.clone()).unwrap_or_default();
        Ok(Found {
            topic: Topic::Course(names),
            value,
            leaf: Leaf::Training { courses: names::spellings(courses), when },
        })
    }
}

impl Asked<'_> {
    /// Whether `<` and the like make sense.
    fn is_ordered(&self) -> bool {
        match self {
            Self::Attribute(attribute) => matches!(
                attribute,
                Attribute::CreatedOn | Attribute::LastSent | Attribute::LastHeard | Attribute::Tickets
            ),
            Self::Field(field) => matches!(field.kind, EntryKind::Number | EntryKind::Instant),
            Self::Course(_) => true,
            Self::Phone | Self::Urn | Self::Scheme(_) => false,
        }
    }

    /// Whether everybody has such a value, or it makes no sense to ask.
    fn is_always_set(&self) -> bool {
        matches!(self, Self::Attribute(attribute) if attribute.is_always_set())
    }
}

impl From<Operator> for Comparison {
    /// `!=` compares as `=`; that it must not hold is said outside. `~` never compares.
    fn from(operator: Operator) -> Self {
        match operator {
            Operator::Equal | Operator::NotEqual | Operator::Contains => Self::Equal,
            Operator::Less => Self::Less,
            Operator::LessOrEqual => Self::LessOrEqual,
            Operator::GreaterOrEqual => Self::GreaterOrEqual,
            Operator::Greater => Self::Greater,
        }
    }
}

/// The beginnings of words that `name ~` looks for.
pub(crate) fn name_tokens_of(text: &str) -> Result<Vec<String>, Problem> {
    let mut tokens = name_tokens(text);
    if !tokens.iter().any(|token| token.chars().count() >= NAME_TOKEN_MIN) {
        return Err(Problem::InvalidPartialName { min: NAME_TOKEN_MIN });
    }
    for token in &mut tokens {
        *token = token.chars().take(NAME_TOKEN_CHARS).collect();
    }
    Ok(tokens)
}

/// The text of a number as the language writes it, trimmed: digits, one point, a sign; no exponent. `None` for other texts.
pub(crate) fn number_text(text: &str) -> Option<&str> {
    let text = text.trim();
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = bare.split_once('.').unwrap_or((bare, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    // Zeros at the start say nothing, and are written by people who count with them.
    let significant = whole.trim_start_matches('0').len() + part.len();
    let plain = digits(whole) && digits(part) && whole.len() + part.len() > 0 && significant <= NUMBER_DIGITS_MAX;
    plain.then_some(text)
}

fn number(text: &str) -> Result<f64, Problem> {
    let invalid = || Problem::InvalidValue { kind: ValueKind::Number, value: text.to_owned() };
    number_text(text).and_then(|plain| plain.parse().ok()).ok_or_else(invalid)
}

impl Catalogue<String> {
    /// Adds a course, by its code (or name, where it has none) and its names.
    pub fn add_course(&mut self, code: Option<&str>, names: mhero_core::LangMap) {
        let id = fold(code.unwrap_or_else(|| names.best(Lang::ENGLISH)));
        self.add(Entry::new(id, names, code));
    }
}
