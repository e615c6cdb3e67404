//! The `div` of a narrative: XHTML that others show as it is, and that stands in XML as it is. It must therefore be whole, and may
//! only format: R4 allows some elements of HTML and no scripts, forms, frames or events (rule txt-1).

use std::borrow::Cow;

use quick_xml::{
    Reader, XmlVersion,
    escape::escape,
    events::{BytesStart, Event},
};

/// The namespace of XHTML.
const NAMESPACE: &str = "http://www.w3.org/1999/xhtml";
/// Elements within elements.
const DEPTH_MAX: usize = 100;
/// The elements that a narrative may have, in alphabetical order.
const ELEMENTS: [&str; 52] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
    "var",
];
/// Addresses that would run something.
const RUNNING: [&str; 2] = ["javascript:", "vbscript:"];
/// What keeps a text from being a narrative.
const NOT_ONE: &str = "a narrative is one div of XHTML";
const NOT_WHOLE: &str = "a narrative is whole XHTML: each element is ended, and & and < are written &amp; and &lt;";
const NOT_PLAIN: &str = "a narrative only formats: it has no script, form, frame, style sheet or event";

/// What is wrong with a narrative; `None` when others may show it.
///
/// ```
/// # use mhero_fhir::narrative::fault;
/// assert_eq!(fault(r#"<div xmlns="http://www.w3.org/1999/xhtml"><b>Ama</b> &amp; Béa</div>"#), None);
/// assert!(fault("<div><b>Ama</div>").is_some_and(|why| why.contains("each element is ended")));
/// assert!(fault("<div><script>x()</script></div>").is_some_and(|why| why.contains("no script")));
/// ```
pub fn fault(text: &str) -> Option<&'static str> {
    read(text).err()
}

/// The narrative as it stands in XML: as it came where it is one, else its letters as plain text.
pub(crate) fn in_xml(text: &str) -> Cow<'_, str> {
    match read(text) {
        Ok(Namespace::Said) => Cow::Borrowed(text),
        // In JSON some leave it out.
        Ok(Namespace::Meant) => Cow::Owned(text.replacen("<div", &format!(r#"<div xmlns="{NAMESPACE}""#), 1)),
        Err(_) => {
            let letters: String = text.chars().filter(|c| !c.is_control()).collect();
            Cow::Owned(format!(r#"<div xmlns="{NAMESPACE}">{}</div>"#, escape(letters)))
        }
    }
}

/// Whether a narrative says that it is XHTML.
enum Namespace {
    Said,
    Meant,
}

fn read(text: &str) -> Result<Namespace, &'static str> {
    if !text.starts_with("<div") || !text.ends_with("</div>") {
        return Err(NOT_ONE);
    }
    if text.chars().any(is_no_character) {
        return Err(NOT_WHOLE);
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let (mut depth, mut namespace) = (0, None);
    loop {
        let event = reader.read_event().map_err(|_| NOT_WHOLE)?;
        match event {
            Event::Start(_) | Event::Empty(_) if depth == 0 && namespace.is_some() => return Err(NOT_ONE),
            Event::Start(start) => {
                let said = element(&start)?;
                namespace.get_or_insert(said);
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err("a narrative has at most 100 elements within one another");
                }
            }
            Event::Empty(_) if depth == 0 => return Err(NOT_ONE),
            Event::Empty(start) => {
                element(&start)?;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::GeneralRef(name) => {
                let is_character =
                    name.resolve_char_ref().is_ok_and(|found| found.is_some_and(|c| !is_no_character(c)));
                let is_known = ["amp", "lt", "gt", "quot", "apos"].contains(&name.as_ref());
                if depth == 0 || !(is_character || is_known) {
                    return Err(NOT_WHOLE);
                }
            }
            Event::Text(_) | Event::Comment(_) if depth == 0 => return Err(NOT_ONE),
            Event::Text(_) | Event::Comment(_) => {}
            Event::CData(_) | Event::DocType(_) | Event::PI(_) | Event::Decl(_) => return Err(NOT_WHOLE),
            Event::Eof if depth == 0 => return namespace.ok_or(NOT_ONE),
            Event::Eof => return Err(NOT_WHOLE),
        }
    }
}

/// Whether XML has no way to write a character.
pub(crate) const fn is_no_character(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn element(start: &BytesStart<'_>) -> Result<Namespace, &'static str> {
    let name = start.name();
    if !ELEMENTS.contains(&name.as_ref()) {
        return Err(NOT_PLAIN);
    }
    let mut namespace = Namespace::Meant;
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| NOT_WHOLE)?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| NOT_WHOLE)?;
        let key: &str = attribute.key.as_ref();
        if attribute.value.contains('<') {
            return Err(NOT_WHOLE);
        }
        if key == "xmlns" {
            namespace = Namespace::Said;
            if value != NAMESPACE {
                return Err(NOT_ONE);
            }
        }
        let address: String = value.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
        let is_running = RUNNING.iter().any(|scheme| address.to_ascii_lowercase().starts_with(scheme));
        if key.to_ascii_lowercase().starts_with("on") || is_running {
            return Err(NOT_PLAIN);
        }
    }
    Ok(namespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_show_is_whole_and_only_formats() {
        let taken = [
            "<div>n</div>",
            r#"<div xmlns="http://www.w3.org/1999/xhtml"><p class="x">a<br/>b &#233; &lt;</p><!-- c --></div>"#,
            r#"<div><div>in</div><a href="Practitioner/P1">Ama</a><img src="data:image/png;base64,AA=="/></div>"#,
        ];
        for text in taken {
            assert_eq!(fault(text), None, "{text}");
        }
        let refused = [
            ("<p>n</p>", NOT_ONE),
            ("<div>a</div><div>b</div>", NOT_ONE),
            ("<div>a</div></text><active value='false'/><div></div>", NOT_WHOLE),
            (r#"<div xmlns="urn:x">n</div>"#, NOT_ONE),
            ("<divan>n</div>", NOT_WHOLE),
            ("<div><b>n</div>", NOT_WHOLE),
            ("<div>a & b</div>", NOT_WHOLE),
            ("<div>a&nbsp;b</div>", NOT_WHOLE),
            ("<div><!DOCTYPE x></div>", NOT_WHOLE),
            ("<div a='1' a='2'>n</div>", NOT_WHOLE),
            ("<div><script>x()</script></div>", NOT_PLAIN),
            ("<div><iframe src='x'></iframe></div>", NOT_PLAIN),
            ("<div><p onclick='x()'>n</p></div>", NOT_PLAIN),
            ("<div><a href=' java&#115;cript:x()'>n</a></div>", NOT_PLAIN),
        ];
        for (text, why) in refused {
            assert!(fault(text).is_some(), "{text}: {why}");
        }
        assert_eq!(fault("<div><script>x()</script></div>"), Some(NOT_PLAIN));
        assert!(fault(&format!("{}n{}", "<div>".repeat(101), "</div>".repeat(101))).is_some());
    }

    #[test]
    fn in_xml_it_stays_within_its_place() {
        let xml = |div: &str| {
            let location = serde_json::json!({
                "resourceType": "Location", "text": { "status": "generated", "div": div }, "status": "active",
            });
            crate::xml::to_xml(&location).expect("a location")
        };
        let smuggled = xml("<div></div></text><status value=\"inactive\"/><text><div></div>");
        assert_eq!(smuggled.matches("<status").count(), 2, "{smuggled}");
        let read = crate::xml::from_xml(&smuggled).expect("it is whole");
        assert_eq!(read["status"], "active", "{smuggled}");
        assert!(xml("<div>n</div>").contains(r#"<div xmlns="http://www.w3.org/1999/xhtml">n</div>"#));
    }
}
