//! `call_webhook`

use std::{collections::BTreeMap, sync::Arc};

use super::{ActionContext, ActionFlow, run::NewResult};
use crate::{
    contact::truncated_with_dots,
    definition::CallWebhook,
    effects::{EffectAnswer, HttpAnswer, HttpCall, Request},
    events::{CallStatus, EventKind, HttpSizes, Problem},
    session::{RawJson, Webhook},
};

/// The status of a subscriber who wants no more.
const GONE: u16 = 410;
/// Bytes of an address after its expressions.
const URL_BYTES_MAX: usize = 2048;

/// Characters of a request or an answer in events.
const DUMP_CHARS_MAX: usize = 10_000;

/// The category of results of calls that went well.
pub(super) const SUCCESS: &str = "Success";
/// The category of results of the others.
pub(super) const FAILURE: &str = "Failure";

pub(super) fn call(action: &CallWebhook, context: &mut dyn ActionContext) -> ActionFlow {
    match prepared(action, context) {
        Ok(call) => ActionFlow::Effect(Request::Http { calls: vec![call], resthook: None }),
        Err(problem) => {
            context.error(problem);
            ActionFlow::Done
        }
    }
}

/// The call as it goes out, or why it does not.
fn prepared(action: &CallWebhook, context: &mut dyn ActionContext) -> Result<HttpCall, Problem> {
    let url = context.text_of(&action.url);
    let url = url.trim();
    if url.is_empty() {
        return Err(Problem::new("Webhook URL evaluated to empty string"));
    }
    let Some(host) = host_of(url).filter(|_| url.len() <= URL_BYTES_MAX) else {
        let text = format!("Webhook URL evaluated to an invalid URL: '{url}'");
        return Err(Problem::coded(text, "url:invalid").with("url", url));
    };
    let mut headers: Vec<(Arc<str>, Arc<str>)> = Vec::with_capacity(action.headers.len());
    for (name, template) in &action.headers {
        let value = context.given_whole(template).text;
        headers.push((name.clone(), value.replace(['\r', '\n', '\0'], " ").trim().into()));
    }
    headers.sort();
    let body = action.body.as_ref().map_or_else(String::new, |template| context.given_whole(template).text);
    let call = HttpCall { method: action.method.clone(), url: url.into(), headers, body: body.into() };
    let (size, limit) = (request_size(&call), context.limits().webhook_request_bytes);
    if size > limit {
        let text = format!("Webhook request evaluated to {size} bytes, exceeding the limit of {limit}");
        let problem = Problem::coded(text, "webhook:request_size");
        return Err(problem.with("limit", limit.to_string()).with("size", size.to_string()));
    }
    if context.world().blocks_host(&host) {
        return Err(blocked(&host));
    }
    Ok(call)
}

fn blocked(host: &str) -> Problem {
    Problem::coded(format!("Webhook calls to {host} are not allowed"), "url:blocked").with("hostname", host)
}

pub(super) fn answered(
    action: &CallWebhook,
    context: &mut dyn ActionContext,
    calls: &[HttpCall],
    answer: EffectAnswer,
) {
    let Some(call) = calls.first() else { return };
    let answer = one_of(answer).into_iter().next().unwrap_or_default();
    if let Some(host) = &answer.refused {
        return context.error(blocked(host));
    }
    let outcome = log_call(context, call, &answer, None);
    context.run_mut().webhook = Some(Arc::new(outcome.webhook(call, &answer)));
    if let Some(name) = &action.result_name {
        save(context, name, call, &outcome);
    }
}

/// The answers to HTTP calls; none where nobody knows them.
pub(super) fn one_of(answer: EffectAnswer) -> Vec<HttpAnswer> {
    match answer {
        EffectAnswer::Http(answers) => answers,
        _ => Vec::new(),
    }
}

/// What came of a call.
pub(super) struct Outcome {
    pub(super) status: CallStatus,
    code: u16,
    json: Option<RawJson>,
}

impl Outcome {
    fn of(answer: &HttpAnswer, is_resthook: bool) -> Self {
        let code = answer.status.unwrap_or(0);
        let status = match code {
            0 => CallStatus::ConnectionError,
            _ if answer.too_large => CallStatus::ConnectionError,
            200..=299 => CallStatus::Success,
            GONE if is_resthook => CallStatus::SubscriberGone,
            _ => CallStatus::ResponseError,
        };
        let body = if answer.too_large { &[] } else { answer.body.as_slice() };
        let json = mhero_expr::extract::usable_json(body).and_then(|text| RawJson::parse(&text));
        Self { status, code, json }
    }

    /// What expressions see of the call.
    pub(super) fn webhook(&self, call: &HttpCall, answer: &HttpAnswer) -> Webhook {
        let headers: BTreeMap<String, String> = answer.headers.iter().rev().cloned().collect();
        Webhook {
            method: call.method.clone(),
            url: call.url.clone(),
            status: self.code,
            headers,
            json: self.json.as_ref().map(|json| Arc::new(json.value())),
        }
    }
}

/// Writes the event of a call, and a warning before it when the answer was too large.
pub(super) fn log_call(
    context: &mut dyn ActionContext,
    call: &HttpCall,
    answer: &HttpAnswer,
    resthook: Option<&Arc<str>>,
) -> Outcome {
    let outcome = Outcome::of(answer, resthook.is_some());
    if answer.too_large {
        let limit = context.limits().webhook_response_bytes;
        let text = format!("Webhook response exceeded the limit of {limit} bytes");
        let problem = Problem::coded(text, "webhook:response_size").with("limit", limit.to_string());
        context.log(EventKind::Warning(problem));
    }
    let request = request_dump(call, context.world().user_agent());
    let head = answer.status.map_or_else(String::new, |status| response_head(status, answer));
    let mut response = head;
    let sizes = HttpSizes {
        request: request.len() as u64,
        response: if answer.status.is_some() { response.len() as u64 + answer.body_size } else { 0 },
    };
    if answer.status.is_some() && !answer.too_large {
        response.push_str(&printable(&answer.body));
    }
    context.log(EventKind::WebhookCalled {
        url: call.url.clone(),
        status_code: answer.status,
        request: truncated_with_dots(&request, DUMP_CHARS_MAX),
        response: truncated_with_dots(&response, DUMP_CHARS_MAX),
        elapsed_ms: answer.elapsed_ms,
        retries: answer.retries,
        sizes,
        status: outcome.status,
        resthook: resthook.cloned().unwrap_or_default(),
    });
    outcome
}

/// Saves the result of a call: the status as value, what the body says as extra.
pub(super) fn save(context: &mut dyn ActionContext, name: &str, call: &HttpCall, outcome: &Outcome) {
    let value = outcome.code.to_string();
    let category = if matches!(outcome.status, CallStatus::Success) { SUCCESS } else { FAILURE };
    let input = format!("{} {}", call.method, call.url);
    let extra = outcome.json.clone();
    context.save_result(NewResult { name, value: &value, category, category_localized: "", input: &input, extra });
}

/// The host of an address of the web; `None` for what is none.
fn host_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']')?.0,
        None => host.split(':').next()?,
    };
    let strange = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '|' | '}')
    };
    (!host.is_empty() && !host.contains(strange) && !url.contains(char::is_control)).then(|| host.to_owned())
}

/// Whether the host of an address is one of these domains or below one. Letter case and a dot at the end do not count.
pub fn is_blocked_url(url: &str, domains: &[&str]) -> bool {
    host_of(url).is_some_and(|host| is_blocked_host(&host, domains))
}

/// Whether a host is one of these domains or below one.
pub fn is_blocked_host(host: &str, domains: &[&str]) -> bool {
    let host = host.trim_end_matches('.').to_lowercase();
    domains.iter().any(|domain| {
        let domain = domain.trim_matches('.').to_lowercase();
        host.strip_suffix(&domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

/// Bytes of a request as the flow makes it, without the headers of the transport.
fn request_size(call: &HttpCall) -> usize {
    let line = call.method.len() + call.url.len() + "  HTTP/1.1\r\n".len();
    let headers: usize = call.headers.iter().map(|(name, value)| name.len() + value.len() + ": \r\n".len()).sum();
    line + headers + "\r\n".len() + call.body.len()
}

/// A request in the words of HTTP/1.1.
pub fn request_dump(call: &HttpCall, user_agent: &str) -> String {
    let rest = call.url.split_once("://").map_or("", |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let path = path.split('#').next().unwrap_or_default();
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mut dump = format!("{} {slash}{path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {user_agent}\r\n", call.method);
    if !call.body.is_empty() || !matches!(&*call.method, "GET" | "HEAD") {
        dump.push_str(&format!("Content-Length: {}\r\n", call.body.len()));
    }
    for (name, value) in &call.headers {
        dump.push_str(&format!("{name}: {value}\r\n"));
    }
    dump.push_str("Accept-Encoding: gzip\r\n\r\n");
    dump.push_str(&call.body);
    dump
}

fn response_head(status: u16, answer: &HttpAnswer) -> String {
    let version = if answer.version.is_empty() { "HTTP/1.1" } else { &answer.version };
    let mut head = format!("{version} {status} {}\r\n", reason(status));
    if !answer.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
        head.push_str(&format!("Content-Length: {}\r\n", answer.body_size));
    }
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head
}

/// A body as a text that every store can hold: without zeros, with a sign for bytes that are no UTF-8.
fn printable(body: &[u8]) -> String {
    String::from_utf8_lossy(body).replace('\0', "\u{fffd}")
}

/// The words that belong to the usual statuses.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hosts_are_found_and_blocked() {
        for (url, host) in [
            ("http://temba.io/?q=", Some("temba.io")),
            ("HTTPS://user:secret@Example.org:8443/x", Some("Example.org")),
            ("http://[::1]:80/", Some("::1")),
            ("ftp://example.org", None),
            (":xxxxx", None),
            ("http://", None),
            ("http:///path", None),
            ("example.org/path", None),
        ] {
            assert_eq!(host_of(url).as_deref(), host, "{url}");
        }
        assert!(is_blocked_host("Graph.Facebook.com.", &["facebook.com"]));
        assert!(!is_blocked_host("notfacebook.com", &["facebook.com"]));
    }

    #[test]
    fn a_request_is_written_as_it_goes_out() {
        let call = HttpCall {
            method: "POST".into(),
            url: "https://me:secret@example.org?a=b#c".into(),
            headers: vec![("X-One".into(), "1".into())],
            body: "Hi".into(),
        };
        assert_eq!(
            request_dump(&call, "mHero"),
            "POST /?a=b HTTP/1.1\r\nHost: example.org\r\nUser-Agent: mHero\r\nContent-Length: 2\r\nX-One: 1\r\n\
             Accept-Encoding: gzip\r\n\r\nHi"
        );
    }

    proptest! {
        #[test]
        fn any_address_is_judged_and_written(url in ".*", prefix in "(https?://)?") {
            let url = format!("{prefix}{url}");
            let _ = host_of(&url);
            let call = HttpCall { method: "GET".into(), url: url.into(), headers: Vec::new(), body: "".into() };
            let _ = request_dump(&call, "mHero");
        }
    }
}
