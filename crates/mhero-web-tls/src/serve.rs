//! Takes connections in, and answers the requests that come over them.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tower::ServiceExt;

use crate::{Door, PeerCertificate, plain};

/// How long a client may take to shake hands.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// How long it may take for the head of a request, and how long a connection may lie idle.
const HEAD_LIMIT: Duration = Duration::from_secs(75);
/// How long taking in waits when the system has no more room for connections.
const FULL_NAP: Duration = Duration::from_millis(500);

/// Answers what comes through a door until `stop` becomes true, then ends the connections as their requests end.
///
/// Requests carry `ConnectInfo<SocketAddr>`, and [`PeerCertificate`] where the client has shown one.
pub async fn serve(listener: TcpListener, door: Arc<Door>, pages: Router, mut stop: watch::Receiver<bool>) {
    let mut open = JoinSet::new();
    loop {
        let (stream, address) = tokio::select! {
            came = listener.accept() => match came {
                Ok(came) => came,
                Err(error) => {
                    refused(&error).await;
                    continue;
                }
            },
            Some(_) = open.join_next(), if !open.is_empty() => continue,
            () = ended(&mut stop) => break,
        };
        // Whoever finds no room is sent away at once: waiting would hold up those behind.
        let Ok(room) = Arc::clone(&door.room).try_acquire_owned() else {
            tracing::warn!("there are as many encrypted connections as may be: one was closed");
            continue;
        };
        let (door, pages, stop) = (Arc::clone(&door), pages.clone(), stop.clone());
        open.spawn(async move {
            let _room = room;
            if let Ok(Some(stream)) = timeout(HANDSHAKE_LIMIT, shake_hands(&door, stream, address)).await {
                answer(stream, address, pages, stop).await;
            }
        });
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

/// Ends when `stop` becomes true, or when nobody is left who could say so.
pub(crate) async fn ended(stop: &mut watch::Receiver<bool>) {
    // What it says stays locked as long as it is held.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// An error of one connection is nothing; one of the system (no more files) takes a while.
async fn refused(error: &io::Error) {
    let is_ours = !matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    );
    if is_ours {
        tracing::error!(%error, "no connection can be taken in");
        tokio::time::sleep(FULL_NAP).await;
    }
}

/// Opens an encrypted connection; `None` where none came about.
async fn shake_hands(door: &Door, mut stream: TcpStream, from: SocketAddr) -> Option<TlsStream<TcpStream>> {
    let mut first = [0];
    match stream.peek(&mut first).await {
        Ok(1) if first[0] == plain::HANDSHAKE => {}
        Ok(1) if first[0].is_ascii_alphabetic() => {
            // The client may be gone.
            let _ = plain::answer(&mut stream).await;
            return None;
        }
        _ => return None,
    }
    // Answers are small and in one piece.
    let _ = stream.set_nodelay(true);
    match TlsAcceptor::from(door.speaks()).accept(stream).await {
        Ok(stream) => Some(stream),
        Err(error) => {
            match refused_certificate(&error) {
                // The client learns no more than that: who set it up looks for the reason here.
                Some(why) => tracing::warn!(%from, %why, "a client's certificate was refused"),
                None => tracing::debug!(%error, "no handshake came about"),
            }
            None
        }
    }
}

/// Why the certificate that a client has shown is not good, where that ended the handshake.
fn refused_certificate(error: &io::Error) -> Option<&rustls::Error> {
    let why = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    matches!(why, rustls::Error::InvalidCertificate(_)).then_some(why)
}

/// Answers the requests of one connection.
async fn answer(stream: TlsStream<TcpStream>, address: SocketAddr, pages: Router, mut stop: watch::Receiver<bool>) {
    let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
    let peer = shown.and_then(|certificate| PeerCertificate::read(certificate));
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        if let Some(peer) = &peer {
            request.extensions_mut().insert(peer.clone());
        }
        pages.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        // A client that leaves in the middle is no fault of ours.
        _ = connection.as_mut() => return,
        () = ended(&mut stop) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_certificate_is_told_from_other_ends() {
        let why = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        assert!(refused_certificate(&io::Error::other(why)).is_some());
        assert!(refused_certificate(&io::Error::other(rustls::Error::HandshakeNotComplete)).is_none());
        assert!(refused_certificate(&io::Error::from(io::ErrorKind::UnexpectedEof)).is_none());
    }
}
