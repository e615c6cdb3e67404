//! What must be true whatever happened.

use std::collections::BTreeMap;

use mhero_core::{Direction, MessageId, MessageKind, MessageState};
use mhero_store::MessageRow;
use mhero_testkit::{Accepted, Ledger, Stopped};

use super::{peer::is_ours, world::World};

impl World {
    /// States only ever move forward, as far as one look after each step sees.
    pub(super) async fn watch(&mut self) {
        for message in self.messages(Direction::Out).await {
            let now: MessageState = message.state.parse().expect("a state");
            if now == MessageState::Uncertain {
                self.doubted.insert(message.id);
            }
            if let Some(before) = self.states.insert(message.id, message.state) {
                let before: MessageState = before.parse().expect("a state");
                assert!(reaches(before, now), "{before} became {now}\n{}", self.words());
            }
        }
    }

    /// Checks it all. Returns how many texts were taken twice, which may only happen where nobody could know.
    pub(super) async fn check(&mut self) -> usize {
        self.watch().await;
        let ledger = self.ledger().await;
        let broken = ledger.broken();
        assert!(broken.is_empty(), "{broken:#?}\n{}", self.words());
        ledger.doubled()
    }

    async fn ledger(&self) -> Ledger {
        let taken = self.peer.taken();
        let mut accepted = Vec::new();
        for message in self.messages(Direction::Out).await {
            let text = message.text.clone().unwrap_or_default();
            let word = text.split(' ').next().unwrap_or_default();
            if !is_ours(word) {
                continue;
            }
            let times = taken.iter().filter(|took| took.phone == message.path && took.word == word).count();
            let was_doubted = self.doubted.contains(&message.id);
            let doubts = if times > 0 && !was_doubted { self.doubts(&message).await } else { i64::from(was_doubted) };
            let is_answer = message.kind == MessageKind::Thread;
            accepted.push(Accepted {
                phone: message.path.clone(),
                word: word.to_owned(),
                state: message.state.clone(),
                doubts,
                rank: if is_answer { word[1..].parse().ok() } else { None },
                is_stoppable: word.starts_with('B'),
                begun: self.begun(message.id).await,
            });
        }
        let kept = self.messages(Direction::In).await.into_iter().map(|message| message.text.expect("a text"));
        let (written, kept) = (self.written.clone(), kept.collect());
        Ledger { taken, accepted, written, kept, stopped: self.stopped.clone() }
    }

    /// How often a message, or a part of it, was begun to be handed over.
    async fn begun(&self, id: MessageId) -> usize {
        let parts = self.process().run(move |app| async move { app.store().part_states(id).await });
        parts.await.expect("submissions").len()
    }

    /// How things stand now with a phone that has stopped everything.
    pub(super) async fn stopped_now(&self, path: &str) -> Stopped {
        let taken = self.peer.taken().len();
        let mut begun = BTreeMap::new();
        for message in self.messages(Direction::Out).await.into_iter().filter(|message| message.path == path) {
            let word = message.text.as_deref().unwrap_or_default().split(' ').next().unwrap_or_default().to_owned();
            *begun.entry(word).or_default() += self.begun(message.id).await;
        }
        Stopped { taken, begun }
    }

    /// How often nobody knew whether a message had left.
    async fn doubts(&self, message: &MessageRow) -> i64 {
        let id = message.id;
        let counted = self.process().run(move |app| async move { app.store().uncertain_attempts(id).await });
        counted.await.expect("a count")
    }
}

/// Whether one state leads to another, in any number of moves.
fn reaches(from: MessageState, to: MessageState) -> bool {
    let mut reached = vec![from];
    let mut n = 0;
    while let Some(state) = reached.get(n).copied() {
        let next = MessageState::ALL.iter().filter(|next| state.may_become(**next));
        let new: Vec<_> = next.filter(|next| !reached.contains(next)).copied().collect();
        reached.extend(new);
        n += 1;
    }
    reached.contains(&to)
}
