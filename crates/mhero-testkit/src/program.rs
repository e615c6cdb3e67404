//! The program itself as a child process, the way an administrator runs it.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

/// How long a start may take before the test fails with what the program said.
const START_LIMIT: Duration = Duration::from_secs(120);
/// How long one answer to a connection may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// A running server. Killed when dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    address: SocketAddr,
    out: Arc<Mutex<String>>,
    err: Arc<Mutex<String>>,
}

/// A command that has ended.
#[derive(Debug)]
pub struct Finished {
    /// How it ended: 0 finished, 1 failed, 2 used wrongly.
    pub status: ExitStatus,
    /// What it printed on standard output.
    pub out: String,
    /// What it printed on standard error.
    pub err: String,
}

impl Finished {
    /// Standard output of a command that exited with 0.
    ///
    /// # Panics
    /// When it exited otherwise; says what the command printed.
    #[must_use]
    pub fn expect_success(self) -> String {
        assert!(self.status.success(), "{}\n{}\n{}", self.status, self.out, self.err);
        self.out
    }
}

impl Program {
    /// The program under test: `MHERO_BIN`, else the one that stands beside the running test.
    ///
    /// # Panics
    /// When it has not been built: `cargo test` alone does not build it, `cargo build -p mhero` does.
    #[must_use]
    pub fn binary() -> PathBuf {
        if let Some(named) = std::env::var_os("MHERO_BIN") {
            return PathBuf::from(named);
        }
        let test = std::env::current_exe().expect("the running test has a path");
        let beside = test.ancestors().skip(1).take(2).map(|folder| folder.join("mhero")).find(|path| path.is_file());
        beside.expect("no `mhero` beside the tests: run `cargo build -p mhero` first")
    }

    /// A command of the program, cut off from the caller's own settings.
    #[must_use]
    pub fn command() -> Command {
        let mut command = Command::new(Self::binary());
        command.env("NO_COLOR", "1").stdin(Stdio::null());
        for name in std::env::vars_os().map(|(name, _)| name).filter(|name| is_ours(name)) {
            command.env_remove(name);
        }
        command
    }

    /// Runs one command to its end: `run(data, ["people", "list", "--json"])`.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn run<I, S>(data: &Path, arguments: I) -> Finished
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let output = Self::command().args(arguments).arg("--data").arg(data).output().expect("the program starts");
        Finished {
            status: output.status,
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Starts `serve` or `demo` on a free port and waits until it has printed its address and answers there.
    ///
    /// # Panics
    /// When it ends or stays silent for two minutes instead; says what it printed.
    pub fn start<I, S>(data: &Path, arguments: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let mut command = Self::command();
        command.args(arguments).arg("--data").arg(data).args(["--listen", "127.0.0.1:0"]);
        Self::spawn(&mut command)
    }

    /// Like [`Program::start`] for a command that the test has put together (a tracer around it, a limit).
    ///
    /// # Panics
    /// As [`Program::start`].
    pub fn spawn(command: &mut Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts as a child");
        let (told, lines) = mpsc::channel();
        let out = collect(child.stdout.take().expect("standard output is piped"), Some(told));
        let err = collect(child.stderr.take().expect("standard error is piped"), None);
        let address = loop {
            match lines.recv_timeout(START_LIMIT) {
                Ok(line) => {
                    if let Some(address) = address_in(&line) {
                        break Some(address);
                    }
                }
                Err(_) => break None,
            }
        };
        let said = || format!("{}\n{}", text(&out), text(&err));
        let answers = address.filter(|address| TcpStream::connect_timeout(address, CONNECT_LIMIT).is_ok());
        if answers.is_none() {
            // It is of no more use; what it said is the reason of the failure.
            let _ = child.kill();
            let _ = child.wait();
        }
        let address = answers.unwrap_or_else(|| failed(&format!("no server at {address:?}; it said:\n{}", said())));
        Self { child, address, out, err }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a page: `url("/people")`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The process, for tools that look at it from outside.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has printed on standard output so far.
    #[must_use]
    pub fn out(&self) -> String {
        text(&self.out)
    }

    /// What it has printed on standard error so far.
    #[must_use]
    pub fn err(&self) -> String {
        text(&self.err)
    }

    /// Whether it has not ended yet.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Takes its life at once, as a power cut would (`SIGKILL`), and waits until it is gone.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end (`SIGTERM`) and waits until it has.
    ///
    /// # Panics
    /// When there is no `kill` command.
    pub fn stop(mut self) -> ExitStatus {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()), "the program could be asked to end");
        self.child.wait().expect("a child can be waited for")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already, and then there is nothing left to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_ours(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("MHERO__"))
}

fn text(collected: &Mutex<String>) -> String {
    collected.lock().map(|text| text.clone()).unwrap_or_default()
}

/// Reads one stream of the child to its end, so that the child never waits for a full pipe.
fn collect(stream: impl Read + Send + 'static, told: Option<mpsc::Sender<String>>) -> Arc<Mutex<String>> {
    let collected = Arc::new(Mutex::new(String::new()));
    let into = Arc::clone(&collected);
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if let Ok(mut text) = into.lock() {
                text.push_str(&line);
                text.push('\n');
            }
            if let Some(told) = &told {
                // Nobody listens once the address is known.
                let _ = told.send(line);
            }
        }
    });
    collected
}

/// The first `http://IP:PORT` of a printed line.
fn address_in(line: &str) -> Option<SocketAddr> {
    let after = line.split_once("http://")?.1;
    let end = after.find(|c: char| !(c.is_ascii_hexdigit() || ".:[]".contains(c))).unwrap_or(after.len());
    after[..end].trim_end_matches(['.', ':']).parse().ok()
}

#[expect(clippy::panic, reason = "a harness that cannot do its work ends the test with the reason")]
fn failed(words: &str) -> ! {
    panic!("{words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_out_of_a_sentence() {
        let cases = [
            ("mHero is ready: http://127.0.0.1:8080/", Some("127.0.0.1:8080")),
            ("Ouvrez http://127.0.0.1:41007.", Some("127.0.0.1:41007")),
            ("http://[::1]:8080/sign-in", Some("[::1]:8080")),
            ("http://localhost:8080", None),
            ("no address here", None),
        ];
        for (line, expected) in cases {
            assert_eq!(address_in(line), expected.map(|text| text.parse().unwrap()), "{line}");
        }
    }

    #[test]
    fn a_server_is_found_by_what_it_prints_and_dies_with_its_handle() {
        let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let line = format!("echo ready at http://{}/; cat", taken.local_addr().unwrap());
        let mut command = Command::new("sh");
        command.args(["-c", &line]).stdin(Stdio::piped());
        let program = Program::spawn(&mut command);
        assert_eq!(program.address(), taken.local_addr().unwrap());
        assert!(program.out().contains("ready at"));
        program.kill();
    }

    #[test]
    #[should_panic(expected = "out of coffee")]
    fn a_server_that_ends_early_fails_with_its_own_words() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo out of coffee; exit 1"]);
        let _ = Program::spawn(&mut command);
    }
}
