//! Numbers and one-time codes in a text: letters that look like digits, digits set apart, words glued to a number.

use super::fold::Text;

/// A word or number, with its place in what was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Folded. Of a number: its digits.
    pub(super) text: String,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_number: bool,
}

/// The words and numbers of a text. A word glued to a number (`oui902`) is two pieces where `is_word` knows the word; digits set apart
/// (`5 5 8`) are one number.
pub(super) fn pieces(text: &Text, is_word: impl Fn(&str) -> bool) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    for token in &text.tokens {
        let at = token.text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        let (word, rest) = token.text.split_at(at);
        let (start, end) = (token.start, token.end);
        match digits(&token.text) {
            // Folding a word of ASCII letters keeps its length, so that the cut is at the same place in what was received.
            None if at > 0 && is_word(word) && end - start == token.text.len() => {
                found.push(Piece { text: word.to_owned(), start, end: start + at, is_number: false });
                let (text, is_number) = digits(rest).map_or((rest.to_owned(), false), |digits| (digits, true));
                found.push(Piece { text, start: start + at, end, is_number });
            }
            None => found.push(Piece { text: token.text.clone(), start, end, is_number: false }),
            Some(digits) => match found.last_mut() {
                Some(last) if last.is_number && digits.len() == 1 && set_apart(text, last) => {
                    last.text.push_str(&digits);
                    last.end = end;
                }
                _ => found.push(Piece { text: digits, start, end, is_number: true }),
            },
        }
    }
    found
}

/// Whether a number was written as single digits so far.
fn set_apart(text: &Text, number: &Piece) -> bool {
    let inside = text.tokens.iter().filter(|token| token.start >= number.start && token.end <= number.end);
    inside.into_iter().all(|token| token.end - token.start == 1)
}

/// The digits that a word stands for; `None` for a word without any digit, or with letters that look like none.
fn digits(word: &str) -> Option<String> {
    let is_number = word.bytes().any(|b| b.is_ascii_digit());
    let digit = |c: char| match c {
        'o' => Some('0'),
        'l' | 'i' => Some('1'),
        _ => c.is_ascii_digit().then_some(c),
    };
    is_number.then(|| word.chars().map(digit).collect()).flatten()
}

/// What a person typed with every digit of it hidden that is no part of a number which everybody may know.
///
/// ```
/// assert_eq!(mhero_text::reply::masked("YES 902 4471", &["902"]), "YES 902 ****");
/// assert_eq!(mhero_text::reply::masked("oui9O2 44 7l", &["902"]), "oui9O2 ** **");
/// ```
pub fn masked(received: &str, known: &[&str]) -> String {
    let text = Text::read(received);
    let mut out = String::with_capacity(text.source.len());
    let mut from = 0;
    for piece in pieces(&text, |_| true) {
        let is_open = known.contains(&piece.text.as_str()) || !piece.text.bytes().any(|b| b.is_ascii_digit());
        if is_open {
            continue;
        }
        out.push_str(&text.source[from..piece.start]);
        let hide = |c: char| if c.is_alphanumeric() { '*' } else { c };
        out.extend(text.source[piece.start..piece.end].chars().map(hide));
        from = piece.end;
    }
    out.push_str(&text.source[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        pieces(&Text::read(text), |word| word == "oui").into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        assert_eq!(read("yes 9O2 4471"), ["yes", "902", "4471"]);
        assert_eq!(read("oui902 4471"), ["oui", "902", "4471"]);
        assert_eq!(read("aprove 5 5 8"), ["aprove", "558"]);
        assert_eq!(read("44 7l"), ["44", "71"]);
        assert_eq!(read("k7pm oui9x"), ["k7pm", "oui", "9x"]);
        assert_eq!(read("oil lol"), ["oil", "lol"]);
        assert_eq!(read("902 4"), ["902", "4"]);
    }

    #[test]
    fn a_code_is_hidden_in_every_spelling() {
        for text in ["yes 902 4 4 7 1", "902 oui 4471", "OUI902 4471", "4471", "code:4471,902"] {
            let hidden = masked(text, &["902"]);
            assert!(!hidden.contains("44") && !hidden.contains('7'), "{text}: {hidden}");
            assert_eq!(hidden.contains("902"), text.contains("902"), "{text}");
        }
        assert_eq!(masked("Ça va ?", &[]), "Ça va ?");
    }
}
