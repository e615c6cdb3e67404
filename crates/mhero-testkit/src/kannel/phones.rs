//! Phones that answer: they speak with the bearerbox as fakesmsc does, one line for each text, and write back what the test says.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Shutdown, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::Mt;

/// What a phone writes back to a text that it got; `None` for nothing.
pub type Answer = dyn Fn(&Mt) -> Option<String> + Send;

/// The phones of one network, as long as the value lives.
#[derive(Debug)]
pub(super) struct Phones {
    stream: TcpStream,
    shown: Arc<Shown>,
    reading: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shown {
    traffic: Mutex<Traffic>,
    changed: Condvar,
}

/// What went to phones and came from them.
#[derive(Debug, Default, Clone)]
pub(super) struct Traffic {
    pub(super) received: Vec<Mt>,
    /// Phone and text.
    pub(super) written: Vec<(String, String)>,
}

impl Shown {
    fn lock(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Phones {
    /// Connects to the port of a `smsc = fake`.
    pub(super) fn connect(port: u16, answer: Box<Answer>) -> std::io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        let shown = Arc::new(Shown::default());
        let reading = thread::Builder::new().name("phones".into()).spawn({
            let (lines, out, shown) = (BufReader::new(stream.try_clone()?), stream.try_clone()?, Arc::clone(&shown));
            move || talk(lines, out, &shown, answer.as_ref())
        })?;
        Ok(Self { stream, shown, reading: Some(reading) })
    }

    pub(super) fn traffic(&self) -> Traffic {
        self.shown.lock().clone()
    }

    /// Waits until so many texts came; `false` when none came for a while.
    pub(super) fn wait(&self, count: usize, quiet: Duration) -> bool {
        let mut traffic = self.shown.lock();
        let (mut last, mut since) = (traffic.received.len(), Instant::now());
        while traffic.received.len() < count {
            if traffic.received.len() > last {
                (last, since) = (traffic.received.len(), Instant::now());
            }
            let Some(left) = quiet.checked_sub(since.elapsed()) else { return false };
            traffic = self.shown.changed.wait_timeout(traffic, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl Drop for Phones {
    fn drop(&mut self) {
        // The bearerbox may have closed it already.
        let _ = self.stream.shutdown(Shutdown::Both);
        if let Some(reading) = self.reading.take() {
            // A panic of the answer has been printed where it happened.
            let _ = reading.join();
        }
    }
}

fn talk(mut lines: BufReader<TcpStream>, mut out: TcpStream, shown: &Shown, answer: &Answer) {
    let mut line = Vec::new();
    while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
        let mt = Mt::parse(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']));
        line.clear();
        let Some(mt) = mt else { continue };
        let written = answer(&mt);
        {
            let mut traffic = shown.lock();
            traffic.written.extend(written.iter().map(|text| (mt.to.clone(), text.clone())));
            traffic.received.push(mt.clone());
        }
        shown.changed.notify_all();
        if let Some(text) = written
            && writeln!(out, "{} {} text {text}", mt.to, mt.from).is_err()
        {
            return;
        }
    }
}
