//! Splitting as the network does it: letter by letter, and no letter in two parts.

use super::Encoding;

/// Where one part ends: the byte offset after its last letter and the units it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) end: usize,
    pub(super) units: usize,
}

/// The parts of a text as it travels, in order. Put together they give the text again; an empty text is one empty part.
///
/// ```
/// use mhero_text::sms::split;
/// let text = "é".repeat(161);
/// let parts = split(&text);
/// assert_eq!(parts.iter().map(|part| part.chars().count()).collect::<Vec<_>>(), [153, 8]);
/// assert_eq!(parts.concat(), text);
/// ```
pub fn split(text: &str) -> Vec<String> {
    let mut start = 0;
    cuts(text, Encoding::of(text))
        .into_iter()
        .map(|cut| {
            let part = text[start..cut.end].to_owned();
            start = cut.end;
            part
        })
        .collect()
}

/// Where the parts end. A letter of two units that does not fit any more opens the next part, so a part may stay one unit short.
pub(super) fn cuts(text: &str, encoding: Encoding) -> Vec<Cut> {
    let whole: usize = text.chars().map(|letter| encoding.units_of(letter)).sum();
    if whole <= encoding.single() {
        return vec![Cut { end: text.len(), units: whole }];
    }
    let mut cuts = Vec::with_capacity(whole / encoding.part() + 1);
    let mut units = 0;
    for (offset, letter) in text.char_indices() {
        let more = encoding.units_of(letter);
        if units + more > encoding.part() {
            cuts.push(Cut { end: offset, units });
            units = 0;
        }
        units += more;
    }
    cuts.push(Cut { end: text.len(), units });
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_letter_is_never_cut_in_two() {
        let text = format!("{}€{}", "a".repeat(152), "b".repeat(10));
        let parts = split(&text);
        assert_eq!(parts[0], "a".repeat(152));
        assert!(parts[1].starts_with('€'));
    }

    #[test]
    fn a_surrogate_pair_is_never_cut_in_two() {
        let text = format!("{}😷{}", "ê".repeat(66), "ê".repeat(10));
        let parts = split(&text);
        assert_eq!(parts[0].chars().count(), 66);
        assert!(parts[1].starts_with('😷'));
    }

    #[test]
    fn parts_that_stay_short_can_cost_a_part_more() {
        // 2 × 153 septets by division, but each part of extension letters holds 152 only.
        let text = "€".repeat(153);
        assert_eq!(split(&text).len(), 3);
    }
}
