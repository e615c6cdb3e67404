//! Pages: a cursor says behind what to read on, so that nothing is missed or comes twice when things are added meanwhile.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use mhero_api::Part;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{params::Params, problem::Fault};

/// Things on a page where nobody says how many.
const LIMIT: i64 = 50;
/// Things on a page at most.
const LIMIT_MAX: i64 = 200;
/// What a cursor begins with: another shape would begin otherwise.
const CURSOR_FORM: u8 = 1;

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct Page<T: ToSchema> {
    /// What is on it.
    pub items: Vec<T>,
    /// Given as `cursor`, the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// Which page.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it only describes the parameters that `Wanted` reads")]
pub struct PageParams {
    /// How many things, 1 to 200; 50 where nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Which page is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// How many things.
    pub(crate) limit: i64,
    /// Behind this instant and id.
    pub(crate) after: Option<(i64, Uuid)>,
}

impl Wanted {
    pub(crate) fn read(params: &Params) -> Result<Self, Fault> {
        let limit = match params.text("limit") {
            None => LIMIT,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=LIMIT_MAX).contains(limit))
                .ok_or_else(|| Fault::bad("limit").field("limit").value(text).arg("max", LIMIT_MAX.to_string()))?,
        };
        let after = match params.text("cursor") {
            None => None,
            Some(text) => Some(read(text).ok_or_else(|| Fault::bad("cursor").field("cursor").value(text))?),
        };
        Ok(Self { limit, after })
    }

    /// One more than the page holds, so that it shows whether there is a next.
    pub(crate) const fn one_more(&self) -> i64 {
        self.limit + 1
    }

    /// The part of a list that is read for it.
    pub(crate) const fn part(&self, (since, until): (Option<i64>, Option<i64>)) -> Part {
        Part { since, until, after: self.after, limit: self.one_more() }
    }

    /// The page of what was read; `key` is what orders a thing.
    pub(crate) fn cut<R>(&self, mut rows: Vec<R>, key: impl Fn(&R) -> (i64, Uuid)) -> (Vec<R>, Option<String>) {
        let most = usize::try_from(self.limit).unwrap_or(0);
        let has_more = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| has_more).map(|last| write(key(last)));
        (rows, next)
    }
}

fn write((at, id): (i64, Uuid)) -> String {
    let mut bytes = vec![CURSOR_FORM];
    bytes.extend(at.to_be_bytes());
    bytes.extend(id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn read(text: &str) -> Option<(i64, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (form, rest) = bytes.split_first()?;
    let (at, id) = rest.split_at_checked(8)?;
    if *form != CURSOR_FORM {
        return None;
    }
    Some((i64::from_be_bytes(at.try_into().ok()?), Uuid::from_slice(id).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_nonsense_does_not() {
        let key = (-7, Uuid::from_u128(9));
        assert_eq!(read(&write(key)), Some(key));
        for wrong in ["", "x", "AAAA", "AgAAAAAAAAAA", &write(key)[1..]] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
