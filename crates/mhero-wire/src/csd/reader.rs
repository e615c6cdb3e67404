//! One entity after the other out of a document of any size, in bounded memory.
//!
//! The directories may stand in any order and inside what carries them: a SOAP envelope, a `careServicesResponse`. A directory or
//! an entity alone is read too.

use std::{
    borrow::Cow,
    collections::VecDeque,
    io::{self, BufRead, Read},
};

use mhero_core::limits::IMPORT_RECORD_BYTES_MAX;
use quick_xml::{
    NsReader,
    errors::SyntaxError,
    events::{BytesStart, Event},
    name::ResolveResult,
};

use super::{
    Attribute, CsdError, Element, Kind, NAMESPACE, Node,
    element::{character, space, unescaped},
    error::excerpt,
};

/// Deepest nesting of elements.
const DEPTH_MAX: usize = 64;
/// Most attributes of one element.
const ATTRIBUTES_MAX: usize = 256;
/// Largest piece of markup or text between two others, in bytes.
const PIECE_BYTES_MAX: usize = IMPORT_RECORD_BYTES_MAX;
/// Least that an element takes in memory, in bytes: thousands of empty ones are large too.
const ELEMENT_BYTES: usize = 128;
/// The namespaces of SOAP 1.2 and 1.1.
pub(super) const SOAP: [&str; 2] =
    ["http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/soap/envelope/"];

/// An entity as it stands in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// What it is.
    pub kind: Kind,
    /// The line in which it begins, from 1.
    pub line: u64,
    /// The entity.
    pub element: Element,
}

/// What comes out of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An entity.
    Entity(Entity),
    /// An entity larger than a record may be; it was passed over.
    Oversize {
        /// What it is.
        kind: Kind,
        /// The line in which it begins.
        line: u64,
    },
}

/// The entities of a document, read one by one. Ends after the first error.
///
/// ```
/// use mhero_wire::csd::{Entities, Item};
/// let text = r#"<c:CSD xmlns:c="urn:ihe:iti:csd:2013"><c:providerDirectory>
///   <c:provider entityID="urn:uuid:1"/></c:providerDirectory></c:CSD>"#;
/// let items: Vec<_> = Entities::new(text.as_bytes()).map(|item| item.expect("well-formed")).collect();
/// let Item::Entity(entity) = &items[0] else { unreachable!() };
/// assert_eq!((entity.line, entity.element.attribute("entityID")), (2, Some("urn:uuid:1")));
/// ```
pub struct Entities<R> {
    reader: NsReader<Counted<R>>,
    buffer: Vec<u8>,
    /// Open elements outside entities: namespace and name.
    path: Vec<(Cow<'static, str>, String)>,
    is_csd: bool,
    is_over: bool,
    done: bool,
}

impl<R: BufRead> Entities<R> {
    /// Reads from UTF-8; a byte order mark may stand before.
    pub fn new(source: R) -> Self {
        let mut reader = NsReader::from_reader(Counted { source, left: PIECE_BYTES_MAX, lines: 0 });
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        // The oldest synchronisation writes names without escaping their ampersands.
        config.allow_dangling_amp = true;
        Self { reader, buffer: Vec::new(), path: Vec::new(), is_csd: false, is_over: false, done: false }
    }

    fn line(&self) -> u64 {
        self.reader.get_ref().lines + 1
    }

    /// The next piece, with its namespace where it opens an element.
    fn piece(&mut self) -> Result<Piece, CsdError> {
        self.buffer.clear();
        self.reader.get_mut().left = PIECE_BYTES_MAX;
        let line = self.line();
        let read = self.reader.read_resolved_event_into(&mut self.buffer);
        let (resolved, event) = match read {
            Ok(read) => read,
            Err(error) => return Err(explain(error, self.line())),
        };
        let uri = match resolved {
            ResolveResult::Bound(found) => space(found.0),
            ResolveResult::Unbound => Cow::Borrowed(""),
            ResolveResult::Unknown(prefix) => {
                return Err(CsdError::Broken {
                    line,
                    detail: format!("the prefix {} is not declared", excerpt(&prefix)),
                });
            }
        };
        Ok(match event {
            Event::Start(start) | Event::Empty(start) => {
                let element = open(&self.reader, &start, uri, line)?;
                // White space before the element was read as a piece of its own.
                Piece::Open(element, line)
            }
            Event::End(_) => Piece::Close,
            Event::Text(text) => Piece::Text(unix_lines(text.into_inner().into_owned())),
            Event::CData(text) => Piece::Text(text.into_inner().into_owned()),
            Event::GeneralRef(name) => Piece::Text(match character(&name) {
                Some(c) => c.to_string(),
                None => format!("&{};", &*name),
            }),
            Event::DocType(_) => return Err(CsdError::DocumentType { line }),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => Piece::Nothing,
            Event::Eof => Piece::End,
        })
    }

    fn advance(&mut self) -> Result<Option<Item>, CsdError> {
        loop {
            let line = self.line();
            match self.piece()? {
                Piece::Open(element, line) => {
                    if let Some(item) = self.opened(element, line)? {
                        return Ok(Some(item));
                    }
                }
                Piece::Close => {
                    self.path.pop();
                    self.is_over = self.path.is_empty();
                }
                Piece::Text(text) if self.path.is_empty() && !text.trim().is_empty() => {
                    return Err(CsdError::Broken { line, detail: "text outside the document".to_owned() });
                }
                Piece::Text(_) | Piece::Nothing => {}
                Piece::End if !self.path.is_empty() || !self.is_over => return Err(CsdError::EndsEarly { line }),
                Piece::End if !self.is_csd => return Err(CsdError::NotCsd { root: "Envelope".to_owned() }),
                Piece::End => return Ok(None),
            }
        }
    }

    /// Judges an element that opened outside entities.
    fn opened(&mut self, element: Element, line: u64) -> Result<Option<Item>, CsdError> {
        if self.is_over {
            return Err(CsdError::Broken { line, detail: "a second document".to_owned() });
        }
        if self.path.is_empty() {
            judge_root(&element)?;
        }
        if is_fault(&element, self.path.last()) {
            let (whole, _) = self.whole(element)?;
            return Err(CsdError::Fault { text: whole.map(|whole| fault_text(&whole)).unwrap_or_default() });
        }
        let kind = Kind::of(&element.name).filter(|kind| {
            let holder = self.path.last();
            let is_held = |(uri, name): &(Cow<'static, str>, String)| uri == NAMESPACE && name == kind.directory();
            element.space == NAMESPACE && holder.is_none_or(is_held)
        });
        let Some(kind) = kind else {
            let is_directory = Kind::ALL.iter().any(|kind| element.is(kind.directory()));
            self.is_csd |= is_directory || element.is("CSD");
            if self.path.len() >= DEPTH_MAX {
                return Err(CsdError::TooLarge { line });
            }
            self.path.push((element.space, element.name));
            return Ok(None);
        };
        self.is_csd = true;
        let (whole, _) = self.whole(element)?;
        self.is_over = self.path.is_empty();
        Ok(Some(match whole {
            Some(element) => Item::Entity(Entity { kind, line, element }),
            None => Item::Oversize { kind, line },
        }))
    }

    /// Reads an element to its end. `None` when it is larger than a record may be.
    fn whole(&mut self, root: Element) -> Result<(Option<Element>, usize), CsdError> {
        let mut open = vec![root];
        let mut size = 0;
        loop {
            match self.piece()? {
                Piece::Open(element, line) => {
                    if open.len() >= DEPTH_MAX {
                        return Err(CsdError::TooLarge { line });
                    }
                    size += element.attributes.iter().map(|own| own.name.len() + own.value.len()).sum::<usize>();
                    size += element.name.len() + ELEMENT_BYTES;
                    open.push(element);
                }
                Piece::Close => {
                    let Some(mut closed) = open.pop() else { return Ok((None, size)) };
                    drop_indentation(&mut closed);
                    match open.last_mut() {
                        None => return Ok(((size <= IMPORT_RECORD_BYTES_MAX).then_some(closed), size)),
                        Some(parent) if size <= IMPORT_RECORD_BYTES_MAX => parent.content.push(Node::Element(closed)),
                        Some(_) => {}
                    }
                }
                Piece::Text(text) => {
                    size += text.len();
                    if size <= IMPORT_RECORD_BYTES_MAX {
                        add_text(open.last_mut(), text);
                    }
                }
                Piece::Nothing => {}
                Piece::End => return Err(CsdError::EndsEarly { line: self.line() }),
            }
        }
    }
}

impl<R: BufRead> Iterator for Entities<R> {
    type Item = Result<Item, CsdError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let next = self.advance().transpose();
        self.done = !matches!(next, Some(Ok(_)));
        next
    }
}

impl Element {
    /// Reads one entity that stands alone, as [`Element::to_xml`] writes it.
    ///
    /// # Errors
    /// As [`Entities`]; [`CsdError::NotCsd`] for a whole document.
    pub fn of_entity(text: &str) -> Result<Entity, CsdError> {
        let mut entities = Entities::new(text.as_bytes());
        let none = || CsdError::NotCsd { root: excerpt(text.trim_start().get(..20).unwrap_or_default()) };
        match entities.next() {
            Some(Ok(Item::Entity(entity))) => match entities.next() {
                None => Ok(entity),
                Some(Err(error)) => Err(error),
                Some(Ok(_)) => Err(none()),
            },
            Some(Ok(Item::Oversize { line, .. })) => Err(CsdError::TooLarge { line }),
            Some(Err(error)) => Err(error),
            None => Err(none()),
        }
    }
}

impl Element {
    /// Reads a whole small document, whatever its outermost element: a request, say.
    ///
    /// # Errors
    /// As [`Entities`]; [`CsdError::TooLarge`] for one larger than a record may be.
    pub fn of_document(bytes: &[u8]) -> Result<Self, CsdError> {
        let mut reader = Entities::new(bytes);
        let (root, line) = loop {
            let line = reader.line();
            match reader.piece()? {
                Piece::Open(element, line) => break (element, line),
                Piece::Text(text) if !text.trim().is_empty() => {
                    return Err(CsdError::Broken { line, detail: "text outside the document".to_owned() });
                }
                Piece::Text(_) | Piece::Nothing => {}
                Piece::Close | Piece::End => return Err(CsdError::EndsEarly { line }),
            }
        };
        let whole = reader.whole(root)?.0.ok_or(CsdError::TooLarge { line })?;
        loop {
            let line = reader.line();
            match reader.piece()? {
                Piece::End => return Ok(whole),
                Piece::Text(text) if text.trim().is_empty() => {}
                Piece::Nothing => {}
                _ => return Err(CsdError::Broken { line, detail: "a second document".to_owned() }),
            }
        }
    }
}

enum Piece {
    Open(Element, u64),
    Close,
    Text(String),
    Nothing,
    End,
}

/// An element as its opening mark tells it.
fn open<R>(
    reader: &NsReader<R>,
    start: &BytesStart<'_>,
    uri: Cow<'static, str>,
    line: u64,
) -> Result<Element, CsdError> {
    let mut attributes: Vec<Attribute> = Vec::new();
    for (count, attribute) in start.attributes().with_checks(false).enumerate() {
        let attribute = attribute.map_err(|error| CsdError::Broken { line, detail: error.to_string() })?;
        if count >= ATTRIBUTES_MAX {
            return Err(CsdError::TooLarge { line });
        }
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let (resolved, name) = reader.resolver().resolve_attribute(attribute.key);
        let uri = match resolved {
            ResolveResult::Bound(found) => space(found.0),
            _ => Cow::Borrowed(""),
        };
        let name = name.into_inner().to_owned();
        if attributes.iter().any(|own| own.name == name && own.space == uri) {
            return Err(CsdError::Broken { line, detail: "an attribute twice".to_owned() });
        }
        attributes.push(Attribute { space: uri, name, value: unescaped(&attribute.value).into_owned() });
    }
    let name = start.local_name().into_inner().to_owned();
    let is_name = |name: &str| name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{B7}');
    let names = attributes.iter().map(|own| own.name.as_str()).chain([name.as_str()]);
    if let Some(odd) = names.into_iter().find(|name| !is_name(name) || !name.chars().all(fits)) {
        return Err(CsdError::Broken { line, detail: format!("{} is no name", excerpt(odd)) });
    }
    Ok(Element { space: uri, name, attributes, content: Vec::new() })
}

/// Refuses a document that can't be of CSD by its outermost element.
fn judge_root(root: &Element) -> Result<(), CsdError> {
    const OURS: [&str; 3] = ["CSD", "careServicesResponse", "getModificationsResponse"];
    let ours = OURS.contains(&root.name.as_str())
        || Kind::ALL.iter().any(|kind| [kind.as_str(), kind.directory()].contains(&root.name.as_str()));
    let is_soap = root.name == "Envelope" && SOAP.contains(&root.space.as_ref());
    match (ours, root.space == NAMESPACE) {
        (true, true) => Ok(()),
        _ if is_soap => Ok(()),
        (true, false) => Err(CsdError::Namespace { root: excerpt(&root.name), found: excerpt(&root.space) }),
        (false, _) => Err(CsdError::NotCsd { root: excerpt(&root.name) }),
    }
}

fn is_fault(element: &Element, holder: Option<&(Cow<'static, str>, String)>) -> bool {
    let in_response = holder.is_some_and(|(uri, name)| uri == NAMESPACE && name == "careServicesResponse");
    (element.name == "Fault" && SOAP.contains(&element.space.as_ref())) || (in_response && element.is("error"))
}

/// What a fault says, of either version of SOAP: all its words.
fn fault_text(fault: &Element) -> String {
    let mut texts = VecDeque::from([fault]);
    let mut words: Vec<String> = Vec::new();
    while let Some(element) = texts.pop_front() {
        words.extend(element.words());
        texts.extend(element.elements());
    }
    let code = fault.attribute("code").map(str::to_owned);
    excerpt(&code.into_iter().chain(words).collect::<Vec<_>>().join(": "))
}

/// Takes away white space between elements; a text beside no element stays as it is.
fn drop_indentation(element: &mut Element) {
    if element.elements().next().is_some() {
        element.content.retain(|node| !matches!(node, Node::Text(text) if text.trim().is_empty()));
    }
}

/// Line ends as XML has them.
fn unix_lines(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

fn add_text(element: Option<&mut Element>, text: String) {
    let Some(element) = element else { return };
    match element.content.last_mut() {
        Some(Node::Text(before)) => before.push_str(&text),
        _ if text.is_empty() => {}
        _ => element.content.push(Node::Text(text)),
    }
}

fn explain(error: quick_xml::Error, line: u64) -> CsdError {
    match error {
        quick_xml::Error::Io(source) if source.kind() == io::ErrorKind::FileTooLarge => CsdError::TooLarge { line },
        quick_xml::Error::Io(source) => CsdError::Source(io::Error::from(source.kind())),
        quick_xml::Error::Syntax(error) if error != SyntaxError::InvalidBangMarkup => CsdError::EndsEarly { line },
        other => CsdError::Broken { line, detail: other.to_string() },
    }
}

/// A source that gives out no more than a piece may have, and counts its lines.
struct Counted<R> {
    source: R,
    left: usize,
    lines: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(into.len());
        into[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let available = self.source.fill_buf()?;
        if self.left == 0 && !available.is_empty() {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        let given = available.len().min(self.left);
        Ok(&available[..given])
    }

    fn consume(&mut self, amount: usize) {
        if let Ok(available) = self.source.fill_buf() {
            let used = &available[..amount.min(available.len())];
            self.lines += used.iter().filter(|byte| **byte == b'\n').count() as u64;
        }
        self.left = self.left.saturating_sub(amount);
        self.source.consume(amount);
    }
}
