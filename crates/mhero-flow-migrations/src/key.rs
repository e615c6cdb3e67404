//! Keys of results.

use std::sync::LazyLock;

use regex::Regex;

/// What can't stand in a key.
static OTHER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[^\p{L}0-9_]+").expect("the pattern is a constant that a test reads"));

/// The key of a result by its name, as expressions use it: `Favorite Color` gives `favorite_color`.
pub fn result_key(name: &str) -> String {
    OTHER.replace_all(name.trim(), "_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_letters_digits_and_underscores() {
        assert_eq!(result_key("  Hello World  "), "hello_world");
        assert_eq!(result_key("_Hello-World 2"), "_hello_world_2");
        assert_eq!(result_key("Réponse d’Aïcha"), "réponse_d_aïcha");
    }
}
