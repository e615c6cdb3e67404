//! Cutting a text for carriers that take so many letters at a time and make the SMS themselves.

/// Shortest piece, in letters: with less, a text would need more pieces than anybody reads.
const LETTERS_MIN: usize = 20;

/// The pieces of a text of at most so many letters each, cut after a space where one stands in the second half of a piece. Put
/// together they give the text again; an empty text is one empty piece.
///
/// ```
/// use mhero_text::sms::split_within;
/// let pieces = split_within("Please report before Friday noon.", 24);
/// assert_eq!(pieces, ["Please report before ", "Friday noon."]);
/// ```
pub fn split_within(text: &str, letters: usize) -> Vec<String> {
    let letters = letters.max(LETTERS_MIN);
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((end, _)) = rest.char_indices().nth(letters) {
        let half = rest.char_indices().nth(letters / 2).map_or(0, |(half, _)| half);
        let after_space = rest[..end].rfind(char::is_whitespace).and_then(|at| {
            let space = rest[at..].chars().next()?;
            Some(at + space.len_utf8())
        });
        let cut = after_space.filter(|cut| *cut > half).unwrap_or(end);
        pieces.push(rest[..cut].to_owned());
        rest = &rest[cut..];
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(rest.to_owned());
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_give_the_text_again_and_none_is_too_long() {
        let long = "Le ministère rappelle à tous que la campagne commence lundi. ".repeat(40);
        for text in ["", "court", long.as_str(), &"é".repeat(1_000), &"😀 ".repeat(333)] {
            for letters in [0, 20, 160, 1_600] {
                let pieces = split_within(text, letters);
                assert_eq!(pieces.concat(), text);
                assert!(pieces.iter().all(|piece| piece.chars().count() <= letters.max(LETTERS_MIN)), "{pieces:?}");
            }
        }
        assert_eq!(split_within(&"a".repeat(160), 160).len(), 1);
        assert_eq!(split_within(&"a".repeat(161), 160).len(), 2);
    }
}
