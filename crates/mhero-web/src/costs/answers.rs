//! Who pays for what people answer, in a sentence.

use mhero_app::costs::Answers;

use crate::{marks::Mark, page::Page};

/// Who pays for what people answer; nothing where no price says so.
pub(crate) fn answers(page: &Page, answers: Answers) -> Option<(Mark, String)> {
    match answers {
        Answers { paid: n @ 1.., .. } => Some((Mark::Warning, page.t1("send-answers-worker", "n", n))),
        Answers { free: 1.., unknown: 0, .. } => Some((Mark::Good, page.t("send-answers-ministry"))),
        Answers { free: n @ 1.., .. } => Some((Mark::Good, page.t1("send-answers-some", "n", n))),
        _ => None,
    }
}
