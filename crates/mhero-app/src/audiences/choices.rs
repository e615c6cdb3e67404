//! What a sentence builder offers: the values of a kind of condition, with the people behind each.

use mhero_core::{LangMap, Right};
use mhero_query::{Attribute, BlankKind, Operator, Property, Query};

use crate::{App, AppError, Caller};

/// Values that are counted; of more the people are not told, so that a page stays quick.
const COUNTED_MAX: usize = 24;
/// Values of one list.
const CHOICES_MAX: usize = 200;

/// One value that a condition may ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct AudienceChoice {
    /// As it is written in the audience language.
    pub value: String,
    /// Its names.
    pub names: LangMap,
    /// People of the caller's scope, where somebody counted.
    pub people: Option<i64>,
}

impl App {
    /// The values that a kind of condition can ask for: cadres, job titles, languages, groups, courses, sources. Other kinds
    /// have none; places are a tree of their own.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], and whatever the store reports.
    pub async fn audience_choices(&self, caller: &Caller, kind: BlankKind) -> Result<Vec<AudienceChoice>, AppError> {
        caller.must(Right::ReadPeople)?;
        let Some(attribute) = attribute_of(kind) else { return Ok(Vec::new()) };
        let mut choices = self.values_of(caller, kind).await?;
        choices.truncate(CHOICES_MAX);
        if choices.len() <= COUNTED_MAX {
            for choice in &mut choices {
                let query = Query::condition(Property::Attribute(attribute), Operator::Equal, choice.value.as_str());
                choice.people = self.count_audience(caller, &query.to_string()).await.ok();
            }
        }
        Ok(choices)
    }

    async fn values_of(&self, caller: &Caller, kind: BlankKind) -> Result<Vec<AudienceChoice>, AppError> {
        let choice = |value: String, names: LangMap| AudienceChoice { value, names, people: None };
        let store = self.store();
        Ok(match kind {
            BlankKind::Cadre => store.cadres().await?.into_iter().map(|c| choice(c.code, c.names)).collect(),
            BlankKind::Job => {
                let mut titles: Vec<AudienceChoice> = Vec::new();
                for title in store.titles().await? {
                    let name = title.coined.names.best(caller.language).to_owned();
                    // Several codes bear one title, and the name means them all.
                    if !titles.iter().any(|known| known.value == name) {
                        titles.push(choice(name, title.coined.names));
                    }
                }
                titles
            }
            BlankKind::Language => {
                let languages = self.facts_cached().await?.languages.clone();
                let name = |lang: mhero_core::Lang| LangMap::one(mhero_core::Lang::ENGLISH, lang.as_str());
                languages.into_iter().map(|lang| choice(lang.as_str().to_owned(), name(lang))).collect()
            }
            BlankKind::Group => {
                let groups = store.groups(false).await?.into_iter();
                groups.map(|group| choice(group.name.best(caller.language).to_owned(), group.name)).collect()
            }
            BlankKind::Training => {
                let mut courses: Vec<AudienceChoice> = Vec::new();
                for course in store.courses().await? {
                    if !courses.iter().any(|known| known.value == course.course) {
                        courses.push(choice(course.course, course.names));
                    }
                }
                courses
            }
            BlankKind::Source => {
                let english = |name: &str| LangMap::one(mhero_core::Lang::ENGLISH, name);
                store.source_names().await?.into_iter().map(|(_, name)| choice(name.clone(), english(&name))).collect()
            }
            _ => Vec::new(),
        })
    }

    /// The keys of the fields that people have, as a condition names them: `fields.age`.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn field_keys(&self, caller: &Caller) -> Result<Vec<String>, AppError> {
        caller.must(Right::ReadPeople)?;
        let fields = self.store().fields().await?.into_iter();
        Ok(fields.map(|field| Property::Field(field.coined.code).word()).collect())
    }
}

/// The attribute that a kind of blank asks about, where its values are a list.
const fn attribute_of(kind: BlankKind) -> Option<Attribute> {
    Some(match kind {
        BlankKind::Cadre => Attribute::Cadre,
        BlankKind::Job => Attribute::Job,
        BlankKind::Language => Attribute::Language,
        BlankKind::Group => Attribute::Group,
        BlankKind::Training => Attribute::Training,
        BlankKind::Source => Attribute::Source,
        _ => return None,
    })
}
