//! Keys made of names, and words as Unicode cuts them.

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// The key of a result by its name: `Hello World` is `hello_world`. All that is neither letter, digit nor underscore becomes one
/// underscore; white space around the name goes.
pub fn snake_name(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.trim().to_lowercase().chars() {
        if c == '_' || c.is_alphanumeric() || is_combining_mark(c) {
            if gap {
                key.push('_');
            }
            gap = false;
            key.push(c);
        } else {
            gap = true;
        }
    }
    if gap {
        key.push('_');
    }
    key
}

/// The words of a text by Unicode's annex 29, as searches for names cut them.
pub fn unicode_words(text: &str) -> Vec<&str> {
    text.unicode_words().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_keys() {
        for (name, key) in [("Hello World", "hello_world"), (" a - b! ", "a_b_"), ("_X 1", "_x_1"), ("Âge", "âge")] {
            assert_eq!(snake_name(name), key);
        }
    }
}
