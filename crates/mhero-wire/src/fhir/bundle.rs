//! One page of a search or history: its entries as received, its links, and what the server remarks about it.

use jiff::Timestamp;
use serde_json::Value;

use super::outcome::Issue;
use crate::json::{Splitter, member};

/// A Bundle that a server answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bundle {
    /// `searchset`, `history`, ...
    pub kind: Option<String>,
    /// How many resources the whole search found, where the server counts.
    pub total: Option<u64>,
    /// Links by relation: `self`, `next`.
    pub links: Vec<(String, String)>,
    /// The entries that are resources or removals, in order.
    pub entries: Vec<Entry>,
    /// What the server remarks about the search, from its OperationOutcome entries.
    pub issues: Vec<Issue>,
    /// Whether the text broke off or was no JSON somewhere: entries after that place are missing.
    pub is_broken: bool,
}

/// An entry of a Bundle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// The text of the resource exactly as received; of an entry that is no JSON all of it; empty for a removal.
    pub raw: String,
    /// The kind, as far as it can be told.
    pub kind: Option<String>,
    /// The id, as far as it can be told.
    pub id: Option<String>,
    /// When this version was stored.
    pub last_updated: Option<Timestamp>,
    /// Whether it says that the resource was removed.
    pub is_removal: bool,
    /// Whether it only stands here because a match refers to it.
    pub is_include: bool,
    /// Whether its text is no JSON.
    pub is_broken: bool,
}

impl Bundle {
    /// Reads a Bundle. `None` when the text is none. Entries over `limit` bytes come out broken and without text.
    ///
    /// ```
    /// let page = r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"http://x/?p=2"}],
    ///     "entry":[{"resource":{"resourceType":"Practitioner","id":"P1"}}]}"#;
    /// let page = mhero_wire::fhir::Bundle::read(page, 1_000).expect("a Bundle");
    /// assert_eq!((page.entries[0].id.as_deref(), page.link("next")), (Some("P1"), Some("http://x/?p=2")));
    /// ```
    pub fn read(text: &str, limit: usize) -> Option<Self> {
        if member(text, "resourceType")? != "\"Bundle\"" {
            return None;
        }
        let read = |key| member(text, key).and_then(|text| serde_json::from_str::<Value>(text).ok());
        let links = read("link").map(|links| links_of(&links)).unwrap_or_default();
        let mut bundle = Self {
            kind: read("type").and_then(|kind| kind.as_str().map(str::to_owned)),
            total: read("total").and_then(|total| total.as_u64()),
            links,
            ..Self::default()
        };
        bundle.cut(text.as_bytes(), limit);
        Some(bundle)
    }

    /// The address of a link.
    pub fn link(&self, relation: &str) -> Option<&str> {
        self.links.iter().find(|(known, _)| known == relation).map(|(_, url)| url.as_str())
    }

    fn cut(&mut self, text: &[u8], limit: usize) {
        let mut splitter = Splitter::new(limit);
        let mut at = 0;
        while at < text.len() {
            match splitter.feed(&text[at..]) {
                Ok(used) => at += used,
                Err(_) => {
                    self.is_broken = true;
                    return;
                }
            }
            if let Some(piece) = splitter.take() {
                // A Bundle without entries comes out whole: it is no entry of itself.
                if piece.listed {
                    self.take(&String::from_utf8_lossy(&piece.text), piece.oversize);
                }
            }
        }
        match splitter.finish() {
            Ok(Some(piece)) if piece.listed => self.take(&String::from_utf8_lossy(&piece.text), piece.oversize),
            Ok(_) => {}
            Err(_) => self.is_broken = true,
        }
    }

    fn take(&mut self, text: &str, oversize: bool) {
        let value = serde_json::from_str::<Value>(text).ok().filter(|_| !oversize);
        let Some(value) = value else {
            self.entries.push(Entry { raw: text.to_owned(), is_broken: true, ..Entry::default() });
            return;
        };
        let resource = value.get("resource").filter(|resource| !resource.is_null());
        let is_outcome =
            |resource: &Value| resource.get("resourceType").and_then(Value::as_str) == Some("OperationOutcome");
        match resource {
            Some(resource) if is_outcome(resource) => self.issues.extend(Issue::list(resource)),
            _ => self.entries.push(Entry::read(text, &value, resource)),
        }
    }
}

impl Entry {
    fn read(text: &str, entry: &Value, resource: Option<&Value>) -> Self {
        let words = |pointer: &str| entry.pointer(pointer).and_then(Value::as_str);
        let own = |key: &str| resource.and_then(|resource| resource.get(key)?.as_str()).map(str::to_owned);
        let place = words("/request/url").or_else(|| words("/fullUrl")).and_then(kind_and_id);
        let (kind, id) = place.unzip();
        let updated = resource.and_then(|resource| resource.pointer("/meta/lastUpdated")?.as_str());
        let is_gone = |status: &str| status.starts_with("204") || status.starts_with("410");
        let removed = words("/request/method") == Some("DELETE") || words("/response/status").is_some_and(is_gone);
        Self {
            raw: resource.and_then(|_| member(text, "resource")).unwrap_or_default().to_owned(),
            kind: own("resourceType").or(kind),
            id: own("id").or(id),
            last_updated: updated.or_else(|| words("/response/lastModified")).and_then(|time| time.parse().ok()),
            is_removal: resource.is_none() && removed,
            is_include: words("/search/mode") == Some("include"),
            is_broken: false,
        }
    }
}

/// Kind and id of an address: `Practitioner/P1`, with or without a version and whatever stands before.
fn kind_and_id(url: &str) -> Option<(String, String)> {
    let path = url.split(['?', '#']).next()?.split("/_history").next()?;
    let mut parts = path.rsplit('/');
    let (id, kind) = (parts.next()?, parts.next()?);
    let fits = !id.is_empty() && kind.starts_with(|c: char| c.is_ascii_uppercase());
    fits.then(|| (kind.to_owned(), id.to_owned()))
}

fn links_of(links: &Value) -> Vec<(String, String)> {
    let link = |link: &Value| {
        let text = |key| link.get(key).and_then(Value::as_str).map(str::to_owned);
        Some((text("relation")?, text("url")?))
    };
    links.as_array().map(|links| links.iter().filter_map(link).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"{"resourceType":"Bundle","type":"history","total":3,
      "link":[{"relation":"self","url":"http://x/Practitioner/_history?_since=2026"},{"relation":"next"}],
      "entry":[
        {"fullUrl":"http://x/Practitioner/P1","resource":{ "resourceType":"Practitioner","id":"P1","meta":{"lastUpdated":"2026-01-02T03:04:05Z"}, "x":1.50}},
        {"fullUrl":"http://x/Practitioner/P2","request":{"method":"DELETE","url":"Practitioner/P2"},"response":{"status":"204","lastModified":"2026-01-03T00:00:00Z"}},
        {"resource":{"resourceType":"Location","id":"L1"},"search":{"mode":"include"}},
        {"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"not-supported","diagnostics":"ignored"}]},"search":{"mode":"outcome"}},
        {"resource":{"resourceType":"Practitioner","id":"P3",}}
      ]}"#;

    #[test]
    fn entries_come_out_as_received() {
        let page = Bundle::read(PAGE, 10_000).unwrap();
        assert_eq!((page.kind.as_deref(), page.total, page.link("next")), (Some("history"), Some(3), None));
        let first = &page.entries[0];
        assert!(first.raw.starts_with("{ \"resourceType\"") && first.raw.ends_with("\"x\":1.50}"), "{}", first.raw);
        assert_eq!(first.last_updated, "2026-01-02T03:04:05Z".parse().ok());
        let gone = &page.entries[1];
        assert!(gone.is_removal && gone.raw.is_empty());
        assert_eq!((gone.kind.as_deref(), gone.id.as_deref()), (Some("Practitioner"), Some("P2")));
        assert!(page.entries[2].is_include && page.entries[3].is_broken);
        assert_eq!((page.entries.len(), page.issues.len(), page.is_broken), (4, 1, false));
    }

    #[test]
    fn a_page_that_breaks_off_gives_what_came_before() {
        let at = PAGE.find("{\"resource\":{\"resourceType\":\"Location\"").unwrap();
        let page = Bundle::read(&PAGE[..at + 20], 10_000).unwrap();
        assert_eq!((page.entries.len(), page.is_broken), (2, true));
        assert!(page.link("self").is_some());
    }

    #[test]
    fn no_entries_and_no_bundle() {
        for empty in [r#"{"resourceType":"Bundle","type":"searchset"}"#, r#"{"resourceType":"Bundle","entry":[]}"#] {
            assert_eq!(Bundle::read(empty, 1_000).map(|page| page.entries.len()), Some(0));
        }
        assert_eq!(Bundle::read(r#"{"resourceType":"OperationOutcome"}"#, 1_000), None);
        assert_eq!(Bundle::read("<html>", 1_000), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*", tail in "[\\[\\]{}\",:\\\\a1 ]*") {
            let _ = Bundle::read(&text, 50);
            let _ = Bundle::read(&format!("{{\"resourceType\":\"Bundle\",\"entry\":[{tail}"), 50);
        }
    }
}
