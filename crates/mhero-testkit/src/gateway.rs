//! A hostile gateway over HTTP: it throttles, fails, stalls, closes, cuts, dawdles, floods and mislabels, and it calls back early, twice,
//! in any order, and with lies. What it does by chance follows from a seed.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};

use crate::{Asked, Reply, Site, Took, target::pairs};

/// The secret of its calls, where the settings of a channel hold it.
pub const CALL_SECRET: &str = "0123456789abcdef";
/// How long it dawdles before each third of an answer: all in time for a limit of a second, or not.
const DAWDLES: [Duration; 2] = [Duration::from_millis(60), Duration::from_millis(700)];
/// How long its answer waits where its report hurries.
const HURRY: Duration = Duration::from_millis(70);
/// What an answer that floods is filled up with, in bytes.
const FLOOD: usize = 400_000;

/// Whose words it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// RapidPro's External format.
    External,
    /// Africa's Talking.
    AfricasTalking,
    /// Twilio.
    Twilio,
}

/// What it does wrong, each with a chance from 0 to 1; the first that happens counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manners {
    /// Where its chances come from.
    pub seed: u64,
    /// Answers 429, or 503 with `Retry-After`, and takes nothing.
    pub throttles: f64,
    /// Answers 500, 502 or 503, having taken the text or not.
    pub fails: f64,
    /// Never answers, having taken the text or not.
    pub stalls: f64,
    /// Closes the connection before it answers, having taken the text or not.
    pub closes: f64,
    /// Takes the text, and the connection ends in the middle of the answer.
    pub cuts: f64,
    /// Takes the text and answers slowly, in time or not.
    pub dawdles: f64,
    /// Takes the text, and its answer is long.
    pub floods: f64,
    /// Takes the text, and its answer says that it is a page for people.
    pub mislabels: f64,
    /// Reports before it answers.
    pub hurries: f64,
    /// Reports twice.
    pub doubles: f64,
    /// Reports failure on what the phone has.
    pub lies: f64,
}

/// A call that it wants to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayCall {
    /// The last part of the address: `receive`, `delivered`, `status`.
    pub action: &'static str,
    /// The query, with the secret.
    pub query: String,
    /// The body, a form.
    pub body: String,
}

struct State {
    manners: Manners,
    chance: StdRng,
    taken: Vec<Took>,
    calls: Vec<GatewayCall>,
}

/// A running gateway. It ends when it is dropped.
pub struct Gateway {
    site: Site,
    tongue: Tongue,
    state: Arc<Mutex<State>>,
}

/// A text that is handed over.
struct Handed {
    phone: String,
    text: String,
    /// What the report on it is to name: our own id, or the query of the address to be called.
    reference: String,
}

impl Gateway {
    /// Starts one.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn start(tongue: Tongue, manners: Manners) -> Self {
        let chance = StdRng::seed_from_u64(manners.seed);
        let state = Arc::new(Mutex::new(State { manners, chance, taken: Vec::new(), calls: Vec::new() }));
        let shared = Arc::clone(&state);
        let site = Site::start(move |asked| match handed(tongue, asked) {
            Some(handed) => lock(&shared).answer(tongue, &handed),
            None => Reply::new(400, "text/plain", "what?"),
        });
        Self { site, tongue, state }
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        self.site.url()
    }

    /// The kind of its channels, and their settings where it is reached at an address.
    #[must_use]
    pub fn settings(&self, url: &str) -> (&'static str, Vec<(&'static str, String)>) {
        let text = |text: &str| text.to_owned();
        let (kind, mut settings) = match self.tongue {
            Tongue::External => (
                "external",
                vec![
                    ("send_url", format!("{url}/send")),
                    ("content_type", text("json")),
                    ("body", text(r#"{"ref":{{uuid}},"to":{{to}},"text":{{text}}}"#)),
                    ("mt_response_check", text("Accepted")),
                    ("mo_id_field", text("id")),
                ],
            ),
            Tongue::AfricasTalking => {
                ("africastalking", vec![("url", text(url)), ("username", text("moh")), ("api_key", text("k3y"))])
            }
            Tongue::Twilio => (
                "twilio",
                vec![
                    ("base_url", text(url)),
                    ("account_sid", text("AC0123")),
                    ("auth_token", text("12345")),
                    ("from", text("+12025550100")),
                    ("signed", text("no")),
                ],
            ),
        };
        settings.extend([("callback", text("http://127.0.0.1:9")), ("secret", text(CALL_SECRET))]);
        (kind, settings)
    }

    /// The first part of the addresses that it calls.
    #[must_use]
    pub const fn route(&self) -> &'static str {
        match self.tongue {
            Tongue::External => "ex",
            Tongue::AfricasTalking => "at",
            Tongue::Twilio => "t",
        }
    }

    /// What it has taken so far, in order.
    #[must_use]
    pub fn taken(&self) -> Vec<Took> {
        lock(&self.state).taken.clone()
    }

    /// Behaves otherwise from now on.
    pub fn manners(&self, manners: Manners) {
        lock(&self.state).manners = manners;
    }

    /// One of the reports that it wants to make, any of them.
    #[must_use]
    pub fn next_call(&self) -> Option<GatewayCall> {
        let mut state = lock(&self.state);
        let count = state.calls.len();
        if count == 0 {
            return None;
        }
        let at = state.below(count);
        Some(state.calls.swap_remove(at))
    }

    /// A call that was not taken: it is made again.
    pub fn call_again(&self, call: GatewayCall) {
        lock(&self.state).calls.push(call);
    }

    /// The call that brings a text of a phone.
    #[must_use]
    pub fn brings(&self, from: &str, text: &str, id: &str) -> GatewayCall {
        let (from, text) = (encoded(from), encoded(text));
        let body = match self.tongue {
            Tongue::External | Tongue::AfricasTalking => format!("from={from}&to=1234&text={text}&id={id}"),
            Tongue::Twilio => format!("From={from}&To=1234&Body={text}&MessageSid={id}"),
        };
        GatewayCall { action: "receive", query: format!("secret={CALL_SECRET}"), body }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a request hands over.
fn handed(tongue: Tongue, asked: &Asked) -> Option<Handed> {
    let form = pairs(&asked.text());
    let of = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    Some(match tongue {
        Tongue::External => {
            let read: Value = serde_json::from_slice(&asked.body).ok()?;
            let of = |name: &str| read[name].as_str().map(ToOwned::to_owned);
            Handed { phone: of("to")?, text: of("text")?, reference: of("ref")? }
        }
        Tongue::AfricasTalking => Handed { phone: of("to")?, text: of("message")?, reference: String::new() },
        Tongue::Twilio => {
            let callback = of("StatusCallback")?;
            Handed { phone: of("To")?, text: of("Body")?, reference: callback.split_once('?')?.1.to_owned() }
        }
    })
}

impl State {
    fn happens(&mut self, chance: f64) -> bool {
        chance > 0.0 && self.chance.random::<f64>() < chance
    }

    fn below(&mut self, limit: usize) -> usize {
        self.chance.random_range(0..limit)
    }

    fn answer(&mut self, tongue: Tongue, handed: &Handed) -> Reply {
        let manners = self.manners;
        if self.happens(manners.throttles) {
            return self.later();
        }
        if self.happens(manners.fails) {
            self.may_take(tongue, handed);
            let status = [500, 502, 503][self.below(3)];
            return Reply::new(status, "text/html", "<html>Bad gateway");
        }
        if self.happens(manners.stalls) {
            self.may_take(tongue, handed);
            return Reply { status: 0, ..Reply::new(200, "text/plain", "").silent() };
        }
        if self.happens(manners.closes) {
            self.may_take(tongue, handed);
            return Reply { status: 0, ..Reply::new(200, "text/plain", "") };
        }
        let number = self.take(tongue, handed);
        let good = good(tongue, number);
        if self.happens(manners.cuts) {
            return good.cut();
        }
        if self.happens(manners.dawdles) {
            let pause = DAWDLES[self.below(DAWDLES.len())];
            return good.slow(pause);
        }
        if self.happens(manners.floods) {
            let mut long = good;
            long.body.resize(long.body.len() + FLOOD, b' ');
            return long;
        }
        if self.happens(manners.mislabels) {
            return Reply { headers: vec![("Content-Type".to_owned(), "text/html".to_owned())], ..good };
        }
        if self.happens(manners.hurries) { good.slow(HURRY) } else { good }
    }

    /// It is asked too often.
    fn later(&mut self) -> Reply {
        let seconds = self.below(4).to_string();
        match self.below(3) {
            0 => Reply::new(429, "text/plain", "slow down"),
            1 => Reply::new(429, "text/plain", "slow down").header("Retry-After", seconds),
            _ => Reply::new(503, "text/plain", "soon").header("Retry-After", seconds),
        }
    }

    fn may_take(&mut self, tongue: Tongue, handed: &Handed) {
        if self.below(2) == 0 {
            self.take(tongue, handed);
        }
    }

    /// Takes a text and notes what it will report about it. Returns the text's number.
    fn take(&mut self, tongue: Tongue, handed: &Handed) -> usize {
        let word = handed.text.split(' ').next().unwrap_or_default().to_owned();
        self.taken.push(Took { phone: handed.phone.clone(), word });
        let number = self.taken.len();
        let manners = self.manners;
        let is_lie = self.happens(manners.lies);
        let times = 1 + usize::from(self.happens(manners.doubles));
        let call = report(tongue, handed, number, is_lie);
        self.calls.extend(std::iter::repeat_n(call, times));
        number
    }
}

/// What it says of a text that it has taken.
fn good(tongue: Tongue, number: usize) -> Reply {
    match tongue {
        Tongue::External => Reply::new(200, "text/plain", "Accepted"),
        Tongue::AfricasTalking => {
            let recipient = json!({ "statusCode": 101, "number": "+231", "status": "Success", "messageId": format!("ATXid_{number}") });
            Reply::json(201, json!({ "SMSMessageData": { "Message": "Sent to 1/1", "Recipients": [recipient] } }))
        }
        Tongue::Twilio => {
            Reply::json(201, json!({ "sid": format!("SM{number}"), "status": "queued", "error_code": null }))
        }
    }
}

/// What it reports about a text.
fn report(tongue: Tongue, handed: &Handed, number: usize, is_lie: bool) -> GatewayCall {
    let query = format!("secret={CALL_SECRET}");
    match tongue {
        Tongue::External => {
            let action = if is_lie { "failed" } else { "delivered" };
            GatewayCall { action, query, body: format!("uuid={}", handed.reference) }
        }
        Tongue::AfricasTalking => {
            let said = if is_lie { "Failed&failureReason=UserIsInactive" } else { "Success" };
            let phone = encoded(&handed.phone);
            GatewayCall {
                action: "status",
                query,
                body: format!("id=ATXid_{number}&phoneNumber={phone}&status={said}"),
            }
        }
        Tongue::Twilio => {
            let said = if is_lie { "undelivered&ErrorCode=30005" } else { "delivered" };
            let body = format!("MessageSid=SM{number}&MessageStatus={said}");
            GatewayCall { action: "status", query: handed.reference.clone(), body }
        }
    }
}

/// A text as it stands in a form.
fn encoded(text: &str) -> String {
    let octets = text.bytes().map(|octet| match octet {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(octet).to_string(),
        other => format!("%{other:02X}"),
    });
    octets.collect()
}
