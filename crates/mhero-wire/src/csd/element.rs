//! An element as it came, with names resolved to their namespaces.

use std::{borrow::Cow, fmt::Write};

use super::NAMESPACE;

/// The namespace of `xml:lang`.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// An element and all below it. White space between elements and comments are not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// The namespace; empty for none.
    pub space: Cow<'static, str>,
    /// The name without a prefix.
    pub name: String,
    /// The attributes, in the order they came.
    pub attributes: Vec<Attribute>,
    /// Texts and elements, in order.
    pub content: Vec<Node>,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The namespace; empty for none.
    pub space: Cow<'static, str>,
    /// The name without a prefix.
    pub name: String,
    /// The value.
    pub value: String,
}

/// What an element holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// A text.
    Text(String),
}

/// A namespace without a copy where it is the usual one.
pub(super) fn space(uri: &str) -> Cow<'static, str> {
    match uri {
        "" => Cow::Borrowed(""),
        NAMESPACE => Cow::Borrowed(NAMESPACE),
        XML => Cow::Borrowed(XML),
        other => Cow::Owned(other.to_owned()),
    }
}

impl Element {
    /// An empty element of CSD.
    pub fn new(name: &str) -> Self {
        Self { space: Cow::Borrowed(NAMESPACE), name: name.to_owned(), ..Self::default() }
    }

    /// The element with an attribute.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set_attribute(name, value);
        self
    }

    /// The element with a text at its end.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        if !text.is_empty() {
            self.content.push(Node::Text(text.to_owned()));
        }
        self
    }

    /// The element with another one at its end.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.content.push(Node::Element(child));
        self
    }

    /// The element with others at its end.
    #[must_use]
    pub fn all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.content.extend(children.into_iter().map(Node::Element));
        self
    }

    /// Whether it is this element of CSD.
    pub fn is(&self, name: &str) -> bool {
        self.name == name && self.space == NAMESPACE
    }

    /// The elements in it, of any namespace.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.content.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The CSD elements of a name in it.
    pub fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.elements().filter(move |element| element.is(name))
    }

    /// The first CSD element of a name in it.
    pub fn first<'a>(&'a self, name: &'a str) -> Option<&'a Self> {
        self.children(name).next()
    }

    /// The same, to be changed.
    pub fn first_mut(&mut self, name: &str) -> Option<&mut Self> {
        self.content.iter_mut().find_map(|node| match node {
            Node::Element(element) if element.is(name) => Some(element),
            _ => None,
        })
    }

    /// The first CSD element of a name in it, made where there is none.
    pub(super) fn first_or_new(&mut self, name: &str) -> &mut Self {
        let is_it = |node: &Node| matches!(node, Node::Element(element) if element.is(name));
        let at = self.content.iter().position(is_it).unwrap_or_else(|| {
            self.content.push(Node::Element(Self::new(name)));
            self.content.len() - 1
        });
        match &mut self.content[at] {
            Node::Element(element) => element,
            Node::Text(_) => unreachable!("found or made as an element"),
        }
    }

    /// The text in it without outer space; `None` when empty. Elements in it are passed over.
    pub fn words(&self) -> Option<String> {
        let mut text = String::new();
        for node in &self.content {
            if let Node::Text(part) = node {
                text.push_str(part);
            }
        }
        Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Replaces all that is in it by a text.
    pub fn set_words(&mut self, text: &str) {
        self.content = vec![Node::Text(text.to_owned())];
    }

    /// The words of the first CSD element of a name in it.
    pub fn words_of(&self, name: &str) -> Option<String> {
        self.first(name).and_then(Self::words)
    }

    /// The value of an attribute without a namespace, without outer space; `None` when empty.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|attribute| attribute.name == name && attribute.space.is_empty());
        found.map(|attribute| attribute.value.trim()).filter(|value| !value.is_empty())
    }

    /// The value of `xml:lang`.
    pub fn lang(&self) -> Option<&str> {
        self.attributes.iter().find(|own| own.name == "lang" && own.space == XML).map(|own| own.value.as_str())
    }

    /// Gives an attribute without a namespace a value.
    pub fn set_attribute(&mut self, name: &str, value: &str) {
        let there = self.attributes.iter_mut().find(|own| own.name == name && own.space.is_empty());
        match there {
            Some(own) => value.clone_into(&mut own.value),
            None => self.attributes.push(Attribute {
                space: Cow::Borrowed(""),
                name: name.to_owned(),
                value: value.to_owned(),
            }),
        }
    }

    /// The element as XML that stands alone: it declares the namespaces it needs. The same element gives the same text,
    /// whatever prefixes and white space it came with.
    pub fn to_xml(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, "");
        out
    }

    /// Writes the element where `default` is the namespace of names without a prefix.
    pub(super) fn write(&self, out: &mut String, default: &str) {
        out.push('<');
        out.push_str(&self.name);
        if self.space != default {
            let _ = write!(out, " xmlns=\"{}\"", escaped(&self.space, true));
        }
        let mut prefixes: Vec<&str> = Vec::new();
        for attribute in &self.attributes {
            let prefix = match attribute.space.as_ref() {
                "" => String::new(),
                XML => "xml:".to_owned(),
                other => {
                    let at = prefixes.iter().position(|known| *known == other).unwrap_or_else(|| {
                        let _ = write!(out, " xmlns:n{}=\"{}\"", prefixes.len(), escaped(other, true));
                        prefixes.push(other);
                        prefixes.len() - 1
                    });
                    format!("n{at}:")
                }
            };
            let _ = write!(out, " {prefix}{}=\"{}\"", attribute.name, escaped(&attribute.value, true));
        }
        if self.content.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for node in &self.content {
            match node {
                Node::Element(element) => element.write(out, &self.space),
                Node::Text(text) => out.push_str(&escaped(text, false)),
            }
        }
        let _ = write!(out, "</{}>", self.name);
    }
}

/// A text as it stands in XML. Characters that XML can't hold at all become the replacement character.
pub(super) fn escaped(text: &str, in_attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            // A reader makes spaces of these in attributes, and one line end of a carriage return anywhere.
            '\t' | '\n' if in_attribute => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(c),
            c if u32::from(c) < 0x20 || matches!(c, '\u{FFFE}' | '\u{FFFF}') => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// A text with its references resolved: the five of XML and characters by number. Others stay as written, since nothing declares
/// them.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // Longest reference: &#x10FFFF;
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| character(&rest[1..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character that a reference names.
pub(super) fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| u32::from(*c) >= 0x20 || matches!(c, '\t' | '\n' | '\r'))
        }
    }
}
