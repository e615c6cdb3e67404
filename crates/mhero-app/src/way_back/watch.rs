//! Watching the change feed: what flows wrote of a person becomes proposals, confirmations and marks on numbers; what they brought
//! about a place becomes answers, what they brought about the person proposals as well.

use std::collections::{BTreeMap, BTreeSet};

use mhero_core::{PersonId, RunId};
use mhero_query::fold;
use mhero_store::{ContactRecord, Queue, Saying, StoreError, Unit};

use super::{
    fields::held,
    propose::{Claim, ClaimedBy},
};
use crate::{App, AppError};

/// The setting that says how far the feed was read.
const CURSOR: &str = "way-back-watch";
/// Changes read in one pass.
const PASS_MAX: i64 = 500;
/// What the change feed calls a run that brought answers about a place, or about whoever gave them.
pub(crate) const ANSWERED_RUN: &str = "facility_run";
/// The field that says when a person confirmed what was read back to them.
const CHECKED: &str = "staff_checked_on";
/// The field that says when somebody asked to be known.
pub(super) const JOINED: &str = "joined_on";
/// The group of those who said that the number is not theirs.
const WRONG_NUMBER: &str = "Wrong number";
/// A name or language differs from the register by a flow only if the person wrote within this time, in microseconds.
const WROTE_WITHIN: i64 = 24 * 3_600_000_000;
/// How sure a choice from a list is, in percent.
const CHOSEN: i64 = 85;
/// How sure a free text is.
const FREE_TEXT: i64 = 65;
/// What a confirmation after a read-back adds.
const READ_BACK: i64 = 5;
/// Answers that say nothing that a register could hold.
const SAYS_NOTHING: [&str; 4] = ["other", "autre", "not given", "-"];

impl App {
    /// Reads on in the change feed. Returns how many changes were read.
    pub(super) async fn way_back_watch(&self) -> Result<usize, AppError> {
        let stored = self.store().setting(CURSOR).await?.and_then(|cursor| cursor.parse::<i64>().ok());
        let Some(cursor) = stored else {
            let last = self.store().last_change().await?;
            let mut unit = Unit::new();
            unit.put_setting(CURSOR, &last.to_string(), self.clock().now_micros());
            self.store().write(unit, Queue::Interactive).await?;
            return Ok(0);
        };
        let changes = self.store().changes_since(cursor, PASS_MAX).await?;
        let Some(last) = changes.last() else { return Ok(0) };
        let mut unit = Unit::new();
        let mut seen: BTreeSet<PersonId> = BTreeSet::new();
        for change in changes.iter().filter(|change| change.kind == "person" && change.what == "updated") {
            let person = PersonId::from_uuid(change.entity);
            let at: Vec<i64> = changes.iter().filter(|one| one.entity == change.entity).map(|one| one.at).collect();
            if !seen.insert(person) {
                continue;
            }
            let mut of_person = Unit::new();
            match self.hear_person(&mut of_person, person, &at).await {
                Ok(()) => {
                    unit.append(of_person);
                }
                Err(AppError::Store(error)) => return Err(error.into()),
                // One person whose words can't be read keeps nobody else's.
                Err(error) => tracing::error!(%person, %error, "what a person said could not be taken up"),
            }
        }
        let runs: BTreeSet<RunId> = changes
            .iter()
            .filter(|change| change.kind == ANSWERED_RUN)
            .map(|change| RunId::from_uuid(change.entity))
            .collect();
        for run in runs {
            let mut of_run = Unit::new();
            match self.hear_run(&mut of_run, run).await {
                Ok(()) => {
                    unit.append(of_run);
                }
                Err(AppError::Store(error)) => return Err(error.into()),
                Err(error) => tracing::error!(%run, %error, "what a run brought could not be taken up"),
            }
        }
        unit.put_setting(CURSOR, &last.seq.to_string(), self.clock().now_micros());
        match self.store().write(unit, Queue::Bulk).await {
            // Somebody decided about one of them meanwhile: the next pass reads again.
            Err(StoreError::Guard { .. }) => Ok(1),
            other => Ok(other.map(|_| changes.len())?),
        }
    }

    /// Takes up what a person said, with the instants at which they changed.
    async fn hear_person(&self, unit: &mut Unit, person: PersonId, at: &[i64]) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let Some(record) = self.store().contact_record(person, now).await? else { return Ok(()) };
        if record.standing == "worker" && self.hear_not_me(unit, person, at).await? {
            return Ok(());
        }
        let sayings = self.store().sayings(person).await?;
        if record.standing != "worker" {
            return self.hear_stranger(unit, &record, &sayings).await;
        }
        let fields = self.corrected_fields().await?;
        let checked = sayings.iter().find(|saying| saying.key == CHECKED);
        for saying in sayings.iter().filter(|saying| !saying.text.trim().is_empty()) {
            let Some(field) = fields.get(&saying.key) else { continue };
            let is_read_back = checked.is_some_and(|checked| checked.observed_at == saying.observed_at);
            self.hear_saying(unit, &record, (field, saying), is_read_back).await?;
        }
        if let Some(checked) = checked.filter(|checked| checked.verified_at.is_none()) {
            self.confirm(unit, person, checked, (&sayings, &fields)).await?;
        }
        if record.heard_at.is_some_and(|heard| at.iter().any(|at| heard <= *at && at - heard < WROTE_WITHIN)) {
            self.hear_profile(unit, &record).await?;
        }
        Ok(())
    }

    /// Who joined the group of wrong numbers just now is not at that number.
    async fn hear_not_me(&self, unit: &mut Unit, person: PersonId, at: &[i64]) -> Result<bool, AppError> {
        let Some(group) = self.store().group_named(&fold(WRONG_NUMBER)).await? else { return Ok(false) };
        let joined = self.store().joined_group_at(group.id, person).await?;
        let Some(joined) = joined.filter(|joined| at.contains(joined)) else { return Ok(false) };
        if let Some(text) = self.store().texts_from(person, joined, 1).await?.into_iter().next() {
            self.mark_wrong_person(unit, (&text.number.0, &text.number.1), person, text.id).await?;
        }
        Ok(true)
    }

    pub(super) async fn hear_saying(
        &self,
        unit: &mut Unit,
        record: &ContactRecord,
        (field, saying): (&str, &Saying),
        is_read_back: bool,
    ) -> Result<(), AppError> {
        let text = saying.text.trim();
        let (mut new, mut place, mut confidence) = (text.to_owned(), None, FREE_TEXT);
        match field {
            "facility" => {
                let named = self.facility_named(text).await?;
                let works = self.store().workplace(record.id, self.clock().now_micros()).await?;
                let is_same_name = record.facility.as_ref().is_some_and(|names| said_so(names, text));
                if is_same_name || works.is_some_and(|works| named.exact.contains(&works)) {
                    return Ok(());
                }
                (place, confidence) = (named.place, named.confidence);
            }
            "job" | "cadre" => {
                let known = [&record.cadre, &record.title];
                let is_known = known.into_iter().flatten().any(|names| said_so(names, text));
                if is_known || SAYS_NOTHING.contains(&fold(text).as_str()) {
                    return Ok(());
                }
                confidence = CHOSEN;
            }
            "phone" => {
                let numbering = self.numbering_cached().await?;
                let reading = numbering.read(text);
                let Some(path) = reading.e164() else { return Ok(()) };
                if record.urns.iter().any(|(_, known)| known == path) {
                    return Ok(());
                }
                path.clone_into(&mut new);
                confidence = CHOSEN;
            }
            _ => {}
        }
        if is_read_back && place.is_some() == (field == "facility") {
            confidence += READ_BACK;
        }
        let message = self.evidence(record.id, text, saying.observed_at).await?;
        let claim = Claim {
            person: record.id,
            field: field.to_owned(),
            new,
            place,
            confidence,
            key: format!("flow/{}/{}/{}", record.id, saying.key, saying.observed_at),
            at: saying.observed_at,
            by: ClaimedBy::Person(message),
        };
        self.add_claim(unit, &claim).await.map(|_| ())
    }

    /// A confirmation: the number works and is theirs, and what was read back counts as confirmed. Silence confirms nothing.
    async fn confirm(
        &self,
        unit: &mut Unit,
        person: PersonId,
        checked: &Saying,
        (sayings, fields): (&[Saying], &BTreeMap<String, String>),
    ) -> Result<(), AppError> {
        let at = checked.observed_at;
        if let Some(text) = self.store().texts_from(person, at, 1).await?.into_iter().next() {
            let number = (text.number.0.as_str(), text.number.1.as_str());
            unit.number_verified(number, at).own_number_confirmed(person, number, at);
        }
        unit.saying_confirmed(person, CHECKED, at);
        let said = |saying: &&Saying| fields.contains_key(&saying.key) && !saying.text.trim().is_empty();
        for saying in sayings.iter().filter(said).filter(|saying| saying.observed_at == at) {
            unit.saying_confirmed(person, &saying.key, at);
        }
        Ok(())
    }

    /// A name or language that a flow set and that the register does not have.
    async fn hear_profile(&self, unit: &mut Unit, record: &ContactRecord) -> Result<(), AppError> {
        let language = record.language.map(|language| language.bcp47().to_owned());
        let heard = record.heard_at.unwrap_or(record.created_at);
        for (field, said) in [("name", Some(record.name.clone())), ("language", language)] {
            let Some(said) = said.filter(|said| !said.is_empty()) else { continue };
            if field == "language" && self.says_no_language(record).await? {
                continue;
            }
            let message = self.evidence(record.id, &said, self.clock().now_micros()).await?;
            let claim = Claim {
                person: record.id,
                field: field.to_owned(),
                key: format!("flow/{}/{field}/{heard}/{said}", record.id),
                confidence: if field == "language" { CHOSEN } else { FREE_TEXT },
                new: said,
                place: None,
                at: heard,
                by: ClaimedBy::Person(message),
            };
            self.add_claim(unit, &claim).await?;
        }
        Ok(())
    }
}

impl App {
    /// Whether a person's language is the usual one of the installation and the register holds none: whoever answers a flow in the
    /// language that everybody gets has not chosen it.
    async fn says_no_language(&self, record: &ContactRecord) -> Result<bool, AppError> {
        let usual = self.facts_cached().await?.default_language();
        if record.language != Some(usual) {
            return Ok(false);
        }
        let target = self.target_of(record.id, "language").await?;
        Ok(target.is_none_or(|target| held(&target.content, "language").is_none()))
    }
}

/// Whether a text is one of the names.
fn said_so(names: &mhero_core::LangMap, text: &str) -> bool {
    names.iter().any(|(_, name)| fold(name) == fold(text))
}

/// What was observed last of some fields.
pub(super) fn said<'s>(sayings: &'s [Saying], key: &str) -> Option<&'s Saying> {
    sayings.iter().find(|saying| saying.key == key && !saying.text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use mhero_core::{Lang, LangMap};

    #[test]
    fn names_are_compared_without_case_and_accents() {
        let names = LangMap::one(Lang::FRENCH, "Infirmière");
        assert!(super::said_so(&names, "infirmiere") && !super::said_so(&names, "sage-femme"));
    }
}
