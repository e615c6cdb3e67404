//! Measuring a text: encoding, units, parts, and the letters that force UCS-2.

use super::{Encoding, parts, substitute};

/// What a text takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// How it travels.
    pub encoding: Encoding,
    /// Units used, in septets or 16-bit units.
    pub units: usize,
    /// Units that fit in as many parts.
    pub room: usize,
    /// Parts, at least one.
    pub segments: usize,
    /// The letters that force UCS-2, each once, in order of appearance. Empty for GSM-7.
    pub costly: Vec<CostlyLetter>,
}

/// A letter without a place in GSM-7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostlyLetter {
    /// The letter.
    pub letter: char,
    /// Where it stands in the text, in bytes.
    pub offsets: Vec<usize>,
    /// What could stand in its place, where that keeps the meaning. May be empty: the letter is dropped.
    pub substitute: Option<&'static str>,
}

/// Measures a text as it is; placeholders must be filled in already.
///
/// ```
/// use mhero_text::sms::{Encoding, measure};
/// let measure = measure("Contrôle du stock");
/// assert_eq!((measure.encoding, measure.units, measure.room, measure.segments), (Encoding::Ucs2, 17, 70, 1));
/// assert_eq!((measure.costly[0].letter, measure.costly[0].substitute), ('ô', Some("o")));
/// ```
pub fn measure(text: &str) -> Measure {
    let encoding = Encoding::of(text);
    let cuts = parts::cuts(text, encoding);
    let segments = cuts.len();
    let room = if segments == 1 { encoding.single() } else { encoding.part() * segments };
    let units = cuts.iter().map(|cut| cut.units).sum();
    let costly = if encoding == Encoding::Gsm7 { Vec::new() } else { costly(text) };
    Measure { encoding, units, room, segments, costly }
}

fn costly(text: &str) -> Vec<CostlyLetter> {
    let mut found: Vec<CostlyLetter> = Vec::new();
    let mut place = std::collections::HashMap::new();
    for (offset, letter) in text.char_indices().filter(|(_, letter)| super::septets(*letter).is_none()) {
        let index = *place.entry(letter).or_insert_with(|| {
            found.push(CostlyLetter { letter, offsets: Vec::new(), substitute: substitute(letter) });
            found.len() - 1
        });
        found[index].offsets.push(offset);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_both_encodings() {
        for (text, units, room, segments) in [
            (String::new(), 0, 160, 1),
            ("a".repeat(160), 160, 160, 1),
            ("a".repeat(161), 161, 306, 2),
            ("a".repeat(306), 306, 306, 2),
            ("a".repeat(307), 307, 459, 3),
            ("€".repeat(80), 160, 160, 1),
            ("ç".repeat(70), 70, 70, 1),
            ("ç".repeat(71), 71, 134, 2),
            ("ç".repeat(134), 134, 134, 2),
            ("ç".repeat(135), 135, 201, 3),
            ("😷".repeat(35), 70, 70, 1),
        ] {
            let measure = measure(&text);
            assert_eq!((measure.units, measure.room, measure.segments), (units, room, segments), "{}", text.len());
        }
    }

    /// One letter turns a text of 150 characters and one segment into one of three.
    #[test]
    fn one_circumflex_triples_the_price() {
        let plain = "o".repeat(150);
        let dear = format!("{}ô", "o".repeat(149));
        assert_eq!((measure(&plain).segments, measure(&dear).segments), (1, 3));
    }

    #[test]
    fn each_costly_letter_is_named_once_with_its_places() {
        let measure = measure("la boîte ô hôpital 😷");
        let seen: Vec<_> = measure.costly.iter().map(|c| (c.letter, c.offsets.len(), c.substitute)).collect();
        assert_eq!(seen, [('î', 1, Some("i")), ('ô', 2, Some("o")), ('😷', 1, None)]);
        assert_eq!(measure.costly[0].offsets, [5]);
    }
}
