//! The server's end of the socket.

use std::{io, os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use mhero_web::words::Words;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    runtime::Handle,
    sync::{mpsc, watch},
    task::JoinSet,
};

use super::{Address, Answer, Frame, LINE_MAX, Request};
use crate::{commands, failure::Failure, terminal::Terminal, wiring::Node};

/// Frames that wait for a slow client; the command waits with them.
const FRAMES_MAX: usize = 256;

/// The open socket of a data directory. It is taken away when this is dropped.
pub struct Control {
    listener: UnixListener,
    address: Address,
}

impl Drop for Control {
    fn drop(&mut self) {
        // The next server takes a socket away that is left behind.
        let _ = std::fs::remove_file(&self.address.path);
    }
}

impl Control {
    /// Opens the socket. One that a killed server left behind is taken away: the caller holds the lock of the directory.
    ///
    /// # Errors
    /// [`Failure::Refused`] when the directory takes no socket.
    pub fn open(data: &Path) -> Result<Self, Failure> {
        let unmade = |error: io::Error| Failure::file("cli-socket", data, &error);
        let address = Address::of(data).map_err(unmade)?;
        match std::fs::remove_file(&address.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unmade(error)),
            _ => {}
        }
        let listener = UnixListener::bind(&address.path).map_err(unmade)?;
        std::fs::set_permissions(&address.path, std::fs::Permissions::from_mode(0o600)).map_err(unmade)?;
        Ok(Self { listener, address })
    }

    /// Answers clients until the task is ended; commands under way are ended with it.
    pub async fn answer(&self, node: Arc<Node>) {
        let mut clients = JoinSet::new();
        // Dropped with this future: commands under way are told then.
        let (_open, closed) = watch::channel(());
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        let (node, closed) = (Arc::clone(&node), closed.clone());
                        let runtime = Handle::current();
                        // On a thread of its own: an import reads files and computes for long.
                        clients.spawn_blocking(move || runtime.block_on(serve(stream, node, closed)));
                    }
                    Err(error) => tracing::error!(%error, "a command could not reach this server"),
                },
                _ = clients.join_next(), if !clients.is_empty() => {}
            }
        }
    }
}

async fn serve(stream: UnixStream, node: Arc<Node>, mut closed: watch::Receiver<()>) {
    let (read, write) = stream.into_split();
    let mut read = BufReader::new(read);
    let mut line = String::new();
    if (&mut read).take(LINE_MAX).read_line(&mut line).await.is_err() {
        return;
    }
    let (frames, out) = mpsc::channel(FRAMES_MAX);
    let (answered, answers) = mpsc::channel(1);
    let pen = tokio::spawn(write_frames(write, out));
    let code = match understood(&line, &node) {
        Ok(request) => {
            let terminal = Terminal::of_client(request.typist.clone(), frames.clone(), answers);
            tokio::select! {
                code = commands::run_to_code(&node, &request.command, terminal) => code,
                // The client went away; what is written is written, and nothing more is begun.
                () = read_answers(read, answered) => return,
                _ = closed.changed() => return,
            }
        }
        Err((failure, words)) => {
            let _ = frames.send(Frame::Note { line: failure.say(&words) }).await;
            failure.code()
        }
    };
    let _ = frames.send(Frame::End { code }).await;
    drop(frames);
    let _ = pen.await;
}

fn understood(line: &str, node: &Node) -> Result<Request, (Failure, Words)> {
    /// The part of a request that every version understands.
    #[derive(serde::Deserialize)]
    struct Outline {
        version: String,
        typist: Outsider,
    }
    #[derive(serde::Deserialize)]
    struct Outsider {
        language: mhero_core::Lang,
    }
    let unreadable = || (Failure::refused("cli-server-other", []), Words::of(mhero_core::Lang::ENGLISH));
    let outline: Outline = serde_json::from_str(line).map_err(|_| unreadable())?;
    let words = Words::of(outline.typist.language);
    let own = env!("CARGO_PKG_VERSION");
    if outline.version != own {
        let args = [("client", outline.version), ("server", own.to_owned())];
        return Err((Failure::refused("cli-server-version", args), words));
    }
    let request: Request =
        serde_json::from_str(line).map_err(|_| (Failure::refused("cli-server-other", []), words.clone()))?;
    if request.database.as_ref().is_some_and(|database| !node.is_on(database)) {
        return Err((Failure::refused("cli-server-database", []), words));
    }
    Ok(request)
}

async fn write_frames(mut write: OwnedWriteHalf, mut frames: mpsc::Receiver<Frame>) {
    while let Some(frame) = frames.recv().await {
        let Ok(mut line) = serde_json::to_string(&frame) else { return };
        line.push('\n');
        if write.write_all(line.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Hands answers on until the client goes away.
async fn read_answers(mut read: BufReader<OwnedReadHalf>, answered: mpsc::Sender<Answer>) {
    let mut line = String::new();
    loop {
        line.clear();
        match (&mut read).take(LINE_MAX).read_line(&mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {
                let answer: Answer = serde_json::from_str(&line).unwrap_or_default();
                if answered.send(answer).await.is_err() {
                    return;
                }
            }
        }
    }
}
