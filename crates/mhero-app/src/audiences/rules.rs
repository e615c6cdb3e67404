//! The rules that an audience stands on: the queries of the groups that it names, and of those that these name.

use std::collections::{BTreeMap, HashMap};

use mhero_core::GroupId;
use mhero_query::{Leaf, Predicate, lower};
use mhero_store::Group;

use crate::{App, AppError, Caller};

impl App {
    /// Every group behind an audience with its query, empty for one whose members are named. Who is in them may change from day to
    /// day; these texts change only when somebody changes the rule.
    ///
    /// # Errors
    /// As [`App::check_audience`].
    pub(crate) async fn rules_behind(&self, caller: &Caller, query: &str) -> Result<Vec<String>, AppError> {
        let found = self.groups_behind(caller, query).await?;
        Ok(found.into_iter().map(|(id, query)| format!("{id} {query}")).collect())
    }

    /// Every group behind an audience with its query, as it stands now; the query is empty for one whose members are named.
    ///
    /// # Errors
    /// As [`App::check_audience`].
    pub async fn groups_behind(&self, caller: &Caller, query: &str) -> Result<BTreeMap<GroupId, String>, AppError> {
        let (_, audience) = self.read_audience(caller, query).await?;
        let mut open = vec![lower(&audience)];
        let mut found: BTreeMap<GroupId, String> = BTreeMap::new();
        let mut groups: Option<HashMap<GroupId, Group>> = None;
        while let Some(predicate) = open.pop() {
            let mut named = Vec::new();
            let names_any = name_groups(&predicate, &mut named);
            if named.is_empty() && !names_any {
                continue;
            }
            if groups.is_none() {
                let all = self.store().groups(true).await?;
                groups = Some(all.into_iter().map(|group| (group.id, group)).collect());
            }
            let known = groups.as_ref().expect("they were read just now");
            if names_any {
                named.extend(known.keys());
            }
            for id in named.into_iter().filter(|id| !found.contains_key(id)).collect::<Vec<_>>() {
                let query = known.get(&id).and_then(|group| group.query.clone()).unwrap_or_default();
                if !query.is_empty() {
                    let (_, audience) = self.read_audience(caller, &query).await?;
                    open.push(lower(&audience));
                }
                found.insert(id, query);
            }
        }
        Ok(found)
    }
}

/// The groups that a predicate names; true when it means any group at all.
fn name_groups(predicate: &Predicate, named: &mut Vec<GroupId>) -> bool {
    match predicate {
        Predicate::Is(Leaf::Group(ids)) => {
            named.extend(ids);
            false
        }
        Predicate::Is(leaf) => matches!(leaf, Leaf::AnyGroup),
        Predicate::Not(inner) => name_groups(inner, named),
        Predicate::And(parts) | Predicate::Or(parts) => {
            // Each is looked at, whatever the one before it meant.
            let means_any: Vec<bool> = parts.iter().map(|part| name_groups(part, named)).collect();
            means_any.contains(&true)
        }
        Predicate::All | Predicate::None => false,
    }
}
