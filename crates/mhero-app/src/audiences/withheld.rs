//! Who of an audience gets no message for reasons that are not about their numbers: they are on leave, or the owner of their
//! records does not let others write to them.

use std::collections::HashSet;

use mhero_core::{Lane, PersonId, ProgrammeId, Right, Scope, SourceId};
use mhero_query::{Leaf, Predicate};
use mhero_store::Candidate;
use serde_json::json;

use crate::{App, AppError, Caller, broadcasts::reasons, flows::Programmes};

/// People who are left out of one message. Alerts go to everybody, and answers to whoever asked.
#[derive(Debug, Default)]
pub(crate) struct Withheld {
    away: HashSet<PersonId>,
    /// Whether those away get it all the same, because they are meant by name.
    is_by_name: bool,
    without_consent: HashSet<PersonId>,
    /// People who left a list to which the message belongs.
    left: HashSet<PersonId>,
    /// Sources whose owner did not agree, and whose people an alert reaches all the same.
    passed: Vec<SourceId>,
    passed_people: HashSet<PersonId>,
    /// Whether numbers that operators block are left out.
    heeds_blocks: bool,
}

impl Withheld {
    /// Why somebody is left out.
    pub(crate) fn reason(&self, person: PersonId) -> Option<&'static str> {
        if self.left.contains(&person) {
            return Some(reasons::STOPPED);
        }
        if self.without_consent.contains(&person) {
            return Some(reasons::NO_CONSENT);
        }
        (!self.is_by_name && self.away.contains(&person)).then_some(reasons::ON_LEAVE)
    }

    /// Whether somebody's number is one that the operator blocks, where that counts.
    pub(crate) fn blocked(&self, candidate: &Candidate) -> Option<&'static str> {
        (self.heeds_blocks && candidate.is_blocked).then_some(reasons::OPERATOR_BLOCK)
    }

    /// Whether somebody is on leave and gets it all the same.
    pub(crate) fn is_away_by_name(&self, person: PersonId) -> bool {
        self.is_by_name && self.away.contains(&person)
    }

    /// The facts to be recorded of an alert that goes to people whose owner did not agree.
    pub(crate) fn passed(&self, reached: impl Iterator<Item = PersonId>) -> Option<serde_json::Value> {
        let people = reached.filter(|person| self.passed_people.contains(person)).count();
        (people > 0).then(|| json!({ "people": people, "sources": self.passed }))
    }
}

impl App {
    /// Who of an audience is left out of a message of a lane, written for a programme or by those of whom `caller` is one.
    pub(crate) async fn withheld(
        &self,
        caller: &Caller,
        predicate: &Predicate,
        (lane, programme): (Lane, Option<ProgrammeId>),
    ) -> Result<Withheld, AppError> {
        let mut found = Withheld { is_by_name: names_people(predicate), ..Withheld::default() };
        if lane == Lane::Reply {
            return Ok(found);
        }
        found.left = self.left_lists_of(caller, predicate, programme).await?;
        let closed = self.closed_to(caller, predicate, programme).await?;
        let people = self.store().people_of_nobody_but(&closed).await?.into_iter().collect();
        if lane == Lane::Alert {
            (found.passed, found.passed_people) = (closed, people);
            return Ok(found);
        }
        found.heeds_blocks = true;
        found.without_consent = people;
        found.away = self.store().away_at(self.clock().now_micros()).await?.into_iter().collect();
        Ok(found)
    }

    /// Sources whose owner does not let others write to its people, and to whom this message is one of others: it belongs to
    /// another programme, or to none and is not for its people alone.
    async fn closed_to(
        &self,
        caller: &Caller,
        predicate: &Predicate,
        programme: Option<ProgrammeId>,
    ) -> Result<Vec<SourceId>, AppError> {
        let said = self.store().consents().await?;
        if said.iter().all(|consent| consent.others) {
            return Ok(Vec::new());
        }
        let own = match (programme, self.programmes_of(caller, Right::Send).await?) {
            (Some(programme), _) => vec![programme],
            (None, Programmes::Of(own)) => own,
            (None, Programmes::All) => Vec::new(),
        };
        let mut closed = Vec::new();
        for consent in said.into_iter().filter(|consent| !consent.others) {
            let is_own = consent.programme.is_some_and(|owner| own.contains(&owner));
            if !is_own && self.is_mixed(&caller.scope, predicate, consent.source).await? {
                closed.push(consent.source);
            }
        }
        Ok(closed)
    }

    /// Whether an audience has people whom a source does not know.
    async fn is_mixed(&self, scope: &Scope, predicate: &Predicate, source: SourceId) -> Result<bool, AppError> {
        let others = Predicate::all([predicate.clone(), Predicate::Is(Leaf::Source(source)).not()]);
        Ok(self.store().count_audience(scope, &others, self.clock().now_micros()).await? > 0)
    }
}

/// Whether an audience means people one by one: by id, whole name or number.
fn names_people(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Is(Leaf::Person(_) | Leaf::NameEquals(_) | Leaf::Phone(_)) => true,
        Predicate::Or(parts) => parts.iter().all(names_people),
        Predicate::And(parts) => parts.iter().any(names_people),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_named_one_by_one_or_not() {
        let named = || Predicate::Is(Leaf::NameEquals(" ann kollie".to_owned()));
        let all = || Predicate::Is(Leaf::HasPhone);
        assert!(names_people(&named()) && names_people(&Predicate::any([named(), named()])));
        assert!(names_people(&Predicate::all([named(), all()])));
        assert!(!names_people(&all()) && !names_people(&Predicate::any([named(), all()])));
        assert!(!names_people(&named().not()) && !names_people(&Predicate::All));
    }
}
