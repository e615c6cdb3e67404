//! Pages: a cursor is an instant and an id, so that nothing is missed or repeated when things are added meanwhile.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use mhero_store::Keyset;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    Answer, ApiError,
    ask::{Ask, Span},
};

/// Things on one page.
pub const PAGE: usize = 250;
/// What a cursor begins with: another shape would begin otherwise.
const CURSOR_FORM: &str = "1";

/// Which page of a list is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// Which part, with one more than a page holds, so that it shows whether there is a next.
    pub(crate) part: Keyset,
}

impl Ask {
    /// Which page is asked for. `reverse` counts only where an endpoint takes it. `None`: an instant can't be read, and the list
    /// is empty.
    pub(crate) fn wanted(&self, takes_reverse: bool) -> Result<Option<Wanted>, ApiError> {
        let after = match self.param("cursor") {
            None => None,
            Some(text) => Some(read_cursor(text).ok_or_else(|| ApiError::Detail("Invalid cursor".to_owned()))?),
        };
        let span: Span = self.span();
        let Some((from, until)) = span else { return Ok(None) };
        let newest_first = !(takes_reverse && self.flag("reverse", false));
        let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
        Ok(Some(Wanted { part: Keyset { newest_first, from, until, after, limit } }))
    }
}

/// An object of a list with what orders it.
pub(crate) struct Item {
    /// The instant.
    pub(crate) at: i64,
    /// The id.
    pub(crate) id: Uuid,
    /// The object.
    pub(crate) json: Value,
}

impl Item {
    pub(crate) const fn new(at: i64, id: Uuid, json: Value) -> Self {
        Self { at, id, json }
    }
}

impl Wanted {
    /// The part of a list that was read whole.
    pub(crate) fn of_all(&self, mut items: Vec<Item>) -> Vec<Item> {
        let part = &self.part;
        items.retain(|item| {
            part.from.is_none_or(|from| item.at >= from) && part.until.is_none_or(|until| item.at <= until)
        });
        items.sort_by_key(|item| (item.at, item.id));
        if part.newest_first {
            items.reverse();
        }
        if let Some(after) = part.after {
            items.retain(|item| match part.newest_first {
                true => (item.at, item.id) < after,
                false => (item.at, item.id) > after,
            });
        }
        items.truncate(PAGE + 1);
        items
    }
}

/// Whether a list goes on behind a page, and the page of it.
pub(crate) fn cut<T>(mut items: Vec<T>) -> (Vec<T>, bool) {
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    (items, more)
}

/// A page as an answer. `base` is the address of the API; `last` orders the last object of the page where there is a next one.
pub(crate) fn page(ask: &Ask, base: &str, results: Vec<Value>, last: Option<(i64, Uuid)>) -> Answer {
    let next = last.map(|last| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("cursor", &cursor(last));
        for (name, value) in ask.query.iter().filter(|(name, _)| name != "cursor" && name != "format") {
            query.append_pair(name, value);
        }
        format!("{base}/{}.json?{}", ask.endpoint, query.finish())
    });
    // Put in as they are: `json!` would copy every object of the page.
    let mut body = Map::new();
    body.insert("next".to_owned(), json!(next));
    body.insert("previous".to_owned(), Value::Null);
    body.insert("results".to_owned(), Value::Array(results));
    Answer::ok(Value::Object(body))
}

/// A page of objects that carry their order.
pub(crate) fn items_page(ask: &Ask, base: &str, items: Vec<Item>) -> Answer {
    let (items, more) = cut(items);
    let last = items.last().filter(|_| more).map(|item| (item.at, item.id));
    page(ask, base, items.into_iter().map(|item| item.json).collect(), last)
}

/// An empty list.
pub(crate) fn nothing(ask: &Ask, base: &str) -> Answer {
    page(ask, base, Vec::new(), None)
}

fn cursor((at, id): (i64, Uuid)) -> String {
    URL_SAFE_NO_PAD.encode(format!("{CURSOR_FORM}:{at}:{}", id.simple()))
}

fn read_cursor(text: &str) -> Option<(i64, Uuid)> {
    let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let mut parts = plain.splitn(3, ':');
    (parts.next()? == CURSOR_FORM).then_some(())?;
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_as_they_were_and_others_are_refused() {
        let one = (1_778_749_200_000_001, Uuid::from_u128(7));
        assert_eq!(read_cursor(&cursor(one)), Some(one));
        assert_eq!(read_cursor(&cursor((-1, Uuid::max()))), Some((-1, Uuid::max())));
        for wrong in ["", "abc", "MjoxOjE", "MTp4Onk"] {
            assert_eq!(read_cursor(wrong), None, "{wrong}");
        }
    }
}
