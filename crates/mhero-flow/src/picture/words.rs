//! The words of a picture, which are its caller's.

/// Something that a picture says beside what the flow's author wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word<'a> {
    /// The whole picture, with the flow's name.
    Picture(&'a str),
    /// The node where runs start.
    Start,
    /// A node where somebody stands.
    Current,
    /// A node that was visited.
    Visited,
    /// A node that no way leads to.
    Unreachable,
    /// An action by its type, e.g. `send_msg`.
    Action(&'a str),
    /// A node without actions and router.
    Nothing,
    /// A wait for a message.
    WaitMessage,
    /// A wait for a call to end.
    WaitDial,
    /// What happens when nothing came for so many seconds.
    Timeout(u32),
    /// The name that an answer is saved by.
    Result(&'a str),
    /// A choice by this operand.
    Choice(&'a str),
    /// A choice by chance.
    Chance,
    /// A case: its router test, e.g. `has_any_word`, and its arguments.
    Case(&'a str, &'a str),
    /// The way where no case matches.
    Otherwise,
    /// A way that leads to the node of this number.
    GoesTo(usize),
    /// A way where the flow ends.
    Ends,
    /// How often a way was taken.
    Count(u64),
    /// So many more that are not shown.
    More(usize),
}

/// Who knows the words, usually in the language of a page. Texts, not HTML.
pub trait Words {
    /// The words for something.
    fn say(&self, word: Word<'_>) -> String;
}

impl<F: Fn(Word<'_>) -> String> Words for F {
    fn say(&self, word: Word<'_>) -> String {
        self(word)
    }
}
