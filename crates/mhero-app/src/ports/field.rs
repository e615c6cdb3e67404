//! What a driver says about its settings, so that a page can ask for them.

/// One setting of a channel. Its words are the locale keys `channel-KIND-KEY` and `channel-KIND-KEY-hint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The key, as in `mhero channel add KIND NAME key=value`.
    pub key: &'static str,
    /// Whether it is never shown again.
    pub is_secret: bool,
    /// Whether the channel can't be without it.
    pub must: bool,
    /// Whether most people need it; the others stand behind a fold.
    pub is_first: bool,
    /// What it can be.
    pub shape: Shape,
    /// What holds without it, or empty.
    pub default: &'static str,
}

/// What a setting can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A line.
    Text,
    /// Several lines, such as a certificate.
    Lines,
    /// An address of the web.
    Address,
    /// A whole number within bounds; its unit stands in the words of the setting.
    Number {
        /// The lowest.
        min: u64,
        /// The highest.
        max: u64,
    },
    /// One of these words, the first of which holds without any. Their words are `channel-KIND-KEY-WORD`.
    Choice(&'static [&'static str]),
}

impl Field {
    /// A line of text that may be left out.
    #[must_use]
    pub const fn may(key: &'static str) -> Self {
        Self { key, is_secret: false, must: false, is_first: false, shape: Shape::Text, default: "" }
    }

    /// A line of text without which the channel can't be.
    #[must_use]
    pub const fn must(key: &'static str) -> Self {
        Self { must: true, is_first: true, ..Self::may(key) }
    }

    /// As it is known from a key and whether that is a secret.
    #[must_use]
    pub const fn of((key, is_secret): (&'static str, bool)) -> Self {
        Self { is_secret, is_first: true, ..Self::may(key) }
    }

    /// The same as a secret.
    #[must_use]
    pub const fn secret(self) -> Self {
        Self { is_secret: true, ..self }
    }

    /// The same where most people need it.
    #[must_use]
    pub const fn first(self) -> Self {
        Self { is_first: true, ..self }
    }

    /// The same with a shape.
    #[must_use]
    pub const fn shaped(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }

    /// The same as one of a few words, the first of which holds without any.
    #[must_use]
    pub const fn choice(self, words: &'static [&'static str]) -> Self {
        Self { shape: Shape::Choice(words), default: words[0], ..self }
    }

    /// The same as a whole number, with what holds without it.
    #[must_use]
    pub const fn number(self, min: u64, max: u64, default: &'static str) -> Self {
        Self { shape: Shape::Number { min, max }, default, ..self }
    }
}
