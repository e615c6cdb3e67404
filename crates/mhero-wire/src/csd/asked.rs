//! What clients ask a directory for, and the envelopes of its answers: ITI-73 (Find Matching Services) and ITI-74 (Query for Updated
//! Services), in SOAP or not.

use jiff::Timestamp;

use super::{
    CsdError, Element, Kind, NAMESPACE,
    element::escaped,
    reader::SOAP,
    view::{id_of, instant},
};

/// The namespaces of WS-Addressing that are read; the first is written.
const ADDRESSING: [&str; 2] =
    ["http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing"];

/// The envelope that a request came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Soap {
    /// The namespace of its version.
    space: String,
    /// Its `MessageID`, to which the answer relates.
    message: Option<String>,
    /// A header that must be understood and is not known here.
    unknown: Option<String>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The envelope, where it came in one.
    pub soap: Option<Soap>,
    /// What is asked.
    pub question: Question,
}

/// What a request asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// A stored function.
    Function {
        /// Its name.
        urn: String,
        /// Whether the answer stands in a `careServicesResponse`.
        encapsulated: bool,
        /// Its parameters.
        parameters: Element,
    },
    /// The parameters of a function that the address names.
    Parameters(Element),
    /// A program of its own, in `XQuery`.
    Expression,
    /// What changed at or after an instant.
    Updates(Timestamp),
}

impl Asked {
    /// Reads a request.
    ///
    /// # Errors
    /// [`CsdError`] for what is no well-formed request.
    ///
    /// ```
    /// use mhero_wire::csd::{Asked, Question};
    /// let text = br#"<careServicesRequest xmlns="urn:ihe:iti:csd:2013"><function urn="urn:x"><requestParams/></function></careServicesRequest>"#;
    /// let asked = Asked::read(text).expect("a request");
    /// assert!(matches!(asked.question, Question::Function { ref urn, encapsulated: false, .. } if urn == "urn:x"));
    /// ```
    pub fn read(bytes: &[u8]) -> Result<Self, CsdError> {
        let root = Element::of_document(bytes)?;
        if root.name != "Envelope" || !SOAP.contains(&root.space.as_ref()) {
            return Ok(Self { soap: None, question: question(&root)? });
        }
        let part = |name: &str| root.elements().find(|own| own.name == name && own.space == root.space);
        let headers: Vec<&Element> = part("Header").map(|header| header.elements().collect()).unwrap_or_default();
        let is_addressing = |own: &&Element| ADDRESSING.contains(&own.space.as_ref());
        let message = headers.iter().copied().filter(is_addressing).find(|own| own.name == "MessageID");
        let must = |own: &Element| {
            let said = own.attributes.iter().find(|at| at.name == "mustUnderstand" && at.space == root.space);
            said.is_some_and(|said| matches!(said.value.trim(), "1" | "true"))
        };
        let unknown = headers.iter().copied().find(|own| must(own) && !is_addressing(own));
        let soap = Soap {
            space: root.space.clone().into_owned(),
            message: message.and_then(Element::words),
            unknown: unknown.map(|own| own.name.clone()),
        };
        let inside = part("Body").and_then(|body| body.elements().next());
        let inside = inside.ok_or_else(|| CsdError::NotCsd { root: "Envelope".to_owned() })?;
        Ok(Self { soap: Some(soap), question: question(inside)? })
    }
}

fn question(root: &Element) -> Result<Question, CsdError> {
    match root.name.as_str() {
        name @ ("careServicesRequest" | "requestParams" | "getModificationsRequest") if root.space != NAMESPACE => {
            Err(CsdError::Namespace { root: name.to_owned(), found: root.space.clone().into_owned() })
        }
        "requestParams" => Ok(Question::Parameters(root.clone())),
        // What can't be read asks for everything, as it always did.
        "getModificationsRequest" => {
            let since = root.words_of("lastModified").and_then(|text| instant(&text));
            Ok(Question::Updates(since.unwrap_or(Timestamp::UNIX_EPOCH)))
        }
        "careServicesRequest" => match (root.first("function"), root.first("expression")) {
            (Some(function), _) => Ok(Question::Function {
                urn: function.attribute("urn").or_else(|| function.attribute("uuid")).unwrap_or_default().to_owned(),
                encapsulated: matches!(function.attribute("encapsulated"), Some("true" | "1")),
                parameters: function.first("requestParams").cloned().unwrap_or_else(|| Element::new("requestParams")),
            }),
            (None, Some(_)) => Ok(Question::Expression),
            (None, None) => Err(CsdError::NotCsd { root: "careServicesRequest without a function".to_owned() }),
        },
        other => Err(CsdError::NotCsd { root: other.to_owned() }),
    }
}

impl Soap {
    /// The header that must be understood and is not known here.
    pub fn unknown(&self) -> Option<&str> {
        self.unknown.as_deref()
    }

    /// The media type of answers in this version.
    pub fn media_type(&self) -> &'static str {
        if self.space == SOAP[0] { "application/soap+xml; charset=utf-8" } else { "text/xml; charset=utf-8" }
    }

    /// An answer in its envelope. `body` is XML without a declaration; `action` what it does in the words of CSD.
    pub fn envelope(&self, action: &str, message: &str, body: &str) -> String {
        let relates =
            self.message.as_deref().map(|own| format!("<wsa:RelatesTo>{}</wsa:RelatesTo>", escaped(own, false)));
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soap:Envelope xmlns:soap=\"{}\" xmlns:wsa=\"{}\"><soap:Header>\
             <wsa:Action>{}</wsa:Action><wsa:MessageID>{}</wsa:MessageID>{}</soap:Header><soap:Body>{body}</soap:Body></soap:Envelope>\n",
            self.space,
            ADDRESSING[0],
            escaped(action, false),
            escaped(message, false),
            relates.unwrap_or_default(),
        )
    }

    /// A fault of the sender, or of ours, in this version's own shape.
    pub fn fault(&self, is_ours: bool, why: &str) -> String {
        let why = escaped(why, false);
        let (open, close) = (
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soap:Envelope xmlns:soap=\"{}\"><soap:Body>",
                self.space
            ),
            "</soap:Body></soap:Envelope>\n",
        );
        let new = ["soap:Sender", "soap:Receiver"];
        let old = ["soap:Client", "soap:Server"];
        let at = usize::from(is_ours);
        let fault = if self.space == SOAP[0] {
            let code = if self.unknown.is_some() && !is_ours { "soap:MustUnderstand" } else { new[at] };
            format!(
                "<soap:Fault><soap:Code><soap:Value>{code}</soap:Value></soap:Code><soap:Reason>\
                 <soap:Text xml:lang=\"en\">{why}</soap:Text></soap:Reason></soap:Fault>"
            )
        } else {
            let code = old[at];
            format!("<soap:Fault><faultcode>{code}</faultcode><faultstring>{why}</faultstring></soap:Fault>")
        };
        format!("{open}{fault}{close}")
    }
}

/// What a search function is asked to find, read out of its parameters. What is not asked for is not restricted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sought {
    /// The entity of this id, in small letters.
    pub id: Option<String>,
    /// Code, authority and value of another id.
    pub other_id: Option<(Option<String>, Option<String>, Option<String>)>,
    /// What the name has in it, in small letters.
    pub name: Option<String>,
    /// Code and scheme of a type.
    pub coded: Option<(Option<String>, Option<String>)>,
    /// Component and words of lines of the address.
    pub address: Vec<(Option<String>, String)>,
    /// The status of the record.
    pub status: Option<String>,
    /// Changed at or after.
    pub since: Option<Timestamp>,
    /// The facility at which somebody works.
    pub facility: Option<String>,
    /// The organisation to which it belongs.
    pub organization: Option<String>,
    /// The code of a language.
    pub language: Option<String>,
    /// From this one on, counted from 1.
    pub start: u64,
    /// How many at most; `None` for all.
    pub max: Option<u64>,
}

impl Sought {
    /// Reads the parameters of a search.
    ///
    /// # Errors
    /// The parameter that is not known, or can't be read, with what would be right.
    pub fn read(parameters: &Element) -> Result<Self, String> {
        let mut sought = Self { start: 1, ..Self::default() };
        for parameter in parameters.elements() {
            sought.take(parameter)?;
        }
        Ok(sought)
    }

    fn take(&mut self, own: &Element) -> Result<(), String> {
        let attribute = |name: &str| own.attribute(name).map(str::to_owned);
        let held = |name: &'static str| own.first(name).and_then(id_of);
        match own.name.as_str() {
            "id" => self.id = id_of(own).or_else(|| own.words().map(|id| id.to_lowercase())),
            "otherID" => {
                let asked = (attribute("code"), attribute("assigningAuthorityName"), own.words());
                self.other_id = (asked != (None, None, None)).then_some(asked);
            }
            "commonName" | "primaryName" | "name" => self.name = own.words().map(|name| name.to_lowercase()),
            "codedType" | "type" => {
                let asked = (attribute("code"), attribute("codingScheme"));
                self.coded = (asked != (None, None)).then_some(asked);
            }
            "cadre" => self.coded = own.words().or_else(|| attribute("code")).map(|code| (Some(code), None)),
            "address" => {
                let lines = own.children("addressLine");
                let line = |line: &Element| Some((line.attribute("component").map(str::to_owned), line.words()?));
                self.address = lines.filter_map(line).collect();
            }
            "record" => {
                self.status = attribute("status");
                if let Some(text) = own.attribute("updated") {
                    let since = instant(text);
                    self.since =
                        Some(since.ok_or_else(|| {
                            format!("record/@updated “{text}” is no moment: write 2015-01-01T00:00:00Z")
                        })?);
                }
            }
            "facilities" => self.facility = held("facility"),
            "organizations" => self.organization = held("organization"),
            "parent" => self.organization = id_of(own),
            "language" => self.language = attribute("code").or_else(|| own.words()),
            "start" => self.start = number(own)?.and_then(|n| u64::try_from(n).ok()).unwrap_or(1).max(1),
            "max" => self.max = number(own)?.and_then(|n| u64::try_from(n).ok()),
            other if own.content.is_empty() && own.attributes.is_empty() => {
                let _ = other;
            }
            other => {
                return Err(format!(
                    "the parameter “{}” is not known: id, otherID, commonName, primaryName, codedType, cadre, address, record, \
                     facilities, organizations, parent, language, start, max",
                    other.chars().take(40).collect::<String>()
                ));
            }
        }
        Ok(())
    }

    /// Whether an entity is one of those that are sought. The page (`start`, `max`) is not looked at.
    pub fn fits(&self, kind: Kind, entity: &Element) -> bool {
        let is = |own: Option<&str>, asked: &Option<String>| {
            asked.as_deref().is_none_or(|asked| own.is_some_and(|own| own.eq_ignore_ascii_case(asked)))
        };
        let has = |holder: &'static str, name: &'static str, asked: &Option<String>| {
            asked.as_deref().is_none_or(|asked| {
                let held = entity.first(holder);
                held.is_some_and(|held| held.children(name).any(|own| id_of(own).as_deref() == Some(asked)))
            })
        };
        let in_organization = match kind {
            Kind::Organization => {
                let above = entity.first("parent").and_then(id_of);
                self.organization.is_none() || self.organization == above
            }
            _ => has("organizations", "organization", &self.organization),
        };
        let record = entity.first("record");
        let updated = || record.and_then(|own| own.attribute("updated")).and_then(instant);
        self.id.as_ref().is_none_or(|id| id_of(entity).as_ref() == Some(id))
            && self.other_id.as_ref().is_none_or(|(code, authority, value)| {
                entity.children("otherID").any(|own| {
                    let words = own.words();
                    is(own.attribute("code"), code)
                        && is(own.attribute("assigningAuthorityName"), authority)
                        && is(words.as_deref(), value)
                })
            })
            && self.fits_name(entity)
            && self.coded.as_ref().is_none_or(|(code, scheme)| {
                let mut types = entity.children("codedType");
                types.any(|own| is(own.attribute("code"), code) && is(own.attribute("codingScheme"), scheme))
            })
            && self.fits_address(entity)
            && is(record.and_then(|own| own.attribute("status")), &self.status)
            // One whose date can't be read is always told.
            && self.since.is_none_or(|since| updated().is_none_or(|updated| updated >= since))
            && has("facilities", "facility", &self.facility)
            && in_organization
            && (self.language.is_none()
                || entity.children("language").any(|own| is(own.attribute("code"), &self.language)))
    }

    fn fits_name(&self, entity: &Element) -> bool {
        let Some(asked) = &self.name else { return true };
        let of_person = entity.first("demographic").into_iter().flat_map(|own| own.children("name"));
        let common = of_person.flat_map(|name| name.children("commonName"));
        let names = common.chain(entity.children("primaryName")).chain(entity.children("otherName"));
        names.filter_map(Element::words).any(|name| name.to_lowercase().contains(asked))
    }

    fn fits_address(&self, entity: &Element) -> bool {
        let holder = entity.first("demographic").unwrap_or(entity);
        self.address.iter().all(|(component, words)| {
            let words = words.to_lowercase();
            let mut lines = holder.children("address").flat_map(|address| address.children("addressLine"));
            lines.any(|line| {
                let same = component.as_deref().is_none_or(|asked| line.attribute("component") == Some(asked));
                same && line.words().is_some_and(|own| own.to_lowercase().contains(&words))
            })
        })
    }

    /// Whether only the page and what a store looks up by itself is asked for.
    pub fn is_plain(&self) -> bool {
        self.name.is_none()
            && self.coded.is_none()
            && self.address.is_empty()
            && self.status.is_none()
            && self.organization.is_none()
            && self.language.is_none()
            && self.other_id.is_none()
    }
}

fn number(own: &Element) -> Result<Option<i64>, String> {
    let Some(text) = own.words() else { return Ok(None) };
    text.parse()
        .map(Some)
        .map_err(|_| format!("{} “{}” is no whole number", own.name, text.chars().take(40).collect::<String>()))
}
