//! Texts with stars for anything: `http://example.com/*`.

/// Whether a pattern fits all of a text. A star stands for any characters, also none; everything else for itself.
///
/// ```
/// use mhero_text::glob_match;
/// assert!(glob_match("http://*/report?*", "http://example.com/report?week=19"));
/// assert!(!glob_match("report", "report?week=19"));
/// ```
pub fn glob_match(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let Some((middles, end)) = rest.rsplit_once('*') else { return text.ends_with(rest) };
    // The earliest place is as good as any for what stands between two stars.
    for middle in middles.split('*') {
        match text.find(middle) {
            Some(at) => text = &text[at + middle.len()..],
            None => return false,
        }
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("**", "abc", true),
            ("a*c", "abbc", true),
            ("a*c", "abbcd", false),
            ("a*b*c", "a-b-b-c", true),
            ("ab*ba", "aba", false),
            ("*b*a", "aba", true),
            ("*é*", "été", true),
            ("*abab*ab", "ababab", true),
            ("*abab*ab", "abab", false),
        ] {
            assert_eq!(glob_match(pattern, text), expected, "{pattern} {text}");
        }
    }

    proptest! {
        #[test]
        fn taking_pieces_away_still_fits(parts in prop::collection::vec("[ab]{0,3}", 1..6), keep in prop::collection::vec(any::<bool>(), 6)) {
            let text: String = parts.concat();
            let pieces = parts.iter().zip(&keep).map(|(part, keep)| if *keep { part.as_str() } else { "*" });
            let pattern: String = pieces.collect();
            prop_assert!(glob_match(&pattern, &text), "{} {}", pattern, text);
        }
    }
}
