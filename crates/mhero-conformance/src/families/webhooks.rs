//! Web hooks: which addresses are blocked, and what is kept of a call.

use std::path::Path;

use mhero_flow::{
    actions::{is_blocked_url, request_dump},
    effects::HttpCall,
};
use serde_json::Value as Json;

use super::{cases::text, modifiers::each_case, normalise::Normaliser};
use crate::Tally;

/// The blocked domains of the cases.
const BLOCKED: [&str; 2] = ["graph.facebook.com", "360dialog.io"];

/// Runs the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    each_case(dir, tally, "blocked_domains.json", blocked);
    each_case(dir, tally, "service.json", traced);
}

fn blocked(case: &Json) -> Result<(), String> {
    let is = is_blocked_url(text(case, "url"), &BLOCKED);
    if case["isBlocked"] == is { Ok(()) } else { Err(format!("blocked: {is}")) }
}

/// The request as it is written down. What comes back is the transport's.
fn traced(case: &Json) -> Result<(), String> {
    let expected = text(&case["webhook"], "request");
    if case["isError"] == true {
        return if expected.is_empty() { Ok(()) } else { Err("an error that has a request".to_owned()) };
    }
    let call = &case["call"];
    let call = HttpCall {
        method: text(call, "method").into(),
        url: text(call, "url").into(),
        headers: Vec::new(),
        body: text(call, "body").into(),
    };
    let neutral = |dump: &str| Normaliser::default().neutral(&serde_json::json!({"request": dump}));
    let actual = neutral(&request_dump(&call, "goflow-testing"));
    if actual == neutral(expected) { Ok(()) } else { Err(format!("request {actual}")) }
}
