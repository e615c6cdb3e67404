//! Each call is told to whoever keeps the log of calls.

use std::time::Instant;

use mhero_app::ports::{CallEnd, CallMade, Journey};
use mhero_flow::effects::HttpCall;
use reqwest::Url;

use crate::http::Called;

/// A call of the web, by the host that it went to.
pub(crate) fn http(call: &HttpCall, began: Instant, called: &Called) {
    let Some(journey) = Journey::current() else { return };
    let (end, response) = match called {
        Called::Answered(answer) => (answer.status.map_or(CallEnd::Unknown, CallEnd::Answered), answer.body.as_slice()),
        Called::Forbidden(_) | Called::Unsendable(_) | Called::NotSent(_) => (CallEnd::NotSent, [].as_slice()),
        Called::Unknown(_) => (CallEnd::Unknown, [].as_slice()),
    };
    let host = Url::parse(&call.url).ok().and_then(|url| url.host_str().map(ToOwned::to_owned));
    let request = call.body.to_string();
    let kept = |body: &[u8]| if journey.wants_bodies() { body.to_vec() } else { Vec::new() };
    journey.tell(CallMade {
        peer: host.unwrap_or_else(|| "web".to_owned()),
        protocol: "http",
        method: call.method.to_string(),
        url: call.url.to_string(),
        end,
        request: kept(request.as_bytes()),
        response: kept(response),
        sent: request.len() as u64,
        received: matches!(called, Called::Answered(_)).then_some(response.len() as u64),
        took: began.elapsed(),
    });
}
