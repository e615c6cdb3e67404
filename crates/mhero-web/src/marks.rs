//! Marks: a shape and a word, then colour. The shape alone must say it, on grey paper and to colour-blind eyes.

use mhero_core::MessageState;

/// What a mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A ring: on disk, will leave in order.
    Waiting,
    /// Half a disc: the operator took it.
    Sent,
    /// A tick in the ink of delivery.
    Delivered,
    /// A bubble: the person wrote back.
    Answered,
    /// A cross.
    Failed,
    /// A dashed ring with a question.
    Uncertain,
    /// A slash: left out, stopped, taken back.
    LeftOut,
    /// A triangle.
    Warning,
    /// A triangle in red.
    Alarm,
    /// A clock: waits for somebody or something.
    Clock,
    /// A green tick: verified, in order.
    Good,
}

impl Mark {
    /// The mark of a message's state.
    pub fn of(state: MessageState) -> Self {
        match state {
            MessageState::Waiting | MessageState::Submitting => Self::Waiting,
            MessageState::Uncertain => Self::Uncertain,
            MessageState::Sent => Self::Sent,
            MessageState::Delivered => Self::Delivered,
            MessageState::Failed => Self::Failed,
            MessageState::Cancelled | MessageState::Expired => Self::LeftOut,
        }
    }

    /// The class that colours it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Waiting | Self::LeftOut => "q",
            Self::Sent | Self::Delivered | Self::Answered => "far",
            Self::Failed | Self::Alarm => "bad",
            Self::Uncertain | Self::Warning | Self::Clock => "wait",
            Self::Good => "good",
        }
    }

    /// The inside of a drawing of 12 by 12.
    pub fn shape(self) -> &'static str {
        match self {
            Self::Waiting => r#"<circle cx="6" cy="6" r="4.6"/>"#,
            Self::Sent => {
                r#"<circle cx="6" cy="6" r="4.6"/><path d="M6 1.4a4.6 4.6 0 0 1 0 9.2z" fill="currentColor"/>"#
            }
            Self::Delivered | Self::Good => {
                r#"<circle cx="6" cy="6" r="5.2" fill="currentColor"/><path d="M3.6 6.2l1.7 1.7 3.1-3.6" stroke="var(--paper)"/>"#
            }
            Self::Answered => r#"<path d="M1.2 1.8h9.6v6.6H5.4L2.8 10.8V8.4H1.2z" fill="currentColor"/>"#,
            Self::Failed => r#"<path d="M2 2l8 8M10 2l-8 8" stroke-width="2.2"/>"#,
            Self::Uncertain => {
                r#"<circle cx="6" cy="6" r="5" stroke-dasharray="2 1.5"/><path d="M4.5 4.7a1.5 1.5 0 1 1 2.2 1.4c-.5.3-.7.5-.7 1M6 8.7v.2"/>"#
            }
            Self::LeftOut => r#"<circle cx="6" cy="6" r="4.8"/><path d="M2.6 9.4l6.8-6.8"/>"#,
            Self::Warning | Self::Alarm => r#"<path d="M6 1.2l5.2 9.4H.8z"/><path d="M6 4.8v2.6M6 9v.2"/>"#,
            Self::Clock => r#"<circle cx="6" cy="6" r="5"/><path d="M6 3v3l2 1.4"/>"#,
        }
    }

    /// The whole mark with its word, which is escaped here.
    pub fn html(self, word: &str) -> String {
        let word = askama::filters::escape(word, askama::filters::Html).map(|x| x.to_string()).unwrap_or_default();
        format!(
            r#"<span class="mk {}"><svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>{word}</span>"#,
            self.class(),
            self.shape()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_mark_are_escaped() {
        let html = Mark::Good.html("<b>&");
        assert!(html.ends_with("&#60;b&#62;&#38;</span>"), "{html}");
    }
}
