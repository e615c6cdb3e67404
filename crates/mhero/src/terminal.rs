//! The person's side of a command: results, progress, questions. It may be this process's own terminal, or that of a client
//! that asked a running server.

use std::io::{IsTerminal, Write};

use mhero_app::Caller;
use mhero_core::Lang;
use mhero_web::words::Words;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::{
    control::{Answer, Frame, PIECE_MAX},
    failure::Failure,
    progress::Bar,
};

/// What a command needs to know about who typed it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Typist {
    /// The language to answer in.
    pub language: Lang,
    /// Whether somebody is there who can answer a question.
    pub can_answer: bool,
    /// What stood on standard input, where the command reads a secret from there.
    pub secret: Option<String>,
}

impl Typist {
    /// Whoever typed at this process.
    pub fn here(language: Lang, secret: Option<String>) -> Self {
        Self { language, can_answer: std::io::stdin().is_terminal() && std::io::stderr().is_terminal(), secret }
    }
}

/// The person's side of a command.
pub struct Terminal {
    words: Words,
    typist: Typist,
    side: Side,
}

enum Side {
    Own { bar: Bar },
    Client { frames: mpsc::Sender<Frame>, answers: mpsc::Receiver<Answer> },
}

impl Terminal {
    /// This process's own terminal.
    pub fn own(typist: Typist) -> Self {
        Self { words: Words::of(typist.language), typist, side: Side::Own { bar: Bar::default() } }
    }

    /// The terminal of a client of this server.
    pub fn of_client(typist: Typist, frames: mpsc::Sender<Frame>, answers: mpsc::Receiver<Answer>) -> Self {
        Self { words: Words::of(typist.language), typist, side: Side::Client { frames, answers } }
    }

    /// The reader's words.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// Whoever typed, for a server that is asked instead.
    pub fn into_typist(self) -> Typist {
        self.typist
    }

    /// The administrator at this terminal, for use cases.
    pub fn caller(&self) -> Caller {
        Caller::command_line(self.typist.language)
    }

    /// The secret that stood on standard input.
    pub fn secret(&self) -> Option<&str> {
        self.typist.secret.as_deref()
    }

    /// A line of the result.
    pub async fn say(&mut self, line: impl Into<String>) {
        let line = line.into();
        let mut rest = line.as_str();
        if matches!(self.side, Side::Client { .. }) {
            while rest.len() > PIECE_MAX {
                let (piece, behind) = rest.split_at(rest.floor_char_boundary(PIECE_MAX));
                self.send(Frame::Piece { text: piece.to_owned() }).await;
                rest = behind;
            }
        }
        let line = if rest.len() == line.len() { line } else { rest.to_owned() };
        self.send(Frame::Out { line }).await;
    }

    /// Lines of the result.
    pub async fn say_all(&mut self, lines: impl IntoIterator<Item = String>) {
        for line in lines {
            self.say(line).await;
        }
    }

    /// The result as one line of JSON.
    pub async fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let line = serde_json::to_string(value).map_err(anyhow::Error::from)?;
        self.say(line).await;
        Ok(())
    }

    /// A line about the work.
    pub async fn note(&mut self, line: impl Into<String>) {
        self.send(Frame::Note { line: line.into() }).await;
    }

    /// How far the work has got; shown as a bar on a terminal when it takes longer.
    pub async fn progress(&mut self, done: u64, total: Option<u64>) {
        self.send(Frame::Progress { done, total }).await;
    }

    /// Asks yes or no. `None` when nobody is there to answer.
    pub async fn ask(&mut self, question: String) -> Option<bool> {
        if !self.typist.can_answer {
            return None;
        }
        match &mut self.side {
            Side::Own { bar } => {
                bar.end();
                answer(question, &self.words).await
            }
            Side::Client { frames, answers } => {
                frames.send(Frame::Ask { question }).await.ok()?;
                answers.recv().await.map(|answer| answer.yes)
            }
        }
    }

    /// Reads a line that the person types, or that a script hands in. `None` at the end of the input.
    pub async fn line(&mut self, prompt: String) -> Option<String> {
        match &mut self.side {
            Side::Own { bar } => {
                bar.end();
                typed(prompt).await
            }
            Side::Client { frames, answers } => {
                frames.send(Frame::Line { prompt }).await.ok()?;
                answers.recv().await?.line
            }
        }
    }

    async fn send(&mut self, frame: Frame) {
        match &mut self.side {
            Side::Own { bar } => show(&frame, bar),
            // A client that has gone reads no more; the command is stopped then.
            Side::Client { frames, .. } => drop(frames.send(frame).await),
        }
    }
}

/// Shows a frame on this process's own terminal. What can't be written any more, to a closed pipe, is dropped.
pub fn show(frame: &Frame, bar: &mut Bar) {
    match frame {
        Frame::Piece { text } => {
            bar.end();
            let _ = write!(std::io::stdout().lock(), "{text}");
        }
        Frame::Out { line } => {
            bar.end();
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        }
        Frame::Note { line } => {
            bar.end();
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        }
        Frame::Progress { done, total } => bar.show(*done, *total),
        Frame::Ask { .. } | Frame::Line { .. } | Frame::End { .. } => bar.end(),
    }
}

/// Asks at this process's own terminal until the answer is a yes or a no; no answer is a no.
pub async fn answer(question: String, words: &Words) -> Option<bool> {
    let (yes, no) = (words.t("cli-yes"), words.t("cli-no"));
    let asked = move || {
        let _ = write!(std::io::stderr().lock(), "{question} [{yes}/{no}] ");
        let mut line = String::new();
        match std::io::stdin().read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(is_yes(&line, &yes)),
        }
    };
    tokio::task::spawn_blocking(asked).await.ok().flatten()
}

/// Reads a line of this process's own standard input, with a prompt where somebody types. `None` at its end.
pub async fn typed(prompt: String) -> Option<String> {
    let read = move || {
        if std::io::stdin().is_terminal() {
            let _ = write!(std::io::stderr().lock(), "{prompt}");
        }
        let mut line = String::new();
        match std::io::stdin().read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end_matches(['\n', '\r']).to_owned()),
        }
    };
    tokio::task::spawn_blocking(read).await.ok().flatten()
}

/// `y`, `yes`, `o`, `oui`: what begins with the reader's own letter for yes, or with the English one.
fn is_yes(line: &str, yes: &str) -> bool {
    let first = |text: &str| text.trim().chars().next().map(|letter| letter.to_ascii_lowercase());
    first(line).is_some() && (first(line) == first(yes) || first(line) == Some('y'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_long_line_travels_in_pieces() {
        let (frames, mut sent) = mpsc::channel(64);
        let typist = Typist { language: Lang::ENGLISH, can_answer: false, secret: None };
        let mut terminal = Terminal::of_client(typist, frames, mpsc::channel(1).1);
        let line = "é".repeat(PIECE_MAX);
        terminal.say(line.clone()).await;
        drop(terminal);
        let mut whole = String::new();
        while let Some(frame) = sent.recv().await {
            match frame {
                Frame::Piece { text } => whole.push_str(&text),
                Frame::Out { line } => whole.push_str(&line),
                other => panic!("{other:?}"),
            }
        }
        assert!(whole == line);
    }

    #[test]
    fn yes_is_said_in_the_readers_language_or_in_english() {
        for (line, yes, expected) in [
            ("y\n", "y", true),
            ("YES", "y", true),
            ("oui", "o", true),
            ("y", "o", true),
            ("", "y", false),
            ("n", "o", false),
        ] {
            assert_eq!(is_yes(line, yes), expected, "{line}");
        }
    }
}
