//! A private Kannel: bearerbox, smsbox and, as the network of phones behind them, Kannel's own fakesmsc, on free ports of the
//! loopback and from a temporary folder. fakesmsc never ends by itself and bearerbox waits for its queue, so that all three are
//! killed by their ids when the value is dropped, also by a panic.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use self::{configuration::configuration, phones::Phones};
use crate::peers::{on_path, require};

mod configuration;
mod phones;

pub use phones::Answer;

/// How long each of the programs may take until it is there.
const START_LIMIT: Duration = Duration::from_secs(20);
/// How long one may take to end when it is asked to.
const END_LIMIT: Duration = Duration::from_secs(2);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);
/// Between choosing free ports and listening on them another process may take one; then others are tried.
const ATTEMPTS: usize = 3;
/// Where Debian puts programs that are not on the path.
const EXTRAS: &str = "/usr/lib/kannel/test";

/// The user of `sendsms`.
pub const KANNEL_USER: &str = "mhero";
/// The password of `sendsms`.
pub const KANNEL_PASSWORD: &str = "rain & sun";
/// The password of the status page.
pub const KANNEL_STATUS_PASSWORD: &str = "status-only";

/// A running Kannel.
#[derive(Debug)]
pub struct Kannel {
    programs: Programs,
    folder: TempDir,
    ports: Ports,
    bearerbox: Running,
    smsbox: Option<Running>,
    phones: Option<Running>,
    answering: Option<Phones>,
    network: Network,
}

/// A text as it came to the fake network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mt {
    /// The sender that was shown.
    pub from: String,
    /// To whom.
    pub to: String,
    /// How it travelled: `text` for letters of the GSM alphabet, `ucs-2`, or `udh` for a part of a longer one.
    pub coding: String,
    /// What the phone would show.
    pub text: String,
}

#[derive(Debug, Clone)]
struct Programs {
    bearerbox: PathBuf,
    smsbox: PathBuf,
    fakesmsc: PathBuf,
}

/// The network behind it.
#[derive(Debug, Clone, Copy)]
enum Network {
    /// Kannel's own fake one; a quiet one only counts.
    Fake { is_quiet: bool },
    /// An SMS centre on this port of the loopback, to which it binds by SMPP.
    Smpp(u16),
}

#[derive(Debug, Clone, Copy)]
struct Ports {
    admin: u16,
    boxes: u16,
    sendsms: u16,
    smsc: u16,
}

impl Kannel {
    /// Starts one. `None`, after saying so, where Kannel is not installed.
    ///
    /// # Panics
    /// Where it is installed but does not start, and in CI where it is missing.
    #[must_use]
    pub fn start() -> Option<Self> {
        Self::start_as(Network::Fake { is_quiet: false })
    }

    /// The same for measuring: what comes to phones is counted on the status page and not kept.
    ///
    /// # Panics
    /// As [`Kannel::start`].
    #[must_use]
    pub fn start_quiet() -> Option<Self> {
        Self::start_as(Network::Fake { is_quiet: true })
    }

    /// One that binds to an SMS centre by SMPP, as [`crate::Smsc`] lets it, with a window of 50.
    ///
    /// # Panics
    /// As [`Kannel::start`], and where it does not come to a bind.
    #[must_use]
    pub fn start_smpp(port: u16) -> Option<Self> {
        Self::start_as(Network::Smpp(port))
    }

    fn start_as(network: Network) -> Option<Self> {
        let programs = Programs {
            bearerbox: require(on_path("bearerbox"), "bearerbox (package kannel)")?,
            smsbox: require(on_path("smsbox"), "smsbox (package kannel)")?,
            fakesmsc: require(fakesmsc(), "fakesmsc (package kannel-extras)")?,
        };
        let mut said = String::new();
        for _ in 0..ATTEMPTS {
            match Self::try_start(&programs, network) {
                Ok(kannel) => return Some(kannel),
                Err(words) => said = words,
            }
        }
        failed(&format!("Kannel does not start: {said}"))
    }

    fn try_start(programs: &Programs, network: Network) -> Result<Self, String> {
        let words = |error: std::io::Error| error.to_string();
        let folder = tempfile::Builder::new().prefix("mhero-kannel-").tempdir().map_err(words)?;
        let [admin, boxes, sendsms, smsc] = free_ports().map_err(words)?;
        let ports = Ports { admin, boxes, sendsms, smsc };
        fs::write(folder.path().join("kannel.conf"), configuration(ports, network, "")).map_err(words)?;
        let bearerbox = Running::start(box_command(&programs.bearerbox), folder.path(), "bearerbox").map_err(words)?;
        let mut kannel = Self {
            programs: programs.clone(),
            folder,
            ports,
            bearerbox,
            smsbox: None,
            phones: None,
            answering: None,
            network,
        };
        kannel.wait("the status page", |kannel| kannel.status().contains("<gateway>"))?;
        kannel.try_start_smsbox()?;
        match network {
            Network::Fake { .. } => kannel.try_connect_phones(None)?,
            Network::Smpp(_) => kannel.wait("the bind", Self::is_online)?,
        }
        Ok(kannel)
    }

    /// The address of `sendsms`, for `url=`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.sendsms)
    }

    /// The address of the status page, for `admin=`.
    #[must_use]
    pub fn admin_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.admin)
    }

    /// The settings of a channel by this Kannel, as `mhero channel add kannel NAME` takes them.
    #[must_use]
    pub fn settings(&self) -> Vec<String> {
        vec![
            format!("url={}", self.url()),
            format!("username={KANNEL_USER}"),
            format!("password={KANNEL_PASSWORD}"),
            "from=4636".to_owned(),
        ]
    }

    /// The status page, as XML; empty while there is none.
    #[must_use]
    pub fn status(&self) -> String {
        let asked = format!("GET /status.xml?password={KANNEL_STATUS_PASSWORD} HTTP/1.0\r\nHost: localhost\r\n\r\n");
        let answered = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(("127.0.0.1", self.ports.admin))?;
            stream.set_read_timeout(Some(END_LIMIT))?;
            stream.write_all(asked.as_bytes())?;
            let mut page = Vec::new();
            stream.read_to_end(&mut page)?;
            Ok(String::from_utf8_lossy(&page).into_owned())
        };
        answered().unwrap_or_default()
    }

    /// Lets phones write, one after the other: `("231770000010", "text bonjour")`. What comes to phones meanwhile waits in the
    /// bearerbox. Without any, the network is only connected again.
    ///
    /// # Panics
    /// When the fake network does not start.
    pub fn phones_write(&mut self, texts: &[(&str, &str)]) {
        for (from, text) in texts {
            // The network takes one connection, and of several texts it would draw lots.
            self.phones = None;
            let sent = self.count_written() + 1;
            self.try_connect_phones(Some(&format!("{from} 4636 {text}"))).unwrap_or_else(|words| failed(&words));
            self.wait("text of a phone", |kannel| kannel.count_written() >= sent)
                .unwrap_or_else(|words| failed(&words));
        }
        if texts.is_empty() {
            self.phones = None;
            self.try_connect_phones(None).unwrap_or_else(|words| failed(&words));
        }
    }

    fn count_written(&self) -> usize {
        let said = fs::read(self.folder.path().join("phones.log")).unwrap_or_default();
        String::from_utf8_lossy(&said).matches("fakesmsc: sent message").count()
    }

    /// Everything that came to phones so far.
    #[must_use]
    pub fn received(&self) -> Vec<Mt> {
        let said = fs::read(self.folder.path().join("phones.log")).unwrap_or_default();
        let mut all: Vec<Mt> = String::from_utf8_lossy(&said).lines().filter_map(Mt::read).collect();
        all.extend(self.answering.iter().flat_map(|phones| phones.traffic().received));
        all
    }

    /// From now on phones answer: each text that comes to one is given to `answer`, and what that says the phone writes at once.
    ///
    /// # Panics
    /// When the network cannot be reached.
    pub fn phones_answer(&mut self, answer: Box<Answer>) {
        self.phones = None;
        self.answering = None;
        self.wait("end of the network", |kannel| !kannel.is_online()).unwrap_or_else(|words| failed(&words));
        let phones = Phones::connect(self.ports.smsc, answer).unwrap_or_else(|error| failed(&error.to_string()));
        self.answering = Some(phones);
        self.wait("the network", Self::is_online).unwrap_or_else(|words| failed(&words));
    }

    /// Waits until so many texts came to phones that answer; `false` when none came for `quiet`.
    #[must_use]
    pub fn wait_received(&self, count: usize, quiet: Duration) -> bool {
        self.answering.as_ref().is_some_and(|phones| phones.wait(count, quiet))
    }

    /// What phones answered so far: the phone and its text.
    #[must_use]
    pub fn answers(&self) -> Vec<(String, String)> {
        self.answering.as_ref().map(|phones| phones.traffic().written).unwrap_or_default()
    }

    /// Has `get_url` fetched for each text of a phone from now on.
    ///
    /// # Panics
    /// When the smsbox does not start again.
    pub fn set_get_url(&mut self, get_url: &str) {
        let file = self.folder.path().join("kannel.conf");
        fs::write(file, configuration(self.ports, self.network, get_url))
            .unwrap_or_else(|error| failed(&error.to_string()));
        self.smsbox = None;
        self.start_smsbox();
    }

    /// Ends the smsbox: nobody listens at `sendsms`, while the bearerbox lives.
    pub fn stop_smsbox(&mut self) {
        self.smsbox = None;
    }

    /// Starts it again.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_smsbox(&mut self) {
        self.try_start_smsbox().unwrap_or_else(|words| failed(&words));
    }

    /// Cuts the network: no SMS centre is connected any more.
    ///
    /// # Panics
    /// When the bearerbox does not notice.
    pub fn cut_network(&mut self) {
        self.phones = None;
        self.wait("the network to be gone", |kannel| !kannel.is_online()).unwrap_or_else(|words| failed(&words));
    }

    fn is_online(&self) -> bool {
        self.status().split("<smsc>").nth(1).is_some_and(|smsc| smsc.contains("<status>online"))
    }

    fn try_start_smsbox(&mut self) -> Result<(), String> {
        let command = box_command(&self.programs.smsbox);
        self.smsbox = Some(Running::start(command, self.folder.path(), "smsbox").map_err(|e| e.to_string())?);
        let port = self.ports.sendsms;
        self.wait("the smsbox", |kannel| {
            TcpStream::connect(("127.0.0.1", port)).is_ok() && kannel.status().contains("<type>smsbox</type>")
        })
    }

    fn try_connect_phones(&mut self, text: Option<&str>) -> Result<(), String> {
        let mut command = Command::new(&self.programs.fakesmsc);
        command.args(["-H", "127.0.0.1", "-r", &self.ports.smsc.to_string(), "-i", "0.01"]);
        if matches!(self.network, Network::Fake { is_quiet: true }) {
            command.args(["-v", "4"]);
        }
        match text {
            Some(text) => command.args(["-m", "1", text]),
            None => command.args(["-m", "0", "1 2 text nothing"]),
        };
        self.phones = Some(Running::start(command, self.folder.path(), "phones").map_err(|e| e.to_string())?);
        self.wait("the network", Self::is_online)
    }

    fn wait(&mut self, what: &str, is_there: impl Fn(&Self) -> bool) -> Result<(), String> {
        let since = Instant::now();
        while !is_there(self) {
            if !self.bearerbox.is_alive() || since.elapsed() > START_LIMIT {
                let said = |name: &str| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
                return Err(format!("no {what}: {}{}", said("bearerbox.log"), said("smsbox.log")));
            }
            thread::sleep(LOOK);
        }
        Ok(())
    }
}

impl Drop for Kannel {
    fn drop(&mut self) {
        // The smsbox first: the bearerbox would wait for it.
        self.phones = None;
        self.answering = None;
        self.smsbox = None;
    }
}

impl Mt {
    /// Reads a line of fakesmsc: `Got message 4: <4636 +231770000001 text bonjour>`.
    fn read(line: &str) -> Option<Self> {
        let (_, message) = line.split_once("Got message ")?.1.split_once(": <")?;
        Self::parse(message.strip_suffix('>')?)
    }

    /// Reads a text as the bearerbox writes it to the network: `4636 +231770000001 text bonjour`.
    fn parse(message: &str) -> Option<Self> {
        let mut words = message.splitn(4, ' ');
        let (from, to, coding) = (words.next()?, words.next()?, words.next()?);
        let rest = words.next().unwrap_or_default();
        let text = match coding {
            "text" => rest.to_owned(),
            // The header says which part it is, and the letters are those of the whole text.
            "udh" => letters(&unescape(rest.split_once(" data ")?.1)),
            _ => wide(&unescape(rest)),
        };
        Some(Self { from: from.to_owned(), to: to.to_owned(), coding: coding.to_owned(), text })
    }
}

/// Letters of bytes of which nobody says what they are: UTF-16 where they are no UTF-8, or hold control letters, which texts do not.
fn letters(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(|letter| letter.is_control() && letter != '\n') => text.to_owned(),
        _ => wide(bytes),
    }
}

fn wide(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

fn unescape(text: &str) -> Vec<u8> {
    let text = text.as_bytes();
    let (mut bytes, mut at) = (Vec::new(), 0);
    while let Some(byte) = text.get(at) {
        let escaped = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(str::from_utf8(hex).ok()?, 16).ok());
        match (byte, escaped) {
            (b'%', Some(value)) => {
                bytes.push(value);
                at += 2;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(*byte),
        }
        at += 1;
    }
    bytes
}

/// A child that is asked to end, and killed, when it is dropped.
#[derive(Debug)]
struct Running(Child);

impl Running {
    /// Starts a program in a folder; what it says is added to `NAME.log` there.
    fn start(mut command: Command, folder: &Path, name: &str) -> std::io::Result<Self> {
        let log = fs::OpenOptions::new().create(true).append(true).open(folder.join(format!("{name}.log")))?;
        let child = command.current_dir(folder).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        Ok(Self(child))
    }

    fn is_alive(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let since = Instant::now();
        while asked.is_ok() && since.elapsed() < END_LIMIT && self.is_alive() {
            thread::sleep(LOOK);
        }
        // It may have ended already, and then there is nothing left to kill.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn box_command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["-v", "3", "kannel.conf"]);
    command
}

fn fakesmsc() -> Option<PathBuf> {
    let beside = PathBuf::from(EXTRAS).join("fakesmsc");
    on_path("fakesmsc").or_else(|| Some(beside).filter(|file| file.is_file()))
}

/// Ports that are free now, each a different one.
fn free_ports() -> std::io::Result<[u16; 4]> {
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(TcpListener::bind(("127.0.0.1", 0))?);
    }
    let mut ports = [0; 4];
    for (port, listener) in ports.iter_mut().zip(&held) {
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}

#[expect(clippy::panic, reason = "a harness that cannot do its work ends the test with the reason")]
fn failed(words: &str) -> ! {
    panic!("{words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_network_are_read() {
        let read =
            |line: &str| Mt::read(&format!("2026-11-22 00:47:48 [1] [0] DEBUG: Got message 4: <{line}>")).unwrap();
        let mt = read("4636 +231770000001 text hello > [é]");
        assert_eq!((mt.from.as_str(), mt.to.as_str(), mt.text.as_str()), ("4636", "+231770000001", "hello > [é]"));
        assert_eq!(read("4636 1 ucs-2 %069%061%00+%D8%3D%DE%00").text, "عر 😀");
        assert_eq!(read("4636 1 udh %05%00%03%0B%03%01 data caf%C3%A9+noir").text, "café noir");
        assert_eq!(read("4636 1 udh %05%00%03%0C%03%02 data %06%39").text, "ع");
        assert_eq!(Mt::read("INFO: fakesmsc starting"), None);
    }

    #[test]
    fn a_kannel_starts_takes_a_text_and_is_gone_when_dropped() {
        let Some(kannel) = Kannel::start() else { return };
        let (port, id) = (kannel.ports.sendsms, kannel.bearerbox.0.id());
        assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
        drop(kannel);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
        assert!(!Path::new(&format!("/proc/{id}")).exists());
    }
}
