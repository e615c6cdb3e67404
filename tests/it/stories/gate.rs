//! A gate before a real peer: it counts who comes, and lets through what the story wants.

use std::sync::{Arc, Condvar, Mutex};

use mhero_testkit::{Asked, Reply, Site};

/// What an address gets added in each round of a circle.
const ROUND: &str = "&_round=1";

/// What the gate does with requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// All go through.
    Open,
    /// The peer is away: the connection ends without a word.
    Down,
    /// The peer is away, and what stands before it says so for hours to come.
    Away,
    /// Requests are kept waiting until the mood changes.
    Held,
    /// Each page says that another follows, under an address of its own, and that is the first once more.
    Circles,
    /// Whatever says since when is not minded.
    Ignores,
    /// The answer to a page of a search, counted from 1, breaks off in the middle of its JSON.
    Breaks(u32),
}

struct State {
    mood: Mood,
    /// Requests since the last change of mood.
    came: u32,
    pages: u32,
}

/// The gate. It ends when it is dropped.
pub(super) struct Gate {
    site: Site,
    state: Arc<(Mutex<State>, Condvar)>,
}

impl Gate {
    /// Opens one before a server; it takes what comes below the path of its address.
    pub(super) fn before(url: &str) -> Self {
        let state = Arc::new((Mutex::new(State { mood: Mood::Open, came: 0, pages: 0 }), Condvar::new()));
        let (held, runtime, client) = (Arc::clone(&state), tokio::runtime::Handle::current(), reqwest::Client::new());
        let base = url.split('/').take(3).collect::<Vec<_>>().join("/");
        let site = Site::start(move |asked| {
            let mood = mood_for(&held, asked);
            match mood {
                Mood::Down => return Reply::new(0, "", ""),
                Mood::Away => return Reply::new(503, "text/plain", "Down").header("Retry-After", "21600"),
                _ => {}
            }
            spoilt(mood, asked, |asked| runtime.block_on(handed_on(&client, &base, asked)))
        });
        Self { site, state }
    }

    /// Its address in place of the peer's.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.site.url())
    }

    /// Changes its mood, and counts on.
    pub(super) fn mood(&self, mood: Mood) {
        self.state.0.lock().expect("whole").mood = mood;
        self.state.1.notify_all();
    }

    /// Changes its mood; returns how many came in the mood before.
    pub(super) fn set(&self, mood: Mood) -> u32 {
        let mut state = self.state.0.lock().expect("whole");
        (state.mood, state.pages) = (mood, 0);
        self.state.1.notify_all();
        std::mem::take(&mut state.came)
    }

    /// Every request since the beginning.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.site.asked()
    }

    /// Requests since the last change of mood.
    pub(super) fn came(&self) -> u32 {
        self.state.0.lock().expect("whole").came
    }
}

/// Counts a request and says what becomes of it.
fn mood_for((state, changed): &(Mutex<State>, Condvar), asked: &Asked) -> Mood {
    let is_page = asked.path.contains("/Practitioner?");
    let mut state = state.lock().expect("whole");
    state.came += 1;
    state.pages += u32::from(is_page);
    while state.mood == Mood::Held {
        state = changed.wait(state).expect("whole");
    }
    match state.mood {
        Mood::Breaks(page) if state.pages != page || !is_page => Mood::Open,
        mood => mood,
    }
}

/// The peer's answer as the mood lets it through.
fn spoilt(mood: Mood, asked: &Asked, hand_on: impl Fn(&Asked) -> Reply) -> Reply {
    match mood {
        Mood::Ignores => {
            let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
            let minded: Vec<_> = query.split('&').filter(|pair| !pair.starts_with("_lastUpdated")).collect();
            hand_on(&Asked { path: format!("{path}?{}", minded.join("&")), ..asked.clone() })
        }
        Mood::Circles => {
            let reply = hand_on(&Asked { path: asked.path.replace(ROUND, ""), ..asked.clone() });
            let Ok(mut bundle) = serde_json::from_slice::<serde_json::Value>(&reply.body) else { return reply };
            let host = asked.header("host").unwrap_or_default();
            bundle["link"] = serde_json::json!([
                {"relation": "self", "url": format!("http://{host}{}", asked.path)},
                {"relation": "next", "url": format!("http://{host}{}{ROUND}", asked.path)},
            ]);
            Reply { body: bundle.to_string().into_bytes(), ..reply }
        }
        Mood::Breaks(_) => {
            let reply = hand_on(asked);
            let Ok(bundle) = serde_json::from_slice::<serde_json::Value>(&reply.body) else { return reply };
            // Most servers say where it goes on before they list what they found.
            let entries = bundle["entry"].to_string();
            let body = format!(
                "{{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":{},\"link\":{},\"entry\":{}",
                bundle["total"],
                bundle["link"],
                &entries[..entries.len() / 2]
            );
            Reply { body: body.into_bytes(), ..reply }
        }
        Mood::Open | Mood::Held | Mood::Down | Mood::Away => hand_on(asked),
    }
}

async fn handed_on(client: &reqwest::Client, base: &str, asked: &Asked) -> Reply {
    let method = asked.method.parse().expect("a method");
    let mut request = client.request(method, format!("{base}{}", asked.path)).body(asked.body.clone());
    // The peer builds its links from the host that it was asked for.
    for name in ["host", "content-type", "accept", "if-match", "if-none-exist", "authorization", "prefer"] {
        if let Some(value) = asked.header(name) {
            request = request.header(name, value);
        }
    }
    let answer = request.send().await.expect("the peer answers");
    let kept = ["content-type", "etag", "date", "last-modified", "location"];
    let headers = kept.iter().filter_map(|name| {
        let value = answer.headers().get(*name)?.to_str().ok()?;
        Some(((*name).to_owned(), value.to_owned()))
    });
    let (status, headers) = (answer.status().as_u16(), headers.collect::<Vec<_>>());
    let body = answer.bytes().await.expect("a body").to_vec();
    Reply { status, headers, body, cut: false, silent: false, pause: None }
}
