//! An operator's gateway over HTTP, in the words of several: RapidPro's External, Africa's Talking, Twilio, Infobip, Vonage, WhatsApp.
//! It takes what it is given unless a test tells it otherwise, and calls back what a test lets it.

use std::{
    collections::VecDeque,
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::json;

use crate::{Asked, Reply, Site};

/// How long a call of this operator may take.
const CALL_LIMIT: Duration = Duration::from_secs(30);

/// A running gateway. It ends when it is dropped.
#[derive(Debug)]
pub struct Operator {
    site: Site,
    script: Arc<Mutex<VecDeque<Reply>>>,
}

impl Default for Operator {
    fn default() -> Self {
        Self::start()
    }
}

impl Operator {
    /// Starts one on a free port of this machine.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn start() -> Self {
        let script: Arc<Mutex<VecDeque<Reply>>> = Arc::default();
        let (told, number) = (Arc::clone(&script), AtomicU64::new(1));
        let site = Site::start(move |asked| {
            let scripted = told.lock().expect("nobody panics here").pop_front();
            scripted.unwrap_or_else(|| usual(asked, number.fetch_add(1, Ordering::SeqCst)))
        });
        Self { site, script }
    }

    /// What it answers next, in this order; then it takes texts again.
    ///
    /// # Panics
    /// Never, as nobody else does.
    pub fn script(&self, replies: impl IntoIterator<Item = Reply>) {
        self.script.lock().expect("nobody panics here").extend(replies);
    }

    /// Where it is, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        self.site.url().trim_end_matches('/').to_owned()
    }

    /// What it was asked so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.site.asked()
    }

    /// Calls an address with a body; status and answer.
    ///
    /// # Panics
    /// When nobody answers there.
    #[must_use]
    pub fn call(url: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
        let rest = url.strip_prefix("http://").expect("an address of this machine");
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let mut stream = TcpStream::connect(host).expect("somebody listens");
        stream.set_read_timeout(Some(CALL_LIMIT)).expect("a limit");
        let mut head = format!("POST /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let length = body.len();
        write!(stream, "{head}Content-Length: {length}\r\n\r\n{body}").expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
        (status, body)
    }
}

/// What it says to a text, or to a question for the balance, in the words of whoever has this address.
fn usual(asked: &Asked, number: u64) -> Reply {
    let path = asked.path.split('?').next().unwrap_or_default();
    match path {
        "/version1/messaging" => {
            let recipient = json!({ "statusCode": 101, "number": "+231770000001", "status": "Success", "cost": "KES 0.8000",
                "messageId": format!("ATXid_{number}") });
            Reply::json(
                201,
                json!({ "SMSMessageData": { "Message": "Sent to 1/1 Total Cost: KES 0.8000", "Recipients": [recipient] } }),
            )
        }
        "/version1/user" => Reply::json(200, json!({ "UserData": { "balance": "KES 1785.50" } })),
        "/sms/3/messages" => {
            let status = json!({ "groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED" });
            let asked: serde_json::Value = serde_json::from_slice(&asked.body).unwrap_or_default();
            let id = &asked["messages"][0]["destinations"][0]["messageId"];
            Reply::json(200, json!({ "messages": [{ "messageId": id, "status": status }] }))
        }
        "/sms/json" => {
            let message = json!({ "to": "231770000001", "message-id": format!("V{number}"), "status": "0" });
            Reply::json(200, json!({ "message-count": "1", "messages": [message] }))
        }
        path if path.ends_with("/Messages.json") => {
            Reply::json(201, json!({ "sid": format!("SM{number}"), "status": "queued", "error_code": null }))
        }
        path if path.ends_with("/Balance.json") => Reply::json(200, json!({ "currency": "USD", "balance": "12.34" })),
        path if path.ends_with("/messages") => Reply::json(
            200,
            json!({ "messaging_product": "whatsapp", "messages": [{ "id": format!("wamid.{number}") }] }),
        ),
        _ => Reply::new(200, "text/plain", "Accepted"),
    }
}
