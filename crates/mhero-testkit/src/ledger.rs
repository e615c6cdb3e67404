//! The promises of delivery, checked over what happened: every accepted text was taken at least once, nothing was taken twice unless
//! nobody could know whether it had left, what belongs together left in its order, nothing left after STOP, and every text of a phone
//! that was acknowledged is kept once.
//!
//! Texts of a test begin with a word that tells them apart; texts that the program sends by itself are not in the ledger.

use std::collections::BTreeMap;

/// A text that the operator took: a phone has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Took {
    /// The phone, as `+231770000001`.
    pub phone: String,
    /// The first word of the text.
    pub word: String,
}

/// A text that the program has accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The phone it is for, as `+231770000001`.
    pub phone: String,
    /// Its first word.
    pub word: String,
    /// What the program says about it at the end: `sent`, `delivered`, `failed`, `expired`, `cancelled`, `uncertain`.
    pub state: String,
    /// How often the program says that nobody knew whether it had left.
    pub doubts: i64,
    /// Texts with a rank leave to one phone in the order of their ranks.
    pub rank: Option<u64>,
    /// Whether STOP keeps it from a phone.
    pub is_stoppable: bool,
    /// How often it, or a part of it, was begun to be handed over, by what was written down before each time.
    pub begun: usize,
}

/// How things stood when a phone had stopped everything.
#[derive(Clone, Debug, Default)]
pub struct Stopped {
    /// How much the operator had taken by then.
    pub taken: usize,
    /// How often texts to the phone had been begun to be handed over by then, by their first words. What lay in the network then may
    /// still arrive; nothing may be begun any more.
    pub begun: BTreeMap<String, usize>,
}

/// A text of a phone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wrote {
    /// How often it was handed over.
    pub tries: usize,
    /// Whether one of them was acknowledged.
    pub is_acknowledged: bool,
    /// Whether it had the same id each time, so that it must not be kept twice.
    pub has_id: bool,
}

/// What happened in one history.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// What the operator took, in order.
    pub taken: Vec<Took>,
    /// What the program has accepted.
    pub accepted: Vec<Accepted>,
    /// What phones wrote.
    pub written: BTreeMap<String, Wrote>,
    /// What the program has kept of it.
    pub kept: Vec<String>,
    /// Phones that have stopped everything.
    pub stopped: BTreeMap<String, Stopped>,
}

impl Ledger {
    /// Every promise that was broken, in words; empty when all were kept.
    #[must_use]
    pub fn broken(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let times = self.times();
        let mut rows: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for text in &self.accepted {
            let row = rows.entry((&text.phone, &text.word)).or_default();
            *row += 1;
            if *row == 2 {
                broken.push(format!("{} to {} is there twice", text.word, text.phone));
            }
            broken.extend(text.broken(times.get(&(&*text.phone, &*text.word)).map_or(0, Vec::len)));
        }
        for took in &self.taken {
            if !rows.contains_key(&(&*took.phone, &*took.word)) {
                broken.push(format!("{} reached {} and nobody knows of it", took.word, took.phone));
            }
        }
        broken.extend(self.out_of_order(&times));
        broken.extend(self.after_stop());
        broken.extend(self.lost_or_doubled());
        broken
    }

    /// How many texts were taken more than once.
    #[must_use]
    pub fn doubled(&self) -> usize {
        self.times().values().filter(|places| places.len() > 1).count()
    }

    /// Where each text stands in what was taken.
    fn times(&self) -> BTreeMap<(&str, &str), Vec<usize>> {
        let mut times: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (place, took) in self.taken.iter().enumerate() {
            times.entry((took.phone.as_str(), took.word.as_str())).or_default().push(place);
        }
        times
    }

    fn out_of_order(&self, times: &BTreeMap<(&str, &str), Vec<usize>>) -> Vec<String> {
        let mut ranked: Vec<(u64, &Accepted)> =
            self.accepted.iter().filter_map(|text| Some((text.rank?, text))).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        let (mut last, mut broken) = (BTreeMap::new(), Vec::new());
        for (_, text) in ranked {
            let first = times.get(&(&*text.phone, &*text.word)).and_then(|places| places.first());
            let Some(first) = first else { continue };
            if let Some((before, word)) = last.insert(&text.phone, (first, &text.word))
                && before > first
            {
                broken.push(format!("{} overtook {word} to {}", text.word, text.phone));
            }
        }
        broken
    }

    fn after_stop(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for text in self.accepted.iter().filter(|text| text.is_stoppable) {
            let (phone, word) = (&text.phone, &text.word);
            let Some(stopped) = self.stopped.get(phone) else { continue };
            let begun = stopped.begun.get(word).copied().unwrap_or_default();
            if text.begun > begun {
                broken.push(format!("{word} to {phone} was begun {begun} times before STOP and {} in all", text.begun));
            }
            let is_it = |took: &&Took| took.phone == *phone && took.word == *word;
            let earlier = self.taken.iter().take(stopped.taken).filter(is_it).count();
            let later = self.taken.iter().skip(stopped.taken).filter(is_it).count();
            if later > begun.saturating_sub(earlier) {
                broken.push(format!("{word} reached {phone} after STOP, and {earlier} of {begun} times before"));
            }
        }
        broken
    }

    fn lost_or_doubled(&self) -> Vec<String> {
        let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
        for text in &self.kept {
            *kept.entry(text).or_default() += 1;
        }
        let mut broken = Vec::new();
        for (text, wrote) in &self.written {
            let there = kept.remove(text.as_str()).unwrap_or_default();
            let most = if wrote.has_id { wrote.tries.min(1) } else { wrote.tries };
            if !(usize::from(wrote.is_acknowledged)..=most).contains(&there) {
                broken.push(format!("{text:?} is kept {there} times: {wrote:?}"));
            }
        }
        broken.extend(kept.keys().map(|text| format!("{text:?} is kept and nobody wrote it")));
        broken
    }
}

impl Accepted {
    /// What is wrong with it, having been taken so often.
    fn broken(&self, times: usize) -> Option<String> {
        let Self { phone, word, state, doubts, .. } = self;
        let has_left = ["sent", "delivered"].contains(&state.as_str());
        let is_at_rest = has_left || ["failed", "expired", "cancelled", "uncertain"].contains(&state.as_str());
        if !is_at_rest {
            return Some(format!("{word} to {phone} is {state} for ever"));
        }
        if has_left && times == 0 {
            return Some(format!("{word} to {phone} is {state} and was never taken"));
        }
        (times > 1 && *doubts == 0).then(|| format!("{word} to {phone} was silently doubled: taken {times} times"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn took(word: &str) -> Took {
        Took { phone: "+1".into(), word: word.into() }
    }

    fn accepted(word: &str, state: &str, doubts: i64, rank: Option<u64>) -> Accepted {
        let (phone, word, state) = ("+1".to_owned(), word.to_owned(), state.to_owned());
        Accepted { phone, word, state, doubts, rank, is_stoppable: rank.is_none(), begun: 1 }
    }

    fn broken(taken: &[&str], accepted: Vec<Accepted>) -> usize {
        let taken = taken.iter().map(|word| took(word)).collect();
        Ledger { taken, accepted, ..Ledger::default() }.broken().len()
    }

    #[test]
    fn each_promise_is_checked() {
        let sent = || accepted("B1", "sent", 0, None);
        assert_eq!(broken(&["B1"], vec![sent()]), 0);
        assert_eq!(broken(&[], vec![sent()]), 1, "lost");
        assert_eq!(broken(&["B1", "B1"], vec![sent()]), 1, "doubled");
        assert_eq!(broken(&["B1", "B1"], vec![accepted("B1", "sent", 1, None)]), 0, "nobody could know");
        assert_eq!(broken(&["B1"], vec![sent(), sent()]), 1, "accepted twice");
        assert_eq!(broken(&["B2"], vec![]), 1, "from nowhere");
        assert_eq!(broken(&[], vec![accepted("B1", "waiting", 0, None)]), 1, "left lying");
        // What was uncertain when STOP came may have left, and stays uncertain. Of several parts of a cancelled one some may have.
        assert_eq!(broken(&["B1"], vec![accepted("B1", "uncertain", 1, None)]), 0);
        assert_eq!(broken(&["B1"], vec![accepted("B1", "cancelled", 0, None)]), 0);
        let answers = || vec![accepted("A1", "sent", 0, Some(1)), accepted("A2", "sent", 0, Some(2))];
        assert_eq!((broken(&["A1", "A2"], answers()), broken(&["A2", "A1"], answers())), (0, 1), "overtaken");
    }

    #[test]
    fn nothing_is_handed_over_after_stop() {
        let broken = |took_before: usize, begun_before: usize, begun: usize| {
            let before = [("B1".to_owned(), begun_before)].into();
            let answer = accepted("A1", "sent", 0, Some(1));
            let text = Accepted { begun, ..accepted("B1", "sent", 0, None) };
            let stopped = [("+1".to_owned(), Stopped { taken: took_before, begun: before })].into();
            Ledger { taken: vec![took("A1"), took("B1")], accepted: vec![answer, text], stopped, ..Ledger::default() }
                .broken()
                .len()
        };
        assert_eq!(broken(2, 1, 1), 0, "all of it was before");
        assert_eq!(broken(0, 1, 1), 0, "it lay in the network, and an answer is none of STOP's");
        assert_eq!(broken(1, 0, 1), 2, "begun and taken afterwards");
        assert_eq!(broken(2, 1, 2), 1, "begun again and lost");
        assert_eq!(broken(1, 0, 0), 1, "taken without being begun");
    }

    #[test]
    fn what_phones_wrote_is_kept_once() {
        let of = |tries, is_acknowledged, has_id, kept: usize| {
            let written = [("T1".to_owned(), Wrote { tries, is_acknowledged, has_id })].into();
            Ledger { written, kept: vec!["T1".into(); kept], ..Ledger::default() }.broken().len()
        };
        assert_eq!((of(1, true, false, 1), of(1, true, false, 0), of(1, false, false, 0)), (0, 1, 0));
        assert_eq!((of(2, true, false, 2), of(2, true, true, 2), of(2, false, true, 1)), (0, 1, 0));
        let unknown = Ledger { kept: vec!["T2".into()], ..Ledger::default() };
        assert_eq!(unknown.broken().len(), 1);
    }
}
