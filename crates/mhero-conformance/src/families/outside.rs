//! Stubs of what flows call outside: web hooks from mocks, a language model, airtime and mail. The README says how each
//! answers.

use std::collections::HashMap;

use mhero_expr::{Chance, Number};
use mhero_flow::{
    effects::{AirtimeAnswer, EffectAnswer, EffectRequest, HttpAnswer, HttpCall, LlmAnswer, Request},
    events::{CallStatus, HttpLog, HttpSizes, Tokens},
    limits::Limits,
    world::World,
};
use mhero_text::glob_match;
use serde_json::Value as Json;

/// What the language model says that it took.
const TOKENS: Tokens = Tokens { input: 45, output: 78 };

/// The only currency of the operator.
const CURRENCY: &str = "RWF";

/// Letters and digits of a transfer's id.
const ID_SIGNS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// How many of them.
const ID_LENGTH: usize = 10;

/// The world outside, for one case.
#[derive(Default)]
pub(crate) struct Outside {
    mocks: Vec<(String, Vec<Json>)>,
    used: HashMap<String, usize>,
}

impl Outside {
    /// With the mocks of a case.
    pub(crate) fn new(mocks: &Json) -> Self {
        let mut mocks: Vec<_> = mocks
            .as_object()
            .into_iter()
            .flatten()
            .map(|(pattern, answers)| (pattern.clone(), answers.as_array().cloned().unwrap_or_default()))
            .collect();
        // The pattern that says most is asked first.
        mocks.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.replace('*', "").len()));
        Self { mocks, used: HashMap::new() }
    }

    /// The patterns whose answers were not all asked for.
    pub(crate) fn unused(&self) -> Vec<&str> {
        let used = |pattern: &str| self.used.get(pattern).copied().unwrap_or_default();
        self.mocks
            .iter()
            .filter(|(pattern, all)| used(pattern) < all.len())
            .map(|(pattern, _)| pattern.as_str())
            .collect()
    }

    /// Answers a request.
    pub(crate) fn perform(&mut self, request: &EffectRequest, world: &mut dyn World) -> EffectAnswer {
        match &request.request {
            Request::Http { calls, .. } => {
                let answered = |call| {
                    // The clock is read before and after each call.
                    world.now();
                    world.now();
                    self.http(call)
                };
                EffectAnswer::Http(calls.iter().map(answered).collect())
            }
            Request::Llm { instructions, input, .. } => {
                let answer = model(instructions, input);
                // The clock is read before the call, and once more after one that works.
                world.now();
                if answer.is_ok() {
                    world.now();
                }
                EffectAnswer::Llm(answer)
            }
            Request::Airtime { recipient, amounts, .. } => {
                let amount = amounts.iter().find(|amount| &*amount.currency == CURRENCY);
                EffectAnswer::Airtime(match amount {
                    _ if recipient.path().contains("666") => Err("invalid recipient number".to_owned()),
                    None => Err(format!("no amount configured for transfers in {CURRENCY}")),
                    Some(amount) => Ok(transfer(amount.amount.clone(), &*world.chance())),
                })
            }
            Request::Email { .. } => EffectAnswer::Email(Ok(())),
        }
    }

    fn http(&mut self, call: &HttpCall) -> HttpAnswer {
        let mut answer = HttpAnswer { version: "HTTP/1.0".to_owned(), elapsed_ms: 1000, ..HttpAnswer::default() };
        for (pattern, answers) in &self.mocks {
            let used = self.used.entry(pattern.clone()).or_default();
            let Some(mock) = answers.get(*used).filter(|_| glob_match(pattern, &call.url)) else { continue };
            *used += 1;
            let status = mock["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
            if status == 0 {
                return answer;
            }
            let body = match &mock["body"] {
                Json::String(text) => text.clone(),
                Json::Null => String::new(),
                json => json.to_string(),
            };
            let times = mock["body_repeat"].as_u64().and_then(|times| usize::try_from(times).ok()).unwrap_or(1);
            answer.status = Some(status);
            answer.body = body.repeat(times.max(1)).into_bytes();
            answer.body_size = answer.body.len() as u64;
            for (name, value) in mock["headers"].as_object().into_iter().flatten() {
                answer.headers.push((name.clone(), value.as_str().unwrap_or_default().to_owned()));
            }
            let max = Limits::default().webhook_response_bytes;
            answer.too_large = answer.body.len() > max;
            answer.body.truncate(max);
            return answer;
        }
        answer
    }
}

/// The language model of the README.
fn model(instructions: &str, input: &str) -> Result<LlmAnswer, String> {
    let output = if let Some(error) = input.strip_prefix("\\error ") {
        return Err(error.to_owned());
    } else if let Some(output) = input.strip_prefix("\\return ") {
        output.to_owned()
    } else if instructions.starts_with("Categorize") {
        let last = instructions.split_whitespace().next_back().unwrap_or_default();
        last.strip_suffix(']').unwrap_or(last).to_owned()
    } else if instructions.starts_with("Translate") {
        match input {
            "error" => return Err("error".to_owned()),
            "untranslatable" => "<CANT>".to_owned(),
            text => text.chars().map(leet).collect(),
        }
    } else {
        format!("You asked:\n\n{instructions}\n\n{input}")
    };
    Ok(LlmAnswer { output, tokens: TOKENS, elapsed_ms: 1000 })
}

const fn leet(c: char) -> char {
    match c.to_ascii_lowercase() {
        'a' => '4',
        'b' => '8',
        'e' => '3',
        'g' => '9',
        'i' | 'l' => '1',
        'o' => '0',
        's' => '5',
        't' => '7',
        _ => c,
    }
}

fn transfer(amount: Number, chance: &dyn Chance) -> AirtimeAnswer {
    let sign = || {
        let wide = u128::from(chance.next()) * ID_SIGNS.len() as u128;
        char::from(ID_SIGNS[(wide >> 64) as usize])
    };
    let log = HttpLog {
        url: "http://send.airtime.com".into(),
        status_code: Some(200),
        request: "GET / HTTP/1.1\r\nHost: send.airtime.com\r\nUser-Agent: Go-http-client/1.1\r\nAccept-Encoding: gzip\r\n\r\n"
            .into(),
        response: "HTTP/1.0 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"ok\"}".into(),
        elapsed_ms: 0,
        retries: 0,
        sizes: HttpSizes::default(),
        status: CallStatus::Success,
        created_on: "2019-10-16T13:59:30.123456789Z".parse().expect("an instant"),
    };
    AirtimeAnswer {
        external_id: (0..ID_LENGTH).map(|_| sign()).collect(),
        currency: CURRENCY.to_owned(),
        amount,
        http_logs: vec![log],
    }
}
