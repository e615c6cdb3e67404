//! What can happen.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    AppError, Caller, Facts,
    broadcasts::{Draft, Release},
    messaging::{NewChannel, Verdict},
    people::ImportOptions,
};
use mhero_core::{
    BroadcastId, Direction, Lane, Lang, LangMap, MessageId,
    record::{Content, PersonRecord, RawPhone, Record},
};
use mhero_store::{Clock, Engine, Hand, Location, MessageRow, Store, ThreadFilter};
use mhero_testkit::{Postgres, Stopped, TestDatabase, Wrote};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::{
    peer::{Peer, Way},
    process::Process,
};

/// People of the registry.
pub(super) const PEOPLE: usize = 9;
/// How often it is looked whether something is so.
const LOOK: Duration = Duration::from_millis(40);
/// How long a history may take to come to rest, in looks.
const LOOKS_MAX: usize = 2_500;

/// Looks from one watch over all messages to the next: what is uncertain stays so for more of them.
const WATCHED_EACH: usize = 5;

/// Messages that are not at rest.
const RESTLESS: [&str; 3] = ["waiting", "submitting", "uncertain"];

/// An operator, an application before it, what was done, and what must have been kept.
pub(super) struct World {
    name: String,
    pub(super) engine: Engine,
    pub(super) peer: Peer,
    pub(super) process: Option<Process>,
    pub(super) location: Location,
    pub(super) clock: Clock,
    pub(super) hand: Hand,
    chance: StdRng,
    number: u64,
    /// How far the time of leases is ahead, in microseconds.
    pub(super) shift: i64,
    /// The disk fails just now, so that nothing need be accepted.
    pub(super) is_spoilt: bool,
    broadcasts: Vec<BroadcastId>,
    /// What was to be sent and was not accepted: somebody presses the button again.
    unsent: Vec<Draft>,
    /// Texts of phones.
    pub(super) written: BTreeMap<String, Wrote>,
    /// Phones that have stopped everything, with how things stood then.
    pub(super) stopped: BTreeMap<String, Stopped>,
    /// Last states seen.
    pub(super) states: HashMap<MessageId, String>,
    /// Messages that were once said to be uncertain.
    pub(super) doubted: HashSet<MessageId>,
    looks: usize,
    /// What happened, told when a promise is broken.
    story: Vec<String>,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

/// The phone of a person, from 0.
pub(super) fn phone(person: usize) -> String {
    format!("2317700000{person:02}")
}

fn person(number: usize) -> Record {
    let raw = RawPhone { raw: format!("+{}", phone(number)), usage: None, element: "phone".into() };
    let content = PersonRecord {
        name: format!("Worker {number}"),
        language: Some(Lang::ENGLISH),
        active: true,
        phones: vec![raw],
        ..PersonRecord::default()
    };
    Record {
        origin: format!("test {number}"),
        kind: "Practitioner".into(),
        id: format!("P{number}"),
        raw: number.to_string(),
        warnings: vec![],
        content: Content::Person(Box::new(content)),
    }
}

fn liberia() -> Facts {
    Facts {
        countries: vec!["LR".into()],
        languages: vec![Lang::ENGLISH],
        zone: "Africa/Monrovia".into(),
        ministry: LangMap::one(Lang::ENGLISH, "Ministry of Health"),
        country_name: LangMap::one(Lang::ENGLISH, "Liberia"),
        short_code: Some("1234".into()),
        quiet: None,
        demo: false,
    }
}

async fn migrated(url: String) {
    Store::open_and_migrate(&Location::Postgres(url), Clock::wall()).await.expect("an empty database is migrated");
}

impl World {
    pub(super) async fn new(way: Way, engine: Engine, seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = match engine {
            Engine::Postgres => Some(Postgres::get().expect("PostgreSQL").database_like("history", migrated).await),
            Engine::Sqlite => None,
        };
        let location = match &database {
            Some(database) => Location::Postgres(database.url()),
            None => Location::File(folder.path().join("mhero.db")),
        };
        let (clock, hand) = Clock::manual("2026-11-22T09:00:00Z".parse::<Timestamp>().expect("an instant"));
        let mut peer = Peer::new(way, seed).await;
        let process = Process::start(&location, &clock, 0).await;
        let (kind, config) = peer.settings();
        let channel = NewChannel { kind: kind.into(), name: "line".into(), config };
        let made = process.run(|app| async move {
            let caller = Caller::system();
            app.set_facts(&caller, &liberia()).await?;
            let channel = app.add_channel(&caller, &channel).await?.id;
            let people = (0..PEOPLE).map(person).map(Ok);
            let done = app.import(&caller, "files", people, &ImportOptions::default()).await?;
            Ok::<_, AppError>((channel, done.rejected))
        });
        let (channel, rejected) = made.await.expect("the world is made");
        assert_eq!(rejected, 0);
        peer.calls(channel);
        Self {
            name: format!("{way:?} {engine:?} seed {seed}"),
            engine,
            peer,
            process: Some(process),
            location,
            clock,
            hand,
            chance: StdRng::seed_from_u64(seed + 1),
            number: 0,
            shift: 0,
            is_spoilt: false,
            broadcasts: Vec::new(),
            unsent: Vec::new(),
            written: BTreeMap::new(),
            stopped: BTreeMap::new(),
            states: HashMap::new(),
            doubted: HashSet::new(),
            looks: 0,
            story: Vec::new(),
            _folder: folder,
            _database: database,
        }
    }

    pub(super) fn process(&self) -> &Process {
        self.process.as_ref().expect("one runs at any time")
    }

    pub(super) async fn end(mut self) {
        if let Some(process) = self.process.take() {
            process.end().await;
        }
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.chance.random_range(0..limit)
    }

    fn next(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    pub(super) fn tell(&mut self, what: impl Into<String>) {
        self.story.push(what.into());
    }

    pub(super) fn words(&self) -> String {
        format!("{}:\n  {}", self.name, self.story.join("\n  "))
    }

    pub(super) async fn step(&mut self) {
        match self.below(24) {
            0..=5 => self.send().await,
            6..=9 => self.write().await,
            10..=11 => self.answer().await,
            12 => self.stop().await,
            13 => self.cut(),
            14..=15 => self.lose_network().await,
            16..=17 => self.die().await,
            18..=19 => self.spoil_disk().await,
            20 => self.set_clock().await,
            _ => self.wait().await,
        }
    }

    pub(super) async fn send(&mut self) {
        let number = self.next();
        let lane = [Lane::Bulk, Lane::Normal, Lane::Alert][self.below(3)];
        let long = if self.below(3) == 0 { " and a long explanation".repeat(12) } else { String::new() };
        let text = format!("B{number} vaccines come on Monday{long}");
        self.tell(format!("send B{number} {lane}, {} letters", text.len()));
        let draft = Draft {
            name: format!("B{number}"),
            query: "*".into(),
            texts: vec![(Lang::ENGLISH, text)],
            lane,
            channel: None,
            release: Release::Now,
            zone: None,
            quiet_override: None,
            once_key: Some(format!("history {number}")),
            is_test: false,
            is_drill: false,
            programme: None,
            valid_minutes: None,
        };
        self.hand_in(draft).await;
    }

    async fn hand_in(&mut self, draft: Draft) {
        let again = draft.clone();
        let sent = self.process().run(|app| async move { app.send(&Caller::system(), &draft).await });
        match sent.await {
            Ok(id) => self.broadcasts.push(id),
            Err(error) => {
                assert!(self.is_spoilt, "{error}\n{}", self.words());
                self.tell(format!("{} is not accepted: {error}", again.name));
                self.unsent.push(again);
            }
        }
    }

    /// A phone writes, and the centre repeats it until it is acknowledged.
    async fn write(&mut self) {
        let (number, from) = (self.next(), self.below(PEOPLE));
        let text = format!("T{number} how many boxes of gloves are there?");
        self.deliver(&phone(from), &text).await;
    }

    /// A phone writes, and whether it is acknowledged is left open.
    pub(super) async fn write_once(&mut self) {
        let (number, from) = (self.next(), phone(self.below(PEOPLE)));
        let text = format!("T{number} how many boxes of gloves are there?");
        let is_acknowledged = self.bring(&from, &text).await;
        self.tell(format!("{from} writes {text}: {is_acknowledged}"));
    }

    async fn deliver(&mut self, from: &str, text: &str) {
        self.tell(format!("{from} writes {text}"));
        for _ in 0..LOOKS_MAX {
            if self.bring(from, text).await {
                // Some operators bring it again all the same.
                if self.peer.has_ids() && self.below(3) == 0 {
                    self.bring(from, text).await;
                }
                return;
            }
            self.look().await;
        }
        panic!("{text} was never acknowledged\n{}", self.words());
    }

    async fn bring(&mut self, from: &str, text: &str) -> bool {
        let has_id = self.peer.has_ids();
        let is_acknowledged = self.peer.bring(self.process(), from, text).await;
        let wrote = self.written.entry(text.to_owned()).or_default();
        wrote.tries += 1;
        wrote.is_acknowledged |= is_acknowledged;
        // The same words may be written by several phones.
        wrote.has_id = has_id && text.starts_with('T');
        is_acknowledged
    }

    async fn answer(&mut self) {
        let threads = self
            .process()
            .run(|app| async move { app.threads(&Caller::system(), "open", ThreadFilter::All, i64::MAX, 100).await });
        let threads = threads.await.expect("threads");
        if threads.is_empty() {
            return;
        }
        let thread = threads[self.below(threads.len())].id;
        for _ in 0..=self.below(2) {
            let number = self.next();
            let (text, key) = (format!("A{number} four boxes leave today"), format!("key {number}"));
            let answered =
                self.process().run(move |app| async move { app.answer(&Caller::system(), thread, &text, &key).await });
            let answered = answered.await.is_ok();
            self.tell(format!("an official answers A{number} in {thread}: {answered}"));
        }
    }

    /// Somebody stops everything: nothing is handed over to them any more once that is read.
    async fn stop(&mut self) {
        let from = phone(self.below(PEOPLE));
        self.deliver(&from, "STOP").await;
        for _ in 0..LOOKS_MAX {
            let waiting = self.process().run(|app| async move { app.store().waiting_intake().await });
            let is_read = waiting.await.expect("a count").0 == 0;
            // What was claimed before STOP was written down may be written down after it.
            self.look().await;
            if is_read {
                let path = format!("+{from}");
                let stood = self.stopped_now(&path).await;
                self.stopped.entry(path).or_insert(stood);
                return;
            }
        }
        panic!("STOP was never handled\n{}", self.words());
    }

    pub(super) async fn wait(&mut self) {
        for _ in 0..self.below(8) {
            self.look().await;
        }
    }

    /// Lets a little real time pass, and ten seconds of the clock, after which what failed is tried again.
    pub(super) async fn look(&mut self) {
        let mut looks = tokio::time::interval(LOOK);
        looks.tick().await;
        looks.tick().await;
        self.hand.advance(SignedDuration::from_secs(10));
        self.process().wake();
        self.peer.report(self.process()).await;
        self.looks += 1;
        if self.looks.is_multiple_of(WATCHED_EACH) {
            self.watch().await;
        }
    }

    pub(super) async fn messages(&self, direction: Direction) -> Vec<MessageRow> {
        let found = self.process().run(move |app| async move {
            app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), Some(direction), 100_000).await
        });
        let mut all = found.await.expect("messages");
        all.reverse();
        all
    }

    /// Sends again what nobody knows of one broadcast: just that which was read to be uncertain, so that it is known as doubted.
    async fn send_again(&mut self, id: BroadcastId) {
        let held = self.process().run(move |app| async move { app.store().held_of_broadcast(id, 100).await });
        let held = held.await.expect("messages");
        self.doubted.extend(&held);
        let decided = self
            .process()
            .run(move |app| async move { app.decide_messages(&Caller::system(), &held, Verdict::SendAgain).await });
        decided.await.expect("decided");
    }

    /// The centre behaves, officials decide what nobody knows, and everything comes to rest.
    pub(super) async fn settle(&mut self) {
        self.tell("settle");
        self.peer.calm();
        self.sleep_till_morning();
        for draft in std::mem::take(&mut self.unsent) {
            self.hand_in(draft).await;
        }
        for _ in 0..LOOKS_MAX {
            self.watch().await;
            // Officials decide when nothing is under way: what they send again was seen to be uncertain.
            let is_under_way = self.states.values().any(|state| state == "submitting");
            let undecided = if is_under_way { Vec::new() } else { self.broadcasts.clone() };
            for id in undecided {
                self.send_again(id).await;
            }
            // Counted before the messages are read: what is made into messages in between is among them.
            let left = self.process().run(|app| async move {
                let jobs = app.store().count_jobs().await.expect("a count").len();
                (jobs, app.store().waiting_intake().await.expect("a count").0)
            });
            let left = left.await;
            let out = self.messages(Direction::Out).await;
            let restless = out.iter().filter(|message| {
                let is_decided_by_hand = message.broadcast.is_none();
                // What nobody knows stays so once they have stopped: it may have arrived, and is not sent again.
                let is_left_open = is_decided_by_hand || self.stopped.contains_key(&message.path);
                RESTLESS.contains(&message.state.as_str()) && !(message.state == "uncertain" && is_left_open)
            });
            if restless.count() == 0 && left == (0, 0) {
                return;
            }
            self.look().await;
        }
        panic!("it never came to rest\n{}", self.words());
    }
}
