//! People whom only undone runs made known: in no list, with their history.

use mhero_core::{ImportId, PersonId};
use uuid::Uuid;

use crate::{Store, StoreError, Unit, params, statement::statements};

statements! {
    /// Of a run, by its changes: those without any record left of whom no other run that stands told, to whom nobody was joined, and of whom nothing is known but
    /// by records.
    ONLY_OF = "SELECT c.id, r.entity FROM record_change c JOIN source_record r ON r.id = c.source_record JOIN person p ON p.id = r.entity WHERE c.run = $1 AND c.id > $2 AND r.entity_kind = 'person' AND p.standing = 'worker' AND NOT p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.person = p.id OR a.alias = p.id) AND NOT EXISTS (SELECT 1 FROM person_urn u WHERE u.person = p.id AND u.source_record IS NULL) AND NOT EXISTS (SELECT 1 FROM source_record o WHERE o.entity = p.id AND (o.gone_at IS NULL OR NOT EXISTS (SELECT 1 FROM record_change n WHERE n.source_record = o.id AND n.before_digest IS NULL) OR EXISTS (SELECT 1 FROM record_change n JOIN sync_run x ON x.id = n.run WHERE n.source_record = o.id AND n.run <> $1 AND x.state <> 'undone' AND x.kind <> 'undo'))) ORDER BY c.id ASC NULLS LAST LIMIT $3";
    TAKE_OUT = "UPDATE person SET standing = 'undone', updated_at = $2, version = version + 1 WHERE id = $1 AND standing = 'worker' AND NOT active";
    DROP_NUMBERS = "DELETE FROM person_urn WHERE person = $1";
    DROP_PRIMARY = "DELETE FROM urn_primary WHERE person = $1";
    DROP_PAIRS = "DELETE FROM link_pair WHERE state = 'open' AND (left_person = $1 OR right_person = $1)";
    WITHDRAW = "UPDATE proposal SET state = 'withdrawn', version = version + 1 WHERE subject = $1 AND state IN ('open', 'seconded', 'conflict')";
}

impl Unit {
    /// Takes somebody out of every list: what was sent to them and what they wrote stays. A record that comes again brings them
    /// back.
    pub fn take_out(&mut self, person: PersonId, at: i64) -> &mut Self {
        self.run(&TAKE_OUT, params![person, at]).run(&DROP_NUMBERS, params![person]);
        self.run(&DROP_PRIMARY, params![person]).run(&DROP_PAIRS, params![person]).run(&WITHDRAW, params![person])
    }
}

impl Store {
    /// People whom only a run and such as were undone made known, by its changes after one of them: the change, and who.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn people_only_of(
        &self,
        run: ImportId,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<(Uuid, PersonId)>, StoreError> {
        let rows = self.query(&ONLY_OF, params![run, after, limit]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}
