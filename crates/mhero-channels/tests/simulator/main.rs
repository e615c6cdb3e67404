//! The simulator on both engines, by a clock that the test moves. Where PostgreSQL is not installed its half says so.

mod network;
mod phones;

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    App, Caller, Facts, Options,
    messaging::NewChannel,
    ports::{Outcome, Outgoing, Report, Words},
    simulator::{Behaviour, Incoming, Reaction},
};
use mhero_channels::Simulator;
use mhero_core::{
    ChannelId, Direction, Lane, Lang, LangMap, MessageId, MessageKind, PersonId, RetentionClass, SubmissionId,
    SubmissionState, Urn,
};
use mhero_store::{Clock, Guard, Hand, Location, NewMessage, Queue, Store, SubmissionRow, Unit};
use mhero_testkit::{Postgres, TestDatabase};

/// A phone of the tests.
pub(crate) const PHONE: &str = "+231770000214";

/// An application with one simulator channel.
pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) hand: Hand,
    pub(crate) channel: ChannelId,
    _folder: Option<tempfile::TempDir>,
    _database: Option<TestDatabase>,
}

struct NoWords;

impl Words for NoWords {
    fn say(&self, _: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        key.to_owned()
    }
}

impl Bench {
    async fn open(location: Location, folder: Option<tempfile::TempDir>, database: Option<TestDatabase>) -> Self {
        let (clock, hand) = Clock::manual("2026-05-14T09:34:00Z".parse().expect("an instant"));
        let store = Store::open(&location, clock).await.expect("the store opens");
        let drivers: Vec<Arc<dyn mhero_app::ports::Driver>> = vec![Arc::new(Simulator)];
        let app = App::new(Options {
            store,
            drivers,
            connectors: Vec::new(),
            words: Arc::new(NoWords),
            effector: None,
            seal_key: [7; 32],
        });
        let facts = Facts {
            countries: vec!["LR".into()],
            languages: vec![Lang::ENGLISH, Lang::FRENCH],
            zone: "Africa/Monrovia".into(),
            ministry: LangMap::default(),
            country_name: LangMap::default(),
            short_code: None,
            quiet: None,
            demo: true,
        };
        app.set_facts(&admin(), &facts).await.expect("these facts can be");
        let new = NewChannel { kind: "simulator".into(), name: "sim".into(), config: BTreeMap::new() };
        let channel = app.add_channel(&admin(), &new).await.expect("a simulator").id;
        Self { app, hand, channel, _folder: folder, _database: database }
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.hand.advance(SignedDuration::from_secs(seconds));
    }

    /// Does all that is due. Returns how many steps it was.
    pub(crate) async fn run_due(&self) -> usize {
        let mut total = 0;
        loop {
            match self.app.run_simulator_due().await.expect("it runs") {
                0 => return total,
                done => total += done,
            }
        }
    }

    /// Writes a broadcast's message to [`PHONE`], as it stands while it is handed to a carrier, and returns its parts.
    pub(crate) async fn message(&self, texts: &[&str]) -> Vec<Outgoing> {
        let store = self.app.store();
        let now = self.app.clock().now_micros();
        let message = store.mint().id(MessageId::from_uuid);
        let body = store.mint().uuid();
        let mut unit = Unit::new();
        unit.add_body(body, &texts.concat(), RetentionClass::Message, now);
        let new = NewMessage {
            id: message,
            direction: Direction::Out,
            kind: MessageKind::Broadcast,
            state: "sent",
            lane: Lane::Bulk,
            person: store.mint().id(PersonId::from_uuid),
            scheme: "tel".into(),
            path: PHONE.into(),
            channel: Some(self.channel),
            conversation: None,
            broadcast: None,
            thread: None,
            body,
            language: None,
            segments: 1,
            dedupe_key: message.to_string(),
            reply_to: None,
            answers: None,
            written_by: None,
            programme: None,
            is_test: false,
            is_drill: false,
            created_at: now,
        };
        unit.add_message(&new, Guard::Rows(1));
        store.write(unit, Queue::Interactive).await.expect("it is written");
        let parts = i64::try_from(texts.len()).expect("a few");
        (1..)
            .zip(texts)
            .map(|(part, text)| Outgoing {
                submission: store.mint().id(SubmissionId::from_uuid),
                message,
                lane: Lane::Bulk,
                to: Urn::tel(PHONE).expect("a number"),
                sender: None,
                text: (*text).to_owned(),
                part,
                parts,
                language: None,
                heard_at: None,
            })
            .collect()
    }

    /// Hands a part to the simulator, and writes the submission as the outbox does.
    pub(crate) async fn submit(&self, behaviour: &dyn Behaviour, outgoing: &Outgoing) -> String {
        let answer = self.app.simulate_submission(self.channel, behaviour, outgoing).await;
        let carrier_id = if let Outcome::Accepted { carrier_id } = answer { carrier_id } else { None };
        let carrier_id = carrier_id.expect("the simulator accepts");
        let now = self.app.clock().now_micros();
        let attempts = self.app.store().mint().uuid().as_u128() % 1_000_000;
        let row = SubmissionRow {
            id: self.app.store().mint().id(SubmissionId::from_uuid),
            message: outgoing.message,
            attempt: i64::try_from(attempts).expect("small"),
            part: outgoing.part,
            parts: outgoing.parts,
            state: SubmissionState::Submitting,
        };
        let mut unit = Unit::new();
        unit.add_submission(&row, self.channel, now);
        unit.answer_submission(row.id, SubmissionState::Accepted, Some(&carrier_id), None, now);
        self.app.store().write(unit, Queue::Interactive).await.expect("it is written");
        carrier_id
    }

    pub(crate) async fn state(&self, message: MessageId) -> String {
        self.app.store().message_standing(message).await.expect("it answers").expect("a message").state
    }

    /// What [`PHONE`] shows, oldest first; what was written on it stands behind an arrow.
    pub(crate) async fn screen(&self) -> Vec<String> {
        let phone = self.app.simulated_phone(&admin(), PHONE, 50).await.expect("a phone");
        let line = |text: &mhero_app::simulator::SimulatedSms| match text.is_to_phone {
            true => text.text.clone(),
            false => format!("> {}", text.text),
        };
        phone.texts.iter().map(line).collect()
    }

    /// The texts that wait in the intake.
    pub(crate) async fn intake(&self) -> Vec<String> {
        let rows = self.app.store().ready_intake(self.app.clock().now_micros(), 100).await.expect("it answers");
        rows.into_iter().map(|row| row.text).collect()
    }
}

/// Phones that show, report and answer after fixed times.
pub(crate) struct Fixed {
    pub(crate) shown: Option<i64>,
    pub(crate) report: Option<(i64, Report)>,
    pub(crate) answer: Option<(i64, &'static str)>,
}

impl Behaviour for Fixed {
    fn react(&self, _: &Incoming<'_>) -> Reaction {
        let seconds = SignedDuration::from_secs;
        Reaction {
            shown_after: self.shown.map(seconds),
            report: self.report.clone().map(|(after, report)| (seconds(after), report)),
            answer: self.answer.map(|(after, text)| (seconds(after), text.to_owned())),
        }
    }
}

impl Fixed {
    /// Shows at once, says nothing.
    pub(crate) const QUIET: Self = Self { shown: Some(0), report: None, answer: None };
}

pub(crate) fn admin() -> Caller {
    Caller::command_line(Lang::ENGLISH)
}

pub(crate) fn after(start: Timestamp, seconds: i64) -> Timestamp {
    start + SignedDuration::from_secs(seconds)
}

/// Runs a test on each engine.
pub(crate) async fn on_both(test: impl AsyncFn(&Bench)) {
    let folder = tempfile::tempdir().expect("a folder");
    let location = Location::File(folder.path().join("mhero.db"));
    test(&Bench::open(location, Some(folder), None).await).await;
    let Some(cluster) = Postgres::get() else { return };
    let migrate = |url| async move {
        drop(Store::open(&Location::Postgres(url), Clock::wall()).await.expect("an empty database is migrated"));
    };
    let database = cluster.database_like("channels", migrate).await;
    test(&Bench::open(Location::Postgres(database.url()), None, Some(database)).await).await;
}
