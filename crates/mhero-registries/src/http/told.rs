//! Each attempt is told to whoever keeps the log of calls.

use std::time::Instant;

use mhero_app::ports::{CallEnd, CallMade, Journey};

use super::{
    answer::{Answer, Incoming},
    client::Ask,
    error::HttpError,
};

/// An attempt whose answer was read whole.
pub(super) fn whole(peer: &str, asked: (&Ask, &[u8]), began: Instant, got: &Result<Answer, HttpError>) {
    let Some(journey) = Journey::current() else { return };
    let body = got.as_ref().map(|answer| answer.body.as_slice()).unwrap_or_default();
    let end = match got {
        Ok(answer) => CallEnd::Answered(answer.status),
        Err(error) => end_of(error),
    };
    let received = got.is_ok().then_some(body.len() as u64);
    tell(&journey, peer, asked, (end, began), (body, received));
}

/// An attempt whose answer will be read piece by piece.
pub(super) fn begun(peer: &str, asked: (&Ask, &[u8]), began: Instant, got: &Result<Incoming, HttpError>) {
    let Some(journey) = Journey::current() else { return };
    let end = match got {
        Ok(incoming) => CallEnd::Answered(incoming.status),
        Err(error) => end_of(error),
    };
    let length = got.as_ref().ok().and_then(|incoming| incoming.headers.get("content-length"));
    let received = length.and_then(|length| length.to_str().ok()?.parse().ok());
    tell(&journey, peer, asked, (end, began), (&[], received));
}

const fn end_of(error: &HttpError) -> CallEnd {
    match error {
        HttpError::NotSent(_) => CallEnd::NotSent,
        HttpError::Down { status, .. } | HttpError::Refused { status, .. } if *status != 0 => {
            CallEnd::Answered(*status)
        }
        HttpError::Refused { .. } | HttpError::Down { .. } => CallEnd::NotSent,
        HttpError::Unknown(_) | HttpError::Odd(_) => CallEnd::Unknown,
    }
}

fn tell(
    journey: &Journey,
    peer: &str,
    (ask, request): (&Ask, &[u8]),
    (end, began): (CallEnd, Instant),
    (response, received): (&[u8], Option<u64>),
) {
    let kept = |body: &[u8]| if journey.wants_bodies() { body.to_vec() } else { Vec::new() };
    journey.tell(CallMade {
        peer: peer.to_owned(),
        protocol: "http",
        method: ask.method.to_string(),
        url: ask.url.to_string(),
        end,
        request: kept(request),
        response: kept(response),
        sent: request.len() as u64,
        received,
        took: began.elapsed(),
    });
}
