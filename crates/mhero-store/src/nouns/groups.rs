//! Groups of people: by hand, with members; or by a query that keeps them.

use std::collections::HashMap;

use mhero_core::{GroupId, LangMap, PersonId, Scope};
use uuid::Uuid;

use super::audience::names;
use crate::{
    Guard, Row, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

statements! {
    ADD = "INSERT INTO audience_group (id, name, folded, query, active, created_by, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1)";
    SET = "UPDATE audience_group SET name = $3, folded = $4, query = $5, active = $6, updated_at = $7, version = version + 1 WHERE id = $1 AND version = $2";
    GET = "SELECT id, name, query, active, created_by, created_at, updated_at, version FROM audience_group WHERE id = $1";
    BY_NAME = "SELECT id, name, query, active, created_by, created_at, updated_at, version FROM audience_group WHERE folded = $1";
    LIST = "SELECT id, name, query, active, created_by, created_at, updated_at, version FROM audience_group WHERE active OR $1 ORDER BY folded ASC NULLS LAST, id ASC NULLS LAST";
    ADD_MEMBER = "INSERT INTO group_member (member_of, person, added_at) VALUES ($1, $2, $3) ON CONFLICT (member_of, person) DO NOTHING";
    REMOVE_MEMBER = "DELETE FROM group_member WHERE member_of = $1 AND person = $2";
    /// Members within the scope, by group.
    COUNTS = (concat!("SELECT m.member_of, CAST(COUNT(*) AS BIGINT) FROM group_member m JOIN person p ON p.id = m.person WHERE p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) AND ", person_in_scope!("p.id", "$1", "$2"), " GROUP BY m.member_of ORDER BY m.member_of ASC NULLS LAST"));
    OF_PERSON = (concat!("SELECT g.id, g.name, g.query, g.active, g.created_by, g.created_at, g.updated_at, g.version FROM group_member m JOIN audience_group g ON g.id = m.member_of WHERE m.person = $1 AND g.active AND ", person_in_scope!("m.person", "$2", "$3"), " ORDER BY g.folded ASC NULLS LAST"));
}

/// A group as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its names.
    pub name: LangMap,
    /// The query that keeps it; `None` for a group by hand.
    pub query: Option<String>,
    /// False once it is archived.
    pub active: bool,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// When.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
    /// Version, for guards.
    pub version: i64,
}

impl Group {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            name: names(row, 1)?,
            query: row.get(2)?,
            active: row.get(3)?,
            created_by: row.get(4)?,
            created_at: row.get(5)?,
            updated_at: row.get(6)?,
            version: row.get(7)?,
        })
    }
}

impl Unit {
    /// Writes a new group. `folded` is its name folded; of two groups with one the second fails with
    /// [`StoreError::Exists`].
    pub fn add_group(&mut self, group: &Group, folded: &str) -> &mut Self {
        self.one(
            &ADD,
            params![
                group.id,
                &group.name,
                folded,
                group.query.as_deref(),
                group.active,
                group.created_by,
                group.created_at
            ],
        )
    }

    /// Writes a changed group; the unit fails when it is no longer as it was read.
    pub fn set_group(&mut self, group: &Group, folded: &str) -> &mut Self {
        self.one(
            &SET,
            params![
                group.id,
                group.version,
                &group.name,
                folded,
                group.query.as_deref(),
                group.active,
                group.updated_at
            ],
        )
    }

    /// Puts somebody into a group; who is there already stays.
    pub fn add_member(&mut self, group: GroupId, person: PersonId, now: i64) -> &mut Self {
        self.step(&ADD_MEMBER, Guard::Any, params![group, person, now])
    }

    /// Takes somebody out of a group.
    pub fn remove_member(&mut self, group: GroupId, person: PersonId) -> &mut Self {
        self.step(&REMOVE_MEMBER, Guard::Any, params![group, person])
    }
}

impl Store {
    /// One group, archived or not.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn group(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        self.first(&GET, params![id]).await?.map(|row| Group::read(&row)).transpose()
    }

    /// The group of a folded name.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn group_named(&self, folded: &str) -> Result<Option<Group>, StoreError> {
        self.first(&BY_NAME, params![folded]).await?.map(|row| Group::read(&row)).transpose()
    }

    /// All groups by name, with the archived ones on demand.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn groups(&self, with_archived: bool) -> Result<Vec<Group>, StoreError> {
        self.query(&LIST, params![with_archived]).await?.iter().map(Group::read).collect()
    }

    /// Members within the scope of the groups by hand.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn group_counts(&self, scope: &Scope) -> Result<HashMap<GroupId, i64>, StoreError> {
        let rows = self.query(&COUNTS, params![scope.all_places(), scope.principal()]).await?;
        rows.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }

    /// Groups by hand that somebody within the scope is in.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn groups_of(&self, scope: &Scope, person: PersonId) -> Result<Vec<Group>, StoreError> {
        let rows = self.query(&OF_PERSON, params![person, scope.all_places(), scope.principal()]).await?;
        rows.iter().map(Group::read).collect()
    }
}
