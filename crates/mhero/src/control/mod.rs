//! The socket in the data directory by which a command finds a running server and asks it.
//!
//! Both sides speak lines of JSON: the client sends one [`Request`], the server answers with [`Frame`]s, the last of which is
//! [`Frame::End`]; the client answers each [`Frame::Ask`] and [`Frame::Line`] with an [`Answer`]. Only the data directory's owner can reach it.

mod client;
mod server;

use std::{
    fs::File,
    io,
    os::fd::AsRawFd,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub use client::{ask, connect};
pub use server::Control;

use crate::{cli::Command, terminal::Typist};

/// The name of the socket.
const NAME: &str = "mhero.socket";
/// Longest path that a socket's address holds, in bytes, on every platform.
const PATH_MAX: usize = 100;
/// Longest line that either side reads, in bytes: texts of a command's arguments, or a [`PIECE_MAX`] with its escapes.
const LINE_MAX: u64 = 8 * 1024 * 1024;
/// Longest piece of a result that travels in one frame, in bytes.
pub const PIECE_MAX: usize = 256 * 1024;

/// What a client asks.
#[derive(Serialize, Deserialize)]
pub struct Request {
    /// The client's version: another version may mean other things by the same words.
    pub version: String,
    /// The database that the client was told to use, if any.
    pub database: Option<String>,
    /// Who typed.
    pub typist: Typist,
    /// What.
    pub command: Command,
}

/// A piece of the server's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Frame {
    /// A piece of a long line of the result; the end of the line follows.
    Piece {
        /// The piece.
        text: String,
    },
    /// A line of the result, or the end of one.
    Out {
        /// The line.
        line: String,
    },
    /// A line about the work.
    Note {
        /// The line.
        line: String,
    },
    /// How far the work has got.
    Progress {
        /// Steps done.
        done: u64,
        /// Of how many, where that is known.
        total: Option<u64>,
    },
    /// A question that wants an [`Answer`].
    Ask {
        /// The question.
        question: String,
    },
    /// A line is wanted from standard input, as an [`Answer`].
    Line {
        /// What stands before it on a terminal.
        prompt: String,
    },
    /// The command has ended.
    End {
        /// Its exit code.
        code: u8,
    },
}

/// The answer to a question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Yes or no; a client whose person went away says no.
    pub yes: bool,
    /// The line that was asked for; none at the end of the input.
    pub line: Option<String>,
}

/// The address of a data directory's socket, and the folder kept open while it is used.
///
/// The address of a socket is short. A deep folder is reached through its open handle instead.
struct Address {
    path: PathBuf,
    _folder: Option<File>,
}

impl Address {
    fn of(data: &Path) -> io::Result<Self> {
        let path = data.join(NAME);
        if path.as_os_str().len() <= PATH_MAX {
            return Ok(Self { path, _folder: None });
        }
        let folder = File::open(data)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(NAME);
        Ok(Self { path, _folder: Some(folder) })
    }
}
