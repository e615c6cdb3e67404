//! What can go wrong with the registries that are played here.

use std::collections::VecDeque;

use crate::{site::Reply, target::page};

/// A fault. Those that name a number of times end by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// So many answers are 429 with `Retry-After: 0`.
    Busy(u32),
    /// So many answers are 503.
    Away(u32),
    /// So many answers break off in the middle of the body.
    Cut(u32),
    /// Every answer is the log-in page.
    Html,
    /// Parameters that say since when are ignored.
    FilterIgnored,
    /// Every page says that another follows, and is the first again.
    EndlessPages,
    /// People may not be read.
    NoPeople,
}

/// The faults of a server, in the order in which they come.
#[derive(Debug, Default)]
pub(crate) struct Faults(VecDeque<Fault>);

impl Faults {
    /// Adds one.
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push_back(fault);
    }

    /// Takes all away.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether a fault without end is there.
    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.0.contains(&fault)
    }

    /// What is answered in place of the real answer.
    pub(crate) fn instead(&mut self) -> Option<Reply> {
        if self.has(Fault::Html) {
            return Some(page(200));
        }
        let (status, left) = match self.0.front_mut()? {
            Fault::Busy(left) => (429, left),
            Fault::Away(left) => (503, left),
            _ => return None,
        };
        if *left == 0 {
            self.0.pop_front();
            return self.instead();
        }
        *left -= 1;
        let body = serde_json::json!({"detail": "Request was throttled."});
        Some(Reply::json(status, body).header("retry-after", "0"))
    }

    /// Lets an answer break off, when it is to.
    pub(crate) fn spoil(&mut self, reply: Reply) -> Reply {
        if let Some(Fault::Cut(left)) = self.0.front_mut() {
            if *left > 0 {
                *left -= 1;
                return reply.cut();
            }
            self.0.pop_front();
        }
        reply
    }
}
