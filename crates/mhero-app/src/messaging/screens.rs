//! Texts cut into screens of phones that dialled a code: a screen holds 160 bytes, so 182 letters of GSM-7 or 80 others.

use mhero_text::sms::septets;

/// A page is not cut in its first part, where the last line or word would leave most of the screen empty.
const CUT_FROM: f64 = 0.5;

/// Cuts a text into pages of at most so many letters. Every page but the last ends with a line that says how to get the next.
pub(super) fn pages(text: &str, letters: usize, more: &str) -> Vec<String> {
    let text = text.trim();
    let size = Size::of(text, letters, more);
    let (mut pages, mut rest) = (Vec::new(), text);
    while size.of_text(rest) > size.limit {
        let cut = size.cut(rest);
        pages.push(format!("{}\n{more}", rest[..cut].trim_end()));
        rest = rest[cut..].trim_start();
    }
    pages.push(rest.to_owned());
    pages
}

/// How much a screen holds, by the alphabet that a text needs.
struct Size {
    is_gsm: bool,
    limit: usize,
    /// What is left beside the line that leads to the next page.
    room: usize,
}

impl Size {
    fn of(text: &str, letters: usize, more: &str) -> Self {
        let is_gsm = text.chars().chain(more.chars()).all(|letter| septets(letter).is_some());
        let limit = if is_gsm { letters } else { letters * 7 / 16 };
        let mut size = Self { is_gsm, limit, room: limit };
        size.room = limit.saturating_sub(size.of_text(more) + 1).max(1);
        size
    }

    fn of_letter(&self, letter: char) -> usize {
        if self.is_gsm { septets(letter).unwrap_or(1) } else { letter.len_utf16() }
    }

    fn of_text(&self, text: &str) -> usize {
        text.chars().map(|letter| self.of_letter(letter)).sum()
    }

    /// Where a page ends: behind a line, else behind a word, else in the middle of one.
    fn cut(&self, text: &str) -> usize {
        let (mut taken, mut end) = (0, text.len());
        for (at, letter) in text.char_indices() {
            taken += self.of_letter(letter);
            if taken > self.room && at > 0 {
                end = at;
                break;
            }
        }
        let head = &text[..end];
        #[expect(clippy::cast_precision_loss, reason = "a page is short")]
        let is_late = |at: &usize| *at as f64 > end as f64 * CUT_FROM;
        let at_line = head.rfind('\n').filter(is_late);
        // A word that ends just where the page does is whole.
        let at_word = || if text[end..].starts_with([' ', '\n']) { Some(end) } else { head.rfind(' ').filter(is_late) };
        at_line.or_else(at_word).unwrap_or(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MORE: &str = "98 More";

    fn length(page: &str) -> usize {
        page.chars().map(|letter| septets(letter).unwrap_or(99)).sum()
    }

    #[test]
    fn what_fits_is_one_screen() {
        let text = "x".repeat(160);
        assert_eq!(pages(&text, 160, MORE), [text]);
        assert_eq!(pages("  Menu\n1 Yes ", 160, MORE), ["Menu\n1 Yes"]);
        let arabic = "ب".repeat(70);
        assert_eq!(pages(&arabic, 160, MORE), [arabic]);
    }

    #[test]
    fn longer_texts_are_cut_at_lines_and_words_and_lose_nothing() {
        let menu: String = (1..=20).map(|number| format!("{number} Facility number {number}\n")).collect();
        let cut = pages(&menu, 160, MORE);
        assert!(cut.len() > 2);
        let (last, first) = cut.split_last().unwrap();
        assert!(first.iter().all(|page| page.ends_with("\n98 More") && length(page) <= 160), "{cut:?}");
        assert!(length(last) <= 160);
        let whole: Vec<&str> = cut.iter().flat_map(|page| page.lines()).filter(|line| *line != MORE).collect();
        assert_eq!(whole, menu.trim().lines().collect::<Vec<_>>(), "no line is cut in two");
        let words = "Bonjour à tous ".repeat(30);
        let again: Vec<String> = pages(&words, 100, MORE)
            .iter()
            .flat_map(|page| page.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>())
            .filter(|word| !["98", "More"].contains(&word.as_str()))
            .collect();
        assert_eq!(again, words.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn letters_that_take_two_places_count_twice_and_others_shrink_the_screen() {
        let braces = "{".repeat(100);
        assert!(pages(&braces, 160, MORE).iter().all(|page| length(page) <= 160));
        let arabic = "ب".repeat(200);
        let cut = pages(&arabic, 160, MORE);
        assert!(cut.iter().all(|page| page.chars().count() <= 70), "{cut:?}");
        let emoji = "😀".repeat(100);
        assert!(pages(&emoji, 60, MORE).iter().all(|page| page.encode_utf16().count() <= 26));
    }
}
