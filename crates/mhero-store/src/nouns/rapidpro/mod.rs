//! What an API in the shape of RapidPro's reads and writes beside what there is: pages by instant and id, labels and marks, whole
//! numbers, subscribers of resthooks.

/// Ids from a list in hexadecimal, as PostgreSQL says it.
macro_rules! ids_there {
    ($list:literal) => {
        concat!("SELECT decode(unnest(string_to_array(", $list, ", ',')), 'hex') AS id")
    };
}
/// The same as SQLite says it.
macro_rules! ids_here {
    ($list:literal) => {
        concat!("SELECT unhex(value) AS id FROM json_each('[\"' || replace(", $list, ", ',', '\",\"') || '\"]')")
    };
}

mod contacts;
mod made;
mod messages;
mod runs;

use mhero_core::Scope;
use uuid::Uuid;

pub use contacts::{ContactExtras, ContactStamp, ContactsAsked, OwnRecord};
pub use made::{MadeKind, ResthookCall, Subscriber};
pub use messages::{ApiMessage, MessageFolder, MessagesAsked};
pub use runs::{ApiRun, RunsAsked};

use super::audience::Composer;
use crate::{Engine, Statement};

/// Every statement of this noun.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    [contacts::ALL, made::ALL, messages::ALL, runs::ALL].into_iter().flat_map(|all| all.iter().copied())
}

/// Which part of a list, by an instant and, among equal ones, by the id: nothing that stays as it is comes twice or is missed,
/// whatever is added meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keyset {
    /// The latest come first.
    pub newest_first: bool,
    /// From this instant on, in UTC microseconds.
    pub from: Option<i64>,
    /// Until this instant.
    pub until: Option<i64>,
    /// Behind this instant and id.
    pub after: Option<(i64, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

impl Keyset {
    /// What of a list lies in this part.
    fn condition(&self, composer: &mut Composer, at: &str, id: &str) -> String {
        let mut text = "TRUE".to_owned();
        if let Some(from) = self.from {
            text += &format!(" AND {at} >= {}", composer.bind(from));
        }
        if let Some(until) = self.until {
            text += &format!(" AND {at} <= {}", composer.bind(until));
        }
        if let Some((instant, entity)) = self.after {
            let (instant, entity) = (composer.bind(instant), composer.bind(entity));
            let sign = if self.newest_first { '<' } else { '>' };
            text += &format!(" AND {at} {sign}= {instant} AND ({at} {sign} {instant} OR {id} {sign} {entity})");
        }
        text
    }

    /// Order and limit. Neither column is ever NULL: where NULLs would come is said so that each engine can read its index backwards.
    fn order(&self, composer: &mut Composer, engine: Engine, (at, id): (&str, &str)) -> String {
        let limit = composer.bind(self.limit);
        let way = match (self.newest_first, engine) {
            (false, _) => "ASC NULLS LAST",
            (true, Engine::Postgres) => "DESC NULLS FIRST",
            (true, Engine::Sqlite) => "DESC NULLS LAST",
        };
        format!("ORDER BY {at} {way}, {id} {way} LIMIT {limit}")
    }
}

/// That a person lies within the scope.
fn in_scope(composer: &mut Composer, scope: &Scope, person: &str) -> String {
    if scope.all_places() {
        return "TRUE".to_owned();
    }
    let principal = composer.bind(scope.principal());
    format!(
        "EXISTS (SELECT 1 FROM position scope_position JOIN place_closure scope_closure ON scope_closure.descendant = scope_position.place \
         JOIN role_grant scope_grant ON scope_grant.place = scope_closure.ancestor \
         WHERE scope_position.person = {person} AND scope_position.active AND scope_grant.principal = {principal})"
    )
}

/// That something made lies within the scope: by its programme, or because the same principal made it.
fn made_in_scope(composer: &mut Composer, scope: &Scope, row: &str) -> String {
    if scope.all_places() && scope.all_programmes() {
        return "TRUE".to_owned();
    }
    let principal = composer.bind(scope.principal());
    let own = format!("{row}.created_by = {principal}");
    if !scope.all_places() {
        return own;
    }
    format!("({own} OR {row}.programme IN (SELECT g.programme FROM role_grant g WHERE g.principal = {principal}))")
}
