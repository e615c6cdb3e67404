//! From a chat to SMS: who wants a chat gets it there first, and by SMS once it takes too long; one of the two counts.

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    broadcasts::{Draft, Preview, Release},
    costs::{NewPrice, Payer},
    messaging::{ChatWaits, NewChannel},
    ports::{Call, Report},
};
use mhero_core::{BroadcastId, ChannelId, Direction, Lane, Lang, MessageState};
use mhero_store::{Engine, MessageRow};

use crate::common::{Script, TestApp, chat, engines};

const MARTHA: &str = "+231770000001";
const JAMES: &str = "+231886000002";
const ACCOUNT: &str = "4242";

struct Office {
    t: TestApp,
    chat: ChannelId,
}

impl Office {
    async fn new(engine: Engine) -> Self {
        let t = TestApp::new(engine).await;
        let people: [(&str, &str, &str, &[&str]); 2] =
            [("P1", "Martha Kollie", "en", &["0770000001"]), ("P2", "James Flomo", "en", &["0886000002"])];
        t.people(&people).await;
        let new = NewChannel { kind: chat::KIND.into(), name: "bot".into(), config: [].into() };
        let chat = t.app.add_channel(&Caller::system(), &new).await.expect("a channel").id;
        Self { t, chat }
    }

    /// A text from an account of the chat.
    async fn writes(&self, account: &str, text: &str) {
        let from = std::net::IpAddr::from([127, 0, 0, 1]);
        let call =
            Call { action: "receive", from, method: "POST", query: account, body: text.as_bytes(), headers: &[] };
        self.t.app.called(chat::KIND, self.chat, &call).await.expect("taken");
        self.t.app.run_until_idle().await.expect("idle");
    }

    /// The code that went to a phone last.
    async fn code(&self, phone: &str) -> String {
        let asked = self.out().await.into_iter().find(|message| message.path == phone).expect("an answer");
        let (sealed, _) = self.t.app.store().chat_code_in(asked.id).await.expect("read").expect("a code");
        let plain = self.t.app.unseal("chat_code.sealed", asked.id.uuid(), &sealed).expect("it opens");
        String::from_utf8(plain).expect("letters")
    }

    /// Martha asks by SMS for the chat, and brings the code there.
    async fn link_martha(&self) -> String {
        self.t.hear(MARTHA, "Telegram").await;
        let code = self.code(MARTHA).await;
        self.writes(ACCOUNT, &code).await;
        code
    }

    /// An official: drafts are somebody's own.
    async fn author(&self) -> Caller {
        let new = mhero_app::NewUser {
            email: "author@moh.example".into(),
            name: "Joseph Tarr".into(),
            language: Lang::ENGLISH,
            role: mhero_core::Role::Hr,
            place: None,
            programme: None,
            password: None,
        };
        let id = self.t.app.add_user(&Caller::system(), new).await.expect("a user");
        self.t.app.caller_of_user(id).await.expect("read").expect("there")
    }

    async fn send(&self, channel: Option<ChannelId>) -> BroadcastId {
        self.send_to("*", channel).await
    }

    async fn send_to(&self, query: &str, channel: Option<ChannelId>) -> BroadcastId {
        let draft = Draft {
            name: "Measles week".into(),
            query: query.into(),
            texts: vec![(Lang::ENGLISH, "MOH: vaccinate".into())],
            lane: Lane::Bulk,
            channel,
            release: Release::Now,
            ..Draft::empty(&[])
        };
        let id = self.t.app.send(&Caller::system(), &draft).await.expect("sent");
        self.t.app.run_until_idle().await.expect("idle");
        id
    }

    async fn out(&self) -> Vec<MessageRow> {
        let scope = Caller::system().scope;
        self.t.app.store().recent_messages(&scope, (0, i64::MAX), Some(Direction::Out), 1_000).await.expect("messages")
    }

    async fn state(&self, path: &str) -> (String, Option<String>) {
        let found = self.out().await.into_iter().find(|message| message.path == path).expect("a message");
        (found.state, found.failure)
    }

    async fn pass(&self, minutes: i64) {
        self.t.hand.advance(SignedDuration::from_mins(minutes));
        self.t.app.run_until_idle().await.expect("idle");
    }

    /// How often the text of the broadcast went to an address.
    fn count(&self, path: &str) -> usize {
        self.t.fake.texts().iter().filter(|(to, text)| to == path && text.contains("vaccinate")).count()
    }

    async fn of(&self, id: BroadcastId, state: MessageState) -> i64 {
        self.t.app.broadcast_progress(&Caller::system(), id).await.expect("progress").of(state)
    }

    /// The service reports that a phone has the last message to an account.
    async fn delivered(&self, account: &str) {
        let place = self.t.fake.texts().iter().rposition(|(to, _)| to == account).expect("it left") + 1;
        self.t.app.report(self.chat, &format!("c{place}"), Report::Delivered).await.expect("taken");
    }
}

#[tokio::test]
async fn a_code_by_sms_makes_a_chat_somebodys_own() {
    for engine in engines() {
        let office = Office::new(engine).await;
        office.writes(ACCOUNT, "ACDE2346").await;
        let code = office.link_martha().await;
        let caller = Caller::system();
        let martha = office.t.app.find_person(&caller, MARTHA).await.expect("Martha");
        let (chats, way) = office.t.app.chat_choice(&caller, martha).await.expect("read");
        let way = way.expect("she said so");
        assert_eq!(
            (chats, way.scheme.as_str(), way.by_user),
            (vec!["telegram".to_owned()], "telegram", None),
            "{engine:?}"
        );
        // The code was used, and is kept in no text.
        office.writes("666", &code).await;
        assert_eq!(office.t.app.store().holders("telegram", "666").await.expect("read")[0].standing, "stranger");
        let all = office.t.app.store().recent_messages(&caller.scope, (0, i64::MAX), Some(Direction::Out), 100).await;
        let texts: Vec<String> = all.expect("messages").into_iter().filter_map(|message| message.text).collect();
        assert!(texts.iter().all(|text| !text.contains(&code)), "{texts:?}");
        // An official may note what she says; she takes it back herself by a word.
        office.t.app.choose_chat(&caller, martha, None).await.expect("noted");
        assert!(office.t.app.choose_chat(&caller, martha, Some("viber")).await.is_err());
        office.writes(ACCOUNT, "chat").await;
        assert!(office.t.app.chat_choice(&caller, martha).await.expect("read").1.is_some());
        office.t.hear(MARTHA, "SMS").await;
        assert!(office.t.app.chat_choice(&caller, martha).await.expect("read").1.is_none());
    }
}

#[tokio::test]
async fn what_a_chat_does_not_bring_in_time_goes_by_sms_and_counts_once() {
    for engine in engines() {
        let office = Office::new(engine).await;
        office.link_martha().await;
        let waits = ChatWaits { bulk: Some(30), ..ChatWaits::default() };
        office.t.app.set_chat_waits(&Caller::system(), &waits).await.expect("set");
        let id = office.send(None).await;
        assert_eq!((office.count(ACCOUNT), office.count(MARTHA), office.count(JAMES)), (1, 0, 1), "{engine:?}");
        office.pass(29).await;
        assert_eq!(office.count(MARTHA), 0, "never both without the wait");
        office.pass(2).await;
        assert_eq!((office.count(ACCOUNT), office.count(MARTHA)), (1, 1), "{engine:?}");
        assert_eq!(office.t.chat.taken_back(), [ACCOUNT], "taken back from the chat");
        assert_eq!(office.state(ACCOUNT).await, ("failed".to_owned(), Some("overtaken".to_owned())));
        assert_eq!(office.of(id, MessageState::Sent).await, 2, "one of the two counts");
        let people = office.t.app.broadcast_people(&Caller::system(), id, ("", None), uuid::Uuid::nil(), 10).await;
        let mut paths: Vec<_> = people.expect("people").into_iter().filter_map(|person| person.path).collect();
        paths.sort();
        assert_eq!(paths, [MARTHA, JAMES]);
        // It arrives there after all: shown as late, and counted as before.
        office.delivered(ACCOUNT).await;
        assert_eq!(office.state(ACCOUNT).await, ("delivered".to_owned(), Some("overtaken".to_owned())));
        let chats = office.t.app.chats_of_broadcast(&Caller::system(), id).await.expect("counts");
        assert_eq!((chats.overtaken, chats.late, chats.open), (1, 1, 0));
        assert_eq!(office.of(id, MessageState::Sent).await, 2);
        office.pass(60).await;
        assert_eq!((office.count(ACCOUNT), office.count(MARTHA)), (1, 1));
    }
}

#[tokio::test]
async fn the_cost_before_sending_counts_each_way_and_agrees_with_what_leaves() {
    for engine in engines() {
        let office = Office::new(engine).await;
        office.link_martha().await;
        let (t, caller) = (&office.t, Caller::system());
        t.app.set_currency(&caller, "USD").await.expect("a currency");
        let price = |channel, amount: &str| NewPrice {
            channel,
            operator: None,
            direction: Direction::Out,
            payer: Payer::Ministry,
            amount: amount.into(),
            from: t.app.clock().now().to_zoned(jiff::tz::TimeZone::UTC).date(),
        };
        t.app.add_price(&caller, &price(t.channel, "0.05")).await.expect("a price");
        let draft = Draft {
            query: "*".into(),
            texts: vec![(Lang::ENGLISH, format!("MOH: {}", "vaccinate ".repeat(20)))],
            lane: Lane::Bulk,
            release: Release::Now,
            ..Draft::empty(&[])
        };
        let before = t.app.preview(&caller, &draft, 0).await.expect("a preview");
        let of = |preview: &Preview| {
            let lines = preview.estimate.lines.iter();
            let mut lines: Vec<_> = lines.map(|line| (line.is_chat, line.people, line.segments, line.micros)).collect();
            lines.sort();
            lines
        };
        // A chat without a price costs nothing, and its message is one however long.
        assert_eq!(of(&before), [(false, 1, 2, Some(100_000)), (true, 1, 1, Some(0))], "{engine:?}");
        let estimate = &before.estimate;
        assert_eq!((before.sms, estimate.micros, estimate.unpriced, estimate.by_chat), (2, 100_000, 0, 1));
        assert_eq!((estimate.by_sms_later, estimate.later_micros, estimate.later_unpriced), (1, 100_000, 0));
        t.app.add_price(&caller, &price(office.chat, "0.01")).await.expect("a price");
        let priced = t.app.preview(&caller, &draft, 0).await.expect("a preview");
        assert_eq!(priced.estimate.micros, 110_000);
        let id = t.app.send(&caller, &draft).await.expect("sent");
        t.app.run_until_idle().await.expect("idle");
        let cost = t.app.broadcast_cost(&caller, id).await.expect("a cost");
        assert_eq!(cost.map(|(micros, _)| micros), Some(priced.estimate.micros), "{engine:?}");
    }
}

#[tokio::test]
async fn what_arrives_or_is_answered_stays_with_the_chat() {
    for engine in engines() {
        let office = Office::new(engine).await;
        office.link_martha().await;
        let id = office.send(None).await;
        office.delivered(ACCOUNT).await;
        office.pass(24 * 60).await;
        assert_eq!((office.count(MARTHA), office.of(id, MessageState::Delivered).await), (0, 1), "{engine:?}");
        // Where the service reports nothing, a text from there tells that it was seen.
        office.send(None).await;
        office.pass(10).await;
        office.writes(ACCOUNT, "Thank you, we begin on Monday").await;
        office.pass(24 * 60).await;
        assert_eq!(office.count(MARTHA), 0);
        // What the service refuses goes by SMS at once.
        office.t.fake.script([Script::Refuse]);
        let id = office.send_to("phone = 0770000001", None).await;
        office.pass(1).await;
        assert_eq!(office.count(MARTHA), 1, "{engine:?}");
        let chats = office.t.app.chats_of_broadcast(&Caller::system(), id).await.expect("counts");
        assert_eq!((chats.overtaken, chats.late), (1, 0));
    }
}

#[tokio::test]
async fn a_chat_that_arrives_before_its_sms_has_left_takes_it_back() {
    for engine in engines() {
        let office = Office::new(engine).await;
        office.link_martha().await;
        let id = office.send(None).await;
        office.t.app.switch_channel(&Caller::system(), office.t.channel, false).await.expect("off");
        office.pass(5 * 60).await;
        assert_eq!(office.state(MARTHA).await.0, "waiting", "{engine:?}");
        office.delivered(ACCOUNT).await;
        office.pass(1).await;
        assert_eq!(office.state(MARTHA).await, ("cancelled".to_owned(), Some("arrived-by-chat".to_owned())));
        assert_eq!(office.of(id, MessageState::Delivered).await, 1, "{engine:?}");
        office.t.app.switch_channel(&Caller::system(), office.t.channel, true).await.expect("on");
        office.pass(1).await;
        assert_eq!(office.count(MARTHA), 0);
    }
}

#[tokio::test]
async fn a_broadcast_by_a_chat_reaches_those_who_are_there() {
    for engine in engines() {
        let office = Office::new(engine).await;
        office.link_martha().await;
        let id = office.send(Some(office.chat)).await;
        assert_eq!((office.count(ACCOUNT), office.count(MARTHA), office.count(JAMES)), (1, 0, 0), "{engine:?}");
        let page = office.t.app.broadcast_page(&Caller::system(), id).await.expect("a page");
        assert_eq!(
            page.left_out.iter().map(|one| (one.reason.as_str(), one.people)).collect::<Vec<_>>(),
            [("no-chat", 1)]
        );
        office.pass(24 * 60).await;
        assert_eq!(office.count(MARTHA), 0, "it was sent by the chat only");
    }
}

#[tokio::test]
async fn an_sms_gets_the_short_text_and_the_thread_stays_one() {
    for engine in engines() {
        let office = Office::new(engine).await;
        office.link_martha().await;
        let caller = office.author().await;
        let draft = Draft {
            name: "Measles week".into(),
            query: "phone = 0770000001".into(),
            texts: vec![(Lang::ENGLISH, "MOH: vaccinate all children under five. A long text for chats.".into())],
            lane: Lane::Bulk,
            release: Release::Now,
            ..Draft::empty(&[])
        };
        let id = office.t.app.store().mint().id(BroadcastId::from_uuid);
        office.t.app.save_draft(&caller, id, &draft).await.expect("kept");
        let short = [(Lang::ENGLISH, "MOH: vaccinate under 5".to_owned()), (Lang::FRENCH, String::new())];
        office.t.app.set_short_texts(&caller, id, &short).await.expect("kept");
        office.t.app.send_draft(&caller, id).await.expect("sent");
        office.pass(2).await;
        office.pass(6 * 60).await;
        let texts = office.t.fake.texts();
        assert!(texts.iter().any(|(to, text)| to == ACCOUNT && text.contains("A long text")), "{engine:?}: {texts:?}");
        assert!(texts.iter().any(|(to, text)| to == MARTHA && text == "MOH: vaccinate under 5"), "{texts:?}");
        // What she writes by either is one thread, and an answer goes to where she wrote last.
        office.writes(ACCOUNT, "Where do we get the vaccine?").await;
        office.t.hear(MARTHA, "The road is closed, where to go?").await;
        let all = mhero_store::ThreadFilter::All;
        let threads = office.t.app.threads(&caller, "open", all, i64::MAX, 10).await.expect("threads");
        assert_eq!((threads.len(), threads[0].path.as_str()), (1, MARTHA), "{engine:?}");
    }
}
