//! A page of a list: `{"pager": {...}, "organisationUnits": [...]}`.

use serde_json::Value;

/// What an answer says about its pages. Every part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// The number of this page, from 1.
    pub page: Option<u64>,
    /// How many pages there are.
    pub pages: Option<u64>,
    /// How many objects there are on all pages.
    pub total: Option<u64>,
    /// How many objects a page has.
    pub size: Option<u64>,
    /// Whether the answer names a next page.
    pub names_next: bool,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// What it says about its pages; `None` where everything came at once.
    pub pager: Option<Pager>,
    /// The objects.
    pub items: Vec<Value>,
}

impl List {
    /// Reads a page of the objects that stand under `key`. `None` when there is no such list: the answer is something else.
    ///
    /// ```
    /// use mhero_wire::dhis2::List;
    /// let list = List::read(r#"{"pager":{"page":1,"pageCount":2},"users":[{"id":"a"}]}"#, "users").expect("a list");
    /// assert!(list.has_more(1, 50) && list.items.len() == 1);
    /// ```
    pub fn read(text: &str, key: &str) -> Option<Self> {
        let mut answer: Value = serde_json::from_str(text).ok()?;
        let items = match answer.get_mut(key)?.take() {
            Value::Array(items) => items,
            _ => return None,
        };
        let pager = answer.get("pager").filter(|pager| pager.is_object()).or_else(|| {
            // Newer lists put the pager's members beside the objects.
            answer.get("pageCount").or_else(|| answer.get("pageSize")).map(|_| &answer)
        });
        Some(Self { pager: pager.map(pager_of), items })
    }

    /// Whether another page follows the page of this number, when `size` objects were asked for.
    pub fn has_more(&self, page: u64, size: u64) -> bool {
        match &self.pager {
            None => false,
            Some(Pager { pages: Some(pages), .. }) => page < *pages,
            Some(Pager { names_next: true, .. }) => true,
            Some(Pager { total: Some(total), size: own, .. }) => page.saturating_mul(own.unwrap_or(size)) < *total,
            Some(pager) => self.items.len() as u64 >= pager.size.unwrap_or(size).max(1),
        }
    }
}

fn pager_of(pager: &Value) -> Pager {
    let number = |key: &str| match pager.get(key)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    Pager {
        page: number("page"),
        pages: number("pageCount"),
        total: number("total"),
        size: number("pageSize"),
        names_next: pager.get("nextPage").is_some_and(|next| !next.is_null()),
    }
}
