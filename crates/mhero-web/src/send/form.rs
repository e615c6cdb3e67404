//! The form of the send page as a draft. Whatever button is pressed, everything that was typed comes with it.

use jiff::tz::TimeZone;
use mhero_app::broadcasts::Draft;
use mhero_core::{ChannelId, Lane, Lang, ProgrammeId};

use super::timing::{self, Timed};
use crate::parts::{builder::Filled, letters::cleaned};

/// What a form sent, name by name; a name may come several times.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(pub(super) Vec<(String, String)>);

/// A form that has been read.
pub(super) struct Typed {
    /// The draft.
    pub(super) draft: Draft,
    /// Whether typography was taken out of a text.
    pub(super) was_cleaned: bool,
    /// The choice of time as typed, for showing it again.
    pub(super) timed: Timed,
}

impl Fields {
    /// The value of a name, or nothing.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// What the open blank holds.
    pub(super) fn filled(&self) -> Filled {
        let picks = self.0.iter().filter(|(name, _)| name == "pick").map(|(_, value)| value.clone());
        Filled { blank: self.get("blank").to_owned(), picks: picks.collect(), typed: self.get("typed").to_owned() }
    }

    /// How it is sent: how urgent, for which programme, by which sender, whether in earnest, how long it is worth sending. What the
    /// form does not have stays as it was.
    fn read_manner(&self, draft: &mut Draft) {
        if let Ok(lane) = self.get("lane").parse::<Lane>()
            && lane != Lane::Reply
        {
            draft.lane = lane;
        }
        if self.has("manner") {
            draft.is_drill = self.get("manner") == "drill";
        }
        if self.has("programme") {
            draft.programme = self.get("programme").parse().ok().map(ProgrammeId::from_uuid);
        }
        if self.has("sender") {
            draft.channel = self.get("sender").parse().ok().map(ChannelId::from_uuid);
        }
        if self.has("valid") {
            draft.valid_minutes = self.get("valid").parse().ok();
        }
    }

    /// The draft that the form says, on top of the one that was saved.
    pub(super) fn read(&self, saved: Draft, zone: &str, now: jiff::Timestamp) -> Typed {
        let mut draft = saved;
        let mut was_cleaned = false;
        if self.has("q") {
            self.get("q").replace("\r\n", " ").trim().clone_into(&mut draft.query);
        }
        self.read_manner(&mut draft);
        if self.has("name") {
            self.get("name").trim().clone_into(&mut draft.name);
        }
        for (name, value) in &self.0 {
            let Some(lang) = name.strip_prefix("text-").and_then(|code| code.parse::<Lang>().ok()) else { continue };
            let (text, is_changed) = cleaned(value);
            was_cleaned |= is_changed;
            match draft.texts.iter_mut().find(|(known, _)| *known == lang) {
                Some((_, known)) => *known = text,
                None => draft.texts.push((lang, text)),
            }
        }
        let zone = if self.has("zone") { self.get("zone") } else { zone };
        let zone = if TimeZone::get(zone).is_ok() { zone.to_owned() } else { "UTC".to_owned() };
        let reason = self.get("quiet").trim();
        draft.quiet_override = (!reason.is_empty()).then(|| reason.to_owned());
        let timed = timing::read(self.get("when"), self.get("at"), self.get("each"), &zone, now);
        if let Some(release) = &timed.release {
            draft.release = release.clone();
        }
        draft.zone = Some(zone);
        Typed { draft, was_cleaned, timed }
    }
}
