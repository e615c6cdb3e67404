//! The client: asks a running server and shows what it answers.

use std::{io, path::Path};

use mhero_web::words::Words;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::UnixStream,
};

use super::{Address, Answer, Frame, LINE_MAX, Request};
use crate::{failure::Failure, progress::Bar, terminal};

/// A connection to the server that holds a data directory; `None` when none answers there.
pub async fn connect(data: &Path) -> Option<UnixStream> {
    let address = Address::of(data).ok()?;
    UnixStream::connect(&address.path).await.ok()
}

/// Asks the server and shows its answer. Returns the command's exit code.
///
/// # Errors
/// [`Failure::Refused`] when the server went away in the middle: what it had done until then is done.
pub async fn ask(stream: UnixStream, request: &Request) -> Result<u8, Failure> {
    let words = Words::of(request.typist.language);
    let gone = |_: io::Error| Failure::refused("cli-server-gone", []);
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    let mut line = serde_json::to_string(request).map_err(anyhow::Error::from)?;
    line.push('\n');
    write.write_all(line.as_bytes()).await.map_err(gone)?;
    let mut bar = Bar::default();
    loop {
        line.clear();
        (&mut read).take(LINE_MAX).read_line(&mut line).await.map_err(gone)?;
        let Ok(frame) = serde_json::from_str::<Frame>(&line) else {
            return Err(Failure::refused("cli-server-gone", []));
        };
        terminal::show(&frame, &mut bar);
        match frame {
            Frame::End { code } => return Ok(code),
            Frame::Ask { question } => {
                let yes = terminal::answer(question, &words).await.unwrap_or(false);
                let answer = serde_json::to_string(&Answer { yes, line: None }).map_err(anyhow::Error::from)?;
                write.write_all(format!("{answer}\n").as_bytes()).await.map_err(gone)?;
            }
            Frame::Line { prompt } => {
                let line = terminal::typed(prompt).await;
                let answer = serde_json::to_string(&Answer { yes: false, line }).map_err(anyhow::Error::from)?;
                write.write_all(format!("{answer}\n").as_bytes()).await.map_err(gone)?;
            }
            _ => {}
        }
    }
}
