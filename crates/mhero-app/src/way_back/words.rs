//! The words that answer the way back: an objection, and a supervisor's yes or no.

use mhero_core::{MessageId, PersonId, ThreadId};
use mhero_store::Unit;

use crate::{App, AppError};

/// Words by which a health worker objects to what was changed.
const OBJECT: [&str; 3] = ["object", "contester", "contest"];
/// Words by which a supervisor says that somebody is who they say.
const APPROVE: [&str; 4] = ["approve", "approved", "approuver", "valider"];
/// Words by which they say that they are not.
const REFUSE: [&str; 3] = ["refuse", "refused", "refuser"];
/// Digits of the number under which a candidate waits.
pub(super) const CODE_DIGITS: usize = 4;

/// What a text means for the way back.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Object,
    Approve(String),
    Refuse(String),
}

/// What the way back answers to a text.
pub(crate) struct WayBackAnswer {
    /// The key of the reply.
    pub(crate) key: &'static str,
    /// Its variables.
    pub(crate) args: Vec<(&'static str, String)>,
    /// The thread that it opened.
    pub(crate) thread: Option<ThreadId>,
}

impl App {
    /// Answers a text that objects or confirms; `None` for every other text, and where the sender has nothing to object to or is
    /// nobody who confirms.
    pub(crate) async fn way_back_answer(
        &self,
        unit: &mut Unit,
        (text, at): (&str, i64),
        (person, number): (PersonId, (&str, &str)),
        message: MessageId,
    ) -> Result<Option<WayBackAnswer>, AppError> {
        let answer = |key, args| WayBackAnswer { key, args, thread: None };
        match word(text) {
            Some(Word::Object) => {
                let thread = self.object(unit, (person, number), message, at).await?;
                Ok(thread
                    .map(|thread| WayBackAnswer { thread: Some(thread), ..answer("wayback-sms-objected", vec![]) }))
            }
            Some(Word::Approve(code)) => self.supervisor_says(unit, person, (&code, true), &answer).await,
            Some(Word::Refuse(code)) => self.supervisor_says(unit, person, (&code, false), &answer).await,
            None => Ok(None),
        }
    }

    async fn supervisor_says(
        &self,
        unit: &mut Unit,
        person: PersonId,
        (code, yes): (&str, bool),
        answer: &(dyn Fn(&'static str, Vec<(&'static str, String)>) -> WayBackAnswer + Sync),
    ) -> Result<Option<WayBackAnswer>, AppError> {
        if !self.approves(person).await? {
            return Ok(None);
        }
        let Some(candidate) = self.store().candidate_of_code(code).await? else {
            return Ok(Some(answer("wayback-sms-no-code", vec![("code", code.to_owned())])));
        };
        let name = candidate.name.clone();
        self.decide_candidate(unit, candidate, yes, Some(person.uuid())).await?;
        let key = if yes { "wayback-sms-approved" } else { "wayback-sms-refused" };
        Ok(Some(answer(key, vec![("name", name)])))
    }
}

fn word(text: &str) -> Option<Word> {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next()?.to_lowercase();
    let rest: Vec<&str> = words.collect();
    if OBJECT.contains(&first.as_str()) && rest.is_empty() {
        return Some(Word::Object);
    }
    let code = match rest.as_slice() {
        [code] if code.len() == CODE_DIGITS && code.bytes().all(|b| b.is_ascii_digit()) => (*code).to_owned(),
        _ => return None,
    };
    if APPROVE.contains(&first.as_str()) {
        return Some(Word::Approve(code));
    }
    REFUSE.contains(&first.as_str()).then_some(Word::Refuse(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_alone_count() {
        assert_eq!(word("Object!"), Some(Word::Object));
        assert_eq!(word(" CONTESTER "), Some(Word::Object));
        assert_eq!(word("I object to this"), None);
        assert_eq!(word("object because it is wrong"), None);
        assert_eq!(word("approve 4821"), Some(Word::Approve("4821".into())));
        assert_eq!(word("REFUSER 4821."), Some(Word::Refuse("4821".into())));
        assert_eq!(word("approve"), None);
        assert_eq!(word("approve 48"), None);
        assert_eq!(word(""), None);
    }
}
