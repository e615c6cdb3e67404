//! What can happen.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    Caller,
    broadcasts::{Draft, Release},
    flows::NewStart,
    messaging::{Accepted, Received, Verdict},
    ports::Report,
};
use mhero_core::{BroadcastId, FlowId, Lane, Lang, MessageId, StartId};
use mhero_store::{Engine, ThreadFilter};

use crate::{
    common::{Chance, Chaos, Script, TestApp},
    flows::{keyword, saved, stock},
};

/// Numbers that people of the registry have; the last one is a stranger's.
const PHONES: [&str; 4] = ["+231770000001", "+231770000002", "+231770000003", "+231770000009"];
/// A day, in seconds.
const DAY: i64 = 24 * 3_600;
/// Longer than any lease, so that what a dead process held is free.
const PAST_LEASES: SignedDuration = SignedDuration::from_secs(61);

/// An application, what was done to it, and what it must have kept.
pub(super) struct World {
    pub(super) t: TestApp,
    pub(super) seed: u64,
    pub(super) chance: Chance,
    /// Counts texts, so that each is told apart.
    number: u64,
    /// How far the time of leases is ahead, in microseconds.
    shift: i64,
    /// Accepted texts and how often.
    pub(super) accepted: BTreeMap<String, usize>,
    pub(super) broadcasts: Vec<BroadcastId>,
    /// A flow that asks for a number, and its starts.
    pub(super) flow: FlowId,
    pub(super) starts: Vec<StartId>,
    /// Last states seen.
    pub(super) states: HashMap<MessageId, String>,
    /// What happened, told when a promise is broken.
    pub(super) story: Vec<String>,
    /// Messages written before this instant are no longer watched, in UTC microseconds.
    pub(super) since: i64,
}

impl World {
    pub(super) async fn new(engine: Engine) -> Self {
        let t = TestApp::new(engine).await;
        t.people(&[
            ("P1", "Martha Kollie", "en", &["0770000001"]),
            ("P2", "Fatou Diallo", "fr", &["0770000002"]),
            ("P3", "James Flomo", "en", &["0770000003"]),
            ("P4", "Prince Zaza", "en", &["0770000003"]),
        ])
        .await;
        // Capital letters tell the kinds of messages apart.
        let definition = String::from_utf8(stock()).expect("a text").replace("ACT", "pills");
        let flow = saved(&t, definition.as_bytes()).await;
        keyword(&t, flow, "stock", false).await;
        let observer = t.second().await.store().clone();
        let (log, wrong, chance) = (Vec::new(), Vec::new(), Chance::new(0));
        let chaos = Chaos { chance, observer, is_calm: true, is_crowded: false, log, wrong };
        *t.fake.chaos.lock().expect("a lock") = Some(chaos);
        Self {
            t,
            seed: 0,
            chance: Chance::new(0),
            number: 0,
            shift: 0,
            accepted: BTreeMap::new(),
            broadcasts: Vec::new(),
            flow,
            starts: Vec::new(),
            states: HashMap::new(),
            story: Vec::new(),
            since: 0,
        }
    }

    pub(super) async fn begin(&mut self, seed: u64) {
        // A morning on which everybody wants to hear from us and somebody has asked something.
        let tomorrow = self.t.app.clock().now().as_second() / DAY * DAY + DAY + 9 * 3_600;
        self.t.hand.set(Timestamp::from_second(tomorrow).expect("an instant"));
        for phone in PHONES {
            self.hear(phone, "START".into()).await;
            self.number += 1;
            self.hear(phone, format!("T{} how many boxes of gloves are there?", self.number)).await;
        }
        self.t.app.run_until_idle().await.expect("idle");
        self.seed = seed;
        self.chance = Chance::new(seed + 1);
        // A clock that is set back may go this far.
        self.since = (self.t.app.clock().now() - SignedDuration::from_hours(9)).as_microsecond();
        self.story.clear();
        self.broadcasts.clear();
        self.starts.clear();
        let chance = Chance::new(seed + 1_000_000);
        self.t.fake.chaos(|chaos| {
            chaos.chance = chance;
            chaos.is_calm = false;
        });
    }

    fn tell(&mut self, what: impl Into<String>) {
        self.story.push(what.into());
    }

    pub(super) async fn step(&mut self) {
        match self.chance.below(44) {
            36..=38 => self.start().await,
            39..=43 => self.talk().await,
            0..=6 => self.send().await,
            7..=9 => self.receive().await,
            10..=12 => self.control().await,
            13..=15 => self.report().await,
            16..=19 => self.answer().await,
            20..=22 => self.steer().await,
            23..=26 => self.pass_time(),
            27..=31 => self.run().await,
            32 => Box::pin(self.run_two()).await,
            _ => self.die().await,
        }
    }

    async fn send(&mut self) {
        self.number += 1;
        let lane = *self.chance.one_of(&[Lane::Bulk, Lane::Bulk, Lane::Normal, Lane::Alert]).expect("a lane");
        let release = if self.chance.below(4) == 0 { Release::AfterUndo } else { Release::Now };
        let query = *self.chance.one_of(&["*", "*", "phone = 0770000001", "language = fr"]).expect("a query");
        let mut text = format!("B{}", self.number);
        if self.chance.below(3) == 0 {
            text.push_str(&" long".repeat(50));
        }
        if self.chance.below(3) == 0 {
            text.push_str(" @contact.first_name");
        }
        let draft = Draft {
            name: text.clone(),
            query: query.into(),
            texts: vec![(Lang::ENGLISH, text)],
            lane,
            channel: None,
            release,
            zone: None,
            quiet_override: (self.chance.below(8) == 0).then(|| "an outbreak".into()),
            once_key: Some(format!("history {}", self.number)),
            is_test: false,
            is_drill: false,
            programme: None,
            valid_minutes: None,
        };
        self.tell(format!("send B{} {lane} {query} {:?}", self.number, draft.release));
        let id = self.t.app.send(&Caller::system(), &draft).await.expect("sent");
        assert_eq!(self.t.app.send(&Caller::system(), &draft).await.expect("pressed twice"), id);
        self.broadcasts.push(id);
    }

    async fn receive(&mut self) {
        self.number += 1;
        let from = *self.chance.one_of(&PHONES).expect("a phone");
        self.hear(from, format!("T{} we have no gloves left in this ward", self.number)).await;
    }

    /// A flow for an audience.
    async fn start(&mut self) {
        self.number += 1;
        let query = *self.chance.one_of(&["*", "phone = 0770000003", "language = en"]).expect("a query");
        let start = NewStart { once_key: Some(format!("history {}", self.number)), ..NewStart::new(self.flow, query) };
        self.tell(format!("start a flow for {query}"));
        let id = self.t.app.start_flow(&Caller::system(), &start).await.expect("started");
        assert_eq!(self.t.app.start_flow(&Caller::system(), &start).await.expect("pressed twice"), id);
        self.starts.push(id);
    }

    /// Somebody begins a flow, or answers one.
    async fn talk(&mut self) {
        let words = ["stock", "12", "7", "many", "1", "James"];
        let word = *self.chance.one_of(&words).expect("a word");
        let from = *self.chance.one_of(&PHONES).expect("a phone");
        self.hear(from, word.to_owned()).await;
    }

    async fn control(&mut self) {
        let words = ["STOP", "STOP", "ARRET", "START", "HELP", "ALERT measles"];
        let word = *self.chance.one_of(&words).expect("a word");
        let from = *self.chance.one_of(&PHONES).expect("a phone");
        self.hear(from, word.to_owned()).await;
    }

    async fn hear(&mut self, from: &str, text: String) {
        self.number += 1;
        let carrier_id = (self.chance.below(2) == 0).then(|| format!("in{}", self.number));
        let again = carrier_id.is_some() && self.chance.below(3) == 0;
        let received = Received { channel: self.t.channel, carrier_id, from: from.to_owned(), text: text.clone() };
        self.tell(format!("{from} writes {text}"));
        let new = matches!(self.t.app.receive(&received).await.expect("accepted"), Accepted::New(_));
        assert!(new, "{text}");
        *self.accepted.entry(text).or_default() += 1;
        if again {
            assert_eq!(self.t.app.receive(&received).await.expect("accepted"), Accepted::Known);
        }
        self.t.hand.advance(SignedDuration::from_millis(3));
    }

    async fn report(&mut self) {
        // Sometimes one ahead of what was given: a report may come before its answer.
        let given = self.t.fake.count() as u64 + 2;
        let id = if self.chance.below(3) == 0 { given - 1 } else { 1 + self.chance.below(given) };
        let report =
            if self.chance.below(3) == 0 { Report::Failed { reason: "absent".into() } } else { Report::Delivered };
        self.tell(format!("report c{id} {report:?}"));
        self.t.app.report(self.t.channel, &format!("c{id}"), report).await.expect("taken");
    }

    async fn answer(&mut self) {
        let caller = Caller::system();
        let threads = self.t.app.threads(&caller, "open", ThreadFilter::All, i64::MAX, 100).await.expect("threads");
        let Some(thread) = self.chance.one_of(&threads).map(|thread| thread.id) else { return };
        for _ in 0..=self.chance.below(2) {
            self.number += 1;
            let (text, key) = (format!("A{} four boxes leave today", self.number), format!("key {}", self.number));
            let answered = self.t.app.answer(&caller, thread, &text, &key).await;
            self.tell(format!("an official answers A{}: {}", self.number, answered.is_ok()));
        }
        if self.chance.below(6) == 0 {
            let _ = self.t.app.close_thread(&caller, thread, "done").await;
        }
    }

    async fn steer(&mut self) {
        let caller = Caller::system();
        let Some(id) = self.chance.one_of(&self.broadcasts).copied() else { return };
        let action = self.chance.below(7);
        // Each may be too late, which is no defect.
        let done = match action {
            0..=1 => self.t.app.pause_broadcast(&caller, id).await,
            2..=3 => self.t.app.resume_broadcast(&caller, id).await,
            4 => self.t.app.cancel_broadcast(&caller, id).await,
            5 => self.t.app.undo_broadcast(&caller, id).await,
            _ => {
                let verdict = if self.chance.below(2) == 0 { Verdict::SendAgain } else { Verdict::Leave };
                self.t.app.decide_uncertain(&caller, id, verdict).await.map(|_| ())
            }
        };
        self.tell(format!("steer {action}: {}", done.is_ok()));
    }

    fn pass_time(&mut self) {
        let seconds = *self.chance.one_of(&[1, 5, 20, 61, 130, 600, 7_200, 30_000]).expect("a time");
        let back = self.chance.below(12) == 0;
        let time = SignedDuration::from_secs(if back { -seconds } else { seconds });
        self.tell(format!("time {time:?}"));
        self.t.hand.advance(time);
    }

    async fn run(&mut self) {
        self.tell("run");
        let ended = tokio::select! {
            ended = self.t.app.run_until_idle() => Some(ended),
            () = self.t.fake.dies.notified() => None,
        };
        match ended {
            Some(ended) => ended.expect("idle"),
            None => self.restart().await,
        }
    }

    async fn run_two(&mut self) {
        self.tell("two nodes run");
        let other = self.t.second().await;
        other.store().shift_lease_time(self.shift);
        self.t.fake.chaos(|chaos| chaos.is_crowded = true);
        let both = async { tokio::join!(self.t.app.run_until_idle(), other.run_until_idle()) };
        let ended = tokio::select! {
            ended = both => Some(ended),
            () = self.t.fake.dies.notified() => None,
        };
        self.t.fake.chaos(|chaos| chaos.is_crowded = false);
        if let Some((one, two)) = ended {
            one.and(two).expect("idle");
        }
        self.restart().await;
    }

    /// The process dies somewhere in the middle.
    async fn die(&mut self) {
        let ticks = self.chance.below(400);
        self.tell(format!("run and die after {ticks}"));
        let killer = async {
            for _ in 0..ticks {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            ended = self.t.app.run_until_idle() => ended.expect("idle"),
            () = self.t.fake.dies.notified() => {}
            () = killer => {}
        }
        self.restart().await;
    }

    /// Another process on the same data; the one before is gone.
    async fn restart(&mut self) {
        self.tell("a new process");
        self.t.app = self.t.second().await;
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
        self.shift += i64::try_from(PAST_LEASES.as_micros()).expect("a short time");
        self.t.app.store().shift_lease_time(self.shift);
    }

    /// Everything works again, every official decides, and there is time.
    pub(super) async fn settle(&mut self) {
        self.t.fake.chaos(|chaos| chaos.is_calm = true);
        self.tell("settle");
        self.restart().await;
        let caller = Caller::system();
        // A question may wait for the morning, its silence end in the evening, and what follows wait for the next morning.
        for round in 0..12 {
            for id in self.broadcasts.clone() {
                let _ = self.t.app.resume_broadcast(&caller, id).await;
                self.t.app.decide_uncertain(&caller, id, Verdict::SendAgain).await.expect("decided");
            }
            self.t.app.run_until_idle().await.expect("idle");
            self.watch().await;
            let hours = if round < 3 { SignedDuration::from_mins(3) } else { SignedDuration::from_hours(9) };
            self.t.hand.advance(hours);
        }
    }

    pub(super) fn words_of(&self) -> String {
        let tail: Vec<_> = self.story.iter().map(String::as_str).collect();
        format!("seed {}:\n  {}", self.seed, tail.join("\n  "))
    }

    /// What the carrier was given of one text and part, and what it said.
    pub(super) fn said(&self, message: MessageId, part: i64) -> Vec<Option<Script>> {
        self.t.fake.chaos(|chaos| {
            chaos.log.iter().filter(|h| h.message == message && h.part == part).map(|h| h.said).collect()
        })
    }
}
