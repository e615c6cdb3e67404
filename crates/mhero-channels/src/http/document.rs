//! What gateways bring, in whatever they write it: a form, JSON, XML. A value is found by its path.

use mhero_app::ports::{Call, CallRefused};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use serde_json::Value;

use super::form::Pairs;

/// Deepest nesting of elements.
const DEPTH_MAX: usize = 32;
/// Most elements of one document.
const ELEMENTS_MAX: usize = 2_000;
/// Most things that one call may bring.
const ITEMS_MAX: usize = 500;

/// Something that a gateway brought.
pub(crate) enum Document {
    /// A form.
    Form(Pairs),
    /// JSON.
    Json(Value),
    /// XML.
    Xml(Element),
    /// Lines of no known form.
    Text,
}

/// An element of an XML document; prefixes of names are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Document {
    /// Reads the body of a call by its type, or by how it begins. Without a body it is the query.
    pub(crate) fn of_call(call: &Call<'_>) -> Result<Self, CallRefused> {
        let kind = call.header("content-type").unwrap_or_default().to_ascii_lowercase();
        let begins = call.body.iter().find(|byte| !byte.is_ascii_whitespace());
        let unreadable = CallRefused::Unreadable("the body can't be read as what its type says");
        let is_form = kind.contains("form-urlencoded");
        match begins {
            Some(b'{' | b'[') if !is_form => serde_json::from_slice(call.body).map(Self::Json).map_err(|_| unreadable),
            Some(b'<') if !is_form => {
                Element::read(&String::from_utf8_lossy(call.body)).map(Self::Xml).ok_or(unreadable)
            }
            _ if kind.contains("json") || kind.contains("xml") => match begins {
                None => Ok(Self::Form(Pairs::read(call.query.as_bytes(), b""))),
                Some(_) => Err(unreadable),
            },
            _ => Ok(Self::Form(Pairs::read(call.query.as_bytes(), call.form()))),
        }
    }

    /// Reads an answer by how it begins.
    pub(crate) fn of_answer(text: &str) -> Self {
        let trimmed = text.trim_start();
        if trimmed.starts_with(['{', '[']) {
            return serde_json::from_str(trimmed).map_or(Self::Text, Self::Json);
        }
        if trimmed.starts_with('<') {
            return Element::read(trimmed).map_or(Self::Text, Self::Xml);
        }
        let is_form = !trimmed.contains(char::is_whitespace) && trimmed.contains('=');
        if is_form { Self::Form(Pairs::read(trimmed.as_bytes(), b"")) } else { Self::Text }
    }

    /// The value at a path: `results.0.id` in JSON, `/all/item/@id`, `//id` or `item/id` in XML, a key in a form. Nothing where
    /// it is empty, or no single value.
    pub(crate) fn get(&self, path: &str) -> Option<String> {
        let found = match self {
            Self::Form(pairs) => pairs.text(&[path]).map(ToOwned::to_owned),
            Self::Json(json) => scalar(walk(json, path)?),
            Self::Xml(root) => root.at(path),
            Self::Text => None,
        };
        found.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The text at a path, as it was written; an empty one is one too.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        match self {
            Self::Form(pairs) => pairs.bytes(&[path]).map(|bytes| String::from_utf8_lossy(bytes).into_owned()),
            Self::Json(json) => walk(json, path).and_then(scalar),
            Self::Xml(root) => root.at(path),
            Self::Text => None,
        }
    }

    /// The documents of a list; the document itself where there is no such list. At most 500.
    pub(crate) fn each(self, path: Option<&str>) -> Vec<Self> {
        let Some(path) = path else { return vec![self] };
        match &self {
            Self::Json(json) => match walk(json, path) {
                Some(Value::Array(items)) => items.iter().take(ITEMS_MAX).cloned().map(Self::Json).collect(),
                Some(Value::Null) | None => Vec::new(),
                Some(one) => vec![Self::Json(one.clone())],
            },
            Self::Xml(root) => root.all(path).into_iter().take(ITEMS_MAX).cloned().map(Self::Xml).collect(),
            Self::Form(_) | Self::Text => vec![self],
        }
    }
}

/// What stands at a path of keys and places, with dots between.
pub(crate) fn walk<'a>(json: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').filter(|step| !step.is_empty()).try_fold(json, |json, step| match json {
        Value::Object(map) => map.get(step),
        Value::Array(list) => list.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// A single value as text.
pub(crate) fn scalar(json: &Value) -> Option<String> {
    match json {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is_true) => Some(is_true.to_string()),
        _ => None,
    }
}

impl Element {
    /// Reads a document; nothing where it is none, is too deep or too large, or brings definitions of its own.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let (mut open, mut root, mut count) = (Vec::<Self>::new(), None::<Self>, 0);
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) => {
                    count += 1;
                    if count > ELEMENTS_MAX || open.len() >= DEPTH_MAX || root.is_some() {
                        return None;
                    }
                    let name = start.local_name().into_inner().to_owned();
                    open.push(Self { name, attributes: attributes(&start), ..Self::default() });
                }
                Event::End(_) => {
                    let done = open.pop()?;
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => root = Some(done),
                    }
                }
                Event::Text(text) => push(&mut open, &text.into_inner()),
                Event::CData(text) => push(&mut open, &text.into_inner()),
                Event::GeneralRef(name) => push(&mut open, &unescaped(&format!("&{};", &*name))),
                Event::DocType(_) => return None,
                Event::Eof => return root.filter(|_| open.is_empty()),
                _ => {}
            }
        }
    }

    /// The text of the first element, or the attribute, at a path.
    fn at(&self, path: &str) -> Option<String> {
        match path.rsplit_once('@') {
            Some((elements, attribute)) => self.all(elements.trim_end_matches('/')).into_iter().find_map(|element| {
                element.attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| value.clone())
            }),
            None => self.all(path).first().map(|element| element.words()),
        }
    }

    /// The elements at a path: `/a/b` from the outermost, `//b` anywhere, `b/c` below this one or from it.
    fn all(&self, path: &str) -> Vec<&Self> {
        let path = path.trim().trim_end_matches("/text()");
        if let Some(anywhere) = path.strip_prefix("//") {
            let (first, rest) = anywhere.split_once('/').unwrap_or((anywhere, ""));
            let mut found = Vec::new();
            self.named(local(first), &mut found);
            return found.into_iter().flat_map(|element| element.below(rest)).collect();
        }
        if let Some(from_root) = path.strip_prefix('/') {
            let (first, rest) = from_root.split_once('/').unwrap_or((from_root, ""));
            return if local(first) == self.name { self.below(rest) } else { Vec::new() };
        }
        self.below(path)
    }

    fn below(&self, path: &str) -> Vec<&Self> {
        path.split('/').filter(|step| !step.is_empty()).fold(vec![self], |found, step| {
            found.into_iter().flat_map(|one| one.children.iter().filter(|child| child.name == local(step))).collect()
        })
    }

    fn named<'a>(&'a self, name: &str, found: &mut Vec<&'a Self>) {
        if self.name == name {
            found.push(self);
        }
        for child in &self.children {
            child.named(name, found);
        }
    }

    fn words(&self) -> String {
        self.children.iter().fold(self.text.clone(), |text, child| text + &child.words())
    }
}

fn attributes(start: &BytesStart<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for attribute in start.attributes().with_checks(false).filter_map(Result::ok).take(ITEMS_MAX) {
        found.push((attribute.key.local_name().into_inner().to_owned(), unescaped(&attribute.value)));
    }
    found
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), |plain| plain.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_in_json_by_their_path() {
        let document = Document::of_answer(r#"{"results":[{"id":7,"text":" x ","none":null},{"id":"8"}],"ok":true}"#);
        assert_eq!(document.get("results.0.id").as_deref(), Some("7"));
        assert_eq!(document.get("results.1.id").as_deref(), Some("8"));
        assert_eq!(document.text("results.0.text").as_deref(), Some(" x "));
        assert_eq!(document.get("ok").as_deref(), Some("true"));
        for nothing in ["results", "results.2.id", "results.0.none", "results.x", ""] {
            assert_eq!(document.get(nothing), None, "{nothing}");
        }
        let ids: Vec<_> = document.each(Some("results")).iter().filter_map(|item| item.get("id")).collect();
        assert_eq!(ids, ["7", "8"]);
    }

    #[test]
    fn values_are_found_in_xml_by_their_path() {
        let text = r#"<?xml version="1.0"?><s:msgs xmlns:s="u"><msg id="1"><from>+231</from><text>a &amp; b<![CDATA[ <c>]]>
            </text></msg><msg id="2"/></s:msgs>"#;
        let document = Document::of_answer(text);
        assert_eq!(document.get("//from").as_deref(), Some("+231"));
        assert_eq!(document.get("/msgs/msg/text/text()").as_deref(), Some("a & b <c>"));
        assert_eq!(document.get("/s:msgs/msg/@id").as_deref(), Some("1"));
        assert_eq!(document.get("msg/from").as_deref(), Some("+231"));
        assert_eq!(document.get("/other/from"), None);
        let ids: Vec<_> = document.each(Some("//msg")).iter().filter_map(|item| item.get("@id")).collect();
        assert_eq!(ids, ["1", "2"]);
    }

    #[test]
    fn what_is_broken_or_a_bomb_is_no_document() {
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        let wide = format!("<r>{}</r>", "<a/>".repeat(5_000));
        for bad in ["<a>", "<a></b>", "<a/><b/>", "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", &deep, &wide] {
            assert!(Element::read(bad).is_none(), "{}", &bad[..bad.len().min(40)]);
        }
        assert!(matches!(Document::of_answer(&"[".repeat(100_000)), Document::Text));
        assert!(matches!(Document::of_answer("Sent."), Document::Text));
    }
}
