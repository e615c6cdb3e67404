//! The message editor: letters under a ruler, one block for each SMS.

use mhero_core::Lang;

/// A stretch of the text; costly ones are underlined in red.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The letters.
    pub text: String,
    /// True for letters that force the alphabet in which an SMS holds 70.
    pub is_costly: bool,
}

/// One block of the ruler, in thousandths of its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Where it begins.
    pub x: i64,
    /// How wide it is.
    pub width: i64,
    /// How much of it is full.
    pub full: i64,
}

/// A way to write the text with fewer SMS.
#[derive(Clone, Debug)]
pub struct Fix {
    /// The letters that cost: "ô".
    pub letters: String,
    /// SMS now.
    pub parts_now: i64,
    /// SMS after.
    pub parts_then: i64,
    /// How the changed words will read: "hopital".
    pub reads: String,
    /// SMS that everybody together saves.
    pub saves: i64,
    /// What that saves in money, where the price is known: "10.56 USD".
    pub saves_cost: Option<String>,
    /// Each letter with what is written in its place; nothing where it falls away.
    pub changes: Vec<(String, String)>,
}

/// One text in one language.
#[derive(Clone, Debug)]
pub struct Editor {
    /// The id and the name of the field.
    pub id: String,
    /// "In English, to 842 people".
    pub label: String,
    /// The language of the text.
    pub lang: Lang,
    /// The text as typed.
    pub text: String,
    /// Places used, at the worst case of its names.
    pub used: i64,
    /// Places there are.
    pub room: i64,
    /// SMS.
    pub parts: i64,
    /// The letters that force 70 a SMS, or empty.
    pub costly: String,
    /// A one-press way to fewer SMS.
    pub fix: Option<Fix>,
    /// What is wrong with it: an expression that cannot be read, a text too long.
    pub fault: Option<String>,
    /// How many letters are too many for one SMS fewer, where they are few; 0 otherwise.
    pub over: i64,
    /// Said at the end of the line of counts: "free for Ruth".
    pub aside: String,
    /// Whether the language may be taken away again.
    pub is_removable: bool,
}

impl Fix {
    /// What changes, each letter with what is written in its place: "ô → o, ç → c".
    pub fn said(&self, page: &crate::page::Page) -> String {
        changed(page, &self.changes)
    }
}

/// Letters with what is written in their place, in words.
pub fn changed(page: &crate::page::Page, changes: &[(String, String)]) -> String {
    let dropped = page.t("fix-dropped");
    let each = changes.iter().map(|(from, to)| format!("{from} → {}", if to.is_empty() { &dropped } else { to }));
    each.collect::<Vec<_>>().join(", ")
}

impl Editor {
    /// An empty text.
    pub fn blank(id: impl Into<String>, label: impl Into<String>, lang: Lang) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            lang,
            text: String::new(),
            used: 0,
            room: 160,
            parts: 1,
            costly: String::new(),
            fix: None,
            fault: None,
            over: 0,
            aside: String::new(),
            is_removable: false,
        }
    }

    /// BCP 47, for the `lang` attribute.
    pub fn tag(&self) -> String {
        self.lang.bcp47().to_owned()
    }

    /// `ltr` or `rtl`.
    pub fn dir(&self) -> &'static str {
        if self.lang.is_right_to_left() { "rtl" } else { "ltr" }
    }

    /// The text with its costly letters apart.
    pub fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for letter in self.text.chars() {
            let is_costly = self.costly.contains(letter) && !letter.is_whitespace();
            match spans.last_mut() {
                Some(span) if span.is_costly == is_costly => span.text.push(letter),
                _ => spans.push(Span { text: letter.to_string(), is_costly }),
            }
        }
        spans
    }

    /// The ruler.
    pub fn blocks(&self) -> Vec<Block> {
        let parts = self.parts.max(1);
        let (width, each) = (1_000 / parts, (self.room / parts).max(1));
        let block = |part: i64| Block {
            x: part * width,
            width: width - 6,
            full: (width - 6) * (self.used - part * each).clamp(0, each) / each,
        };
        (0..parts).map(block).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costly_letters_stand_apart_and_blocks_fill_in_order() {
        let mut editor = Editor::blank("fra", "", Lang::FRENCH);
        (editor.text, editor.costly) = ("hôpital".into(), "ô".into());
        (editor.used, editor.room, editor.parts) = (150, 201, 3);
        let spans: Vec<_> = editor.spans().into_iter().map(|span| (span.text, span.is_costly)).collect();
        assert_eq!(spans, [("h".into(), false), ("ô".into(), true), ("pital".into(), false)]);
        let full: Vec<_> = editor.blocks().into_iter().map(|block| block.full).collect();
        assert_eq!(full, [327, 327, 78]);
    }
}
