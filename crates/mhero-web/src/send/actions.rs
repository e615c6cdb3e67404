//! What the buttons of the send page do to a draft.

use mhero_app::{AppError, broadcasts::Draft};
use mhero_core::Lang;
use mhero_text::substitute_costly;

use super::form::Fields;
use crate::{
    errors::Fault,
    parts::{
        builder::{self, Filled, Outcome},
        letters,
    },
    state::Signed,
};

/// Where to go after a button was pressed. Except for the last three the draft is saved.
pub(super) enum Next {
    /// The same page, with a blank open or none, at a step.
    Page {
        /// The open blank.
        open: Option<String>,
        /// The step: `who`.
        anchor: &'static str,
        /// The key of a sentence on the next page, or empty.
        said: &'static str,
    },
    /// The same page at the texts, with what was replaced in one: its language, and each letter with what stands for it.
    Fixed(Lang, Vec<(String, String)>),
    /// The same page at once, with a blank that could not be used.
    Unusable(Filled, String),
    /// Ask whether it may leave.
    Send,
    /// Send it to one pretend phone.
    Try,
    /// Throw it away.
    Discard,
}

fn stay(anchor: &'static str) -> Next {
    Next::Page { open: None, anchor, said: "" }
}

/// Does what a button says.
pub(super) async fn act(signed: &Signed, fields: &Fields, draft: &mut Draft) -> Result<Next, Fault> {
    let pressed = fields.get("do");
    let (verb, what) = pressed.split_once(':').unwrap_or((pressed, ""));
    Ok(match verb {
        "edit" => Next::Page { open: Some(what.to_owned()), anchor: "open", said: "" },
        "use" => fill(signed, fields.filled(), draft).await?,
        "drop" => {
            let blank = fields.get("blank");
            draft.query = builder::without((&signed.app, &signed.caller), &draft.query, blank).await?;
            stay("who")
        }
        "saved" => {
            if !fields.get("audience").is_empty() {
                draft.query = builder::of_group(fields.get("audience"));
            }
            stay("who")
        }
        "query" | "close" => stay("who"),
        "insert" => {
            insert(draft, what);
            stay("what")
        }
        "add-language" => {
            if let Ok(lang) = fields.get("lang").parse::<Lang>()
                && !draft.texts.iter().any(|(known, _)| *known == lang)
            {
                draft.texts.push((lang, String::new()));
            }
            stay("what")
        }
        "fix" => {
            let lang = what.strip_prefix("text-").and_then(|code| code.parse::<Lang>().ok());
            let Some((lang, text)) = draft.texts.iter_mut().find(|(known, _)| Some(*known) == lang) else {
                return Ok(stay("what"));
            };
            let changes = letters::changes(text);
            *text = substitute_costly(text);
            Next::Fixed(*lang, changes)
        }
        "send" => Next::Send,
        "try" => Next::Try,
        "discard" => Next::Discard,
        _ => Next::Page { open: None, anchor: "", said: "send-kept" },
    })
}

/// An expression goes to the end of every text that is written, or of the first.
fn insert(draft: &mut Draft, expression: &str) {
    let any = draft.texts.iter().any(|(_, text)| !text.trim().is_empty());
    for (at, (_, text)) in draft.texts.iter_mut().enumerate() {
        if !text.trim().is_empty() || (!any && at == 0) {
            if !text.is_empty() && !text.ends_with(char::is_whitespace) {
                text.push(' ');
            }
            text.push_str(expression);
        }
    }
}

async fn fill(signed: &Signed, filled: Filled, draft: &mut Draft) -> Result<Next, Fault> {
    let ground = (&signed.app, &signed.caller, &signed.page);
    Ok(match builder::fill(ground, &draft.query, &filled).await? {
        Outcome::Query(query) => {
            draft.query = query;
            stay("who")
        }
        Outcome::Open(open) => Next::Page { open: Some(open), anchor: "open", said: "" },
        Outcome::Fault(words) => Next::Unusable(filled, words),
    })
}

/// What stands in the way of sending, in words; empty when nothing does. `reached` people would get it.
pub(super) fn obstacles(signed: &Signed, draft: &Draft, reached: Option<i64>) -> Vec<String> {
    let page = &signed.page;
    let mut found = Vec::new();
    match reached {
        Some(0) | None => found.push(page.t("send-nobody")),
        Some(_) => {}
    }
    if draft.texts.iter().all(|(_, text)| text.trim().is_empty()) {
        found.push(page.t("send-no-text"));
    }
    for (lang, text) in &draft.texts {
        if let Some(reason) = signed.app.text_fault(*lang, text) {
            found.push(format!("{}: {}", page.words.language(*lang), page.words.reason(&reason)));
        }
    }
    found
}

/// The words of a refusal to send; other errors stay errors.
pub(super) fn refused(signed: &Signed, error: AppError) -> Result<String, Fault> {
    match error {
        AppError::Invalid(reason) => Ok(signed.page.words.reason(&reason)),
        AppError::Query(error) => Ok(signed.page.words.reason(&error.reason())),
        error => Err(error.into()),
    }
}
