//! A Bot API as Telegram's, over real HTTP, that does what a test tells it: it keeps what is sent, brings what people write, and fails in
//! every way that the real one can.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};

/// The token that it knows.
pub const TOKEN: &str = "123456:right-token";
/// Longest that a question for updates is held.
const HOLD_MAX: Duration = Duration::from_secs(2);
/// Longest body that it reads, in bytes.
const BODY_MAX: usize = 1024 * 1024;

/// How the next message fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotFault {
    /// The person has blocked the bot.
    Blocked,
    /// Too many: not before so many seconds again.
    Slower(u64),
    /// It takes the message and closes the connection before it answers.
    Cut,
    /// It fails by itself.
    Broken,
    /// Something else answers in its place.
    Stranger,
}

#[derive(Default)]
struct State {
    updates: Vec<Value>,
    last: i64,
    sent: Vec<Value>,
    deleted: Vec<Value>,
    faults: VecDeque<BotFault>,
    webhook: Option<Value>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    came: Condvar,
}

/// The Bot API. It ends with the process.
#[derive(Clone)]
pub struct BotApi {
    shared: Arc<Shared>,
    address: SocketAddr,
}

impl std::fmt::Debug for BotApi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BotApi").field("address", &self.address).finish_non_exhaustive()
    }
}

impl BotApi {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When it can't listen.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared::default());
        let api = Self { shared: Arc::clone(&shared), address };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || drop(serve(&shared, stream)));
            }
        });
        api
    }

    /// Its address, for `base_url`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Somebody does something: the fields of a message beside sender, chat and number.
    pub fn writes(&self, account: i64, mut message: Value) {
        let mut state = self.lock();
        state.last += 1;
        let number = state.last;
        message["message_id"] = json!(number);
        message["from"] = json!({"id": account, "is_bot": false, "first_name": "Martha", "language_code": "en"});
        message["chat"] = json!({"id": account, "type": "private"});
        state.updates.push(json!({"update_id": number, "message": message}));
        self.shared.came.notify_all();
    }

    /// How the next messages fare, one each.
    pub fn fails(&self, faults: &[BotFault]) {
        self.lock().faults.extend(faults);
    }

    /// What was sent, in its order, with what was cut before its answer.
    #[must_use]
    pub fn sent(&self) -> Vec<Value> {
        self.lock().sent.clone()
    }

    /// The messages that were taken back, in their order.
    #[must_use]
    pub fn deleted(&self) -> Vec<Value> {
        self.lock().deleted.clone()
    }

    /// What it was told about bringing what people write.
    #[must_use]
    pub fn webhook(&self) -> Option<Value> {
        self.lock().webhook.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers requests on one connection.
fn serve(shared: &Shared, stream: TcpStream) -> std::io::Result<()> {
    let mut writing = stream.try_clone()?;
    let mut reading = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if reading.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut length = 0;
        loop {
            let mut line = String::new();
            reading.read_line(&mut line)?;
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length.min(BODY_MAX)];
        reading.read_exact(&mut body)?;
        let Some((status, said)) = answer(shared, &path, &serde_json::from_slice(&body).unwrap_or_default()) else {
            return Ok(());
        };
        let kind = "content-type: application/json";
        write!(writing, "HTTP/1.1 {status} x\r\n{kind}\r\ncontent-length: {}\r\n\r\n{said}", said.len())?;
    }
}

/// Status and body; nothing where the connection ends instead.
fn answer(shared: &Shared, path: &str, body: &Value) -> Option<(u16, String)> {
    let Some(method) = path.strip_prefix(&format!("/bot{TOKEN}/")) else { return Some(no(401, "Unauthorized")) };
    match method {
        "getMe" => Some(yes(&json!({"id": 123_456, "is_bot": true, "username": "moh_bot"}))),
        "deleteWebhook" => {
            shared.state.lock().unwrap_or_else(PoisonError::into_inner).webhook = None;
            Some(yes(&json!(true)))
        }
        "setWebhook" => {
            shared.state.lock().unwrap_or_else(PoisonError::into_inner).webhook = Some(body.clone());
            Some(yes(&json!(true)))
        }
        "getUpdates" => Some(yes(&updates(shared, body))),
        "sendMessage" => send(shared, body),
        "deleteMessage" => {
            shared.state.lock().unwrap_or_else(PoisonError::into_inner).deleted.push(body.clone());
            Some(yes(&json!(true)))
        }
        _ => Some(no(404, "Not Found")),
    }
}

fn updates(shared: &Shared, body: &Value) -> Value {
    let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
    let offset = body["offset"].as_i64().unwrap_or(0);
    state.updates.retain(|update| update["update_id"].as_i64() >= Some(offset));
    if state.updates.is_empty() {
        let held = Duration::from_secs(body["timeout"].as_u64().unwrap_or(0)).min(HOLD_MAX);
        let waited = shared.came.wait_timeout_while(state, held, |state| state.updates.is_empty());
        state = waited.unwrap_or_else(PoisonError::into_inner).0;
    }
    json!(state.updates)
}

fn send(shared: &Shared, body: &Value) -> Option<(u16, String)> {
    let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
    match state.faults.pop_front() {
        None => {
            state.sent.push(body.clone());
            Some(yes(&json!({"message_id": state.sent.len()})))
        }
        Some(BotFault::Cut) => {
            state.sent.push(body.clone());
            None
        }
        Some(BotFault::Blocked) => Some(no(403, "Forbidden: bot was blocked by the user")),
        Some(BotFault::Slower(seconds)) => {
            let said = json!({"ok": false, "error_code": 429, "parameters": {"retry_after": seconds}});
            Some((429, said.to_string()))
        }
        Some(BotFault::Broken) => Some((502, "<html>Bad Gateway</html>".to_owned())),
        Some(BotFault::Stranger) => Some((200, "<html>Welcome</html>".to_owned())),
    }
}

fn yes(result: &Value) -> (u16, String) {
    (200, json!({"ok": true, "result": result}).to_string())
}

fn no(code: u16, words: &str) -> (u16, String) {
    (code, json!({"ok": false, "error_code": code, "description": words}).to_string())
}
