//! From what was written to what is tried: properties found, values typed, operators that make no sense refused.

use bigdecimal::BigDecimal;
use mhero_core::Lang;
use uuid::Uuid;

use super::{ContactQuery, QueryField, QueryFieldKind, Resolved, Resolver};
use crate::{
    Attribute, Comparison, Condition, Day, Environment, Node, Operator, Problem, Property, Query, QueryError,
    ReferenceKind, ValueKind,
    check::{name_tokens_of, number_text},
    fold, languages, name_key,
    property::is_scheme,
};

/// Fewest characters for `~` on addresses.
const URN_PART_MIN: usize = 3;
/// What the status of a contact may be.
const STATUSES: [&str; 4] = ["active", "blocked", "stopped", "archived"];

/// A branch or test of a checked query.
#[derive(Clone, PartialEq)]
pub(super) enum Branch {
    And(Vec<Self>),
    Or(Vec<Self>),
    Test(Test),
}

/// One condition, ready to be tried.
#[derive(Clone, PartialEq)]
pub(super) struct Test {
    pub(super) property: Property,
    pub(super) wanted: Wanted,
    pub(super) negated: bool,
    /// The name of the field, where one was found.
    pub(super) field: Option<String>,
    /// The group, where one was found.
    pub(super) group: Option<Resolved>,
}

/// What a value must be like.
#[derive(Clone, PartialEq)]
pub(super) enum Wanted {
    Present,
    /// The whole name, as [`name_key`] makes it.
    NameIs(String),
    /// Beginnings of words.
    NameTokens(Vec<String>),
    /// A path in small letters, and the phone number that it may stand for.
    UrnIs {
        written: String,
        number: Option<String>,
    },
    /// A part of a path in small letters.
    UrnPart(String),
    /// A group or flow: by id where it was found, else by folded name.
    Thing {
        id: Option<Uuid>,
        name: String,
    },
    /// Anything else, in each reading that the value has.
    Value {
        comparison: Comparison,
        text: String,
        number: Option<BigDecimal>,
        day: Option<Day>,
    },
}

impl Branch {
    /// Every test from left to right.
    pub(super) fn each<'a>(&'a self, see: &mut dyn FnMut(&'a Test)) {
        match self {
            Self::Test(test) => see(test),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.each(see)),
        }
    }

    pub(super) fn depends_on_today(&self) -> bool {
        let mut any = false;
        self.each(&mut |test| {
            any |= matches!(&test.wanted, Wanted::Value { day: Some(day), .. } if day.relative.is_some());
        });
        any
    }
}

pub(super) fn checked(
    query: &Query,
    environment: &Environment<'_>,
    resolver: Option<&dyn Resolver>,
) -> Result<ContactQuery, QueryError> {
    if let Some(limit) = query.broken_limit() {
        return Err(Problem::TooComplex { limit }.at(query.root().map(Node::span).unwrap_or_default()));
    }
    let checker = Checker { environment, resolver };
    let Some(root) = query.root() else { return Ok(ContactQuery { query: Query::everyone(), root: None }) };
    let (node, branch) = checker.node(root)?;
    Ok(ContactQuery { query: Query { root: Some(node) }, root: Some(branch) })
}

struct Checker<'a> {
    environment: &'a Environment<'a>,
    resolver: Option<&'a dyn Resolver>,
}

/// What is asked about, with what decides which operators make sense.
struct Asked {
    property: Property,
    /// The field, where it was found.
    field: Option<QueryField>,
}

impl Checker<'_> {
    fn node(&self, node: &Node) -> Result<(Node, Branch), QueryError> {
        let inner = |children: &[Node]| -> Result<(Vec<Node>, Vec<Branch>), QueryError> {
            Ok(children.iter().map(|child| self.node(child)).collect::<Result<Vec<_>, _>>()?.into_iter().unzip())
        };
        Ok(match node {
            Node::And(children) => {
                let (nodes, branches) = inner(children)?;
                (Node::And(nodes), Branch::And(branches))
            }
            Node::Or(children) => {
                let (nodes, branches) = inner(children)?;
                (Node::Or(nodes), Branch::Or(branches))
            }
            Node::Condition(condition) => {
                let test = self.test(condition).map_err(|problem| {
                    let span = if problem.is_about_value() { condition.value_span } else { condition.span };
                    problem.at(span)
                })?;
                let found = Condition { property: test.property.clone(), ..condition.clone() };
                (Node::Condition(found), Branch::Test(test))
            }
        })
    }

    fn test(&self, condition: &Condition) -> Result<Test, Problem> {
        let asked = self.asked(&condition.property)?;
        self.refuse_operator(&asked, condition)?;
        let mut group = None;
        let wanted = self.wanted(&asked, condition, &mut group)?;
        let unset = condition.value.is_empty() && condition.operator == Operator::Equal;
        let differs = !condition.value.is_empty() && condition.operator == Operator::NotEqual;
        let field = asked.field.map(|field| field.name);
        Ok(Test { property: asked.property, wanted, negated: unset || differs, field, group })
    }

    /// Attributes of the specification come before schemes, schemes before fields, fields before attributes of ours.
    fn asked(&self, property: &Property) -> Result<Asked, Problem> {
        let unknown = |word: &str| Problem::UnknownProperty { property: word.to_owned(), near: Vec::new() };
        let bare = |property: Property| Ok(Asked { property, field: None });
        let field = |key: &str| match self.resolver {
            None => Some(Asked { property: Property::Field(key.to_owned()), field: None }),
            Some(resolver) => {
                resolver.field(key).map(|field| Asked { property: Property::Field(key.to_owned()), field: Some(field) })
            }
        };
        match property {
            Property::Attribute(attribute) if attribute.is_standard() => bare(property.clone()),
            Property::Attribute(attribute) => field(attribute.as_str()).map_or_else(|| bare(property.clone()), Ok),
            Property::Scheme(scheme) if is_scheme(scheme) => bare(property.clone()),
            Property::Scheme(scheme) => Err(unknown(scheme)),
            Property::Field(key) | Property::Named(key) => field(key).ok_or_else(|| unknown(key)),
            Property::Course(_) => bare(property.clone()),
        }
    }

    /// Operators that make no sense for the kind of value, in the specification's order of checks.
    fn refuse_operator(&self, asked: &Asked, condition: &Condition) -> Result<(), Problem> {
        use Operator::{Contains, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let operator = condition.operator;
        match operator {
            Contains if asked.is_urn() || asked.property == Property::Attribute(Attribute::Name) => {}
            Contains => return Err(Problem::UnsupportedContains { property: asked.word() }),
            Less | LessOrEqual | Greater | GreaterOrEqual if !self.is_ordered(asked) => {
                return Err(Problem::UnsupportedComparison { property: asked.word(), operator });
            }
            Equal | NotEqual if condition.value.is_empty() && asked.is_always_set() => {
                return Err(Problem::UnsupportedSetCheck { property: asked.word(), operator });
            }
            _ => {}
        }
        if asked.is_urn() && self.environment.redact_urns && !condition.value.is_empty() {
            return Err(Problem::RedactedUrns);
        }
        Ok(())
    }

    fn is_ordered(&self, asked: &Asked) -> bool {
        match (&asked.property, &asked.field) {
            (Property::Attribute(attribute), _) => attribute.is_instant() || *attribute == Attribute::Tickets,
            (Property::Course(_), _) => true,
            (Property::Field(_), Some(field)) => {
                matches!(field.kind, QueryFieldKind::Number | QueryFieldKind::Instant)
            }
            // Of a field that was not looked up nothing is known, so nothing is refused.
            (Property::Field(_), None) => self.resolver.is_none(),
            _ => false,
        }
    }

    fn wanted(&self, asked: &Asked, condition: &Condition, group: &mut Option<Resolved>) -> Result<Wanted, Problem> {
        let (text, operator) = (condition.value.as_str(), condition.operator);
        if text.is_empty() && matches!(operator, Operator::Equal | Operator::NotEqual) {
            return Ok(Wanted::Present);
        }
        if asked.is_urn() {
            return self.urn(text, operator);
        }
        let invalid = |kind| Problem::InvalidValue { kind, value: text.to_owned() };
        let number = || number_text(text).and_then(|plain| plain.parse::<BigDecimal>().ok());
        let day = || self.environment.day(text);
        let value = |number, day| Wanted::Value { comparison: operator.into(), text: fold(text), number, day };
        Ok(match (&asked.property, &asked.field) {
            (Property::Attribute(Attribute::Name), _) if operator == Operator::Contains => {
                Wanted::NameTokens(name_tokens_of(text)?)
            }
            (Property::Attribute(Attribute::Name), _) => Wanted::NameIs(name_key(text)),
            (Property::Attribute(Attribute::Language), _) => {
                let lang = languages::by_name(text).or_else(|| text.parse::<Lang>().ok().filter(Lang::is_registered));
                let code = lang.ok_or_else(|| invalid(ValueKind::Language))?.to_string();
                Wanted::Value { comparison: operator.into(), text: code, number: None, day: None }
            }
            (Property::Attribute(Attribute::Status), _) if !STATUSES.contains(&fold(text).as_str()) => {
                return Err(invalid(ValueKind::Status));
            }
            (Property::Attribute(Attribute::Group), _) => {
                *group = self.resolved(ReferenceKind::Group, text)?;
                Wanted::Thing { id: group.as_ref().map(|found| found.uuid), name: fold(text) }
            }
            (Property::Attribute(Attribute::Flow | Attribute::History), _) => {
                let found = self.resolved(ReferenceKind::Flow, text)?;
                Wanted::Thing { id: found.map(|found| found.uuid), name: fold(text) }
            }
            (Property::Attribute(Attribute::Tickets), _)
            | (_, Some(QueryField { kind: QueryFieldKind::Number, .. })) => {
                value(Some(number().ok_or_else(|| invalid(ValueKind::Number))?), None)
            }
            (Property::Course(_), _) | (_, Some(QueryField { kind: QueryFieldKind::Instant, .. })) => {
                value(None, Some(day().ok_or_else(|| invalid(ValueKind::Date))?))
            }
            (Property::Attribute(attribute), _) if attribute.is_instant() => {
                value(None, Some(day().ok_or_else(|| invalid(ValueKind::Date))?))
            }
            (Property::Field(_), None) => value(number(), day()),
            _ => value(None, None),
        })
    }

    fn urn(&self, text: &str, operator: Operator) -> Result<Wanted, Problem> {
        if operator == Operator::Contains {
            if text.chars().count() < URN_PART_MIN {
                return Err(Problem::InvalidPartialUrn { min: URN_PART_MIN });
            }
            return Ok(Wanted::UrnPart(text.to_lowercase()));
        }
        let number = self.environment.numbers.e164(text);
        Ok(Wanted::UrnIs { written: text.to_lowercase(), number })
    }

    /// The group or flow of a name; nothing where nobody is there to be asked.
    fn resolved(&self, kind: ReferenceKind, text: &str) -> Result<Option<Resolved>, Problem> {
        let Some(resolver) = self.resolver else { return Ok(None) };
        let found = if kind == ReferenceKind::Group { resolver.group(text) } else { resolver.flow(text) };
        let unknown = || Problem::UnknownName { kind, value: text.to_owned(), near: Vec::new(), quoted: None };
        found.map(Some).ok_or_else(unknown)
    }
}

impl Asked {
    fn is_urn(&self) -> bool {
        matches!(self.property, Property::Scheme(_) | Property::Attribute(Attribute::Urn | Attribute::Phone))
    }

    /// Whether every contact has such a value, so that asking for it makes no sense.
    fn is_always_set(&self) -> bool {
        matches!(&self.property, Property::Attribute(attribute) if attribute.is_always_set())
    }

    /// The word in errors, without its prefix.
    fn word(&self) -> String {
        match &self.property {
            Property::Attribute(Attribute::LastHeard) => "last_seen_on".to_owned(),
            Property::Field(key) | Property::Scheme(key) | Property::Course(key) | Property::Named(key) => key.clone(),
            Property::Attribute(attribute) => attribute.as_str().to_owned(),
        }
    }
}
