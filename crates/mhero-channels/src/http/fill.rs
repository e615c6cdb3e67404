//! Templates of requests: `{{name}}` stands for a value, escaped for where it goes.

use super::form::encode;

/// How a value is written where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    /// In an address or a form.
    Form,
    /// In JSON, with its quotation marks.
    Json,
    /// In XML.
    Xml,
    /// As it is.
    Plain,
}

impl Escape {
    /// The one for a type of content.
    pub(crate) fn of(content_type: &str) -> Self {
        let kind = content_type.to_ascii_lowercase();
        if kind.contains("json") {
            Self::Json
        } else if kind.contains("xml") {
            Self::Xml
        } else if kind.contains("form-urlencoded") {
            Self::Form
        } else {
            Self::Plain
        }
    }

    /// Writes a value.
    pub(crate) fn write(self, out: &mut String, value: &str) {
        match self {
            Self::Form => encode(out, value),
            Self::Json => out.push_str(&serde_json::Value::from(value).to_string()),
            Self::Xml => out.push_str(&quick_xml::escape::escape(value)),
            Self::Plain => out.push_str(value),
        }
    }
}

/// A template with its values; `value` writes one by its name, or says that there is none of this name, which then stays as it is.
pub(crate) fn fill(template: &str, mut value: impl FnMut(&str, &mut String) -> bool) -> String {
    let (mut out, mut rest) = (String::with_capacity(template.len() + 512), template);
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once("}}") else {
            rest = &rest[before.len()..];
            break;
        };
        if !value(name.trim(), &mut out) {
            out.push_str("{{");
            out.push_str(name);
            out.push_str("}}");
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The names in a template.
pub(crate) fn names(template: &str) -> Vec<String> {
    let mut found = Vec::new();
    fill(template, |name, _| {
        found.push(name.to_owned());
        true
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_for_where_they_go() {
        let text = "a \"b\" & <c>\né";
        let filled = |escape: Escape, template: &str| {
            fill(template, |name, out| {
                let is_known = name == "text";
                if is_known {
                    escape.write(out, text);
                }
                is_known
            })
        };
        assert_eq!(filled(Escape::Form, "t={{text}}&x"), "t=a%20%22b%22%20%26%20%3Cc%3E%0A%C3%A9&x");
        assert_eq!(filled(Escape::Json, r#"{"t":{{ text }}}"#), r#"{"t":"a \"b\" & <c>\né"}"#);
        assert!(filled(Escape::Xml, "<t>{{text}}</t>").starts_with("<t>a &quot;b&quot; &amp; &lt;c&gt;"));
        assert_eq!(filled(Escape::Plain, "{{other}} {{text"), "{{other}} {{text");
        assert_eq!(names("{{a}} {b} {{ c }}{{d"), ["a", "c"]);
    }

    #[test]
    fn a_value_that_looks_like_a_template_is_not_filled() {
        let filled = fill("{{text}}", |_, out| {
            out.push_str("{{secret}}");
            true
        });
        assert_eq!(filled, "{{secret}}");
    }
}
