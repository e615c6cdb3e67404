//! `GET /me`: which account this token is, and what it may do.

use axum::Json;
use mhero_core::Right;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    front::Asking,
    problem::Fault,
    shapes::{Named, language},
};

/// The account that asks.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// Its id.
    pub id: String,
    /// Its name, as `mhero token create` gave it.
    pub name: String,
    /// Whether it is in the sandbox: it sees invented people only, and what it sends reaches no real phone.
    pub sandbox: bool,
    /// What it may do: `read_people`, `send` ...
    pub rights: Vec<String>,
    /// The places it is narrowed to; null where it sees the whole country.
    pub places: Option<Vec<Named>>,
    /// This installation.
    pub installation: Installation,
}

/// Facts of this installation.
#[derive(Serialize, ToSchema)]
pub struct Installation {
    /// The ministry's name.
    pub ministry: String,
    /// The country's name.
    pub country: String,
    /// Numbering countries (ISO 3166), the default first.
    pub countries: Vec<String>,
    /// Languages of messages (BCP 47), the default first.
    pub languages: Vec<String>,
    /// The national time zone.
    pub zone: String,
    /// Whether everything here is invented.
    pub demo: bool,
}

/// Which account this token is, and what it may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "account", responses((status = 200, description = "The account", body = Me)))]
pub(crate) async fn get_me(asking: Asking) -> Result<Json<Me>, Fault> {
    let (scope, lang) = (&asking.caller.scope, asking.caller.language);
    let reader = asking.reader();
    let places = reader.places_of(&asking.caller).await?;
    let places = places.map(|own| own.iter().map(|(id, name)| Named::of(id, name, lang)).collect());
    let facts = asking.app.facts_cached().await?;
    Ok(Json(Me {
        id: asking.principal().to_string(),
        name: reader.account_name(&asking.caller).await?,
        sandbox: asking.is_in_sandbox(),
        rights: Right::ALL.iter().filter(|right| scope.may(**right)).map(ToString::to_string).collect(),
        places,
        installation: Installation {
            ministry: facts.ministry.best(lang).to_owned(),
            country: facts.country_name.best(lang).to_owned(),
            countries: facts.countries.clone(),
            languages: facts.languages.iter().map(|own| language(*own)).collect(),
            zone: facts.zone.clone(),
            demo: facts.demo,
        },
    }))
}
