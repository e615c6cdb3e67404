//! Contacts as queries ask about them.

use jiff::Timestamp;
use mhero_expr::DateFormat;
use mhero_query::{
    Answer, Attribute, ContactQuery, DateOrder, Numbers, Property, QueryField, QueryFieldKind, Queryable, Resolved,
    Resolver,
};
use uuid::Uuid;

use super::Contact;
use crate::{
    assets::{Assets, Field, FieldType},
    environment::Environment,
};

/// What of an environment changes how a query is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    month_first: bool,
    country: Option<std::sync::Arc<str>>,
}

impl Reading {
    fn of(environment: &Environment) -> Self {
        Self {
            month_first: environment.date_format == DateFormat::MonthDayYear,
            country: environment.default_country.clone(),
        }
    }
}

/// What queries are asked in: an environment, at an instant.
pub(crate) struct Asked<'a> {
    reading: Reading,
    environment: mhero_query::Environment<'a>,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(environment: &Environment, now: Timestamp, numbers: &'a CountryNumbers<'a>) -> Self {
        let zone = environment.timezone.clone();
        let today = now.to_zoned(zone.clone()).date();
        let mut asked = mhero_query::Environment::new(zone, today, numbers);
        if environment.date_format == DateFormat::MonthDayYear {
            asked.date_order = DateOrder::MonthFirst;
        }
        Self { reading: Reading::of(environment), environment: asked }
    }

    /// What of the environment changes how a query is read.
    pub(crate) const fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Reads a query; `None` when it can't be read. Addresses are never hidden from groups.
    pub(crate) fn parse(&self, text: &str, assets: &Assets) -> Option<ContactQuery> {
        ContactQuery::parse(text, &self.environment, Some(&Names(assets))).ok()
    }

    pub(crate) fn matches(&self, query: &ContactQuery, contact: &Contact, assets: &Assets) -> bool {
        query.matches(&Subject { contact, assets }, &self.environment)
    }
}

/// Numbers as people of a country write them.
pub(crate) struct CountryNumbers<'a>(pub(crate) Option<&'a str>);

impl Numbers for CountryNumbers<'_> {
    fn e164(&self, text: &str) -> Option<String> {
        mhero_text::phone::dialled(text, self.0, mhero_text::phone::Allowed::NUMBERS).ok()
    }
}

/// What names stand for.
struct Names<'a>(&'a Assets);

impl Resolver for Names<'_> {
    fn field(&self, key: &str) -> Option<QueryField> {
        let field = self.0.field(key)?;
        Some(QueryField { name: field.name.to_string(), kind: kind_of(field) })
    }

    fn group(&self, name: &str) -> Option<Resolved> {
        let group = self.0.group_named(name)?;
        Some(Resolved { uuid: group.uuid(), name: group.name().to_string() })
    }

    fn flow(&self, name: &str) -> Option<Resolved> {
        let flow = self.0.flows().named(name)?;
        Some(Resolved { uuid: flow.uuid, name: flow.name.to_string() })
    }
}

fn kind_of(field: &Field) -> QueryFieldKind {
    match field.kind {
        FieldType::Text => QueryFieldKind::Text,
        FieldType::Number => QueryFieldKind::Number,
        FieldType::Datetime => QueryFieldKind::Instant,
        FieldType::State | FieldType::District | FieldType::Ward => QueryFieldKind::Location,
    }
}

/// A contact, with the assets that say of which type its fields are.
struct Subject<'a> {
    contact: &'a Contact,
    assets: &'a Assets,
}

impl Queryable for Subject<'_> {
    fn values(&self, property: &Property, see: &mut dyn FnMut(Answer<'_>)) {
        match property {
            Property::Attribute(attribute) => self.attribute(*attribute, see),
            Property::Scheme(scheme) => {
                self.contact
                    .urns
                    .iter()
                    .filter(|urn| urn.scheme() == scheme)
                    .for_each(|urn| see(Answer::Text(urn.path())));
            }
            Property::Field(key) => self.field(key, see),
            Property::Course(_) | Property::Named(_) => {}
        }
    }
}

impl Subject<'_> {
    fn attribute(&self, attribute: Attribute, see: &mut dyn FnMut(Answer<'_>)) {
        let contact = self.contact;
        match attribute {
            Attribute::Uuid => see(Answer::Text(contact.uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()))),
            Attribute::Id => see(Answer::Text(&contact.id.to_string())),
            Attribute::Name => see(Answer::Text(&contact.name)),
            Attribute::Status => see(Answer::Text(contact.status.word())),
            Attribute::Language => contact.language.iter().for_each(|language| see(Answer::Text(language.as_str()))),
            Attribute::CreatedOn => see(Answer::Instant(contact.created_on)),
            Attribute::LastHeard => contact.last_seen_on.iter().for_each(|seen| see(Answer::Instant(*seen))),
            Attribute::Tickets => {
                let open = contact.tickets.iter().filter(|ticket| ticket.is_open()).count();
                let open = mhero_expr::Number::from(i64::try_from(open).unwrap_or(i64::MAX));
                see(Answer::Number(open.decimal()));
            }
            Attribute::Group => {
                contact.groups.iter().for_each(|group| see(Answer::Thing { id: group.uuid, name: &group.name }));
            }
            Attribute::Urn => contact.urns.iter().for_each(|urn| see(Answer::Text(urn.path()))),
            Attribute::Phone => {
                contact.urns.iter().filter(|urn| urn.scheme() == "tel").for_each(|urn| see(Answer::Text(urn.path())));
            }
            _ => {}
        }
    }

    fn field(&self, key: &str, see: &mut dyn FnMut(Answer<'_>)) {
        let (Some(field), Some(value)) = (self.assets.field(key), self.contact.field(key)) else { return };
        match field.kind {
            FieldType::Text => see(Answer::Text(&value.text)),
            FieldType::Number => value.number.iter().for_each(|number| see(Answer::Number(number.decimal()))),
            FieldType::Datetime => value.datetime.iter().for_each(|instant| see(Answer::Instant(instant.timestamp()))),
            FieldType::State => value.state.iter().for_each(|path| see(Answer::Text(path))),
            FieldType::District => value.district.iter().for_each(|path| see(Answer::Text(path))),
            FieldType::Ward => value.ward.iter().for_each(|path| see(Answer::Text(path))),
        }
    }
}
