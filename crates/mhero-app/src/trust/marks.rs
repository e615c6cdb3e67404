//! What is not for real says so in its first word, in the language of whoever reads it.

use mhero_core::Lang;

use crate::App;

/// Where a text names the code of its broadcast.
const CODE: &str = "@code";
/// Stands for a code whose letters do not matter: it is as long.
pub(crate) const SAMPLE_CODE: &str = "K7PM";

impl App {
    /// What a text begins with that is a test or part of a drill; empty for what is real.
    pub(crate) fn unreal_mark(&self, language: Lang, is_test: bool, is_drill: bool) -> String {
        let key = match (is_test, is_drill) {
            (true, _) => "trust-mark-test",
            (false, true) => "trust-mark-drill",
            (false, false) => return String::new(),
        };
        format!("{} ", self.words().say(language, key, &[]))
    }
}

/// Texts with their code where they name it. `@code.x` and `@codes` are something else.
pub(crate) fn with_code(texts: &[(Lang, String)], code: &str) -> Vec<(Lang, String)> {
    texts.iter().map(|(lang, text)| (*lang, put(text, code))).collect()
}

fn put(text: &str, code: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(CODE) {
        let (before, after) = (&rest[..at], &rest[at + CODE.len()..]);
        let goes_on = after.chars().next().is_some_and(|next| next.is_alphanumeric() || next == '_')
            || after.strip_prefix('.').is_some_and(|more| more.starts_with(char::is_alphanumeric));
        // In `desk@code` it belongs to an address, and `@@` writes the sign itself.
        let is_inside = before.chars().next_back().is_some_and(|last| last.is_alphanumeric() || last == '@');
        out.push_str(before);
        out.push_str(if goes_on || is_inside { CODE } else { code });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_stands_where_it_is_named() {
        assert_eq!(put("Real? CHECK @code to 4636. @code.", "K7PM"), "Real? CHECK K7PM to 4636. K7PM.");
        for other in ["@codes", "@code_x", "desk@code.example", "@@code", "@code.name"] {
            assert_eq!(put(other, "K7PM"), other);
        }
    }
}
