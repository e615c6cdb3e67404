//! Reads the parts of sessions. Nothing in the bytes is trusted: every read is checked, and memory is taken as it is filled.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::super::{
    Input, RawJson, Run, RunFlow, RunResult, RunStatus, Session, SessionStatus, Step, Suspended, Webhook,
};
use crate::{contact::Urn, definition::FlowKind};

/// The most memory that is taken for a list before its items are there.
const CAPACITY_MAX: usize = 64;

pub(super) struct Reader<'a> {
    all: &'a [u8],
    at: usize,
    origin: i128,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(all: &'a [u8], at: usize) -> Self {
        Self { all, at, origin: 0 }
    }

    pub(super) const fn position(&self) -> usize {
        self.at
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.at == self.all.len()
    }

    pub(super) fn session(&mut self) -> Option<Session> {
        let uuid = self.uuid()?;
        let kind = *FlowKind::ALL.get(usize::from(self.byte()?))?;
        let created_on = self.instant()?;
        self.origin = created_on.as_nanosecond();
        let trigger = Arc::new(self.trigger()?);
        let session = Session {
            uuid,
            kind,
            created_on,
            trigger,
            contact_uuid: self.uuid()?,
            call_uuid: self.maybe(Self::uuid)?,
            status: session_status(self.byte()?)?,
            input: self.maybe(Self::input)?.map(Arc::new),
            sprints: self.small()?,
            runs: self.list(Self::run)?,
            suspended: self.maybe(Self::suspended)?.map(Box::new),
        };
        let stands = |suspended: &Suspended| (suspended.run as usize) < session.runs.len();
        session.suspended.as_deref().is_none_or(stands).then_some(session)
    }

    fn run(&mut self) -> Option<Run> {
        let uuid = self.uuid()?;
        let flow = RunFlow { uuid: self.uuid()?, name: self.shared()?, revision: self.number()? };
        let path = self.list(|reader| Some(Step { node_uuid: reader.uuid()?, arrived_on: reader.instant()? }))?;
        let locals = self.map(|reader| reader.shared())?;
        let results = self.map(Self::result)?;
        let flags = self.byte()?;
        Some(Run {
            uuid,
            flow,
            path,
            locals,
            results,
            status: run_status(flags & 0x7f)?,
            had_input: flags & 0x80 != 0,
            parent_uuid: self.maybe(Self::uuid)?,
            webhook: self.maybe(Self::webhook)?.map(Arc::new),
            created_on: self.instant()?,
            modified_on: self.instant()?,
            exited_on: self.maybe(Self::instant)?,
        })
    }

    fn result(&mut self) -> Option<RunResult> {
        Some(RunResult {
            name: self.shared()?,
            value: self.shared()?,
            category: self.shared()?,
            category_localized: self.shared()?,
            node_uuid: self.uuid()?,
            input: self.shared()?,
            extra: self.maybe(|reader| RawJson::parse(reader.text()?))?,
            created_on: self.instant()?,
        })
    }

    fn webhook(&mut self) -> Option<Webhook> {
        Some(Webhook {
            method: self.shared()?,
            url: self.shared()?,
            status: u16::try_from(self.number()?).ok()?,
            headers: self
                .map(|reader| reader.text().map(str::to_owned))?
                .into_iter()
                .map(|(name, value)| (name.to_string(), value))
                .collect(),
            json: self.maybe(Self::json)?,
        })
    }

    fn input(&mut self) -> Option<Input> {
        Some(Input {
            uuid: self.uuid()?,
            channel: self.maybe(Self::reference)?,
            created_on: self.instant()?,
            urn: self.maybe(|reader| Urn::parse(reader.text()?).ok())?,
            text: self.shared()?,
            attachments: self.list(Self::shared)?,
            external_id: self.shared()?,
            payload: self.maybe(Self::json)?,
        })
    }

    fn suspended(&mut self) -> Option<Suspended> {
        Some(Suspended {
            run: self.small()?,
            node: self.uuid()?,
            action: self.small()?,
            request: self.json()?,
            pushed: self.maybe(|reader| Some((reader.uuid()?, reader.byte()? == 1)))?,
            effects: self.small()?,
            steps: self.small()?,
            resume: self.maybe(Self::json)?,
        })
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let byte = *self.all.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            number |= bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn small(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    pub(super) fn uuid(&mut self) -> Option<Uuid> {
        let bytes = self.all.get(self.at..self.at.checked_add(16)?)?;
        self.at += 16;
        Uuid::from_slice(bytes).ok()
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        let end = self.at.checked_add(length)?;
        let text = std::str::from_utf8(self.all.get(self.at..end)?).ok()?;
        self.at = end;
        Some(text)
    }

    pub(super) fn shared(&mut self) -> Option<Arc<str>> {
        self.text().map(Arc::from)
    }

    pub(super) fn instant(&mut self) -> Option<Timestamp> {
        let mut folded = 0_u128;
        for shift in (0..128).step_by(7) {
            let byte = self.byte()?;
            folded |= u128::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let since = (folded >> 1) as i128 ^ -((folded & 1) as i128);
                return Timestamp::from_nanosecond(since.checked_add(self.origin)?).ok();
            }
        }
        None
    }

    pub(super) fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.byte()? {
            0 => Some(None),
            1 => read(self).map(Some),
            _ => None,
        }
    }

    pub(super) fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = usize::try_from(self.number()?).ok()?;
        let mut items = Vec::with_capacity(count.min(CAPACITY_MAX));
        for _ in 0..count {
            items.push(read(self)?);
        }
        Some(items)
    }

    fn map<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<BTreeMap<Arc<str>, T>> {
        let count = self.number()?;
        let mut map = BTreeMap::new();
        for _ in 0..count {
            map.insert(self.shared()?, read(self)?);
        }
        Some(map)
    }

    pub(super) fn json<T: DeserializeOwned>(&mut self) -> Option<T> {
        serde_json::from_str(self.text()?).ok()
    }
}

fn session_status(byte: u8) -> Option<SessionStatus> {
    use SessionStatus::{Active, Completed, Failed, Waiting};
    [Active, Waiting, Completed, Failed].into_iter().find(|status| *status as u8 == byte)
}

fn run_status(byte: u8) -> Option<RunStatus> {
    use RunStatus::{Active, Completed, Expired, Failed, Waiting};
    [Active, Waiting, Completed, Expired, Failed].into_iter().find(|status| *status as u8 == byte)
}
