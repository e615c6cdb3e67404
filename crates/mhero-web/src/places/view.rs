//! One place: what is below it and who works there.

use askama::Template;
use mhero_core::Right;

use crate::{
    page::{Band, Page},
    parts::{Pager, PersonRow},
    people::view::Fact,
};

/// A place in a list.
#[derive(Clone, Debug)]
pub struct PlaceRow {
    /// Its name.
    pub name: String,
    /// Its level: "county", "clinic".
    pub about: String,
    /// Its page.
    pub href: String,
    /// Health workers there and below.
    pub people: i64,
}

/// `/places` and `/places/{id}`.
#[derive(Template)]
#[template(path = "places/page.html")]
pub struct PlacePage {
    /// What every page knows.
    pub page: Page,
    /// The places above, the highest first.
    pub above: Vec<PlaceRow>,
    /// Its name.
    pub name: String,
    /// "County. 412 health workers in 31 facilities."
    pub about: String,
    /// Health workers there and below.
    pub people: i64,
    /// Send to them.
    pub send_href: String,
    /// All of them.
    pub people_href: String,
    /// The places just below.
    pub below: Vec<PlaceRow>,
    /// Who works at the place itself.
    pub rows: Vec<PersonRow>,
    /// Pages.
    pub pager: Pager,
    /// Facts.
    pub record: Vec<Fact>,
}
