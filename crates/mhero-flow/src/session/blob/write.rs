//! Writes the parts of sessions.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::super::{Input, Run, RunResult, Session, Suspended, Webhook};

/// Bytes that a waiting session of one run seldom exceeds.
const USUAL_BYTES: usize = 768;

pub(super) struct Writer {
    out: Vec<u8>,
    /// What instants are counted from.
    origin: i128,
}

impl Writer {
    pub(super) fn new(version: u8) -> Self {
        let mut out = Vec::with_capacity(USUAL_BYTES);
        out.push(version);
        Self { out, origin: 0 }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.out
    }

    pub(super) fn session(&mut self, session: &Session) {
        self.uuid(session.uuid);
        self.byte(session.kind as u8);
        self.instant(session.created_on);
        self.origin = session.created_on.as_nanosecond();
        self.trigger(&session.trigger);
        self.uuid(session.contact_uuid);
        self.maybe(session.call_uuid.as_ref(), |out, call| out.uuid(*call));
        self.byte(session.status as u8);
        self.maybe(session.input.as_deref(), Self::input);
        self.number(u64::from(session.sprints));
        self.list(&session.runs, Self::run);
        self.maybe(session.suspended.as_deref(), Self::suspended);
    }

    fn run(&mut self, run: &Run) {
        self.uuid(run.uuid);
        self.uuid(run.flow.uuid);
        self.text(&run.flow.name);
        self.number(run.flow.revision);
        self.list(&run.path, |out, step| {
            out.uuid(step.node_uuid);
            out.instant(step.arrived_on);
        });
        self.number(run.locals.len() as u64);
        for (key, value) in &run.locals {
            self.text(key);
            self.text(value);
        }
        self.number(run.results.len() as u64);
        for (key, result) in &run.results {
            self.text(key);
            self.result(result);
        }
        self.byte(run.status as u8 | u8::from(run.had_input) << 7);
        self.maybe(run.parent_uuid.as_ref(), |out, parent| out.uuid(*parent));
        self.maybe(run.webhook.as_deref(), Self::webhook);
        self.instant(run.created_on);
        self.instant(run.modified_on);
        self.maybe(run.exited_on.as_ref(), |out, at| out.instant(*at));
    }

    fn result(&mut self, result: &RunResult) {
        self.text(&result.name);
        self.text(&result.value);
        self.text(&result.category);
        self.text(&result.category_localized);
        self.uuid(result.node_uuid);
        self.text(&result.input);
        self.maybe(result.extra.as_ref(), |out, extra| out.text(extra.text()));
        self.instant(result.created_on);
    }

    fn webhook(&mut self, webhook: &Webhook) {
        self.text(&webhook.method);
        self.text(&webhook.url);
        self.number(u64::from(webhook.status));
        self.number(webhook.headers.len() as u64);
        for (name, value) in &webhook.headers {
            self.text(name);
            self.text(value);
        }
        self.maybe(webhook.json.as_ref(), Self::json);
    }

    fn input(&mut self, input: &Input) {
        self.uuid(input.uuid);
        self.maybe(input.channel.as_ref(), Self::reference);
        self.instant(input.created_on);
        self.maybe(input.urn.as_ref(), |out, urn| out.text(&urn.to_string()));
        self.text(&input.text);
        self.list(&input.attachments, |out, attachment| out.text(attachment));
        self.text(&input.external_id);
        self.maybe(input.payload.as_ref(), Self::json);
    }

    fn suspended(&mut self, suspended: &Suspended) {
        self.number(u64::from(suspended.run));
        self.uuid(suspended.node);
        self.number(u64::from(suspended.action));
        self.json(&suspended.request);
        self.maybe(suspended.pushed.as_ref(), |out, (flow, terminal)| {
            out.uuid(*flow);
            out.byte(u8::from(*terminal));
        });
        self.number(u64::from(suspended.effects));
        self.number(u64::from(suspended.steps));
        self.maybe(suspended.resume.as_ref(), Self::json);
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    /// Seven bits a byte, the lowest first.
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.out.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.out.push(number as u8);
    }

    pub(super) fn uuid(&mut self, uuid: Uuid) {
        self.out.extend_from_slice(uuid.as_bytes());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Nanoseconds since the origin, with the sign in the lowest bit.
    pub(super) fn instant(&mut self, at: Timestamp) {
        let since = at.as_nanosecond() - self.origin;
        let mut folded = ((since << 1) ^ (since >> 127)) as u128;
        while folded >= 0x80 {
            self.out.push(folded as u8 | 0x80);
            folded >>= 7;
        }
        self.out.push(folded as u8);
    }

    pub(super) fn maybe<T: ?Sized>(&mut self, value: Option<&T>, write: impl FnOnce(&mut Self, &T)) {
        self.byte(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    pub(super) fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.number(items.len() as u64);
        items.iter().for_each(|item| write(self, item));
    }

    /// What is rare, as JSON text.
    pub(super) fn json<T: Serialize + ?Sized>(&mut self, value: &T) {
        let text = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
        self.text(&text);
    }

    pub(super) fn shared(&mut self, text: &Arc<str>) {
        self.text(text);
    }
}
