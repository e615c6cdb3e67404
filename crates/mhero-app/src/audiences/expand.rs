//! What the store can't know or would be slow to find: groups by query are opened, and what lies below the whole country is
//! any place at all.

use std::collections::HashMap;

use futures::future::{BoxFuture, FutureExt as _};
use mhero_core::{GroupId, PlaceId};
use mhero_query::{Leaf, Predicate, lower};
use mhero_store::Group;

use crate::{App, AppError, Caller};

/// How deep groups by query may stand in one another.
const DEPTH_MAX: usize = 5;
/// Most tests that an audience may have once its groups are opened.
const TESTS_MAX: usize = 900;

impl App {
    /// The predicate with each group by query replaced by what that query asks, made as simple as the places allow.
    pub(super) async fn expand_groups(&self, caller: &Caller, predicate: Predicate) -> Result<Predicate, AppError> {
        let root = self.store().only_root().await?;
        let simpler = |predicate| match root {
            Some(root) => at_any_place(predicate, root),
            None => predicate,
        };
        if !names_groups(&predicate) {
            return Ok(simpler(predicate));
        }
        let groups = self.store().groups(true).await?.into_iter().map(|group| (group.id, group)).collect();
        let opened = self.open_groups(caller, &groups, Vec::new(), predicate).await?;
        if tests(&opened) > TESTS_MAX {
            return Err(AppError::invalid("audiences-too-many-tests", [("max", TESTS_MAX.to_string())]));
        }
        Ok(simpler(opened))
    }

    /// One level: `within` are the groups whose queries led here.
    fn open_groups<'a>(
        &'a self,
        caller: &'a Caller,
        groups: &'a HashMap<GroupId, Group>,
        within: Vec<GroupId>,
        predicate: Predicate,
    ) -> BoxFuture<'a, Result<Predicate, AppError>> {
        async move {
            Ok(match predicate {
                Predicate::Not(inner) => self.open_groups(caller, groups, within, *inner).await?.not(),
                Predicate::And(parts) => {
                    let mut opened = Vec::with_capacity(parts.len());
                    for part in parts {
                        opened.push(self.open_groups(caller, groups, within.clone(), part).await?);
                    }
                    Predicate::all(opened)
                }
                Predicate::Or(parts) => {
                    let mut opened = Vec::with_capacity(parts.len());
                    for part in parts {
                        opened.push(self.open_groups(caller, groups, within.clone(), part).await?);
                    }
                    Predicate::any(opened)
                }
                Predicate::Is(Leaf::Group(ids)) => self.open(caller, groups, within, ids).await?,
                Predicate::Is(Leaf::AnyGroup) => {
                    let by_query = groups.values().filter(|group| group.active && group.query.is_some());
                    let mut ids: Vec<GroupId> = by_query.map(|group| group.id).collect();
                    ids.retain(|id| !within.contains(id));
                    ids.sort_unstable();
                    Predicate::any([Leaf::AnyGroup.into(), self.open(caller, groups, within, ids).await?])
                }
                other => other,
            })
        }
        .boxed()
    }

    /// Members of any of some groups.
    async fn open(
        &self,
        caller: &Caller,
        groups: &HashMap<GroupId, Group>,
        within: Vec<GroupId>,
        ids: Vec<GroupId>,
    ) -> Result<Predicate, AppError> {
        let mut by_hand = Vec::new();
        let mut parts = Vec::new();
        for id in ids {
            let Some((group, query)) = groups.get(&id).and_then(|group| Some((group, group.query.as_deref()?))) else {
                by_hand.push(id);
                continue;
            };
            if within.contains(&id) || within.len() >= DEPTH_MAX {
                let name = group.name.best(caller.language).to_owned();
                return Err(AppError::invalid("audiences-group-circle", [("group", name)]));
            }
            let (_, audience) = self.read_audience(caller, query).await?;
            let deeper = within.iter().copied().chain([id]).collect();
            parts.push(self.open_groups(caller, groups, deeper, lower(&audience)).await?);
        }
        if !by_hand.is_empty() {
            parts.push(Leaf::Group(by_hand).into());
        }
        Ok(Predicate::any(parts))
    }
}

/// The predicate where "below the place that is above all others" is put as "at any place", which needs no list of people.
fn at_any_place(predicate: Predicate, root: PlaceId) -> Predicate {
    match predicate {
        Predicate::Is(Leaf::PlaceUnder(places)) if places.contains(&root) => Leaf::AnyPlace.into(),
        Predicate::Not(inner) => at_any_place(*inner, root).not(),
        Predicate::And(parts) => Predicate::all(parts.into_iter().map(|part| at_any_place(part, root))),
        Predicate::Or(parts) => Predicate::any(parts.into_iter().map(|part| at_any_place(part, root))),
        other => other,
    }
}

fn names_groups(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Is(leaf) => matches!(leaf, Leaf::Group(_) | Leaf::AnyGroup),
        Predicate::Not(inner) => names_groups(inner),
        Predicate::And(parts) | Predicate::Or(parts) => parts.iter().any(names_groups),
        Predicate::All | Predicate::None => false,
    }
}

fn tests(predicate: &Predicate) -> usize {
    match predicate {
        Predicate::Is(_) => 1,
        Predicate::Not(inner) => tests(inner),
        Predicate::And(parts) | Predicate::Or(parts) => parts.iter().map(tests).sum(),
        Predicate::All | Predicate::None => 0,
    }
}
