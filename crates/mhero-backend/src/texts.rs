//! Texts that are sent through a back end: what a start of the flow that stands for them carries as parameters.

use mhero_core::Lang;
use serde_json::{Map, Value, json};

/// The parameter that holds the texts by language.
const TEXT: &str = "text";
/// Longest text, in characters: what the older dialect takes.
pub const CHARS_MAX: usize = 640;

/// Texts as parameters of a start; those that hold nothing are none.
pub fn params(texts: &[(Lang, String)]) -> Value {
    let said = texts.iter().filter(|(_, text)| !text.trim().is_empty());
    let by_language: Map<String, Value> = said.map(|(language, text)| (language.to_string(), json!(text))).collect();
    json!({ TEXT: by_language })
}

/// Texts from the parameters of a start: by language, or one in the country's own.
pub(crate) fn read(params: &str, own: Lang) -> Vec<(Lang, String)> {
    let params: Value = serde_json::from_str(params).unwrap_or_default();
    let texts: Vec<(Lang, String)> = match params.get(TEXT) {
        Some(Value::String(text)) => vec![(own, text.clone())],
        Some(Value::Object(texts)) => {
            let text = |(language, text): (&String, &Value)| Some((language.parse().ok()?, text.as_str()?.to_owned()));
            texts.iter().filter_map(text).collect()
        }
        _ => Vec::new(),
    };
    let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= CHARS_MAX;
    let mut texts: Vec<_> = texts.into_iter().filter(|(_, text)| fits(text)).collect();
    // The country's own language is what those get who read none of the others.
    texts.sort_by_key(|(language, _)| *language != own);
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_go_out_as_they_came_in() {
        let both = vec![(Lang::ENGLISH, "hello".to_owned()), (Lang::FRENCH, "bonjour".to_owned())];
        let kept = params(&both).to_string();
        assert_eq!(read(&kept, Lang::ENGLISH), both);
        assert_eq!(read(&kept, Lang::FRENCH)[0].0, Lang::FRENCH);
        assert_eq!(read(r#"{"text":"hi"}"#, Lang::FRENCH), [(Lang::FRENCH, "hi".to_owned())]);
        for nothing in ["", "{}", r#"{"text":{"eng":" "}}"#, r#"{"text":7}"#] {
            assert_eq!(read(nothing, Lang::ENGLISH), []);
        }
        assert_eq!(read(&params(&[(Lang::ENGLISH, "x".repeat(CHARS_MAX + 1))]).to_string(), Lang::ENGLISH), []);
    }
}
