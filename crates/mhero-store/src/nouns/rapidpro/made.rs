//! What was made: broadcasts, starts, threads by instant and id; whole numbers; how something was asked for; subscribers.

use std::collections::HashMap;

use mhero_core::{FieldId, LangMap, PersonId, Scope, SessionId};
use uuid::Uuid;

use super::{Keyset, in_scope, made_in_scope};
use crate::{
    FlowAsset, Guard, Row, Store, StoreError, Unit,
    nouns::audience::{Composer, hex_list},
    params,
    statement::statements,
};

statements! {
    NUMBERS = (concat!("SELECT n.entity, n.number FROM rapidpro_number n WHERE n.kind = $2 AND n.entity IN (", ids_there!("$1"), ")"))
        | (concat!("SELECT n.entity, n.number FROM rapidpro_number n WHERE n.kind = $2 AND n.entity IN (", ids_here!("$1"), ")"));
    ENTITY = "SELECT entity FROM rapidpro_number WHERE kind = $1 AND number = $2";
    ADD_NUMBER = "INSERT INTO rapidpro_number (kind, entity, number) VALUES ($1, $2, $3)";
    ASKED = (concat!("SELECT k.entity, k.body FROM rapidpro_asked k WHERE k.entity IN (", ids_there!("$1"), ")"))
        | (concat!("SELECT k.entity, k.body FROM rapidpro_asked k WHERE k.entity IN (", ids_here!("$1"), ")"));
    PUT_ASKED = "INSERT INTO rapidpro_asked (entity, body) VALUES ($1, $2) ON CONFLICT (entity) DO NOTHING";
    SUBSCRIBERS = "SELECT number, resthook, target_url, created_at FROM resthook_subscriber ORDER BY created_at DESC NULLS LAST, number DESC NULLS LAST";
    ADD_SUBSCRIBER = "INSERT INTO resthook_subscriber (number, resthook, target_url, created_at, created_by) VALUES ($1, $2, $3, $4, $5)";
    ASSETS = "SELECT kind, id, name, content, updated_at FROM flow_asset WHERE kind = $1 ORDER BY id ASC NULLS LAST";
    RENAME_FIELD = "UPDATE field SET name = $2 WHERE id = $1";
    DROP_SUBSCRIBER = "DELETE FROM resthook_subscriber WHERE number = $1";
}

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeKind {
    /// Broadcasts that are no drafts, by when they were made.
    Broadcast,
    /// Starts of flows, by when they last changed.
    Start,
    /// Threads of the inbox, by when somebody was last heard in them.
    Thread,
}

/// Somebody who gets what a resthook sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Its number.
    pub number: i64,
    /// The short name of the resthook.
    pub resthook: String,
    /// Where it goes.
    pub target_url: String,
    /// Since when, in UTC microseconds.
    pub created_at: i64,
}

impl Subscriber {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { number: row.get(0)?, resthook: row.get(1)?, target_url: row.get(2)?, created_at: row.get(3)? })
    }
}

/// A call that a flow made to the subscribers of a resthook.
#[derive(Clone, PartialEq, Eq)]
pub struct ResthookCall {
    /// Its id.
    pub id: Uuid,
    /// The session of the flow, which the request is sealed for.
    pub session: SessionId,
    /// The request, sealed.
    pub request: Vec<u8>,
    /// When it was asked for, in UTC microseconds.
    pub created_at: i64,
}

/// Not what was said.
impl std::fmt::Debug for ResthookCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResthookCall").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Unit {
    /// Gives something its whole number, which the caller has taken from a sequence in the same unit.
    pub fn add_api_number(&mut self, kind: &str, entity: Uuid, number: i64) -> &mut Self {
        self.step(&ADD_NUMBER, Guard::Rows(1), params![kind, entity, number])
    }

    /// Keeps how something was asked for.
    pub fn put_asked(&mut self, entity: Uuid, body: &str) -> &mut Self {
        self.run(&PUT_ASKED, params![entity, body])
    }

    /// Adds a subscriber; [`StoreError::Exists`] when the address is one already.
    pub fn add_subscriber(&mut self, subscriber: &Subscriber, by: Option<Uuid>) -> &mut Self {
        let Subscriber { number, resthook, target_url, created_at } = subscriber;
        self.one(&ADD_SUBSCRIBER, params![*number, resthook, target_url, *created_at, by])
    }

    /// Gives a field of people other names; its key stays.
    pub fn rename_field(&mut self, field: FieldId, names: &LangMap) -> &mut Self {
        self.one(&RENAME_FIELD, params![field, names])
    }

    /// Removes a subscriber.
    pub fn drop_subscriber(&mut self, number: i64) -> &mut Self {
        self.run(&DROP_SUBSCRIBER, params![number])
    }
}

impl Store {
    /// A part of what was made within the scope: ids with the instants that order them. Threads may be those of one person.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn made_page(
        &self,
        scope: &Scope,
        kind: MadeKind,
        of: Option<PersonId>,
        page: &Keyset,
    ) -> Result<Vec<(Uuid, i64)>, StoreError> {
        let mut composer = Composer::for_few(0);
        let (table, at) = match kind {
            MadeKind::Broadcast => ("broadcast", "x.created_at"),
            MadeKind::Start => ("flow_start", "COALESCE(x.ended_at, x.created_at)"),
            MadeKind::Thread => ("thread", "COALESCE(x.closed_at, x.heard_at)"),
        };
        let part = page.condition(&mut composer, at, "x.id");
        let within = match kind {
            MadeKind::Broadcast => {
                format!("x.status <> 'draft' AND {}", made_in_scope(&mut composer, scope, "x"))
            }
            MadeKind::Start => made_in_scope(&mut composer, scope, "x"),
            MadeKind::Thread => in_scope(&mut composer, scope, "x.person"),
        };
        let own = match of {
            Some(person) => format!("x.person = {}", composer.bind(person)),
            None => "TRUE".to_owned(),
        };
        let order = page.order(&mut composer, self.engine(), (at, "x.id"));
        let sql = format!("SELECT x.id, {at} FROM {table} x WHERE {part} AND {within} AND {own} {order}");
        let rows = self.query_composed(sql, composer.params()).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// The whole numbers that things of a kind have.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn api_numbers(&self, kind: &str, entities: &[Uuid]) -> Result<HashMap<Uuid, i64>, StoreError> {
        if entities.is_empty() {
            return Ok(HashMap::new());
        }
        let list = hex_list(entities.iter().copied());
        let rows = self.query(&NUMBERS, params![&list, kind]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// What has a whole number.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn entity_numbered(&self, kind: &str, number: i64) -> Result<Option<Uuid>, StoreError> {
        self.first(&ENTITY, params![kind, number]).await?.map(|row| row.get(0)).transpose()
    }

    /// How things were asked for.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn asked(&self, entities: &[Uuid]) -> Result<HashMap<Uuid, String>, StoreError> {
        if entities.is_empty() {
            return Ok(HashMap::new());
        }
        let list = hex_list(entities.iter().copied());
        self.query(&ASKED, params![&list]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// What flows refer to, of one kind, each with when it last changed.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn assets_of(&self, kind: &str) -> Result<Vec<(FlowAsset, i64)>, StoreError> {
        let read = |row: &Row| {
            let asset = FlowAsset { kind: row.get(0)?, id: row.get(1)?, name: row.get(2)?, content: row.get(3)? };
            Ok((asset, row.get(4)?))
        };
        self.query(&ASSETS, params![kind]).await?.iter().map(read).collect()
    }

    /// All subscribers of resthooks, the latest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn subscribers(&self) -> Result<Vec<Subscriber>, StoreError> {
        self.query(&SUBSCRIBERS, vec![]).await?.iter().map(Subscriber::read).collect()
    }

    /// A part of the calls that resthooks of flows made, those of the programmes within the scope: key, id, session, the sealed
    /// request, and when it was asked for.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn resthook_calls(&self, scope: &Scope, page: &Keyset) -> Result<Vec<ResthookCall>, StoreError> {
        let mut composer = Composer::for_few(0);
        let part = page.condition(&mut composer, "e.created_at", "e.id");
        let within = match scope.all_programmes() {
            true => "TRUE".to_owned(),
            false => {
                let principal = composer.bind(scope.principal());
                format!("f.programme IN (SELECT g.programme FROM role_grant g WHERE g.principal = {principal})")
            }
        };
        let order = page.order(&mut composer, self.engine(), ("e.created_at", "e.id"));
        let sql = format!(
            "SELECT e.id, e.session, e.request, e.created_at FROM effect e JOIN flow f ON f.id = e.flow \
             WHERE e.kind = 'resthook' AND length(e.request) > 0 AND {part} AND {within} {order}"
        );
        let rows = self.query_composed(sql, composer.params()).await?;
        let read = |row: &Row| {
            Ok(ResthookCall { id: row.get(0)?, session: row.get(1)?, request: row.get(2)?, created_at: row.get(3)? })
        };
        rows.iter().map(read).collect()
    }
}
