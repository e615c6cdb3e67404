//! A tiny web server that answers as a test says: for clients that meet loops, cuts, lies and silence.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// What a client asked.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// Path and query as sent.
    pub path: String,
    /// Headers, their names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Asked {
    /// A header by its name in small letters.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What the server answers.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status; 0 closes the connection without a word, if it is silent too only when the client goes.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Ends the connection in the middle of the body.
    pub cut: bool,
    /// Sends the head, and the body never.
    pub silent: bool,
    /// Waits so long before each third of the body.
    pub pause: Option<Duration>,
}

impl Reply {
    /// An answer with a body of some type.
    #[must_use]
    pub fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("Content-Type".to_owned(), kind.to_owned())];
        Self { status, headers, body: body.into(), cut: false, silent: false, pause: None }
    }

    /// JSON.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "a document is made for this")]
    pub fn json(status: u16, body: impl ToString) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Cut in the middle of its body.
    #[must_use]
    pub const fn cut(mut self) -> Self {
        self.cut = true;
        self
    }

    /// With a pause before each third of its body.
    #[must_use]
    pub const fn slow(mut self, pause: Duration) -> Self {
        self.pause = Some(pause);
        self
    }

    /// Without its body, the connection left open.
    #[must_use]
    pub const fn silent(mut self) -> Self {
        self.silent = true;
        self
    }
}

/// A running server on a free port of this machine. It ends when it is dropped.
#[derive(Debug)]
pub struct Site {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    over: Arc<AtomicBool>,
}

/// How long a connection is kept that says nothing.
const SILENCE: Duration = Duration::from_secs(30);

impl Site {
    /// Starts one that answers by a function.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its port");
        let (asked, over) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let answer: Arc<dyn Fn(&Asked) -> Reply + Send + Sync> = Arc::new(answer);
        let (kept, ended) = (Arc::clone(&asked), Arc::clone(&over));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if ended.load(Ordering::SeqCst) {
                    break;
                }
                let (kept, answer, ended) = (Arc::clone(&kept), Arc::clone(&answer), Arc::clone(&ended));
                thread::spawn(move || serve(stream, &kept, &*answer, &ended));
            }
        });
        Self { address, asked, over }
    }

    /// Its address: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything that was asked so far.
    ///
    /// # Panics
    /// When the function of the test panicked.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("whole").clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the one who waits for connections.
        drop(TcpStream::connect(self.address));
    }
}

fn serve(stream: TcpStream, kept: &Mutex<Vec<Asked>>, answer: &dyn Fn(&Asked) -> Reply, over: &AtomicBool) {
    if stream.set_read_timeout(Some(SILENCE)).is_err() {
        return;
    }
    let Ok(mut out) = stream.try_clone() else { return };
    let mut reader = BufReader::new(stream);
    while let Some(asked) = read(&mut reader) {
        kept.lock().expect("whole").push(asked.clone());
        let reply = answer(&asked);
        if reply.status == 0 && reply.silent {
            let _ = reader.read(&mut [0]);
        }
        if reply.status == 0 || over.load(Ordering::SeqCst) {
            return;
        }
        let is_bodiless = matches!(reply.status, 204 | 304);
        if out.write_all(head(&reply, is_bodiless).as_bytes()).is_err() {
            return;
        }
        if reply.silent {
            // Until the client goes or the patience of this end is over.
            let _ = reader.read(&mut [0]);
            return;
        }
        let sent = if reply.cut { &reply.body[..reply.body.len() / 2] } else { &reply.body[..] };
        if (!is_bodiless && asked.method != "HEAD" && !write_body(&mut out, sent, reply.pause)) || reply.cut {
            return;
        }
    }
}

/// Writes a body, with pauses where it is a slow one. False when the client has gone.
fn write_body(out: &mut TcpStream, body: &[u8], pause: Option<Duration>) -> bool {
    let Some(pause) = pause else { return out.write_all(body).is_ok() };
    if out.set_read_timeout(Some(pause)).is_err() {
        return false;
    }
    for piece in body.chunks(body.len().div_ceil(3).max(1)) {
        // Nothing is to come from the client meanwhile: looking for it is the pause.
        let has_gone = matches!(out.peek(&mut [0]), Ok(0));
        if has_gone || out.write_all(piece).is_err() {
            return false;
        }
    }
    out.set_read_timeout(Some(SILENCE)).is_ok()
}

fn head(reply: &Reply, is_bodiless: bool) -> String {
    let mut head = format!("HTTP/1.1 {} .\r\n", reply.status);
    for (name, value) in &reply.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    if !is_bodiless {
        let _ = write!(head, "Content-Length: {}\r\n", reply.body.len());
    }
    head + "\r\n"
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let mut words = line.split_whitespace();
    let mut asked = Asked { method: words.next()?.to_owned(), path: words.next()?.to_owned(), ..Asked::default() };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        asked.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = asked.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    asked.body = vec![0; length];
    reader.read_exact(&mut asked.body).ok()?;
    Some(asked)
}
