//! Making a proposal: from what a person said in a flow, and from the console.

use jiff::civil::Date;
use mhero_core::{Lang, MessageId, PersonId, PlaceId, Right};
use mhero_query::fold;
use mhero_store::{Proposal, Queue, Unit};
use uuid::Uuid;

use super::{
    fields::{OWN, held, holds, is_same_number},
    target::FILES,
};
use crate::{App, AppError, Caller};

/// Longest value, in characters.
const VALUE_MAX: usize = 300;
/// What may stand for the sex, as FHIR has it.
const SEXES: &str = "female, male, other, unknown";
/// What may stand for whether somebody is at work.
const TRUTHS: &str = "true, false";
/// How sure an official's word is, in percent.
const OFFICIAL: i64 = 90;
/// Texts that are looked through for the one in which something was said.
const TEXTS_MAX: i64 = 12;

/// A value that somebody says is another.
#[derive(Clone)]
pub(super) struct Claim {
    pub(super) person: PersonId,
    pub(super) field: String,
    pub(super) new: String,
    pub(super) place: Option<PlaceId>,
    pub(super) confidence: i64,
    /// What makes it the same claim when it is made twice.
    pub(super) key: String,
    /// When it was said.
    pub(super) at: i64,
    pub(super) by: ClaimedBy,
}

/// Who says so.
#[derive(Clone)]
pub(super) enum ClaimedBy {
    /// The person, in this message.
    Person(Option<MessageId>),
    /// An official.
    Official(Option<Uuid>),
}

impl App {
    /// Proposes another value of a person, in the name of an official.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for somebody outside the caller's scope; [`AppError::Invalid`] for a field that can't be corrected, a
    /// facility that is not known, or a value that the register holds already.
    pub async fn propose(&self, caller: &Caller, person: PersonId, field: &str, new: &str) -> Result<Uuid, AppError> {
        caller.must(Right::EditPeople)?;
        let known = self.store().person_record(&caller.scope, person).await?;
        known.ok_or_else(|| AppError::not_found("person", person))?;
        let fields = self.store().contact_fields().await?;
        if !OWN.contains(&field) && fields.iter().all(|known| known.key != field) {
            let known = OWN.join(", ");
            return Err(AppError::invalid("wayback-unknown-field", [("field", shortened(field)), ("known", known)]));
        }
        let new = new.trim();
        if new.is_empty() || new.chars().count() > VALUE_MAX {
            return Err(AppError::invalid("wayback-value-length", [("max", VALUE_MAX.to_string())]));
        }
        let mut new = as_kept(field, new)?;
        let mut place = None;
        if field == "facility" {
            let named = self.facility_named(&new).await?;
            place = named.exact.first().copied().filter(|_| named.exact.len() == 1);
            if place.is_none() {
                return Err(AppError::invalid("wayback-facility-unclear", [("text", shortened(&new))]));
            }
        }
        if field == "phone" {
            let reading = self.numbering_cached().await?.read(&new);
            let path = reading.e164().map(str::to_owned);
            new = path.ok_or_else(|| AppError::invalid("wayback-no-number", [("text", shortened(&new))]))?;
        }
        let id = self.store().mint().uuid();
        let claim = Claim {
            person,
            field: field.to_owned(),
            new,
            place,
            confidence: OFFICIAL,
            key: format!("console/{id}"),
            at: self.clock().now_micros(),
            by: ClaimedBy::Official(caller.actor.id),
        };
        let mut unit = Unit::new();
        let Some(id) = self.add_claim(&mut unit, &claim).await? else {
            return Err(AppError::invalid("wayback-same-value", []));
        };
        let facts = serde_json::json!({ "proposal": id, "field": field });
        unit.audit(self.store(), &caller.entry("change-proposed", "person", Some(person.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(id)
    }

    /// Adds a proposal to a unit, unless the register holds the value or the same is proposed already. What the same person said
    /// before of the same field is withdrawn.
    pub(super) async fn add_claim(&self, unit: &mut Unit, claim: &Claim) -> Result<Option<Uuid>, AppError> {
        let target = self.target_of(claim.person, &claim.field).await?;
        let mut old = None;
        if let Some(target) = &target {
            let wanted = match claim.place {
                Some(place) if target.source.kind != FILES => {
                    let there = self.store().place_at_source(target.source.id, place).await?;
                    there.map_or_else(|| claim.new.clone(), |(kind, id)| format!("{kind}/{id}"))
                }
                _ => claim.new.clone(),
            };
            if holds(&target.content, &claim.field, None, &wanted) {
                return Ok(None);
            }
            old = held(&target.content, &claim.field);
        }
        let mut superseded = Vec::new();
        for open in self.store().open_proposals(claim.person, &claim.field).await? {
            if same(&open, claim) {
                return Ok(None);
            }
            if open.evidence_kind == "message" && open.created_at < claim.at && claim.field != "phone" {
                superseded.push(open);
            }
        }
        for mut open in superseded {
            open.state = "withdrawn".to_owned();
            unit.set_proposal(&open);
        }
        let id = Uuid::new_v5(&claim.person.uuid(), claim.key.as_bytes());
        let (evidence_kind, message, by) = match &claim.by {
            ClaimedBy::Person(message) => ("message", *message, None),
            ClaimedBy::Official(by) => ("console", None, *by),
        };
        let said = (claim.field.clone(), claim.new.clone());
        unit.add_proposal(&Proposal {
            old_value: old,
            new_place: claim.place,
            said_by: matches!(claim.by, ClaimedBy::Person(_)).then_some(claim.person),
            evidence_kind: evidence_kind.to_owned(),
            evidence_message: message,
            evidence_by: by,
            confidence: claim.confidence.clamp(0, 100),
            source: target.as_ref().map(|target| target.source.id),
            source_record: target.as_ref().map(|target| target.record.id),
            ..Proposal::new(id, claim.person, said, claim.key.clone(), claim.at)
        });
        unit.changed("proposal", id, "created", self.clock().now_micros());
        Ok(Some(id))
    }

    /// The message in which a person said something up to an instant: one that has these words, else the last.
    pub(super) async fn evidence(&self, person: PersonId, said: &str, at: i64) -> Result<Option<MessageId>, AppError> {
        let texts = self.store().texts_from(person, at, TEXTS_MAX).await?;
        let wanted = fold(said);
        let has = |text: &str| {
            let text = fold(text);
            !text.is_empty() && (text.contains(&wanted) || is_same_number(&text, said))
        };
        let found = texts.iter().find(|one| one.text.as_deref().is_some_and(has));
        Ok(found.or(texts.first()).map(|one| one.id))
    }
}

/// A value as connectors take it: languages by their code, days as `1990-05-14`.
fn as_kept(field: &str, new: &str) -> Result<String, AppError> {
    let odd = |known: &str| {
        let args = [("field", field.to_owned()), ("text", shortened(new)), ("known", known.to_owned())];
        AppError::invalid("wayback-value-odd", args)
    };
    let is_one_of = |known: &str| known.split(", ").any(|one| one == new);
    match field {
        "language" => new.parse::<Lang>().map(|lang| lang.bcp47().to_owned()).map_err(|_| odd("en, fr, pt, ar")),
        "birth" => new.parse::<Date>().map(|day| day.to_string()).map_err(|_| odd("1990-05-14")),
        "sex" if !is_one_of(SEXES) => Err(odd(SEXES)),
        "active" if !is_one_of(TRUTHS) => Err(odd(TRUTHS)),
        _ => Ok(new.to_owned()),
    }
}

fn same(open: &Proposal, claim: &Claim) -> bool {
    match (open.new_place, claim.place) {
        (Some(one), Some(other)) => one == other,
        _ => fold(&open.new_value) == fold(&claim.new),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}
