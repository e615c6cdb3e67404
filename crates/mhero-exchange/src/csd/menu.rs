//! The menu by which a phone finds its facility: numbered places below one, 0 leads up.

use mhero_app::Caller;
use mhero_core::{Lang, PlaceId, Right};
use mhero_store::PlaceRow;
use serde_json::{Value, json};

use super::{CsdFault, CsdServer, entities::Country};

/// Places of one page of the menu, so that it is one or two SMS.
const PAGE: usize = 9;
/// What leads to the next page.
const MORE: usize = 99;
/// Longest name in the menu, in characters.
const NAME_CHARS: usize = 24;

/// What the flow goes on with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Menu {
    /// What is asked; empty once a facility is found.
    pub text: String,
    /// Where the phone stands now: the entity id of the place above, and `#` with the page behind it after the first.
    pub at: String,
    /// The entity id of the facility that was chosen.
    pub facility: String,
    /// Its name.
    pub facility_name: String,
}

impl Menu {
    /// As flows read it.
    pub fn to_json(&self) -> Value {
        json!({ "menutext": self.text, "orgid": self.at, "facility": self.facility, "facilityname": self.facility_name })
    }
}

impl CsdServer {
    /// Goes on in the menu: `at` is where the phone stands, as the last answer told it, `input` what was texted.
    ///
    /// # Errors
    /// What keeps this caller from reading places.
    pub async fn select_facility(&self, caller: &Caller, at: &str, input: &str) -> Result<Menu, CsdFault> {
        caller.must(Right::ReadPeople)?;
        let country = Country::read(self.app.store()).await?;
        let (org, page) = at.trim().rsplit_once('#').unwrap_or((at.trim(), "0"));
        let here = country.meant(org).filter(|place| country.place(*place).is_some_and(|row| !row.is_facility));
        let page: usize = page.parse().unwrap_or(0);
        let below = below(&country, here);
        let pages = below.len().div_ceil(PAGE);
        let input = input.trim();
        // Some write the letter where the menu shows the digit.
        let number: Option<usize> = if input.eq_ignore_ascii_case("o") { Some(0) } else { input.parse().ok() };
        match number {
            None if input.is_empty() => Ok(shown(&country, here, page.min(pages.saturating_sub(1)))),
            Some(0) => {
                let above = here.and_then(|here| country.place(here)).and_then(|row| row.parent);
                Ok(shown(&country, above, 0))
            }
            Some(MORE) if pages > 1 => Ok(shown(&country, here, (page + 1) % pages)),
            Some(number) if (1..=below.len()).contains(&number) => Ok(chosen(&country, below[number - 1])),
            Some(_) => Ok(shown(&country, here, page.min(pages.saturating_sub(1)))),
            None => {
                // Somebody wrote the name.
                let wanted = input.to_lowercase();
                let named: Vec<&&PlaceRow> =
                    below.iter().filter(|row| name(row).to_lowercase().starts_with(&wanted)).collect();
                match named.as_slice() {
                    [one] => Ok(chosen(&country, one)),
                    _ => Ok(shown(&country, here, page.min(pages.saturating_sub(1)))),
                }
            }
        }
    }
}

fn name(row: &PlaceRow) -> &str {
    row.name.best(Lang::ENGLISH)
}

/// Open places just below one, or below none, by name; jurisdictions before facilities.
fn below(country: &Country, at: Option<PlaceId>) -> Vec<&PlaceRow> {
    let mut below: Vec<&PlaceRow> = country.places().iter().filter(|row| row.active && row.parent == at).collect();
    below.sort_by(|one, other| (one.is_facility, name(one), one.id).cmp(&(other.is_facility, name(other), other.id)));
    below
}

fn chosen(country: &Country, row: &PlaceRow) -> Menu {
    if !row.is_facility {
        return shown(country, Some(row.id), 0);
    }
    let at = row.parent.map(|above| country.id(above).to_owned()).unwrap_or_default();
    Menu { text: String::new(), at, facility: country.id(row.id).to_owned(), facility_name: name(row).to_owned() }
}

fn shown(country: &Country, at: Option<PlaceId>, page: usize) -> Menu {
    let below = below(country, at);
    let cut = |row: &PlaceRow| name(row).chars().take(NAME_CHARS).collect::<String>();
    let from = page * PAGE;
    let mut lines: Vec<String> = below
        .iter()
        .enumerate()
        .skip(from)
        .take(PAGE)
        .map(|(number, row)| format!("{} {}", number + 1, cut(row)))
        .collect();
    if below.len() > PAGE {
        lines.push(format!("{MORE} >>"));
    }
    let above = at.and_then(|at| country.place(at));
    if let Some(row) = above {
        let up = row.parent.and_then(|up| country.place(up)).map_or_else(|| "<<".to_owned(), cut);
        lines.push(format!("0 {up}"));
    }
    let id = at.map(|at| country.id(at).to_owned()).unwrap_or_default();
    let at = if page == 0 { id } else { format!("{id}#{page}") };
    Menu { text: lines.join("\n"), at, ..Menu::default() }
}
