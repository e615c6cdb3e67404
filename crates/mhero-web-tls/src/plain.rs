//! Whoever speaks plain HTTP to the door is told so.

use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The first octet of a TLS record that opens a handshake (RFC 8446, 5.1).
pub(crate) const HANDSHAKE: u8 = 22;
/// Octets of a request that are read before it is answered.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// What is told. Where a token was in the request, it has been seen by everybody on the way.
const WORDS: &str = "This port speaks TLS alone: ask by https://. What you sent came in clear; if a token or a password was \
    in it, replace that.\n";

/// Answers a request that came in clear with 400. The caller bounds how long that may take.
pub(crate) async fn answer(stream: &mut TcpStream) -> io::Result<()> {
    let (mut head, mut part) = (Vec::new(), [0; 1024]);
    // Closing before all is read would take the answer away from the client.
    while head.len() < HEAD_BYTES_MAX && !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut part).await? {
            0 => break,
            count => head.extend_from_slice(&part[..count]),
        }
    }
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{WORDS}",
        WORDS.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
