//! A carrier that does what a test scripts, or what chance says, and remembers what it was given.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use jiff::SignedDuration;
use mhero_app::{
    App, AppError, Caller,
    ports::{Carrier, ChannelSettings, Driver, Outcome, Outgoing, Parts},
};
use mhero_core::{MessageId, SubmissionId};
use mhero_store::{Store, ThreadFilter};
use tokio::sync::Notify;

use super::Chance;

/// What the carrier answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// Takes it.
    Accept,
    /// Refuses it for good.
    Refuse,
    /// Refuses it because the phone's owner stopped us there.
    Stopped,
    /// Never got it.
    NotSent,
    /// Took it perhaps.
    Unknown,
    /// Says nothing until the test lets it: then it takes it.
    Wait,
    /// Says nothing until the test lets it: then it refuses it for good.
    WaitAndRefuse,
}

/// One part as it was handed over, and what the carrier said to it; `None` when the process died first.
#[derive(Clone, Debug)]
pub(crate) struct Handed {
    pub(crate) message: MessageId,
    pub(crate) part: i64,
    pub(crate) said: Option<Script>,
}

/// A carrier that answers by chance, and looks into the store with each part that it is given.
pub(crate) struct Chaos {
    pub(crate) chance: Chance,
    pub(crate) observer: Store,
    /// Takes everything from now on.
    pub(crate) is_calm: bool,
    /// Several nodes run: what one does while another takes a STOP in can't be ordered.
    pub(crate) is_crowded: bool,
    pub(crate) log: Vec<Handed>,
    pub(crate) wrong: Vec<String>,
}

/// The carrier: takes everything unless scripted otherwise. Its ids are `c1`, `c2`, ...
#[derive(Default)]
pub(crate) struct Fake {
    script: Mutex<VecDeque<Script>>,
    got: Mutex<Vec<Outgoing>>,
    /// For how long it was asked to keep each.
    kept: Mutex<Vec<Option<SignedDuration>>>,
    pub(crate) chaos: Mutex<Option<Chaos>>,
    /// The process is to die now.
    pub(crate) dies: Notify,
    /// Lets what waits go on.
    pub(crate) go_on: Notify,
    /// Something waits.
    pub(crate) waits: Notify,
}

impl Fake {
    /// What it answers next, one word a submission.
    pub(crate) fn script(&self, words: impl IntoIterator<Item = Script>) {
        self.script.lock().expect("a lock").extend(words);
    }

    /// Texts that it was given, with the number.
    pub(crate) fn texts(&self) -> Vec<(String, String)> {
        self.got.lock().expect("a lock").iter().map(|o| (o.to.path().to_owned(), o.text.clone())).collect()
    }

    /// Our ids of the submissions that it was given.
    pub(crate) fn submissions(&self) -> Vec<SubmissionId> {
        self.got.lock().expect("a lock").iter().map(|o| o.submission).collect()
    }

    /// For how many minutes it was asked to keep the last one.
    pub(crate) fn kept_minutes(&self) -> Option<i64> {
        self.kept.lock().expect("a lock").last().copied().flatten().map(|left| left.as_mins())
    }

    /// How many submissions it was given.
    pub(crate) fn count(&self) -> usize {
        self.got.lock().expect("a lock").len()
    }

    /// Reads or changes the carrier of chance.
    pub(crate) fn chaos<T>(&self, look: impl FnOnce(&mut Chaos) -> T) -> T {
        look(self.chaos.lock().expect("a lock").as_mut().expect("a carrier of chance"))
    }

    async fn by_chance(&self, outgoing: &Outgoing) -> Script {
        let (place, word, dies, observer, crowded) = self.chaos(|chaos| {
            chaos.log.push(Handed { message: outgoing.message, part: outgoing.part, said: None });
            let word = match chaos.chance.below(20) {
                _ if chaos.is_calm => Script::Accept,
                0 => Script::Refuse,
                1..=4 => Script::NotSent,
                5..=6 => Script::Unknown,
                _ => Script::Accept,
            };
            let dies = !chaos.is_calm && chaos.chance.below(25) == 0;
            (chaos.log.len() - 1, word, dies, chaos.observer.clone(), chaos.is_crowded)
        });
        if !crowded && let Some(wrong) = after_stop(&observer, outgoing).await {
            self.chaos(|chaos| chaos.wrong.push(wrong));
        }
        if dies {
            self.dies.notify_one();
            std::future::pending::<()>().await;
        }
        tokio::task::yield_now().await;
        self.chaos(|chaos| chaos.log[place].said = Some(word));
        word
    }
}

/// Nothing but confirmations goes to a number that has asked to stop, unless it wrote again and an official answers.
async fn after_stop(observer: &Store, outgoing: &Outgoing) -> Option<String> {
    let path = outgoing.to.path();
    let since = observer.stopped_since("tel", path).await.expect("it answers")?;
    let wrong = || format!("{:?} left for a number that has asked to stop", outgoing.text);
    if outgoing.text.contains('B') && outgoing.part == 1 {
        return Some(wrong());
    }
    if outgoing.text.contains('A') {
        let scope = Caller::system().scope;
        let threads = observer.threads(&scope, "open", ThreadFilter::All, i64::MAX, 1_000).await.expect("threads");
        let closed = observer.threads(&scope, "closed", ThreadFilter::All, i64::MAX, 1_000).await.expect("threads");
        let wrote = threads.iter().chain(&closed).any(|t| t.path == path && t.heard_at > since);
        return (!wrote).then(wrong);
    }
    None
}

#[async_trait]
impl Carrier for Fake {
    fn parts(&self) -> Parts {
        Parts::Split
    }

    async fn submit_within(&self, outgoing: &Outgoing, valid_for: Option<SignedDuration>) -> Outcome {
        self.kept.lock().expect("a lock").push(valid_for);
        self.submit(outgoing).await
    }

    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        let is_chaos = self.chaos.lock().expect("a lock").is_some();
        let word = if is_chaos {
            self.by_chance(outgoing).await
        } else {
            self.script.lock().expect("a lock").pop_front().unwrap_or(Script::Accept)
        };
        let id = {
            let mut got = self.got.lock().expect("a lock");
            got.push(outgoing.clone());
            format!("c{}", got.len())
        };
        let reason = || "scripted".to_owned();
        match word {
            Script::Accept => Outcome::Accepted { carrier_id: Some(id) },
            Script::Wait | Script::WaitAndRefuse => {
                self.waits.notify_one();
                self.go_on.notified().await;
                match word {
                    Script::Wait => Outcome::Accepted { carrier_id: Some(id) },
                    _ => Outcome::Refused { reason: reason() },
                }
            }
            Script::Refuse => Outcome::Refused { reason: reason() },
            Script::Stopped => Outcome::Stopped { reason: reason() },
            Script::NotSent => Outcome::NotSent { reason: reason(), retry_after: None },
            Script::Unknown => Outcome::Unknown { reason: reason() },
        }
    }
}

/// The driver of kind `fake`.
pub(crate) struct FakeDriver(pub(crate) Arc<Fake>);

impl Driver for FakeDriver {
    fn kind(&self) -> &'static str {
        "fake"
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[]
    }

    fn build(&self, _: &App, _: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        Ok(Arc::<Fake>::clone(&self.0))
    }
}
