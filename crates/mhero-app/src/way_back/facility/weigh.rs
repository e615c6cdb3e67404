//! Who says what of one field, and which value stands in front.

use std::collections::{BTreeMap, BTreeSet};

use mhero_core::PersonId;
use mhero_query::fold;
use mhero_store::FacilityAnswer;

/// How many must say the same before it counts against others.
const SAME_MIN: usize = 2;

/// A value, and who says it now.
#[derive(Clone, Debug)]
pub(super) struct Valued<'a> {
    /// The last answer that says it.
    pub(super) last: &'a FacilityAnswer,
    /// Who says it.
    pub(super) sayers: BTreeSet<PersonId>,
}

/// What the answers about one field say: of each person the last one counts.
#[derive(Clone, Debug)]
pub(super) struct Weighed<'a> {
    /// Values, those that most say first, of equal ones the latest.
    pub(super) values: Vec<Valued<'a>>,
}

impl<'a> Weighed<'a> {
    /// Weighs the answers about one field, oldest first.
    pub(super) fn of(answers: &[&'a FacilityAnswer]) -> Self {
        let last: BTreeMap<PersonId, &FacilityAnswer> =
            answers.iter().map(|answer| (answer.said_by, *answer)).collect();
        let mut values: Vec<Valued<'a>> = Vec::new();
        for answer in last.values().copied() {
            let same = values.iter_mut().find(|known| fold(&known.last.value) == fold(&answer.value));
            match same {
                Some(known) => {
                    known.sayers.insert(answer.said_by);
                    if (answer.at, answer.id) > (known.last.at, known.last.id) {
                        known.last = answer;
                    }
                }
                None => values.push(Valued { last: answer, sayers: BTreeSet::from([answer.said_by]) }),
            }
        }
        values.sort_by_key(|one| std::cmp::Reverse((one.sayers.len(), one.last.at, one.last.id)));
        Self { values }
    }

    /// Who answered.
    pub(super) fn sayers(&self) -> BTreeSet<PersonId> {
        self.values.iter().flat_map(|one| one.sayers.iter().copied()).collect()
    }

    /// The value on which all agree.
    pub(super) fn agreed(&self) -> Option<&Valued<'a>> {
        self.values.first().filter(|_| self.values.len() == 1)
    }

    /// The value that more say than any other, where at least two do; or on which all agree.
    pub(super) fn leading(&self) -> Option<&Valued<'a>> {
        let first = self.values.first()?;
        match self.values.get(1) {
            None => Some(first),
            Some(second) => {
                (first.sayers.len() >= SAME_MIN && first.sayers.len() > second.sayers.len()).then_some(first)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use mhero_core::PlaceId;
    use uuid::Uuid;

    use super::*;

    fn said(by: u128, value: &str, at: i64) -> FacilityAnswer {
        FacilityAnswer {
            id: Uuid::from_u128(u128::try_from(at).expect("a time")),
            place: PlaceId::from_uuid(Uuid::nil()),
            field: "open".into(),
            value: value.into(),
            said_by: PersonId::from_uuid(Uuid::from_u128(by)),
            message: None,
            at,
            flow: None,
            run: None,
            proposal: None,
        }
    }

    fn weighed(answers: &[FacilityAnswer]) -> (Vec<(String, usize)>, Option<String>) {
        let all: Vec<&FacilityAnswer> = answers.iter().collect();
        let weighed = Weighed::of(&all);
        let values = weighed.values.iter().map(|one| (one.last.value.clone(), one.sayers.len())).collect();
        (values, weighed.leading().map(|one| one.last.value.clone()))
    }

    #[test]
    fn of_each_person_the_last_answer_counts() {
        let (values, leading) = weighed(&[said(1, "Fully", 1), said(1, "Closed", 2)]);
        assert_eq!((values, leading.as_deref()), (vec![("Closed".into(), 1)], Some("Closed")));
    }

    #[test]
    fn one_against_one_leads_nowhere_and_two_against_one_do() {
        let two = [said(1, "Fully", 1), said(2, "Partly", 2)];
        assert_eq!(weighed(&two), (vec![("Partly".into(), 1), ("Fully".into(), 1)], None));
        let three = [two[0].clone(), two[1].clone(), said(3, "FULLY", 3)];
        assert_eq!(weighed(&three).1.as_deref(), Some("FULLY"));
        let four = [three[0].clone(), three[1].clone(), three[2].clone(), said(4, "partly", 4)];
        assert_eq!(weighed(&four).1, None);
    }
}
