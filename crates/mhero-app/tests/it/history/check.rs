//! What must be true whatever happened.

use std::collections::{BTreeMap, BTreeSet};

use mhero_app::Caller;
use mhero_core::{Direction, MessageId, MessageKind, MessageState};
use mhero_store::MessageRow;

use super::world::World;
use crate::common::Script;

impl World {
    async fn all(&self, direction: Direction) -> Vec<MessageRow> {
        self.since(0, direction).await
    }

    async fn since(&self, since: i64, direction: Direction) -> Vec<MessageRow> {
        let scope = Caller::system().scope;
        let mut all = self.t.app.store().recent_messages(&scope, (since, i64::MAX), Some(direction), 100_000).await;
        all.as_mut().expect("messages").reverse();
        all.expect("messages")
    }

    /// States only ever move forward, as far as one look after each step sees.
    pub(super) async fn watch(&mut self) {
        for message in self.since(self.since, Direction::Out).await {
            let now: MessageState = message.state.parse().expect("a state");
            if let Some(before) = self.states.insert(message.id, message.state) {
                let before: MessageState = before.parse().expect("a state");
                assert!(reaches(before, now), "{before} became {now}\n{}", self.words_of());
            }
        }
    }

    pub(super) async fn check(&mut self) {
        let wrong = self.t.fake.chaos(|chaos| std::mem::take(&mut chaos.wrong));
        assert!(wrong.is_empty(), "{wrong:?}\n{}", self.words_of());
        self.check_inbound().await;
        let out = self.all(Direction::Out).await;
        self.check_once(&out).await;
        self.check_order(&out);
        self.check_nothing_is_stuck(&out).await;
        self.check_flows().await;
    }

    /// Everybody of a start has one session, and every session has come to an end of its own: the question waits ten minutes,
    /// and days have passed.
    async fn check_flows(&self) {
        let caller = Caller::system();
        for id in &self.starts {
            let page = self.t.app.start_page(&caller, *id).await.expect("a page");
            assert_eq!(page.row.status, "started", "{}", self.words_of());
            assert_eq!(page.funnel.started, page.row.recipients, "{}", self.words_of());
        }
        for (status, count) in self.t.app.store().run_counts(&caller.scope, self.flow).await.expect("runs") {
            let has_ended = ["completed", "interrupted", "expired"].contains(&status.as_str());
            assert!(has_ended, "{count} runs are {status}\n{}", self.words_of());
        }
        let live = self.t.app.store().live_sessions(self.flow).await.expect("sessions");
        assert!(live.is_empty(), "{live:?}\n{}", self.words_of());
    }

    /// Every accepted text is there exactly once.
    async fn check_inbound(&self) {
        let mut there: BTreeMap<String, usize> = BTreeMap::new();
        for message in self.all(Direction::In).await {
            *there.entry(message.text.expect("a text")).or_default() += 1;
        }
        assert_eq!(there, self.accepted, "{}", self.words_of());
        assert_eq!(self.t.app.store().waiting_intake().await.expect("a count").0, 0, "{}", self.words_of());
    }

    /// Nobody gets a message of a broadcast twice, unless it could not be known whether the first one left.
    async fn check_once(&self, out: &[MessageRow]) {
        let mut known = BTreeSet::new();
        for message in out {
            if let Some(broadcast) = message.broadcast {
                assert!(known.insert((broadcast, message.person)), "two messages\n{}", self.words_of());
            }
            for part in 1..=message.segments.max(1) {
                let said = self.said(message.id, part);
                let taken = said.iter().filter(|said| **said == Some(Script::Accept)).count();
                if taken <= 1 {
                    continue;
                }
                let uncertain = self.t.app.store().uncertain_attempts(message.id).await.expect("a count");
                assert!(
                    uncertain > 0,
                    "part {part} of {:?} was silently doubled: {said:?}\n{}",
                    message.text,
                    self.words_of()
                );
            }
        }
    }

    /// Answers in a thread leave in the order in which they were written.
    fn check_order(&self, out: &[MessageRow]) {
        let first = |id: MessageId| self.t.fake.chaos(|c| c.log.iter().position(|h| h.message == id));
        let mut last = BTreeMap::new();
        let mut answers: Vec<_> = out.iter().filter(|m| m.kind == MessageKind::Thread).collect();
        answers.sort_by_key(|m| number_of(m));
        for message in answers {
            let Some(at) = first(message.id) else { continue };
            let before = last.insert(message.thread, at);
            assert!(before.is_none_or(|before| before < at), "{:?} overtook\n{}", message.text, self.words_of());
        }
    }

    /// Nothing waits for ever.
    async fn check_nothing_is_stuck(&self, out: &[MessageRow]) {
        let caller = Caller::system();
        for id in &self.broadcasts {
            let page = self.t.app.broadcast_page(&caller, *id).await.expect("a page");
            let status = page.broadcast.status.as_str();
            assert!(["done", "cancelled"].contains(&status), "a broadcast is {status}\n{}", self.words_of());
            let messages: i64 = page.states.iter().map(|s| s.messages).sum();
            if status == "done" {
                assert_eq!(messages, page.broadcast.recipients, "{}", self.words_of());
            }
        }
        for message in out {
            let stuck = ["waiting", "submitting"].contains(&message.state.as_str());
            assert!(!stuck, "{:?} is {}\n{}", message.text, message.state, self.words_of());
        }
        let jobs = self.t.app.store().count_jobs().await.expect("a count");
        assert!(jobs.is_empty(), "{jobs:?}\n{}", self.words_of());
    }
}

/// The number of an answer, which tells when it was written whatever the clock said.
fn number_of(message: &MessageRow) -> Option<u64> {
    let text = message.text.as_deref().unwrap_or_default();
    text.split(' ').find_map(|word| word.strip_prefix('A')?.parse().ok())
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
