//! Groups that runs made and memberships that they gave: taken back when a run is undone.

use mhero_core::{GroupId, ImportId, PersonId};

use crate::{Store, StoreError, Unit, nouns::audience::names, params, statement::statements};

/// A group that a run made: its id and its names.
pub type MadeGroup = (GroupId, mhero_core::LangMap);

statements! {
    /// This runs ahead of the step that puts somebody into the group.
    NOTE_MEMBER = "INSERT INTO run_member (run, member_of, person, is_new) SELECT $1, $2, $3, (CASE WHEN EXISTS (SELECT 1 FROM group_member m WHERE m.member_of = $2 AND m.person = $3) THEN FALSE ELSE TRUE END) WHERE TRUE ON CONFLICT (run, member_of, person) DO NOTHING";
    NOTE_GROUP = "INSERT INTO run_group (run, member_of) VALUES ($1, $2) ON CONFLICT (run, member_of) DO NOTHING";
    /// Memberships that some run gave, and that no run that stands says are.
    TAKE_MEMBERS = "DELETE FROM group_member WHERE (member_of, person) IN (SELECT n.member_of, n.person FROM run_member n WHERE n.run = $1 AND EXISTS (SELECT 1 FROM run_member w WHERE w.member_of = n.member_of AND w.person = n.person AND w.is_new) AND NOT EXISTS (SELECT 1 FROM run_member o JOIN sync_run x ON x.id = o.run WHERE o.member_of = n.member_of AND o.person = n.person AND o.run <> $1 AND x.state <> 'undone'))";
    MADE = "SELECT g.id, g.name FROM run_group n JOIN audience_group g ON g.id = n.member_of WHERE n.run = $1 ORDER BY g.folded ASC NULLS LAST";
    /// Only as it was made, with nobody in it, and for no campaign.
    DROP_GROUP = "DELETE FROM audience_group WHERE id = $1 AND query IS NULL AND version = 1 AND NOT EXISTS (SELECT 1 FROM group_member m WHERE m.member_of = $1) AND NOT EXISTS (SELECT 1 FROM campaign c WHERE c.member_of = $1)";
    /// Everything in which a group may be named: by its name in queries, by its id elsewhere.
    USES = "SELECT g.query FROM audience_group g WHERE g.query IS NOT NULL UNION ALL SELECT b.query FROM broadcast b WHERE b.ended_at IS NULL UNION ALL SELECT t.terms FROM flow_trigger t WHERE t.active UNION ALL SELECT t.groups FROM flow_trigger t WHERE t.active UNION ALL SELECT t.exclude FROM flow_trigger t WHERE t.active UNION ALL SELECT r.definition FROM flow_revision r JOIN flow f ON f.id = r.flow AND f.revision = r.revision";
    FORGET_MEMBERS = "DELETE FROM run_member WHERE run IN (SELECT r.id FROM sync_run r WHERE r.began_at < $1)";
    FORGET_GROUPS = "DELETE FROM run_group WHERE run IN (SELECT r.id FROM sync_run r WHERE r.began_at < $1)";
}

impl Unit {
    /// Notes that a run says that somebody is in a group. This must come before the step that puts them there.
    pub fn note_member(&mut self, run: ImportId, group: GroupId, person: PersonId) -> &mut Self {
        self.run(&NOTE_MEMBER, params![run, group, person])
    }

    /// Notes that a run made a group.
    pub fn note_made_group(&mut self, run: ImportId, group: GroupId) -> &mut Self {
        self.run(&NOTE_GROUP, params![run, group])
    }

    /// Takes back the memberships that a run gave, unless another run that stands says that they are.
    pub fn take_members_of_run(&mut self, run: ImportId) -> &mut Self {
        self.run(&TAKE_MEMBERS, params![run])
    }

    /// Removes a group that nobody has changed since it was made, and that has neither members nor a campaign.
    pub fn drop_unused_group(&mut self, group: GroupId) -> &mut Self {
        self.run(&DROP_GROUP, params![group])
    }

    /// Forgets what runs gave that began before an instant in UTC microseconds: these can't be undone any more.
    pub fn forget_given(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET_MEMBERS, params![before]).run(&FORGET_GROUPS, params![before])
    }
}

impl Store {
    /// Groups that a run made and that are still there.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn groups_made_by(&self, run: ImportId) -> Result<Vec<MadeGroup>, StoreError> {
        self.query(&MADE, params![run]).await?.iter().map(|row| Ok((row.get(0)?, names(row, 1)?))).collect()
    }

    /// Queries, conditions of triggers and definitions of flows: the texts in which a group may be named.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn texts_that_name_groups(&self) -> Result<Vec<String>, StoreError> {
        self.query(&USES, vec![]).await?.iter().map(|row| row.get(0)).collect()
    }
}
