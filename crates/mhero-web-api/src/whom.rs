//! Whom a request means: an audience in the query language, or people one by one.

use mhero_app::AppError;
use mhero_core::{PersonId, limits::QUERY_CONDITIONS_MAX};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{front::Asking, problem::Fault};

/// People that one request may name one by one.
const PEOPLE_MAX: usize = 100;

/// Whom it is for: a query, people, or both together. Nobody outside the token's own places is ever meant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// An audience in the query language: `cadre = nurse AND place = Bong`. It is evaluated when the broadcast is released.
    #[schema(example = "cadre = nurse AND place = Bong", max_length = 4000)]
    pub query: Option<String>,
    /// People by our id, a source's id, or a phone number; at most 100. More are a query or a group.
    #[schema(max_items = 100)]
    pub people: Option<Vec<String>>,
}

/// The query that means everybody.
const EVERYBODY: &str = "*";

/// Those of an audience of whom something else is so, too.
pub(crate) fn narrowed(query: &str, condition: &str) -> String {
    if query == EVERYBODY { condition.to_owned() } else { format!("({query}) AND {condition}") }
}

impl Asking {
    /// The query that means an audience. `field` is where it stands in the body.
    pub(crate) async fn query_of(&self, to: &Audience, field: &str) -> Result<String, Fault> {
        let query = to.query.as_deref().map(str::trim).filter(|query| !query.is_empty());
        let people = to.people.as_deref().unwrap_or_default();
        if query.is_none() && people.is_empty() {
            return Err(Fault::refused("nobody").field(field));
        }
        let most = PEOPLE_MAX.min(QUERY_CONDITIONS_MAX);
        if people.len() > most {
            return Err(Fault::refused("too-many-people")
                .field(format!("{field}.people"))
                .arg("max", most.to_string()));
        }
        let mut parts = Vec::with_capacity(people.len() + 1);
        for (at, text) in people.iter().enumerate() {
            let person = self.person_in_body(text, &format!("{field}.people[{at}]")).await?;
            parts.push(format!("uuid = {person}"));
        }
        if let Some(query) = query {
            // What can't be read is told at its own field.
            let checked = self.app.check_audience(&self.caller, query).await;
            checked.map_err(|error| Fault::from(error).about(&format!("{field}.query"), query))?;
            // Everybody stands alone, and whoever else is named is one of them.
            if parts.is_empty() || query == EVERYBODY {
                return Ok(query.to_owned());
            }
            parts.push(format!("({query})"));
        }
        Ok(parts.join(" OR "))
    }

    /// The person that a member of a body names.
    pub(crate) async fn person_in_body(&self, text: &str, field: &str) -> Result<PersonId, Fault> {
        match self.person_called(text).await {
            Err(AppError::NotFound { .. }) => Err(Fault::refused("no-person").field(field).value(text)),
            Err(error) => Err(Fault::from(error).about(field, text)),
            Ok(person) => Ok(person),
        }
    }

    /// The one person within the caller's scope that a text names: our id, a source's id, or a number.
    pub(crate) async fn person_called(&self, text: &str) -> Result<PersonId, AppError> {
        self.reader().person_called(&self.caller, text).await
    }
}
