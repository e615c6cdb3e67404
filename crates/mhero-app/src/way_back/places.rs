//! Which facility somebody means who writes its name or code.

use mhero_core::PlaceId;
use mhero_query::fold;

use crate::{App, AppError};

/// How sure an exact name or code is, in percent.
const EXACT: i64 = 90;
/// How sure a name is that several places bear, or that begins as one does.
const LIKELY: i64 = 60;
/// How sure a text is that means no place we know.
const UNKNOWN: i64 = 20;
/// Shortest beginning of a name that is looked for, in bytes.
const BEGINNING_MIN: usize = 4;
/// Places with the same beginning that are looked at.
const LOOKED_AT: i64 = 50;

/// A place as somebody named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The place, where it is clear enough to propose.
    pub(super) place: Option<PlaceId>,
    /// Places that bear exactly this name or code.
    pub(super) exact: Vec<PlaceId>,
    /// In percent.
    pub(super) confidence: i64,
}

impl App {
    /// The facility that a text means: by name or code; else by how its name is written nearly.
    pub(super) async fn facility_named(&self, text: &str) -> Result<Named, AppError> {
        let folded = fold(text);
        let called = self.store().places_called(&folded, text).await?;
        let facilities: Vec<_> = called.iter().filter(|place| place.is_facility).map(|place| place.id).collect();
        let exact = if facilities.is_empty() { called.iter().map(|place| place.id).collect() } else { facilities };
        match exact.as_slice() {
            [] => {}
            [one] => return Ok(Named { place: Some(*one), exact, confidence: EXACT }),
            [first, ..] => return Ok(Named { place: Some(*first), exact, confidence: LIKELY - 10 }),
        }
        let beginning: String = folded.chars().take(BEGINNING_MIN).collect();
        let mut near = Vec::new();
        if beginning.len() >= BEGINNING_MIN {
            let known = self.store().places_beginning(&beginning, LOOKED_AT).await?;
            for place in known.into_iter().filter(|place| place.is_facility) {
                let name = fold(place.name.best(mhero_core::Lang::ENGLISH));
                if name.starts_with(&folded) || differs_little(&name, &folded) {
                    near.push(place.id);
                }
            }
        }
        Ok(match near.as_slice() {
            [one] => Named { place: Some(*one), exact: Vec::new(), confidence: LIKELY },
            _ => Named { place: None, exact: Vec::new(), confidence: UNKNOWN },
        })
    }
}

/// Whether two names differ in two letters at most, and in a quarter of them at most.
fn differs_little(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let most = 2.min(one.len().max(other.len()) / 4);
    if one.len().abs_diff(other.len()) > most {
        return false;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()] <= most
}

#[cfg(test)]
mod tests {
    use super::differs_little;

    #[test]
    fn near_names_are_near() {
        assert!(differs_little("fissebu clinic", "fisebu clinic"));
        assert!(differs_little("borkeza", "borkesa"));
        assert!(!differs_little("zorzor", "voinjama"));
        assert!(!differs_little("foya", "toya b"));
    }
}
