//! What the health worker is told of a change, and what follows when they object.

use mhero_core::{Lane, Lang, MessageId, PersonId, ThreadId};
use mhero_store::{Proposal, Unit};
use uuid::Uuid;

use crate::{
    App, AppError,
    messaging::{AutoText, salutation, say_short},
};

/// How sure an objection is, in percent.
const OBJECTION_SURE: i64 = 90;

impl App {
    /// Adds to a unit the text that tells a health worker what was changed, and how to object.
    pub(super) async fn tell_written(&self, unit: &mut Unit, proposal: &Proposal) -> Result<(), AppError> {
        let language = self.language_of(proposal.subject).await?;
        let new = match proposal.new_place {
            Some(place) => self.store().place(place).await?.map(|place| place.name.best(language).to_owned()),
            None => None,
        };
        let new = new.unwrap_or_else(|| proposal.new_value.clone());
        let field = self.words().say(language, field_key(&proposal.field), &[]);
        let args = vec![("field", field), ("new", new.clone())];
        let text = (if new.is_empty() { "wayback-sms-taken-away" } else { "wayback-sms-changed" }, args);
        self.tell_person(unit, proposal.subject, text, &format!("way-back/{}", proposal.id)).await
    }

    /// The language that a person reads.
    pub(super) async fn language_of(&self, person: PersonId) -> Result<Lang, AppError> {
        let record = self.store().contact_record(person, self.clock().now_micros()).await?;
        let known = record.and_then(|record| record.language);
        let spoken = |lang: &Lang| [Lang::ENGLISH, Lang::FRENCH].contains(lang);
        let default = self.facts_cached().await?.default_language();
        Ok(known.filter(spoken).unwrap_or(default))
    }

    /// Adds a text to a person to a unit: once, at daytime, in one SMS, and only to a number that did not ask for silence.
    pub(super) async fn tell_person(
        &self,
        unit: &mut Unit,
        person: PersonId,
        (key, args): (&'static str, Vec<(&'static str, String)>),
        dedupe_key: &str,
    ) -> Result<(), AppError> {
        let Some((scheme, path)) = self.number_of_person(person).await? else { return Ok(()) };
        if self.store().stops(&scheme, &path).await?.iter().any(String::is_empty) {
            return Ok(());
        }
        if self.store().message_by_key(dedupe_key).await?.is_some() {
            return Ok(());
        }
        let language = self.language_of(person).await?;
        let holders = self.store().holders(&scheme, &path).await?;
        let to = holders.iter().find(|holder| holder.person == person).and_then(|own| salutation(own, &holders));
        let text = say_short(self.words(), (language, key), &args, to.as_deref());
        let auto = AutoText {
            person,
            number: (&scheme, &path),
            channel: None,
            lane: Lane::Normal,
            language,
            text: &text,
            dedupe_key: dedupe_key.to_owned(),
            reply_to: None,
            quiet_exempt: false,
        };
        self.add_auto_text(unit, auto);
        Ok(())
    }

    /// Takes an objection up: what was written is withdrawn, a thread is open, and the value of before is proposed. `None` where
    /// there is nothing to object to.
    pub(super) async fn object(
        &self,
        unit: &mut Unit,
        (person, number): (PersonId, (&str, &str)),
        message: MessageId,
        at: i64,
    ) -> Result<Option<ThreadId>, AppError> {
        let written = self.store().objectable_proposals(person, at).await?;
        if written.is_empty() {
            return Ok(None);
        }
        let now = self.clock().now_micros();
        for mut proposal in written {
            proposal.state = "withdrawn".to_owned();
            proposal.objected_at = Some(at);
            unit.set_proposal(&proposal);
            unit.changed("proposal", proposal.id, "updated", now);
            if let Some(back) = self.reversed(&proposal, message, at).await? {
                unit.add_proposal(&back);
                unit.changed("proposal", back.id, "created", now);
            }
        }
        self.thread_of(unit, person, number, at).await.map(Some)
    }

    /// The proposal that gives a field its former value again.
    async fn reversed(&self, written: &Proposal, message: MessageId, at: i64) -> Result<Option<Proposal>, AppError> {
        // A number that was added goes; anything else that had no value before needs somebody to say which it should have.
        let (old, new) = match (&written.old_value, written.field.as_str()) {
            (None, "phone") => (Some(written.new_value.clone()), String::new()),
            (None, _) => return Ok(None),
            (Some(before), _) => (None, before.clone()),
        };
        let mut place = None;
        let mut new_value = new;
        let mut old_value = old.or_else(|| Some(written.new_value.clone()));
        if let ("facility", Some(source)) = (written.field.as_str(), written.source) {
            if let Some((kind, id)) = new_value.split_once('/') {
                place = self.store().place_of_source(source, kind, id).await?;
            }
            if let Some(there) = written.new_place {
                let there = self.store().place_at_source(source, there).await?;
                old_value = there.map(|(kind, id)| format!("{kind}/{id}")).or(old_value);
            }
            if let Some(place) = place
                && let Some(named) = self.store().place(place).await?
            {
                new_value = named.name.best(Lang::ENGLISH).to_owned();
            }
        }
        let key = format!("objection/{}", written.id);
        Ok(Some(Proposal {
            id: Uuid::new_v5(&written.id, key.as_bytes()),
            old_value,
            new_value,
            new_place: place,
            said_by: Some(written.subject),
            evidence_kind: "message".to_owned(),
            evidence_message: Some(message),
            evidence_by: None,
            confidence: OBJECTION_SURE,
            state: "open".to_owned(),
            reason: None,
            attempts: 0,
            first_by: None,
            decided_by: None,
            decided_at: None,
            pushed_at: None,
            written_at: None,
            objection_until: None,
            objected_at: None,
            dedupe_key: key,
            created_at: at,
            version: 1,
            ..written.clone()
        }))
    }
}

/// The key of a field's name in texts.
fn field_key(field: &str) -> &'static str {
    match field {
        "name" | "given" | "family" => "wayback-field-name",
        "phone" => "wayback-field-phone",
        "language" => "wayback-field-language",
        "facility" => "wayback-field-facility",
        "job" | "cadre" => "wayback-field-job",
        _ => "wayback-field-other",
    }
}
