//! What was decided of pairs, for whoever looks it over.

use mhero_core::{PersonId, Scope};
use uuid::Uuid;

use super::PairState;
use crate::{
    Store, StoreError, params,
    statement::{person_in_scope, statements},
};

statements! {
    /// The latest first, by the index that has them so. The merge, where one stands between the two themselves.
    DECIDED_LIST = (concat!("SELECT k.left_person, k.right_person, k.state, l.name, r.name, k.decided_by, k.decided_at, x.id FROM link_pair k JOIN person l ON l.id = k.left_person JOIN person r ON r.id = k.right_person LEFT JOIN person_link x ON x.undone_at IS NULL AND ((x.person = k.left_person AND x.joined = k.right_person) OR (x.person = k.right_person AND x.joined = k.left_person)) WHERE k.state <> 'open' AND k.decided_at IS NOT NULL AND -k.decided_at >= $3 AND (-k.decided_at > $3 OR k.left_person > $4 OR (k.left_person = $4 AND k.right_person > $5)) AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = k.left_person), k.left_person)", "$1", "$2"), " AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = k.right_person), k.right_person)", "$1", "$2"), " ORDER BY -k.decided_at ASC NULLS LAST, k.left_person ASC NULLS LAST, k.right_person ASC NULLS LAST LIMIT $6"));
}

/// A pair that somebody or a rule decided.
#[derive(Clone, PartialEq, Eq)]
pub struct DecidedPair {
    /// The person with the smaller id.
    pub left: PersonId,
    /// The other.
    pub right: PersonId,
    /// What was decided.
    pub state: PairState,
    /// The names of the two, as each has it.
    pub names: (String, String),
    /// Who decided; `None` for a rule.
    pub decided_by: Option<Uuid>,
    /// When, in UTC microseconds.
    pub decided_at: i64,
    /// The merge of the two, as long as it stands.
    pub link: Option<Uuid>,
}

/// Only whose it is: names stand there.
impl std::fmt::Debug for DecidedPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("DecidedPair");
        shown.field("left", &self.left).field("right", &self.right).field("state", &self.state).finish_non_exhaustive()
    }
}

impl Store {
    /// Decided pairs of which both are within the scope, the latest first, after one of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn decided_list(
        &self,
        scope: &Scope,
        after: Option<(i64, PersonId, PersonId)>,
        limit: i64,
    ) -> Result<Vec<DecidedPair>, StoreError> {
        let nobody = PersonId::from_uuid(Uuid::nil());
        let (at, left, right) = after.unwrap_or((i64::MAX, nobody, nobody));
        let given = params![scope.all_places(), scope.principal(), -at, left, right, limit];
        let rows = self.query(&DECIDED_LIST, given).await?;
        rows.iter()
            .map(|row| {
                Ok(DecidedPair {
                    left: row.get(0)?,
                    right: row.get(1)?,
                    state: PairState::read(&row.get::<String>(2)?),
                    names: (row.get(3)?, row.get(4)?),
                    decided_by: row.get(5)?,
                    decided_at: row.get(6)?,
                    link: row.get(7)?,
                })
            })
            .collect()
    }
}
