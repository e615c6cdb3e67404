//! STOP, START and HELP: honoured before anything else, but only as a wish to leave, to return or to get help.
//!
//! A text is such a wish when *every* part of it fits the wish. One word that has nothing to do with it ("stop the bleeding",
//! "arrêt maladie", "start labour room 2") makes it talk for a person. What is nearly such a wish is asked back.

use mhero_core::Lang;

use super::{
    Meaning, Outcome, Question, Situation,
    fold::Text,
    lexicon::Class,
    marks::{self, Mark, Part, is_keyword},
    near::{Nearness, nearness},
    ordinary,
    words::Vocabulary,
};

/// Listed words that end many things, not only messages; with a bare "it" they may mean something else.
const BROAD: [&str; 6] = ["end", "quit", "cancel", "fin", "annuler", "exit"];

/// Reads a text as a wish to leave, return or get help. `None` when it is something else.
pub(super) fn understand(text: &Text, situation: &Situation<'_>) -> Option<Outcome> {
    if text.tokens.is_empty() || text.tokens.len() > marks::MARKED_TOKENS_MAX {
        return None;
    }
    let sight = Sight::new(text, situation);
    sight.leave().or_else(|| sight.come_back()).or_else(|| sight.help()).or_else(|| first_sentence(text, situation))
}

/// The marks of a text and what can be said of them at once.
struct Sight<'t> {
    text: &'t Text,
    vocabulary: &'t Vocabulary,
    stopped: bool,
    marks: Vec<Mark>,
    /// Words that fit no wish.
    unknown: Vec<usize>,
    /// Whether all of those stand in the message that the person saw last: what it was about.
    from_last: bool,
}

impl<'t> Sight<'t> {
    fn new(text: &'t Text, situation: &Situation<'t>) -> Self {
        let vocabulary = situation.words;
        let mut marks = marks::marks(text, vocabulary);
        let last = situation.last_sent.map(Text::read);
        let last = last.as_ref().map_or(&[][..], |last| &last.tokens);
        // A message opens with the name of its sender, and people stop that: "STOP MOH".
        let sender = |at: usize| last.iter().take(2).any(|token| token.caps && token.text == text.tokens[at].text);
        for mark in marks.iter_mut().filter(|mark| mark.part == Part::Unknown && sender(mark.at)) {
            mark.part = Part::Phrase(Class::List);
        }
        // "No, stop": the first word answers something else.
        let ends = |at: usize| text.gap_before(at).contains(['.', ',', ';', ':', '!', '\n']);
        let answers_else = |mark: &Mark| mark.part == Part::Phrase(Class::Neg) && ends(mark.at + mark.length);
        let answered = marks.first().is_some_and(answers_else) && marks.len() > 1;
        if answered {
            marks.remove(0);
        }
        let unknown: Vec<usize> = marks.iter().filter(|mark| mark.part == Part::Unknown).map(|mark| mark.at).collect();
        // The words of a question are there to be answered.
        let telling = situation.question.is_none() && unknown.len() <= 2;
        let from_last =
            telling && unknown.iter().all(|at| last.iter().any(|token| token.text == text.tokens[*at].text));
        Self { text, vocabulary, stopped: situation.stopped, marks, unknown, from_last }
    }

    fn has(&self, class: Class) -> bool {
        self.marks.iter().any(|mark| mark.part == Part::Phrase(class))
    }

    /// The nearest listed word of a kind.
    fn nearest(&self, of: fn(&Part) -> Option<Nearness>) -> Option<Nearness> {
        self.marks.iter().filter_map(|mark| of(&mark.part)).min()
    }

    fn lang(&self, is: impl Fn(&Part) -> bool) -> Option<Lang> {
        let by_word = self.marks.iter().filter(|mark| is(&mark.part)).find_map(|mark| mark.lang);
        by_word.or_else(|| self.marks.iter().find_map(|mark| mark.lang))
    }

    fn outcome(&self, meaning: Meaning, lang: Option<Lang>) -> Option<Outcome> {
        Some(Outcome { meaning, lang, forward: !self.unknown.is_empty() })
    }

    /// The one topic that is named; `Err` when several are.
    fn topic(&self) -> Result<Option<String>, Vec<String>> {
        let mut topics: Vec<String> = Vec::new();
        for mark in &self.marks {
            if let Part::Topic(topic) = &mark.part
                && !topics.contains(topic)
            {
                topics.push(topic.clone());
            }
        }
        if topics.len() > 1 { Err(topics) } else { Ok(topics.pop()) }
    }

    /// The topics, when one unknown word right after the command can only be meant as one: nearly a topic, or a keyword.
    fn odd_topic(&self) -> Option<Vec<String>> {
        let [at] = self.unknown.as_slice() else { return None };
        let word = &self.text.tokens[*at].text;
        let near = |topic: &super::words::TopicEntry| {
            topic.words.iter().any(|entry| {
                let listed = entry.joined();
                let plural =
                    [format!("{listed}s"), format!("{listed}es")].contains(word) || format!("{word}s") == listed;
                plural || nearness(word, &listed).is_some()
            })
        };
        let nearby: Vec<String> =
            self.vocabulary.topics.iter().filter(|topic| near(topic)).map(|topic| topic.topic.clone()).collect();
        if nearby.is_empty() && is_keyword(word, self.vocabulary) {
            return Some(self.vocabulary.topics.iter().map(|topic| topic.topic.clone()).collect());
        }
        (!nearby.is_empty()).then_some(nearby)
    }

    fn leave(&self) -> Option<Outcome> {
        let listed = self.nearest(|part| if let Part::Stop(near) = part { Some(*near) } else { None });
        let is_stop: fn(&Part) -> bool =
            |part| matches!(part, Part::Stop(_) | Part::Phrase(Class::Cease | Class::Unsubscribe));
        let lang = self.lang(is_stop);
        let named = listed.is_some() || self.has(Class::Cease) || self.has(Class::Unsubscribe);
        if !named {
            return self.leave_in_own_words();
        }
        if self.has(Class::Neg) {
            return None;
        }
        let ask = || self.outcome(Meaning::Ask(Question::Stop), lang);
        if !self.unknown.is_empty() {
            return self.leave_something_odd(is_stop, lang);
        }
        let opposed = self.has(Class::Resume) || self.has(Class::Resubscribe) || self.has(Class::Help);
        let started = self.marks.iter().any(|mark| match mark.part {
            Part::Start(near) | Part::Help(near) => near <= Nearness::Close,
            _ => false,
        });
        // "The end", "l'arrêt": a thing, not a wish.
        let is_thing = |pair: &[Mark]| pair[0].part == Part::Phrase(Class::Det) && is_stop(&pair[1].part);
        let thing = !self.has(Class::Want) && self.marks.windows(2).any(is_thing);
        if opposed || started || thing || self.has(Class::How) {
            return ask();
        }
        let scope = match self.topic() {
            Ok(scope) => scope,
            Err(candidates) => return self.outcome(Meaning::Ask(Question::Topic { candidates }), lang),
        };
        if self.surely_leaves(listed) { self.outcome(Meaning::Stop { scope }, lang) } else { ask() }
    }

    /// A STOP word with words that fit no wish. Mostly talk; but what can be meant as a list to leave is asked back.
    fn leave_something_odd(&self, is_stop: fn(&Part) -> bool, lang: Option<Lang>) -> Option<Outcome> {
        let head = self.marks.iter().find(|mark| !is_courtesy(&mark.part));
        if self.marks.len() > 8 || !head.is_some_and(|mark| is_stop(&mark.part)) {
            return None;
        }
        let only_digits = self.unknown.iter().all(|at| self.text.tokens[*at].is_number());
        let about_messages = self.unknown.len() == 1 && self.has(Class::Object);
        let names_list = self.from_last || about_messages || self.names_some_list(head);
        let any_topic = || self.vocabulary.topics.iter().map(|topic| topic.topic.clone()).collect();
        match self.odd_topic() {
            Some(candidates) => self.outcome(Meaning::Ask(Question::Topic { candidates }), lang),
            None if only_digits || names_list && self.vocabulary.topics.is_empty() => {
                self.outcome(Meaning::Ask(Question::Stop), lang)
            }
            None if names_list => self.outcome(Meaning::Ask(Question::Topic { candidates: any_topic() }), lang),
            None => None,
        }
    }

    /// Whether a text is a STOP word in capitals, as our messages write it, and one word that nobody uses every day: `STOP EPI` where
    /// no list has that name. Written small it is mostly talk: "stop bleeding".
    fn names_some_list(&self, head: Option<&Mark>) -> bool {
        let [at] = self.unknown.as_slice() else { return false };
        let Some(head) = head.filter(|mark| matches!(mark.part, Part::Stop(near) if near <= Nearness::Close)) else {
            return false;
        };
        let (stop, word) = (&self.text.tokens[head.at], &self.text.tokens[*at]);
        let alone = self.marks.iter().filter(|mark| !is_courtesy(&mark.part)).count() == 2;
        let broad = BROAD.contains(&stop.text.as_str());
        alone && stop.caps && !broad && !word.is_number() && !ordinary::is_ordinary(&word.text)
    }

    /// Whether a STOP word, with nothing strange beside it, is plain enough to act on.
    fn surely_leaves(&self, listed: Option<Nearness>) -> bool {
        let broad = self.text.tokens.iter().any(|token| BROAD.contains(&token.text.as_str()));
        let plain = listed.is_some_and(|near| near <= Nearness::Close);
        let object =
            [Class::Object, Class::List, Class::All, Class::Send, Class::Receive].into_iter().any(|c| self.has(c));
        if plain {
            return !(broad && !object && (self.has(Class::It) || self.has(Class::Want)));
        }
        if self.has(Class::Unsubscribe)
            || self.has(Class::Cease) && (object || self.topic().is_ok_and(|topic| topic.is_some()))
        {
            return true;
        }
        // An inflected form of a listed word: the first letters are the same.
        let stem = |word: &str| word.chars().take(3).collect::<String>();
        let mut forms = self.marks.iter().filter(|mark| mark.part == Part::Phrase(Class::Cease));
        forms.any(|mark| {
            let form = stem(&self.text.tokens[mark.at].text);
            self.vocabulary.stop.iter().any(|entry| stem(&entry.joined()) == form)
        })
    }

    /// Wishes to leave that use no STOP word: "no more messages please", "take me off the list".
    fn leave_in_own_words(&self) -> Option<Outcome> {
        if !self.unknown.is_empty() {
            return None;
        }
        let lang = self.lang(|part| matches!(part, Part::Phrase(Class::Neg | Class::Remove | Class::Object)));
        let stop = || self.outcome(Meaning::Stop { scope: None }, lang);
        let ask = || self.outcome(Meaning::Ask(Question::Stop), lang);
        let (object, neg) = (self.has(Class::Object), self.has(Class::Neg));
        let listed = object || self.has(Class::List);
        if self.has(Class::Remove) && self.has(Class::Me) && !neg {
            return if self.has(Class::How) { ask() } else { stop() };
        }
        if self.has(Class::Leave) && !neg {
            // English "leave" is also what people take, and ask for.
            let bare = self.text.tokens.iter().all(|token| token.text != "leave" && token.text != "leaving");
            return if listed && !self.has(Class::How) {
                stop()
            } else if bare || self.has(Class::Want) {
                ask()
            } else {
                None
            };
        }
        if self.has(Class::Tire) && object {
            return ask();
        }
        if !neg {
            // "Plus de messages" may be a wish for none or for more.
            let unclear = object && !self.has(Class::Receive) || self.has(Class::Want) && self.has(Class::Receive);
            return (unclear && self.has(Class::More)).then(ask).flatten();
        }
        let wish = self.has(Class::Want) || self.has(Class::Send);
        let complains = self.has(Class::Receive) && !self.has(Class::Want);
        match (object, wish, self.has(Class::More) || self.has(Class::Anew)) {
            _ if complains => None,
            (true, true, _) | (true, false, true) => stop(),
            (false, true, true) if self.has(Class::Send) => stop(),
            (true, false, false) | (false, true, true) => ask(),
            _ => None,
        }
    }

    fn come_back(&self) -> Option<Outcome> {
        let listed = self.nearest(|part| if let Part::Start(near) = part { Some(*near) } else { None });
        let is_start = |part: &Part| matches!(part, Part::Start(_) | Part::Phrase(Class::Resume | Class::Resubscribe));
        let lang = self.lang(is_start);
        let ask = || self.outcome(Meaning::Ask(Question::Start), lang);
        if self.has(Class::Neg) || self.unknown.len() > 1 {
            return None;
        }
        if listed.is_none() && !self.has(Class::Resume) && !self.has(Class::Resubscribe) {
            let (object, receive) = (self.has(Class::Object), self.has(Class::Receive));
            let anew = self.has(Class::Anew) || self.stopped && !self.has(Class::More);
            return match (self.has(Class::Want) && self.unknown.is_empty(), object, receive) {
                (true, true, _) if anew && (receive || self.has(Class::Anew)) => {
                    self.outcome(Meaning::Start { scope: None }, lang)
                }
                (true, false, true) if self.has(Class::Anew) => ask(),
                (true, true, true) if !self.has(Class::More) => ask(),
                _ => None,
            };
        }
        if !self.unknown.is_empty() {
            let leads =
                self.marks.iter().find(|mark| !is_courtesy(&mark.part)).is_some_and(|mark| is_start(&mark.part));
            let candidates = self.odd_topic().filter(|_| leads && self.marks.len() <= 6)?;
            return self.outcome(Meaning::Ask(Question::Topic { candidates }), lang);
        }
        let scope = match self.topic() {
            Ok(scope) => scope,
            Err(candidates) => return self.outcome(Meaning::Ask(Question::Topic { candidates }), lang),
        };
        let plain = listed.is_some_and(|near| near <= Nearness::Close) || self.has(Class::Resubscribe);
        let object = self.has(Class::Object) || self.has(Class::All) || scope.is_some();
        let sure = plain || self.has(Class::Resume) && (object || self.stopped);
        if sure && !self.has(Class::How) { self.outcome(Meaning::Start { scope }, lang) } else { ask() }
    }

    fn help(&self) -> Option<Outcome> {
        let listed = self.nearest(|part| if let Part::Help(near) = part { Some(*near) } else { None });
        let named = listed.is_some_and(|near| near <= Nearness::Typo) || self.has(Class::Help);
        let about_keyword = |at: &usize| is_keyword(&self.text.tokens[*at].text, self.vocabulary);
        let clear = self.unknown.len() <= 1 && self.unknown.iter().all(about_keyword);
        // Three words at most beside courtesy: a longer cry for help is for a person.
        let core = self.marks.iter().filter(|mark| !is_courtesy(&mark.part)).count();
        let lang = self.lang(|part| matches!(part, Part::Help(_) | Part::Phrase(Class::Help)));
        (named && clear && core <= 3 && !self.has(Class::Neg)).then(|| self.outcome(Meaning::Help, lang)).flatten()
    }
}

fn is_courtesy(part: &Part) -> bool {
    use Class::{Det, Greet, Me, More, Polite, Title, Want};
    matches!(part, Part::Phrase(Greet | Title | Polite | Want | Det | Me | More))
}

/// A STOP word that is a sentence by itself, with other sentences after it: probably a wish to leave, but it is asked back.
fn first_sentence(text: &Text, situation: &Situation<'_>) -> Option<Outcome> {
    let ends = (1..text.tokens.len()).find(|at| text.opens_sentence(*at))?;
    let first = Text::read(&text.source[..text.tokens[ends - 1].end]);
    let outcome = Sight::new(&first, situation).leave()?;
    let stops = matches!(outcome.meaning, Meaning::Stop { .. });
    stops.then_some(Outcome { meaning: Meaning::Ask(Question::Stop), lang: outcome.lang, forward: true })
}
