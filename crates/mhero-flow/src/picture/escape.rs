//! Texts of strangers within HTML.

/// Adds a text of which nothing can be read as HTML. Control characters become spaces, as SVG has none.
pub(super) fn push(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Characters that turn the direction of writing would reach beyond the text.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => out.push(' '),
            character if character.is_control() => out.push(' '),
            character => out.push(character),
        }
    }
}

/// A text of at most so many characters in one line, with an ellipsis where it was longer.
pub(super) fn shortened(text: &str, max: usize) -> String {
    let mut short = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        let gap = usize::from(count > 0);
        if gap > 0 {
            short.push(' ');
        }
        count += gap;
        for character in word.chars() {
            if count + 1 > max {
                short.pop();
                short.push('…');
                return short;
            }
            short.push(character);
            count += 1;
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_html() {
        let mut out = String::new();
        push(&mut out, "<a href='x'>\"&\"\u{0}\n\u{202e}</a>");
        assert_eq!(out, "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;   &lt;/a&gt;");
    }

    #[test]
    fn a_text_is_cut_in_one_line() {
        assert_eq!(shortened("  How\n many?  ", 20), "How many?");
        assert_eq!(shortened("How many?", 9), "How many?");
        assert_eq!(shortened("How many?", 8), "How man…");
        assert_eq!(shortened("How many?", 4), "How…");
        assert_eq!(shortened("ééé", 2), "é…");
    }
}
