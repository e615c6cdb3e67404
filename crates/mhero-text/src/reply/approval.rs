//! Yes or no to something that waits for a second person, by its number and where needed a one-time code.
//!
//! It never guesses: a yes counts only with the number of something that waits and a code of the right length; doubt, a condition, or a
//! yes beside a no is asked back.

use super::{
    figures::{Piece, pieces},
    fold::Text,
    near::{Nearness, nearness},
};

/// The words by which people agree and refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalVerbs {
    approve: Vec<String>,
    reject: Vec<String>,
}

/// Something that waits for a yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingItem<'a> {
    /// Its number, as the question shows it.
    pub item: &'a str,
    /// How long the code is that a yes needs; `None` where a yes is enough.
    pub code_digits: Option<usize>,
}

/// What is known of somebody who may be answering.
#[derive(Clone, Copy, Debug)]
pub struct ApprovalSituation<'a> {
    /// The words.
    pub verbs: &'a ApprovalVerbs,
    /// What waits for this person.
    pub pending: &'a [PendingItem<'a>],
    /// Numbers that wait for others; a word about these from this person is refused.
    pub others: &'a [&'a str],
    /// Whether the last text that this phone got was such a question: then a bare yes is about it.
    pub was_asked: bool,
    /// Whether a code names what it belongs to, so that the number may be left out.
    pub code_is_enough: bool,
}

/// What somebody said about something that waits.
#[derive(Clone, PartialEq, Eq)]
pub struct ApprovalAnswer {
    /// Yes or no; `None` where that is asked back.
    pub approve: Option<bool>,
    /// The number of what waits; `None` where it is asked back, or where the code says it.
    pub item: Option<String>,
    /// The code that was typed. It never shows itself.
    pub code: Option<String>,
    /// What has to be asked back; empty when it is understood.
    pub asked: Vec<(ApprovalField, ApprovalProblem)>,
    /// The person may not decide about what they named.
    pub is_refused: bool,
    /// There are other words, which a person should read.
    pub forward: bool,
}

impl std::fmt::Debug for ApprovalAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { approve, item, asked, is_refused, .. } = self;
        write!(f, "ApprovalAnswer({approve:?} {item:?} asked {asked:?} refused {is_refused})")
    }
}

/// What of an answer is asked back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApprovalField {
    /// Yes or no.
    Action,
    /// About which.
    Item,
    /// The code.
    Code,
}

/// Why it is asked back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApprovalProblem {
    /// It is not there.
    Missing,
    /// It can be read in several ways.
    Ambiguous,
    /// Nothing waits under this number.
    Unknown,
    /// Too short or too long.
    WrongLength,
    /// It is probably so, but a yes is needed.
    NeedsConfirmation,
}

/// Everyday words for yes and no, beside those that an installation tells people to write.
const YES: [&str; 7] = ["yes", "oui", "ok", "okay", "yep", "sim", "نعم"];
const NO: [&str; 5] = ["no", "non", "nope", "nao", "لا"];
/// Words of doubt, and of a wish that is something else: a yes beside one of them is asked back.
const DOUBT: [&str; 22] = [
    "not", "dont", "never", "cannot", "cant", "pas", "jamais", "but", "mais", "if", "wait", "attends", "attendez",
    "later", "tomorrow", "demain", "except", "sauf", "unless", "maybe", "peut", "pourquoi",
];
/// Words that say nothing further.
const FILLING: [&str; 30] = [
    "code", "pin", "number", "numero", "no", "item", "the", "for", "la", "le", "du", "pour", "je", "suis", "d", "i",
    "am", "please", "pls", "svp", "stp", "merci", "thanks", "thank", "you", "sir", "it", "my", "mon", "and",
];
/// Most words of a text that is read as such an answer.
const WORDS_MAX: usize = 30;
/// Most words of one that names no number.
const BARE_WORDS_MAX: usize = 8;
/// A number of something that waits for others is taken for one, without a code, from so many digits on.
const SURE_DIGITS: usize = 3;

impl ApprovalVerbs {
    /// Words of an installation.
    pub fn new(approve: &[String], reject: &[String]) -> Self {
        let folded = |words: &[String]| words.iter().map(|word| super::fold::fold(word.trim())).collect();
        Self { approve: folded(approve), reject: folded(reject) }
    }

    /// The words of a new installation.
    pub fn standard() -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        Self::new(
            &words(&["APPROVE", "YES", "APPROUVER", "OUI", "ACCORD", "APROVAR", "SIM"]),
            &words(&["REJECT", "REFUSE", "NO", "REJETER", "REFUSER", "NON", "REJEITAR", "NAO"]),
        )
    }

    fn says(&self, word: &str) -> Option<bool> {
        let near = |listed: &&String| nearness(word, listed).is_some_and(|near| near <= Nearness::Typo);
        if YES.contains(&word) || self.approve.iter().any(|listed| near(&listed)) {
            return Some(true);
        }
        (NO.contains(&word) || self.reject.iter().any(|listed| near(&listed))).then_some(false)
    }

    /// Whether a word is written for this alone, and in no other answer.
    fn is_own(&self, word: &str) -> bool {
        self.says(word).is_some() && !YES.contains(&word) && !NO.contains(&word)
    }
}

/// Reads a text as an answer about something that waits; `None` for every other text.
///
/// ```
/// use mhero_text::reply::{ApprovalSituation, ApprovalVerbs, PendingItem, read_approval};
/// let verbs = ApprovalVerbs::standard();
/// let pending = [PendingItem { item: "902", code_digits: Some(4) }];
/// let situation =
///     ApprovalSituation { verbs: &verbs, pending: &pending, others: &[], was_asked: true, code_is_enough: true };
/// let read = |text| read_approval(text, &situation);
/// let yes = read("OUI 902 4471").unwrap();
/// assert_eq!((yes.approve, yes.item.as_deref(), yes.code.as_deref()), (Some(true), Some("902"), Some("4471")));
/// assert!(!read("yes 902 44").unwrap().asked.is_empty());
/// assert_eq!(read("thank you"), None);
/// ```
pub fn read_approval(received: &str, situation: &ApprovalSituation<'_>) -> Option<ApprovalAnswer> {
    let text = Text::read(received);
    if text.tokens.is_empty() || text.tokens.len() > WORDS_MAX {
        return None;
    }
    let pieces = pieces(&text, |word| situation.verbs.says(word).is_some());
    let said = Said::of(&text, &pieces, situation);
    if said.is_about_others(situation) {
        let none = (None, None, None);
        return Some(said.answer(none, Vec::new(), true));
    }
    let action = said.action?;
    let (item, rest) = match said.item(situation) {
        Some(found) => found,
        None => return said.without_item(action, situation),
    };
    let mut asked: Vec<_> = said.doubted(action).map(|why| (ApprovalField::Action, why)).into_iter().collect();
    let mut code = None;
    if let (Some(length), Some(true)) = (item.code_digits, action) {
        match code_of(&rest, length) {
            Ok(found) => code = Some(found),
            Err(why) => asked.push((ApprovalField::Code, why)),
        }
    }
    if action.is_none() {
        asked.push((ApprovalField::Action, ApprovalProblem::Ambiguous));
    }
    let sure = action.filter(|_| !asked.iter().any(|(field, _)| *field == ApprovalField::Action));
    let code = code.filter(|_| asked.is_empty());
    Some(said.answer((sure, Some(item.item.to_owned()), code), asked, false))
}

/// Whether a text can be such an answer at all: it has a word for yes or no, or two numbers. Cheap, for every text that comes.
pub fn may_decide(received: &str, verbs: &ApprovalVerbs) -> bool {
    let text = Text::read(received);
    let pieces = pieces(&text, |word| verbs.says(word).is_some());
    let numbers = pieces.iter().filter(|piece| piece.is_number).count();
    text.tokens.len() <= WORDS_MAX
        && (numbers > 1 || pieces.iter().any(|piece| !piece.is_number && verbs.says(&piece.text).is_some()))
}

/// What stands in a text.
struct Said {
    /// `Some(Some(_))` for a yes or a no, `Some(None)` for both or a number and code without a word, `None` for neither.
    action: Option<Option<bool>>,
    has_doubt: bool,
    has_own_word: bool,
    numbers: Vec<String>,
    words: usize,
    forward: bool,
}

impl Said {
    fn of(text: &Text, pieces: &[Piece], situation: &ApprovalSituation<'_>) -> Self {
        let words: Vec<&str> = pieces.iter().filter(|piece| !piece.is_number).map(|piece| &*piece.text).collect();
        let says: Vec<Option<bool>> = words.iter().map(|word| situation.verbs.says(word)).collect();
        let (yes, no) = (says.contains(&Some(true)), says.contains(&Some(false)));
        let numbers: Vec<String> =
            pieces.iter().filter(|piece| piece.is_number).map(|piece| piece.text.clone()).collect();
        let is_pending = |number: &String| situation.pending.iter().any(|pending| pending.item == number);
        let silent = numbers.len() > 1 && numbers.iter().any(is_pending) && words.iter().all(|word| is_filling(word));
        let is_known = |at: usize| says[at].is_some() || is_filling(words[at]) || DOUBT.contains(&words[at]);
        Self {
            action: match (yes, no) {
                (true, false) => Some(Some(true)),
                (false, true) => Some(Some(false)),
                (true, true) => Some(None),
                (false, false) => silent.then_some(None),
            },
            has_doubt: words.iter().any(|word| DOUBT.contains(word)) || text.is_question(),
            has_own_word: words.iter().any(|word| situation.verbs.is_own(word)),
            forward: !(0..words.len()).all(is_known),
            words: words.len(),
            numbers,
        }
    }

    /// Why a yes can't be acted upon. A no can always be: it sends nothing.
    fn doubted(&self, action: Option<bool>) -> Option<ApprovalProblem> {
        (action == Some(true) && self.has_doubt).then_some(ApprovalProblem::NeedsConfirmation)
    }

    /// What waits and is named, with the other numbers of the text.
    fn item<'a>(&self, situation: &ApprovalSituation<'a>) -> Option<(PendingItem<'a>, Vec<String>)> {
        let at = |pending: &PendingItem<'_>| self.numbers.iter().position(|number| number == pending.item);
        let named: Vec<_> = situation.pending.iter().filter_map(|pending| Some((*pending, at(pending)?))).collect();
        let (pending, at) = match named.as_slice() {
            [one] => *one,
            // The number comes before the code, which may look like the number of something else.
            [_, _, ..] => *named.iter().min_by_key(|(_, at)| *at)?,
            [] => return None,
        };
        let rest = self.numbers.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, number)| number.clone());
        Some((pending, rest.collect()))
    }

    fn is_about_others(&self, situation: &ApprovalSituation<'_>) -> bool {
        let named = |number: &&String| situation.others.contains(&number.as_str());
        let Some(number) = self.numbers.iter().find(named).filter(|_| self.action.is_some()) else { return false };
        let is_pending = situation.pending.iter().any(|pending| self.numbers.iter().any(|one| one == pending.item));
        let is_sure = number.len() >= SURE_DIGITS || self.has_own_word || self.numbers.len() > 1;
        is_sure && !is_pending
    }

    fn without_item(&self, action: Option<bool>, situation: &ApprovalSituation<'_>) -> Option<ApprovalAnswer> {
        use ApprovalProblem::{Ambiguous, Missing, NeedsConfirmation, Unknown};
        let pending = situation.pending;
        if let ([code], true) = (self.numbers.as_slice(), situation.code_is_enough)
            && pending.iter().any(|pending| pending.code_digits == Some(code.len()))
        {
            let asked: Vec<_> = self.doubted(action).map(|why| (ApprovalField::Action, why)).into_iter().collect();
            let sure = action.filter(|_| asked.is_empty());
            return sure.map(|_| self.answer((sure, None, Some(code.clone())), asked, false));
        }
        let is_bare = self.numbers.is_empty() && self.words <= BARE_WORDS_MAX;
        if pending.is_empty() || !situation.was_asked || !is_bare && self.numbers.is_empty() {
            return None;
        }
        // "Not yet" and "no problem" are for a person.
        let action = action.filter(|_| !self.has_doubt)?;
        let why = match (self.numbers.is_empty(), pending) {
            (false, _) => Unknown,
            (true, [one]) if one.code_digits.is_some() => {
                let asked = vec![(ApprovalField::Code, Missing)];
                let (item, asked) = if action { (None, asked) } else { (Some(one.item.to_owned()), Vec::new()) };
                return Some(self.answer((Some(action), item, None), asked, false));
            }
            (true, [_]) => NeedsConfirmation,
            (true, _) => Ambiguous,
        };
        Some(self.answer((Some(action), None, None), vec![(ApprovalField::Item, why)], false))
    }

    fn answer(
        &self,
        (approve, item, code): (Option<bool>, Option<String>, Option<String>),
        asked: Vec<(ApprovalField, ApprovalProblem)>,
        is_refused: bool,
    ) -> ApprovalAnswer {
        ApprovalAnswer { approve, item, code, asked, is_refused, forward: self.forward }
    }
}

fn is_filling(word: &str) -> bool {
    FILLING.contains(&word)
}

/// The code among the numbers beside that of the item: one of the right length, or pieces that make one.
pub(super) fn code_of(numbers: &[String], length: usize) -> Result<String, ApprovalProblem> {
    let whole: Vec<&String> = numbers.iter().filter(|number| number.len() == length).collect();
    match (numbers, whole.as_slice()) {
        ([], _) => Err(ApprovalProblem::Missing),
        (_, [one]) if numbers.len() == 1 => Ok((*one).clone()),
        (_, [_, _, ..]) => Err(ApprovalProblem::Ambiguous),
        (parts, []) if parts.len() > 1 && parts.concat().len() == length => Ok(parts.concat()),
        (_, [_]) => Err(ApprovalProblem::Ambiguous),
        (_, []) => Err(ApprovalProblem::WrongLength),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<ApprovalAnswer> {
        let verbs = ApprovalVerbs::standard();
        let pending =
            [PendingItem { item: "7", code_digits: Some(4) }, PendingItem { item: "12", code_digits: Some(4) }];
        read_approval(
            text,
            &ApprovalSituation {
                verbs: &verbs,
                pending: &pending,
                others: &["9"],
                was_asked: false,
                code_is_enough: true,
            },
        )
    }

    #[test]
    fn only_a_plain_yes_with_number_and_code_approves() {
        for text in ["YES 7 4471", "oui 7 4471", "approve 7 4471", "Yes 7 code 4471 please", "accord 7 44 71"] {
            let answer = read(text).expect(text);
            assert_eq!(
                (answer.approve, answer.item.as_deref(), answer.code.as_deref()),
                (Some(true), Some("7"), Some("4471")),
                "{text}"
            );
            assert!(answer.asked.is_empty(), "{text}");
        }
        for text in [
            "yes 7",
            "yes 7 447",
            "yes no 7 4471",
            "yes but 7 4471",
            "pas d'accord 7 4471",
            "7 4471",
            "yes 7 4471?",
            "yes 7 4471 4472",
        ] {
            let answer = read(text).expect(text);
            assert!(!answer.asked.is_empty() && answer.code.is_none(), "{text}: {answer:?}");
        }
        let brief = read("APPROUVER 4821").expect("a code");
        assert_eq!((brief.approve, brief.item, brief.code.as_deref()), (Some(true), None, Some("4821")));
    }

    #[test]
    fn a_no_needs_no_code_and_other_texts_are_left_alone() {
        let no = read("REFUSER 12").expect("a no");
        assert_eq!((no.approve, no.item.as_deref(), no.asked.len()), (Some(false), Some("12"), 0));
        for text in ["yes", "yes 3", "oui merci", "3 boxes", "no fever here", "alert measles 7 years"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(read("YES 9 4471").expect("about others").is_refused);
        assert!(read("approve 9").expect("about others").is_refused);
        assert_eq!(read("yes 9"), None, "an answer to a question");
    }
}
